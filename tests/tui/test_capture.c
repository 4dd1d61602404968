/* A capture in the dashboard: its moments, and a large one while it is read. */
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

enum { IP = 20, UDP = 8, MAP = 60, LEN = IP + UDP + MAP, SERVER_PORT = 5351 };

static char path[64];
static uint8_t host = 7; /* who asks: 192.0.2.7 */
static uint8_t server = 1;
static uint32_t epoch_back; /* the server lost its state so many seconds after the capture began */

static void put16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static FILE *begin_capture(void)
{
	const uint32_t header[] = { 0xa1b2c3d4, 2 | 4 << 16, 0, 0, 65535, 101 };
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(header, sizeof header, 1, file), 1);
	return file;
}

/* The request for a TCP mapping of that port, or its answer. */
static void message(FILE *file, uint32_t second, bool request, unsigned port, unsigned lifetime)
{
	const uint32_t record[] = { 1700000000 + second, request ? 0 : 1500, LEN, LEN };
	uint8_t octets[LEN] = {
		0x45, [9] = 17, [12] = 192, [14] = 2, [15] = 1, [16] = 192, [18] = 2, [19] = 1
	};
	uint8_t *udp = octets + IP, *pcp = udp + UDP;

	octets[request ? 15 : 19] = host;
	octets[request ? 19 : 15] = server;
	put16(octets + 2, LEN);
	put16(udp + (request ? 0 : 2), 40000);
	put16(udp + (request ? 2 : 0), SERVER_PORT);
	put16(udp + 4, UDP + MAP);
	pcp[0] = 2;
	pcp[1] = request ? 1 : 0x81;
	put16(pcp + 6, lifetime);
	put16(pcp + 10, request ? 0 : second - epoch_back); /* the epoch; of a request an address */
	put16(pcp + 24, port);				    /* the nonce */
	pcp[36] = 6;
	put16(pcp + 40, port);
	put16(pcp + 42, port);
	pcp[54] = pcp[55] = 0xff; /* IPv4 */
	if (request)
		memcpy(pcp + 18, (const uint8_t[]){ 0xff, 0xff, 192, 0, 2, host }, 6);
	else
		memcpy(pcp + 56, (const uint8_t[]){ 203, 0, 113, 9 }, 4);
	assert_int_equal(fwrite(record, sizeof record, 1, file), 1);
	assert_int_equal(fwrite(octets, sizeof octets, 1, file), 1);
}

static struct term *open_capture(int rows, int cols)
{
	return dash_open(&(struct dash){ .rows = rows, .cols = cols, .option = { "-r", path } });
}

static int begin(void **state)
{
	int fd;

	(void)state;
	strcpy(path, "/tmp/pcpscope-XXXXXX");
	fd = mkstemp(path);
	return fd < 0 ? -1 : close(fd);
}

static int end(void **state)
{
	(void)state;
	return unlink(path);
}

/* The first mapping runs out before the second is made: its row must go with it. */
static void the_table_follows_the_moment(void **state)
{
	FILE *file = begin_capture();

	(void)state;
	message(file, 0, true, 7001, 60);
	message(file, 0, false, 7001, 60);
	message(file, 100, true, 7002, 60);
	message(file, 100, false, 7002, 60);
	fclose(file);
	struct term *term = open_capture(40, 120);

	term_expect(term, "datagram 1 of 4");
	term_send(term, "\033OR>");
	term_expect(term, "datagram 2 of 4");
	term_expect(term, "203.0.113.9:7001");
	term_expect_gone(term, "203.0.113.9:7002");
	term_send(term, ">>");
	term_expect(term, "datagram 4 of 4");
	term_expect(term, "203.0.113.9:7002");
	term_expect_gone(term, "203.0.113.9:7001");
	dash_quit(term);
}

/* Two mappings, an hour between them, and a refusal that asks again at once. */
static void write_three(void)
{
	FILE *file = begin_capture();

	message(file, 0, true, 7001, 60);
	message(file, 0, false, 7001, 60);
	message(file, 40, true, 7002, 3600);
	message(file, 41, true, 7002, 3600);
	message(file, 42, false, 7002, 3600);
	message(file, 50, true, 7003, 3600);
	fclose(file);
}

/* Whether the row with that text is drawn as one that is still to come. */
static bool is_later(struct term *term, const char *text)
{
	VTermScreenCell cell, cursor;
	int row, col;

	assert_true(term_find(term, text, &row, &col));
	cell = term_cell(term, row, col);
	assert_true(term_find(term, "MAP tcp 7001", &row, &col)); /* the first is never later */
	cursor = term_cell(term, row, col);
	return memcmp(&cell.fg, &cursor.fg, sizeof cell.fg) != 0;
}

/* The status line, the time line, Mappings, Exchanges and Decode show one moment. */
static void one_cursor_moves_everything(void **state)
{
	(void)state;
	write_three();
	struct term *term = open_capture(40, 120);

	term_expect(term, "datagram 1 of 6");
	term_expect(term, "6 datagrams, 3 exchanges, 0:00:50  from 192.0.2.7 to 192.0.2.1");
	term_expect(term, "request #1");
	assert_true(is_later(term, "MAP tcp 7002"));
	term_send(term, ")");
	term_expect(term, "datagram 5 of 6");
	term_expect(term, "answer to #2");
	term_expect(term, "203.0.113.9:7002");
	assert_false(is_later(term, "MAP tcp 7002"));
	assert_true(is_later(term, "MAP tcp 7003"));
	term_send(term, "(");
	term_expect(term, "datagram 2 of 6");
	term_send(term, "\033[B\033[B"); /* in Exchanges: time goes with the cursor */
	term_expect(term, "datagram 6 of 6");
	term_expect(term, "request #3");
	term_send(term, "\033[15~[");
	term_expect(term, "datagram 5 of 6");
	term_send(term, "\033[H");
	term_expect(term, "datagram 1 of 6");
	term_send(term, "\033[F");
	term_expect(term, "datagram 6 of 6");
	dash_quit(term);
}

/* The line above the keys and Decode speak of one datagram; help knows which keys play. */
static void words_are_of_the_moment(void **state)
{
	(void)state;
	write_three();
	struct term *term = open_capture(24, 80);

	term_send(term, "\033OS");
	term_expect(term, "request #1, ");
	term_expect(term, "request #1   ");
	term_send(term, ">");
	term_expect(term, "answer to #1, ");
	term_expect(term, "answer to #1   ");
	term_send(term, "?/unfold\r");
	term_expect(term, "shows or hides the datagrams of the exchange (not now: in an");
	term_expect(term, "open capture Space lets the capture's time run, or stops it)");
	term_expect(term, "  Enter           folds or unfolds"); /* Space plays there, too */
	term_send(term, "q");
	dash_quit(term);
}

static void its_pane_says_what_is_in_it(void **state)
{
	(void)state;
	write_three();
	struct term *term = open_capture(40, 120);

	term_expect(term, "1 Capture  what is in it");
	term_expect(term, "Requests   MAP 3");
	term_expect(term, "silent 1");
	term_expect(term, "4 in 3"); /* tries */
	term_expect(term, "epoch steady");
	term_expect(term, "×2");
	dash_quit(term);
}

/* The pauses of a capture are shortened: this one lasts 50 s. */
static void it_plays(void **state)
{
	(void)state;
	write_three();
	struct term *term = open_capture(24, 80);

	term_expect(term, "datagram 1 of 6");
	term_send(term, " ");
	term_expect(term, "Space stops");
	term_expect(term, "datagram 6 of 6");
	term_expect(term, "Space plays");
	dash_quit(term);
}

/* The gateway restarted between its answers. */
static void findings_are_gone_to(void **state)
{
	FILE *file = begin_capture();

	(void)state;
	message(file, 1000, true, 7001, 600);
	message(file, 1000, false, 7001, 600);
	message(file, 1100, true, 7002, 600);
	epoch_back = 1090;
	message(file, 1100, false, 7002, 600);
	epoch_back = 0;
	fclose(file);
	struct term *term = open_capture(40, 120);

	term_expect(term, "datagram 1 of 4");
	term_expect(term, "epoch-invalid");
	term_expect(term, "○ restart");
	term_expect(term, "epoch steady until ");
	term_send(term, "n");
	term_expect(term, "datagram 4 of 4");
	term_send(term, "n");
	term_expect(term, "nothing further on");
	term_send(term, "\033[H");
	term_expect(term, "datagram 1 of 4");
	term_send(term, "\033OQ\r");
	term_expect(term, "datagram 4 of 4");
	term_expect(term, "answer to #2");
	dash_quit(term);
}

/* c is the one way from a capture to a request, and says what it does; what is sent is live. */
static void compose_is_live(void **state)
{
	char line[100];

	(void)state;
	write_three();
	struct term *term = dash_open(&(struct dash){ .rows = 40, .cols = 120 });

	snprintf(line, sizeof line, "open %s", path);
	dash_command(term, line);
	term_expect(term, "datagram 1 of 6");
	term_send(term, "s");
	term_expect(term, "nothing is sent from a capture");
	term_send(term, "c");
	term_expect(term, "this is live: s closes the capture and sends it");
	term_expect(term, "7001");
	term_send(term, "\033");
	term_expect(term, "1 Capture");
	term_send(term, "\0334cs");
	term_expect_gone(term, "datagram ");
	term_expect(term, "203.0.113.9:7001");
	term_expect(term, "127.0.0.1");
	dash_quit(term);
}

/* While it is read, keys are heard; Esc ends the reading and leaves what is there. */
static void a_large_one_can_be_stopped(void **state)
{
	enum { PACKETS = 1000000 };
	FILE *file = begin_capture();

	(void)state;
	for (uint32_t i = 0; i < PACKETS / 2; i++) {
		message(file, i / 10, true, 1000 + i % 5000, 3600);
		message(file, i / 10, false, 1000 + i % 5000, 3600);
	}
	fclose(file);
	struct term *term = open_capture(40, 120);

	term_expect(term, "Esc stops it");
	term_send(term, "?");
	term_expect(term, "Help  every key");
	term_expect(term, "reading ");
	term_send(term, "q\033");
	term_expect_gone(term, "Esc stops it");
	assert_false(term_shows(term, "/1000000"));
	term_send(term, "\033OR");
	term_expect(term, "192.0.2.7:1000");
	term_send(term, ">");
	term_expect(term, "203.0.113.9:1000");
	term_expect(term, "datagram 2 of ");
	dash_quit(term);
}

#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)

/* One more exchange at the end of the file. */
static void goes_on(uint32_t second, uint8_t host_, uint8_t server_, unsigned port)
{
	FILE *file = fopen(path, "ab");

	assert_non_null(file);
	host = host_;
	server = server_;
	message(file, second, true, port, 600);
	message(file, second, false, port, 600);
	assert_int_equal(fclose(file), 0);
	host = 7;
	server = 1;
}

/* Nothing comes any more but seconds, and a busy machine may show only some of them. */
static bool has_counted(struct term *term, void *arg)
{
	char *text = term_text(term), *left = strstr(text, "0:0");
	bool has = left && strncmp(left, "0:09:56", strlen("0:09:56")) < 0;

	(void)arg;
	free(text);
	return has;
}

/* What grows is shown as it comes: the newest in Decode, countdowns that run, who asked whom; and
 * its moments when it has been stopped. */
static void what_grows_is_live(void **state)
{
	int row, col;

	(void)state;
	assert_int_equal(fclose(begin_capture()), 0);
	struct term *term = dash_open(
		&(struct dash){ .rows = 40, .cols = 120, .option = { "--follow", "-r", path } });

	term_expect(term, "live");
	term_expect(term, "No mapping has passed yet.");
	goes_on(0, 7, 1, 7001);
	term_expect(term, "answer to #1");
	term_expect(term, "MAP tcp 7001");
	assert_false(term_find(term, "hosts of", &row, &col)); /* there is one of each */
	goes_on(1, 8, 1, 7002);
	term_expect(term, "answer to #2");
	term_expect(term, "hosts of 192.0.2.");
	term_expect(term, ".8 MAP tcp 7002");
	goes_on(2, 8, 3, 7003);
	term_expect(term, "answer to #3");
	term_expect(term, ".8>.3 MAP tcp 7003");
	term_expect(term, ".7>.1 MAP tcp 7001");
	term_expect(term, "MAP 3"); /* of Capture, which counts as they come */
	term_expect_gone(term, "clock stands still");
	term_expect_that(term, "seconds that pass", has_counted, NULL);
	term_send(term, "\033");
	term_expect(term, "following was stopped");
	term_expect(term, "datagram 1 of 6");
	term_expect_gone(term, "live");
	dash_quit(term);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(the_table_follows_the_moment),
		T(one_cursor_moves_everything),
		T(words_are_of_the_moment),
		T(its_pane_says_what_is_in_it),
		T(it_plays),
		T(findings_are_gone_to),
		T(compose_is_live),
		T(what_grows_is_live),
		T(a_large_one_can_be_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
