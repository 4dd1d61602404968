/* Where commands of the `:` prompt write: one line goes to the bottom, more open a page. */
#ifndef OUTPUT_H
#define OUTPUT_H

#include "desk.h"
#include "writer.h"

/* Starts afresh; `writer` then writes here. */
void output_begin(struct ui *ui, struct writer *writer);
/* Shows what was written. */
void output_end(struct ui *ui);

#endif
