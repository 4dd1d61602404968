/* Themes, plain output and the configuration file: what they change, and what they must not. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "dash.h"
#include "stranger.h"

/* ---- themes ---- */

/* A capture stands still: nothing but the theme changes its screen. */
static struct term *with_capture_on(const char *type)
{
	char path[] = "/tmp/pcpscope-looks.XXXXXX", moment[64];
	int fd = mkstemp(path);
	const char *argv[] = { dash_program(), "--no-save", "-r", path, NULL };

	assert_true(fd >= 0);
	close(fd);
	setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	setenv("XDG_STATE_HOME", "/nonexistent", 1);
	assert_true(stranger_capture(path, true));
	struct term *term = term_open(
		&(struct term_config){ .rows = 40, .cols = 120, .term = type, .argv = argv });

	snprintf(moment, sizeof moment, "datagram 1 of %zu", 4 * stranger_ntexts);
	term_expect(term, moment);
	unlink(path);
	return term;
}

static struct term *with_capture(void)
{
	return with_capture_on(NULL);
}

/* Letters and digits of all but the last three lines, where they stand: what fills a bar or marks a
 * tab depends on whether there is a colour for it. The caller frees it. */
static char *words(struct term *term)
{
	char *all = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&all, &len);

	assert_non_null(out);
	for (int row = 0; row < term->rows - 3; row++)
		for (int col = 0; col < term->cols; col++) {
			uint32_t c = term_cell(term, row, col).chars[0];

			fputc(c < 0x80 && isalnum((int)c) ? (int)c : ' ', out);
		}
	fclose(out);
	return all;
}

static size_t coloured_cells(struct term *term, bool background)
{
	size_t n = 0;

	for (int row = 0; row < term->rows; row++)
		for (int col = 0; col < term->cols; col++) {
			VTermScreenCell cell = term_cell(term, row, col);

			n += background ? !VTERM_COLOR_IS_DEFAULT_BG(&cell.bg)
					: !VTERM_COLOR_IS_DEFAULT_FG(&cell.fg);
		}
	return n;
}

/* The name in "theme NAME: ...", after T. */
static void next_theme(struct term *term, char name[40])
{
	int row;
	char old[60], *text;

	snprintf(old, sizeof old, "theme %s:", name);
	term_send(term, "T");
	term_expect_gone(term, old);
	term_expect(term, "; `theme = ");
	assert_true(term_find(term, "theme ", &row, NULL));
	term_settle(term, 20);
	text = term_row(term, row);
	assert_int_equal(sscanf(strstr(text, "theme "), "theme %39[^:]:", name), 1);
	free(text);
}

/* Most of the background stays the terminal's; what has a ground of its own is a bar, a row or a
 * badge. */
static void themes_change_nothing_but_colour(void **state)
{
	struct term *term = with_capture();
	char first[40] = "", name[40];
	size_t themes = 0, colourless_themes = 0;
	char *before, *after;

	(void)state;
	term_send(term, "\0333gj");
	next_theme(term, first);
	before = words(term);
	memcpy(name, first, sizeof name);
	do {
		next_theme(term, name);
		after = words(term);
		assert_string_equal(before, after);
		free(after);
		assert_true(coloured_cells(term, true) < (size_t)(term->rows * term->cols / 4));
		assert_int_equal(coloured_cells(term, false) == 0, !strcmp(name, "mono"));
		colourless_themes += coloured_cells(term, false) == 0;
		themes++;
	} while (strcmp(name, first) != 0 && themes < 20);
	assert_in_range(themes, 4, 19);
	assert_int_equal(colourless_themes, 1);
	free(before);
	dash_quit(term);
}

/* Keys that lead to a list, with its cursor on another row than the last. */
static const char *const lists[] = { "\0332gj",	 "\0333gj",  "\0334gj",	 "\0333gjl",
				     "\0333=gj", "\0333Ogj", "\0333?gj", "\0331gj" };

/* A ground of its own, or reverse video, which the row below it has not. */
static bool row_is_selected(struct term *term, int row)
{
	VTermScreenCell here = term_cell(term, row, term->cursor.col + 2);
	VTermScreenCell below = term_cell(term, row + 1, term->cursor.col + 2);

	return (here.attrs.reverse && !below.attrs.reverse) ||
	       (!VTERM_COLOR_IS_DEFAULT_BG(&here.bg) && VTERM_COLOR_IS_DEFAULT_BG(&below.bg));
}

/* The row under the cursor is told by its ground in every theme, and the terminal's own cursor
 * stands on it. */
static void the_selected_row_shows(void **state)
{
	struct term *term = with_capture();
	char name[40] = "";

	(void)state;
	dash_command(term, "fields");
	term_expect(term, "Output");
	term_send(term, "\0333gmjm");
	for (int theme = 0; theme < 4; theme++) {
		for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
			int row, tries = 0;

			term_send(term, lists[i]);
			do {
				term_settle(term, 10);
				row = term->cursor.row;
			} while (tries++ < 200 && !row_is_selected(term, row));
			if (tries > 200)
				fail_msg("no row is selected after %s, theme %d:\n%s", lists[i],
					 theme, term_text(term));
		}
		next_theme(term, name);
	}
	dash_quit(term);
}

/* ---- states without colour ---- */

static uint32_t state_glyph(struct term *term, const char *internal)
{
	int row, col;

	term_expect(term, internal);
	assert_true(term_find(term, internal, &row, &col));
	return term_cell(term, row, 1).chars[0];
}

static void states_differ_by_sign(void **state)
{
	static const char *const options[] = { NULL, "--ascii" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct term *term = dash_open(&(struct dash){
			.rows = 40, .cols = 120, .words = "quota=1", .option = { options[i] } });

		dash_command(term, "map 1001 0 tcp");
		term_expect(term, "203.0.113.9:");
		dash_command(term, "map 1002 0 tcp");
		term_expect(term, "USER_EX_QUOTA"); /* answered: silence comes next */
		dash_command(term, "lab silence");
		dash_command(term, "map 1003 0 tcp");
		term_expect(term, "127.0.0.1:1003");
		uint32_t granted = state_glyph(term, "127.0.0.1:1001"),
			 refused = state_glyph(term, "127.0.0.1:1002"),
			 waiting = state_glyph(term, "127.0.0.1:1003");

		assert_int_not_equal(granted, refused);
		assert_int_not_equal(granted, waiting);
		assert_int_not_equal(refused, waiting);
		dash_quit(term);
	}
}

/* ---- plain ---- */

static void plain_has_no_borders_and_a_cursor(void **state)
{
	struct term *term =
		dash_open(&(struct dash){ .rows = 40, .cols = 120, .option = { "--plain" } });

	(void)state;
	dash_command(term, "map 8080 8080 tcp");
	term_expect(term, "✓ #1  ");
	for (int row = 0; row < 40; row++)
		for (int col = 0; col < 120; col++)
			assert_false(term_cell(term, row, col).chars[0] >= 0x2500 &&
				     term_cell(term, row, col).chars[0] < 0x2580);
	assert_true(term->cursor_visible);
	dash_quit(term);
}

/* While another one counts two seconds, a plain one says nothing. */
static void plain_counts_no_seconds(void **state)
{
	struct term *plain = dash_open(&(struct dash){ .option = { "--plain" } }),
		    *usual = dash_open(&(struct dash){ 0 });

	(void)state;
	dash_command(plain, "map 8080 8080 tcp -lt 3590");
	term_expect(plain, "✓ #1  ");
	dash_command(usual, "map 8080 8080 tcp -lt 3600");
	term_expect(usual, "✓ #1  ");
	term_send(plain, "\0332j");
	term_send(usual, "\033OR");
	term_settle(plain, 50);
	size_t octets = plain->octets;

	term_expect(usual, "0:59:");
	term_expect_gone(usual, "0:59:59");
	term_expect_gone(usual, "0:59:58"); /* a busy machine may skip some */
	term_settle(plain, 0);
	assert_int_equal(plain->octets, octets);
	dash_quit(usual);
	dash_quit(plain);
}

/* ---- changes, and whole frames ---- */

/* A blank shows no ink. */
static bool looks_like(VTermScreenCell a, VTermScreenCell b)
{
	bool blank = !a.chars[0] || a.chars[0] == ' ';

	if (blank && b.chars[0] && b.chars[0] != ' ')
		return false;
	return (blank || (!memcmp(a.chars, b.chars, sizeof a.chars) &&
			  vterm_color_is_equal(&a.fg, &b.fg) && a.attrs.bold == b.attrs.bold)) &&
	       a.attrs.underline == b.attrs.underline && a.attrs.reverse == b.attrs.reverse &&
	       vterm_color_is_equal(&a.bg, &b.bg);
}

static void same_drawn_anew(struct term *term, const char *keys)
{
	static VTermScreenCell before[40][120];
	VTermPos cursor;

	term_settle(term, 60); /* an Esc alone takes that long to be one */
	for (int row = 0; row < term->rows; row++)
		for (int col = 0; col < term->cols; col++)
			before[row][col] = term_cell(term, row, col);
	cursor = term->cursor;
	term_send(term, "\f");
	term_settle(term, 20);
	if (term->cursor.row != cursor.row || term->cursor.col != cursor.col)
		fail_msg("the cursor is at %d,%d, and was at %d,%d behind %s", term->cursor.row,
			 term->cursor.col, cursor.row, cursor.col, keys);
	for (int row = 0; row < term->rows; row++)
		for (int col = 0; col < term->cols; col++)
			if (!looks_like(before[row][col], term_cell(term, row, col)))
				fail_msg("row %d, column %d, behind %s: %x, and anew %x", row, col,
					 keys, before[row][col].chars[0],
					 term_cell(term, row, col).chars[0]);
}

/* Whatever changes were written, the terminal shows what it shows when all is drawn anew: on
 * terminals that the pen writes to, on one of them that erases without a ground's colour, and on
 * one that is left to curses. */
static void changes_come_to_the_same(void **state)
{
	static const char *const types[] = { "xterm-256color", "screen-256color", "linux" };
	static const char *const keys[] = {
		"\t",	 "j",	   "jj",   "jjjjj",   "k",     "G",    "g",	"\0333",
		"jjj",	 "\033[C", "j",	   "/tcp",    "\r",    "n",    "\r",	"z",
		"l",	 "jj",	   "z",	   "\0334",   "j",     "G",    "\0332", "j",
		"jjjjj", "/",	   "\033", ":map 80", "\177",  "\025", "\033",	"T",
		"j",	 "?",	   "j",	   "q",	      "\0333", "G",    "\r",
	};

	(void)state;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		struct term *term = with_capture_on(types[i]);

		for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
			term_send(term, keys[k]);
			same_drawn_anew(term, keys[k]);
		}
		term_close(term);
	}
}

/* ---- the configuration file ---- */

static char directory[] = "/tmp/pcpscope-looks.XXXXXX";
static char config[80];

static void write_config(const char *text)
{
	FILE *file = fopen(config, "w");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static int make_directory(void **state)
{
	char inner[64];

	(void)state;
	if (!mkdtemp(directory))
		return -1;
	snprintf(inner, sizeof inner, "%s/pcpscope", directory);
	snprintf(config, sizeof config, "%s/config", inner);
	return mkdir(inner, 0700);
}

static int remove_directory(void **state)
{
	char inner[64];

	(void)state;
	snprintf(inner, sizeof inner, "%s/pcpscope", directory);
	unlink(config);
	rmdir(inner);
	return rmdir(directory);
}

static void the_file_sets_theme_and_keys(void **state)
{
	char home[80];
	const char *env[] = { home, NULL };

	(void)state;
	snprintf(home, sizeof home, "XDG_CONFIG_HOME=%s", directory);
	write_config("# mine\n\ntheme = mono\n  key send = F9 ^T  \nkey quit=Q\n");
	struct term *term = dash_start(&(struct dash){ .env = env });

	term_expect(term, "F9 send");
	term_expect(term, "Q quit");
	assert_int_equal(coloured_cells(term, false), 0);
	term_send(term, "qs"); /* stand for nothing any more */
	term_send(term, "\024");
	term_expect(term, "✓ #1  ");
	term_send(term, "\033[20~");
	term_expect(term, "✓ #2  ");
	term_send(term, "Qy");
	term_expect_exit(term, 0);
	term_close(term);
}

struct wrong {
	const char *name, *text, *says;
};

static struct wrong wrongs[] = {
	{ "an unknown theme", "theme = drak\n", ":1: no theme is called 'drak'; there are dark" },
	{ "a line without =", "theme = dark\n\nmono\n", ":3: 'mono' has no '='" },
	{ "an unknown setting", "colour = red\n", ":1: there is no setting 'colour'" },
	{ "an unknown binding", "key sned = F9\n", ":1: there is no binding called 'sned'" },
	{ "an unknown key", "key send = F99\n", ":1: no key is called 'F99'" },
	{ "a key of another", "key send = q\n", ": q stands for both '" },
};

/* Said on the terminal as it was before, with the line; the dashboard does not start. */
static void a_wrong_file_is_told(void **state)
{
	const struct wrong *wrong = *state;
	struct term *term;

	write_config(wrong->text);
	term = dash_start(&(struct dash){ .cols = 200, .option = { "--config", config } });
	term_expect_exit(term, 4);
	term_expect(term, config);
	term_expect(term, wrong->says);
	assert_null(strstr(term->raw, "\033[?1049h"));
	term_close(term);
}

static void a_missing_file_is_told(void **state)
{
	struct term *term =
		dash_start(&(struct dash){ .option = { "--config", "/nonexistent/config" } });

	(void)state;
	term_expect_exit(term, 4);
	term_expect(term, "/nonexistent/config: No such file");
	term_close(term);
}

static void an_unknown_theme_is_told(void **state)
{
	struct term *term = dash_start(&(struct dash){ .option = { "--theme", "drak" } });

	(void)state;
	term_expect_exit(term, 2);
	term_expect(term, "no theme is called 'drak'");
	term_close(term);
}

int main(void)
{
	enum { WRONGS = sizeof wrongs / sizeof *wrongs };
	const struct CMUnitTest looks[] = {
		cmocka_unit_test(themes_change_nothing_but_colour),
		cmocka_unit_test(the_selected_row_shows),
		cmocka_unit_test(states_differ_by_sign),
		cmocka_unit_test(plain_has_no_borders_and_a_cursor),
		cmocka_unit_test(plain_counts_no_seconds),
		cmocka_unit_test(changes_come_to_the_same),
		cmocka_unit_test(the_file_sets_theme_and_keys),
		cmocka_unit_test(a_missing_file_is_told),
		cmocka_unit_test(an_unknown_theme_is_told),
	};
	enum { LOOKS = sizeof looks / sizeof *looks };
	struct CMUnitTest tests[WRONGS + LOOKS];

	memcpy(tests, looks, sizeof looks);
	for (size_t i = 0; i < WRONGS; i++)
		tests[LOOKS + i] = (struct CMUnitTest){ wrongs[i].name, a_wrong_file_is_told, NULL,
							NULL, &wrongs[i] };
	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
