/* What parsers share: words, numbers and digits, and the sentence that refuses what was typed. */
#include "words.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *pcp_s(uint64_t n)
{
	return n == 1 ? "" : "s";
}

bool pcp_refuse(struct pcp_why *why, size_t at, const char *format, ...)
{
	va_list args;

	if (!why)
		return false;
	va_start(args, format);
	if (vsnprintf(why->text, sizeof why->text, format, args) >= (int)sizeof why->text)
		pcp_end_whole(why->text);
	va_end(args);
	why->at = at;
	why->code = PCP_WHY_TYPED;
	return false;
}

bool pcp_no_memory(struct pcp_why *why)
{
	pcp_refuse(why, 0, "out of memory");
	if (why)
		why->code = PCP_WHY_MEMORY;
	return false;
}

struct pcp_quote pcp_quote(const char *typed, size_t len)
{
	struct pcp_quote q;

	pcp_safe_text((const uint8_t *)typed, len, q.text, sizeof q.text);
	return q;
}

struct pcp_quote pcp_quoted(const char *typed)
{
	return pcp_quote(typed, strlen(typed));
}

/* ---- words ---- */

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

/* ---- digits ---- */

unsigned pcp_hex_digit(char c)
{
	return isdigit((unsigned char)c) ? (unsigned)(c - '0')
					 : (unsigned)(tolower((unsigned char)c) - 'a' + 10);
}

bool pcp_is_hex(char c)
{
	return isxdigit((unsigned char)c) != 0;
}

uint8_t pcp_hex_octet(const char *digits, size_t n)
{
	unsigned high = n == 2 ? pcp_hex_digit(*digits++) : 0;

	return (uint8_t)(high << 4 | pcp_hex_digit(*digits));
}

/* ---- numbers ---- */

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
