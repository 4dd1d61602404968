/* Text, addresses, numbers and durations: see text.h. */
#include "words.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "unicode.h"

/* ---- what parsers share ---- */

const char *pcp_s(size_t n)
{
	return n == 1 ? "" : "s";
}

bool pcp_refuse(struct pcp_why *why, size_t at, const char *format, ...)
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

struct pcp_quote pcp_quote(const char *typed, size_t len)
{
	struct pcp_quote q;

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

static bool in_ranges(const struct range *range, size_t n, uint32_t code)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (code > range[middle].last)
			low = middle + 1;
		else if (code < range[middle].first)
			high = middle;
		else
			return true;
	}
	return false;
}

#define IN(table, code) in_ranges(table, sizeof table / sizeof table[0], code)

/* A combining mark needs a character of this text before it: it must not change what stands
 * outside. */
static bool printable(uint32_t code, bool has_base)
{
	return !IN(unprintable, code) && (has_base || !IN(combining, code));
}

/* A backslash that would start an escape is escaped itself, so that escapes can be read back. */
static bool starts_escape(const uint8_t *octets, size_t len)
{
	return len > 1 && octets[0] == '\\' && octets[1] == 'x';
}

void pcp_out_safe(struct pcp_out *out, const uint8_t *octets, size_t len)
{
	bool has_base = false;
	uint32_t code;
	size_t n;

	for (size_t i = 0; i < len; i += n) {
		n = utf8_sequence(octets + i, len - i, &code);
		if (n > 0 && printable(code, has_base) && !starts_escape(octets + i, len - i)) {
			pcp_out_octets(out, (const char *)octets + i, n);
			has_base = true;
			continue;
		}
		has_base = false;
		n = n > 0 ? n : 1;
		for (size_t k = 0; k < n; k++)
			pcp_out_format(out, "\\x%02x", octets[i + k]);
	}
}

size_t pcp_safe_text(const uint8_t *octets, size_t len, char *buf, size_t cap)
{
	struct pcp_out out;

	pcp_out_begin(&out, buf, cap);
	pcp_out_safe(&out, octets, len);
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

void pcp_out_addr4(struct pcp_out *out, const uint8_t addr[4])
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

void pcp_out_addr6(struct pcp_out *out, const uint8_t addr[PCP_ADDR_LEN])
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

void pcp_out_addr(struct pcp_out *out, const uint8_t addr[PCP_ADDR_LEN])
{
	if (pcp_addr_is_v4(addr))
		pcp_out_addr4(out, addr + 12);
	else
		pcp_out_addr6(out, addr);
}

size_t pcp_addr_text(const uint8_t addr[PCP_ADDR_LEN], char *buf, size_t cap)
{
	struct pcp_out out;

	pcp_out_begin(&out, buf, cap);
	pcp_out_addr(&out, addr);
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

bool pcp_word_of(const char *typed, struct pcp_word *word, size_t *at)
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
	struct pcp_word word;
	size_t at;

	if (pcp_word_of(typed, &word, &at)) {
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
	return pcp_refuse(
		why, at,
		"\"%s\" is not an address; allowed: IPv4 as 192.0.2.1, IPv6 as 2001:db8::1, any4, "
		"any6",
		pcp_quote(typed, strlen(typed)).text);
}

bool pcp_addr4_parse(const char *typed, uint8_t addr[4], struct pcp_why *why)
{
	struct pcp_word word;
	size_t at;

	if (pcp_word_of(typed, &word, &at)) {
		if (pcp_name_equal(word.text, "any") || pcp_name_equal(word.text, "any4")) {
			memset(addr, 0, 4);
			return true;
		}
		if (inet_pton(AF_INET, word.text, addr) == 1)
			return true;
	}
	return pcp_refuse(why, at,
			  "\"%s\" is not an IPv4 address; allowed: four numbers as 192.0.2.1, any",
			  pcp_quote(typed, strlen(typed)).text);
}

/* ---- numbers and durations ---- */

enum pcp_number pcp_number_parse(const char *word, uint32_t max, uint32_t *value)
{
	unsigned base = word[0] == '0' && (word[1] == 'x' || word[1] == 'X') ? 16 : 10;
	const char *digits = base == 16 ? word + 2 : word;
	bool large = false;
	uint64_t sum = 0;

	if (!*digits)
		return PCP_NUMBER_NONE;
	for (const char *p = digits; *p; p++) {
		unsigned digit = pcp_hex_digit(*p);

		if (!pcp_is_hex(*p) || digit >= base)
			return PCP_NUMBER_NONE;
		sum = sum * base + digit;
		large = large || sum > max;
		sum = large ? 0 : sum;
	}
	*value = (uint32_t)sum;
	return large ? PCP_NUMBER_TOO_LARGE : PCP_NUMBER_OK;
}

bool pcp_uint_parse(const char *typed, uint32_t max, uint32_t *value, struct pcp_why *why)
{
	struct pcp_word word;
	size_t at;
	enum pcp_number got = pcp_word_of(typed, &word, &at)
				      ? pcp_number_parse(word.text, max, value)
				      : PCP_NUMBER_TOO_LARGE;

	if (got == PCP_NUMBER_OK)
		return true;
	return pcp_refuse(why, at, "\"%s\" is %s; allowed: 0 to %u, decimal or 0x hexadecimal",
			  pcp_quote(typed, strlen(typed)).text,
			  got == PCP_NUMBER_NONE ? "not a number" : "too large", max);
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

/* Numbers with units to the end of the word: "1d12h". *p is left where it stops making sense. */
static enum pcp_number duration_parse(const char **p, uint32_t *seconds)
{
	uint64_t sum = 0;

	do {
		const char *digits = *p;
		uint64_t n = 0;

		for (; isdigit((unsigned char)**p) && n <= UINT32_MAX; (*p)++)
			n = n * 10 + (uint64_t)(**p - '0');
		sum += n * unit_seconds(**p);
		if (n > UINT32_MAX || sum > UINT32_MAX)
			return PCP_NUMBER_TOO_LARGE;
		if (*p == digits || unit_seconds(**p) == 0)
			return PCP_NUMBER_NONE;
		(*p)++;
	} while (**p);
	*seconds = (uint32_t)sum;
	return PCP_NUMBER_OK;
}

bool pcp_seconds_parse(const char *typed, uint32_t *seconds, struct pcp_why *why)
{
	enum pcp_number got = PCP_NUMBER_NONE;
	struct pcp_word word;
	const char *p = word.text;
	size_t at;

	if (pcp_word_of(typed, &word, &at)) {
		if (pcp_name_equal(word.text, "infinite")) {
			*seconds = UINT32_MAX;
			return true;
		}
		got = pcp_number_parse(word.text, UINT32_MAX, seconds);
		if (got == PCP_NUMBER_NONE)
			got = duration_parse(&p, seconds);
	}
	if (got == PCP_NUMBER_OK)
		return true;
	return pcp_refuse(why, at + (size_t)(p - word.text),
			  "\"%s\" is %s; allowed: seconds as 3600, durations as 90s, 45m, 2h, "
			  "1d12h, or infinite",
			  pcp_quote(typed, strlen(typed)).text,
			  got == PCP_NUMBER_TOO_LARGE ? "more than 4294967295 seconds"
						      : "not a duration");
}

void pcp_out_seconds(struct pcp_out *out, uint32_t seconds)
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
	pcp_out_seconds(&out, seconds);
	return out.len;
}
