/* The first line: whom we talk to, how it is there, and what stands. */
#ifndef STATUS_H
#define STATUS_H

#include "desk.h"

void status_draw(struct ui *ui, const struct rect *in);
/* The mappings by how they are; counted anew where events told of changes. */
void status_count(struct ui *ui, struct ui_counted *counts);

#endif
