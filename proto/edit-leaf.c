/* Setting a field of a packet: what its layout allows, and what follows from it. */
#include "edit-private.h"

#include <string.h>

#include "layout-rows.h"
#include "words.h"

/* One change: what is set and to what. */
struct change {
	struct pcp_edit *edit;
	const struct reading *reading;
	const struct pcp_node *leaf;
	const uint8_t *octets;
	size_t len;
	struct pcp_why *why;
};

static bool change_replace(const struct change *change)
{
	return edit_replace(change->edit, change->reading, change->leaf->parent, change->leaf->off,
			    change->leaf->len, change->octets, change->len, change->why);
}

/* The number that is set, where the leaf is one. */
static uint32_t change_number(const struct change *change)
{
	return pcp_get_at(change->leaf->field, change->octets, change->len);
}

static bool change_fixed(const struct change *change)
{
	const struct pcp_field *field = change->leaf->field;
	uint8_t *at = change->edit->octets + change->leaf->off;

	if (change->len != field->len)
		return pcp_refuse(change->why, 0, "%zu octets given; this field takes exactly %u",
				  change->len, field->len);
	if (field->mask)
		pcp_put_at(field, at, field->len, change_number(change));
	else
		memcpy(at, change->octets, field->len);
	return true;
}

/* Typing a Length makes the data that long. */
static bool change_option_length(const struct change *change)
{
	size_t option = change->leaf->parent, old = edit_option_data(change->reading, option);
	size_t off = change->reading->packet.node[option].off + PCP_TLV_LEN,
	       len = change_number(change);

	if (len < old)
		return edit_replace(change->edit, change->reading, option, off + len, old - len,
				    NULL, 0, change->why);
	return edit_replace(change->edit, change->reading, option, off + old, 0, NULL, len - old,
			    change->why);
}

/* SADSCP's name and the field that holds its length follow each other. */
static bool change_name(const struct change *change, const uint8_t *name, size_t len)
{
	const struct pcp_node *body = &change->reading->packet.node[change->leaf->parent];
	size_t fixed = pcp_layout_size(body->layout);

	if (len > UINT8_MAX)
		return pcp_refuse(change->why, 0, "%zu octets given; the name takes at most 255",
				  len);
	if (!edit_splice(change->edit, body->off + fixed, body->len - fixed, name, len))
		return edit_no_room(change->why);
	change->edit->octets[body->off + fixed - 1] = (uint8_t)len;
	return true;
}

static bool change_name_length(const struct change *change)
{
	const struct pcp_node *body = &change->reading->packet.node[change->leaf->parent];
	size_t fixed = pcp_layout_size(body->layout), len = change_number(change);
	uint8_t name[UINT8_MAX + 1] = { 0 };

	memcpy(name, change->edit->octets + body->off + fixed, body->len - fixed);
	return change_name(change, name, len);
}

/* PREFIX64: the prefix and the suffix share 12 octets, and the prefix length says where they part.
 */
static bool change_prefix64(const struct change *change, size_t field)
{
	uint8_t *data = change->edit->octets +
			change->reading->packet.node[change->leaf->parent].off + PCP_TLV_LEN;
	const struct pcp_field *length = &pcp_layout_prefix64.field[PREFIX64_LENGTH];

	if (field == PREFIX64_PREFIX && change->len > 12)
		return pcp_refuse(change->why, 0, "%zu octets given; the prefix takes at most 12",
				  change->len);
	if (field == PREFIX64_SUFFIX && change->len != change->leaf->len)
		return pcp_refuse(change->why, 0,
				  "%zu octets given; beside this prefix the suffix takes %u",
				  change->len, change->leaf->len);
	if (change->len > 0)
		memcpy(change->edit->octets + change->leaf->off, change->octets, change->len);
	if (field == PREFIX64_PREFIX)
		pcp_put(length, data, (uint32_t)change->len);
	return true;
}

/* PREFIX64: the list has as many pairs as the count says, and no count stands for none. */
static bool change_prefix64_count(const struct change *change)
{
	const struct pcp_node *leaf = change->leaf,
			      *option = &change->reading->packet.node[leaf->parent];
	size_t end = option->off + option->len - edit_option_padding(change->reading, leaf->parent);
	size_t list = leaf->off + leaf->len, pairs = change_number(change), want = pairs * 6;
	size_t have = end - list;

	if (change->edit->exact && leaf->len > 0)
		return change_fixed(change);
	if (want > PCP_EDIT_MAX)
		return edit_no_room(change->why);
	if (want > have ? !edit_splice(change->edit, end, 0, NULL, want - have)
			: !edit_splice(change->edit, list + want, have - want, NULL, 0))
		return edit_no_room(change->why);
	if (!edit_splice(change->edit, leaf->off, leaf->len, change->octets, change->len))
		return edit_no_room(change->why);
	return change->edit->exact ||
	       edit_follow(change->edit, change->reading, leaf->parent,
			   (ptrdiff_t)(want + change->len) - (ptrdiff_t)(have + leaf->len),
			   change->why);
}

/* Padding may hold anything until something else changes the option, but keeps its length. */
static bool change_padding(const struct change *change)
{
	if (change->edit->exact)
		return change_replace(change);
	if (change->len != change->leaf->len)
		return pcp_refuse(change->why, 0, "%zu octets given; the padding here takes %u",
				  change->len, change->leaf->len);
	memcpy(change->edit->octets + change->leaf->off, change->octets, change->len);
	return true;
}

static bool apply(const struct change *change)
{
	const struct pcp_layout *layout = change->leaf->layout;
	const struct pcp_field *field = change->leaf->field;
	size_t index = (size_t)(field - layout->field);

	if (layout == &pcp_layout_prefix64 &&
	    (index == PREFIX64_PREFIX || index == PREFIX64_SUFFIX))
		return change_prefix64(change, index);
	if (layout == &pcp_layout_prefix64 && index == PREFIX64_COUNT)
		return change_prefix64_count(change);
	if (field->kind == PCP_PADDING)
		return change_padding(change);
	if (!change->edit->exact && field == &pcp_tlv_fields[TLV_LENGTH])
		return change_option_length(change);
	if (!change->edit->exact && layout == &pcp_layout_sadscp_request) {
		if (field->len == 0)
			return change_name(change, change->octets, change->len);
		if (field[1].len == 0)
			return change_name_length(change);
	}
	return field->len > 0 ? change_fixed(change) : change_replace(change);
}

/* Changes a copy, so that a refusal half-way leaves the packet as it was. */
bool edit_set_leaf(struct pcp_edit *edit, const struct reading *reading, size_t node,
		   const uint8_t *octets, size_t len, struct pcp_why *why)
{
	struct pcp_edit trial = *edit;
	struct change change = { &trial, reading, &reading->packet.node[node], octets, len, why };

	if (!apply(&change))
		return false;
	*edit = trial;
	return true;
}

/* The leaf with that path. The version decides what the paths are, so that it goes by either name.
 */
static size_t find_leaf(const struct reading *reading, const char *path, struct pcp_why *why)
{
	size_t node = pcp_node_find(&reading->packet, path);

	if (node == PCP_NO_NODE && reading->packet.nnode > 1 &&
	    (strcmp(path, "header.version") == 0 || strcmp(path, "natpmp.version") == 0))
		node = 1;
	if (node == PCP_NO_NODE)
		pcp_refuse(why, 0, "this packet has no field \"%s\"",
			   pcp_quote(path, strlen(path)).text);
	else if (!reading->packet.node[node].field) {
		pcp_refuse(why, 0, "\"%s\" is a group of fields; one of them is needed",
			   pcp_quote(path, strlen(path)).text);
		node = PCP_NO_NODE;
	}
	return node;
}

/* An empty count takes PREFIX64's list away, count and all. */
static bool takes_away(const struct pcp_node *leaf, const char *typed)
{
	return leaf->layout == &pcp_layout_prefix64 &&
	       leaf->field == &leaf->layout->field[PREFIX64_COUNT] && typed[0] == '\0';
}

static bool set_typed(struct pcp_edit *edit, const struct reading *reading, const char *path,
		      const char *typed, struct pcp_why *why)
{
	size_t node = find_leaf(reading, path, why), len = 0;
	uint8_t octets[PCP_EDIT_MAX];

	if (node == PCP_NO_NODE)
		return false;
	if (!takes_away(&reading->packet.node[node], typed) &&
	    !pcp_parse_value(reading->packet.node[node].field, typed,
			     pcp_node_v4(&reading->packet, node), octets, sizeof octets, &len, why))
		return false;
	return edit_set_leaf(edit, reading, node, octets, len, why);
}

bool pcp_edit_set(struct pcp_edit *edit, const char *path, const char *typed, struct pcp_why *why)
{
	struct reading reading;
	bool set = reading_open_edit(&reading, edit) ? set_typed(edit, &reading, path, typed, why)
						     : pcp_no_memory(why);

	reading_close(&reading);
	return set;
}

static bool set_uint(struct pcp_edit *edit, const struct reading *reading, const char *path,
		     uint32_t value)
{
	size_t node = find_leaf(reading, path, NULL);
	const struct pcp_field *field;
	uint8_t octets[4] = { 0 };

	if (node == PCP_NO_NODE)
		return false;
	field = reading->packet.node[node].field;
	if (!pcp_field_is_number(field) || value > pcp_field_max(field))
		return false;
	pcp_put_at(field, octets, field->len, value);
	return edit_set_leaf(edit, reading, node, octets, field->len, NULL);
}

bool pcp_edit_set_uint(struct pcp_edit *edit, const char *path, uint32_t value)
{
	struct reading reading;
	bool set = reading_open_edit(&reading, edit) && set_uint(edit, &reading, path, value);

	reading_close(&reading);
	return set;
}

bool pcp_edit_set_octets(struct pcp_edit *edit, const char *path, const uint8_t *octets, size_t len)
{
	struct reading reading;
	size_t node = PCP_NO_NODE;
	bool set = reading_open_edit(&reading, edit) && len <= PCP_EDIT_MAX &&
		   (node = find_leaf(&reading, path, NULL)) != PCP_NO_NODE &&
		   edit_set_leaf(edit, &reading, node, octets, len, NULL);

	reading_close(&reading);
	return set;
}

void pcp_edit_request(struct pcp_edit *edit, uint8_t version, uint8_t opcode,
		      const uint8_t client[PCP_ADDR_LEN], uint32_t lifetime)
{
	uint16_t where =
		(uint16_t)(PCP_REQ | pcp_where_version(version) | pcp_where_opcode(opcode));
	const struct pcp_layout *body;

	pcp_edit_begin(edit, version, opcode);
	if (version == PCP_VERSION_NATPMP) {
		pcp_edit_set_uint(edit, "natpmp.lifetime", lifetime);
		return;
	}
	body = pcp_where_version(version) ? pcp_layout_body(opcode, where, edit->dialects) : NULL;
	for (size_t i = 0; body && i < body->nfield; i++)
		if (body->field[i].kind == PCP_ADDR)
			pcp_addr_any(edit->octets + PCP_HEADER_LEN + body->field[i].off,
				     pcp_addr_is_v4(client));
	pcp_put(&pcp_request_fields[REQ_LIFETIME], edit->octets, lifetime);
	memcpy(edit->octets + pcp_request_fields[REQ_CLIENT].off, client, PCP_ADDR_LEN);
}
