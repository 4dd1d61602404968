/* probe: what an unknown gateway really does, case by case. */
#include "answer.h"
#include "cmd.h"
#include "probe-file.h"
#include "probe-text.h"
#include "prober.h"
#include "report.h"
#include "sandbox.h"
#include "words.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const struct command_arg probe_args[] = {
	{ .name = "CASE",
	  .optional = true,
	  .many = true,
	  .help = "A case (C12) or a group of them (C); default: all that need no option. -list "
		  "shows them." },
	{ .name = NULL },
};

/* A beacon's line, right or wrong; no case has such a name. */
static bool looks_like_line(const char *word)
{
	return strpbrk(word, ":#.") != NULL;
}

static const struct command_option probe_options[] = {
	{ .name = "-list", .help = "Show the cases and ask nothing." },
	{ .name = "-demands",
	  .help = "Show every sentence of the documents with MUST or SHOULD, and the cases that "
		  "try it or why none does; ask nothing." },
	{ .name = "-intrusive",
	  .help = "Try wildcards, the limit of mappings, and the like, too: for a second this host "
		  "may be open to everybody, and its quota used up. Needs -yes." },
	{ .name = "-yes", .help = "What -intrusive does is wanted." },
	{ .name = "-long", .help = "Try what takes minutes, too: up to a quarter of an hour." },
	{ .name = "-v6", .help = "Try the IPv6 router, too." },
	{ .name = "-neighbour",
	  .value = "ADDRESS",
	  .help = "A host of one's own for which THIRD_PARTY is tried." },
	{ .name = "-reach",
	  .value = "ADDRESS:PORT#KEY",
	  .maybe = true,
	  .fits = looks_like_line,
	  .help = "Try a mapped port, too: from outside by the beacon whose line this is, and by "
		  "hairpin, which proves nothing about outside. Meanwhile it is listened there; "
		  "whoever has not the key gets no answer. See pcpscope beacon." },
	{ .name = "-reboot",
	  .help = "Try, behind all else, what the gateway says when it restarts and when its "
		  "outside address changes. It asks you to do either, and waits five minutes for "
		  "it." },
	{ .name = "-fuzz",
	  .value = "N",
	  .help = "Send N requests changed by chance, too, ten a second; for a gateway of one's "
		  "own, which may fall over it. --seed repeats them." },
	{ .name = "-outside",
	  .value = "ADDRESS",
	  .help = "Run on a host outside: only see that the gateway's outside address answers "
		  "nobody there. From inside it would show nothing." },
	{ .name = "-n", .value = "N", .help = "With -intrusive: mappings at most; default 64." },
	{ .name = "-baseline",
	  .value = "FILE",
	  .help = "Compare with what probe --json wrote earlier." },
	{ .name = "-html", .value = "FILE", .help = "Write the report as one HTML file, too." },
	{ .name = "-junit", .value = "FILE", .help = "Write it as JUnit's XML, too." },
	{ .name = "-quick", .help = "Only say what the gateway is; try no case beyond that." },
	{ .name = NULL },
};

/* One probe of one command. */
struct probing {
	struct command_context *context;
	struct probe_config config;
	struct prober *prober;
	bool profiled, over;
	size_t held; /* lines before the profile, which comes first */
	FILE *html, *junit;
	bool compares;
	struct probe_baseline baseline;
};

/* ---- what happens ---- */

static void told_profile(void *arg, const struct probe_profile *profile)
{
	struct probing *probing = arg;
	const struct probe *probe = prober_probe(probing->prober);

	(void)profile;
	probing->profiled = true;
	probe_write_profile(probing->context->out, probe);
	for (size_t i = 0; i < probing->held; i++)
		probe_write_line(probing->context->out, probe_line_at(probe, i));
}

static void told_line(void *arg, const struct probe_line *line)
{
	struct probing *probing = arg;

	if (probing->profiled)
		probe_write_line(probing->context->out, line);
	else
		probing->held++;
}

static void told_plea(void *arg, const char *plea)
{
	struct probing *probing = arg;

	write_note(probing->context->out,
		   "Please %s now; it is waited for up to five minutes, and Ctrl-C ends it.", plea);
}

static void ended(void *arg)
{
	struct probing *probing = arg;

	probing->over = true;
	loop_stop(session_loop(probing->context->session));
}

static void interrupted(void *arg, int signo)
{
	(void)signo;
	prober_stop(((struct probing *)arg)->prober, "by a signal");
}

/* ---- the end of it ---- */

/* 0 no fail, 1 a fail, 3 nobody there, 4 it was stopped. */
static enum exit_status status_of(const struct probe *probe)
{
	struct probe_counts counts = probe_counts(probe);

	if (counts.verdict[PROBE_FAIL] || counts.faults)
		return EXIT_REFUSED;
	if (probe_met_nobody(probe))
		return EXIT_NO_ANSWER;
	return probe_stopped(probe) ? EXIT_FAILED : EXIT_ANSWERED;
}

static void say_nobody(struct command_context *context)
{
	const struct pcp_client_server *server = pcp_client_server(
		session_client(context->session), session_server(context->session));
	char text[ANSWER_TEXT];

	answer_silence(&server->config.endpoint[server->current], false, 0, text, sizeof text);
	cmd_error(context, "%s", text);
}

static void say_changes(const struct probing *probing)
{
	const struct probe *probe = prober_probe(probing->prober);
	size_t changes = 0;
	char text[64];

	for (size_t i = 0; probing->compares && i < probe_ncases(); i++)
		if (probe_change(probe, &probing->baseline, i, text, sizeof text)) {
			write_note(probing->context->out, "%s", text);
			changes++;
		}
	if (probing->compares && !changes)
		write_note(probing->context->out, "no verdict differs from the earlier report's");
}

static bool write_file(FILE *file, const struct probe_report *report,
		       bool (*write)(FILE *file, const struct probe_report *report))
{
	bool written = !file || write(file, report);

	if (file && fclose(file) != 0)
		written = false;
	return written;
}

static bool write_files(struct probing *probing)
{
	struct session *session = probing->context->session;
	struct probe_report report = { .probe = prober_probe(probing->prober),
				       .log = session_log(session),
				       .now = session_now(session) };
	char server[ENDPOINT_TEXT], when[32];
	time_t seconds = (time_t)(session_wall(session, report.now) / USEC_PER_SEC);
	struct tm tm;
	bool html, junit;

	pcp_endpoint_text(
		&pcp_client_server(session_client(session), probing->config.server[PROBE_MAIN])
			 ->config.endpoint[0],
		server, sizeof server);
	localtime_r(&seconds, &tm);
	strftime(when, sizeof when, "%Y-%m-%d %H:%M", &tm);
	report.server = server;
	report.when = when;
	html = write_file(probing->html, &report, probe_write_html);
	junit = write_file(probing->junit, &report, probe_write_junit);
	if (html && junit)
		return true;
	cmd_error(probing->context, "probe: the %s report could not be written",
		  html ? "JUnit" : "HTML");
	return false;
}

static enum exit_status wait_for(struct probing *probing)
{
	struct command_context *context = probing->context;
	struct loop *loop = session_loop(context->session);
	const struct probe *probe = prober_probe(probing->prober);
	enum exit_status status;

	loop_signal(loop, SIGINT, interrupted, probing);
	loop_signal(loop, SIGTERM, interrupted, probing);
	while (!probing->over)
		loop_run(loop, USEC_NEVER);
	status = status_of(probe);
	if (status == EXIT_NO_ANSWER)
		say_nobody(context);
	say_changes(probing);
	probe_write_summary(context->out, probe, loop_now(loop));
	if (!write_files(probing) && status != EXIT_REFUSED)
		status = EXIT_FAILED;
	prober_free(probing->prober);
	return status;
}

static enum exit_status probe(struct probing *probing)
{
	struct command_context *context = probing->context;
	struct report *report = context->script ? context->script->report : NULL;
	struct prober_listener listener = { probing, told_line, told_profile, told_plea, ended };
	enum exit_status status = EXIT_FAILED;
	struct pcp_why why;
	bool mutes = report && report->level < REPORT_EVENTS;

	if (mutes)
		report_stop(report);
	probing->prober = prober_start(context->session, &probing->config, &listener, &why);
	if (probing->prober)
		status = wait_for(probing);
	else
		cmd_error(context, "probe: %s", why.text);
	if (mutes)
		report_start(report, context->session, context->out, report->level);
	return status;
}

/* ---- what is wanted ---- */

/* It is asked from the address that asks the gateway. */
static bool take_beacon(struct probing *probing, const char *typed, struct pcp_why *why)
{
	struct session *session = probing->context->session;
	struct probe_config *config = &probing->config;
	struct pcp_why first;
	bool v4;

	config->granted |= PROBE_REACH;
	if (!*typed)
		return true;
	config->granted |= PROBE_BEACON;
	if (!beacon_line_parse(typed, &config->beacon, &first))
		return pcp_refuse(why, first.at, "-reach: %s", first.text);
	if (!session_server(session))
		return true;
	v4 = pcp_addr_is_v4(pcp_client_server(session_client(session), session_server(session))
				    ->config.source.addr);
	return pcp_addr_is_v4(config->beacon.at.addr) == v4 ||
	       pcp_refuse(why, 0,
			  "-reach: the gateway is asked over IPv%d, so the beacon has to be at an "
			  "IPv%d address, too",
			  v4 ? 4 : 6, v4 ? 4 : 6);
}

/* Outside is where the gateway's inside is not. */
static bool take_outside(struct probing *probing, const char *typed, struct pcp_why *why)
{
	struct session *session = probing->context->session;
	struct probe_config *config = &probing->config;
	struct pcp_why first;
	uint16_t id = session_server(session);

	config->granted |= PROBE_OUTSIDE;
	if (!pcp_endpoint_parse(typed, PCP_SERVER_PORT, &config->outside, &first))
		return pcp_refuse(why, first.at, "-outside: %s", first.text);
	return !id ||
	       !pcp_endpoint_same_addr(
		       &pcp_client_server(session_client(session), id)->config.endpoint[0],
		       &config->outside) ||
	       pcp_refuse(why, 0,
			  "-outside: %s is the gateway that this host is inside of; its outside "
			  "address is asked from a host that is outside",
			  typed);
}

static bool take_flags(struct probe_config *config, const struct args *args, struct pcp_why *why)
{
	static const struct {
		const char *option;
		unsigned flag;
	} flags[] = { { "-intrusive", PROBE_INTRUSIVE },
		      { "-long", PROBE_LONG },
		      { "-v6", PROBE_IPV6 },
		      { "-neighbour", PROBE_NEIGHBOUR },
		      { "-reboot", PROBE_REBOOT },
		      { "-fuzz", PROBE_FUZZ } };
	const char *neighbour = args_value(args, "-neighbour"), *most = args_value(args, "-n");
	const char *fuzz = args_value(args, "-fuzz");
	unsigned long n = 0;

	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
		if (args_value(args, flags[i].option))
			config->granted |= flags[i].flag;
	if ((config->granted & PROBE_INTRUSIVE) && !args_value(args, "-yes"))
		return pcp_refuse(
			why, 0,
			"-intrusive may open this host to everybody for a second, and use "
			"its quota up; -yes says that this is wanted");
	if (neighbour && !pcp_addr_parse(neighbour, config->neighbour, why))
		return false;
	if (most && !args_number(most, 1, 1024, &n, why))
		return false;
	config->most = (unsigned)n;
	n = 0;
	if (fuzz && !args_number(fuzz, 1, PROBE_MUTATIONS_MAX, &n, why))
		return false;
	config->mutations = (unsigned)n;
	return true;
}

/* From outside nothing else can be asked. */
static bool choose_outside(struct probe_config *config, struct pcp_why *why)
{
	memset(config->wanted, 0, sizeof config->wanted);
	config->granted = PROBE_OUTSIDE;
	return probe_choose(config, "K11", why);
}

static bool choose(struct probe_config *config, const struct args *args, struct pcp_why *why)
{
	for (size_t i = 0; i < args->nword; i++)
		if (!probe_choose(config, args->word[i], why))
			return false;
	if (args_value(args, "-reach") && !probe_choose(config, "L", why))
		return false;
	if (args->nword == 0 && args_value(args, "-quick"))
		probe_choose_quick(config);
	else if (args->nword == 0)
		probe_choose_default(config);
	return !(config->granted & PROBE_OUTSIDE) || choose_outside(config, why);
}

/* All that can be wrong is found before the first request. */
static bool prepare(struct probing *probing, const struct args *args, struct pcp_why *why)
{
	struct session *session = probing->context->session;
	const char *baseline = args_value(args, "-baseline"), *reach = args_value(args, "-reach");
	const char *outside = args_value(args, "-outside");

	probing->config.natpmp_only =
		session_server(session) &&
		pcp_client_server(session_client(session), session_server(session))
				->config.version == PCP_VERSION_NATPMP;
	probing->compares = baseline != NULL;
	return take_flags(&probing->config, args, why) &&
	       (!reach || take_beacon(probing, reach, why)) &&
	       (!outside || take_outside(probing, outside, why)) &&
	       choose(&probing->config, args, why) &&
	       (!baseline || probe_read_baseline(baseline, &probing->baseline, why)) &&
	       args_file(args, "-html", &probing->html, why) &&
	       args_file(args, "-junit", &probing->junit, why);
}

/* A folder of saved sessions that is not there yet cannot be named: then all may be written to. */
static void give_up_rights(const struct command_context *context)
{
	const char *own[] = { session_write_path(context->session),
			      session_save_dir(context->session) };
	struct sandbox sandbox = sandbox_of(SANDBOX_PROBE, own, sizeof own / sizeof *own);

	if (own[1] && access(own[1], F_OK) != 0)
		sandbox = sandbox_of(SANDBOX_DASHBOARD, NULL, 0);
	if (context->where == COMMAND_LINE)
		sandbox_enter(&sandbox);
}

static enum exit_status run(struct command_context *context, const struct args *args)
{
	struct probing *probing = calloc(1, sizeof *probing);
	enum exit_status status = EXIT_NO_ANSWER;
	struct pcp_why why;

	if (!probing) {
		cmd_error(context, "out of memory");
		return EXIT_FAILED;
	}
	probing->context = context;
	if (args_value(args, "-list")) {
		probe_write_list(context->out);
		status = EXIT_ANSWERED;
	} else if (args_value(args, "-demands")) {
		probe_write_demands(context->out);
		status = EXIT_ANSWERED;
	} else if (!prepare(probing, args, &why)) {
		status = cmd_usage(context, args, &why);
	} else if (!session_server(context->session) &&
		   !(probing->config.granted & PROBE_OUTSIDE)) {
		cmd_error(context, "probe: no default gateway was found; name one with -s, or use "
				   "--lab");
	} else {
		give_up_rights(context);
		status = probe(probing);
	}
	free(probing);
	return status;
}

const struct command cmd_probe = {
	.name = "probe",
	.summary = "Find out what a gateway really does, and where it breaks a rule.",
	.help = "Maps only ports that nobody listens on, for two minutes, and deletes them again. "
		"Exit status 1: something fails.",
	.where = COMMAND_LINE | COMMAND_SHELL,
	.needs_session = true,
	.no_server = true,
	.arg = probe_args,
	.options = probe_options,
	.run = run,
};
