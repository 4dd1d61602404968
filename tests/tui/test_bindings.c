/*
 * Every key of the table of bindings, pressed in every place where the table says that it works:
 * something must come of it, if only the sentence that says why not. And the help lists them all.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <cmocka.h>

#include "dash.h"
#include "keys.h"
#include "places.h"
#include "vocabulary.h"

/* ---- whether something happened ---- */

/* Blanks times of day, countdowns and their bars, which change without a key. */
static void blank_times(char *text)
{
	for (char *at = text; *at; at++)
		if (!strncmp(at, "█", 3) || !strncmp(at, "░", 3))
			memset(at, ' ', 3);
		else if (at > text && at[0] == ':' && strspn(at + 1, "0123456789") == 2) {
			memset(at, ' ', 3);
			for (char *digit = at - 1; digit >= text && strspn(digit, "0123456789 ");
			     digit--)
				*digit = ' ';
		}
}

/* Text, looks and cursor. The caller frees it. */
static char *look(struct term *term)
{
	char *text = term_text(term), *all = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&all, &len);

	assert_non_null(out);
	blank_times(text);
	fprintf(out, "%s%d %d %d", text, term->cursor.row, term->cursor.col, term->cursor_visible);
	for (int row = 0; row < term->rows; row++)
		for (int col = 0; col < term->cols; col++) {
			VTermScreenCell cell = term_cell(term, row, col);

			fputc('0' + cell.attrs.reverse * 4 + cell.attrs.bold * 2 +
				      (cell.attrs.underline != 0),
			      out);
			fwrite(&cell.fg, sizeof cell.fg, 1, out);
		}
	fclose(out);
	free(text);
	return all;
}

/* The screen was cleared, or left. */
static bool drawn_anew(const char *octets)
{
	return strstr(octets, "\033[2J") || strstr(octets, "\033[?1049l");
}

/* Until something is otherwise than before, within `ms`. */
static bool something_happens(struct term *term, const char *before, size_t octets, int ms)
{
	for (int waited = 0; waited < ms; waited += 2) {
		term_settle(term, 2);
		if (term_wait_exit(term, 0) != -1 || drawn_anew(term->raw + octets))
			return true;
		char *now = look(term);
		bool other = strcmp(now, before) != 0;

		free(now);
		if (other)
			return true;
	}
	return false;
}

/* What shows when nothing is on its way any more. The caller frees it. */
static char *rest(struct term *term, int quiet_ms)
{
	char *before = NULL, *now = look(term);

	do {
		free(before);
		before = now;
		term_settle(term, quiet_ms);
		now = look(term);
	} while (strcmp(before, now) != 0);
	free(before);
	return now;
}

/* Gets there, lets the screen come to rest, presses the key and waits for something to happen. */
static bool press(struct term *term, const char *again, const char *shows, const char *octets,
		  int quiet_ms, int ms)
{
	char *before;
	bool happened;

	term_send(term, again);
	term_expect(term, shows);
	before = rest(term, quiet_ms);
	size_t written = term->octets;

	term_send(term, octets);
	happened = something_happens(term, before, written, ms) &&
		   !term_shows(term, " does nothing "); /* the screen says so */
	free(before);
	return happened;
}

static bool press_in(struct term *term, const struct place *place, const char *octets, int quiet_ms,
		     int ms)
{
	return press(term, place->again, place->shows, octets, quiet_ms, ms) ||
	       (place->other && press(term, place->other, place->shows, octets, quiet_ms, ms));
}

/* A busy machine may not have been at rest: what seems to do nothing gets another chance, where no
 * key before has left anything to happen later. */
static bool does_something(struct term **term, const struct place *place, const char *octets)
{
	if (press_in(*term, place, octets, 5, 100))
		return true;
	term_close(*term);
	*term = place_open(place);
	return press_in(*term, place, octets, 200, 2000);
}

/* ---- the tests ---- */

static void keys_of_a_binding(struct term **term, const struct place *place,
			      const struct binding *binding)
{
	struct keymap map;
	const ui_key *key = map.key[binding - ui_bindings];
	char name[16];

	keymap_init(&map);
	for (size_t i = 0; i < KEYS_PER_BINDING && key[i]; i++) {
		ui_key_name(key[i], name, sizeof name);
		const char *octets = vocabulary_key(name);

		assert_non_null(octets);
		if (!does_something(term, place, octets)) {
			print_error("%s (%s) does nothing in %s:\n%s", name, binding->name,
				    place->name, term_text(*term));
			fail();
		}
		if (!term_ended(*term))
			continue;
		assert_int_equal(term_wait_exit(*term, 0), 0);
		term_close(*term);
		*term = place_open(place);
	}
}

static bool goes_where_one_is(const struct place *place, const struct binding *binding)
{
	const char *pane =
		place->where == IN_CAPTURE ? "compose" : place->name; /* whose place it has */

	return strcasecmp(binding->name, pane) == 0;
}

static void every_key_does_something(void **state)
{
	const struct place *place = *state;
	struct term *term = place_open(place);
	char unbound[] = { place->unbound, '\0' };

	/* First that the test would see it if nothing happened, and that a person does. */
	if (place->unbound) {
		if (press(term, place->again, place->shows, unbound, 60, 2000))
			fail_msg("%c, which is bound to nothing in %s, does something",
				 place->unbound, place->name);
		term_expect(term, "^ does nothing here; ? lists the keys");
		term_close(term);
		term = place_open(place);
	}
	for (size_t i = 0; i < ui_nbindings; i++)
		if (ui_bindings[i].where & place->where &&
		    !goes_where_one_is(place, &ui_bindings[i]))
			keys_of_a_binding(&term, place, &ui_bindings[i]);
	term_close(term);
}

static void every_place_is_tried(void **state)
{
	unsigned all = 0, tried = 0;

	(void)state;
	for (size_t i = 0; i < ui_nbindings; i++)
		all |= ui_bindings[i].where;
	for (size_t i = 0; i < place_count; i++)
		tried |= places[i].where;
	assert_int_equal(tried, all);
}

/* All of the help, which takes two pages. */
static void read_help(char *text, size_t cap)
{
	struct term *term = dash_open(&(struct dash){ .rows = 120, .cols = 200 });
	size_t len = 0;

	term_send(term, "?g");
	term_expect(term, "every key;");
	for (const char *key = "GG"; *key; key++) {
		char *page = rest(term, 50), *shown = term_text(term);

		len += (size_t)snprintf(text + len, cap - len, "%s", shown);
		assert_true(len < cap);
		free(page);
		free(shown);
		term_send(term, (const char[]){ *key, '\0' });
	}
	term_send(term, "q");
	dash_quit(term);
}

static void the_help_lists_them_all(void **state)
{
	struct keymap map;
	static char text[1 << 17];

	(void)state;
	read_help(text, sizeof text);
	keymap_init(&map);
	for (size_t i = 0; i < ui_nbindings; i++) {
		char keys[96];
		const char *help = strstr(text, ui_bindings[i].help), *row = help;

		if (!help)
			fail_msg("the help says nothing of %s", ui_bindings[i].name);
		ui_key_names(&map, &ui_bindings[i], 1, keys, sizeof keys);
		while (row > text && row[-1] != '\n')
			row--;
		assert_in_range(strstr(row, keys) - row, 1, help - row - 1);
	}
}

int main(void)
{
	static char names[PLACES_MAX][40];
	struct CMUnitTest tests[PLACES_MAX + 2];

	if (!vocabulary_learn("xterm-256color"))
		return 1;
	for (size_t i = 0; i < place_count; i++) {
		snprintf(names[i], sizeof names[i], "every key does something in %s",
			 places[i].name);
		tests[i] = (struct CMUnitTest){ names[i], every_key_does_something, NULL, NULL,
						(void *)(uintptr_t)&places[i] };
	}
	tests[place_count] = (struct CMUnitTest)cmocka_unit_test(every_place_is_tried);
	tests[place_count + 1] = (struct CMUnitTest)cmocka_unit_test(the_help_lists_them_all);
	return _cmocka_run_group_tests("bindings", tests, place_count + 2, places_start,
				       places_stop);
}
