/*
 * DESCRIPTIONs from the network that are made to break a screen. A capture of them is opened beside
 * one of harmless texts as long, and both get the same keys: where the one shows a border the other
 * does, rows that do not show the text are the same, and no octet reached the terminal that is not
 * text or in the terminal's own vocabulary.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "dash.h"
#include "stranger.h"
#include "vocabulary.h"

struct place {
	int rows, cols;
	const char *locale;
};

static const struct place places[] = {
	{ 24, 80, "C.UTF-8" },
	{ 40, 120, "C.UTF-8" },
	{ 24, 80, "C" },
	{ 40, 120, "C" },
};
enum { PLACES = sizeof places / sizeof *places };

/* Nobody's sessions and configuration but the test's. */
static const char *const env[] = { "TZ=UTC", "XDG_CONFIG_HOME=/nonexistent",
				   "XDG_STATE_HOME=/nonexistent", NULL };

/* Two dashboards that get the same keys, and the text that they are at. */
struct twins {
	struct term *hostile, *harmless;
	const struct place *place;
};

static struct twins twins;

/* ---- octets that reached the terminal ---- */

/* Nothing of the kind in all that was written; each escape of the text itself looked for, too. */
static void assert_no_stray(struct term *term, bool ascii)
{
	const char *at;

	term_settle(term, 50); /* a sequence may have come in part */
	at = vocabulary_stray(term->raw, ascii);
	assert_int_equal(strlen(term->raw), term->octets); /* no NUL */
	if (at) {
		for (int i = 0; i < 24 && at[i]; i++)
			print_error("%02x ", (unsigned char)at[i]);
		fail_msg("not of the terminal's vocabulary, at octet %td of %zu", at - term->raw,
			 term->octets);
	}
	for (size_t i = 0; i < stranger_ntexts; i++)
		if (strchr(stranger_texts[i].octets, '\033'))
			assert_null(strstr(term->raw, stranger_texts[i].octets));
}

/* ---- the two screens beside each other ---- */

static bool is_border(uint32_t c, bool ascii)
{
	return ascii ? c == '|' || c == '+' || c == '-' : c >= 0x2500 && c < 0x2580;
}

/* Where a row of a pane ends: at the next border. */
static int end_of_part(int row, int col)
{
	bool ascii = !strcmp(twins.place->locale, "C");

	while (col < twins.place->cols &&
	       !is_border(term_cell(twins.harmless, row, col).chars[0], ascii))
		col++;
	return col;
}

/* Whether this part of a row shows the text: its harmless twin holds a run of x. */
static bool shows_text(int row, int col, int end)
{
	int run = 0;

	for (; col < end && run < 2; col++)
		run = term_cell(twins.harmless, row, col).chars[0] == 'x' ? run + 1 : 0;
	return run == 2;
}

/* A cell that was erased and one that a blank was written to look the same. */
static uint32_t shown(VTermScreenCell cell)
{
	return cell.chars[0] ? cell.chars[0] : ' ';
}

static bool same_cell(int row, int col)
{
	VTermScreenCell a = term_cell(twins.hostile, row, col),
			b = term_cell(twins.harmless, row, col);

	return shown(a) == shown(b) && !memcmp(&a.attrs, &b.attrs, sizeof a.attrs) &&
	       (shown(a) == ' ' || vterm_color_is_equal(&a.fg, &b.fg)) &&
	       vterm_color_is_equal(&a.bg, &b.bg);
}

/* An octet of the text, in hex or as ASCII: 78, x. */
static bool is_octet(int row, int col)
{
	uint32_t a = term_cell(twins.hostile, row, col).chars[0],
		 b = term_cell(twins.harmless, row, col).chars[0];

	if (b == 'x')
		return a >= ' ' && a < 0x7f;
	return (b == '7' || b == '8' || b == 'f') && a < 0x80 && strchr("0123456789abcdef", (int)a);
}

/* Whether the row above names the octets of a field: what is said of it stands here. */
static bool is_explained(int row)
{
	char *above = row ? term_row(twins.harmless, row - 1) : NULL;
	bool is = above && strstr(above, "  octets ");

	free(above);
	return is;
}

/* The two rows above the last: the text stands in them at any length; and the rule that a text
 * breaks, which may be another than its twin's. */
static bool is_meaning(int row)
{
	return (row >= twins.place->rows - 3 && row < twins.place->rows - 1) || is_explained(row);
}

static bool has_rule(struct term *term, int row)
{
	char *text = term_row(term, row);
	bool has = strstr(text, "description-n"); /* ot-utf8, ul */

	free(text);
	return has;
}

/* Where a row that has to be the same begins: left of the spine the capture's findings stand, and
 * the rule that a text breaks may be another than its twin's. */
static int first_column(int row)
{
	enum { SPINE = 46 };

	if (is_meaning(row))
		return twins.place->cols;
	return has_rule(twins.hostile, row) || has_rule(twins.harmless, row) ? SPINE : 0;
}

/* The first cell that is not as it should be; false when there is none. */
static bool disturbed(int *row, int *col)
{
	for (*row = 0; *row < twins.place->rows; ++*row)
		for (*col = first_column(*row); *col < twins.place->cols; ++*col) {
			int end = end_of_part(*row, *col);
			bool text = shows_text(*row, *col, end);

			for (; *col < end; ++*col)
				if (!text && !same_cell(*row, *col) && !is_octet(*row, *col))
					return true;
			if (end < twins.place->cols && !same_cell(*row, end))
				return true;
		}
	return false;
}

static void print_both(void)
{
	char *hostile = term_text(twins.hostile), *harmless = term_text(twins.harmless);

	fprintf(stderr, "---- hostile ----\n%s---- harmless ----\n%s", hostile, harmless);
	free(hostile);
	free(harmless);
}

/* The frame that a key brings. */
static void expect_frame(struct term *term, size_t before, const char *shows, const char *file,
			 int line)
{
	for (int tries = 0; tries < 2000 && term->octets == before; tries++)
		term_settle(term, 2);
	term_expect_at(term, shows, true, file, line);
}

/* Both get the keys, change, and come to show this; then all else is the same. */
static void step(const char *keys, const char *shows, const char *file, int line)
{
	size_t hostile = twins.hostile->octets, harmless = twins.harmless->octets;
	int row = 0, col = 0, tries;

	term_send(twins.hostile, keys);
	term_send(twins.harmless, keys);
	expect_frame(twins.hostile, hostile, shows, file, line);
	expect_frame(twins.harmless, harmless, shows, file, line);
	for (tries = 0; tries < 200 && disturbed(&row, &col); tries++) {
		term_settle(twins.hostile, 5);
		term_settle(twins.harmless, 5);
	}
	if (tries < 200)
		return;
	print_both();
	print_error("row %d, column %d is disturbed\n", row, col);
	_fail(file, line);
}
#define STEP(keys, shows) step(keys, shows, __FILE__, __LINE__)

/* ---- the views ---- */

static const char *times(const char *key, size_t n)
{
	static char keys[512];

	assert_true(n * strlen(key) < sizeof keys);
	for (keys[0] = '\0'; n > 0; n--)
		strcat(keys, key);
	return keys;
}

static void in_every_view(void **state)
{
	size_t i = *(const size_t *)*state;
	char keys[600], title[80];

	snprintf(keys, sizeof keys, "\0332\033[Fg%s", times("j", i)); /* as it stood in the end */
	STEP(keys, "<<");					      /* its name */
	snprintf(title, sizeof title, "answer to #%zu", i + 1);
	STEP("\r", title);
	STEP("\0334G", "Description      <<");
	STEP("z", "Description      <<");
	STEP("l", title); /* the octets */
	STEP("h", title);
	STEP("z", "Mappings");
	snprintf(title, sizeof title, "#%zu,", i + 1);
	snprintf(keys, sizeof keys, "\0333g%s", times("j", i));
	STEP(keys, title);
	STEP("\033[Cjmjml", "Ladder"); /* unfolded: its request, its answer */
	snprintf(title, sizeof title, "message %zu and message %zu,", 2 * i + 1, 2 * i + 2);
	STEP("q=", title);
	STEP("G", "Description");
	STEP("q", "Exchanges");
	STEP("\033[D", "Exchanges");
}

static struct term *open_capture(const char *path, bool harmless)
{
	const char *argv[] = { dash_program(), "--no-save", "--seed", "1", "-r", path, NULL };
	char moment[64];
	struct term *term;

	assert_true(stranger_capture(path, harmless));
	term = term_open(&(struct term_config){ .rows = twins.place->rows,
						.cols = twins.place->cols,
						.locale = twins.place->locale,
						.env = env,
						.argv = argv });
	snprintf(moment, sizeof moment, "datagram 1 of %zu", 4 * stranger_ntexts);
	term_expect(term, moment);
	return term;
}

static int open_twins(void **state)
{
	char path[] = "/tmp/pcpscope-hostile.XXXXXX"; /* one for both: their status lines show it */
	int fd = mkstemp(path);

	(void)state;
	if (fd < 0)
		return -1;
	close(fd);
	twins.hostile = open_capture(path, false);
	twins.harmless = open_capture(path, true);
	unlink(path);
	return 0;
}

static int close_twins(void **state)
{
	(void)state;
	dash_quit(twins.hostile);
	dash_quit(twins.harmless);
	return 0;
}

/* ---- from a server, to commands ---- */

/* What may stand at the left edge: the mark of the cursor, signs of folds and findings, a tab's
 * bracket. */
static bool at_edge(uint32_t c)
{
	return c == 0 || c == 0x258c || c == 0x25b8 || c == 0x25be || c == 0x25b2 ||
	       (c < 0x80 && strchr(" >+-!i[|", (int)c));
}

/* Decode's spine is a line from its bar to the last answer. */
static bool has_spine(struct term *term, bool ascii)
{
	int row;

	if (!term_find(term, "4 Decode", &row, NULL))
		return true; /* it is not in sight */
	while (++row < term->rows - 3)
		if (term_cell(term, row, 46).chars[0] != (ascii ? '|' : 0x2502u))
			return false;
	return true;
}

static bool is_framed(struct term *term, bool ascii)
{
	for (int row = 1; row < term->rows - 3; row++)
		if (!at_edge(term_cell(term, row, 0).chars[0]))
			return false;
	return has_spine(term, ascii);
}

/* Whatever stands in it, the edge and the spine are where they were. */
static void expect_framed(struct term *term, bool ascii)
{
	int tries;

	for (tries = 0; tries < 200 && !is_framed(term, ascii); tries++)
		term_settle(term, 5);
	if (tries < 200)
		return;
	fprintf(stderr, "%s", term_text(term));
	fail_msg("the frame is broken");
}

static void commands_show_them_too(void **state)
{
	bool ascii = !strcmp(twins.place->locale, "C");
	char server[32], expected[64];
	const char *argv[] = { dash_program(), "--no-save", "-s", server, NULL };
	struct stranger stranger;

	(void)state;
	assert_true(stranger_start(&stranger));
	snprintf(server, sizeof server, "127.0.0.1:%u", stranger.port);
	struct term *term = term_open(&(struct term_config){ .rows = twins.place->rows,
							     .cols = twins.place->cols,
							     .locale = twins.place->locale,
							     .env = env,
							     .argv = argv });

	term_expect(term, "q quit");
	dash_command(term, "walk");
	snprintf(expected, sizeof expected, "(O shows %zu lines)", 2 * stranger_ntexts + 2);
	term_expect(term, expected);
	term_send(term, "O");
	term_expect(term, "<<\\x1b[2J"); /* escaped once */
	for (size_t i = 0; i < 2 * stranger_ntexts; i++) {
		expect_framed(term, ascii);
		term_send(term, "j");
	}
	dash_command(term, "get -next -me 0 -mo 128");
	term_expect(term, "answer to #45");
	expect_framed(term, ascii);
	dash_command(term, "map 1022 0 tcp");
	term_expect(term, "answer to #46");
	term_send(term, "\0332g");
	for (size_t i = 0; i < 2 * stranger_ntexts; i++) {
		expect_framed(term, ascii);
		term_send(term, "j");
	}
	assert_no_stray(term, ascii);
	dash_quit(term);
	stranger_stop(&stranger);
}

static void nothing_but_text_was_written(void **state)
{
	(void)state;
	assert_no_stray(twins.hostile, !strcmp(twins.place->locale, "C"));
}

int main(void)
{
	static size_t text[128];
	struct CMUnitTest tests[128];
	size_t n;
	int failed = 0;

	if (!vocabulary_learn("xterm-256color"))
		return 1;
	for (size_t i = 0; i < PLACES; i++) {
		/* The long ones are for UTF-8: in US-ASCII nothing of them is wider or narrower. */
		size_t texts = (strcmp(places[i].locale, "C") ? 2 : 1) * stranger_ntexts;
		char name[64];

		for (n = 0; n < texts; n++) {
			text[n] = n;
			tests[n] = (struct CMUnitTest){ stranger_texts[n % stranger_ntexts].name,
							in_every_view, NULL, NULL, &text[n] };
		}
		tests[n++] = (struct CMUnitTest)cmocka_unit_test(commands_show_them_too);
		tests[n++] = (struct CMUnitTest)cmocka_unit_test(nothing_but_text_was_written);
		twins.place = &places[i];
		snprintf(name, sizeof name, "%dx%d %s", places[i].cols, places[i].rows,
			 places[i].locale);
		failed += _cmocka_run_group_tests(name, tests, n, open_twins, close_twins);
	}
	return failed;
}
