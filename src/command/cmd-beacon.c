/* beacon: tries, for who has its key, whether a port is open from where it stands. */
#include "beacon-host.h"
#include "cmd.h"
#include "json.h"
#include "random.h"
#include "reach.h"
#include "sandbox.h"
#include "steady.h"
#include "words.h"

#include <stdio.h>
#include <stdlib.h>

static const struct command_arg beacon_args[] = {
	{ .name = "ADDRESS[:PORT]",
	  .optional = true,
	  .help = "Where it listens, UDP; default: every address, and a port that is free." },
	{ .name = NULL },
};

struct lighting {
	struct command_context *context;
	struct loop *loop;
	struct beacon_host *host;
	struct beacon_line line;
	bool used_up;
};

/* ---- what it says ---- */

/* Why the line may be of no use farther away; "" when nothing speaks against it. */
static void doubt(const struct beacon_line *line, char *buf, size_t cap)
{
	const struct pcp_reach *reach = pcp_reach(line->at.addr);

	if (pcp_addr_is_any(line->at.addr))
		snprintf(buf, cap,
			 "This machine has no route from which its address could be told: put in "
			 "the one by which it is reached.");
	else if (reach)
		snprintf(buf, cap,
			 "That address is %s: from farther away put in the one by which this "
			 "machine is reached.",
			 reach->what);
	else
		buf[0] = '\0';
}

static void say_line(struct command_context *context, const struct beacon_line *line)
{
	char text[BEACON_LINE_TEXT], doubts[200];

	beacon_line_text(line, text, sizeof text);
	if (context->out->json) {
		struct json json = json_line(context->out);

		while (json_pass(&json))
			json_text(&json, "beacon", text);
		return;
	}
	write_note(context->out, "  pcpscope probe -quick -reach %s", text);
	doubt(line, doubts, sizeof doubts);
	if (doubts[0])
		write_note(context->out, "  %s", doubts);
}

static void say_lines(struct lighting *lighting)
{
	struct command_context *context = lighting->context;

	if (!context->out->json)
		write_note(context->out,
			   "A beacon listens. Paste this on the machine whose gateway is asked:");
	for (size_t i = 0; beacon_host_at(lighting->host, i, &lighting->line.at); i++)
		say_line(context, &lighting->line);
	if (!context->out->json)
		write_note(context->out,
			   "Who has the line can have ports of his own address tried, "
			   "once a second. SIGINT ends it.");
}

static void json_way(struct json *json, const struct beacon_message *answer, enum beacon_way way,
		     const char *key)
{
	json_begin_object(json, key);
	json_uint(json, "port", answer->port[way]);
	json_text(json, "saw", beacon_saw_name(answer->saw[way]));
	json_end(json);
}

static void say_tried_json(struct writer *out, const char *source,
			   const struct beacon_message *answer)
{
	struct json json = json_line(out);

	while (json_pass(&json)) {
		json_begin_object(&json, "tried");
		json_text(&json, "source", source);
		json_way(&json, answer, BEACON_UDP, "udp");
		json_way(&json, answer, BEACON_TCP, "tcp");
		json_end(&json);
	}
}

static void tried(void *arg, const struct beacon_message *answer)
{
	struct lighting *lighting = arg;
	struct writer *out = lighting->context->out;
	char source[PCP_ADDR_TEXT];

	pcp_addr_text(answer->source.addr, source, sizeof source);
	if (out->json)
		say_tried_json(out, source, answer);
	else
		write_note(out, "%s: UDP port %u %s, TCP port %u %s", source,
			   answer->port[BEACON_UDP], beacon_saw_name(answer->saw[BEACON_UDP]),
			   answer->port[BEACON_TCP], beacon_saw_name(answer->saw[BEACON_TCP]));
}

static void say_counts(struct lighting *lighting)
{
	struct beacon_counts counts = beacon_host_counts(lighting->host);

	if (lighting->used_up)
		write_error(lighting->context->out,
			    "beacon: %d asks are what one key is good for; start it again for "
			    "another",
			    BEACON_ASKS_MAX);
	write_note(lighting->context->out,
		   "asked %llu time%s; without an answer stayed %llu without the key, %llu seen "
		   "before, %llu too soon",
		   (unsigned long long)counts.heeded, pcp_s((size_t)counts.heeded),
		   (unsigned long long)counts.foreign, (unsigned long long)counts.repeated,
		   (unsigned long long)counts.hurried);
}

/* ---- its life ---- */

static void used_up(void *arg)
{
	struct lighting *lighting = arg;

	lighting->used_up = true;
	loop_stop(lighting->loop);
}

static enum exit_status shine(struct lighting *lighting)
{
	struct command_context *context = lighting->context;
	struct sandbox sandbox = sandbox_of(SANDBOX_BEACON, NULL, 0);
	struct loop *loop = lighting->loop;
	enum exit_status status;
	struct steady steady;

	if (!steady_begin(&steady, context->out, loop)) {
		cmd_error(context, "out of memory");
		return EXIT_FAILED;
	}
	say_lines(lighting);
	sandbox_enter(&sandbox);
	if (steady_was_said(&steady))
		loop_run(loop, USEC_NEVER);
	say_counts(lighting);
	status = steady_end(&steady);
	return lighting->used_up ? EXIT_FAILED : status;
}

static bool take_address(const struct args *args, struct pcp_endpoint *at, struct pcp_why *why)
{
	struct pcp_why first;

	if (args->nword == 0)
		return true;
	if (!pcp_endpoint_parse(args->word[0], 0, at, &first))
		return pcp_refuse(why, first.at, "'%s': %s; it is ADDRESS[:PORT]",
				  pcp_quoted(args->word[0]).text, first.text);
	return true;
}

static enum exit_status run(struct command_context *context, const struct args *args)
{
	struct lighting lighting = { .context = context };
	struct beacon_listener listener = { &lighting, tried, used_up };
	enum exit_status status = EXIT_FAILED;
	struct pcp_endpoint at;
	struct pcp_rng rng;
	struct pcp_why why;

	if (!take_address(args, &at, &why))
		return cmd_usage(context, args, &why);
	pcp_rng_system(&rng);
	rng.fill(&rng, lighting.line.key, sizeof lighting.line.key);
	lighting.loop = loop_new();
	if (lighting.loop)
		lighting.host = beacon_host_start(lighting.loop, args->nword ? &at : NULL,
						  lighting.line.key, &listener, &why);
	else
		pcp_no_memory(&why);
	if (!lighting.host)
		cmd_error(context, "beacon: %s", why.text);
	else if (cmd_catch(context, lighting.loop, cmd_stop, lighting.loop))
		status = shine(&lighting);
	beacon_host_free(lighting.host);
	loop_free(lighting.loop);
	return status;
}

const struct command cmd_beacon = {
	.name = "beacon",
	.summary = "On a second machine: see whether a port that probe maps is open from there.",
	.help = "It prints a line for probe -reach. For who has that line it tries the named port "
		"of "
		"his own address, UDP and TCP, once a second at most, and answers with what it "
		"saw; "
		"nobody else gets any answer. SIGINT or SIGTERM ends it.",
	.where = COMMAND_LINE,
	.arg = beacon_args,
	.run = run,
};
