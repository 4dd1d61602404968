/* The table of mappings and the list of exchanges: what they say while things go on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dash.h"

/* ---- what takes long ---- */

static void ask_for_maps(struct term *term, int n)
{
	for (int i = 0; i < n; i++) {
		char line[40];

		snprintf(line, sizeof line, "map %d 0 udp", 3000 + i);
		dash_command(term, line);
	}
}

/* Twenty mappings are two answers of GET, each two seconds late. */
static void a_walk_tells_how_far_it_is_and_stops(void **state)
{
	struct term *term = dash_open(&(struct dash){ .words = "delay=2s" });

	(void)state;
	ask_for_maps(term, 20);
	term_send(term, "2");
	term_expect(term, "20 maps");
	dash_command(term, "walk");
	term_expect(term, "walk: 0 mappings, 0 requests, Esc stops it");
	term_expect(term, "walk: 17 mappings, 1 request");
	term_send(term, "1"); /* other keys do what they do */
	term_expect(term, "[1 Compose]");
	term_send(term, "\033");
	term_expect(term, "the walk was stopped: 17 mappings, 1 request");
	term_expect_gone(term, "Esc stops it");
	dash_quit(term);
}

static void a_walk_tells_its_end(void **state)
{
	struct term *term = dash_open(&(struct dash){ .words = NULL });

	(void)state;
	ask_for_maps(term, 20);
	term_expect(term, "20 maps");
	dash_command(term, "walk");
	term_expect(term, "20 mappings, 2 requests  (O shows 21 lines)");
	term_expect_gone(term, "Esc stops it");
	dash_quit(term);
}

/* Quitting takes a walk along. */
static void quit_ends_a_walk(void **state)
{
	struct term *term = dash_open(&(struct dash){ .words = "delay=2s" });

	(void)state;
	dash_command(term, "walk");
	term_expect(term, "Esc stops it");
	dash_quit(term);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_walk_tells_how_far_it_is_and_stops),
		cmocka_unit_test(a_walk_tells_its_end),
		cmocka_unit_test(quit_ends_a_walk),
	};

	return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
