/* Compose: where the cursor goes, and how RAW and Decode read the same octets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dash.h"

static struct term *open_wide(void)
{
	return dash_open(&(struct dash){ .rows = 40, .cols = 120 });
}

/* The row that the cursor stands in shows the text. */
static void expect_at_cursor(struct term *term, const char *text)
{
	char *row;

	term_settle(term, 100);
	row = term_row(term, term->cursor.row);
	if (!strstr(row, text))
		fail_msg("the cursor is in '%s', not in '%s'", row, text);
	free(row);
}

/* ---- options that go ---- */

/* Adds the option that stands `down` rows below the first of those that may be added. */
static void add_option(struct term *term, int down)
{
	term_send(term, "o");
	term_expect(term, "Add an option");
	while (down-- > 0)
		term_send(term, "\033[B");
	term_send(term, "\r");
	term_expect_gone(term, "Add an option");
}

static void the_next_option_takes_its_place(void **state)
{
	struct term *term = open_wide();

	(void)state;
	add_option(term, 0); /* THIRD_PARTY, one field */
	add_option(term, 0); /* PREFER_FAILURE, none */
	term_send(term, "kk");
	expect_at_cursor(term, "THIRD_PARTY");
	term_send(term, "x");
	term_expect_gone(term, "THIRD_PARTY");
	expect_at_cursor(term, "PREFER_FAILURE");
	dash_quit(term);
}

static void the_last_option_leaves_the_cursor_near(void **state)
{
	struct term *term = open_wide();

	(void)state;
	add_option(term, 1); /* PREFER_FAILURE */
	add_option(term, 0); /* THIRD_PARTY, the cursor on its field */
	expect_at_cursor(term, "Internal address");
	term_send(term, "x");
	term_expect_gone(term, "THIRD_PARTY");
	expect_at_cursor(term, "PREFER_FAILURE");
	term_send(term, "x");
	term_expect_gone(term, "▾ PREFER_FAILURE");
	expect_at_cursor(term, "+ option");
	dash_quit(term);
}

/* Beside the form stand options that this request takes, and no others. */
static void hints_are_of_the_request(void **state)
{
	static const struct {
		const char *kind, *has, *lacks;
	} of[] = {
		{ "Suggested port", "PREFER_FAILURE  that port only", "NEXT  lists" },
		{ "Remote port", "THIRD_PARTY  for another host", "PREFER_FAILURE" },
		{ "External port", "NEXT  lists what matches", "DESCRIPTION" },
	};
	struct term *term = dash_open(&(struct dash){ .rows = 24, .cols = 80 });

	(void)state;
	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		term_expect(term, of[i].kind);
		term_expect(term, of[i].has);
		assert_false(term_shows(term, of[i].lacks));
		term_send(term, "\033[C");
	}
	term_send(term, "\033[C"); /* past NEXT, to ANNOUNCE */
	term_expect_gone(term, "External port");
	term_settle(term, 50);
	assert_false(term_shows(term, "DESCRIPTION"));
	dash_quit(term);
}

/* ---- one rule for what octets are ---- */

/* An ANNOUNCE response goes out: RAW, Decode after it went, and Exchanges all read it by its R bit,
 * and the linter says which way it went. */
static void octets_are_read_by_their_r_bit(void **state)
{
	struct term *term = open_wide();

	(void)state;
	term_send(term, "h\r"); /* RAW */
	term_expect(term, "hex digits overwrite");
	term_send(term, "\013"
			"028000000000000000000009"
			"000000000000000000000000"
			"\r");
	term_expect(term, "1 response");
	term_expect(term, "Result code");
	term_send(term, "s\033[15~");
	term_expect(term, "request #1");
	term_expect(term, "1 response");
	term_expect(term, "Result code");
	term_send(term, "gjj");
	term_expect(term, "request-r-set");
	term_send(term, "\033OS");
	term_expect(term, "ANNOUNCE SUC"); /* cut there */
	dash_quit(term);
}

/* An ANNOUNCE is its header alone. */
static void a_part_without_octets_says_so(void **state)
{
	struct term *term = open_wide();

	(void)state;
	term_send(term, "hh\033[15~G");
	term_expect(term, "▌▾ ANNOUNCE");
	term_expect(term, "ANNOUNCE  no octets");
	dash_quit(term);
}

/* ---- what the bottom line has no room for ---- */

static void all_there_is_to_say(void **state)
{
	struct term *term = dash_open(&(struct dash){ 0 });

	(void)state;
	add_option(term, 1); /* PREFER_FAILURE: its rules take three lines */
	term_expect(term, "PREFER_FAILURE (RFC 6887 13.2): ");
	assert_false(term_shows(term, "many servers lack it"));
	term_send(term, "i");
	term_expect(term, "clients; many servers lack it");
	term_expect(term, "Asks for exactly the suggested port and address");
	term_send(term, "q");
	/* Of a row that is no field there is no more than that line; the page opens all the same.
	 */
	term_send(term, "j");
	expect_at_cursor(term, "+ option");
	term_send(term, "i");
	term_expect(term, "Output");
	term_expect(term, "Enter lists the options");
	term_send(term, "q");
	term_expect_gone(term, "Output");
	dash_quit(term);
}

/* Each rule that objects to the field, not the gravest alone. */
static void all_that_is_objected(void **state)
{
	struct term *term = open_wide();

	(void)state;
	term_send(term, "gjjjjjj\r\0250.0.0.0\r");
	term_send(term, "k");
	term_expect(term, "client-address-mismatch");
	term_send(term, "i");
	term_expect(term, "client-address-any");
	term_expect(term, "client-address-mismatch");
	term_expect(term, "REQUEST (header)");
	term_send(term, "q\033[15~p");
	term_settle(term, 100);
	term_send(term, "gi");
	term_expect(term, "REQUEST (header)");
	term_send(term, "q");
	dash_quit(term);
}

/* Under the octets the two gravest things that the rules object to, beside them the characters. */
static void raw_says_what_is_wrong_while_one_types(void **state)
{
	struct term *term = dash_open(&(struct dash){ .words = NULL });
	VTermScreenCell wrong, right;
	int row, col;

	(void)state;
	term_send(term, "E\r");
	term_expect(term, "hex digits overwrite");
	term_send(term, "0201ff00"); /* reserved octets */
	term_expect(term, "0002  Reserved octets of REQUEST are not zero.");
	assert_true(term_find(term, "02 01 ff 00", &row, &col));
	wrong = term_cell(term, row, col + 6);
	right = term_cell(term, row, col);
	assert_true(memcmp(&wrong.fg, &right.fg, sizeof right.fg) ||
		    memcmp(&wrong.bg, &right.bg, sizeof right.bg));
	term_send(term, "\033[D\033[D\033[D\033[D00");
	term_expect_gone(term, "0002  Reserved octets");
	term_send(term, "\013"
			"0201000000000e1000000000000000000000ffff7f000001" /* a MAP's header */
			"77656221");
	term_expect(term, "web!");
	term_send(term, "\r");
	dash_quit(term);
}

/* ---- the keys that send, where letters and digits are typed ---- */

/* The row that sends says which key does, and sending leaves one typing. */
static void octets_are_sent_while_they_are_typed(void **state)
{
	struct term *term = dash_open(&(struct dash){ .words = NULL });

	(void)state;
	term_send(term, "E");
	term_expect(term, " s send   60 octets, as they are: legal or not");
	term_send(term, "\r0201ff");
	term_expect(term, " ^S send   60 octets, as they are: legal or not");
	term_expect(term, "^S send  Enter done");
	term_send(term, "\023"); /* ^S */
	term_expect(term, "✓ #1  203.0.113.9:8080 ");
	term_expect(term, "^S send  Enter done");
	term_send(term, "\033[20~"); /* F9 */
	term_expect(term, "✓ #2  203.0.113.9:8080 ");
	term_send(term, "\rs");
	term_expect(term, "✓ #3  203.0.113.9:8080 ");
	dash_quit(term);
}

/* The octets give way to it, however many there are. */
static void the_row_that_sends_is_in_sight(void **state)
{
	struct term *term = dash_open(&(struct dash){ .words = NULL });

	(void)state;
	term_send(term, "E\rpppppppppppppppppppppppppppppppp"); /* 128 octets more */
	term_expect(term, "^S send   188 octets");
	term_send(term, "\033[H"); /* Home */
	term_expect(term, "0000  02 01 00 00");
	term_expect(term, "^S send   188 octets");
	term_send(term, "\r");
	dash_quit(term);
}

/* What is typed into a field is taken first; a refused value is not sent. */
static void a_field_is_taken_and_sent(void **state)
{
	struct term *term = dash_open(&(struct dash){ .words = NULL });

	(void)state;
	term_send(term, "443\023");
	term_expect(term, "✓ #1  203.0.113.9:8080 → 127.0.0.1:443 tcp");
	term_send(term, "7x\023");
	term_expect(term, "not sent: a field is refused");
	assert_true(term_shows(term, "3 Exchanges 1"));
	term_send(term, "\r\033[20~");
	term_expect(term, "is refused");
	term_send(term, "\r\025443\r:announce\023");
	term_expect(term, "no part of a request: Enter or Esc ends it first");
	term_send(term, "\r");
	term_expect(term, "✓ #2  ");
	dash_quit(term);
}

/* From a page, too, which stays. */
static void a_page_sends(void **state)
{
	static const char *const pages[] = { "?", "O", "\033OSl" };
	static const char *const names[] = { "every key;", "Output", "Ladder" };
	struct term *term = dash_open(&(struct dash){ .words = NULL });
	char answer[32];

	(void)state;
	dash_command(term, "fields 3");
	term_expect(term, "Output");
	term_send(term, "q");
	for (int i = 0; i < 3; i++) {
		term_send(term, pages[i]);
		term_expect(term, names[i]);
		term_send(term, "\023");
		snprintf(answer, sizeof answer, "✓ #%d  ", i + 1);
		term_expect(term, answer);
		assert_true(term_shows(term, names[i]));
		term_send(term, "q");
		term_expect_gone(term, names[i]);
	}
	dash_quit(term);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hints_are_of_the_request),
		cmocka_unit_test(the_next_option_takes_its_place),
		cmocka_unit_test(the_last_option_leaves_the_cursor_near),
		cmocka_unit_test(octets_are_read_by_their_r_bit),
		cmocka_unit_test(a_part_without_octets_says_so),
		cmocka_unit_test(all_there_is_to_say),
		cmocka_unit_test(all_that_is_objected),
		cmocka_unit_test(raw_says_what_is_wrong_while_one_types),
		cmocka_unit_test(octets_are_sent_while_they_are_typed),
		cmocka_unit_test(the_row_that_sends_is_in_sight),
		cmocka_unit_test(a_field_is_taken_and_sent),
		cmocka_unit_test(a_page_sends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
