/* What could complete the line being typed, in a list above it. */
#include "candidates.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "line.h"
#include "list.h"
#include "menu.h"

enum { CANDIDATES_MAX = 500, ROWS_MAX = 10, NONE = -1 };

struct candidate {
	char *word, *help; /* one allocation, at word */
};

struct candidates {
	struct candidate at[CANDIDATES_MAX];
	size_t count;
	long taken; /* NONE: the line holds what they have in common */
	struct list list;
	char typed[INPUT_MAX]; /* the line as it was typed */
	char line[INPUT_MAX];  /* as it was left here: if it is another now, all begins anew */
};

struct candidates *candidates_new(void)
{
	return calloc(1, sizeof(struct candidates));
}

void candidates_close(struct candidates *candidates)
{
	while (candidates->count)
		free(candidates->at[--candidates->count].word);
}

void candidates_free(struct candidates *candidates)
{
	if (candidates)
		candidates_close(candidates);
	free(candidates);
}

bool candidates_shown(const struct candidates *candidates)
{
	return candidates->count > 0;
}

/* Memory that runs out costs candidates, nothing else. */
static void found(void *arg, const char *word, const char *help)
{
	struct candidates *candidates = arg;
	size_t len = strlen(word) + 1, more = help ? strlen(help) + 1 : 1;
	char *copy;

	if (candidates->count == CANDIDATES_MAX || !(copy = malloc(len + more)))
		return;
	memcpy(copy, word, len);
	memcpy(copy + len, help ? help : "", more);
	candidates->at[candidates->count++] = (struct candidate){ copy, copy + len };
}

/* Octets that all words begin with. */
static size_t common(const struct candidates *candidates)
{
	const char *first = candidates->at[0].word;
	size_t i, n, len = strlen(first);

	for (i = 1; i < candidates->count; i++) {
		for (n = 0; n < len && first[n] == candidates->at[i].word[n];)
			n++;
		len = n;
	}
	return len;
}

/* The line with its last word replaced by len octets of another. */
static void put(struct candidates *candidates, struct input *line, const char *word, size_t len,
		const char *after)
{
	const char *blank = strrchr(candidates->typed, ' ');
	int before = blank ? (int)(blank + 1 - candidates->typed) : 0;
	char text[2 * INPUT_MAX];

	snprintf(text, sizeof text, "%.*s%.*s%s", before, candidates->typed, (int)len, word, after);
	input_set(line, text);
	memcpy(candidates->line, line->text, sizeof candidates->line);
}

static void begin(struct candidates *candidates, struct input *line)
{
	const char *word;
	bool whole;

	candidates_close(candidates);
	memcpy(candidates->typed, line->text, sizeof candidates->typed);
	command_complete(candidates->typed, COMMAND_PROMPT, found, candidates);
	if (candidates->count == 0)
		return;
	candidates->taken = NONE;
	candidates->list = (struct list){ 0 };
	word = candidates->at[0].word;
	whole = candidates->count == 1 && word[strlen(word) - 1] != '='; /* a value follows "=" */
	put(candidates, line, word, common(candidates), whole ? " " : "");
}

bool candidates_step(struct candidates *candidates, struct input *line, int by)
{
	const struct candidate *next;
	bool only;

	if (!candidates->count || strcmp(line->text, candidates->line) != 0) {
		begin(candidates, line);
		only = candidates->count == 1 && strcmp(line->text, candidates->typed) != 0;
		if (only)
			candidates_close(candidates); /* done: nothing is left to choose */
		return only || candidates->count > 0;
	}
	if (candidates->taken == NONE)
		candidates->taken = by > 0 ? 0 : (long)candidates->count - 1;
	else
		candidates->taken = (candidates->taken + (long)candidates->count + by) %
				    (long)candidates->count;
	candidates->list.cursor = (size_t)candidates->taken;
	next = &candidates->at[candidates->taken];
	put(candidates, line, next->word, strlen(next->word), "");
	return true;
}

void candidates_undo(struct candidates *candidates, struct input *line)
{
	input_set(line, candidates->typed);
	candidates_close(candidates);
}

/* ---- drawing ---- */

/* At the bottom of the page, as high as there are words, as wide as they and their help. */
static struct rect place(const struct candidates *candidates, const struct rect *page, int *word)
{
	int rows = candidates->count < ROWS_MAX ? (int)candidates->count : ROWS_MAX;
	int widest = 0, width;
	size_t i;

	*word = 0;
	for (i = 0; i < candidates->count; i++) {
		width = draw_width(candidates->at[i].word);
		*word = width > *word ? width : *word;
	}
	for (i = 0; i < candidates->count; i++) {
		width = *word + 6 + draw_width(candidates->at[i].help);
		widest = width > widest ? width : widest;
	}
	rows = rows + 1 < page->height ? rows + 1 : page->height;
	widest = widest < page->width ? widest : page->width;
	return (struct rect){ page->y + page->height - rows, page->x, rows, widest };
}

static void draw_meaning(const struct candidates *candidates, const struct rect *meaning)
{
	if (meaning->height > 0 && candidates->taken != NONE)
		draw_cell(meaning, 0, 0, meaning->width, STYLE_DIM,
			  candidates->at[candidates->taken].help);
}

void candidates_draw(struct candidates *candidates, const struct rect *page,
		     const struct rect *meaning)
{
	struct list *list = &candidates->list;
	struct line left = { .count = 0 }, right = { .count = 0 };
	struct rect box, inside;
	char title[64];
	int word, row;

	if (!candidates->count)
		return;
	box = place(candidates, page, &word);
	if (candidates->taken == NONE)
		snprintf(title, sizeof title, "%zu: Tab takes one after the other",
			 candidates->count);
	else
		snprintf(title, sizeof title, "%ld of %zu", candidates->taken + 1,
			 candidates->count);
	line_add(&left, 0, 1, STYLE_TITLE, "%s", title);
	inside = menu_frame(&box, &left, &right);
	list_fit(list, candidates->count, inside.height);
	for (row = 0; row < inside.height && list->top + (size_t)row < list->count; row++) {
		const struct candidate *at = &candidates->at[list->top + (size_t)row];

		draw_cell(&inside, row, 2, word, STYLE_NORMAL, at->word);
		draw_cell(&inside, row, word + 4, inside.width - word - 4, STYLE_DIM, at->help);
		if ((long)list->top + row == candidates->taken)
			draw_focus(&inside, row, true);
	}
	draw_meaning(candidates, meaning);
}
