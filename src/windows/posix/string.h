/* The words for an error: the C library of Windows has none for those of sockets. */
#include_next <string.h>
#ifndef WINDOWS_STRING_H
#define WINDOWS_STRING_H
char *strerror(int error) __asm__("windows_strerror");
#endif
