/* Words and options that several requests share, and how a request begins. */
#ifndef CMD_REQUEST_H
#define CMD_REQUEST_H

#include "compose.h"

/* Header and body of the command's opcode. */
bool request_begin(struct compose *compose, const struct args *args, struct pcp_why *why);

#define ARG_INTERNAL_PORT                                                                          \
	{                                                                                          \
		.name = "INTERNAL_PORT", .path = "body.internal_port",                             \
		.help = "Port on the inside; MAP takes 0 for all ports of the protocol."           \
	}
#define ARG_EXTERNAL_PORT                                                                          \
	{                                                                                          \
		.name = "EXTERNAL_PORT", .path = "body.suggested_external_port",                   \
		.help = "External port wished for; 0 for no wish."                                 \
	}
#define ARG_PROTOCOL                                                                               \
	{                                                                                          \
		.name = "PROTOCOL", .path = "body.protocol",                                       \
		.help = "tcp, udp, sctp, all... or its number, 6 for TCP and 17 for UDP."          \
	}

#define OPTION_EXTERNAL_IP                                                                         \
	{                                                                                          \
		.name = "-eIP", .alias = "--extIP", .value = "ADDRESS",                            \
		.path = "body.suggested_external_address",                                         \
		.help = "External address wished for; default: any of the internal address's "     \
			"family."                                                                  \
	}
#define OPTION_LIFETIME(what)                                                                      \
	{                                                                                          \
		.name = "-lt", .alias = "--lifetime", .value = "SECONDS",                          \
		.path = "header.lifetime", .help = what                                            \
	}
#define OPTION_DESCRIPTION                                                                         \
	{                                                                                          \
		.name = "-des", .alias = "--description", .value = "TEXT",                         \
		.option = PCP_DESCRIPTION,                                                         \
		.help = "DESCRIPTION: a text that the server stores with the mapping (RFC 7220)."  \
	}
#define OPTION_DESCRIPTION_64                                                                      \
	{                                                                                          \
		.name = "-des64", .value = "TEXT", .option = PCP_DESCRIPTION_64, .whole = true,    \
		.help = "The same with the code 64 from before RFC 7220, as pypcpc sends it."      \
	}
#define OPTION_THIRD_PARTY                                                                         \
	{                                                                                          \
		.name = "-tp", .alias = "--thirdparty", .value = "ADDRESS",                        \
		.option = PCP_THIRD_PARTY,                                                         \
		.help = "THIRD_PARTY: for this host instead of the one that asks."                 \
	}
#define OPTION_THIRD_PARTY_ID                                                                      \
	{                                                                                          \
		.name = "-tpid", .value = "HEX", .option = PCP_THIRD_PARTY_ID, .whole = true,      \
		.help = "THIRD_PARTY_ID: realm or subscriber of the third party (RFC 7843)."       \
	}
#define OPTION_NONCE                                                                               \
	{                                                                                          \
		.name = "-no", .alias = "--nonce", .value = "HEX", .path = "body.nonce",           \
		.whole = true, .apply = compose_nonce,                                             \
		.help = "Mapping nonce, 12 octets; default: the mapping's own, or a fresh random " \
			"one."                                                                     \
	}

/* Lifetime of MAP and PEER without -lt, in seconds: what pypcpc asks for. */
enum { DEFAULT_LIFETIME = 3600 };

#endif
