/*
 * Colours by role: saturated ones say how it went, pale ones which part of a packet it is, teal
 * where one is. Colour is never the only sign: every role differs by attribute, glyph, word or
 * place too.
 */
#ifndef THEME_H
#define THEME_H

#include <stdbool.h>
#include <stddef.h>

struct pcp_why; /* edit.h */

enum style {
	STYLE_NORMAL,
	STYLE_DIM,	 /* labels and hints */
	STYLE_FAINT,	 /* zeros, reserved fields, the spine */
	STYLE_BAR,	 /* a ground: title bars, the keys */
	STYLE_BAR_FOCUS, /* a ground: the bar that has the focus */
	STYLE_CURSOR,	 /* a ground: the row under the cursor, in the pane with the focus */
	STYLE_MARK,	 /* the mark at that row's left edge */
	STYLE_TITLE,
	STYLE_HEADING, /* column headings, headings of pages */
	STYLE_KEY,     /* a key's name */
	STYLE_BUTTON,  /* what sends */
	STYLE_OK,
	STYLE_WAITING,
	STYLE_WARNING, /* ignored; a SHOULD that was broken */
	STYLE_ERROR,   /* refused, lost; a MUST that was broken */
	STYLE_REMARK,
	STYLE_DIFFERS,	/* answered otherwise than asked */
	STYLE_HEADER,	/* octets and fields of a packet's header */
	STYLE_BODY,	/* of its body */
	STYLE_OPTION_1, /* of its options, in turn */
	STYLE_OPTION_2,
	STYLE_OPTION_3,
	STYLE_NESTED,	 /* of an option within an option */
	STYLE_LIT,	 /* the octets of the field under the cursor */
	STYLE_OBJECTION, /* octets that a rule objects to */
	STYLE_EDIT,	 /* a value being edited */
	STYLE_BADGE,	 /* in the answer line: whose turn it is */
	STYLE_BADGE_OK,
	STYLE_BADGE_WAITING,
	STYLE_BADGE_ERROR,
	STYLE_BANNER,
	STYLE_COUNT
};

enum { THEME_BOLD = 1, THEME_REVERSE = 2, THEME_UNDERLINE = 4 };

/* Colours of the terminal's palette, -1 for its own, and attributes. */
struct theme_paint {
	short fore, back;
	unsigned attributes; /* THEME_ bits */
};

struct theme_change {
	enum style style; /* STYLE_COUNT ends a list of them */
	struct theme_paint rich, basic;
};

struct theme {
	const char *name, *help;
	const struct theme_paint *rich; /* where there are 256 colours, by style */
	const struct theme_paint
		*basic; /* where there are fewer; where there is none, it is mono's */
	const struct theme_change *change; /* roles in which it is another; NULL: none */
};

extern const struct theme ui_themes[];
extern const size_t ui_nthemes;

/* NULL when none has that name. */
const struct theme *theme_find(const char *name);
/* The same; NULL with *why, which names those that there are. */
const struct theme *theme_named(const char *name, struct pcp_why *why);
/* "mono" where the environment's NO_COLOR is set and not empty (no_color), else "dark". */
const struct theme *theme_default(const char *no_color);
/* What the theme paints a role with, where there are 256 colours or not. */
const struct theme_paint *theme_paint(const struct theme *theme, bool rich, enum style style);
/* Takes memory for all colours that themes can ask for. */
void theme_reserve(void);
/* Puts a theme to use on the terminal that curses has open. */
void theme_use(const struct theme *theme);
/* The style as curses attributes and colour pair. */
unsigned long theme_attributes(enum style style);
/* The colours of a cell that is drawn already, on the ground of `style`; where that has no colour
 * for grounds, the style's attributes join the cell's. */
unsigned long theme_on_ground(unsigned long attributes, enum style style);
/* The colours of attributes, as struct theme_paint has them. */
struct theme_colours {
	short fore, back;
};
struct theme_colours theme_colours(unsigned long attributes);
/* Whether a blank looks the same with the one and with the other. */
bool theme_same_blank(unsigned long a, unsigned long b);
/* Whether erasing a cell makes it such a blank; `coloured`: what is erased has the colour of the
 * ground that is set. */
bool theme_blank_erases(unsigned long attributes, bool coloured);
/* Whether all that the role changes is the colour of characters: a blank of it looks like any
 * other. */
bool theme_is_ink(enum style style);
/* Whether grounds have a colour here; without, bars are filled with lines. */
bool theme_has_grounds(void);

#endif
