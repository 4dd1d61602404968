/* The table of mappings and the list of exchanges: what they say while things go on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dash.h"

/* ---- what takes long ---- */

static void ask_for_maps(struct term *term, int n)
{
	for (int i = 0; i < n; i++) {
		char line[40];

		snprintf(line, sizeof line, "map %d 0 udp", 3000 + i);
		dash_command(term, line);
	}
}

/* Twenty mappings are two answers of GET, each two seconds late. */
static void a_walk_tells_how_far_it_is_and_stops(void **state)
{
	struct term *term = dash_open(&(struct dash){ .words = "delay=2s" });

	(void)state;
	ask_for_maps(term, 20);
	term_send(term, "\033OR");
	term_expect(term, "● 20");
	dash_command(term, "walk");
	term_expect(term, "walk: 0 mappings, 0 requests, Esc stops it");
	term_expect(term, "walk: 17 mappings, 1 request");
	term_send(term, "\033OQ"); /* other keys do what they do */
	term_expect(term, "PEER GET NEXT");
	term_send(term, "\033");
	term_expect(term, "The walk was stopped: 17 mappings, 1 request");
	term_expect_gone(term, "Esc stops it");
	dash_quit(term);
}

static void a_walk_tells_its_end(void **state)
{
	struct term *term = dash_open(&(struct dash){ .words = NULL });

	(void)state;
	ask_for_maps(term, 20);
	term_expect(term, "● 20");
	dash_command(term, "walk");
	term_expect(term, "The list is complete: 20 mappings, 2 requests.  (O shows 21 lines)");
	term_expect_gone(term, "Esc stops it");
	dash_quit(term);
}

/* A row says what a GET asked for, and what came of it in the answer line's words. */
static void what_a_get_asked_for_stands_in_its_row(void **state)
{
	struct term *term = dash_open(*state);

	dash_command(term, "map 3000 3000 udp");
	dash_command(term, "get");
	term_send(term, "\033OS");
	term_expect(term, "✓ such mappings stand");
	term_expect(term, "answer to #2, i 1 remark: opcode-private");
	dash_command(term, "get -proto udp -intport 3000");
	term_expect(term, "GET udp :3000");
	dash_command(term,
		     "get -proto 6 -intip 10.9.8.7 -intport 80 -extip 203.0.113.9 -extport 81");
	term_expect(term, "GET tcp 10.9.8.7:80 →203.0.113.9:81");
	dash_command(term, "get -extip 203.0.113.9 -next");
	term_expect(term, "GET →203.0.113.9 NEXT");
	term_expect(term, "✓ 1 mapping, no more");
	dash_quit(term);
}

/* Quitting takes a walk along. */
static void quit_ends_a_walk(void **state)
{
	struct term *term = dash_open(&(struct dash){ .words = "delay=2s" });

	(void)state;
	dash_command(term, "walk");
	term_expect(term, "Esc stops it");
	dash_quit(term);
}

/* ---- what is told apart ---- */

/* At 80 columns, too, where the bar makes way for the longest remote. */
static void two_peers_of_one_port_differ(void **state)
{
	struct term *term = dash_open(&(struct dash){ .rows = 24, .cols = 80 });

	(void)state;
	dash_command(term, "peer 60007 0 udp 60001 198.51.100.177");
	dash_command(term, "peer 60007 0 udp 60002 198.51.100.177");
	term_send(term, "\033OR");
	term_expect(term, "198.51.100.177:60001");
	term_expect(term, "198.51.100.177:60002");
	dash_quit(term);
}

/* ---- what is being waited for ---- */

static void tries_are_counted_while_waiting(void **state)
{
	struct term *term =
		dash_open(&(struct dash){ .rows = 40, .cols = 120, .words = "silence" });

	(void)state;
	term_send(term, "s\0333");
	term_expect(term, "◌ asked, next in ");	  /* the row */
	term_expect(term, "2nd try in 0:00:0");	  /* the table */
	term_expect(term, "Decode  request #1 "); /* Decode follows */
	term_expect(term, "×2");
	term_expect(term, "◌ silent, next in ");
	term_expect(term, "→  try 2"); /* it unfolds by itself */
	term_expect(term, "◌  try 3 in ");
	term_expect(term, "Decode  request #1, try 2");
	term_send(term, "l");
	term_expect(term, "#1  ◌ 3rd try in 0:00:0");
	dash_quit((term_send(term, "q"), term));
}

static void who_took_its_place_is_told(void **state)
{
	struct term *term = dash_open(&(struct dash){ .words = "silence" });

	(void)state;
	dash_command(term, "map 80 80 tcp");
	dash_command(term, "map 80 80 tcp");
	dash_command(term, "map 81 81 tcp");
	term_send(term, "\033OS");
	term_expect(term, "replaced by #2");
	term_send(term, "x");
	term_expect(term, "given up");
	term_expect(term, "; given up by hand");
	dash_quit(term);
}

static void why_a_datagram_was_dropped_stands_in_its_row(void **state)
{
	struct term *term = dash_open(&(struct dash){ .words = "wrong-nonce=1" });

	(void)state;
	term_send(term, "\033OS");
	dash_command(term, "map 80 80 tcp");
	term_expect(term, "⊘  its nonce is not that of the map");
	dash_quit(term);
}

/* Decode has both nonces, and does not call given what was dropped. */
static void a_dropped_datagram_is_held_against_the_request(void **state)
{
	struct term *term =
		dash_open(&(struct dash){ .rows = 40, .cols = 120, .words = "wrong-nonce=1" });
	int row, col;
	char *line;

	(void)state;
	dash_command(term, "map 80 80 tcp -no 0x010203040506070809101112");
	term_expect(term, "⊘");
	term_send(term, "\033OSG");
	term_expect(term, "this datagram");
	assert_true(term_find(term, "nonce         010203040506070809101112", &row, &col));
	line = term_row(term, row);
	assert_null(
		strstr(strstr(line, "010203040506070809101112") + 1, "010203040506070809101112"));
	free(line);
	assert_true(term_shows(term, "source        127.0.0.1:"));
	dash_quit(term);
}

/* A row of its own for a restart, and what it took in the same. */
static void a_restart_has_a_row(void **state)
{
	static const struct {
		const char *first, *row;
	} cases[] = { { "announce", "○ the server restarted: no mapping lost" },
		      { "map 80 80 tcp", "○ tcp 80 lost: the server restarted" } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct term *term = dash_open(&(struct dash){ .rows = 40, .cols = 120 });

		dash_command(term, cases[i].first);
		term_expect(term, "✓ #1");
		dash_command(term, "lab restart");
		dash_command(term, "announce");
		term_expect(term, cases[i].row);
		dash_quit(term);
	}
}

/* The timer's renewal has a row beside its exchange; one by hand has none. */
static void a_renewal_by_itself_has_a_row(void **state)
{
	struct term *term =
		dash_open(&(struct dash){ .rows = 40, .cols = 120, .words = "min-lifetime=4s" });

	(void)state;
	dash_command(term, "map 80 80 tcp -lt 600");
	term_expect(term, "✓ #1");
	term_send(term, "\0332r");
	term_expect(term, "✓ #2");
	assert_false(term_shows(term, "↻"));
	dash_command(term, "map 81 81 udp -lt 4 -renew");
	term_expect(term, "↻ udp 81 renewed by itself");
	assert_false(term_shows(term, "tcp 80 renewed by itself"));
	dash_quit(term);
}

/* Nobody answers: it ends after its tries, or by hand. */
static void what_is_given_up_has_a_row(void **state)
{
	struct term *term =
		dash_open(&(struct dash){ .rows = 40, .cols = 120, .words = "silence" });

	(void)state;
	dash_command(term, "map 80 80 tcp");
	term_expect(term, "1 waiting");
	term_send(term, "\0333x");
	term_expect(term, "○ #1 tcp 80 not asked again: given up by hand");
	dash_command(term, "announce -tries 1");
	term_expect(term, "○ #2 given up: no answer to 1 try");
	dash_quit(term);
}

/* ---- what is shown ---- */

/* Rows of one network have it in the heading, and what differs; one of another, all have all. */
static void a_shared_network_stands_in_the_heading(void **state)
{
	struct term *term = dash_open(*state);

	dash_command(term, "map 8080 8080 tcp -tp 2001:db8:1:2::5");
	term_expect(term, "✓ #1");
	dash_command(term, "map 22 22 tcp -tp 2001:db8:1:2::c0a8:101");
	term_expect(term, "✓ #2");
	term_send(term, "\0332");
	term_expect(term, "internal 2001:db8:1:2::");
	term_expect(term, "external 2001:db8:1:2::");
	term_expect(term, "tcp  [::5]:8080 ");
	term_expect(term, "tcp  [::c0a8:101]:22 ");
	term_send(term, "ointernal\r"); /* the mark stands behind it */
	term_expect(term, "internal 2001:db8:1:2:: ▴");
	dash_command(term, "map 80 80 tcp");
	term_expect(term, "✓ #3");
	term_send(term, "\0332");
	term_expect_gone(term, "internal 2001:db8:1:2::");
	term_expect(term, "[2001:db8:1:2::5]:8080 ");
	term_expect(term, "127.0.0.1:80 ");
	dash_quit(term);
}

/* Only the answer has the external address; its request is shown with it, and nothing else. */
static void a_filter_shows_whole_exchanges(void **state)
{
	struct term *term = dash_open(&(struct dash){ .words = NULL });

	(void)state;
	dash_command(term, "map 80 80 tcp");
	dash_command(term, "announce");
	term_send(term, "\033OS");
	term_expect(term, "✓ epoch ");
	term_send(term, "/203.0.113\r");
	term_expect_gone(term, "✓ epoch ");
	term_expect(term, "1 with '203.0.113'");
	term_expect(term, "MAP tcp 80 ");
	/* What comes later, too. */
	dash_command(term, "map 81 81 udp");
	term_expect(term, "2 with '203.0.113'");
	term_expect(term, "MAP udp 81 ");
	term_send(term, "/\025announce\r");
	term_expect(term, "1 with 'announce'");
	term_expect_gone(term, "MAP udp 81 ");
	dash_quit(term);
}

/* Two rows beyond the cursor are in sight as long as there are any. */
static void rows_around_the_cursor_are_in_sight(void **state)
{
	struct term *term = dash_open(&(struct dash){ .words = NULL });

	(void)state;
	ask_for_maps(term, 30);
	term_expect(term, "● 30");
	term_send(term, "\033ORgjjjjjj"); /* eight rows: as far as the sixth nothing moves */
	term_expect(term, "↑1 ↓21");
	term_send(term, "kkk");
	term_settle(term, 50);
	assert_true(term_shows(term, "↑1 ↓21"));
	term_send(term, "k");
	term_expect_gone(term, "↑");
	term_send(term, "G");
	term_expect(term, "↑22");
	term_send(term, "kkkkkk");
	term_expect(term, "↑21 ↓1");
	dash_quit(term);
}

/* As after Send, unless somebody looks at a message that is not the newest. */
static void decode_follows_commands(void **state)
{
	struct term *term = dash_open(&(struct dash){ .words = NULL });

	(void)state;
	dash_command(term, "map 80 80 tcp");
	term_expect(term, "4 Decode  answer to #1");
	term_send(term, "\033OS gj"); /* unfolded: its request */
	term_expect(term, "4 Decode  request #1 ");
	dash_command(term, "map 81 81 tcp");
	term_expect(term, "✓ #2  ");
	term_expect(term, "4 Decode  request #1 ");
	term_send(term, "G");
	term_expect(term, "4 Decode  answer to #2");
	dash_command(term, "map 82 82 tcp");
	term_expect(term, "4 Decode  answer to #3");
	dash_quit(term);
}

static void decode_follows_recovery(void **state)
{
	struct term *term = dash_open(&(struct dash){ .words = NULL });

	(void)state;
	dash_command(term, "map 80 80 tcp");
	term_expect(term, "4 Decode  answer to #1");
	dash_command(term, "lab epoch-jump=1000");
	dash_command(term, "announce");
	term_expect(term, "The gateway restarted");
	term_send(term, "\0332R");
	term_expect(term, "4 Decode  answer to #3");
	term_expect(term, "1 request sent to make");
	dash_quit(term);
}

/* ---- restarts ---- */

static void the_banner_says_what_is_lost_now(void **state)
{
	struct term *term = dash_open(&(struct dash){ .words = NULL });

	(void)state;
	dash_command(term, "map 80 80 tcp");
	dash_command(term, "map 81 81 tcp");
	term_expect(term, "answer to #2");
	dash_command(term, "lab epoch-jump=1000");
	dash_command(term, "announce");
	term_expect(term, "2 mappings lost; R makes them again, Esc");
	term_send(term, "\033");
	term_expect_gone(term, "The gateway restarted");
	term_expect(term, "○ 2");
	term_send(term, "\0332r"); /* one comes back */
	term_expect(term, "○ 1");
	term_send(term, "jr");
	term_expect_gone(term, "○ 1");
	term_expect(term, "● 2");
	dash_quit(term);
}

static void renewal_takes_the_loss_back(void **state)
{
	struct term *term =
		dash_open(&(struct dash){ .rows = 40, .cols = 160, .option = { "--renew" } });

	(void)state;
	dash_command(term, "map 80 80 tcp");
	term_expect(term, "answer to #1");
	dash_command(term, "lab epoch-jump=1000");
	dash_command(term, "announce");
	term_expect(term, "(its epoch went from 360"); /* where there is room */
	term_expect(term, "no mapping is lost now");   /* after five seconds at most */
	dash_quit(term);
}

/* ---- files ---- */

/* Types the name of a file in `dir` in place of the one offered. */
static void name_file(struct term *term, const char *dir, const char *name)
{
	char path[128];

	snprintf(path, sizeof path, "\025%s/%s", dir, name);
	term_type(term, path, "\r");
}

/* Not the name alone, which stands in the prompt while it is typed. */
static void expect_written(struct term *term, const char *dir, const char *name)
{
	char text[128];

	snprintf(text, sizeof text, "written to %s/%s", dir, name);
	term_expect(term, text);
}

static size_t size_of(const char *dir, const char *name)
{
	char path[128];
	FILE *file;
	long size;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	file = fopen(path, "r");
	if (!file)
		return 0;
	fseek(file, 0, SEEK_END);
	size = ftell(file);
	fclose(file);
	return (size_t)size;
}

static void files_are_never_overwritten(void **state)
{
	char dir[] = "/tmp/pcpscope-XXXXXX", command[64];
	struct term *term = dash_open(&(struct dash){ .rows = 40, .cols = 120 });
	size_t size;

	(void)state;
	assert_non_null(mkdtemp(dir));
	term_send(term, "s");
	term_expect(term, "answer to #1");
	term_send(term, "\0333lwtext\r");
	name_file(term, dir, "a.b.txt");
	expect_written(term, dir, "a.b.txt");
	size = size_of(dir, "a.b.txt");
	assert_true(size > 100);
	term_send(term, "wsvg\r");
	name_file(term, dir, "a.b.txt");
	term_expect(term, "a.b-2.txt: there was a ");
	term_send(term, "q\0334Y\r");
	name_file(term, dir, "a.b.txt");
	term_expect(term, "a.b-3.txt: there was a ");
	term_send(term, "Y\r");
	name_file(term, dir, "plain");
	expect_written(term, dir, "plain");
	term_send(term, "Y\r");
	name_file(term, dir, "plain");
	term_expect(term, "plain-2: there was a ");
	term_send(term, "Y\r");
	name_file(term, dir, "no/such");
	term_expect(term, "No such file or directory");
	assert_int_equal(size_of(dir, "a.b.txt"), size);
	assert_true(size_of(dir, "a.b-2.txt") > 500); /* SVG */
	assert_int_equal(size_of(dir, "a.b-3.txt"), 120);
	assert_int_equal(size_of(dir, "plain-2"), 120);
	dash_quit(term);
	snprintf(command, sizeof command, "rm -r %s", dir);
	assert_int_equal(system(command), 0);
}

/* ---- the row under the cursor ---- */

/* Text and bar stand on one ground: a colour of its own under both, or both reversed. The bar keeps
 * its colour. */
static void the_bar_shows_under_the_cursor(void **state)
{
	static const char *const no_colour[] = { "NO_COLOR=1", NULL };
	const struct dash *dash = &(struct dash){ .env = *state ? no_colour : NULL };
	struct term *term = dash_open(dash);
	VTermScreenCell text, bar;
	int row, col;

	dash_command(term, "map 80 80 tcp -lt 3600");
	term_send(term, "\033OR");
	term_expect(term, "0:59:");
	term_settle(term, 200);
	assert_true(term_find(term, "127.0.0.1:80", &row, &col));
	text = term_cell(term, row, col);
	assert_true(term_find(term, "━━", &row, &col));
	bar = term_cell(term, row, col);
	assert_int_equal(text.attrs.reverse, *state != NULL);
	assert_int_equal(bar.attrs.reverse, *state != NULL);
	assert_int_equal(VTERM_COLOR_IS_DEFAULT_BG(&text.bg), *state != NULL);
	assert_memory_equal(&text.bg, &bar.bg, sizeof text.bg);
	if (!*state)
		assert_memory_not_equal(&text.fg, &bar.fg, sizeof text.fg);
	dash_quit(term);
}

/* NAT-PMP's rows are as short as PCP's, and nothing of them is cut. */
static void natpmp_in_a_row(void **state)
{
	struct term *term;

	(void)state;
	term = dash_open(&(struct dash){ .rows = 40, .cols = 120, .option = { "--nat-pmp" } });
	dash_command(term, "map 9000 9000 udp -lt 600");
	term_expect(term, "NAT-PMP udp 9000");
	term_expect(term, ":9000 0:10:00");
	dash_command(term, "map 9001 9002 tcp -lt 600");
	term_expect(term, "NAT-PMP tcp 9001 want 9002");
	dash_command(term, "map 9000 9000 udp -lt 0");
	term_expect(term, "NAT-PMP delete udp 9000");
	term_expect(term, "deleted");
	dash_command(term, "lab result=2");
	dash_command(term, "map 9003 9003 udp");
	term_expect(term, "NOT_AUTHORIZED");
	dash_quit(term);
}

static struct dash narrow = { .rows = 24, .cols = 80 }, wide = { .rows = 40, .cols = 120 };

int main(void)
{
	static bool no_colour = true;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(natpmp_in_a_row),
		cmocka_unit_test(the_bar_shows_under_the_cursor),
		cmocka_unit_test_prestate(the_bar_shows_under_the_cursor, &no_colour),
		cmocka_unit_test(files_are_never_overwritten),
		cmocka_unit_test(the_banner_says_what_is_lost_now),
		cmocka_unit_test(renewal_takes_the_loss_back),
		{ "a shared network stands in the heading at 80x24",
		  a_shared_network_stands_in_the_heading, NULL, NULL, &narrow },
		{ "a shared network stands in the heading at 120x40",
		  a_shared_network_stands_in_the_heading, NULL, NULL, &wide },
		cmocka_unit_test(a_filter_shows_whole_exchanges),
		cmocka_unit_test(rows_around_the_cursor_are_in_sight),
		cmocka_unit_test(decode_follows_commands),
		cmocka_unit_test(decode_follows_recovery),
		cmocka_unit_test(two_peers_of_one_port_differ),
		cmocka_unit_test(tries_are_counted_while_waiting),
		cmocka_unit_test(who_took_its_place_is_told),
		cmocka_unit_test(a_dropped_datagram_is_held_against_the_request),
		cmocka_unit_test(a_restart_has_a_row),
		cmocka_unit_test(a_renewal_by_itself_has_a_row),
		cmocka_unit_test(what_is_given_up_has_a_row),
		cmocka_unit_test(why_a_datagram_was_dropped_stands_in_its_row),
		cmocka_unit_test(a_walk_tells_how_far_it_is_and_stops),
		cmocka_unit_test(a_walk_tells_its_end),
		cmocka_unit_test(quit_ends_a_walk),
		{ "what a GET asked for stands in its row at 120x40",
		  what_a_get_asked_for_stands_in_its_row, NULL, NULL, &wide },
	};

	return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
