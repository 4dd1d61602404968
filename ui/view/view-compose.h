/* What other views ask of Compose. */
#ifndef VIEW_COMPOSE_H
#define VIEW_COMPOSE_H

#include "view.h"

struct pcp_edit;

/* The octets that Send would send, and how. Valid until the next change. */
const struct pcp_edit *compose_preview(struct ui *ui);
/* Opens octets in RAW; the packet they come from is left as it is. */
void compose_raw(struct ui *ui, const uint8_t *octets, size_t len);
/* Opens a request in the tab it belongs to, RAW where none fits. */
void compose_load(struct ui *ui, const uint8_t *octets, size_t len);

#endif
