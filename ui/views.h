/*
 * The views, a row each: its number, its struct, its name, and whether it is one of the panes,
 * stands in for one of them, is a page over them or the panel beside them. Numbers, IN_ bits and
 * tables come from these rows, so that a new view is a row here, a binding that opens it and a
 * file.
 */
#ifndef VIEWS_H
#define VIEWS_H

#include "layout.h"

/* clang-format off */
#define UI_VIEWS(VIEW) \
	VIEW(COMPOSE,   compose,   "Compose",   PANE) \
	VIEW(MAPPINGS,  mappings,  "Mappings",  PANE) \
	VIEW(EXCHANGES, exchanges, "Exchanges", PANE) \
	VIEW(DECODE,    decode,    "Decode",    PANE) \
	VIEW(CAPTURE,   capture,   "Capture",   STAND_IN) \
	VIEW(LADDER,    ladder,    "Ladder",    PAGE) \
	VIEW(COMPARE,   compare,   "Compare",   PAGE) \
	VIEW(PROBE,     probe,     "Probe",     PAGE) \
	VIEW(LAB,       lab,       "Lab",       DOCK) \
	VIEW(OUTPUT,    output,    "Output",    PAGE) \
	VIEW(HELP,      help,      "Help",      PAGE)
/* clang-format on */

#define VIEWS_NUMBER(number, struct_, name, kind) VIEW_##number,
enum ui_view { UI_VIEWS(VIEWS_NUMBER) VIEW_COUNT };

/* Where a key works. Panes and pages are one at a time; text, menu and octets come before them. */
#define VIEWS_BIT(number, struct_, name, kind) IN_##number = 1 << VIEW_##number,
#define VIEWS_IF_PANE(number)		       | IN_##number
#define VIEWS_IF_STAND_IN(number)	       | IN_##number
#define VIEWS_IF_PAGE(number)
#define VIEWS_IF_DOCK(number)
#define VIEWS_PANES(number, struct_, name, kind) VIEWS_IF_##kind(number)
enum {
	UI_VIEWS(VIEWS_BIT) IN_TEXT =
		1 << VIEW_COUNT, /* a line of text is being typed: a letter is a letter */
	IN_MENU = IN_TEXT << 1,
	IN_HEX = IN_TEXT << 2, /* octets are being typed */
	IN_QUESTION = IN_TEXT << 3,
	IN_TOUR = IN_TEXT << 4, /* a step of the tour is explained: before the keys of the view */
	IN_PANES = 0 UI_VIEWS(VIEWS_PANES),
	IN_VIEWS = IN_TEXT - 1,
	IN_PAGES = IN_VIEWS & ~IN_PANES & ~IN_LAB,
	IN_DESK = IN_PANES | IN_LAB, /* what stands side by side: the panes and the panel */
	IN_REPLAY = IN_TEXT << 5,    /* a capture is open: before the keys of the view, too */
	IN_FIELD = IN_TEXT << 6,     /* the cursor is on a field: the same */
	IN_VISIT = IN_TEXT << 7,     /* a page opened the panes: the same */
	IN_ANYWHERE = 2 * IN_VISIT - 1,
};

_Static_assert(IN_PANES == (((1 << PANE_COUNT) - 1) | IN_CAPTURE),
	       "the panes of layout.h are the first rows");
_Static_assert((int)VIEW_COMPOSE == (int)PANE_COMPOSE && (int)VIEW_MAPPINGS == (int)PANE_MAPPINGS &&
		       (int)VIEW_EXCHANGES == (int)PANE_EXCHANGES &&
		       (int)VIEW_DECODE == (int)PANE_DECODE,
	       "they stand in its order");
_Static_assert(VIEW_COUNT + 8 < 31, "every place has a bit");

#endif
