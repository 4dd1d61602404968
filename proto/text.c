#include "text.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "out.h"
#include "unicode.h"

/* ---- refusals ---- */

static bool refuse(struct pcp_why *why, size_t at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Always false, so that a parser can end in it. */
static bool refuse(struct pcp_why *why, size_t at, const char *format, ...)
{
	va_list args;

	if (!why)
		return false;
	va_start(args, format);
	vsnprintf(why->text, sizeof why->text, format, args);
	va_end(args);
	why->at = at;
	return false;
}

/* What was typed, safe and short enough to stand in a sentence. */
struct quote {
	char text[40];
};

static struct quote quote(const char *typed, size_t len)
{
	struct quote q;

	pcp_safe_text((const uint8_t *)typed, len, q.text, sizeof q.text);
	return q;
}

/* ---- UTF-8 ---- */

/* Length of the well-formed sequence at octets (RFC 3629), or 0; *code is its code point. */
static size_t utf8_sequence(const uint8_t *octets, size_t len, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint8_t first = octets[0];
	size_t n = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

	if (n == 0 || n > len || first > 0xf4)
		return 0;
	*code = n == 1 ? first : first & (0xffu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((octets[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (octets[i] & 0x3f);
	}
	if (*code < least[n] || *code > 0x10ffff || (*code >= 0xd800 && *code <= 0xdfff))
		return 0;
	return n;
}

bool pcp_utf8_valid(const uint8_t *octets, size_t len)
{
	uint32_t code;

	for (size_t n; len > 0; octets += n, len -= n) {
		n = utf8_sequence(octets, len, &code);
		if (n == 0)
			return false;
	}
	return true;
}

static bool printable(uint32_t code)
{
	size_t low = 0, high = sizeof unprintable / sizeof unprintable[0];

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (code > unprintable[middle].last)
			low = middle + 1;
		else if (code < unprintable[middle].first)
			high = middle;
		else
			return false;
	}
	return true;
}

/* A backslash that would start an escape is escaped itself, so that escapes can be read back. */
static void out_safe(struct pcp_out *out, const uint8_t *octets, size_t len)
{
	uint32_t code;
	size_t n;

	for (size_t i = 0; i < len; i += n) {
		n = utf8_sequence(octets + i, len - i, &code);
		if (n > 0 && printable(code) &&
		    !(code == '\\' && i + 1 < len && octets[i + 1] == 'x')) {
			pcp_out_octets(out, (const char *)octets + i, n);
			continue;
		}
		n = n > 0 ? n : 1;
		for (size_t k = 0; k < n; k++)
			pcp_out_format(out, "\\x%02x", octets[i + k]);
	}
}

size_t pcp_safe_text(const uint8_t *octets, size_t len, char *buf, size_t cap)
{
	struct pcp_out out;

	pcp_out_begin(&out, buf, cap);
	out_safe(&out, octets, len);
	return out.used;
}

/* ---- addresses ---- */

static const uint8_t v4_mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

bool pcp_addr_is_v4(const uint8_t addr[PCP_ADDR_LEN])
{
	return memcmp(addr, v4_mapped, sizeof v4_mapped) == 0;
}

void pcp_addr_any(uint8_t addr[PCP_ADDR_LEN], bool v4)
{
	memset(addr, 0, PCP_ADDR_LEN);
	if (v4)
		memcpy(addr, v4_mapped, sizeof v4_mapped);
}

bool pcp_addr_is_any(const uint8_t addr[PCP_ADDR_LEN])
{
	uint8_t any[PCP_ADDR_LEN];

	pcp_addr_any(any, pcp_addr_is_v4(addr));
	return memcmp(addr, any, PCP_ADDR_LEN) == 0;
}

static void out_addr4(struct pcp_out *out, const uint8_t addr[4])
{
	pcp_out_format(out, "%u.%u.%u.%u", addr[0], addr[1], addr[2], addr[3]);
}

static unsigned addr_word(const uint8_t *addr, size_t i)
{
	return (unsigned)addr[2 * i] << 8 | addr[2 * i + 1];
}

/* The longest run of two zero words or more, the first of equals: RFC 5952 4.2. */
static size_t zero_run(const uint8_t *addr, size_t *start)
{
	size_t best = 1;

	*start = 8;
	for (size_t i = 0; i < 8; i++) {
		size_t n = 0;

		while (i + n < 8 && addr_word(addr, i + n) == 0)
			n++;
		if (n > best) {
			best = n;
			*start = i;
		}
	}
	return best;
}

static void out_addr6(struct pcp_out *out, const uint8_t addr[PCP_ADDR_LEN])
{
	size_t start, run = zero_run(addr, &start);

	for (size_t i = 0; i < 8; i++) {
		if (i == start) {
			pcp_out_text(out, "::");
			i += run - 1;
			continue;
		}
		pcp_out_format(out, i > 0 && i != start + run ? ":%x" : "%x", addr_word(addr, i));
	}
}

static void out_addr(struct pcp_out *out, const uint8_t addr[PCP_ADDR_LEN])
{
	if (pcp_addr_is_v4(addr))
		out_addr4(out, addr + 12);
	else
		out_addr6(out, addr);
}

size_t pcp_addr_text(const uint8_t addr[PCP_ADDR_LEN], char *buf, size_t cap)
{
	struct pcp_out out;

	pcp_out_begin(&out, buf, cap);
	out_addr(&out, addr);
	return out.len;
}

/* Leading and trailing blanks are nobody's intention. */
static const char *trim(const char *typed, size_t *len)
{
	while (isspace((unsigned char)*typed))
		typed++;
	*len = strlen(typed);
	while (*len > 0 && isspace((unsigned char)typed[*len - 1]))
		(*len)--;
	return typed;
}

/* A copy that ends where the trimmed text ends; false when it is longer than any word may be. */
struct word {
	char text[64];
};

static bool word_of(const char *typed, struct word *word, size_t *at)
{
	size_t len;
	const char *start = trim(typed, &len);

	*at = (size_t)(start - typed);
	if (len >= sizeof word->text)
		return false;
	memcpy(word->text, start, len);
	word->text[len] = '\0';
	return true;
}

bool pcp_addr_parse(const char *typed, uint8_t addr[PCP_ADDR_LEN], struct pcp_why *why)
{
	struct word word;
	size_t at;

	if (word_of(typed, &word, &at)) {
		bool any4 = pcp_name_equal(word.text, "any") || pcp_name_equal(word.text, "any4");
		uint8_t v4[4];

		if (any4 || pcp_name_equal(word.text, "any6")) {
			pcp_addr_any(addr, any4);
			return true;
		}
		if (inet_pton(AF_INET, word.text, v4) == 1) {
			pcp_addr_any(addr, true);
			memcpy(addr + 12, v4, sizeof v4);
			return true;
		}
		if (inet_pton(AF_INET6, word.text, addr) == 1)
			return true;
	}
	return refuse(why, at,
		      "\"%s\" is not an address; allowed: IPv4 as 192.0.2.1, IPv6 as 2001:db8::1, "
		      "any4, any6",
		      quote(typed, strlen(typed)).text);
}

static bool addr4_parse(const char *typed, uint8_t addr[4], struct pcp_why *why)
{
	struct word word;
	size_t at;

	if (word_of(typed, &word, &at)) {
		if (pcp_name_equal(word.text, "any") || pcp_name_equal(word.text, "any4")) {
			memset(addr, 0, 4);
			return true;
		}
		if (inet_pton(AF_INET, word.text, addr) == 1)
			return true;
	}
	return refuse(why, at,
		      "\"%s\" is not an IPv4 address; allowed: four numbers as 192.0.2.1, any",
		      quote(typed, strlen(typed)).text);
}

/* ---- numbers and durations ---- */

static unsigned hex_digit(char c)
{
	return isdigit((unsigned char)c) ? (unsigned)(c - '0')
					 : (unsigned)(tolower((unsigned char)c) - 'a' + 10);
}

static bool is_hex(char c)
{
	return isxdigit((unsigned char)c) != 0;
}

enum number { NUMBER_OK, NUMBER_NONE, NUMBER_TOO_LARGE };

/* Decimal or 0x hexadecimal digits, to the end of the word. */
static enum number number_parse(const char *word, uint32_t max, uint32_t *value)
{
	unsigned base = word[0] == '0' && (word[1] == 'x' || word[1] == 'X') ? 16 : 10;
	const char *digits = base == 16 ? word + 2 : word;
	bool large = false;
	uint64_t sum = 0;

	if (!*digits)
		return NUMBER_NONE;
	for (const char *p = digits; *p; p++) {
		unsigned digit = hex_digit(*p);

		if (!is_hex(*p) || digit >= base)
			return NUMBER_NONE;
		sum = sum * base + digit;
		large = large || sum > max;
		sum = large ? 0 : sum;
	}
	*value = (uint32_t)sum;
	return large ? NUMBER_TOO_LARGE : NUMBER_OK;
}

static bool uint_parse(const char *typed, uint32_t max, uint32_t *value, struct pcp_why *why)
{
	struct word word;
	size_t at;
	enum number got =
		word_of(typed, &word, &at) ? number_parse(word.text, max, value) : NUMBER_TOO_LARGE;

	if (got == NUMBER_OK)
		return true;
	return refuse(why, at, "\"%s\" is %s; allowed: 0 to %u, decimal or 0x hexadecimal",
		      quote(typed, strlen(typed)).text,
		      got == NUMBER_NONE ? "not a number" : "too large", max);
}

static uint32_t unit_seconds(char unit)
{
	switch (tolower((unsigned char)unit)) {
	case 's':
		return 1;
	case 'm':
		return 60;
	case 'h':
		return 3600;
	case 'd':
		return 86400;
	case 'w':
		return 7 * 86400;
	default:
		return 0;
	}
}

#define SECONDS_ALLOWED "allowed: seconds as 3600, durations as 90s, 45m, 2h, 1d12h, or infinite"

bool pcp_seconds_parse(const char *typed, uint32_t *seconds, struct pcp_why *why)
{
	struct word word;
	size_t at;
	uint64_t sum = 0;
	const char *p = word.text;
	enum number plain;

	if (!word_of(typed, &word, &at))
		return refuse(why, at, "\"%s\" is not a duration; " SECONDS_ALLOWED,
			      quote(typed, strlen(typed)).text);
	if (pcp_name_equal(word.text, "infinite")) {
		*seconds = UINT32_MAX;
		return true;
	}
	plain = number_parse(word.text, UINT32_MAX, seconds);
	if (plain == NUMBER_OK)
		return true;
	while (plain == NUMBER_NONE && isdigit((unsigned char)*p)) {
		uint64_t n = 0;

		for (; isdigit((unsigned char)*p) && n <= UINT32_MAX; p++)
			n = n * 10 + (uint64_t)(*p - '0');
		if (unit_seconds(*p) == 0)
			break;
		sum += n * unit_seconds(*p++);
		if (sum > UINT32_MAX)
			break;
		if (!*p) {
			*seconds = (uint32_t)sum;
			return true;
		}
	}
	if (plain == NUMBER_TOO_LARGE || sum > UINT32_MAX)
		return refuse(why, at,
			      "\"%s\" is too long; at most 4294967295 seconds; " SECONDS_ALLOWED,
			      quote(typed, strlen(typed)).text);
	return refuse(why, at + (size_t)(p - word.text),
		      "\"%s\" is not a duration; " SECONDS_ALLOWED,
		      quote(typed, strlen(typed)).text);
}

static void out_seconds(struct pcp_out *out, uint32_t seconds)
{
	uint32_t days = seconds / 86400, rest = seconds % 86400;

	if (days > 0)
		pcp_out_format(out, "%ud ", days);
	pcp_out_format(out, "%u:%02u:%02u", rest / 3600, rest / 60 % 60, rest % 60);
}

size_t pcp_seconds_text(uint32_t seconds, char *buf, size_t cap)
{
	struct pcp_out out;

	pcp_out_begin(&out, buf, cap);
	out_seconds(&out, seconds);
	return out.len;
}

/* ---- hexadecimal ---- */

static void out_hex(struct pcp_out *out, const uint8_t *octets, size_t len)
{
	for (size_t i = 0; i < len; i++)
		pcp_out_format(out, "%02x", octets[i]);
}

size_t pcp_hex_text(const uint8_t *octets, size_t len, char *buf, size_t cap)
{
	struct pcp_out out;

	pcp_out_begin(&out, buf, cap);
	out_hex(&out, octets, len);
	return out.len;
}

static uint8_t hex_octet(const char *digits, size_t n)
{
	unsigned high = n == 2 ? hex_digit(*digits++) : 0;

	return (uint8_t)(high << 4 | hex_digit(*digits));
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

	while (is_hex(p[n]))
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
		value = value << 4 | hex_digit(p[i]);
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
		return refuse(
			hex->why, (size_t)(hex->p - hex->typed),
			"\"%s\" is not a hexadecimal digit; allowed: pairs of 0-9 a-f, blanks, "
			"commas and colons between them",
			quote(hex->p, strnlen(hex->p, 1)).text);
	if (n % 2 && !prefixed)
		return refuse(hex->why, (size_t)(hex->p - hex->typed),
			      "\"%s\" has an odd number of digits; each octet takes two",
			      quote(hex->p, n).text);
	for (size_t i = 0, digits; i < n; i += digits) {
		digits = i == 0 && n % 2 ? 1 : 2; /* 0xabc is a number: 0a bc */
		if (hex->len == hex->cap)
			return refuse(hex->why, (size_t)(hex->p - hex->typed) + i,
				      "too many octets; at most %zu fit", hex->cap);
		hex->octets[hex->len++] = hex_octet(hex->p + i, digits);
	}
	hex->p += n;
	return true;
}

bool pcp_hex_parse(const char *typed, uint8_t *octets, size_t cap, size_t *len, struct pcp_why *why)
{
	struct hex hex = { .typed = typed, .p = typed, .octets = octets, .cap = cap, .why = why };
	bool line_start = true;

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

/* ---- values by kind ---- */

/* Where a field's octets go, and what is said when they do not fit. */
struct value {
	const struct pcp_field *field;
	const char *typed;
	bool v4;
	uint8_t *octets;
	size_t cap, len;
	struct pcp_why *why;
};

static bool value_number(struct value *value, uint32_t number)
{
	memset(value->octets, 0, value->field->len);
	pcp_put_at(value->field, value->octets, value->field->len, number);
	value->len = value->field->len;
	return true;
}

static bool parse_uint(struct value *value)
{
	uint32_t number;

	return uint_parse(value->typed, pcp_field_max(value->field), &number, value->why) &&
	       value_number(value, number);
}

static bool parse_seconds(struct value *value)
{
	uint32_t number;

	return pcp_seconds_parse(value->typed, &number, value->why) && value_number(value, number);
}

static bool parse_named(struct value *value)
{
	uint32_t max = pcp_field_max(value->field), number;
	const struct pcp_name *names = value->field->names;
	struct pcp_out out;
	struct word word;
	size_t at;
	long code = -1;

	if (word_of(value->typed, &word, &at)) {
		if (number_parse(word.text, max, &number) == NUMBER_OK)
			return value_number(value, number);
		code = pcp_code(names, word.text);
	}
	if (code >= 0)
		return value_number(value, (uint32_t)code);
	if (!value->why)
		return false;
	value->why->at = at;
	pcp_out_begin(&out, value->why->text, sizeof value->why->text);
	pcp_out_format(&out, "\"%s\" is not known; allowed: 0 to %u",
		       quote(value->typed, strlen(value->typed)).text, max);
	for (; names->name; names++)
		pcp_out_format(&out, ", %s", names->name);
	return false;
}

enum { V4_BITS = 96 }; /* prefix lengths of IPv4 count from here: RFC 6887 13.3 */

static bool parse_prefix(struct value *value)
{
	uint32_t max = value->v4 ? 32 : 128, number;
	struct word word;
	size_t at;

	if (word_of(value->typed, &word, &at)) {
		bool wire = word.text[0] == '0' && (word.text[1] == 'x' || word.text[1] == 'X');
		const char *digits = word.text[0] == '/' ? word.text + 1 : word.text;

		if (pcp_name_equal(word.text, "erase"))
			return value_number(value, 0);
		if (number_parse(digits, wire ? 255 : max, &number) == NUMBER_OK)
			return value_number(value, value->v4 && !wire ? V4_BITS + number : number);
	}
	return refuse(
		value->why, at,
		"\"%s\" is not a prefix length; allowed: 0 to %u for IPv%c, erase, or 0x and the "
		"octet to send",
		quote(value->typed, strlen(value->typed)).text, max, value->v4 ? '4' : '6');
}

static bool parse_addr(struct value *value)
{
	struct word word;
	size_t at;

	value->len = PCP_ADDR_LEN;
	if (word_of(value->typed, &word, &at) && pcp_name_equal(word.text, "any")) {
		pcp_addr_any(value->octets, value->v4);
		return true;
	}
	return pcp_addr_parse(value->typed, value->octets, value->why);
}

static bool parse_addr4(struct value *value)
{
	value->len = 4;
	return addr4_parse(value->typed, value->octets, value->why);
}

/* Fixed octets are given in full; 0x and fewer digits stand for a number, zeros in front. */
static bool fit_octets(struct value *value, size_t want)
{
	const char *start = value->typed + strspn(value->typed, " \t");

	if (value->len == want)
		return true;
	if (value->len < want && start[0] == '0' && (start[1] == 'x' || start[1] == 'X')) {
		memmove(value->octets + want - value->len, value->octets, value->len);
		memset(value->octets, 0, want - value->len);
		value->len = want;
		return true;
	}
	return refuse(value->why, 0, "%zu octets given; this field takes exactly %zu", value->len,
		      want);
}

static bool parse_octets(struct value *value)
{
	struct word word;
	size_t at;

	if (value->field->len > 0 && word_of(value->typed, &word, &at) && !strcmp(word.text, "0")) {
		memset(value->octets, 0, value->field->len);
		value->len = value->field->len;
		return true;
	}
	if (!pcp_hex_parse(value->typed, value->octets, value->cap, &value->len, value->why))
		return false;
	return value->field->len == 0 || fit_octets(value, value->field->len);
}

/* "64:ff9b::/96", the length a multiple of 8; or the octets in hexadecimal. */
static bool parse_prefix6(struct value *value)
{
	uint8_t addr[PCP_ADDR_LEN];
	struct word word;
	uint32_t bits;
	size_t at;
	char *slash;

	if (!word_of(value->typed, &word, &at) || !(slash = strchr(word.text, '/')))
		return parse_octets(value);
	*slash = '\0';
	if (inet_pton(AF_INET6, word.text, addr) != 1)
		return refuse(value->why, at,
			      "\"%s\" is not an IPv6 prefix; allowed: as 64:ff9b::/96, or "
			      "hexadecimal octets",
			      quote(value->typed, strlen(value->typed)).text);
	if (number_parse(slash + 1, 128, &bits) != NUMBER_OK || bits % 8 || bits / 8 > value->cap)
		return refuse(value->why, at + (size_t)(slash + 1 - word.text),
			      "\"%s\" is not a prefix length here; allowed: whole octets, such as "
			      "32, 40, 48, 56, 64 or 96",
			      quote(slash + 1, strlen(slash + 1)).text);
	value->len = bits / 8;
	memcpy(value->octets, addr, value->len);
	return true;
}

static bool parse_reserved(struct value *value)
{
	return pcp_field_is_number(value->field) ? parse_uint(value) : parse_octets(value);
}

/* As it stands, but \xNN is the octet NN. Fixed fields are filled with zeros. */
static bool parse_text(struct value *value)
{
	size_t max = value->field->len && value->field->len < value->cap ? value->field->len
									 : value->cap;

	value->len = 0;
	for (const char *p = value->typed; *p;) {
		bool escape = p[0] == '\\' && p[1] == 'x' && is_hex(p[2]) && is_hex(p[3]);

		if (value->len == max)
			return refuse(value->why, (size_t)(p - value->typed),
				      "too long; at most %zu octets fit", max);
		value->octets[value->len++] = escape ? hex_octet(p + 2, 2) : (uint8_t)*p;
		p += escape ? 4 : 1;
	}
	if (value->field->len > 0) {
		memset(value->octets + value->len, 0, value->field->len - value->len);
		value->len = value->field->len;
	}
	return true;
}

static bool parse_codes(struct value *value)
{
	const char *p = value->typed;

	value->len = 0;
	for (p += strspn(p, " \t/,"); *p; p += strspn(p, " \t/,")) {
		size_t n = strcspn(p, " \t/,");
		struct word word = { { 0 } };
		uint32_t code;
		long named;

		if (n < sizeof word.text)
			memcpy(word.text, p, n);
		if (number_parse(word.text, 255, &code) != NUMBER_OK) {
			named = pcp_code(pcp_option_names, word.text);
			if (named < 0)
				return refuse(value->why, (size_t)(p - value->typed),
					      "\"%s\" is not an option; allowed: codes 0 to 255 or "
					      "names, with / or comma between them",
					      quote(p, n).text);
			code = (uint32_t)named;
		}
		if (value->len == value->cap)
			return refuse(value->why, (size_t)(p - value->typed),
				      "too many options; at most %zu fit", value->cap);
		value->octets[value->len++] = (uint8_t)code;
		p += n;
	}
	return true;
}

bool pcp_parse_value(const struct pcp_field *field, const char *typed, bool v4, uint8_t *octets,
		     size_t cap, size_t *len, struct pcp_why *why)
{
	static bool (*const parse[])(struct value *) = {
		[PCP_UINT] = parse_uint,       [PCP_NAMED] = parse_named,
		[PCP_SECONDS] = parse_seconds, [PCP_ADDR] = parse_addr,
		[PCP_ADDR4] = parse_addr4,     [PCP_PREFIX] = parse_prefix,
		[PCP_PREFIX6] = parse_prefix6, [PCP_OCTETS] = parse_octets,
		[PCP_TEXT] = parse_text,       [PCP_CODES] = parse_codes,
		[PCP_OPTIONS] = parse_octets,  [PCP_RESERVED] = parse_reserved,
		[PCP_PADDING] = parse_octets,  [PCP_RAW] = parse_octets,
	};
	struct value value = { field, typed, v4, octets, cap, 0, why };

	if (field->len > cap)
		return refuse(why, 0, "no room; the field takes %u octets", field->len);
	if (!parse[field->kind](&value))
		return false;
	*len = value.len;
	return true;
}

/* ---- values of a packet's leaves ---- */

static const uint8_t *node_octets(const struct pcp_packet *packet, size_t node)
{
	return packet->octets + packet->node[node].off;
}

static bool all_zero(const uint8_t *octets, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (octets[i])
			return false;
	return true;
}

/* Whether a prefix length counts an IPv4 address: the address is the next in the same branch. */
bool pcp_node_v4(const struct pcp_packet *packet, size_t node)
{
	uint16_t parent = packet->node[node].parent;

	for (size_t i = node; i < packet->nnode && packet->node[i].parent == parent; i++)
		if (packet->node[i].field && packet->node[i].field->kind == PCP_ADDR)
			return pcp_addr_is_v4(node_octets(packet, i));
	return packet->len >= PCP_HEADER_LEN && packet->direction == PCP_REQUEST &&
	       pcp_addr_is_v4(packet->octets + pcp_request_fields[REQ_CLIENT].off);
}

static void out_prefix(struct pcp_out *out, uint32_t bits, bool v4, bool typed)
{
	bool legal = v4 ? bits >= V4_BITS && bits <= 128 : bits <= 128;
	uint32_t shown = v4 ? bits - V4_BITS : bits;

	if (bits == 0)
		pcp_out_text(out, typed ? "erase" : "0 erases all filters");
	else if (typed)
		pcp_out_format(out, legal ? "%u" : "0x%02x", legal ? shown : bits);
	else if (!legal)
		pcp_out_format(out, "%u, not a prefix length of IPv%c", bits, v4 ? '4' : '6');
	else if (v4)
		pcp_out_format(out, "%u (%u on the wire)", shown, bits);
	else
		pcp_out_format(out, "%u", bits);
}

static void out_codes(struct pcp_out *out, const uint8_t *codes, size_t len, bool typed)
{
	if (len == 0 && !typed)
		pcp_out_text(out, "none");
	for (size_t i = 0; i < len; i++) {
		const char *name = pcp_name(pcp_option_names, codes[i]);

		pcp_out_format(out, "%s%u", i == 0 ? "" : typed ? "/" : ", ", codes[i]);
		if (name && !typed)
			pcp_out_format(out, " %s", name);
	}
}

static void out_named(struct pcp_out *out, const struct pcp_name *names, uint32_t value, bool typed)
{
	const char *name = pcp_name(names, value);

	pcp_out_format(out, "%u", value);
	if (name && !typed)
		pcp_out_format(out, " %s", name);
}

static void out_lifetime(struct pcp_out *out, uint32_t seconds, bool typed)
{
	pcp_out_format(out, typed ? "%u" : "%u s", seconds);
	if (seconds < 60 || typed)
		return;
	pcp_out_text(out, " = ");
	if (seconds == UINT32_MAX)
		pcp_out_text(out, "infinite");
	else
		out_seconds(out, seconds);
}

/* An option's code goes by the name of the layout that was chosen for it, whatever dialect that is.
 */
static void out_option_code(struct pcp_out *out, const struct pcp_packet *packet, size_t node,
			    uint32_t code)
{
	const struct pcp_layout *layout = packet->node[packet->node[node].parent].layout;

	pcp_out_format(out, "%u", code);
	if (layout->class == PCP_CLASS_OPTION)
		pcp_out_format(out, " %s", layout->name);
}

static void out_number(struct pcp_out *out, const struct pcp_packet *packet, size_t node,
		       bool typed)
{
	const struct pcp_field *field = packet->node[node].field;
	uint32_t value = pcp_node_uint(packet, node);

	if (packet->node[node].len == 0)
		return; /* PREFIX64 without a list has no count */
	if (field == &pcp_tlv_fields[TLV_CODE] && !typed)
		out_option_code(out, packet, node, value);
	else if (field->kind == PCP_NAMED)
		out_named(out, field->names, value, typed);
	else if (field->kind == PCP_SECONDS)
		out_lifetime(out, value, typed);
	else if (field->kind == PCP_PREFIX)
		out_prefix(out, value, pcp_node_v4(packet, node), typed);
	else
		pcp_out_format(out, "%u", value);
}

static void out_prefix6(struct pcp_out *out, const uint8_t *octets, size_t len)
{
	uint8_t addr[PCP_ADDR_LEN] = { 0 };

	memcpy(addr, octets, len < sizeof addr ? len : sizeof addr);
	out_addr6(out, addr);
	pcp_out_format(out, "/%zu", 8 * len);
}

/* Text that fills a fixed field with zeros is shown without them. */
static void out_string(struct pcp_out *out, const struct pcp_field *field, const uint8_t *octets,
		       size_t len)
{
	if (field->len > 0)
		while (len > 0 && octets[len - 1] == 0)
			len--;
	out_safe(out, octets, len);
}

static void out_leaf(struct pcp_out *out, const struct pcp_packet *packet, size_t node, bool typed)
{
	const struct pcp_node *leaf = &packet->node[node];
	const uint8_t *octets = node_octets(packet, node);

	switch (leaf->field->kind) {
	case PCP_UINT:
	case PCP_NAMED:
	case PCP_SECONDS:
	case PCP_PREFIX:
		out_number(out, packet, node, typed);
		break;
	case PCP_ADDR:
		out_addr(out, octets);
		break;
	case PCP_ADDR4:
		out_addr4(out, octets);
		break;
	case PCP_PREFIX6:
		out_prefix6(out, octets, leaf->len);
		break;
	case PCP_TEXT:
		out_string(out, leaf->field, octets, leaf->len);
		break;
	case PCP_CODES:
		out_codes(out, octets, leaf->len, typed);
		break;
	case PCP_RESERVED:
	case PCP_PADDING:
		if (pcp_field_is_number(leaf->field))
			out_number(out, packet, node, typed);
		else if (!typed && all_zero(octets, leaf->len))
			pcp_out_text(out, "0");
		else
			out_hex(out, octets, leaf->len);
		break;
	case PCP_OCTETS:
	case PCP_OPTIONS:
	case PCP_RAW:
		out_hex(out, octets, leaf->len);
		break;
	}
}

static void out_branch(struct pcp_out *out, const struct pcp_packet *packet, size_t node)
{
	const struct pcp_node *branch = &packet->node[node];

	if (branch->layout->class == PCP_CLASS_RAW)
		pcp_out_format(out, "option %u", packet->octets[branch->off]);
	else
		pcp_out_text(out, branch->layout->name);
}

size_t pcp_node_text(const struct pcp_packet *packet, size_t node, char *buf, size_t cap)
{
	struct pcp_out out;

	pcp_out_begin(&out, buf, cap);
	if (packet->node[node].field)
		out_leaf(&out, packet, node, false);
	else
		out_branch(&out, packet, node);
	return out.len;
}

size_t pcp_node_typed(const struct pcp_packet *packet, size_t node, char *buf, size_t cap)
{
	struct pcp_out out;

	pcp_out_begin(&out, buf, cap);
	if (packet->node[node].field)
		out_leaf(&out, packet, node, true);
	return out.len;
}

uint32_t pcp_node_uint(const struct pcp_packet *packet, size_t node)
{
	const struct pcp_node *leaf = &packet->node[node];

	if (!leaf->field || !pcp_field_is_number(leaf->field) || leaf->len == 0)
		return 0;
	return pcp_get_at(leaf->field, node_octets(packet, node), leaf->len);
}
