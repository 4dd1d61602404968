/* Where this user's things are kept: each system's own way, one file a way. */
#ifndef FOLDERS_H
#define FOLDERS_H

#include <stdbool.h>
#include <stddef.h>

/* The folder of what a program keeps between runs and that is not settings, absolute, its parts
 * parted by "/"; the program's own is in it. False: the system names none, and *why says who should
 * have. */
bool folders_state(char *buf, size_t cap, const char **why);

#endif
