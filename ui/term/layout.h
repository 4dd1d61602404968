/*
 * Where everything stands: a pure function of the terminal's size and what is in front. Bands from
 * above; a pane is a bar and what is under it; one column, the spine, divides all of them: what I
 * put in on its left, what came of it on its right.
 */
#ifndef LAYOUT_H
#define LAYOUT_H

#include <stdbool.h>

enum ui_pane { PANE_COMPOSE, PANE_MAPPINGS, PANE_EXCHANGES, PANE_DECODE, PANE_COUNT };

/* The least that is drawn into: below it one line says so, and only q acts. */
enum { LAYOUT_MIN_WIDTH = 40, LAYOUT_MIN_HEIGHT = 10 };
/* From here on all four panes are in sight, and from there on a third column. */
enum {
	LAYOUT_WIDE_WIDTH = 120,
	LAYOUT_WIDE_HEIGHT = 36,
	LAYOUT_THIRD_WIDTH = 160,
	LAYOUT_THIRD_HEIGHT = 50
};
/* Below this height one pane has the screen, and the line of meaning goes. */
enum { LAYOUT_STACK_HEIGHT = 18, LAYOUT_MEANING_HEIGHT = 18 };
/* From here on a panel in Compose's place leaves Exchanges room beside it. */
enum { LAYOUT_DOCK_WIDTH = 76 };
/* The column that divides every page. */
enum { LAYOUT_SPINE = 46 };

struct rect {
	int y, x, height, width; /* height 0: not in sight */
};

struct layout_state {
	int width, height;
	enum ui_pane focus;
	enum ui_pane upper; /* which of the panes that share a place was in front last */
	bool zoom;	    /* the focused pane has the screen */
	int below_status;   /* rows that something wants there; Mappings gives them up */
	int above_answer;   /* rows that something wants there; Decode gives them up */
	bool dock;	    /* the panel was called: it stands in Compose's place, or beside */
	/* Rows that Mappings has, and that Compose and Exchanges want, or had and wanted at this
	 * size: they never shrink. What they leave is Decode's. */
	int rows, middle;
};

enum layout_kind { LAYOUT_TOO_SMALL, LAYOUT_SINGLE, LAYOUT_STACK, LAYOUT_WIDE };

struct layout {
	enum layout_kind kind;
	struct rect status, answer, meaning, keys; /* a line each; meaning: not where it is low */
	struct rect page; /* all between status and answer: a page and its bar */
	struct rect below_status, above_answer;
	struct rect bar[PANE_COUNT],
		pane[PANE_COUNT];   /* the bar with a pane's title, and what is under it */
	struct rect spine[3];	    /* lines between what stands side by side */
	struct rect dock_bar, dock; /* a panel: in the third column, or in Compose's place */
	struct rect explained;	    /* the third column below it: what the field means */
	/* Panes that share this pane's place, itself included: its bar names them as tabs. */
	unsigned tabs[PANE_COUNT];
};

/* Whether the rectangle has that cell of the screen. */
bool layout_within(const struct rect *box, int y, int x);
/* Takes the first row off: the bar of what is left. */
struct rect layout_bar(struct rect *box);
void layout_compute(const struct layout_state *state, struct layout *layout);

#endif
