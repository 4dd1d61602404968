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

enum { NUMBER_END = 4, CLOCK = 5, REQUEST = 14, WITHOUT_CLOCK = 60, DETAIL_SIGN = 27, DETAIL = 30 };

/* Where a datagram's sign and words stand: beside a panel there is no room for its time. */
static int sign_column(const struct rect *in)
{
	return in->width < WITHOUT_CLOCK ? CLOCK : DETAIL_SIGN;
}

static int words_column(const struct rect *in)
{
	return in->width < WITHOUT_CLOCK ? CLOCK + 2 : DETAIL;
}

/* The column that answers start at, and where the times taken end. */
static int answer_column(int width)
{
	if (width < WITHOUT_CLOCK)
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

	return width && in->width >= WITHOUT_CLOCK ? width + 1 : 0;
}

void exchanges_draw_headings(struct ui *ui, const struct rect *in)
{
	int edge = right_edge(in), hosts = hosts_width(ui, in);
	const char *who = exchanges_of(ui)->hosts.servers ? "host>server" : "who";

	draw_text(in, 0, NUMBER_END - 1, STYLE_HEADING, "#");
	if (in->width >= WITHOUT_CLOCK) {
		draw_text(in, 0, CLOCK, STYLE_HEADING, "time");
		draw_text(in, 0, edge - 3, STYLE_HEADING, "rtt");
	}
	if (hosts)
		draw_text(in, 0, REQUEST, STYLE_HEADING, hosts > (int)strlen(who) ? who : "who");
	draw_text(in, 0, in->width >= WITHOUT_CLOCK ? REQUEST + hosts : CLOCK, STYLE_HEADING,
		  "request");
	draw_text(in, 0, answer_column(edge), STYLE_HEADING, "answer");
}

/* ---- an exchange ---- */

static void add_request(struct ui *ui, int hosts, const struct exchange_line *line,
			struct line *request)
{
	struct exchanges *exchanges = exchanges_of(ui);
	char text[300];

	if (hosts) {
		exchange_hosts_text(&exchanges->hosts, line->message, text, sizeof text);
		line_add(request, 2, 0, STYLE_DIM, "%-*s ", hosts - 1, text);
	}
	findings_of_message(&exchanges->findings, ui->session, line->message, exchanges->judge);
	exchange_request(&exchanges->judge->packet, text, sizeof text);
	line_add(request, 0, 0, STYLE_NORMAL, "%s", text);
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

static void add_answered(struct ui *ui, const struct exchange *exchange, struct line *answer)
{
	struct exchanges *exchanges = exchanges_of(ui);
	const struct message *message = log_answer(session_log(ui->session), exchange);
	bool fine = exchange->result == PCP_SUCCESS;
	char text[300];

	if (!message)
		return;
	findings_of_message(&exchanges->findings, ui->session, message, exchanges->judge);
	exchange_answer(ui, &exchanges->judge->packet, text, sizeof text);
	line_add(answer, 0, 0, fine ? STYLE_OK : STYLE_ERROR, "%s",
		 draw_glyph(fine ? GLYPH_OK : GLYPH_REFUSED));
	line_add(answer, 0, 1, fine ? STYLE_NORMAL : STYLE_ERROR, "%s", text);
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

static void add_answer(struct ui *ui, const struct exchange *exchange, struct line *answer)
{
	unsigned dropped = ignored(session_log(ui->session), exchange);
	char text[200];
	enum style style;

	switch (exchange->state) {
	case EXCHANGE_ANSWERED:
		add_answered(ui, exchange, answer);
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

static void draw_exchange(struct ui *ui, const struct rect *in, int at,
			  const struct exchange_line *line)
{
	struct line request = { .count = 0 }, answer = { .count = 0 };
	int edge = right_edge(in), column = answer_column(edge), start, need;
	bool times = in->width >= WITHOUT_CLOCK;

	draw_sign(ui, in, at, line);
	draw_format(in, at, NUMBER_END - (line->exchange->id > 999 ? 4 : 3), STYLE_DIM, "%3u",
		    line->exchange->id);
	draw_mark(ui, in, at, exchanges_message(ui, line));
	draw_mark(ui, in, at, line->message);
	add_request(ui, hosts_width(ui, in), line, &request);
	need = line_width(&request);
	start = !times			       ? CLOCK
		: need <= column - 1 - REQUEST ? REQUEST
		: need <= column - 12	       ? 11
					       : CLOCK;
	draw_clock(in, at, start - CLOCK, line->message);
	line_fit(&request, column - 1 - start);
	line_draw(&request, &(struct rect){ in->y, in->x, in->height, column - 1 }, at, start);
	add_answer(ui, line->exchange, &answer);
	line_fit(&answer, edge - column - 6 * times);
	line_draw(&answer, &(struct rect){ in->y, in->x, in->height, edge }, at, column);
	if (times && column + line_width(&answer) <= edge - 6)
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

	if (in->width < WITHOUT_CLOCK)
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

static void draw_datagram(struct ui *ui, const struct rect *in, int at,
			  const struct exchange_line *line)
{
	const struct message *message = line->message;
	struct exchanges *exchanges = exchanges_of(ui);
	enum style style = message->kind == MESSAGE_IGNORED ? STYLE_WARNING : STYLE_NORMAL;
	struct line words = { .count = 0 };
	char text[300];

	if (message->id == line->exchange->first && in->width >= WITHOUT_CLOCK) {
		ui_clock(message->wall, 3, text, sizeof text);
		draw_text(in, at, REQUEST, STYLE_DIM, text);
	} else {
		draw_since(in, at, since(ui, line->exchange, message));
	}
	draw_mark(ui, in, at, message);
	draw_text(in, at, sign_column(in), style == STYLE_NORMAL ? STYLE_DIM : style,
		  draw_glyph(sign_of(message)));
	findings_of_message(&exchanges->findings, ui->session, message, exchanges->judge);
	if (message->kind == MESSAGE_RESPONSE && in->width < WITHOUT_CLOCK)
		exchange_answer(ui, &exchanges->judge->packet, text, sizeof text);
	else
		exchange_message(exchanges->judge, message, text, sizeof text);
	line_add(&words, 0, 0, style, "%s", text);
	if (message->kind == MESSAGE_RESPONSE || message->kind == MESSAGE_IGNORED)
		findings_line(&exchanges->findings, 1, &words);
	line_fit(&words, right_edge(in) - words_column(in));
	line_draw(&words, &(struct rect){ in->y, in->x, in->height, right_edge(in) }, at,
		  words_column(in));
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

	draw_clock(in, at, in->width >= WITHOUT_CLOCK ? 9 : 0, message);
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
	line_draw(&words, in, at, in->width >= WITHOUT_CLOCK ? REQUEST : CLOCK);
}

static void draw_note(const struct rect *in, int at, const struct exchange_note *note)
{
	char clock[16];

	ui_clock(note->wall, 0, clock, sizeof clock);
	if (in->width >= WITHOUT_CLOCK)
		draw_text(in, at, CLOCK, STYLE_DIM, clock);
	draw_format(in, at, in->width >= WITHOUT_CLOCK ? REQUEST : CLOCK, STYLE_DIM, "%s %s",
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

/* ---- silence ---- */

/* What it may mean, and what can be done, in the room that is left below. */
void exchanges_draw_silence(struct ui *ui, const struct rect *in)
{
	char cancel[32], probe[32];

	ui_key_of(ui, "cancel", cancel, sizeof cancel);
	ui_key_of(ui, "probe", probe, sizeof probe);
	draw_wrap(in, 0, CLOCK, STYLE_DIM,
		  "Either there is no NAT on the way, or one without PCP, or a firewall drops UDP "
		  "5350 and "
		  "5351.");
	draw_format(in, in->height - 1, CLOCK, STYLE_DIM,
		    "%s gives this request up   %s probes what it does", cancel, probe);
}

/* ---- nothing yet ---- */

static int draw_pair(const struct rect *in, int row, enum style style, enum glyph glyph,
		     const char *text, int col)
{
	draw_text(in, row, col, style, draw_glyph(glyph));
	return draw_text(in, row, col + 2, STYLE_DIM, text);
}

void exchanges_draw_nothing(struct ui *ui, const struct rect *in)
{
	char unfold[32], ladder[32], help[32];
	int second = in->width >= 60 ? 20 : 18;

	ui_key_of(ui, "unfold", unfold, sizeof unfold);
	ui_key_of(ui, "ladder", ladder, sizeof ladder);
	ui_key_of(ui, "help", help, sizeof help);
	if (in->height < 9 || in->width < WITHOUT_CLOCK) {
		draw_wrap(in, 0, 3, STYLE_DIM,
			  "No request yet. Each will be one line, its answer beside it.");
		return;
	}
	draw_text(in, 1, 3, STYLE_DIM,
		  "No request yet. Each will be one line, its answer beside it:");
	draw_pair(in, 3, STYLE_OK, GLYPH_OK, "granted", 3);
	draw_pair(in, 3, STYLE_ERROR, GLYPH_REFUSED, "refused, and why", second);
	draw_pair(in, 3, STYLE_WAITING, GLYPH_WAITING, "no answer yet", second + 23);
	draw_pair(in, 4, STYLE_DIM, GLYPH_RESPONSE, "an answer", 3);
	draw_pair(in, 4, STYLE_WARNING, GLYPH_IGNORED, "ignored, and why", second);
	draw_pair(in, 4, STYLE_ERROR, GLYPH_GONE, "lost by the server", second + 23);
	draw_pair(in, 5, STYLE_ERROR, GLYPH_FINDING, "breaks a MUST or a SHOULD", 3);
	draw_pair(in, 5, STYLE_REMARK, GLYPH_NOTE, "a remark", second + 23);
	draw_format(in, 7, 3, STYLE_DIM,
		    "%s unfolds one into its datagrams   %s draws them as a ladder", unfold,
		    ladder);
	draw_format(in, 8, 3, STYLE_DIM, "every key: %s", help);
}
