/* What happens in a session, printed as it happens. */
#include "report.h"

#include "reading.h"

#include <string.h>

/* NULL: the log has none that is new. */
static const struct message *new_message(struct report *report)
{
	const struct log *log = session_log(report->session);
	size_t n = log_nmessages(log);
	const struct message *last = n ? log_message_at(log, n - 1) : NULL;

	if (!last || last->id == report->seen)
		return NULL;
	report->seen = last->id;
	return last;
}

/* One line for news of the server, for pipelines; JSON is a line anyway. */
static void brief(struct report *report, const struct pcp_client_event *event)
{
	struct reading reading;
	char summary[256];

	reading_open(&reading, event->octets, event->len, PCP_RESPONSE, report->out->dialects);
	pcp_summary(&reading.packet, summary, sizeof summary);
	write_note(report->out, "%s", summary);
	reading_close(&reading);
}

/* What the log has no memory for cannot be printed: that is said, and fails the command. */
static bool is_missing(struct report *report)
{
	uint64_t missed = session_missed(report->session);

	if (missed == report->missed)
		return false;
	report->missed = missed;
	writer_no_memory(report->out);
	return true;
}

static void message(struct report *report, const struct pcp_client_event *event)
{
	const struct message *last = new_message(report);
	bool answer = event->kind == CLIENT_ANSWERED || event->kind == CLIENT_UNSOLICITED;

	if (is_missing(report)) /* the last message is another */
		return;
	if (report->muted || (report->level == REPORT_QUIET && !answer))
		return;
	if (report->level == REPORT_QUIET && !report->out->json) {
		if (event->kind == CLIENT_UNSOLICITED) /* an answer is told by report_outcome */
			brief(report, event);
	} else if (last)
		write_message(report->out, session_log(report->session), last);
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
		report_outcome(report, event->exchange, false);
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
	(void)new_message(report);
	session_observe(session, &report->observer);
}

void report_stop(struct report *report)
{
	is_missing(report);
	session_unobserve(report->session, &report->observer);
}

void report_outcome(struct report *report, uint32_t exchange, bool over)
{
	const struct session *session = report->session;
	const struct exchange *found = log_exchange(session_log(session), exchange);
	struct answer answer = { .log = session_log(session),
				 .client = session_client(session),
				 .exchange = exchange,
				 .now = session_now(session),
				 .ascii = true,
				 .example = session_lab(session) != NULL,
				 .lab_why = session_lab_why(session, exchange),
				 .over = over };

	if (!found && session_missed(session))
		writer_no_memory(report->out);
	if (report->told == exchange || answer_verdict(&answer) == ANSWER_UNKNOWN)
		return;
	report->told = exchange;
	write_outcome(report->out, &answer);
}
