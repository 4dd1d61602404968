/* What text and JSON output share, and the choice between them. */
#include "writer-private.h"

#include <stdarg.h>
#include <stdlib.h>

static void to_file(void *arg, const char *line)
{
	FILE *file = arg;

	fputs(line, file);
	putc_unlocked('\n', file); /* one thread has it */
}

static void flush_file(void *arg)
{
	fflush(arg);
}

static void to_stderr(void *arg, const char *line)
{
	(void)arg;
	fprintf(stderr, "pcpscope: %s\n", line);
}

void writer_stdio(struct writer *writer, FILE *file, bool json)
{
	*writer = (struct writer){ .json = json,
				   .to = { .arg = file,
					   .line = to_file,
					   .lines = to_file,
					   .error = json ? NULL : to_stderr,
					   .flush = flush_file } };
}

/* ---- sentences ---- */

static void sentence(struct writer *writer, bool error, const char *format, va_list ap)
{
	char *line = writer_format(writer->json, format, ap);

	if (!line)
		writer_no_memory(writer);
	else if (writer->json)
		json_sentence(writer, error ? "error" : "note", line);
	else if (error)
		writer_error(writer, line);
	else
		writer_line(writer, line);
	free(line);
}

void write_note(struct writer *writer, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	sentence(writer, false, format, ap);
	va_end(ap);
}

void write_error(struct writer *writer, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	sentence(writer, true, format, ap);
	va_end(ap);
}

/* ---- packets ---- */

static size_t count_errors(const struct writer_view *view)
{
	size_t n = 0;

	for (size_t i = 0; i < view->nfinding; i++)
		n += view->finding[i].rule->severity == PCP_ERROR;
	return n;
}

enum { LINE_ROOM = 1024 }; /* octets of a line beside a text of the packet */

/* The longest text of a leaf escapes each octet as \xNN. */
static bool make_room(struct writer_view *view, size_t octets)
{
	view->cap = LINES_ROOM + octets * 4 + LINE_ROOM;
	view->text = malloc(view->cap);
	view->judge = malloc(sizeof *view->judge);
	view->finding = malloc(PCP_FINDINGS_MAX * sizeof *view->finding);
	return view->text && view->judge && view->finding;
}

static void free_view(struct writer_view *view)
{
	free(view->text);
	free(view->judge);
	free(view->finding);
}

/* Whether there is room for all of them, so that none is left out; if not, there is now, and the
 * judge is to be asked again. */
static bool has_all(struct writer_view *view, size_t n)
{
	struct pcp_finding *more;

	view->nfinding = n;
	if (n <= PCP_FINDINGS_MAX)
		return true;
	more = realloc(view->finding, n * sizeof *more);
	if (more)
		view->finding = more;
	view->failed = !more;
	return false;
}

static bool view_packet(struct writer_view *view, const struct pcp_packet *packet,
			const struct judge_facts *facts)
{
	view->packet = packet;
	if (!make_room(view, packet->len))
		return false;
	if (!has_all(view,
		     judge_packet(view->judge, packet, facts, view->finding, PCP_FINDINGS_MAX)) &&
	    !view->failed)
		judge_packet(view->judge, packet, facts, view->finding, view->nfinding);
	return !view->failed;
}

static bool view_message(struct writer_view *view, const struct log *log,
			 const struct message *message, unsigned dialects)
{
	if (!make_room(view, message->len))
		return false;
	view->packet = &view->judge->packet;
	if (!has_all(view, judge_message(view->judge, log, message, dialects, view->finding,
					 PCP_FINDINGS_MAX)) &&
	    !view->failed)
		judge_message(view->judge, log, message, dialects, view->finding, view->nfinding);
	return !view->failed;
}

void write_packet(struct writer *writer, const struct pcp_packet *packet,
		  const struct judge_facts *facts)
{
	struct writer_view view = { .failed = false };

	if (!view_packet(&view, packet, facts)) {
		writer_no_memory(writer);
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
	struct writer_view view = { .failed = false };

	if (!view_message(&view, log, message, writer->dialects)) {
		writer_no_memory(writer);
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

void write_server(struct writer *writer, const struct pcp_client_server *server, bool in_use,
		  const char *way)
{
	if (writer->json)
		json_server(writer, server, in_use, way);
	else
		text_server(writer, server, in_use, way);
}

void write_moment(struct writer *writer, uint64_t at, uint64_t count, size_t mappings)
{
	if (writer->json)
		json_moment(writer, at, count, mappings);
	else
		text_moment(writer, at, count, mappings);
}

void write_outcome(struct writer *writer, const struct answer *answer)
{
	char sentence[ANSWER_TEXT];

	answer_sentence(answer, 0, sentence, sizeof sentence);
	if (writer->json)
		json_outcome(writer, answer, sentence);
	else if (answer_came(answer))
		write_note(writer, "#%u  %s", answer->exchange, sentence);
	else
		write_error(writer, "#%u: %s", answer->exchange, sentence);
}

void write_event(struct writer *writer, const struct pcp_client_event *event)
{
	if (writer->json)
		json_event(writer, event);
	else
		text_event(writer, event);
}
