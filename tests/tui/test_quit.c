/* The end: at once, but where mappings would go on whose nonces nobody has. */
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
	term_expect(term, "● 1 ");
	return term;
}

static void it_asks_once(void **state)
{
	struct term *term = open_with_mapping(*state, NULL);

	term_send(term, "q");
	term_expect(term, "No file keeps the nonces of 1 mapping:");
	term_expect(term, "y yes  n no");
	term_send(term, "2s\t"); /* no other key acts */
	term_settle(term, 100);
	assert_true(term_shows(term, "y yes  n no"));
	assert_true(term_shows(term, "[1 Compose]"));
	term_send(term, "n");
	term_expect_gone(term, "No file keeps");
	term_send(term, ":");
	term_type(term, "quit", "\r");
	term_expect(term, "No file keeps");
	term_send(term, "\033");
	term_expect_gone(term, "No file keeps");
	term_send(term, "qq"); /* the second means it */
	term_expect_exit(term, 0);
	term_close(term);
}

static void a_saved_session_just_ends(void **state)
{
	char dir[] = "/tmp/pcpscope-quit-XXXXXX", command[64];
	struct term *term;

	assert_non_null(mkdtemp(dir));
	term = open_with_mapping(*state, dir);
	dash_quit(term);
	snprintf(command, sizeof command, "rm -r %s", dir);
	assert_int_equal(system(command), 0);
}

static void a_deleted_mapping_is_no_reason(void **state)
{
	struct term *term = open_with_mapping(*state, NULL);

	term_send(term, "2d");
	term_expect(term, "deleted");
	dash_quit(term);
}

/* The lab's mappings end with it. */
static void the_own_lab_is_no_reason(void **state)
{
	struct term *term = dash_open(&(struct dash){ 0 });

	(void)state;
	term_send(term, "s");
	term_expect(term, "● 1 ");
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
	term_expect(term, "● 1 ");
	for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
		term_resize(term, 12, widths[i]);
		for (const char *key = "1234"; *key; key++) {
			const char pane[] = { *key, '\0' };

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
		WITH_SERVER(it_asks_once),
		WITH_SERVER(a_saved_session_just_ends),
		WITH_SERVER(a_deleted_mapping_is_no_reason),
		cmocka_unit_test(the_own_lab_is_no_reason),
		WITH_SERVER(a_screen_without_room_does_not_ask),
		cmocka_unit_test(the_way_out_is_in_sight),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
