/* Colours by meaning. Colour is never the only sign: every style differs by attribute, glyph or
 * word. */
#ifndef THEME_H
#define THEME_H

#include <stdbool.h>
#include <stddef.h>

struct pcp_why; /* edit.h */

enum style {
	STYLE_NORMAL,
	STYLE_DIM,    /* hints, borders of panes without the focus */
	STYLE_BORDER, /* border of the pane with the focus */
	STYLE_TITLE,
	STYLE_HEADING, /* branches of the tree, column headings */
	STYLE_KEY,     /* a key's name in the footer and in help */
	STYLE_CURSOR,  /* the row under the cursor, in the pane with the focus */
	STYLE_LIT,     /* the selected octets, and the field they belong to */
	STYLE_OK,
	STYLE_WAITING,
	STYLE_WARNING,
	STYLE_ERROR,
	STYLE_DIFFERS, /* answered otherwise than asked */
	STYLE_EDIT,    /* a text field being edited */
	STYLE_STATUS,
	STYLE_BANNER,
	STYLE_COUNT
};

/* What a style is without colour, the same in every theme: it carries the meaning. */
struct theme_look {
	unsigned bold : 1, reverse : 1, underline : 1;
};

struct theme_colour {
	short basic, rich; /* of 8 and of 256; -1: the terminal's own foreground */
};

struct theme {
	const char *name, *help;
	struct theme_colour colour[STYLE_COUNT];
};

extern const struct theme_look theme_looks[STYLE_COUNT];
extern const struct theme ui_themes[];
extern const size_t ui_nthemes;

/* NULL when none has that name. */
const struct theme *theme_find(const char *name);
/* The same; NULL with *why, which names those that there are. */
const struct theme *theme_named(const char *name, struct pcp_why *why);
/* "mono" where the environment's NO_COLOR is set and not empty (no_color), else "dark". */
const struct theme *theme_default(const char *no_color);
/* Puts a theme to use on the terminal that curses has open. */
void theme_use(const struct theme *theme);
/* The style as curses attributes, for attrset(). */
unsigned long theme_attributes(enum style style);

#endif
