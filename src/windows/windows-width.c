/* Wide characters and UTF-8: the C library of Windows has neither, whatever locale it is in. Its
 * wide characters are those of the first plane. */
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <wchar.h>

#include "windows-width.h"

static bool is_in(const struct range *ranges, size_t n, wchar_t character)
{
	size_t low = 0;

	while (low < n) {
		size_t middle = low + (n - low) / 2;

		if (character > ranges[middle].last)
			low = middle + 1;
		else if (character < ranges[middle].first)
			n = middle;
		else
			return true;
	}
	return false;
}

int wcwidth(wchar_t character)
{
	if (character < 0x20 || (character >= 0x7f && character < 0xa0))
		return character ? -1 : 0;
	if (is_in(combining, sizeof combining / sizeof *combining, character))
		return 0;
	return is_in(wide, sizeof wide / sizeof *wide, character) ? 2 : 1;
}

size_t wcrtomb(char *octets, wchar_t character, mbstate_t *state)
{
	size_t n = 0;

	(void)state;
	if (!octets)
		return 1;
	if (character < 0x80) {
		octets[n++] = (char)character;
		return n;
	}
	if (character >= 0x800)
		octets[n++] = (char)(0xe0 | character >> 12);
	octets[n++] =
		(char)(character >= 0x800 ? 0x80 | (character >> 6 & 0x3f) : 0xc0 | character >> 6);
	octets[n++] = (char)(0x80 | (character & 0x3f));
	return n;
}

/* Octets behind the first one of a character; -1: it is none. What no wide character holds is told
 * by the first, too. */
static int behind(unsigned char first)
{
	return first < 0x80   ? 0
	       : first < 0xc2 ? -1
	       : first < 0xe0 ? 1
	       : first < 0xf0 ? 2
	       : first < 0xf5 ? 3
			      : -1;
}

/* Nothing is kept from one call to the next: octets that begin a character are given again, with
 * those behind them, as curses does. */
size_t mbrtowc(wchar_t *character, const char *octets, size_t len, mbstate_t *state)
{
	const unsigned char *s = (const unsigned char *)octets;
	int more;
	unsigned long c;

	(void)state;
	if (!octets)
		return 0;
	if (!len)
		return (size_t)-2;
	more = behind(*s);
	c = more < 1 ? *s : *s & (0x3fu >> more);
	for (int i = 1; i <= more; i++) {
		if ((size_t)i == len)
			return (size_t)-2;
		if ((s[i] & 0xc0) != 0x80)
			more = -1;
		else
			c = c << 6 | (s[i] & 0x3f);
	}
	if (more < 0) {
		errno = EILSEQ;
		return (size_t)-1;
	}
	if (character)
		*character = c > WCHAR_MAX ? 0xfffd : (wchar_t)c;
	return c ? (size_t)more + 1 : 0;
}

size_t mbrlen(const char *octets, size_t len, mbstate_t *state)
{
	return mbrtowc(NULL, octets, len, state);
}
