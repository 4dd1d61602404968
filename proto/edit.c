/* Composing: octets changed by path, Lengths and padding that follow: see edit.h. */
#include "edit.h"

#include <string.h>

#include "layout-rows.h"
#include "words.h"

/* Nodes that PCP_EDIT_MAX octets can have: FLOW_PRIORITY, the densest, takes 12 for 8 octets. */
enum { NODES = PCP_EDIT_MAX * 3 / 2 };

/* The buffer decoded, for one operation. */
struct edit_view {
	struct pcp_packet packet;
	struct pcp_node node[NODES];
};

static bool no_room(struct pcp_why *why)
{
	return pcp_refuse(why, 0, "no room; a packet holds at most %d octets here", PCP_EDIT_MAX);
}

/* ---- the buffer ---- */

static void open_view(const struct pcp_edit *edit, struct edit_view *view)
{
	pcp_edit_decode(edit, &view->packet, view->node, NODES);
}

/* Replaces old octets at off by len others (NULL: zeros). False, with nothing changed, when they do
 * not fit. The new octets must not stand in the buffer. */
static bool splice(struct pcp_edit *edit, size_t off, size_t old, const uint8_t *octets, size_t len)
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

static bool grow_to(struct pcp_edit *edit, size_t len)
{
	return edit->len >= len || splice(edit, edit->len, 0, NULL, len - edit->len);
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

void pcp_edit_request(struct pcp_edit *edit, uint8_t version, uint8_t opcode,
		      const uint8_t client[PCP_ADDR_LEN], uint32_t lifetime)
{
	struct edit_view view;

	pcp_edit_begin(edit, version, opcode);
	if (version == PCP_VERSION_NATPMP) {
		pcp_edit_set_uint(edit, "natpmp.lifetime", lifetime);
		return;
	}
	pcp_put(&pcp_request_fields[REQ_LIFETIME], edit->octets, lifetime);
	open_view(edit, &view);
	for (size_t i = 0; i < view.packet.nnode; i++)
		if (view.node[i].field && view.node[i].field->kind == PCP_ADDR)
			pcp_addr_any(edit->octets + view.node[i].off, pcp_addr_is_v4(client));
	memcpy(edit->octets + pcp_request_fields[REQ_CLIENT].off, client, PCP_ADDR_LEN);
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

/* ---- options in the tree ---- */

static bool is_option(const struct edit_view *view, size_t node)
{
	return pcp_is_option(&view->node[node]);
}

/* Whether the layout's data ends in nested options. */
static bool nests(const struct pcp_layout *layout)
{
	return layout->nfield > 0 && layout->field[layout->nfield - 1].kind == PCP_OPTIONS;
}

/* Its own: an option nested in it may end in padding as well. */
static size_t option_padding(const struct edit_view *view, size_t option)
{
	const struct pcp_node *last = &view->node[view->node[option].end - 1];

	return last->parent == option && last->field == &pcp_tlv_fields[TLV_PADDING] ? last->len
										     : 0;
}

static size_t option_data(const struct edit_view *view, size_t option)
{
	return view->node[option].len - PCP_TLV_LEN - option_padding(view, option);
}

/* The nth option of the packet itself; PCP_NO_NODE when it has fewer. */
static size_t option_at(const struct edit_view *view, size_t nth)
{
	for (size_t i = 0; i < view->packet.nnode; i = view->node[i].end)
		if (is_option(view, i) && view->node[i].nth == nth)
			return i;
	return PCP_NO_NODE;
}

static size_t option_count(const struct edit_view *view)
{
	size_t n = 0;

	while (option_at(view, n) != PCP_NO_NODE)
		n++;
	return n;
}

/* After the data of an option changed by delta octets: its Length and padding follow, and so do
 * those of the options that it stands in. The view is of before the change. */
static bool follow(struct pcp_edit *edit, const struct edit_view *view, size_t option,
		   ptrdiff_t delta, struct pcp_why *why)
{
	for (; option != PCP_NO_NODE && is_option(view, option);
	     option = view->node[option].parent) {
		size_t off = view->node[option].off, old = option_padding(view, option);
		size_t data = (size_t)((ptrdiff_t)option_data(view, option) + delta);
		size_t pad = (0 - data) & 3;

		if (data > UINT16_MAX || !splice(edit, off + PCP_TLV_LEN + data, old, NULL, pad))
			return no_room(why);
		pcp_put(&pcp_tlv_fields[TLV_LENGTH], edit->octets + off, (uint32_t)data);
		delta += (ptrdiff_t)pad - (ptrdiff_t)old;
	}
	return true;
}

/* Puts other octets in the place of some that belong to a branch. */
static bool replace(struct pcp_edit *edit, const struct edit_view *view, size_t branch, size_t off,
		    size_t old, const uint8_t *octets, size_t len, struct pcp_why *why)
{
	if (!splice(edit, off, old, octets, len))
		return no_room(why);
	if (edit->exact)
		return true;
	return follow(edit, view, branch, (ptrdiff_t)len - (ptrdiff_t)old, why);
}

/* ---- setting a leaf ---- */

/* One change: what is set and to what. */
struct change {
	struct pcp_edit *edit;
	const struct edit_view *view;
	const struct pcp_node *leaf;
	const uint8_t *octets;
	size_t len;
	struct pcp_why *why;
};

static bool change_replace(const struct change *change)
{
	return replace(change->edit, change->view, change->leaf->parent, change->leaf->off,
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
	size_t option = change->leaf->parent, old = option_data(change->view, option);
	size_t off = change->view->node[option].off + PCP_TLV_LEN, len = change_number(change);

	if (len < old)
		return replace(change->edit, change->view, option, off + len, old - len, NULL, 0,
			       change->why);
	return replace(change->edit, change->view, option, off + old, 0, NULL, len - old,
		       change->why);
}

/* SADSCP's name and the field that holds its length follow each other. */
static bool change_name(const struct change *change, const uint8_t *name, size_t len)
{
	const struct pcp_node *body = &change->view->node[change->leaf->parent];
	size_t fixed = pcp_layout_size(body->layout);

	if (len > UINT8_MAX)
		return pcp_refuse(change->why, 0, "%zu octets given; the name takes at most 255",
				  len);
	if (!splice(change->edit, body->off + fixed, body->len - fixed, name, len))
		return no_room(change->why);
	change->edit->octets[body->off + fixed - 1] = (uint8_t)len;
	return true;
}

static bool change_name_length(const struct change *change)
{
	const struct pcp_node *body = &change->view->node[change->leaf->parent];
	size_t fixed = pcp_layout_size(body->layout), len = change_number(change);
	uint8_t name[UINT8_MAX + 1] = { 0 };

	memcpy(name, change->edit->octets + body->off + fixed, body->len - fixed);
	return change_name(change, name, len);
}

/* PREFIX64: the prefix and the suffix share 12 octets, and the prefix length says where they part.
 */
static bool change_prefix64(const struct change *change, size_t field)
{
	uint8_t *data =
		change->edit->octets + change->view->node[change->leaf->parent].off + PCP_TLV_LEN;
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
	const struct pcp_node *leaf = change->leaf, *option = &change->view->node[leaf->parent];
	size_t end = option->off + option->len - option_padding(change->view, leaf->parent);
	size_t list = leaf->off + leaf->len, pairs = change_number(change), want = pairs * 6;
	size_t have = end - list;

	if (change->edit->exact && leaf->len > 0)
		return change_fixed(change);
	if (want > PCP_EDIT_MAX)
		return no_room(change->why);
	if (want > have ? !splice(change->edit, end, 0, NULL, want - have)
			: !splice(change->edit, list + want, have - want, NULL, 0))
		return no_room(change->why);
	if (!splice(change->edit, leaf->off, leaf->len, change->octets, change->len))
		return no_room(change->why);
	return change->edit->exact ||
	       follow(change->edit, change->view, leaf->parent,
		      (ptrdiff_t)(want + change->len) - (ptrdiff_t)(have + leaf->len), change->why);
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
static bool set_leaf(struct pcp_edit *edit, const struct edit_view *view, size_t node,
		     const uint8_t *octets, size_t len, struct pcp_why *why)
{
	struct pcp_edit trial = *edit;
	struct change change = { &trial, view, &view->node[node], octets, len, why };

	if (!apply(&change))
		return false;
	*edit = trial;
	return true;
}

/* The leaf with that path. The version decides what the paths are, so that it goes by either name.
 */
static size_t find_leaf(const struct edit_view *view, const char *path, struct pcp_why *why)
{
	size_t node = pcp_node_find(&view->packet, path);

	if (node == PCP_NO_NODE && view->packet.nnode > 1 &&
	    (strcmp(path, "header.version") == 0 || strcmp(path, "natpmp.version") == 0))
		node = 1;
	if (node == PCP_NO_NODE)
		pcp_refuse(why, 0, "this packet has no field \"%s\"",
			   pcp_quote(path, strlen(path)).text);
	else if (!view->node[node].field) {
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

bool pcp_edit_set(struct pcp_edit *edit, const char *path, const char *typed, struct pcp_why *why)
{
	uint8_t octets[PCP_EDIT_MAX];
	struct edit_view view;
	size_t node, len;

	open_view(edit, &view);
	node = find_leaf(&view, path, why);
	if (node == PCP_NO_NODE)
		return false;
	if (takes_away(&view.node[node], typed))
		len = 0;
	else if (!pcp_parse_value(view.node[node].field, typed, pcp_node_v4(&view.packet, node),
				  octets, sizeof octets, &len, why))
		return false;
	return set_leaf(edit, &view, node, octets, len, why);
}

bool pcp_edit_set_uint(struct pcp_edit *edit, const char *path, uint32_t value)
{
	const struct pcp_field *field;
	uint8_t octets[4] = { 0 };
	struct edit_view view;
	size_t node;

	open_view(edit, &view);
	node = find_leaf(&view, path, NULL);
	if (node == PCP_NO_NODE)
		return false;
	field = view.node[node].field;
	if (!pcp_field_is_number(field) || value > pcp_field_max(field))
		return false;
	pcp_put_at(field, octets, field->len, value);
	return set_leaf(edit, &view, node, octets, field->len, NULL);
}

bool pcp_edit_set_octets(struct pcp_edit *edit, const char *path, const uint8_t *octets, size_t len)
{
	struct edit_view view;
	size_t node;

	open_view(edit, &view);
	node = find_leaf(&view, path, NULL);
	return node != PCP_NO_NODE && len <= PCP_EDIT_MAX &&
	       set_leaf(edit, &view, node, octets, len, NULL);
}

/* ---- options ---- */

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
static size_t build_option(const struct edit_view *view, uint16_t where, uint8_t code,
			   const uint8_t *data, size_t len, uint8_t option[PCP_EDIT_MAX])
{
	const struct pcp_layout *layout = pcp_layout_option(code, where, view->packet.dialects);
	size_t whole;

	if (!data)
		len = fresh_data(layout, packet_v4(&view->packet), option + PCP_TLV_LEN);
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

int pcp_edit_add_option(struct pcp_edit *edit, uint8_t code, const uint8_t *data, size_t len)
{
	uint8_t option[PCP_EDIT_MAX];
	struct pcp_edit trial = *edit;
	struct edit_view view;
	size_t count;

	if (!trial.exact)
		pcp_edit_repair(&trial);
	open_view(&trial, &view);
	count = option_count(&view);
	len = build_option(&view, view.packet.where, code, data, len, option);
	if (len == 0 || !splice(&trial, trial.len, 0, option, len))
		return -1;
	open_view(&trial, &view);
	if (option_count(&view) != count + 1) /* behind raw octets there are no options */
		return -1;
	*edit = trial;
	return (int)count;
}

int pcp_edit_add_nested(struct pcp_edit *edit, const char *path, uint8_t code, const uint8_t *data,
			size_t len)
{
	uint8_t octets[PCP_EDIT_MAX];
	struct pcp_edit trial = *edit;
	const struct pcp_layout *layout;
	size_t option, old, size, count = 0;
	struct edit_view view;

	open_view(edit, &view);
	option = pcp_node_find(&view.packet, path);
	if (option == PCP_NO_NODE || !is_option(&view, option))
		return -1;
	layout = view.node[option].layout;
	size = pcp_layout_size(layout);
	old = option_data(&view, option);
	if (!nests(layout) || old < size)
		return -1;
	for (size_t i = option + 1; i < view.node[option].end; i = view.node[i].end)
		count += is_option(&view, i);
	len = build_option(&view, pcp_where_nested(view.packet.where), code, data, len, octets);
	if (len == 0 || !replace(&trial, &view, option, view.node[option].off + PCP_TLV_LEN + old,
				 0, octets, len, NULL))
		return -1;
	*edit = trial;
	return (int)count;
}

bool pcp_edit_remove_option(struct pcp_edit *edit, size_t nth)
{
	struct edit_view view;
	size_t option;

	open_view(edit, &view);
	option = option_at(&view, nth);
	return option != PCP_NO_NODE &&
	       splice(edit, view.node[option].off, view.node[option].len, NULL, 0);
}

bool pcp_edit_move_option(struct pcp_edit *edit, size_t from, size_t to)
{
	struct pcp_edit trial = *edit;
	size_t option, target, off, len;
	struct edit_view view;

	if (!trial.exact)
		pcp_edit_repair(&trial);
	open_view(&trial, &view);
	option = option_at(&view, from);
	target = option_at(&view, to);
	if (option == PCP_NO_NODE || target == PCP_NO_NODE)
		return false;
	*edit = trial;
	off = view.node[option].off;
	len = view.node[option].len;
	splice(edit, off, len, NULL, 0);
	/* Behind the target when moving on, before it when moving back. */
	target = view.node[target].off + (to > from ? view.node[target].len - len : 0);
	return splice(edit, target, 0, trial.octets + off, len);
}

/* ---- repair ---- */

static bool padding_wrong(const struct edit_view *view, size_t option)
{
	size_t data = option_data(view, option), pad = option_padding(view, option);
	const uint8_t *padding = view->packet.octets + view->node[option].off + PCP_TLV_LEN + data;

	for (size_t i = 0; i < pad; i++)
		if (padding[i])
			return true;
	return pad != ((0 - data) & 3);
}

static bool option_wrong(const struct edit_view *view, size_t option)
{
	const uint8_t *tlv = view->packet.octets + view->node[option].off;

	return pcp_get(&pcp_tlv_fields[TLV_LENGTH], tlv) != option_data(view, option) ||
	       padding_wrong(view, option);
}

/* One to three octets where an option should start: they become one, with zeros. */
static bool scrap(const struct edit_view *view, size_t node)
{
	const struct pcp_node *leaf = &view->node[node];
	const struct pcp_node *parent =
		leaf->parent == PCP_NO_NODE ? NULL : &view->node[leaf->parent];

	if (leaf->field != pcp_layout_raw.field)
		return false;
	if (!parent)
		return leaf->len % PCP_TLV_LEN != 0;
	return leaf->len < PCP_TLV_LEN && is_option(view, leaf->parent) && nests(parent->layout) &&
	       leaf->off >= parent->off + PCP_TLV_LEN + pcp_layout_size(parent->layout);
}

/* Repairs the first thing that is wrong. False when there is none, or no room for what is missing.
 */
static bool repair_one(struct pcp_edit *edit)
{
	struct pcp_edit trial = *edit;
	struct edit_view view;
	bool done = false;

	open_view(edit, &view);
	for (size_t i = 0; i < view.packet.nnode && !done; i++) {
		const struct pcp_node *node = &view.node[i];

		if (is_option(&view, i) && option_wrong(&view, i)) {
			if (!follow(&trial, &view, i, 0, NULL))
				return false;
			done = true;
		} else if (scrap(&view, i)) {
			if (!replace(&trial, &view, node->parent, node->off + node->len, 0, NULL,
				     (0 - node->len) & 3, NULL))
				return false;
			done = true;
		}
	}
	if (done)
		*edit = trial;
	return done;
}

/* Header and body are made whole first: options start behind them. */
static void repair_size(struct pcp_edit *edit)
{
	struct edit_view view;

	if (edit->len == 0)
		return;
	grow_to(edit, edit->octets[0] == PCP_VERSION_NATPMP ? 2 : PCP_HEADER_LEN);
	open_view(edit, &view);
	for (size_t i = 0; i < view.packet.nnode; i = view.node[i].end) {
		const struct pcp_layout *layout = view.node[i].layout;

		if (layout->kind == PCP_CLASS_BODY || layout->kind == PCP_CLASS_NATPMP)
			grow_to(edit, view.node[i].off + pcp_layout_size(layout));
	}
}

/* SADSCP's name is filled with zeros, which its length counts, so that options start at a multiple
 * of 4.
 */
static void repair_name(struct pcp_edit *edit)
{
	const struct pcp_layout *layout = &pcp_layout_sadscp_request;
	const struct pcp_field *name = &layout->field[layout->nfield - 1];
	uint8_t filled[UINT8_MAX + 4] = { 0 };
	struct edit_view view;

	open_view(edit, &view);
	for (size_t i = 0; i < view.packet.nnode; i++) {
		const struct pcp_node *leaf = &view.node[i];
		size_t len = (leaf->len + (0 - (leaf->off + leaf->len)) % 4);

		if (leaf->field != name)
			continue;
		memcpy(filled, view.packet.octets + leaf->off, leaf->len);
		set_leaf(edit, &view, i, filled, len > UINT8_MAX ? len - 4 : len, NULL);
		return;
	}
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
