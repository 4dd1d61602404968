/* poll(), over what select() is over. */
#ifndef WINDOWS_POLL_H
#define WINDOWS_POLL_H

#undef POLLIN /* Winsock's own are others */
#undef POLLOUT
#undef POLLERR
#undef POLLHUP
#undef POLLNVAL
enum { POLLIN = 1, POLLOUT = 4, POLLERR = 8, POLLHUP = 16, POLLNVAL = 32 };
typedef unsigned nfds_t;
#define pollfd windows_pollfd
struct pollfd {
	int fd; /* -1: passed over */
	short events, revents;
};
int poll(struct pollfd *fds, nfds_t n, int milliseconds) __asm__("windows_poll");

#endif
