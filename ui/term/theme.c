/* Colours by role, and what curses makes of them. */
#include "theme.h"
#include "out.h"
#include "edit.h"
#include "words.h"

#include <ncurses.h>
#include <stdio.h>
#include <strings.h>

enum { OWN = -1, BLACK, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, GREY = 8, BRIGHT = 8 };

enum { B = THEME_BOLD, R = THEME_REVERSE, U = THEME_UNDERLINE };
#define P(fore, back, attributes)                                                                  \
	{                                                                                          \
		fore, back, attributes                                                             \
	}

/*
 * Every role in the order of enum style, from the darkest theme to none: 256 colours on dark, 256
 * on light, 16, and no colour. A theme that forgets one does not compile.
 */
/* clang-format off */
#define ROLES(ROLE) \
	ROLE(NORMAL,        P(OWN, OWN, 0),   P(OWN, OWN, 0),   P(OWN, OWN, 0),             P(OWN, OWN, 0))   \
	ROLE(DIM,           P(246, OWN, 0),   P(242, OWN, 0),   P(GREY, OWN, 0),            P(OWN, OWN, 0))   \
	ROLE(FAINT,         P(240, OWN, 0),   P(250, OWN, 0),   P(GREY, OWN, 0),            P(OWN, OWN, 0))   \
	ROLE(BAR,           P(OWN, 237, 0),   P(OWN, 253, 0),   P(OWN, OWN, 0),             P(OWN, OWN, 0))   \
	ROLE(BAR_FOCUS,     P(231, 30, B),    P(231, 30, B),    P(CYAN, OWN, R),            P(OWN, OWN, R))   \
	ROLE(CURSOR,        P(OWN, 238, 0),   P(OWN, 252, 0),   P(OWN, OWN, R),             P(OWN, OWN, R))   \
	ROLE(MARK,          P(80, OWN, 0),    P(30, OWN, 0),    P(CYAN, OWN, 0),            P(OWN, OWN, B))   \
	ROLE(TITLE,         P(OWN, OWN, B),   P(OWN, OWN, B),   P(OWN, OWN, B),             P(OWN, OWN, B))   \
	ROLE(HEADING,       P(73, OWN, 0),    P(25, OWN, 0),    P(CYAN, OWN, 0),            P(OWN, OWN, 0))   \
	ROLE(KEY,           P(80, OWN, B),    P(25, OWN, B),    P(CYAN, OWN, B),            P(OWN, OWN, B))   \
	ROLE(BUTTON,        P(231, 30, B),    P(231, 30, B),    P(CYAN, OWN, B | R),        P(OWN, OWN, B | R)) \
	ROLE(OK,            P(114, OWN, 0),   P(28, OWN, 0),    P(GREEN, OWN, 0),           P(OWN, OWN, 0))   \
	ROLE(WAITING,       P(221, OWN, 0),   P(94, OWN, 0),    P(YELLOW, OWN, 0),          P(OWN, OWN, 0))   \
	ROLE(WARNING,       P(214, OWN, B),   P(130, OWN, B),   P(YELLOW, OWN, B),          P(OWN, OWN, B))   \
	ROLE(ERROR,         P(203, OWN, B),   P(160, OWN, B),   P(RED, OWN, B),             P(OWN, OWN, B))   \
	ROLE(REMARK,        P(110, OWN, 0),   P(25, OWN, 0),    P(BLUE + BRIGHT, OWN, 0),   P(OWN, OWN, 0))   \
	ROLE(DIFFERS,       P(213, OWN, U),   P(127, OWN, U),   P(MAGENTA, OWN, U),         P(OWN, OWN, U))   \
	ROLE(HEADER,        P(111, OWN, 0),   P(25, OWN, 0),    P(BLUE + BRIGHT, OWN, 0),   P(OWN, OWN, 0))   \
	ROLE(BODY,          P(150, OWN, 0),   P(29, OWN, 0),    P(GREEN, OWN, 0),           P(OWN, OWN, 0))   \
	ROLE(OPTION_1,      P(180, OWN, 0),   P(94, OWN, 0),    P(YELLOW, OWN, 0),          P(OWN, OWN, 0))   \
	ROLE(OPTION_2,      P(176, OWN, 0),   P(127, OWN, 0),   P(MAGENTA, OWN, 0),         P(OWN, OWN, 0))   \
	ROLE(OPTION_3,      P(109, OWN, 0),   P(30, OWN, 0),    P(CYAN, OWN, 0),            P(OWN, OWN, 0))   \
	ROLE(NESTED,        P(186, OWN, 0),   P(58, OWN, 0),    P(MAGENTA + BRIGHT, OWN, 0),P(OWN, OWN, 0))   \
	ROLE(LIT,           P(16, 220, B),    P(16, 220, B),    P(BLACK, YELLOW, B),        P(OWN, OWN, B | R)) \
	ROLE(OBJECTION,     P(16, 203, B),    P(16, 203, B),    P(BLACK, RED, B),           P(OWN, OWN, B | R)) \
	ROLE(EDIT,          P(231, 24, 0),    P(231, 24, 0),    P(OWN, OWN, B | U),         P(OWN, OWN, B | U)) \
	ROLE(BADGE,         P(OWN, 240, 0),   P(OWN, 250, 0),   P(OWN, OWN, R),             P(OWN, OWN, R))   \
	ROLE(BADGE_OK,      P(16, 114, B),    P(16, 114, B),    P(BLACK, GREEN, 0),         P(OWN, OWN, R))   \
	ROLE(BADGE_WAITING, P(16, 221, B),    P(16, 221, B),    P(BLACK, YELLOW, 0),        P(OWN, OWN, R))   \
	ROLE(BADGE_ERROR,   P(16, 203, B),    P(16, 203, B),    P(BLACK, RED, 0),           P(OWN, OWN, R))   \
	ROLE(BANNER,        P(16, 203, B),    P(231, 160, B),   P(RED, OWN, B | R),         P(OWN, OWN, B | R))

#define DARK(style, dark, light, basic, mono) [STYLE_##style] = dark,
#define LIGHT(style, dark, light, basic, mono) [STYLE_##style] = light,
#define BASIC(style, dark, light, basic, mono) [STYLE_##style] = basic,
#define MONO(style, dark, light, basic, mono) [STYLE_##style] = mono,
/* clang-format on */

static const struct theme_paint dark[STYLE_COUNT] = { ROLES(DARK) };
static const struct theme_paint light[STYLE_COUNT] = { ROLES(LIGHT) };
static const struct theme_paint basic[STYLE_COUNT] = { ROLES(BASIC) };
static const struct theme_paint mono[STYLE_COUNT] = { ROLES(MONO) };

/* Blue for granted, orange for refused, yellow for waiting: never red against green. */
static const struct theme_change blind[] = {
	{ STYLE_OK, P(74, OWN, 0), P(CYAN, OWN, 0) },
	{ STYLE_ERROR, P(208, OWN, B), P(YELLOW, OWN, B) },
	{ STYLE_OBJECTION, P(16, 208, B), P(BLACK, YELLOW, B) },
	{ STYLE_BADGE_OK, P(16, 74, B), P(BLACK, CYAN, 0) },
	{ STYLE_BADGE_ERROR, P(16, 208, B), P(BLACK, YELLOW, 0) },
	{ STYLE_BANNER, P(16, 208, B), P(YELLOW, OWN, B | R) },
	{ STYLE_COUNT, P(OWN, OWN, 0), P(OWN, OWN, 0) },
};

const struct theme ui_themes[] = {
	{ "dark", "for dark backgrounds", dark, basic, NULL },
	{ "light", "for light backgrounds", light, basic, NULL },
	{ "mono", "no colour at all", mono, mono, NULL },
	{ "colour-blind", "blue and orange, never red against green", dark, basic, blind },
};
const size_t ui_nthemes = sizeof ui_themes / sizeof *ui_themes;

/* Pairs of colours, made as they are used. The terminal's own two are one of them: to go back to
 * pair 0 curses would reset all attributes, in three times as many octets. */
enum { PAIRS_MAX = 256 };
static struct theme_colours pairs[PAIRS_MAX];
static int npairs;
static const struct theme *used = &ui_themes[0];
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
	char names[200] = "";
	struct pcp_out out;

	pcp_out_begin(&out, names, sizeof names);
	for (size_t i = 0; i < ui_nthemes; i++)
		pcp_out_format(&out, "%s%s", i ? ", " : "", ui_themes[i].name);
	if (!theme)
		pcp_refuse(why, 0, "no theme is called '%s'; there are %s", pcp_quoted(name).text,
			   names);
	return theme;
}

const struct theme *theme_default(const char *no_color)
{
	return theme_find(no_color && *no_color ? "mono" : "dark");
}

const struct theme_paint *theme_paint(const struct theme *theme, bool rich, enum style style)
{
	const struct theme_change *change = theme->change;

	for (; change && change->style != STYLE_COUNT; change++)
		if (change->style == style)
			return rich ? &change->rich : &change->basic;
	return rich ? &theme->rich[style] : &theme->basic[style];
}

/* As this terminal shows it. */
static const struct theme_paint *paint_of(enum style style)
{
	return has_colors() ? theme_paint(used, COLORS >= 256, style) : &mono[style];
}

/* Curses ends the program where it has no memory for another pair: it takes it now for all. */
void theme_reserve(void)
{
	int most = COLOR_PAIRS < PAIRS_MAX ? COLOR_PAIRS : PAIRS_MAX;

	if (most > 1)
		init_pair((short)(most - 1), COLOR_WHITE, COLOR_BLACK);
}

/* The pair of these colours; 0 where there is no room for another. */
static attr_t pair_of(short fore, short back)
{
	int i, most = COLOR_PAIRS < PAIRS_MAX ? COLOR_PAIRS : PAIRS_MAX;

	if (!has_colors())
		return 0;
	for (i = 0; i < npairs; i++)
		if (pairs[i].fore == fore && pairs[i].back == back)
			return (attr_t)COLOR_PAIR(i + 1);
	if (npairs + 1 >= most || init_pair((short)(npairs + 1), fore, back) != OK)
		return 0;
	pairs[npairs].fore = fore;
	pairs[npairs++].back = back;
	return (attr_t)COLOR_PAIR(npairs);
}

/* Terminals of eight colours have a bright one by making it bold, and no grey. */
static short possible(short colour, attr_t *attr)
{
	if (colour < BRIGHT || colour < COLORS)
		return colour;
	if (colour == GREY)
		return OWN;
	*attr |= A_BOLD;
	return (short)(colour - BRIGHT);
}

static attr_t attributes_of(const struct theme_paint *paint)
{
	attr_t attr = A_NORMAL;
	short fore;

	if (paint->attributes & THEME_BOLD)
		attr |= A_BOLD;
	if (paint->attributes & THEME_REVERSE)
		attr |= A_REVERSE;
	if (paint->attributes & THEME_UNDERLINE)
		attr |= A_UNDERLINE;
	fore = possible(paint->fore, &attr);
	return attr | pair_of(fore, paint->back);
}

void theme_use(const struct theme *theme)
{
	size_t i;

	npairs = 0;
	used = theme;
	for (i = 0; i < STYLE_COUNT; i++)
		attributes[i] = attributes_of(paint_of((enum style)i));
}

unsigned long theme_attributes(enum style style)
{
	return attributes[style];
}

unsigned long theme_on_ground(unsigned long own, enum style style)
{
	const struct theme_paint *ground = paint_of(style);
	int pair = (int)PAIR_NUMBER((attr_t)own);
	short fore = pair ? pairs[pair - 1].fore : (short)OWN;

	if (pair && pairs[pair - 1].back != OWN)
		return own; /* it stands on a ground of its own */
	if (ground->back == OWN)
		return ground->attributes & THEME_REVERSE ? attributes[style] | (own & A_BOLD)
							  : own;
	if (ground->fore != OWN)
		fore = ground->fore;
	return (own & ~(unsigned long)A_COLOR) | (attributes[style] & A_BOLD) |
	       pair_of(fore, ground->back);
}

/* What shows where there is no character. */
static bool shows_blank(attr_t attr)
{
	return (attr & ~(attr_t)A_COLOR) != 0;
}

struct theme_colours theme_colours(unsigned long attr)
{
	int pair = (int)PAIR_NUMBER((attr_t)attr);

	return pair && pair <= npairs ? pairs[pair - 1] : (struct theme_colours){ OWN, OWN };
}

bool theme_same_blank(unsigned long a, unsigned long b)
{
	return a == b || (!shows_blank((attr_t)a) && !shows_blank((attr_t)b) &&
			  theme_colours(a).back == theme_colours(b).back);
}

bool theme_blank_erases(unsigned long attr, bool coloured)
{
	return !shows_blank((attr_t)attr) && (coloured || theme_colours(attr).back == OWN);
}

bool theme_is_ink(enum style style)
{
	const struct theme_paint *paint = paint_of(style);

	return paint->back == OWN && paint->fore != OWN && !paint->attributes;
}

bool theme_has_grounds(void)
{
	return paint_of(STYLE_BAR)->back != OWN;
}
