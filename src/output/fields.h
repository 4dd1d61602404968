/* The reference: what the tables of proto/ say, for people and programs. */
#ifndef FIELDS_H
#define FIELDS_H

#include "lint.h"
#include "writer.h"

/* Writes what `name` names: a layout (every row of that name: both directions, versions, dialects),
 * a result code by name or number, a rule of the linter, or one of the lists "layouts", "results",
 * "protocols", "rules". NULL: an overview. False with *why when nothing has that name. In JSON one
 * object a line. */
bool fields_write(struct writer *writer, const char *name, struct pcp_why *why);

/* The same for one row. */
void fields_layout(struct writer *writer, const struct pcp_layout *layout);
void fields_result(struct writer *writer, const struct pcp_result *result);
void fields_rule(struct writer *writer, const struct pcp_rule *rule);
/* Text of any length, filled into lines as the reference has them. */
void fields_sentence(struct writer *writer, const char *text);

/* Calls `found` for each name that fields_write knows, for completion. */
void fields_names(void (*found)(void *arg, const char *name, const char *help), void *arg);

#endif
