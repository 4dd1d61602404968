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

	for (; value >= 1000; value /= 1000)
		n += 3;
	return n + (value >= 10) + (value >= 100);
}

void pcp_out_digits(struct pcp_out *out, uint64_t value, size_t least)
{
	size_t n = count_digits(value);
	char *place;

	if (n < least)
		n = least < DIGITS ? least : DIGITS;
	if (!pcp_out_place(out, n, &place))
		return;
	for (; n >= 2; value /= 100)
		memcpy(place + (n -= 2), &pcp_tens[2 * (value % 100)], 2);
	if (n)
		*place = pcp_tens[2 * value + 1];
}

/* Both digits of each octet. */
#define ROW(d)                                                                                     \
	d "0" d "1" d "2" d "3" d "4" d "5" d "6" d "7" d "8" d "9" d "a" d "b" d "c" d "d" d      \
	  "e" d "f"
const char pcp_octets[] = ROW("0") ROW("1") ROW("2") ROW("3") ROW("4") ROW("5") ROW("6") ROW("7")
	ROW("8") ROW("9") ROW("a") ROW("b") ROW("c") ROW("d") ROW("e") ROW("f");

void pcp_out_hex_uint(struct pcp_out *out, uint32_t value, size_t least)
{
	size_t n = least;
	char *place;

	while (n < 2 * sizeof value && value >> 4 * n)
		n++;
	if (!pcp_out_place(out, n, &place))
		return;
	for (; n >= 2; value >>= 8)
		memcpy(place + (n -= 2), &pcp_octets[2 * (value & 0xff)], 2);
	if (n)
		*place = pcp_octets[2 * value + 1];
}

void pcp_out_blanks(struct pcp_out *out, size_t n)
{
	char *place;

	if (pcp_out_place(out, n, &place))
		memset(place, ' ', n);
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
