/* The tour, walked by somebody who reads nothing but the screen, does what it says and nothing
 * else; by one who lets it type; and by one who strays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dash.h"
#include "literal.h"

enum { ROWS_OF_TEXT = 3, TEXT = 600 };

static struct dash wide = { .rows = 40, .cols = 120 }, small = { .rows = 24, .cols = 80 },
		   low = { .rows = 12, .cols = 60 }, old = { .term = "vt100", .locale = "C" };

/* ---- reading ---- */

/* The row of the tour's bar. */
static bool bar_row(struct term *term, int *row)
{
	int col;
	char *text;
	bool found;

	if (!term_find(term, " of 1", row, &col))
		return false;
	text = term_row(term, *row);
	found = strstr(text, "Tour") != NULL;
	free(text);
	return found;
}

/* What it says below its bar, up to the answer line, as one line. */
static void read_text(struct term *term, char text[TEXT])
{
	int row;
	size_t n = 0;

	text[0] = '\0';
	for (int i = 0; bar_row(term, &row) && i < ROWS_OF_TEXT; i++) {
		char *line = term_row(term, row + 1 + i);

		n += (size_t)snprintf(text + n, TEXT - n, "%s ", line + strspn(line, " "));
		free(line);
	}
}

static bool is_explained(struct term *term)
{
	char text[TEXT];

	read_text(term, text);
	return !strncmp(text, "✓", strlen("✓")) || !strncmp(text, "* ", 2);
}

/* Keys stand in bold: what is typed next is the run of bold cells from *row, *col on. */
static bool next_key(struct term *term, int last, int *row, int *col, char what[200])
{
	size_t n = 0;

	for (; *row <= last; (*row)++, *col = 0)
		for (; *col < term->cols; (*col)++) {
			VTermScreenCell cell = term_cell(term, *row, *col);

			if (cell.attrs.bold && n < 199)
				what[n++] = (char)cell.chars[0];
			else if (n) {
				what[n] = '\0';
				return true;
			}
		}
	return false;
}

/* Types all that the text names, in its order. */
static void obey(struct term *term)
{
	char what[10][200];
	size_t n = 0;
	int row, col = 0, last;

	assert_true(bar_row(term, &row));
	last = row + ROWS_OF_TEXT;
	row++;
	while (n < 10 && next_key(term, last, &row, &col, what[n]))
		n++;
	for (size_t i = 0; i < n; i++)
		literal_type(term, what[i]);
}

static void let_it_type(struct term *term)
{
	literal_type(term, "F8");
}

/* Another text than before, or none. */
static bool has_changed(struct term *term, void *before)
{
	char now[TEXT];

	read_text(term, now);
	return strcmp(now, before) != 0;
}

static void next_text(struct term *term, void (*go)(struct term *term))
{
	char before[TEXT];

	read_text(term, before);
	go(term);
	term_expect_that(term, "another text of the tour", has_changed, before);
	term_settle(term, 50);
}

/* The step's number, and of how many; 0 where the tour is not in sight. */
static int step_of(struct term *term, int *of)
{
	int row, step = 0;
	char *text;

	if (!bar_row(term, &row))
		return 0;
	text = term_row(term, row);
	sscanf(strstr(text, "Tour") + 5, " %d of %d", &step, of);
	free(text);
	return step;
}

static struct term *begin(const struct dash *dash)
{
	struct term *term = dash_open(dash);

	term_expect(term, "begins the tour");
	term_send(term, "t");
	term_expect(term, "Ask for a port");
	term_settle(term, 50);
	return term;
}

/* Goes through all steps: each is explained before the next one comes, none is passed over. */
static void walk(struct term *term, void (*go)(struct term *term))
{
	int of = 0, at = step_of(term, &of), seen = at, explained = at - 1;

	while (at) {
		assert_in_range(at, seen, seen + 1);
		if (at == seen + 1)
			assert_int_equal(explained, seen);
		seen = at;
		if (is_explained(term))
			explained = at;
		next_text(term, go);
		at = step_of(term, &of);
	}
	assert_int_equal(seen, of);
	assert_int_equal(explained, of);
	term_expect(term, "the tour is over");
}

/* ---- the tests ---- */

static void by_what_the_screen_says(void **state)
{
	struct term *term = begin(*state);

	walk(term, obey);
	dash_quit(term);
}

static void by_one_key(void **state)
{
	struct term *term = begin(*state);

	walk(term, let_it_type);
	dash_quit(term);
}

/* Goes on until the step of that title. */
static void until(struct term *term, const char *title)
{
	while (!term_shows(term, title))
		next_text(term, obey);
}

static void expect_way_back(struct term *term, const char *text)
{
	term_expect(term, text);
	term_settle(term, 50);
}

/* Each thing in the way is named, with the key that takes it away. */
static void whoever_strays_is_led_back(void **state)
{
	struct term *term = begin(*state);

	term_send(term, "\r"); /* a field */
	expect_way_back(term, "A field is being edited");
	next_text(term, obey);
	term_send(term, "o"); /* a list */
	expect_way_back(term, "A list is open");
	next_text(term, obey);
	term_send(term, "?"); /* a page */
	expect_way_back(term, "Back to the panes with q");
	next_text(term, obey);
	term_send(term, ":lab drop=1\r"); /* a lab that hears nothing */
	expect_way_back(term, ":lab faults=off");
	next_text(term, obey);
	until(term, "Lose your key");
	dash_command(term, "delete 1"); /* what the step is about */
	expect_way_back(term, ":map 8080 8080 tcp and Enter");
	until(term, "Give it back");
	dash_command(term, "map 9 9 tcp -lt 300");
	term_send(term, "\0332g");
	until(term, "Pull the plug");
	next_text(term, obey);
	next_text(term, obey);
	term_expect(term, "Make it whole");
	walk(term, obey);
	dash_quit(term);
}

/* What was typed a step early is not repeated by the engine (RFC 6887 8.3): it counts. */
static void what_was_done_before_counts(void **state)
{
	struct term *term = begin(*state);

	until(term, "Lose your key");
	dash_command(term, "map 8080 8080 tcp -no 0x010203040506070809101112");
	term_expect(term, "NOT_AUTHORIZED: who does not know");
	until(term, "Give it back");
	dash_command(term, "map 8080 5351 udp -pf");
	term_expect(term, "is not to be had");
	term_expect(term, "Give it back");
	until(term, "Insist");
	term_expect(term, "#3 has done this before: CANNOT_PROVIDE_EXTERNAL");
	term_send(term, "\r");
	term_expect(term, "Describe a flow");
	dash_command(term, "tour 3");
	term_expect(term, "#2 has done this before: NOT_AUTHORIZED");
	dash_quit(term);
}

/* Each step can be passed over, and gone to. */
static void any_step_can_be_passed_over(void **state)
{
	struct term *term = begin(*state);
	int of = 0, at;

	while ((at = step_of(term, &of)) < of) {
		char next[32];

		snprintf(next, sizeof next, "%d of %d", at + 1, of);
		dash_command(term, "tour next");
		term_expect(term, next);
		term_settle(term, 50);
	}
	dash_command(term, "tour 14");
	term_expect(term, "'14' is neither next nor a step from 1 to 13");
	dash_command(term, "tour 2");
	term_expect(term, "Read the answer");
	dash_command(term, "tour 13");
	dash_command(term, "tour next");
	term_expect(term, "the tour is over");
	dash_quit(term);
}

/* F8, pressed by somebody who presses nothing else. */
static void expect_f8_to(struct term *term, const char *text)
{
	for (int i = 0; i < 12 && !term_shows(term, text); i++) {
		let_it_type(term);
		term_settle(term, 100);
	}
	term_expect(term, text);
}

/* Wherever somebody stands in Decode, the step comes to its end. */
static void one_key_helps_from_any_row(void **state)
{
	static const char *const before[] = { "\r", "l", "p", "\r[", "lp" };

	for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
		struct term *term = begin(*state);

		until(term, "Read the answer");
		let_it_type(term);
		term_settle(term, 100);
		assert_false(is_explained(term));
		term_send(term, before[i]);
		term_settle(term, 100);
		expect_f8_to(term, "First a header of 24 octets");
		dash_quit(term);
	}
}

/* Where what the step names leads nowhere, it says how to go on without it, and does. */
static void where_it_is_stuck_it_goes_on(void **state)
{
	struct term *term = begin(*state);

	dash_command(term, "lab max-lifetime=100s");
	dash_command(term, "map 4000 5351 udp -pf");
	expect_f8_to(term, "Read the answer");
	dash_command(term, "tour 4");
	term_send(term, "\0332/nothing has this\r"); /* the row that it wants is hidden */
	term_settle(term, 100);
	let_it_type(term);
	let_it_type(term);
	term_expect(term, ":tour next and Enter go on without this step");
	let_it_type(term);
	term_expect(term, "Insist");
	dash_quit(term);
}

static void put_away_it_keeps_its_step(void **state)
{
	struct term *term = begin(*state);

	until(term, "Lose your key");
	term_send(term, "\033");
	term_expect_gone(term, "Lose your key");
	term_expect(term, "the tour waits at step 3");
	dash_command(term, "tour");
	term_expect(term, "Lose your key");
	dash_quit(term);
}

/* While a step is explained Enter goes on, and does nothing else: no field is edited by it. */
static void enter_goes_on_and_nothing_else(void **state)
{
	struct term *term = begin(*state);

	next_text(term, obey);
	assert_true(is_explained(term));
	term_send(term, "\r");
	term_expect(term, "Read the answer");
	assert_false(term_shows(term, "being edited"));
	term_send(term, "\r"); /* not explained: the pane's own again */
	term_expect(term, "being edited");
	dash_quit((term_send(term, "\033"), term_settle(term, 300), term));
}

/* Where it is narrow, what is to be done comes first; the key is in sight. */
static void a_small_screen_has_the_key(void **state)
{
	struct term *term = begin(*state);

	term_expect(term, "Press s to send it");
	next_text(term, let_it_type);
	term_expect(term, "✓");
	for (int rows = 24; rows >= 10; rows -= 2)
		for (int cols = 80; cols >= 40; cols -= 20) {
			term_resize(term, rows, cols);
			term_settle(term, 50);
			term_expect(term, "Tour");
		}
	dash_quit(term);
}

static void without_a_lab_it_says_what_it_wants(void **state)
{
	const char *argv[] = { dash_program(), "--no-save", "-s", "127.0.0.1:9", NULL };
	struct term *term = term_open(&(struct term_config){ .argv = argv });

	(void)state;
	term_expect(term, "q quit");
	assert_false(term_shows(term, "tour"));
	term_send(term, "t");
	term_expect(term, "start pcpscope with --lab");
	dash_quit(term);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "by what the screen says at 120x40", by_what_the_screen_says, NULL, NULL, &wide },
		{ "by what the screen says at 80x24", by_what_the_screen_says, NULL, NULL, &small },
		{ "by what the screen says, in ASCII without colour", by_what_the_screen_says, NULL,
		  NULL, &old },
		{ "by one key", by_one_key, NULL, NULL, &small },
		{ "whoever strays is led back", whoever_strays_is_led_back, NULL, NULL, &small },
		{ "what was done before counts", what_was_done_before_counts, NULL, NULL, &small },
		{ "any step can be passed over", any_step_can_be_passed_over, NULL, NULL, &small },
		{ "one key helps from any row", one_key_helps_from_any_row, NULL, NULL, &small },
		{ "where it is stuck it goes on", where_it_is_stuck_it_goes_on, NULL, NULL,
		  &small },
		{ "put away it keeps its step", put_away_it_keeps_its_step, NULL, NULL, &small },
		{ "Enter goes on and nothing else", enter_goes_on_and_nothing_else, NULL, NULL,
		  &small },
		{ "a small screen has the key", a_small_screen_has_the_key, NULL, NULL, &low },
		cmocka_unit_test(without_a_lab_it_says_what_it_wants),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
