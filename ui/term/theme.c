/* Colours by meaning, and what curses makes of them. */
#include "theme.h"
#include "edit.h"

#include <ncurses.h>
#include <stdio.h>
#include <strings.h>

enum {
	NONE = -1,
	RED = COLOR_RED,
	GREEN = COLOR_GREEN,
	YELLOW = COLOR_YELLOW,
	BLUE = COLOR_BLUE, /* on light backgrounds only: many terminals draw it too dark for black
			    */
	MAGENTA = COLOR_MAGENTA,
	CYAN = COLOR_CYAN
};

const struct theme_look theme_looks[STYLE_COUNT] = {
	[STYLE_BORDER] = { .bold = 1 },
	[STYLE_TITLE] = { .bold = 1 },
	[STYLE_KEY] = { .bold = 1 },
	[STYLE_CURSOR] = { .reverse = 1 },
	[STYLE_LIT] = { .bold = 1, .reverse = 1 },
	[STYLE_WARNING] = { .bold = 1 },
	[STYLE_ERROR] = { .bold = 1 },
	[STYLE_DIFFERS] = { .bold = 1, .underline = 1 },
	[STYLE_EDIT] = { .underline = 1 },
	[STYLE_STATUS] = { .bold = 1 },
	[STYLE_BANNER] = { .bold = 1, .reverse = 1 },
};

/* Every style in the order of enum style: a theme that forgets one does not compile. */
#define COLOURS(normal, dim, border, title, heading, key, cursor, lit, ok, waiting, warning,       \
		error, differs, edit, status, banner)                                              \
	{                                                                                          \
		[STYLE_NORMAL] = normal, [STYLE_DIM] = dim, [STYLE_BORDER] = border,               \
		[STYLE_TITLE] = title, [STYLE_HEADING] = heading, [STYLE_KEY] = key,               \
		[STYLE_CURSOR] = cursor, [STYLE_LIT] = lit, [STYLE_OK] = ok,                       \
		[STYLE_WAITING] = waiting, [STYLE_WARNING] = warning, [STYLE_ERROR] = error,       \
		[STYLE_DIFFERS] = differs, [STYLE_EDIT] = edit, [STYLE_STATUS] = status,           \
		[STYLE_BANNER] = banner                                                            \
	}
#define C(basic, rich)                                                                             \
	{                                                                                          \
		basic, rich                                                                        \
	}
#define OWN                                                                                        \
	{                                                                                          \
		NONE, NONE                                                                         \
	}

const struct theme ui_themes[] = {
	{ "dark", "for dark backgrounds",
	  COLOURS(OWN, C(NONE, 245), C(CYAN, 44), OWN, C(CYAN, 80), C(CYAN, 80), OWN,
		  C(YELLOW, 220), C(GREEN, 78), C(YELLOW, 221), C(YELLOW, 214), C(RED, 203),
		  C(MAGENTA, 213), OWN, OWN, C(RED, 203)) },
	{ "light", "for light backgrounds",
	  COLOURS(OWN, C(NONE, 242), C(BLUE, 25), OWN, C(BLUE, 25), C(BLUE, 25), OWN, C(BLUE, 25),
		  C(GREEN, 28), C(MAGENTA, 94), C(MAGENTA, 130), C(RED, 124), C(MAGENTA, 127), OWN,
		  OWN, C(RED, 124)) },
	{ "mono", "no colour at all",
	  COLOURS(OWN, OWN, OWN, OWN, OWN, OWN, OWN, OWN, OWN, OWN, OWN, OWN, OWN, OWN, OWN, OWN) },
	{ "colour-blind", "blue and orange, never red against green",
	  COLOURS(OWN, C(NONE, 245), C(CYAN, 74), OWN, C(CYAN, 74), C(CYAN, 74), OWN,
		  C(YELLOW, 221), C(CYAN, 74), OWN, C(YELLOW, 221), C(YELLOW, 208), C(YELLOW, 221),
		  OWN, OWN, C(YELLOW, 208)) },
};
const size_t ui_nthemes = sizeof ui_themes / sizeof *ui_themes;

static unsigned long attributes[STYLE_COUNT];

const struct theme *theme_find(const char *name)
{
	size_t i;

	for (i = 0; i < ui_nthemes; i++)
		if (strcasecmp(name, ui_themes[i].name) == 0)
			return &ui_themes[i];
	return NULL;
}

const struct theme *theme_named(const char *name, struct pcp_why *why)
{
	const struct theme *theme = theme_find(name);
	size_t n = (size_t)snprintf(why->text, sizeof why->text,
				    "no theme is called '%.40s'; there are", name);

	for (size_t i = 0; i < ui_nthemes && n < sizeof why->text; i++)
		n += (size_t)snprintf(why->text + n, sizeof why->text - n, "%s %s", i ? "," : "",
				      ui_themes[i].name);
	return theme;
}

const struct theme *theme_default(const char *no_color)
{
	return theme_find(no_color && *no_color ? "mono" : "dark");
}

/* One colour pair a style, on the terminal's own background where it can be kept. */
static attr_t style_attributes(struct theme_look look, struct theme_colour colour, short pair)
{
	attr_t attr = A_NORMAL;
	short foreground = COLORS >= 256 ? colour.rich : colour.basic;

	if (look.bold)
		attr |= A_BOLD;
	if (look.reverse)
		attr |= A_REVERSE;
	if (look.underline)
		attr |= A_UNDERLINE;
	if (has_colors() && foreground != NONE && init_pair(pair, foreground, -1) == OK)
		attr |= (attr_t)COLOR_PAIR(pair);
	return attr;
}

void theme_use(const struct theme *theme)
{
	size_t i;

	for (i = 0; i < STYLE_COUNT; i++)
		attributes[i] = style_attributes(theme_looks[i], theme->colour[i], (short)(i + 1));
}

unsigned long theme_attributes(enum style style)
{
	return attributes[style];
}
