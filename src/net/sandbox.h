/*
 * Fewer rights: what the program gives up once its files and sockets are open, so that whoever
 * finds a fault in how it reads strangers' octets gets little for it. seccomp refuses calls:
 * opening files at all, to read or to write, and new sockets. Which files may still be written is
 * Landlock's to say: where the system has none, those are any. Where it has neither, nothing is
 * given up and nothing fails. What is refused fails with an error, as a call may anyway; nothing is
 * killed.
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

/* What the program does when it gives rights up. */
enum sandbox_mode {
	SANDBOX_DECODE,
	SANDBOX_SERVE,
	SANDBOX_BEACON,
	SANDBOX_CAPTURE,
	SANDBOX_PROBE,
	SANDBOX_IGD,
	SANDBOX_KEEP,
	SANDBOX_DASHBOARD,
	SANDBOX_MODES
};

struct sandbox_row {
	const char *name; /* as people call it */
	unsigned keep;
	bool own;	 /* of files it writes its own alone, which whoever enters names */
	const char *may; /* what it may still do, for people: the manual has it */
};
extern const struct sandbox_row sandbox_rows[SANDBOX_MODES];

/* What a mode keeps. own[0..nown): the files and folders that are its own and are there. */
struct sandbox sandbox_of(enum sandbox_mode mode, const char *const *own, size_t nown);

/* What took effect: both, one or none. */
enum { SANDBOX_CALLS = 1, SANDBOX_PATHS = 2 };
unsigned sandbox_enter(const struct sandbox *sandbox);

#endif
