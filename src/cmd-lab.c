/* lab: configuration and faults of the embedded gateway, while it runs. */
#include "cmd.h"

static const struct command_arg args[] = {
	{ .name = "WORD",
	  .many = true,
	  .help = "drop=0.3, quota=10, restart...: help scenarios lists them." },
	{ .name = NULL },
};

static enum exit_status run(struct command_context *context, const struct args *args_)
{
	struct session *session = context->session;
	struct pcp_why why;

	if (!session->lab) {
		write_error(context->out, "lab: this session has no lab; start it with --lab");
		return EXIT_FAILED;
	}
	for (size_t i = 0; i < args_->nword; i++)
		if (!lab_set(session->lab, loop_now(session->loop), args_->word[i], &why)) {
			write_error(context->out, "lab: %s", why.text);
			return EXIT_USAGE;
		}
	return EXIT_ANSWERED;
}

const struct command cmd_lab = {
	.name = "lab",
	.summary = "Change what the embedded gateway does: its limits, its faults, a restart.",
	.help = "The same words go into --lab=WORD,WORD and serve WORD.",
	.where = COMMAND_SHELL | COMMAND_PROMPT,
	.needs_session = true,
	.no_server = true,
	.arg = args,
	.run = run,
};
