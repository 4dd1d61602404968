/* Decode: the packet as fields. A part is folded to a line that tells its content; a guide in its
 * tint runs down its fields; what is reserved or zero is faint. */
#include <stdio.h>
#include <string.h>

#include "decode-packet.h"
#include "form.h"
#include "text.h"

enum { MARK = 0, GUIDE = 1, LABEL = 3, VALUE = 20, INDENT = 2 };

static const struct pcp_packet *packet_of(const struct decode *decode)
{
	return &decode->judge->packet;
}

/* ---- a folded part, in a line ---- */

static void seconds_at(const struct pcp_packet *packet, size_t off, char *buf, size_t cap)
{
	const uint8_t *o = packet->octets + off;

	*buf = '\0';
	if (packet->len >= off + 4)
		pcp_seconds_text((uint32_t)o[0] << 24 | (uint32_t)o[1] << 16 | (uint32_t)o[2] << 8 |
					 o[3],
				 buf, cap);
}

static void header_words(const struct pcp_packet *packet, char *buf, size_t cap)
{
	const struct pcp_result *result = packet->len > 3 ? pcp_result(packet->octets[3]) : NULL;
	const char *opcode = pcp_name(pcp_opcode_names, packet->opcode);
	char lifetime[48], epoch[48], client[PCP_ADDR_TEXT];
	size_t n;

	seconds_at(packet, 4, lifetime, sizeof lifetime);
	seconds_at(packet, 8, epoch, sizeof epoch);
	n = (size_t)snprintf(buf, cap, "v%u %s", packet->version, opcode ? opcode : "?");
	if (packet->len < PCP_HEADER_LEN || packet->version == 0)
		return;
	if (pcp_is_response(packet->octets)) {
		bool lasts = packet->octets[3] || packet->opcode == PCP_MAP ||
			     packet->opcode == PCP_PEER;

		snprintf(buf + n, cap - n, " %s %s%s", result ? result->name : "?",
			 lasts ? "" : "epoch ", lasts ? lifetime : epoch);
		return;
	}
	pcp_addr_text(packet->octets + 8, client, sizeof client);
	snprintf(buf + n, cap - n, " %s from %s", lifetime, client);
}

/* A GET asks with what it holds for mappings that are so; what is zero asks for all. An answer
 * repeats that. */
static void get_words(const struct pcp_packet *packet, const struct pcp_node *part, char *buf,
		      size_t cap)
{
	size_t i, set = 0;

	for (i = 0; i < part->len; i++)
		set += packet->octets[part->off + i] != 0 && packet->octets[part->off + i] != 0xff;
	snprintf(buf, cap, set ? "those that are as asked" : "no filter: all mappings");
}

/* "tcp :8080, wants :8080". */
static void body_words(const struct pcp_packet *packet, const struct pcp_node *part, char *buf,
		       size_t cap)
{
	const uint8_t *body = packet->octets + part->off;
	uint32_t wished;
	size_t n;

	if (packet->version == PCP_VERSION_2 && packet->opcode == PCP_GET) {
		get_words(packet, part, buf, cap);
		return;
	}
	if (packet->version != PCP_VERSION_2 || part->len < pcp_body_len(PCP_MAP, PCP_VERSION_2) ||
	    (packet->opcode != PCP_MAP && packet->opcode != PCP_PEER)) {
		snprintf(buf, cap, "%u octets", part->len);
		return;
	}
	wished = pcp_get(&pcp_map_fields[MAP_EXTERNAL_PORT], body);
	n = (size_t)snprintf(
		buf, cap, "%s :%u",
		pcp_protocol_text((uint8_t)pcp_get(&pcp_map_fields[MAP_PROTOCOL], body)).text,
		pcp_get(&pcp_map_fields[MAP_INTERNAL_PORT], body));
	if (wished)
		snprintf(buf + n, cap - n,
			 pcp_is_response(packet->octets) ? ", given :%u" : ", wants :%u", wished);
}

/* The values of its own fields, as far as there is room: not code, length and what is reserved. */
static void option_words(const struct decode *decode, size_t part, char *buf, size_t cap)
{
	const struct pcp_packet *packet = packet_of(decode);
	size_t i, n = 0;
	char text[300];

	*buf = '\0';
	for (i = part + 1; i < packet->node[part].end && n + 1 < cap; i++) {
		const struct pcp_node *node = &packet->node[i];

		if (!node->field || node->depth != packet->node[part].depth + 1 ||
		    node->layout->kind == PCP_CLASS_TLV || node->field->kind == PCP_RESERVED ||
		    node->field->kind == PCP_PADDING)
			continue;
		pcp_node_text(packet, i, text, sizeof text);
		n += (size_t)snprintf(buf + n, cap - n, "%s%s", n ? ", " : "", text);
	}
}

static void folded_words(const struct decode *decode, size_t part, char *buf, size_t cap)
{
	const struct pcp_packet *packet = packet_of(decode);

	switch (packet->node[part].layout->kind) {
	case PCP_CLASS_HEADER:
		header_words(packet, buf, cap);
		break;
	case PCP_CLASS_BODY:
		body_words(packet, &packet->node[part], buf, cap);
		break;
	default:
		option_words(decode, part, buf, cap);
	}
}

/* ---- rows ---- */

static void draw_part(const struct decode *decode, const struct rect *in, int row, size_t node)
{
	const struct pcp_node *n = &packet_of(decode)->node[node];
	enum style tint = (enum style)decode->tint[node];
	char text[512];
	int col = GUIDE + INDENT * n->depth;

	draw_text(in, row, col, tint, draw_glyph(decode->shut[node] ? GLYPH_FOLDED : GLYPH_OPEN));
	pcp_node_text(packet_of(decode), node, text, sizeof text);
	col = draw_text(in, row, col + 2, tint, text);
	if (!decode->shut[node])
		return;
	folded_words(decode, node, text, sizeof text);
	if (*text)
		draw_cell(in, row, col + 2, in->width - col - 2, STYLE_NORMAL, text);
}

static bool is_nothing(const struct pcp_packet *packet, const struct pcp_node *node)
{
	size_t i;

	if (node->field->kind == PCP_RESERVED || node->field->kind == PCP_PADDING)
		return true;
	if (node->field->names || node->field->mask)
		return false;
	for (i = 0; i < node->len; i++)
		if (packet->octets[node->off + i])
			return false;
	return true;
}

static void draw_field(const struct decode *decode, const struct rect *in, int row, size_t node)
{
	const struct pcp_packet *packet = packet_of(decode);
	const struct pcp_node *n = &packet->node[node];
	const struct pcp_finding *finding = decode_finding(decode, node);
	int deeper = n->depth > 1 ? INDENT * (n->depth - 1) : 0, width = VALUE - LABEL - 1;
	bool nothing = is_nothing(packet, n) && !finding;
	char text[512], label[64];

	if (!draw_plain())
		draw_text(in, row, GUIDE + deeper, (enum style)decode->tint[node],
			  draw_glyph(GLYPH_RAIL));
	form_label(n, width, label, sizeof label);
	draw_cell(in, row, LABEL + deeper, width, nothing ? STYLE_FAINT : STYLE_DIM, label);
	pcp_node_text(packet, node, text, sizeof text);
	draw_cell(in, row, VALUE + deeper, in->width - VALUE - deeper,
		  nothing   ? STYLE_FAINT
		  : finding ? finding_style(finding)
			    : STYLE_NORMAL,
		  text);
}

/* The cursor has the marks' column: behind the rail, or the sign of the fold, there is a blank. */
static int mark_beside_cursor(const struct decode *decode, size_t node)
{
	const struct pcp_node *n = &packet_of(decode)->node[node];
	int deeper = n->depth - (n->field != NULL);

	return GUIDE + 1 + INDENT * (deeper > 0 ? deeper : 0);
}

void decode_draw_tree(struct ui *ui, const struct rect *in, bool focus)
{
	struct decode *decode = decode_of(ui);
	struct list *list = &decode->list;
	int row;

	list_fit(list, decode->nrow, in->height);
	for (row = 0; row < in->height && list->top + (size_t)row < list->count; row++) {
		size_t i = list->top + (size_t)row, node = decode->row[i];

		if (packet_of(decode)->node[node].field)
			draw_field(decode, in, row, node);
		else
			draw_part(decode, in, row, node);
		finding_mark(in, row, i == list->cursor ? mark_beside_cursor(decode, node) : MARK,
			     decode_finding(decode, node));
		if (i == list->cursor)
			draw_focus(in, row, focus && !decode->in_hex);
	}
}
