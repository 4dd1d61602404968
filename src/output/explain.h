/* What an outcome means to a person, in sentences. */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include "log.h"

enum { EXPLAIN_TEXT = 512 };

/* Why a server refused, what it means and how long it lasts (RFC 6887 7.4); "" for a success.
 * `request` may be NULL. Length as snprintf. */
size_t explain_answer(const uint8_t *answer, size_t len, const struct message *request, char *buf,
		      size_t cap);
/* No answer came; `unreachable` is what ICMP said, or NULL or "" for silence. */
size_t explain_no_answer(const struct pcp_endpoint *server, const char *unreachable, char *buf,
			 size_t cap);

#endif
