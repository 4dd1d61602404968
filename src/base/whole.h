/* Files that are replaced as a whole: what others read at any moment, and what is not to be lost
 * before there is something to take its place. */
#ifndef WHOLE_H
#define WHOLE_H

#include <stddef.h>
#include <stdio.h>

#include "text.h"

/* Writes beside it and renames. A link is followed; the mode of a file that is there stays, a new
 * one has `mode`. False with *why, and the file as it was. */
bool whole_write(const char *path, const void *octets, size_t len, unsigned mode,
		 struct pcp_why *why);
/* Whether that could be done, without doing it. */
bool whole_possible(const char *path, struct pcp_why *why);

/* The same for what is asked for long before it is written. */
struct whole;

/* Whether it can be written is seen now; what has that name stays as it is until whole_end(). What
 * cannot be replaced, a pipe or a device, is opened. NULL with *why. */
struct whole *whole_begin(const char *path, struct pcp_why *why);
/* Where it is written. */
FILE *whole_file(struct whole *whole);
/* The folder that has to be writable at the end; NULL: what is needed is open. */
const char *whole_folder(const struct whole *whole);
/* Each of these frees it. All is written: it takes its place. False with *why, and the file as it
 * was. */
bool whole_end(struct whole *whole, struct pcp_why *why);
/* It does not. May be NULL. */
void whole_drop(struct whole *whole);

#endif
