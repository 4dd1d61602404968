/* Exchanges: every datagram in order of time, retransmissions folded into their request. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions.h"
#include "findings.h"
#include "prompt.h"
#include "rows.h"
#include "text.h"
#include "view-compose.h"
#include "view-exchanges.h"
#include "waiting.h"

enum { VERDICTS = 256 };

/* Of the filter on an exchange, as far as it was read. */
struct exchange_verdict {
	uint32_t exchange, read; /* message */
	bool contains;
};

struct exchanges {
	struct rows rows;
	struct list list;
	uint32_t id;	  /* message under the cursor */
	bool unfolded;	  /* retransmissions have rows of their own */
	uint64_t dropped; /* of the log, as of the rows */
	char filter[128];
	struct exchange_verdict verdict[VERDICTS];
	uint32_t mark[2]; /* messages to compare; 0: none */
	struct judge *judge;
	struct findings findings; /* on the message under the cursor */
};

static struct exchanges *state(struct ui *ui)
{
	return ui->state[VIEW_EXCHANGES];
}

static bool open_exchanges(struct ui *ui)
{
	struct exchanges *exchanges = calloc(1, sizeof *exchanges);

	ui->state[VIEW_EXCHANGES] = exchanges;
	if (!exchanges)
		return false;
	ui->selection.follow = true;
	exchanges->judge = malloc(sizeof *exchanges->judge);
	return exchanges->judge != NULL;
}

static void close_exchanges(struct ui *ui)
{
	rows_free(&state(ui)->rows);
	free(state(ui)->judge);
	free(state(ui));
}

/* ---- rows ---- */

static size_t count(struct ui *ui)
{
	return log_nmessages(session_log(ui->session));
}

static void summary(struct ui *ui, const struct message *message, char *buf, size_t cap)
{
	struct pcp_packet packet;

	pcp_decode(&packet, message->octets, message->len, PCP_DIRECTION_GUESS,
		   session_dialects(ui->session), state(ui)->judge->node, PCP_NODES_MAX);
	pcp_summary(&packet, buf, cap);
}

static size_t count_findings(struct ui *ui, const struct message *message)
{
	return judge_message(state(ui)->judge, session_log(ui->session), message,
			     session_dialects(ui->session), NULL, 0);
}

static bool contains(struct ui *ui, const struct message *message)
{
	char text[300];
	size_t n =
		(size_t)snprintf(text, sizeof text, "#%u %s ", message->exchange, message->reason);

	if (n < sizeof text)
		summary(ui, message, text + n, sizeof text - n);
	return ui_contains(text, state(ui)->filter);
}

/* Whether any message of the exchange does: a request without its answer says half. What was read
 * of it before is not read again, however long it becomes. */
static bool exchange_contains(struct ui *ui, const struct exchange *exchange)
{
	const struct log *log = session_log(ui->session);
	struct exchange_verdict *verdict = &state(ui)->verdict[exchange->id % VERDICTS];
	const struct message *message;
	uint32_t next;

	if (verdict->exchange != exchange->id)
		*verdict = (struct exchange_verdict){ .exchange = exchange->id };
	message = log_message(log, verdict->read);
	next = message ? message->next : exchange->first;
	while (!verdict->contains && (message = log_message(log, next))) {
		if (message->kind != MESSAGE_RESENT) /* the request's words once more */
			verdict->contains = contains(ui, message);
		verdict->read = next;
		next = message->next;
	}
	return verdict->contains;
}

static bool passes(struct ui *ui, const struct message *message)
{
	const struct exchange *exchange = log_exchange(session_log(ui->session), message->exchange);

	if (message->kind == MESSAGE_RESENT && !state(ui)->unfolded)
		return false;
	if (!*state(ui)->filter)
		return true;
	return exchange ? exchange_contains(ui, exchange) : contains(ui, message);
}

static bool row(struct ui *ui, size_t i, struct rows_entry *entry)
{
	const struct message *message = log_message_at(session_log(ui->session), i);

	if (!message || !passes(ui, message))
		return false;
	*entry = (struct rows_entry){ .id = message->id, .key = message->id };
	return true;
}

static size_t slice(struct ui *ui)
{
	return *state(ui)->filter ? 1000 : 40000;
}

static const struct rows_source source = { .count = count, .row = row, .slice = slice };

static void update(struct ui *ui, int height)
{
	struct exchanges *exchanges = state(ui);
	struct list *list = &exchanges->list;
	bool building;

	if (exchanges->dropped != log_dropped(session_log(ui->session))) {
		exchanges->dropped = log_dropped(session_log(ui->session));
		rows_stale(&exchanges->rows);
	}
	building = exchanges->rows.building;
	if (!rows_update(&exchanges->rows, &source, ui) || building ||
	    (*exchanges->filter && list->count != rows_count(&exchanges->rows)))
		ui_again(ui); /* the title, drawn before, has the old count */
	list->count = rows_count(&exchanges->rows);
	if (ui->selection.follow && list->count)
		list->cursor = list->count - 1;
	else if (exchanges->id && rows_id(&exchanges->rows, list->cursor) != exchanges->id)
		list->cursor = rows_find(&exchanges->rows, exchanges->id, list->cursor);
	list_fit(list, list->count, height);
	exchanges->id = rows_id(&exchanges->rows, list->cursor);
}

static const struct message *current(struct ui *ui)
{
	struct exchanges *exchanges = state(ui);

	return log_message(session_log(ui->session),
			   rows_id(&exchanges->rows, exchanges->list.cursor));
}

/* ---- drawing ---- */

static size_t how_many(struct ui *ui, enum style *worst)
{
	(void)worst;
	return count(ui);
}

static void bar(struct ui *ui, struct line *left, struct line *right)
{
	struct exchanges *exchanges = state(ui);

	if (*exchanges->filter)
		line_add(left, 1, 2, STYLE_WARNING, "%zu with '%s'", rows_count(&exchanges->rows),
			 exchanges->filter);
	if (exchanges->rows.building)
		line_add(right, 1, 2, STYLE_DIM, "%u%% read",
			 rows_progress(&exchanges->rows, &source, ui));
	if (log_dropped(session_log(ui->session)))
		line_add(right, 1, 2, STYLE_DIM, "%llu dropped",
			 (unsigned long long)log_dropped(session_log(ui->session)));
	if (count(ui))
		line_add(right, 2, 2, STYLE_DIM, "newest last");
}

/* Which try it was, and how long after the first. */
static void try_text(struct ui *ui, const struct exchange *exchange, const struct message *message,
		     char *buf, size_t cap)
{
	const struct message *first =
		exchange ? log_message(session_log(ui->session), exchange->first) : NULL;
	size_t n = (size_t)snprintf(buf, cap, "try %u", message->tries);

	if (first)
		snprintf(buf + n, cap - n, " +%.1fs", (double)(message->at - first->at) / 1e6);
}

static enum style note_text(struct ui *ui, const struct message *message, char *buf, size_t cap)
{
	const struct exchange *exchange = log_exchange(session_log(ui->session), message->exchange);
	size_t n = 0, findings;

	*buf = '\0';
	if (message->kind == MESSAGE_REQUEST && exchange) {
		if (exchange->sends > 1)
			n = (size_t)snprintf(buf, cap, "x%u%s", exchange->sends,
					     exchange->state == EXCHANGE_ANSWERED ? "" : ", ");
		return outcome_text(ui, exchange, buf + n, cap - n);
	}
	if (message->kind == MESSAGE_RESENT) {
		try_text(ui, exchange, message, buf, cap);
		return STYLE_DIM;
	}
	if (message->kind == MESSAGE_IGNORED) {
		snprintf(buf, cap, "ignored: %s", message->reason);
		return STYLE_WARNING;
	}
	if (message->kind == MESSAGE_RESPONSE && message->rtt >= 0)
		n = (size_t)snprintf(buf, cap, "%.1fms", (double)message->rtt / 1000.0);
	findings = count_findings(ui, message);
	if (findings) {
		snprintf(buf + n, cap - n, "%s%s%zu", n ? " " : "", draw_glyph(GLYPH_FINDING),
			 findings);
		return STYLE_WARNING;
	}
	return STYLE_DIM;
}

/* Why a datagram was dropped says more than what was in it, and needs more room; half a clause of
 * it says nothing. */
static int note_width(const struct message *message, char *note, int in, int room)
{
	enum { SUMMARY_LEFT = 12, CLAUSE = 24 };

	if (message->kind == MESSAGE_IGNORED && room - SUMMARY_LEFT < CLAUSE)
		note[strcspn(note, ":")] = '\0';
	room = message->kind == MESSAGE_IGNORED ? room - SUMMARY_LEFT : in / 2;
	return draw_width(note) < room ? draw_width(note) : room;
}

static bool from_server(const struct message *message)
{
	return message->kind != MESSAGE_REQUEST && message->kind != MESSAGE_RESENT;
}

static enum style summary_style(struct ui *ui, const struct message *message)
{
	const struct exchange *exchange = log_exchange(session_log(ui->session), message->exchange);

	if (message->kind == MESSAGE_RESPONSE && message->len > 3 &&
	    message->octets[0] == PCP_VERSION_2)
		return message->octets[3] == PCP_SUCCESS ? STYLE_OK : STYLE_ERROR;
	if (message->kind == MESSAGE_REQUEST && exchange && exchange->state == EXCHANGE_WAITING)
		return STYLE_WAITING;
	return STYLE_NORMAL;
}

static void draw_message(struct ui *ui, const struct rect *in, int at,
			 const struct message *message)
{
	struct exchanges *exchanges = state(ui);
	bool marked = message->id == exchanges->mark[0] || message->id == exchanges->mark[1];
	char text[256], note[200];
	enum style style;
	int col, width;

	ui_clock(message->wall, in->width >= 50 ? 3 : 0, text, sizeof text);
	draw_text(in, at, 1, STYLE_KEY, marked ? draw_glyph(GLYPH_MARK) : " ");
	col = draw_text(in, at, 2, STYLE_DIM, text) + 1;
	draw_text(in, at, col, STYLE_NORMAL,
		  draw_glyph(from_server(message) ? GLYPH_RESPONSE : GLYPH_REQUEST));
	col += 3;
	if (message->exchange && in->width >= 60)
		draw_format(in, at, col, STYLE_DIM, "#%u", message->exchange);
	if (in->width >= 60)
		col += 6;
	style = note_text(ui, message, note, sizeof note);
	width = note_width(message, note, in->width, in->width - col);
	draw_cell(in, at, in->width - width, width, style, note);
	summary(ui, message, text, sizeof text);
	draw_cell(in, at, col, in->width - col - (width ? width + 1 : 0),
		  summary_style(ui, message), text);
}

static void draw(struct ui *ui, const struct rect *in, bool focus)
{
	struct exchanges *exchanges = state(ui);
	int at;

	update(ui, in->height);
	if (exchanges->list.count == 0) {
		draw_wrap(in, 0, 1, STYLE_DIM,
			  *exchanges->filter
				  ? "No exchange contains this; / and an empty line shows all."
				  : "Nothing sent yet. Every request and answer will stand here; "
				    "Enter "
				    "opens one in Decode.");
		return;
	}
	for (at = 0; at < in->height; at++) {
		size_t i = exchanges->list.top + (size_t)at;
		const struct message *message =
			log_message(session_log(ui->session), rows_id(&exchanges->rows, i));

		if (message)
			draw_message(ui, in, at, message);
		if (message && i == exchanges->list.cursor)
			draw_focus(in, at, focus);
	}
}

static void meaning(struct ui *ui, char *buf, size_t cap)
{
	const struct message *message = current(ui);
	char from[ENDPOINT_TEXT], to[ENDPOINT_TEXT];
	const struct exchange *exchange;
	size_t n;

	if (!message)
		return;
	pcp_endpoint_text(&message->from, from, sizeof from);
	pcp_endpoint_text(&message->to, to, sizeof to);
	n = message->exchange ? (size_t)snprintf(buf, cap, "#%u, ", message->exchange) : 0;
	n += (size_t)snprintf(buf + n, cap - n, "%u octet%s, %s to %s", message->len,
			      pcp_s(message->len), from, to);
	if (*message->reason && n < cap)
		n += (size_t)snprintf(buf + n, cap - n, "; %s%s", message_lead(message),
				      message->reason);
	exchange = log_exchange(session_log(ui->session), message->exchange);
	if (exchange && exchange->state == EXCHANGE_CANCELLED && exchange->what && n < cap)
		n += (size_t)snprintf(buf + n, cap - n, "; %s", exchange->what);
	findings_of_message(&state(ui)->findings, ui->session, message, state(ui)->judge);
	if (state(ui)->findings.n && n < cap) {
		n += (size_t)snprintf(buf + n, cap - n, "; ");
		n += findings_names(&state(ui)->findings, buf + n, n < cap ? cap - n : 0);
		if (n < cap)
			snprintf(buf + n, cap - n, ": n in Decode goes there");
	}
}

/* ---- actions ---- */

const char *why_not_message(struct ui *ui)
{
	return current(ui) ? NULL : "there is no message here yet: s in Compose (1) sends one";
}

/* Decode shows what the cursor is on. */
static void moved(struct ui *ui)
{
	struct exchanges *exchanges = state(ui);
	const struct message *message = current(ui);

	exchanges->id = message ? message->id : 0;
	if (message)
		select_message(&ui->selection, message->id,
			       exchanges->list.cursor + 1 >= exchanges->list.count);
}

void act_exchange_open(struct ui *ui)
{
	moved(ui);
	ui_focus(ui, PANE_DECODE);
}

void act_unfold(struct ui *ui)
{
	struct exchanges *exchanges = state(ui);

	exchanges->unfolded = !exchanges->unfolded;
	rows_stale(&exchanges->rows);
	ui_say(ui, STYLE_NORMAL,
	       exchanges->unfolded ? "retransmissions have rows of their own"
				   : "retransmissions are folded into their request");
}

void act_ladder(struct ui *ui)
{
	ui_page(ui, VIEW_LADDER);
}

void act_mark(struct ui *ui)
{
	uint32_t *mark = state(ui)->mark, id = current(ui)->id;

	if (mark[0] == id || mark[1] == id) {
		mark[mark[1] == id] = 0;
		return;
	}
	if (mark[0] && mark[1])
		mark[0] = mark[1], mark[1] = 0;
	mark[mark[0] != 0] = id;
	if (mark[0] && mark[1])
		ui_say(ui, STYLE_NORMAL, "two messages are marked: = compares them");
}

bool exchanges_marks(struct ui *ui, const struct message *message[2])
{
	int i;

	for (i = 0; i < 2; i++)
		message[i] = log_message(session_log(ui->session), state(ui)->mark[i]);
	return message[0] && message[1];
}

const char *why_not_compare(struct ui *ui)
{
	const struct message *message[2];

	return exchanges_marks(ui, message) ? NULL : "mark two messages first: m marks one";
}

void act_compare(struct ui *ui)
{
	ui_page(ui, VIEW_COMPARE);
}

const char *why_not_cancel(struct ui *ui)
{
	const struct message *message = current(ui);

	if (!message)
		return why_not_message(ui);
	return pcp_client_exchange(session_client(ui->session), message->exchange)
		       ? NULL
		       : "this exchange is over: only one that waits can be given up";
}

void act_cancel(struct ui *ui)
{
	pcp_client_cancel(session_client(ui->session), loop_now(session_loop(ui->session)),
			  current(ui)->exchange);
}

void act_exchange_compose(struct ui *ui)
{
	const struct message *message = current(ui);

	compose_load(ui, message->octets, message->len);
}

static void filter(struct ui *ui, const char *text)
{
	snprintf(state(ui)->filter, sizeof state(ui)->filter, "%s", text);
	memset(state(ui)->verdict, 0, sizeof state(ui)->verdict);
	rows_stale(&state(ui)->rows);
}

static void ask_filter(struct ui *ui)
{
	prompt_ask(ui, "show exchanges with: ", state(ui)->filter, filter, filter);
}

/* ---- the view ---- */

static struct list *list(struct ui *ui)
{
	return &state(ui)->list;
}

/* The answer may be what the filter looks for: its request is to be shown then, too. */
static void show_request_of(struct ui *ui, const struct message *message)
{
	const struct log *log = session_log(ui->session);
	const struct exchange *exchange = log_exchange(log, message->exchange);
	const struct message *first = exchange ? log_message(log, exchange->first) : NULL;

	if (*state(ui)->filter && first && !message_sent(message) && !contains(ui, first) &&
	    contains(ui, message))
		rows_stale(&state(ui)->rows);
}

/* The newest message was in Decode, and shall be the newest still. */
static void event(struct ui *ui, const struct pcp_client_event *event)
{
	struct exchanges *exchanges = state(ui);
	const struct message *message = log_message_at(session_log(ui->session), count(ui) - 1);

	if (!event->len || !message)
		return;
	show_request_of(ui, message);
	if (ui->selection.follow && ui->selection.kind == SELECT_MESSAGE &&
	    ui->selection.id == exchanges->id && passes(ui, message)) {
		exchanges->id = message->id;
		select_packet(&ui->selection, SELECT_MESSAGE, message->id);
	}
}

static void click(struct ui *ui, int at, int col)
{
	struct exchanges *exchanges = state(ui);
	size_t i = exchanges->list.top + (size_t)(at > 0 ? at : 0);

	(void)col;
	if (at < 0 || i >= exchanges->list.count)
		return;
	exchanges->list.cursor = i;
	moved(ui);
}

const struct view view_exchanges = {
	.open = open_exchanges,
	.close = close_exchanges,
	.count = how_many,
	.bar = bar,
	.draw = draw,
	.meaning = meaning,
	.list = list,
	.moved = moved,
	.event = event,
	.click = click,
	.filter = ask_filter,
};
