/* Between writer.c, writer-common.c, writer-text.c, writer-json.c and json.c. */
#ifndef WRITER_PRIVATE_H
#define WRITER_PRIVATE_H

#include <stdarg.h>
#include <time.h>

#include "out.h"
#include "writer.h"

/* A decoded packet with what is needed to print it. */
struct writer_view {
	const struct pcp_packet *packet;
	struct judge *judge;
	struct pcp_finding *finding;
	size_t nfinding, room; /* findings: how many, and room for how many */
	char *text; /* room for lines, and then for the longest, of a leaf or of a message */
	size_t cap;
	struct json_places *places; /* NULL: none are kept */
};
enum { LINES_ROOM = 4096 };
void writer_free_view(struct writer *writer);

void writer_line(struct writer *writer, const char *line);
/* Several, with a newline between one and the next; they are cut up where that is needed. */
void writer_lines(struct writer *writer, char *lines);
void writer_error(struct writer *writer, const char *line); /* in text */
/* Says that memory is out, without any: instead of a line, never in the middle of one. */
/* The formatted line in memory of its own, so that no text is cut; NULL when memory is out. */
char *writer_format(bool json, const char *format, va_list ap);
void writer_printf(struct writer *writer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
const char *writer_direction(const struct pcp_packet *packet);
const char *writer_protocol(const struct pcp_packet *packet);
const char *writer_event_name(enum pcp_client_event_kind kind);
const char *writer_message_name(enum message_kind kind);
/* Wall time here; what a second of it is, once for all messages of it; and a message's, as
 * writer_clock() writes it. */
struct tm writer_local(usec wall);
bool writer_has_second(const struct writer_second *second, usec wall);
void writer_set_here(struct writer_second *here, const struct tm *tm, usec wall);
void writer_out_here(struct pcp_out *out, const struct writer_second *here, usec wall);
/* 2026-01-31T12:04:30.112000Z */
void writer_out_utc(struct pcp_out *out, struct writer_second *utc, usec wall);

void text_packet(struct writer *writer, const struct writer_view *view);
void text_message(struct writer *writer, const struct message *message,
		  const struct writer_view *view);
void text_mapping(struct writer *writer, const struct pcp_mapping *mapping, usec now);
void text_server(struct writer *writer, const struct pcp_client_server *server, bool in_use,
		 const char *way);
void text_moment(struct writer *writer, uint64_t at, uint64_t count, size_t mappings);
void text_event(struct writer *writer, const struct pcp_client_event *event);

/* Where the fields stood in the packets before, as JSON; NULL when memory is out. */
struct json_places *json_places_new(void);
void json_packet(struct writer *writer, const struct writer_view *view);
void json_message(struct writer *writer, const struct message *message,
		  const struct writer_view *view);
void json_mapping(struct writer *writer, const struct pcp_mapping *mapping, usec now);
void json_server(struct writer *writer, const struct pcp_client_server *server, bool in_use,
		 const char *way);
void json_moment(struct writer *writer, uint64_t at, uint64_t count, size_t mappings);
void json_event(struct writer *writer, const struct pcp_client_event *event);
void json_outcome(struct writer *writer, const struct answer *answer, const char *sentence);
void json_sentence(struct writer *writer, const char *key, const char *sentence);

#endif
