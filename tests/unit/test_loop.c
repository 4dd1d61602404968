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

static void older(void *arg, int signo)
{
	(void)signo;
	*(int *)arg += 1;
}

static void end_turn(void *arg, int fd, usec now)
{
	(void)fd;
	(void)now;
	loop_stop(arg);
}

/* It comes in a turn that does not wait, and is told in the next, whoever is told. */
static void come(struct seen *seen)
{
	assert_true(loop_watch(seen->loop, seen->pipe[0], end_turn, seen->loop));
	assert_int_equal(write(seen->pipe[1], "x", 1), 1);
	raise(SIGUSR1);
	loop_run(seen->loop, USEC_NEVER);
	loop_run(seen->loop, loop_now(seen->loop));
}

static void the_newest_of_a_signal_gets_it(void **state)
{
	struct seen *seen = *state;
	int first = 0, second = 0;

	assert_true(loop_signal(seen->loop, SIGUSR1, older, &first));
	assert_true(loop_signal(seen->loop, SIGUSR1, older, &second));
	come(seen);
	assert_int_equal(first, 0);
	assert_int_equal(second, 1);
	loop_unsignal(seen->loop, &second);
	come(seen);
	assert_int_equal(first, 1);
	assert_int_equal(second, 1);
}

static volatile sig_atomic_t plain; /* signals that went to who had them before the loop */

static void plainly(int signo)
{
	(void)signo;
	plain++;
}

static struct sigaction begin_plain(void)
{
	struct sigaction action = { .sa_handler = plainly }, before;

	plain = 0;
	sigemptyset(&action.sa_mask);
	assert_int_equal(sigaction(SIGUSR1, &action, &before), 0);
	return before;
}

static bool is_blocked(int signo)
{
	sigset_t mask;

	sigprocmask(SIG_SETMASK, NULL, &mask);
	return sigismember(&mask, signo) == 1;
}

/* In any order: the one in the middle may go first. */
static void behind_the_last_a_signal_is_what_it_was(void **state)
{
	struct seen *seen = *state;
	struct sigaction before = begin_plain();
	int first = 0, second = 0;

	assert_true(loop_signal(seen->loop, SIGUSR1, older, &first));
	assert_true(loop_signal(seen->loop, SIGUSR1, older, &second));
	assert_true(is_blocked(SIGUSR1));
	loop_unsignal(seen->loop, &first);
	come(seen);
	assert_int_equal(second, 1);
	assert_int_equal(plain, 0);
	loop_unsignal(seen->loop, &second);
	assert_false(is_blocked(SIGUSR1));
	raise(SIGUSR1);
	assert_int_equal(plain, 1);
	assert_int_equal(second, 1);
	sigaction(SIGUSR1, &before, NULL);
}

static void what_came_before_the_end_is_not_lost(void **state)
{
	struct seen *seen = *state;
	struct sigaction before = begin_plain();

	assert_true(loop_signal(seen->loop, SIGUSR1, caught, seen));
	raise(SIGUSR1);
	loop_unsignal(seen->loop, seen);
	assert_int_equal(plain, 1);
	assert_true(loop_signal(seen->loop, SIGUSR1, caught, seen));
	loop_run(seen->loop, loop_now(seen->loop));
	assert_int_equal(seen->signals, 0); /* it came once */
	loop_unsignal(seen->loop, seen);
	sigaction(SIGUSR1, &before, NULL);
}

static void blocked_before_is_blocked_behind(void **state)
{
	sigset_t one, before;
	struct seen *seen = *state;
	struct loop *loop;

	sigemptyset(&one);
	sigaddset(&one, SIGUSR2);
	sigprocmask(SIG_BLOCK, &one, &before);
	loop = loop_new();
	assert_true(loop_signal(loop, SIGUSR2, older, seen));
	loop_unsignal(loop, seen);
	assert_true(is_blocked(SIGUSR2));
	loop_free(loop);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

static void a_signal_nobody_wants_is_dropped(void **state)
{
	struct seen *seen = *state;
	struct sigaction before = begin_plain();

	assert_true(loop_signal(seen->loop, SIGUSR1, caught, seen));
	assert_true(loop_signal(seen->loop, SIGUSR1, NULL, NULL));
	come(seen);
	assert_int_equal(seen->signals, 0);
	assert_int_equal(plain, 0);
	loop_unsignal(seen->loop, seen);
	loop_unsignal(seen->loop, NULL);
	sigaction(SIGUSR1, &before, NULL);
}

/* Who is told ends itself and the one behind it. */
struct leaver {
	struct loop *loop;
	const void *other;
	int told;
};

static void leave(void *arg, int signo)
{
	struct leaver *leaver = arg;

	(void)signo;
	leaver->told++;
	loop_unsignal(leaver->loop, leaver->other);
	loop_unsignal(leaver->loop, leaver);
}

static void who_is_told_may_end_it(void **state)
{
	struct seen *seen = *state;
	struct sigaction before = begin_plain();
	struct leaver leaver = { .loop = seen->loop, .other = seen };

	assert_true(loop_signal(seen->loop, SIGUSR1, caught, seen));
	assert_true(loop_signal(seen->loop, SIGUSR2, caught, seen));
	assert_true(loop_signal(seen->loop, SIGUSR1, leave, &leaver));
	come(seen);
	assert_int_equal(leaver.told, 1);
	assert_int_equal(seen->signals, 0);
	sigaction(SIGUSR1, &before, NULL);
}

/* pselect() lets no signal in while a descriptor is ready. */
static void what_is_always_ready_keeps_no_signal_out(void **state)
{
	struct seen *seen = *state;

	assert_true(loop_signal(seen->loop, SIGUSR1, caught, seen));
	come(seen);
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
		cmocka_unit_test_setup_teardown(the_newest_of_a_signal_gets_it, setup, teardown),
		cmocka_unit_test_setup_teardown(behind_the_last_a_signal_is_what_it_was, setup,
						teardown),
		cmocka_unit_test_setup_teardown(what_came_before_the_end_is_not_lost, setup,
						teardown),
		cmocka_unit_test_setup_teardown(blocked_before_is_blocked_behind, setup, teardown),
		cmocka_unit_test_setup_teardown(a_signal_nobody_wants_is_dropped, setup, teardown),
		cmocka_unit_test_setup_teardown(who_is_told_may_end_it, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_always_ready_keeps_no_signal_out, setup,
						teardown),
		cmocka_unit_test_setup_teardown(descriptor_beyond_select_is_refused, setup,
						teardown),
		cmocka_unit_test_setup_teardown(closed_descriptor_does_not_spin, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
