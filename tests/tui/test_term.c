/* The harness itself, on programs whose screens are known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "term.h"

static struct term *shell(const char *script)
{
	const char *argv[] = { "sh", "-c", script, NULL };

	return term_open(&(struct term_config){ .argv = argv });
}

static void reads_text_and_attributes(void **state)
{
	struct term *term =
		shell("printf '\\033[3;5H\\033[1;31mr\\303\\251d\\033[0m'; read x; exit 7");
	int row, col;

	(void)state;
	term_expect(term, "réd");
	assert_true(term_find(term, "réd", &row, &col));
	assert_int_equal(row, 2);
	assert_int_equal(col, 4);
	VTermScreenCell cell = term_cell(term, 2, 4);

	assert_true(cell.attrs.bold);
	assert_false(VTERM_COLOR_IS_DEFAULT_FG(&cell.fg));
	cell = term_cell(term, 0, 0);
	assert_true(VTERM_COLOR_IS_DEFAULT_FG(&cell.fg));
	term_send(term, "x\r");
	term_expect_exit(term, 7);
	term_close(term);
}

static void follows_the_alternate_screen(void **state)
{
	struct term *term =
		shell("printf '\\033[?1049h\\033[?25lup'; read x; printf '\\033[?25h\\033[?1049l'");

	(void)state;
	term_expect(term, "up");
	assert_true(term->altscreen);
	assert_false(term->cursor_visible);
	term_send(term, "\r");
	term_expect_exit(term, 0);
	assert_false(term->altscreen);
	assert_true(term->cursor_visible);
	term_close(term);
}

static void tells_the_size_and_hangs_up(void **state)
{
	struct term *term =
		shell("trap 'stty size' WINCH; echo ready; while :; do sleep 0.05; done");

	(void)state;
	term_expect(term, "ready");
	term_resize(term, 33, 101);
	term_expect(term, "33 101");
	term_hangup(term);
	assert_int_equal(term_wait_exit(term, 60000), 128 + 1); /* SIGHUP */
	term_close(term);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_text_and_attributes),
		cmocka_unit_test(follows_the_alternate_screen),
		cmocka_unit_test(tells_the_size_and_hangs_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
