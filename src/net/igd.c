/* A router is asked for UPnP IGD in a child with next to no rights, and the loop told what came of
 * it. */
#define _GNU_SOURCE /* close_range() */
#include "igd.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox.h"
#include "text.h"

enum { SECONDS = 3, MEMORY = 64 << 20 };
/* For the parent, whatever became of the child: an alarm ends none that stands still. */
#define PATIENCE ((SECONDS + 1) * USEC_PER_SEC)

struct igd {
	struct loop *loop;
	void (*told)(void *arg, usec now, const struct igd_answer *answer);
	void *arg;
	pid_t child; /* 0: it has been waited for */
	int fd;
	usec until; /* by then it has said something, or never will */
};

/* What the child says, in one piece or not at all. */
struct said {
	uint8_t state;
	char external[IGD_TEXT];
};

/* ---- the child ---- */

enum { TO = STDERR_FILENO + 1, NOWHERE, OTHERS }; /* its descriptors, behind the streams */

/* However high they are: a limit that was lowered later does not close them. */
static void close_others(void)
{
	long most = sysconf(_SC_OPEN_MAX);

#ifdef CLOSE_RANGE_CLOEXEC
	if (close_range(OTHERS, UINT_MAX, 0) == 0)
		return;
#endif
	for (long fd = OTHERS; fd < (most < 0 ? INT_MAX : most); fd++)
		close((int)fd);
}

/* What the library prints goes nowhere: into a pipe that nobody reads. */
static bool leave_all_but(int to)
{
	int high = fcntl(to, F_DUPFD, OTHERS), nowhere[2], ends[2];

	if (high < 0 || pipe(nowhere) < 0)
		return false;
	for (int i = 0; i < 2; i++)
		if ((ends[i] = fcntl(nowhere[i], F_DUPFD, OTHERS)) < 0)
			return false;
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (dup2(ends[1], fd) < 0)
			return false;
	if (dup2(high, TO) < 0 || dup2(ends[0], NOWHERE) < 0)
		return false;
	close_others();
	return true;
}

/* From here on its time is short, whatever it does. */
static void begin_time(void)
{
	sigset_t alarms;

	sigemptyset(&alarms);
	sigaddset(&alarms, SIGALRM);
	signal(SIGALRM, SIG_DFL);
	sigprocmask(SIG_UNBLOCK, &alarms, NULL);
	alarm(SECONDS);
}

/* Nothing of this process is within reach of what a stranger's XML may do: neither its sockets and
 * files nor its memory. */
static bool give_up_rights(int to)
{
	const struct rlimit memory = { MEMORY, MEMORY };
	const struct sandbox sandbox = sandbox_of(SANDBOX_IGD, NULL, 0);

	if (!leave_all_but(to) || setrlimit(RLIMIT_DATA, &memory) < 0)
		return false;
	sandbox_enter(&sandbox);
	return true;
}

static void be_child(int to, const char *own, const char *router)
{
	struct said said;

	memset(&said, 0, sizeof said);
	begin_time();
	if (!igd_load() || !give_up_rights(to))
		_exit(1);
	said.state = (uint8_t)igd_look(own, router, said.external);
	_exit(write(TO, &said, sizeof said) != sizeof said);
}

/* ---- the parent ---- */

static void reap(struct igd *igd)
{
	if (igd->child <= 0)
		return;
	loop_unwatch(igd->loop, igd->fd);
	loop_untimed(igd->loop, igd);
	close(igd->fd);
	kill(igd->child, SIGKILL);
	while (waitpid(igd->child, NULL, 0) < 0 && errno == EINTR)
		;
	igd->child = 0;
}

/* A child that could not load the library, or whose time or memory ran out, has said nothing. */
static void heard(void *arg, int fd, usec now)
{
	struct igd *igd = arg;
	struct igd_answer answer = { .state = IGD_UNKNOWN };
	struct said said;
	struct pcp_why why;

	if (read(fd, &said, sizeof said) == sizeof said) {
		said.external[IGD_TEXT - 1] = '\0';
		answer.state = said.state <= IGD_SPEAKS ? said.state : IGD_UNKNOWN;
		if (!pcp_addr_parse(said.external, answer.external, &why))
			memset(answer.external, 0, sizeof answer.external);
	}
	reap(igd);
	igd->told(igd->arg, now, &answer);
}

static usec due(void *arg)
{
	return ((const struct igd *)arg)->until;
}

static void out_of_time(void *arg, usec now)
{
	const struct igd_answer answer = { .state = IGD_UNKNOWN };
	struct igd *igd = arg;

	reap(igd);
	igd->told(igd->arg, now, &answer);
}

static bool begin(struct igd *igd, const char *own, const char *router)
{
	int fd[2];

	if (pipe(fd) < 0)
		return false;
	igd->fd = fd[0];
	igd->child = fork();
	if (igd->child == 0)
		be_child(fd[1], own, router);
	close(fd[1]);
	igd->until = loop_now(igd->loop) + PATIENCE;
	if (igd->child > 0 && loop_watch(igd->loop, igd->fd, heard, igd) &&
	    loop_timed(igd->loop, due, out_of_time, igd))
		return true;
	if (igd->child > 0)
		reap(igd);
	else
		close(fd[0]);
	return false;
}

struct igd *igd_ask(struct loop *loop, const uint8_t own[PCP_ADDR_LEN],
		    const uint8_t router[PCP_ADDR_LEN],
		    void (*told)(void *arg, usec now, const struct igd_answer *answer), void *arg)
{
	char from[PCP_ADDR_TEXT], to[PCP_ADDR_TEXT];
	struct igd *igd;

	if (!pcp_addr_is_v4(own) || !pcp_addr_is_v4(router) || pcp_addr_is_loopback(router))
		return NULL;
	pcp_addr_text(own, from, sizeof from);
	pcp_addr_text(router, to, sizeof to);
	igd = calloc(1, sizeof *igd);
	if (!igd)
		return NULL;
	*igd = (struct igd){ .loop = loop, .told = told, .arg = arg };
	if (begin(igd, from, to))
		return igd;
	free(igd);
	return NULL;
}

void igd_free(struct igd *igd)
{
	if (!igd)
		return;
	reap(igd);
	free(igd);
}
