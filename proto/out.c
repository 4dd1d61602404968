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

void pcp_out_format(struct pcp_out *out, const char *format, ...)
{
	char piece[256];
	va_list args;

	va_start(args, format);
	vsnprintf(piece, sizeof piece, format, args);
	va_end(args);
	pcp_out_text(out, piece);
}
