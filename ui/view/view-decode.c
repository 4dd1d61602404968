/* Decode: which packet is shown, which of its parts are open, and the selection that fields and
 * octets share. */
#include "view-decode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode-packet.h"
#include "fields.h"
#include "text.h"
#include "tints.h"
#include "view-compose.h"

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
	free(decode_of(ui)->judge);
	free(decode_of(ui));
}

static void forget_folds(struct decode *decode)
{
	memset(decode->fold, FOLD_BY_ITSELF, sizeof decode->fold);
	decode->in_hex = false;
	decode->octet = decode->hex_top = 0;
	decode->list = (struct list){ 0 };
}

/* A refusal is opened where it says why, anything else where its body begins. */
static void first_cursor(struct ui *ui)
{
	struct decode *decode = decode_of(ui);
	const struct pcp_packet *packet = &decode->judge->packet;
	size_t i;

	for (i = 0; i < decode->nrow; i++) {
		const struct pcp_node *node = &packet->node[decode->row[i]];
		bool code = node->field && node->field->names == pcp_result_names &&
			    packet->octets[node->off] != PCP_SUCCESS;

		if (code || (!node->field && node->layout->kind == PCP_CLASS_BODY)) {
			decode->list.cursor = code || i + 1 >= decode->nrow ? i : i + 1;
			return;
		}
	}
}

static bool load_now(struct ui *ui)
{
	struct decode *decode = decode_of(ui);
	const struct message *message = decode_message(ui);
	const struct pcp_edit *preview = compose_preview(ui);
	uint32_t id = message ? message->id : 0;
	size_t nnode = decode->judge->packet.nnode;
	bool other = decode->id != id;

	decode->loaded = message || ui->selection.kind == SELECT_PREVIEW;
	if (!decode->loaded)
		return false;
	if (message)
		findings_of_message(&decode->findings, ui->session, message, decode->judge);
	else
		findings_of_composed(&decode->findings, ui->session, preview, decode->judge);
	if (other)
		forget_folds(decode);
	else if (decode->judge->packet.nnode != nnode)
		memset(decode->fold, FOLD_BY_ITSELF, sizeof decode->fold);
	decode->id = id;
	tints_give(&decode->judge->packet, decode->tint);
	decode_make_rows(ui);
	if (other && message && ui->selection.len == 0)
		first_cursor(ui);
	return true;
}

bool decode_load(struct ui *ui)
{
	struct decode *decode = decode_of(ui);

	if (ui->painting && decode->frame == ui->frame)
		return decode->loaded;
	decode->frame = ui->painting ? ui->frame : 0;
	return load_now(ui);
}

const struct pcp_packet *decode_packet(struct ui *ui)
{
	return decode_load(ui) ? &decode_of(ui)->judge->packet : NULL;
}

/* ---- the selection, both ways ---- */

/* The node that the lit octets are: exactly, or the leaf that they begin in. */
static size_t lit_node(const struct decode *decode, const struct selection *selection)
{
	const struct pcp_packet *packet = &decode->judge->packet;
	size_t i, best = PCP_NO_NODE;

	for (i = 0; i < packet->nnode; i++)
		if (packet->node[i].off == selection->off && packet->node[i].len == selection->len)
			best = i;
	return best != PCP_NO_NODE ? best : pcp_node_at(packet, selection->off);
}

/* Without the focus the tree follows what others light. */
static void follow(struct ui *ui)
{
	struct decode *decode = decode_of(ui);
	size_t node;

	if (ui->selection.len == 0)
		return;
	node = lit_node(decode, &ui->selection);
	if (node != PCP_NO_NODE)
		decode->list.cursor = decode_row_of(decode, node);
}

void decode_light_row(struct ui *ui)
{
	const struct pcp_node *node = decode_at(decode_of(ui));

	if (node)
		select_octets(&ui->selection, node->off, node->len);
}

void decode_light_octet(struct ui *ui)
{
	struct decode *decode = decode_of(ui);
	size_t node = pcp_node_at(&decode->judge->packet, decode->octet);

	if (node == PCP_NO_NODE)
		return;
	select_octets(&ui->selection, decode->judge->node[node].off, decode->judge->node[node].len);
	decode_make_rows(ui);
	decode->list.cursor = decode_row_of(decode, node);
}

/* ---- drawing ---- */

static void add_what(struct ui *ui, const struct message *message, struct line *line)
{
	struct decode *decode = decode_of(ui);
	size_t len = decode->judge->packet.len;

	if (!message)
		line_add(line, 1, 2, STYLE_DIM, "what s would send");
	else if (message_sent(message) && message->tries > 1)
		line_add(line, 1, 2, STYLE_DIM, "request #%u, try %u", message->exchange,
			 message->tries);
	else if (message_sent(message))
		line_add(line, 1, 2, STYLE_DIM, "request #%u", message->exchange);
	else if (message->kind == MESSAGE_RESPONSE)
		line_add(line, 1, 2, STYLE_DIM, "answer to #%u", message->exchange);
	else
		line_add(line, 1, 2, STYLE_DIM,
			 message->kind == MESSAGE_UNSOLICITED ? "unasked" : "ignored");
	line_add(line, 2, 3, STYLE_DIM, "%zu octet%s", len, pcp_s(len));
}

/* The verdict of the rules, and of a refusal its name. */
static void add_verdict(struct ui *ui, struct line *line)
{
	const struct decode *decode = decode_of(ui);
	const struct pcp_packet *packet = &decode->judge->packet;
	const struct message *message = decode_message(ui);
	const struct pcp_result *result = message && message->kind == MESSAGE_RESPONSE &&
							  packet->version == PCP_VERSION_2 &&
							  packet->len > 3 && packet->octets[3]
						  ? pcp_result(packet->octets[3])
						  : NULL;

	if (message && message->kind == MESSAGE_IGNORED)
		line_add(line, 1, 2, STYLE_WARNING, "%s ignored", draw_glyph(GLYPH_IGNORED));
	if (result) {
		line_add(line, 1, 2, STYLE_ERROR, "%s", draw_glyph(GLYPH_REFUSED));
		line_add(line, 1, 1, STYLE_NORMAL, "%s", result->name);
	} else if (decode->findings.n == 0) {
		line_add(line, 1, 2, STYLE_OK, "%s", draw_glyph(GLYPH_OK));
		line_add(line, 1, 1, STYLE_DIM, "no rule broken");
	}
	findings_line(&decode->findings, 2, line);
	if (decode->findings.n) /* the first to give way */
		line_add(line, 9, 1, STYLE_DIM, "%s",
			 findings_worst(&decode->findings, 0)->rule->severity == PCP_ERROR
				 ? "against a MUST"
			 : findings_worst(&decode->findings, 0)->rule->severity == PCP_WARNING
				 ? "against a SHOULD"
				 : "nothing against a MUST");
}

static void bar(struct ui *ui, struct line *left, struct line *right)
{
	if (!decode_load(ui))
		return;
	add_what(ui, decode_message(ui), left);
	add_verdict(ui, right);
	line_add_hidden(right, decode_of(ui)->list.top, list_below(&decode_of(ui)->list));
}

static void draw(struct ui *ui, const struct rect *in, bool focus)
{
	struct decode *decode = decode_of(ui);
	struct rect tree = *in, octets = *in, spine = *in;
	bool text;
	int row;

	if (!decode_load(ui)) {
		draw_wrap(in, 0, 1, STYLE_DIM,
			  pcp_client_exchange(session_client(ui->session), ui->selection.id)
				  ? "This request has not been sent yet. p shows another one, that "
				    "in Compose, 3 the exchanges."
				  : "This message is no longer kept. p shows the request in "
				    "Compose, 3 the exchanges.");
		return;
	}
	if (!focus)
		follow(ui);
	decode->columns = decode_columns(in->width - LAYOUT_SPINE - 1, &text);
	if (decode->columns) {
		tree.width = LAYOUT_SPINE;
		octets.x += LAYOUT_SPINE + 1;
		octets.width -= LAYOUT_SPINE + 1;
		decode->hex_x = LAYOUT_SPINE + 1;
		for (row = 0; row < spine.height && !ui->config->plain; row++)
			draw_text(&spine, row, LAYOUT_SPINE, STYLE_FAINT, draw_glyph(GLYPH_RAIL));
	}
	decode_draw_tree(ui, &tree, focus);
	if (decode->columns)
		decode_draw_octets(ui, &octets, focus);
	if (ui->layout.explained.width > 2)
		decode_draw_explained(ui, &(struct rect){ ui->layout.explained.y,
							  ui->layout.explained.x + 1,
							  ui->layout.explained.height,
							  ui->layout.explained.width - 2 });
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
	struct decode *decode = decode_of(ui);
	const struct pcp_finding *finding;
	const struct pcp_result *result;
	const struct pcp_node *node;

	if (!decode_load(ui) || !(node = decode_at(decode)))
		return;
	finding = decode_finding(decode, (size_t)(node - decode->judge->node));
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
	struct decode *decode = decode_of(ui);
	const struct pcp_node *node = decode_load(ui) ? decode_at(decode) : NULL;

	if (!node)
		return;
	if (result_at(decode, node)) {
		fields_result(writer, result_at(decode, node));
		fields_sentence(writer, "");
	}
	findings_about(&decode->findings, &decode->judge->packet,
		       (size_t)(node - decode->judge->node), writer);
}

/* ---- the view ---- */

static struct list *list(struct ui *ui)
{
	return &decode_of(ui)->list;
}

bool decode_has_below(struct ui *ui)
{
	const struct decode *decode = decode_of(ui);

	if (!decode_load(ui))
		return false;
	return decode->in_hex ? decode->octet + 1 < decode->judge->packet.len
			      : decode->list.cursor + 1 < decode->nrow;
}

/* Among the octets, up and down are rows of octets. */
static bool step(struct ui *ui, long by)
{
	struct decode *decode = decode_of(ui);
	long last = (long)decode->judge->packet.len - 1, to;

	if (!decode->in_hex)
		return false;
	to = (long)decode->octet + by * (long)decode->columns;
	decode->octet = (size_t)(to < 0 ? 0 : to > last ? last : to);
	decode_light_octet(ui);
	return true;
}

static void shown(struct ui *ui)
{
	if (decode_load(ui)) {
		follow(ui);
		decode_light_row(ui);
	}
}

static void click_octet(struct ui *ui, int row, int col)
{
	struct decode *decode = decode_of(ui);
	int first = decode->columns == 16 ? 6 : 5;
	size_t column = (size_t)(col > first ? col - first : 0) / 3;
	size_t octet = (decode->hex_top + (size_t)row) * decode->columns + column;

	if (column >= decode->columns || octet >= decode->judge->packet.len ||
	    row >= decode->hex_height)
		return;
	decode->in_hex = true;
	decode->octet = octet;
	decode_light_octet(ui);
}

static void click(struct ui *ui, int row, int col)
{
	struct decode *decode = decode_of(ui);

	if (row < 0 || !decode_load(ui))
		return;
	if (decode->columns && col >= decode->hex_x) {
		click_octet(ui, row, col - decode->hex_x);
	} else if (decode->list.top + (size_t)row < decode->nrow) {
		decode->in_hex = false;
		decode->list.cursor = decode->list.top + (size_t)row;
		decode_light_row(ui);
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
	.moved = decode_light_row,
	.step = step,
	.shown = shown,
	.click = click,
};
