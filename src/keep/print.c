/* What is held, for those who read it: people, programs, Prometheus, a command. */
#include "print.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "out.h"
#include "schema.h"
#include "text.h"

/* ---- pieces ---- */

struct words {
	char protocol[32], internal[PCP_ADDR_TEXT], external[PCP_ADDR_TEXT], server[ENDPOINT_TEXT],
		expires[40];
};

static uint32_t seconds_left(const struct session *session, const struct keep_hold *hold)
{
	usec left = keep_expires(hold), now = session_now(session);

	return left == USEC_NEVER || left <= now ? 0 : (uint32_t)((left - now) / USEC_PER_SEC);
}

static void wall_text(const struct session *session, const struct keep_hold *hold, char *buf,
		      size_t cap)
{
	usec at = keep_expires(hold);
	time_t seconds;
	struct tm tm;

	*buf = '\0';
	if (at == USEC_NEVER)
		return;
	seconds = (time_t)(session_wall(session, at) / USEC_PER_SEC);
	gmtime_r(&seconds, &tm);
	strftime(buf, cap, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

static const struct words *words_of(const struct session *session, const struct keep_hold *hold,
				    struct words *words)
{
	const struct pcp_client_server *server =
		pcp_client_server(session_client(session), hold->server);

	*words = (struct words){ .protocol = "" };
	keep_protocols(hold, words->protocol, sizeof words->protocol);
	if (hold->told.state != KEEP_UNMAPPED) {
		pcp_addr_text(hold->told.internal, words->internal, sizeof words->internal);
		if (!pcp_addr_is_any(hold->told.external))
			pcp_addr_text(hold->told.external, words->external, sizeof words->external);
	}
	if (server)
		pcp_endpoint_text(&server->config.endpoint[server->current], words->server,
				  sizeof words->server);
	wall_text(session, hold, words->expires, sizeof words->expires);
	return words;
}

/* The one that both protocols have; 0: they differ, or there is none. */
static uint16_t common_port(const struct keep_hold *hold)
{
	uint16_t port = hold->told.external_port[0];

	return hold->nleg == 1 || hold->told.external_port[1] == port ? port : 0;
}

/* ---- for people ---- */

static void put_outside(struct pcp_out *out, const struct keep_hold *hold,
			const struct words *words)
{
	const char *address = *words->external ? words->external : "?";
	bool brackets = strchr(address, ':') != NULL;

	pcp_out_format(out, brackets ? " [%s]" : " %s", address);
	if (common_port(hold)) {
		pcp_out_format(out, ":%u", common_port(hold));
		return;
	}
	for (size_t i = 0; i < hold->nleg; i++)
		if (hold->told.external_port[i])
			pcp_out_format(out, "%s%u/%s", i && hold->told.external_port[0] ? "," : ":",
				       hold->told.external_port[i],
				       pcp_protocol_text(hold->leg[i].protocol).text);
}

size_t print_hold(const struct session *session, const struct keep_hold *hold, char *buf,
		  size_t cap)
{
	struct words words;
	struct pcp_out out;
	char left[48];

	words_of(session, hold, &words);
	pcp_out_begin(&out, buf, cap);
	pcp_out_format(&out, "%s %s", keep_state_name(hold->told.state), words.protocol);
	if (hold->told.state == KEEP_UNMAPPED) {
		pcp_out_format(&out, " %u", hold->port);
	} else {
		put_outside(&out, hold, &words);
		pcp_out_format(&out, strchr(words.internal, ':') ? " -> [%s]:%u" : " -> %s:%u",
			       words.internal, hold->port);
		pcp_seconds_text(seconds_left(session, hold), left, sizeof left);
		pcp_out_format(&out, ", %s", left);
	}
	pcp_out_format(&out, ": %s", hold->reason);
	return out.len;
}

/* ---- for programs ---- */

void print_hold_json(const struct session *session, const struct keep_hold *hold, struct json *json)
{
	struct words words;

	words_of(session, hold, &words);
	json_text(json, "state", keep_state_name(hold->told.state));
	json_text(json, "protocol_name", words.protocol);
	json_uint(json, "internal_port", hold->port);
	if (*words.internal)
		json_text(json, "internal_address", words.internal);
	if (*words.external)
		json_text(json, "external_address", words.external);
	json_uint(json, "external_port", common_port(hold));
	json_begin_array(json, "external_ports");
	for (size_t i = 0; i < hold->nleg; i++)
		json_uint(json, NULL, hold->told.external_port[i]);
	json_end(json);
	json_uint(json, "expires_in", seconds_left(session, hold));
	if (*words.expires)
		json_text(json, "expires", words.expires);
	json_text(json, "asked", words.server);
	json_uint(json, "changes", hold->changes);
	json_text(json, "reason", hold->reason);
}

void print_hold_names(const struct session *session, const struct keep_hold *hold,
		      void (*add)(void *to, const char *name, const char *value), void *to)
{
	struct words words;
	char number[16], name[64];

	words_of(session, hold, &words);
	add(to, "PCPSCOPE_STATE",
	    hold->told.state == KEEP_PARTLY ? "partly" : keep_state_name(hold->told.state));
	add(to, "PCPSCOPE_PROTOCOL", words.protocol);
	snprintf(number, sizeof number, "%u", hold->port);
	add(to, "PCPSCOPE_INTERNAL_PORT", number);
	add(to, "PCPSCOPE_INTERNAL_ADDRESS", words.internal);
	add(to, "PCPSCOPE_EXTERNAL_ADDRESS", words.external);
	snprintf(number, sizeof number, "%u", common_port(hold));
	add(to, "PCPSCOPE_EXTERNAL_PORT", number);
	for (size_t i = 0; i < hold->nleg; i++) {
		snprintf(name, sizeof name, "PCPSCOPE_EXTERNAL_PORT_%s",
			 hold->leg[i].protocol == PCP_TCP ? "TCP" : "UDP");
		snprintf(number, sizeof number, "%u", hold->told.external_port[i]);
		add(to, name, number);
	}
	snprintf(number, sizeof number, "%" PRIu32, seconds_left(session, hold));
	add(to, "PCPSCOPE_LIFETIME", number);
	add(to, "PCPSCOPE_SERVER", words.server);
	add(to, "PCPSCOPE_REASON", hold->reason);
}

/* ---- files ---- */

static void to_file(void *arg, const char *line)
{
	fprintf(arg, "%s\n", line);
}

void print_state(const struct session *session, const struct keep *keep, bool json, FILE *file)
{
	struct writer writer = { .json = true, .to = { .arg = file, .line = to_file } };
	struct json object = json_line(&writer);
	char line[512];

	for (size_t i = 0; !json && i < keep_count(keep); i++) {
		print_hold(session, keep_at(keep, i), line, sizeof line);
		fprintf(file, "%s\n", line);
	}
	while (json && json_pass(&object)) {
		json_uint(&object, "mapped", keep_mapped(keep));
		json_begin_array(&object, "holds");
		for (size_t i = 0; i < keep_count(keep); i++) {
			json_begin_object(&object, NULL);
			print_hold_json(session, keep_at(keep, i), &object);
			json_end(&object);
		}
		json_end(&object);
	}
}

/* ---- Prometheus ---- */

static void head(FILE *file, const char *name, const char *type, const char *help)
{
	fprintf(file, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* Labels come from tables and numbers: nothing in them needs a backslash. */
static void labelled(FILE *file, const char *name, const struct keep_hold *hold, size_t leg,
		     const char *server, uint64_t value)
{
	fprintf(file, "%s{protocol=\"%s\",internal_port=\"%u\",server=\"%s\"} %" PRIu64 "\n", name,
		pcp_protocol_text(hold->leg[leg].protocol).text, hold->port, server, value);
}

static uint64_t is_up(const struct session *session, const struct keep_hold *hold, size_t leg)
{
	(void)session;
	return hold->told.external_port[leg] != 0;
}

static uint64_t external_port(const struct session *session, const struct keep_hold *hold,
			      size_t leg)
{
	(void)session;
	return hold->told.external_port[leg];
}

static uint64_t expires(const struct session *session, const struct keep_hold *hold, size_t leg)
{
	usec at = hold->leg[leg].expires_at;

	return at == USEC_NEVER ? 0 : (uint64_t)(session_wall(session, at) / USEC_PER_SEC);
}

static uint64_t changes(const struct session *session, const struct keep_hold *hold, size_t leg)
{
	(void)session, (void)leg;
	return hold->changes;
}

static const struct metric {
	const char *name, *type, *help;
	uint64_t (*value)(const struct session *session, const struct keep_hold *hold, size_t leg);
} metrics[] = {
	{ "pcpscope_mapping_up", "gauge", "Whether the port is mapped.", is_up },
	{ "pcpscope_mapping_external_port", "gauge", "The external port; 0 while it is not mapped.",
	  external_port },
	{ "pcpscope_mapping_expires_timestamp_seconds", "gauge",
	  "When the mapping ends unless it is renewed; 0 while it is not mapped.", expires },
	{ "pcpscope_mapping_changes_total", "counter",
	  "Changes of the port's state, addresses or external ports.", changes },
};

static void put_metric(const struct session *session, const struct keep *keep,
		       const struct metric *metric, FILE *file)
{
	struct words words;

	head(file, metric->name, metric->type, metric->help);
	for (size_t i = 0; i < keep_count(keep); i++) {
		const struct keep_hold *hold = keep_at(keep, i);

		words_of(session, hold, &words);
		for (size_t leg = 0; leg < hold->nleg; leg++)
			labelled(file, metric->name, hold, leg, words.server,
				 metric->value(session, hold, leg));
	}
}

static void put_restarts(const struct session *session, FILE *file)
{
	const struct pcp_client *client = session_client(session);

	head(file, "pcpscope_server_restarts_total", "counter",
	     "Times that the server was seen to have lost its state.");
	for (uint16_t id = 1; id <= pcp_client_nservers(client); id++) {
		const struct pcp_client_server *server = pcp_client_server(client, id);
		char text[ENDPOINT_TEXT], source[PCP_ADDR_TEXT];

		pcp_endpoint_text(&server->config.endpoint[server->current], text, sizeof text);
		pcp_addr_text(server->config.source.addr, source, sizeof source);
		fprintf(file,
			"pcpscope_server_restarts_total{server=\"%s\",source=\"%s\",id=\"%u\"} "
			"%" PRIu32 "\n",
			text, source, id, server->restarts);
	}
}

void print_metrics(const struct session *session, const struct keep *keep,
		   const struct print_counts *counts, FILE *file)
{
	for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++)
		put_metric(session, keep, &metrics[i], file);
	put_restarts(session, file);
	head(file, "pcpscope_command_runs_total", "counter", "Times that the command was run.");
	fprintf(file, "pcpscope_command_runs_total %" PRIu64 "\n", counts->runs);
	head(file, "pcpscope_command_failures_total", "counter", "Of these, that failed.");
	fprintf(file, "pcpscope_command_failures_total %" PRIu64 "\n", counts->failures);
}
