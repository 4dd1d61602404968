/* Files that others may rename and take away while they are open, as POSIX has them. */
#include_next <fcntl.h>
#ifndef WINDOWS_FCNTL_H
#define WINDOWS_FCNTL_H

#include <sys/types.h>

enum { O_CLOEXEC = O_NOINHERIT, O_NONBLOCK = 0x100000, O_NOCTTY = 0x200000, O_NOFOLLOW = 0x400000 };
enum { F_DUPFD_CLOEXEC = 1, F_DUPFD = 1, F_GETFD, F_SETFD, F_GETFL, F_SETFL, FD_CLOEXEC = 1 };

int open(const char *path, int flags, ...) __asm__("windows_open");
int openat(int folder, const char *name, int flags, ...) __asm__("windows_openat");
int fcntl(int fd, int what, ...) __asm__("windows_fcntl");

#endif
