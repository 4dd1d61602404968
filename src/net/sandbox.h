/*
 * Fewer rights: what the program gives up once its files and sockets are open, so that whoever
 * finds a fault in how it reads strangers' octets gets little for it. seccomp refuses calls,
 * Landlock the paths of files; where the system knows neither, nothing is given up and nothing
 * fails. What is refused fails with an error, as a call may anyway; nothing is killed.
 */
#ifndef SANDBOX_H
#define SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

/* What is kept beside the descriptors that are open, time and memory. Never kept: to run programs,
 * to look into other processes, to become somebody else, to change the system. */
enum sandbox_keep {
	SANDBOX_SOCKETS = 1, /* new ones */
	SANDBOX_READ = 2,    /* files, any */
	SANDBOX_WRITE = 4,   /* files: those of `writable`, or any when there are none */
};

enum { SANDBOX_PATHS_MAX = 4 };

struct sandbox {
	unsigned keep;
	const char *
		writable[SANDBOX_PATHS_MAX]; /* files, or folders with all beneath; NULL: no more */
};

/* What took effect: both, one or none. */
enum { SANDBOX_CALLS = 1, SANDBOX_PATHS = 2 };
unsigned sandbox_enter(const struct sandbox *sandbox);

#endif
