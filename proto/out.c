/* Text into a caller's buffer, and long text into lines: see out.h. */
#include "out.h"

#include <stdarg.h>
#include <stdio.h>

void pcp_out_begin(struct pcp_out *out, char *buf, size_t cap)
{
	*out = (struct pcp_out){ .buf = buf, .cap = cap };
	if (cap > 0)
		buf[0] = '\0';
}

enum { DIGITS = 20 };

#define TENS(d) d "0" d "1" d "2" d "3" d "4" d "5" d "6" d "7" d "8" d "9"
const char pcp_tens[] = TENS("0") TENS("1") TENS("2") TENS("3") TENS("4") TENS("5") TENS("6")
	TENS("7") TENS("8") TENS("9");

static size_t count_digits(uint64_t value)
{
	size_t n = 1;

	for (uint64_t more = 10; n < DIGITS && value >= more; more *= 10)
		n++;
	return n;
}

void pcp_out_digits(struct pcp_out *out, uint64_t value, size_t least)
{
	size_t n = count_digits(value);
	char *place;

	if (n < least)
		n = least < DIGITS ? least : DIGITS;
	place = pcp_out_place(out, n);
	if (!place)
		return;
	for (; value >= 100; value /= 100)
		memcpy(place + (n -= 2), &pcp_tens[2 * (value % 100)], 2);
	for (; n > 0; value /= 10)
		place[--n] = (char)('0' + value % 10);
}

void pcp_out_hex_uint(struct pcp_out *out, uint32_t value, size_t least)
{
	size_t n = least < 1 ? 1 : least > DIGITS ? DIGITS : least;
	char *place;

	while (n < 2 * sizeof value && value >> 4 * n)
		n++;
	place = pcp_out_place(out, n);
	for (size_t i = n; place && i-- > 0; value >>= 4)
		place[i] = "0123456789abcdef"[value & 15];
}

void pcp_out_blanks(struct pcp_out *out, size_t n)
{
	char *place = pcp_out_place(out, n);

	if (place)
		memset(place, ' ', n);
}

void pcp_out_cell(struct pcp_out *out, const char *text, size_t width)
{
	size_t len = strlen(text), whole = len < width ? width : len + 1;
	char *place = pcp_out_place(out, whole);

	if (place) {
		memcpy(place, text, len);
		memset(place + len, ' ', whole - len);
	}
}

void pcp_out_column(struct pcp_out *out, size_t from, size_t width)
{
	size_t len = out->len - from;

	pcp_out_blanks(out, len < width ? width - len : 1);
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
