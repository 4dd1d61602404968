/* Hexadecimal, also as people paste it from other tools. */
#include "words.h"

#include <string.h>

static void write_pairs(char *place, const uint8_t *octets, size_t n)
{
	for (; n >= 4; n -= 4, octets += 4, place += 8) {
		memcpy(place, &pcp_octets[2 * octets[0]], 2);
		memcpy(place + 2, &pcp_octets[2 * octets[1]], 2);
		memcpy(place + 4, &pcp_octets[2 * octets[2]], 2);
		memcpy(place + 6, &pcp_octets[2 * octets[3]], 2);
	}
	for (; n > 0; n--, octets++, place += 2)
		memcpy(place, &pcp_octets[2 * *octets], 2);
}

void pcp_out_hex(struct pcp_out *out, const uint8_t *octets, size_t len)
{
	enum { PIECE = 32 };

	for (size_t n; len > 0; octets += n, len -= n) {
		char *pairs;

		n = len < PIECE ? len : PIECE;
		if (pcp_out_place(out, 2 * n, &pairs))
			write_pairs(pairs, octets, n);
	}
}

size_t pcp_hex_text(const uint8_t *octets, size_t len, char *buf, size_t cap)
{
	struct pcp_out out;

	pcp_out_begin(&out, buf, cap);
	pcp_out_hex(&out, octets, len);
	return out.len;
}

struct hex {
	const char *typed; /* start of all, for error offsets */
	const char *p;
	uint8_t *octets;
	size_t cap, len;
	size_t line_len; /* octets before this line */
	bool dump;	 /* lines start with offsets */
	struct pcp_why *why;
};

static size_t hex_run(const char *p)
{
	size_t n = 0;

	while (pcp_is_hex(p[n]))
		n++;
	return n;
}

static const char *skip_blanks(const char *p)
{
	while (*p == ' ' || *p == '\t' || *p == '\r')
		p++;
	return p;
}

/* A hexdump's line starts with the offset of its first octet, then a colon or two blanks; its last
 * line may be the length alone. What does not say the right offset is data. */
static void hex_skip_offset(struct hex *hex)
{
	const char *p = skip_blanks(hex->p), *end;
	bool prefixed = p[0] == '0' && (p[1] == 'x' || p[1] == 'X');
	size_t n, value = 0;

	p += prefixed ? 2 : 0;
	n = hex_run(p);
	if (n < 4 || n > 8)
		return;
	for (size_t i = 0; i < n; i++)
		value = value << 4 | pcp_hex_digit(p[i]);
	end = p + n;
	if (value != hex->len || (hex->len > 0 && !hex->dump))
		return;
	if (end[0] == ':' && (end[1] == ' ' || end[1] == '\t'))
		end++;
	else if (!(end[0] == '\t' || (end[0] == ' ' && end[1] == ' ')) &&
		 !(hex->dump && strchr("\n", *skip_blanks(end))))
		return;
	hex->dump = true;
	hex->p = end;
}

/* Whether what follows a gap in a hexdump is the text column: always behind 16 octets or three
 * blanks; behind two blanks unless it goes on as pairs of digits (many dumps leave a gap in the
 * middle). */
static bool hex_text_column(const struct hex *hex, size_t blanks)
{
	const char *p = hex->p;

	if (!hex->dump || hex->len == hex->line_len || blanks < 2)
		return false;
	if (*p == '|' || blanks > 2 || hex->len - hex->line_len == 16)
		return true;
	while (hex_run(p) == 2 && (p[2] == ' ' || p[2] == '\n' || p[2] == '\0')) {
		if (p[2] != ' ' || p[3] == ' ')
			return false;
		p += 3;
	}
	return true;
}

static void hex_skip_line(struct hex *hex)
{
	while (*hex->p && *hex->p != '\n')
		hex->p++;
}

static bool hex_word(struct hex *hex)
{
	bool prefixed =
		(hex->p[0] == '0' || hex->p[0] == '\\') && (hex->p[1] == 'x' || hex->p[1] == 'X');
	size_t n;

	hex->p += prefixed ? 2 : 0;
	n = hex_run(hex->p);
	if (n == 0)
		return pcp_refuse(
			hex->why, (size_t)(hex->p - hex->typed),
			"\"%s\" is not a hexadecimal digit; allowed: pairs of 0-9 a-f, blanks, "
			"commas and colons between them",
			pcp_quote(hex->p, strnlen(hex->p, 1)).text);
	if (n % 2 && !prefixed)
		return pcp_refuse(hex->why, (size_t)(hex->p - hex->typed),
				  "\"%s\" has an odd number of digits; each octet takes two",
				  pcp_quote(hex->p, n).text);
	for (size_t i = 0, digits; i < n; i += digits) {
		digits = i == 0 && n % 2 ? 1 : 2; /* 0xabc is a number: 0a bc */
		if (hex->len == hex->cap)
			return pcp_refuse(hex->why, (size_t)(hex->p - hex->typed) + i,
					  "too many octets; at most %zu fit", hex->cap);
		hex->octets[hex->len++] = pcp_hex_octet(hex->p + i, digits);
	}
	hex->p += n;
	return true;
}

bool pcp_hex_parse(const char *typed, uint8_t *octets, size_t cap, size_t *len, struct pcp_why *why)
{
	struct hex hex = { .typed = typed, .p = typed, .octets = octets, .cap = cap, .why = why };
	bool line_start = true;

	if (pcp_is_literal(typed))
		return pcp_literal_parse(typed, octets, cap, len, why);
	for (;;) {
		const char *before = hex.p;

		if (line_start) {
			hex.line_len = hex.len;
			hex_skip_offset(&hex);
			before = hex.p;
			line_start = false;
		}
		hex.p = skip_blanks(hex.p);
		if (hex_text_column(&hex, (size_t)(hex.p - before)))
			hex_skip_line(&hex);
		if (!*hex.p)
			break;
		if (*hex.p == '\n') {
			hex.p++;
			line_start = true;
		} else if (strchr(",:;-{}\"", *hex.p)) {
			hex.p++;
		} else if (!hex_word(&hex)) {
			return false;
		}
	}
	*len = hex.len;
	return true;
}
