/* Exchanges: notes of what happened beside the datagrams, between the messages that they came
 * after. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchanges-list.h"
#include "words.h"

enum { NOTES_MAX = 4096 };

/* The place of the k-th note among messages and notes: behind the message that it came after. */
size_t exchanges_note_place(struct ui *ui, size_t k)
{
	const struct message *first = log_message_at(session_log(ui->session), 0);
	uint32_t after = exchanges_of(ui)->note[k].after;

	return k + (first && after >= first->id ? after - first->id + 1 : 0);
}

/* How many notes stand before place i. */
size_t exchanges_notes_before(struct ui *ui, size_t i)
{
	size_t low = 0, high = exchanges_of(ui)->nnote;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (exchanges_note_place(ui, mid) < i)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

const struct exchange_note *exchanges_note(const struct exchanges *exchanges, uint32_t row_id)
{
	uint32_t k = (row_id & ~(uint32_t)NOTE_ROW) - exchanges->first_note;

	return row_id & NOTE_ROW && k < exchanges->nnote ? &exchanges->note[k] : NULL;
}

/* The older half goes, so that renewals over weeks keep nothing new from being told. */
static void drop_some(struct exchanges *exchanges)
{
	size_t kept = exchanges->nnote / 2, gone = exchanges->nnote - kept;

	memmove(exchanges->note, exchanges->note + gone, kept * sizeof *exchanges->note);
	exchanges->nnote = kept;
	exchanges->first_note += (uint32_t)gone;
}

static struct exchange_note *new_note(struct ui *ui)
{
	struct exchanges *exchanges = exchanges_of(ui);
	const struct log *log = session_log(ui->session);
	size_t n = log_nmessages(log), cap = exchanges->note_cap ? 2 * exchanges->note_cap : 16;
	struct exchange_note *grown;

	if (exchanges->nnote == NOTES_MAX)
		drop_some(exchanges);
	if (exchanges->nnote == exchanges->note_cap) {
		grown = realloc(exchanges->note, cap * sizeof *grown);
		if (!grown)
			return NULL;
		exchanges->note = grown;
		exchanges->note_cap = cap;
	}
	grown = &exchanges->note[exchanges->nnote++];
	*grown = (struct exchange_note){ .after = n ? log_message_at(log, n - 1)->id : 0,
					 .sign = GLYPH_GONE };
	return grown;
}

static struct exchange_note *note_now(struct ui *ui, usec now)
{
	struct exchange_note *note = new_note(ui);

	if (note) {
		note->at = now;
		note->wall = session_wall(ui->session, now);
	}
	return note;
}

void exchanges_note_restart(struct ui *ui, const struct pcp_client_event *event)
{
	struct exchange_note *note = note_now(ui, event->now);

	if (!note)
		return;
	note->restart = true;
	snprintf(note->text, sizeof note->text, "the server restarted: no mapping lost");
}

/* The row of the restart that took the mapping; NULL: another has come since. */
static struct exchange_note *restart_of(struct ui *ui, usec now)
{
	struct exchanges *exchanges = exchanges_of(ui);
	struct exchange_note *last =
		exchanges->nnote ? &exchanges->note[exchanges->nnote - 1] : NULL;

	return last && last->restart && last->at == now ? last : NULL;
}

static void note_lost(struct ui *ui, const struct pcp_client_event *event)
{
	struct exchange_note *note = restart_of(ui, event->now);
	const struct pcp_mapping *m = event->mapping;

	if (!note)
		note = note_now(ui, event->now);
	if (!note)
		return;
	note->restart = true;
	if (++note->count == 1)
		snprintf(note->text, sizeof note->text, "%s %u lost: the server restarted",
			 pcp_protocol_text(m->protocol).text, m->internal_port);
	else
		snprintf(note->text, sizeof note->text, "%u mappings lost: the server restarted",
			 note->count);
}

/* What became of a mapping without a datagram of its own. */
void exchanges_note_mapping(struct ui *ui, const struct pcp_client_event *event)
{
	const struct pcp_mapping *m = event->mapping;
	struct exchange_note *note;

	if (m->state == MAPPING_LOST)
		note_lost(ui, event);
	if (m->state != MAPPING_EXPIRED || !(note = note_now(ui, event->now)))
		return;
	snprintf(note->text, sizeof note->text, "%s %u expired",
		 pcp_protocol_text(m->protocol).text, m->internal_port);
}

static void note_renewed(struct ui *ui, const struct pcp_client_event *event)
{
	const struct pcp_mapping *m = event->mapping;
	struct exchange_note *note = note_now(ui, event->now);

	if (!note)
		return;
	note->sign = GLYPH_BY_ITSELF;
	snprintf(note->text, sizeof note->text, "%s %u renewed by itself",
		 pcp_protocol_text(m->protocol).text, m->internal_port);
}

/* What it asked for, where that is a mapping: "#5 tcp 8080 given up: no answer to 4 tries". */
static void note_given_up(struct ui *ui, const struct pcp_client_event *event)
{
	const struct pcp_mapping *m = event->mapping;
	struct exchange_note *note = note_now(ui, event->now);
	size_t n;

	if (!note)
		return;
	n = (size_t)snprintf(note->text, sizeof note->text, "#%u ", event->exchange);
	if (m)
		n += (size_t)snprintf(note->text + n, sizeof note->text - n, "%s %u ",
				      pcp_protocol_text(m->protocol).text, m->internal_port);
	if (event->kind == CLIENT_TIMED_OUT)
		snprintf(note->text + n, sizeof note->text - n, "given up: no answer to %u tr%s",
			 event->tries, event->tries == 1 ? "y" : "ies");
	else
		snprintf(note->text + n, sizeof note->text - n, "not asked again: %s",
			 event->reason);
}

/* What another request took the place of goes on in that one. */
void exchanges_note_exchange(struct ui *ui, const struct pcp_client_event *event)
{
	if (event->kind == CLIENT_ANSWERED && event->by_itself && event->result == PCP_SUCCESS)
		note_renewed(ui, event);
	if (event->kind == CLIENT_TIMED_OUT ||
	    (event->kind == CLIENT_CANCELLED && !event->replaced && event->tries))
		note_given_up(ui, event);
}
