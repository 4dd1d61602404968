/* Octets from strangers as text that is safe on a screen: RFC 3629, and what Unicode says of each
 * character. */
#include "words.h"

#include <string.h>

#include "unicode.h"

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

/* Octets that are ASCII and stand for themselves: most of most texts. */
static size_t plain_run(const uint8_t *octets, size_t len)
{
	size_t n = 0;

	while (n < len && octets[n] >= ' ' && octets[n] < 0x7f && octets[n] != '\\')
		n++;
	return n;
}

void pcp_end_whole(char *text)
{
	size_t len = strlen(text), start = len;
	uint32_t code;

	while (start > 0 && ((uint8_t)text[start - 1] & 0xc0) == 0x80)
		start--;
	if (start > 0 && !utf8_sequence((uint8_t *)text + start - 1, len - (start - 1), &code))
		text[start - 1] = '\0';
}

size_t pcp_safe_line(const char *line, char *buf, size_t cap)
{
	const uint8_t *octets = (const uint8_t *)line;
	size_t len = strlen(line), plain;
	struct pcp_out out;

	pcp_out_begin(&out, buf, cap);
	for (; len > 0; octets += plain, len -= plain) {
		plain = strcspn((const char *)octets, "\t\n\\");
		pcp_out_safe(&out, octets, plain);
		if (plain == len)
			break;
		pcp_out_octets(&out, (const char *)octets + plain++, 1);
	}
	return out.len;
}

void pcp_out_safe(struct pcp_out *out, const uint8_t *octets, size_t len)
{
	bool has_base = false;
	uint32_t code;
	size_t n;

	for (size_t i = 0; i < len; i += n) {
		n = plain_run(octets + i, len - i);
		if (n > 0) {
			size_t room = out->cap > out->len + 1 ? out->cap - out->len - 1 : 0;

			if (n > room && room > 0)
				n = room; /* each of them is a piece of its own */
			pcp_out_octets(out, (const char *)octets + i, n);
			has_base = true;
			continue;
		}
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
	return strlen(buf);
}
