/* Ladder: the messages as arrows between client and server, above Decode, which follows them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions.h"
#include "exchange-words.h"
#include "ladder.h"
#include "menu.h"
#include "prompt.h"
#include "save.h"
#include "view-decode.h"
#include "view-exchanges.h"

static bool open_ladder(struct ui *ui)
{
	struct ladder *ladder = calloc(1, sizeof *ladder);

	ui->state[VIEW_LADDER] = ladder;
	if (!ladder)
		return false;
	ladder->judge = calloc(1, sizeof *ladder->judge);
	return ladder->judge != NULL;
}

static void close_ladder(struct ui *ui)
{
	rows_free(&ladder_of(ui)->rows);
	free(ladder_of(ui)->judge);
	free(ladder_of(ui));
}

static const struct message *current(struct ui *ui)
{
	return ladder_message(ui, ladder_of(ui)->list.cursor);
}

/* ---- drawing ---- */

/* Where time, rails and notes are. Where it is narrow the hour goes, and notes into the arrows. */
struct columns {
	int clock_end, left, right, note;
	bool narrow;
};

enum { NARROW = 100, CLOCK = 14, SHORT_CLOCK = 11, NOTES = 25 };

static struct columns columns_of(const struct rect *in)
{
	bool narrow = in->width < NARROW;
	int clock = narrow ? SHORT_CLOCK : CLOCK, right = in->width - (narrow ? 1 : NOTES + 1);

	return (struct columns){ clock - 1, clock, right, right + 2, narrow };
}

static void draw_heading(struct ui *ui, const struct rect *in, const struct columns *at)
{
	char client[64], server[64];
	int room = at->right - at->left;

	ladder_ends(ui, client, server, sizeof client);
	draw_text(in, 0, at->left, STYLE_HEADING, client);
	if (draw_width(client) + draw_width(server) < room)
		draw_text(in, 0, at->right + 1 - draw_width(server), STYLE_HEADING, server);
}

/* The note goes behind the text where there is no column for it. */
static void notes_into_arrow(struct ladder_rung *rung)
{
	size_t n = strlen(rung->text);

	if (*rung->number)
		n += (size_t)snprintf(rung->text + n, sizeof rung->text - n, "  %s", rung->number);
	if (n < sizeof rung->text && rung->sign != GLYPH_COUNT)
		n += (size_t)snprintf(rung->text + n, sizeof rung->text - n, " %s",
				      draw_glyph(rung->sign));
	if (n < sizeof rung->text && *rung->note && rung->kind != RUNG_BREAK)
		snprintf(rung->text + n, sizeof rung->text - n, " %s", rung->note);
}

static void draw_note(const struct rect *in, int row, const struct columns *at,
		      const struct ladder_rung *rung)
{
	int col = draw_text(in, row, at->note, STYLE_NORMAL, rung->number);

	col += *rung->number ? 1 : 0;
	if (rung->sign != GLYPH_COUNT)
		col = draw_text(in, row, col + (*rung->number != 0), rung->style,
				draw_glyph(rung->sign)) +
		      1;
	draw_cell(in, row, col, in->width - col, rung->style == STYLE_OK ? STYLE_DIM : rung->style,
		  rung->note);
}

static void draw_rung(const struct rect *in, int row, const struct columns *at,
		      struct ladder_rung *rung)
{
	const struct ladder_strokes glyphs = {
		draw_glyph(GLYPH_LINE),
		draw_glyph(GLYPH_LINE_DASHED),
		draw_glyph(rung->kind == RUNG_PAUSE ? GLYPH_RAIL_DASHED : GLYPH_RAIL),
		draw_glyph(GLYPH_HEAD_LEFT),
		draw_glyph(GLYPH_HEAD_RIGHT),
		draw_glyph(GLYPH_LOST),
		draw_glyph(GLYPH_ELLIPSIS),
	};
	const char *clock = rung->clock;
	char line[1600];
	struct ladder_places places;

	if (at->narrow && rung->kind != RUNG_PAUSE && strlen(clock) > 3)
		clock += 3; /* without its hour */
	draw_text(in, row, at->clock_end - draw_width(clock),
		  rung->kind == RUNG_PAUSE ? STYLE_FAINT : STYLE_DIM, clock);
	if (at->narrow)
		notes_into_arrow(rung);
	places = ladder_arrow(rung, at->right - at->left - 1, &glyphs, line, sizeof line);
	draw_text(in, row, at->left, rung->style == STYLE_NORMAL ? STYLE_DIM : rung->style, line);
	draw_restyle(in, row, at->left, 1, STYLE_FAINT);
	draw_restyle(in, row, at->right, 1, STYLE_FAINT);
	if (places.text_width && (rung->style == STYLE_NORMAL || rung->style == STYLE_WAITING))
		draw_restyle(in, row, at->left + places.text + 1, places.text_width, STYLE_NORMAL);
	if (places.lost_width)
		draw_restyle(in, row, at->left + places.lost + 1, places.lost_width, STYLE_ERROR);
	if (!at->narrow)
		draw_note(in, row, at, rung);
}

/* The first message in sight, so that the one under the cursor is: pauses and losses take rows. */
static void fit_rows(struct ui *ui, struct list *list, int height)
{
	size_t least = 0, rows = 0;

	list_fit(list, ladder_messages(ui), height);
	for (least = list->count ? list->cursor + 1 : 0; least > 0; least--) {
		rows += ladder_count(ui, ladder_message(ui, least - 1),
				     least > 1 ? ladder_message(ui, least - 2) : NULL);
		if (rows > list->height)
			break;
	}
	least = least < list->cursor ? least : list->cursor;
	list->top = list->top > least ? list->top : least;
}

static void draw(struct ui *ui, const struct rect *in, bool focus)
{
	struct ladder *ladder = ladder_of(ui);
	struct rect body = { in->y + 1, in->x, in->height - 1, in->width };
	struct columns at = columns_of(in);
	const struct message *message, *before = NULL;
	struct ladder_rung rung[LADDER_RUNGS];
	size_t i, k, n;
	int row = 0;

	ladder_update(ui);
	if (ladder_messages(ui) == 0 && ladder_filtered(ui)) {
		draw_wrap(in, 0, 1, STYLE_DIM,
			  "No exchange contains this; / and an empty line shows all.");
		return;
	}
	draw_heading(ui, in, &at);
	fit_rows(ui, &ladder->list, body.height);
	for (i = ladder->list.top; row < body.height && (message = ladder_message(ui, i));
	     i++, before = message) {
		n = ladder_rungs(ui, ladder->judge, message, before, rung);
		for (k = 0; k < n && row < body.height; k++, row++) {
			draw_rung(&body, row, &at, &rung[k]);
			if (rung[k].kind == RUNG_MESSAGE &&
			    exchanges_is_marked(ui, rung[k].message))
				draw_text(&body, row, at.left - 1, STYLE_KEY,
					  draw_glyph(GLYPH_MARK));
			if (i == ladder->list.cursor && rung[k].kind == RUNG_MESSAGE)
				draw_focus(&body, row, focus);
		}
	}
	for (; row < body.height; row++) {
		draw_text(&body, row, at.left, STYLE_FAINT, draw_glyph(GLYPH_RAIL));
		draw_text(&body, row, at.right, STYLE_FAINT, draw_glyph(GLYPH_RAIL));
	}
}

static void bar(struct ui *ui, struct line *left, struct line *right)
{
	const struct log *log = session_log(ui->session);
	size_t n = ladder_messages(ui), exchanges = log_nexchanges(log);
	char key[32];

	if (exchanges)
		line_add(left, 1, 2, STYLE_DIM, exchanges > 1 ? "#%u to #%u" : "#%u",
			 log_exchange_at(log, 0)->id, log_exchange_at(log, exchanges - 1)->id);
	line_add(left, 1, 2, ladder_filtered(ui) ? STYLE_WARNING : STYLE_DIM,
		 "%zu datagram%s%s%s%s", n, n == 1 ? "" : "s", ladder_filtered(ui) ? " with '" : "",
		 exchanges_filter(ui), ladder_filtered(ui) ? "'" : "");
	ui_key_of(ui, "export", key, sizeof key);
	line_add(right, 3, 2, STYLE_TITLE, "%s", key);
	line_add(right, 3, 1, STYLE_NORMAL, "writes it: text, SVG");
	line_add_hidden(right, ladder_of(ui)->list.top, 0);
}

static void meaning(struct ui *ui, char *buf, size_t cap)
{
	const struct message *message = current(ui);

	if (!message)
		return;
	if (*message->reason)
		snprintf(buf, cap, "%s%s", message_lead(message), message->reason);
	else if (message->kind == MESSAGE_RESENT)
		exchange_tries(message, buf, cap);
	else
		snprintf(buf, cap, "%u octet%s; Decode below has them", message->len,
			 message->len == 1 ? "" : "s");
}

/* ---- moving ---- */

static void moved(struct ui *ui)
{
	const struct message *message = current(ui);

	if (!message)
		return;
	ladder_of(ui)->id = message->id;
	select_message(&ui->selection, message->id,
		       ladder_of(ui)->list.cursor + 1 == ladder_messages(ui));
	moment_to(ui, message);
}

/* Opens at the message that Decode shows; at the newest one, where it shows what is composed. */
static void shown(struct ui *ui)
{
	const struct message *message = decode_message(ui);

	ladder_update(ui);
	ladder_of(ui)->list.cursor = message ? ladder_place(ui, message->id)
					     : ladder_messages(ui) - (ladder_messages(ui) > 0);
	moved(ui);
}

void act_ladder_open(struct ui *ui)
{
	moved(ui);
	ui_focus(ui, PANE_DECODE);
}

/* What is looked at is the newest: it stays so. */
static void event(struct ui *ui, const struct pcp_client_event *event)
{
	struct ladder *ladder = ladder_of(ui);
	const struct log *log = session_log(ui->session);
	const struct message *message = log_message_at(log, log_nmessages(log) - 1);
	bool newest = ladder->list.cursor + 1 >= ladder->list.count;

	if (!event->len || !message)
		return;
	if (exchanges_pass_late(ui, message))
		rows_stale(&ladder->rows);
	if (ui->page != VIEW_LADDER)
		return;
	ladder_update(ui);
	ladder->list.count = ladder_messages(ui);
	if (!newest || ladder->list.count == 0)
		return;
	ladder->list.cursor = ladder->list.count - 1;
	if (current(ui)->id != ladder->id)
		moved(ui);
}

static struct list *list(struct ui *ui)
{
	return &ladder_of(ui)->list;
}

/* ---- files ---- */

static void text_named(struct ui *ui, const char *name)
{
	save_as(ui, name, ladder_write_text, &ladder_of(ui)->judge);
}

static void svg_named(struct ui *ui, const char *name)
{
	save_as(ui, name, ladder_write_svg, &ladder_of(ui)->judge);
}

static void chosen(struct ui *ui, int value)
{
	if (value)
		prompt_ask_new(ui, "write SVG to: ", "ladder.svg", svg_named);
	else
		prompt_ask_new(ui, "write text to: ", "ladder.txt", text_named);
}

const char *why_not_export(struct ui *ui)
{
	return ladder_messages(ui) ? NULL : "there is nothing to write yet";
}

void act_export(struct ui *ui)
{
	static const struct menu_item item[] = {
		{ "text", "arrows of ASCII, for mails and reports", 0 },
		{ "SVG", "a picture, for documents", 1 },
	};

	ui_menu(ui, "write the ladder as", item, 2, 0, chosen);
}

const struct view view_ladder = {
	.open = open_ladder,
	.close = close_ladder,
	.above_decode = LAYOUT_STACK,
	.bar = bar,
	.draw = draw,
	.meaning = meaning,
	.list = list,
	.moved = moved,
	.event = event,
	.shown = shown,
	.filter = exchanges_ask_filter,
};
