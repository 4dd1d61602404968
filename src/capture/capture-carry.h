/* A file that takes the place of another, with what was needed of it: for capture-write.c and
 * capture-dir.c. */
#ifndef CAPTURE_CARRY_H
#define CAPTURE_CARRY_H

#include "capture.h"

/*
 * Begun beside the file that it is to replace, under a name that is nobody's session, locked, and
 * with the header of a capture. Until its name is given to it, the old file is all that counts: who
 * is killed in between has lost nothing.
 */
struct capture_carrier;

/* old_fd: open for reading, the caller's. path: the file that it will replace. NULL with errno. */
struct capture_carrier *carrier_begin(int old_fd, const char *path);
/* All of it is in the file. False with errno. */
bool carrier_flush(struct capture_carrier *carrier);
/* Octets of whole records and the header. */
uint64_t carrier_size(const struct capture_carrier *carrier);
/* Gives it the name `path`, in one step; its descriptor, with its lock, is the caller's from now
 * on. -1 with errno. Either way it is over. */
int carrier_place(struct capture_carrier *carrier);
/* It is not wanted: the file goes. */
void carrier_drop(struct capture_carrier *carrier);
/* What a process that is gone left of them in the directory goes. */
void carrier_sweep(const char *dir);

#endif
