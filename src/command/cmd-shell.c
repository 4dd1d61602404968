/* shell: commands from standard input, one a line. */
#include "cmd.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct shell {
	struct command_context *context;
	size_t len;
	bool end, overlong, terminal, failed;
	char buf[COMMAND_LINE_MAX + 1], line[COMMAND_LINE_MAX + 1];
};

/* Reads only while no command runs, so that the loop goes on under both. */
static void readable(void *arg, int fd, usec now)
{
	struct shell *shell = arg;
	ssize_t n = read(fd, shell->buf + shell->len, COMMAND_LINE_MAX - shell->len);

	(void)now;
	if (n > 0)
		shell->len += (size_t)n;
	else if (n == 0 || (errno != EINTR && errno != EAGAIN))
		shell->end = true;
	loop_stop(session_loop(shell->context->session));
}

/* Takes the first line out of the buffer into shell->line; at the end of input, what is left. A
 * line that is longer than the buffer is dropped, and told. */
static bool take_line(struct shell *shell)
{
	char *newline = memchr(shell->buf, '\n', shell->len);
	size_t len = newline ? (size_t)(newline - shell->buf) : shell->len;
	bool full = !newline && shell->len == COMMAND_LINE_MAX, dropped = shell->overlong;

	if (full) {
		shell->overlong = true;
		shell->len = 0;
	}
	if (full || (!newline && (!shell->end || !len)))
		return false;
	memcpy(shell->line, shell->buf, len);
	shell->line[len] = '\0';
	shell->len -= len + (newline != NULL);
	memmove(shell->buf, shell->buf + len + (newline != NULL), shell->len);
	shell->context->script->line++;
	if (dropped)
		strcpy(shell->line, "");
	return true;
}

static void prompt(const struct shell *shell)
{
	if (shell->terminal && !shell->context->out->json) {
		fputs("pcpscope> ", stdout);
		fflush(stdout);
	}
}

/* False at the end of input, and when it cannot be waited for. */
static bool next_line(struct shell *shell)
{
	struct loop *loop = session_loop(shell->context->session);

	prompt(shell);
	while (!take_line(shell)) {
		if (shell->end)
			return false;
		if (!loop_watch(loop, STDIN_FILENO, readable, shell)) {
			cmd_error(shell->context,
				  "standard input cannot be watched: out of memory");
			shell->failed = true;
			return false;
		}
		loop_run(loop, USEC_NEVER);
		loop_unwatch(loop, STDIN_FILENO);
	}
	return true;
}

static enum exit_status run_line(struct shell *shell)
{
	char *words[COMMAND_WORDS_MAX];
	struct pcp_why why;
	int n;

	if (shell->overlong) {
		shell->overlong = false;
		cmd_error(shell->context, "longer than %d octets", COMMAND_LINE_MAX);
		return EXIT_USAGE;
	}
	n = command_split(shell->line, words, &why);
	if (n >= 0)
		return command_run(shell->context, n, words);
	cmd_error(shell->context, "%s", why.text);
	return EXIT_USAGE;
}

static enum exit_status run_lines(struct shell *shell)
{
	struct command_script *script = shell->context->script;
	enum exit_status first = EXIT_ANSWERED, status;

	while (!script->quit && next_line(shell)) {
		status = run_line(shell);
		first = command_first(first, status);
		if (status > EXIT_ANSWERED && script->stop)
			break;
	}
	if (shell->failed)
		first = command_first(first, EXIT_FAILED);
	return command_first(first, cmd_wait_jobs(shell->context));
}

static const struct command_option options[] = {
	{ .name = "-e", .alias = "--errexit", .help = "Stop at the first command that fails." },
	{ .name = NULL },
};

static enum exit_status run(struct command_context *context, const struct args *args)
{
	struct shell *shell;
	enum exit_status status;

	if (!context->script || context->where == COMMAND_SHELL) {
		cmd_error(context, "shell: this is one already");
		return EXIT_USAGE;
	}
	shell = calloc(1, sizeof *shell);
	if (!shell) {
		cmd_error(context, "out of memory");
		return EXIT_FAILED;
	}
	shell->context = context;
	shell->terminal = isatty(STDIN_FILENO);
	context->script->stop = args_value(args, "-e") != NULL;
	context->where = COMMAND_SHELL;
	status = run_lines(shell);
	free(shell);
	return status;
}

const struct command cmd_shell = {
	.name = "shell",
	.summary = "Read commands from standard input, one a line.",
	.help = "The status of a script is the first that is not 0. # starts a comment.",
	.where = COMMAND_LINE,
	.needs_session = true,
	.no_server = true,
	.options = options,
	.run = run,
};
