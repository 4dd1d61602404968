/* What other views ask of Decode. */
#ifndef VIEW_DECODE_H
#define VIEW_DECODE_H

#include "view.h"

struct message;
struct pcp_packet;

/* The packet in Decode now; NULL when there is none. Valid until the next event or key. */
const struct pcp_packet *decode_packet(struct ui *ui);
/* The message behind it; NULL for the preview. */
const struct message *decode_message(struct ui *ui);
/* Whether one step down would light another field, of the tree or among the octets. */
bool decode_has_below(struct ui *ui);

#endif
