/* select() over sockets and everything else that has a descriptor. */
#ifndef WINDOWS_SYS_SELECT_H
#define WINDOWS_SYS_SELECT_H

#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

enum { FD_SETSIZE = 1024 };
typedef struct windows_fds {
	uint64_t bits[FD_SETSIZE / 64];
} fd_set;
#define FD_ZERO(set)	  ((void)memset((set), 0, sizeof *(set)))
#define FD_SET(fd, set)	  ((void)((set)->bits[(fd) / 64] |= UINT64_C(1) << (fd) % 64))
#define FD_CLR(fd, set)	  ((void)((set)->bits[(fd) / 64] &= ~(UINT64_C(1) << (fd) % 64)))
#define FD_ISSET(fd, set) ((int)((set)->bits[(fd) / 64] >> (fd) % 64 & 1))

int select(int top, fd_set *readable, fd_set *writable, fd_set *except,
	   struct timeval *timeout) __asm__("windows_select");
int pselect(int top, fd_set *readable, fd_set *writable, fd_set *except,
	    const struct timespec *timeout, const sigset_t *mask) __asm__("windows_pselect");

#endif
