/* announce: RFC 6887 14.1. */
#include "cmd.h"
#include "cmd-request.h"

static const struct command_option options[] = {
	{ .name = "-p64",
	  .option = PCP_PREFIX64,
	  .whole = true,
	  .help = "PREFIX64: ask for the prefix of a NAT64 (RFC 7225)." },
	{ .name = NULL },
};

const struct command cmd_announce = {
	.name = "announce",
	.summary = "Ask the server for a sign of life and its epoch.",
	.help = "Changes nothing on the server.",
	.where = COMMAND_ANYWHERE,
	.needs_session = true,
	.begin = request_begin,
	.opcode = PCP_ANNOUNCE,
	.options = options,
	.run = cmd_request,
};
