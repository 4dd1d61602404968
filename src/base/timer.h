/* Timers in a binary heap: arm, move and stop cost log n, the next one is at hand. */
#ifndef TIMER_H
#define TIMER_H

#include <stdbool.h>
#include <stddef.h>

#include "clock.h"
#include "undo.h"

struct timer {
	usec at;
	size_t pos; /* place in the heap, from 1; 0: not armed */
	void (*fire)(struct timer *timer, void *arg, usec now);
	void *arg;
};

/* When it is due stands beside it: who looks for a place in the heap needs to look at no other. */
struct timer_due {
	usec at;
	struct timer *timer;
};

struct timers {
	struct timer_due *heap;
	size_t count, cap;
	struct undo *undo; /* hears of each change in the heap; NULL: none */
};

void timers_init(struct timers *timers);
void timers_free(struct timers *timers); /* frees the heap, not the timers in it */
/* Room for n armed timers, so that arming them cannot fail. False when memory is out. */
bool timers_reserve(struct timers *timers, size_t n);
/* Arms or moves. False, and the timer as it was, when memory is out. */
bool timer_arm(struct timers *timers, struct timer *timer, usec at);
void timer_stop(struct timers *timers, struct timer *timer);
/* When the first timer is due; USEC_NEVER without one. */
usec timers_next(const struct timers *timers);
/* Fires what is due at `now`, earliest first; a handler may arm and stop any timer. */
void timers_run(struct timers *timers, usec now);

#endif
