/* A line into words, as sh and Python's shlex (which pypcpc used) split it. */
#include "args.h"

#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* A # is a comment at the line's start or as a word of its own, so that "-des #1" stays a text. */
static bool is_comment(const char *at, bool first)
{
	return *at == '#' && (first || !at[1] || is_blank(at[1]));
}

/* Copies one word from *read to *write, quotes and escapes resolved; NULL when a quote stays open.
 */
static char *take_word(char **read, char **write)
{
	char *word = *write, quote = '\0';

	for (; **read && (quote || !is_blank(**read)); ++*read) {
		char c = **read;

		if (quote && c == quote)
			quote = '\0';
		else if (!quote && (c == '\'' || c == '"'))
			quote = c;
		else if (c == '\\' && (*read)[1] &&
			 (!quote || (quote == '"' && strchr("\"\\", (*read)[1]))))
			*(*write)++ = *++*read;
		else
			*(*write)++ = c;
	}
	return quote ? NULL : word;
}

int command_split(char *line, char *words[COMMAND_WORDS_MAX], struct pcp_why *why)
{
	char *read = line, *write = line;
	int n = 0;

	for (;;) {
		char start[61];
		size_t at;
		bool more;

		while (is_blank(*read))
			read++;
		if (!*read || is_comment(read, n == 0))
			return n;
		at = (size_t)(read - line);
		snprintf(start, sizeof start, "%s", read);
		if (n == COMMAND_WORDS_MAX) {
			pcp_refuse(why, 0, "more than %d words in one line", COMMAND_WORDS_MAX);
			return -1;
		}
		words[n] = take_word(&read, &write);
		if (!words[n]) {
			pcp_refuse(why, 0, "a quote is opened but not closed: %s", start);
			why->at = at;
			return -1;
		}
		n++;
		more = *read != '\0'; /* before the terminator may fall on it */
		*write++ = '\0';
		if (!more)
			return n;
		read++;
	}
}
