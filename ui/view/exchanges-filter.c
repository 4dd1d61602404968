/* The filter of Exchanges, which the ladder heeds, too: what a message may be looked for by, and
 * that an exchange passes as a whole. */
#include <stdio.h>
#include <string.h>

#include "exchange-words.h"
#include "exchanges-list.h"
#include "prompt.h"
#include "view-exchanges.h"

const char *exchanges_filter(struct ui *ui)
{
	return exchanges_of(ui)->filter;
}

uint32_t exchanges_filter_number(struct ui *ui)
{
	return exchanges_of(ui)->filter_number;
}

/* Words that it may be looked for by. */
static bool contains(struct ui *ui, const struct message *message)
{
	struct exchanges *exchanges = exchanges_of(ui);
	char text[600];
	size_t n =
		(size_t)snprintf(text, sizeof text, "#%u %s ", message->exchange, message->reason);

	pcp_decode(&exchanges->judge->packet, message->octets, message->len, PCP_DIRECTION_GUESS,
		   session_dialects(ui->session), exchanges->judge->node, PCP_NODES_MAX);
	if (n < sizeof text)
		n += pcp_summary(&exchanges->judge->packet, text + n, sizeof text - n);
	if (n + 1 < sizeof text && message_sent(message)) {
		text[n++] = ' ';
		exchange_request(&exchanges->judge->packet, text + n, sizeof text - n);
	}
	return ui_contains(text, exchanges->filter);
}

/* Whether any message of the exchange does: a request without its answer says half. What was read
 * of it before is not read again, however long it becomes. */
static bool exchange_contains(struct ui *ui, const struct exchange *exchange)
{
	const struct log *log = session_log(ui->session);
	struct exchange_verdict *verdict =
		&exchanges_of(ui)->verdict[exchange->id % EXCHANGES_VERDICTS];
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

bool exchanges_pass(struct ui *ui, const struct message *message)
{
	const struct exchange *exchange = log_exchange(session_log(ui->session), message->exchange);

	if (!*exchanges_of(ui)->filter)
		return true;
	return exchange ? exchange_contains(ui, exchange) : contains(ui, message);
}

bool exchanges_pass_late(struct ui *ui, const struct message *message)
{
	const struct log *log = session_log(ui->session);
	const struct exchange *exchange = log_exchange(log, message->exchange);
	const struct message *first = exchange ? log_message(log, exchange->first) : NULL;

	return *exchanges_of(ui)->filter && first && !message_sent(message) &&
	       !contains(ui, first) && contains(ui, message);
}

static void set_filter(struct ui *ui, const char *text)
{
	struct exchanges *exchanges = exchanges_of(ui);

	snprintf(exchanges->filter, sizeof exchanges->filter, "%s", text);
	memset(exchanges->verdict, 0, sizeof exchanges->verdict);
	exchanges->filter_number++;
	rows_stale(&exchanges->rows);
}

bool exchanges_show_all(struct ui *ui)
{
	bool filtered = *exchanges_of(ui)->filter != '\0';

	if (filtered)
		set_filter(ui, "");
	return filtered;
}

void exchanges_ask_filter(struct ui *ui)
{
	prompt_ask(ui, "show exchanges with: ", exchanges_of(ui)->filter, set_filter, set_filter);
}
