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

	octets[request ? 15 : 19] = 7; /* 192.0.2.7 asks 192.0.2.1 */
	put16(octets + 2, LEN);
	put16(udp + (request ? 0 : 2), 40000);
	put16(udp + (request ? 2 : 0), SERVER_PORT);
	put16(udp + 4, UDP + MAP);
	pcp[0] = 2;
	pcp[1] = request ? 1 : 0x81;
	put16(pcp + 6, lifetime);
	put16(pcp + 10, request ? 0 : second); /* the epoch; of a request part of an address */
	put16(pcp + 24, port);		       /* the nonce */
	pcp[36] = 6;
	put16(pcp + 40, port);
	put16(pcp + 42, port);
	pcp[54] = pcp[55] = 0xff; /* IPv4 */
	if (request)
		memcpy(pcp + 18, (const uint8_t[]){ 0xff, 0xff, 192, 0, 2, 7 }, 6);
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

	term_expect(term, "moment 4/4");
	term_expect(term, "192.0.2.7:7002");
	term_send(term, "2<<");
	term_expect(term, "moment 2/4");
	term_expect(term, "203.0.113.9:7001");
	term_expect_gone(term, "203.0.113.9:7002");
	term_send(term, ">>");
	term_expect(term, "moment 4/4");
	term_expect(term, "203.0.113.9:7002");
	term_expect_gone(term, "203.0.113.9:7001");
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
	term_send(term, "2");
	term_expect(term, "203.0.113.9:1000");
	term_send(term, "<");
	term_expect(term, "moment ");
	dash_quit(term);
}

#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(the_table_follows_the_moment),
		T(a_large_one_can_be_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
