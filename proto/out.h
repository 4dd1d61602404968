/* Text written into a caller's buffer, piece by piece; a piece that does not fit is left out whole,
 * and so is all that follows, while len goes on counting what there would be, as snprintf does. */
#ifndef PCP_OUT_H
#define PCP_OUT_H

#include <stdbool.h>
#include <stddef.h>

struct pcp_out {
	char *buf;
	size_t cap;
	size_t len;  /* of the whole text, without the final NUL */
	size_t used; /* of what stands in buf */
	bool full;
};

/* buf may be NULL when cap is 0. */
void pcp_out_begin(struct pcp_out *out, char *buf, size_t cap);
void pcp_out_octets(struct pcp_out *out, const char *octets, size_t len);
void pcp_out_text(struct pcp_out *out, const char *text);
/* One piece of at most 255 octets. */
void pcp_out_format(struct pcp_out *out, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
