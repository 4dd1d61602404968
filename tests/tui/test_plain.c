/*
 * --plain, for screen readers: in every place it says each word that the coloured screen says, and
 * the terminal's cursor, which such a program reads from, stands on what has the focus.
 */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "places.h"
#include "views.h"
#include "vocabulary.h"

enum { ROWS = 24, COLS = 80, WORD_MAX = 128, LEAST = 2 };

/* The octets of the key that `keys` begin with: a character, or what a function key sends. */
static size_t key_length(const char *keys)
{
	if (keys[0] != '\033' || (keys[1] != 'O' && keys[1] != '['))
		return 1;
	return 2 + (keys[1] == '[' ? strspn(keys + 2, "0123456789;") : 0) + 1;
}

/* A frame for each key: what a pane scrolled to may depend on the frames between. */
static void press_each(struct term *term, const char *keys)
{
	char key[16];

	for (size_t n; *keys; keys += n) {
		n = key_length(keys);
		snprintf(key, sizeof key, "%.*s", (int)n, keys);
		term_send(term, key);
		term_settle(term, 1);
	}
}

static struct term *at_rest(const struct place *place, const char *option)
{
	struct term *term = place_open_as(place, ROWS, COLS, option);

	press_each(term, place->again);
	term_expect(term, place->shows);
	term_settle(term, 100);
	return term;
}

/* ---- words ---- */

/* The next word of letters, digits and dashes; false at the end. */
static bool next_word(const char **at, char word[WORD_MAX])
{
	size_t n = 0;

	while (**at && !isalnum((unsigned char)**at))
		++*at;
	while (**at && (isalnum((unsigned char)**at) || **at == '-') && n < WORD_MAX - 1)
		word[n++] = *(*at)++;
	word[n] = '\0';
	return n > 0;
}

/* Octets, nonces, ports and times, which are otherwise in each run. */
static bool is_random(const char *word)
{
	size_t hex = strspn(word, "0123456789abcdef");

	return strlen(word) < LEAST || !word[hex] || isdigit((unsigned char)*word);
}

/* A row of octets has their characters beside them. */
static bool is_dump(const char *row)
{
	return strspn(row, "0123456789abcdef") == 4 && strncmp(row + 4, "  ", 2) == 0;
}

static void says_each_word(const char *coloured, const char *plain, const char *where)
{
	const char *at = coloured;
	char word[WORD_MAX], row[4 * COLS + 1];

	while (*at) {
		size_t len = strcspn(at, "\n");
		const char *words = row;

		snprintf(row, sizeof row, "%.*s", (int)len, at);
		at += len + (at[len] != '\0');
		while (!is_dump(row) && next_word(&words, word))
			if (!is_random(word) && !strstr(plain, word))
				fail_msg("%s: --plain does not say '%s' of\n%s\n%s", where, word,
					 row, plain);
	}
}

/* ---- where the cursor stands ---- */

/* What has to be in its row: the mark of the row that has the focus, or what is being typed. */
static const char *focus_of(const struct place *place)
{
	return place->where == IN_TEXT	     ? ":map"
	       : place->where == IN_HEX	     ? "0000  02"
	       : place->where == IN_QUESTION ? "End?"
					     : "▌";
}

static void cursor_is_on_the_focus(struct term *term, const struct place *place)
{
	char *row = term_row(term, term->cursor.row);

	assert_true(term->cursor_visible);
	if (!strstr(row, focus_of(place)))
		fail_msg("%s: the cursor is in row %d, column %d, not at %s:\n%s", place->name,
			 term->cursor.row, term->cursor.col, focus_of(place), row);
	free(row);
}

static void plain_says_all(void **state)
{
	const struct place *place = *state;
	struct term *coloured = at_rest(place, NULL), *plain = at_rest(place, "--plain");
	char *seen = term_text(coloured), *said = term_text(plain);

	says_each_word(seen, said, place->name);
	cursor_is_on_the_focus(plain, place);
	free(seen);
	free(said);
	term_close(coloured);
	term_close(plain);
}

/* Each view of the table is one of the places. */
static void every_view_is_tried(void **state)
{
	unsigned tried = 0;

	(void)state;
	for (size_t i = 0; i < place_count; i++)
		tried |= places[i].where;
	assert_int_equal(tried & IN_VIEWS, IN_VIEWS);
}

int main(void)
{
	static char names[PLACES_MAX][64];
	struct CMUnitTest tests[PLACES_MAX + 1];

	if (!vocabulary_learn("xterm-256color"))
		return 1;
	for (size_t i = 0; i < place_count; i++) {
		snprintf(names[i], sizeof names[i], "plain says all of %s", places[i].name);
		tests[i] = (struct CMUnitTest){ names[i], plain_says_all, NULL, NULL,
						(void *)(uintptr_t)&places[i] };
	}
	tests[place_count] = (struct CMUnitTest)cmocka_unit_test(every_view_is_tried);
	return _cmocka_run_group_tests("plain", tests, place_count + 1, places_start, places_stop);
}
