/* A packet as people read it: its leaves, and all of it in one line. */
#include "words.h"

#include <string.h>

/* ---- leaves ---- */

static const uint8_t *node_octets(const struct pcp_packet *packet, size_t node)
{
	return packet->octets + packet->node[node].off;
}

static bool all_zero(const uint8_t *octets, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (octets[i])
			return false;
	return true;
}

/* Whether a prefix length counts an IPv4 address: the address is the next in the same branch. */
bool pcp_node_v4(const struct pcp_packet *packet, size_t node)
{
	uint16_t parent = packet->node[node].parent;

	for (size_t i = node; i < packet->nnode && packet->node[i].parent == parent; i++)
		if (packet->node[i].field && packet->node[i].field->kind == PCP_ADDR)
			return pcp_addr_is_v4(node_octets(packet, i));
	return packet->len >= PCP_HEADER_LEN && packet->direction == PCP_REQUEST &&
	       pcp_addr_is_v4(packet->octets + pcp_request_fields[REQ_CLIENT].off);
}

static void out_prefix(struct pcp_out *out, uint32_t bits, bool v4, bool typed)
{
	bool legal = v4 ? bits >= PCP_V4_BITS && bits <= 128 : bits <= 128;
	uint32_t shown = v4 ? bits - PCP_V4_BITS : bits;

	if (bits == 0)
		pcp_out_text(out, typed ? "erase" : "0 erases all filters");
	else if (typed)
		pcp_out_format(out, legal ? "%u" : "0x%02x", legal ? shown : bits);
	else if (!legal)
		pcp_out_format(out, "%u, not a prefix length of IPv%c", bits, v4 ? '4' : '6');
	else if (v4)
		pcp_out_format(out, "%u (%u on the wire)", shown, bits);
	else
		pcp_out_format(out, "%u", bits);
}

static void out_codes(struct pcp_out *out, const uint8_t *codes, size_t len, bool typed)
{
	if (len == 0 && !typed)
		pcp_out_text(out, "none");
	for (size_t i = 0; i < len; i++) {
		const char *name = pcp_name(pcp_option_names, codes[i]);

		pcp_out_format(out, "%s%u", i == 0 ? "" : typed ? "/" : ", ", codes[i]);
		if (name && !typed)
			pcp_out_format(out, " %s", name);
	}
}

/* A word behind what stands there. */
static void out_word(struct pcp_out *out, const char *word)
{
	pcp_out_text(out, " ");
	pcp_out_text(out, word);
}

static void out_number_word(struct pcp_out *out, uint32_t number)
{
	pcp_out_text(out, " ");
	pcp_out_uint(out, number);
}

static void out_named(struct pcp_out *out, const struct pcp_name *names, uint32_t value, bool typed)
{
	const char *name = pcp_name(names, value);

	pcp_out_uint(out, value);
	if (name && !typed)
		out_word(out, name);
}

static void out_lifetime(struct pcp_out *out, uint32_t seconds, bool typed)
{
	pcp_out_uint(out, seconds);
	if (!typed)
		pcp_out_text(out, " s");
	if (seconds < 60 || typed)
		return;
	pcp_out_text(out, " = ");
	if (seconds == UINT32_MAX)
		pcp_out_text(out, "infinite");
	else
		pcp_out_seconds(out, seconds);
}

/* An option's code goes by the name of the layout that was chosen for it, whatever dialect that is.
 */
static void out_option_code(struct pcp_out *out, const struct pcp_packet *packet, size_t node,
			    uint32_t code)
{
	const struct pcp_layout *layout = packet->node[packet->node[node].parent].layout;

	pcp_out_uint(out, code);
	if (layout->kind == PCP_CLASS_OPTION)
		out_word(out, layout->name);
}

static void out_number(struct pcp_out *out, const struct pcp_packet *packet, size_t node,
		       bool typed)
{
	const struct pcp_field *field = packet->node[node].field;
	uint32_t value;

	if (packet->node[node].len == 0)
		return; /* PREFIX64 without a list has no count */
	value = pcp_get_at(field, node_octets(packet, node), packet->node[node].len);
	if (field == &pcp_tlv_fields[TLV_CODE] && !typed)
		out_option_code(out, packet, node, value);
	else if (field->kind == PCP_NAMED)
		out_named(out, field->names, value, typed);
	else if (field->kind == PCP_SECONDS)
		out_lifetime(out, value, typed);
	else if (field->kind == PCP_PREFIX)
		out_prefix(out, value, pcp_node_v4(packet, node), typed);
	else
		pcp_out_uint(out, value);
}

static void out_prefix6(struct pcp_out *out, const uint8_t *octets, size_t len)
{
	uint8_t addr[PCP_ADDR_LEN] = { 0 };

	memcpy(addr, octets, len < sizeof addr ? len : sizeof addr);
	pcp_out_addr6(out, addr);
	pcp_out_format(out, "/%zu", 8 * len);
}

/* Text that fills a fixed field with zeros is shown without them. */
static void out_string(struct pcp_out *out, const struct pcp_field *field, const uint8_t *octets,
		       size_t len)
{
	if (field->len > 0)
		while (len > 0 && octets[len - 1] == 0)
			len--;
	pcp_out_safe(out, octets, len);
}

static void out_octets(struct pcp_out *out, const struct pcp_packet *packet,
		       const struct pcp_node *leaf, bool typed)
{
	const uint8_t *octets = packet->octets + leaf->off;

	switch (leaf->field->kind) {
	case PCP_ADDR:
		pcp_out_addr(out, octets);
		break;
	case PCP_ADDR4:
		pcp_out_addr4(out, octets);
		break;
	case PCP_PREFIX6:
		out_prefix6(out, octets, leaf->len);
		break;
	case PCP_TEXT:
		out_string(out, leaf->field, octets, leaf->len);
		break;
	case PCP_CODES:
		out_codes(out, octets, leaf->len, typed);
		break;
	case PCP_RESERVED:
	case PCP_PADDING:
		if (!typed && all_zero(octets, leaf->len))
			pcp_out_text(out, "0");
		else
			pcp_out_hex(out, octets, leaf->len);
		break;
	default:
		pcp_out_hex(out, octets, leaf->len);
		break;
	}
}

static void out_leaf(struct pcp_out *out, const struct pcp_packet *packet, size_t node, bool typed)
{
	if (pcp_field_is_number(packet->node[node].field))
		out_number(out, packet, node, typed);
	else
		out_octets(out, packet, &packet->node[node], typed);
}

static void out_branch(struct pcp_out *out, const struct pcp_packet *packet, size_t node)
{
	const struct pcp_node *branch = &packet->node[node];

	if (branch->layout->kind == PCP_CLASS_RAW)
		pcp_out_format(out, "option %u", packet->octets[branch->off]);
	else
		pcp_out_text(out, branch->layout->name);
}

void pcp_out_node(struct pcp_out *out, const struct pcp_packet *packet, size_t node)
{
	if (packet->node[node].field)
		out_leaf(out, packet, node, false);
	else
		out_branch(out, packet, node);
}

size_t pcp_node_text(const struct pcp_packet *packet, size_t node, char *buf, size_t cap)
{
	struct pcp_out out;

	pcp_out_begin(&out, buf, cap);
	pcp_out_node(&out, packet, node);
	return out.len;
}

bool pcp_reads_as_typed(const struct pcp_field *field)
{
	switch (field->kind) {
	case PCP_UINT: /* an option's code has its name beside it */
		return field != &pcp_tlv_fields[TLV_CODE];
	case PCP_RESERVED: /* zeros are not counted */
		return pcp_field_is_number(field);
	case PCP_ADDR:
	case PCP_ADDR4:
	case PCP_PREFIX6:
	case PCP_OCTETS:
	case PCP_TEXT:
	case PCP_OPTIONS:
	case PCP_RAW:
		return true;
	default:
		return false;
	}
}

void pcp_out_typed(struct pcp_out *out, const struct pcp_packet *packet, size_t node)
{
	if (packet->node[node].field)
		out_leaf(out, packet, node, true);
}

size_t pcp_node_typed(const struct pcp_packet *packet, size_t node, char *buf, size_t cap)
{
	struct pcp_out out;

	pcp_out_begin(&out, buf, cap);
	pcp_out_typed(&out, packet, node);
	return out.len;
}

uint32_t pcp_node_uint(const struct pcp_packet *packet, size_t node)
{
	const struct pcp_node *leaf = &packet->node[node];

	if (!leaf->field || !pcp_field_is_number(leaf->field) || leaf->len == 0)
		return 0;
	return pcp_get_at(leaf->field, node_octets(packet, node), leaf->len);
}

/* ---- one line ---- */

static uint32_t body_uint(const struct pcp_packet *packet, const char *key)
{
	size_t node = pcp_body_leaf(packet, key);

	return node == PCP_NO_NODE ? 0 : pcp_node_uint(packet, node);
}

/* A field of the common header: 0 where the packet ends before it. */
static uint32_t header_uint(const struct pcp_packet *packet, size_t field)
{
	const struct pcp_field *row = &pcp_response_fields[field];

	return packet->len < (size_t)row->off + row->len ? 0 : pcp_get(row, packet->octets);
}

static void out_known(struct pcp_out *out, const struct pcp_name *names, uint32_t code)
{
	const char *name = pcp_name(names, code);

	if (name)
		out_word(out, name);
	else
		out_number_word(out, code);
}

/* "203.0.113.9:8080", "[2001:db8::1]:8080"; nothing unless both are there. */
static void out_endpoint(struct pcp_out *out, const struct pcp_packet *packet, const char *address,
			 const char *port)
{
	size_t a = pcp_body_leaf(packet, address);
	size_t p = a == PCP_NO_NODE ? a : pcp_body_leaf(packet, port);
	bool v6;

	if (p == PCP_NO_NODE)
		return;
	v6 = packet->node[a].field->kind == PCP_ADDR && !pcp_addr_is_v4(node_octets(packet, a));
	pcp_out_text(out, v6 ? " [" : " ");
	pcp_out_node(out, packet, a);
	pcp_out_text(out, v6 ? "]:" : ":");
	pcp_out_uint(out, pcp_node_uint(packet, p));
}

static void out_seconds(struct pcp_out *out, uint32_t seconds)
{
	out_number_word(out, seconds);
	pcp_out_text(out, " s");
}

static void out_request(struct pcp_out *out, const struct pcp_packet *packet)
{
	uint32_t lifetime = header_uint(packet, HDR_LIFETIME), protocol, port;
	size_t node = pcp_body_leaf(packet, "protocol");
	bool maps = packet->opcode == PCP_MAP || packet->opcode == PCP_PEER;
	bool get = packet->opcode == PCP_GET;

	if (node == PCP_NO_NODE)
		return;
	protocol = pcp_node_uint(packet, node);
	port = body_uint(packet, "internal_port");
	if (maps || protocol)
		out_word(out, pcp_protocol_text(protocol).text);
	if (maps || port)
		out_number_word(out, port);
	if (packet->opcode == PCP_PEER) {
		pcp_out_text(out, " to");
		out_endpoint(out, packet, "remote_address", "remote_port");
	}
	if (packet->opcode == PCP_MAP && lifetime == 0)
		pcp_out_text(out, " delete");
	else if (!get)
		out_seconds(out, lifetime);
}

static void out_response(struct pcp_out *out, const struct pcp_packet *packet)
{
	uint32_t result = header_uint(packet, HDR_RESULT);
	uint32_t lifetime = header_uint(packet, HDR_LIFETIME);

	if (packet->opcode == PCP_ANNOUNCE)
		pcp_out_format(out, " epoch %u", header_uint(packet, HDR_EPOCH));
	else if (result == PCP_SUCCESS && packet->opcode == PCP_MAP && lifetime == 0)
		pcp_out_text(out, " deleted");
	else if (result == PCP_SUCCESS)
		out_endpoint(out, packet, "assigned_external_address", "assigned_external_port");
	if (lifetime > 0)
		out_seconds(out, lifetime);
}

static void out_next(struct pcp_out *out, const struct pcp_packet *packet)
{
	size_t count = 0, end = PCP_NO_NODE;

	for (size_t i = 0; i < packet->nnode; i++) {
		const struct pcp_node *node = &packet->node[i];

		if (node->parent == PCP_NO_NODE && !node->field && node->layout->code == PCP_NEXT)
			count++;
		if (node->field && node->layout->code == PCP_NEXT &&
		    !strcmp(node->field->key, "end"))
			end = i;
	}
	if (count > 0 && packet->direction == PCP_RESPONSE)
		pcp_out_format(out, " %zu %s", count, count == 1 ? "entry" : "entries");
	if (end != PCP_NO_NODE)
		pcp_out_text(out, pcp_node_uint(packet, end) ? " END" : " MORE");
}

static void summarize_natpmp(struct pcp_out *out, const struct pcp_packet *packet)
{
	const struct pcp_layout *layout = packet->node[0].layout;
	size_t address = pcp_body_leaf(packet, "external_address");
	char text[PCP_ADDR_TEXT];

	pcp_out_format(out, "NAT-PMP %s", layout->name);
	if (packet->direction == PCP_RESPONSE)
		out_known(out, pcp_natpmp_result_names, body_uint(packet, "result"));
	if (pcp_body_leaf(packet, "internal_port") != PCP_NO_NODE)
		pcp_out_format(out, " %u", body_uint(packet, "internal_port"));
	if (pcp_body_leaf(packet, "mapped_external_port") != PCP_NO_NODE)
		pcp_out_format(out, " as %u", body_uint(packet, "mapped_external_port"));
	if (pcp_body_leaf(packet, "lifetime") != PCP_NO_NODE)
		pcp_out_format(out, " %u s", body_uint(packet, "lifetime"));
	if (address != PCP_NO_NODE) {
		pcp_node_text(packet, address, text, sizeof text);
		pcp_out_format(out, " %s", text);
	}
}

static void summarize_pcp(struct pcp_out *out, const struct pcp_packet *packet)
{
	const char *name = pcp_name(pcp_opcode_names, packet->opcode);
	size_t auth = packet->opcode == PCP_AUTHENTICATION ? pcp_body_leaf(packet, "session_id")
							   : PCP_NO_NODE;
	bool result = packet->node[0].layout != &pcp_layout_request &&
		      packet->len > pcp_response_fields[HDR_RESULT].off;

	for (size_t i = 0; i < packet->nnode; i = packet->node[i].end)
		if (!packet->node[i].field && packet->node[i].layout->kind == PCP_CLASS_BODY)
			name = packet->node[i].layout->name;
	if (name)
		pcp_out_text(out, name);
	else
		pcp_out_format(out, "opcode %u", packet->opcode);
	if (result)
		out_known(out, pcp_result_names, header_uint(packet, HDR_RESULT));
	if (auth != PCP_NO_NODE)
		pcp_out_format(out, " session %08x seq %u", pcp_node_uint(packet, auth),
			       body_uint(packet, "sequence"));
	else if (packet->direction == PCP_RESPONSE)
		out_response(out, packet);
	else
		out_request(out, packet);
	if (packet->opcode == PCP_GET)
		out_next(out, packet);
	if (packet->version != PCP_VERSION_2)
		pcp_out_format(out, " (version %u)", packet->version);
}

void pcp_out_summary(struct pcp_out *out, const struct pcp_packet *packet)
{
	if (packet->len < 2)
		pcp_out_format(out, "%zu octet%s", packet->len, pcp_s(packet->len));
	else if (packet->protocol == PCP_PROTOCOL_NATPMP)
		summarize_natpmp(out, packet);
	else
		summarize_pcp(out, packet);
	if (packet->len >= 2 && packet->protocol == PCP_PROTOCOL_PCP &&
	    packet->len < PCP_HEADER_LEN)
		pcp_out_format(out, ", cut off after %zu octets", packet->len);
}

size_t pcp_summary(const struct pcp_packet *packet, char *buf, size_t cap)
{
	struct pcp_out out;

	pcp_out_begin(&out, buf, cap);
	pcp_out_summary(&out, packet);
	return out.len;
}
