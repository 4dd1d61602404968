/* The canvas: what curses comes to hold is what was drawn, frame after frame, and what did not
 * change is not told. */
#define _XOPEN_SOURCE	 700
#define NCURSES_WIDECHAR 1
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <ncurses.h>

#include "canvas.h"

enum { WIDE = 0x6f22, ACUTE = 0x301 };

static int setup(void **state)
{
	FILE *nowhere = fopen("/dev/null", "r+");

	(void)state;
	setlocale(LC_CTYPE, "C.UTF-8");
	return nowhere && newterm("xterm", nowhere, nowhere) ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	endwin();
	canvas_forget();
	return 0;
}

static wchar_t held(int y, int x)
{
	wchar_t text[CCHARW_MAX + 1];
	cchar_t cell;
	attr_t attr;
	short pair;

	mvin_wch(y, x, &cell);
	getcchar(&cell, text, &attr, &pair, NULL);
	return text[0];
}

static void frame(const char *text)
{
	canvas_begin(0);
	canvas_put_ascii(3, 5, text, (int)strlen(text), A_BOLD);
	canvas_show();
}

static void what_changed_is_told(void **state)
{
	(void)state;
	frame("before");
	assert_int_equal(held(3, 5), 'b');
	frame("later");
	assert_int_equal(held(3, 5), 'l');
	assert_int_equal(held(3, 10), ' '); /* what was drawn and is no more */
}

static void nothing_is_told_twice(void **state)
{
	(void)state;
	frame("same");
	wnoutrefresh(stdscr);
	assert_false(is_wintouched(stdscr));
	frame("same");
	assert_false(is_wintouched(stdscr));
	frame("some");
	assert_true(is_linetouched(stdscr, 3));
	assert_false(is_linetouched(stdscr, 4));
}

static void nothing_lies_outside(void **state)
{
	(void)state;
	canvas_begin(0);
	canvas_put(-1, 0, 'x', 1, 0);
	canvas_put(LINES, 0, 'x', 1, 0);
	canvas_put(0, COLS - 1, WIDE, 2, 0);
	canvas_put_ascii(0, COLS - 2, "four", 4, 0);
	canvas_restyle(0, COLS - 1, 2, A_BOLD);
	for (int y = 0; y < LINES; y++)
		for (int x = 0; x < COLS; x++)
			assert_true(canvas_is_blank(y, x));
	assert_false(canvas_is_blank(-1, 0));
	assert_int_equal(canvas_attributes(0, COLS - 1), 0);
}

/* Of a wide character that is covered by half no half stays. */
static void halves_are_blank(void **state)
{
	(void)state;
	canvas_begin(0);
	canvas_put(0, 2, WIDE, 2, 0);
	canvas_put(1, 2, WIDE, 2, 0);
	canvas_show();
	assert_int_equal(held(0, 2), WIDE);
	canvas_put(0, 3, 'x', 1, 0);
	canvas_put(1, 2, 'x', 1, 0);
	canvas_show();
	assert_int_equal(held(0, 2), ' ');
	assert_int_equal(held(0, 3), 'x');
	assert_int_equal(held(1, 2), 'x');
	assert_int_equal(held(1, 3), ' ');
	canvas_put(0, 2, WIDE, 2, 0);
	canvas_show();
	assert_int_equal(held(0, 2), WIDE);
	assert_int_equal(held(0, 4), ' ');
}

/* As many as lie there, with their attributes; of what they cover by half no half stays. */
static void blanks_cover(void **state)
{
	(void)state;
	canvas_begin(0);
	canvas_put(0, 2, WIDE, 2, 0);
	canvas_put(0, 6, WIDE, 2, 0);
	canvas_put_ascii(0, 4, "ab", 2, 0);
	canvas_blank(0, 3, 4, A_BOLD);
	canvas_blank(1, COLS - 2, 4, A_BOLD);
	canvas_blank(1, 0, 0, A_BOLD);
	canvas_blank(1, 1, -1, A_BOLD);
	canvas_blank(LINES, 0, 1, A_BOLD);
	canvas_blank(1, COLS, 1, A_BOLD);
	canvas_blank(1, -1, 2, A_BOLD);
	canvas_show();
	for (int x = 0; x < COLS; x++) {
		assert_int_equal(held(0, x), ' ');
		assert_int_equal(canvas_attributes(0, x), x >= 3 && x < 7 ? A_BOLD : 0);
		assert_int_equal(canvas_attributes(1, x), x >= COLS - 2 ? A_BOLD : 0);
	}
}

static void marks_join_the_character_before(void **state)
{
	wchar_t text[CCHARW_MAX + 1];
	cchar_t cell;
	attr_t attr;
	short pair;

	(void)state;
	canvas_begin(0);
	canvas_put(0, 0, ACUTE, 0, 0); /* there is none before */
	canvas_put(0, 1, 'e', 1, 0);
	for (int i = 0; i < 2 * CCHARW_MAX; i++)
		canvas_put(0, 2, ACUTE, 0, 0);
	canvas_put(0, 2, 'x', 1, 0);
	canvas_show();
	mvin_wch(0, 1, &cell);
	getcchar(&cell, text, &attr, &pair, NULL);
	assert_int_equal(text[0], 'e');
	assert_int_equal(text[1], ACUTE);
	assert_int_equal(held(0, 2), 'x');
	canvas_put(0, 1, 'e', 1, 0);
	canvas_show();
	mvin_wch(0, 1, &cell);
	getcchar(&cell, text, &attr, &pair, NULL);
	assert_int_equal(text[1], 0);
}

/* After another size curses is told all, though it is of the same size again. */
static void another_size_forgets(void **state)
{
	(void)state;
	frame("kept");
	resize_term(10, 20);
	resize_term(24, 80);
	canvas_forget();
	erase();
	frame("kept");
	assert_int_equal(held(3, 5), 'k');
	resize_term(2, 4);
	frame("small");
	resize_term(24, 80);
	frame("large");
	assert_int_equal(held(3, 5), 'l');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_changed_is_told),
		cmocka_unit_test(nothing_is_told_twice),
		cmocka_unit_test(nothing_lies_outside),
		cmocka_unit_test(halves_are_blank),
		cmocka_unit_test(blanks_cover),
		cmocka_unit_test(marks_join_the_character_before),
		cmocka_unit_test(another_size_forgets),
	};

	return cmocka_run_group_tests_name("canvas", tests, setup, teardown);
}
