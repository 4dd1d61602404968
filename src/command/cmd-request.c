/* What the commands that send a request have in common: begin, send, wait, judge. */
#include "cmd.h"
#include "cmd-request.h"
#include "report.h"
#include "reading.h"
#include "session-resume.h"
#include "words.h"

#include <string.h>

enum exit_status cmd_outcome(const struct session *session, uint32_t exchange)
{
	struct answer answer = { .log = session_log(session),
				 .client = session_client(session),
				 .exchange = exchange,
				 .now = session_now(session),
				 .over = true };

	if (!answer_came(&answer))
		return EXIT_NO_ANSWER;
	return answer_verdict(&answer) == ANSWER_GRANTED ? EXIT_ANSWERED : EXIT_REFUSED;
}

static bool is_job(const struct command_script *script, uint32_t exchange)
{
	for (size_t i = 0; script && i < script->njobs; i++)
		if (script->job[i] == exchange)
			return true;
	return false;
}

/* What the engine asked for by itself meanwhile, such as NAT-PMP's external address, is answered
 * too before the command is over: it belongs to what the person asked. */
static void await_sequel(struct command_context *context, uint32_t exchange)
{
	const struct log *log = session_log(context->session);
	size_t n = log_nexchanges(log);
	uint32_t last = n ? log_exchange_at(log, n - 1)->id : 0;

	for (uint32_t id = exchange + 1; id <= last; id++)
		if (pcp_client_exchange(session_client(context->session), id) &&
		    !is_job(context->script, id))
			session_wait(context->session, id, context->timeout);
}

/* Whoever is told that the nonce is wrong may have the right one on disk. The dashboard said so at
 * its start. */
static void say_what_is_left(struct command_context *context, uint32_t exchange)
{
	const struct exchange *asked = log_exchange(session_log(context->session), exchange);
	size_t n;

	if (!asked || asked->result != PCP_NOT_AUTHORIZED || context->where == COMMAND_PROMPT)
		return;
	n = session_left(context->session);
	if (n)
		write_note(
			context->out,
			"an earlier session left %zu mapping%s, with %s nonce%s: %s takes %s over",
			n, pcp_s(n), n == 1 ? "its" : "their", pcp_s(n),
			context->where == COMMAND_LINE ? "--resume before the command" : "resume",
			n == 1 ? "it" : "them");
}

enum exit_status cmd_await(struct command_context *context, uint32_t exchange)
{
	if (!context->timeout)
		return EXIT_SENT;
	session_wait(context->session, exchange, context->timeout);
	if (cmd_outcome(context->session, exchange) == EXIT_ANSWERED)
		await_sequel(context, exchange);
	if (context->script)
		report_outcome(context->script->report, exchange, true);
	say_what_is_left(context, exchange);
	return cmd_outcome(context->session, exchange);
}

bool request_begin(struct compose *compose, const struct args *args, struct pcp_why *why)
{
	uint8_t opcode = args->command->opcode;
	bool maps = opcode == PCP_MAP || opcode == PCP_PEER;

	if (opcode == PCP_PEER && args->nword == 4 && !strchr(args->word[3], ':'))
		return pcp_refuse(why, 0,
				  "REMOTE_ADDRESS is missing: behind the port, or as ADDRESS:PORT");

	return compose_begin(compose, args, opcode, maps ? DEFAULT_LIFETIME : 0, why);
}

enum exit_status cmd_show(struct command_context *context, const struct pcp_edit *edit,
			  const struct judge_facts *facts)
{
	struct reading reading;
	bool whole = reading_open_edit(&reading, edit);

	if (whole)
		write_packet(context->out, &reading.packet, facts);
	else
		cmd_error(context, "out of memory");
	reading_close(&reading);
	return whole ? EXIT_ANSWERED : EXIT_FAILED;
}

/* Without a session it is not known where it would go, nor from where. */
static struct judge_facts facts_of(struct command_context *context, uint16_t server)
{
	return context->session ? session_facts(context->session, server)
				: (struct judge_facts){ .went = PCP_REQUEST };
}

static enum exit_status in_background(struct command_context *context, const struct args *args,
				      uint32_t exchange)
{
	struct command_script *script = context->script;

	if (!script)
		return EXIT_SENT;
	if (script->njobs == COMMAND_JOBS_MAX) {
		cmd_error(context, "%s: %d requests are in the background already; wait for them",
			  args->command->name, COMMAND_JOBS_MAX);
		return EXIT_FAILED;
	}
	script->job[script->njobs++] = exchange;
	return EXIT_SENT;
}

/* The command line ends with the answer, and nobody would be there to renew. */
static bool cannot_renew(struct command_context *context, const struct args *args)
{
	bool maps = args->command->opcode == PCP_MAP || args->command->opcode == PCP_PEER;
	bool wanted = args_value(args, "-renew") || (context->script && context->script->renew);

	if (!maps || context->where != COMMAND_LINE || !wanted)
		return false;
	cmd_error(
		context,
		"%s: a command line ends with its answer, and renews nothing: 'keep PORT PROTOCOL' "
		"holds a mapping until it is told to end, and 'shell' renews as long as it runs",
		args->command->name);
	return true;
}

enum exit_status cmd_request_as(struct command_context *context, const struct args *args,
				uint32_t *exchange)
{
	struct pcp_client_request request;
	struct judge_facts facts;
	struct pcp_edit edit;
	struct pcp_why why;

	*exchange = 0;
	if (!compose_args(args, context->session, &edit, &request, &why))
		return cmd_usage(context, args, &why);
	if (args_value(args, "-dry-run")) {
		facts = facts_of(context, request.server);
		return cmd_show(context, &edit, &facts);
	}
	if (cannot_renew(context, args))
		return EXIT_USAGE;
	*exchange = session_send(context->session, &request, &why);
	if (!*exchange) {
		cmd_error(context, "%s: %s", args->command->name, why.text);
		return EXIT_FAILED;
	}
	if (args_value(args, "-b"))
		return in_background(context, args, *exchange);
	return cmd_await(context, *exchange);
}

enum exit_status cmd_request(struct command_context *context, const struct args *args)
{
	uint32_t exchange;

	return cmd_request_as(context, args, &exchange);
}
