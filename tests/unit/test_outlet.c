/* Output to pipes whose reader is slow, stopped or gone: it never waits, and counts what it drops.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "loop.h"
#include "outlet.h"

enum { KEPT = 4096, LINE = 100 };

struct pipes {
	int fd[2];
	struct outlet outlet;
};

static int setup(void **state)
{
	static struct pipes pipes;

	*state = &pipes;
	return pipe(pipes.fd) == 0 && outlet_begin(&pipes.outlet, pipes.fd[1], KEPT) ? 0 : -1;
}

static int teardown(void **state)
{
	struct pipes *pipes = *state;

	outlet_end(&pipes->outlet);
	close(pipes->fd[0]);
	close(pipes->fd[1]);
	return 0;
}

/* Puts numbered lines until one is dropped; how many were taken. */
static unsigned fill(struct outlet *outlet)
{
	char line[LINE + 1];
	unsigned n = 0;

	do
		snprintf(line, sizeof line, "%*u\n", LINE - 1, n);
	while (outlet_put(outlet, line, LINE) && ++n);
	assert_int_equal(errno, EAGAIN);
	return n;
}

/* Reads all that is there or comes: whole lines, in order, none missing. */
static void read_lines(struct pipes *pipes, unsigned n)
{
	char line[LINE + 1] = "";

	for (unsigned i = 0; i < n; i++) {
		for (ssize_t got = 0; got < LINE;) {
			ssize_t more = read(pipes->fd[0], line + got, (size_t)(LINE - got));

			assert_true(more > 0);
			got += more;
			outlet_flush(&pipes->outlet);
		}
		assert_int_equal(atoi(line), i);
	}
}

static void a_full_pipe_keeps_whole_lines(void **state)
{
	struct pipes *pipes = *state;
	unsigned n = fill(&pipes->outlet);

	assert_true(n > KEPT / LINE);
	assert_true(outlet_waits(&pipes->outlet));
	assert_int_equal(pipes->outlet.dropped, 1);
	assert_int_equal(outlet_pieces(&pipes->outlet), (pipes->outlet.len + LINE - 1) / LINE);
	read_lines(pipes, n);
	assert_false(outlet_waits(&pipes->outlet));
	assert_int_equal(outlet_pieces(&pipes->outlet), 0);
	assert_true(outlet_put(&pipes->outlet, "x", 1));
	assert_int_equal(pipes->outlet.dropped, 1);
}

static void larger_than_the_bound_is_dropped(void **state)
{
	static const char large[KEPT + 1];
	struct pipes *pipes = *state;

	assert_false(outlet_put(&pipes->outlet, large, sizeof large));
	assert_int_equal(pipes->outlet.dropped, 1);
	assert_false(outlet_waits(&pipes->outlet));
}

/* Whoever shares the descriptor goes on as before. */
static void others_still_wait(void **state)
{
	struct pipes *pipes = *state;

	fill(&pipes->outlet);
	assert_int_equal(fcntl(pipes->fd[1], F_GETFL) & O_NONBLOCK, 0);
}

static void a_reader_that_is_gone_is_told(void **state)
{
	struct pipes *pipes = *state;

	close(pipes->fd[0]);
	assert_false(outlet_put(&pipes->outlet, "line\n", 5)); /* and no SIGPIPE */
	assert_int_equal(errno, EPIPE);
	assert_int_equal(pipes->outlet.error, EPIPE);
	assert_false(outlet_waits(&pipes->outlet));
	assert_int_equal(pipe(pipes->fd), 0);
}

/* Where no description of its own can be had, as of a socket's or another user's pipe. */
static void a_borrowed_descriptor_does_not_wait(void **state)
{
	struct pipes *pipes = *state;

	outlet_end(&pipes->outlet);
	assert_true(outlet_begin(&pipes->outlet, pipes->fd[1], KEPT));
	close(pipes->outlet.fd);
	pipes->outlet.fd = pipes->fd[1];
	pipes->outlet.borrowed = true;
	read_lines(pipes, fill(&pipes->outlet));
}

static void a_pipe_that_nobody_reads(void **state)
{
	char path[] = "/tmp/outlet.XXXXXX";
	struct outlet outlet;
	int fd;

	(void)state;
	assert_non_null(mkdtemp(path));
	char fifo[sizeof path + 5];

	snprintf(fifo, sizeof fifo, "%s/fifo", path);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_false(outlet_open(&outlet, fifo, KEPT));
	assert_int_equal(errno, ENXIO);
	fd = open(fifo, O_RDONLY | O_NONBLOCK);
	assert_true(outlet_open(&outlet, fifo, KEPT));
	assert_true(outlet_put(&outlet, "x", 1));
	outlet_end(&outlet);
	close(fd);
	unlink(fifo);
	rmdir(path);
}

/* At the end a reader that goes on reading gets all of it, one that stands still is not waited for.
 */
static void the_end_waits_for_who_reads(void **state)
{
	struct pipes *pipes = *state;
	unsigned n = fill(&pipes->outlet);
	pid_t child;
	int status;

	assert_false(outlet_drain(&pipes->outlet, 1));
	child = fork();
	if (child == 0) {
		pipes->outlet.len = 0; /* which the parent writes */
		read_lines(pipes, n);
		_exit(0);
	}
	assert_true(outlet_drain(&pipes->outlet, 60000));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

struct watched {
	struct loop *loop;
	struct outlet *outlet;
	int reader;
};

static void room(void *arg, int fd, usec now)
{
	struct watched *watched = arg;

	(void)now;
	assert_int_equal(fd, outlet_fd(watched->outlet));
	assert_true(outlet_flush(watched->outlet));
	if (!outlet_waits(watched->outlet))
		loop_stop(watched->loop);
}

static void readable(void *arg, int fd, usec now)
{
	char some[512];

	(void)arg;
	(void)now;
	assert_true(read(fd, some, sizeof some) > 0);
}

/* The loop writes on when there is room, beside what else it does. */
static void the_loop_flushes(void **state)
{
	struct pipes *pipes = *state;
	struct watched watched = { loop_new(), &pipes->outlet, pipes->fd[0] };

	fill(&pipes->outlet);
	assert_true(loop_watch(watched.loop, pipes->fd[0], readable, &watched));
	assert_true(loop_watch_room(watched.loop, outlet_fd(&pipes->outlet), room, &watched));
	loop_run(watched.loop, USEC_NEVER);
	assert_false(outlet_waits(&pipes->outlet));
	loop_unwatch_room(watched.loop, outlet_fd(&pipes->outlet));
	loop_free(watched.loop);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_full_pipe_keeps_whole_lines),
		T(larger_than_the_bound_is_dropped),
		T(others_still_wait),
		T(a_reader_that_is_gone_is_told),
		T(a_borrowed_descriptor_does_not_wait),
		T(a_pipe_that_nobody_reads),
		T(the_loop_flushes),
		T(the_end_waits_for_who_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
