/* What text and JSON are both written with: lines, names, times, and the end of memory. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "words.h"
#include "writer-private.h"

static void flush(struct writer *writer)
{
	if (writer->to.flush)
		writer->to.flush(writer->to.arg);
}

void writer_line(struct writer *writer, const char *line)
{
	writer->to.line(writer->to.arg, line);
	if (!writer->held)
		flush(writer);
}

void writer_lines(struct writer *writer, char *lines)
{
	if (writer->to.lines)
		writer->to.lines(writer->to.arg, lines);
	for (char *end; lines && !writer->to.lines; lines = end) {
		end = strchr(lines, '\n');
		if (end)
			*end++ = '\0';
		writer->to.line(writer->to.arg, lines);
	}
	if (!writer->held)
		flush(writer);
}

void writer_hold(struct writer *writer)
{
	writer->held = true;
}

void writer_free_view(struct writer *writer)
{
	struct writer_view *view = writer->view;

	free(writer->line);
	writer->line = NULL;
	if (!view)
		return;
	free(view->text);
	free(view->judge);
	free(view->finding);
	free(view->places);
	free(view);
	writer->view = NULL;
}

void writer_let_go(struct writer *writer)
{
	writer->held = false;
	writer_free_view(writer);
	flush(writer);
}

void writer_error(struct writer *writer, const char *line)
{
	if (writer->to.error) {
		flush(writer); /* both may end in one terminal or file */
		writer->to.error(writer->to.arg, line);
	} else {
		writer_line(writer, line);
	}
}

void writer_no_memory(struct writer *writer)
{
	writer->failed = true;
	if (writer->json)
		writer_line(writer, "{\"error\":\"out of memory\"}");
	else
		writer_error(writer, "out of memory");
}

/* Names of files and hosts, and whatever else a sentence holds, do nothing to a terminal. JSON has
 * escapes of its own. */
static char *made_safe(char *line)
{
	size_t len = pcp_safe_line(line, NULL, 0);
	char *safe;

	if (len == strlen(line)) /* an escape is longer than its octet */
		return line;
	safe = malloc(len + 1);
	if (safe)
		pcp_safe_line(line, safe, len + 1);
	free(line);
	return safe;
}

char *writer_format(bool json, const char *format, va_list ap)
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
	return line && !json ? made_safe(line) : line;
}

void writer_printf(struct writer *writer, const char *format, ...)
{
	va_list ap;
	char *line;

	va_start(ap, format);
	line = writer_format(false, format, ap);
	va_end(ap);
	if (line)
		writer_line(writer, line);
	else
		writer_no_memory(writer);
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

static void out_digits(struct pcp_out *out, int value, size_t least, const char *behind)
{
	pcp_out_digits(out, (unsigned)value, least);
	pcp_out_text(out, behind);
}

struct tm writer_local(usec wall)
{
	time_t seconds = (time_t)(wall / USEC_PER_SEC);
	struct tm tm;

	localtime_r(&seconds, &tm);
	return tm;
}

static void out_hours(struct pcp_out *out, const struct tm *tm)
{
	out_digits(out, tm->tm_hour, 2, ":");
	out_digits(out, tm->tm_min, 2, ":");
	out_digits(out, tm->tm_sec, 2, ".");
}

bool writer_has_second(const struct writer_second *second, usec wall)
{
	return *second->text && second->second == wall / USEC_PER_SEC;
}

void writer_set_here(struct writer_second *here, const struct tm *tm, usec wall)
{
	struct pcp_out out;

	here->second = wall / USEC_PER_SEC;
	pcp_out_begin(&out, here->text, sizeof here->text);
	out_hours(&out, tm);
}

void writer_out_here(struct pcp_out *out, const struct writer_second *here, usec wall)
{
	pcp_out_text(out, here->text);
	out_digits(out, (int)(wall % USEC_PER_SEC / 1000), 3, "");
}

void writer_clock(usec wall, char buf[WRITER_TIME])
{
	struct tm tm = writer_local(wall);
	struct writer_second here;
	struct pcp_out out;

	writer_set_here(&here, &tm, wall);
	pcp_out_begin(&out, buf, WRITER_TIME);
	writer_out_here(&out, &here, wall);
}

static void set_utc(struct writer_second *utc, usec wall)
{
	time_t seconds = (time_t)(wall / USEC_PER_SEC);
	struct pcp_out out;
	struct tm tm;

	utc->second = wall / USEC_PER_SEC;
	gmtime_r(&seconds, &tm);
	pcp_out_begin(&out, utc->text, sizeof utc->text);
	out_digits(&out, tm.tm_year + 1900, 4, "-");
	out_digits(&out, tm.tm_mon + 1, 2, "-");
	out_digits(&out, tm.tm_mday, 2, "T");
	out_hours(&out, &tm);
}

void writer_out_utc(struct pcp_out *out, struct writer_second *utc, usec wall)
{
	if (!writer_has_second(utc, wall))
		set_utc(utc, wall);
	pcp_out_text(out, utc->text);
	out_digits(out, (int)(wall % USEC_PER_SEC), 6, "Z");
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
