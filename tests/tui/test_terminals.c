/* Terminals of every kind, and their end: types, locales, colours, hangup, modes given back. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dash.h"

/* ---- kinds ---- */

struct kind {
	const char *term, *locale;
};

static struct kind kinds[] = {
	{ "xterm-256color", "C.UTF-8" },
	{ "xterm-256color", "C" },
	{ "screen", "C.UTF-8" },
	{ "linux", "C.UTF-8" },
	{ "linux", "C" },
	{ "vt100", "C" },
	{ "dumb", "C" },
	{ "dumb", "C.UTF-8" },
};

/* It starts, sends, shows the answer and leaves; no octet beyond ASCII where the locale has none.
 */
static void starts_on(void **state)
{
	const struct kind *kind = *state;
	struct term *term =
		dash_start(&(struct dash){ .term = kind->term, .locale = kind->locale });

	term_expect(term, "q quit");
	term_send(term, "s");
	term_send(term, "\t\t"); /* its function keys may be others */
	term_expect(term, "l ladder");
	/* A terminal that cannot place its cursor has one row, the last. */
	if (strcmp(kind->term, "dumb"))
		term_expect(term, "MAP SUCCESS");
	if (!strcmp(kind->locale, "C"))
		for (size_t i = 0; i < term->octets; i++)
			assert_true((unsigned char)term->raw[i] < 0x80);
	dash_quit(term);
}

/* What curses refuses is not the type then. */
static void a_size_beyond_all_is_named(void **state)
{
	const char *const env[] = { "COLUMNS=40000", NULL };
	struct term *term = dash_start(&(struct dash){ .env = env });

	(void)state;
	term_expect_exit(term, 4);
	term_expect(term, "COLUMNS is 40000");
	term_close(term);
}

static void an_unknown_terminal_is_named(void **state)
{
	struct term *term = dash_start(&(struct dash){ .term = "no-such-terminal" });

	(void)state;
	term_expect_exit(term, 4);
	term_expect(term, "no-such-terminal");
	term_close(term);
}

/* ---- colour ---- */

/* Whether a SGR sequence sets a colour: 30-38, 40-48, 90-97, 100-107. */
static bool sets_colour(const char *octets)
{
	for (const char *esc = strstr(octets, "\033["); esc; esc = strstr(esc + 1, "\033[")) {
		const char *at = esc + 2;
		size_t len = strspn(at, "0123456789;");

		if (at[len] != 'm')
			continue;
		while (at < esc + 2 + len) {
			char *end;
			long code = strtol(at, &end, 10);

			if ((code >= 30 && code <= 38) || (code >= 40 && code <= 48) ||
			    (code >= 90 && code <= 107))
				return true;
			at = end + 1;
		}
	}
	return false;
}

static void no_color_is_respected(void **state)
{
	const char *env[] = { "NO_COLOR=1", NULL };
	struct term *term = dash_open(&(struct dash){ .rows = 40, .cols = 120, .env = env });

	(void)state;
	term_send(term, "s");
	term_expect(term, "✓ :8080");
	assert_false(sets_colour(term->raw));
	dash_quit(term);
	term = dash_open(&(struct dash){ .rows = 40, .cols = 120 });
	term_send(term, "s");
	term_expect(term, "✓ :8080");
	assert_true(sets_colour(term->raw)); /* the check can see colour */
	dash_quit(term);
}

static void ascii_is_ascii(void **state)
{
	struct term *term =
		dash_open(&(struct dash){ .rows = 40, .cols = 120, .option = { "--ascii" } });

	(void)state;
	term_send(term, "s");
	term_expect(term, "* :8080");
	for (size_t i = 0; i < term->octets; i++)
		assert_true((unsigned char)term->raw[i] < 0x80);
	dash_quit(term);
}

static void no_mouse_is_no_mouse(void **state)
{
	struct term *term = dash_open(&(struct dash){ .option = { "--no-mouse" } });

	(void)state;
	assert_false(term_mouse(term));
	assert_null(strstr(term->raw, "\033[?100"));
	dash_quit(term);
}

/* ---- the end ---- */

static void a_hangup_ends_it(void **state)
{
	struct term *term = dash_open(&(struct dash){ .rows = 40, .cols = 120 });

	(void)state;
	dash_command(term, "map 8080 8080 tcp");
	term_expect(term, "✓ :8080");
	term_hangup(term);
	assert_int_not_equal(term_wait_exit(term, 60000), -1);
	term_close(term);
}

static pid_t only_child(pid_t parent)
{
	char path[64];
	int child = 0;

	snprintf(path, sizeof path, "/proc/%ld/task/%ld/children", (long)parent, (long)parent);
	FILE *children = fopen(path, "r");

	assert_non_null(children);
	assert_int_equal(fscanf(children, "%d", &child), 1);
	fclose(children);
	return child;
}

static void quitting_gives_the_terminal_back(void **state)
{
	struct termios before;
	struct term *term = dash_under_a_shell(&(struct dash){ 0 }, &before);

	(void)state;
	term_send(term, "q");
	term_expect(term, "status 0");
	dash_given_back(term, &before);
	term_close(term);
}

static void signals_give_the_terminal_back(void **state)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGSEGV, SIGABRT };

	(void)state;
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		struct termios before;
		struct term *term = dash_under_a_shell(&(struct dash){ 0 }, &before);

		assert_int_equal(kill(only_child(term->pid), signals[i]), 0);
		term_expect(term, "status ");
		dash_given_back(term, &before);
		term_close(term);
	}
}

int main(void)
{
	enum { KINDS = sizeof kinds / sizeof *kinds };
	const struct CMUnitTest others[] = {
		cmocka_unit_test(an_unknown_terminal_is_named),
		cmocka_unit_test(a_size_beyond_all_is_named),
		cmocka_unit_test(no_color_is_respected),
		cmocka_unit_test(ascii_is_ascii),
		cmocka_unit_test(no_mouse_is_no_mouse),
		cmocka_unit_test(a_hangup_ends_it),
		cmocka_unit_test(quitting_gives_the_terminal_back),
		cmocka_unit_test(signals_give_the_terminal_back),
	};
	enum { OTHERS = sizeof others / sizeof *others };
	struct CMUnitTest tests[KINDS + OTHERS];
	char names[KINDS][64];

	for (size_t i = 0; i < KINDS; i++) {
		snprintf(names[i], sizeof names[i], "starts on %s with locale %s", kinds[i].term,
			 kinds[i].locale);
		tests[i] = (struct CMUnitTest){ names[i], starts_on, NULL, NULL, &kinds[i] };
	}
	memcpy(tests + KINDS, others, sizeof others);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
