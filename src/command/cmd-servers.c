/* servers, use: whom requests go to. */
#include "cmd.h"
#include "compose.h"

static enum exit_status run(struct command_context *context, const struct args *args)
{
	struct pcp_client *client = session_client(context->session);

	(void)args;
	for (size_t id = 1; id <= pcp_client_nservers(client); id++)
		write_server(context->out, pcp_client_server(client, (uint16_t)id),
			     id == session_server(context->session),
			     session_way_name(session_way(context->session, (uint16_t)id)));
	if (!pcp_client_nservers(client) && !context->out->json)
		write_note(context->out, "no servers");
	return EXIT_ANSWERED;
}

const struct command cmd_servers = {
	.name = "servers",
	.summary = "List the servers of this session.",
	.help = "Address, source address, version, epoch and mappings of each; * marks the one in "
		"use. Way none: there is no route to it at present, or its source is gone; way "
		"left: "
		"another is asked in its place, since this host's addresses or routes changed.",
	.where = COMMAND_SHELL | COMMAND_PROMPT,
	.needs_session = true,
	.no_server = true,
	.run = run,
};

static const struct command_arg use_args[] = {
	{ .name = "SERVER", .help = "Its number, address or name, as servers lists it." },
	{ .name = NULL },
};

static enum exit_status use(struct command_context *context, const struct args *args)
{
	struct pcp_why why;
	uint16_t id = compose_server(context->session, args->word[0], &why);

	if (!id)
		return cmd_usage(context, args, &why);
	session_use(context->session, id);
	return EXIT_ANSWERED;
}

const struct command cmd_use = {
	.name = "use",
	.summary = "Send requests to this server from now on.",
	.where = COMMAND_SHELL | COMMAND_PROMPT,
	.needs_session = true,
	.no_server = true,
	.arg = use_args,
	.run = use,
};
