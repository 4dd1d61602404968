/* Guests of a listening socket are let in; one that cannot be waits without spinning the loop. */
#include "doorway.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/socket.h>

#define PAUSE USEC_PER_SEC

/* The guest went away meanwhile, or is not whole yet. */
static bool is_passing(int error)
{
	return error == EAGAIN || error == EWOULDBLOCK || error == EINTR || error == ECONNABORTED;
}

static void knocked(void *arg, int fd, usec now)
{
	struct doorway *doorway = arg;
	int guest = accept(fd, NULL, NULL);

	if (guest >= 0) {
		fcntl(guest, F_SETFD, FD_CLOEXEC);
		fcntl(guest, F_SETFL, O_NONBLOCK);
		doorway->came(doorway->arg, guest, now);
	} else if (!is_passing(errno)) {
		loop_unwatch(doorway->loop, fd);
		doorway->again = now + PAUSE;
	}
}

static usec due(void *arg)
{
	return ((const struct doorway *)arg)->again;
}

static void look_again(void *arg, usec now)
{
	struct doorway *doorway = arg;
	bool watched = loop_watch(doorway->loop, doorway->fd, knocked, doorway);

	doorway->again = watched ? USEC_NEVER : now + PAUSE;
}

bool doorway_begin(struct doorway *doorway, struct loop *loop, int fd,
		   void (*came)(void *arg, int guest, usec now), void *arg)
{
	*doorway = (struct doorway){
		.loop = loop, .fd = fd, .came = came, .arg = arg, .again = USEC_NEVER
	};
	if (loop_watch(loop, fd, knocked, doorway) && loop_timed(loop, due, look_again, doorway))
		return true;
	doorway_end(doorway);
	return false;
}

void doorway_end(struct doorway *doorway)
{
	if (!doorway->loop)
		return;
	loop_unwatch(doorway->loop, doorway->fd);
	loop_untimed(doorway->loop, doorway);
	doorway->loop = NULL;
}
