/* probe: what an unknown gateway really does, case by case. */
#include "answer.h"
#include "cmd.h"
#include "probe-text.h"
#include "probe-wish.h"
#include "prober.h"
#include "report.h"
#include "sandbox.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>
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

/* Whole is what else would take a letter that every command has: -q, -d, -i, -r and -v. */
static const struct command_option probe_options[] = {
	{ .name = "-list", .help = "Show the cases, or those that are named, and ask nothing." },
	{ .name = "-demands",
	  .whole = true,
	  .help = "Show every sentence of the documents with MUST or SHOULD, and the cases that "
		  "try it or why none does, or those of the cases that are named; ask nothing." },
	{ .name = "-intrusive",
	  .whole = true,
	  .help = "Try wildcards, the limit of mappings, and the like, too: for a second this host "
		  "may be open to everybody, and its quota used up. Needs -yes." },
	{ .name = "-yes", .help = "What -intrusive does is wanted." },
	{ .name = "-long", .help = "Try what takes minutes, too: up to a quarter of an hour." },
	{ .name = "-v6", .whole = true, .help = "Try the IPv6 router, too." },
	{ .name = "-neighbour",
	  .value = "ADDRESS",
	  .help = "A host of one's own for which THIRD_PARTY is tried." },
	{ .name = "-reach",
	  .whole = true,
	  .value = "ADDRESS:PORT#KEY",
	  .maybe = true,
	  .fits = looks_like_line,
	  .help = "Try a mapped port, too: from outside by the beacon whose line this is, and by "
		  "hairpin, which proves nothing about outside. Meanwhile it is listened there; "
		  "whoever has not the key gets no answer. See pcpscope beacon." },
	{ .name = "-reboot",
	  .whole = true,
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
	{ .name = "-n",
	  .value = "N",
	  .help = "With -intrusive: mappings at most, up to 256; default 64." },
	{ .name = "-no-igd", .help = "Do not search for a UPnP router at the same address." },
	{ .name = "-baseline",
	  .value = "FILE",
	  .help = "Compare with what probe --json wrote earlier." },
	{ .name = "-html", .value = "FILE", .help = "Write the report as one HTML file, too." },
	{ .name = "-junit", .value = "FILE", .help = "Write it as JUnit's XML, too." },
	{ .name = "-quick",
	  .whole = true,
	  .help = "Only say what the gateway is; try no case beyond that." },
	{ .name = NULL },
};

/* One probe of one command. */
struct probing {
	struct command_context *context;
	struct probe_wish wish;
	struct prober *prober;
	bool profiled, over;
};

/* ---- what happens ---- */

static void told_profile(void *arg, const struct probe_profile *profile)
{
	struct probing *probing = arg;
	const struct probe *probe = prober_probe(probing->prober);

	(void)profile;
	probing->profiled = true;
	probe_write_profile(probing->context->out, probe);
	for (size_t i = 0; i < probe_nlines(probe); i++)
		probe_write_line(probing->context->out, probe_line_at(probe, i));
}

/* The profile comes first, and with it what was told before: each as it is then. */
static void told_line(void *arg, const struct probe_line *line)
{
	struct probing *probing = arg;

	if (probing->profiled)
		probe_write_line(probing->context->out, line);
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

static void say_nobody(const struct probing *probing)
{
	const struct session *session = probing->context->session;
	const struct pcp_client_server *server =
		pcp_client_server(session_client(session), session_server(session));
	char text[ANSWER_TEXT];

	answer_silence(&server->config.endpoint[server->current], probing->wish.config.natpmp_only,
		       0, text, sizeof text);
	cmd_error(probing->context, "%s", text);
}

static bool write_files(struct probing *probing)
{
	struct session *session = probing->context->session;
	uint16_t server = probing->wish.config.server[PROBE_MAIN];
	struct probe_report_text text;
	struct pcp_why why;

	probe_report_of(&text, prober_probe(probing->prober), session,
			&pcp_client_server(session_client(session), server)->config.endpoint[0]);
	if (probe_wish_write(&probing->wish, &text.report, &why))
		return true;
	cmd_error(probing->context, "probe: %s", why.text);
	return false;
}

static enum exit_status wait_for(struct probing *probing)
{
	struct command_context *context = probing->context;
	struct loop *loop = session_loop(context->session);
	const struct probe *probe = prober_probe(probing->prober);
	enum exit_status status;

	while (!probing->over)
		loop_run(loop, USEC_NEVER);
	status = status_of(probe);
	if (status == EXIT_NO_ANSWER)
		say_nobody(probing);
	probe_wish_compare(&probing->wish, probe, context->out);
	probe_write_summary(context->out, probe, loop_now(loop));
	if (!write_files(probing) && status != EXIT_REFUSED)
		status = EXIT_FAILED;
	return status;
}

static enum exit_status probe(struct probing *probing)
{
	struct command_context *context = probing->context;
	struct report *report = context->script ? context->script->report : NULL;
	struct loop *loop = session_loop(context->session);
	struct prober_listener listener = { probing, told_line, told_profile, told_plea, ended };
	enum exit_status status = EXIT_FAILED;
	struct pcp_why why;
	bool mutes = report && report->level < REPORT_EVENTS;

	if (mutes)
		report_stop(report);
	probing->prober = prober_start(context->session, &probing->wish.config, &listener, &why);
	if (!probing->prober)
		cmd_error(context, "probe: %s", why.text);
	else if (cmd_catch(context, loop, interrupted, probing)) {
		status = wait_for(probing);
		cmd_uncatch(context, loop, probing);
	}
	prober_free(probing->prober);
	if (mutes)
		report_start(report, context->session, context->out, report->level);
	return status;
}

static bool can_begin(struct command_context *context, const struct probing *probing)
{
	bool outside = probing->wish.config.granted & PROBE_OUTSIDE;

	if (session_replay(context->session))
		cmd_error(context, "probe: a capture is open, and nothing is sent from there; "
				   "close it first");
	else if (!session_server(context->session) && !outside)
		cmd_error(context, "probe: no default gateway was found; name one with -s, or use "
				   "--lab");
	else
		return true;
	return false;
}

/* The dashboard shows it, and goes on meanwhile. */
static enum exit_status hand_over(struct probing *probing)
{
	const struct command_face *face = probing->context->face;
	struct pcp_why why;

	if (face->probe(face->arg, &probing->wish, &why)) {
		probing->wish.html = probing->wish.junit = NULL;
		return EXIT_SENT;
	}
	cmd_error(probing->context, "probe: %s", why.text);
	return EXIT_FAILED;
}

static const char *folder_of(const struct whole *report)
{
	return report ? whole_folder(report) : NULL;
}

/* A folder of saved sessions that is not there yet cannot be named: then all may be written to. */
static void give_up_rights(const struct command_context *context, const struct probe_wish *wish)
{
	const char *own[] = { session_write_path(context->session),
			      session_save_dir(context->session), folder_of(wish->html),
			      folder_of(wish->junit) };
	struct sandbox sandbox = sandbox_of(SANDBOX_PROBE, own, sizeof own / sizeof *own);

	if (own[1] && access(own[1], F_OK) != 0)
		sandbox = sandbox_of(SANDBOX_DASHBOARD, NULL, 0);
	if (context->where == COMMAND_LINE)
		sandbox_enter(&sandbox);
}

/* What asks nothing: a table, of the cases that the words name, whatever those wait for. */
static enum exit_status show(struct command_context *context, const struct args *args,
			     void (*write)(struct writer *out, const struct probe_config *config))
{
	struct probe_config config = { .granted = PROBE_ASKED };
	struct pcp_why why;

	for (size_t i = 0; i < args->nword; i++)
		if (!probe_choose(&config, args->word[i], &why))
			return cmd_usage(context, args, &why);
	write(context->out, args->nword ? &config : NULL);
	return EXIT_ANSWERED;
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
	if (args_value(args, "-list"))
		status = show(context, args, probe_write_list);
	else if (args_value(args, "-demands"))
		status = show(context, args, probe_write_demands);
	else if (!probe_wish_take(&probing->wish, context->session, args, &why)) {
		status = cmd_usage(context, args, &why);
	} else if (can_begin(context, probing)) {
		if (!context->face)
			give_up_rights(context, &probing->wish);
		status = context->face ? hand_over(probing) : probe(probing);
	}
	probe_wish_drop(&probing->wish);
	free(probing);
	return status;
}

const struct command cmd_probe = {
	.name = "probe",
	.summary = "Find out what a gateway really does, and where it breaks a rule.",
	.help = "Maps only ports that nobody listens on, for two minutes, and deletes them again; "
		"a PEER "
		"mapping alone cannot be deleted. Exit status 1: something fails.",
	.where = COMMAND_ANYWHERE,
	.needs_session = true,
	.no_server = true,
	.arg = probe_args,
	.options = probe_options,
	.run = run,
};
