/* What the files of Exchanges share: view-exchanges.c (its rows), exchanges-filter.c
 * (which of them are shown), exchanges-lines.c (what is in sight of them), exchanges-notes.c (what
 * happened beside), exchanges-draw.c (how they look), exchanges-hints.c (what is said where there
 * is little to see), exchanges-keys.c (what keys do with them). */
#ifndef EXCHANGES_LIST_H
#define EXCHANGES_LIST_H

#include "findings.h"
#include "judge.h"
#include "rows.h"
#include "view.h"

/* What happened beside the datagrams: a mapping expired, was lost or renewed by itself, a server
 * restarted, an exchange was given up. */
struct exchange_note {
	uint32_t after; /* the message that it came after; 0: before all */
	usec at, wall;
	enum glyph sign;
	bool restart;	/* of the server, and */
	uint32_t count; /* mappings lost at that moment */
	char text[120];
};

enum exchange_line_kind {
	LINE_EXCHANGE, /* a request and what came of it */
	LINE_MESSAGE,  /* a datagram of one that is unfolded */
	LINE_STRIKE,   /* what a fault of the lab did to the request above */
	LINE_NEXT,     /* its next try */
	LINE_LONE,     /* a datagram of no exchange */
	LINE_NOTE
};

struct exchange_line {
	enum exchange_line_kind kind;
	const struct exchange *exchange;
	const struct message *message; /* EXCHANGE: its request */
	const struct exchange_note *note;
	const struct session_strike *strike;
	bool open; /* EXCHANGE: its datagrams stand below */
};

enum { NOTE_ROW = 0x40000000 }; /* a row with that bit is the note of that number, from 0 on */
enum { EXCHANGES_VERDICTS = 256, EXCHANGES_OPEN_MAX = 32 };

/* Of the filter on an exchange, as far as it was read. */
struct exchange_verdict {
	uint32_t exchange, read; /* message */
	bool contains;
};

enum { EXCHANGE_HOSTS_TEXT = 2 * 48 };

/* The hosts and servers of an open capture's requests. */
struct exchange_hosts {
	uint32_t number;	    /* of the capture (struct moment) */
	uint32_t seen;		    /* the last exchange looked at */
	bool any, clients, servers; /* one is known; there is more than one */
	uint8_t client[PCP_ADDR_LEN], server[PCP_ADDR_LEN]; /* the first */
	size_t shared; /* octets that all their addresses begin with */
	int width;     /* columns of the widest */
};

struct exchanges {
	struct rows rows; /* a request, a datagram of no exchange or a note each */
	struct list list; /* of lines: rows, and the datagrams of those that are unfolded */
	uint32_t row;	  /* under the cursor; with `below`, the line so many below it */
	size_t below;
	uint32_t struck;  /* the exchange that was unfolded because a fault struck it */
	uint32_t moment;  /* the message of an open capture's moment that the cursor went to */
	uint32_t chosen;  /* what the cursor put into the selection */
	uint64_t dropped; /* of the log and of the notes, as of the rows */
	char filter[128];
	uint32_t filter_number; /* how often it was changed */
	struct exchange_verdict verdict[EXCHANGES_VERDICTS];
	struct {
		uint32_t exchange;
		size_t row, lines;
	} open[EXCHANGES_OPEN_MAX]; /* by row */
	size_t nopen;
	struct exchange_note *note;
	size_t nnote, note_cap;
	uint32_t first_note; /* the number of the first that is kept */
	uint32_t mark[2];    /* messages to compare; 0: none */
	struct judge *judge;
	struct findings findings; /* on the message read last */
	struct exchange_hosts hosts;
};

static inline struct exchanges *exchanges_of(struct ui *ui)
{
	return ui->state[VIEW_EXCHANGES];
}
/* Line i of the list as it is now; false beyond the end. */
bool exchanges_line(struct ui *ui, size_t i, struct exchange_line *line);
/* The one under the cursor; false where there is none. */
bool exchanges_at(struct ui *ui, struct exchange_line *line);
/* The message that a line is about: of an exchange its answer, or what there is; NULL for a note.
 */
const struct message *exchanges_message(struct ui *ui, const struct exchange_line *line);
/* Shows or hides an exchange's datagrams; true: they are shown now. */
bool exchanges_fold(struct ui *ui, uint32_t exchange, bool open);
bool exchanges_is_open(struct ui *ui, uint32_t exchange);
void exchanges_moved(struct ui *ui);

/* ---- exchanges-lines.c ---- */

/* Finds where the unfolded ones are now; how many lines they add to the rows. */
size_t exchanges_place_open(struct ui *ui);
/* The row that a line is or belongs to; *below: how far under it. And where a row's line is. */
size_t exchanges_row_of(const struct exchanges *exchanges, size_t line, size_t *below);
size_t exchanges_line_of(const struct exchanges *exchanges, size_t row_number);

/* ---- exchanges-notes.c ---- */

/* The place of the k-th note among messages and notes, and how many notes stand before a place. */
size_t exchanges_note_place(struct ui *ui, size_t k);
size_t exchanges_notes_before(struct ui *ui, size_t i);
/* The note that a row is; NULL: it is none, or is no longer kept. */
const struct exchange_note *exchanges_note(const struct exchanges *exchanges, uint32_t row_id);
/* Notes that the server restarted; what is lost at that moment is told in the same row. */
void exchanges_note_restart(struct ui *ui, const struct pcp_client_event *event);
/* Notes what became of a mapping without a datagram of its own. */
void exchanges_note_mapping(struct ui *ui, const struct pcp_client_event *event);
/* Notes that an exchange was a renewal by itself, or that it is given up. */
void exchanges_note_exchange(struct ui *ui, const struct pcp_client_event *event);

/* ---- exchanges-hosts.c ---- */

/* Looks at some of the exchanges that have come since; false while there are more. */
bool exchange_hosts_look(struct exchange_hosts *hosts, const struct log *log);
/* Who asked, and, where there are several servers, whom: "10.9.0.2", ".2>.1" where the heading has
 * the rest. "" where there is one of each. The columns that it takes. */
int exchange_hosts_text(const struct exchange_hosts *hosts, const struct message *request,
			char *buf, size_t cap);
/* What all the addresses begin with and the rows leave out: "10.9.0."; "" when that is nothing. */
void exchange_hosts_heading(const struct exchange_hosts *hosts, char *buf, size_t cap);

/* ---- exchanges-draw.c ---- */

/* The column that rows start at, behind their number, and the width from which on they have times.
 */
enum { EXCHANGES_LEFT = 5, EXCHANGES_TIMED = 60 };

void exchanges_draw_headings(struct ui *ui, const struct rect *in);
void exchanges_draw_line(struct ui *ui, const struct rect *in, int at,
			 const struct exchange_line *line);

/* ---- exchanges-hints.c ---- */

/* Below one that nobody answers: what that may mean. */
void exchanges_draw_silence(struct ui *ui, const struct rect *in);
/* Of no exchange: what the signs mean, and what to press. */
void exchanges_draw_nothing(struct ui *ui, const struct rect *in);

#endif
