/* A whole file, or standard input, as one string. */
#ifndef SLURP_H
#define SLURP_H

#include "edit.h"

/* The caller frees it. "-" is standard input. NULL with *why when it cannot be read or has more
 * than max octets. */
char *slurp(const char *name, size_t max, struct pcp_why *why);
/* Whether reading what has that name can mean to wait for somebody: standard input, a pipe, a
 * socket, a terminal. Who has a loop to run does not read it. */
bool slurp_may_wait(const char *name);

#endif
