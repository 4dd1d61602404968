/* A terminal that stops reading, as a stalled ssh does: the engine goes on, signals end it, and
 * when the terminal reads again it shows what is. $RENEWALS: how many to wait for (3). */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "dash.h"

/* A server that outlives the dashboard, and where it is. */
static struct term *server;
static char server_at[32];

static int start_server(void **state)
{
	const char *argv[] = { dash_program(), "--no-save",	 "serve",
			       "127.0.0.1:0",  "min-lifetime=1", NULL };
	char *row;

	(void)state;
	server = term_open(&(struct term_config){ .argv = argv, .rows = 60, .cols = 120 });
	term_expect(server, "serving on 127.0.0.1:");
	term_settle(server, 50);
	row = term_row(server, 0);
	assert_int_equal(sscanf(row, "serving on %31s", server_at), 1);
	free(row);
	return 0;
}

static int stop_server(void **state)
{
	(void)state;
	term_send(server, "\003");
	term_wait_exit(server, 60000);
	term_close(server);
	return 0;
}

static int unread(const struct term *term)
{
	int octets = 0;

	assert_int_equal(ioctl(term->fd, FIONREAD, &octets), 0);
	return octets;
}

static void a_moment(long ms)
{
	struct timespec pause = { .tv_nsec = ms * 1000000 };

	nanosleep(&pause, NULL);
}

/* The dashboard with a mapping of four seconds, that has written more than its terminal holds. */
static struct term *open_stalled(int port)
{
	const char *argv[] = { dash_program(), "-s", server_at, "--renew", "--no-save", NULL };
	struct term *term;
	int before, still = 0;
	char command[32];

	setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	setenv("XDG_STATE_HOME", "/nonexistent", 1);
	term = term_open(&(struct term_config){ .argv = argv, .rows = 60, .cols = 200 });
	term_expect(term, "q quit");
	snprintf(command, sizeof command, "map %d 0 tcp -lt 4", port);
	dash_command(term, command);
	term_expect(term, "● 1");
	while (still < 20) { /* from here on nobody reads */
		before = unread(term);
		assert_true(write(term->fd, "?\033\014", 3) == 3);
		a_moment(30);
		still = unread(term) == before && before > 0 ? still + 1 : 0;
	}
	return term;
}

/* Seconds of the day at which the server granted the mapping; how many. */
static size_t grants(double *at, size_t most)
{
	const char *line = server->raw;
	unsigned hour, minute;
	double second;
	size_t n = 0;

	term_settle(server, 0);
	for (line = server->raw; n < most && (line = strstr(line, "MAP tcp 80 4 s")); line++) {
		const char *from = line, *end = strchr(line, '\n');

		while (from > server->raw && from[-1] != '\n')
			from--;
		if (end && sscanf(from, "%u:%u:%lf", &hour, &minute, &second) == 3 &&
		    memmem(line, (size_t)(end - line), "SUCCESS", 7))
			at[n++] = hour * 3600 + minute * 60 + second;
	}
	return n;
}

static size_t wanted(void)
{
	const char *number = getenv("RENEWALS");

	return number ? (size_t)atoi(number) : 3;
}

/* No second unmapped. Renewals are never closer than four seconds (RFC 6887 11.2.1), so that every
 * other one of so short a mapping comes as it runs out. */
static void renewals_go_on(void **state)
{
	struct term *term = open_stalled(80);
	double at[1024];
	size_t first = grants(at, 1024), n = first;

	(void)state;
	while (n < first + wanted()) {
		a_moment(100);
		n = grants(at, 1024);
	}
	for (size_t i = 1; i < n; i++)
		assert_true(at[i] - at[i - 1] < 5);
	/* and it shows what is when it is read again */
	term_expect(term, "q quit");
	term_expect(term, "● 1");
	term_send(term, "q");
	term_expect(term, "End? 1 mapping stays");
	term_send(term, "y");
	term_expect_exit(term, 0);
	term_close(term);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Nobody reads to the end. */
static void signals_end_it(void **state)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP };
	siginfo_t info;
	double sent;

	(void)state;
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		struct term *term = open_stalled(81 + (int)i);

		sent = now();
		assert_int_equal(kill(term->pid, signals[i]), 0);
		assert_int_equal(waitid(P_PID, (id_t)term->pid, &info, WEXITED | WNOWAIT), 0);
		printf("signal %d: ended after %.0f ms\n", signals[i], (now() - sent) * 1000);
		assert_int_equal(info.si_code, CLD_EXITED);
		term_close(term);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(renewals_go_on, start_server, stop_server),
		cmocka_unit_test_setup_teardown(signals_end_it, start_server, stop_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
