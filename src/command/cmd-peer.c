/* peer: RFC 6887 12. */
#include "cmd.h"
#include "cmd-request.h"

static const struct command_arg args[] = {
	ARG_INTERNAL_PORT,
	ARG_EXTERNAL_PORT,
	ARG_PROTOCOL,
	{ .name = "REMOTE_PORT",
	  .path = "body.remote_port",
	  .apply = compose_remote,
	  .help = "The remote peer's port; or both in one, ADDRESS:PORT or [ADDRESS]:PORT." },
	{ .name = "REMOTE_ADDRESS",
	  .path = "body.remote_address",
	  .optional = true,
	  .help = "The remote peer's address as this host sees it." },
	{ .name = NULL },
};

static const struct command_option options[] = {
	OPTION_EXTERNAL_IP,
	OPTION_LIFETIME("Lifetime wanted: 600, 90s, 2h, 1d, infinite; 0 only asks. Default 3600."),
	OPTION_DESCRIPTION,
	OPTION_DESCRIPTION_64,
	OPTION_THIRD_PARTY,
	OPTION_THIRD_PARTY_ID,
	OPTION_NONCE,
	{ .name = NULL },
};

const struct command cmd_peer = {
	.name = "peer",
	.summary = "Make, prolong or ask about the mapping of one connection to a peer.",
	.help = "For an outgoing connection: tells which external address and port it has, and how "
		"long it stands. PEER cannot shorten or delete.",
	.where = COMMAND_ANYWHERE,
	.needs_session = true,
	.begin = request_begin,
	.opcode = PCP_PEER,
	.arg = args,
	.options = options,
	.run = cmd_request,
};
