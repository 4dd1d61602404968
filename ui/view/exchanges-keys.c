/* Exchanges: what keys do with the one under the cursor. */
#include "actions.h"
#include "exchanges-list.h"
#include "natpmp-form.h"
#include "view-compose.h"
#include "view-decode.h"
#include "view-exchanges.h"

static const struct message *current(struct ui *ui)
{
	struct exchange_line line;

	return exchanges_at(ui, &line) ? exchanges_message(ui, &line) : NULL;
}

const char *why_not_message(struct ui *ui)
{
	return current(ui) ? NULL : "there is no message here: s sends what Compose holds";
}

void act_exchange_open(struct ui *ui)
{
	exchanges_moved(ui);
	ui_focus(ui, PANE_DECODE);
}

const char *why_not_unfold(struct ui *ui)
{
	struct exchange_line line;

	return exchanges_at(ui, &line) && line.exchange ? NULL : "no exchange is under the cursor";
}

static void fold(struct ui *ui, bool open)
{
	struct exchange_line line;

	if (exchanges_at(ui, &line) && line.exchange)
		exchanges_fold(ui, line.exchange->id, open);
}

void act_unfold(struct ui *ui)
{
	struct exchange_line line;

	if (exchanges_at(ui, &line) && line.exchange)
		fold(ui, !exchanges_is_open(ui, line.exchange->id));
}

void act_fold_in(struct ui *ui)
{
	fold(ui, false);
}

void act_fold_out(struct ui *ui)
{
	fold(ui, true);
}

/* An event's row has no message of its own; the others can be drawn all the same. */
const char *why_not_ladder(struct ui *ui)
{
	return log_nmessages(session_log(ui->session)) ? NULL : why_not_message(ui);
}

void act_ladder(struct ui *ui)
{
	ui_page(ui, VIEW_LADDER);
}

/* In the ladder, the message of its row, which Decode shows. */
static const struct message *to_mark(struct ui *ui)
{
	return ui_front(ui) == VIEW_LADDER ? decode_message(ui) : current(ui);
}

const char *why_not_mark(struct ui *ui)
{
	return to_mark(ui) ? NULL : why_not_message(ui);
}

void act_mark(struct ui *ui)
{
	uint32_t *mark = exchanges_of(ui)->mark, id = to_mark(ui)->id;

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
		message[i] = log_message(session_log(ui->session), exchanges_of(ui)->mark[i]);
	return message[0] && message[1];
}

bool exchanges_is_marked(struct ui *ui, const struct message *message)
{
	const uint32_t *mark = exchanges_of(ui)->mark;

	return message->id == mark[0] || message->id == mark[1];
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
	if (session_replay(ui->session))
		return "a capture is played: nobody is being asked";
	return pcp_client_exchange(session_client(ui->session), message->exchange)
		       ? NULL
		       : "this exchange is over: only one that waits can be given up";
}

void act_cancel(struct ui *ui)
{
	pcp_client_cancel(session_client(ui->session), loop_now(session_loop(ui->session)),
			  current(ui)->exchange);
}

/* The request under the cursor in NAT-PMP's form, with *why 0 octets. */
static size_t natpmp_form(struct ui *ui, uint8_t wire[NATPMP_MAX], const char **why)
{
	const struct log *log = session_log(ui->session);
	struct exchange_line line;
	const struct message *request = exchanges_at(ui, &line) && line.exchange
						? log_message(log, line.exchange->first)
						: NULL;

	*why = "nobody is being asked here: s sends what Compose holds";
	if (!request)
		return 0;
	*why = "a capture is open, and nothing is sent from there; :close closes it";
	if (session_replay(ui->session))
		return 0;
	*why = "this exchange is over: what nobody answers can be asked in NAT-PMP";
	if (!pcp_client_exchange(session_client(ui->session), line.exchange->id))
		return 0;
	*why = "it is asked in NAT-PMP already";
	if (request->octets[0] == PCP_VERSION_NATPMP)
		return 0;
	return natpmp_translate(request->octets, request->len, true, wire, why);
}

const char *why_not_natpmp(struct ui *ui)
{
	uint8_t wire[NATPMP_MAX];
	const char *why;

	return natpmp_form(ui, wire, &why) ? NULL : why;
}

/* A gateway without PCP may speak it; what was asked in PCP ends with that. */
void act_ask_natpmp(struct ui *ui)
{
	uint8_t wire[NATPMP_MAX];
	const char *why;
	struct exchange_line line;
	struct pcp_client_request request = { .octets = wire };
	uint32_t asked;

	request.len = natpmp_form(ui, wire, &why);
	if (!request.len || !exchanges_at(ui, &line))
		return;
	request.server = line.exchange->server;
	asked = line.exchange->id; /* what is sent may take its place in the log */
	if (ui_send(ui, &request))
		pcp_client_cancel(session_client(ui->session), loop_now(session_loop(ui->session)),
				  asked);
}

/* Of an exchange its request: an answer cannot be asked. */
void act_exchange_compose(struct ui *ui)
{
	struct exchange_line line;
	const struct message *message;

	if (!exchanges_at(ui, &line))
		return;
	message = line.kind == LINE_EXCHANGE ? line.message : exchanges_message(ui, &line);
	compose_load(ui, message->octets, message->len);
}
