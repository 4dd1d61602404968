/* The end: at once without mappings; else it asks, and says what stays and how to take it over. */
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

/* A server that outlives the dashboard, and where it is. */
struct server {
	struct term *term;
	char at[32];
};

static int start_server(void **state)
{
	static struct server server;
	const char *argv[] = { dash_program(), "--no-save", "serve", "127.0.0.1:0", NULL };
	char *row;

	server.term = term_open(&(struct term_config){ .argv = argv });
	term_expect(server.term, "serving on 127.0.0.1:");
	term_settle(server.term, 50);
	row = term_row(server.term, 0);
	assert_int_equal(sscanf(row, "serving on %31s", server.at), 1);
	free(row);
	*state = &server;
	return 0;
}

static int stop_server(void **state)
{
	const struct server *server = *state;

	term_send(server->term, "\003");
	term_wait_exit(server->term, 60000);
	term_close(server->term);
	return 0;
}

/* The dashboard with one mapping at that server. `save`: where sessions are saved, NULL: nowhere.
 */
static struct term *open_with_mapping(const struct server *server, const char *save)
{
	const char *argv[] = { dash_program(), "-s", server->at, save ? NULL : "--no-save", NULL };
	struct term *term;

	setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	setenv("XDG_STATE_HOME", save ? save : "/nonexistent", 1);
	term = term_open(&(struct term_config){ .argv = argv });
	term_expect(term, "q quit");
	term_send(term, "s");
	term_expect(term, "● 1");
	return term;
}

/* Only y and D mean yes: no key that was pressed twice ends the program. */
static void no_other_key_ends_it(void **state)
{
	static const char *const keys[] = { "q",  "n",	  "2",	  "s", "\t", " ",
					    "\r", "\003", "\033", "x", "j" };
	struct term *term = open_with_mapping(*state, NULL);

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		term_send(term, "q");
		term_expect(term, "End? 1 mapping stays at 127.0.0.1:");
		term_expect(term, "No file keeps the nonces");
		term_expect(term, "y yes  D delete them, then yes  Esc no");
		term_send(term, keys[i]);
		term_expect_gone(term, "End?");
		assert_true(
			term_shows(term, "PEER GET NEXT ANNOUNCE RAW")); /* and does nothing else */
	}
	term_send(term, ":");
	term_type(term, "quit", "\r");
	term_expect(term, "End?");
	term_send(term, "\033qqq"); /* asks, stays, asks */
	term_expect(term, "End?");
	term_send(term, "y");
	term_expect_exit(term, 0);
	term_expect(term, "1 mapping stays at 127.0.0.1:");
	term_expect(term, "nobody can renew or delete it.");
	term_close(term);
}

/* What it took over is in the file of the session before; this one has sent nothing, and has none.
 */
static struct term *again(const struct server *server, const char *save, const char *option)
{
	const char *argv[] = { dash_program(), "-s", server->at, option, NULL };

	setenv("XDG_STATE_HOME", save, 1);
	return term_open(&(struct term_config){ .argv = argv });
}

/* What an answer takes the line of stays in the one below. */
static void what_is_left_is_said_beside_an_answer(struct term *term)
{
	term_expect(term, "an earlier session left 1 mapping");
	term_send(term, "s");
	term_expect(term, "✗ #1  NOT_AUTHORIZED");
	term_expect(term, "an earlier session left 1 mapping");
	term_send(term, "q");
	term_expect_exit(term, 0);
	term_close(term);
}

static void a_peer_cannot_be_deleted_first(void **state)
{
	struct term *term = open_with_mapping(*state, NULL);

	term_send(term, ":");
	term_type(term, "delete 1", "\r");
	term_expect(term, "deleted");
	term_send(term, ":");
	term_type(term, "peer 60007 0 udp 60001 198.51.100.177", "\r");
	term_expect(term, "● 1 ");
	term_send(term, "q");
	term_expect(term, "End? 1 PEER mapping, which cannot be deleted, stays at 127.0.0.1:");
	term_expect(term, "y yes  Esc no");
	term_send(term, "y");
	term_expect_exit(term, 0);
	term_close(term);
}

static void a_saved_session_says_how_to_go_on(void **state)
{
	char dir[] = "/tmp/pcpscope-quit-XXXXXX", command[64];
	struct term *term;

	assert_non_null(mkdtemp(dir));
	term = open_with_mapping(*state, dir);
	term_send(term, "q");
	term_expect(term, "--resume takes it over; the nonces are in ");
	term_send(term, "y");
	term_expect_exit(term, 0);
	term_expect(term, "pcpscope --resume takes it over. Session: /tmp/pcpscope-quit-");
	term_close(term);
	what_is_left_is_said_beside_an_answer(again(*state, dir, NULL));
	term = again(*state, dir, "--resume");
	term_expect(term, "2 Mappings 1 ");
	term_send(term, "q");
	term_expect(term, "over again: an earlier session keeps the nonces.");
	term_send(term, "y");
	term_expect_exit(term, 0);
	term_expect(term, "pcpscope --resume takes it over again.");
	term_close(term);
	snprintf(command, sizeof command, "rm -r %s", dir);
	assert_int_equal(system(command), 0);
}

static void deleting_comes_first(void **state)
{
	struct term *term = open_with_mapping(*state, NULL);

	term_send(term, ":");
	term_type(term, "map 8081 8081 tcp", "\r");
	term_expect(term, "● 2 ");
	term_send(term, "q");
	term_expect(term, "End? 2 mappings stay at 127.0.0.1:");
	term_expect(term, ", the first until ");
	term_send(term, "D");
	term_expect_exit(term, 0);
	assert_false(term_shows(term, "stay"));
	term_close(term);
}

static void a_deleted_mapping_is_no_reason(void **state)
{
	struct term *term = open_with_mapping(*state, NULL);

	term_send(term, "\0332d");
	term_expect(term, "deleted");
	dash_quit(term);
}

/* The lab's mappings end with it; nothing stays to tell of. */
static void the_own_lab_ends_too(void **state)
{
	struct term *term = dash_open(&(struct dash){ 0 });

	(void)state;
	term_send(term, "s");
	term_expect(term, "● 1");
	term_send(term, "q");
	term_expect(term, "End? The embedded gateway ends, too, and 1 mapping with it");
	assert_false(term_shows(term, "D delete"));
	term_send(term, "D"); /* no answer to this question */
	term_expect_gone(term, "End?");
	term_send(term, "qy");
	term_expect_exit(term, 0);
	assert_false(term_shows(term, "stays"));
	term_close(term);
}

static void without_mappings_it_ends_at_once(void **state)
{
	struct term *term = dash_open(&(struct dash){ 0 });

	(void)state;
	term_send(term, "q");
	term_expect_exit(term, 0);
	term_close(term);
}

/* Each page goes back to the one that it was opened from. */
static void pages_are_a_stack(void **state)
{
	struct term *term = dash_open(&(struct dash){ 0 });

	(void)state;
	term_send(term, "s");
	term_expect(term, "● 1");
	term_send(term, "\0333l");
	term_expect(term, "Ladder");
	term_send(term, ":fields 3\r");
	term_expect(term, "Output");
	term_send(term, "?");
	term_expect(term, "every key;");
	term_send(term, "q");
	term_expect(term, "Output");
	term_send(term, "\033");
	term_expect(term, "Ladder");
	term_send(term, "O?O"); /* one that is open comes to the front again */
	term_expect(term, "Output");
	term_send(term, "q");
	term_expect(term, "Ladder");
	term_send(term, "q");
	term_expect(term, "newest last");
	dash_quit(term);
}

static void a_screen_without_room_does_not_ask(void **state)
{
	struct term *term = open_with_mapping(*state, NULL);

	term_resize(term, 5, 30);
	term_expect(term, "too small");
	dash_quit(term);
}

/* However narrow: other keys make room for it. */
static void the_way_out_is_in_sight(void **state)
{
	static const int widths[] = { 40, 47, 54, 61, 80 };
	struct term *term = dash_open(&(struct dash){ 0 });

	(void)state;
	term_send(term, "s");
	term_expect(term, "● 1");
	for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
		term_resize(term, 12, widths[i]);
		for (const char *key = "1234"; *key; key++) {
			const char pane[] = { 27, *key,
					      0 }; /* Alt: a digit alone types into a field */

			term_send(term, pane);
			term_settle(term, 50);
			term_expect(term, "q quit");
		}
	}
	dash_quit(term);
}

#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, start_server, stop_server)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_SERVER(no_other_key_ends_it),
		WITH_SERVER(a_saved_session_says_how_to_go_on),
		WITH_SERVER(a_peer_cannot_be_deleted_first),
		WITH_SERVER(deleting_comes_first),
		WITH_SERVER(a_deleted_mapping_is_no_reason),
		cmocka_unit_test(the_own_lab_ends_too),
		cmocka_unit_test(without_mappings_it_ends_at_once),
		cmocka_unit_test(pages_are_a_stack),
		WITH_SERVER(a_screen_without_room_does_not_ask),
		cmocka_unit_test(the_way_out_is_in_sight),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
