/* serve, watch: run until a signal ends it. */
#include "cmd.h"
#include "labspec.h"
#include "report.h"
#include "sandbox.h"
#include "session-follow.h"
#include "slurp.h"
#include "steady.h"

#include <stdlib.h>

enum { CONFIG_MAX = 1 << 20 }; /* octets of a file of words */

/* Says how it begins and runs until a signal comes or nobody reads its lines any more. */
static enum exit_status run_steadily(struct command_context *context, struct loop *loop,
				     void (*begin)(struct command_context *context))
{
	struct steady steady;

	if (!steady_begin(&steady, context->out, loop)) {
		cmd_error(context, "out of memory");
		return EXIT_FAILED;
	}
	log_bound(session_log(context->session), LOG_SHORT, PCP_MAX_LEN);
	begin(context);
	if (steady_was_said(&steady))
		loop_run(loop, USEC_NEVER);
	return steady_end(&steady);
}

/* SIGINT and SIGTERM are the way such a command is meant to end. */
static enum exit_status until_signal(struct command_context *context,
				     void (*begin)(struct command_context *context))
{
	struct loop *loop = session_loop(context->session);
	enum exit_status status;

	if (!cmd_catch(context, loop, cmd_stop, loop))
		return EXIT_FAILED;
	status = run_steadily(context, loop, begin);
	cmd_uncatch(context, loop, loop);
	return status;
}

static const struct command_arg serve_args[] = {
	{ .name = "WORD",
	  .optional = true,
	  .many = true,
	  .dashed = true,
	  .help = "ADDRESS[:PORT] to listen on, or several; limits and faults: drop=0.3, "
		  "quota=10... "
		  "help scenarios lists them." },
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

/* What is bound, address by address, and who else can reach it. */
static void say_where(struct command_context *context)
{
	const struct session *session = context->session;
	char text[ENDPOINT_TEXT];
	struct pcp_endpoint at;

	for (size_t i = 0; session_lab_door(session, i, &at); i++) {
		pcp_endpoint_text(&at, text, sizeof text);
		write_note(context->out, "serving on %s", text);
		if (pcp_addr_is_any(at.addr))
			write_note(context->out, "that is every IPv%d address of this host",
				   pcp_addr_is_v4(at.addr) ? 4 : 6);
	}
	if (session_lab_open(session))
		write_note(
			context->out,
			"any host that reaches it can use it: without a word, THIRD_PARTY is off, "
			"an address has 20 requests a second (source-rate), and what is unknown is "
			"refused in brief");
}

/* Strangers are answered from here on: by new sockets where a fault of the lab answers from
 * elsewhere; the file of -w may have to be opened again. */
static void give_up_rights(const struct session *session)
{
	const char *own = session_write_path(session);
	struct sandbox sandbox = sandbox_of(SANDBOX_SERVE, &own, 1);

	sandbox_enter(&sandbox);
}

static enum exit_status serve(struct command_context *context, const struct args *args)
{
	struct session *session = context->session;
	const char *config = args_value(args, "-config");
	struct pcp_why why;

	if (config && !load(session, config, &why))
		return cmd_usage(context, args, &why);
	if (!args_value(args, "-quiet"))
		session_on_lab(session, tell, context);
	give_up_rights(session);
	return until_signal(context, say_where);
}

const struct command cmd_serve = {
	.name = "serve",
	.summary = "Run the lab alone: a PCP and NAT-PMP server for other clients.",
	.help = "It forwards no traffic. Where other hosts can reach it, THIRD_PARTY is off and "
		"each "
		"address has 20 requests a second, unless words say otherwise. SIGINT or SIGTERM "
		"ends "
		"it.",
	.where = COMMAND_LINE,
	.needs_session = true,
	.arg = serve_args,
	.complete = labspec_complete,
	.options = serve_options,
	.run = serve,
};

static void end_watching(void *loop)
{
	loop_stop(loop);
}

static void say_watching(struct command_context *context)
{
	struct session *session = context->session;

	session_on_end_of_followed(session, end_watching, session_loop(session));
	write_note(context->out, "watching; SIGINT ends it");
}

static enum exit_status watch(struct command_context *context, const struct args *args)
{
	enum exit_status status;

	(void)args;
	if (context->script)
		context->script->report->level = REPORT_EVENTS;
	status = until_signal(context, say_watching);
	if (session_followed(context->session) &&
	    *capture_broken(replay_capture(session_replay(context->session))))
		status = command_first(status, EXIT_FAILED); /* which was told */
	return status;
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
