/* poll() over sockets, standard input and files: Windows waits for sockets alone, so
 * that all else is one or ready. */
#define FD_SETSIZE 1024
#include <winsock2.h>

#include <errno.h>
#include <io.h>
#include <poll.h>

#include "windows-private.h"

/* Only one thread waits. */
static fd_set readable_, writable_, failed_;

/* The socket to wait for; ~0: there is none, and revents says what there is. */
static SOCKET waits_for(struct pollfd *one)
{
	SOCKET socket = INVALID_SOCKET;

	if (windows_place(one->fd))
		return windows_socket_of(one->fd);
	if (_get_osfhandle(one->fd) == -1) {
		one->revents = POLLNVAL;
		return INVALID_SOCKET;
	}
	if (one->events & POLLIN)
		socket = windows_input(one->fd);
	one->revents = one->events & POLLOUT;
	if (socket == INVALID_SOCKET)
		one->revents |= one->events & POLLIN;
	return socket;
}

static unsigned gather(struct pollfd *fds, unsigned n)
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
		if (fds[i].events & POLLIN)
			FD_SET(socket, &readable_);
		if (fds[i].events & POLLOUT && windows_place(fds[i].fd)) {
			FD_SET(socket, &writable_);
			FD_SET(socket, &failed_); /* a connection that failed */
		}
	}
	return ready;
}

static int spread(struct pollfd *fds, unsigned n)
{
	int ready = 0;

	for (unsigned i = 0; i < n; i++) {
		SOCKET socket = INVALID_SOCKET;

		if (windows_place(fds[i].fd))
			socket = windows_socket_of(fds[i].fd);
		else if (windows_input_is(fds[i].fd))
			socket = windows_input(fds[i].fd);
		if (socket != INVALID_SOCKET && FD_ISSET(socket, &readable_))
			fds[i].revents |= POLLIN;
		if (socket != INVALID_SOCKET &&
		    (FD_ISSET(socket, &writable_) || FD_ISSET(socket, &failed_)))
			fds[i].revents |= POLLOUT;
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

int windows_wait(struct pollfd *fds, unsigned n, long long microseconds)
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

int poll(struct pollfd *fds, unsigned n, int milliseconds)
{
	return windows_wait(fds, n, milliseconds < 0 ? -1 : milliseconds * 1000LL);
}
