/* The loop with pipes and signals: nothing here waits for time to pass. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/select.h>
#include <unistd.h>

#include <cmocka.h>

#include "loop.h"

struct seen {
	struct loop *loop;
	int ready, ticks, idles, signals;
	usec due;
	int pipe[2];
};

static int setup(void **state)
{
	static struct seen seen;

	seen = (struct seen){ .due = USEC_NEVER };
	seen.loop = loop_new();
	*state = &seen;
	return seen.loop && pipe(seen.pipe) == 0 ? 0 : -1;
}

static int teardown(void **state)
{
	struct seen *seen = *state;

	loop_free(seen->loop);
	close(seen->pipe[0]);
	close(seen->pipe[1]);
	return 0;
}

static void ready(void *arg, int fd, usec now)
{
	struct seen *seen = arg;
	char octet;

	(void)now;
	seen->ready++;
	assert_int_equal(read(fd, &octet, 1), 1);
	loop_stop(seen->loop);
}

static usec due(void *arg)
{
	return ((struct seen *)arg)->due;
}

static void tick(void *arg, usec now)
{
	struct seen *seen = arg;

	assert_true(now >= seen->due);
	seen->ticks++;
	seen->due = USEC_NEVER;
	loop_stop(seen->loop);
}

static void idle(void *arg, usec now)
{
	(void)now;
	((struct seen *)arg)->idles++;
}

static void caught(void *arg, int signo)
{
	struct seen *seen = arg;

	assert_int_equal(signo, SIGUSR1);
	seen->signals++;
	loop_stop(seen->loop);
}

static void reads_what_is_ready(void **state)
{
	struct seen *seen = *state;

	assert_true(loop_watch(seen->loop, seen->pipe[0], ready, seen));
	loop_idle(seen->loop, idle, seen);
	assert_int_equal(write(seen->pipe[1], "x", 1), 1);
	loop_run(seen->loop, USEC_NEVER);
	assert_int_equal(seen->ready, 1);
	assert_int_equal(seen->idles, 1); /* once before the wait */
}

static void unwatched_is_left_alone(void **state)
{
	struct seen *seen = *state;

	assert_true(loop_watch(seen->loop, seen->pipe[0], ready, seen));
	loop_unwatch(seen->loop, seen->pipe[0]);
	assert_int_equal(write(seen->pipe[1], "x", 1), 1);
	loop_run(seen->loop, loop_now(seen->loop)); /* until is now: one turn without waiting */
	assert_int_equal(seen->ready, 0);
}

static void ticks_when_due(void **state)
{
	struct seen *seen = *state;

	seen->due = loop_now(seen->loop);
	assert_true(loop_timed(seen->loop, due, tick, seen));
	loop_run(seen->loop, USEC_NEVER);
	assert_int_equal(seen->ticks, 1);
	loop_untimed(seen->loop, seen);
	seen->due = 0;
	loop_run(seen->loop, loop_now(seen->loop));
	assert_int_equal(seen->ticks, 1);
}

/* One of two that are due: it ends the other, which stands behind it. */
struct rival {
	struct loop *loop;
	struct rival *other;
	int ticks;
};

static usec at_once(void *arg)
{
	(void)arg;
	return 0;
}

static void end_the_other(void *arg, usec now)
{
	struct rival *rival = arg;

	(void)now;
	rival->ticks++;
	loop_untimed(rival->loop, rival->other);
	loop_stop(rival->loop);
}

static void a_tick_may_end_another(void **state)
{
	struct seen *seen = *state;
	struct rival one = { .loop = seen->loop }, two = { .loop = seen->loop, .other = &one };

	one.other = &two;
	assert_true(loop_timed(seen->loop, at_once, end_the_other, &one));
	assert_true(loop_timed(seen->loop, at_once, end_the_other, &two));
	loop_run(seen->loop, USEC_NEVER);
	assert_int_equal(one.ticks, 1);
	assert_int_equal(two.ticks, 0);
}

static void signal_before_the_wait_is_not_lost(void **state)
{
	struct seen *seen = *state;

	assert_true(loop_signal(seen->loop, SIGUSR1, caught, seen));
	raise(SIGUSR1); /* blocked: arrives when the loop waits */
	assert_int_equal(seen->signals, 0);
	loop_run(seen->loop, USEC_NEVER);
	assert_int_equal(seen->signals, 1);
}

static void descriptor_beyond_select_is_refused(void **state)
{
	struct seen *seen = *state;

	assert_false(loop_watch(seen->loop, FD_SETSIZE, ready, seen));
	assert_false(loop_watch(seen->loop, -1, ready, seen));
}

static void closed_descriptor_does_not_spin(void **state)
{
	struct seen *seen = *state;
	int gone = dup(seen->pipe[0]);

	assert_true(loop_watch(seen->loop, gone, ready, seen));
	assert_true(loop_watch(seen->loop, seen->pipe[0], ready, seen));
	close(gone);
	assert_int_equal(write(seen->pipe[1], "x", 1), 1);
	loop_run(seen->loop, USEC_NEVER);
	assert_int_equal(seen->ready, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(reads_what_is_ready, setup, teardown),
		cmocka_unit_test_setup_teardown(unwatched_is_left_alone, setup, teardown),
		cmocka_unit_test_setup_teardown(ticks_when_due, setup, teardown),
		cmocka_unit_test_setup_teardown(a_tick_may_end_another, setup, teardown),
		cmocka_unit_test_setup_teardown(signal_before_the_wait_is_not_lost, setup,
						teardown),
		cmocka_unit_test_setup_teardown(descriptor_beyond_select_is_refused, setup,
						teardown),
		cmocka_unit_test_setup_teardown(closed_descriptor_does_not_spin, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
