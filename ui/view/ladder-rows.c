/* The ladder's rows: all messages, or those that the filter of Exchanges lets pass. */
#include "ladder.h"
#include "view-exchanges.h"

static size_t nmessages(struct ui *ui)
{
	return log_nmessages(session_log(ui->session));
}

static bool row(struct ui *ui, size_t i, struct rows_entry *entry)
{
	const struct message *message = log_message_at(session_log(ui->session), i);

	if (!message || !exchanges_pass(ui, message))
		return false;
	*entry = (struct rows_entry){ .id = message->id };
	return true;
}

static size_t slice(struct ui *ui)
{
	(void)ui;
	return 1000;
}

static const struct rows_source source = { .count = nmessages, .row = row, .slice = slice };

bool ladder_filtered(struct ui *ui)
{
	return *exchanges_filter(ui) != '\0';
}

size_t ladder_messages(struct ui *ui)
{
	return ladder_filtered(ui) ? rows_count(&ladder_of(ui)->rows) : nmessages(ui);
}

const struct message *ladder_message(struct ui *ui, size_t i)
{
	const struct log *log = session_log(ui->session);

	return ladder_filtered(ui) ? log_message(log, rows_id(&ladder_of(ui)->rows, i))
				   : log_message_at(log, i);
}

size_t ladder_place(struct ui *ui, uint32_t id)
{
	struct ladder *ladder = ladder_of(ui);
	const struct message *first = log_message_at(session_log(ui->session), 0);

	if (ladder_filtered(ui))
		return rows_find(&ladder->rows, id, ladder->list.cursor);
	return first && id >= first->id ? id - first->id : 0;
}

void ladder_update(struct ui *ui)
{
	struct ladder *ladder = ladder_of(ui);
	uint64_t dropped = log_dropped(session_log(ui->session));
	bool building;

	if (ladder->filter != exchanges_filter_number(ui) || ladder->dropped != dropped)
		rows_stale(&ladder->rows);
	ladder->filter = exchanges_filter_number(ui);
	ladder->dropped = dropped;
	building = ladder->rows.building;
	if (ladder_filtered(ui) && (!rows_update(&ladder->rows, &source, ui) || building))
		ui_again(ui);
	if (ladder->id)
		ladder->list.cursor = ladder_place(ui, ladder->id);
}
