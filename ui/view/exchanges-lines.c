/* Exchanges: lines, which are rows and the datagrams of those that are unfolded. */
#include <string.h>

#include "exchanges-list.h"

/* And what the lab's faults did to them. */
static size_t datagrams(struct ui *ui, const struct exchange *exchange)
{
	const struct session_strike *strike;
	const struct message *message;
	size_t n = 0;

	for (message = log_message(session_log(ui->session), exchange->first); message;
	     message = log_message(session_log(ui->session), message->next))
		n += 1 + session_strikes(ui->session, message->id, &strike);
	return n;
}

/* The line so many below the exchange's own: a datagram, or what struck the one before it. */
static void find_below(struct ui *ui, struct exchange_line *line, size_t below)
{
	const struct log *log = session_log(ui->session);
	const struct session_strike *strike;
	size_t n;

	line->kind = LINE_MESSAGE;
	while (line->message && below > 1) {
		n = session_strikes(ui->session, line->message->id, &strike);
		if (below - 2 < n) {
			line->kind = LINE_STRIKE;
			line->strike = &strike[below - 2];
			return;
		}
		below -= 1 + n;
		line->message = log_message(log, line->message->next);
	}
	if (!line->message)
		line->kind = LINE_NEXT;
}

static bool has_next(const struct exchange *exchange)
{
	return exchange->state == EXCHANGE_WAITING && exchange->next_at != USEC_NEVER;
}

/* Where the unfolded ones are now, and how many lines each adds. */
size_t exchanges_place_open(struct ui *ui)
{
	struct exchanges *exchanges = exchanges_of(ui);
	size_t i, all = 0;

	for (i = 0; i < exchanges->nopen; i++) {
		const struct exchange *exchange =
			log_exchange(session_log(ui->session), exchanges->open[i].exchange);
		uint32_t id = exchange ? exchange->first : 0;

		exchanges->open[i].row = rows_find(&exchanges->rows, id, exchanges->open[i].row);
		exchanges->open[i].lines = 0;
		if (exchange && rows_id(&exchanges->rows, exchanges->open[i].row) == id)
			exchanges->open[i].lines = datagrams(ui, exchange) + has_next(exchange);
		all += exchanges->open[i].lines;
	}
	return all;
}

/* The row that line i is or belongs to; *below: how far under it. */
size_t exchanges_row_of(const struct exchanges *exchanges, size_t line, size_t *below)
{
	size_t i, more = 0;

	*below = 0;
	for (i = 0; i < exchanges->nopen && line > exchanges->open[i].row + more; i++) {
		size_t head = exchanges->open[i].row + more;

		if (line <= head + exchanges->open[i].lines) {
			*below = line - head;
			return exchanges->open[i].row;
		}
		more += exchanges->open[i].lines;
	}
	return line - more;
}

size_t exchanges_line_of(const struct exchanges *exchanges, size_t row_number)
{
	size_t i, line = row_number;

	for (i = 0; i < exchanges->nopen && exchanges->open[i].row < row_number; i++)
		line += exchanges->open[i].lines;
	return line;
}

bool exchanges_is_open(struct ui *ui, uint32_t exchange)
{
	struct exchanges *exchanges = exchanges_of(ui);
	size_t i = 0;

	while (i < exchanges->nopen && exchanges->open[i].exchange != exchange)
		i++;
	return i < exchanges->nopen;
}

static void close_one(struct exchanges *exchanges, size_t i)
{
	memmove(&exchanges->open[i], &exchanges->open[i + 1],
		(exchanges->nopen - i - 1) * sizeof *exchanges->open);
	exchanges->nopen--;
}

static bool set_open(struct ui *ui, uint32_t exchange, bool open)
{
	struct exchanges *exchanges = exchanges_of(ui);
	size_t i;

	for (i = 0; i < exchanges->nopen && exchanges->open[i].exchange < exchange;)
		i++;
	if (i < exchanges->nopen && exchanges->open[i].exchange == exchange) {
		if (!open)
			close_one(exchanges, i);
		exchanges->below = open ? exchanges->below : 0;
		return open;
	}
	if (!open)
		return false;
	if (exchanges->nopen == EXCHANGES_OPEN_MAX)
		close_one(exchanges, 0), i -= i > 0;
	memmove(&exchanges->open[i + 1], &exchanges->open[i],
		(exchanges->nopen - i) * sizeof *exchanges->open);
	exchanges->nopen++;
	exchanges->open[i].exchange = exchange;
	exchanges->open[i].row = rows_count(&exchanges->rows);
	ui_dirty(ui);
	return true;
}

/* The lines are counted at once: keys may come faster than frames. */
bool exchanges_fold(struct ui *ui, uint32_t exchange, bool open)
{
	struct exchanges *exchanges = exchanges_of(ui);

	open = set_open(ui, exchange, open);
	exchanges->list.count = rows_count(&exchanges->rows) + exchanges_place_open(ui);
	return open;
}

bool exchanges_line(struct ui *ui, size_t i, struct exchange_line *line)
{
	struct exchanges *exchanges = exchanges_of(ui);
	const struct log *log = session_log(ui->session);
	size_t below, number = exchanges_row_of(exchanges, i, &below);
	uint32_t id = rows_id(&exchanges->rows, number);

	*line = (struct exchange_line){ .kind = LINE_NOTE };
	line->note = exchanges_note(exchanges, id);
	if (!line->note)
		line->message = log_message(log, id);
	if (line->note || !line->message)
		return line->note != NULL;
	line->exchange = log_exchange(log, line->message->exchange);
	line->kind = line->exchange ? LINE_EXCHANGE : LINE_LONE;
	line->open = line->exchange && exchanges_is_open(ui, line->exchange->id);
	if (below)
		find_below(ui, line, below);
	return true;
}

bool exchanges_at(struct ui *ui, struct exchange_line *line)
{
	struct list *list = &exchanges_of(ui)->list;

	return list->cursor < list->count && exchanges_line(ui, list->cursor, line);
}

const struct message *exchanges_message(struct ui *ui, const struct exchange_line *line)
{
	const struct log *log = session_log(ui->session);
	const struct message *answer;

	if (line->kind != LINE_EXCHANGE && line->kind != LINE_NEXT)
		return line->message;
	answer = log_answer(log, line->exchange);
	return answer ? answer : log_message(log, line->exchange->last);
}
