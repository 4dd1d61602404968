/* lab: configuration and faults of the embedded gateway, while it runs. */
#include "cmd.h"
#include "labspec.h"

static const struct command_arg args[] = {
	{ .name = "WORD",
	  .many = true,
	  .help = "drop=0.3, quota=10, restart...: help scenarios lists them." },
	{ .name = NULL },
};

static enum exit_status run(struct command_context *context, const struct args *args_)
{
	struct session *session = context->session;
	char word[LABSPEC_WORD_MAX];
	struct pcp_why why;
	bool is_address;

	if (!session->lab) {
		cmd_error(context, "lab: this session has no lab; start it with --lab");
		return EXIT_FAILED;
	}
	for (size_t i = 0; i < args_->nword; i++) {
		const char *spec = args_->word[i];

		/* For the scenarios' names; a word of its own is whole, commas and all. */
		labspec_next(&spec, word, &is_address);
		if (!lab_set(session->lab, loop_now(session->loop), *spec ? args_->word[i] : word,
			     &why)) {
			cmd_error(context, "lab: %s", why.text);
			return EXIT_USAGE;
		}
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
