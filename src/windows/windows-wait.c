/* select() and poll() over sockets, standard input and files: Windows waits for sockets alone, so
 * that all else is one or ready. */
#define FD_SETSIZE 1024
#include <winsock2.h>

#include <errno.h>
#include <io.h>
#include <time.h>

#include "windows-private.h"

/* As in posix/poll.h and posix/sys/select.h. */
enum { READ = 1, WRITE = 4, CLOSED = 32 };
enum { HIGHEST = 1024 };
struct one { /* pollfd */
	int fd;
	short events, revents;
};
struct windows_fds {
	uint64_t bits[HIGHEST / 64];
};
int windows_poll(struct one *fds, unsigned n, int milliseconds);
int windows_select(int top, struct windows_fds *readable, struct windows_fds *writable,
		   struct windows_fds *except, struct timeval *timeout);
int windows_pselect(int top, struct windows_fds *readable, struct windows_fds *writable,
		    struct windows_fds *except, const struct timespec *timeout,
		    const unsigned long long *mask);

/* Only one thread waits. */
static fd_set readable_, writable_, failed_;

/* The socket to wait for; ~0: there is none, and revents says what there is. */
static SOCKET waits_for(struct one *one)
{
	SOCKET socket = INVALID_SOCKET;

	if (windows_place(one->fd))
		return windows_socket_of(one->fd);
	if (_get_osfhandle(one->fd) == -1) {
		one->revents = CLOSED;
		return INVALID_SOCKET;
	}
	if (one->events & READ)
		socket = windows_input(one->fd);
	one->revents = one->events & WRITE;
	if (socket == INVALID_SOCKET)
		one->revents |= one->events & READ;
	return socket;
}

static unsigned gather(struct one *fds, unsigned n)
{
	unsigned ready = 0;

	FD_ZERO(&readable_);
	FD_ZERO(&writable_);
	FD_ZERO(&failed_);
	FD_SET(windows_wake(), &readable_);
	for (unsigned i = 0; i < n; i++) {
		SOCKET socket;

		fds[i].revents = 0;
		if (fds[i].fd < 0)
			continue;
		socket = waits_for(&fds[i]);
		ready += fds[i].revents != 0;
		if (socket == INVALID_SOCKET)
			continue;
		if (fds[i].events & READ)
			FD_SET(socket, &readable_);
		if (fds[i].events & WRITE && windows_place(fds[i].fd)) {
			FD_SET(socket, &writable_);
			FD_SET(socket, &failed_); /* a connection that failed */
		}
	}
	return ready;
}

static int spread(struct one *fds, unsigned n)
{
	int ready = 0;

	for (unsigned i = 0; i < n; i++) {
		SOCKET socket = INVALID_SOCKET;

		if (windows_place(fds[i].fd))
			socket = windows_socket_of(fds[i].fd);
		else if (windows_input_is(fds[i].fd))
			socket = windows_input(fds[i].fd);
		if (socket != INVALID_SOCKET && FD_ISSET(socket, &readable_))
			fds[i].revents |= READ;
		if (socket != INVALID_SOCKET &&
		    (FD_ISSET(socket, &writable_) || FD_ISSET(socket, &failed_)))
			fds[i].revents |= WRITE;
		ready += fds[i].revents != 0;
	}
	return ready;
}

static bool signal_came(void)
{
	char octets[64];
	bool came = FD_ISSET(windows_wake(), &readable_) != 0;

	if (came)
		(void)recv(windows_wake(), octets, sizeof octets, 0);
	return came;
}

/* How many are ready; -1 with EINTR: a signal came. microseconds: below 0 without end. */
static int wait_for(struct one *fds, unsigned n, long long microseconds)
{
	bool ready = gather(fds, n) > 0;
	struct timeval left = { 0 };

	if (!ready && microseconds > 0) {
		left.tv_sec = (long)(microseconds / 1000000);
		left.tv_usec = (long)(microseconds % 1000000);
	}
	if (select(0, &readable_, &writable_, &failed_,
		   !ready && microseconds < 0 ? NULL : &left) == SOCKET_ERROR)
		return windows_failed();
	if (signal_came() && !ready) {
		errno = EINTR;
		return -1;
	}
	return spread(fds, n);
}

int windows_poll(struct one *fds, unsigned n, int milliseconds)
{
	return wait_for(fds, n, milliseconds < 0 ? -1 : milliseconds * 1000LL);
}

static bool is_in(const struct windows_fds *set, int fd)
{
	return set && set->bits[fd / 64] >> fd % 64 & 1;
}

static unsigned list(int top, const struct windows_fds *readable,
		     const struct windows_fds *writable, struct one *fds)
{
	unsigned n = 0;

	for (int fd = 0; fd < top; fd++) {
		int events = (is_in(readable, fd) ? READ : 0) | (is_in(writable, fd) ? WRITE : 0);

		if (events)
			fds[n++] = (struct one){ .fd = fd, .events = (short)events };
	}
	return n;
}

static int set_of(const struct one *fds, unsigned n, int what, struct windows_fds *set)
{
	int count = 0;

	if (!set)
		return 0;
	memset(set, 0, sizeof *set);
	for (unsigned i = 0; i < n; i++)
		if (fds[i].revents & fds[i].events & what) {
			set->bits[fds[i].fd / 64] |= UINT64_C(1) << fds[i].fd % 64;
			count++;
		}
	return count;
}

static int select_for(int top, struct windows_fds *readable, struct windows_fds *writable,
		      long long microseconds)
{
	static struct one fds[HIGHEST];
	unsigned n = list(top < HIGHEST ? top : HIGHEST, readable, writable, fds);

	if (wait_for(fds, n, microseconds) < 0)
		return -1;
	for (unsigned i = 0; i < n; i++)
		if (fds[i].revents & CLOSED) {
			errno = EBADF;
			return -1;
		}
	return set_of(fds, n, READ, readable) + set_of(fds, n, WRITE, writable);
}

int windows_select(int top, struct windows_fds *readable, struct windows_fds *writable,
		   struct windows_fds *except, struct timeval *timeout)
{
	(void)except;
	return select_for(top, readable, writable,
			  timeout ? timeout->tv_sec * 1000000LL + timeout->tv_usec : -1);
}

int windows_pselect(int top, struct windows_fds *readable, struct windows_fds *writable,
		    struct windows_fds *except, const struct timespec *timeout,
		    const unsigned long long *mask)
{
	(void)except, (void)mask;
	return select_for(top, readable, writable,
			  timeout ? timeout->tv_sec * 1000000LL + timeout->tv_nsec / 1000 : -1);
}
