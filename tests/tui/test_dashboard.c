/* The main job with keys only: compose, send, read, watch; at two sizes, from the forms and by `:`.
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

struct size {
	int rows, cols;
};

static struct size wide = { 40, 120 }, small = { 24, 80 };

#define AT_BOTH(test)                                                                              \
	{ #test " at 120x40", test, NULL, NULL, &wide },                                           \
	{                                                                                          \
#test " at 80x24", test, NULL, NULL, &small                                        \
	}

static struct term *open_at(void **state, const char *words)
{
	const struct size *size = *state;

	return dash_open(&(struct dash){ .rows = size->rows, .cols = size->cols, .words = words });
}

/* Each pane by its key: at 80x24 they share a place. */
/* By its function key: a digit types into the field under the cursor. */
static void go_to(struct term *term, char pane)
{
	static const char *const keys[] = { "\033OQ", "\033OR", "\033OS", "\033[15~" };

	term_send(term, keys[pane - '1']);
}

static void expect_in(struct term *term, char pane, const char *text)
{
	go_to(term, pane);
	term_expect(term, text);
}

/* The kind of request that Compose shows: it stands on a ground of its own. */
static bool on_ground(struct term *term, void *kind)
{
	VTermScreenCell cell, beside;
	int row, col;
	char text[32];

	snprintf(text, sizeof text, " %s ", (const char *)kind);
	if (!term_find(term, text, &row, &col))
		return false;
	cell = term_cell(term, row, col + 1);
	beside = term_cell(term, row, 0);
	return memcmp(&cell.bg, &beside.bg, sizeof cell.bg) != 0;
}

static void expect_kind(struct term *term, char *kind)
{
	term_expect_that(term, kind, on_ground, kind);
}

/* ---- from the forms ---- */

static void map_from_the_form(void **state)
{
	struct term *term = open_at(state, NULL);

	/* The octets change with each key: 9090 is 2382, 909 is 038d. */
	term_send(term, "\r\025909");
	term_expect(term, "03 8d 1f 90");
	term_send(term, "0");
	term_expect(term, "23 82 1f 90");
	term_send(term, "\rs");
	expect_in(term, '4', "answer to #1");
	term_expect(term, "SUCCESS");
	expect_in(term, '2', "127.0.0.1:9090");
	term_expect(term, "203.0.113.9:8080");
	expect_in(term, '3', "✓ :8080 1:00:00");
	dash_quit(term);
}

/* A third party that is nobody's address: said beside the field while it is typed, before anything
 * is sent. */
static void what_the_rules_object_to_is_marked(void **state)
{
	struct term *term = open_at(state, NULL);
	int row, col;

	term_send(term, "o\r");
	term_expect(term, "third-party-invalid (RFC 6887 13.1)");
	assert_true(term_find(term, "Internal addr", &row, &col));
	assert_int_not_equal(term_cell(term, row, col - 3).chars[0], ' ');
	term_send(term, "\r\025192.0.2.9\rk");
	term_expect_gone(term, "third-party-invalid");
	assert_int_equal(term_cell(term, row, col - 3).chars[0], ' ');
	dash_quit(term);
}

/* A list that was hidden until now is moved in by the keys that come with the one that shows it. */
static void keys_typed_ahead_meet_what_they_were_meant_for(void **state)
{
	struct term *term = open_at(state, NULL);

	term_type(term, ":map 1111 0 tcp -des one", "\r");
	term_expect(term, "● 1");
	term_type(term, ":map 2222 0 tcp -des two", "\r");
	term_expect(term, "● 2");
	term_send(term, "\0332j");
	term_expect(term, "\"two\"");
	dash_quit(term);
}

static void peer_from_the_form(void **state)
{
	struct term *term = open_at(state, NULL);

	term_send(term, "l");
	expect_kind(term, "PEER");
	term_send(term, "s");
	expect_in(term, '2', "PEER tcp  127.0.0.1:40000");
	term_expect(term, "203.0.113.9:");
	expect_in(term, '3', "✓ :40000 1:00:00");
	dash_quit(term);
}

static void get_and_next_from_the_form(void **state)
{
	struct term *term = open_at(state, NULL);

	term_send(term, "s"); /* so that there is something to get */
	expect_in(term, '3', "✓ :8080");
	term_send(term, "\0331lll");
	expect_kind(term, "NEXT");
	term_send(term, "s");
	expect_in(term, '3', "✓ 1 mapping, no more");
	expect_in(term, '4', "answer to #2");
	term_send(term, "z");
	term_expect(term, "NEXT");
	dash_quit(term);
}

static void announce_from_the_form(void **state)
{
	struct term *term = open_at(state, NULL);

	term_send(term, "llll");
	expect_kind(term, "ANNOUNCE");
	term_send(term, "s");
	expect_in(term, '3', "✓ epoch 1:00:0");
	dash_quit(term);
}

/* ---- by the prompt ---- */

static void all_by_the_prompt(void **state)
{
	struct term *term = open_at(state, NULL);

	dash_command(term, "map 5000 5000 udp -lt 600 -des web");
	expect_in(term, '3', "✓ :5000 0:10:00");
	expect_in(term, '2', "127.0.0.1:5000");
	dash_command(term, "peer 4000 0 6 443 198.51.100.7");
	expect_in(term, '3', "✓ :4000 ");
	expect_in(term, '2', "127.0.0.1:4000");
	dash_command(term, "get -next -me 0");
	expect_in(term, '3', "✓ 2 mappings, no more");
	dash_command(term, "announce");
	expect_in(term, '3', "✓ epoch ");
	dash_quit(term);
}

/* Keys that come before the pane's first frame find its rows all the same. */
static void keys_may_come_ahead(void **state)
{
	struct term *term = open_at(state, NULL);

	term_send(term, "s");
	term_expect(term, "answer to #1");
	term_send(term, "\0333Gm");
	term_expect(term, "✓");
	term_send(term, "\0332d");
	expect_in(term, '3', "✓ deleted");
	dash_quit(term);
}

/* What is wrong is named, and what was typed is not lost. */
static void a_wrong_word_is_named(void **state)
{
	struct term *term = open_at(state, NULL);

	dash_command(term, "map 8080 80800 tcp");
	term_expect(term, "80800");
	term_send(term, "\033[A"); /* still there, in the history or on the line */
	dash_quit((term_send(term, "\033"), term_settle(term, 300), term));
}

/* Whether the row that has the text is marked as one that differs. */
static bool is_marked(struct term *term, void *text)
{
	int row;

	return term_find(term, text, &row, NULL) && term_cell(term, row, 1).chars[0] == 0x2260;
}

/* Texts that are longer than there is room for, and differ in their end. */
static void compare_sees_to_the_end(void **state)
{
	struct term *term = open_at(state, NULL);
	char text[301] = "", line[400];

	for (const char *end = "ab"; *end; end++) {
		memset(text, 'x', sizeof text - 2);
		text[sizeof text - 2] = *end;
		snprintf(line, sizeof line, "map 8080 0 tcp -des %s", text);
		dash_command(term, line);
		term_expect(term, *end == 'a' ? "answer to #1" : "answer to #2");
	}
	term_send(term, "\0333g jmjj jm=G"); /* the requests: Space unfolds */
	term_expect(term, "message 1 and message 3,");
	term_expect_that(term, "the text, marked as different", is_marked, "xxxx");
	term_send(term, "q");
	dash_quit(term);
}

/* ---- watching ---- */

/* Seconds of the hour that are left in the one row. */
static int seconds_left(struct term *term)
{
	int row, col, minutes, seconds;

	term_expect(term, "0:59:");
	assert_true(term_find(term, "0:59:", &row, &col));
	char *text = term_row(term, row);

	assert_int_equal(sscanf(strstr(text, "0:59:"), "0:%d:%d", &minutes, &seconds), 2);
	free(text);
	return minutes * 60 + seconds;
}

static void the_countdown_falls_each_second(void **state)
{
	struct term *term = open_at(state, NULL);

	dash_command(term, "map 8080 8080 tcp -lt 3600");
	expect_in(term, '2', "0:59:");
	for (int times = 0; times < 3; times++) {
		int before = seconds_left(term), after;
		char text[16];

		snprintf(text, sizeof text, "0:59:%02d", before % 60);
		term_expect_gone(term, text);
		after = seconds_left(term);
		assert_in_range(before - after, 1, 5); /* a busy machine may skip some */
	}
	dash_quit(term);
}

static void a_deleted_row_disappears(void **state)
{
	struct term *term = open_at(state, NULL);

	dash_command(term, "map 8080 8080 tcp");
	expect_in(term, '2', "203.0.113.9:8080");
	term_send(term, "d");
	term_expect(term, "Nothing is mapped yet");
	term_expect_gone(term, "MAP  tcp  127.0.0.1:8080");
	expect_in(term, '3', "✓ deleted");
	dash_quit(term);
}

static bool row_with_shows(struct term *term, const char *mapping, const char *text)
{
	int row;

	if (!term_find(term, mapping, &row, NULL))
		return false;
	char *line = term_row(term, row);
	bool shows = strstr(line, text) != NULL;

	free(line);
	return shows;
}

static bool one_has_expired(struct term *term, void *arg)
{
	(void)arg;
	return row_with_shows(term, "127.0.0.1:8080", "expired");
}

/* How many stand in Exchanges. */
static int exchanges(struct term *term)
{
	int row, col, n = 0;
	char *text;

	expect_in(term, '3', "3 Exchanges");
	assert_true(term_find(term, "3 Exchanges", &row, &col));
	text = term_row(term, row);
	assert_int_equal(sscanf(strstr(text, "Exchanges"), "Exchanges %d", &n), 1);
	free(text);
	return n;
}

/* Of 9090's three seconds, its renewal comes before two have passed, which are 8080's whole life:
 * by the time that 8080 expires, three requests have been answered. Made anew at its end, 9090
 * would have sent but one. */
static void what_is_not_renewed_expires(void **state)
{
	const struct size *size = *state;
	struct term *term = dash_open(&(struct dash){ .rows = size->rows,
						      .cols = size->cols,
						      .words = "min-lifetime=1s",
						      .option = { "--renew" } });

	dash_command(term, "map 9090 9090 tcp -lt 3");
	expect_in(term, '2', "127.0.0.1:9090");
	dash_command(term, "map 8080 8080 tcp -lt 2");
	term_expect(term, "● 2");
	term_send(term, "ja");
	term_expect(term, "it is left to run out");
	assert_false(row_with_shows(term, "127.0.0.1:8080", "↻"));
	term_expect_that(term, "the end of 8080", one_has_expired, NULL);
	assert_true(row_with_shows(term, "127.0.0.1:9090", "203.0.113.9:9090"));
	term_expect(term, "● 1");
	assert_true(exchanges(term) >= 3);
	dash_quit(term);
}

/* ---- nothing cut off ---- */

/* Title bars reach from edge to edge in a colour of their own, and what stands in the last column
 * ends a word. */
static void bars_reach_the_edge(void **state)
{
	const struct size *size = *state;
	struct term *term = open_at(state, NULL);

	dash_command(term, "map 8080 8080 tcp -des abcdefghijklmnopqrstuvwxyz");
	term_expect(term, "MAP");
	for (const char *key = "1234"; *key; key++) {
		int row;

		go_to(term, *key);
		term_settle(term, 200);
		assert_true(term_find(term, "4 Decode", &row, NULL));
		assert_false(VTERM_COLOR_IS_DEFAULT_BG(
			&(VTermColor){ term_cell(term, row, size->cols - 1).bg.type }));
		assert_false(
			VTERM_COLOR_IS_DEFAULT_BG(&(VTermColor){ term_cell(term, 1, 0).bg.type }));
	}
	dash_quit(term);
}

/* One column divides what is asked from what came of it, the fields from the octets. */
static void the_spine_is_one_column(void **state)
{
	struct term *term = open_at(state, NULL);
	int row;

	term_settle(term, 200);
	assert_true(term_find(term, "4 Decode", &row, NULL));
	for (int i = 1; i < 5; i++)
		assert_int_equal(term_cell(term, row + i, 46).chars[0], 0x2502);
	dash_quit(term);
}

/* The cursor sits on what has the focus, for screen readers. */
static void the_cursor_follows(void **state)
{
	struct term *term = open_at(state, NULL);
	int row, col;

	term_settle(term, 200);
	assert_true(term_find(term, "Internal port", &row, &col));
	assert_int_equal(term->cursor.row, row);
	term_send(term, "j");
	term_settle(term, 200);
	assert_true(term_find(term, "Suggested port", &row, &col));
	assert_int_equal(term->cursor.row, row);
	dash_quit(term);
}

/* A key without a use here says where it has one. */
static void a_key_without_a_use_says_so(void **state)
{
	struct term *term = open_at(state, NULL);

	term_send(term, "\0334d");
	term_expect(term, "d does nothing in Decode. In Mappings: asks the server");
	term_send(term, "\0333i");
	term_expect(term, "i does nothing in Exchanges. In Compose, Decode, Probe and Lab:");
	term_send(term, "L/");
	term_expect(term, "/ does nothing in Lab. In Mappings, Exchanges and Ladder:");
	term_send(term, "\033%");
	term_expect(term, "% does nothing here; ? lists the keys");
	term_send(term, "?o");
	term_expect(term, "o does nothing in Help. In Compose: adds an option");
	term_send(term, "q\0331hu"); /* RAW, not typing */
	term_expect(term, "RAW starts afresh");
	dash_quit(term);
}

/* Nothing ends in the middle of a word, and what does not fit is marked. */
static void sentences_are_whole_or_marked(void **state)
{
	struct term *term = open_at(state, NULL);

	if (term->cols == 80) {
		term_send(term, "\0332");
		term_expect(term, "lists what stands.");
		term_send(term, "?/tour\r");
		term_expect(term, "takes a banner away, stops a walk or reading, shows all that");
		term_expect(term, " a filter hid, ends zoom, puts the tour away");
		term_send(term, "q\0331"); /* on "Internal port" */
		term_send(term, ":help\r");
		term_expect(term, "let others reach an internal");
		term_expect(term, "             port.");
		term_send(term, "qkkk");
	}
	dash_quit(term);
}

/* The mark of a row that is wrong stands beside the cursor. */
static void the_cursor_hides_no_mark(void **state)
{
	struct term *term = open_at(state, NULL);

	term_send(term, "\033OS\0331\033[C\033[C"); /* GET, whose opcode is a private one */
	term_expect(term, "External port");
	term_send(term, "\0334g");
	term_expect(term, "▌▾ REQUEST"); /* opens as it is looked at */
	term_send(term, "jj");
	term_expect(term, "▌│iR bit");
	term_send(term, "g\r");
	term_expect(term, "▌▸iREQUEST");
	dash_quit(term);
}

static void help_searches(void **state)
{
	struct term *term = open_at(state, NULL);

	term_send(term, "?");
	term_expect(term, "types a value into the field");
	term_send(term, "/afresh\r");
	term_expect_gone(term, "types a value");
	term_expect(term, "starts this request afresh");
	term_send(term, "q");
	term_expect(term, "Compose");
	dash_quit(term);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		AT_BOTH(a_key_without_a_use_says_so),
		AT_BOTH(sentences_are_whole_or_marked),
		AT_BOTH(the_cursor_hides_no_mark),
		AT_BOTH(map_from_the_form),
		AT_BOTH(what_the_rules_object_to_is_marked),
		AT_BOTH(keys_typed_ahead_meet_what_they_were_meant_for),
		AT_BOTH(peer_from_the_form),
		AT_BOTH(get_and_next_from_the_form),
		AT_BOTH(announce_from_the_form),
		AT_BOTH(all_by_the_prompt),
		AT_BOTH(keys_may_come_ahead),
		AT_BOTH(a_wrong_word_is_named),
		AT_BOTH(compare_sees_to_the_end),
		AT_BOTH(the_countdown_falls_each_second),
		AT_BOTH(a_deleted_row_disappears),
		AT_BOTH(what_is_not_renewed_expires),
		AT_BOTH(bars_reach_the_edge),
		AT_BOTH(the_spine_is_one_column),
		AT_BOTH(the_cursor_follows),
		AT_BOTH(help_searches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
