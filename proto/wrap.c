/* Where a line of text ends: see wrap.h. */
#include "wrap.h"

#include <stdbool.h>
#include <string.h>

static int one_column(const char **text)
{
	do
		(*text)++;
	while (((unsigned char)**text & 0xc0) == 0x80);
	return 1;
}

static bool ends_line(char c)
{
	return c == '\0' || c == '\n';
}

/* Octets of text's start, up to the end of the line, that `width` columns hold. */
static size_t that_fit(const char *text, size_t width, pcp_columns *columns)
{
	const char *at = text;

	for (size_t used = 0; !ends_line(*at);) {
		const char *next = at;
		int wide = columns(&next);

		used += wide > 0 ? (size_t)wide : 0;
		if (used > width && at > text)
			break;
		at = next;
	}
	return (size_t)(at - text);
}

/* Whether the word that starts there fits in a line of its own. */
static bool word_fits(const char *word, size_t width, pcp_columns *columns)
{
	return that_fit(word, width, columns) >= strcspn(word, " \n");
}

/* Where the words before octet `fit` end and the next one starts; 0 when a single word goes on. */
static size_t last_word(const char *text, size_t fit)
{
	while (fit > 0 && text[fit - 1] != ' ')
		fit--;
	return strspn(text, " ") < fit ? fit : 0;
}

static size_t last_joint(const char *text, size_t fit)
{
	while (fit > 0 && !strchr("+,/;", text[fit - 1]))
		fit--;
	return fit;
}

size_t pcp_wrap(const char *text, size_t width, pcp_columns *columns, const char **rest)
{
	pcp_columns *count = columns ? columns : one_column;
	size_t fit = that_fit(text, width, count), len = fit, word, joint;

	if (ends_line(text[fit])) {
		*rest = text + fit + (text[fit] == '\n');
		return fit;
	}
	word = text[fit] == ' ' ? fit : last_word(text, fit);
	joint = last_joint(text, fit);
	if (word > fit / 2 || (word > 0 && word_fits(text + word, width, count)))
		len = word;
	else if (joint > fit / 2)
		len = joint;
	*rest = text + len + strspn(text + len, " ");
	while (len > 1 && text[len - 1] == ' ')
		len--;
	return len;
}
