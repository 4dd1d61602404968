/* probe: what an unknown gateway really does, case by case. */
#include "cmd.h"
#include "explain.h"
#include "probe-text.h"
#include "prober.h"
#include "report.h"

#include <signal.h>
#include <stdlib.h>

static const struct command_arg probe_args[] = {
	{ .name = "CASE",
	  .optional = true,
	  .many = true,
	  .help = "A case (C12) or a group of them (C); default: all that need no option. -list "
		  "shows them." },
	{ .name = NULL },
};

static const struct command_option probe_options[] = {
	{ .name = "-list", .help = "Show the cases and ask nothing." },
	{ .name = "-quick", .help = "Only say what the gateway is; try no case beyond that." },
	{ .name = NULL },
};

/* One probe of one command. */
struct probing {
	struct command_context *context;
	struct prober *prober;
	bool profiled, over;
	size_t held; /* lines before the profile, which comes first */
};

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

/* 0 no fail, 1 a fail, 3 nobody there, 4 it was stopped. */
static enum exit_status status_of(const struct probe *probe)
{
	struct probe_counts counts = probe_counts(probe);

	if (counts.verdict[PROBE_FAIL] || counts.faults)
		return EXIT_REFUSED;
	if (probe_stopped(probe))
		return EXIT_FAILED;
	return probe_met_nobody(probe) ? EXIT_NO_ANSWER : EXIT_ANSWERED;
}

static void say_nobody(struct command_context *context)
{
	const struct pcp_client_server *server = pcp_client_server(
		session_client(context->session), session_server(context->session));
	char text[EXPLAIN_TEXT];

	explain_no_answer(&server->config.endpoint[server->current], NULL, text, sizeof text);
	cmd_error(context, "%s", text);
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
	probe_write_summary(context->out, probe, loop_now(loop));
	prober_free(probing->prober);
	return status;
}

static bool choose(struct probe_config *config, const struct args *args, struct pcp_why *why)
{
	for (size_t i = 0; i < args->nword; i++)
		if (!probe_choose(config, args->word[i], why))
			return false;
	if (args->nword == 0 && args_value(args, "-quick"))
		probe_choose_quick(config);
	else if (args->nword == 0)
		probe_choose_default(config);
	return true;
}

static enum exit_status probe(struct command_context *context, struct probe_config *config)
{
	struct report *report = context->script ? context->script->report : NULL;
	struct probing probing = { .context = context };
	struct prober_listener listener = { &probing, told_line, told_profile, ended };
	enum exit_status status = EXIT_FAILED;
	struct pcp_why why;
	bool mutes = report && report->level < REPORT_EVENTS;

	if (mutes)
		report_stop(report);
	probing.prober = prober_start(context->session, config, &listener, &why);
	if (probing.prober)
		status = wait_for(&probing);
	else
		cmd_error(context, "probe: %s", why.text);
	if (mutes)
		report_start(report, context->session, context->out, report->level);
	return status;
}

static enum exit_status run(struct command_context *context, const struct args *args)
{
	struct probe_config config = { .granted = 0 };
	struct pcp_why why;

	if (args_value(args, "-list")) {
		probe_write_list(context->out);
		return EXIT_ANSWERED;
	}
	if (!choose(&config, args, &why))
		return cmd_usage(context, args, &why);
	if (!session_server(context->session)) {
		cmd_error(context, "probe: no default gateway was found; name one with -s, or use "
				   "--lab");
		return EXIT_NO_ANSWER;
	}
	config.natpmp_only = pcp_client_server(session_client(context->session),
					       session_server(context->session))
				     ->config.version == PCP_VERSION_NATPMP;
	return probe(context, &config);
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
