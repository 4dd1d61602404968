/* What is between client and server: messages, pauses, what was lost on the way, and where the
 * server lost its state. */
#include <stdio.h>
#include <string.h>

#include "exchange-words.h"
#include "ladder.h"
#include "text.h"
#include "waiting.h"

/* ---- what there is ---- */

static usec pause_before(const struct message *message, const struct message *before)
{
	usec gap = before ? message->wall - before->wall : 0;

	return gap > USEC_PER_SEC ? gap : 0;
}

/* The fault that lost the request, or its answer; NULL: none did. */
static const struct session_strike *loss(struct ui *ui, const struct message *message, bool answer)
{
	const struct session_strike *strike;
	size_t n = session_strikes(ui->session, message->id, &strike);

	for (; n > 0; n--, strike++)
		if (strike->lost && strike->answer == answer)
			return strike;
	return NULL;
}

size_t ladder_count(struct ui *ui, const struct message *message, const struct message *before)
{
	uint32_t expected;

	return (size_t)1 + (size_t)(pause_before(message, before) > 0) +
	       (size_t)(loss(ui, message, true) != NULL) +
	       (size_t)message_shows_restart(session_log(ui->session), message, &expected);
}

void ladder_ends(struct ui *ui, char *client, char *server, size_t cap)
{
	const struct message *message = log_message_at(session_log(ui->session), 0);
	bool back = message && !message_sent(message);

	snprintf(client, cap, "client");
	snprintf(server, cap, "server");
	if (!message)
		return;
	pcp_addr_text(back ? message->to->addr : message->from->addr, client, cap);
	pcp_endpoint_text(back ? message->from : message->to, server, cap);
}

/* ---- in words ---- */

static bool is_refused(const struct message *message)
{
	return message->len > 3 && message->octets[3] != PCP_SUCCESS;
}

/* "0.3 ms, 21 s": since the try that it answers, and since the first where there were several. */
static void took(struct ui *ui, const struct message *message, struct ladder_rung *rung)
{
	const struct log *log = session_log(ui->session);
	const struct exchange *exchange = log_exchange(log, message->exchange);
	const struct message *first = exchange ? log_message(log, exchange->first) : NULL;
	char all[24];

	rung->sign = is_refused(message) ? GLYPH_REFUSED : GLYPH_OK;
	rung->style = is_refused(message) ? STYLE_ERROR : STYLE_OK;
	if (message->rtt < 0)
		return;
	exchange_time(message->rtt, rung->note, 24);
	if (first && exchange->sends > 1) {
		exchange_time(message->at - first->at, all, sizeof all);
		snprintf(rung->note + strlen(rung->note), sizeof rung->note - strlen(rung->note),
			 ", %s", all);
	}
}

/* Beside the last request of an exchange that waits. */
static void waits(struct ui *ui, const struct message *message, struct ladder_rung *rung)
{
	const struct exchange *exchange = log_exchange(session_log(ui->session), message->exchange);

	if (!exchange || exchange->state != EXCHANGE_WAITING || exchange->sends != message->tries)
		return;
	rung->waiting = true;
	rung->sign = GLYPH_WAITING;
	rung->style = STYLE_WAITING;
	if (exchange->next_at != USEC_NEVER)
		next_try_text(ui, exchange->sends, exchange->next_at, rung->note,
			      sizeof rung->note);
}

static void request(struct ui *ui, const struct message *message, struct ladder_rung *rung)
{
	const struct session_strike *strike = loss(ui, message, false);

	waits(ui, message, rung);
	if (strike)
		snprintf(rung->lost, sizeof rung->lost, "%s", strike->told);
}

static void read_message(struct ui *ui, struct judge *judge, const struct message *message,
			 struct ladder_rung *rung)
{
	pcp_decode(&judge->packet, message->octets, message->len, PCP_DIRECTION_GUESS,
		   session_dialects(ui->session), judge->node, PCP_NODES_MAX);
	exchange_message(judge, message, rung->text, sizeof rung->text);
	rung->to_client = !message_sent(message);
	if (message->exchange)
		snprintf(rung->number, sizeof rung->number, "#%u", message->exchange);
	switch (message->kind) {
	case MESSAGE_REQUEST:
	case MESSAGE_RESENT:
		request(ui, message, rung);
		break;
	case MESSAGE_RESPONSE:
		took(ui, message, rung);
		break;
	case MESSAGE_IGNORED:
		rung->sign = GLYPH_IGNORED;
		rung->style = STYLE_WARNING;
		snprintf(rung->note, sizeof rung->note, "ignored");
		break;
	case MESSAGE_UNSOLICITED:
		rung->style = STYLE_REMARK;
		pcp_addr_text(message->to->addr, rung->note + 3, sizeof rung->note - 3);
		memcpy(rung->note, "to ", 3);
		break;
	}
}

static void read_pause(usec gap, struct ladder_rung *rung)
{
	rung->kind = RUNG_PAUSE;
	rung->style = STYLE_FAINT;
	if (gap < 100 * USEC_PER_SEC)
		snprintf(rung->clock, sizeof rung->clock, "%.1f s", (double)gap / USEC_PER_SEC);
	else
		pcp_seconds_text((uint32_t)(gap / USEC_PER_SEC), rung->clock, sizeof rung->clock);
}

static void read_lost_answer(const struct session_strike *strike, struct ladder_rung *rung)
{
	rung->kind = RUNG_ANSWER;
	rung->style = STYLE_ERROR;
	rung->to_client = true;
	snprintf(rung->text, sizeof rung->text, "answer");
	snprintf(rung->lost, sizeof rung->lost, "%s", strike->told);
	if (rung->message->exchange)
		snprintf(rung->number, sizeof rung->number, "#%u", rung->message->exchange);
}

static void read_break(const struct message *message, uint32_t expected, struct ladder_rung *rung)
{
	char was[48], is[48];
	uint32_t epoch = 0;

	message_clock(message->octets, message->len, &epoch);
	pcp_seconds_text(epoch, is, sizeof is);
	pcp_seconds_text(expected, was, sizeof was);
	rung->kind = RUNG_BREAK;
	rung->style = STYLE_ERROR;
	rung->sign = GLYPH_GONE;
	snprintf(rung->text, sizeof rung->text, "the gateway lost its state: epoch %s, not %s", is,
		 was);
	snprintf(rung->note, sizeof rung->note, "restart");
}

size_t ladder_rungs(struct ui *ui, struct judge *judge, const struct message *message,
		    const struct message *before, struct ladder_rung rung[LADDER_RUNGS])
{
	const struct session_strike *strike;
	uint32_t expected;
	usec gap;
	size_t i, n = 0;

	for (i = 0; i < LADDER_RUNGS; i++)
		rung[i] = (struct ladder_rung){ .message = message, .sign = GLYPH_COUNT };
	gap = pause_before(message, before);
	if (gap)
		read_pause(gap, &rung[n++]);
	ui_clock(message->wall, 3, rung[n].clock, sizeof rung->clock);
	read_message(ui, judge, message, &rung[n++]);
	strike = loss(ui, message, true);
	if (strike)
		read_lost_answer(strike, &rung[n++]);
	if (message_shows_restart(session_log(ui->session), message, &expected))
		read_break(message, expected, &rung[n++]);
	return n;
}

/* ---- as an arrow ---- */

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

	len = len < cap ? len : cap - 1;
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

/* The line with its text in the middle; at its end the head, or the cross where it was lost. */
struct ladder_places ladder_arrow(const struct ladder_rung *rung, int width,
				  const struct ladder_strokes *with, char *buf, size_t cap)
{
	bool pause = rung->kind == RUNG_PAUSE, across = rung->kind == RUNG_BREAK;
	const char *stroke = across || rung->waiting ? with->dash : with->line;
	char text[240] = "", lost[80] = "";
	int used, line = width, left, right;
	struct ladder_places at = { 0, 0, 0, 0 };
	size_t n = put(buf, cap, 0, with->rail, 1);

	if (pause)
		return put(buf, cap, put(buf, cap, n, " ", width), with->rail, 1), at;
	if (*rung->lost && width > 40) {
		snprintf(lost, sizeof lost, rung->to_client ? " %s %s" : "%s %s ",
			 rung->to_client ? rung->lost : with->lost,
			 rung->to_client ? with->lost : rung->lost);
		line -= draw_width(lost);
	}
	fit(rung->text, line - 6, with->cut, text, sizeof text);
	used = draw_width(text) + 2;
	left = (line - 1 - used) / 2;
	right = line - 1 - used - left;
	at.lost_width = draw_width(lost);
	at.lost = rung->to_client ? 0 : line;
	at.text = (rung->to_client ? at.lost_width : 0) + left + (rung->to_client && !*lost) + 1 +
		  (rung->to_client && *lost ? 1 : 0);
	at.text_width = used - 2;
	if (rung->to_client)
		n = put(buf, cap, n, lost, 1);
	if (rung->to_client && !*lost && !across)
		n = put(buf, cap, n, with->left, 1);
	else if (rung->to_client || across)
		n = put(buf, cap, n, stroke, 1);
	n = put(buf, cap, n, stroke, left);
	n = put(buf, cap, n, " ", 1);
	n = put(buf, cap, n, text, 1);
	n = put(buf, cap, n, " ", 1);
	n = put(buf, cap, n, stroke, right);
	if (!rung->to_client && !across)
		n = put(buf, cap, n, *lost ? stroke : with->right, 1);
	if (!rung->to_client)
		n = put(buf, cap, n, lost, 1);
	put(buf, cap, n, with->rail, 1);
	return at;
}
