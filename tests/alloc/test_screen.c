/* Memory runs out in the dashboard's first minute: each of its allocations fails once, by number.
 * Each time it shows what it shows otherwise, or says that memory is out, and then does what is
 * asked for once more; it ends with status 0, or, where it could not begin, with 4.
 *	test_screen [FIRST [STEP]]	the allocations FIRST, FIRST + STEP and so on; 0: none fails
 * $FAIL_LIBRARY is tests/alloc/fail.c, built. tests/suites/memory-screen runs it. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tui/dash.h"

enum { COMES_MS = 20000, QUIET_MS = 30 };

/* What is typed, and what then shows; how the same is asked for anew, when not as before. */
struct step {
	const char *keys, *shows, *again;
};

static const struct step minute[] = {
	{ "", "q quit", NULL },
	{ "\r", "Enter done", NULL },
	{ "\02580\r", "Internal port     80 ", "\r\02580\r" },
	{ "s", "127.0.0.1:80 tcp for 1:00:00", NULL },
	{ "\033[15~", "Right octets", NULL },
	{ "g", "Result code", NULL },
	{ "\r", "RESPONSE  v2", NULL },
	{ ":", "Enter done", NULL },
	{ "map 53 0 udp -lt 10m\r", "127.0.0.1:53 udp for 0:10:00", ":map 53 0 udp -lt 10m\r" },
	{ "2", "kind prot internal", NULL },
	{ "3", "newest last", NULL },
	{ " ", "MAP SUCCESS 203", NULL },
	{ "l", "q back", NULL },
	{ "q", "newest last", NULL },
	{ "L", "scenario  none", NULL },
	{ "?", "every key", NULL },
	{ "q", "scenario  none", NULL },
	{ "L", "q quit", NULL },
	{ "q", "End? The embedded gateway ends, too, and 2 mappings with it", NULL },
};
enum { STEPS = sizeof minute / sizeof *minute };

struct play {
	struct term *term;
	unsigned long number;
	bool told; /* that memory is out */
	char *seen[STEPS];
};

/* What is right: where the C library has no memory for the locale, and takes it for one that is not
 * there, that is what C's shows. */
enum { UTF8, ASCII, LOCALES };
static const char *const locales[LOCALES] = { "C.UTF-8", "C" };
static struct play right[LOCALES];

/* ---- a play ---- */

static bool complain(const struct play *play, const char *keys, const char *what)
{
	char *text = term_text(play->term);

	printf("FAILED: allocation %lu, keys '", play->number);
	for (; *keys; keys++)
		printf(isprint((unsigned char)*keys) ? "%c" : "\\%03o", (unsigned char)*keys);
	printf("': %s\n%s\n", what, text);
	free(text);
	return false;
}

static bool says_memory(struct term *term)
{
	return term_shows(term, "memory");
}

static bool shown_or_told(struct term *term, void *arg)
{
	return term_shows(term, arg) || says_memory(term);
}

/* How many octets of a rule, a rail or a cursor's mark stand there. */
static size_t drawn(const char *at)
{
	static const char *const lines[] = { "─", "│", "▌", "┊", "|", "-", ">", " " };

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		if (!strncmp(at, lines[i], strlen(lines[i])))
			return strlen(lines[i]);
	return 0;
}

/* Without times, ports and octets, and how wide they are, and without rows of nothing else: how
 * long it took is no concern. */
static char *words_alone(char *text)
{
	static const char counts[] = "0123456789abcdefms.:";
	char *to = text, *row = text;
	bool words = false;

	for (const char *from = text; *from;) {
		size_t line = drawn(from);

		if (line || strchr(counts, *from)) {
			from += line ? line : 1;
			continue;
		}
		words |= isalpha((unsigned char)*from) != 0;
		*to++ = *from;
		if (*from++ == '\n') {
			to = words ? to : row;
			row = to;
			words = false;
		}
	}
	*to = '\0';
	return text;
}

static bool wait_for(struct play *play, const char *shows)
{
	return term_wait_that(play->term, shown_or_told, (void *)(uintptr_t)shows, COMES_MS);
}

/* The lab's memory is ours: its answer says so, and what it then refuses is not asked for again. */
static bool refused(struct play *play)
{
	return term_shows(play->term, "NO_RESOURCES");
}

static bool is_right(const struct play *play, size_t i)
{
	return !strcmp(play->seen[i], right[UTF8].seen[i]) ||
	       !strcmp(play->seen[i], right[ASCII].seen[i]);
}

/* Sends the keys of a step; once more, when all that came of them was that memory is out. */
static bool take(struct play *play, size_t i)
{
	const struct step *step = &minute[i];

	term_send(play->term, step->keys);
	if (!wait_for(play, step->shows))
		return complain(play, step->keys, "nothing came");
	term_settle(play->term, QUIET_MS);
	play->told |= says_memory(play->term);
	if (refused(play))
		return play->told || complain(play, step->keys, "refused, and not for memory");
	if (!term_shows(play->term, step->shows)) {
		term_send(play->term, step->again ? step->again : step->keys);
		if (!term_wait(play->term, step->shows, COMES_MS))
			return complain(play, step->keys, "not even when asked for again");
	}
	play->seen[i] = words_alone(term_text(play->term));
	if (play->number && !play->told && !is_right(play, i)) {
		printf("%s", right[UTF8].seen[i]);
		return complain(play, step->keys, "another screen, and no word of memory");
	}
	return true;
}

static bool ends(struct play *play, const char *keys, int wanted)
{
	int status;
	char what[64];

	term_send(play->term, keys);
	status = term_wait_exit(play->term, COMES_MS);
	if (status == wanted)
		return true;
	snprintf(what, sizeof what, "status %d, not %d", status, wanted);
	return complain(play, keys, what);
}

/* Where there was too little to begin with, it has said so and ended. */
static bool play_on(struct play *play)
{
	if (!term_wait(play->term, minute->shows, COMES_MS))
		return ends(play, "", 4) &&
		       (says_memory(play->term) || complain(play, "", "no word of memory"));
	for (size_t i = 0; i < STEPS && !refused(play); i++)
		if (!take(play, i))
			return false;
	return ends(play, refused(play) ? "qyy" : "y", 0);
}

static void start(struct play *play, const char *locale)
{
	const char *argv[] = { dash_program(), "--seed", "7", "--lab=127.0.0.1:0", NULL };
	char preload[512], number[64], folder[512];
	const char *env[] = { preload, number, folder, NULL };

	/* A folder for each: none finds what another has saved. */
	snprintf(folder, sizeof folder, "XDG_STATE_HOME=%s/%lu", getenv("XDG_STATE_HOME"),
		 play->number);
	snprintf(preload, sizeof preload, "LD_PRELOAD=%s", getenv("FAIL_LIBRARY"));
	snprintf(number, sizeof number, "FAIL_ALLOCATION=%lu", play->number);
	play->term = term_open(&(struct term_config){ .argv = argv, .env = env, .locale = locale });
}

static bool plays(struct play *play, const char *locale)
{
	bool well;

	start(play, locale);
	well = play_on(play);
	term_close(play->term);
	return well;
}

static void forget(struct play *play)
{
	for (size_t i = 0; i < STEPS; i++)
		free(play->seen[i]);
}

/* ---- all of them ---- */

static unsigned long first, step;

static unsigned long counted(void)
{
	const char *name = getenv("COUNT_ALLOCATIONS");
	FILE *file = name ? fopen(name, "r") : NULL;
	unsigned long n = 0;

	assert_non_null(file);
	assert_int_equal(fscanf(file, "%lu", &n), 1);
	fclose(file);
	return n;
}

static void each_fails_once(void **state)
{
	unsigned long all, well = 0, played = 0;

	(void)state;
	for (size_t i = LOCALES; i-- > 0;) {
		assert_true(plays(&right[i], locales[i]));
		assert_false(right[i].told);
	}
	all = counted();
	for (unsigned long number = first; number && number <= all; number += step, played++) {
		struct play play = { .number = number };

		well += plays(&play, locales[UTF8]);
		forget(&play);
	}
	for (size_t i = 0; i < LOCALES; i++)
		forget(&right[i]);
	printf("%lu of %lu went well, of %lu allocations\n", well, played, all);
	assert_int_equal(well, played);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(each_fails_once) };

	first = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
	step = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;
	setvbuf(stdout, NULL, _IOLBF, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
