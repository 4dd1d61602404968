/* Lines of styled parts, of which the least valuable go where there is no room; and bars made of
 * them. */
#include "line.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void line_add(struct line *line, int rank, int gap, enum style style, const char *format, ...)
{
	struct line_part *part = &line->part[line->count];
	va_list args;

	size_t room = sizeof line->text - line->used, len;

	if (line->count == LINE_PARTS_MAX || room == 0)
		return;
	line->count++;
	part->rank = rank;
	part->gap = gap;
	part->style = style;
	va_start(args, format);
	part->text = line->used;
	len = (size_t)vsnprintf(line->text + line->used, room, format, args);
	line->used += len < room ? len + 1 : room;
	va_end(args);
}

static const char *part_text(const struct line *line, size_t i)
{
	return line->text + line->part[i].text;
}

int line_width(const struct line *line)
{
	int width = 0;
	size_t i;

	for (i = 0; i < line->count; i++)
		width += line->part[i].gap + draw_width(part_text(line, i));
	return width;
}

/* All of the highest rank; false when only parts of rank 0 are left. */
static bool drop(struct line *line)
{
	size_t i, kept = 0;
	int rank = 0;

	for (i = 0; i < line->count; i++)
		rank = line->part[i].rank > rank ? line->part[i].rank : rank;
	for (i = 0; rank && i < line->count; i++)
		if (line->part[i].rank != rank)
			line->part[kept++] = line->part[i];
	if (rank)
		line->count = kept;
	return rank > 0;
}

void line_fit(struct line *line, int width)
{
	while (line_width(line) > width && drop(line))
		;
}

int line_draw(const struct line *line, const struct rect *in, int row, int col)
{
	size_t i;

	for (i = 0; i < line->count; i++) {
		const struct line_part *part = &line->part[i];
		int width = draw_width(part_text(line, i));

		col += part->gap;
		if (col + width <= in->width)
			col = draw_text(in, row, col, part->style, part_text(line, i));
		else if (col < in->width)
			col = draw_cell(in, row, col, in->width - col, part->style,
					part_text(line, i));
	}
	return col;
}

void line_add_hidden(struct line *line, size_t above, size_t below)
{
	if (above)
		line_add(line, 2, 2, STYLE_TITLE, "%s%zu", draw_glyph(GLYPH_MORE_ABOVE), above);
	if (below)
		line_add(line, 2, above ? 1 : 2, STYLE_TITLE, "%s%zu", draw_glyph(GLYPH_MORE_BELOW),
			 below);
}

static int columns(const struct line *line, size_t from, size_t count)
{
	int width = 0;

	for (size_t i = from; i < from + count && i < line->count; i++)
		width += line->part[i].gap + draw_width(part_text(line, i));
	return width;
}

/* Where there is no ground to fill the bar with, lines do. */
static void fill(const struct rect *in, int from, int to, bool focus)
{
	if (!theme_has_grounds() && !draw_plain())
		draw_repeat(in, 0, from, to - from, focus ? STYLE_NORMAL : STYLE_DIM,
			    focus ? GLYPH_LINE_DOUBLE : GLYPH_LINE);
}

void line_draw_bar(struct line *left, struct line *right, const struct rect *in, bool focus,
		   struct line_span tab)
{
	int edge = in->width - 1, end, start;

	line_fit(left, edge);
	line_fit(right, edge - line_width(left) - 2);
	if (line_width(left) + line_width(right) + 2 > edge)
		right->count = 0;
	if (right->count)
		right->part[0].gap = 0;
	start = edge - line_width(right);
	end = line_draw(left, in, 0, 0);
	fill(in, end + !tab.count, start - (right->count > 0), focus && !tab.count);
	line_draw(right, in, 0, start);
	if (focus && tab.count)
		draw_ground(in, 0, columns(left, 0, tab.first), columns(left, tab.first, tab.count),
			    STYLE_BAR_FOCUS);
	draw_ground(in, 0, 0, in->width, focus && !tab.count ? STYLE_BAR_FOCUS : STYLE_BAR);
}
