/*
 * Sizes and keys at random while packets flow, by seed: the program neither ends nor writes outside
 * its screen, and still answers afterwards. Meant for a build with sanitizers
 * (tests/suites/sanitize). test_sizes SEED    runs that seed alone
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dash.h"

/* Everything but what ends or stops it (q, ^C, ^Z, ^\) and what writes files (Y, w in Ladder).
 */
static const char *const keys[] = {
	"1",	   "2",	     "3",
	"4",	   "\t",     "\033[Z",
	"j",	   "k",	     "h",
	"l",	   "\033[A", "\033[B",
	"\033[C",  "\033[D", "\033[5~",
	"\033[6~", "g",	     "G",
	"s",	   "\r",     "e",
	" ",	   "o",	     "x",
	"J",	   "K",	     "v",
	"u",	   "E",	     "r",
	"d",	   "a",	     "S",
	"c",	   "f",	     "m",
	"=",	   "n",	     "N",
	"]",	   "[",	     "p",
	"i",	   "\033",   "?",
	"L",	   "T",	     "z",
	"/",	   ":",	     "map 1 1 tcp\r",
	"5",	   "0",	     "\177",
	"\025",	   "R",	     "A",
	"F",	   "P",	     ".",
};
enum { KEYS = sizeof keys / sizeof *keys };

static uint64_t next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void alive(struct term *term, uint64_t seed, int step)
{
	if (term_wait_exit(term, 0) == -1)
		return;
	fprintf(stderr, "seed %llu: ended at step %d with status %d\n%s\n",
		(unsigned long long)seed, step, term_wait_exit(term, 0),
		term->raw + (term->octets > 3000 ? term->octets - 3000 : 0));
	fail();
}

/* Out of whatever is open, back to the panes, at a size where everything has room. */
static void still_answers(struct term *term)
{
	term_resize(term, 40, 120);
	for (int i = 0; i < 5; i++) {
		term_send(term, "\033");
		term_settle(term, 100);
	}
	term_send(term, "\033OQ");
	term_expect(term, "q quit");
	dash_quit(term);
}

static void any_keys_at_any_size(void **state)
{
	uint64_t seed = *(uint64_t *)*state, random = seed * 0x9e3779b97f4a7c15u + 1;
	struct term *term = dash_open(&(struct dash){
		.rows = 40, .cols = 120, .words = "min-lifetime=1s,drop=0.1,duplicate=0.1" });

	for (int step = 0; step < 400; step++) {
		if (next(&random) % 8 == 0)
			term_resize(term, 1 + (int)(next(&random) % 80),
				    1 + (int)(next(&random) % 250));
		term_send(term, keys[next(&random) % KEYS]);
		if (step % 8 == 0)
			term_settle(term, 5);
		alive(term, seed, step);
	}
	still_answers(term);
}

/* From nothing to more than any screen, both ways, with a mapping counting down. */
static void every_size_is_drawn(void **state)
{
	struct term *term = dash_open(&(struct dash){ .rows = 40, .cols = 120 });

	(void)state;
	dash_command(term, "map 8080 8080 tcp");
	term_expect(term, "✓ :8080");
	for (int step = 0; step <= 80; step++) {
		int rows = step < 1 ? 1 : step, cols = step < 1 ? 1 : step * 250 / 80;
		char *text;

		term_resize(term, rows, cols);
		term_settle(term, 30);
		alive(term, 0, step);
		text = term_text(term);
		if (rows >= 24 && cols >= 80)
			assert_non_null(strstr(text, "q quit"));
		else if (rows >= 1 && cols >= 40)
			assert_true(strstr(text, "q quit") || strstr(text, "q  quit") ||
				    strstr(text, "too small") || strstr(text, "Compose"));
		free(text);
	}
	still_answers(term);
}

static void too_small_says_so(void **state)
{
	struct term *term = dash_start(&(struct dash){ .rows = 5, .cols = 30 });

	(void)state;
	term_expect(term, "too small");
	term_send(term, "s:?");
	term_settle(term, 100);
	term_resize(term, 24, 80);
	term_expect(term, "q quit");
	term_expect(term, "not asked yet"); /* s did nothing */
	term_resize(term, 5, 30);
	term_expect(term, "too small");
	dash_quit(term);
}

int main(int argc, char **argv)
{
	enum { SEEDS = 8 };
	static uint64_t seed[SEEDS];
	static char name[SEEDS][40];
	struct CMUnitTest tests[SEEDS + 2];

	for (size_t i = 0; i < SEEDS; i++) {
		seed[i] = i + 1;
		snprintf(name[i], sizeof name[i], "any keys at any size, seed %zu", i + 1);
		tests[i] =
			(struct CMUnitTest){ name[i], any_keys_at_any_size, NULL, NULL, &seed[i] };
	}
	tests[SEEDS] = (struct CMUnitTest)cmocka_unit_test(every_size_is_drawn);
	tests[SEEDS + 1] = (struct CMUnitTest)cmocka_unit_test(too_small_says_so);
	if (argc < 2)
		return cmocka_run_group_tests(tests, NULL, NULL);
	seed[0] = strtoull(argv[1], NULL, 10);
	const struct CMUnitTest one[] = { { "that seed", any_keys_at_any_size, NULL, NULL,
					    &seed[0] } };

	return cmocka_run_group_tests(one, NULL, NULL);
}
