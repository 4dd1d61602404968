#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "schema.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static const struct pcp_layout *layout_of(void **state)
{
	return *state;
}

static bool is_variable(const struct pcp_layout *layout)
{
	for (size_t i = 0; i < layout->nfield; i++)
		if (layout->field[i].len == 0)
			return true;
	return false;
}

/* ---- each layout ---- */

/* Each bit of the fixed part belongs to one field, and fields stand in order. */
static void bits_are_claimed_once(void **state)
{
	const struct pcp_layout *layout = layout_of(state);
	uint8_t claimed[1024] = { 0 };
	size_t size = pcp_layout_size(layout);
	unsigned at = 0;

	for (size_t i = 0; i < layout->nfield && layout->field[i].len > 0; i++) {
		const struct pcp_field *field = &layout->field[i];
		uint32_t mask = field->mask;

		assert_true(field->off >= at);
		at = field->off;
		assert_true(mask == 0 ||
			    (field->len <= 4 && (field->len == 4 || mask >> 8 * field->len == 0)));
		for (unsigned k = 0; k < field->len; k++) {
			uint8_t bits = (uint8_t)(mask ? mask >> 8 * (field->len - 1u - k) : 0xff);

			assert_int_equal(claimed[field->off + k] & bits, 0);
			claimed[field->off + k] |= bits;
		}
	}
	for (size_t i = 0; i < size; i++)
		assert_int_equal(claimed[i], 0xff);
}

/* A mask is one run of bits. */
static void masks_are_runs(void **state)
{
	const struct pcp_layout *layout = layout_of(state);

	for (size_t i = 0; i < layout->nfield; i++) {
		uint32_t mask = layout->field[i].mask;

		while (mask && !(mask & 1))
			mask >>= 1;
		assert_int_equal(mask & (mask + 1), 0);
	}
}

static void assert_sentence(const char *text, const char *what)
{
	size_t len = text ? strlen(text) : 0;

	if (len < 5 || text[len - 1] != '.' || strstr(text, "  ") ||
	    !(isupper((unsigned char)text[0]) || isdigit((unsigned char)text[0]) ||
	      strncmp(text, "libpcp", 6) == 0))
		fail_msg("%s: \"%s\" is no sentence", what, text ? text : "");
}

static bool is_key(const char *key)
{
	return key && *key && strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(key);
}

static void texts_are_there(void **state)
{
	const struct pcp_layout *layout = layout_of(state);

	assert_non_null(layout->name);
	assert_true(is_key(layout->key));
	assert_sentence(layout->purpose, layout->name);
	if (layout->rules)
		assert_sentence(layout->rules, layout->name);
	assert_true(layout->ref && *layout->ref);
	for (size_t i = 0; i < layout->nfield; i++) {
		const struct pcp_field *field = &layout->field[i];

		assert_true(is_key(field->key));
		assert_true(field->label && *field->label);
		assert_sentence(field->help, field->key);
		assert_true(strlen(field->label) <= 24);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(field->key, layout->field[k].key);
	}
}

static void kinds_have_their_widths(void **state)
{
	const struct pcp_layout *layout = layout_of(state);

	for (size_t i = 0; i < layout->nfield; i++) {
		const struct pcp_field *field = &layout->field[i];

		assert_int_equal(field->kind == PCP_NAMED, field->names != NULL);
		switch (field->kind) {
		case PCP_UINT:
		case PCP_NAMED:
		case PCP_SECONDS:
			assert_in_range(field->len, 1, 4);
			break;
		case PCP_ADDR:
			assert_int_equal(field->len, PCP_ADDR_LEN);
			break;
		case PCP_ADDR4:
			assert_int_equal(field->len, 4);
			break;
		case PCP_PREFIX: {
			bool address = false;

			assert_int_equal(field->len, 1);
			for (size_t k = i + 1; k < layout->nfield; k++)
				address = address || layout->field[k].kind == PCP_ADDR;
			assert_true(address);
			break;
		}
		case PCP_PREFIX6:
		case PCP_CODES:
		case PCP_OPTIONS:
		case PCP_PADDING:
		case PCP_RAW:
			assert_int_equal(field->len, 0);
			break;
		case PCP_OCTETS:
		case PCP_TEXT:
		case PCP_RESERVED:
			assert_int_equal(field->mask && field->kind != PCP_RESERVED, 0);
			break;
		}
	}
}

static void bounds_agree_with_fields(void **state)
{
	const struct pcp_layout *layout = layout_of(state);
	size_t size = pcp_layout_size(layout);

	if (layout->kind == PCP_CLASS_TLV || layout->kind == PCP_CLASS_RAW ||
	    strcmp(layout->key, "prefix64") == 0)
		return;
	assert_int_equal(layout->min_len, size);
	if (is_variable(layout))
		assert_true(layout->max_len == 0 || layout->max_len > layout->min_len);
	else
		assert_int_equal(layout->max_len, size);
}

static void valid_somewhere(void **state)
{
	const struct pcp_layout *layout = layout_of(state);

	if (layout->kind == PCP_CLASS_TLV || layout->kind == PCP_CLASS_RAW)
		return;
	assert_true(layout->where & (PCP_REQ | PCP_RESP));
	assert_true(!(layout->where & PCP_RESP_IF_ASKED) || layout->where & PCP_RESP);
	if (layout->kind == PCP_CLASS_OPTION)
		assert_true(layout->where & PCP_IN_ANY);
}

/* ---- all layouts together ---- */

static bool overlap(const struct pcp_layout *a, const struct pcp_layout *b, unsigned group)
{
	return !(a->where & group) || !(b->where & group) || (a->where & b->where & group);
}

static bool meet(const struct pcp_layout *a, const struct pcp_layout *b)
{
	return a->kind == b->kind && a->dialect == b->dialect && overlap(a, b, PCP_IN_ANY) &&
	       overlap(a, b, PCP_REQ | PCP_RESP) && overlap(a, b, PCP_V0 | PCP_V1 | PCP_V2);
}

/* Where two layouts can meet in one dialect, neither code nor key leaves a doubt. */
static void codes_and_keys_are_unique(void **state)
{
	(void)state;
	for (size_t i = 0; i < pcp_nlayouts; i++)
		for (size_t k = 0; k < i; k++) {
			const struct pcp_layout *a = pcp_layouts[i], *b = pcp_layouts[k];
			bool named = a->code == 0xff || a->kind == PCP_CLASS_HEADER;

			if (!meet(a, b) || named)
				continue;
			if (a->code == b->code)
				fail_msg("%s and %s share code %u", a->name, b->name, a->code);
			if (a->kind != PCP_CLASS_NATPMP && strcmp(a->key, b->key) == 0)
				fail_msg("%s and %s share a key", a->name, b->name);
		}
}

/* An option's key must differ from what stands beside it in a path. */
static void keys_do_not_shadow_the_header(void **state)
{
	(void)state;
	for (size_t i = 0; i < pcp_nlayouts; i++)
		for (size_t k = 0; k < pcp_layout_tlv.nfield; k++)
			assert_string_not_equal(pcp_layouts[i]->key, pcp_layout_tlv.field[k].key);
}

/* The code of each layout finds it again, in the dialect that it belongs to. */
static void look_ups_find_each_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < pcp_nlayouts; i++) {
		const struct pcp_layout *layout = pcp_layouts[i], *found = layout;

		if (layout->kind == PCP_CLASS_OPTION)
			found = pcp_layout_option(layout->code, layout->where, layout->dialect);
		if (layout->kind == PCP_CLASS_BODY)
			found = pcp_layout_body(layout->code, layout->where, layout->dialect);
		if (layout->kind == PCP_CLASS_NATPMP && layout->code != 0xff)
			found = pcp_layout_natpmp(layout->code, layout->where);
		assert_ptr_equal(found, layout);
	}
}

enum { MAP_REQ = PCP_IN_MAP | PCP_REQ | PCP_V2, MAP_RESP = PCP_IN_MAP | PCP_RESP | PCP_V2 };

static const struct {
	uint8_t code;
	unsigned where, dialects;
	const char *key, *ref;
} options[] = {
	{ PCP_FILTER, MAP_REQ, 0, "filter", "RFC 6887 13.3" },
	{ PCP_FILTER, PCP_IN_PEER | PCP_REQ | PCP_V2, 0, "filter", "RFC 6887 13.3" },
	{ PCP_FILTER, PCP_IN_MAP | PCP_REQ | PCP_V1, 0, "filter", "draft-ietf-pcp-base-16 11.3" },
	{ PCP_NONCE, PCP_IN_AUTHENTICATION | PCP_REQ | PCP_V2, 0, "nonce", "RFC 7652 5.3" },
	{ PCP_NONCE, MAP_REQ, 0, "nonce", "RFC 7652 5.3" },
	{ PCP_NONCE, MAP_REQ, PCP_DIALECT_LIBPCP, "nonce", "RFC 7652 5.3" },
	{ PCP_NONCE, MAP_REQ, PCP_DIALECT_MINIUPNPD, "flow_priority", "miniupnpd with PCP_FLOWP" },
	{ PCP_NONCE, PCP_IN_AUTHENTICATION | PCP_REQ | PCP_V2, PCP_DIALECT_MINIUPNPD, "nonce",
	  "RFC 7652 5.3" },
	{ PCP_FLOW_PRIORITY, MAP_REQ, 0, "flow_priority", "libpcp" },
	{ PCP_DESCRIPTION_64, MAP_REQ, 0, "description_64", "pypcpc; RFC 7220 2 assigns 128" },
};

static void meanings_are_chosen(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(options); i++) {
		const struct pcp_layout *found = pcp_layout_option(
			options[i].code, (uint16_t)options[i].where, options[i].dialects);

		assert_non_null(found);
		assert_string_equal(found->key, options[i].key);
		assert_string_equal(found->ref, options[i].ref);
	}
	assert_null(pcp_layout_option(77, MAP_REQ, 0));
	assert_null(pcp_layout_body(77, PCP_REQ | PCP_V2, 0));
	assert_null(pcp_layout_natpmp(3, PCP_REQ | PCP_V0));
	assert_string_equal(pcp_layout_body(3, PCP_IN_AUTHENTICATION | PCP_REQ | PCP_V2, 0)->key,
			    "authentication");
	assert_string_equal(
		pcp_layout_body(3, PCP_IN_AUTHENTICATION | PCP_REQ | PCP_V2, PCP_DIALECT_LIBPCP)
			->key,
		"sadscp");
}

static void names_in_any_case(void **state)
{
	static const char *const names[] = { "PREFER_FAILURE", "prefer-failure", "Prefer_Failure" };

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++)
		assert_int_equal(pcp_layout_named(PCP_CLASS_OPTION, names[i])->code,
				 PCP_PREFER_FAILURE);
	assert_null(pcp_layout_named(PCP_CLASS_OPTION, "PREFER"));
	assert_null(pcp_layout_named(PCP_CLASS_BODY, "PREFER_FAILURE"));
	assert_null(pcp_layout_named(PCP_CLASS_BODY, ""));
}

/* Every option can be chosen in some form: its own dialect, request or response. */
static void forms_offer_every_option(void **state)
{
	(void)state;
	for (size_t i = 0; i < pcp_nlayouts; i++) {
		const struct pcp_layout *layout = pcp_layouts[i], *offered[64];
		size_t n;
		bool found = false;

		if (layout->kind != PCP_CLASS_OPTION)
			continue;
		n = pcp_layout_options(layout->where, layout->dialect, offered, COUNT(offered));
		assert_in_range(n, 1, COUNT(offered));
		for (size_t k = 0; k < n; k++)
			found = found || offered[k] == layout;
		assert_true(found);
	}
}

static void forms_offer_only_what_fits(void **state)
{
	const struct pcp_layout *offered[64];
	size_t n = pcp_layout_options(MAP_REQ, PCP_STANDARD, offered, COUNT(offered));

	(void)state;
	for (size_t i = 0; i < n; i++) {
		assert_true(offered[i]->where & PCP_IN_MAP);
		assert_true(offered[i]->where & PCP_REQ);
		assert_int_equal(offered[i]->dialect, PCP_STANDARD);
	}
	assert_true(pcp_layout_options(MAP_REQ, PCP_DIALECT_PYPCPC, offered, 0) == n + 2);
}

/* ---- indices ---- */

#define AT(fields, index, k)                                                                       \
	{                                                                                          \
		fields, index, k, #index                                                           \
	}

static const struct {
	const struct pcp_field *fields;
	size_t index;
	const char *key, *name;
} indices[] = {
	AT(pcp_response_fields, HDR_VERSION, "version"),
	AT(pcp_response_fields, HDR_R, "r"),
	AT(pcp_response_fields, HDR_OPCODE, "opcode"),
	AT(pcp_response_fields, HDR_RESERVED, "reserved"),
	AT(pcp_response_fields, HDR_RESULT, "result"),
	AT(pcp_response_fields, HDR_LIFETIME, "lifetime"),
	AT(pcp_response_fields, HDR_EPOCH, "epoch"),
	AT(pcp_response_fields, HDR_RESERVED_96, "reserved_96"),
	AT(pcp_request_fields, REQ_VERSION, "version"),
	AT(pcp_request_fields, REQ_R, "r"),
	AT(pcp_request_fields, REQ_OPCODE, "opcode"),
	AT(pcp_request_fields, REQ_RESERVED, "reserved"),
	AT(pcp_request_fields, REQ_LIFETIME, "lifetime"),
	AT(pcp_request_fields, REQ_CLIENT, "client_address"),
	AT(pcp_map_fields, MAP_NONCE, "nonce"),
	AT(pcp_map_fields, MAP_PROTOCOL, "protocol"),
	AT(pcp_map_fields, MAP_RESERVED, "reserved"),
	AT(pcp_map_fields, MAP_INTERNAL_PORT, "internal_port"),
	AT(pcp_map_fields, MAP_EXTERNAL_PORT, "suggested_external_port"),
	AT(pcp_map_fields, MAP_EXTERNAL_ADDRESS, "suggested_external_address"),
	AT(pcp_peer_fields, MAP_NONCE, "nonce"),
	AT(pcp_peer_fields, MAP_PROTOCOL, "protocol"),
	AT(pcp_peer_fields, MAP_RESERVED, "reserved"),
	AT(pcp_peer_fields, MAP_INTERNAL_PORT, "internal_port"),
	AT(pcp_peer_fields, MAP_EXTERNAL_PORT, "suggested_external_port"),
	AT(pcp_peer_fields, MAP_EXTERNAL_ADDRESS, "suggested_external_address"),
	AT(pcp_peer_fields, PEER_REMOTE_PORT, "remote_port"),
	AT(pcp_peer_fields, PEER_RESERVED, "reserved_2"),
	AT(pcp_peer_fields, PEER_REMOTE_ADDRESS, "remote_address"),
	AT(pcp_get_fields, GET_PROTOCOL, "protocol"),
	AT(pcp_get_fields, GET_RESERVED, "reserved"),
	AT(pcp_get_fields, GET_INTERNAL_ADDRESS, "internal_address"),
	AT(pcp_get_fields, GET_EXTERNAL_ADDRESS, "external_address"),
	AT(pcp_get_fields, GET_INTERNAL_PORT, "internal_port"),
	AT(pcp_get_fields, GET_EXTERNAL_PORT, "external_port"),
	AT(pcp_next_fields, NEXT_NONCE, "nonce"),
	AT(pcp_next_fields, NEXT_PROTOCOL, "protocol"),
	AT(pcp_next_fields, NEXT_RESERVED, "reserved"),
	AT(pcp_next_fields, NEXT_END, "end"),
	AT(pcp_next_fields, NEXT_INTERNAL_ADDRESS, "internal_address"),
	AT(pcp_next_fields, NEXT_EXTERNAL_ADDRESS, "external_address"),
	AT(pcp_next_fields, NEXT_LIFETIME, "lifetime"),
	AT(pcp_next_fields, NEXT_INTERNAL_PORT, "internal_port"),
	AT(pcp_next_fields, NEXT_EXTERNAL_PORT, "external_port"),
	AT(pcp_next_fields, NEXT_TAIL, "wanted"),
	AT(pcp_filter_fields, FILTER_RESERVED, "reserved"),
	AT(pcp_filter_fields, FILTER_PREFIX_LENGTH, "prefix_length"),
	AT(pcp_filter_fields, FILTER_REMOTE_PORT, "remote_port"),
	AT(pcp_filter_fields, FILTER_REMOTE_ADDRESS, "remote_address"),
	AT(pcp_port_set_fields, PORT_SET_SIZE, "size"),
	AT(pcp_port_set_fields, PORT_SET_FIRST_PORT, "first_internal_port"),
	AT(pcp_port_set_fields, PORT_SET_RESERVED, "reserved"),
	AT(pcp_port_set_fields, PORT_SET_PARITY, "parity"),
	AT(pcp_tlv_fields, TLV_CODE, "code"),
	AT(pcp_tlv_fields, TLV_RESERVED, "reserved"),
	AT(pcp_tlv_fields, TLV_LENGTH, "length"),
	AT(pcp_tlv_fields, TLV_PADDING, "padding"),
};

static void indices_name_their_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(indices); i++)
		if (strcmp(indices[i].fields[indices[i].index].key, indices[i].key) != 0)
			fail_msg("%s is %s", indices[i].name,
				 indices[i].fields[indices[i].index].key);
}

/* Where the fields of the wire stand, as RFC 6887 and the other documents draw them. */
static const struct {
	enum pcp_class kind;
	uint8_t code;
	unsigned where;
	const char *key;
	unsigned off, len;
	uint32_t mask;
} places[] = {
	{ PCP_CLASS_BODY, PCP_MAP, MAP_REQ, "nonce", 0, 12, 0 },
	{ PCP_CLASS_BODY, PCP_MAP, MAP_REQ, "protocol", 12, 1, 0 },
	{ PCP_CLASS_BODY, PCP_MAP, MAP_REQ, "internal_port", 16, 2, 0 },
	{ PCP_CLASS_BODY, PCP_MAP, MAP_REQ, "suggested_external_port", 18, 2, 0 },
	{ PCP_CLASS_BODY, PCP_MAP, MAP_RESP, "assigned_external_address", 20, 16, 0 },
	{ PCP_CLASS_BODY, PCP_MAP, PCP_IN_MAP | PCP_REQ | PCP_V1, "suggested_external_address", 8,
	  16, 0 },
	{ PCP_CLASS_BODY, PCP_PEER, PCP_IN_PEER | PCP_REQ | PCP_V2, "remote_port", 36, 2, 0 },
	{ PCP_CLASS_BODY, PCP_PEER, PCP_IN_PEER | PCP_RESP | PCP_V2, "remote_address", 40, 16, 0 },
	{ PCP_CLASS_BODY, PCP_PEER, PCP_IN_PEER | PCP_RESP | PCP_V1, "remote_address", 28, 16, 0 },
	{ PCP_CLASS_BODY, PCP_GET, PCP_IN_GET | PCP_REQ | PCP_V2, "external_address", 20, 16, 0 },
	{ PCP_CLASS_BODY, PCP_GET, PCP_IN_GET | PCP_REQ | PCP_V2, "external_port", 38, 2, 0 },
	{ PCP_CLASS_OPTION, PCP_NEXT, PCP_IN_GET | PCP_REQ | PCP_V2, "end", 15, 1, 0 },
	{ PCP_CLASS_OPTION, PCP_NEXT, PCP_IN_GET | PCP_REQ | PCP_V2, "lifetime", 48, 4, 0 },
	{ PCP_CLASS_OPTION, PCP_NEXT, PCP_IN_GET | PCP_REQ | PCP_V2, "wanted", 56, 0, 0 },
	{ PCP_CLASS_OPTION, PCP_NEXT, PCP_IN_GET | PCP_RESP | PCP_V2, "options", 56, 0, 0 },
	{ PCP_CLASS_OPTION, PCP_NEXT, PCP_IN_GET | PCP_REQ | PCP_V1, "end", 3, 1, 0 },
	{ PCP_CLASS_OPTION, PCP_NEXT, PCP_IN_GET | PCP_REQ | PCP_V1, "external_port", 42, 2, 0 },
	{ PCP_CLASS_OPTION, PCP_NEXT, PCP_IN_GET | PCP_RESP | PCP_V1, "options", 44, 0, 0 },
	{ PCP_CLASS_OPTION, PCP_FILTER, MAP_REQ, "prefix_length", 1, 1, 0 },
	{ PCP_CLASS_OPTION, PCP_FILTER, MAP_REQ, "remote_address", 4, 16, 0 },
	{ PCP_CLASS_OPTION, PCP_PORT_SET, MAP_REQ, "first_internal_port", 2, 2, 0 },
	{ PCP_CLASS_OPTION, PCP_PORT_SET, MAP_REQ, "parity", 4, 1, 1 },
	{ PCP_CLASS_OPTION, PCP_AUTHENTICATION_TAG, MAP_REQ, "key_id", 8, 4, 0 },
	{ PCP_CLASS_OPTION, PCP_AUTHENTICATION_TAG, MAP_REQ, "authentication_data", 12, 0, 0 },
	{ PCP_CLASS_NATPMP, NATPMP_MAP_UDP, PCP_REQ | PCP_V0, "lifetime", 8, 4, 0 },
	{ PCP_CLASS_NATPMP, NATPMP_MAP_TCP, PCP_RESP | PCP_V0, "mapped_external_port", 10, 2, 0 },
	{ PCP_CLASS_NATPMP, NATPMP_ADDRESS, PCP_RESP | PCP_V0, "external_address", 8, 4, 0 },
};

static void fields_stand_in_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(places); i++) {
		uint16_t where = (uint16_t)places[i].where;
		const struct pcp_layout *layout =
			places[i].kind == PCP_CLASS_BODY ? pcp_layout_body(places[i].code, where, 0)
			: places[i].kind == PCP_CLASS_OPTION
				? pcp_layout_option(places[i].code, where, 0)
				: pcp_layout_natpmp(places[i].code, where);
		const struct pcp_field *field = NULL;

		assert_non_null(layout);
		for (size_t k = 0; k < layout->nfield; k++)
			if (strcmp(layout->field[k].key, places[i].key) == 0)
				field = &layout->field[k];
		if (!field)
			fail_msg("%s has no %s", layout->name, places[i].key);
		assert_int_equal(field->off, places[i].off);
		assert_int_equal(field->len, places[i].len);
		assert_int_equal(field->mask, places[i].mask);
	}
}

static void request_and_response_share_offsets(void **state)
{
	static const struct {
		uint8_t opcode;
		uint16_t where;
	} bodies[] = { { PCP_MAP, PCP_IN_MAP | PCP_V2 },
		       { PCP_PEER, PCP_IN_PEER | PCP_V2 },
		       { PCP_MAP, PCP_IN_MAP | PCP_V1 },
		       { PCP_PEER, PCP_IN_PEER | PCP_V1 } };

	(void)state;
	for (size_t i = 0; i < COUNT(bodies); i++) {
		const struct pcp_layout *a =
			pcp_layout_body(bodies[i].opcode, bodies[i].where | PCP_REQ, 0);
		const struct pcp_layout *b =
			pcp_layout_body(bodies[i].opcode, bodies[i].where | PCP_RESP, 0);

		assert_ptr_not_equal(a, b);
		assert_int_equal(a->nfield, b->nfield);
		for (size_t k = 0; k < a->nfield; k++) {
			assert_int_equal(a->field[k].off, b->field[k].off);
			assert_int_equal(a->field[k].len, b->field[k].len);
			assert_int_equal(a->field[k].kind, b->field[k].kind);
		}
	}
	assert_int_equal(pcp_layout_auth_request.field[4].off, pcp_response_fields[HDR_RESULT].off);
}

/* ---- numbers ---- */

static void put_and_get(void **state)
{
	const struct pcp_field *r = &pcp_request_fields[REQ_R],
			       *opcode = &pcp_request_fields[REQ_OPCODE];
	const struct pcp_field *lifetime = &pcp_request_fields[REQ_LIFETIME];
	uint8_t octets[PCP_HEADER_LEN] = { 0 };

	(void)state;
	pcp_put(opcode, octets, 98);
	pcp_put(r, octets, 1);
	assert_int_equal(octets[1], 0xe2);
	pcp_put(opcode, octets, 1);
	assert_int_equal(octets[1], 0x81);
	assert_int_equal(pcp_get(r, octets), 1);
	assert_int_equal(pcp_get(opcode, octets), 1);
	pcp_put(lifetime, octets, 0xfedcba98);
	assert_memory_equal(octets + 4, "\xfe\xdc\xba\x98", 4);
	assert_true(pcp_get(lifetime, octets) == 0xfedcba98);
	pcp_put(opcode, octets, 0xff); /* what does not fit is cut, not spread */
	assert_int_equal(octets[1], 0xff);
	pcp_put(r, octets, 2);
	assert_int_equal(octets[1], 0x7f);
	assert_int_equal(pcp_field_max(r), 1);
	assert_int_equal(pcp_field_max(opcode), 127);
	assert_true(pcp_field_max(lifetime) == UINT32_MAX);
	assert_int_equal(pcp_field_max(&pcp_map_fields[MAP_RESERVED]), 0xffffff);
}

static const struct {
	const char *name;
	CMUnitTestFunction run;
} per_layout[] = {
	{ "bits are claimed once", bits_are_claimed_once },
	{ "masks are runs", masks_are_runs },
	{ "texts are there", texts_are_there },
	{ "kinds have their widths", kinds_have_their_widths },
	{ "bounds agree with fields", bounds_agree_with_fields },
	{ "valid somewhere", valid_somewhere },
};

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(codes_and_keys_are_unique),
		cmocka_unit_test(keys_do_not_shadow_the_header),
		cmocka_unit_test(look_ups_find_each_row),
		cmocka_unit_test(meanings_are_chosen),
		cmocka_unit_test(names_in_any_case),
		cmocka_unit_test(forms_offer_every_option),
		cmocka_unit_test(forms_offer_only_what_fits),
		cmocka_unit_test(indices_name_their_rows),
		cmocka_unit_test(fields_stand_in_place),
		cmocka_unit_test(request_and_response_share_offsets),
		cmocka_unit_test(put_and_get),
	};
	static struct CMUnitTest tests[128];
	int failed = 0;

	for (size_t k = 0; k < COUNT(per_layout); k++) {
		for (size_t i = 0; i < pcp_nlayouts && i < COUNT(tests); i++)
			tests[i] = (struct CMUnitTest){
				.name = pcp_layouts[i]->name,
				.test_func = per_layout[k].run,
				.initial_state = (void *)(uintptr_t)pcp_layouts[i],
			};
		failed += _cmocka_run_group_tests(per_layout[k].name, tests, pcp_nlayouts, NULL,
						  NULL);
	}
	return failed + cmocka_run_group_tests(others, NULL, NULL);
}
