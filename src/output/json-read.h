/* Strangers' JSON, read with Jansson: strict UTF-8, duplicate members refused. */
#ifndef JSON_READ_H
#define JSON_READ_H

#include <jansson.h>

#include "pcp.h"
#include "text.h"

/* NULL with *why, which names line and column, or says "out of memory". One at a time. */
json_t *json_read(const char *text, struct pcp_why *why);
void json_read_end(json_t *json); /* may be NULL */

#endif
