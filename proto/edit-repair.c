/* Repair: header, body, Lengths and padding of a packet made right, as a composer wants them. */
#include "edit-private.h"

#include <string.h>

#include "layout-rows.h"

static bool padding_wrong(const struct reading *reading, size_t option)
{
	size_t data = edit_option_data(reading, option), pad = edit_option_padding(reading, option);
	const uint8_t *padding =
		reading->packet.octets + reading->packet.node[option].off + PCP_TLV_LEN + data;

	for (size_t i = 0; i < pad; i++)
		if (padding[i])
			return true;
	return pad != ((0 - data) & 3);
}

static bool option_wrong(const struct reading *reading, size_t option)
{
	const uint8_t *tlv = reading->packet.octets + reading->packet.node[option].off;

	return pcp_get(&pcp_tlv_fields[TLV_LENGTH], tlv) != edit_option_data(reading, option) ||
	       padding_wrong(reading, option);
}

/* One to three octets where an option should start: they become one, with zeros. */
static bool scrap(const struct reading *reading, size_t node)
{
	const struct pcp_node *leaf = &reading->packet.node[node];
	const struct pcp_node *parent =
		leaf->parent == PCP_NO_NODE ? NULL : &reading->packet.node[leaf->parent];

	if (leaf->field != pcp_layout_raw.field)
		return false;
	if (!parent)
		return leaf->len % PCP_TLV_LEN != 0;
	return leaf->len < PCP_TLV_LEN && edit_is_option(reading, leaf->parent) &&
	       edit_nests(parent->layout) &&
	       leaf->off >= parent->off + PCP_TLV_LEN + pcp_layout_size(parent->layout);
}

static bool is_wrong(const struct reading *reading, size_t i)
{
	return scrap(reading, i) || (edit_is_option(reading, i) && option_wrong(reading, i));
}

/* Repairs a node that is wrong. False when there is no room for what is missing. */
static bool repair_node(struct pcp_edit *edit, const struct reading *reading, size_t i)
{
	const struct pcp_node *node = &reading->packet.node[i];

	if (edit_is_option(reading, i))
		return edit_follow(edit, reading, i, 0, NULL);
	return edit_replace(edit, reading, node->parent, node->off + node->len, 0, NULL,
			    (0 - node->len) & 3, NULL);
}

/* Repairs the first thing that is wrong. False when there is none, or no room for what is missing.
 */
static bool repair_one(struct pcp_edit *edit)
{
	struct pcp_edit trial = *edit;
	struct reading reading;
	size_t i = 0;
	bool done = false;

	if (reading_open_edit(&reading, edit))
		while (i < reading.packet.nnode && !is_wrong(&reading, i))
			i++;
	if (!reading.packet.cut && i < reading.packet.nnode)
		done = repair_node(&trial, &reading, i);
	reading_close(&reading);
	if (done)
		*edit = trial;
	return done;
}

/* Header and body are made whole first: options start behind them. */
static void repair_size(struct pcp_edit *edit)
{
	struct reading reading;

	if (edit->len == 0)
		return;
	edit_grow_to(edit, edit->octets[0] == PCP_VERSION_NATPMP ? 2 : PCP_HEADER_LEN);
	reading_open_edit(&reading, edit); /* header and body are near, whatever else there is */
	for (size_t i = 0; i < reading.packet.nnode; i = reading.packet.node[i].end) {
		const struct pcp_layout *layout = reading.packet.node[i].layout;

		if (layout->kind == PCP_CLASS_BODY || layout->kind == PCP_CLASS_NATPMP)
			edit_grow_to(edit, reading.packet.node[i].off + pcp_layout_size(layout));
	}
	reading_close(&reading);
}

/* SADSCP's name is filled with zeros, which its length counts, so that options start at a multiple
 * of 4.
 */
static void repair_name(struct pcp_edit *edit)
{
	const struct pcp_layout *layout = &pcp_layout_sadscp_request;
	const struct pcp_field *name = &layout->field[layout->nfield - 1];
	uint8_t filled[UINT8_MAX + 4] = { 0 };
	struct reading reading;

	reading_open_edit(&reading, edit); /* the body is near */
	for (size_t i = 0; i < reading.packet.nnode; i++) {
		const struct pcp_node *leaf = &reading.packet.node[i];
		size_t len = (leaf->len + (0 - (leaf->off + leaf->len)) % 4);

		if (leaf->field != name)
			continue;
		memcpy(filled, reading.packet.octets + leaf->off, leaf->len);
		edit_set_leaf(edit, &reading, i, filled, len > UINT8_MAX ? len - 4 : len, NULL);
		break;
	}
	reading_close(&reading);
}

void pcp_edit_repair(struct pcp_edit *edit)
{
	bool exact = edit->exact;

	edit->exact = false;
	repair_size(edit);
	repair_name(edit);
	/* Each round sets one option right, and no option needs less than its header. */
	for (size_t i = 0; i < PCP_EDIT_MAX / PCP_TLV_LEN && repair_one(edit); i++)
		;
	edit->exact = exact;
}
