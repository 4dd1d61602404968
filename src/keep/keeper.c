/* The holder of mappings at work: what the machine asks of a session, and whom it tells. */
#include "keeper.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "answerer.h"
#include "hook.h"
#include "notify.h"
#include "print.h"
#include "session-task.h"
#include "whole.h"
#include "words.h"

/* The manager waits no longer for what no server answers; deletions and the last command may take
 * so long. */
#define READY_AFTER (10 * USEC_PER_SEC)
#define END_AFTER   (5 * USEC_PER_SEC) /* a lost one is sent again after 3 s */
#define LAST_RUN    (10 * USEC_PER_SEC)
#define WRITE_AGAIN (30 * USEC_PER_SEC)

struct keeper_file {
	const char *path; /* NULL: not wanted */
	bool failing;	  /* it was told */
	usec write_at;	  /* USEC_NEVER: it is as it should be */
};

struct keeper {
	struct session *session;
	struct writer *out;
	struct keeper_config config;
	struct keep *keep;
	struct hook *hook;
	struct answerer *answerer;
	struct session_observer observer;
	struct keeper_file state, metrics;
	usec ready_at; /* USEC_NEVER: it was said */
	usec end_at;   /* USEC_NEVER: it goes on */
	bool had_server, gave_up;
};

static usec now_of(const struct keeper *keeper)
{
	return loop_now(session_loop(keeper->session));
}

/* ---- what the machine asks of us ---- */

static bool ask(void *arg, const struct keep_hold *hold, const struct keep_leg *leg,
		uint16_t external_port, struct pcp_why *why)
{
	struct keeper *keeper = arg;
	struct pcp_client_request request;

	if (!keeper->config.compose(keeper->config.arg, leg->protocol, hold->port, external_port,
				    &request, why))
		return false;
	request.server = session_heir(keeper->session, hold->server);
	request.renew = 1;
	return session_send(keeper->session, &request, why) != 0;
}

static void erase(void *arg, uint32_t mapping)
{
	struct keeper *keeper = arg;
	struct pcp_why why;

	(void)pcp_client_delete(session_client(keeper->session), now_of(keeper), mapping, &why);
}

static uint16_t heir(void *arg, uint16_t server)
{
	return session_heir(((struct keeper *)arg)->session, server);
}

static void trouble(void *arg, const struct keep_hold *hold, const char *why)
{
	struct keeper *keeper = arg;

	write_error(keeper->out, "%u cannot be asked for: %s; tried again", hold->port, why);
}

/* ---- files ---- */

/* Many holds change together, after a restart say, and are many lines: those wait a little. */
static usec after(const struct keeper *keeper)
{
	return USEC_PER_SEC / 20 + (usec)keep_count(keeper->keep) * 500;
}

static void to_write(struct keeper *keeper, struct keeper_file *file, usec now)
{
	if (file->path && file->write_at == USEC_NEVER)
		file->write_at = now + after(keeper);
}

static void news(struct keeper *keeper, usec now)
{
	to_write(keeper, &keeper->state, now);
	to_write(keeper, &keeper->metrics, now);
}

static void print_page(void *arg, FILE *file)
{
	const struct keeper *keeper = arg;
	struct print_counts counts = { 0 };

	if (keeper->hook) {
		counts.runs = hook_runs(keeper->hook);
		counts.failures = hook_failures(keeper->hook);
	}
	print_metrics(keeper->session, keeper->keep, &counts, file);
}

static bool write_file(struct keeper *keeper, struct keeper_file *file, struct pcp_why *why)
{
	char *text = NULL;
	size_t len;
	FILE *memory = open_memstream(&text, &len);
	bool done;

	if (!memory)
		return pcp_no_memory(why);
	if (file == &keeper->metrics)
		print_page(keeper, memory);
	else
		print_state(keeper->session, keeper->keep, keeper->config.json, memory);
	done = fclose(memory) == 0 ? whole_write(file->path, text, len, 0644, why)
				   : pcp_no_memory(why);
	free(text);
	return done;
}

static void write_due(struct keeper *keeper, struct keeper_file *file, usec now)
{
	struct pcp_why why;

	if (file->write_at > now)
		return;
	if (write_file(keeper, file, &why)) {
		if (file->failing)
			write_note(keeper->out, "'%s' is written again",
				   pcp_quoted(file->path).text);
		file->failing = false;
		file->write_at = USEC_NEVER;
		return;
	}
	if (!file->failing)
		write_error(keeper->out, "%s; tried again", why.text);
	file->failing = true;
	file->write_at = now + WRITE_AGAIN;
}

static bool begin_file(struct keeper_file *file, const char *path, struct pcp_why *why)
{
	*file = (struct keeper_file){ .path = path, .write_at = USEC_NEVER };
	return !path || whole_possible(path, why);
}

/* ---- whom it tells ---- */

static void tell_manager(struct keeper *keeper, const char *state)
{
	char words[128];

	snprintf(words, sizeof words, "%s%sSTATUS=%zu of %zu port%s mapped", state,
		 *state ? "\n" : "", keep_mapped(keeper->keep), keep_count(keeper->keep),
		 pcp_s(keep_count(keeper->keep)));
	(void)notify(words); /* a manager that does not listen is no trouble of the mappings' */
}

static void print_change(struct keeper *keeper, const struct keep_hold *hold, usec now)
{
	char clock[WRITER_TIME], line[512];
	struct json json;

	if (!keeper->out->json) {
		writer_clock(session_wall(keeper->session, now), clock);
		print_hold(keeper->session, hold, line, sizeof line);
		write_note(keeper->out, "%s %s", clock, line);
		return;
	}
	json = json_line(keeper->out);
	while (json_pass(&json)) {
		json_begin_object(&json, "hold");
		print_hold_json(keeper->session, hold, &json);
		json_end(&json);
	}
}

static void changed(void *arg, usec now, struct keep_hold *hold)
{
	struct keeper *keeper = arg;

	print_change(keeper, hold, now);
	news(keeper, now);
	if (keeper->hook && hold->changes && !hook_run(keeper->hook, hold))
		write_error(keeper->out, "out of memory: the command is not run");
	if (keeper->ready_at != USEC_NEVER &&
	    keep_mapped(keeper->keep) == keep_count(keeper->keep)) {
		keeper->ready_at = USEC_NEVER;
		tell_manager(keeper, "READY=1");
	} else {
		tell_manager(keeper, "");
	}
}

static void renewed(void *arg, usec now, struct keep_hold *hold)
{
	(void)hold;
	news(arg, now);
}

static void describe(void *arg, const struct keep_hold *hold,
		     void (*add)(void *to, const char *name, const char *value), void *to)
{
	print_hold_names(((struct keeper *)arg)->session, hold, add, to);
}

static void command_trouble(void *arg, const char *sentence)
{
	struct keeper *keeper = arg;

	write_error(keeper->out, "-exec: %s", sentence);
	news(keeper, now_of(keeper));
}

/* ---- what is due ---- */

/* Nothing is under way any more that the end should wait for. */
static bool is_done(const struct keeper *keeper)
{
	return !keep_ending(keeper->keep) && !(keeper->hook && hook_busy(keeper->hook)) &&
	       keeper->state.write_at == USEC_NEVER && keeper->metrics.write_at == USEC_NEVER;
}

/* The machine speaks first, then the files that its words changed. */
static usec due(void *arg)
{
	struct keeper *keeper = arg;
	const usec all[] = { keep_next(keeper->keep), keeper->state.write_at,
			     keeper->metrics.write_at, keeper->ready_at, keeper->end_at };
	usec first = USEC_NEVER;

	if ((!keeper->had_server && session_server(keeper->session)) ||
	    (keeper->end_at != USEC_NEVER && is_done(keeper)))
		return now_of(keeper);
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		first = all[i] < first ? all[i] : first;
	return first;
}

static void end_of_time(struct keeper *keeper, usec now)
{
	if (is_done(keeper) || keeper->gave_up) {
		loop_stop(session_loop(keeper->session));
		return;
	}
	keeper->gave_up = true;
	keeper->end_at = now + LAST_RUN;
	if (!keep_ending(keeper->keep))
		return;
	write_error(keeper->out, "not every deletion was answered");
	keep_give_up(keeper->keep, now);
}

static void tick(void *arg, usec now)
{
	struct keeper *keeper = arg;

	if (!keeper->had_server && session_server(keeper->session)) {
		keeper->had_server = true;
		keep_retry(keeper->keep, now);
	}
	keep_tick(keeper->keep, now);
	write_due(keeper, &keeper->state, now);
	write_due(keeper, &keeper->metrics, now);
	if (keeper->ready_at <= now) {
		keeper->ready_at = USEC_NEVER;
		tell_manager(keeper, "READY=1");
	}
	if (keeper->end_at <= now || (keeper->end_at != USEC_NEVER && is_done(keeper)))
		end_of_time(keeper, now);
}

static void happened(void *arg, const struct pcp_client_event *event)
{
	struct keeper *keeper = arg;

	keep_event(keeper->keep, event);
	if (event->kind == CLIENT_RESTARTED)
		news(keeper, event->now);
}

/* ---- life ---- */

static bool add_holds(struct keeper *keeper, struct pcp_why *why)
{
	const struct keeper_config *config = &keeper->config;
	size_t nserver = config->nserver ? config->nserver : 1;

	for (size_t i = 0; i < config->nport; i++)
		for (size_t s = 0; s < nserver; s++) {
			uint16_t server = config->nserver ? config->server[s]
							  : session_server(keeper->session);
			const struct keeper_port *port = &config->port[i];

			if (!keep_add(keeper->keep, server, port->port, port->wish, port->protocol,
				      port->nprotocol, why))
				return false;
		}
	return true;
}

static bool open_metrics(struct keeper *keeper, bool *usage, struct pcp_why *why)
{
	const char *typed = keeper->config.metrics;
	struct pcp_endpoint local;

	keeper->metrics.write_at = USEC_NEVER;
	if (!typed || !pcp_endpoint_parse(typed, 0, &local, why))
		return begin_file(&keeper->metrics, typed, why);
	if (!local.port) {
		*usage = true;
		return pcp_refuse(why, 0, "-metrics: '%s' has no port: ADDRESS:PORT, or a file",
				  pcp_quoted(typed).text);
	}
	keeper->answerer =
		answerer_new(session_loop(keeper->session), &local, print_page, keeper, why);
	return keeper->answerer != NULL;
}

static bool open_command(struct keeper *keeper, bool *usage, struct pcp_why *why)
{
	struct hook_io io = { .arg = keeper, .describe = describe, .trouble = command_trouble };

	if (!keeper->config.command)
		return true;
	keeper->hook = hook_new(session_loop(keeper->session), keeper->config.command, &io, why);
	*usage = !keeper->hook && why->code != PCP_WHY_MEMORY;
	return keeper->hook != NULL;
}

static bool is_json(const char *path)
{
	size_t len = path ? strlen(path) : 0;

	return len >= 5 && !strcasecmp(path + len - 5, ".json");
}

static bool start(struct keeper *keeper, bool *usage, struct pcp_why *why)
{
	struct keep_io io = { .arg = keeper,
			      .ask = ask,
			      .erase = erase,
			      .heir = heir,
			      .changed = changed,
			      .renewed = renewed,
			      .trouble = trouble };

	keeper->config.json = keeper->config.json || is_json(keeper->config.state);
	keeper->keep = keep_new(&io);
	if (!keeper->keep)
		return pcp_no_memory(why);
	if (!add_holds(keeper, why) || !open_command(keeper, usage, why) ||
	    !begin_file(&keeper->state, keeper->config.state, why) ||
	    !open_metrics(keeper, usage, why))
		return false;
	if (!loop_timed(session_loop(keeper->session), due, tick, keeper))
		return pcp_no_memory(why);
	keeper->observer = (struct session_observer){ .event = happened, .arg = keeper };
	session_observe(keeper->session, &keeper->observer);
	return true;
}

struct keeper *keeper_new(struct session *session, struct writer *out,
			  const struct keeper_config *config, bool *usage, struct pcp_why *why)
{
	struct keeper *keeper = calloc(1, sizeof *keeper);

	*usage = false;
	if (!keeper) {
		pcp_no_memory(why);
		return NULL;
	}
	*keeper = (struct keeper){ .session = session,
				   .out = out,
				   .config = *config,
				   .ready_at = USEC_NEVER,
				   .end_at = USEC_NEVER };
	if (start(keeper, usage, why))
		return keeper;
	keeper_free(keeper);
	return NULL;
}

void keeper_begin(struct keeper *keeper)
{
	usec now = now_of(keeper);

	keeper->ready_at = now + READY_AFTER;
	keeper->had_server = session_server(keeper->session) != 0;
	keep_begin(keeper->keep, now);
	news(keeper, now);
}

void keeper_end(struct keeper *keeper)
{
	usec now = now_of(keeper);

	if (keeper->end_at != USEC_NEVER) {
		loop_stop(session_loop(keeper->session));
		return;
	}
	tell_manager(keeper, "STOPPING=1");
	keeper->ready_at = USEC_NEVER;
	keeper->end_at = now + END_AFTER + (usec)keep_count(keeper->keep) * 1000;
	keeper->gave_up = keeper->config.leave;
	keep_end(keeper->keep, now, !keeper->config.leave);
}

void keeper_free(struct keeper *keeper)
{
	if (!keeper)
		return;
	session_unobserve(keeper->session, &keeper->observer);
	loop_untimed(session_loop(keeper->session), keeper);
	hook_free(keeper->hook);
	answerer_free(keeper->answerer);
	keep_free(keeper->keep);
	free(keeper);
}
