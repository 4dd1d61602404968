#include "theme.h"

#include <ncurses.h>
#include <strings.h>

/* COLOR_BLUE is absent on purpose: many terminals draw it too dark to read on black. */
enum {
	NONE = -1,
	BLACK = COLOR_BLACK,
	RED = COLOR_RED,
	GREEN = COLOR_GREEN,
	YELLOW = COLOR_YELLOW,
	BLUE = COLOR_BLUE,
	MAGENTA = COLOR_MAGENTA,
	CYAN = COLOR_CYAN
};

/* What holds in every theme: the attributes that carry the meaning without colour. */
#define STYLE(name, colour8, colour256, ...) [name] = { colour8, colour256, __VA_ARGS__ }

const struct theme ui_themes[] = {
	{ "dark",
	  "for dark backgrounds",
	  {
		  STYLE(STYLE_NORMAL, NONE, NONE, .bold = 0),
		  STYLE(STYLE_DIM, NONE, 245, .bold = 0),
		  STYLE(STYLE_BORDER, CYAN, 44, .bold = 1),
		  STYLE(STYLE_TITLE, NONE, NONE, .bold = 1),
		  STYLE(STYLE_HEADING, CYAN, 80, .bold = 0),
		  STYLE(STYLE_KEY, CYAN, 80, .bold = 1),
		  STYLE(STYLE_CURSOR, NONE, NONE, .reverse = 1),
		  STYLE(STYLE_LIT, YELLOW, 220, .reverse = 1),
		  STYLE(STYLE_OK, GREEN, 78, .bold = 0),
		  STYLE(STYLE_WAITING, YELLOW, 221, .bold = 0),
		  STYLE(STYLE_WARNING, YELLOW, 214, .bold = 1),
		  STYLE(STYLE_ERROR, RED, 203, .bold = 1),
		  STYLE(STYLE_DIFFERS, MAGENTA, 213, .bold = 1),
		  STYLE(STYLE_EDIT, NONE, NONE, .underline = 1),
		  STYLE(STYLE_STATUS, NONE, NONE, .bold = 1),
		  STYLE(STYLE_BANNER, RED, 203, .bold = 1, .reverse = 1),
	  } },
	{ "light",
	  "for light backgrounds",
	  {
		  STYLE(STYLE_NORMAL, NONE, NONE, .bold = 0),
		  STYLE(STYLE_DIM, NONE, 242, .bold = 0),
		  STYLE(STYLE_BORDER, BLUE, 25, .bold = 1),
		  STYLE(STYLE_TITLE, NONE, NONE, .bold = 1),
		  STYLE(STYLE_HEADING, BLUE, 25, .bold = 0),
		  STYLE(STYLE_KEY, BLUE, 25, .bold = 1),
		  STYLE(STYLE_CURSOR, NONE, NONE, .reverse = 1),
		  STYLE(STYLE_LIT, BLUE, 25, .reverse = 1),
		  STYLE(STYLE_OK, GREEN, 28, .bold = 0),
		  STYLE(STYLE_WAITING, MAGENTA, 94, .bold = 0),
		  STYLE(STYLE_WARNING, MAGENTA, 130, .bold = 1),
		  STYLE(STYLE_ERROR, RED, 124, .bold = 1),
		  STYLE(STYLE_DIFFERS, MAGENTA, 127, .bold = 1),
		  STYLE(STYLE_EDIT, NONE, NONE, .underline = 1),
		  STYLE(STYLE_STATUS, NONE, NONE, .bold = 1),
		  STYLE(STYLE_BANNER, RED, 124, .bold = 1, .reverse = 1),
	  } },
	{ "mono",
	  "no colour at all",
	  {
		  STYLE(STYLE_NORMAL, NONE, NONE, .bold = 0),
		  STYLE(STYLE_DIM, NONE, NONE, .bold = 0),
		  STYLE(STYLE_BORDER, NONE, NONE, .bold = 1),
		  STYLE(STYLE_TITLE, NONE, NONE, .bold = 1),
		  STYLE(STYLE_HEADING, NONE, NONE, .bold = 1),
		  STYLE(STYLE_KEY, NONE, NONE, .bold = 1),
		  STYLE(STYLE_CURSOR, NONE, NONE, .reverse = 1),
		  STYLE(STYLE_LIT, NONE, NONE, .bold = 1, .reverse = 1),
		  STYLE(STYLE_OK, NONE, NONE, .bold = 0),
		  STYLE(STYLE_WAITING, NONE, NONE, .bold = 0),
		  STYLE(STYLE_WARNING, NONE, NONE, .bold = 1),
		  STYLE(STYLE_ERROR, NONE, NONE, .bold = 1),
		  STYLE(STYLE_DIFFERS, NONE, NONE, .bold = 1, .underline = 1),
		  STYLE(STYLE_EDIT, NONE, NONE, .underline = 1),
		  STYLE(STYLE_STATUS, NONE, NONE, .bold = 1),
		  STYLE(STYLE_BANNER, NONE, NONE, .bold = 1, .reverse = 1),
	  } },
	{ "colour-blind",
	  "blue and orange, never red against green",
	  {
		  STYLE(STYLE_NORMAL, NONE, NONE, .bold = 0),
		  STYLE(STYLE_DIM, NONE, 245, .bold = 0),
		  STYLE(STYLE_BORDER, CYAN, 74, .bold = 1),
		  STYLE(STYLE_TITLE, NONE, NONE, .bold = 1),
		  STYLE(STYLE_HEADING, CYAN, 74, .bold = 0),
		  STYLE(STYLE_KEY, CYAN, 74, .bold = 1),
		  STYLE(STYLE_CURSOR, NONE, NONE, .reverse = 1),
		  STYLE(STYLE_LIT, YELLOW, 221, .reverse = 1),
		  STYLE(STYLE_OK, CYAN, 74, .bold = 0),
		  STYLE(STYLE_WAITING, NONE, NONE, .bold = 0),
		  STYLE(STYLE_WARNING, YELLOW, 221, .bold = 1),
		  STYLE(STYLE_ERROR, YELLOW, 208, .bold = 1, .underline = 1),
		  STYLE(STYLE_DIFFERS, YELLOW, 221, .bold = 1),
		  STYLE(STYLE_EDIT, NONE, NONE, .underline = 1),
		  STYLE(STYLE_STATUS, NONE, NONE, .bold = 1),
		  STYLE(STYLE_BANNER, YELLOW, 208, .bold = 1, .reverse = 1),
	  } },
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

const struct theme *theme_default(const char *no_color)
{
	return theme_find(no_color && *no_color ? "mono" : "dark");
}

/* One colour pair a style, on the terminal's own background where it can be kept. */
static attr_t style_attributes(const struct theme_style *style, short pair)
{
	attr_t attr = A_NORMAL;
	short colour = COLORS >= 256 ? style->rich : style->colour;

	if (style->bold)
		attr |= A_BOLD;
	if (style->dim)
		attr |= A_DIM;
	if (style->reverse)
		attr |= A_REVERSE;
	if (style->underline)
		attr |= A_UNDERLINE;
	if (has_colors() && colour != NONE && init_pair(pair, colour, -1) == OK)
		attr |= (attr_t)COLOR_PAIR(pair);
	return attr;
}

void theme_use(const struct theme *theme)
{
	size_t i;

	for (i = 0; i < STYLE_COUNT; i++)
		attributes[i] = style_attributes(&theme->style[i], (short)(i + 1));
}

unsigned long theme_attributes(enum style style)
{
	return attributes[style];
}
