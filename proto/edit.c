/* Composing: the buffer, and Lengths and padding that follow what changes in it: see edit.h. */
#include "edit-private.h"

#include <string.h>

#include "layout-rows.h"
#include "words.h"

bool edit_no_room(struct pcp_why *why)
{
	return pcp_refuse(why, 0, "no room; a packet holds at most %d octets here", PCP_EDIT_MAX);
}

/* ---- the buffer ---- */

bool edit_splice(struct pcp_edit *edit, size_t off, size_t old, const uint8_t *octets, size_t len)
{
	size_t rest = edit->len - off - old;

	if (off + len + rest > PCP_EDIT_MAX)
		return false;
	memmove(edit->octets + off + len, edit->octets + off + old, rest);
	if (octets && len > 0)
		memcpy(edit->octets + off, octets, len);
	else
		memset(edit->octets + off, 0, len);
	edit->len = off + len + rest;
	return true;
}

bool edit_grow_to(struct pcp_edit *edit, size_t len)
{
	return edit->len >= len || edit_splice(edit, edit->len, 0, NULL, len - edit->len);
}

void pcp_edit_begin(struct pcp_edit *edit, uint8_t version, uint8_t opcode)
{
	unsigned dialects = edit->dialects;
	uint16_t where = (uint16_t)(PCP_REQ | pcp_where_version(version));
	const struct pcp_layout *layout;
	size_t start;

	*edit = (struct pcp_edit){ .dialects = dialects };
	if (version == PCP_VERSION_NATPMP) {
		layout = pcp_layout_natpmp(opcode, where);
		start = layout ? 0 : pcp_layout_size(&pcp_layout_natpmp_request);
	} else {
		where |= pcp_where_opcode(opcode);
		layout = pcp_where_version(version) ? pcp_layout_body(opcode, where, dialects)
						    : NULL;
		start = PCP_HEADER_LEN;
	}
	edit->octets[0] = version;
	edit->octets[1] = opcode;
	edit->len = start + (layout ? pcp_layout_size(layout) : 0);
}

bool pcp_edit_load(struct pcp_edit *edit, const uint8_t *octets, size_t len)
{
	if (len > PCP_EDIT_MAX)
		return false;
	if (len > 0)
		memmove(edit->octets, octets, len);
	edit->len = len;
	return true;
}

bool pcp_edit_blank(struct pcp_edit *edit, size_t len)
{
	if (len > PCP_EDIT_MAX)
		return false;
	*edit = (struct pcp_edit){
		.len = len, .dialects = edit->dialects, .direction = edit->direction, .exact = true
	};
	return true;
}

void pcp_edit_decode(const struct pcp_edit *edit, struct pcp_packet *packet, struct pcp_node *node,
		     size_t cap)
{
	pcp_decode(packet, edit->octets, edit->len, edit->direction, edit->dialects, node, cap);
}

/* ---- options ---- */

bool edit_nests(const struct pcp_layout *layout)
{
	return layout->nfield > 0 && layout->field[layout->nfield - 1].kind == PCP_OPTIONS;
}

size_t edit_option_padding(const struct reading *reading, size_t option)
{
	const struct pcp_node *last = &reading->packet.node[reading->packet.node[option].end - 1];

	return last->parent == option && last->field == &pcp_tlv_fields[TLV_PADDING] ? last->len
										     : 0;
}

size_t edit_option_data(const struct reading *reading, size_t option)
{
	return reading->packet.node[option].len - PCP_TLV_LEN -
	       edit_option_padding(reading, option);
}

bool edit_follow(struct pcp_edit *edit, const struct reading *reading, size_t option,
		 ptrdiff_t delta, struct pcp_why *why)
{
	for (; option != PCP_NO_NODE && edit_is_option(reading, option);
	     option = reading->packet.node[option].parent) {
		size_t off = reading->packet.node[option].off,
		       old = edit_option_padding(reading, option);
		size_t data = (size_t)((ptrdiff_t)edit_option_data(reading, option) + delta);
		size_t pad = (0 - data) & 3;

		if (data > UINT16_MAX ||
		    !edit_splice(edit, off + PCP_TLV_LEN + data, old, NULL, pad))
			return edit_no_room(why);
		pcp_put(&pcp_tlv_fields[TLV_LENGTH], edit->octets + off, (uint32_t)data);
		delta += (ptrdiff_t)pad - (ptrdiff_t)old;
	}
	return true;
}

bool edit_replace(struct pcp_edit *edit, const struct reading *reading, size_t branch, size_t off,
		  size_t old, const uint8_t *octets, size_t len, struct pcp_why *why)
{
	if (!edit_splice(edit, off, old, octets, len))
		return edit_no_room(why);
	if (edit->exact)
		return true;
	return edit_follow(edit, reading, branch, (ptrdiff_t)len - (ptrdiff_t)old, why);
}
