/* Mappings: what stands on the server, how long still, and what is being done about it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions.h"
#include "mapping-words.h"
#include "mappings-table.h"
#include "prompt.h"
#include "rows.h"
#include "text.h"
#include "waiting.h"

enum sort {
	SORT_COMING,
	SORT_STATE,
	SORT_PROTOCOL,
	SORT_INTERNAL,
	SORT_EXTERNAL,
	SORT_LEFT,
	SORT_COUNT
};

static const char *const sort_names[SORT_COUNT] = {
	[SORT_COMING] = "order of coming", [SORT_STATE] = "state",
	[SORT_PROTOCOL] = "protocol",	   [SORT_INTERNAL] = "internal",
	[SORT_EXTERNAL] = "external",	   [SORT_LEFT] = "time left",
};

struct mappings {
	struct rows rows;
	struct list list;
	uint32_t id; /* mapping under the cursor: it keeps the cursor when rows move */
	enum sort sort;
	char filter[128];
	int internal_width, external_width; /* widest seen at this size */
	int width;
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

/* ---- what a mapping looks like ---- */

static const struct {
	enum glyph glyph;
	enum style style;
} looks[] = {
	[MAPPING_ASKING] = { GLYPH_WAITING, STYLE_WAITING },
	[MAPPING_GRANTED] = { GLYPH_GRANTED, STYLE_OK },
	[MAPPING_RENEWING] = { GLYPH_GRANTED, STYLE_WAITING },
	[MAPPING_HOLDING] = { GLYPH_REFUSED, STYLE_ERROR },
	[MAPPING_LOST] = { GLYPH_REFUSED, STYLE_ERROR },
	[MAPPING_RECOVERING] = { GLYPH_WAITING, STYLE_WAITING },
	[MAPPING_DELETING] = { GLYPH_WAITING, STYLE_WAITING },
	[MAPPING_DELETED] = { GLYPH_GONE, STYLE_DIM },
	[MAPPING_EXPIRED] = { GLYPH_GONE, STYLE_DIM },
	[MAPPING_FAILED] = { GLYPH_REFUSED, STYLE_ERROR },
};

static usec left(const struct ui *ui, usec until)
{
	return until == USEC_NEVER || until <= ui->now ? 0 : until - ui->now;
}

static uint32_t sends(const struct ui *ui, const struct pcp_mapping *m)
{
	const struct exchange *exchange = log_exchange(session_log(ui->session), m->exchange);

	return exchange ? exchange->sends : 0;
}

/* Where no external address stands: what is going on. */
static void doing_text(struct ui *ui, const struct pcp_mapping *m, char *buf, size_t cap)
{
	const char *sentence, *result = pcp_mapping_result_name(m, &sentence);
	char time[64];

	switch (m->state) {
	case MAPPING_HOLDING:
		left_text(ui, m->hold_until, time, sizeof time);
		snprintf(buf, cap, "%s  retry %s", result ? result : "refused", time);
		break;
	case MAPPING_ASKING:
	case MAPPING_RECOVERING:
	case MAPPING_DELETING:
		next_try_text(ui, sends(ui, m), m->next_at, time, sizeof time);
		if (m->next_at == USEC_NEVER)
			snprintf(buf, cap, "%s", pcp_mapping_state_name(m->state));
		else
			snprintf(buf, cap, "%s, %s", pcp_mapping_state_name(m->state), time);
		break;
	default:
		snprintf(buf, cap, "%s", pcp_mapping_state_name(m->state));
	}
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
	mapping_internal(m, internal, sizeof internal);
	mapping_external(m, external, sizeof external);
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

static uint64_t sort_key(const struct pcp_mapping *m, enum sort sort)
{
	switch (sort) {
	case SORT_STATE:
		return m->state;
	case SORT_PROTOCOL:
		return (uint64_t)m->protocol << 8 | m->opcode;
	case SORT_INTERNAL:
		return address_key(m->internal, m->internal_port);
	case SORT_EXTERNAL:
		return address_key(m->external, m->external_port);
	case SORT_LEFT:
		return (uint64_t)m->expires_at;
	case SORT_COMING:
	case SORT_COUNT:
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

/* ---- drawing ---- */

static void title(struct ui *ui, char *buf, size_t cap)
{
	struct mappings *mappings = state(ui);
	size_t n = 0, all = count(ui);

	if (all == 0)
		return;
	n = (size_t)snprintf(buf, cap, "%zu", all);
	if (*mappings->filter)
		n = (size_t)snprintf(buf, cap, "%zu of %zu with '%s'", rows_count(&mappings->rows),
				     all, mappings->filter);
	if (mappings->rows.building)
		n += (size_t)snprintf(buf + n, cap - n, ", %u%% sorted",
				      rows_progress(&mappings->rows, &source, ui));
	if (mappings->sort != SORT_COMING || mappings->rows.reverse)
		snprintf(buf + n, cap - n, ", by %s%s", sort_names[mappings->sort],
			 mappings->rows.reverse ? ", reversed" : "");
}

struct columns {
	int state, internal, remote, external,
		time; /* where each starts; remote, state 0: no room */
	int internal_width, remote_width, external_width, time_width, bar;
};

enum { OP_COLUMN = 3, PROTOCOL_COLUMN = 8, FIRST_COLUMN = 14, STATE_WIDTH = 10, TIME_WIDTH = 10 };

/* Grown to the widest in sight, so that columns do not jump while rows scroll. */
static void measure(struct ui *ui, int width)
{
	struct mappings *mappings = state(ui);
	size_t i, last = mappings->list.top + mappings->list.height;

	if (mappings->width != width) {
		mappings->width = width;
		mappings->internal_width = 14;
		mappings->external_width = 16;
	}
	for (i = mappings->list.top; i < last && i < mappings->list.count; i++) {
		const struct pcp_mapping *m = pcp_client_mapping(session_client(ui->session),
								 rows_id(&mappings->rows, i));
		char text[ENDPOINT_TEXT + 8];
		int n;

		if (!m)
			continue;
		mapping_internal(m, text, sizeof text);
		n = (int)strlen(text);
		mappings->internal_width =
			n > mappings->internal_width ? n : mappings->internal_width;
		mapping_external(m, text, sizeof text);
		n = (int)strlen(text) + 2;
		mappings->external_width =
			n > mappings->external_width ? n : mappings->external_width;
	}
}

static struct columns arrange(const struct mappings *mappings, int width)
{
	struct columns c = { .internal_width = mappings->internal_width,
			     .external_width = mappings->external_width,
			     .time_width = TIME_WIDTH };
	int spare = width - FIRST_COLUMN - TIME_WIDTH - 2, wanted;

	if (c.internal_width + c.external_width > spare) {
		c.internal_width = c.internal_width > spare / 2 ? spare / 2 : c.internal_width;
		c.external_width = spare - c.internal_width;
	}
	spare -= c.internal_width + c.external_width;
	wanted = mappings->internal_width + 2;
	if (spare >= wanted + STATE_WIDTH + 1) {
		c.state = FIRST_COLUMN;
		spare -= STATE_WIDTH + 1;
		c.remote_width = wanted - 1;
		spare -= wanted;
	}
	c.internal = FIRST_COLUMN + (c.state ? STATE_WIDTH + 1 : 0);
	c.remote = c.internal + c.internal_width + 1;
	c.external = c.remote + (c.remote_width ? c.remote_width + 1 : 0);
	c.time = width - TIME_WIDTH;
	c.bar = spare >= 5 ? spare - 1 : 0;
	if (c.bar > 20)
		c.bar = 20;
	return c;
}

static void draw_headings(const struct rect *in, const struct columns *c)
{
	draw_text(in, 0, OP_COLUMN, STYLE_HEADING, "Op");
	draw_text(in, 0, PROTOCOL_COLUMN, STYLE_HEADING, "Proto");
	if (c->state)
		draw_text(in, 0, c->state, STYLE_HEADING, "State");
	draw_cell(in, 0, c->internal, c->internal_width, STYLE_HEADING, "Internal");
	if (c->remote_width)
		draw_cell(in, 0, c->remote, c->remote_width, STYLE_HEADING, "Remote");
	draw_cell(in, 0, c->external, c->external_width, STYLE_HEADING, "External");
	draw_text(in, 0, in->width - 8, STYLE_HEADING, "Lifetime");
}

static void draw_life(struct ui *ui, const struct rect *in, int at, const struct columns *c,
		      const struct pcp_mapping *m)
{
	usec whole = (usec)m->lifetime * USEC_PER_SEC, now = left(ui, m->expires_at);
	int full = whole > 0 ? (int)((now * c->bar + whole - 1) / whole) : 0;
	char time[48];

	left_text(ui, m->expires_at, time, sizeof time);
	if (c->bar) {
		full = full > c->bar ? c->bar : full;
		draw_repeat(in, at, c->time - c->bar, full, STYLE_OK, GLYPH_BAR_FULL);
		draw_repeat(in, at, c->time - c->bar + full, c->bar - full, STYLE_DIM,
			    GLYPH_BAR_EMPTY);
	}
	draw_text(in, at, in->width - draw_width(time),
		  mapping_lifetime_differs(m) ? STYLE_DIFFERS : STYLE_NORMAL, time);
}

static void draw_mapping(struct ui *ui, const struct rect *in, int at, const struct columns *c,
			 const struct pcp_mapping *m)
{
	char text[ENDPOINT_TEXT + 40];
	enum style style = looks[m->state].style;
	size_t n;

	draw_text(in, at, 0, style, draw_glyph(looks[m->state].glyph));
	draw_text(in, at, 1, STYLE_KEY, m->auto_renew ? "R" : m->unconfirmed ? "?" : "");
	draw_text(in, at, OP_COLUMN, STYLE_NORMAL, pcp_mapping_opcode_name(m));
	draw_cell(in, at, PROTOCOL_COLUMN, 5, STYLE_NORMAL, pcp_protocol_text(m->protocol).text);
	if (c->state)
		draw_cell(in, at, c->state, STATE_WIDTH, style, pcp_mapping_state_name(m->state));
	mapping_internal(m, text, sizeof text);
	draw_cell(in, at, c->internal, c->internal_width, STYLE_NORMAL, text);
	if (c->remote_width && m->opcode == PCP_PEER) {
		mapping_where(m->remote, m->remote_port, text, sizeof text);
		draw_cell(in, at, c->remote, c->remote_width, STYLE_NORMAL, text);
	}
	if (!pcp_mapping_stands(m)) {
		doing_text(ui, m, text, sizeof text);
		draw_cell(in, at, c->external, in->width - c->external, style, text);
		return;
	}
	mapping_external(m, text, sizeof text);
	n = strlen(text);
	if (mapping_port_differs(m) || mapping_address_differs(m) || mapping_lifetime_differs(m) ||
	    m->nskipped)
		snprintf(text + n, sizeof text - n, " %s", draw_glyph(GLYPH_DIFFERS));
	draw_cell(in, at, c->external, c->external_width,
		  mapping_port_differs(m) || mapping_address_differs(m) ? STYLE_DIFFERS
									: STYLE_NORMAL,
		  text);
	draw_life(ui, in, at, c, m);
}

static void draw_empty(struct ui *ui, const struct rect *in)
{
	if (*state(ui)->filter)
		draw_wrap(in, 0, 1, STYLE_DIM,
			  "No mapping contains this; / and an empty line shows all.");
	else if (session_server(ui->session) == 0 && !session_replay(ui->session))
		draw_wrap(in, 0, 1, STYLE_DIM,
			  "No server was found. Leave with q and start with --lab for a gateway to "
			  "practise on, or with -s ADDRESS.");
	else if (session_replay(ui->session))
		draw_wrap(in, 0, 1, STYLE_DIM, "The capture shows no mapping.");
	else
		draw_wrap(in, 0, 1, STYLE_DIM,
			  "No mappings yet. Press 1 for Compose, then s: it sends the MAP request "
			  "shown there, and the mapping counts down here.");
}

static void draw(struct ui *ui, const struct rect *in, bool focus)
{
	struct mappings *mappings = state(ui);
	struct rect body = { in->y + 1, in->x, in->height - 1, in->width };
	struct columns c;
	int at;

	update(ui, body.height);
	if (mappings->list.count == 0) {
		draw_empty(ui, in);
		return;
	}
	measure(ui, in->width);
	c = arrange(mappings, in->width);
	draw_headings(in, &c);
	for (at = 0; at < body.height; at++) {
		size_t i = mappings->list.top + (size_t)at;
		const struct pcp_mapping *m = pcp_client_mapping(session_client(ui->session),
								 rows_id(&mappings->rows, i));

		if (m)
			draw_mapping(ui, &body, at, &c, m);
		if (focus && m && i == mappings->list.cursor) {
			/* The digits stay plain: that makes them cheap to change. So does the bar:
			 * its blocks would be blanks and its blanks blocks. */
			draw_restyle(&body, at, 0, c.time - (pcp_mapping_stands(m) ? c.bar : 0),
				     STYLE_CURSOR);
			draw_cursor(&body, at, 0);
		}
	}
}

static void meaning(struct ui *ui, char *buf, size_t cap)
{
	const struct pcp_mapping *m = mappings_current(ui);

	if (m)
		mapping_meaning(m, buf, cap);
}

/* ---- actions ---- */

void act_sort(struct ui *ui)
{
	struct mappings *mappings = state(ui);

	mappings->sort = (mappings->sort + 1) % SORT_COUNT;
	mappings->rows.sorted = mappings->sort != SORT_COMING;
	rows_stale(&mappings->rows);
	ui_say(ui, STYLE_NORMAL, "sorted by %s; S turns it around", sort_names[mappings->sort]);
}

void act_reverse(struct ui *ui)
{
	state(ui)->rows.reverse = !state(ui)->rows.reverse;
	rows_stale(&state(ui)->rows);
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
	bool by_content = *mappings->filter || mappings->sort != SORT_COMING;

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
	.title = title,
	.draw = draw,
	.meaning = meaning,
	.list = list,
	.moved = show_exchange,
	.event = event,
	.click = click,
	.filter = ask_filter,
};
