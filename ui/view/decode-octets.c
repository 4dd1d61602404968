/* Decode: the packet as octets, in the tints of its parts; below a short one, the field under the
 * cursor explained, and what was asked beside what was given. */
#include <stdio.h>
#include <string.h>

#include "decode-packet.h"
#include "text.h"
#include "tints.h"
#include "view-decode.h"

enum { OFFSET = 4, WITH_TEXT_16 = 72, WITH_TEXT_8 = 38, WITHOUT_TEXT_8 = 28 };

size_t decode_columns(int width, bool *text)
{
	*text = width >= WITH_TEXT_16 || (width >= WITH_TEXT_8 && width < WITH_TEXT_16);
	return width >= WITH_TEXT_16 ? 16 : width >= WITHOUT_TEXT_8 ? 8 : 0;
}

/* The column of the i-th octet of a row: in groups of eight. */
static int column_of(size_t columns, size_t i)
{
	return OFFSET + (columns == 16 ? 2 : 1) + 3 * (int)i + (i >= 8);
}

static bool is_lit(const struct selection *selection, size_t octet)
{
	return octet >= selection->off && octet < selection->off + selection->len;
}

static enum style tint_of(const struct decode *decode, size_t octet, bool *begins)
{
	return tints_at(&decode->judge->packet, decode->tint, octet, begins);
}

static void draw_octet(struct ui *ui, const struct rect *in, int row, size_t first, size_t i)
{
	struct decode *decode = decode_of(ui);
	const struct pcp_packet *packet = &decode->judge->packet;
	int col = column_of(decode->columns, i - first);
	bool begins, lit = is_lit(&ui->selection, i);
	char hex[3];
	enum style tint = tint_of(decode, i, &begins);
	enum style style = lit && decode->in_hex == false && findings_objects(&decode->findings, i)
				   ? STYLE_OBJECTION
			   : lit				    ? STYLE_LIT
			   : findings_objects(&decode->findings, i) ? STYLE_OBJECTION
			   : packet->octets[i] == 0		    ? STYLE_FAINT
								    : tint;
	bool joined = lit && i > first && i - first != 8 && is_lit(&ui->selection, i - 1);

	if (begins && i > 0 && i > first)
		draw_text(in, row, col - 1, STYLE_DIM, draw_glyph(GLYPH_PART));
	else if (joined)
		draw_text(in, row, col - 1, style, " ");
	pcp_hex_text(packet->octets + i, 1, hex, sizeof hex);
	draw_text(in, row, col, style, hex);
}

static void draw_character(struct ui *ui, const struct rect *in, int row, int col, size_t i)
{
	struct decode *decode = decode_of(ui);
	uint8_t octet = decode->judge->packet.octets[i];
	bool shown = octet > ' ' && octet < 0x7f, begins;

	draw_text(in, row, col,
		  is_lit(&ui->selection, i) ? STYLE_LIT
		  : shown		    ? tint_of(decode, i, &begins)
					    : STYLE_FAINT,
		  (const char[]){ shown || octet == ' ' ? (char)octet : '.', '\0' });
}

static void draw_row(struct ui *ui, const struct rect *in, int row, size_t first, bool text)
{
	struct decode *decode = decode_of(ui);
	size_t i, end = first + decode->columns;
	int start = column_of(decode->columns, decode->columns) - (decode->columns == 8) + 1;

	if (end > decode->judge->packet.len)
		end = decode->judge->packet.len;
	draw_format(in, row, 0, STYLE_FAINT, "%04zx", first);
	for (i = first; i < end; i++)
		draw_octet(ui, in, row, first, i);
	for (i = first; text && i < end; i++)
		draw_character(ui, in, row, start + (int)(i - first), i);
}

/* Keeps the octet of interest in sight. */
static void scroll(struct ui *ui, size_t rows, size_t height)
{
	struct decode *decode = decode_of(ui);
	size_t octet = decode->in_hex ? decode->octet : ui->selection.off;
	size_t row = octet / decode->columns;

	if (decode->hex_top > row)
		decode->hex_top = row;
	if (row >= decode->hex_top + height)
		decode->hex_top = row - height + 1;
	if (decode->hex_top + height > rows)
		decode->hex_top = rows > height ? rows - height : 0;
}

static void draw_place(struct ui *ui, const struct rect *in)
{
	struct decode *decode = decode_of(ui);
	int row = (int)(decode->octet / decode->columns - decode->hex_top);
	int col = column_of(decode->columns, decode->octet % decode->columns);

	draw_restyle(in, row, col, 2, STYLE_CURSOR);
	draw_cursor(in, row, col);
}

enum { EXPLAINED_LEAST = 4 };

void decode_draw_octets(struct ui *ui, const struct rect *in, bool focus)
{
	struct decode *decode = decode_of(ui);
	const struct pcp_packet *packet = &decode->judge->packet;
	size_t rows = (packet->len + decode->columns - 1) / decode->columns;
	bool text;
	int row;

	decode_columns(in->width, &text);
	if (in->height <= 0)
		return;
	scroll(ui, rows, (size_t)in->height);
	for (row = 0; row < in->height && decode->hex_top + (size_t)row < rows; row++)
		draw_row(ui, in, row, (decode->hex_top + (size_t)row) * decode->columns, text);
	if (focus && decode->in_hex && decode->octet < packet->len)
		draw_place(ui, in);
	decode->hex_height = row;
	if (in->height - row <= EXPLAINED_LEAST || in->width < WITH_TEXT_16 ||
	    ui->layout.explained.width)
		return;
	if (!draw_plain())
		draw_repeat(in, row, 0, in->width - 1, STYLE_FAINT, GLYPH_LINE_DASHED);
	decode_draw_explained(ui, &(struct rect){ in->y + row + 1, in->x + 1, in->height - row - 1,
						  in->width - 2 });
}

/* ---- the field under the cursor ---- */

/* "Internal port  octets 40 and 41   1f 90   8080   0001 1111 1001 0000". */
static void name_line(const struct pcp_packet *packet, const struct pcp_node *node, size_t index,
		      struct line *line)
{
	char hex[4], value[300], bits[80] = "";
	size_t i, n = 0;

	line_add(line, 0, 0, STYLE_TITLE, "%s",
		 node->field ? node->field->label : node->layout->name);
	if (node->len == 0)
		line_add(line, 1, 2, STYLE_DIM, "no octets");
	else if (node->len == 1)
		line_add(line, 1, 2, STYLE_DIM, "octet %zu", (size_t)node->off);
	else if (node->len == 2)
		line_add(line, 1, 2, STYLE_DIM, "octets %zu and %zu", (size_t)node->off,
			 (size_t)node->off + 1);
	else
		line_add(line, 1, 2, STYLE_DIM, "octets %zu to %zu", (size_t)node->off,
			 (size_t)node->off + node->len - 1);
	if (!node->field || node->len == 0 || node->len > 4)
		return;
	line_add(line, 2, 2, STYLE_NORMAL, "%s", "");
	for (i = 0; i < node->len; i++) {
		pcp_hex_text(packet->octets + node->off + i, 1, hex, sizeof hex);
		line_add(line, 2, 1, STYLE_NORMAL, "%s", hex);
	}
	pcp_node_text(packet, index, value, sizeof value);
	line_add(line, 1, 3, STYLE_NORMAL, "%s", value);
	for (i = 0; i < 8 * (size_t)node->len; i++) {
		if (i && i % 4 == 0)
			bits[n++] = ' ';
		bits[n++] = (char)('0' + (packet->octets[node->off + i / 8] >> (7 - i % 8) & 1));
	}
	if (node->len <= 2)
		line_add(line, 3, 3, STYLE_DIM, "%s", bits);
}

static int draw_sentence(const struct decode *decode, const struct rect *in, int row, size_t index)
{
	const struct pcp_node *node = &decode->judge->packet.node[index];
	const struct pcp_finding *finding = decode_finding(decode, index);
	char text[700];

	if (finding)
		snprintf(text, sizeof text, "%s (%s)", finding->text, finding->rule->ref);
	else if (node->field)
		snprintf(text, sizeof text, "%s (%s)", node->field->help, node->layout->ref);
	else
		snprintf(text, sizeof text, "%s (%s)", node->layout->purpose, node->layout->ref);
	return draw_wrap(in, row, 0, finding ? finding_style(finding) : STYLE_DIM, text);
}

static void compare_line(const struct rect *in, int row, const char *name, const char *asked,
			 const char *given)
{
	bool same = strcmp(asked, given) == 0, any = strcmp(asked, "any") == 0;

	draw_text(in, row, 0, STYLE_DIM, name);
	draw_cell(in, row, 14, 26, STYLE_NORMAL, asked);
	draw_text(in, row, 41, same || any ? STYLE_NORMAL : STYLE_DIFFERS, given);
	if (!any)
		draw_text(in, row, in->width - 2, same ? STYLE_OK : STYLE_DIFFERS,
			  draw_glyph(same ? GLYPH_OK : GLYPH_DIFFERS));
}

static void endpoint(const uint8_t *octets, char port[16], char addr[PCP_ADDR_TEXT], char life[48])
{
	const uint8_t *body = octets + PCP_HEADER_LEN;
	const uint8_t *external = pcp_at(&pcp_map_fields[MAP_EXTERNAL_ADDRESS], body);
	uint32_t number = pcp_get(&pcp_map_fields[MAP_EXTERNAL_PORT], body);

	snprintf(port, 16, number ? "%u" : "any", number);
	pcp_addr_text(external, addr, PCP_ADDR_TEXT);
	if (pcp_addr_is_any(external))
		snprintf(addr, PCP_ADDR_TEXT, "any");
	pcp_seconds_text((uint32_t)octets[4] << 24 | (uint32_t)octets[5] << 16 |
				 (uint32_t)octets[6] << 8 | octets[7],
			 life, 48);
}

static void nonce_text(const uint8_t *octets, char text[2 * PCP_NONCE_LEN + 1])
{
	pcp_hex_text(pcp_at(&pcp_map_fields[MAP_NONCE], octets + PCP_HEADER_LEN), PCP_NONCE_LEN,
		     text, 2 * PCP_NONCE_LEN + 1);
}

/* Nothing is given by a datagram that was dropped: what it may be known by as the answer. */
static void draw_ignored(const struct rect *in, int row, const struct message *asked,
			 const struct message *dropped)
{
	char nonce[2][2 * PCP_NONCE_LEN + 1], source[2][ENDPOINT_TEXT];

	nonce_text(asked->octets, nonce[0]);
	nonce_text(dropped->octets, nonce[1]);
	pcp_endpoint_text(asked->to, source[0], sizeof source[0]);
	pcp_endpoint_text(dropped->from, source[1], sizeof source[1]);
	draw_text(in, row, 41, STYLE_HEADING, "this datagram");
	compare_line(in, ++row, "nonce", nonce[0], nonce[1]);
	compare_line(in, ++row, "source", source[0], source[1]);
}

static void draw_given(const struct rect *in, int row, const struct message *asked,
		       const struct message *given)
{
	char port[2][16], addr[2][PCP_ADDR_TEXT], life[2][48];

	endpoint(asked->octets, port[0], addr[0], life[0]);
	endpoint(given->octets, port[1], addr[1], life[1]);
	draw_text(in, row, 41, STYLE_HEADING, "given");
	compare_line(in, ++row, "port", port[0], port[1]);
	compare_line(in, ++row, "address", addr[0], addr[1]);
	compare_line(in, ++row, "lifetime", life[0], life[1]);
}

/* Of a MAP or PEER that was granted: what was asked beside what was given. */
static void draw_asked(struct ui *ui, const struct rect *in, int row)
{
	const struct message *given = decode_message(ui);
	const struct message *asked =
		given ? log_message(session_log(ui->session), given->asked) : NULL;
	size_t least = PCP_HEADER_LEN + pcp_body_len(PCP_MAP, PCP_VERSION_2);

	if (!asked || in->height - row < 5 || asked->len < least || given->len < least ||
	    asked->octets[0] != PCP_VERSION_2 || given->octets[0] != PCP_VERSION_2 ||
	    given->octets[3] != PCP_SUCCESS ||
	    (asked->octets[1] != PCP_MAP && asked->octets[1] != PCP_PEER))
		return;
	draw_text(in, ++row, 14, STYLE_HEADING, "asked");
	if (given->kind == MESSAGE_IGNORED)
		draw_ignored(in, row, asked, given);
	else
		draw_given(in, row, asked, given);
}

/* All that the rules object to, where a column is left for it. */
static void draw_findings(struct ui *ui, const struct rect *in, int row)
{
	const struct findings *findings = &decode_of(ui)->findings;
	char text[PCP_FINDING_TEXT + 16], next[32];

	if (findings->n == 0 || row + 3 >= in->height)
		return;
	draw_text(in, ++row, 0, STYLE_HEADING, "Findings");
	row++;
	for (size_t i = 0; i < findings->n && row + 2 < in->height; i++) {
		const struct pcp_finding *finding = &findings->at[i];

		finding_mark(in, row, 0, finding);
		snprintf(text, sizeof text, "%04x %s", finding->off, finding->text);
		row = draw_wrap(&(struct rect){ in->y, in->x, in->height - 2, in->width }, row, 2,
				finding_style(finding), text);
	}
	ui_key_of(ui, "next-finding", next, sizeof next);
	draw_format(in, in->height - 1, 0, STYLE_DIM, "%s goes from one to the next", next);
}

void decode_draw_explained(struct ui *ui, const struct rect *in)
{
	struct decode *decode = decode_of(ui);
	const struct pcp_node *node = decode_at(decode);
	struct line line = { .count = 0 };
	size_t index;
	int row;

	if (!node)
		return;
	index = (size_t)(node - decode->judge->packet.node);
	name_line(&decode->judge->packet, node, index, &line);
	line_fit(&line, in->width);
	line_draw(&line, in, 0, 0);
	row = draw_sentence(decode, in, 1, index);
	if (in->width >= 60)
		draw_asked(ui, in, row);
	else
		draw_findings(ui, in, row);
}
