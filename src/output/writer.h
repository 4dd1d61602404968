/* Output as text for people or JSON for programs, behind one interface. */
#ifndef WRITER_H
#define WRITER_H

#include <stdio.h>

#include "answer.h"
#include "client.h"
#include "judge.h"
#include "log.h"

/* Where lines go. Exchanged as a whole: each function is for this arg. */
struct writer_to {
	void *arg;
	/* One finished line, without its newline; text or a JSON object. */
	void (*line)(void *arg, const char *line);
	/* Several of them, with a newline between one and the next; NULL: each by line(). */
	void (*lines)(void *arg, const char *lines);
	/* The same for what went wrong; NULL: line serves. */
	void (*error)(void *arg, const char *line);
	/* What was written goes out at once; NULL: it has. */
	void (*flush)(void *arg);
};

/* A second as it is written, without its fraction: many messages have the same. */
struct writer_second {
	usec second;
	char text[40]; /* empty: none yet */
};

struct writer {
	struct writer_to to;
	bool json;
	bool held; /* until it is let go, or an error comes, lines may wait for more of them */
	unsigned dialects; /* enum pcp_dialect bits: how packets are read */
	size_t errors;	   /* findings of that severity that were written, in all packets */
	int day;	   /* of the last message in text, as 20260131; 0: none yet */
	struct writer_second here, utc; /* of its wall time, in text and in JSON */
	bool failed; /* memory ran out, and a line says so in place of what was to be written */
	char *line;  /* private: for the next line of JSON, while lines are held, */
	size_t room; /* and so many octets of it; or how many that one is to have */
	struct writer_view
		*view; /* private: what a packet took while lines are held, for the next */
};

/* Says that memory is out: an error, and writer->failed. */
void writer_no_memory(struct writer *writer);

/* Lines go to `file` and are flushed; errors to stderr in text, to `file` in JSON. */
void writer_stdio(struct writer *writer, FILE *file, bool json);
/* For a command that reads what is there already: its lines go out in large pieces, since nobody
 * waits for one of them. */
void writer_hold(struct writer *writer);
void writer_let_go(struct writer *writer);
/* A packet in full: fields with offsets, findings. facts: NULL when nothing is known of it. */
void write_packet(struct writer *writer, const struct pcp_packet *packet,
		  const struct judge_facts *facts);
/* A message of an exchange: time, direction, endpoints, rtt, then the packet. */
void write_message(struct writer *writer, const struct log *log, const struct message *message);
void write_mapping(struct writer *writer, const struct pcp_mapping *mapping, usec now);
/* A server of the session; in_use: the one that requests go to; way: "open", or else what is said
 * of it. */
void write_server(struct writer *writer, const struct pcp_client_server *server, bool in_use,
		  const char *way);
/* Of an open capture: after which of its `count` datagrams it stands, and how many mappings do. */
void write_moment(struct writer *writer, uint64_t at, uint64_t count, size_t mappings);
/* What came of a request: its sentence, where nothing was answered as an error; in JSON an object
 * of the event "outcome". */
void write_outcome(struct writer *writer, const struct answer *answer);
void write_event(struct writer *writer, const struct pcp_client_event *event);
enum { WRITER_TIME = 80 };
/* Wall time as people read it here and now: 12:04:30.112. */
void writer_clock(usec wall, char buf[WRITER_TIME]);
/* printf-style; in JSON {"note":...} and {"error":...}. */
void write_note(struct writer *writer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void write_error(struct writer *writer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
