/* The one place that blocks: select() over every descriptor, signals as flags, and the clock. */
#ifndef LOOP_H
#define LOOP_H

#include <stdbool.h>
#include <signal.h>

#include "clock.h"

struct loop;

struct loop *loop_new(void); /* NULL when memory is out */
void loop_free(struct loop *loop);
/* Calls `ready` whenever fd can be read. Replaces an earlier watch of the same fd. False when fd is
 * beyond FD_SETSIZE. */
bool loop_watch(struct loop *loop, int fd, void (*ready)(void *arg, int fd, usec now), void *arg);
void loop_unwatch(struct loop *loop, int fd);
/* Calls `room` whenever fd can be written, until loop_unwatch_room; beside a loop_watch of it. */
bool loop_watch_room(struct loop *loop, int fd, void (*room)(void *arg, int fd, usec now),
		     void *arg);
void loop_unwatch_room(struct loop *loop, int fd);
/* Something with deadlines of its own: `next` is asked before each wait, `tick` called when it is
 * due. */
bool loop_timed(struct loop *loop, usec (*next)(void *arg), void (*tick)(void *arg, usec now),
		void *arg);
void loop_untimed(struct loop *loop, void *arg);
/* The handler of a signal only sets a flag; `caught` runs from the loop; NULL: the signal is
 * dropped. Who caught it before gets it again behind loop_unsignal. False when memory is out. */
bool loop_signal(struct loop *loop, int signo, void (*caught)(void *arg, int signo), void *arg);
/* Each signal that `arg` catches is again what it was before, and one that came meanwhile goes
 * there.
 */
void loop_unsignal(struct loop *loop, const void *arg);
/* Called before each wait, after all that was ready has been handled: the screen paints here, once.
 */
void loop_idle(struct loop *loop, void (*idle)(void *arg, usec now), void *arg);
/* Runs until loop_stop, or `until` (USEC_NEVER: no limit). */
void loop_run(struct loop *loop, usec until);
void loop_stop(struct loop *loop);
usec loop_now(struct loop *loop); /* monotonic, read once per turn */

#endif
