/* walk: a server's whole list of mappings (draft-boucadair-pcp-failure-06 B.6). */
#include "answer.h"
#include "cmd.h"
#include "cmd-request.h"
#include "report.h"
#include "walker.h"

#include <stdlib.h>
#include <string.h>

static const struct command_option options[] = {
	{ .name = "-proto",
	  .value = "PROTOCOL",
	  .path = "body.protocol",
	  .help = "Only mappings of this protocol." },
	{ .name = "-intip",
	  .value = "ADDRESS",
	  .path = "body.internal_address",
	  .help = "Only mappings of this internal address." },
	{ .name = "-extip",
	  .value = "ADDRESS",
	  .path = "body.external_address",
	  .help = "Only mappings of this external address." },
	{ .name = "-intport",
	  .value = "PORT",
	  .path = "body.internal_port",
	  .help = "Only mappings of this internal port." },
	{ .name = "-extport",
	  .value = "PORT",
	  .path = "body.external_port",
	  .help = "Only mappings of this external port." },
	{ .name = "-mo",
	  .alias = "--mapoptions",
	  .value = "CODE/CODE...",
	  .help = "Options to tell of each mapping. Default: FILTER/DESCRIPTION/PORT_SET." },
	{ .name = "-adopt", .help = "Take all of them as one's own, to renew and to delete." },
	{ .name = NULL },
};

/* A GET with a NEXT that starts from the beginning. */
static bool begin(struct compose *compose, const struct args *args, struct pcp_why *why)
{
	const char *wanted = args_value(args, "-mo");

	if (!compose_begin(compose, args, PCP_GET, 0, why))
		return false;
	if (pcp_edit_add_option(compose->edit, PCP_NEXT, NULL, 0) < 0)
		return pcp_refuse(why, 0, "no room for NEXT");
	return pcp_edit_set(compose->edit, "options[0].next.wanted",
			    wanted ? wanted : "FILTER/DESCRIPTION/PORT_SET", why);
}

/* One walk of one command. The dashboard's goes on after the command has returned. */
struct listing {
	struct session *session;
	struct report *report; /* NULL in the dashboard */
	struct writer out;
	bool waits, over;
	size_t left_out; /* entries that have no row in the table */
	size_t untold;	 /* of which it is not known whether a MAP or a PEER made them */
	enum exit_status status;
};

static void found(void *arg, const struct pcp_mapping *mapping)
{
	struct listing *listing = arg;

	write_mapping(&listing->out, mapping, loop_now(session_loop(listing->session)));
	listing->left_out += mapping->id == 0;
	listing->untold += mapping->opcode == 0;
}

/* What came of the last request where it was no list: one sentence for every command. */
static void write_answer(struct listing *listing, uint32_t exchange)
{
	const struct session *session = listing->session;
	struct answer answer = { .log = session_log(session),
				 .client = session_client(session),
				 .exchange = exchange,
				 .now = session_now(session),
				 .ascii = true,
				 .lab_why = session_lab_why(session, exchange),
				 .over = true };
	char text[ANSWER_TEXT];

	if (listing->report) {
		report_outcome(listing->report, exchange, true);
		return;
	}
	answer_sentence(&answer, 0, text, sizeof text);
	write_error(&listing->out, "%s", text);
}

static void write_left_out(struct listing *listing)
{
	if (listing->left_out == 0)
		return;
	write_error(
		&listing->out,
		"%zu of them ha%s no row in the table of mappings: it is full, memory is out, or "
		"a row there has another nonce",
		listing->left_out, listing->left_out == 1 ? "s" : "ve");
	listing->status = EXIT_FAILED;
}

static void write_end(struct listing *listing, const struct walk *walk, uint32_t exchange)
{
	const char *how = walk->state == WALK_DONE	? "The list is complete"
			  : walk->state == WALK_STOPPED ? "The walk was stopped"
							: "Listed before that";
	bool ended = walk->state == WALK_DONE || walk->state == WALK_STOPPED;

	if (!listing->out.json && listing->untold)
		write_note(&listing->out, "MAP? may be a PEER: NEXT does not tell.");
	if (!ended && exchange && listing->status != EXIT_FAILED)
		write_answer(listing, exchange);
	else if (!ended)
		write_error(&listing->out, "%s", walk_sentence(walk));
	if (!listing->out.json && (ended || walk->entries))
		write_note(&listing->out, "%s: %zu mapping%s, %zu request%s.", how, walk->entries,
			   pcp_s(walk->entries), walk->requests, pcp_s(walk->requests));
	write_left_out(listing);
}

/* A list that cannot be followed although it was granted has failed by itself. */
static enum exit_status status_of(const struct session *session, const struct walk *walk,
				  uint32_t exchange)
{
	enum exit_status status = cmd_outcome(session, exchange);

	if (walk->state == WALK_DONE)
		return EXIT_ANSWERED;
	return walk->state == WALK_STOPPED || status == EXIT_ANSWERED ? EXIT_FAILED : status;
}

static void done(void *arg, const struct walk *walk, uint32_t exchange)
{
	struct listing *listing = arg;

	listing->over = true;
	listing->status = status_of(listing->session, walk, exchange);
	write_end(listing, walk, exchange);
	if (listing->waits)
		loop_stop(session_loop(listing->session));
	else
		free(listing);
}

/* Each answer starts the time anew: a long list is no silent server. */
static enum exit_status wait_for(struct command_context *context, struct listing *listing,
				 struct walker *walker)
{
	struct loop *loop = session_loop(context->session);
	size_t seen = log_nmessages(session_log(context->session));
	usec until = loop_now(loop) + context->timeout;
	enum exit_status status;

	while (!listing->over && loop_now(loop) < until) {
		loop_run(loop, until);
		if (log_nmessages(session_log(context->session)) != seen)
			until = loop_now(loop) + context->timeout;
		seen = log_nmessages(session_log(context->session));
	}
	if (!listing->over) {
		write_answer(listing, walk_exchange(walker));
		walk_stop(walker);
	}
	context->out->failed = context->out->failed || listing->out.failed;
	status = listing->over ? listing->status : EXIT_NO_ANSWER;
	free(listing);
	return status;
}

static enum exit_status walk(struct command_context *context, const struct args *args,
			     const struct pcp_client_request *get)
{
	struct listing *listing = calloc(1, sizeof *listing);
	struct walk_listener listener = { found, done, listing };
	struct walker *walker;
	struct pcp_why why;

	if (!listing) {
		cmd_error(context, "out of memory");
		return EXIT_FAILED;
	}
	listing->session = context->session;
	listing->report = context->script ? context->script->report : NULL;
	listing->out = *context->out;
	listing->waits = context->timeout != 0;
	walker = walk_start(context->session, get, args_value(args, "-adopt"), &listener, &why);
	if (walker)
		return listing->waits ? wait_for(context, listing, walker) : EXIT_SENT;
	cmd_error(context, "walk: %s", why.text);
	free(listing);
	return EXIT_FAILED;
}

static enum exit_status run(struct command_context *context, const struct args *args)
{
	struct report *report = context->script ? context->script->report : NULL;
	enum exit_status status;
	struct pcp_client_request get;
	struct pcp_edit edit;
	struct pcp_why why;

	if (args_value(args, "-dry-run"))
		return cmd_request(context, args);
	if (!compose_args(args, context->session, &edit, &get, &why))
		return cmd_usage(context, args, &why);
	/* The list is what is wanted; its messages are for those who ask for everything. */
	if (report)
		report->muted = report->level < REPORT_EVENTS;
	status = walk(context, args, &get);
	if (report)
		report->muted = false;
	return status;
}

const struct command cmd_walk = {
	.name = "walk",
	.summary = "List a server's mappings, following NEXT to the end.",
	.help = "They stand in the table as the server's own; adopt ID, or walk -adopt, takes them "
		"over, nonces included. A list is followed for 16384 entries at most, at a server "
		"that is not on this host in at most 40 requests a second.",
	.where = COMMAND_ANYWHERE,
	.needs_session = true,
	.begin = begin,
	.opcode = PCP_GET,
	.options = options,
	.run = run,
};
