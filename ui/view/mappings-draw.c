/* Mappings: the columns of the table, and a row in them. What gives way is the least valuable
 * column, whole. */
#include <stdio.h>
#include <string.h>

#include "actions.h"
#include "mapping-words.h"
#include "mappings-table.h"
#include "text.h"
#include "waiting.h"

/* ---- columns ---- */

enum {
	KIND_COLUMN = 3,
	PROTOCOL_COLUMN = 8,
	FIRST_COLUMN = 13,
	REMOTE_WIDTH = 18,
	NAME_LEAST = 8,
	OPTIONS_MOST = 16,
	BAR_MOST = 40,
	NONCE_WIDTH = 24,
	LEFT_WIDTH = 9,
	NEXT_WIDTH = 8,
	BY_WIDTH = 4
};

/* The columns at the right edge, from there inwards; returns where they begin. */
static int arrange_edge(struct mapping_columns *c, int width)
{
	bool wide = width >= LAYOUT_WIDE_WIDTH, wider = width >= LAYOUT_THIRD_WIDTH;
	int edge = wide ? width - 1 : width;

	if (wider) {
		edge -= BY_WIDTH;
		c->by = edge + 1;
	}
	c->next_end = wide ? edge : 0;
	edge -= wide ? NEXT_WIDTH + 1 : 0;
	c->left_end = edge;
	edge -= LEFT_WIDTH + 1;
	c->bar_width = wider ? 14 : wide ? 10 : width >= 76 ? 6 : 0;
	c->bar = edge - c->bar_width;
	return c->bar_width ? c->bar - 1 : edge;
}

static int widest(int a, int b)
{
	return a > b ? a : b;
}

static int narrowest(int a, int b)
{
	return a < b ? a : b;
}

/* Remote, name, options, nonce: what is left of the room, from the most valuable on, each as wide
 * as it needs; the bar takes the rest. */
static void arrange_rest(struct mapping_columns *c, int from, int to, int width)
{
	bool wide = width >= LAYOUT_WIDE_WIDTH;
	int options = narrowest(widest(c->options_wanted, 4), OPTIONS_MOST) + 1, spare;

	if (!wide) {
		if (c->bar_width && to - from < c->remote_wanted) {
			to += c->bar_width + 1; /* two PEERs of one port differ at the end */
			c->bar_width = 0;
		}
		c->name = to - from >= 6 ? from : 0;
		c->name_width = to - from;
		return;
	}
	c->remote_width = widest(c->remote_wanted, REMOTE_WIDTH);
	if (to - from >= c->remote_width) {
		c->remote = from;
		from += c->remote_width + 1;
	}
	if (to - from >= 4)
		c->name = from;
	c->name_width = narrowest(widest(c->name_wanted, NAME_LEAST), to - from - 1);
	spare = to - from - 1 - c->name_width;
	if (width >= LAYOUT_THIRD_WIDTH && spare > NONCE_WIDTH + options) {
		c->nonce = from + c->name_width + 1 + options;
		spare -= NONCE_WIDTH + 1;
	}
	if (spare >= options || c->name_width >= options + NAME_LEAST) {
		c->name_width -= widest(options - spare, 0);
		spare -= narrowest(options, spare);
		c->options = from + c->name_width + 1;
		c->options_width = options - 1;
	}
	spare = narrowest(spare, BAR_MOST - c->bar_width);
	c->bar -= widest(spare, 0);
	c->bar_width += widest(spare, 0);
}

/* "internal 2001:db8:1:2::"; how wide, with the mark of a sorted column. */
static int heading_of(const char *name, const struct ipv6_net *net, char *buf, size_t cap)
{
	char text[PCP_ADDR_TEXT];

	ipv6_net_text(net, text, sizeof text);
	snprintf(buf, cap, "%s%s%s", name, *text ? " " : "", text);
	return (int)strlen(buf) + 2;
}

/* A heading that has no room for it leaves it to the rows. */
static void fit_net(const char *name, struct ipv6_net *net, int width)
{
	char text[ENDPOINT_TEXT];

	net->shared = net->shared && heading_of(name, net, text, sizeof text) <= width + 1;
}

/* Addresses are worth more than the bar, and than what comes next: these go where `end`, behind
 * the addresses, is beyond `to`. Returns the `to` that comes of it. */
static int give_way(struct mapping_columns *c, int end, int to)
{
	if (end > to && c->bar_width) {
		to += c->bar_width + 1;
		c->bar_width = 0;
	}
	if (end > to && c->next_end) {
		to += c->next_end - c->left_end;
		c->left_end = c->next_end;
		c->next_end = 0;
	}
	return to;
}

void mappings_arrange(struct mapping_columns *c, int width)
{
	bool wide = width >= LAYOUT_WIDE_WIDTH;
	int least = wide ? 17 : 15, room, to = arrange_edge(c, width), wanted;

	c->remote = c->name = c->options = c->nonce = 0;
	if (!wide)
		c->by = 0;
	c->internal = FIRST_COLUMN;
	c->internal_width = c->internal_wanted > least ? c->internal_wanted : least;
	c->external_width = c->external_wanted > 17 ? c->external_wanted : 17;
	wanted = c->internal_width + 1 + c->external_width;
	to = give_way(c, c->internal + wanted, to);
	room = to - c->internal - 1;
	if (c->internal_width + c->external_width > room) {
		c->internal_width = c->internal_width > room / 2 ? room / 2 : c->internal_width;
		c->external_width = room - c->internal_width;
	}
	c->external = c->internal + c->internal_width + 1;
	fit_net("internal", &c->internal_net, c->internal_width);
	fit_net("external", &c->external_net, c->external_width);
	arrange_rest(c, c->external + c->external_width + 1, to, width);
}

static bool has_external(const struct pcp_mapping *m)
{
	return pcp_mapping_stands(m) || m->state == MAPPING_LOST;
}

void mappings_take_nets(struct mapping_columns *c, const struct pcp_mapping *m)
{
	ipv6_net_take(&c->internal_net, m->internal);
	if (has_external(m))
		ipv6_net_take(&c->external_net, m->external);
}

void mappings_measure(struct mapping_columns *c, const struct pcp_mapping *m)
{
	char text[ENDPOINT_TEXT + 16];

	c->internal_wanted = widest(c->internal_wanted,
				    heading_of("internal", &c->internal_net, text, sizeof text));
	c->external_wanted = widest(c->external_wanted,
				    heading_of("external", &c->external_net, text, sizeof text));

	c->name_wanted = widest(c->name_wanted, draw_width(m->description));
	mapping_options(m, text, sizeof text);
	c->options_wanted = widest(c->options_wanted, (int)strlen(text));
	mapping_internal(m, &c->internal_net, text, sizeof text);
	c->internal_wanted = widest(c->internal_wanted, (int)strlen(text));
	mapping_external(m, &c->external_net, text, sizeof text);
	c->external_wanted = widest(c->external_wanted, (int)strlen(text));
	if (m->opcode != PCP_PEER)
		return;
	mapping_where(m->remote, m->remote_port, text, sizeof text);
	c->remote_wanted = widest(c->remote_wanted, (int)strlen(text));
}

static void heading(const struct rect *in, int col, const char *text)
{
	if (col)
		draw_text(in, 0, col, STYLE_HEADING, text);
}

static void heading_to(const struct rect *in, int end, const char *text)
{
	if (end)
		draw_text(in, 0, end - draw_width(text), STYLE_HEADING, text);
}

/* The column that the rows are sorted by is marked. */
static void mark_sorted(const struct rect *in, const struct mapping_columns *c)
{
	const char *mark = draw_glyph(c->reverse ? GLYPH_SORTED_DOWN : GLYPH_SORTED_UP);

	if (c->sorted_at && c->sorted_at < in->width)
		draw_text(in, 0, c->sorted_at, STYLE_HEADING, mark);
}

void mappings_draw_headings(const struct rect *in, struct mapping_columns *c,
			    enum mappings_order sort)
{
	bool by_left = sort == MAPPINGS_BY_LEFT;
	char internal[ENDPOINT_TEXT], external[ENDPOINT_TEXT];
	int behind_internal = heading_of("internal", &c->internal_net, internal, sizeof internal);
	int behind_external = heading_of("external", &c->external_net, external, sizeof external);

	heading(in, KIND_COLUMN, "kind");
	heading(in, PROTOCOL_COLUMN, "prot");
	heading(in, c->internal, internal);
	heading(in, c->external, external);
	heading(in, c->remote, "remote");
	heading(in, c->name, c->remote ? "name" : "to / name");
	heading(in, c->options, "opts");
	heading(in, c->nonce, "nonce");
	heading_to(in, c->left_end - 2 * by_left, "left");
	heading_to(in, c->next_end, "next");
	heading(in, c->by, "by");
	c->sorted_at = by_left			      ? c->left_end - 1
		       : sort == MAPPINGS_BY_INTERNAL ? c->internal + behind_internal - 1
		       : sort == MAPPINGS_BY_EXTERNAL ? c->external + behind_external - 1
		       : sort == MAPPINGS_BY_PROTOCOL ? PROTOCOL_COLUMN + 4
		       : sort == MAPPINGS_BY_STATE    ? 1
						      : 0;
	mark_sorted(in, c);
}

/* ---- a row ---- */

static const struct {
	enum glyph glyph;
	enum style style;
} looks[] = {
	[MAPPING_ASKING] = { GLYPH_WAITING, STYLE_WAITING },
	[MAPPING_GRANTED] = { GLYPH_GRANTED, STYLE_OK },
	[MAPPING_RENEWING] = { GLYPH_WAITING, STYLE_WAITING },
	[MAPPING_HOLDING] = { GLYPH_REFUSED, STYLE_ERROR },
	[MAPPING_LOST] = { GLYPH_GONE, STYLE_ERROR },
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

static void draw_to(const struct rect *in, int at, int end, enum style style, const char *text)
{
	if (end)
		draw_text(in, at, end - draw_width(text), style, text);
}

/* When it is due to be renewed, as what is left of the lifetime then; by hand: half of it, from
 * where on a client may (RFC 6887 11.2.1). */
static usec renewal_left(const struct pcp_mapping *m)
{
	if (m->state == MAPPING_GRANTED && m->auto_renew && m->next_at != USEC_NEVER &&
	    m->next_at < m->expires_at)
		return m->expires_at - m->next_at;
	return (usec)m->lifetime * USEC_PER_SEC / 2;
}

/* What is left of the lifetime, in half cells; a gap of half a cell is the moment of renewal. */
static void draw_life(struct ui *ui, const struct rect *in, int at, const struct mapping_columns *c,
		      const struct pcp_mapping *m)
{
	usec whole = (usec)m->lifetime * USEC_PER_SEC, now = left(ui, m->expires_at);
	usec renewal = renewal_left(m);
	bool standing = pcp_mapping_stands(m) && whole > 0;
	long halves = standing ? (long)((2 * now * c->bar_width + whole / 2) / whole) : 0;
	long moment = standing ? (long)((renewal * c->bar_width + whole / 2) / whole) - 1 : -1;
	enum style style = now < whole / 10 ? STYLE_ERROR
			   : now < renewal  ? STYLE_WAITING
					    : STYLE_OK;
	int cell;

	if (ui->config->plain)
		return;
	for (cell = 0; cell < c->bar_width; cell++) {
		bool full = 2 * cell + 1 < halves, half = 2 * cell < halves;
		enum glyph glyph = full	  ? cell == moment ? GLYPH_BAR_HALF : GLYPH_BAR_LEFT
				   : half ? GLYPH_BAR_HALF
				   : cell == moment ? GLYPH_BAR_USED_HALF
						    : GLYPH_BAR_USED;

		draw_text(in, at, c->bar + cell, half ? style : STYLE_FAINT, draw_glyph(glyph));
	}
}

/* What happens to it next, and when. */
static enum style next_text(struct ui *ui, const struct pcp_mapping *m, char *buf, size_t cap)
{
	const struct exchange *exchange = log_exchange(session_log(ui->session), m->exchange);
	uint32_t tries = exchange ? exchange->sends : 0;

	switch (m->state) {
	case MAPPING_GRANTED:
		if (m->auto_renew && m->next_at != USEC_NEVER)
			left_text(ui, m->next_at, buf, cap);
		else
			snprintf(buf, cap, m->unconfirmed ? "not ours" : "by hand");
		return m->auto_renew ? STYLE_MARK : STYLE_DIM;
	case MAPPING_ASKING:
	case MAPPING_RENEWING:
	case MAPPING_RECOVERING:
	case MAPPING_DELETING:
		snprintf(buf, cap, "try %u", tries ? tries : 1);
		return STYLE_WAITING;
	case MAPPING_HOLDING:
		snprintf(buf, cap, "retry");
		return STYLE_ERROR;
	case MAPPING_LOST:
		snprintf(buf, cap, "lost");
		return STYLE_ERROR;
	default:
		snprintf(buf, cap, "%s", pcp_mapping_state_name(m->state));
		return STYLE_DIM;
	}
}

static void draw_time(struct ui *ui, const struct rect *in, int at, const struct mapping_columns *c,
		      const struct pcp_mapping *m)
{
	char text[64], next[64], key[32];

	if (pcp_mapping_stands(m)) {
		left_text(ui, m->expires_at, text, sizeof text);
		draw_to(in, at, c->left_end,
			mapping_lifetime_differs(m)    ? STYLE_DIFFERS
			: m->state == MAPPING_RENEWING ? STYLE_WAITING
						       : STYLE_NORMAL,
			text);
	} else if (m->state == MAPPING_HOLDING) {
		left_text(ui, m->hold_until, text, sizeof text);
		draw_to(in, at, c->left_end, STYLE_ERROR, text);
	} else if (m->state == MAPPING_LOST) {
		ui_key_of(ui, "recover", key, sizeof key);
		snprintf(text, sizeof text, "%s remakes", key);
		draw_to(in, at, c->left_end, STYLE_ERROR, text);
	} else if (m->next_at != USEC_NEVER) {
		next_try_text(ui,
			      log_exchange(session_log(ui->session), m->exchange)
				      ? log_exchange(session_log(ui->session), m->exchange)->sends
				      : 0,
			      m->next_at, text, sizeof text);
		draw_to(in, at, c->next_end ? c->next_end : c->left_end, STYLE_WAITING, text);
		return;
	}
	if (!c->next_end)
		return;
	draw_to(in, at, c->next_end, next_text(ui, m, next, sizeof next), next);
}

/* Too long for its column, an address loses its start: its end and the port tell rows apart. */
static void draw_where(const struct rect *in, int at, int col, int width, enum style style,
		       const char *text)
{
	size_t len = strlen(text);

	if ((int)len <= width) {
		draw_cell(in, at, col, width, style, text);
		return;
	}
	col = draw_text(in, at, col, style, draw_glyph(GLYPH_ELLIPSIS));
	draw_text(in, at, col, style, text + len - (size_t)(width > 1 ? width - 1 : 0));
}

/* Why there is no external address, over the columns that have no use then. */
static void draw_trouble(const struct rect *in, int at, const struct mapping_columns *c,
			 const struct pcp_mapping *m)
{
	const char *sentence, *result = pcp_mapping_result_name(m, &sentence);
	int to = (c->bar_width && m->state != MAPPING_HOLDING ? c->bar : c->left_end - LEFT_WIDTH) -
		 1;
	char text[400];

	if (m->state == MAPPING_HOLDING && m->suggested_port)
		snprintf(text, sizeof text, "%s  wants :%u", result ? result : "refused",
			 m->suggested_port);
	else if (m->state == MAPPING_HOLDING || m->state == MAPPING_FAILED)
		snprintf(text, sizeof text, "%s", result ? result : "refused");
	else
		snprintf(text, sizeof text, "%s", pcp_mapping_state_name(m->state));
	if (m->state == MAPPING_HOLDING && sentence &&
	    draw_width(text) + 2 + draw_width(sentence) <= to - c->external)
		snprintf(text, sizeof text, "%s: %s", result ? result : "refused", sentence);
	draw_cell(in, at, c->external, to - c->external, looks[m->state].style, text);
}

static void draw_external(const struct rect *in, int at, const struct mapping_columns *c,
			  const struct pcp_mapping *m)
{
	bool differs = mapping_port_differs(m) || mapping_address_differs(m);
	char text[ENDPOINT_TEXT + 16];
	size_t n;

	mapping_external(m, &c->external_net, text, sizeof text);
	n = strlen(text);
	if ((differs || m->nskipped) && (int)n + 2 <= c->external_width)
		snprintf(text + n, sizeof text - n, " %s", draw_glyph(GLYPH_DIFFERS));
	draw_where(in, at, c->external, c->external_width,
		   m->state == MAPPING_LOST ? STYLE_ERROR
		   : differs		    ? STYLE_DIFFERS
					    : STYLE_NORMAL,
		   text);
}

static void draw_more(const struct rect *in, int at, const struct mapping_columns *c,
		      const struct pcp_mapping *m)
{
	char text[ENDPOINT_TEXT] = "any", nonce[2 * PCP_NONCE_LEN + 1];

	if (m->opcode == PCP_PEER)
		mapping_where(m->remote, m->remote_port, text, sizeof text);
	if (c->remote)
		draw_where(in, at, c->remote, c->remote_width,
			   m->opcode == PCP_PEER ? STYLE_NORMAL : STYLE_FAINT, text);
	if (c->name)
		draw_cell(in, at, c->name, c->name_width, STYLE_NORMAL,
			  !c->remote && m->opcode == PCP_PEER ? text : m->description);
	mapping_options(m, text, sizeof text);
	if (c->options)
		draw_cell(in, at, c->options, c->options_width, STYLE_DIM, text);
	pcp_hex_text(m->nonce, PCP_NONCE_LEN, nonce, sizeof nonce);
	if (c->nonce)
		draw_text(in, at, c->nonce, STYLE_DIM, nonce);
}

void mappings_draw_row(struct ui *ui, const struct rect *in, int at,
		       const struct mapping_columns *c, const struct pcp_mapping *m)
{
	char text[ENDPOINT_TEXT + 40];

	draw_text(in, at, 1, looks[m->state].style, draw_glyph(looks[m->state].glyph));
	if (m->unconfirmed || (m->auto_renew && !c->next_end))
		draw_text(in, at, 2, STYLE_MARK,
			  m->unconfirmed ? "?" : draw_glyph(GLYPH_BY_ITSELF));
	draw_text(in, at, KIND_COLUMN, STYLE_NORMAL, pcp_mapping_opcode_name(m));
	draw_cell(in, at, PROTOCOL_COLUMN, 4, STYLE_NORMAL, pcp_protocol_text(m->protocol).text);
	mapping_internal(m, &c->internal_net, text, sizeof text);
	draw_where(in, at, c->internal, c->internal_width, STYLE_NORMAL, text);
	if (has_external(m)) {
		draw_external(in, at, c, m);
		draw_more(in, at, c, m);
		draw_life(ui, in, at, c, m);
	} else {
		draw_trouble(in, at, c, m);
	}
	draw_time(ui, in, at, c, m);
	if (c->by && m->exchange)
		draw_format(in, at, c->by, STYLE_DIM, "#%u", m->exchange);
}

/* ---- no row ---- */

/* What a mapping is: who reaches whom, through what. */
static void draw_picture(struct ui *ui, const struct rect *in)
{
	static const char line[] = "\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500";
	const char *dashes = draw_glyph(GLYPH_LINE)[0] == '-' ? "--------" : line;
	const char *head = draw_glyph(GLYPH_HEAD_RIGHT);

	(void)ui;
	draw_text(in, 0, 3, STYLE_NORMAL, "the Internet");
	draw_format(in, 0, 17, STYLE_DIM, "%s  ? : ?  %s%s", dashes, dashes, head);
	draw_text(in, 0, 47, STYLE_TITLE, "the gateway");
	draw_format(in, 0, 60, STYLE_DIM, "%s%s", dashes, head);
	draw_text(in, 0, 71, STYLE_NORMAL, "this host");
}

void mappings_draw_nothing(struct ui *ui, const struct rect *in)
{
	struct rect text = { in->y + 1, in->x + 3, in->height - 1, in->width - 4 };
	char send[32], prompt[32], what[160];

	ui_key_of(ui, "send", send, sizeof send);
	ui_key_of(ui, "prompt", prompt, sizeof prompt);
	if (in->width >= 84 && in->height >= 4 && !ui->config->plain) {
		draw_picture(ui, text.height > 3 ? &text : in);
		text.y += text.height > 3 ? 2 : 1;
		text.height -= text.height > 3 ? 2 : 1;
	}
	draw_wrap(&text, 0, 0, STYLE_DIM, "Nothing is mapped yet.");
	snprintf(what, sizeof what,
		 "%s asks for what Compose holds; once granted, it counts down here. %swalk lists "
		 "what stands.",
		 send, prompt);
	draw_wrap(&text, 1, 0, STYLE_DIM, what);
}
