/* serve, watch: run until a signal ends it. */
#include "cmd.h"
#include "labspec.h"
#include "report.h"
#include "slurp.h"

#include <signal.h>
#include <stdlib.h>

enum { CONFIG_MAX = 1 << 20 }; /* octets of a file of words */

static void stop(void *arg, int signo)
{
	(void)signo;
	loop_stop(arg);
}

/* SIGINT and SIGTERM are the way such a command is meant to end. */
static enum exit_status until_signal(struct session *session)
{
	loop_signal(session_loop(session), SIGINT, stop, session_loop(session));
	loop_signal(session_loop(session), SIGTERM, stop, session_loop(session));
	loop_run(session_loop(session), USEC_NEVER);
	return EXIT_ANSWERED;
}

static const struct command_arg serve_args[] = {
	{ .name = "WORD",
	  .optional = true,
	  .many = true,
	  .dashed = true,
	  .help = "ADDRESS[:PORT] to listen on, limits and faults: drop=0.3, quota=10... help "
		  "scenarios lists them." },
	{ .name = NULL },
};

static const struct command_option serve_options[] = {
	{ .name = "-config",
	  .alias = "--config",
	  .value = "FILE",
	  .help = "A file of words, one a line; # starts a comment." },
	{ .name = "-quiet", .alias = "--quiet", .help = "Do not tell of each request." },
	{ .name = NULL },
};

static void tell(void *arg, usec now, const char *line)
{
	struct command_context *context = arg;
	char clock[WRITER_TIME];

	writer_clock(session_wall(context->session, now), clock);
	write_note(context->out, "%s %s", clock, line);
}

static bool load(struct session *session, const char *name, struct pcp_why *why)
{
	char *text = slurp(name, CONFIG_MAX, why);
	bool done =
		text && lab_load(session_lab(session), loop_now(session_loop(session)), text, why);

	free(text);
	return done;
}

static enum exit_status serve(struct command_context *context, const struct args *args)
{
	struct session *session = context->session;
	const char *config = args_value(args, "-config");
	char at[ENDPOINT_TEXT];
	struct pcp_why why;

	if (config && !load(session, config, &why))
		return cmd_usage(context, args, &why);
	if (!args_value(args, "-quiet")) {
		session_on_lab(session, tell, context);
	}
	pcp_endpoint_text(&pcp_client_server(session_client(session), session_server(session))
				   ->config.endpoint[0],
			  at, sizeof at);
	write_note(context->out, "serving on %s", at);
	return until_signal(session);
}

const struct command cmd_serve = {
	.name = "serve",
	.summary = "Run the lab alone: a PCP and NAT-PMP server for other clients.",
	.help = "It forwards no traffic. SIGINT or SIGTERM ends it.",
	.where = COMMAND_LINE,
	.needs_session = true,
	.arg = serve_args,
	.complete = labspec_complete,
	.options = serve_options,
	.run = serve,
};

static enum exit_status watch(struct command_context *context, const struct args *args)
{
	(void)args;
	if (context->script)
		context->script->report->level = REPORT_EVENTS;
	write_note(context->out, "watching; SIGINT ends it");
	return until_signal(context->session);
}

const struct command cmd_watch = {
	.name = "watch",
	.summary = "Print what happens as it happens: announcements, renewals, expiry.",
	.help = "Hears the multicast announcements of servers, too. SIGINT or SIGTERM ends it.",
	.where = COMMAND_LINE | COMMAND_SHELL,
	.needs_session = true,
	.no_server = true,
	.run = watch,
};
