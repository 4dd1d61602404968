/* get: draft-boucadair-pcp-failure-06 B. */
#include "cmd.h"
#include "cmd-request.h"

/* GET's own fields and NEXT's locator have the same names on the command line, as in pypcpc. */
#define LOCATOR(at, which)                                                                         \
	{ .name = "-proto",                                                                        \
	  .alias = "--proto",                                                                      \
	  .value = "PROTOCOL",                                                                     \
	  .path = at ".protocol",                                                                  \
	  .help = which "protocol; default: any." },                                               \
		{ .name = "-intip",                                                                \
		  .alias = "--intIP",                                                              \
		  .value = "ADDRESS",                                                              \
		  .path = at ".internal_address",                                                  \
		  .help = which "internal address; default: any." },                               \
		{ .name = "-extip",                                                                \
		  .alias = "--extIP",                                                              \
		  .value = "ADDRESS",                                                              \
		  .path = at ".external_address",                                                  \
		  .help = which "external address; default: any." },                               \
		{ .name = "-intport",                                                              \
		  .alias = "--intPort",                                                            \
		  .value = "PORT",                                                                 \
		  .path = at ".internal_port",                                                     \
		  .help = which "internal port; default: any." },                                  \
	{                                                                                          \
		.name = "-extport", .alias = "--extPort", .value = "PORT",                         \
		.path = at ".external_port", .help = which "external port; default: any."          \
	}

static const struct command_option next_options[] = {
	LOCATOR("", "Start from the mapping with this "),
	{ .name = "-me",
	  .alias = "--moreend",
	  .value = "0|1",
	  .path = ".end",
	  .help = "0 (MORE): as many as fit; 1 (END): one. Default 0." },
	{ .name = "-no",
	  .alias = "--nonce",
	  .value = "HEX",
	  .path = ".nonce",
	  .help = "Start from the mapping with this nonce, 12 octets; default: all zero." },
	{ .name = "-mo",
	  .alias = "--mapoptions",
	  .value = "CODE/CODE...",
	  .path = ".wanted",
	  .help = "Options to tell of each mapping, by code or name: FILTER/DESCRIPTION." },
	{ .name = NULL },
};

static const struct command_option options[] = {
	LOCATOR("body", "Only mappings with this "),
	OPTION_LIFETIME("Lifetime in the header, which the draft gives no meaning. Default 0."),
	{ .name = "-next",
	  .alias = "--nextOption",
	  .option = PCP_NEXT,
	  .rest = next_options,
	  .help = "NEXT: list the mappings, from the beginning or from the one named. What follows "
		  "belongs to it." },
	{ .name = NULL },
};

const struct command cmd_get = {
	.name = "get",
	.summary = "Ask whether mappings match a filter; with -next, list them.",
	.help = "GET is a draft (opcode 98 is private use): many servers answer UNSUPP_OPCODE. "
		"walk follows the list to its end.",
	.where = COMMAND_ANYWHERE,
	.needs_session = true,
	.begin = request_begin,
	.opcode = PCP_GET,
	.options = options,
	.run = cmd_request,
};
