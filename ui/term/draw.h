/*
 * Drawing text into a rectangle of the screen. Everything is clipped; widths are columns, not
 * octets. Text is printable UTF-8: ours, or made so by pcp_safe_text and pcp_node_text.
 */
#ifndef DRAW_H
#define DRAW_H

#include <stdbool.h>

#include "layout.h"
#include "theme.h"

enum glyph {
	GLYPH_ELLIPSIS,
	GLYPH_FOLDED,
	GLYPH_OPEN,
	GLYPH_SORTED_UP,
	GLYPH_SORTED_DOWN,
	GLYPH_REQUEST,
	GLYPH_RESPONSE,
	GLYPH_BAR_LEFT, /* of a lifetime: what is left, half a cell of it, what is used */
	GLYPH_BAR_HALF,
	GLYPH_BAR_USED_HALF,
	GLYPH_BAR_USED,
	GLYPH_GRANTED, /* of a row */
	GLYPH_OK,      /* of an answer */
	GLYPH_WAITING,
	GLYPH_REFUSED,
	GLYPH_GONE,
	GLYPH_IGNORED,
	GLYPH_MARK,
	GLYPH_SKIPPED,
	GLYPH_TO_COME,
	GLYPH_FINDING,
	GLYPH_NOTE,
	GLYPH_DIFFERS,
	GLYPH_BY_ITSELF,
	GLYPH_TIMES,
	GLYPH_LOST, /* on the way */
	GLYPH_PART, /* begins here */
	GLYPH_CURSOR,
	GLYPH_ON,
	GLYPH_OFF,
	GLYPH_MORE_ABOVE,
	GLYPH_MORE_BELOW,
	GLYPH_NOW,  /* on a line of time, */
	GLYPH_TICK, /* and what happened there */
	GLYPH_LINE,
	GLYPH_LINE_DOUBLE,
	GLYPH_LINE_DASHED,
	GLYPH_RAIL,
	GLYPH_RAIL_DASHED,
	GLYPH_HEAD_LEFT,
	GLYPH_HEAD_RIGHT,
	GLYPH_COUNT
};

/* ascii: no character beyond US-ASCII (also without a UTF-8 locale); plain: no fillings. */
void draw_init(bool ascii, bool plain);
bool draw_plain(void);
const char *draw_glyph(enum glyph glyph);
/* Step 0 to 7 of a sparkline. */
const char *draw_spark(int step);

/* Columns that the text takes. */
int draw_width(const char *text);
/* Draws at (row, col) of the rectangle as far as it reaches; returns the column after it. */
int draw_text(const struct rect *in, int row, int col, enum style style, const char *text);
int draw_format(const struct rect *in, int row, int col, enum style style, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
/* The same in exactly `width` columns: cut with an ellipsis or filled with blanks. */
int draw_cell(const struct rect *in, int row, int col, int width, enum style style,
	      const char *text);
/* A sentence: where it does not fit it is cut between words, and so marked. */
int draw_prose(const struct rect *in, int row, int col, int width, enum style style,
	       const char *text);
/* One character, `count` times. */
void draw_repeat(const struct rect *in, int row, int col, int count, enum style style,
		 enum glyph glyph);
/* Gives `width` columns that are drawn already another style. */
void draw_restyle(const struct rect *in, int row, int col, int width, enum style style);
/* Text over several rows, broken at blanks; returns the row after it. */
int draw_wrap(const struct rect *in, int row, int col, enum style style, const char *text);
/* Blanks all of it, before a box that stands over others. */
void draw_blank(const struct rect *in);
/* Where the terminal's cursor shall rest: on the focused item, for screen readers. */
void draw_cursor(const struct rect *in, int row, int col);
/* Puts `width` columns that are drawn already on the ground of a style; they keep their colours. */
void draw_ground(const struct rect *in, int row, int col, int width, enum style style);
/* The row under the cursor of a list: a mark at its left edge; in the pane with the focus the whole
 * row on its ground, and the terminal's cursor on it. */
void draw_focus(const struct rect *in, int row, bool focus);
/* Where that is, when all else is drawn. */
void draw_cursor_place(int *y, int *x);

#endif
