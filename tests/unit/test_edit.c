#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "edit.h"
#include "tiling.h"
#include "vectors.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static struct vector vectors[VECTORS_MAX];
static size_t nvectors;
static struct pcp_node nodes[PCP_NODES_MAX];

static void assert_octets(const struct pcp_edit *edit, const uint8_t *octets, size_t len,
			  const char *what)
{
	char got[2 * PCP_EDIT_MAX + 1], want[2 * PCP_EDIT_MAX + 1];

	if (edit->len == len && memcmp(edit->octets, octets, len) == 0)
		return;
	pcp_hex_text(edit->octets, edit->len, got, sizeof got);
	pcp_hex_text(octets, len, want, sizeof want);
	fail_msg("%s:\n got %s\nwant %s", what, got, want);
}

static void assert_hex(const struct pcp_edit *edit, const char *hex)
{
	uint8_t octets[PCP_EDIT_MAX];
	struct pcp_why why;
	size_t len;

	assert_true(pcp_hex_parse(hex, octets, sizeof octets, &len, &why));
	assert_octets(edit, octets, len, hex);
}

static struct pcp_edit loaded(const char *hex)
{
	struct pcp_edit edit = { 0 };
	uint8_t octets[PCP_EDIT_MAX];
	struct pcp_why why;
	size_t len;

	assert_true(pcp_hex_parse(hex, octets, sizeof octets, &len, &why));
	assert_true(pcp_edit_load(&edit, octets, len));
	return edit;
}

static void must_set(struct pcp_edit *edit, const char *path, const char *typed)
{
	struct pcp_why why;

	if (!pcp_edit_set(edit, path, typed, &why))
		fail_msg("%s = \"%s\": %s", path, typed, why.text);
}

/* ---- the same packet again ---- */

/* A leaf of one packet put into another, as JSON carries it: numbers as numbers, the rest as text.
 */
static void copy_leaf(struct pcp_edit *to, const struct pcp_packet *from, size_t node)
{
	char path[128], typed[2 * PCP_EDIT_MAX + 64];

	pcp_node_path(from, node, path, sizeof path);
	assert_true(pcp_node_typed(from, node, typed, sizeof typed) < sizeof typed);
	if (pcp_field_is_number(from->node[node].field) && from->node[node].len > 0) {
		if (!pcp_edit_set_uint(to, path, pcp_node_uint(from, node)))
			fail_msg("%s = %s", path, typed);
	} else {
		must_set(to, path, typed);
	}
}

/* Each leaf set to what it is changes nothing. */
static void set_what_is(const uint8_t *octets, size_t len, unsigned dialects, bool exact,
			const char *what)
{
	struct pcp_edit edit = { .dialects = dialects, .exact = exact };
	struct pcp_packet packet;
	char path[128], typed[2 * PCP_EDIT_MAX + 64];

	pcp_decode(&packet, octets, len, PCP_DIRECTION_GUESS, dialects, nodes, COUNT(nodes));
	assert_true(pcp_edit_load(&edit, octets, len));
	for (size_t i = 0; i < packet.nnode; i++) {
		if (!nodes[i].field)
			continue;
		pcp_node_path(&packet, i, path, sizeof path);
		pcp_node_typed(&packet, i, typed, sizeof typed);
		must_set(&edit, path, typed);
		assert_octets(&edit, octets, len, what);
	}
}

/* Any packet again from its length, direction and leaves. */
static void build_from_blank(const uint8_t *octets, size_t len, unsigned dialects, const char *what)
{
	struct pcp_edit edit = { .dialects = dialects };
	struct pcp_packet packet;

	pcp_decode(&packet, octets, len, PCP_DIRECTION_GUESS, dialects, nodes, COUNT(nodes));
	assert_true(pcp_edit_blank(&edit, len));
	edit.direction = packet.direction;
	for (size_t i = 0; i < packet.nnode; i++)
		if (nodes[i].field)
			copy_leaf(&edit, &packet, i);
	assert_octets(&edit, octets, len, what);
}

static void add_as(struct pcp_edit *edit, const struct pcp_packet *from, size_t node)
{
	uint16_t parent = from->node[node].parent;
	uint8_t code = from->octets[from->node[node].off];
	char path[128];

	if (parent == PCP_NO_NODE) {
		assert_int_equal(pcp_edit_add_option(edit, code, NULL, 0), from->node[node].nth);
		return;
	}
	pcp_node_path(from, parent, path, sizeof path);
	assert_int_equal(pcp_edit_add_nested(edit, path, code, NULL, 0), from->node[node].nth);
}

/* The Length of a NEXT comes from the options added to it: typed first, it would make zero ones. */
static bool sized_by_options(const struct pcp_packet *packet, size_t node)
{
	const struct pcp_layout *option;

	if (nodes[node].field != &pcp_tlv_fields[TLV_LENGTH])
		return false;
	option = packet->node[nodes[node].parent].layout;
	return option->nfield > 0 && option->field[option->nfield - 1].kind == PCP_OPTIONS;
}

/* A legal packet again as a person composes it: begin, fill the fields, add option after option. */
static void build_as_a_form(const uint8_t *octets, size_t len, unsigned dialects, const char *what)
{
	struct pcp_edit edit = { .dialects = dialects };
	struct pcp_packet packet;

	pcp_decode(&packet, octets, len, PCP_DIRECTION_GUESS, dialects, nodes, COUNT(nodes));
	if (strcmp(nodes[0].layout->name, "UNSUPPORTED_VERSION") == 0)
		return; /* no form leads to an answer whose response bit is clear: RFC 6886 3.5 */
	pcp_edit_begin(&edit, packet.version, packet.opcode);
	if (octets[1] & PCP_R) {
		must_set(&edit, packet.version ? "header.r" : "natpmp.r", "response");
		pcp_edit_repair(&edit); /* bodies of requests and responses may differ in length */
	}
	for (size_t i = 0; i < packet.nnode; i++) {
		if (nodes[i].field && !sized_by_options(&packet, i))
			copy_leaf(&edit, &packet, i);
		else if (!nodes[i].field && (nodes[i].layout->kind == PCP_CLASS_OPTION ||
					     nodes[i].layout->kind == PCP_CLASS_RAW))
			add_as(&edit, &packet, i);
	}
	assert_octets(&edit, octets, len, what);
}

static void vector_set_what_is(void **state)
{
	const struct vector *v = *state;

	set_what_is(v->octets, v->len, PCP_STANDARD, false, v->name);
	set_what_is(v->octets, v->len, PCP_STANDARD, true, v->name);
}

static void vector_from_blank(void **state)
{
	const struct vector *v = *state;

	build_from_blank(v->octets, v->len, PCP_STANDARD, v->name);
}

static void vector_as_a_form(void **state)
{
	const struct vector *v = *state;

	build_as_a_form(v->octets, v->len, PCP_STANDARD, v->name);
}

/* Malformed ones too: cut, with a bit flipped, in exact mode. */
static void vector_broken_from_blank(void **state)
{
	const struct vector *v = *state;
	uint8_t octets[PCP_EDIT_MAX];

	for (size_t len = 1; len < v->len; len++)
		build_from_blank(v->octets, len, PCP_STANDARD, v->name);
	for (size_t bit = 0; bit < 8 * v->len; bit += 3) {
		memcpy(octets, v->octets, v->len);
		octets[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
		build_from_blank(octets, v->len, PCP_STANDARD, v->name);
		set_what_is(octets, v->len, PCP_STANDARD, true, v->name);
	}
}

/* ---- every layout with any contents ---- */

static uint32_t seed;

static uint32_t random_below(uint32_t n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

static void random_octets(uint8_t *octets, size_t len)
{
	while (len-- > 0)
		*octets++ = (uint8_t)random_below(256);
}

static size_t put_option(uint8_t *at, uint8_t code, size_t len)
{
	memset(at, 0, PCP_TLV_LEN + len + 3);
	at[0] = code;
	at[2] = (uint8_t)(len >> 8);
	at[3] = (uint8_t)len;
	random_octets(at + PCP_TLV_LEN, len);
	return PCP_TLV_LEN + ((len + 3) & ~(size_t)3);
}

/* Octets for an option's data: a fixed length, or up to a little beyond the least. */
static size_t some_length(const struct pcp_layout *layout)
{
	if (layout->max_len == layout->min_len)
		return layout->min_len;
	return layout->min_len + random_below(40);
}

/* Data that random octets would hardly be: lists that fit their counts, whole nested options. */
static size_t put_data(uint8_t *at, const struct pcp_layout *layout)
{
	static const uint8_t nested[] = { PCP_FILTER, PCP_DESCRIPTION, PCP_PREFER_FAILURE, 77,
					  PCP_THIRD_PARTY };
	size_t len = some_length(layout), size = pcp_layout_size(layout), count = random_below(4);

	if (strcmp(layout->key, "prefix64") == 0)
		len = random_below(2) ? 14 : 16 + 6 * count;
	if (layout->nfield && layout->field[layout->nfield - 1].kind == PCP_OPTIONS) {
		put_option(at, layout->code, len = size);
		for (size_t i = 0; i < count; i++)
			len += put_option(at + PCP_TLV_LEN + len, nested[random_below(5)],
					  (size_t[]){ 20, 0, 7 }[random_below(3)]);
		at[2] = (uint8_t)(len >> 8);
		at[3] = (uint8_t)len;
		return PCP_TLV_LEN + len;
	}
	len = put_option(at, layout->code, len);
	if (strcmp(layout->key, "prefix64") == 0) {
		at[4] = 0;
		at[5] = (uint8_t)random_below(13);
		if (at[3] >= 16)
			at[18] = 0, at[19] = (uint8_t)count;
	}
	return len;
}

static uint8_t opcode_for(const struct pcp_layout *layout)
{
	static const uint8_t opcodes[] = { PCP_ANNOUNCE, PCP_MAP, PCP_PEER, PCP_AUTHENTICATION,
					   PCP_GET };

	for (size_t i = 0; i < COUNT(opcodes); i++)
		if (layout->where & pcp_where_opcode(opcodes[i]))
			return opcodes[i];
	return PCP_MAP;
}

static uint8_t version_for(const struct pcp_layout *layout)
{
	return layout->where & PCP_V1 && !(layout->where & PCP_V2) ? 1 : 2;
}

/* A message that holds the layout once. */
static size_t put_message(uint8_t *octets, const struct pcp_layout *layout)
{
	bool response = layout->where & PCP_RESP && (!(layout->where & PCP_REQ) || random_below(2));
	bool body = layout->kind == PCP_CLASS_BODY;
	uint8_t version = version_for(layout), opcode = body ? layout->code : opcode_for(layout);
	size_t len =
		PCP_HEADER_LEN + (body ? pcp_layout_size(layout) : pcp_body_len(opcode, version));

	random_octets(octets, len);
	octets[0] = version;
	octets[1] = (uint8_t)(opcode | (response ? PCP_R : 0));
	if (strcmp(layout->key, "sadscp") == 0 && !response) {
		random_octets(octets + len, octets[len - 1]);
		len += octets[len - 1];
	}
	return body ? len : len + put_data(octets + len, layout);
}

static size_t put_natpmp(uint8_t *octets, const struct pcp_layout *layout)
{
	size_t len = pcp_layout_size(layout);

	random_octets(octets, len);
	octets[0] = 0;
	octets[1] = layout->code > 127 ? 99 : layout->code;
	if (layout->where & PCP_RESP)
		octets[1] |= PCP_R;
	if (strcmp(layout->name, "UNSUPPORTED_VERSION") == 0)
		memcpy(octets, "\0\0\0\1", 4);
	return len;
}

static bool holds_layout(const uint8_t *octets, size_t len, const struct pcp_layout *layout)
{
	struct pcp_packet packet;

	pcp_decode(&packet, octets, len, PCP_DIRECTION_GUESS, layout->dialect, nodes, COUNT(nodes));
	for (size_t i = 0; i < packet.nnode; i++)
		if (nodes[i].layout == layout)
			return true;
	return false;
}

static void layout_again(void **state)
{
	const struct pcp_layout *layout = *state;
	size_t held = 0;

	seed = 1;
	for (size_t round = 0; round < 40; round++) {
		uint8_t octets[PCP_EDIT_MAX];
		size_t len = layout->kind == PCP_CLASS_NATPMP ? put_natpmp(octets, layout)
							      : put_message(octets, layout);
		struct pcp_packet packet;

		pcp_decode(&packet, octets, len, PCP_DIRECTION_GUESS, layout->dialect, nodes,
			   COUNT(nodes));
		if (tiling_fault(&packet))
			fail_msg("%s: %s", layout->name, tiling_fault(&packet));
		held += holds_layout(octets, len, layout);
		set_what_is(octets, len, layout->dialect, true, layout->name);
		set_what_is(octets, len, layout->dialect, false, layout->name);
		build_from_blank(octets, len, layout->dialect, layout->name);
		build_as_a_form(octets, len, layout->dialect, layout->name);
	}
	if (held == 0)
		fail_msg("%s never occurred", layout->name);
}

/* ---- composing ---- */

#define CLIENT	"00000000000000000000ffffc0a80564"
#define ANY4	"00000000000000000000ffff00000000"
#define MAP_HEX "02010000 00000e10 " CLIENT "000000000000000000000000 00 000000 0000 0000 " ANY4

static struct pcp_edit map_request(void)
{
	struct pcp_edit edit = { 0 };
	uint8_t client[PCP_ADDR_LEN];
	struct pcp_why why;

	assert_true(pcp_addr_parse("192.168.5.100", client, &why));
	pcp_edit_request(&edit, 2, PCP_MAP, client, 3600);
	return edit;
}

static void beginnings(void **state)
{
	struct pcp_edit edit = { 0 };
	uint8_t v6[PCP_ADDR_LEN] = { 0x20, 1, 0xd, 0xb8, [15] = 1 };

	(void)state;
	pcp_edit_begin(&edit, 2, PCP_ANNOUNCE);
	assert_hex(&edit, "02000000 00000000 00000000000000000000000000000000");
	pcp_edit_begin(&edit, 2, 77);
	assert_hex(&edit, "024d0000 00000000 00000000000000000000000000000000");
	pcp_edit_begin(&edit, 7, PCP_MAP);
	assert_hex(&edit, "07010000 00000000 00000000000000000000000000000000");
	pcp_edit_begin(&edit, 0, NATPMP_ADDRESS);
	assert_hex(&edit, "0000");
	pcp_edit_begin(&edit, 0, NATPMP_MAP_TCP);
	assert_hex(&edit, "00020000 00000000 00000000");
	pcp_edit_begin(&edit, 0, 9);
	assert_hex(&edit, "0009");
	pcp_edit_begin(&edit, 1, PCP_PEER);
	assert_int_equal(edit.len, 24 + 44);
	pcp_edit_request(&edit, 0, NATPMP_MAP_UDP, v6, 7200);
	assert_hex(&edit, "00010000 00000000 00001c20");
	pcp_edit_request(&edit, 2, PCP_MAP, v6, 1);
	assert_hex(&edit,
		   "02010000 00000001 20010db8000000000000000000000001"
		   "000000000000000000000000 00000000 0000 0000 00000000000000000000000000000000");
	edit = map_request();
	assert_hex(&edit, MAP_HEX);
	edit.dialects = PCP_DIALECT_LIBPCP;
	pcp_edit_begin(&edit, 2, PCP_AUTHENTICATION);
	assert_int_equal(edit.len, 24 + 14);
}

/* What each step makes of a MAP request with DESCRIPTION and FILTER. */
static const struct {
	const char *path, *typed, *options;
} steps[] = {
	{ "options[0].description.text", "web", "80000003 77656200" },
	{ "options[0].description.text", "web!", "80000004 77656221" },
	{ "options[0].description.text", "web \\xc3\\xa9", "80000006 77656220 c3a90000" },
	{ "options[0].description.text", "", "80000000" },
	{ "options[0].length", "5", "80000005 00000000 00000000" },
	{ "options[0].description.text", "12345", "80000005 31323334 35000000" },
	{ "options[0].length", "2", "80000002 31320000" },
	{ "options[0].padding", "0102", "80000002 31320102" },
	{ "options[0].reserved", "255", "80ff0002 31320102" },
	{ "options[0].description.text", "123", "80ff0003 31323300" },
	{ "options[0].code", "THIRD_PARTY_ID", "0dff0003 31323300" },
	{ "options[0].third_party_id.id", "0abcd0", "0dff0003 0abcd000" },
	{ "options[0].code", "77", "4dff0003 0abcd000" },
	{ "options[0].raw.octets", "01", "4dff0001 01000000" },
	{ "options[0].code", "64", "40ff0001 01000000" },
	{ "options[0].length", "0", "40ff0000" },
};

static void variable_tails(void **state)
{
	struct pcp_edit edit = map_request();
	char want[256];

	(void)state;
	assert_int_equal(pcp_edit_add_option(&edit, PCP_DESCRIPTION, NULL, 0), 0);
	for (size_t i = 0; i < COUNT(steps); i++) {
		must_set(&edit, steps[i].path, steps[i].typed);
		snprintf(want, sizeof want, MAP_HEX "%s", steps[i].options);
		assert_hex(&edit, want);
	}
}

static void exact_keeps_lengths(void **state)
{
	struct pcp_edit edit = loaded(MAP_HEX "80000003 77656200 02000000");

	(void)state;
	edit.exact = true;
	must_set(&edit, "options[0].description.text", "website");
	assert_hex(&edit, MAP_HEX "80000003 77656273 69746500 02000000");
	must_set(&edit, "options[0].length", "7");
	assert_hex(&edit, MAP_HEX "80000007 77656273 69746500 02000000");
	must_set(&edit, "options[0].padding", "");
	assert_hex(&edit, MAP_HEX "80000007 77656273 697465 02000000");
	must_set(&edit, "options[0].length", "65535");
	assert_hex(&edit, MAP_HEX "8000ffff 77656273 697465 02000000");
	assert_int_equal(pcp_edit_add_option(&edit, 2, NULL, 0), -1);
	pcp_edit_repair(&edit);
	assert_true(edit.exact);
	assert_hex(&edit, MAP_HEX "8000000b 77656273 697465 02000000 00");
}

static void options_come_and_go(void **state)
{
	struct pcp_edit edit = map_request();

	(void)state;
	assert_int_equal(pcp_edit_add_option(&edit, PCP_PREFER_FAILURE, NULL, 0), 0);
	assert_int_equal(pcp_edit_add_option(&edit, PCP_FILTER, NULL, 0), 1);
	assert_int_equal(pcp_edit_add_option(&edit, 200, (const uint8_t *)"abc", 3), 2);
	assert_hex(&edit, MAP_HEX "02000000 03000014 00000000 " ANY4 "c8000003 61626300");
	assert_true(pcp_edit_move_option(&edit, 0, 2));
	assert_hex(&edit, MAP_HEX "03000014 00000000 " ANY4 "c8000003 61626300 02000000");
	assert_true(pcp_edit_move_option(&edit, 2, 1));
	assert_hex(&edit, MAP_HEX "03000014 00000000 " ANY4 "02000000 c8000003 61626300");
	assert_true(pcp_edit_move_option(&edit, 1, 1));
	assert_hex(&edit, MAP_HEX "03000014 00000000 " ANY4 "02000000 c8000003 61626300");
	assert_false(pcp_edit_move_option(&edit, 3, 0));
	assert_false(pcp_edit_move_option(&edit, 0, 3));
	assert_true(pcp_edit_remove_option(&edit, 0));
	assert_hex(&edit, MAP_HEX "02000000 c8000003 61626300");
	assert_false(pcp_edit_remove_option(&edit, 2));
	assert_true(pcp_edit_remove_option(&edit, 1));
	assert_true(pcp_edit_remove_option(&edit, 0));
	assert_false(pcp_edit_remove_option(&edit, 0));
	assert_hex(&edit, MAP_HEX);
}

static void fresh_options(void **state)
{
	struct pcp_edit edit = map_request();

	(void)state;
	assert_int_equal(pcp_edit_add_option(&edit, PCP_THIRD_PARTY, NULL, 0), 0);
	assert_int_equal(pcp_edit_add_option(&edit, PCP_PREFIX64, NULL, 0), 1);
	assert_int_equal(pcp_edit_add_option(&edit, PCP_PORT_SET, NULL, 0), 2);
	assert_hex(&edit, MAP_HEX
		   "01000010 " ANY4
		   "8100000e 000c 000000000000000000000000 0000 82000005 0000000000 000000");
	memset(edit.octets + 8, 0, PCP_ADDR_LEN); /* an IPv6 client */
	edit.len = PCP_HEADER_LEN + 36;
	assert_int_equal(pcp_edit_add_option(&edit, PCP_THIRD_PARTY, NULL, 0), 0);
	assert_int_equal(edit.octets[60 + 4 + 11], 0);
}

static void prefix64_lists(void **state)
{
	struct pcp_edit edit = loaded("02800000 00000000 00000000 000000000000000000000000");

	(void)state;
#define P64 "02800000 00000000 00000000 000000000000000000000000 "
	assert_int_equal(pcp_edit_add_option(&edit, PCP_PREFIX64, NULL, 0), 0);
	must_set(&edit, "options[0].prefix64.prefix", "2001:db8::/32");
	assert_hex(&edit, P64 "8100000e 0004 20010db8 0000000000000000 0000");
	must_set(&edit, "options[0].prefix64.suffix", "0000000000000001");
	must_set(&edit, "options[0].prefix64.count", "2");
	assert_hex(&edit,
		   P64 "8100001c 0004 20010db8 0000000000000001 0002 0000 00000000 0000 00000000");
	must_set(&edit, "options[0].prefix64.ipv4_prefix_length[1]", "8");
	must_set(&edit, "options[0].prefix64.ipv4_address[1]", "10.0.0.0");
	assert_hex(&edit,
		   P64 "8100001c 0004 20010db8 0000000000000001 0002 0000 00000000 0008 0a000000");
	must_set(&edit, "options[0].prefix64.count", "1");
	assert_hex(&edit, P64 "81000016 0004 20010db8 0000000000000001 0001 0000 00000000 0000");
	must_set(&edit, "options[0].prefix64.prefix", "64:ff9b::/96");
	assert_hex(&edit, P64 "81000016 000c 0064ff9b 0000000000000000 0001 0000 00000000 0000");
	must_set(&edit, "options[0].prefix64.count", "");
	assert_hex(&edit, P64 "8100000e 000c 0064ff9b 0000000000000000 0000");
}

#define NEXT_EMPTY "000000000000000000000000 00000000 " ANY4 ANY4 "00000000 0000 0000 "
#define GET_HEX                                                                                    \
	"02e20000 00000000 00000000 000000000000000000000000 00000000 " ANY4 ANY4 "00000000 "

static void nested_options(void **state)
{
	struct pcp_edit edit = loaded(GET_HEX);

	(void)state;
	assert_int_equal(pcp_edit_add_option(&edit, PCP_NEXT, NULL, 0), 0);
	assert_hex(&edit, GET_HEX "83000038 " NEXT_EMPTY);
	assert_int_equal(pcp_edit_add_option(&edit, PCP_DESCRIPTION, NULL, 0), 1);
	assert_int_equal(pcp_edit_add_nested(&edit, "options[0]", PCP_DESCRIPTION, NULL, 0), 0);
	assert_int_equal(pcp_edit_add_nested(&edit, "options[0]", PCP_PREFER_FAILURE, NULL, 0), 1);
	assert_hex(&edit, GET_HEX "83000040 " NEXT_EMPTY "80000000 02000000 80000000");
	must_set(&edit, "options[0].next.options[0].description.text", "abcde");
	assert_hex(&edit,
		   GET_HEX "83000048 " NEXT_EMPTY "80000005 6162636465000000 02000000 80000000");
	must_set(&edit, "options[0].next.options[0].description.text", "");
	assert_hex(&edit, GET_HEX "83000040 " NEXT_EMPTY "80000000 02000000 80000000");
	assert_int_equal(pcp_edit_add_nested(&edit, "options[1]", PCP_FILTER, NULL, 0), -1);
	assert_int_equal(pcp_edit_add_nested(&edit, "options[9]", PCP_FILTER, NULL, 0), -1);
	assert_int_equal(pcp_edit_add_nested(&edit, "get", PCP_FILTER, NULL, 0), -1);
}

/* A nonce is octets wherever one stands, never a number. */
static void nonces_are_octets(void **state)
{
	struct pcp_edit edit = { .dialects = 0 };
	struct pcp_why why;

	(void)state;
	pcp_edit_begin(&edit, 2, PCP_AUTHENTICATION);
	assert_int_equal(pcp_edit_add_option(&edit, PCP_NONCE, NULL, 0), 0);
	must_set(&edit, "options[0].nonce.nonce", "01020304");
	assert_memory_equal(edit.octets + edit.len - 4, "\1\2\3\4", 4);
	assert_false(pcp_edit_set(&edit, "options[0].nonce.nonce", "102", &why));
	assert_non_null(strstr(why.text, "odd number of digits"));
	pcp_edit_begin(&edit, 2, PCP_GET);
	assert_int_equal(pcp_edit_add_option(&edit, PCP_NEXT, NULL, 0), 0);
	must_set(&edit, "options[0].next.nonce", "0102030405060708090a0b0c");
	assert_int_equal(edit.octets[edit.len - 56 + 11], 12);
}

static void sadscp_names(void **state)
{
	struct pcp_edit edit = { .dialects = PCP_DIALECT_LIBPCP };

	(void)state;
#define SADSCP "02030000 00000000 00000000000000000000000000000000 000000000000000000000000 00 "
	pcp_edit_begin(&edit, 2, PCP_AUTHENTICATION);
	must_set(&edit, "sadscp.name", "skype");
	assert_hex(&edit, SADSCP "05 736b797065");
	must_set(&edit, "sadscp.name_length", "6");
	assert_hex(&edit, SADSCP "06 736b79706500");
	must_set(&edit, "sadscp.name_length", "2");
	assert_hex(&edit, SADSCP "02 736b");
	edit.exact = true;
	must_set(&edit, "sadscp.name_length", "9");
	assert_hex(&edit, SADSCP "09 736b");
	pcp_edit_repair(&edit);
	assert_hex(&edit, SADSCP "02 736b");
	edit.exact = false;
	must_set(&edit, "sadscp.name", "skype");
	assert_int_equal(pcp_edit_add_option(&edit, PCP_PREFER_FAILURE, NULL, 0), 0);
	assert_hex(&edit, SADSCP "06 736b79706500 02000000");
}

/* ---- refusals ---- */

static const struct {
	const char *path, *typed, *says;
} refusals[] = {
	{ "map.lifetime", "1", "no field \"map.lifetime\"" },
	{ "map.\x1b[2J", "1", "no field \"map.\\x1b[2J\"" },
	{ "map", "1", "group of fields" },
	{ "options[0]", "1", "group of fields" },
	{ "options[1].code", "1", "no field" },
	{ "map.protocol", "tpc", "\"tpc\" is not known; allowed: 0 to 255, all, icmp, tcp" },
	{ "map.protocol", "256", "allowed: 0 to 255" },
	{ "map.internal_port", "65536", "too large; allowed: 0 to 65535" },
	{ "map.internal_port", "http", "not a number" },
	{ "map.internal_port", "", "not a number" },
	{ "map.internal_port", "-1", "not a number" },
	{ "map.nonce", "0102", "2 octets given; this field takes exactly 12" },
	{ "map.nonce", "010", "odd number of digits" },
	{ "map.nonce", "xyz", "not a hexadecimal digit" },
	{ "map.suggested_external_address", "1.2.3", "not an address" },
	{ "header.lifetime", "5 apples", "not a duration" },
	{ "header.r", "2", "allowed: 0 to 1, request, response" },
	{ "options[0].filter.prefix_length", "33", "allowed: 0 to 32 for IPv4" },
	{ "options[0].filter.prefix_length", "x", "not a prefix length" },
};

static void refused_and_unchanged(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refusals); i++) {
		struct pcp_edit edit = map_request(), before;
		struct pcp_why why = { .at = 99 };

		pcp_edit_add_option(&edit, PCP_FILTER, NULL, 0);
		before = edit;
		assert_false(pcp_edit_set(&edit, refusals[i].path, refusals[i].typed, &why));
		if (!strstr(why.text, refusals[i].says))
			fail_msg("%s = %s: \"%s\"", refusals[i].path, refusals[i].typed, why.text);
		assert_octets(&edit, before.octets, before.len, refusals[i].path);
		assert_null(text_fault(why.text));
		assert_true(why.at <= strlen(refusals[i].typed));
	}
}

static void refused_numbers_and_octets(void **state)
{
	struct pcp_edit edit = map_request();
	uint8_t octets[16] = { 0 };

	(void)state;
	assert_false(pcp_edit_set_uint(&edit, "map.internal_port", 65536));
	assert_false(pcp_edit_set_uint(&edit, "map.nonce", 1));
	assert_false(pcp_edit_set_uint(&edit, "header.r", 2));
	assert_false(pcp_edit_set_uint(&edit, "map", 2));
	assert_false(pcp_edit_set_octets(&edit, "map.nonce", octets, 11));
	assert_false(pcp_edit_set_octets(&edit, "nowhere", octets, 1));
	assert_hex(&edit, MAP_HEX);
	assert_true(pcp_edit_set_uint(&edit, "header.opcode", 127));
	assert_true(pcp_edit_set_octets(&edit, "raw.octets", octets, 0));
	assert_int_equal(edit.len, PCP_HEADER_LEN);
}

static void no_room(void **state)
{
	static uint8_t octets[PCP_EDIT_MAX + 1];
	struct pcp_edit edit = map_request(), before;
	struct pcp_why why;
	size_t room;

	(void)state;
	assert_false(pcp_edit_load(&edit, octets, sizeof octets));
	assert_false(pcp_edit_blank(&edit, sizeof octets));
	while (pcp_edit_add_option(&edit, PCP_FILTER, NULL, 0) >= 0)
		;
	room = PCP_EDIT_MAX - edit.len;
	assert_true(room < 24);
	before = edit;
	assert_int_equal(pcp_edit_add_option(&edit, PCP_DESCRIPTION, octets, room), -1);
	assert_int_equal(pcp_edit_add_option(&edit, PCP_DESCRIPTION, octets, sizeof octets), -1);
	assert_false(pcp_edit_set(&edit, "options[0].length", "2000", &why));
	assert_non_null(strstr(why.text, "no room"));
	assert_octets(&edit, before.octets, before.len, "full");
	assert_true(pcp_edit_add_option(&edit, PCP_DESCRIPTION, octets, room - PCP_TLV_LEN) >= 0);
	assert_int_equal(edit.len, PCP_EDIT_MAX);
}

/* ---- repair ---- */

static const struct {
	const char *broken, *repaired;
} repairs[] = {
	{ "", "" },
	{ "02", "020000000000000000000000000000000000000000000000" },
	{ "0201", NULL },
	{ "0001", "000100000000000000000000" },
	{ "00", "0000" },
	{ MAP_HEX, MAP_HEX },
	{ MAP_HEX "02000000", MAP_HEX "02000000" },
	{ MAP_HEX "80000001 41", MAP_HEX "80000001 41000000" },
	{ MAP_HEX "80000001 41010203", MAP_HEX "80000001 41000000" },
	{ MAP_HEX "80000014 4142", MAP_HEX "80000002 41420000" },
	{ MAP_HEX "8000ffff", MAP_HEX "80000000" },
	{ MAP_HEX "020000", MAP_HEX "02000000" },
	{ MAP_HEX "02000000 ff", MAP_HEX "02000000 ff000000" },
	{ MAP_HEX "02000000 ffeeff", MAP_HEX "02000000 ffee0000" },
	{ GET_HEX "8300003c " NEXT_EMPTY "80000005", GET_HEX "8300003c " NEXT_EMPTY "80000000" },
	{ GET_HEX "83000039 " NEXT_EMPTY "02", GET_HEX "8300003c " NEXT_EMPTY "02000000" },
	{ GET_HEX "8300003d " NEXT_EMPTY "80000001 41",
	  GET_HEX "83000040 " NEXT_EMPTY "80000001 41000000" },
};

static void repairs_fit(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(repairs); i++) {
		struct pcp_edit edit = loaded(repairs[i].broken);

		pcp_edit_repair(&edit);
		if (strcmp(repairs[i].broken, "0201") == 0)
			assert_int_equal(edit.len, 60);
		else
			assert_hex(&edit, repairs[i].repaired);
	}
}

/* After a repair nothing overruns, and repairing again changes nothing. */
static void repair_holds(void **state)
{
	const struct vector *v = *state;

	for (size_t bit = 0; bit < 8 * v->len; bit++) {
		struct pcp_edit edit = { 0 }, again;

		pcp_edit_load(&edit, v->octets, v->len - bit % 5 % v->len);
		if (bit / 8 < edit.len)
			edit.octets[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
		pcp_edit_repair(&edit);
		assert_true(edit.len % 4 == 0 || edit.octets[0] == PCP_VERSION_NATPMP);
		again = edit;
		pcp_edit_repair(&again);
		assert_octets(&again, edit.octets, edit.len, v->name);
	}
}

static const struct {
	const char *name;
	CMUnitTestFunction run;
} per_vector[] = {
	{ "set what is", vector_set_what_is }, { "from blank", vector_from_blank },
	{ "as a form", vector_as_a_form },     { "broken, from blank", vector_broken_from_blank },
	{ "repair holds", repair_holds },
};

static int run_per_vector(void)
{
	static struct CMUnitTest tests[VECTORS_MAX];
	int failed = 0;

	for (size_t k = 0; k < COUNT(per_vector); k++) {
		for (size_t i = 0; i < nvectors; i++)
			tests[i] = (struct CMUnitTest){ .name = vectors[i].name,
							.test_func = per_vector[k].run,
							.initial_state = &vectors[i] };
		failed += _cmocka_run_group_tests(per_vector[k].name, tests, nvectors, NULL, NULL);
	}
	return failed;
}

static int run_per_layout(void)
{
	static struct CMUnitTest tests[128];
	static char names[128][64];
	size_t n = 0;

	for (size_t i = 0; i < pcp_nlayouts && n < COUNT(tests); i++) {
		const struct pcp_layout *layout = pcp_layouts[i];

		if (layout->kind != PCP_CLASS_BODY && layout->kind != PCP_CLASS_OPTION &&
		    layout->kind != PCP_CLASS_NATPMP)
			continue;
		snprintf(names[n], sizeof names[n], "%s %s", layout->name, layout->ref);
		tests[n] = (struct CMUnitTest){ .name = names[n],
						.test_func = layout_again,
						.initial_state = (void *)(uintptr_t)layout };
		n++;
	}
	return _cmocka_run_group_tests("every layout again", tests, n, NULL, NULL);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(beginnings),
		cmocka_unit_test(variable_tails),
		cmocka_unit_test(exact_keeps_lengths),
		cmocka_unit_test(options_come_and_go),
		cmocka_unit_test(fresh_options),
		cmocka_unit_test(prefix64_lists),
		cmocka_unit_test(nested_options),
		cmocka_unit_test(nonces_are_octets),
		cmocka_unit_test(sadscp_names),
		cmocka_unit_test(refused_and_unchanged),
		cmocka_unit_test(refused_numbers_and_octets),
		cmocka_unit_test(no_room),
		cmocka_unit_test(repairs_fit),
	};

	nvectors = vectors_load(vectors);
	return run_per_vector() + run_per_layout() + cmocka_run_group_tests(others, NULL, NULL);
}
