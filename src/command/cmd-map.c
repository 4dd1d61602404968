/* map: RFC 6887 11. */
#include "cmd.h"
#include "cmd-request.h"

static const struct command_arg args[] = {
	{ .name = "INTERNAL_PORT[/PROTOCOL]",
	  .path = "body.internal_port",
	  .apply = compose_internal_port,
	  .help = "Port on the inside; 0 for all ports of the protocol. Alone it wishes for the "
		  "same external port, and for tcp unless /PROTOCOL follows: map 8080/udp." },
	{ .name = "EXTERNAL_PORT",
	  .path = "body.suggested_external_port",
	  .optional = true,
	  .help = "External port wished for; 0 for no wish." },
	{ .name = "PROTOCOL",
	  .path = "body.protocol",
	  .optional = true,
	  .help = "tcp, udp, sctp, all... or its number, 6 for TCP and 17 for UDP; default: tcp." },
	{ .name = NULL },
};

static const struct command_option options[] = {
	OPTION_EXTERNAL_IP,
	OPTION_LIFETIME("Lifetime wanted: 600, 90s, 2h, 1d, infinite; 0 deletes. Default 3600."),
	OPTION_DESCRIPTION,
	OPTION_DESCRIPTION_64,
	OPTION_THIRD_PARTY,
	OPTION_THIRD_PARTY_ID,
	{ .name = "-pf",
	  .alias = "--preferfailure",
	  .option = PCP_PREFER_FAILURE,
	  .help = "PREFER_FAILURE: exactly the suggested port and address, or an error." },
	{ .name = "-f",
	  .alias = "--filter",
	  .value = "ADDRESS/LENGTH/PORT",
	  .option = PCP_FILTER,
	  .repeat = true,
	  .many = true,
	  .apply = compose_filter,
	  .help = "FILTER: only these remote peers; LENGTH 0-32 for IPv4 (sent as 96 more), 0-128 "
		  "for IPv6; PORT 0 for any; 'erase' drops the filters that the mapping has." },
	{ .name = "-pr",
	  .alias = "--portreserv",
	  .option = PCP_PORT_RESERVATION,
	  .help = "PORT_RESERVATION: the next port as well, for a pair such as RTP and RTCP." },
	{ .name = "-ps",
	  .value = "SIZE[/FIRST][p]",
	  .option = PCP_PORT_SET,
	  .whole = true,
	  .apply = compose_port_set,
	  .help = "PORT_SET: SIZE ports from the internal port (or FIRST) on; p keeps parity." },
	{ .name = "-p64",
	  .option = PCP_PREFIX64,
	  .whole = true,
	  .help = "PREFIX64: ask for the prefix of a NAT64 (RFC 7225)." },
	OPTION_NONCE,
	{ .name = NULL },
};

const struct command cmd_map = {
	.name = "map",
	.summary = "Make, renew or delete a mapping: let others reach an internal port.",
	.help = "Asks the server to send what arrives at an external port to an internal port. "
		"Lifetime 0 deletes the mapping; suggested port and address are 0 then.",
	.where = COMMAND_ANYWHERE,
	.needs_session = true,
	.begin = request_begin,
	.opcode = PCP_MAP,
	.arg = args,
	.options = options,
	.run = cmd_request,
};
