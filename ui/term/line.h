/*
 * A line of parts, each in its style: the status, a title bar, an answer. Where there is no room
 * for all parts, those of the highest rank go first, and what has to go goes whole.
 */
#ifndef LINE_H
#define LINE_H

#include "draw.h"

enum { LINE_PARTS_MAX = 24, LINE_TEXT = 2048 };

struct line_part {
	size_t text; /* where its text stands */
	enum style style;
	int rank; /* 0: never goes, but is cut where all else has gone */
	int gap;  /* columns before it */
};

struct line {
	struct line_part part[LINE_PARTS_MAX];
	size_t count, used;
	char text[LINE_TEXT]; /* of the parts, each with its NUL */
};

/* Adds a part; beyond LINE_PARTS_MAX nothing. */
void line_add(struct line *line, int rank, int gap, enum style style, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
/* Columns that it takes. */
int line_width(const struct line *line);
/* Leaves out what does not fit into so many columns. */
void line_fit(struct line *line, int width);
/* Draws it from a column on; returns the column after it. */
int line_draw(const struct line *line, const struct rect *in, int row, int col);

/* "↑12 ↓30": rows hidden above and below. */
void line_add_hidden(struct line *line, size_t above, size_t below);

/* Parts of a line that stand for one thing: from `first` on, `count` of them. */
struct line_span {
	size_t first, count;
};
/* A title bar: `left` on its left, `right` on its right as far as there is room, and between them
 * the bar. With the focus the whole bar shows it, or the span alone where that is not empty: the
 * tab in front. */
void line_draw_bar(struct line *left, struct line *right, const struct rect *in, bool focus,
		   struct line_span tab);

#endif
