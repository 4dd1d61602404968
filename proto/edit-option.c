/* Options of a packet that is composed: added, nested, removed and moved. */
#include "edit-private.h"

#include <string.h>

#include "layout-rows.h"
#include "words.h"

/* The nth option of the packet itself; PCP_NO_NODE when it has fewer. */
static size_t option_at(const struct reading *reading, size_t nth)
{
	for (size_t i = 0; i < reading->packet.nnode; i = reading->packet.node[i].end)
		if (edit_is_option(reading, i) && reading->packet.node[i].nth == nth)
			return i;
	return PCP_NO_NODE;
}

static size_t option_count(const struct reading *reading)
{
	size_t n = 0;

	while (option_at(reading, n) != PCP_NO_NODE)
		n++;
	return n;
}

/* What a new option holds: its layout's least octets, zero but for what zero would be wrong in. */
static size_t fresh_data(const struct pcp_layout *layout, bool v4, uint8_t *data)
{
	if (!layout)
		return 0;
	memset(data, 0, layout->min_len);
	for (size_t i = 0; i < layout->nfield; i++)
		if (layout->field[i].kind == PCP_ADDR)
			pcp_addr_any(data + layout->field[i].off, v4);
	if (layout == &pcp_layout_prefix64) /* ::/96, as every request has: RFC 7225 4.3 */
		pcp_put(&layout->field[PREFIX64_LENGTH], data, 12);
	return layout->min_len;
}

/* The family of a packet's addresses: the client's in a request, the body's first in a response. */
static bool packet_v4(const struct pcp_packet *packet)
{
	for (size_t i = 0; i < packet->nnode; i++)
		if (packet->node[i].field && packet->node[i].field->kind == PCP_ADDR)
			return pcp_addr_is_v4(packet->octets + packet->node[i].off);
	return false;
}

/* A whole option with its padding; 0 when the data is too long. */
static size_t build_option(const struct reading *reading, uint16_t where, uint8_t code,
			   const uint8_t *data, size_t len, uint8_t option[PCP_EDIT_MAX])
{
	const struct pcp_layout *layout = pcp_layout_option(code, where, reading->packet.dialects);
	size_t whole;

	if (!data)
		len = fresh_data(layout, packet_v4(&reading->packet), option + PCP_TLV_LEN);
	if (len > PCP_EDIT_MAX - PCP_TLV_LEN)
		return 0;
	if (data && len > 0)
		memcpy(option + PCP_TLV_LEN, data, len);
	memset(option, 0, PCP_TLV_LEN);
	pcp_put(&pcp_tlv_fields[TLV_CODE], option, code);
	pcp_put(&pcp_tlv_fields[TLV_LENGTH], option, (uint32_t)len);
	whole = PCP_TLV_LEN + ((len + 3) & ~(size_t)3);
	if (whole > PCP_EDIT_MAX)
		return 0;
	memset(option + PCP_TLV_LEN + len, 0, whole - PCP_TLV_LEN - len);
	return whole;
}

static int add_option(struct pcp_edit *edit, const struct reading *reading, uint8_t code,
		      const uint8_t *data, size_t len)
{
	uint8_t option[PCP_EDIT_MAX];
	size_t count = option_count(reading);

	len = build_option(reading, reading->packet.where, code, data, len, option);
	return len > 0 && edit_splice(edit, edit->len, 0, option, len) ? (int)count : -1;
}

/* Behind raw octets there are no options: what was added there is none. */
static bool has_options(const struct pcp_edit *edit, size_t count)
{
	struct reading reading;
	bool has = reading_open_edit(&reading, edit) && option_count(&reading) == count;

	reading_close(&reading);
	return has;
}

int pcp_edit_add_option(struct pcp_edit *edit, uint8_t code, const uint8_t *data, size_t len)
{
	struct pcp_edit trial = *edit;
	struct reading reading;
	int nth = -1;

	if (!trial.exact)
		pcp_edit_repair(&trial);
	if (reading_open_edit(&reading, &trial))
		nth = add_option(&trial, &reading, code, data, len);
	reading_close(&reading);
	if (nth < 0 || !has_options(&trial, (size_t)nth + 1))
		return -1;
	*edit = trial;
	return nth;
}

static int add_nested(struct pcp_edit *edit, const struct reading *reading, const char *path,
		      uint8_t code, const uint8_t *data, size_t len)
{
	size_t option = pcp_node_find(&reading->packet, path), old, count = 0;
	uint8_t octets[PCP_EDIT_MAX];
	const struct pcp_node *node;

	if (option == PCP_NO_NODE || !edit_is_option(reading, option))
		return -1;
	node = &reading->packet.node[option];
	old = edit_option_data(reading, option);
	if (!edit_nests(node->layout) || old < pcp_layout_size(node->layout))
		return -1;
	for (size_t i = option + 1; i < node->end; i = reading->packet.node[i].end)
		count += edit_is_option(reading, i);
	len = build_option(reading, pcp_where_nested(reading->packet.where), code, data, len,
			   octets);
	return len > 0 && edit_replace(edit, reading, option, node->off + PCP_TLV_LEN + old, 0,
				       octets, len, NULL)
		       ? (int)count
		       : -1;
}

int pcp_edit_add_nested(struct pcp_edit *edit, const char *path, uint8_t code, const uint8_t *data,
			size_t len)
{
	struct pcp_edit trial = *edit;
	struct reading reading;
	int nth = -1;

	if (reading_open_edit(&reading, edit))
		nth = add_nested(&trial, &reading, path, code, data, len);
	reading_close(&reading);
	if (nth >= 0)
		*edit = trial;
	return nth;
}

bool pcp_edit_remove_option(struct pcp_edit *edit, size_t nth)
{
	struct reading reading;
	size_t option = reading_open_edit(&reading, edit) ? option_at(&reading, nth) : PCP_NO_NODE;
	bool found = option != PCP_NO_NODE;

	if (found)
		edit_splice(edit, reading.packet.node[option].off, reading.packet.node[option].len,
			    NULL, 0);
	reading_close(&reading);
	return found;
}

/* `edit` is what the reading was made from. */
static bool move_option(struct pcp_edit *edit, const struct reading *reading, size_t from,
			size_t to)
{
	size_t option = option_at(reading, from), target = option_at(reading, to);
	const struct pcp_node *moved, *behind;
	uint8_t octets[PCP_EDIT_MAX];

	if (option == PCP_NO_NODE || target == PCP_NO_NODE)
		return false;
	moved = &reading->packet.node[option];
	behind = &reading->packet.node[target];
	memcpy(octets, edit->octets + moved->off, moved->len);
	edit_splice(edit, moved->off, moved->len, NULL, 0);
	/* Behind the target when moving on, before it when moving back. */
	return edit_splice(edit, behind->off + (to > from ? behind->len - moved->len : 0), 0,
			   octets, moved->len);
}

bool pcp_edit_move_option(struct pcp_edit *edit, size_t from, size_t to)
{
	struct pcp_edit trial = *edit;
	struct reading reading;
	bool moved;

	if (!trial.exact)
		pcp_edit_repair(&trial);
	moved = reading_open_edit(&reading, &trial) && move_option(&trial, &reading, from, to);
	reading_close(&reading);
	if (moved)
		*edit = trial;
	return moved;
}
