/* The room on the screen: how much of it carries something, and that no value is cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dash.h"

static void three_mappings_and_a_get(struct term *term)
{
	dash_command(term, "map 8080 8080 tcp -des web");
	dash_command(term, "map 5000 5000 udp -lt 600");
	dash_command(term, "peer 40000 40000 tcp 443 198.51.100.7");
	dash_command(term, "get -next");
	term_expect(term, "✓ #4  3 mappings stand");
}

/* One of each: lost, renewing, refused, granted with and without a name, a PEER. */
static void six_rows(struct term *term)
{
	dash_command(term, "map 8443 8443 tcp -des nas -tp 10.9.8.7");
	term_expect(term, "✓ #1");
	dash_command(term, "lab restart");
	dash_command(term, "announce");
	term_expect(term, "○ 1");
	dash_command(term, "map 8080 8080 tcp -des web");
	dash_command(term, "peer 40000 40000 tcp 443 198.51.100.7 -lt 7200");
	dash_command(term, "map 5000 5000 udp -lt 600");
	dash_command(term, "map 8080 5351 udp -pf");
	term_expect(term, "CANNOT_PROVIDE_EXTERNAL");
	dash_command(term, "map 22 2222 tcp -des ssh -f 198.51.100.0/24/0 -f 203.0.113.0/24/0");
	dash_command(term, "get -next");
	term_expect(term, "✓ #8  4 mappings stand: ");
}

/* Where a value was cut there is an ellipsis; one that stands for more, as in "FILTER …", has a
 * blank before it. */
static void nothing_is_cut(struct term *term)
{
	char *text = term_text(term);

	for (char *cut = strstr(text, "…"); cut; cut = strstr(cut + 1, "…"))
		if (cut == text || cut[-1] != ' ')
			fail_msg("cut: %.60s", cut - (cut - text < 40 ? cut - text : 40));
	free(text);
}

static void three_mappings_fill_the_screen(void **state)
{
	struct term *term = dash_open(&(struct dash){ .rows = 40, .cols = 120 });
	int carries;

	(void)state;
	three_mappings_and_a_get(term);
	carries = term_carries(term);
	print_message("three mappings and a GET: %d.%d %%\n", carries / 10, carries % 10);
	assert_true(carries >= 550);
	nothing_is_cut(term);
	dash_quit(term);
}

static void six_rows_fill_it_further(void **state)
{
	struct term *term = dash_open(&(struct dash){ .rows = 40, .cols = 120 });
	int carries;

	(void)state;
	six_rows(term);
	carries = term_carries(term);
	print_message("six rows: %d.%d %%\n", carries / 10, carries % 10);
	assert_true(carries >= 620);
	nothing_is_cut(term);
	dash_quit(term);
}

/* Nor at 80x24, whichever pane is in front. */
static void nothing_is_cut_where_it_is_narrow(void **state)
{
	static const char *const panes[] = { "\033OQ", "\033OR", "\033OS", "\033[15~" };
	struct term *term = dash_open(&(struct dash){ .words = NULL });

	(void)state;
	six_rows(term);
	term_expect(term, " and 2 more; the list is whole"); /* there is room for two */
	for (size_t i = 0; i < sizeof panes / sizeof *panes; i++) {
		term_send(term, panes[i]);
		term_settle(term, 50);
		nothing_is_cut(term);
	}
	dash_quit(term);
}

/* A cell with a character, and a blank between two. */
static void what_carries_is_counted(void **state)
{
	static const char *const argv[] = { "printf", "a b  c\\n d", NULL };
	struct term *term =
		term_open(&(struct term_config){ .rows = 10, .cols = 10, .argv = argv });

	(void)state;
	term_expect_exit(term, 0);
	assert_int_equal(term_carries(term), 50);
	term_close(term);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_carries_is_counted),
		cmocka_unit_test(three_mappings_fill_the_screen),
		cmocka_unit_test(six_rows_fill_it_further),
		cmocka_unit_test(nothing_is_cut_where_it_is_narrow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
