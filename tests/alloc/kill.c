/* Preloaded into the program: it is killed (kill -9) right before step number $KILL_AT of a saved
 * session's change to a new file, which are the opening and writing of that file and the renaming.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int next_file = -1;

static void step(void)
{
	static unsigned long steps;
	const char *at = getenv("KILL_AT");

	if (at && ++steps == strtoul(at, NULL, 10))
		raise(SIGKILL);
}

static int is_next(const char *path)
{
	size_t len = strlen(path);

	return len > 9 && strcmp(path + len - 9, ".pcap.new") == 0;
}

static int opened(const char *name, const char *path, int flags, mode_t mode)
{
	int (*real)(const char *, int, ...) =
		(int (*)(const char *, int, ...))dlsym(RTLD_NEXT, name);
	int fd;

	if (is_next(path))
		step();
	fd = real(path, flags, mode);
	if (is_next(path))
		next_file = fd;
	return fd;
}

static mode_t mode_of(int flags, va_list rest)
{
	return flags & O_CREAT ? va_arg(rest, mode_t) : 0;
}

int open(const char *path, int flags, ...)
{
	va_list rest;
	mode_t mode;

	va_start(rest, flags);
	mode = mode_of(flags, rest);
	va_end(rest);
	return opened("open", path, flags, mode);
}

/* What open() is called where files are large. */
int open64(const char *path, int flags, ...)
{
	va_list rest;
	mode_t mode;

	va_start(rest, flags);
	mode = mode_of(flags, rest);
	va_end(rest);
	return opened("open64", path, flags, mode);
}

ssize_t write(int fd, const void *octets, size_t len)
{
	ssize_t (*real)(int, const void *, size_t) =
		(ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");

	if (fd >= 0 && fd == next_file)
		step();
	return real(fd, octets, len);
}

int rename(const char *from, const char *to)
{
	int (*real)(const char *, const char *) =
		(int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename");
	int done;

	step();
	done = real(from, to);
	if (is_next(from))
		next_file = -1; /* it is the session's file from now on */
	return done;
}
