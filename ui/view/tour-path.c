/* The tour's path: what a step's keys need, whether it is so, and what leads back to it. */
#include "tour-steps.h"

#include <string.h>

#include "actions.h"
#include "mappings-table.h"
#include "prompt.h"
#include "view-compose.h"
#include "view-decode.h"

const struct pcp_mapping *tour_mapping(const struct ui *ui)
{
	return ui->tour.mapping ? pcp_client_mapping(session_client(ui->session), ui->tour.mapping)
				: NULL;
}

const struct exchange *tour_last(const struct ui *ui)
{
	const struct log *log = session_log(ui->session);
	size_t n = log_nexchanges(log);

	return n ? log_exchange_at(log, n - 1) : NULL;
}

const struct exchange *tour_waiting(const struct ui *ui)
{
	const struct exchange *last = tour_last(ui);

	return last && last->state == EXCHANGE_WAITING ? last : NULL;
}

static bool any(const struct ui *ui, bool (*is)(const struct pcp_mapping *m))
{
	const struct pcp_client *client = session_client(ui->session);
	size_t i, n = pcp_client_nmappings(client);

	for (i = 0; i < n; i++)
		if (is(pcp_client_mapping_at(client, i)))
			return true;
	return false;
}

static bool is_lost(const struct pcp_mapping *m)
{
	return m->state == MAPPING_LOST || m->state == MAPPING_RECOVERING;
}

bool tour_any_lost(const struct ui *ui)
{
	return any(ui, is_lost);
}

bool tour_any_stands(const struct ui *ui)
{
	return any(ui, pcp_mapping_stands);
}

/* ---- what is in the way of every key ---- */

/* A command being typed is on the path; a field of a form is not. */
static const char *hands_bound(struct ui *ui, const struct tour_step *step)
{
	unsigned where = ui_where(ui);

	if (where & IN_QUESTION)
		return strcmp(step->title, "Leave") == 0
			       ? "`<no>` stays."
			       : "A question is open: `<no>` answers it with no.";
	if (where & IN_MENU)
		return "A list is open: `<leave>` closes it.";
	if (where & IN_TEXT)
		return prompt_asks(ui)
			       ? NULL
			       : "A field is being edited: `<abandon>` leaves it as it was.";
	if (where & IN_HEX && !(step->needs & NEED_OCTETS))
		return "Octets are being typed: `<hex-done>` ends that.";
	return NULL;
}

/* ---- what a step needs ---- */

static bool is_live(struct ui *ui)
{
	return !session_replay(ui->session);
}

/* Whether that word of the lab's faults is in force; NULL: any. */
static bool is_fault(struct ui *ui, const char *wanted)
{
	const struct lab *lab = session_lab(ui->session);
	struct lab_word word;
	char text[300];
	size_t i;

	for (i = 0; lab && lab_word_at(i, &word); i++) {
		if (word.group != LAB_FAULT || !lab_word_changed(lab, i))
			continue;
		lab_word_text(lab, i, text, sizeof text);
		if (!wanted || !strcmp(text, wanted))
			return true;
	}
	return false;
}

static bool is_well(struct ui *ui)
{
	return !is_fault(ui, NULL);
}

static bool is_deaf(struct ui *ui)
{
	return is_fault(ui, "drop") || is_fault(ui, "drop=1");
}

static bool is_ours(struct ui *ui)
{
	const struct pcp_mapping *m = tour_mapping(ui);

	return m && pcp_mapping_stands(m);
}

static bool is_something(struct ui *ui)
{
	return tour_any_stands(ui);
}

/* What comes back needs no further step. */
static bool is_loss(struct ui *ui)
{
	return tour_any_lost(ui) || tour_waiting(ui);
}

static bool is_panes(struct ui *ui)
{
	return ui->page == VIEW_COUNT;
}

static bool is_mappings(struct ui *ui)
{
	return ui_front(ui) == VIEW_MAPPINGS;
}

static bool is_decode(struct ui *ui)
{
	return ui_front(ui) == VIEW_DECODE;
}

static bool is_message(struct ui *ui)
{
	return ui->selection.kind != SELECT_PREVIEW;
}

static bool is_row(struct ui *ui)
{
	const struct pcp_mapping *m = mappings_current(ui);

	return m && m->id == ui->tour.mapping;
}

static bool is_below(struct ui *ui)
{
	return decode_has_below(ui);
}

/* Compose's own request is worth sending: a MAP that has not just been refused. */
static bool is_asking(struct ui *ui)
{
	const struct exchange *last = tour_last(ui);

	return compose_preview(ui)->octets[1] == PCP_MAP &&
	       !(last && last->state == EXCHANGE_ANSWERED && last->result != PCP_SUCCESS);
}

static bool is_octets(struct ui *ui)
{
	return ui_where(ui) & IN_HEX;
}

static const char *to_message(struct ui *ui)
{
	return tour_last(ui) ? "It shows what would be sent: `<previous-message>` goes to what was."
			     : "Nothing was sent yet: `<send>` sends what Compose holds.";
}

static const char *to_another_field(struct ui *ui)
{
	return view_decode.list(ui)->cursor
		       ? "The cursor is on the last row: `<up>` goes to the one above."
		       : "All of it is folded into one row: `<fold>` unfolds that.";
}

static const char *to_row(struct ui *ui)
{
	return mappings_rows_to(ui, ui->tour.mapping) < 0
		       ? "The cursor is on another row: `<up>` goes to the one above."
		       : "The cursor is on another row: `<down>` goes to the next.";
}

/* RAW takes over what the form holds; with what RAW holds already one goes on. */
static const char *to_octets(struct ui *ui)
{
	if (ui_front(ui) != VIEW_COMPOSE)
		return "First to Compose: `<compose>`.";
	if (!why_not_form(ui))
		return "`<raw>` opens those of this request there, `<edit>` begins to type.";
	return compose_preview(ui)->len % 4 ? "Now `<send>` sends them."
					    : "`<edit>` begins to type there.";
}

/* `back` or `way`: what leads there. */
static const struct {
	unsigned need;
	bool (*is)(struct ui *ui);
	const char *back;
	const char *(*way)(struct ui *ui);
} path[] = {
	{ NEED_LIVE, is_live, "A capture is open: `:close` and `<accept>` end that.", NULL },
	{ NEED_WELL, is_well,
	  "The gateway has faults on: `:lab faults=off` and `<accept>` make it well.", NULL },
	{ NEED_OURS, is_ours,
	  "First a mapping that you have the key to: `:map 8080 8080 tcp` and `<accept>`.", NULL },
	{ NEED_SOMETHING, is_something,
	  "But nothing stands: type `:map 8080 8080 tcp` and `<accept>` first.", NULL },
	{ NEED_LOSS, is_loss, "But nothing is lost: `:lab restart` and `<accept>` see to that.",
	  NULL },
	{ NEED_DEAF, is_deaf, "Type `:lab drop=1` and `<accept>`: then the gateway hears nothing.",
	  NULL },
	{ NEED_ASKING, is_asking,
	  "Compose holds another request, or a refused one: `:map 8080 8080 tcp` and `<accept>` "
	  "ask for a port.",
	  NULL },
	{ NEED_PANES, is_panes, "Back to the panes with `<close>`.", NULL },
	{ NEED_MAPPINGS, is_mappings, "`<mappings>` goes to Mappings.", NULL },
	{ NEED_DECODE, is_decode, "`<decode>` goes there.", NULL },
	{ NEED_MESSAGE, is_message, NULL, to_message },
	{ NEED_BELOW, is_below, NULL, to_another_field },
	{ NEED_ROW, is_row, NULL, to_row },
	{ NEED_OCTETS, is_octets, NULL, to_octets },
};

const char *tour_way_back(struct ui *ui, const struct tour_step *step)
{
	const char *bound = hands_bound(ui, step);

	if (bound)
		return bound;
	for (size_t i = 0; i < sizeof path / sizeof *path; i++)
		if (step->needs & path[i].need && !path[i].is(ui))
			return path[i].back ? path[i].back : path[i].way(ui);
	return NULL;
}
