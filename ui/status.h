/* The three lines around the panes: status, meaning and footer. */
#ifndef STATUS_H
#define STATUS_H

#include "desk.h"

void status_draw(struct ui *ui, const struct rect *in);
/* What the last key did, or what the thing under the cursor means. */
void status_draw_meaning(struct ui *ui, const struct rect *in);
/* Keys that work here, as far as there is room. */
void status_draw_footer(struct ui *ui, const struct rect *in);

#endif
