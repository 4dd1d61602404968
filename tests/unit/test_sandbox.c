/* Rights that are given up are gone: each trial in a process of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
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

/* Landlock lets a process narrow its paths only so often: behind that it is as on a system without,
 * and what seccomp refuses stands alone. */
static void use_up_paths(void)
{
	const struct sandbox all = { .keep = SANDBOX_SOCKETS | SANDBOX_READ | SANDBOX_WRITE };

	for (int i = 0; i < 64 && sandbox_enter(&all) & SANDBOX_PATHS; i++)
		;
}

/* What `look` sees in a process that has entered. *entered: what took effect. */
static int after(const struct sandbox *sandbox, bool calls_alone, int (*look)(void),
		 unsigned *entered)
{
	int status, told[2];
	pid_t child;

	assert_int_equal(pipe(told), 0);
	child = fork();
	if (child == 0) {
		if (calls_alone)
			use_up_paths();
		*entered = sandbox_enter(sandbox);
		_exit(write(told[1], entered, sizeof *entered) > 0 ? look() : 255);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(read(told[0], entered, sizeof *entered), sizeof *entered);
	close(told[0]);
	close(told[1]);
	return WEXITSTATUS(status);
}

/* With Landlock, where there is one, and with seccomp alone. */
static void may_only(const struct sandbox *sandbox, int calls, int paths)
{
	for (int alone = 0; alone < 2; alone++) {
		int fd = open(own, O_WRONLY | O_CREAT, 0600), can; /* a trial may have renamed it */
		unsigned entered;

		assert_true(fd >= 0 && close(fd) == 0);
		unlink(other);
		can = after(sandbox, alone, may, &entered);
		if (!(entered & SANDBOX_CALLS)) {
			print_message("this system gives nothing up\n");
			return;
		}
		assert_false(alone && entered & SANDBOX_PATHS);
		assert_int_equal(can, entered & SANDBOX_PATHS ? paths : calls);
	}
}

static void nothing_but_what_is_open(void **state)
{
	(void)state;
	may_only(&(struct sandbox){ .keep = 0 }, WORK, WORK);
}

static void a_server(void **state)
{
	(void)state;
	may_only(&(struct sandbox){ .keep = SANDBOX_SOCKETS }, SOCKET | WORK, SOCKET | WORK);
}

static void a_server_with_a_file(void **state)
{
	(void)state;
	may_only(&(struct sandbox){ .keep = SANDBOX_SOCKETS | SANDBOX_WRITE, .writable = { own } },
		 SOCKET | WRITE_OWN | WRITE_OTHER | REMOVE | WORK, SOCKET | WRITE_OWN | WORK);
}

/* As each mode enters it, from the table that the manual has. */
static void each_mode(void **state)
{
	static const int calls[SANDBOX_MODES] = {
		[SANDBOX_DECODE] = WORK,
		[SANDBOX_SERVE] = SOCKET | WRITE_OWN | WRITE_OTHER | REMOVE | WORK,
		[SANDBOX_BEACON] = SOCKET | WORK,
		[SANDBOX_CAPTURE] = READ | WRITE_OWN | WRITE_OTHER | REMOVE | WORK,
		[SANDBOX_PROBE] = SOCKET | READ | WRITE_OWN | WRITE_OTHER | REMOVE | WORK,
		[SANDBOX_IGD] = SOCKET | WORK,
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

/* ---- single calls ---- */

/* With arguments that no call takes: refused, it is EPERM, and else what is wrong with them. */
static int passed(const long *calls, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		errno = 0;
		if (syscall(calls[i], -1, -1, -1, -1, -1, -1) >= 0 || errno != EPERM)
			return (int)i + 1;
	}
	return 0;
}

#define COUNT(calls) (sizeof(calls) / sizeof *(calls))

static int never_passed(void)
{
	static const long calls[] = {
#ifdef SYS_io_uring_setup
		SYS_io_uring_setup,  SYS_io_uring_enter, SYS_io_uring_register,
#endif
#ifdef SYS_pidfd_getfd
		SYS_pidfd_getfd,
#endif
#ifdef SYS_process_madvise
		SYS_process_madvise,
#endif
#ifdef SYS_fsopen
		SYS_fsopen,	     SYS_fsmount,	 SYS_move_mount,	SYS_open_tree,
#endif
#ifdef SYS_mount_setattr
		SYS_mount_setattr,
#endif
#ifdef SYS_delete_module
		SYS_delete_module,
#endif
#ifdef SYS_kexec_file_load
		SYS_kexec_file_load,
#endif
		SYS_ptrace,
	};

	return passed(calls, COUNT(calls));
}

static int change_passed(void)
{
	static const long calls[] = {
#ifdef SYS_lsetxattr
		SYS_setxattr,	 SYS_lsetxattr,	   SYS_fsetxattr,
		SYS_removexattr, SYS_lremovexattr, SYS_fremovexattr,
#endif
#ifdef SYS_utimensat
		SYS_utimensat,
#endif
#ifdef SYS_utimes
		SYS_utimes,
#endif
#ifdef SYS_lchown
		SYS_lchown,
#endif
#ifdef SYS_renameat
		SYS_renameat,
#endif
		SYS_fchmod,
	};

	return passed(calls, COUNT(calls));
}

static int opening_passed(void)
{
	static const long calls[] = {
#ifdef SYS_openat2
		SYS_openat2,
#endif
#ifdef SYS_open_by_handle_at
		SYS_open_by_handle_at,
#endif
		SYS_openat,
	};

	return passed(calls, COUNT(calls));
}

static void no_call_passes(const struct sandbox *sandbox, int (*look)(void))
{
	unsigned entered;
	int which = after(sandbox, true, look, &entered);

	if (entered & SANDBOX_CALLS)
		assert_int_equal(which, 0); /* else: the row that passed, from 1 */
}

static void no_mode_makes_calls_past_the_filter(void **state)
{
	(void)state;
	for (enum sandbox_mode mode = 0; mode < SANDBOX_MODES; mode++) {
		struct sandbox sandbox = sandbox_of(mode, NULL, 0);

		no_call_passes(&sandbox, never_passed);
		if (!(sandbox.keep & SANDBOX_WRITE))
			no_call_passes(&sandbox, change_passed);
		if (!(sandbox.keep & SANDBOX_WRITE && sandbox.keep & SANDBOX_READ))
			no_call_passes(&sandbox, opening_passed);
	}
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
		cmocka_unit_test(no_mode_makes_calls_past_the_filter),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
