/* Drawing text into a rectangle of the screen, clipped. */
#include "draw.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>
#include <ncurses.h>

#include "canvas.h"
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
	[GLYPH_SKIPPED] = { "\u2013", "-" },	 [GLYPH_TO_COME] = { "\u00b7", "." },
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
	return c > WCHAR_MAX ? 0xfffd : (wchar_t)c; /* in Windows it has 16 bits */
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
		for (; *text >= ' ' && *text < 0x7f; text++)
			width++;
		if (!*text)
			break;
		showable(next_character(&text), &columns);
		width += columns;
	}
	return width;
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

/* A blank shows no ink, so the one before a text takes the text's: what stands on both sides of it
 * is written without a change. */
static void lead(int y, int x, enum style style)
{
	if (x > 0 && style != STYLE_NORMAL && theme_is_ink(style) && canvas_is_blank(y, x - 1) &&
	    canvas_attributes(y, x - 1) == theme_attributes(STYLE_NORMAL))
		canvas_restyle(y, x - 1, 1, theme_attributes(style));
}

/* As much of the text as fits in `width` columns; returns the columns used. A combining character
 * without one before it is left out: it would change somebody else's cell. */
static int put(const struct rect *in, int row, int col, int width, enum style style,
	       const char *text)
{
	const int y = in->y + row, x = in->x + col;
	const unsigned long attributes = theme_attributes(style);
	int used = 0, columns;

	lead(y, x, style);
	while (*text) {
		int n = canvas_put_ascii(y, x + used, text, width - used, attributes);
		wchar_t c;

		used += n;
		text += n;
		if (!*text)
			break;
		c = showable(next_character(&text), &columns);
		if (used + columns > width)
			break;
		if (columns || used)
			canvas_put(y, x + used, c, columns, attributes);
		used += columns;
	}
	return used;
}

int draw_text(const struct rect *in, int row, int col, enum style style, const char *text)
{
	int width = in->width;

	return clip(in, row, col, &width) ? col + put(in, row, col, width, style, text) : col;
}

enum { DRAW_MAX = 1024 };

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
	int used;

	if (!clip(in, row, col, &width))
		return col;
	if (draw_width(text) <= width) {
		used = put(in, row, col, width, style, text);
	} else {
		used = put(in, row, col, width - 1, style, text);
		used = draw_text(in, row, col + used, style, draw_glyph(GLYPH_ELLIPSIS)) - col;
	}
	if (used < width)
		lead(in->y + row, in->x + col + used, style);
	canvas_blank(in->y + row, in->x + col + used, width - used, theme_attributes(style));
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
	if (clip(in, row, col, &width))
		canvas_restyle(in->y + row, in->x + col, width, theme_attributes(style));
}

/* One character's columns, for pcp_wrap(). */
static int columns_of(const char **text)
{
	int columns;

	showable(next_character(text), &columns);
	return columns;
}

int draw_prose(const struct rect *in, int row, int col, int width, enum style style,
	       const char *text)
{
	char words[DRAW_MAX];
	const char *rest = text;
	size_t len;

	if (width < 3 || draw_width(text) <= width)
		return draw_cell(in, row, col, width, style, text);
	len = pcp_wrap(text, (size_t)width - 2, columns_of, &rest);
	snprintf(words, sizeof words, "%.*s %s", (int)len, text, draw_glyph(GLYPH_ELLIPSIS));
	return draw_cell(in, row, col, width, style, words);
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
			draw_prose(in, row++, col, in->width - col, style, start);
			break;
		}
		snprintf(line, sizeof line, "%.*s", (int)len, start);
		draw_text(in, row++, col, style, line);
	}
	return row;
}

void draw_blank(const struct rect *in)
{
	for (int row = 0; row < in->height; row++)
		canvas_blank(in->y + row, in->x, in->width, theme_attributes(STYLE_NORMAL));
}

void draw_cursor(const struct rect *in, int row, int col)
{
	if (row < 0 || row >= in->height || col < 0 || col >= in->width)
		return;
	how.y = in->y + row;
	how.x = in->x + col;
}

void draw_ground(const struct rect *in, int row, int col, int width, enum style style)
{
	const int y = in->y + row, x = in->x + col;
	int from, to;

	if ((how.plain && style == STYLE_BAR) || !clip(in, row, col, &width))
		return;
	for (from = 0; from < width; from = to) {
		unsigned long attributes = canvas_attributes(y, x + from);

		for (to = from + 1; to < width; to++)
			if (canvas_attributes(y, x + to) != attributes)
				break;
		canvas_restyle(y, x + from, to - from, theme_on_ground(attributes, style));
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

void draw_cursor_place(int *y, int *x)
{
	*y = how.y;
	*x = how.x;
}
