/* wait, sleep: for answers, for time. */
#include "cmd.h"

enum exit_status cmd_wait_jobs(struct command_context *context)
{
	struct command_script *script = context->script;
	enum exit_status first = EXIT_ANSWERED;

	for (size_t i = 0; script && i < script->njobs; i++)
		first = command_first(first, cmd_await(context, script->job[i]));
	if (script)
		script->njobs = 0;
	return first;
}

static enum exit_status wait_run(struct command_context *context, const struct args *args)
{
	(void)args;
	return cmd_wait_jobs(context);
}

const struct command cmd_wait = {
	.name = "wait",
	.summary = "Wait for the answers to all requests in the background (-b).",
	.help = "Its status is the first that is not 0.",
	.where = COMMAND_SHELL,
	.needs_session = true,
	.no_server = true,
	.run = wait_run,
};

static const struct command_arg sleep_args[] = {
	{ .name = "SECONDS", .help = "How long: 5, 90s, 2m." },
	{ .name = NULL },
};

static enum exit_status sleep_run(struct command_context *context, const struct args *args)
{
	struct loop *loop = session_loop(context->session);
	struct pcp_why why;
	uint32_t seconds;
	usec until;

	if (!pcp_seconds_parse(args->word[0], &seconds, &why))
		return cmd_usage(context, args, &why);
	until = loop_now(loop) + (usec)seconds * USEC_PER_SEC;
	while (loop_now(loop) < until)
		loop_run(loop, until);
	return EXIT_ANSWERED;
}

const struct command cmd_sleep = {
	.name = "sleep",
	.summary = "Let time pass; renewals and the lab go on meanwhile.",
	.where = COMMAND_SHELL,
	.needs_session = true,
	.no_server = true,
	.arg = sleep_args,
	.run = sleep_run,
};
