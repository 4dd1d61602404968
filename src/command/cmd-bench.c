/* bench: how fast a gateway answers, under load and among many mappings. */
#include "answer.h"
#include "bencher.h"
#include "cmd.h"
#include "reach.h"
#include "report.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

static const struct command_option bench_options[] = {
	{ .name = "-rate",
	  .value = "N",
	  .help = "Send so many requests a second, whether answers come or not: latencies count "
		  "from when each was due, so that a gateway that stalls is not spared." },
	{ .name = "-window",
	  .value = "N",
	  .help = "Send the next request when fewer than N are under way; default 8." },
	{ .name = "-time",
	  .value = "SECONDS",
	  .help = "How long; default 5, and 0 for no load at all." },
	{ .name = "-mix",
	  .value = "MAP:RENEW:DELETE",
	  .help = "How often each kind of request; default 1:2:1." },
	{ .name = "-n",
	  .value = "N",
	  .help = "Then map one port after the other until N stand or the gateway takes no more; "
		  "default 256, at most 16384, and 0 for none." },
	{ .name = "-restart",
	  .value = "SECONDS",
	  .help = "At last, wait so long for somebody to restart the gateway, and tell for how "
		  "long "
		  "it answered nothing." },
	{ .name = "-svg", .value = "FILE", .help = "Draw latency against mappings there, too." },
	{ .name = "-yes",
	  .help = "At a server with a public address more than 10 requests a second and 64 "
		  "mappings are wanted." },
	{ .name = NULL },
};

/* One bench of one command. */
struct benching {
	struct command_context *context;
	struct bench_config config;
	struct bencher *bencher;
	struct whole *svg;
	bool over;
};

static void ended(void *arg)
{
	struct benching *benching = arg;

	benching->over = true;
	loop_stop(session_loop(benching->context->session));
}

static void interrupted(void *arg, int signo)
{
	(void)signo;
	bencher_stop(((struct benching *)arg)->bencher);
}

/* ---- what is wanted ---- */

static bool number(const struct args *args, const char *option, unsigned long low,
		   unsigned long high, unsigned *value, struct pcp_why *why)
{
	const char *typed = args_value(args, option);
	unsigned long n;

	if (!typed)
		return true;
	if (!args_number(typed, low, high, &n, why))
		return false;
	*value = (unsigned)n;
	return true;
}

/* "1:2:1" */
static bool take_mix(struct bench_config *config, const char *typed, struct pcp_why *why)
{
	char words[32], *word = words;

	if (!typed)
		return true;
	snprintf(words, sizeof words, "%s", typed);
	for (size_t i = 0; i < LOAD_KINDS; i++) {
		char *end = word + strcspn(word, ":");
		bool last = *end == '\0';
		unsigned long n;

		*end = '\0';
		if (last != (i == LOAD_KINDS - 1) || strlen(typed) >= sizeof words)
			return pcp_refuse(why, 0, "'%s' is no mix: three numbers, as 1:2:1",
					  pcp_quoted(typed).text);
		if (!args_number(word, 0, 1000, &n, why))
			return false;
		config->weight[i] = (unsigned)n;
		word = end + 1;
	}
	return config->weight[LOAD_MAP] ||
	       pcp_refuse(why, 0, "without MAPs there is nothing to renew or delete");
}

/* Nobody who offers a server to strangers asked for a load test. */
static bool be_modest(struct bench_config *config, const struct args *args, struct pcp_why *why)
{
	bool asked = args_value(args, "-window") || config->rate > BENCH_STRANGERS_RATE ||
		     (args_value(args, "-n") && config->table > BENCH_STRANGERS_TABLE);

	if (args_value(args, "-yes") || pcp_reach(config->server.addr))
		return true;
	if (asked)
		return pcp_refuse(why, 0,
				  "that server has a public address: more than %d requests a "
				  "second (-rate) and %d mappings (-n) need -yes",
				  BENCH_STRANGERS_RATE, BENCH_STRANGERS_TABLE);
	if (!config->rate)
		config->rate = BENCH_STRANGERS_RATE;
	if (config->table > BENCH_STRANGERS_TABLE)
		config->table = BENCH_STRANGERS_TABLE;
	return true;
}

static bool take_options(struct benching *benching, const struct args *args, struct pcp_why *why)
{
	struct bench_config *config = &benching->config;
	unsigned seconds = 5, restart = 0;

	*config = (struct bench_config){ .window = 8, .table = 256, .weight = { 1, 2, 1 } };
	if (args_value(args, "-rate") && args_value(args, "-window"))
		return pcp_refuse(why, 0, "-rate or -window, not both");
	if (!number(args, "-rate", 1, 100000, &config->rate, why) ||
	    !number(args, "-window", 1, 256, &config->window, why) ||
	    !number(args, "-time", 0, 3600, &seconds, why) ||
	    !number(args, "-restart", 1, 86400, &restart, why) ||
	    !number(args, "-n", 0, BENCH_TABLE_MAX, &config->table, why) ||
	    !take_mix(config, args_value(args, "-mix"), why))
		return false;
	config->duration = seconds * USEC_PER_SEC;
	config->restart = restart * USEC_PER_SEC;
	return true;
}

/* ---- the bench ---- */

static bool lacked_memory(const struct bench_report *report)
{
	return (report->load && report->load->failed) || (report->table && report->table->failed) ||
	       (report->restart && report->restart->failed);
}

/* 0 measured, 1 everything was refused, 3 nobody there, 4 stopped, or mappings are left. */
static enum exit_status status_of(const struct bench_report *report)
{
	const struct load_result *load = report->load	 ? report->load
					 : report->table ? report->table
							 : report->restart;

	if (!report->met && !report->stopped)
		return EXIT_NO_ANSWER;
	if (report->stopped || report->left || lacked_memory(report))
		return EXIT_FAILED;
	return load && load->answered && load->answered == load->refused ? EXIT_REFUSED
									 : EXIT_ANSWERED;
}

static void say_nobody(struct benching *benching)
{
	char text[ANSWER_TEXT];

	answer_silence(&benching->config.server, false, 0, text, sizeof text);
	cmd_error(benching->context, "%s", text);
}

/* Of nobody there is no picture, and the one that stands there stays. */
static bool draw(struct benching *benching, const struct bench_report *report, struct pcp_why *why)
{
	struct whole *svg = report->met ? benching->svg : NULL;

	if (!svg)
		return true;
	benching->svg = NULL;
	bench_write_svg(whole_file(svg), report); /* whether it could is seen at its end */
	return whole_end(svg, why);
}

static enum exit_status tell(struct benching *benching)
{
	struct bench_report report = bencher_report(benching->bencher);
	enum exit_status status = status_of(&report);
	struct pcp_why why;

	if (report.met)
		bench_write(benching->context->out, &report);
	else if (!report.stopped)
		say_nobody(benching);
	if (lacked_memory(&report))
		cmd_error(benching->context, "bench: out of memory: not all of it was measured");
	if (draw(benching, &report, &why))
		return status;
	cmd_error(benching->context, "bench: %s", why.text);
	return EXIT_FAILED;
}

static enum exit_status bench(struct benching *benching)
{
	struct command_context *context = benching->context;
	struct loop *loop = session_loop(context->session);
	enum exit_status status = EXIT_FAILED;
	struct pcp_why why;

	benching->bencher = bencher_start(loop, session_rng(context->session), &benching->config,
					  ended, benching, &why);
	if (!benching->bencher) {
		cmd_error(context, "bench: %s", why.text);
		return EXIT_FAILED;
	}
	if (cmd_catch(context, loop, interrupted, benching)) {
		while (!benching->over)
			loop_run(loop, USEC_NEVER);
		status = tell(benching);
		cmd_uncatch(context, loop, benching);
	}
	bencher_free(benching->bencher);
	return status;
}

static enum exit_status run(struct command_context *context, const struct args *args)
{
	uint16_t id = session_server(context->session);
	const struct pcp_client_server *server =
		id ? pcp_client_server(session_client(context->session), id) : NULL;
	struct benching benching = { .context = context };
	enum exit_status status = EXIT_NO_ANSWER;
	struct pcp_why why;

	if (!take_options(&benching, args, &why)) {
		status = cmd_usage(context, args, &why);
	} else if (!server) {
		cmd_error(context, "bench: no default gateway was found; name one with -s, or use "
				   "--lab");
	} else {
		benching.config.server = server->config.endpoint[server->current];
		benching.config.source = server->config.source;
		status = be_modest(&benching.config, args, &why) &&
					 args_file(args, "-svg", &benching.svg, &why)
				 ? bench(&benching)
				 : cmd_usage(context, args, &why);
	}
	whole_drop(benching.svg);
	return status;
}

const struct command cmd_bench = {
	.name = "bench",
	.summary = "Measure how fast a gateway answers, under load and among many mappings.",
	.help = "Maps UDP ports from 49152 on, for half an hour at most, and deletes them again at "
		"the end, by a signal too. Speaks PCP alone.",
	.where = COMMAND_LINE | COMMAND_SHELL,
	.needs_session = true,
	.no_server = true,
	.options = bench_options,
	.run = run,
};
