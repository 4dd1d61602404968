/* mappings: the table, printed. */
#include "cmd.h"

static enum exit_status run(struct command_context *context, const struct args *args)
{
	struct pcp_client *client = session_client(context->session);
	usec now = session_now(context->session);

	(void)args;
	for (size_t i = 0; i < pcp_client_nmappings(client); i++)
		write_mapping(context->out, pcp_client_mapping_at(client, i), now);
	if (!pcp_client_nmappings(client) && !context->out->json)
		write_note(context->out, "no mappings");
	return EXIT_ANSWERED;
}

const struct command cmd_mappings = {
	.name = "mappings",
	.summary = "List the mappings of this session, or of the capture that is open.",
	.help = "Number, state, what it is, where it leads, what is left of its lifetime. Behind "
		"-r FILE "
		"those that stood at the end of the capture, behind --resume those that earlier "
		"sessions "
		"left; walk asks the server for its own.",
	.where = COMMAND_ANYWHERE,
	.needs_session = true,
	.no_server = true,
	.run = run,
};
