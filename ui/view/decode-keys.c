/* Decode: what keys do with the packet, its findings and its octets. */
#include <string.h>

#include "actions.h"
#include "decode-packet.h"
#include "view-compose.h"
#include "view-decode.h"

const char *why_not_packet(struct ui *ui)
{
	return decode_load(ui) ? NULL
			       : "there is no packet in Decode: p shows the request in Compose";
}

void act_fold(struct ui *ui)
{
	struct decode *decode = decode_of(ui);
	size_t node;

	if (!decode_at(decode))
		return;
	node = decode->row[decode->list.cursor];
	if (decode->judge->node[node].field && decode->judge->node[node].parent != PCP_NO_NODE)
		node = decode->judge->node[node].parent;
	if (decode->judge->node[node].field)
		return;
	decode->fold[node] = decode->shut[node] ? FOLD_OPEN : FOLD_SHUT;
	decode_make_rows(ui);
	decode->list.cursor = decode_row_of(decode, node);
	decode_light_row(ui);
}

void act_decode_right(struct ui *ui)
{
	struct decode *decode = decode_of(ui);

	if (!decode->in_hex && decode->columns) {
		decode->in_hex = true;
		decode->octet =
			ui->selection.off < decode->judge->packet.len ? ui->selection.off : 0;
	} else if (decode->in_hex && decode->octet + 1 < decode->judge->packet.len) {
		decode->octet++;
	}
	if (decode->in_hex)
		decode_light_octet(ui);
}

void act_decode_left(struct ui *ui)
{
	struct decode *decode = decode_of(ui);

	if (decode->in_hex && decode->octet % (decode->columns ? decode->columns : 1) == 0)
		decode->in_hex = false;
	else if (decode->in_hex)
		decode->octet--;
	if (decode->in_hex)
		decode_light_octet(ui);
}

const char *why_not_finding(struct ui *ui)
{
	return decode_load(ui) && decode_of(ui)->findings.n
		       ? NULL
		       : "the rules object to nothing in this packet";
}

/* Finding by finding, around the end. */
static void go_finding(struct ui *ui, int by)
{
	struct decode *decode = decode_of(ui);
	size_t i, n = decode->findings.n, best = by > 0 ? 0 : n - 1, node;
	bool first = decode->nrow && decode->row[decode->list.cursor] == 0;
	size_t here =
		first && decode_finding(decode, 0) ? decode->judge->packet.len : ui->selection.off;

	for (i = 0; i < n; i++) {
		size_t k = by > 0 ? i : n - 1 - i;

		if (by > 0 ? decode->findings.at[k].off > here
			   : decode->findings.at[k].off < here) {
			best = k;
			break;
		}
	}
	memset(decode->fold, FOLD_OPEN, sizeof decode->fold);
	decode_make_rows(ui);
	node = pcp_node_at(&decode->judge->packet, decode->findings.at[best].off);
	if (node == PCP_NO_NODE)
		node = 0; /* where finding_at tells of what is missing */
	decode->in_hex = false;
	decode->list.cursor = decode_row_of(decode, node);
	decode_light_row(ui);
}

void act_next_finding(struct ui *ui)
{
	go_finding(ui, 1);
}

void act_previous_finding(struct ui *ui)
{
	go_finding(ui, -1);
}

/* The place in the log of the message shown; the newest for the preview. */
static size_t message_index(struct ui *ui)
{
	const struct log *log = session_log(ui->session);
	const struct message *message = decode_message(ui);
	size_t low = 0, high = log_nmessages(log);

	if (!message)
		return high;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (log_message_at(log, mid)->id < message->id)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void go_message(struct ui *ui, size_t index)
{
	const struct message *message = log_message_at(session_log(ui->session), index);

	if (!message)
		ui_say(ui, STYLE_WARNING, "there is no further message");
	else
		select_message(&ui->selection, message->id,
			       index + 1 == log_nmessages(session_log(ui->session)));
	moment_to(ui, message);
}

void act_next_message(struct ui *ui)
{
	go_message(ui, message_index(ui) + 1);
}

void act_previous_message(struct ui *ui)
{
	go_message(ui, message_index(ui) - 1);
}

void act_preview(struct ui *ui)
{
	select_preview(&ui->selection);
}

/* Of an answer its request: an answer cannot be asked. */
void act_decode_compose(struct ui *ui)
{
	const struct log *log = session_log(ui->session);
	const struct message *message = decode_message(ui);
	const struct exchange *exchange = message ? log_exchange(log, message->exchange) : NULL;
	const struct message *request = exchange ? log_message(log, exchange->first) : NULL;

	if (request)
		message = request;
	if (message)
		compose_load(ui, message->octets, message->len);
	else
		ui_focus(ui, PANE_COMPOSE); /* Decode shows what is in it */
}

void act_decode_raw(struct ui *ui)
{
	const struct pcp_packet *packet = decode_packet(ui);

	if (packet)
		compose_raw(ui, packet->octets, packet->len);
}
