/* A file that others read at any moment: each writing replaces it as a whole. */
#ifndef WHOLE_H
#define WHOLE_H

#include <stddef.h>

#include "text.h"

/* Writes beside it and renames. A link is followed; the mode of a file that is there stays, a new
 * one has `mode`. False with *why, and the file as it was. */
bool whole_write(const char *path, const void *octets, size_t len, unsigned mode,
		 struct pcp_why *why);
/* Whether that could be done, without doing it. */
bool whole_possible(const char *path, struct pcp_why *why);

#endif
