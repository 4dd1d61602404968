/* Rights that are given up are gone: each trial in a process of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "sandbox.h"

static char dir[] = "/tmp/sandbox.XXXXXX", own[64], other[64];

/* What a process may still do after it entered. */
enum { SOCKET = 1, RUN = 2, READ = 4, WRITE_OWN = 8, WRITE_OTHER = 16, REMOVE = 32, WORK = 64 };

static int allowed(int fd, int bit)
{
	if (fd >= 0)
		close(fd);
	return fd >= 0 || (errno != EPERM && errno != EACCES) ? bit : 0;
}

static bool works(void)
{
	int ends[2];
	char octet;
	void *memory = malloc(1 << 20);

	free(memory);
	return memory && pipe(ends) == 0 && write(ends[1], "x", 1) == 1 &&
	       read(ends[0], &octet, 1) == 1;
}

static int may(void)
{
	char *none[] = { NULL };
	int can = 0;

	can |= allowed(socket(AF_INET, SOCK_DGRAM, 0), SOCKET);
	can |= allowed(execve("/nowhere/at/all", none, none), RUN);
	can |= allowed(open("/etc/passwd", O_RDONLY), READ);
	can |= allowed(open(own, O_WRONLY | O_APPEND), WRITE_OWN);
	can |= allowed(open(other, O_WRONLY | O_CREAT, 0600), WRITE_OTHER);
	can |= allowed(rename(own, other), REMOVE);
	can |= works() ? WORK : 0;
	return can;
}

/* *entered: what took effect. */
static int after(const struct sandbox *sandbox, unsigned *entered)
{
	int status, told[2];
	pid_t child;

	assert_int_equal(pipe(told), 0);
	child = fork();
	if (child == 0) {
		*entered = sandbox_enter(sandbox);
		_exit(write(told[1], entered, sizeof *entered) > 0 ? may() : 255);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(read(told[0], entered, sizeof *entered), sizeof *entered);
	close(told[0]);
	close(told[1]);
	return WEXITSTATUS(status);
}

/* What Landlock alone refuses is allowed where the system has none. */
static void may_only(const struct sandbox *sandbox, int calls, int paths)
{
	unsigned entered;
	int fd = open(own, O_WRONLY | O_CREAT, 0600), can; /* a trial before may have renamed it */

	assert_true(fd >= 0 && close(fd) == 0);
	unlink(other);
	can = after(sandbox, &entered);
	if (!(entered & SANDBOX_CALLS)) {
		print_message("this system gives nothing up\n");
		return;
	}
	assert_int_equal(can, entered & SANDBOX_PATHS ? paths : calls);
}

static void nothing_but_what_is_open(void **state)
{
	(void)state;
	may_only(&(struct sandbox){ .keep = 0 }, READ | WORK, WORK);
}

static void a_server(void **state)
{
	(void)state;
	may_only(&(struct sandbox){ .keep = SANDBOX_SOCKETS }, SOCKET | READ | WORK, SOCKET | WORK);
}

static void a_server_with_a_file(void **state)
{
	(void)state;
	may_only(&(struct sandbox){ .keep = SANDBOX_SOCKETS | SANDBOX_WRITE, .writable = { own } },
		 SOCKET | READ | WRITE_OWN | WRITE_OTHER | REMOVE | WORK,
		 SOCKET | WRITE_OWN | WORK);
}

/* As each mode enters it, from the table that the manual has. */
static void each_mode(void **state)
{
	static const int calls[SANDBOX_MODES] = {
		[SANDBOX_DECODE] = READ | WORK,
		[SANDBOX_SERVE] = SOCKET | READ | WRITE_OWN | WRITE_OTHER | REMOVE | WORK,
		[SANDBOX_BEACON] = SOCKET | READ | WORK,
		[SANDBOX_CAPTURE] = READ | WRITE_OWN | WRITE_OTHER | REMOVE | WORK,
		[SANDBOX_PROBE] = SOCKET | READ | WRITE_OWN | WRITE_OTHER | REMOVE | WORK,
		[SANDBOX_IGD] = SOCKET | READ | WORK,
		[SANDBOX_KEEP] = SOCKET | READ | WRITE_OWN | WRITE_OTHER | REMOVE | WORK,
		[SANDBOX_DASHBOARD] = SOCKET | READ | WRITE_OWN | WRITE_OTHER | REMOVE | WORK,
	};
	static const int paths[SANDBOX_MODES] = {
		[SANDBOX_DECODE] = WORK,
		[SANDBOX_SERVE] = SOCKET | WRITE_OWN | WORK,
		[SANDBOX_BEACON] = SOCKET | WORK,
		[SANDBOX_CAPTURE] = READ | WRITE_OWN | WRITE_OTHER | REMOVE | WORK,
		[SANDBOX_PROBE] = SOCKET | READ | WRITE_OWN | WORK,
		[SANDBOX_IGD] = SOCKET | WORK,
		[SANDBOX_KEEP] = SOCKET | READ | WRITE_OWN | WRITE_OTHER | REMOVE | WORK,
		[SANDBOX_DASHBOARD] = SOCKET | READ | WRITE_OWN | WRITE_OTHER | REMOVE | WORK,
	};
	const char *file = own;

	(void)state;
	for (enum sandbox_mode mode = 0; mode < SANDBOX_MODES; mode++) {
		struct sandbox sandbox = sandbox_of(mode, &file, 1);

		may_only(&sandbox, calls[mode], paths[mode]);
	}
}

static void whoever_looks_at_a_capture(void **state)
{
	(void)state;
	may_only(&(struct sandbox){ .keep = SANDBOX_READ | SANDBOX_WRITE },
		 READ | WRITE_OWN | WRITE_OTHER | REMOVE | WORK,
		 READ | WRITE_OWN | WRITE_OTHER | REMOVE | WORK);
}

static int setup(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(own, sizeof own, "%s/own", dir);
	snprintf(other, sizeof other, "%s/other", dir);
	return close(open(own, O_WRONLY | O_CREAT, 0600));
}

static int teardown(void **state)
{
	(void)state;
	unlink(own);
	unlink(other);
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_but_what_is_open),
		cmocka_unit_test(a_server),
		cmocka_unit_test(a_server_with_a_file),
		cmocka_unit_test(whoever_looks_at_a_capture),
		cmocka_unit_test(each_mode),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
