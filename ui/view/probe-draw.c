/* Probe: how it looks: how far it is, the cases, and beside or below them what is said of the one
 * under the cursor. */
#include <string.h>

#include "probe-page.h"
#include "view-exchanges.h"

/* ---- where what stands ---- */

struct places {
	struct rect progress, counts, list, title, said; /* height 0: there is no room */
	bool beside;					 /* said, beside the list */
};

enum { SAID_LEAST = 5, LIST_LEAST = 4, PROGRESS_HEIGHT = 12 };

static struct rect take(struct rect *from, int rows)
{
	struct rect taken = *from;

	rows = rows < from->height ? rows : from->height;
	taken.height = rows;
	from->y += rows;
	from->height -= rows;
	return taken;
}

static struct places places_of(const struct rect *in)
{
	struct places at = { .beside = in->width >= LAYOUT_WIDE_WIDTH };
	struct rect rest = *in;

	if (!draw_plain() && rest.height >= PROGRESS_HEIGHT)
		at.progress = take(&rest, 1);
	if (at.beside) {
		struct rect right = rest;

		right.x += LAYOUT_SPINE + 1;
		right.width -= LAYOUT_SPINE + 1;
		rest.width = LAYOUT_SPINE;
		at.title = take(&right, 1);
		at.said = right;
		at.counts = take(&rest, 1);
		at.list = rest;
		return at;
	}
	at.counts = take(&rest, 1);
	at.list = take(&rest,
		       rest.height >= LIST_LEAST + 1 + SAID_LEAST ? rest.height / 2 : rest.height);
	at.title = take(&rest, 1);
	at.said = rest;
	return at;
}

/* ---- how far it is ---- */

static const enum probe_verdict in_order[PROBE_NVERDICTS] = { PROBE_PASS, PROBE_WEAK, PROBE_FAIL,
							      PROBE_INFO, PROBE_OPEN, PROBE_SKIP };

static void draw_progress(const struct probe_page *page, const struct rect *in)
{
	struct probe_tally tally = probe_tally(page, 0);
	size_t sum = 0;
	int col = 1, width = in->width - 2;

	for (size_t i = 0; page->all && i < PROBE_NVERDICTS; i++) {
		enum style style;
		int end;

		sum += tally.verdict[in_order[i]];
		end = 1 + (int)(sum * (size_t)width / page->all);
		probe_verdict_sign(in_order[i], &style);
		draw_repeat(in, 0, col, end - col, style, GLYPH_BAR_LEFT);
		col = end > col ? end : col;
	}
	draw_repeat(in, 0, col, 1 + width - col, STYLE_FAINT, GLYPH_BAR_USED);
}

static void add_counts(const struct probe_tally *tally, struct line *line)
{
	for (size_t i = 0; i < PROBE_NVERDICTS; i++) {
		size_t n = tally->verdict[in_order[i]];
		enum style style;
		const char *sign = probe_verdict_sign(in_order[i], &style);

		if (n)
			line_add(line, in_order[i] >= PROBE_WEAK ? 0 : 2, line->count ? 1 : 0,
				 style, "%s %zu", sign, n);
	}
}

static void draw_counts(const struct probe_page *page, const struct rect *in)
{
	struct line left = { .count = 0 }, right = { .count = 0 }, counts = { .count = 0 };
	struct probe_tally tally = probe_tally(page, 0);

	line_add(&left, 0, 1, STYLE_NORMAL, "Cases ");
	add_counts(&tally, &counts);
	for (size_t i = 0; i < counts.count; i++)
		line_add(&left, counts.part[i].rank, 1, counts.part[i].style, "%s",
			 counts.text + counts.part[i].text);
	line_add_hidden(&right, page->list.top, list_below(&page->list));
	line_draw_bar(&left, &right, in, false, (struct line_span){ 0, 0 });
}

/* ---- the list ---- */

static void draw_profile_row(const struct probe_page *page, const struct rect *in, int at)
{
	char grade = probe_grade(page->probe);
	struct line right = { .count = 0 };
	int col;

	draw_text(in, at, 1, page->profiled ? STYLE_OK : STYLE_WAITING,
		  draw_glyph(page->profiled ? GLYPH_OK : GLYPH_WAITING));
	col = draw_text(in, at, 3, STYLE_TITLE, "What it is");
	if (grade)
		line_add(&right, 0, 0, strchr("AB", grade) ? STYLE_OK : STYLE_ERROR, "%s %c",
			 page->prober ? "so far" : "grade", grade);
	line_fit(&right, in->width - col - 2);
	line_draw(&right, in, at, in->width - 1 - line_width(&right));
}

enum { NAME = 6, NAME_LEAST = 8 };

static void draw_group_row(const struct probe_page *page, const struct rect *in, int at,
			   char letter)
{
	struct probe_tally tally = probe_tally(page, letter);
	struct line right = { .count = 0 };
	bool begun, open = page->open[letter - 'A'];

	add_counts(&tally, &right);
	begun = right.count > 0 || tally.running;
	if (tally.running)
		line_add(&right, 0, 2, STYLE_WAITING, "%s %s", draw_glyph(GLYPH_WAITING),
			 tally.running->id);
	else if (tally.to_come)
		line_add(&right, 1, 2, STYLE_DIM, "%zu %s", tally.to_come,
			 page->prober ? "to come" : "not tried");
	else if (!begun)
		line_add(&right, 1, 1, STYLE_FAINT, "not asked");
	/* Where both have no room, the name is cut: it is the less valuable. */
	line_fit(&right, in->width - NAME - NAME_LEAST - 2);
	draw_text(in, at, 1, STYLE_DIM, draw_glyph(open ? GLYPH_OPEN : GLYPH_FOLDED));
	draw_format(in, at, 3, begun ? STYLE_TITLE : STYLE_DIM, "%c", letter);
	draw_cell(in, at, NAME, in->width - line_width(&right) - NAME - 2,
		  begun ? STYLE_TITLE : STYLE_DIM, probe_group_name(letter));
	line_draw(&right, in, at, in->width - 1 - line_width(&right));
}

static void draw_case_row(const struct probe_page *page, const struct rect *in, int at,
			  const struct probe_row *row)
{
	const struct probe_case *case_ = probe_row_case(page, row);
	bool fault = probe_row_is_fault(page, row);
	enum style style;
	const char *sign = probe_sign(page, row, &style);

	draw_text(in, at, 3, style, sign);
	draw_format(in, at, 5, fault ? STYLE_NORMAL : STYLE_DIM, "%s", case_->id);
	draw_cell(in, at, 10, in->width - 13, fault ? STYLE_NORMAL : STYLE_DIM, case_->title);
	if (fault && case_->flags & PROBE_ENDANGERS)
		draw_text(in, at, in->width - 2, STYLE_ERROR, "!");
}

static void draw_row(const struct probe_page *page, const struct rect *in, int at,
		     const struct probe_row *row)
{
	switch (row->kind) {
	case PROBE_ROW_PROFILE:
		draw_profile_row(page, in, at);
		break;
	case PROBE_ROW_GROUP:
		draw_group_row(page, in, at, (char)row->at);
		break;
	case PROBE_ROW_CASE:
		draw_case_row(page, in, at, row);
		break;
	case PROBE_ROW_RULE:
		draw_text(in, at, 5, STYLE_ERROR, draw_glyph(GLYPH_FINDING));
		draw_cell(in, at, 7, in->width - 9, STYLE_NORMAL, probe_row_line(page, row)->rule);
		break;
	}
}

static void draw_list(struct probe_page *page, const struct rect *in, bool focus)
{
	struct list *list = &page->list;
	int at;

	list_fit(list, page->nrow, in->height);
	for (at = 0; at < in->height && list->top + (size_t)at < page->nrow; at++) {
		draw_row(page, in, at, &page->row[list->top + (size_t)at]);
		if (list->top + (size_t)at == list->cursor)
			draw_focus(in, at, focus);
	}
}

/* ---- what is said of one ---- */

static void draw_title(const struct probe_page *page, const struct rect *in)
{
	const struct probe_case *row = probe_row_case(page, &page->at);
	const struct probe_line *line = probe_row_line(page, &page->at);
	struct line left = { .count = 0 }, right = { .count = 0 };
	enum style style;

	if (row) {
		line_add(&left, 0, 1, STYLE_TITLE, "%s", row->id);
		line_add(&left, 1, 2, STYLE_NORMAL, "%s", row->title);
		line_add(&right, 2, 0, STYLE_DIM, "%s", row->level);
	} else if (page->at.kind == PROBE_ROW_GROUP) {
		line_add(&left, 0, 1, STYLE_TITLE, "%c", (char)page->at.at);
		line_add(&left, 1, 2, STYLE_NORMAL, "%s", probe_group_name((char)page->at.at));
	} else {
		line_add(&left, 0, 1, STYLE_TITLE, "What it is");
	}
	if (line) {
		const char *sign = probe_verdict_sign(line->verdict, &style);

		line_add(&right, 0, 2, style, "%s %s%s", sign, probe_verdict_name(line->verdict),
			 line->verdict == PROBE_FAIL && !line->rule && row->flags & PROBE_ENDANGERS
				 ? " !"
				 : "");
	}
	line_draw_bar(&left, &right, in, false, (struct line_span){ 0, 0 });
}

enum { LABEL = 2, VALUE = 13, PACKETS_LEAST = 2 };

static void draw_said(struct ui *ui, const struct rect *in)
{
	struct probe_page *page = probe_page(ui);
	const struct probe_line *line = probe_row_line(page, &page->at);
	struct rect text = { in->y, in->x, in->height, in->width - 1 }, packets;
	usec now = page->prober ? ui->now : page->ended;
	struct probe_piece piece;
	int row = 0;

	for (size_t i = 0; row < in->height && probe_piece(page, &page->at, now, i, &piece); i++) {
		draw_text(&text, row, LABEL, STYLE_DIM, piece.label);
		row = draw_wrap(&text, row, VALUE, piece.style, piece.text);
	}
	packets = (struct rect){ in->y + row + 1, in->x, in->height - row - 1, in->width };
	if (line && line->nexchange && packets.height >= PACKETS_LEAST)
		exchanges_draw_these(ui, &packets, line->exchange, line->nexchange, page->packet);
}

/* ---- all of it ---- */

static void draw_spine(const struct rect *in)
{
	for (int row = 0; row < in->height; row++)
		draw_text(in, row, 0, STYLE_FAINT, draw_glyph(GLYPH_RAIL));
}

void probe_draw(struct ui *ui, const struct rect *in, bool focus)
{
	struct probe_page *page = probe_page(ui);
	struct places at = places_of(in);

	if (page->prober)
		ui_counts_down(ui);
	if (at.progress.height > 0)
		draw_progress(page, &at.progress);
	if (at.title.height > 0)
		draw_title(page, &at.title);
	if (at.said.height > 0)
		draw_said(ui, &at.said);
	draw_list(page, &at.list, focus); /* before its bar, which tells what is hidden */
	draw_counts(page, &at.counts);
	if (at.beside && !draw_plain())
		draw_spine(
			&(struct rect){ at.list.y, at.list.x + at.list.width, at.list.height, 1 });
}
