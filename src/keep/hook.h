/* A command that is run on changes: one at a time, without a shell, and the latest state wins. */
#ifndef HOOK_H
#define HOOK_H

#include "keep.h"
#include "loop.h"

struct hook;

struct hook_io {
	void *arg;
	/* Adds "NAME=value" to what the command is told of the hold. */
	void (*describe)(void *arg, const struct keep_hold *hold,
			 void (*add)(void *to, const char *name, const char *value), void *to);
	/* What went wrong, in a sentence. */
	void (*trouble)(void *arg, const char *sentence);
};

/* argv ends with NULL and stays the caller's; its first word is looked for on PATH. NULL with *why
 * when there is no such program, or memory is out. */
struct hook *hook_new(struct loop *loop, char *const *argv, const struct hook_io *io,
		      struct pcp_why *why);
/* A command that runs is left alone. */
void hook_free(struct hook *hook);
/* Runs the command for the hold, or when the one that runs has ended; then only if what it was last
 * told of is no longer so. False when memory is out. */
bool hook_run(struct hook *hook, struct keep_hold *hold);
/* Whether a command runs or is to be run. */
bool hook_busy(const struct hook *hook);
uint64_t hook_runs(const struct hook *hook);
uint64_t hook_failures(const struct hook *hook);

#endif
