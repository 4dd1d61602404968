/* POSIX on Windows: what the headers of posix/ name is done here. */
#ifndef WINDOWS_PRIVATE_H
#define WINDOWS_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Descriptors that are none of the C library's stand above its own, which are 0 to 511. */
enum { WINDOWS_FIRST = 512, WINDOWS_MAX = 512, WINDOWS_PATH = 1024 };

struct windows_place {
	uintptr_t socket; /* ~0: none */
	char *folder;	  /* NULL: none */
	bool waits;	  /* the socket, which Windows itself does not tell */
};

/* ---- windows-places.c: what such a descriptor stands for ---- */

/* NULL with EBADF: it stands for nothing of the kind. */
struct windows_place *windows_place(int fd);
/* A new one; -1 with errno: there are too many. */
int windows_put(uintptr_t socket, char *folder);
void windows_take(int fd);

/* ---- windows-socket.c ---- */

/* The socket that a descriptor stands for; ~0 with EBADF. */
uintptr_t windows_socket_of(int fd);
/* errno for what Winsock said last; -1. */
int windows_failed(void);
/* Two sockets that are each other's other end. False with errno. */
bool windows_pair(uintptr_t pair[2]);
long long windows_recv(int fd, void *buf, size_t cap, int flags);
long long windows_send(int fd, const void *buf, size_t len, int flags);

/* ---- windows-input.c: what is no socket is read by a thread, which a socket brings it from ----
 */

/* The socket; ~0: the descriptor is a file, or memory is out. */
uintptr_t windows_input(int fd);
bool windows_input_is(int fd);
void windows_input_end(int fd);

/* ---- windows-wait.c ---- */

struct windows_pollfd;
/* poll() in microseconds, below 0 without end: how many are ready; -1 with EINTR: a signal came. */
int windows_wait(struct windows_pollfd *fds, unsigned n, long long microseconds);

/* ---- windows-terminal.c ---- */

/* Whether keys come as they are pressed. */
bool windows_raw(void);
/* Tells curses, in the environment, what the console speaks, if it speaks it. */
void windows_name_terminal(void);

/* ---- windows-signal.c ---- */

/* As if somebody had sent it: its handler is called in this thread, and a wait ends. */
void windows_raise(int signo);

/* The socket that can be read when a signal has come since. */
uintptr_t windows_wake(void);

#endif
