/* recover: make again what a server's restart lost (RFC 6887 14.1.3, 16.3.1). */
#include "cmd.h"

static enum exit_status run(struct command_context *context, const struct args *args)
{
	struct session *session = context->session;
	size_t n = pcp_client_recover(session_client(session), loop_now(session_loop(session)),
				      session_server(session));

	(void)args;
	write_note(context->out, "%zu request%s sent", n, pcp_s(n));
	return EXIT_ANSWERED;
}

const struct command cmd_recover = {
	.name = "recover",
	.summary = "Make the mappings again that the server lost when it restarted.",
	.help = "Asks for the external addresses and ports that they had.",
	.where = COMMAND_SHELL | COMMAND_PROMPT,
	.needs_session = true,
	.run = run,
};
