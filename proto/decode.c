/* Octets into a tree of spans: see decode.h. */
#include "decode.h"

#include <string.h>

#include "layout-rows.h"
#include "words.h"

/* ---- growing the tree ---- */

static size_t covered_until(const struct pcp_packet *packet)
{
	for (size_t i = packet->nnode; i-- > 0;)
		if (packet->node[i].field)
			return (size_t)packet->node[i].off + packet->node[i].len;
	return 0;
}

/* No room for a node that starts at off: from here on the packet is raw. Leaves that share an octet
 * with it go too, so that what is left ends between two octets. */
static void cut_at(struct pcp_packet *packet, size_t off)
{
	while (packet->nnode > 0) {
		const struct pcp_node *last = &packet->node[packet->nnode - 1];

		if (!last->field || (size_t)last->off + last->len <= off)
			break;
		packet->nnode--;
	}
	packet->cut = true;
}

/* The new node's index, or PCP_NO_NODE when the array is full but for the raw leaf that cut needs.
 */
static uint16_t push(struct pcp_packet *packet, const struct pcp_node *node)
{
	struct pcp_node *new = &packet->node[packet->nnode];

	if (!packet->cut && packet->nnode + 1 >= packet->cap)
		cut_at(packet, node->off);
	if (packet->cut)
		return PCP_NO_NODE;
	*new = *node;
	new->end = (uint16_t)(packet->nnode + 1);
	if (node->parent != PCP_NO_NODE)
		new->depth = (uint8_t)(packet->node[node->parent].depth + 1);
	return (uint16_t)packet->nnode++;
}

static uint16_t push_branch(struct pcp_packet *packet, uint16_t parent,
			    const struct pcp_layout *layout, size_t off, size_t len, size_t nth)
{
	return push(packet, &(struct pcp_node){ .layout = layout,
						.off = (uint32_t)off,
						.len = (uint32_t)len,
						.parent = parent,
						.nth = (uint16_t)nth });
}

static void push_leaf(struct pcp_packet *packet, uint16_t parent, const struct pcp_layout *layout,
		      size_t field, size_t off, size_t len, size_t nth)
{
	push(packet, &(struct pcp_node){ .layout = layout,
					 .field = &layout->field[field],
					 .off = (uint32_t)off,
					 .len = (uint32_t)len,
					 .parent = parent,
					 .nth = (uint16_t)nth });
}

static void push_raw(struct pcp_packet *packet, uint16_t parent, size_t off, size_t len)
{
	if (len > 0)
		push_leaf(packet, parent, &pcp_layout_raw, 0, off, len, 0);
}

static void close_branch(struct pcp_packet *packet, uint16_t branch)
{
	if (branch != PCP_NO_NODE)
		packet->node[branch].end = (uint16_t)packet->nnode;
}

/* After a cut, branches end where the leaves do, and one raw leaf takes the rest of the packet. */
static void finish_cut(struct pcp_packet *packet)
{
	size_t end = covered_until(packet);

	for (size_t i = 0; i < packet->nnode; i++) {
		struct pcp_node *node = &packet->node[i];

		if (node->off > end)
			node->off = (uint32_t)end;
		if ((size_t)node->off + node->len > end)
			node->len = (uint32_t)(end - node->off);
	}
	packet->node[packet->nnode] = (struct pcp_node){ .layout = &pcp_layout_raw,
							 .field = pcp_layout_raw.field,
							 .off = (uint32_t)end,
							 .len = (uint32_t)(packet->len - end),
							 .parent = PCP_NO_NODE,
							 .end = (uint16_t)(packet->nnode + 1) };
	packet->nnode++;
}

/* ---- layouts ---- */

static void decode_options(struct pcp_packet *packet, uint16_t parent, size_t off, size_t end,
			   unsigned level);

/* PREFIX64 (RFC 7225 4.1): the prefix and its suffix share 12 octets, then a count and as many
 * pairs. */
static void decode_prefix64(struct pcp_packet *packet, uint16_t parent, size_t off, size_t len)
{
	const struct pcp_layout *layout = &pcp_layout_prefix64;
	const uint8_t *data = packet->octets + off;
	size_t end = off + len, known = len < 2 ? 0 : 2, count;
	size_t prefix = known ? pcp_get(&layout->field[PREFIX64_LENGTH], data) : 0;

	if (known)
		push_leaf(packet, parent, layout, PREFIX64_LENGTH, off, 2, 0);
	if (len < 14 || prefix > 12) {
		push_raw(packet, parent, off + known, len - known);
		return;
	}
	push_leaf(packet, parent, layout, PREFIX64_PREFIX, off + 2, prefix, 0);
	push_leaf(packet, parent, layout, PREFIX64_SUFFIX, off + 2 + prefix, 12 - prefix, 0);
	off += 14;
	if (end - off == 1) {
		push_raw(packet, parent, off, 1);
		return;
	}
	push_leaf(packet, parent, layout, PREFIX64_COUNT, off, end == off ? 0 : 2, 0);
	if (end == off)
		return;
	count = pcp_get_at(&layout->field[PREFIX64_COUNT], packet->octets + off, 2);
	off += 2;
	for (size_t i = 0; i < count && end - off >= 6; i++, off += 6) {
		push_leaf(packet, parent, layout, PREFIX64_BITS, off, 2, i);
		push_leaf(packet, parent, layout, PREFIX64_ADDRESS, off + 2, 4, i);
	}
	push_raw(packet, parent, off, end - off);
}

/* A layout's fields over len octets: those that are wholly there, then raw octets for what is left.
 */
static void decode_fields(struct pcp_packet *packet, uint16_t parent,
			  const struct pcp_layout *layout, size_t off, size_t len, unsigned level)
{
	size_t done = 0;

	if (layout == &pcp_layout_prefix64) {
		decode_prefix64(packet, parent, off, len);
		return;
	}
	for (size_t i = 0; i < layout->nfield; i++) {
		const struct pcp_field *field = &layout->field[i];
		size_t n = field->len ? field->len : len - field->off;

		if ((size_t)field->off + field->len > len)
			break;
		if (field->kind == PCP_OPTIONS && n > 0 && level < PCP_DEPTH_MAX)
			decode_options(packet, parent, off + field->off, off + len, level + 1);
		else
			push_leaf(packet, parent, layout, i, off + field->off, n, 0);
		done = field->off + n;
	}
	push_raw(packet, parent, off + done, len - done);
}

/* The three fields of the option's header, its data and its padding (RFC 6887 7.3). A Length that
 * runs past the end leaves the data raw. */
static size_t decode_option(struct pcp_packet *packet, uint16_t parent, size_t off, size_t end,
			    size_t nth, unsigned level)
{
	const uint8_t *tlv = packet->octets + off;
	uint8_t code = tlv[0];
	size_t room = end - off - PCP_TLV_LEN, len = pcp_get(&pcp_tlv_fields[TLV_LENGTH], tlv);
	bool overrun = len > room;
	size_t data = overrun ? room : len, pad = overrun ? 0 : (0 - len) & 3;
	uint16_t where = level == 0 ? packet->where : pcp_where_nested(packet->where);
	const struct pcp_layout *layout = pcp_layout_option(code, where, packet->dialects);
	uint16_t branch;

	if (!layout)
		layout = &pcp_layout_raw;
	if (pad > room - data)
		pad = room - data;
	branch = push_branch(packet, parent, layout, off, PCP_TLV_LEN + data + pad, nth);
	for (size_t i = TLV_CODE; i <= TLV_LENGTH; i++)
		push_leaf(packet, branch, &pcp_layout_tlv, i, off + pcp_tlv_fields[i].off,
			  pcp_tlv_fields[i].len, 0);
	if (overrun)
		push_raw(packet, branch, off + PCP_TLV_LEN, data);
	else
		decode_fields(packet, branch, layout, off + PCP_TLV_LEN, data, level);
	if (pad > 0)
		push_leaf(packet, branch, &pcp_layout_tlv, TLV_PADDING, off + PCP_TLV_LEN + data,
			  pad, 0);
	close_branch(packet, branch);
	return PCP_TLV_LEN + data + pad;
}

static void decode_options(struct pcp_packet *packet, uint16_t parent, size_t off, size_t end,
			   unsigned level)
{
	for (size_t nth = 0; end - off >= PCP_TLV_LEN && !packet->cut; nth++)
		off += decode_option(packet, parent, off, end, nth, level);
	push_raw(packet, parent, off, end - off);
}

/* Octets of the body. SADSCP's holds a name whose length stands in the field before it. */
static size_t body_extent(const struct pcp_layout *layout, const uint8_t *body, size_t room)
{
	size_t size = layout->min_len;

	if (layout == &pcp_layout_sadscp_request && room >= size)
		size += body[size - 1];
	return size < room ? size : room;
}

/* The body's layout; NULL where none is known. A refusal of the version says which version the
 * server speaks, but carries the body of the request, which was in another (RFC 6887 8.2, 9). */
static const struct pcp_layout *body_layout(const struct pcp_packet *packet)
{
	const struct pcp_field *result = &pcp_response_fields[HDR_RESULT];

	if (!pcp_where_version(packet->version))
		return NULL;
	if (packet->direction == PCP_RESPONSE && packet->len >= PCP_HEADER_LEN &&
	    pcp_get(result, packet->octets) == PCP_UNSUPP_VERSION)
		return NULL;
	return pcp_layout_body(packet->opcode, packet->where, packet->dialects);
}

static void decode_pcp(struct pcp_packet *packet)
{
	size_t off = packet->len < PCP_HEADER_LEN ? packet->len : PCP_HEADER_LEN;
	const struct pcp_layout *header = &pcp_layout_response, *body = body_layout(packet);
	uint16_t branch;

	if (packet->direction == PCP_REQUEST)
		header = body == &pcp_layout_authentication ? &pcp_layout_auth_request
							    : &pcp_layout_request;
	branch = push_branch(packet, PCP_NO_NODE, header, 0, off, 0);
	decode_fields(packet, branch, header, 0, off, 0);
	close_branch(packet, branch);
	if (body && packet->len >= PCP_HEADER_LEN) {
		size_t len = body_extent(body, packet->octets + off, packet->len - off);

		branch = push_branch(packet, PCP_NO_NODE, body, off, len, 0);
		decode_fields(packet, branch, body, off, len, 0);
		close_branch(packet, branch);
		off += len;
		if (len >= body->min_len)
			decode_options(packet, PCP_NO_NODE, off, packet->len, 0);
	} else {
		push_raw(packet, PCP_NO_NODE, off, packet->len - off);
	}
}

/* A refusal of the version has opcode 0 and no response bit (RFC 6886 3.5), but is 8 octets long.
 */
static bool natpmp_refuses_version(const uint8_t *octets, size_t len)
{
	return len == 8 && octets[1] == NATPMP_ADDRESS && octets[2] == 0 &&
	       octets[3] == PCP_UNSUPP_VERSION;
}

static void decode_natpmp(struct pcp_packet *packet)
{
	bool request = packet->direction == PCP_REQUEST;
	const struct pcp_layout *layout = pcp_layout_natpmp(packet->opcode, packet->where);
	uint16_t branch;

	if (!layout)
		layout = request ? &pcp_layout_natpmp_request : &pcp_layout_natpmp_response;
	if (!request && natpmp_refuses_version(packet->octets, packet->len))
		layout = &pcp_layout_natpmp_version;
	branch = push_branch(packet, PCP_NO_NODE, layout, 0, packet->len, 0);
	decode_fields(packet, branch, layout, 0, packet->len, 0);
	close_branch(packet, branch);
}

static enum pcp_direction guess(const uint8_t *octets, size_t len)
{
	if (len > 1 && pcp_is_response(octets))
		return PCP_RESPONSE;
	if (len > 1 && octets[0] == PCP_VERSION_NATPMP && natpmp_refuses_version(octets, len))
		return PCP_RESPONSE;
	return PCP_REQUEST;
}

void pcp_decode(struct pcp_packet *packet, const uint8_t *octets, size_t len,
		enum pcp_direction direction, unsigned dialects, struct pcp_node *node, size_t cap)
{
	*packet = (struct pcp_packet){
		.octets = octets,
		.len = len,
		.direction = direction == PCP_DIRECTION_GUESS ? guess(octets, len) : direction,
		.version = len > 0 ? octets[0] : 0,
		.opcode = len > 1 ? pcp_opcode_of(octets) : 0,
		.dialects = dialects,
		.node = node,
		.cap = cap < PCP_NO_NODE ? cap : PCP_NO_NODE,
	};
	packet->where = (uint16_t)((packet->direction == PCP_REQUEST ? PCP_REQ : PCP_RESP) |
				   pcp_where_version(packet->version));
	if (len == 0)
		return;
	if (packet->version == PCP_VERSION_NATPMP) {
		packet->protocol = PCP_PROTOCOL_NATPMP;
		decode_natpmp(packet);
	} else {
		packet->where |= pcp_where_opcode(packet->opcode);
		decode_pcp(packet);
	}
	if (packet->cut)
		finish_cut(packet);
}

/* ---- looking at the tree ---- */

size_t pcp_node_at(const struct pcp_packet *packet, size_t octet)
{
	for (size_t i = 0; i < packet->nnode; i++) {
		const struct pcp_node *node = &packet->node[i];

		if (node->field && octet >= node->off && octet - node->off < node->len)
			return i;
	}
	return PCP_NO_NODE;
}

static void out_index(struct pcp_out *out, unsigned nth)
{
	pcp_out_text(out, "[");
	pcp_out_uint(out, nth);
	pcp_out_text(out, "]");
}

/* Options are written by their place in the list, whatever they are; a list inside an option goes
 * by the option's key. */
static void out_option_path(struct pcp_out *out, const struct pcp_packet *packet, size_t option)
{
	const struct pcp_node *node = &packet->node[option];

	if (node->parent != PCP_NO_NODE) {
		out_option_path(out, packet, node->parent);
		pcp_out_text(out, ".");
		pcp_out_text(out, packet->node[node->parent].layout->key);
		pcp_out_text(out, ".");
	}
	pcp_out_text(out, "options[");
	pcp_out_uint(out, node->nth);
	pcp_out_text(out, "]");
}

bool pcp_is_option(const struct pcp_node *node)
{
	return !node->field &&
	       (node->layout->kind == PCP_CLASS_OPTION || node->layout->kind == PCP_CLASS_RAW);
}

static bool in_prefix64_list(const struct pcp_node *node)
{
	return node->layout == &pcp_layout_prefix64 &&
	       node->field >= &pcp_layout_prefix64.field[PREFIX64_BITS];
}

/* A layout's key, and behind it a field's, as one piece: most paths are no more. */
static void out_keys(struct pcp_out *out, const struct pcp_node *node)
{
	const char *layout = node->layout->key, *field = node->field ? node->field->key : NULL;
	size_t len = strlen(layout), more = field ? 1 + strlen(field) : 0;
	char *place;

	if (!pcp_out_place(out, len + more, &place))
		return;
	memcpy(place, layout, len);
	if (!field)
		return;
	place[len] = '.';
	memcpy(place + len + 1, field, more - 1);
}

static void out_path_in_option(struct pcp_out *out, const struct pcp_packet *packet, size_t option,
			       const struct pcp_node *node)
{
	out_option_path(out, packet, option);
	if (!node->field)
		return;
	pcp_out_text(out, ".");
	if (node->layout->kind == PCP_CLASS_TLV)
		pcp_out_text(out, node->field->key);
	else
		out_keys(out, node);
	if (in_prefix64_list(node))
		out_index(out, node->nth);
}

void pcp_out_path(struct pcp_out *out, const struct pcp_packet *packet, size_t index)
{
	const struct pcp_node *node = &packet->node[index];
	size_t option = node->field ? node->parent : index;

	if (option == PCP_NO_NODE || !pcp_is_option(&packet->node[option]))
		out_keys(out, node);
	else
		out_path_in_option(out, packet, option, node);
}

size_t pcp_node_path(const struct pcp_packet *packet, size_t node, char *buf, size_t cap)
{
	struct pcp_out out;

	pcp_out_begin(&out, buf, cap);
	pcp_out_path(&out, packet, node);
	return out.len;
}

size_t pcp_node_find(const struct pcp_packet *packet, const char *path)
{
	char buf[256];

	for (size_t i = 0; i < packet->nnode; i++)
		if (pcp_node_path(packet, i, buf, sizeof buf) < sizeof buf &&
		    strcmp(buf, path) == 0)
			return i;
	return PCP_NO_NODE;
}

size_t pcp_body_leaf(const struct pcp_packet *packet, const char *key)
{
	const struct pcp_node *node = packet->node, *end = node + packet->nnode;

	for (; node < end; node++)
		if (node->field ? *node->field->key == *key && !strcmp(node->field->key, key)
				: pcp_is_option(node))
			return node->field ? (size_t)(node - packet->node) : PCP_NO_NODE;
	return PCP_NO_NODE;
}

/* ---- options without a tree ---- */

bool pcp_tlv_next(const uint8_t *octets, size_t len, size_t *pos, struct pcp_tlv *tlv, bool *bad)
{
	size_t room = *pos < len ? len - *pos : 0, padded;

	if (room == 0)
		return false;
	if (room < PCP_TLV_LEN) {
		*bad = true;
		return false;
	}
	tlv->off = *pos;
	tlv->code = octets[*pos];
	tlv->len = pcp_get(&pcp_tlv_fields[TLV_LENGTH], octets + *pos);
	tlv->data = octets + *pos + PCP_TLV_LEN;
	if (tlv->len > room - PCP_TLV_LEN) {
		*bad = true;
		return false;
	}
	padded = PCP_TLV_LEN + ((tlv->len + 3) & ~(size_t)3);
	*pos += padded < room ? padded : room;
	return true;
}

size_t pcp_body_len(uint8_t opcode, uint8_t version)
{
	uint16_t where = (uint16_t)(pcp_where_opcode(opcode) | pcp_where_version(version));
	const struct pcp_layout *layout = pcp_layout_body(opcode, where, PCP_STANDARD);

	return layout && pcp_where_version(version) ? layout->min_len : 0;
}
