/* What other views ask of Exchanges. */
#ifndef VIEW_EXCHANGES_H
#define VIEW_EXCHANGES_H

#include "view.h"

struct message;

/* The two marked messages; false when there are not two. */
bool exchanges_marks(struct ui *ui, const struct message *message[2]);
/* Whether the message is one of them. */
bool exchanges_is_marked(struct ui *ui, const struct message *message);

#endif
