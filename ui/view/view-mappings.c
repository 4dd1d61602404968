/* Mappings: what stands on the server, how long still, and what is being done about it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions.h"
#include "mapping-words.h"
#include "mappings-table.h"
#include "prompt.h"
#include "rows.h"
#include "session-follow.h"
#include "status.h"
#include "text.h"
#include "waiting.h"

const char *const mappings_order_names[MAPPINGS_ORDERS] = {
	[MAPPINGS_BY_COMING] = "order of coming", [MAPPINGS_BY_STATE] = "state",
	[MAPPINGS_BY_PROTOCOL] = "protocol",	  [MAPPINGS_BY_INTERNAL] = "internal",
	[MAPPINGS_BY_EXTERNAL] = "external",	  [MAPPINGS_BY_LEFT] = "time left",
};

struct mappings {
	struct rows rows;
	struct list list;
	uint32_t id; /* mapping under the cursor: it keeps the cursor when rows move */
	enum mappings_order sort;
	char filter[128];
	struct mapping_columns columns;
	int width;	 /* that they were measured for */
	uint64_t moment; /* of the open capture that the rows are of */
};

static struct mappings *state(struct ui *ui)
{
	return ui->state[VIEW_MAPPINGS];
}

static bool open_mappings(struct ui *ui)
{
	ui->state[VIEW_MAPPINGS] = calloc(1, sizeof(struct mappings));
	return ui->state[VIEW_MAPPINGS] != NULL;
}

static void close_mappings(struct ui *ui)
{
	rows_free(&state(ui)->rows);
	free(state(ui));
}

/* ---- rows ---- */

static size_t count(struct ui *ui)
{
	return pcp_client_nmappings(session_client(ui->session));
}

static bool passes(const struct pcp_mapping *m, const char *filter)
{
	char internal[ENDPOINT_TEXT], external[ENDPOINT_TEXT + 8], remote[ENDPOINT_TEXT] = "";
	char text[800];

	if (!*filter)
		return true;
	mapping_internal(m, NULL, internal, sizeof internal);
	mapping_external(m, NULL, external, sizeof external);
	if (m->opcode == PCP_PEER)
		mapping_where(m->remote, m->remote_port, remote, sizeof remote);
	snprintf(text, sizeof text, "%s %s %s %s %s %s %s", pcp_mapping_state_name(m->state),
		 pcp_mapping_opcode_name(m), pcp_protocol_text(m->protocol).text, internal,
		 external, remote, m->description);
	return ui_contains(text, filter);
}

/* The last 32 bits of an address and the port: what tells rows apart in practice. */
static uint64_t address_key(const uint8_t addr[PCP_ADDR_LEN], uint16_t port)
{
	return (uint64_t)addr[12] << 40 | (uint64_t)addr[13] << 32 | (uint64_t)addr[14] << 24 |
	       (uint64_t)addr[15] << 16 | port;
}

static uint64_t sort_key(const struct pcp_mapping *m, enum mappings_order sort)
{
	switch (sort) {
	case MAPPINGS_BY_STATE:
		return m->state;
	case MAPPINGS_BY_PROTOCOL:
		return (uint64_t)m->protocol << 8 | m->opcode;
	case MAPPINGS_BY_INTERNAL:
		return address_key(m->internal, m->internal_port);
	case MAPPINGS_BY_EXTERNAL:
		return address_key(m->external, m->external_port);
	case MAPPINGS_BY_LEFT:
		return (uint64_t)m->expires_at;
	case MAPPINGS_BY_COMING:
	case MAPPINGS_ORDERS:
		break;
	}
	return m->id;
}

static bool row(struct ui *ui, size_t i, struct rows_entry *entry)
{
	const struct pcp_mapping *m = pcp_client_mapping_at(session_client(ui->session), i);

	if (!m || !passes(m, state(ui)->filter))
		return false;
	*entry = (struct rows_entry){ .id = m->id, .key = sort_key(m, state(ui)->sort) };
	return true;
}

static size_t slice(struct ui *ui)
{
	return *state(ui)->filter ? 2000 : 40000;
}

static const struct rows_source source = { .count = count, .row = row, .slice = slice };

/* Of a capture no event tells that rows came or went. */
static void follow_moment(struct ui *ui, struct mappings *mappings)
{
	const struct replay *replay = session_replay(ui->session);
	uint64_t moment = replay ? replay_at(replay) : 0;

	if (moment != mappings->moment)
		rows_stale(&mappings->rows);
	mappings->moment = moment;
}

/* Rows and cursor as they are to be shown now. */
static void update(struct ui *ui, int height)
{
	struct mappings *mappings = state(ui);
	bool building;

	follow_moment(ui, mappings);
	building = mappings->rows.building;
	if (!rows_update(&mappings->rows, &source, ui) || building ||
	    (*mappings->filter && mappings->list.count != rows_count(&mappings->rows)))
		ui_again(ui); /* the title, drawn before, has the old count */
	mappings->list.count = rows_count(&mappings->rows);
	if (mappings->id && rows_id(&mappings->rows, mappings->list.cursor) != mappings->id)
		mappings->list.cursor =
			rows_find(&mappings->rows, mappings->id, mappings->list.cursor);
	list_fit(&mappings->list, rows_count(&mappings->rows), height);
	mappings->id = rows_id(&mappings->rows, mappings->list.cursor);
}

const struct pcp_mapping *mappings_current(struct ui *ui)
{
	struct mappings *mappings = state(ui);

	return pcp_client_mapping(session_client(ui->session),
				  rows_id(&mappings->rows, mappings->list.cursor));
}

long mappings_rows_to(struct ui *ui, uint32_t id)
{
	const struct mappings *mappings = state(ui);

	return (long)rows_find(&mappings->rows, id, mappings->list.cursor) -
	       (long)mappings->list.cursor;
}

/* ---- drawing ---- */

static size_t how_many(struct ui *ui, enum style *worst)
{
	struct ui_counted counted;

	status_count(ui, &counted);
	*worst = counted.refused || counted.lost ? STYLE_ERROR
		 : counted.waiting		 ? STYLE_WAITING
						 : STYLE_OK;
	return count(ui);
}

/* What a key does here; it gives way first. */
static void add_key(struct ui *ui, struct line *line, const char *command, const char *does)
{
	char key[32];

	if (ui->layout.kind != LAYOUT_WIDE)
		return;
	ui_key_of(ui, command, key, sizeof key);
	line_add(line, 9, 2, STYLE_DIM, "%s %s", key, does);
}

static void bar(struct ui *ui, struct line *left, struct line *right)
{
	struct mappings *mappings = state(ui);
	char clock[16];

	if (session_stands(ui->session) && replay_at(session_replay(ui->session))) {
		ui_clock(replay_now(session_replay(ui->session)), 0, clock, sizeof clock);
		line_add(left, 2, 2, STYLE_DIM, "as of %s", clock);
		line_add(right, 3, 2, STYLE_DIM, "the capture's clock stands still");
	}
	if (count(ui) == 0)
		return;
	if (*mappings->filter)
		line_add(left, 1, 2, STYLE_WARNING, "%zu with '%s'", rows_count(&mappings->rows),
			 mappings->filter);
	if (mappings->rows.building)
		line_add(right, 1, 2, STYLE_DIM, "%u%% sorted",
			 rows_progress(&mappings->rows, &source, ui));
	line_add(right, 1, 2, STYLE_DIM,
		 mappings->sort == MAPPINGS_BY_COMING ? "in %s%s" : "by %s%s",
		 mappings_order_names[mappings->sort], mappings->rows.reverse ? ", reversed" : "");
	add_key(ui, right, "order", "orders");
	add_key(ui, right, "filter", "filters");
	line_add_hidden(right, mappings->list.top, list_below(&mappings->list));
}

static void for_each_in_sight(struct ui *ui,
			      void (*look)(struct mapping_columns *c, const struct pcp_mapping *m))
{
	struct mappings *mappings = state(ui);
	size_t i, last = mappings->list.top + mappings->list.height;

	for (i = mappings->list.top; i < last && i < mappings->list.count; i++) {
		const struct pcp_mapping *m = pcp_client_mapping(session_client(ui->session),
								 rows_id(&mappings->rows, i));

		if (m)
			look(&mappings->columns, m);
	}
}

/* Grown to the widest in sight, so that columns do not jump while rows scroll. */
static void measure(struct ui *ui, int width)
{
	struct mappings *mappings = state(ui);

	if (mappings->width != width)
		mappings->columns = (struct mapping_columns){ 0 };
	mappings->width = width;
	for_each_in_sight(ui, mappings_take_nets);
	for_each_in_sight(ui, mappings_measure);
	mappings_arrange(&mappings->columns, width);
	mappings->columns.reverse = mappings->rows.reverse;
}

static void draw_empty(struct ui *ui, const struct rect *in)
{
	if (*state(ui)->filter)
		draw_wrap(in, 0, 1, STYLE_DIM, "No mapping contains this; Esc shows all.");
	else if (session_server(ui->session) == 0 && !session_replay(ui->session))
		draw_wrap(in, 0, 1, STYLE_DIM,
			  "No server was found. Leave with q and start with --lab for a gateway to "
			  "practise on, or with -s ADDRESS.");
	else if (session_follows(ui->session))
		draw_wrap(
			in, 0, 1, STYLE_DIM,
			"No mapping has passed yet. What hosts are granted stands here, and counts "
			"down.");
	else if (session_replay(ui->session))
		draw_wrap(in, 0, 1, STYLE_DIM, "The capture shows no mapping.");
	else
		mappings_draw_nothing(ui, in);
}

static void draw(struct ui *ui, const struct rect *in, bool focus)
{
	struct mappings *mappings = state(ui);
	struct rect body = { in->y + 1, in->x, in->height - 1, in->width };
	int at;

	update(ui, body.height);
	if (mappings->list.count == 0) {
		mappings->width = 0; /* the next rows are measured afresh */
		draw_empty(ui, in);
		return;
	}
	measure(ui, in->width);
	mappings_draw_headings(in, &mappings->columns, mappings->sort);
	for (at = 0; at < body.height; at++) {
		size_t i = mappings->list.top + (size_t)at;
		const struct pcp_mapping *m = pcp_client_mapping(session_client(ui->session),
								 rows_id(&mappings->rows, i));

		if (m)
			mappings_draw_row(ui, &body, at, &mappings->columns, m);
		if (m && i == mappings->list.cursor)
			draw_focus(&body, at, focus);
	}
}

static void meaning(struct ui *ui, char *buf, size_t cap)
{
	const struct pcp_mapping *m = mappings_current(ui);

	if (m)
		mapping_meaning(m, buf, cap);
}

/* ---- actions ---- */

enum mappings_order mappings_order(struct ui *ui)
{
	return state(ui)->sort;
}

void mappings_sort(struct ui *ui, enum mappings_order order)
{
	struct mappings *mappings = state(ui);

	mappings->rows.reverse = order == mappings->sort && !mappings->rows.reverse;
	mappings->sort = order;
	mappings->rows.sorted = order != MAPPINGS_BY_COMING;
	rows_stale(&mappings->rows);
}

static void filter(struct ui *ui, const char *text)
{
	snprintf(state(ui)->filter, sizeof state(ui)->filter, "%s", text);
	rows_stale(&state(ui)->rows);
}

static void ask_filter(struct ui *ui)
{
	prompt_ask(ui, "show mappings with: ", state(ui)->filter, filter, filter);
}

static bool unfilter(struct ui *ui)
{
	bool filtered = *state(ui)->filter != '\0';

	if (filtered)
		filter(ui, "");
	return filtered;
}

static void show_exchange(struct ui *ui)
{
	const struct pcp_mapping *m = mappings_current(ui);

	state(ui)->id = m ? m->id : 0;
	if (m && m->exchange && log_exchange(session_log(ui->session), m->exchange))
		select_packet(&ui->selection, SELECT_LATEST, m->exchange);
}

void act_mapping_open(struct ui *ui)
{
	show_exchange(ui);
	ui_focus(ui, PANE_DECODE);
}

/* ---- the view ---- */

static struct list *list(struct ui *ui)
{
	return &state(ui)->list;
}

static void event(struct ui *ui, const struct pcp_client_event *event)
{
	struct mappings *mappings = state(ui);
	bool by_content = *mappings->filter || mappings->sort != MAPPINGS_BY_COMING;

	if (event->kind == CLIENT_MAPPING_GONE || (event->kind == CLIENT_MAPPING && by_content))
		rows_stale(&mappings->rows);
}

static void click(struct ui *ui, int at, int col)
{
	struct mappings *mappings = state(ui);
	size_t i = mappings->list.top + (size_t)(at > 0 ? at - 1 : 0);

	(void)col;
	if (at < 1 || i >= mappings->list.count)
		return;
	mappings->list.cursor = i;
	show_exchange(ui);
}

const struct view view_mappings = {
	.open = open_mappings,
	.close = close_mappings,
	.count = how_many,
	.bar = bar,
	.draw = draw,
	.meaning = meaning,
	.list = list,
	.moved = show_exchange,
	.event = event,
	.click = click,
	.filter = ask_filter,
	.unfilter = unfilter,
};
