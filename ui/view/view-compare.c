/* Two messages field by field. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view-exchanges.h"

enum { COMPARE_TEXT = 160 };

struct compare_row {
	char label[48];
	char text[2][COMPARE_TEXT];
	bool differs, branch;
};

struct compare {
	struct pcp_packet packet[2];
	struct pcp_node *node[2];
	struct compare_row *row;
	size_t nrow, cap;
	struct list list;
};

static struct compare *state(struct ui *ui)
{
	return ui->state[VIEW_COMPARE];
}

static bool open_compare(struct ui *ui)
{
	ui->state[VIEW_COMPARE] = calloc(1, sizeof(struct compare));
	return ui->state[VIEW_COMPARE] != NULL;
}

static void release(struct compare *compare)
{
	free(compare->node[0]);
	free(compare->node[1]);
	free(compare->row);
	*compare = (struct compare){ 0 };
}

static void close_compare(struct ui *ui)
{
	release(state(ui));
	free(state(ui));
}

static struct compare_row *push(struct compare *compare)
{
	struct compare_row *row;

	if (compare->nrow == compare->cap) {
		size_t cap = compare->cap ? compare->cap * 2 : 64;

		row = realloc(compare->row, cap * sizeof *row);
		if (!row)
			return NULL;
		compare->row = row;
		compare->cap = cap;
	}
	row = &compare->row[compare->nrow++];
	memset(row, 0, sizeof *row);
	return row;
}

/* Request and response call a field differently (suggested, assigned): the place counts. */
static size_t counterpart(const struct pcp_packet *packet, const struct pcp_packet *other,
			  size_t node)
{
	const struct pcp_node *n = &packet->node[node];
	char path[128];
	size_t found, i;

	pcp_node_path(packet, node, path, sizeof path);
	found = pcp_node_find(other, path);
	if (found != PCP_NO_NODE)
		return found;
	for (i = 0; i < other->nnode; i++)
		if (other->node[i].off == n->off && other->node[i].len == n->len &&
		    other->node[i].field && n->field &&
		    other->node[i].layout->kind == n->layout->kind)
			return i;
	return PCP_NO_NODE;
}

/* The text of a long field is cut. One of less than its octets shares them with others. */
static bool same_octets(const struct pcp_packet *a, const struct pcp_node *n,
			const struct pcp_packet *b, const struct pcp_node *m)
{
	return n->len == m->len &&
	       (n->field->mask || !memcmp(a->octets + n->off, b->octets + m->off, n->len));
}

static void add(struct compare *compare, int side, size_t node)
{
	const struct pcp_packet *packet = &compare->packet[side], *other = &compare->packet[!side];
	const struct pcp_node *n = &packet->node[node], *m;
	size_t match = counterpart(packet, other, node);
	struct compare_row *row;

	if (side == 1 && match != PCP_NO_NODE)
		return; /* stands there already */
	row = push(compare);
	if (!row)
		return;
	row->branch = !n->field;
	if (n->field)
		snprintf(row->label, sizeof row->label, "%*s%s", 2 * n->depth, "", n->field->label);
	pcp_node_text(packet, node, row->text[side], COMPARE_TEXT);
	if (match != PCP_NO_NODE)
		pcp_node_text(other, match, row->text[!side], COMPARE_TEXT);
	m = match != PCP_NO_NODE ? &other->node[match] : NULL;
	row->differs = !m || (n->field && (strcmp(row->text[0], row->text[1]) != 0 ||
					   !same_octets(packet, n, other, m)));
}

static void shown(struct ui *ui)
{
	struct compare *compare = state(ui);
	const struct message *message[2];
	size_t i;
	int side;

	release(compare);
	if (!exchanges_marks(ui, message))
		return;
	for (side = 0; side < 2; side++) {
		compare->node[side] = malloc(PCP_NODES_MAX * sizeof **compare->node);
		if (!compare->node[side]) {
			release(compare);
			return;
		}
		pcp_decode(&compare->packet[side], message[side]->octets, message[side]->len,
			   PCP_DIRECTION_GUESS, session_dialects(ui->session), compare->node[side],
			   PCP_NODES_MAX);
	}
	for (side = 0; side < 2; side++)
		for (i = 0; i < compare->packet[side].nnode; i++)
			add(compare, side, i);
}

static void title(struct ui *ui, char *buf, size_t cap);

static void bar(struct ui *ui, struct line *left, struct line *right)
{
	char text[200] = "";

	(void)right;
	title(ui, text, sizeof text);
	line_add(left, 1, 2, STYLE_DIM, "%s", text);
}

static void title(struct ui *ui, char *buf, size_t cap)
{
	const struct message *message[2];
	struct compare *compare = state(ui);
	size_t i, n = 0;

	for (i = 0; i < compare->nrow; i++)
		n += compare->row[i].differs;
	if (exchanges_marks(ui, message))
		snprintf(buf, cap, "message %u and message %u, %zu difference%s", message[0]->id,
			 message[1]->id, n, pcp_s(n));
}

static void draw(struct ui *ui, const struct rect *in, bool focus)
{
	struct compare *compare = state(ui);
	struct list *list = &compare->list;
	int label = in->width >= 90 ? 26 : 20, half = (in->width - label - 4) / 2, at;

	(void)focus;
	if (compare->nrow == 0)
		draw_wrap(in, 0, 1, STYLE_DIM, "The messages are no longer kept.");
	list_fit(list, compare->nrow, in->height);
	for (at = 0; at < in->height && list->top + (size_t)at < compare->nrow; at++) {
		const struct compare_row *row = &compare->row[list->top + (size_t)at];
		enum style style = row->differs	 ? STYLE_DIFFERS
				   : row->branch ? STYLE_HEADING
						 : STYLE_NORMAL;
		bool here = list->top + (size_t)at == list->cursor;

		draw_text(in, at, 1, style, row->differs ? draw_glyph(GLYPH_DIFFERS) : " ");
		draw_cell(in, at, 3, label - 2, STYLE_NORMAL, row->label);
		draw_cell(in, at, label + 1, half, style, *row->text[0] ? row->text[0] : "-");
		draw_cell(in, at, label + 2 + half, half, style,
			  *row->text[1] ? row->text[1] : "-");
		if (here)
			draw_focus(in, at, true);
	}
}

static struct list *list(struct ui *ui)
{
	return &state(ui)->list;
}

const struct view view_compare = {
	.open = open_compare,
	.close = close_compare,
	.bar = bar,
	.draw = draw,
	.list = list,
	.shown = shown,
};
