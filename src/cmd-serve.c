/* serve, watch: run until a signal ends it. */
#include "cmd.h"
#include "report.h"

#include <signal.h>

static void stop(void *arg, int signo)
{
	(void)signo;
	loop_stop(arg);
}

/* SIGINT and SIGTERM are the way such a command is meant to end. */
static enum exit_status until_signal(struct session *session)
{
	loop_signal(session->loop, SIGINT, stop, session->loop);
	loop_signal(session->loop, SIGTERM, stop, session->loop);
	loop_run(session->loop, USEC_NEVER);
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

static enum exit_status serve(struct command_context *context, const struct args *args)
{
	struct session *session = context->session;
	char at[ENDPOINT_TEXT];

	(void)args; /* main.c has made the lab from them */
	endpoint_text(&client_server(session->client, session->server)->config.endpoint[0], at,
		      sizeof at);
	write_note(context->out, "serving on %s", at);
	return until_signal(session);
}

const struct command cmd_serve = {
	.name = "serve",
	.summary = "Run the lab alone: a PCP and NAT-PMP server for other clients to try.",
	.help = "It forwards no traffic. SIGINT or SIGTERM ends it.",
	.where = COMMAND_LINE,
	.needs_session = true,
	.arg = serve_args,
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
