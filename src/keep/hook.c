/* Commands that are run on changes: children, what they are told, and how they end. */
#define _GNU_SOURCE
#include "hook.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "words.h"

extern char **environ;

/* A command that has not ended by then holds up the next state: it is ended, and a little later
 * killed. */
#define PATIENCE (60 * USEC_PER_SEC)
#define LAST	 (5 * USEC_PER_SEC)

struct turn { /* a hold whose command is to be run */
	struct keep_hold *hold;
	struct keep_value ran; /* what its command was told last, */
	bool has_run, waits;   /* if it was */
};

struct hook {
	struct loop *loop;
	char *const *argv;
	struct hook_io io;
	struct turn *turn;
	size_t nturn, next; /* by a hold's index */
	pid_t child;	    /* 0: none */
	usec end_at;
	bool ended; /* it was told to end */
	uint64_t runs, failures;
};

/* ---- the program ---- */

static bool is_program(const char *path)
{
	struct stat stat_;

	return stat(path, &stat_) == 0 && S_ISREG(stat_.st_mode) && access(path, X_OK) == 0;
}

static bool on_path(const char *name)
{
	const char *path = getenv("PATH");
	char whole[4096];

	for (; path && *path; path += *path == ':') {
		size_t len = strcspn(path, ":");

		snprintf(whole, sizeof whole, "%.*s/%s", (int)len, path, name);
		if (is_program(whole))
			return true;
		path += len;
	}
	return false;
}

/* ---- life ---- */

static usec due(void *arg)
{
	const struct hook *hook = arg;

	return hook->child ? hook->end_at : USEC_NEVER;
}

static void tell(const struct hook *hook, const char *format, const char *what)
{
	char sentence[512];
	struct pcp_quote name = pcp_quoted(hook->argv[0]);

	snprintf(sentence, sizeof sentence, format, name.text, what);
	hook->io.trouble(hook->io.arg, sentence);
}

static void out_of_time(void *arg, usec now)
{
	struct hook *hook = arg;

	if (!hook->ended)
		tell(hook, "'%s' has run for 60 s: it is ended%s", "");
	kill(hook->child, hook->ended ? SIGKILL : SIGTERM);
	hook->end_at = hook->ended ? USEC_NEVER : now + LAST;
	hook->ended = true;
}

static void reap(void *arg, int signo);

/* Whether this system starts no program at all: "/" is none anywhere. */
static bool starts_none(void)
{
	char root[] = "/", *argv[] = { root, NULL };
	pid_t child;

	return posix_spawnp(&child, root, NULL, NULL, argv, argv + 1) == ENOSYS;
}

static void refuse(const char *name, struct pcp_why *why)
{
	if (starts_none())
		pcp_refuse(why, 0, "-exec: no program can be run on this system");
	else
		pcp_refuse(why, 0, "-exec: '%s' is no program that can be run",
			   pcp_quoted(name).text);
}

struct hook *hook_new(struct loop *loop, char *const *argv, const struct hook_io *io,
		      struct pcp_why *why)
{
	struct hook *hook;

	if (!argv[0] || !*argv[0] ||
	    !(strchr(argv[0], '/') ? is_program(argv[0]) : on_path(argv[0]))) {
		refuse(argv[0] ? argv[0] : "", why);
		return NULL;
	}
	hook = calloc(1, sizeof *hook);
	if (!hook) {
		pcp_no_memory(why);
		return NULL;
	}
	hook->loop = loop;
	hook->argv = argv;
	hook->io = *io;
	if (loop_signal(loop, SIGCHLD, reap, hook) && loop_timed(loop, due, out_of_time, hook))
		return hook;
	hook_free(hook);
	pcp_no_memory(why);
	return NULL;
}

void hook_free(struct hook *hook)
{
	if (!hook)
		return;
	loop_untimed(hook->loop, hook);
	loop_unsignal(hook->loop, hook);
	free(hook->turn);
	free(hook);
}

/* ---- what the command is told ---- */

struct told {
	char **name; /* ends with NULL */
	size_t n, cap;
	bool failed;
};

static void push(struct told *told, char *entry)
{
	if (told->n + 2 > told->cap) {
		size_t cap = told->cap ? 2 * told->cap : 64;
		char **more = realloc(told->name, cap * sizeof *more);

		if (!more) {
			told->failed = true;
			return;
		}
		told->name = more;
		told->cap = cap;
	}
	told->name[told->n++] = entry;
	told->name[told->n] = NULL;
}

/* Ours are at the end, and are the ones that were allocated. */
static void add(void *to, const char *name, const char *value)
{
	struct told *told = to;
	size_t len = strlen(name) + strlen(value) + 2;
	char *entry = malloc(len);

	if (!entry) {
		told->failed = true;
		return;
	}
	snprintf(entry, len, "%s=%s", name, value);
	push(told, entry);
}

static bool is_ours(const char *entry)
{
	return !strncmp(entry, "PCPSCOPE_", 9) || !strncmp(entry, "NOTIFY_SOCKET=", 14);
}

static size_t inherit(struct told *told)
{
	for (char **entry = environ; *entry; entry++)
		if (!is_ours(*entry))
			push(told, *entry);
	return told->n;
}

/* ---- running it ---- */

/* Our signals are blocked while we work, and standard output is for our own lines. */
static int spawn(struct hook *hook, char **environment)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, all;
	int error;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
						      POSIX_SPAWN_SETPGROUP);
	error = posix_spawnp(&hook->child, hook->argv[0], &actions, &attributes, hook->argv,
			     environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

static void run(struct hook *hook, struct turn *turn)
{
	struct told told = { .n = 0 };
	size_t inherited = inherit(&told);
	int error = ENOMEM;

	turn->waits = false;
	turn->has_run = true;
	turn->ran = turn->hold->told;
	hook->io.describe(hook->io.arg, turn->hold, add, &told);
	if (!told.failed)
		error = spawn(hook, told.name);
	for (size_t i = inherited; i < told.n; i++)
		free(told.name[i]);
	free(told.name);
	hook->runs++;
	hook->ended = false;
	hook->end_at = loop_now(hook->loop) + PATIENCE;
	if (!error)
		return;
	hook->child = 0;
	hook->failures++;
	turn->has_run = false; /* the next change tries it again */
	tell(hook, "'%s' could not be run: %s", strerror(error));
}

static bool is_news(const struct turn *turn)
{
	return turn->waits && (!turn->has_run || !keep_same_value(&turn->ran, &turn->hold->told));
}

/* By turns, so that one that changes all the time leaves room for the others. */
static void run_next(struct hook *hook)
{
	for (size_t i = 0; i < hook->nturn && !hook->child; i++) {
		struct turn *turn = &hook->turn[hook->next++ % hook->nturn];

		if (is_news(turn))
			run(hook, turn);
		turn->waits = false;
	}
}

static void reap(void *arg, int signo)
{
	struct hook *hook = arg;
	char how[64];
	int status;

	(void)signo;
	if (!hook->child || waitpid(hook->child, &status, WNOHANG) != hook->child)
		return;
	hook->child = 0;
	if (WIFSIGNALED(status))
		snprintf(how, sizeof how, "signal %d", WTERMSIG(status));
	else
		snprintf(how, sizeof how, "status %d", WEXITSTATUS(status));
	if (!WIFEXITED(status) || WEXITSTATUS(status)) {
		hook->failures++;
		tell(hook, "'%s' ended with %s", how);
	}
	run_next(hook);
}

static struct turn *turn_of(struct hook *hook, struct keep_hold *hold)
{
	if (hold->index >= hook->nturn) {
		size_t n = hold->index + 1 + hook->nturn;
		struct turn *more = realloc(hook->turn, n * sizeof *more);

		if (!more)
			return NULL;
		memset(more + hook->nturn, 0, (n - hook->nturn) * sizeof *more);
		hook->turn = more;
		hook->nturn = n;
	}
	hook->turn[hold->index].hold = hold;
	return &hook->turn[hold->index];
}

bool hook_run(struct hook *hook, struct keep_hold *hold)
{
	struct turn *turn = turn_of(hook, hold);

	if (!turn)
		return false;
	turn->waits = true;
	run_next(hook);
	return true;
}

bool hook_busy(const struct hook *hook)
{
	if (hook->child)
		return true;
	for (size_t i = 0; i < hook->nturn; i++)
		if (is_news(&hook->turn[i]))
			return true;
	return false;
}

uint64_t hook_runs(const struct hook *hook)
{
	return hook->runs;
}

uint64_t hook_failures(const struct hook *hook)
{
	return hook->failures;
}
