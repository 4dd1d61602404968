/* keep: mappings that are held until a signal ends it. */
#include "cmd.h"
#include "cmd-request.h"
#include "keeper.h"
#include "report.h"
#include "sandbox.h"
#include "steady.h"
#include "words.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* What the words mean; one for the length of the command. */
struct holding {
	struct command_context *context;
	const struct args *args;
	struct keeper_port *port;
	size_t nport, cap;
	uint8_t taken[UINT8_MAX + 1][(UINT16_MAX + 1) / 8]; /* ports by protocol, as bits */
	char line[COMMAND_LINE_MAX];			    /* -exec */
	char *words[COMMAND_WORDS_MAX + 1];
	struct pcp_edit edit;
	struct keeper *keeper;
};

static const struct command_arg keep_args[] = {
	{ .name = "PORT[-LAST][/PROTOCOL]",
	  .many = true,
	  .help = "Ports on the inside, and behind each, or behind a slash, tcp (which it is "
		  "without "
		  "a word), udp, or tcp+udp, which get the same external port: keep 8080 tcp+udp "
		  "50000-50009/udp." },
	{ .name = NULL },
};

static const struct command_option keep_options[] = {
	{ .name = "-exec",
	  .alias = "--exec",
	  .value = "COMMAND",
	  .help = "Run it on every change and only then. Its words are split at blanks, with "
		  "quotes "
		  "as the prompt has them; no shell is asked. Its environment says what is mapped. "
		  "One runs at a time, and the latest state wins." },
	{ .name = "-state",
	  .alias = "--state",
	  .value = "FILE",
	  .help = "Write what is mapped there, replaced as a whole each time: a line a port, or "
		  "with "
		  "a name that ends in .json, or with --json, one object." },
	{ .name = "-metrics",
	  .alias = "--metrics",
	  .value = "FILE|ADDRESS:PORT",
	  .help = "Prometheus' text: into a file, for its node exporter, or to whoever asks there "
		  "by "
		  "HTTP." },
	{ .name = "-leave",
	  .alias = "--leave",
	  .help = "Delete nothing at the end: mappings stand until they run out." },
	{ .name = "-to",
	  .value = "SERVER,...",
	  .help = "Hold the ports at each of these servers, by address, or as -s names them. "
		  "Default: "
		  "at the default gateway, or what -s names first." },
	{ .name = "-ext",
	  .alias = "--external",
	  .value = "PORT",
	  .help = "External port wished for; 0 for no wish. Default: the internal one. A range "
		  "goes on from it." },
	OPTION_LIFETIME("Lifetime asked for each time: 600, 90s, 2h, 1d. Default 3600."),
	OPTION_EXTERNAL_IP,
	OPTION_DESCRIPTION,
	{ .name = NULL },
};

/* ---- words ---- */

/* Whether the port was free until now, for each protocol. */
static bool take(struct holding *holding, const struct keeper_port *port, struct pcp_why *why)
{
	for (size_t i = 0; i < port->nprotocol; i++) {
		uint8_t *bits = &holding->taken[port->protocol[i]][port->port / 8];
		uint8_t bit = (uint8_t)(1U << port->port % 8);

		if (*bits & bit)
			return pcp_refuse(why, 0, "%s %u is named twice",
					  pcp_protocol_text(port->protocol[i]).text, port->port);
		*bits |= bit;
	}
	return true;
}

static bool add_port(struct holding *holding, const struct keeper_port *port, struct pcp_why *why)
{
	if (holding->nport == holding->cap) {
		size_t cap = holding->cap ? 2 * holding->cap : 16;
		struct keeper_port *more = realloc(holding->port, cap * sizeof *more);

		if (!more)
			return pcp_no_memory(why);
		holding->port = more;
		holding->cap = cap;
	}
	holding->port[holding->nport++] = *port;
	return take(holding, port, why);
}

/* "8080", "5000-5009": both ends; port 0, any port, is what VPN gateways take it for. */
static bool parse_range(const char *typed, size_t len, unsigned long *first, unsigned long *last,
			struct pcp_why *why)
{
	char word[32], *dash;

	if (len >= sizeof word)
		return pcp_refuse(why, 0, "'%s' is no port", pcp_quoted(typed).text);
	memcpy(word, typed, len);
	word[len] = '\0';
	dash = strchr(word, '-');
	if (dash)
		*dash = '\0';
	if (!args_number(word, 0, UINT16_MAX, first, why))
		return false;
	*last = *first;
	if (!dash)
		return true;
	return args_number(dash + 1, 1, UINT16_MAX, last, why) &&
	       ((*first && *first <= *last) ||
		pcp_refuse(why, 0, "'%s': the range ends before it begins",
			   pcp_quoted(typed).text));
}

/* One word of ports, and the protocol that follows it, if one does. */
static bool parse_port(struct holding *holding, const char *typed, const char *protocols,
		       struct pcp_why *why)
{
	const char *slash = strchr(typed, '/'), *wish = args_value(holding->args, "-ext");
	struct keeper_port port;
	unsigned long first, last, external;

	if (!parse_range(typed, slash ? (size_t)(slash - typed) : strlen(typed), &first, &last,
			 why))
		return false;
	external = first;
	if (wish && !args_number(wish, 0, UINT16_MAX, &external, why))
		return false;
	port.nprotocol =
		args_protocols(slash ? slash + 1 : protocols, port.protocol, KEEP_LEGS, why);
	if (!port.nprotocol)
		return false;
	for (unsigned long i = 0; i <= last - first; i++) {
		port.port = (uint16_t)(first + i);
		port.wish = external && external + i <= UINT16_MAX ? (uint16_t)(external + i) : 0;
		if (!add_port(holding, &port, why))
			return false;
	}
	return true;
}

static bool is_protocol(const char *word)
{
	return word && (word[0] < '0' || word[0] > '9');
}

static bool parse_ports(struct holding *holding, struct pcp_why *why)
{
	const struct args *args = holding->args;

	for (size_t i = 0; i < args->nword; i++) {
		const char *next = i + 1 < args->nword ? args->word[i + 1] : NULL;
		bool follows = is_protocol(next) && !strchr(args->word[i], '/');

		if (!parse_port(holding, args->word[i], follows ? next : "tcp", why))
			return false;
		i += follows;
	}
	return true;
}

static bool parse_command(struct holding *holding, struct pcp_why *why)
{
	const char *typed = args_value(holding->args, "-exec");
	int n;

	if (!typed)
		return true;
	if (strlen(typed) >= sizeof holding->line)
		return pcp_refuse(why, 0, "-exec: the command is too long");
	strcpy(holding->line, typed);
	n = command_split(holding->line, holding->words, why);
	holding->words[n < 0 ? 0 : n] = NULL;
	return n > 0 || (n == 0 && pcp_refuse(why, 0, "-exec: the command is empty"));
}

/* A server of the session, or another one by its address; 0 with *why. */
static uint16_t server_of(struct session *session, const char *word, struct pcp_why *why)
{
	struct pcp_endpoint endpoint;
	uint16_t server = compose_server(session, word, why);

	if (server || !pcp_endpoint_parse(word, PCP_SERVER_PORT, &endpoint, NULL))
		return server;
	return session_add_address(session, &endpoint, word, why);
}

static bool add_target(const struct holding *holding, struct keeper_config *config,
		       const char *word, struct pcp_why *why)
{
	uint16_t server = server_of(holding->context->session, word, why);

	for (size_t i = 0; server && i < config->nserver; i++)
		if (config->server[i] == server)
			return pcp_refuse(why, 0, "-to: %s is named twice", pcp_quoted(word).text);
	config->server[config->nserver] = server;
	config->nserver += server != 0;
	return server != 0;
}

static bool parse_servers(const struct holding *holding, struct keeper_config *config,
			  struct pcp_why *why)
{
	const char *typed = args_value(holding->args, "-to");
	char word[ENDPOINT_TEXT];

	for (size_t len; typed && *typed; typed += len + (typed[len] == ',')) {
		len = strcspn(typed, ",");
		if (config->nserver == KEEPER_SERVERS_MAX)
			return pcp_refuse(why, 0, "-to: more than %d servers", KEEPER_SERVERS_MAX);
		if (!len || len >= sizeof word)
			return pcp_refuse(why, 0, "-to: '%s' is no list of servers",
					  pcp_quoted(typed).text);
		memcpy(word, typed, len);
		word[len] = '\0';
		if (!add_target(holding, config, word, why))
			return false;
	}
	return true;
}

/* ---- what is asked for ---- */

/* The request of `map`, with its grammar: there is no second one. */
static bool compose(void *arg, uint8_t protocol, uint16_t port, uint16_t external_port,
		    struct pcp_client_request *request, struct pcp_why *why)
{
	static const char *const passed[] = { "-lt", "-eIP", "-des" };
	struct holding *holding = arg;
	char internal[8], external[8], number[8];
	char *argv[12] = { (char[]){ "map" }, internal, external, number };
	int argc = 4;

	snprintf(internal, sizeof internal, "%u", port);
	snprintf(external, sizeof external, "%u", external_port);
	snprintf(number, sizeof number, "%u", protocol);
	for (size_t i = 0; i < sizeof passed / sizeof *passed; i++) {
		const char *value = args_value(holding->args, passed[i]);

		if (value) {
			argv[argc++] = (char *)(uintptr_t)passed[i];
			argv[argc++] = (char *)(uintptr_t)value;
		}
	}
	return command_compose(argc, argv, holding->context->session, &holding->edit, request, why);
}

static bool can_compose(struct holding *holding, struct pcp_why *why)
{
	struct pcp_client_request request;
	const struct keeper_port *port = &holding->port[0];

	if (!compose(holding, port->protocol[0], port->port, port->wish, &request, why))
		return false;
	return pcp_get(&pcp_request_fields[REQ_LIFETIME], request.octets) > 0 ||
	       pcp_refuse(why, 0, "-lt: lifetime 0 holds nothing");
}

/* ---- running ---- */

static void stop(void *arg, int signo)
{
	(void)signo;
	keeper_end(arg);
}

/* What no command is run for gives up the right to run any. */
static void give_up_rights(const struct holding *holding)
{
	struct sandbox sandbox = sandbox_of(SANDBOX_KEEP, NULL, 0);

	if (!holding->words[0])
		sandbox_enter(&sandbox);
}

static enum exit_status hold(struct holding *holding)
{
	struct command_context *context = holding->context;
	struct loop *loop = session_loop(context->session);
	struct steady steady;

	if (!steady_begin(&steady, context->out, loop)) {
		cmd_error(context, "out of memory");
		return EXIT_FAILED;
	}
	give_up_rights(holding);
	/* What is said is what changes; -d prints every packet, too. */
	if (context->script && context->script->report->level < REPORT_EVENTS)
		context->script->report->muted = true;
	keeper_begin(holding->keeper);
	if (!steady.gone)
		loop_run(loop, USEC_NEVER);
	return steady_end(&steady);
}

static enum exit_status begin(struct holding *holding)
{
	struct command_context *context = holding->context;
	struct keeper_config config = { .port = holding->port,
					.nport = holding->nport,
					.command = holding->words[0] ? holding->words : NULL,
					.state = args_value(holding->args, "-state"),
					.metrics = args_value(holding->args, "-metrics"),
					.json = context->out->json,
					.leave = args_value(holding->args, "-leave") != NULL,
					.compose = compose,
					.arg = holding };
	struct loop *loop = session_loop(context->session);
	enum exit_status status;
	struct pcp_why why;
	bool usage;

	if (!parse_servers(holding, &config, &why))
		return cmd_usage(context, holding->args, &why);
	log_bound(session_log(context->session), LOG_SHORT, PCP_MAX_LEN);
	holding->keeper = keeper_new(context->session, context->out, &config, &usage, &why);
	if (!holding->keeper) {
		cmd_error(context, "keep: %s", why.text);
		return usage ? EXIT_USAGE : EXIT_FAILED;
	}
	status = EXIT_FAILED;
	if (cmd_catch(context, loop, stop, holding->keeper)) {
		status = hold(holding);
		cmd_uncatch(context, loop, holding->keeper);
	}
	keeper_free(holding->keeper);
	return status;
}

static enum exit_status run(struct command_context *context, const struct args *args)
{
	struct holding *holding = calloc(1, sizeof *holding);
	enum exit_status status;
	struct pcp_why why;

	if (!holding) {
		cmd_error(context, "out of memory");
		return EXIT_FAILED;
	}
	holding->context = context;
	holding->args = args;
	if (parse_ports(holding, &why) && parse_command(holding, &why) &&
	    can_compose(holding, &why))
		status = begin(holding);
	else
		status = cmd_usage(context, args, &why);
	free(holding->port);
	free(holding);
	return status;
}

const struct command cmd_keep = {
	.name = "keep",
	.summary = "Hold mappings until told to end: renewed, made anew, followed.",
	.help = "Renews in time, makes anew what a restart lost, goes from one version to the "
		"other as "
		"the server does, and follows the default gateway and this host's own addresses. A "
		"line says each change. SIGINT or SIGTERM ends it, and deletes what it made. What "
		"fails later is told once and tried again.",
	.where = COMMAND_LINE,
	.needs_session = true,
	.no_server = true,
	.arg = keep_args,
	.options = keep_options,
	.run = run,
};
