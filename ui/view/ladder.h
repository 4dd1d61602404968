/*
 * What the files of the ladder share: view-ladder.c (the page), ladder-rows.c (which messages it
 * shows), ladder-rungs.c (what is between client and server), ladder-files.c (the same as text and
 * as SVG).
 */
#ifndef LADDER_H
#define LADDER_H

#include <stdio.h>

#include "judge.h"
#include "rows.h"
#include "view.h"

struct ladder {
	struct list list; /* of messages; with the filter of Exchanges of those in `rows` */
	struct judge *judge;
	struct rows rows;
	uint32_t filter;  /* the number of that one */
	uint64_t dropped; /* of the log, as of the rows */
	uint32_t id;	  /* message under the cursor: it keeps the cursor when rows move */
};

static inline struct ladder *ladder_of(struct ui *ui)
{
	return ui->state[VIEW_LADDER];
}

/* ---- ladder-rows.c ---- */

bool ladder_filtered(struct ui *ui);
/* How many messages are shown, and the i-th; NULL beyond the end. */
size_t ladder_messages(struct ui *ui);
const struct message *ladder_message(struct ui *ui, size_t i);
/* Where the message is among those shown, or one near it. */
size_t ladder_place(struct ui *ui, uint32_t id);
/* Works at the rows for one slice, and finds the cursor's again. */
void ladder_update(struct ui *ui);

/* ---- ladder-rungs.c ---- */

enum ladder_kind {
	RUNG_MESSAGE,
	RUNG_PAUSE,  /* of more than a second, before the message */
	RUNG_ANSWER, /* of the message, lost on its way */
	RUNG_BREAK   /* the message shows that the server lost its state */
};

/* One row between the two: all that screen, text and SVG show of it. */
struct ladder_rung {
	enum ladder_kind kind;
	const struct message *message;
	char clock[24], text[240];
	char number[16]; /* "#3" */
	char note[96];	 /* "0.3 ms, 21 s", with its sign before it: */
	enum glyph sign; /* GLYPH_COUNT: none */
	bool to_client;
	bool waiting;  /* for an answer, still */
	char lost[64]; /* why it never arrived; "": it did, or nobody knows */
	enum style style;
};

enum { LADDER_RUNGS = 4 };

/* The rungs of a message, in their order; before: the one shown before it, NULL: no pause is told.
 * How many there are. */
size_t ladder_rungs(struct ui *ui, struct judge *judge, const struct message *message,
		    const struct message *before, struct ladder_rung rung[LADDER_RUNGS]);
/* How many it has, without what they say. */
size_t ladder_count(struct ui *ui, const struct message *message, const struct message *before);
/* Who stands on the left and on the right. */
void ladder_ends(struct ui *ui, char *client, char *server, size_t cap);

/* What arrows are made of: glyphs on the screen, ASCII in files. */
struct ladder_strokes {
	const char *line, *dash, *rail, *left, *right, *lost, *cut;
};

/* Columns of the rung's text, and of what says that it was lost, behind the left rail. */
struct ladder_places {
	int text, text_width, lost, lost_width;
};

/* The rung as text, `width` columns between the rails, which stand at its ends. */
struct ladder_places ladder_arrow(const struct ladder_rung *rung, int width,
				  const struct ladder_strokes *with, char *buf, size_t cap);

/* ---- ladder-files.c ---- */

/* For save_as(). */
bool ladder_write_text(struct ui *ui, FILE *file, const void *judge);
bool ladder_write_svg(struct ui *ui, FILE *file, const void *judge);

#endif
