/* A file in memory in place of the terminal, for as long as curses writes to it. */
#define _GNU_SOURCE
#include "spool.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <fcntl.h>
#include <unistd.h>

#include "outlet.h"

/* Octets kept: many frames of the largest terminal, and what a clipboard takes. */
enum { KEPT = 4 << 20, A_FRAME = 64 << 10 };

static struct {
	int file, terminal; /* the file; standard output as it was */
	uint8_t *frame;	    /* room for the longest that has come */
	size_t room;
	struct outlet outlet;
} spool = { .file = -1, .terminal = -1, .outlet.fd = -1 };

static int file_in_memory(void)
{
#ifdef MFD_CLOEXEC
	int fd = memfd_create("screen", MFD_CLOEXEC);
#else
	int fd = -1;
#endif
	FILE *file = fd < 0 ? tmpfile() : NULL;

	if (file) {
		fd = fcntl(fileno(file), F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
		fclose(file);
	}
	return fd;
}

static bool have_room(size_t len)
{
	uint8_t *frame = len > spool.room ? realloc(spool.frame, len) : spool.frame;

	if (!frame)
		return false;
	spool.room = len > spool.room ? len : spool.room;
	spool.frame = frame;
	return true;
}

bool spool_open(void)
{
	if (!have_room(A_FRAME) || !outlet_begin(&spool.outlet, STDOUT_FILENO, KEPT))
		return false;
	spool.terminal = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	spool.file = file_in_memory();
	return true; /* without the file the terminal is written to as it comes */
}

void spool_close(void)
{
	outlet_end(&spool.outlet);
	if (spool.file >= 0)
		close(spool.file);
	if (spool.terminal >= 0)
		close(spool.terminal);
	spool.file = spool.terminal = -1;
	free(spool.frame);
	spool.frame = NULL;
	spool.room = 0;
}

static bool is_usable(void)
{
	return spool.file >= 0 && spool.terminal >= 0;
}

void spool_begin(void)
{
	if (is_usable())
		(void)dup2(spool.file, STDOUT_FILENO);
}

/* All that was written goes on its way; the next frame is written over it, into the same pages. */
static bool empty(void)
{
	off_t len = lseek(spool.file, 0, SEEK_CUR);
	bool done = len == 0 || (len > 0 && have_room((size_t)len) &&
				 pread(spool.file, spool.frame, (size_t)len, 0) == len &&
				 outlet_put(&spool.outlet, spool.frame, (size_t)len));

	return lseek(spool.file, 0, SEEK_SET) == 0 && done;
}

bool spool_end(void)
{
	bool done = fflush(stdout) == 0;

	if (!is_usable())
		return done;
	(void)dup2(spool.terminal, STDOUT_FILENO);
	return empty() && done;
}

bool spool_put(const char *octets, size_t len)
{
	return outlet_put(&spool.outlet, octets, len);
}

bool spool_waits(void)
{
	return outlet_waits(&spool.outlet);
}

int spool_fd(void)
{
	return outlet_fd(&spool.outlet);
}

void spool_flush(void)
{
	outlet_flush(&spool.outlet);
}

bool spool_drain(int patience)
{
	return outlet_drain(&spool.outlet, patience);
}

void spool_cry(const char *octets, size_t len)
{
	int fd = outlet_fd(&spool.outlet) >= 0 ? outlet_fd(&spool.outlet) : STDOUT_FILENO;

	while (len) {
		ssize_t n = write(fd, octets, len);

		if (n <= 0)
			return;
		octets += n;
		len -= (size_t)n;
	}
}
