/* Drawing text into a rectangle of the screen, clipped. */
#include "draw.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>
#include <ncurses.h>

#include "wrap.h"

static struct {
	bool ascii, plain;
	int y, x; /* of the terminal's cursor */
} how;

static const struct {
	const char *wide, *ascii;
} glyphs[GLYPH_COUNT] = {
	[GLYPH_ELLIPSIS] = { "\u2026", "~" },	 [GLYPH_FOLDED] = { "\u25b8", "+" },
	[GLYPH_OPEN] = { "\u25be", "-" },	 [GLYPH_SORTED_UP] = { "\u25b4", "^" },
	[GLYPH_SORTED_DOWN] = { "\u25be", "v" }, [GLYPH_REQUEST] = { "\u2192", ">" },
	[GLYPH_RESPONSE] = { "\u2190", "<" },	 [GLYPH_BAR_LEFT] = { "\u2501", "=" },
	[GLYPH_BAR_HALF] = { "\u2578", "|" },	 [GLYPH_BAR_USED_HALF] = { "\u2574", "|" },
	[GLYPH_BAR_USED] = { "\u2500", "-" },	 [GLYPH_GRANTED] = { "\u25cf", "o" },
	[GLYPH_OK] = { "\u2713", "*" },		 [GLYPH_WAITING] = { "\u25cc", "~" },
	[GLYPH_REFUSED] = { "\u2717", "x" },	 [GLYPH_GONE] = { "\u25cb", "." },
	[GLYPH_IGNORED] = { "\u2298", "%" },	 [GLYPH_MARK] = { "\u2713", "*" },
	[GLYPH_FINDING] = { "\u25b2", "!" },	 [GLYPH_NOTE] = { "i", "i" },
	[GLYPH_DIFFERS] = { "\u2260", "#" },	 [GLYPH_BY_ITSELF] = { "\u21bb", "@" },
	[GLYPH_TIMES] = { "\u00d7", "x" },	 [GLYPH_LOST] = { "\u2573", "X" },
	[GLYPH_PART] = { "\u258f", "|" },	 [GLYPH_CURSOR] = { "\u258c", ">" },
	[GLYPH_ON] = { "\u25a0", "x" },		 [GLYPH_OFF] = { "\u25a1", "." },
	[GLYPH_MORE_ABOVE] = { "\u2191", "^" },	 [GLYPH_MORE_BELOW] = { "\u2193", "v" },
	[GLYPH_NOW] = { "\u25bc", "V" },	 [GLYPH_TICK] = { "\u2503", "|" },
	[GLYPH_LINE] = { "\u2500", "-" },	 [GLYPH_LINE_DOUBLE] = { "\u2550", "=" },
	[GLYPH_LINE_DASHED] = { "\u254c", "-" }, [GLYPH_RAIL] = { "\u2502", "|" },
	[GLYPH_RAIL_DASHED] = { "\u250a", ":" }, [GLYPH_HEAD_LEFT] = { "\u25c2", "<" },
	[GLYPH_HEAD_RIGHT] = { "\u25b8", ">" },
};

static const char *const spark[2][8] = {
	{ "\u2581", "\u2582", "\u2583", "\u2584", "\u2585", "\u2586", "\u2587", "\u2588" },
	{ "_", "_", ".", ".", "-", "=", "=", "#" },
};

void draw_init(bool ascii, bool plain)
{
	how.ascii = ascii;
	how.plain = plain;
}

bool draw_plain(void)
{
	return how.plain;
}

const char *draw_spark(int step)
{
	return spark[how.ascii][step < 0 ? 0 : step > 7 ? 7 : step];
}

const char *draw_glyph(enum glyph glyph)
{
	return how.ascii ? glyphs[glyph].ascii : glyphs[glyph].wide;
}

/* The character at *text, which is advanced past it; U+FFFD for octets that are no UTF-8. */
static wchar_t next_character(const char **text)
{
	const unsigned char *s = (const unsigned char *)*text;
	size_t more = *s < 0x80 ? 0 : *s < 0xe0 ? 1 : *s < 0xf0 ? 2 : 3;
	uint32_t c = more == 0 ? *s : *s & (0x3fu >> more);
	size_t i;

	for (i = 1; i <= more; i++) {
		if ((s[i] & 0xc0) != 0x80) {
			*text += i;
			return 0xfffd;
		}
		c = c << 6 | (s[i] & 0x3f);
	}
	*text += more + 1;
	return (wchar_t)c;
}

/* A character as this terminal can show it, and its columns: nothing that moves the cursor, ever.
 */
static wchar_t showable(wchar_t c, int *columns)
{
	*columns = 1;
	if (c < 0x20 || c == 0x7f || (how.ascii && c > 0x7e))
		return '?';
	if (c < 0x7f)
		return c;
	*columns = wcwidth(c);
	if (*columns >= 0)
		return c;
	*columns = 1;
	return '?';
}

int draw_width(const char *text)
{
	int width = 0, columns;

	while (*text) {
		showable(next_character(&text), &columns);
		width += columns;
	}
	return width;
}

enum { DRAW_MAX = 1024 };

/* As much of the text as fits in `width` columns, as wide characters; returns the columns used. A
 * combining character without one before it is left out: it would change somebody else's cell. */
static int fit(const char *text, int width, wchar_t out[DRAW_MAX])
{
	int used = 0, columns;
	size_t n = 0;

	while (*text && n + 1 < DRAW_MAX) {
		wchar_t c = showable(next_character(&text), &columns);

		if (used + columns > width)
			break;
		if (columns == 0 && n == 0)
			continue;
		out[n++] = c;
		used += columns;
	}
	out[n] = 0;
	return used;
}

/* False where (row, col) is outside; otherwise clips *width to what the rectangle has left. */
static bool clip(const struct rect *in, int row, int col, int *width)
{
	if (row < 0 || row >= in->height || col < 0 || col >= in->width)
		return false;
	if (*width > in->width - col)
		*width = in->width - col;
	return *width > 0;
}

static void style_on(enum style style)
{
	attr_t attr = (attr_t)theme_attributes(style);

	attr_set(attr & ~A_COLOR, (short)PAIR_NUMBER(attr), NULL);
}

static bool is_untouched(int y, int x)
{
	wchar_t text[CCHARW_MAX + 1];
	cchar_t cell;
	attr_t attr;
	short pair;

	return mvin_wch(y, x, &cell) == OK && getcchar(&cell, text, &attr, &pair, NULL) == OK &&
	       text[0] == L' ' &&
	       (unsigned long)((attr & ~A_COLOR) | (attr_t)COLOR_PAIR(pair)) ==
		       theme_attributes(STYLE_NORMAL);
}

/* A blank shows no ink, so the one before a text takes the text's: what stands on both sides of it
 * is written without a change. */
static void lead(int y, int x, enum style style)
{
	attr_t attr = (attr_t)theme_attributes(style);

	if (x > 0 && style != STYLE_NORMAL && theme_is_ink(style) && is_untouched(y, x - 1))
		mvchgat(y, x - 1, 1, attr & ~A_COLOR, (short)PAIR_NUMBER(attr), NULL);
}

static void put(const struct rect *in, int row, int col, enum style style, const wchar_t *text)
{
	lead(in->y + row, in->x + col, style);
	style_on(style);
	mvaddwstr(in->y + row, in->x + col, text);
	style_on(STYLE_NORMAL);
}

int draw_text(const struct rect *in, int row, int col, enum style style, const char *text)
{
	wchar_t wide[DRAW_MAX];
	int width = DRAW_MAX, used;

	if (!clip(in, row, col, &width))
		return col;
	used = fit(text, width, wide);
	put(in, row, col, style, wide);
	return col + used;
}

int draw_format(const struct rect *in, int row, int col, enum style style, const char *format, ...)
{
	char text[DRAW_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	return draw_text(in, row, col, style, text);
}

int draw_cell(const struct rect *in, int row, int col, int width, enum style style,
	      const char *text)
{
	wchar_t wide[DRAW_MAX];
	int used;

	if (!clip(in, row, col, &width))
		return col;
	if (draw_width(text) <= width) {
		used = fit(text, width, wide);
		put(in, row, col, style, wide);
	} else {
		used = fit(text, width - 1, wide);
		put(in, row, col, style, wide);
		used = draw_text(in, row, col + used, style, draw_glyph(GLYPH_ELLIPSIS)) - col;
	}
	for (; used < width; used++)
		put(in, row, col + used, style, L" ");
	return col + width;
}

void draw_repeat(const struct rect *in, int row, int col, int count, enum style style,
		 enum glyph glyph)
{
	while (count-- > 0)
		col = draw_text(in, row, col, style, draw_glyph(glyph));
}

void draw_restyle(const struct rect *in, int row, int col, int width, enum style style)
{
	attr_t attr = (attr_t)theme_attributes(style);

	if (clip(in, row, col, &width))
		mvchgat(in->y + row, in->x + col, width, attr & ~A_COLOR, (short)PAIR_NUMBER(attr),
			NULL);
}

/* One character's columns, for pcp_wrap(). */
static int columns_of(const char **text)
{
	int columns;

	showable(next_character(text), &columns);
	return columns;
}

int draw_wrap(const struct rect *in, int row, int col, enum style style, const char *text)
{
	size_t width = in->width > col ? (size_t)(in->width - col) : 0;

	while (*text && row < in->height && width > 0) {
		const char *start = text;
		char line[DRAW_MAX];
		size_t len = pcp_wrap(start, width, columns_of, &text);

		/* No room to go on: as much as fits, and a sign of more. */
		if (*text && row + 1 == in->height) {
			draw_cell(in, row++, col, in->width - col, style, start);
			break;
		}
		snprintf(line, sizeof line, "%.*s", (int)len, start);
		draw_text(in, row++, col, style, line);
	}
	return row;
}

void draw_blank(const struct rect *in)
{
	int row;

	for (row = 0; row < in->height; row++)
		mvhline(in->y + row, in->x, ' ', in->width);
}

void draw_cursor(const struct rect *in, int row, int col)
{
	if (row < 0 || row >= in->height || col < 0 || col >= in->width)
		return;
	how.y = in->y + row;
	how.x = in->x + col;
}

static attr_t attributes_of(const cchar_t *cell)
{
	wchar_t text[CCHARW_MAX + 1];
	attr_t attr;
	short pair;

	if (getcchar(cell, text, &attr, &pair, NULL) != OK)
		return A_NORMAL;
	return (attr & ~A_COLOR) | (attr_t)COLOR_PAIR(pair);
}

enum { GROUND_AT_ONCE = 256 };

/* At most GROUND_AT_ONCE cells of one row, by runs of those that come to look alike. */
static void ground(int y, int x, int width, enum style style)
{
	cchar_t cell[GROUND_AT_ONCE + 1];
	int from, to, at;

	for (at = 0; at < width;
	     at++) /* a string of them leaves out the second halves of wide ones */
		mvin_wch(y, x + at, &cell[at]);
	for (from = 0; from < width; from = to) {
		attr_t attr = (attr_t)theme_on_ground(attributes_of(&cell[from]), style);

		for (to = from + 1; to < width; to++)
			if ((attr_t)theme_on_ground(attributes_of(&cell[to]), style) != attr)
				break;
		mvchgat(y, x + from, to - from, attr & ~A_COLOR, (short)PAIR_NUMBER(attr), NULL);
	}
}

void draw_ground(const struct rect *in, int row, int col, int width, enum style style)
{
	int at, n;

	if (how.plain && style == STYLE_BAR)
		return;
	if (!clip(in, row, col, &width))
		return;
	for (at = 0; at < width; at += n) {
		n = width - at < GROUND_AT_ONCE ? width - at : GROUND_AT_ONCE;
		ground(in->y + row, in->x + col + at, n, style);
	}
}

void draw_focus(const struct rect *in, int row, bool focus)
{
	draw_text(in, row, 0, focus ? STYLE_MARK : STYLE_DIM, draw_glyph(GLYPH_CURSOR));
	if (!focus)
		return;
	draw_ground(in, row, 0, in->width, STYLE_CURSOR);
	draw_cursor(in, row, 0);
}

void draw_place_cursor(void)
{
	move(how.y, how.x);
}
