/* Exchanges: a line each, their datagrams beneath where they are unfolded, and what happened beside
 * them. */
#include "view-exchanges.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchange-words.h"
#include "exchanges-list.h"
#include "session-follow.h"
#include "text.h"
#include "view-decode.h"

enum { SILENCE_ROWS = 4 }; /* what a silent server may mean, and what can be done */

static bool open_exchanges(struct ui *ui)
{
	struct exchanges *exchanges = calloc(1, sizeof *exchanges);

	ui->state[VIEW_EXCHANGES] = exchanges;
	if (!exchanges)
		return false;
	ui->selection.follow = true;
	exchanges->judge = calloc(1, sizeof *exchanges->judge);
	return exchanges->judge != NULL;
}

static void close_exchanges(struct ui *ui)
{
	rows_free(&exchanges_of(ui)->rows);
	free(exchanges_of(ui)->judge);
	free(exchanges_of(ui)->note);
	free(exchanges_of(ui));
}

/* ---- rows ---- */

static size_t count(struct ui *ui)
{
	return log_nmessages(session_log(ui->session)) + exchanges_of(ui)->nnote;
}

/* Whether the message has a row: the first of its exchange that is still kept, or one of none. */
static bool leads(struct ui *ui, const struct message *message)
{
	const struct log *log = session_log(ui->session);
	const struct exchange *exchange = log_exchange(log, message->exchange);

	return !exchange || exchange->first == message->id || !log_message(log, exchange->first);
}

static bool passes(struct ui *ui, const struct message *message)
{
	return leads(ui, message) && exchanges_pass(ui, message);
}

static bool row(struct ui *ui, size_t i, struct rows_entry *entry)
{
	struct exchanges *exchanges = exchanges_of(ui);
	size_t k = exchanges_notes_before(ui, i);
	const struct message *message;

	if (k < exchanges->nnote && exchanges_note_place(ui, k) == i) {
		*entry = (struct rows_entry){ .id = NOTE_ROW |
						    (exchanges->first_note + (uint32_t)k) };
		return ui_contains(exchanges->note[k].text, exchanges->filter);
	}
	message = log_message_at(session_log(ui->session), i - k);
	if (!message || !passes(ui, message))
		return false;
	*entry = (struct rows_entry){ .id = message->id };
	return true;
}

static size_t slice(struct ui *ui)
{
	return *exchanges_of(ui)->filter ? 1000 : 40000;
}

static const struct rows_source source = { .count = count, .row = row, .slice = slice };

/* While the list follows beside the panel, what a fault does to the newest request shows at once.
 */
static void unfold_struck(struct ui *ui)
{
	const struct log *log = session_log(ui->session);
	const struct exchange *last = log_exchange_at(log, log_nexchanges(log) - 1);
	const struct session_strike *strike;

	if (!last || !ui->selection.follow || ui->layout.dock.height == 0 ||
	    exchanges_of(ui)->struck == last->id ||
	    !session_strikes(ui->session, last->first, &strike))
		return;
	exchanges_of(ui)->struck = last->id;
	exchanges_fold(ui, last->id, true);
}

/* In an open capture the cursor goes where the moment goes. */
static void follow_moment(struct ui *ui)
{
	struct exchanges *exchanges = exchanges_of(ui);
	const struct log *log = session_log(ui->session);
	const struct message *message = log_message(log, ui->moment.message);
	const struct exchange *exchange = message ? log_exchange(log, message->exchange) : NULL;

	if (!session_replay(ui->session) || !message || exchanges->moment == message->id)
		return;
	exchanges->moment = message->id;
	exchanges->row =
		exchange && log_message(log, exchange->first) ? exchange->first : message->id;
	exchanges->below = 0;
}

/* The last line that is about a datagram; the last of all where there is none. */
static size_t newest_line(struct ui *ui)
{
	size_t i, count = exchanges_of(ui)->list.count;
	struct exchange_line line;

	for (i = count; i > 0; i--)
		if (exchanges_line(ui, i - 1, &line) && !line.note)
			return i - 1;
	return count ? count - 1 : 0;
}

/* Where the cursor's row is now. What follows the newest stays off the notes behind it, so that
 * keys have something to act on, unless it was put onto one by hand. */
static size_t cursor_line(struct ui *ui)
{
	struct exchanges *exchanges = exchanges_of(ui);
	size_t newest = ui->selection.follow ? newest_line(ui) : 0, below, near, line;

	if (!exchanges->row || (ui->selection.follow && !(exchanges->row & NOTE_ROW)))
		return ui->selection.follow ? newest : exchanges->list.cursor;
	near = exchanges_row_of(exchanges, exchanges->list.cursor, &below);
	line = exchanges_line_of(exchanges, rows_find(&exchanges->rows, exchanges->row, near)) +
	       exchanges->below;
	return line > newest ? line : newest;
}

/* Of what follows, the end is in sight where the cursor leaves room for it. */
static void show_end(struct ui *ui)
{
	struct list *list = &exchanges_of(ui)->list;

	if (ui->selection.follow && list->count > list->height &&
	    list->count - list->cursor <= list->height)
		list->top = list->count - list->height;
}

static void update(struct ui *ui, int height)
{
	struct exchanges *exchanges = exchanges_of(ui);
	struct list *list = &exchanges->list;
	bool building;

	if (exchanges->dropped != log_dropped(session_log(ui->session)) + exchanges->first_note) {
		exchanges->dropped = log_dropped(session_log(ui->session)) + exchanges->first_note;
		rows_stale(&exchanges->rows);
	}
	if (session_replay(ui->session) && exchanges->hosts.number != ui->moment.number)
		exchanges->hosts = (struct exchange_hosts){ .number = ui->moment.number };
	if (session_replay(ui->session) &&
	    !exchange_hosts_look(&exchanges->hosts, session_log(ui->session)))
		ui_again(ui);
	follow_moment(ui);
	building = exchanges->rows.building;
	if (!rows_update(&exchanges->rows, &source, ui) || building)
		ui_again(ui);
	unfold_struck(ui);
	list->count = rows_count(&exchanges->rows) + exchanges_place_open(ui);
	list->cursor = cursor_line(ui);
	list_fit(list, list->count, height);
	show_end(ui);
	exchanges->row = rows_id(&exchanges->rows,
				 exchanges_row_of(exchanges, list->cursor, &exchanges->below));
}

/* ---- drawing ---- */

static size_t how_many(struct ui *ui, enum style *worst)
{
	const struct log *log = session_log(ui->session);
	const struct exchange *last = log_exchange_at(log, log_nexchanges(log) - 1);

	if (last && last->state == EXCHANGE_WAITING)
		*worst = STYLE_WAITING;
	else if (last && (last->state != EXCHANGE_ANSWERED || last->result != PCP_SUCCESS))
		*worst = STYLE_ERROR;
	return log_nexchanges(log);
}

static void bar(struct ui *ui, struct line *left, struct line *right)
{
	struct exchanges *exchanges = exchanges_of(ui);
	size_t waiting = pcp_client_nexchanges(session_client(ui->session));
	char net[EXCHANGE_HOSTS_TEXT];

	if (*exchanges->filter)
		line_add(left, 1, 2, STYLE_WARNING, "%zu with '%s'", rows_count(&exchanges->rows),
			 exchanges->filter);
	exchange_hosts_heading(&exchanges->hosts, net, sizeof net);
	if (session_replay(ui->session) && *net)
		line_add(left, 2, 2, STYLE_DIM, "hosts of %s", net);
	if (exchanges->rows.building)
		line_add(right, 1, 2, STYLE_DIM, "%u%% read",
			 rows_progress(&exchanges->rows, &source, ui));
	if (log_dropped(session_log(ui->session)))
		line_add(right, 1, 2, STYLE_DIM, "%llu dropped",
			 (unsigned long long)log_dropped(session_log(ui->session)));
	if (waiting)
		line_add(right, 2, 2, STYLE_WAITING, "%zu waiting", waiting);
	else if (exchanges->list.count)
		line_add(right, 2, 2, STYLE_DIM,
			 session_stands(ui->session) ? "later ones dim" : "newest last");
	line_add_hidden(right, exchanges->list.top, list_below(&exchanges->list));
}

/* Whether the exchange under the cursor has been asked twice, and still waits. */
static bool is_silent(struct ui *ui)
{
	struct exchange_line line;

	return exchanges_at(ui, &line) && line.exchange && line.exchange->sends > 1 &&
	       line.exchange->state == EXCHANGE_WAITING;
}

/* Its headings, its lines and, where nobody answers, what that may mean. */
static int wants(struct ui *ui)
{
	size_t lines = exchanges_of(ui)->list.count;

	if (lines > (size_t)ui->place.height)
		return ui->place.height;
	return 1 + (int)lines + (is_silent(ui) ? SILENCE_ROWS + 1 : 0);
}

static void draw(struct ui *ui, const struct rect *in, bool focus)
{
	struct exchanges *exchanges = exchanges_of(ui);
	struct rect body = { in->y + 1, in->x, in->height - 1, in->width };
	struct exchange_line line;
	int at;

	update(ui, body.height);
	if (exchanges->list.count == 0 && *exchanges->filter)
		draw_wrap(in, 0, 1, STYLE_DIM, "No exchange contains this; Esc shows all.");
	else if (exchanges->list.count == 0)
		exchanges_draw_nothing(ui, in);
	if (exchanges->list.count == 0)
		return;
	exchanges_draw_headings(ui, in);
	for (at = 0; at < body.height; at++) {
		size_t i = exchanges->list.top + (size_t)at;

		if (i >= exchanges->list.count || !exchanges_line(ui, i, &line))
			break;
		exchanges_draw_line(ui, &body, at, &line);
		if (line.message && moment_is_later(ui, line.message))
			draw_restyle(&body, at, 0, body.width, STYLE_FAINT);
		if (i == exchanges->list.cursor)
			draw_focus(&body, at, focus);
	}
	if (body.height - at > SILENCE_ROWS && is_silent(ui))
		exchanges_draw_silence(ui, &(struct rect){ body.y + at + 1, body.x, SILENCE_ROWS,
							   body.width - 2 });
}

static void waiting_meaning(struct ui *ui, const struct exchange *exchange, char *buf, size_t cap)
{
	const struct message *last = log_message(session_log(ui->session), exchange->last);

	if (exchange->sends > 1 && last)
		exchange_tries(last, buf, cap);
	else
		snprintf(buf, cap, "#%u is under way", exchange->id);
}

/* Of an exchange's line the message that Decode shows, where it is one of the exchange's: both
 * speak of the same. */
static const struct message *in_decode(struct ui *ui, const struct exchange_line *line)
{
	const struct message *shown = decode_message(ui);

	return line->kind == LINE_EXCHANGE && shown && shown->exchange == line->exchange->id
		       ? shown
		       : exchanges_message(ui, line);
}

static void meaning(struct ui *ui, char *buf, size_t cap)
{
	struct exchanges *exchanges = exchanges_of(ui);
	char from[ENDPOINT_TEXT], to[ENDPOINT_TEXT];
	const struct message *message;
	struct exchange_line line;
	size_t n;

	if (!exchanges_at(ui, &line))
		return;
	if (line.note) {
		snprintf(buf, cap, "%s", line.note->text);
		return;
	}
	if (line.kind == LINE_NEXT ||
	    (line.kind == LINE_EXCHANGE && line.exchange->state == EXCHANGE_WAITING)) {
		waiting_meaning(ui, line.exchange, buf, cap);
		return;
	}
	if (line.strike) {
		snprintf(buf, cap, "%s, a fault of the lab: %s", line.strike->fault,
			 line.strike->told);
		return;
	}
	message = in_decode(ui, &line);
	if (!message)
		return;
	pcp_endpoint_text(message->from, from, sizeof from);
	pcp_endpoint_text(message->to, to, sizeof to);
	n = message->exchange ? (size_t)snprintf(buf, cap, "%s #%u, ",
						 message_sent(message) ? "request" : "answer to",
						 message->exchange)
			      : 0;
	findings_of_message(&exchanges->findings, ui->session, message, exchanges->judge);
	if (exchanges->findings.n) {
		n += findings_words(&exchanges->findings, buf + n, cap - n);
		n += n < cap ? (size_t)snprintf(buf + n, cap - n, "; ") : 0;
	}
	if (n < cap)
		n += (size_t)snprintf(buf + n, cap - n, "%u octet%s, %s to %s", message->len,
				      pcp_s(message->len), from, to);
	if (*message->reason && n < cap)
		n += (size_t)snprintf(buf + n, cap - n, "; %s%s", message_lead(message),
				      message->reason);
	if (line.exchange && line.exchange->state == EXCHANGE_CANCELLED && line.exchange->what &&
	    n < cap)
		n += (size_t)snprintf(buf + n, cap - n, "; %s", line.exchange->what);
}

/* ---- the view ---- */

/* Decode shows what the cursor is on. */
void exchanges_moved(struct ui *ui)
{
	struct exchanges *exchanges = exchanges_of(ui);
	bool newest = exchanges->list.cursor >= newest_line(ui);
	struct exchange_line line;

	if (!exchanges_at(ui, &line))
		return;
	exchanges->row =
		rows_id(&exchanges->rows,
			exchanges_row_of(exchanges, exchanges->list.cursor, &exchanges->below));
	if (line.kind == LINE_EXCHANGE || line.kind == LINE_NEXT)
		select_packet(&ui->selection, SELECT_LATEST, exchanges->chosen = line.exchange->id);
	else if (line.message)
		select_packet(&ui->selection, SELECT_MESSAGE, exchanges->chosen = line.message->id);
	ui->selection.follow = newest && !session_stands(ui->session);
	moment_to(ui, exchanges_message(ui, &line));
	exchanges->moment = ui->moment.message;
}

void exchanges_choose(struct ui *ui, uint32_t exchange)
{
	struct exchanges *exchanges = exchanges_of(ui);
	const struct exchange *x = log_exchange(session_log(ui->session), exchange);

	if (!x)
		return;
	exchanges->row = x->first;
	exchanges->below = 0;
	select_packet(&ui->selection, SELECT_LATEST, exchanges->chosen = exchange);
	ui->selection.follow = false;
}

static struct list *list(struct ui *ui)
{
	return &exchanges_of(ui)->list;
}

/* The newest was in Decode, and shall be the newest still; so it is from the start where others are
 * listened to. */
static void follow(struct ui *ui, const struct message *message)
{
	struct exchanges *exchanges = exchanges_of(ui);
	bool listens = session_follows(ui->session) && !ui->moment.live;
	bool newest = ui->selection.kind == SELECT_PREVIEW
			      ? listens
			      : exchanges->chosen && ui->selection.id == exchanges->chosen;

	if (!ui->selection.follow || !newest)
		return;
	if (session_follows(ui->session))
		ui->told.exchange = message->exchange;
	exchanges->chosen = message->exchange ? message->exchange : message->id;
	select_packet(&ui->selection, message->exchange ? SELECT_LATEST : SELECT_MESSAGE,
		      exchanges->chosen);
}

static void event(struct ui *ui, const struct pcp_client_event *event)
{
	const struct log *log = session_log(ui->session);
	const struct message *message = log_message_at(log, log_nmessages(log) - 1);

	if (event->kind == CLIENT_MAPPING && event->mapping)
		exchanges_note_mapping(ui, event);
	if (event->kind == CLIENT_RESTARTED)
		exchanges_note_restart(ui, event);
	if (event->exchange)
		exchanges_note_exchange(ui, event);
	if (!event->len || !message)
		return;
	if (event->kind == CLIENT_RESENT && ui->selection.follow)
		exchanges_fold(ui, event->exchange, true);
	if (exchanges_pass_late(ui, message))
		rows_stale(&exchanges_of(ui)->rows);
	follow(ui, message);
}

static void click(struct ui *ui, int at, int col)
{
	struct exchanges *exchanges = exchanges_of(ui);
	size_t i = exchanges->list.top + (size_t)(at > 0 ? at - 1 : 0);

	(void)col;
	if (at < 1 || i >= exchanges->list.count)
		return;
	exchanges->list.cursor = i;
	exchanges_moved(ui);
}

const struct view view_exchanges = {
	.open = open_exchanges,
	.close = close_exchanges,
	.count = how_many,
	.bar = bar,
	.wants = wants,
	.draw = draw,
	.meaning = meaning,
	.list = list,
	.moved = exchanges_moved,
	.event = event,
	.click = click,
	.filter = exchanges_ask_filter,
	.unfilter = exchanges_show_all,
};
