/* Octets as programs print them: a Python or Rust byte string, a list of numbers of Go, JavaScript,
 * Rust or Python, a Buffer of Node. */
#include <ctype.h>
#include <string.h>

#include "words.h"

struct literal {
	const char *typed, *p; /* start of all, for offsets; where it goes on */
	uint8_t *octets;
	size_t cap, len;
	struct pcp_why *why;
};

static bool put(struct literal *literal, uint8_t octet)
{
	if (literal->len == literal->cap)
		return pcp_refuse(literal->why, (size_t)(literal->p - literal->typed),
				  "too many octets; at most %zu fit", literal->cap);
	literal->octets[literal->len++] = octet;
	return true;
}

/* ---- byte strings ---- */

/* b'...' or b"...", in bytearray() or not; NULL when it is none. */
static const char *byte_string(const char *typed)
{
	const char *p = typed + strspn(typed, " \t\r\n");

	if (strncmp(p, "bytearray(", 10) == 0)
		p += 10;
	return *p == 'b' && (p[1] == '\'' || p[1] == '"') ? p + 1 : NULL;
}

/* The octet behind a backslash. */
static bool take_escape(struct literal *literal)
{
	static const char sign[] = "nrt0\\'\"abfv", means[] = "\n\r\t\0\\'\"\a\b\f\v";
	const char *p = ++literal->p, *at = *p ? strchr(sign, *p) : NULL;

	if (*p == 'x' && pcp_is_hex(p[1]) && pcp_is_hex(p[2])) {
		literal->p += 3;
		return put(literal, pcp_hex_octet(p + 1, 2));
	}
	if (!at)
		return pcp_refuse(literal->why, (size_t)(p - literal->typed),
				  "\"\\%s\" is no escape of a byte string",
				  pcp_quote(p, strnlen(p, 1)).text);
	literal->p++;
	return put(literal, (uint8_t)means[at - sign]);
}

static bool take_string(struct literal *literal)
{
	char quote = *literal->p++;

	while (*literal->p && *literal->p != quote)
		if (*literal->p == '\\') {
			if (!take_escape(literal))
				return false;
		} else if (!put(literal, (uint8_t)*literal->p++)) {
			return false;
		}
	if (!*literal->p)
		return pcp_refuse(literal->why, (size_t)(literal->p - literal->typed),
				  "the byte string has no end");
	return true;
}

/* ---- lists of numbers ---- */

static const char separators[] = " \t\r\n,";

/* What stands in the last brackets: "[]byte{0x2, 0x0}", "Uint8Array(2) [ 2, 0 ]", "<Buffer 02 00>".
 * NULL when it is none of those. */
static const char *list(const char *typed)
{
	const char *buffer = strstr(typed, "<Buffer "), *open = strrchr(typed, '[');
	const char *brace = strrchr(typed, '{');
	/* Names and signs of types. */
	static const char in_front[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_ ()[]{}!&*:=.";

	if (buffer)
		return buffer + 8;
	if (!open || strspn(typed, in_front) < (size_t)(open - typed))
		return NULL;
	return (brace > open ? brace : open) + 1;
}

static size_t number_len(const char *p)
{
	size_t n = 0;

	while (isalnum((unsigned char)p[n]))
		n++;
	return n;
}

/* Numbers without 0x are decimal, unless all have two digits and one could not be: 02, 0a. */
static bool is_hex_list(const char *p)
{
	bool must = false;

	for (size_t n; (p += strspn(p, separators), n = number_len(p)) > 0; p += n) {
		if (n != 2 || !pcp_is_hex(p[0]) || !pcp_is_hex(p[1]))
			return false;
		must = must || *p == '0' || !isdigit((unsigned char)p[0]) ||
		       !isdigit((unsigned char)p[1]);
	}
	return must;
}

static bool take_number(struct literal *literal, size_t n, bool hex)
{
	char word[16] = "";
	uint32_t value;

	if (n < sizeof word)
		memcpy(word, literal->p, n);
	if (n < sizeof word && hex && n == 2 && pcp_is_hex(word[0]) && pcp_is_hex(word[1]))
		value = pcp_hex_octet(word, 2);
	else if (n >= sizeof word || pcp_number_parse(word, 255, &value) != PCP_NUMBER_OK)
		return pcp_refuse(
			literal->why, (size_t)(literal->p - literal->typed),
			"\"%s\" is no octet of a list; allowed: 0 to 255, or 0x00 to 0xff",
			pcp_quote(literal->p, n).text);
	literal->p += n;
	return put(literal, (uint8_t)value);
}

static bool take_list(struct literal *literal)
{
	bool hex = is_hex_list(literal->p);

	for (;;) {
		literal->p += strspn(literal->p, separators);
		size_t n = number_len(literal->p);

		if (n == 0)
			break;
		if (!take_number(literal, n, hex))
			return false;
	}
	if (!*literal->p || !strchr("]})>", *literal->p))
		return pcp_refuse(literal->why, (size_t)(literal->p - literal->typed),
				  *literal->p == '.' ? "the list was printed in part only"
						     : "the list of octets has no end");
	return true;
}

bool pcp_is_literal(const char *typed)
{
	return byte_string(typed) || list(typed);
}

bool pcp_literal_parse(const char *typed, uint8_t *octets, size_t cap, size_t *len,
		       struct pcp_why *why)
{
	const char *string = byte_string(typed);
	struct literal literal = { .typed = typed,
				   .p = string ? string : list(typed),
				   .octets = octets,
				   .cap = cap,
				   .why = why };

	if (!(string ? take_string(&literal) : take_list(&literal)))
		return false;
	*len = literal.len;
	return true;
}
