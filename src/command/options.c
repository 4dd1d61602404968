/* The options before the command, taken from argv. */
#include "options.h"

#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "out.h"
#include "words.h"

enum { DEFAULT_TIMEOUT = 10 }; /* seconds */

const struct command_option command_global_options[] = {
	{ .name = "-s",
	  .alias = "--server",
	  .value = "ADDRESS[:PORT]",
	  .repeat = true,
	  .help = "PCP server, [ADDRESS]:PORT or ADDRESS%INTERFACE for IPv6, a name, or several "
		  "addresses of one server with commas between; may be repeated. Default: the "
		  "default gateway, port 5351." },
	{ .name = "-i",
	  .alias = "--source",
	  .value = "ADDRESS",
	  .help = "Source of requests, an address or an interface's name, whose address it then is "
		  "as it changes; default: what the route picks." },
	{ .name = "--lab",
	  .value = "ADDRESS[:PORT],WORD...",
	  .maybe = true,
	  .whole = true,
	  .help = "Start the embedded gateway and use it. --lab=ADDRESS[:PORT],WORD,... says where "
		  "(default 127.0.0.1:5351, the next free port if taken) and how: help "
		  "scenarios." },
	{ .name = "-r",
	  .alias = "--read",
	  .value = "FILE",
	  .help = "Open a capture (pcap, pcapng) and look at it as if it were live." },
	{ .name = "--follow",
	  .help = "Go on reading what -r names as it grows: a file that is written to, another "
		  "session's too, or a pipe, - for standard input." },
	{ .name = "--listen",
	  .value = "INTERFACE,...",
	  .help = "Look at what hosts and servers say on an interface, or several, or any, live. A "
		  "child of its own listens; what looks into the packets has no rights." },
	{ .name = "--port",
	  .value = "PORT",
	  .repeat = true,
	  .help = "In captures, a port that servers use; may be repeated. Default: 5351 and "
		  "5350." },
	{ .name = "-w",
	  .alias = "--write",
	  .value = "FILE",
	  .help = "Write the session's capture there, or what --listen hears: pcap, which "
		  "Wireshark opens. A capture of pcpscope's that is there is continued; a pipe is "
		  "never waited for: what its reader misses is counted." },
	{ .name = "--no-save",
	  .help = "Do not save the session; its mappings are lost to the next one." },
	{ .name = "--segment",
	  .value = "MIB",
	  .help = "Size of a saved session's file in MiB, 1 to 1024; default 32. Then the session "
		  "goes "
		  "on in a new one, which begins with what living mappings need; all that is saved "
		  "is "
		  "bounded to eight times as much, but for that." },
	{ .name = "--resume",
	  .help = "Take over the mappings that earlier sessions left and that still live." },
	{ .name = "--json", .help = "One JSON object a line instead of text." },
	{ .name = "--timeout",
	  .value = "SECONDS",
	  .help = "Give up on an answer after this long (commands; default 10)." },
	{ .name = "-q", .alias = "--quiet", .help = "Print answers only, a line each." },
	{ .name = "--nat-pmp", .help = "Speak NAT-PMP (RFC 6886) and not PCP." },
	{ .name = "--tunnel",
	  .help = "Where the default route, or what -i names, goes into a tunnel without a "
		  "gateway, "
		  "ask the first address of the tunnel's net: that of a VPN." },
	{ .name = "--anycast",
	  .help = "Ask the anycast address of RFC 7723 when the default router of its family is "
		  "silent, or where there is none." },
	{ .name = "--renew", .help = "Keep mappings alive by renewing them." },
	{ .name = "--dialect",
	  .value = "NAME",
	  .repeat = true,
	  .help = "Whose meaning a code has where several have one: libpcp, miniupnpd, pypcpc." },
	{ .name = "--seed", .value = "N", .help = "Make everything random repeatable." },
	{ .name = "--theme", .value = "NAME", .help = "Colours of the dashboard." },
	{ .name = "--ascii", .help = "The dashboard draws with nothing beyond US-ASCII." },
	{ .name = "--plain", .help = "No borders and fewer changes, for screen readers." },
	{ .name = "--no-mouse", .help = "The mouse stays the terminal's own." },
	{ .name = "--config",
	  .value = "FILE",
	  .help = "The dashboard's configuration; default: $XDG_CONFIG_HOME/pcpscope/config." },
	{ .name = "-d",
	  .alias = "--debug",
	  .help = "Print mappings and servers as they change, too." },
	{ .name = "--DEBUG", .help = "The same." },
	{ .name = "-h", .alias = "--help", .help = "Say what there is and end." },
	{ .name = "-v", .help = "The same as -V." },
	{ .name = "-V", .alias = "--version", .help = "Tell the version and end." },
	{ .name = NULL },
};

bool options_lab(struct options *options, const char *word, struct pcp_why *why)
{
	size_t len = strlen(options->lab_spec), room = sizeof options->lab_spec - len;
	int n = snprintf(options->lab_spec + len, room, "%s%s", len && *word ? "," : "", word);

	options->config.lab = true;
	options->config.lab_spec = options->lab_spec;
	return (n >= 0 && (size_t)n < room) ||
	       pcp_refuse(why, 0, "the words for the lab are too long");
}

static bool take_server(struct options *options, const char *typed, struct pcp_why *why)
{
	struct session_config *config = &options->config;

	if (config->nserver == SESSION_SERVERS_MAX)
		return pcp_refuse(why, 0, "more than %d servers", SESSION_SERVERS_MAX);
	config->server[config->nserver++] = typed;
	return true;
}

static bool take_port(struct options *options, const char *typed, struct pcp_why *why)
{
	struct session_config *config = &options->config;

	return args_port(typed, config->port, &config->nport, why);
}

static bool take_dialect(struct options *options, const char *typed, struct pcp_why *why)
{
	long bit = pcp_code(pcp_dialect_names, typed);

	char names[200] = "";
	struct pcp_out out;

	pcp_out_begin(&out, names, sizeof names);
	for (const struct pcp_name *row = pcp_dialect_names; row->name; row++)
		pcp_out_format(&out, "%s%s", out.len ? ", " : "", row->name);
	if (bit < 0)
		return pcp_refuse(why, 0, "--dialect: '%s' is none of %s", pcp_quoted(typed).text,
				  names);
	options->dialects |= (unsigned)bit;
	return true;
}

static bool take_seed(struct options *options, const char *typed, struct pcp_why *why)
{
	char *end;

	options->config.seed = strtoull(typed, &end, 0);
	return (*typed && !*end && options->config.seed) ||
	       pcp_refuse(why, 0, "--seed: '%s' is not a number above 0", pcp_quoted(typed).text);
}

static bool take_segment(struct options *options, const char *typed, struct pcp_why *why)
{
	unsigned long mib;
	struct pcp_why first;

	if (!args_number(typed, 1, 1024, &mib, &first))
		return pcp_refuse(why, 0, "--segment: %s", first.text);
	options->config.segment = (uint64_t)mib << 20;
	return true;
}

static bool take_repeated(struct options *options, const struct args *args, struct pcp_why *why)
{
	for (size_t i = 0; i < args->noption; i++) {
		const char *name = args->option[i].row->name, *value = args->option[i].value;

		if (!strcmp(name, "-s") && !take_server(options, value, why))
			return false;
		if (!strcmp(name, "--lab") && !options_lab(options, value, why))
			return false;
		if (!strcmp(name, "--port") && !take_port(options, value, why))
			return false;
		if (!strcmp(name, "--dialect") && !take_dialect(options, value, why))
			return false;
	}
	return true;
}

static bool take(struct options *options, const struct args *args, struct pcp_why *why)
{
	const char *timeout = args_value(args, "--timeout"), *seed = args_value(args, "--seed");
	const char *segment = args_value(args, "--segment");
	struct session_config *config = &options->config;

	options->json = args_value(args, "--json");
	options->quiet = args_value(args, "-q");
	options->debug = args_value(args, "-d") || args_value(args, "--DEBUG");
	options->help = args_value(args, "-h");
	options->version = args_value(args, "-V") || args_value(args, "-v");
	options->ascii = args_value(args, "--ascii");
	options->plain = args_value(args, "--plain");
	options->no_mouse = args_value(args, "--no-mouse");
	options->theme = args_value(args, "--theme");
	options->config_file = args_value(args, "--config");
	config->source = args_value(args, "-i");
	config->write_file = args_value(args, "-w");
	config->read_file = args_value(args, "-r");
	config->listen = args_value(args, "--listen");
	config->follow = args_value(args, "--follow");
	config->resume = args_value(args, "--resume");
	config->no_save = args_value(args, "--no-save");
	config->natpmp = args_value(args, "--nat-pmp");
	config->tunnel = args_value(args, "--tunnel");
	config->anycast = args_value(args, "--anycast");
	config->client.renew = args_value(args, "--renew");
	config->debug = options->debug;
	options->timeout = DEFAULT_TIMEOUT * USEC_PER_SEC;
	if (config->listen && config->read_file)
		return pcp_refuse(why, 0, "--listen and -r: one or the other is looked at");
	if (config->follow && !config->read_file)
		return pcp_refuse(why, 0, "--follow: -r FILE says what grows");
	return take_repeated(options, args, why) &&
	       (!segment || take_segment(options, segment, why)) &&
	       (!timeout || args_timeout(timeout, &options->timeout, why)) &&
	       (!seed || take_seed(options, seed, why));
}

static bool apply(struct options *options, struct pcp_why *why)
{
	struct args given = options->given;

	memset(options, 0, sizeof *options);
	options->given = given;
	if (!take(options, &given, why))
		return false;
	options->config.dialects = options->dialects;
	return true;
}

int options_parse(struct options *options, int argc, char **argv, struct pcp_why *why)
{
	int first = args_parse_global(command_global_options, argc, argv, &options->given, why);

	if (first < 0) {
		memset(options, 0, sizeof *options);
		return -1;
	}
	return apply(options, why) ? first : -1;
}

int options_behind(struct options *options, const struct command *command, int argc, char **argv,
		   struct pcp_why *why)
{
	size_t before = options->given.noption;
	int left =
		args_take_global(command_global_options, command, argc, argv, &options->given, why);

	if (left >= 0 && options->given.noption > before && !apply(options, why))
		return -1;
	return left;
}
