/* Exchanges: how a line looks. What gives way in a row: the seconds of the clock, then the clock;
 * never a port, a number or a result. */
#include <stdio.h>
#include <string.h>

#include "actions.h"
#include "exchange-words.h"
#include "exchanges-list.h"
#include "view-exchanges.h"
#include "text.h"
#include "waiting.h"

enum {
	NUMBER_END = 4,
	CLOCK = EXCHANGES_LEFT,
	REQUEST = 14,
	DETAIL_SIGN = 27,
	DETAIL = 30,
	TAKEN = 6
};

/* Where a datagram's sign and words stand: beside a panel there is no room for its time. */
static int sign_column(const struct rect *in)
{
	return in->width < EXCHANGES_TIMED ? CLOCK : DETAIL_SIGN;
}

static int words_column(const struct rect *in)
{
	return in->width < EXCHANGES_TIMED ? CLOCK + 2 : DETAIL;
}

/* The column that answers start at, and where the times taken end. */
static int answer_column(int width)
{
	if (width < EXCHANGES_TIMED)
		return CLOCK + (width - CLOCK) / 2;
	return REQUEST + (width - 20) * 53 / 100;
}

static int right_edge(const struct rect *in)
{
	return in->width > 73 ? in->width - 1 : in->width;
}

/* Columns of who asked, with the blank behind it; 0: it is not shown. */
static int hosts_width(struct ui *ui, const struct rect *in)
{
	int width = session_replay(ui->session) ? exchanges_of(ui)->hosts.width : 0;

	return width && in->width >= EXCHANGES_TIMED ? width + 1 : 0;
}

void exchanges_draw_headings(struct ui *ui, const struct rect *in)
{
	int edge = right_edge(in), hosts = hosts_width(ui, in);
	const char *who = exchanges_of(ui)->hosts.servers ? "host>server" : "who";

	draw_text(in, 0, NUMBER_END - 1, STYLE_HEADING, "#");
	if (in->width >= EXCHANGES_TIMED) {
		draw_text(in, 0, CLOCK, STYLE_HEADING, "time");
		draw_text(in, 0, edge - 3, STYLE_HEADING, "rtt");
	}
	if (hosts)
		draw_text(in, 0, REQUEST, STYLE_HEADING, hosts > (int)strlen(who) ? who : "who");
	draw_text(in, 0, in->width >= EXCHANGES_TIMED ? REQUEST + hosts : CLOCK, STYLE_HEADING,
		  "request");
	draw_text(in, 0, answer_column(edge), STYLE_HEADING, "answer");
}

/* ---- an exchange ---- */

/* Beside a panel, what is special about it goes whole. */
static void add_request(struct ui *ui, int hosts, bool narrow, const struct exchange_line *line,
			struct line *request)
{
	struct exchanges *exchanges = exchanges_of(ui);
	char text[300];
	size_t special;

	if (hosts) {
		exchange_hosts_text(&exchanges->hosts, line->message, text, sizeof text);
		line_add(request, 2, 0, STYLE_DIM, "%-*s ", hosts - 1, text);
	}
	findings_of_message(&exchanges->findings, ui->session, line->message, exchanges->judge);
	special = exchange_request(&exchanges->judge->packet, text, sizeof text);
	if (!narrow)
		special = strlen(text);
	line_add(request, 0, 0, STYLE_NORMAL, "%.*s", (int)special, text);
	if (text[special])
		line_add(request, 1, 0, STYLE_NORMAL, "%s", text + special);
	if (line->exchange->sends > 1)
		line_add(request, 1, 1, STYLE_DIM, "%s%u", draw_glyph(GLYPH_TIMES),
			 line->exchange->sends);
	findings_line(&exchanges->findings, 1, request);
}

static unsigned ignored(const struct log *log, const struct exchange *exchange)
{
	const struct message *message;
	unsigned n = 0;

	for (message = log_message(log, exchange->first); message;
	     message = log_message(log, message->next))
		n += message->kind == MESSAGE_IGNORED;
	return n;
}

/* What the packet read last gives. The lifetime goes first; an address that has no room without it
 * goes whole, and something stands in its place: it is another than the usual one. */
static void add_given(struct ui *ui, int room, enum style style, struct line *answer)
{
	int gap = answer->count > 0;
	struct exchange_given given;

	exchange_answer(ui, &exchanges_of(ui)->judge->packet, &given);
	room -= line_width(answer) + gap + draw_width(given.what);
	if (*given.address && draw_width(given.address) > room)
		snprintf(given.address, sizeof given.address, "[%s]", draw_glyph(GLYPH_ELLIPSIS));
	line_add(answer, 0, gap, style, "%s%s", given.address, given.what);
	if (*given.lifetime)
		line_add(answer, 4, 1, style, "%s", given.lifetime);
}

static void add_answered(struct ui *ui, const struct exchange *exchange, int room,
			 struct line *answer)
{
	struct exchanges *exchanges = exchanges_of(ui);
	const struct message *message = log_answer(session_log(ui->session), exchange);
	bool fine = exchange->result == PCP_SUCCESS;

	if (!message)
		return;
	findings_of_message(&exchanges->findings, ui->session, message, exchanges->judge);
	line_add(answer, 0, 0, fine ? STYLE_OK : STYLE_ERROR, "%s",
		 draw_glyph(fine ? GLYPH_OK : GLYPH_REFUSED));
	add_given(ui, room, fine ? STYLE_NORMAL : STYLE_ERROR, answer);
	findings_line(&exchanges->findings, 1, answer);
}

/* "silent, next in 3 s": seconds are enough, and change in place. */
static void add_waiting(struct ui *ui, const struct exchange *exchange, struct line *answer)
{
	char next[64];

	line_add(answer, 0, 0, STYLE_WAITING, "%s", draw_glyph(GLYPH_WAITING));
	if (exchange->next_at == USEC_NEVER) {
		line_add(answer, 0, 1, STYLE_WAITING, "waiting");
		return;
	}
	seconds_left_text(ui, exchange->next_at, next, sizeof next);
	line_add(answer, 1, 1, STYLE_WAITING, "%s,", exchange->sends > 1 ? "silent" : "asked");
	line_add(answer, 2, 1, STYLE_WAITING, "next in");
	line_add(answer, 0, 1, STYLE_WAITING, "%s", next);
}

static void add_answer(struct ui *ui, const struct exchange *exchange, int room,
		       struct line *answer)
{
	unsigned dropped = ignored(session_log(ui->session), exchange);
	char text[200];
	enum style style;

	switch (exchange->state) {
	case EXCHANGE_ANSWERED:
		add_answered(ui, exchange, room, answer);
		break;
	case EXCHANGE_WAITING:
		add_waiting(ui, exchange, answer);
		break;
	default:
		style = outcome_text(ui, exchange, text, sizeof text);
		line_add(answer, 0, 0, style, "%s",
			 draw_glyph(exchange->state == EXCHANGE_CANCELLED ? GLYPH_GONE
									  : GLYPH_REFUSED));
		line_add(answer, 0, 1, style, "%s", text);
	}
	if (dropped)
		line_add(answer, 1, 1, STYLE_WARNING, "%s%u", draw_glyph(GLYPH_IGNORED), dropped);
}

/* How long the answer took from the first try on, which is what a person waited. */
static void draw_taken(struct ui *ui, const struct rect *in, int at,
		       const struct exchange_line *line)
{
	const struct message *answer = log_answer(session_log(ui->session), line->exchange);
	char text[24];

	if (!answer || answer->rtt < 0)
		return;
	exchange_time(line->exchange->sends > 1 ? answer->at - line->message->at : answer->rtt,
		      text, sizeof text);
	draw_text(in, at, right_edge(in) - draw_width(text), STYLE_DIM, text);
}

static void draw_sign(struct ui *ui, const struct rect *in, int at,
		      const struct exchange_line *line)
{
	bool more = line->exchange->sends > 1 || ignored(session_log(ui->session), line->exchange);

	if (line->open || more)
		draw_text(in, at, 0, STYLE_DIM, draw_glyph(line->open ? GLYPH_OPEN : GLYPH_FOLDED));
}

static void draw_mark(struct ui *ui, const struct rect *in, int at, const struct message *message)
{
	const uint32_t *mark = exchanges_of(ui)->mark;

	if (message && (message->id == mark[0] || message->id == mark[1]))
		draw_text(in, at, NUMBER_END, STYLE_KEY, draw_glyph(GLYPH_MARK));
}

static void draw_clock(const struct rect *in, int at, int room, const struct message *message)
{
	char clock[16];

	ui_clock(message->wall, 0, clock, sizeof clock);
	if (room < 6)
		return;
	draw_format(in, at, CLOCK, STYLE_DIM, "%.*s", room < 9 ? 5 : 8, clock);
}

/* Columns that stay of it when all has gone that may. */
static int least_width(const struct line *line)
{
	struct line least = *line;

	line_fit(&least, 0);
	return line_width(&least);
}

/* Where this answer starts: in its column, unless the request needs more room or the answer itself.
 * `least`: the first column behind the request. */
static int place_answer(const struct line *answer, int least, int edge, int taken)
{
	int column = answer_column(edge), most = edge - least_width(answer);
	int wide = line_width(answer);

	if (least > column)
		column = least < most || most < column ? least : most;
	if (least > column)
		return column;
	if (column + wide + taken > edge && edge - wide - taken >= least)
		return edge - wide - taken;
	if (column + wide > edge)
		return edge - wide > least ? edge - wide : least;
	return column;
}

static void draw_exchange(struct ui *ui, const struct rect *in, int at,
			  const struct exchange_line *line)
{
	struct line request = { .count = 0 }, answer = { .count = 0 };
	int edge = right_edge(in), column, start, need, least;
	bool times = in->width >= EXCHANGES_TIMED;

	draw_sign(ui, in, at, line);
	draw_format(in, at, NUMBER_END - (line->exchange->id > 999 ? 4 : 3), STYLE_DIM, "%3u",
		    line->exchange->id);
	draw_mark(ui, in, at, exchanges_message(ui, line));
	draw_mark(ui, in, at, line->message);
	add_request(ui, hosts_width(ui, in), !times, line, &request);
	need = line_width(&request);
	least = CLOCK + least_width(&request) + 1;
	add_answer(ui, line->exchange, edge - least, &answer);
	if (!times) { /* what is special about it is worth more than a lifetime */
		line_fit(&request, edge - CLOCK - 1 - least_width(&answer));
		need = line_width(&request);
		least = CLOCK + need + 1;
	}
	column = place_answer(&answer, least, edge, times ? TAKEN : 0);
	start = !times			       ? CLOCK
		: need <= column - 1 - REQUEST ? REQUEST
		: need <= column - 12	       ? 11
					       : CLOCK;
	draw_clock(in, at, start - CLOCK, line->message);
	line_fit(&request, column - 1 - start);
	line_draw(&request, &(struct rect){ in->y, in->x, in->height, column - 1 }, at, start);
	line_fit(&answer, edge - column);
	line_draw(&answer, &(struct rect){ in->y, in->x, in->height, edge }, at, column);
	if (times && column + line_width(&answer) <= edge - TAKEN)
		draw_taken(ui, in, at, line);
}

/* ---- its datagrams ---- */

/* A try's time counts from the first, an answer's and a loss's from the try that it belongs to. */
static usec since(struct ui *ui, const struct exchange *exchange, const struct message *message)
{
	const struct log *log = session_log(ui->session);
	const struct message *each, *first = log_message(log, exchange->first), *from = first;

	if (message->kind == MESSAGE_RESENT || !first)
		return first ? message->at - first->at : 0;
	for (each = first; each && each != message; each = log_message(log, each->next))
		if (message_sent(each))
			from = each;
	return message->at - from->at;
}

static void draw_since(const struct rect *in, int at, usec time)
{
	char taken[24], text[32];

	if (in->width < EXCHANGES_TIMED)
		return;
	exchange_time(time, taken, sizeof taken);
	if (strchr(taken, 'm')) /* "+ 0.3 ms" */
		snprintf(text, sizeof text, "+ %.*s ms", (int)(strchr(taken, 'm') - taken), taken);
	else
		snprintf(text, sizeof text, "+ %s", taken);
	draw_text(in, at, DETAIL_SIGN - 1 - draw_width(text), STYLE_DIM, text);
}

static enum glyph sign_of(const struct message *message)
{
	return message->kind == MESSAGE_IGNORED ? GLYPH_IGNORED
	       : message_sent(message)		? GLYPH_REQUEST
						: GLYPH_RESPONSE;
}

/* What a datagram says. */
static void add_words(struct ui *ui, int room, const struct message *message, struct line *words)
{
	struct exchanges *exchanges = exchanges_of(ui);
	enum style style = message->kind == MESSAGE_IGNORED ? STYLE_WARNING : STYLE_NORMAL;
	char text[300];

	findings_of_message(&exchanges->findings, ui->session, message, exchanges->judge);
	if (message->kind == MESSAGE_RESPONSE && room < EXCHANGES_TIMED - DETAIL) {
		add_given(ui, room, style, words);
	} else {
		exchange_message(exchanges->judge, message, text, sizeof text);
		line_add(words, 0, 0, style, "%s", text);
	}
	if (message->kind == MESSAGE_RESPONSE || message->kind == MESSAGE_IGNORED)
		findings_line(&exchanges->findings, 1, words);
}

/* Its time gives way to words that need the room. */
static void draw_datagram(struct ui *ui, const struct rect *in, int at,
			  const struct exchange_line *line)
{
	const struct message *message = line->message;
	enum style style = message->kind == MESSAGE_IGNORED ? STYLE_WARNING : STYLE_DIM;
	int edge = right_edge(in), column = words_column(in), least = CLOCK + 2;
	struct line words = { .count = 0 };
	char text[32];

	add_words(ui, edge - column, message, &words);
	if (column + line_width(&words) > edge)
		column = edge - line_width(&words) > least ? edge - line_width(&words) : least;
	if (message->id == line->exchange->first && column == DETAIL) {
		ui_clock(message->wall, 3, text, sizeof text);
		draw_text(in, at, REQUEST, STYLE_DIM, text);
	} else if (column == DETAIL) {
		draw_since(in, at, since(ui, line->exchange, message));
	}
	draw_mark(ui, in, at, message);
	draw_text(in, at, column == DETAIL ? DETAIL_SIGN : column - 2, style,
		  draw_glyph(sign_of(message)));
	line_fit(&words, edge - column);
	line_draw(&words, &(struct rect){ in->y, in->x, in->height, edge }, at, column);
}

/* "+ 0.2 ms ╳  drop: the lab never saw it". */
static void draw_strike(const struct rect *in, int at, const struct exchange_line *line)
{
	const struct session_strike *strike = line->strike;
	enum style style = strike->lost ? STYLE_ERROR : STYLE_REMARK;
	int room = right_edge(in) - words_column(in);
	char text[160];

	draw_since(in, at, strike->at - line->message->at);
	draw_text(in, at, sign_column(in), style,
		  draw_glyph(strike->lost ? GLYPH_LOST : GLYPH_NOTE));
	snprintf(text, sizeof text, "%s: %s", strike->fault, strike->told);
	if (draw_width(text) > room)
		snprintf(text, sizeof text, "%s",
			 draw_width(strike->told) > room ? strike->fault : strike->told);
	draw_text(in, at, words_column(in), style, text);
}

static void draw_next(struct ui *ui, const struct rect *in, int at, const struct exchange *exchange)
{
	const struct message *first = log_message(session_log(ui->session), exchange->first);
	char next[64];

	if (first)
		draw_since(in, at, exchange->next_at - first->at);
	seconds_left_text(ui, exchange->next_at, next, sizeof next);
	draw_text(in, at, sign_column(in), STYLE_WAITING, draw_glyph(GLYPH_WAITING));
	draw_format(in, at, words_column(in), STYLE_WAITING, "try %u in %s", exchange->sends + 1,
		    next);
}

/* ---- what is of no exchange ---- */

static void draw_lone(struct ui *ui, const struct rect *in, int at, const struct message *message)
{
	struct exchanges *exchanges = exchanges_of(ui);
	bool dropped = message->kind == MESSAGE_IGNORED;
	struct line words = { .count = 0 };
	char text[300];

	draw_clock(in, at, in->width >= EXCHANGES_TIMED ? 9 : 0, message);
	draw_mark(ui, in, at, message);
	findings_of_message(&exchanges->findings, ui->session, message, exchanges->judge);
	pcp_summary(&exchanges->judge->packet, text, sizeof text);
	line_add(&words, 0, 0, dropped ? STYLE_WARNING : STYLE_NORMAL, "%s",
		 draw_glyph(sign_of(message)));
	if (dropped)
		line_add(&words, 0, 1, STYLE_WARNING, "ignored: %s", message->reason);
	else
		line_add(&words, 0, 1, STYLE_NORMAL, "%s", text);
	if (!dropped && *message->reason)
		line_add(&words, 1, 0, STYLE_DIM, "; %s", message->reason);
	findings_line(&exchanges->findings, 1, &words);
	line_fit(&words, right_edge(in) - REQUEST);
	line_draw(&words, in, at, in->width >= EXCHANGES_TIMED ? REQUEST : CLOCK);
}

static void draw_note(const struct rect *in, int at, const struct exchange_note *note)
{
	char clock[16];

	ui_clock(note->wall, 0, clock, sizeof clock);
	if (in->width >= EXCHANGES_TIMED)
		draw_text(in, at, CLOCK, STYLE_DIM, clock);
	draw_format(in, at, in->width >= EXCHANGES_TIMED ? REQUEST : CLOCK, STYLE_DIM, "%s %s",
		    draw_glyph(note->sign), note->text);
}

void exchanges_draw_line(struct ui *ui, const struct rect *in, int at,
			 const struct exchange_line *line)
{
	switch (line->kind) {
	case LINE_EXCHANGE:
		draw_exchange(ui, in, at, line);
		break;
	case LINE_MESSAGE:
		draw_datagram(ui, in, at, line);
		break;
	case LINE_STRIKE:
		draw_strike(in, at, line);
		break;
	case LINE_NEXT:
		draw_next(ui, in, at, line->exchange);
		break;
	case LINE_LONE:
		draw_lone(ui, in, at, line->message);
		break;
	case LINE_NOTE:
		draw_note(in, at, line->note);
		break;
	}
}

/* ---- in another view ---- */

void exchanges_draw_these(struct ui *ui, const struct rect *in, const uint32_t *exchange,
			  size_t count, size_t chosen)
{
	const struct log *log = session_log(ui->session);
	int at = 1;

	exchanges_draw_headings(ui, in);
	for (size_t i = 0; i < count && at < in->height; i++) {
		struct exchange_line line = { .kind = LINE_EXCHANGE,
					      .exchange = log_exchange(log, exchange[i]) };

		line.message = line.exchange ? log_message(log, line.exchange->first) : NULL;
		if (!line.message)
			continue;
		exchanges_draw_line(ui, in, at, &line);
		if (i == chosen)
			draw_focus(in, at, false);
		at++;
	}
}
