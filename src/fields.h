/* The reference: what the tables of proto/ say, for people and programs. */
#ifndef FIELDS_H
#define FIELDS_H

#include "writer.h"

/* Writes what `name` names: a layout (every row of that name: both directions, versions, dialects), a
 * result code by name or number, a rule of the linter, or one of the lists "layouts", "results",
 * "protocols", "rules". NULL: an overview. False with *why when nothing has that name. In JSON one
 * object a line. */
bool fields_write(struct writer *writer, const char *name, struct pcp_why *why);

/* Calls `found` for each name that fields_write knows, for completion. */
void fields_names(void (*found)(void *arg, const char *name, const char *help), void *arg);

#endif
