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

static bool make_findings(struct writer_view *view, size_t room)
{
	struct pcp_finding *more = realloc(view->finding, room * sizeof *more);

	if (more) {
		view->finding = more;
		view->room = room;
	}
	return more != NULL;
}

/* The longest text of a leaf escapes each octet as \xNN. */
static bool make_text(struct writer_view *view, size_t octets)
{
	size_t cap = LINES_ROOM + octets * 4 + LINE_ROOM;

	if (cap <= view->cap)
		return true;
	free(view->text);
	view->text = malloc(cap);
	view->cap = view->text ? cap : 0;
	return view->text != NULL;
}

/* Room to judge and print a packet of so many octets; NULL when memory is out. */
static struct writer_view *make_room(struct writer *writer, size_t octets)
{
	struct writer_view *view = writer->view;

	if (!view)
		writer->view = view = calloc(1, sizeof *view);
	if (view && !view->judge)
		view->judge = calloc(1, sizeof *view->judge);
	if (!view || !view->judge || (!view->room && !make_findings(view, PCP_FINDINGS_MAX)))
		return NULL;
	if (writer->json && writer->held && !view->places)
		view->places = json_places_new(); /* without, it is written each time */
	return make_text(view, octets) ? view : NULL;
}

/* Whether no finding is left out; where there was no room for all, there is, and the judge is asked
 * again. */
static bool view_packet(struct writer_view *view, const struct pcp_packet *packet,
			const struct judge_facts *facts)
{
	view->packet = packet;
	do
		view->nfinding =
			judge_packet(view->judge, packet, facts, view->finding, view->room);
	while (view->nfinding > view->room && make_findings(view, view->nfinding));
	return view->nfinding <= view->room;
}

static bool view_message(struct writer_view *view, const struct log *log,
			 const struct message *message, unsigned dialects)
{
	view->packet = &view->judge->packet;
	do
		view->nfinding = judge_message(view->judge, log, message, dialects, view->finding,
					       view->room);
	while (view->nfinding > view->room && make_findings(view, view->nfinding));
	return view->nfinding <= view->room;
}

void write_packet(struct writer *writer, const struct pcp_packet *packet,
		  const struct judge_facts *facts)
{
	struct writer_view *view = make_room(writer, packet->len);

	if (!view || !view_packet(view, packet, facts)) {
		writer_no_memory(writer);
	} else {
		writer->errors += count_errors(view);
		if (writer->json)
			json_packet(writer, view);
		else
			text_packet(writer, view);
	}
	if (!writer->held)
		writer_free_view(writer);
}

void write_message(struct writer *writer, const struct log *log, const struct message *message)
{
	struct writer_view *view = make_room(writer, message->len);

	if (!view || !view_message(view, log, message, writer->dialects)) {
		writer_no_memory(writer);
	} else {
		writer->errors += count_errors(view);
		if (writer->json)
			json_message(writer, message, view);
		else
			text_message(writer, message, view);
	}
	if (!writer->held)
		writer_free_view(writer);
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
