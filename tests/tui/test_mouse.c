/* The mouse: what a click or the wheel does, and when it does nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dash.h"

enum { LEFT = 0, WHEEL_UP = 64, WHEEL_DOWN = 65 };

static void mouse(struct term *term, int button, int row, int col)
{
	char report[80];

	snprintf(report, sizeof report, "\033[<%d;%d;%dM\033[<%d;%d;%dm", button, col + 1, row + 1,
		 button, col + 1, row + 1);
	term_send(term, report);
}

/* A click on the text. */
static void click(struct term *term, const char *text)
{
	int row, col;

	term_expect(term, text);
	assert_true(term_find(term, text, &row, &col));
	mouse(term, LEFT, row, col);
}

/* The row of the cursor holds the text, and is shown as selected. */
static bool is_selected(struct term *term, const char *text)
{
	VTermScreenCell cell = term_cell(term, term->cursor.row, term->cursor.col);
	char *row = term_row(term, term->cursor.row);
	bool there = strstr(row, text) && !VTERM_COLOR_IS_DEFAULT_BG(&cell.bg);

	free(row);
	return there;
}

static void expect_selected(struct term *term, const char *text)
{
	for (int waited = 0; waited < 10000 && !is_selected(term, text); waited += 10)
		term_settle(term, 10);
	if (!is_selected(term, text))
		fail_msg("'%s' is not selected:\n%s", text, term_text(term));
}

static struct term *with_mappings(int rows, int cols)
{
	struct term *term = dash_open(&(struct dash){ .rows = rows, .cols = cols });

	assert_true(term_mouse(term));
	dash_command(term, "map 1001 0 tcp");
	dash_command(term, "map 1002 0 tcp");
	dash_command(term, "map 1003 0 tcp");
	term_expect(term, "● 3");
	term_expect(term, "✓ #3  ");
	return term;
}

static void a_click_takes_pane_and_row(void **state)
{
	struct term *term = with_mappings(40, 120);

	(void)state;
	click(term, "127.0.0.1:1002");
	expect_selected(term, "127.0.0.1:1002");
	term_expect(term, "r renew");
	click(term, "MAP tcp 1003");
	expect_selected(term, "MAP tcp 1003");
	term_expect(term, "m mark");
	click(term, "Opcode");
	expect_selected(term, "Opcode");
	term_expect(term, "Enter fold");
	click(term, "Suggested port");
	expect_selected(term, "Suggested port");
	term_expect(term, "s send");
	dash_quit(term);
}

static void a_click_takes_an_octet(void **state)
{
	struct term *term = with_mappings(40, 120);
	int row, col;

	(void)state;
	click(term, "MAP tcp 1003");
	term_expect(term, "0010  ");
	assert_true(term_find(term, "0000  02", &row, &col));
	mouse(term, LEFT, row, col + 6 + 3); /* the second: R and opcode */
	term_expect(term, "R bit (RFC 6887 7.");
	assert_int_equal(term->cursor.row, row);
	assert_int_equal(term->cursor.col, col + 6 + 3);
	dash_quit(term);
}

static void the_wheel_moves_the_cursor(void **state)
{
	struct term *term = with_mappings(24, 80);

	(void)state;
	term_send(term, "\0332g");
	expect_selected(term, "127.0.0.1:1001");
	mouse(term, WHEEL_DOWN, 5, 5);
	expect_selected(term, "127.0.0.1:1002");
	mouse(term, WHEEL_DOWN, 5, 5);
	mouse(term, WHEEL_UP, 5, 5);
	mouse(term, WHEEL_DOWN, 5, 5);
	expect_selected(term, "127.0.0.1:1003");
	mouse(term, WHEEL_UP, 5, 5);
	mouse(term, WHEEL_UP, 5, 5);
	expect_selected(term, "127.0.0.1:1001");
	term_send(term, "?g");
	expect_selected(term, "Compose");
	mouse(term, WHEEL_DOWN, 5, 5);
	expect_selected(term, "types a value");
	term_send(term, "q");
	dash_quit(term);
}

/* It scrolls what is under the pointer. */
static void the_wheel_takes_the_pane_under_it(void **state)
{
	struct term *term = with_mappings(40, 120);
	int row, col;

	(void)state;
	term_send(term, "\033OQ");
	term_expect(term, "s send");
	assert_true(term_find(term, "127.0.0.1:1003", &row, &col));
	mouse(term, WHEEL_DOWN, row, col);
	term_expect(term, "r renew");
	expect_selected(term, "127.0.0.1:1002");
	dash_quit(term);
}

static void a_click_takes_an_entry_of_a_menu(void **state)
{
	struct term *term = with_mappings(40, 120);

	(void)state;
	term_send(term, "\0331o");
	term_expect(term, "Enter take");
	click(term, "DESCRIPTION 128");
	term_expect_gone(term, "Enter take");
	term_expect(term, "Description (RFC 7220");
	dash_quit((term_send(term, "\033"), term)); /* its text is being typed */
}

/* Where a click would take something away from what is being typed or answered. */
static void a_click_leaves_what_is_open_alone(void **state)
{
	struct term *term = with_mappings(40, 120);

	(void)state;
	term_send(term, ":map 7");
	term_expect(term, ":map 7");
	click(term, "127.0.0.1:1002");
	term_send(term, "77");
	term_expect(term, ":map 777");
	term_send(term, "\0331o");
	term_expect(term, "Add an option");
	term_expect(term, "Enter take");
	click(term, "127.0.0.1:1001");
	term_send(term, "\033[B");
	term_expect(term, "Enter take");
	term_send(term, "\033");
	term_expect(term, "s send");
	dash_quit(term);
}

/* Outside of everything, and where the screen is too small to be anything. */
static void a_click_anywhere_does_no_harm(void **state)
{
	struct term *term = with_mappings(24, 80);

	(void)state;
	for (int row = 0; row < 24; row++)
		for (int col = 0; col < 80; col += 7)
			mouse(term, LEFT, row, col);
	mouse(term, LEFT, 200, 200);
	mouse(term, 3, 1, 1);
	mouse(term, 999, 1, 1);
	term_send(term, "\033OS");
	term_expect(term, "m mark");
	dash_quit(term);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_click_takes_pane_and_row),
		cmocka_unit_test(a_click_takes_an_octet),
		cmocka_unit_test(the_wheel_moves_the_cursor),
		cmocka_unit_test(the_wheel_takes_the_pane_under_it),
		cmocka_unit_test(a_click_takes_an_entry_of_a_menu),
		cmocka_unit_test(a_click_leaves_what_is_open_alone),
		cmocka_unit_test(a_click_anywhere_does_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
