/* Measures how far a mistyped word is from each of a list, and keeps the nearest. */
#include "suggest.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const char *bare(const char *word)
{
	return word + strspn(word, "-");
}

void suggest_begin(struct suggest *suggest, const char *typed, size_t len)
{
	*suggest = (struct suggest){ .far = 0 };
	if (len < sizeof suggest->typed)
		memcpy(suggest->typed, typed, len);
	/* One wrong letter in four is about as much as still looks like the word. */
	suggest->far = (strlen(bare(suggest->typed)) + 2) / 4 + 1;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static bool same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Letters to change, add, take out or swap with the next, in a few rows of the well-known table. */
static size_t distance(const char *a, const char *b)
{
	size_t rows[3][SUGGEST_WORD], *before = rows[0], *last = rows[1], *row = rows[2], *turn;
	size_t na = strlen(a), nb = strlen(b);

	for (size_t k = 0; k <= nb; k++)
		row[k] = k;
	for (size_t i = 1; i <= na; i++) {
		turn = before;
		before = last;
		last = row;
		row = turn;
		row[0] = i;
		for (size_t k = 1; k <= nb; k++) {
			row[k] = least(least(last[k], row[k - 1]) + 1,
				       last[k - 1] + !same(a[i - 1], b[k - 1]));
			if (i > 1 && k > 1 && same(a[i - 1], b[k - 2]) && same(a[i - 2], b[k - 1]))
				row[k] = least(row[k], before[k - 2] + 1);
		}
	}
	return row[nb];
}

void suggest_offer(struct suggest *suggest, const char *word)
{
	size_t far;

	if (!word || !*suggest->typed || strlen(word) >= SUGGEST_WORD)
		return;
	far = distance(bare(suggest->typed), bare(word));
	if (far >= suggest->far || far >= strlen(bare(word)))
		return;
	suggest->far = far;
	snprintf(suggest->best, sizeof suggest->best, "%s", word);
}

void suggest_names(struct suggest *suggest, const struct pcp_name *names)
{
	for (; names->name; names++)
		suggest_offer(suggest, names->name);
}

const char *suggest_text(struct suggest *suggest, const char *otherwise)
{
	if (!*suggest->best)
		return otherwise;
	snprintf(suggest->text, sizeof suggest->text, "; did you mean '%s'?", suggest->best);
	return suggest->text;
}
