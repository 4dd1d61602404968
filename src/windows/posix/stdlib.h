/* A path in full, and a new file beside others. */
#include_next <stdlib.h>
#ifndef WINDOWS_STDLIB_H
#define WINDOWS_STDLIB_H
char *realpath(const char *path, char *real) __asm__("windows_realpath");
int mkstemp(char *path) __asm__("windows_mkstemp");
#endif
