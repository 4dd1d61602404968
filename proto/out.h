/* Text written into a caller's buffer, piece by piece; a piece that does not fit is left out whole,
 * and so is all that follows, while len goes on counting what there would be, as snprintf does. So
 * the buffer holds all of it, and its len octets, as long as len is below cap. */
#ifndef PCP_OUT_H
#define PCP_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct pcp_out {
	char *buf;
	size_t cap;
	size_t len; /* of the whole text, without the final NUL */
};

/* buf may be NULL when cap is 0. */
void pcp_out_begin(struct pcp_out *out, char *buf, size_t cap);

/* Whether a piece of `len` octets fits; *place: where the caller writes it then. Short enough to
 * stand at each of the many places that write a piece. */
static inline bool pcp_out_place(struct pcp_out *out, size_t len, char **place)
{
	size_t at = out->len, end = at + len;

	out->len = end;
	if (end >= out->cap)
		return false;
	out->buf[end] = '\0';
	*place = out->buf + at;
	return true;
}

static inline void pcp_out_octets(struct pcp_out *out, const char *octets, size_t len)
{
	char *place;

	if (pcp_out_place(out, len, &place))
		memcpy(place, octets, len);
}

static inline void pcp_out_text(struct pcp_out *out, const char *text)
{
	pcp_out_octets(out, text, strlen(text));
}

/* With at least so many digits, up to 20; the same in hexadecimal. */
void pcp_out_digits(struct pcp_out *out, uint64_t value, size_t least);
/* Both digits of each number below a hundred; of each octet in hexadecimal. */
extern const char pcp_tens[], pcp_octets[];
static inline void pcp_out_uint(struct pcp_out *out, uint64_t value)
{
	if (value < 10) /* most are */
		pcp_out_octets(out, &pcp_tens[2 * value + 1], 1);
	else if (value < 100)
		pcp_out_octets(out, &pcp_tens[2 * value], 2);
	else
		pcp_out_digits(out, value, 1);
}
void pcp_out_hex_uint(struct pcp_out *out, uint32_t value, size_t least);
void pcp_out_blanks(struct pcp_out *out, size_t n);
/* The text, and blanks behind it, one at least, to `width` octets; and the blanks behind what was
 * written since the text was `from` octets long. */
static inline void pcp_out_cell(struct pcp_out *out, const char *text, size_t width)
{
	size_t len = strlen(text), whole = len < width ? width : len + 1;
	char *place;

	if (!pcp_out_place(out, whole, &place))
		return;
	memset(place, ' ', width);
	memcpy(place, text, len);
	place[whole - 1] = ' ';
}
void pcp_out_column(struct pcp_out *out, size_t from, size_t width);
/* One piece of at most 255 octets. */
void pcp_out_format(struct pcp_out *out, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
