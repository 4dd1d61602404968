/* Text into a caller's buffer, and long text into lines: see out.h. */
#include "out.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void pcp_out_begin(struct pcp_out *out, char *buf, size_t cap)
{
	*out = (struct pcp_out){ .buf = buf, .cap = cap };
	if (cap > 0)
		buf[0] = '\0';
}

void pcp_out_octets(struct pcp_out *out, const char *octets, size_t len)
{
	out->len += len;
	if (out->full || out->used + len + 1 > out->cap) {
		out->full = true;
		return;
	}
	memcpy(out->buf + out->used, octets, len);
	out->used += len;
	out->buf[out->used] = '\0';
}

void pcp_out_text(struct pcp_out *out, const char *text)
{
	pcp_out_octets(out, text, strlen(text));
}

/* Both write the digits from the last to the first. */
static void out_digits(struct pcp_out *out, uint64_t value, unsigned base, size_t least)
{
	char digits[24], *at = digits + sizeof digits;

	do
		*--at = "0123456789abcdef"[value % base];
	while (value /= base);
	while ((size_t)(digits + sizeof digits - at) < least && at > digits)
		*--at = '0';
	pcp_out_octets(out, at, (size_t)(digits + sizeof digits - at));
}

void pcp_out_uint(struct pcp_out *out, uint64_t value)
{
	out_digits(out, value, 10, 1);
}

void pcp_out_hex_uint(struct pcp_out *out, uint32_t value, size_t digits)
{
	out_digits(out, value, 16, digits);
}

void pcp_out_blanks(struct pcp_out *out, size_t n)
{
	static const char blanks[] = "                                ";

	for (size_t piece; n > 0; n -= piece) {
		piece = n < sizeof blanks - 1 ? n : sizeof blanks - 1;
		pcp_out_octets(out, blanks, piece);
	}
}

void pcp_out_pad(struct pcp_out *out, size_t from, size_t width)
{
	size_t len = out->len - from;

	if (len < width)
		pcp_out_blanks(out, width - len);
}

void pcp_out_format(struct pcp_out *out, const char *format, ...)
{
	char piece[256];
	va_list args;

	va_start(args, format);
	vsnprintf(piece, sizeof piece, format, args);
	va_end(args);
	pcp_out_text(out, piece);
}
