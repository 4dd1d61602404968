/* What text and JSON output share, and the choice between them. */
#include "writer-private.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void to_file(void *arg, const char *line)
{
	FILE *file = arg;

	fputs(line, file);
	fputc('\n', file);
	fflush(file);
}

static void to_stderr(void *arg, const char *line)
{
	(void)arg;
	fprintf(stderr, "pcpscope: %s\n", line);
}

void writer_stdio(struct writer *writer, FILE *file, bool json)
{
	*writer = (struct writer){ .json = json, .line = to_file, .arg = file };
	if (!json)
		writer->error = to_stderr;
}

void writer_line(struct writer *writer, const char *line)
{
	writer->line(writer->arg, line);
}

/* The formatted line in memory of its own, so that no text is cut; NULL when memory is out. */
static char *format_line(const char *format, va_list ap)
{
	va_list again;
	char *line;
	int len;

	va_copy(again, ap);
	len = vsnprintf(NULL, 0, format, again);
	va_end(again);
	line = len < 0 ? NULL : malloc((size_t)len + 1);
	if (line)
		vsnprintf(line, (size_t)len + 1, format, ap);
	return line;
}

void writer_printf(struct writer *writer, const char *format, ...)
{
	va_list ap;
	char *line;

	va_start(ap, format);
	line = format_line(format, ap);
	va_end(ap);
	writer_line(writer, line ? line : "out of memory");
	free(line);
}

static void plain_error(struct writer *writer, const char *line)
{
	if (writer->error)
		writer->error(writer->arg, line);
	else
		writer_line(writer, line);
}

void write_note(struct writer *writer, const char *format, ...)
{
	va_list ap;
	char *line;

	va_start(ap, format);
	line = format_line(format, ap);
	va_end(ap);
	if (writer->json)
		json_sentence(writer, "note", line ? line : "out of memory");
	else
		writer_line(writer, line ? line : "out of memory");
	free(line);
}

void write_error(struct writer *writer, const char *format, ...)
{
	va_list ap;
	char *line;

	va_start(ap, format);
	line = format_line(format, ap);
	va_end(ap);
	if (writer->json)
		json_sentence(writer, "error", line ? line : "out of memory");
	else
		plain_error(writer, line ? line : "out of memory");
	free(line);
}

const char *writer_direction(const struct pcp_packet *packet)
{
	return packet->direction == PCP_RESPONSE ? "response" : "request";
}

const char *writer_protocol(const struct pcp_packet *packet)
{
	return packet->protocol == PCP_PROTOCOL_NATPMP ? "NAT-PMP" : "PCP";
}

void writer_time(usec wall, char buf[WRITER_TIME])
{
	time_t seconds = (time_t)(wall / USEC_PER_SEC);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	snprintf(buf, WRITER_TIME, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", tm.tm_year + 1900,
		 tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
		 (int)(wall % USEC_PER_SEC));
}

void writer_clock(usec wall, char buf[WRITER_TIME])
{
	time_t seconds = (time_t)(wall / USEC_PER_SEC);
	struct tm tm;

	localtime_r(&seconds, &tm);
	snprintf(buf, WRITER_TIME, "%02d:%02d:%02d.%03d", tm.tm_hour, tm.tm_min, tm.tm_sec,
		 (int)(wall % USEC_PER_SEC / 1000));
}

/* ---- packets ---- */

static size_t count_errors(const struct writer_view *view)
{
	size_t n = 0;

	for (size_t i = 0; i < view->nfinding; i++)
		n += view->finding[i].rule->severity == PCP_ERROR;
	return n;
}

/* The longest text of a leaf escapes each octet as \xNN. */
static bool make_room(struct writer_view *view, size_t octets)
{
	view->cap = octets * 4 + 128;
	view->text = malloc(view->cap);
	view->judge = malloc(sizeof *view->judge);
	view->finding = NULL;
	return view->text && view->judge;
}

static void free_view(struct writer_view *view)
{
	free(view->text);
	free(view->judge);
	free(view->finding);
}

/* The findings are counted first, so that none is left out. */
static bool count_findings(struct writer_view *view, size_t n)
{
	view->nfinding = n;
	view->finding = calloc(n ? n : 1, sizeof *view->finding);
	return view->finding != NULL;
}

static bool view_packet(struct writer_view *view, const struct pcp_packet *packet,
			const struct judge_facts *facts)
{
	view->packet = packet;
	if (!make_room(view, packet->len) ||
	    !count_findings(view, judge_packet(view->judge, packet, facts, NULL, 0)))
		return false;
	judge_packet(view->judge, packet, facts, view->finding, view->nfinding);
	return true;
}

static bool view_message(struct writer_view *view, const struct log *log,
			 const struct message *message, unsigned dialects)
{
	if (!make_room(view, message->len) ||
	    !count_findings(view, judge_message(view->judge, log, message, dialects, NULL, 0)))
		return false;
	judge_message(view->judge, log, message, dialects, view->finding, view->nfinding);
	view->packet = &view->judge->packet;
	return true;
}

void write_packet(struct writer *writer, const struct pcp_packet *packet,
		  const struct judge_facts *facts)
{
	struct writer_view view;

	if (!view_packet(&view, packet, facts)) {
		write_error(writer, "out of memory");
	} else {
		writer->errors += count_errors(&view);
		if (writer->json)
			json_packet(writer, &view);
		else
			text_packet(writer, &view);
	}
	free_view(&view);
}

void write_message(struct writer *writer, const struct log *log, const struct message *message)
{
	struct writer_view view;

	if (!view_message(&view, log, message, writer->dialects)) {
		write_error(writer, "out of memory");
	} else {
		writer->errors += count_errors(&view);
		if (writer->json)
			json_message(writer, message, &view);
		else
			text_message(writer, message, &view);
	}
	free_view(&view);
}

void write_mapping(struct writer *writer, const struct pcp_mapping *mapping, usec now)
{
	if (writer->json)
		json_mapping(writer, mapping, now);
	else
		text_mapping(writer, mapping, now);
}

void write_server(struct writer *writer, const struct pcp_client_server *server, bool in_use)
{
	if (writer->json)
		json_server(writer, server, in_use);
	else
		text_server(writer, server, in_use);
}

void write_moment(struct writer *writer, uint64_t at, uint64_t count, size_t mappings)
{
	if (writer->json)
		json_moment(writer, at, count, mappings);
	else
		text_moment(writer, at, count, mappings);
}

void write_event(struct writer *writer, const struct pcp_client_event *event)
{
	if (writer->json)
		json_event(writer, event);
	else
		text_event(writer, event);
}

const char *writer_event_name(enum pcp_client_event_kind kind)
{
	static const char *const names[] = {
		[CLIENT_SENT] = "sent",		  [CLIENT_RESENT] = "resent",
		[CLIENT_ANSWERED] = "answered",	  [CLIENT_UNSOLICITED] = "unsolicited",
		[CLIENT_IGNORED] = "ignored",	  [CLIENT_TIMED_OUT] = "timed-out",
		[CLIENT_CANCELLED] = "cancelled", [CLIENT_UNREACHABLE] = "unreachable",
		[CLIENT_MAPPING] = "mapping",	  [CLIENT_MAPPING_GONE] = "mapping-gone",
		[CLIENT_RESTARTED] = "restarted", [CLIENT_SERVER] = "server",
	};

	return names[kind];
}

const char *writer_message_name(enum message_kind kind)
{
	static const char *const names[] = {
		[MESSAGE_REQUEST] = "sent",	 [MESSAGE_RESENT] = "resent",
		[MESSAGE_RESPONSE] = "answered", [MESSAGE_UNSOLICITED] = "unsolicited",
		[MESSAGE_IGNORED] = "ignored",
	};

	return names[kind];
}
