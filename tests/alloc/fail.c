/* Preloaded into the program: the allocation of number $FAIL_ALLOCATION fails, counted from 1 once
 * the program begins; how many there were goes to the file $COUNT_ALLOCATIONS. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

static unsigned long made, failing;
static bool counts;
static int report = -1;

static bool fails(void)
{
	if (!counts || ++made != failing)
		return false;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return fails() ? NULL : __libc_realloc(old, size);
}

__attribute__((constructor)) static void begin(void)
{
	const char *number = getenv("FAIL_ALLOCATION"), *file = getenv("COUNT_ALLOCATIONS");

	/* Now: a command that reads hostile octets opens nothing more at its end. */
	report = file ? open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
	failing = number ? strtoul(number, NULL, 10) : 0;
	counts = true;
}

__attribute__((destructor)) static void end(void)
{
	char text[32];
	int len;

	counts = false;
	if (report < 0)
		return;
	len = snprintf(text, sizeof text, "%lu\n", made);
	if (write(report, text, (size_t)len) != len)
		_exit(99);
	close(report);
}
