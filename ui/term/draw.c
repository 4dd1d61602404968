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
	[GLYPH_ELLIPSIS] = { "\u2026", "~" },	[GLYPH_FOLDED] = { "\u25b8", ">" },
	[GLYPH_OPEN] = { "\u25be", "v" },	[GLYPH_REQUEST] = { "\u2192", "->" },
	[GLYPH_RESPONSE] = { "\u2190", "<-" },	[GLYPH_BAR_FULL] = { "\u2588", "#" },
	[GLYPH_BAR_EMPTY] = { "\u2591", "-" },	[GLYPH_GRANTED] = { "\u25cf", "o" },
	[GLYPH_WAITING] = { "\u25cc", "~" },	[GLYPH_REFUSED] = { "\u2717", "x" },
	[GLYPH_GONE] = { "\u25cb", "." },	[GLYPH_MARK] = { "\u2713", "*" },
	[GLYPH_FINDING] = { "\u25b2", "!" },	[GLYPH_NOTE] = { "i", "i" },
	[GLYPH_DIFFERS] = { "\u2260", "*" },	[GLYPH_MORE_ABOVE] = { "\u2191", "^" },
	[GLYPH_MORE_BELOW] = { "\u2193", "v" }, [GLYPH_LINE] = { "\u2500", "-" },
	[GLYPH_RAIL] = { "\u2502", "|" },	[GLYPH_HEAD_LEFT] = { "\u25c0", "<" },
	[GLYPH_HEAD_RIGHT] = { "\u25b6", ">" },
};

void draw_init(bool ascii, bool plain)
{
	how.ascii = ascii;
	how.plain = plain;
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

static void put(const struct rect *in, int row, int col, enum style style, const wchar_t *text)
{
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

struct corners {
	const cchar_t *left, *right;
};

static void horizontal(int y, const struct rect *box, struct corners corners)
{
	if (how.ascii) {
		mvhline(y, box->x, '-', box->width);
		mvaddch(y, box->x, '+');
		mvaddch(y, box->x + box->width - 1, '+');
	} else {
		mvhline_set(y, box->x, WACS_HLINE, box->width);
		mvadd_wch(y, box->x, corners.left);
		mvadd_wch(y, box->x + box->width - 1, corners.right);
	}
}

static void draw_border(const struct rect *box, unsigned edges, enum style style)
{
	const struct corners top = { WACS_ULCORNER, WACS_URCORNER },
			     joined = { WACS_LTEE, WACS_RTEE },
			     bottom = { WACS_LLCORNER, WACS_LRCORNER };
	int right = box->x + box->width - 1;

	style_on(style);
	if (how.ascii) {
		mvvline(box->y, box->x, '|', box->height);
		mvvline(box->y, right, '|', box->height);
	} else {
		mvvline_set(box->y, box->x, WACS_VLINE, box->height);
		mvvline_set(box->y, right, WACS_VLINE, box->height);
	}
	horizontal(box->y, box, edges & LAYOUT_JOINED_TOP ? joined : top);
	if (!(edges & LAYOUT_NO_BOTTOM))
		horizontal(box->y + box->height - 1, box, bottom);
	style_on(STYLE_NORMAL);
}

struct rect draw_box(const struct rect *box, unsigned edges, bool focus, const char *title)
{
	struct rect inside = { box->y + 1, box->x + 1, box->height - 2, box->width - 2 };

	if (edges & LAYOUT_NO_BOTTOM)
		inside.height++;
	if (how.plain) {
		draw_text(box, 0, 0, focus ? STYLE_TITLE : STYLE_DIM, title);
		return (struct rect){ box->y + 1, box->x, box->height - 1, box->width };
	}
	draw_border(box, edges, focus ? STYLE_BORDER : STYLE_DIM);
	if (box->width > 4 && *title)
		draw_format(&(struct rect){ box->y, box->x + 1, 1, box->width - 2 }, 0, 0,
			    focus ? STYLE_TITLE : STYLE_NORMAL, " %s ", title);
	return inside;
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

void draw_focus(const struct rect *in, int row)
{
	draw_restyle(in, row, 0, in->width, STYLE_CURSOR);
	draw_cursor(in, row, 0);
}

void draw_place_cursor(void)
{
	move(how.y, how.x);
}
