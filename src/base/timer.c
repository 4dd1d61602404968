/* A binary heap in which each timer knows its place, so that it can be moved. */
#include "timer.h"

#include <stdlib.h>
#include <string.h>

/* heap[1] is the earliest; heap[0] is not used, so that place 0 can mean "not armed". */

void timers_init(struct timers *timers)
{
	*timers = (struct timers){ 0 };
}

void timers_free(struct timers *timers)
{
	free(timers->heap);
	timers_init(timers);
}

static inline void put(struct timers *timers, struct timer_due due, size_t pos)
{
	undo_keep(timers->undo, &timers->heap[pos], sizeof timers->heap[pos]);
	undo_keep(timers->undo, &due.timer->pos, sizeof due.timer->pos);
	timers->heap[pos] = due;
	due.timer->pos = pos;
}

static void sift_up(struct timers *timers, struct timer_due due, size_t pos)
{
	while (pos > 1 && timers->heap[pos / 2].at > due.at) {
		put(timers, timers->heap[pos / 2], pos);
		pos /= 2;
	}
	put(timers, due, pos);
}

static void sift_down(struct timers *timers, struct timer_due due, size_t pos)
{
	for (;;) {
		size_t child = 2 * pos;
		if (child > timers->count)
			break;
		if (child < timers->count && timers->heap[child + 1].at < timers->heap[child].at)
			child++;
		if (timers->heap[child].at >= due.at)
			break;
		put(timers, timers->heap[child], pos);
		pos = child;
	}
	put(timers, due, pos);
}

/* It belongs at pos or above or below it. */
static void settle(struct timers *timers, struct timer_due due, size_t pos)
{
	if (pos > 1 && timers->heap[pos / 2].at > due.at)
		sift_up(timers, due, pos);
	else
		sift_down(timers, due, pos);
}

bool timers_reserve(struct timers *timers, size_t n)
{
	size_t cap = timers->cap ? timers->cap : 64;
	struct timer_due *heap;

	if (n < timers->cap)
		return true;
	while (cap <= n) /* heap[0] is one more */
		cap *= 2;
	heap = malloc(cap * sizeof(*heap));
	if (!heap)
		return false;
	if (timers->cap)
		memcpy(heap, timers->heap, timers->cap * sizeof(*heap));
	undo_made(timers->undo, heap);
	undo_release(timers->undo, timers->heap);
	timers->heap = heap;
	timers->cap = cap;
	return true;
}

bool timer_arm(struct timers *timers, struct timer *timer, usec at)
{
	struct timer_due due = { at, timer };

	if (timer->pos == 0) {
		if (!timers_reserve(timers, timers->count + 1))
			return false;
		undo_keep(timers->undo, &timer->at, sizeof timer->at);
		timer->at = at;
		sift_up(timers, due, ++timers->count);
		return true;
	}
	if (timer->at == at)
		return true;
	undo_keep(timers->undo, &timer->at, sizeof timer->at);
	timer->at = at;
	settle(timers, due, timer->pos);
	return true;
}

void timer_stop(struct timers *timers, struct timer *timer)
{
	size_t pos = timer->pos;
	struct timer_due last;

	if (pos == 0)
		return;
	undo_keep(timers->undo, &timer->pos, sizeof timer->pos);
	timer->pos = 0;
	last = timers->heap[timers->count--];
	if (last.timer != timer)
		settle(timers, last, pos);
}

usec timers_next(const struct timers *timers)
{
	return timers->count ? timers->heap[1].at : USEC_NEVER;
}

void timers_run(struct timers *timers, usec now)
{
	while (timers->count && timers->heap[1].at <= now) {
		struct timer *timer = timers->heap[1].timer;
		timer_stop(timers, timer);
		timer->fire(timer, timer->arg, now);
	}
}
