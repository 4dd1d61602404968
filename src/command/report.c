/* What happens in a session, printed as it happens. */
#include "report.h"

#include <string.h>

#include "explain.h"

static const struct message *last_message(const struct report *report)
{
	size_t n = log_nmessages(session_log(report->session));

	return n ? log_message_at(session_log(report->session), n - 1) : NULL;
}

static const struct message *request_of(const struct report *report, uint32_t exchange)
{
	const struct exchange *found = log_exchange(session_log(report->session), exchange);

	return found ? log_message(session_log(report->session), found->first) : NULL;
}

static void explain(struct report *report, const struct pcp_client_event *event)
{
	char text[EXPLAIN_TEXT];

	explain_answer(event->octets, event->len, request_of(report, event->exchange), text,
		       sizeof text);
	if (*text)
		write_note(report->out, "%s", text);
}

/* One line an answer, for pipelines; JSON is a line anyway. */
static void brief(struct report *report, const struct pcp_client_event *event)
{
	struct pcp_node node[PCP_NODES_MAX];
	struct pcp_packet packet;
	char summary[256];

	pcp_decode(&packet, event->octets, event->len, PCP_RESPONSE, report->out->dialects, node,
		   PCP_NODES_MAX);
	pcp_summary(&packet, summary, sizeof summary);
	write_note(report->out, "%s", summary);
}

static void message(struct report *report, const struct pcp_client_event *event)
{
	const struct message *last = last_message(report);
	bool answer = event->kind == CLIENT_ANSWERED || event->kind == CLIENT_UNSOLICITED;

	if (report->muted || (report->level == REPORT_QUIET && !answer))
		return;
	if (report->level == REPORT_QUIET && !report->out->json)
		brief(report, event);
	else if (last)
		write_message(report->out, session_log(report->session), last);
	if (answer && report->level > REPORT_QUIET)
		explain(report, event);
}

static void no_answer(struct report *report, const struct pcp_client_event *event)
{
	const struct pcp_endpoint *to =
		event->server ? &event->server->config.endpoint[event->server->current]
			      : &event->to;
	char text[EXPLAIN_TEXT];

	if (event->kind == CLIENT_UNREACHABLE)
		explain_no_answer(&event->to, event->reason ? event->reason : "unreachable", text,
				  sizeof text);
	else
		explain_no_answer(to, NULL, text, sizeof text);
	write_error(report->out, "%s", text);
}

static void happened(void *arg, const struct pcp_client_event *event)
{
	struct report *report = arg;

	switch (event->kind) {
	case CLIENT_SENT:
	case CLIENT_RESENT:
	case CLIENT_ANSWERED:
	case CLIENT_UNSOLICITED:
	case CLIENT_IGNORED:
		message(report, event);
		return;
	case CLIENT_TIMED_OUT:
	case CLIENT_UNREACHABLE:
		no_answer(report, event);
		return;
	case CLIENT_CANCELLED:
	case CLIENT_RESTARTED:
	case CLIENT_SERVER:
		if (report->level > REPORT_QUIET)
			write_event(report->out, event);
		return;
	case CLIENT_MAPPING:
	case CLIENT_MAPPING_GONE:
		if (report->level == REPORT_EVENTS)
			write_event(report->out, event);
		return;
	}
}

void report_start(struct report *report, struct session *session, struct writer *out,
		  enum report_level level)
{
	*report = (struct report){ .session = session,
				   .out = out,
				   .level = level,
				   .observer = { .event = happened, .arg = report } };
	session_observe(session, &report->observer);
}

void report_stop(struct report *report)
{
	session_unobserve(report->session, &report->observer);
}

void report_silence(struct report *report, uint32_t exchange, usec timeout)
{
	const struct exchange *found = log_exchange(session_log(report->session), exchange);
	const struct message *request = request_of(report, exchange);
	char text[EXPLAIN_TEXT];

	if (!found || found->state != EXCHANGE_WAITING || !request)
		return; /* the end of the exchange was reported when it came */
	explain_no_answer(&request->to, NULL, text, sizeof text);
	write_error(report->out, "#%u: after %.1f s: %s", exchange,
		    (double)timeout / (double)USEC_PER_SEC, text);
}
