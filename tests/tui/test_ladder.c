/* The ladder: what arrived, what did not and where it was lost, pauses, a restart; Decode below it
 * follows; files say the same. */
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

static struct dash wide = { .rows = 40, .cols = 120 }, small = { .rows = 24, .cols = 80 };

/* A request whose answer is lost, and tries that are lost themselves until the lab lets one
 * through: whichever they are, on a busy machine. */
static struct term *open_lossy(const struct dash *dash)
{
	struct term *term = dash_open(dash);

	dash_command(term, "lab drop-reply=1");
	term_expect(term, "In force: drop-reply=1");
	term_send(term, "s\0333 ");
	term_expect(term, "its answer was lost");
	dash_command(term, "lab faults=off drop=1");
	term_expect(term, "In force: drop=1");
	term_send(term, "\033OS");
	term_expect(term, "the lab never saw it");
	term_send(term, "l");
	term_expect(term, "Ladder");
	return term;
}

/* Whether both texts stand in one row, the second behind the first. */
static bool beside(struct term *term, const char *first, const char *second)
{
	for (int row = 0; row < term->rows; row++) {
		char *text = term_row(term, row), *at = strstr(text, first);
		bool is = at && strstr(at, second);

		free(text);
		if (is)
			return true;
	}
	return false;
}

static bool waits(struct term *term, void *arg)
{
	(void)arg;
	return beside(term, "╌ try ", "╌");
}

static void let_through(struct term *term)
{
	dash_command(term, "lab faults=off");
	term_expect(term, "203.0.113.9:8080 3600 s");
}

static void leave(struct term *term)
{
	term_send(term, "q");
	term_expect_gone(term, "Ladder");
	dash_quit(term);
}

static void what_is_lost_ends_where_it_was_lost(void **state)
{
	struct term *term = open_lossy(*state);

	term_expect(term, "its answer was lost ╳");
	term_expect(term, "╳ the lab never saw it");
	assert_true(beside(term, "try ", "╳ the lab never saw it"));
	assert_true(beside(term, " s ┊", "┊")); /* the pause */
	term_expect_that(term, "a try that waits", waits, NULL);
	let_through(term);
	term_expect(term, "#1");
	assert_true(beside(term, "◂", "✓"));
	assert_false(waits(term, NULL));
	leave(term);
}

static void a_restart_is_a_line_across(void **state)
{
	struct term *term = dash_open(*state);

	term_send(term, "s");
	term_expect(term, "✓ #1");
	dash_command(term, "lab restart");
	term_send(term, "\0333l");
	term_expect(term, "the gateway lost its state: epoch 0:00:00, not 1:00:0");
	leave(term);
}

/* Decode has the lower half, and shows the message of the row. */
static void decode_follows(void **state)
{
	struct term *term = dash_open(*state);

	term_send(term, "s");
	term_expect(term, "✓ #1");
	term_send(term, "\0333l");
	term_expect(term, "Ladder");
	term_expect(term, "answer to #1");
	term_send(term, "\033[A");
	term_expect(term, "request #1");
	term_send(term, "m\033[Bm=");
	term_expect(term, "message 1 and message 2");
	term_send(term, "q");
	term_expect(term, "Ladder");
	term_send(term, "\r");
	term_expect_gone(term, "Ladder");
	term_expect(term, "answer to #1");
	dash_quit(term);
}

/* The filter of Exchanges: whole exchanges, also those that come while it stands. */
static void a_filter_leaves_others_out(void **state)
{
	struct term *term = dash_open(*state);

	term_send(term, "s");
	term_expect(term, "✓ #1");
	dash_command(term, "announce");
	term_expect(term, "✓ #2");
	term_send(term, "\0333l");
	term_expect(term, "4 datagrams");
	term_send(term, "/203.0.113\r"); /* of the answer alone */
	term_expect(term, "2 datagrams with '203.0.113'");
	term_send(term, "/\025announce\r");
	term_expect(term, "2 datagrams with 'announce'");
	assert_false(term_shows(term, "MAP tcp 8080"));
	term_send(term, "G");
	term_expect(term, "answer to #2");
	dash_command(term, "announce");
	term_expect(term, "4 datagrams with 'announce'");
	term_expect(term, "answer to #3"); /* the newest was looked at */
	term_send(term, "g");
	term_expect(term, "request #2");
	term_send(term, "/\025nothing\r");
	term_expect(term, "No exchange contains this");
	term_send(term, "/\025\r");
	term_expect(term, "6 datagrams");
	term_expect(term, "MAP");
	term_send(term, "/announce\rq");
	term_expect(term, "2 with 'announce'");
	dash_quit(term);
}

static char *read_file(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = calloc(1, 100000);

	assert_non_null(file);
	assert_non_null(text);
	assert_true(fread(text, 1, 99999, file) > 0);
	fclose(file);
	unlink(path);
	return text;
}

static void files_say_the_same(void **state)
{
	char folder[] = "/tmp/pcpscope-ladder.XXXXXX", path[64], line[80];
	struct term *term = open_lossy(*state);
	char *text;

	assert_non_null(mkdtemp(folder));
	let_through(term);
	snprintf(path, sizeof path, "%s/l.txt", folder);
	term_send(term, "wtext\r\025");
	snprintf(line, sizeof line, "%s\r", path);
	term_send(term, line);
	term_expect(term, "l.txt");
	text = read_file(path);
	assert_non_null(strstr(text, "X the lab never saw it |"));
	assert_non_null(strstr(text, "| its answer was lost X"));
	assert_non_null(strstr(text, "|<-"));
	free(text);
	snprintf(path, sizeof path, "%s/l.svg", folder);
	term_send(term, "wsvg\r\025");
	snprintf(line, sizeof line, "%s\r", path);
	term_send(term, line);
	term_expect(term, "l.svg");
	text = read_file(path);
	assert_non_null(strstr(text, "the lab never saw it</text>"));
	assert_non_null(strstr(text, "</svg>"));
	free(text);
	rmdir(folder);
	leave(term);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "what is lost ends where it was lost at 120x40",
		  what_is_lost_ends_where_it_was_lost, NULL, NULL, &wide },
		{ "what is lost ends where it was lost at 80x24",
		  what_is_lost_ends_where_it_was_lost, NULL, NULL, &small },
		{ "a restart is a line across at 120x40", a_restart_is_a_line_across, NULL, NULL,
		  &wide },
		{ "a restart is a line across at 80x24", a_restart_is_a_line_across, NULL, NULL,
		  &small },
		{ "Decode follows at 120x40", decode_follows, NULL, NULL, &wide },
		{ "Decode follows at 80x24", decode_follows, NULL, NULL, &small },
		{ "a filter leaves others out at 120x40", a_filter_leaves_others_out, NULL, NULL,
		  &wide },
		{ "a filter leaves others out at 80x24", a_filter_leaves_others_out, NULL, NULL,
		  &small },
		{ "files say the same", files_say_the_same, NULL, NULL, &small },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
