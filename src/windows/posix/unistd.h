/* What has a descriptor, a socket or not, is read, written and closed alike. */
#include_next <unistd.h>
#ifndef WINDOWS_UNISTD_H
#define WINDOWS_UNISTD_H

#include <sys/types.h>

int close(int fd) __asm__("windows_close");
ssize_t read(int fd, void *buf, size_t cap) __asm__("windows_read");
ssize_t write(int fd, const void *buf, size_t len) __asm__("windows_write");
ssize_t pread(int fd, void *buf, size_t cap, off_t at) __asm__("windows_pread");
int pipe(int ends[2]) __asm__("windows_pipe");
int isatty(int fd) __asm__("windows_isatty");
int unlinkat(int folder, const char *name, int flags) __asm__("windows_unlinkat");

/* Every file of the user's own folders is the user's: Windows has rights in the place of owners. */
static inline uid_t geteuid(void)
{
	return 0;
}

/* As windows-private.h has it: how many descriptors there can be. */
enum { _SC_OPEN_MAX = 4 };
static inline long sysconf(int name)
{
	return name == _SC_OPEN_MAX ? 1024 : -1;
}

/* What Windows has not: errno is ENOSYS, and the caller says so. */
pid_t fork(void) __asm__("windows_fork");
unsigned alarm(unsigned seconds) __asm__("windows_alarm");

#endif
