/*
 * What the files of the ladder share: view-ladder.c (the page), ladder-rungs.c (what is between
 * client and server), ladder-files.c (the same as text and as SVG).
 */
#ifndef LADDER_H
#define LADDER_H

#include "judge.h"
#include "view.h"

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

/* The i-th message that is shown; NULL beyond the end. */
const struct message *ladder_message(struct ui *ui, size_t i);

/* ---- ladder-rungs.c ---- */

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

void ladder_write_text(struct ui *ui, FILE *file, const void *judge);
void ladder_write_svg(struct ui *ui, FILE *file, const void *judge);

#endif
