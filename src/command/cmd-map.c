/* map: RFC 6887 11. A MAP is for one protocol: for several, one after the other. */
#include "cmd.h"
#include "cmd-request.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const struct command_arg args[] = {
	{ .name = "INTERNAL_PORT[/PROTOCOL]",
	  .path = "body.internal_port",
	  .apply = compose_internal_port,
	  .help = "Port on the inside; 0 for all ports of the protocol. Alone it wishes for the "
		  "same external port, and for tcp unless a protocol follows: map 8080/udp, map "
		  "8080 udp. tcp+udp is both, on one external port." },
	{ .name = "EXTERNAL_PORT",
	  .path = "body.suggested_external_port",
	  .optional = true,
	  .help = "External port wished for; 0 for no wish." },
	{ .name = "PROTOCOL",
	  .path = "body.protocol",
	  .optional = true,
	  .help = "tcp, udp, sctp, all... or its number, 6 for TCP and 17 for UDP; default: tcp. "
		  "tcp+udp is both, on one external port." },
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

/* What was typed, its protocols apart: each is composed in its turn. */
struct map_words {
	const char *port;      /* as typed, PORT or PORT/PROTOCOL, */
	size_t len;	       /* of which so many characters are the port */
	const char *external;  /* as typed; NULL: none was */
	const char *protocols; /* as typed, "tcp+udp" */
};

enum { MAP_PROTOCOLS = 4, WORD_MAX = 64 };

/* False: nothing needs to be taken apart. */
static bool take_apart(const struct args *typed, struct map_words *words)
{
	const char *first = typed->nword ? typed->word[0] : "", *slash = strchr(first, '/');
	bool named = typed->nword == 2 && !slash && !isdigit((unsigned char)typed->word[1][0]);

	*words = (struct map_words){ first, slash ? (size_t)(slash - first) : strlen(first),
				     typed->nword == 3 ? typed->word[1] : NULL,
				     typed->nword == 3		  ? typed->word[2]
				     : named			  ? typed->word[1]
				     : slash && typed->nword == 1 ? slash + 1
								  : "" };
	return *words->protocols && (named || strchr(words->protocols, '+')) &&
	       words->len < WORD_MAX / 2;
}

/* The external port that the exchange's mapping has; 0: none yet. */
static uint16_t external_port(struct command_context *context, uint32_t exchange)
{
	const struct exchange *x =
		context->session ? log_exchange(session_log(context->session), exchange) : NULL;
	const struct pcp_mapping *m =
		x ? pcp_client_mapping(session_client(context->session), x->mapping) : NULL;

	return m && pcp_mapping_stands(m) ? m->external_port : 0;
}

/* One protocol after the other. The port that the first was given is the wish of the next; where
 * nobody waits for answers, all have the wish that was typed. */
static enum exit_status map_each(struct command_context *context, const struct args *typed,
				 const struct map_words *words, const uint8_t *protocol, size_t n)
{
	char first[WORD_MAX], external[WORD_MAX], number[4];
	enum exit_status status = EXIT_ANSWERED;
	uint16_t port = 0, got;
	struct args one = *typed;
	uint32_t exchange;

	for (size_t i = 0; i < n && status <= EXIT_ANSWERED; i++) {
		bool wish = port || words->external;

		snprintf(number, sizeof number, "%u", protocol[i]);
		snprintf(external, sizeof external, "%u", port);
		snprintf(first, sizeof first, "%.*s%s%s", (int)words->len, words->port,
			 wish ? "" : "/", wish ? "" : number);
		one.nword = wish ? 3 : 1;
		one.word[0] = first;
		one.word[1] = port ? external : words->external;
		one.word[2] = number;
		status = command_first(status, cmd_request_as(context, &one, &exchange));
		got = external_port(context, exchange);
		if (port && got && got != port) {
			cmd_error(context,
				  "the external ports are %u and %u: not one for all protocols",
				  port, got);
			status = command_first(status, EXIT_REFUSED);
		}
		port = port ? port : got;
	}
	return status;
}

static enum exit_status run(struct command_context *context, const struct args *typed)
{
	uint8_t protocol[MAP_PROTOCOLS];
	struct map_words words;
	struct pcp_why why;
	size_t n;

	if (!take_apart(typed, &words))
		return cmd_request(context, typed);
	n = args_protocols(words.protocols, protocol, MAP_PROTOCOLS, &why);
	return n ? map_each(context, typed, &words, protocol, n) : cmd_usage(context, typed, &why);
}

const struct command cmd_map = {
	.name = "map",
	.summary = "Make, renew or delete a mapping: let others reach an internal port.",
	.help = "Asks the server to send what arrives at an external port to an internal port. "
		"Lifetime 0 deletes the mapping; suggested port and address are 0 then. Only the "
		"nonce that made it (-no) deletes it: --resume has those of earlier sessions.",
	.where = COMMAND_ANYWHERE,
	.needs_session = true,
	.begin = request_begin,
	.opcode = PCP_MAP,
	.arg = args,
	.options = options,
	.run = run,
};
