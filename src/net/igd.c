/* A router is asked for UPnP IGD in a child with next to no rights, and the loop told what came of
 * it. */
#include "igd.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox.h"
#include "text.h"

enum { SECONDS = 3, MEMORY = 64 << 20 };

struct igd {
	struct loop *loop;
	void (*told)(void *arg, usec now, const struct igd_answer *answer);
	void *arg;
	pid_t child; /* 0: it has been waited for */
	int fd;
};

/* What the child says, in one piece or not at all. */
struct said {
	enum igd_state state;
	char external[IGD_TEXT];
};

/* ---- the child ---- */

/* What the library prints goes nowhere: into a pipe that nobody reads. */
static void leave_all_but(int to)
{
	int nowhere[2];

	if (pipe(nowhere) < 0)
		_exit(1);
	for (int fd = 0; fd < FD_SETSIZE; fd++)
		if (fd <= STDERR_FILENO)
			dup2(nowhere[1], fd);
		else if (fd != to && fd != nowhere[0])
			close(fd);
}

/* Nothing of this process is within reach of what a stranger's XML may do: neither its sockets and
 * files nor, with the alarm, its time. */
static void give_up_rights(int to)
{
	const struct rlimit memory = { MEMORY, MEMORY };
	const struct sandbox sandbox = sandbox_of(SANDBOX_IGD, NULL, 0);

	leave_all_but(to);
	signal(SIGALRM, SIG_DFL);
	alarm(SECONDS);
	setrlimit(RLIMIT_DATA, &memory);
	sandbox_enter(&sandbox);
}

static void be_child(int to, const char *own, const char *router)
{
	struct said said;

	memset(&said, 0, sizeof said);
	if (!igd_load())
		_exit(1);
	give_up_rights(to);
	said.state = igd_look(own, router, said.external);
	_exit(write(to, &said, sizeof said) != sizeof said);
}

/* ---- the parent ---- */

static void reap(struct igd *igd)
{
	if (igd->child <= 0)
		return;
	loop_unwatch(igd->loop, igd->fd);
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
		answer.state = said.state;
		if (!pcp_addr_parse(said.external, answer.external, &why))
			memset(answer.external, 0, sizeof answer.external);
	}
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
	if (igd->child > 0 && loop_watch(igd->loop, igd->fd, heard, igd))
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
	enum { IPV4_FIRST = 12, LOOPBACK = 127 };
	char from[PCP_ADDR_TEXT], to[PCP_ADDR_TEXT];
	struct igd *igd;

	if (!pcp_addr_is_v4(own) || !pcp_addr_is_v4(router) || router[IPV4_FIRST] == LOOPBACK)
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
