/* Ladder: the messages as arrows between client and server, on the screen, as text and as SVG. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions.h"
#include "prompt.h"
#include "save.h"
#include "text.h"
#include "view-decode.h"
#include "waiting.h"

struct ladder {
	struct list list;
	struct pcp_node *node;
};

static struct ladder *state(struct ui *ui)
{
	return ui->state[VIEW_LADDER];
}

static bool open_ladder(struct ui *ui)
{
	struct ladder *ladder = calloc(1, sizeof *ladder);

	ui->state[VIEW_LADDER] = ladder;
	if (!ladder)
		return false;
	ladder->node = malloc(PCP_NODES_MAX * sizeof *ladder->node);
	return ladder->node != NULL;
}

static void close_ladder(struct ui *ui)
{
	free(state(ui)->node);
	free(state(ui));
}

/* One rung: all that text, SVG and screen show of a message. */
struct rung {
	char clock[24], text[200], note[96];
	bool to_client;
	enum style style;
};

static void read_rung(struct ui *ui, const struct message *message, struct rung *rung)
{
	struct pcp_packet packet;

	memset(rung, 0, sizeof *rung);
	ui_clock(message->wall, 3, rung->clock, sizeof rung->clock);
	pcp_decode(&packet, message->octets, message->len, PCP_DIRECTION_GUESS,
		   session_dialects(ui->session), state(ui)->node, PCP_NODES_MAX);
	pcp_summary(&packet, rung->text, sizeof rung->text);
	rung->to_client = !message_sent(message);
	rung->style = STYLE_NORMAL;
	switch (message->kind) {
	case MESSAGE_RESENT:
		snprintf(rung->note, sizeof rung->note, "#%u try %u", message->exchange,
			 message->tries);
		rung->style = STYLE_WAITING;
		break;
	case MESSAGE_RESPONSE:
		if (message->rtt >= 0)
			snprintf(rung->note, sizeof rung->note, "#%u %.1f ms", message->exchange,
				 (double)message->rtt / 1000.0);
		else
			snprintf(rung->note, sizeof rung->note, "#%u", message->exchange);
		break;
	case MESSAGE_IGNORED:
		snprintf(rung->note, sizeof rung->note, "ignored");
		rung->style = STYLE_WARNING;
		break;
	case MESSAGE_UNSOLICITED:
		snprintf(rung->note, sizeof rung->note, "unsolicited");
		break;
	case MESSAGE_REQUEST:
		snprintf(rung->note, sizeof rung->note, "#%u", message->exchange);
		break;
	}
}

/* Columns beside the arrows: time and note, with less in them where that leaves the arrows too
 * little. */
enum { CLOCK_WIDTH = 13, NOTE_WIDTH = 22, CLOCK_LEAST = 9, NOTE_LEAST = 9, ARROW_LEAST = 42 };

/* What arrows are made of: glyphs on the screen, ASCII in files. */
struct strokes {
	const char *line, *rail, *left, *right, *cut;
};

static size_t put(char *buf, size_t cap, size_t n, const char *text, int times)
{
	size_t len = strlen(text);

	for (; times > 0 && n + len < cap; times--, n += len)
		memcpy(buf + n, text, len + 1);
	return n;
}

/* As much of the text as takes `width` columns, whole characters; what was cut off ends in `cut`.
 */
static void fit(const char *from, int width, const char *cut, char *text, size_t cap)
{
	size_t len = (size_t)snprintf(text, cap, "%s", from);

	if (draw_width(text) <= width)
		return;
	while (len > 0 && draw_width(text) > width - 1) {
		while (--len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
			;
		text[len] = '\0';
	}
	if (width > 0)
		put(text, cap, len, cut, 1);
}

/* The arrow with its text in the middle, `width` columns between the rails. */
static void arrow(const struct rung *rung, int width, const struct strokes *with, char *buf,
		  size_t cap)
{
	char text[200];
	int used, left;
	size_t n = 0;

	fit(rung->text, width - 6, with->cut, text, sizeof text);
	used = draw_width(text) + 2;
	left = (width - 2 - used) / 2;
	n = put(buf, cap, n, with->rail, 1);
	n = put(buf, cap, n, rung->to_client ? with->left : with->line, 1);
	n = put(buf, cap, n, with->line, left);
	n = put(buf, cap, n, " ", 1);
	n = put(buf, cap, n, text, 1);
	n = put(buf, cap, n, " ", 1);
	n = put(buf, cap, n, with->line, width - 2 - used - left);
	n = put(buf, cap, n, rung->to_client ? with->line : with->right, 1);
	put(buf, cap, n, with->rail, 1);
}

static void heading(struct ui *ui, char *client, char *server, size_t cap)
{
	const struct message *message = log_message_at(session_log(ui->session), 0);
	bool back = message && !message_sent(message);

	snprintf(client, cap, "client");
	snprintf(server, cap, "server");
	if (!message)
		return;
	pcp_addr_text(back ? message->to.addr : message->from.addr, client, cap);
	pcp_endpoint_text(back ? &message->from : &message->to, server, cap);
}

static void title(struct ui *ui, char *buf, size_t cap);

static void bar(struct ui *ui, struct line *left, struct line *right)
{
	char text[200] = "";

	(void)right;
	title(ui, text, sizeof text);
	line_add(left, 1, 2, STYLE_DIM, "%s", text);
}

static void title(struct ui *ui, char *buf, size_t cap)
{
	size_t n = log_nmessages(session_log(ui->session));

	snprintf(buf, cap, "%zu message%s", n, pcp_s(n));
}

/* Beside the last request of an exchange that waits; on the screen only, where it counts down. */
static void add_next_try(struct ui *ui, const struct message *message, struct rung *rung)
{
	const struct exchange *exchange = log_exchange(session_log(ui->session), message->exchange);
	char next[64];

	if (!exchange || exchange->last != message->id || exchange->state != EXCHANGE_WAITING ||
	    exchange->next_at == USEC_NEVER)
		return;
	next_try_text(ui, exchange->sends, exchange->next_at, next, sizeof next);
	snprintf(rung->note, sizeof rung->note, "#%u %s", exchange->id, next);
	rung->style = STYLE_WAITING;
}

static void draw(struct ui *ui, const struct rect *in, bool focus)
{
	struct list *list = &state(ui)->list;
	struct rect body = { in->y + 1, in->x, in->height - 1, in->width };
	bool narrow = in->width < CLOCK_WIDTH + NOTE_WIDTH + ARROW_LEAST;
	int clock = narrow ? CLOCK_LEAST : CLOCK_WIDTH, note = narrow ? NOTE_LEAST : NOTE_WIDTH;
	int width = in->width - clock - note - 2, at;
	char client[ENDPOINT_TEXT], server[ENDPOINT_TEXT], line[2000];
	const struct strokes glyphs = { draw_glyph(GLYPH_LINE), draw_glyph(GLYPH_RAIL),
					draw_glyph(GLYPH_HEAD_LEFT), draw_glyph(GLYPH_HEAD_RIGHT),
					draw_glyph(GLYPH_ELLIPSIS) };
	struct rung rung;

	(void)focus;
	heading(ui, client, server, sizeof client);
	draw_text(in, 0, clock, STYLE_HEADING, client);
	if (draw_width(client) + draw_width(server) < width + 2)
		draw_text(in, 0, clock + width + 2 - draw_width(server), STYLE_HEADING, server);
	list_fit(list, log_nmessages(session_log(ui->session)), body.height);
	for (at = 0; at < body.height; at++) {
		size_t i = list->top + (size_t)at;
		const struct message *message = log_message_at(session_log(ui->session), i);

		if (!message)
			break;
		read_rung(ui, message, &rung);
		add_next_try(ui, message, &rung);
		draw_format(&body, at, 0, STYLE_DIM, "%.*s", clock - 1, rung.clock);
		arrow(&rung, width, &glyphs, line, sizeof line);
		draw_text(&body, at, clock, rung.style, line);
		draw_cell(&body, at, clock + width + 3, note - 1, STYLE_DIM, rung.note);
		if (i == list->cursor)
			draw_focus(&body, at, true);
	}
}

static const struct message *current(struct ui *ui)
{
	return log_message_at(session_log(ui->session), state(ui)->list.cursor);
}

static void moved(struct ui *ui)
{
	const struct message *message = current(ui);

	if (message)
		select_message(&ui->selection, message->id,
			       message ==
				       log_message_at(session_log(ui->session),
						      log_nmessages(session_log(ui->session)) - 1));
}

static void meaning(struct ui *ui, char *buf, size_t cap)
{
	const struct message *message = current(ui);

	if (message && *message->reason)
		snprintf(buf, cap, "%s%s", message_lead(message), message->reason);
	else
		snprintf(buf, cap, "t writes it to a text file, s to an SVG file");
}

void act_ladder_open(struct ui *ui)
{
	moved(ui);
	ui_focus(ui, PANE_DECODE);
}

/* ---- files ---- */

static void write_text(struct ui *ui, FILE *file, const void *arg)
{
	enum { WIDTH = 64 };
	static const struct strokes ascii = { "-", "|", "<", ">", "~" };
	char client[ENDPOINT_TEXT], server[ENDPOINT_TEXT], line[400];
	const struct message *message;
	struct rung rung;
	size_t i;

	(void)arg;
	heading(ui, client, server, sizeof client);
	fprintf(file, "%*s%s%*s\n", CLOCK_WIDTH, "", client, WIDTH + 2 - draw_width(client),
		server);
	for (i = 0; (message = log_message_at(session_log(ui->session), i)); i++) {
		read_rung(ui, message, &rung);
		arrow(&rung, WIDTH, &ascii, line, sizeof line);
		fprintf(file, "%s %s %s\n", rung.clock, line, rung.note);
	}
}

static void put_xml(FILE *file, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '<':
			fputs("&lt;", file);
			break;
		case '>':
			fputs("&gt;", file);
			break;
		case '&':
			fputs("&amp;", file);
			break;
		default:
			putc(*text, file);
		}
}

static void svg_text(FILE *file, int x, size_t y, const char *anchor, const char *text)
{
	fprintf(file, "<text x=\"%d\" y=\"%zu\" text-anchor=\"%s\">", x, y, anchor);
	put_xml(file, text);
	fputs("</text>\n", file);
}

static void write_svg(struct ui *ui, FILE *file, const void *arg)
{
	enum { LEFT = 110, RIGHT = 690, WIDTH = 860, STEP = 34, TOP = 50 };
	size_t n = log_nmessages(session_log(ui->session)), i, y;
	char client[ENDPOINT_TEXT], server[ENDPOINT_TEXT];
	struct rung rung;

	(void)arg;
	heading(ui, client, server, sizeof client);
	fprintf(file,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%zu\" "
		"font-family=\"sans-serif\" font-size=\"12\">\n"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n"
		"<defs><marker id=\"tip\" orient=\"auto\" markerWidth=\"8\" markerHeight=\"8\" "
		"refX=\"8\" "
		"refY=\"4\"><path d=\"M0 0L8 4L0 8z\"/></marker></defs>\n",
		WIDTH, n * STEP + TOP + 20);
	svg_text(file, LEFT, 20, "middle", client);
	svg_text(file, RIGHT, 20, "middle", server);
	fprintf(file, "<path d=\"M%d 28V%zuM%d 28V%zu\" stroke=\"gray\"/>\n", LEFT, n * STEP + TOP,
		RIGHT, n * STEP + TOP);
	for (i = 0; i < n; i++) {
		read_rung(ui, log_message_at(session_log(ui->session), i), &rung);
		y = TOP + i * STEP;
		svg_text(file, 10, y, "start", rung.clock);
		svg_text(file, (LEFT + RIGHT) / 2, y - 5, "middle", rung.text);
		svg_text(file, RIGHT + 10, y, "start", rung.note);
		fprintf(file,
			"<path d=\"M%d %zuH%d\" stroke=\"black\"%s marker-end=\"url(#tip)\"/>\n",
			rung.to_client ? RIGHT : LEFT, y, rung.to_client ? LEFT : RIGHT,
			rung.style == STYLE_NORMAL ? "" : " stroke-dasharray=\"6 3\"");
	}
	fputs("</svg>\n", file);
}

static void text_named(struct ui *ui, const char *name)
{
	save_as(ui, name, write_text, NULL);
}

static void svg_named(struct ui *ui, const char *name)
{
	save_as(ui, name, write_svg, NULL);
}

void act_export_text(struct ui *ui)
{
	prompt_ask_new(ui, "write text to: ", "ladder.txt", text_named);
}

void act_export_svg(struct ui *ui)
{
	prompt_ask_new(ui, "write SVG to: ", "ladder.svg", svg_named);
}

/* ---- the view ---- */

/* Opens at the message that Decode shows. */
static void shown(struct ui *ui)
{
	const struct message *message = decode_message(ui);
	size_t i, n = log_nmessages(session_log(ui->session));

	for (i = 0; message && i < n; i++)
		if (log_message_at(session_log(ui->session), i)->id == message->id)
			state(ui)->list.cursor = i;
}

static struct list *list(struct ui *ui)
{
	return &state(ui)->list;
}

const struct view view_ladder = {
	.open = open_ladder,
	.close = close_ladder,
	.bar = bar,
	.draw = draw,
	.meaning = meaning,
	.list = list,
	.moved = moved,
	.shown = shown,
};
