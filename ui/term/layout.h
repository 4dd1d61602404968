/* Where everything stands: a pure function of the terminal's size and what is in front. */
#ifndef LAYOUT_H
#define LAYOUT_H

#include <stdbool.h>

enum ui_pane { PANE_COMPOSE, PANE_MAPPINGS, PANE_EXCHANGES, PANE_DECODE, PANE_COUNT };

/* The least that is drawn into: below it one line says so, and only q acts. */
enum { LAYOUT_MIN_WIDTH = 40, LAYOUT_MIN_HEIGHT = 10 };
/* From here on all four panes are in sight. */
enum { LAYOUT_WIDE_WIDTH = 112, LAYOUT_WIDE_HEIGHT = 24 };
/* Stacked panes share one row of tabs; below this height one pane has the screen. */
enum { LAYOUT_STACK_HEIGHT = 18 };
/* From here on sentences may take two rows. */
enum { LAYOUT_TWO_LINES_HEIGHT = 22 };

struct rect {
	int y, x, height, width; /* height 0: not in sight */
};

/* Panes one above the other share the border between them: it is the lower one's top. */
enum layout_edge { LAYOUT_NO_BOTTOM = 1, LAYOUT_JOINED_TOP = 2 };

struct layout_state {
	int width, height;
	enum ui_pane focus;
	enum ui_pane upper; /* which of the panes that share a place was in front last */
	bool zoom;	    /* the focused pane has the screen */
};

enum layout_kind { LAYOUT_TOO_SMALL, LAYOUT_SINGLE, LAYOUT_STACK, LAYOUT_WIDE };

struct layout {
	enum layout_kind kind;
	struct rect status, meaning, footer; /* meaning: two rows where there is height for them */
	struct rect page;		     /* everything between them: full-screen views */
	struct rect pane[PANE_COUNT];	     /* borders included */
	unsigned edges[PANE_COUNT];	     /* enum layout_edge bits */
	/* Panes that share this pane's place, itself included: its top border names them as tabs.
	 */
	unsigned tabs[PANE_COUNT];
};

/* Whether the rectangle has that cell of the screen. */
bool layout_within(const struct rect *box, int y, int x);
void layout_compute(const struct layout_state *state, struct layout *layout);

#endif
