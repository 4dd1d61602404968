/* Decode: a packet as fields and as octets side by side, both lit by the shared selection. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions.h"
#include "fields.h"
#include "findings.h"
#include "text.h"
#include "view-compose.h"
#include "view-decode.h"
#include "waiting.h"

struct decode {
	struct judge *judge; /* it holds the packet */
	struct findings findings;
	uint16_t row[PCP_NODES_MAX]; /* nodes in sight of the fold */
	size_t nrow;
	bool folded[PCP_NODES_MAX];
	enum select_kind kind; /* what is loaded */
	uint32_t id;
	bool loaded;
	uint64_t frame; /* that it was loaded for */
	struct list list;
	bool in_hex; /* the cursor is among the octets */
	size_t octet, hex_top, columns;
	int hex_x; /* where the octets start, from the left border */
};

static struct decode *state(struct ui *ui)
{
	return ui->state[VIEW_DECODE];
}

static bool open_decode(struct ui *ui)
{
	struct decode *decode = calloc(1, sizeof *decode);

	ui->state[VIEW_DECODE] = decode;
	if (!decode)
		return false;
	decode->judge = calloc(1, sizeof *decode->judge);
	return decode->judge != NULL;
}

static void close_decode(struct ui *ui)
{
	struct decode *decode = state(ui);

	free(decode->judge);
	free(decode);
}

/* ---- what is shown ---- */

const struct message *decode_message(struct ui *ui)
{
	const struct log *log = session_log(ui->session);
	const struct exchange *exchange;

	switch (ui->selection.kind) {
	case SELECT_MESSAGE:
		return log_message(log, ui->selection.id);
	case SELECT_LATEST:
		exchange = log_exchange(log, ui->selection.id);
		return exchange ? log_message(log, exchange->last) : NULL;
	case SELECT_PREVIEW:
		break;
	}
	return NULL;
}

static void make_rows(struct decode *decode)
{
	size_t i;

	decode->nrow = 0;
	for (i = 0; i < decode->judge->packet.nnode;) {
		decode->row[decode->nrow++] = (uint16_t)i;
		i = decode->folded[i] ? decode->judge->node[i].end : i + 1;
	}
	decode->list.count = decode->nrow;
}

static void forget_folds(struct decode *decode)
{
	memset(decode->folded, 0, sizeof decode->folded);
	decode->in_hex = false;
	decode->octet = decode->hex_top = 0;
	decode->list = (struct list){ 0 };
}

static bool load_now(struct ui *ui)
{
	struct decode *decode = state(ui);
	const struct message *message = decode_message(ui);
	const struct pcp_edit *preview = compose_preview(ui);
	uint32_t id = message ? message->id : 0;
	size_t nnode = decode->judge->packet.nnode;

	decode->loaded = message || ui->selection.kind == SELECT_PREVIEW;
	if (!decode->loaded)
		return false;
	if (message)
		findings_of_message(&decode->findings, ui->session, message, decode->judge);
	else
		findings_of_composed(&decode->findings, ui->session, preview, decode->judge);
	if (decode->id != id)
		forget_folds(decode);
	else if (decode->judge->packet.nnode != nnode)
		memset(decode->folded, 0, sizeof decode->folded);
	decode->id = id;
	make_rows(decode);
	return true;
}

/* Decodes what the selection names, once a frame; false when there is nothing any more. */
static bool load(struct ui *ui)
{
	struct decode *decode = state(ui);

	if (ui->painting && decode->frame == ui->frame)
		return decode->loaded;
	decode->frame = ui->painting ? ui->frame : 0;
	return load_now(ui);
}

const struct pcp_packet *decode_packet(struct ui *ui)
{
	return load(ui) ? &state(ui)->judge->packet : NULL;
}

/* ---- the selection, both ways ---- */

static size_t row_of_node(const struct decode *decode, size_t node)
{
	size_t row = 0, i;

	for (i = 0; i < decode->nrow && decode->row[i] <= node; i++)
		row = i;
	return row;
}

/* The node that the lit octets are: exactly, or the leaf that they begin in. */
static size_t lit_node(const struct decode *decode, const struct selection *selection)
{
	size_t i, best = PCP_NO_NODE;

	for (i = 0; i < decode->judge->packet.nnode; i++)
		if (decode->judge->node[i].off == selection->off &&
		    decode->judge->node[i].len == selection->len)
			best = i;
	return best != PCP_NO_NODE ? best : pcp_node_at(&decode->judge->packet, selection->off);
}

/* Without the focus the tree follows what others light. */
static void follow(struct ui *ui)
{
	struct decode *decode = state(ui);
	size_t node;

	if (ui->selection.len == 0)
		return;
	node = lit_node(decode, &ui->selection);
	if (node != PCP_NO_NODE)
		decode->list.cursor = row_of_node(decode, node);
}

static const struct pcp_node *at(const struct decode *decode)
{
	return decode->list.cursor < decode->nrow
		       ? &decode->judge->node[decode->row[decode->list.cursor]]
		       : NULL;
}

static void light_row(struct ui *ui)
{
	const struct pcp_node *node = at(state(ui));

	if (node)
		select_octets(&ui->selection, node->off, node->len);
}

static void light_octet(struct ui *ui)
{
	struct decode *decode = state(ui);
	size_t node = pcp_node_at(&decode->judge->packet, decode->octet);

	if (node == PCP_NO_NODE)
		return;
	decode->list.cursor = row_of_node(decode, node);
	select_octets(&ui->selection, decode->judge->node[node].off, decode->judge->node[node].len);
}

/* ---- drawing ---- */

static void add_what(struct ui *ui, const struct message *message, struct line *line)
{
	struct decode *decode = state(ui);

	if (!message)
		line_add(line, 1, 2, STYLE_DIM, "what s would send");
	else if (message_sent(message) && message->tries > 1)
		line_add(line, 1, 2, STYLE_DIM, "request #%u, try %u", message->exchange,
			 message->tries);
	else if (message_sent(message))
		line_add(line, 1, 2, STYLE_DIM, "request #%u", message->exchange);
	else if (message->kind == MESSAGE_RESPONSE)
		line_add(line, 1, 2, STYLE_DIM, "answer to #%u", message->exchange);
	else if (message->kind == MESSAGE_UNSOLICITED)
		line_add(line, 1, 2, STYLE_DIM, "unasked");
	else
		line_add(line, 1, 2, STYLE_DIM, "ignored");
	line_add(line, 2, 3, STYLE_DIM, "%zu octet%s", decode->judge->packet.len,
		 pcp_s(decode->judge->packet.len));
}

/* The verdict of the rules. */
static void add_verdict(struct ui *ui, struct line *line)
{
	const struct findings *findings = &state(ui)->findings;
	size_t i, graver = 0, remarks = 0;
	const struct pcp_finding *worst = NULL;

	for (i = 0; i < findings->n; i++) {
		remarks += findings->at[i].rule->severity == PCP_NOTE;
		if (!worst || findings->at[i].rule->severity > worst->rule->severity)
			worst = &findings->at[i];
	}
	graver = findings->n - remarks;
	if (findings->n == 0) {
		line_add(line, 1, 2, STYLE_OK, "%s", draw_glyph(GLYPH_OK));
		line_add(line, 1, 1, STYLE_DIM, "no rule broken");
	}
	if (graver)
		line_add(line, 1, 2, finding_style(worst), "%s%zu", draw_glyph(GLYPH_FINDING),
			 graver);
	if (remarks)
		line_add(line, 1, graver ? 1 : 2, STYLE_REMARK, "%s%zu", draw_glyph(GLYPH_NOTE),
			 remarks);
}

static void add_hidden(const struct list *list, struct line *line)
{
	size_t below =
		list->count - list->top > list->height ? list->count - list->top - list->height : 0;

	if (list->top)
		line_add(line, 2, 2, STYLE_TITLE, "%s%zu", draw_glyph(GLYPH_MORE_ABOVE), list->top);
	if (below)
		line_add(line, 2, list->top ? 1 : 2, STYLE_TITLE, "%s%zu",
			 draw_glyph(GLYPH_MORE_BELOW), below);
}

static void bar(struct ui *ui, struct line *left, struct line *right)
{
	if (!load(ui))
		return;
	add_what(ui, decode_message(ui), left);
	add_verdict(ui, right);
	add_hidden(&state(ui)->list, right);
}

/* What is said of a row: its field, all that is folded into it, and of the first what is missing in
 * the packet. */
static const struct pcp_finding *finding_at(const struct decode *decode, size_t node)
{
	const struct pcp_finding *missing =
		node == 0 ? findings_missing(&decode->findings, decode->judge->packet.len) : NULL;

	if (missing || !(decode->judge->node[node].field || decode->folded[node]))
		return missing;
	return findings_on(&decode->findings, &decode->judge->node[node]);
}

static void draw_node(const struct decode *decode, const struct rect *in, int row, size_t node)
{
	const struct pcp_node *n = &decode->judge->node[node];
	int indent = n->depth ? 2 * n->depth - 1 : 0, label = 20, col;
	const struct pcp_finding *finding = finding_at(decode, node);
	char text[512];

	finding_mark(in, row, finding);
	if (!n->field) {
		pcp_node_text(&decode->judge->packet, node, text, sizeof text);
		col = draw_text(in, row, 1 + indent, STYLE_HEADING,
				draw_glyph(decode->folded[node] ? GLYPH_FOLDED : GLYPH_OPEN));
		draw_cell(in, row, col + 1, in->width - col - 1, STYLE_HEADING, text);
		return;
	}
	pcp_node_text(&decode->judge->packet, node, text, sizeof text);
	if (indent > 2)
		label += indent - 2;
	draw_cell(in, row, 1 + indent, label - 2 - indent, STYLE_NORMAL, n->field->label);
	draw_cell(in, row, label, in->width - label, finding_style(finding), text);
}

static void draw_tree(struct ui *ui, const struct rect *in, bool focus)
{
	struct decode *decode = state(ui);
	struct list *list = &decode->list;
	int row;

	list_fit(list, decode->nrow, in->height);
	for (row = 0; row < in->height && list->top + (size_t)row < list->count; row++) {
		size_t i = list->top + (size_t)row;

		draw_node(decode, in, row, decode->row[i]);
		if (i != list->cursor)
			continue;
		draw_focus(in, row, focus && !decode->in_hex);
	}
}

/* Beside the octets of a row what they are as ASCII, where there is room. */
static void draw_ascii(struct ui *ui, const struct rect *in, int row, size_t first)
{
	struct decode *decode = state(ui);
	const struct selection *lit = &ui->selection;
	int start = 6 + 3 * (int)decode->columns;
	size_t i;

	for (i = first; i < first + decode->columns && i < decode->judge->packet.len; i++) {
		uint8_t octet = decode->judge->packet.octets[i];
		bool on = i >= lit->off && i < lit->off + lit->len;

		draw_format(in, row, start + (int)(i - first), on ? STYLE_LIT : STYLE_DIM, "%c",
			    octet >= ' ' && octet < 0x7f ? octet : '.');
	}
}

static void draw_octets(struct ui *ui, const struct rect *in, int row, size_t first)
{
	struct decode *decode = state(ui);
	const struct selection *lit = &ui->selection;
	size_t i;

	draw_format(in, row, 0, STYLE_DIM, "%04zx", first);
	for (i = first; i < first + decode->columns && i < decode->judge->packet.len; i++) {
		int col = 6 + 3 * (int)(i - first);
		bool on = i >= lit->off && i < lit->off + lit->len;
		bool joined = on && i + 1 < lit->off + lit->len &&
			      i + 1 < first + decode->columns && i + 1 < decode->judge->packet.len;

		draw_format(in, row, col, on ? STYLE_LIT : STYLE_NORMAL, joined ? "%02x " : "%02x",
			    decode->judge->packet.octets[i]);
	}
}

/* Keeps the octet of interest in sight. */
static void scroll_hex(struct ui *ui, int height)
{
	struct decode *decode = state(ui);
	size_t octet = decode->in_hex ? decode->octet : ui->selection.off;
	size_t row = octet / decode->columns,
	       rows = (decode->judge->packet.len + decode->columns - 1) / decode->columns;

	if (decode->hex_top > row)
		decode->hex_top = row;
	if (row >= decode->hex_top + (size_t)height)
		decode->hex_top = row - (size_t)height + 1;
	if (decode->hex_top + (size_t)height > rows)
		decode->hex_top = rows > (size_t)height ? rows - (size_t)height : 0;
}

static void draw_hex(struct ui *ui, const struct rect *in, bool focus)
{
	struct decode *decode = state(ui);
	int row;

	if (in->height <= 0)
		return;
	scroll_hex(ui, in->height);
	for (row = 0; row < in->height; row++) {
		size_t first = (decode->hex_top + (size_t)row) * decode->columns;

		if (first >= decode->judge->packet.len)
			break;
		draw_octets(ui, in, row, first);
		if (in->width > 6 + 3 * (int)decode->columns)
			draw_ascii(ui, in, row, first);
	}
	if (focus && decode->in_hex && decode->octet < decode->judge->packet.len) {
		row = (int)(decode->octet / decode->columns - decode->hex_top);
		draw_restyle(in, row, 6 + 3 * (int)(decode->octet % decode->columns), 2,
			     STYLE_CURSOR);
		draw_cursor(in, row, 6 + 3 * (int)(decode->octet % decode->columns));
	}
}

enum { TREE_WIDTH = 46 }; /* that shows every value but long texts in full */

/* Octets a row: as many as leave the fields room to be read. */
static size_t octet_columns(int width)
{
	return width >= 54 + TREE_WIDTH ? 16 : width >= 30 + 26 ? 8 : width >= 18 + 24 ? 4 : 0;
}

static void draw(struct ui *ui, const struct rect *in, bool focus)
{
	struct decode *decode = state(ui);
	struct rect tree = *in, hex = *in;
	int width;

	if (!load(ui)) {
		draw_wrap(in, 0, 1, STYLE_DIM,
			  "This message is no longer kept. p shows the request in Compose, 3 the "
			  "messages.");
		return;
	}
	if (!focus)
		follow(ui);
	decode->columns = octet_columns(in->width);
	width = decode->columns ? 6 + 3 * (int)decode->columns - 1 : 0;
	if (width && in->width >= TREE_WIDTH + width + 2 + (int)decode->columns)
		width += 1 + (int)decode->columns;
	tree.width -= width ? width + 1 : 0;
	decode->hex_x = in->width - width;
	hex.x += decode->hex_x;
	hex.width = width;
	draw_tree(ui, &tree, focus);
	if (decode->columns)
		draw_hex(ui, &hex, focus);
}

/* What the code in a PCP answer says and what follows from it; NULL on any other field. */
static const struct pcp_result *result_at(const struct decode *decode, const struct pcp_node *node)
{
	if (!node->field || node->field->names != pcp_result_names)
		return NULL;
	return pcp_result(decode->judge->packet.octets[node->off]);
}

static void meaning(struct ui *ui, char *buf, size_t cap)
{
	struct decode *decode = state(ui);
	const struct pcp_finding *finding;
	const struct pcp_result *result;
	const struct pcp_node *node;

	if (!load(ui) || !(node = at(decode)))
		return;
	finding = finding_at(decode, (size_t)(node - decode->judge->node));
	result = result_at(decode, node);
	if (finding)
		finding_meaning(finding, buf, cap);
	else if (result)
		snprintf(buf, cap, "%s (%s): %s The client %s.", result->name, result->ref,
			 result->meaning, result->client_does);
	else if (node->field)
		snprintf(buf, cap, "%s (%s): %s", node->field->label, node->layout->ref,
			 node->field->help);
	else
		snprintf(buf, cap, "%s (%s): %s", node->layout->name, node->layout->ref,
			 node->layout->purpose);
}

static void about(struct ui *ui, struct writer *writer)
{
	struct decode *decode = state(ui);
	const struct pcp_node *node = load(ui) ? at(decode) : NULL;

	if (!node)
		return;
	if (result_at(decode, node)) {
		fields_result(writer, result_at(decode, node));
		fields_sentence(writer, "");
	}
	findings_about(&decode->findings, &decode->judge->packet,
		       (size_t)(node - decode->judge->node), writer);
}

/* ---- actions ---- */

const char *why_not_packet(struct ui *ui)
{
	return load(ui) ? NULL : "there is no packet in Decode: p shows the request in Compose";
}

void act_fold(struct ui *ui)
{
	struct decode *decode = state(ui);
	size_t node;

	if (!at(decode))
		return;
	node = decode->row[decode->list.cursor];
	if (decode->judge->node[node].field && decode->judge->node[node].parent != PCP_NO_NODE)
		node = decode->judge->node[node].parent;
	if (decode->judge->node[node].field)
		return;
	decode->folded[node] = !decode->folded[node];
	make_rows(decode);
	decode->list.cursor = row_of_node(decode, node);
	light_row(ui);
}

void act_decode_right(struct ui *ui)
{
	struct decode *decode = state(ui);

	if (!decode->in_hex && decode->columns) {
		decode->in_hex = true;
		decode->octet =
			ui->selection.off < decode->judge->packet.len ? ui->selection.off : 0;
	} else if (decode->in_hex && decode->octet + 1 < decode->judge->packet.len) {
		decode->octet++;
	}
	if (decode->in_hex)
		light_octet(ui);
}

void act_decode_left(struct ui *ui)
{
	struct decode *decode = state(ui);

	if (decode->in_hex && decode->octet % (decode->columns ? decode->columns : 1) == 0)
		decode->in_hex = false;
	else if (decode->in_hex)
		decode->octet--;
	if (decode->in_hex)
		light_octet(ui);
}

const char *why_not_finding(struct ui *ui)
{
	return load(ui) && state(ui)->findings.n ? NULL
						 : "the rules object to nothing in this packet";
}

/* Finding by finding, around the end. */
static void go_finding(struct ui *ui, int by)
{
	struct decode *decode = state(ui);
	size_t i, n = decode->findings.n, best = by > 0 ? 0 : n - 1, node;
	bool first = decode->nrow && decode->row[decode->list.cursor] == 0;
	size_t here =
		first && finding_at(decode, 0) ? decode->judge->packet.len : ui->selection.off;

	for (i = 0; i < n; i++) {
		size_t k = by > 0 ? i : n - 1 - i;

		if (by > 0 ? decode->findings.at[k].off > here
			   : decode->findings.at[k].off < here) {
			best = k;
			break;
		}
	}
	memset(decode->folded, 0, sizeof decode->folded);
	make_rows(decode);
	node = pcp_node_at(&decode->judge->packet, decode->findings.at[best].off);
	if (node == PCP_NO_NODE)
		node = 0; /* where finding_at tells of what is missing */
	decode->in_hex = false;
	decode->list.cursor = row_of_node(decode, node);
	light_row(ui);
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

void act_decode_raw(struct ui *ui)
{
	const struct pcp_packet *packet = decode_packet(ui);

	if (packet)
		compose_raw(ui, packet->octets, packet->len);
}

/* ---- the view ---- */

static struct list *list(struct ui *ui)
{
	return &state(ui)->list;
}

/* Among the octets, up and down are rows of octets. */
static bool step(struct ui *ui, long by)
{
	struct decode *decode = state(ui);
	long last = (long)decode->judge->packet.len - 1, to;

	if (!decode->in_hex)
		return false;
	to = (long)decode->octet + by * (long)decode->columns;
	decode->octet = (size_t)(to < 0 ? 0 : to > last ? last : to);
	light_octet(ui);
	return true;
}

static void shown(struct ui *ui)
{
	if (load(ui)) {
		follow(ui);
		light_row(ui);
	}
}

static void click_octet(struct ui *ui, int row, int col)
{
	struct decode *decode = state(ui);
	size_t column = (size_t)(col > 6 ? col - 6 : 0) / 3;
	size_t octet = (decode->hex_top + (size_t)row) * decode->columns + column;

	if (column >= decode->columns || octet >= decode->judge->packet.len)
		return;
	decode->in_hex = true;
	decode->octet = octet;
	light_octet(ui);
}

static void click(struct ui *ui, int row, int col)
{
	struct decode *decode = state(ui);

	if (row < 0 || !load(ui))
		return;
	if (decode->columns && col >= decode->hex_x) {
		click_octet(ui, row, col - decode->hex_x);
	} else if (decode->list.top + (size_t)row < decode->nrow) {
		decode->in_hex = false;
		decode->list.cursor = decode->list.top + (size_t)row;
		light_row(ui);
	}
}

const struct view view_decode = {
	.open = open_decode,
	.close = close_decode,
	.bar = bar,
	.draw = draw,
	.meaning = meaning,
	.about = about,
	.list = list,
	.moved = light_row,
	.step = step,
	.shown = shown,
	.click = click,
};
