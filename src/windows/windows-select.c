/* select() by poll(), which Windows has for sockets and windows-wait.c for all that has a
 * descriptor. */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/select.h>

#include "windows-private.h"

static bool is_in(const fd_set *set, int fd)
{
	return set && FD_ISSET(fd, set);
}

static unsigned list(int top, const fd_set *readable, const fd_set *writable, struct pollfd *fds)
{
	unsigned n = 0;

	for (int fd = 0; fd < top; fd++) {
		int events =
			(is_in(readable, fd) ? POLLIN : 0) | (is_in(writable, fd) ? POLLOUT : 0);

		if (events)
			fds[n++] = (struct pollfd){ .fd = fd, .events = (short)events };
	}
	return n;
}

static int set_of(const struct pollfd *fds, unsigned n, int what, fd_set *set)
{
	int count = 0;

	if (!set)
		return 0;
	FD_ZERO(set);
	for (unsigned i = 0; i < n; i++)
		if (fds[i].revents & fds[i].events & what) {
			FD_SET(fds[i].fd, set);
			count++;
		}
	return count;
}

static int select_for(int top, fd_set *readable, fd_set *writable, long long microseconds)
{
	static struct pollfd fds[FD_SETSIZE];
	unsigned n = list(top < FD_SETSIZE ? top : FD_SETSIZE, readable, writable, fds);

	if (windows_wait(fds, n, microseconds) < 0)
		return -1;
	for (unsigned i = 0; i < n; i++)
		if (fds[i].revents & POLLNVAL) {
			errno = EBADF;
			return -1;
		}
	return set_of(fds, n, POLLIN, readable) + set_of(fds, n, POLLOUT, writable);
}

int select(int top, fd_set *readable, fd_set *writable, fd_set *except, struct timeval *timeout)
{
	(void)except;
	return select_for(top, readable, writable,
			  timeout ? timeout->tv_sec * 1000000LL + timeout->tv_usec : -1);
}

int pselect(int top, fd_set *readable, fd_set *writable, fd_set *except,
	    const struct timespec *timeout, const sigset_t *mask)
{
	(void)except, (void)mask;
	return select_for(top, readable, writable,
			  timeout ? timeout->tv_sec * 1000000LL + timeout->tv_nsec / 1000 : -1);
}
