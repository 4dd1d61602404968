/*
 * A TCP socket that listens, and who comes in. Where a guest cannot be let in, because descriptors
 * or memory are out, he waits: the socket is not looked at for a second, since it stays ready and
 * would spin the loop.
 */
#ifndef DOORWAY_H
#define DOORWAY_H

#include "loop.h"

struct doorway {
	struct loop *loop;
	int fd; /* the caller's, who closes it */
	/* The guest's descriptor is the callee's: it does not block, and is not inherited. */
	void (*came)(void *arg, int guest, usec now);
	void *arg;
	usec again; /* when it is looked at again; USEC_NEVER: it is looked at */
};

/* Lets in whoever knocks at `fd`, which listens. False when memory is out, or descriptors are
 * beyond the loop; then there is nothing to end. */
bool doorway_begin(struct doorway *doorway, struct loop *loop, int fd,
		   void (*came)(void *arg, int guest, usec now), void *arg);
/* Also of one that never began, and again. */
void doorway_end(struct doorway *doorway);

#endif
