/* Files that take another's name, and text that is written into memory. */
#include_next <stdio.h>
#ifndef WINDOWS_STDIO_H
#define WINDOWS_STDIO_H
#define putc_unlocked(c, file) putc(c, file)
int rename(const char *from, const char *to) __asm__("windows_rename");
FILE *open_memstream(char **text, size_t *len) __asm__("windows_open_memstream");
int fclose(FILE *file) __asm__("windows_fclose");
#endif
