/*
 * pselect() with the watched signals blocked at all other times: a signal either interrupts the
 * wait or is seen before it, and its handler does nothing but set a flag.
 */
#include "loop.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>

enum { SIGNALS_MAX = 65 };
/* pselect() does not count the time that the machine sleeps, our clock does. */
#define LOOK_AGAIN (60 * USEC_PER_SEC)

static volatile sig_atomic_t caught_flag[SIGNALS_MAX];

enum direction { READABLE, WRITABLE, DIRECTIONS };

struct watch {
	int fd;
	void (*ready)(void *arg, int fd, usec now);
	void *arg;
	struct watch *next;
};

struct timed {
	usec (*next_due)(void *arg);
	void (*tick)(void *arg, usec now);
	void *arg;
	struct timed *next;
};

struct caught { /* the newest of a signal gets it */
	int signo;
	void (*caught)(void *arg, int signo);
	void *arg;
	struct sigaction before;
	bool masked; /* before, in the process's own mask */
	struct caught *next;
};

struct loop {
	struct watch *watches[DIRECTIONS];
	struct timed *timed;
	struct timed *coming; /* the one behind that whose tick runs */
	struct caught *signals;
	sigset_t mask;	  /* while waiting: the process's own mask */
	sigset_t blocked; /* at all other times */
	void (*idle)(void *arg, usec now);
	void *idle_arg;
	usec now;
	bool running, stop;
};

struct loop *loop_new(void)
{
	struct loop *loop = calloc(1, sizeof *loop);

	if (!loop)
		return NULL;
	sigprocmask(SIG_SETMASK, NULL, &loop->mask);
	loop->blocked = loop->mask;
	return loop;
}

void loop_free(struct loop *loop)
{
	if (!loop)
		return;
	for (int way = 0; way < DIRECTIONS; way++)
		for (struct watch *w = loop->watches[way], *next; w; w = next) {
			next = w->next;
			free(w);
		}
	for (struct timed *t = loop->timed, *next; t; t = next) {
		next = t->next;
		free(t);
	}
	/* What is pending goes to our handlers, while they stand: a hangup must not kill the exit.
	 */
	sigprocmask(SIG_SETMASK, &loop->mask, NULL);
	for (struct caught *c = loop->signals, *next; c; c = next) {
		next = c->next;
		sigaction(c->signo, &c->before, NULL);
		free(c);
	}
	free(loop);
}

static struct watch *find(struct loop *loop, enum direction way, int fd)
{
	struct watch *w = loop->watches[way];

	while (w && w->fd != fd)
		w = w->next;
	return w;
}

static bool watch(struct loop *loop, enum direction way, int fd,
		  void (*ready)(void *arg, int fd, usec now), void *arg)
{
	struct watch *w;

	if (fd < 0 || fd >= FD_SETSIZE)
		return false;
	w = find(loop, way, fd);
	if (!w) {
		w = calloc(1, sizeof *w);
		if (!w)
			return false;
		w->next = loop->watches[way];
		loop->watches[way] = w;
	}
	w->fd = fd;
	w->ready = ready;
	w->arg = arg;
	return true;
}

static void unwatch(struct loop *loop, enum direction way, int fd)
{
	for (struct watch **link = &loop->watches[way]; *link; link = &(*link)->next)
		if ((*link)->fd == fd) {
			struct watch *gone = *link;

			*link = gone->next;
			free(gone);
			return;
		}
}

bool loop_watch(struct loop *loop, int fd, void (*ready)(void *arg, int fd, usec now), void *arg)
{
	return watch(loop, READABLE, fd, ready, arg);
}

void loop_unwatch(struct loop *loop, int fd)
{
	unwatch(loop, READABLE, fd);
}

bool loop_watch_room(struct loop *loop, int fd, void (*room)(void *arg, int fd, usec now),
		     void *arg)
{
	return watch(loop, WRITABLE, fd, room, arg);
}

void loop_unwatch_room(struct loop *loop, int fd)
{
	unwatch(loop, WRITABLE, fd);
}

bool loop_timed(struct loop *loop, usec (*next)(void *arg), void (*tick)(void *arg, usec now),
		void *arg)
{
	struct timed *t = calloc(1, sizeof *t), **last = &loop->timed;

	if (!t)
		return false;
	t->next_due = next;
	t->tick = tick;
	t->arg = arg;
	while (*last)
		last = &(*last)->next;
	*last = t;
	return true;
}

void loop_untimed(struct loop *loop, void *arg)
{
	for (struct timed **link = &loop->timed; *link; link = &(*link)->next)
		if ((*link)->arg == arg) {
			struct timed *gone = *link;

			*link = gone->next;
			if (loop->coming == gone)
				loop->coming = gone->next;
			free(gone);
			return;
		}
}

static void flag(int signo)
{
	caught_flag[signo] = 1;
}

bool loop_signal(struct loop *loop, int signo, void (*caught)(void *arg, int signo), void *arg)
{
	struct sigaction action = { .sa_handler = flag };
	struct caught *c;

	if (signo <= 0 || signo >= SIGNALS_MAX)
		return false;
	c = calloc(1, sizeof *c);
	if (!c)
		return false;
	sigemptyset(&action.sa_mask);
	sigaddset(&loop->blocked, signo);
	sigprocmask(SIG_SETMASK, &loop->blocked, NULL);
	if (sigaction(signo, &action, &c->before) < 0) {
		free(c);
		return false;
	}
	/* A wait lets it through whatever the mask was that the program was started with. */
	c->masked = sigismember(&loop->mask, signo) == 1;
	sigdelset(&loop->mask, signo);
	c->signo = signo;
	c->caught = caught;
	c->arg = arg;
	c->next = loop->signals;
	loop->signals = c;
	return true;
}

static struct caught *find_caught(struct caught *from, int signo)
{
	while (from && from->signo != signo)
		from = from->next;
	return from;
}

/* Nobody catches it any more. What came already comes anew, for who gets it now. */
static void restore(struct loop *loop, const struct caught *last)
{
	bool came = caught_flag[last->signo];

	sigaction(last->signo, &last->before, NULL);
	caught_flag[last->signo] = 0;
	if (came)
		raise(last->signo);
	if (last->masked)
		sigaddset(&loop->mask, last->signo);
	else
		sigdelset(&loop->blocked, last->signo);
	sigprocmask(SIG_SETMASK, &loop->blocked, NULL);
}

/* Out of the list; what was before it is now before the next newer one, if there is one. */
static void release(struct loop *loop, struct caught **link)
{
	struct caught *gone = *link, *newer = NULL;

	for (struct caught *c = loop->signals; c != gone; c = c->next)
		newer = c->signo == gone->signo ? c : newer;
	*link = gone->next;
	if (newer) {
		newer->before = gone->before;
		newer->masked = gone->masked;
	} else if (!find_caught(gone->next, gone->signo)) {
		restore(loop, gone);
	}
	free(gone);
}

void loop_unsignal(struct loop *loop, const void *arg)
{
	for (struct caught **link = &loop->signals; *link;)
		if ((*link)->arg == arg)
			release(loop, link);
		else
			link = &(*link)->next;
}

void loop_idle(struct loop *loop, void (*idle)(void *arg, usec now), void *arg)
{
	loop->idle = idle;
	loop->idle_arg = arg;
}

/* Who is told may catch others, or none any more. */
static void deliver_signals(struct loop *loop)
{
	for (int signo = 1; signo < SIGNALS_MAX; signo++) {
		struct caught *c = caught_flag[signo] ? find_caught(loop->signals, signo) : NULL;

		if (!c)
			continue;
		caught_flag[signo] = 0;
		if (c->caught)
			c->caught(c->arg, signo);
	}
}

static usec next_due(struct loop *loop, usec until)
{
	for (struct timed *t = loop->timed; t; t = t->next) {
		usec due = t->next_due(t->arg);

		if (due < until)
			until = due;
	}
	return until;
}

static void tick_due(struct loop *loop)
{
	/* A tick may end any of them. */
	for (struct timed *t = loop->timed; t; t = loop->coming) {
		loop->coming = t->next;
		if (t->next_due(t->arg) <= loop->now)
			t->tick(t->arg, loop->now);
	}
}

/* A handler may watch and unwatch anything, so each ready descriptor is looked up again. */
static void deliver_ready(struct loop *loop, int top, const fd_set set[DIRECTIONS])
{
	for (int way = 0; way < DIRECTIONS; way++)
		for (int fd = 0; fd < top && !loop->stop; fd++) {
			struct watch *w = FD_ISSET(fd, &set[way])
						  ? find(loop, (enum direction)way, fd)
						  : NULL;

			if (w)
				w->ready(w->arg, fd, loop->now);
		}
}

static bool is_closed(int fd)
{
	fd_set one;

	FD_ZERO(&one);
	FD_SET(fd, &one);
	return select(fd + 1, &one, NULL, NULL, &(struct timeval){ 0, 0 }) < 0 && errno == EBADF;
}

/* A descriptor that select() refuses was closed by somebody without loop_unwatch: it is dropped, or
 * the loop would spin. */
static void drop_closed(struct loop *loop)
{
	for (int way = 0; way < DIRECTIONS; way++)
		for (struct watch *w = loop->watches[way], *next; w; w = next) {
			next = w->next;
			if (is_closed(w->fd))
				unwatch(loop, (enum direction)way, w->fd);
		}
}

/* What is watched, as select() wants it; one above the highest. */
static int fill(const struct loop *loop, fd_set set[DIRECTIONS])
{
	int top = 0;

	for (int way = 0; way < DIRECTIONS; way++) {
		FD_ZERO(&set[way]);
		for (const struct watch *w = loop->watches[way]; w; w = w->next) {
			FD_SET(w->fd, &set[way]);
			top = w->fd >= top ? w->fd + 1 : top;
		}
	}
	return top;
}

/* pselect() lets a signal interrupt a wait; where a descriptor was ready there was none, and a
 * flood would keep signals out for ever. */
static void let_signals_in(const struct loop *loop)
{
	if (!loop->signals)
		return;
	sigprocmask(SIG_SETMASK, &loop->mask, NULL);
	sigprocmask(SIG_SETMASK, &loop->blocked, NULL);
}

/* Waits until `due` and handles what came. */
static void wait_until(struct loop *loop, usec due)
{
	struct timespec timeout;
	fd_set set[DIRECTIONS];
	int top = fill(loop, set);
	usec left = due - pcp_clock_monotonic();

	left = left > 0 ? left : 0;
	left = left < LOOK_AGAIN ? left : LOOK_AGAIN;
	timeout.tv_sec = (time_t)(left / USEC_PER_SEC);
	timeout.tv_nsec = (long)(left % USEC_PER_SEC) * 1000;
	int ready = pselect(top, &set[READABLE], &set[WRITABLE], NULL,
			    due == USEC_NEVER ? NULL : &timeout, &loop->mask);
	int error = errno;

	loop->now = pcp_clock_monotonic();
	if (ready < 0 && error == EBADF)
		drop_closed(loop);
	if (ready > 0) {
		let_signals_in(loop);
		deliver_ready(loop, top, set);
	}
}

void loop_run(struct loop *loop, usec until)
{
	loop->stop = false;
	loop->running = true;
	loop->now = pcp_clock_monotonic();
	while (!loop->stop) {
		deliver_signals(loop);
		tick_due(loop);
		if (loop->idle)
			loop->idle(loop->idle_arg, loop->now);
		if (loop->stop || loop->now >= until)
			break;
		wait_until(loop, next_due(loop, until));
	}
	loop->running = false;
}

void loop_stop(struct loop *loop)
{
	loop->stop = true;
}

usec loop_now(struct loop *loop)
{
	if (!loop->running)
		loop->now = pcp_clock_monotonic();
	return loop->now;
}
