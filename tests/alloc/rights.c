/* Preloaded into the program: at SIGUSR1 it tries what somebody would who had taken the program
 * over, and writes what was not refused to the file $TRY_REPORT, a line each time. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static int report = -1;
static const char *own, *other; /* its own file; another, that it has nothing to do with */

static int was_refused(int result)
{
	return result < 0 && (errno == EPERM || errno == EACCES);
}

static int opens(const char *path, int flags)
{
	int fd = open(path, flags, 0600), refused = was_refused(fd);

	if (fd >= 0)
		close(fd);
	return !refused;
}

static int makes_a_socket(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0), refused = was_refused(fd);

	if (fd >= 0)
		close(fd);
	return !refused;
}

/* A program that is not there, and a process that is none: no more is known than whether it may. */
static int runs(void)
{
	char *none[] = { NULL };

	return !was_refused(execve("/nowhere/at/all", none, none));
}

static int looks_into_others(void)
{
	return !was_refused((int)ptrace(PTRACE_CONT, 0, NULL, NULL));
}

static int renames(void)
{
	int result = rename(own, other), refused = was_refused(result);

	return !refused && rename(other, own) == 0;
}

static void attempt(int signo)
{
	char line[128] = "";
	int before = errno;

	(void)signo;
	snprintf(line, sizeof line, "may%s%s%s%s%s%s%s\n", makes_a_socket() ? " socket" : "",
		 opens("/etc/passwd", O_RDONLY) ? " read" : "",
		 opens(own, O_WRONLY | O_APPEND) ? " own" : "",
		 opens(other, O_WRONLY | O_CREAT) ? " other" : "", renames() ? " rename" : "",
		 runs() ? " run" : "", looks_into_others() ? " trace" : "");
	if (write(report, line, strlen(line)) < 0)
		_exit(99);
	errno = before;
}

__attribute__((constructor)) static void begin(void)
{
	struct sigaction action = { .sa_handler = attempt, .sa_flags = SA_RESTART };
	const char *file = getenv("TRY_REPORT");

	own = getenv("TRY_OWN");
	other = getenv("TRY_OTHER");
	if (!file || !own || !other)
		return;
	report = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	sigaction(SIGUSR1, &action, NULL);
}
