/*
 * generate N SEED [all]: N random valid messages made from the layouts, each as the JSON object
 * that `decode --json` prints: every field filled by its kind, options as their rows allow. What is
 * made is what Wireshark's own portcontrol dissector knows too: PCP's ANNOUNCE, MAP and PEER in
 * both versions with the registered options, and NAT-PMP; with `all` every opcode and option that a
 * standard or a draft describes, also those nested in a NEXT.
 */
#include <stdlib.h>
#include <string.h>

#include "decode.h"
#include "random.h"
#include "text.h"
#include "writer.h"

static bool all; /* what Wireshark's own dissector does not know, too */

struct made {
	uint8_t octets[PCP_MAX_LEN];
	size_t len;
};

static bool one_in(struct pcp_rng *rng, uint64_t n)
{
	return pcp_rng_below(rng, n) == 0;
}

static uint32_t random_number(struct pcp_rng *rng, const struct pcp_field *field)
{
	uint32_t max = pcp_field_max(field);
	size_t named = 0;

	if (field->kind == PCP_RESERVED)
		return one_in(rng, 16) ? (uint32_t)pcp_rng_below(rng, (uint64_t)max + 1) : 0;
	while (field->kind == PCP_NAMED && field->names[named].name)
		named++;
	if (named && one_in(rng, 2))
		return field->names[pcp_rng_below(rng, named)].code;
	if (one_in(rng, 4))
		return one_in(rng, 2) ? 0 : max;
	return (uint32_t)pcp_rng_below(rng, (uint64_t)max + 1);
}

static void random_address(struct pcp_rng *rng, uint8_t *addr)
{
	bool v4 = one_in(rng, 2);

	pcp_addr_any(addr, v4);
	if (one_in(rng, 6))
		return;
	if (v4)
		rng->fill(rng, addr + 12, 4);
	else
		rng->fill(rng, addr, PCP_ADDR_LEN);
}

/* Printable UTF-8 of exactly that many octets. */
static void random_text(struct pcp_rng *rng, uint8_t *text, size_t len)
{
	static const char *const more[] = { "\xc3\xa9", "\xd0\xb6", "\xe2\x82\xac", "\xe6\x97\xa5",
					    "\xf0\x9f\x9a\xaa" };

	for (size_t i = 0; i < len;) {
		const char *c = more[pcp_rng_below(rng, sizeof more / sizeof *more)];

		if (one_in(rng, 6) && i + strlen(c) <= len) {
			memcpy(text + i, c, strlen(c));
			i += strlen(c);
		} else {
			text[i++] = (uint8_t)(' ' + pcp_rng_below(rng, '~' - ' ' + 1));
		}
	}
}

static void fill_field(struct pcp_rng *rng, const struct pcp_field *field, uint8_t *octets,
		       size_t len)
{
	if (field->len && pcp_field_is_number(field))
		pcp_put_at(field, octets, len, random_number(rng, field));
	else if (field->kind == PCP_ADDR)
		random_address(rng, octets);
	else if (field->kind == PCP_TEXT)
		random_text(rng, octets, len);
	else if (field->kind != PCP_RESERVED)
		rng->fill(rng, octets, len);
}

static void fill(struct pcp_rng *rng, const struct pcp_layout *layout, uint8_t *octets, size_t len)
{
	for (size_t i = 0; i < layout->nfield; i++) {
		const struct pcp_field *field = &layout->field[i];

		fill_field(rng, field, octets + field->off,
			   field->len ? field->len : len - field->off);
	}
}

/* RFC 7225 4.1, the layout that its rows cannot describe; returns its length. */
static size_t fill_prefix64(struct pcp_rng *rng, uint8_t *data)
{
	static const uint8_t lengths[] = { 4, 5, 6, 7, 8, 12 };
	size_t count = pcp_rng_below(rng, 4), len = 14;

	rng->fill(rng, data, 14);
	data[0] = 0;
	data[1] = lengths[pcp_rng_below(rng, sizeof lengths)];
	if (one_in(rng, 2))
		return len;
	data[len++] = 0;
	data[len++] = (uint8_t)count;
	for (size_t i = 0; i < count; i++, len += 6) {
		data[len] = 0;
		data[len + 1] = (uint8_t)pcp_rng_below(rng, 33);
		rng->fill(rng, data + len + 2, 4);
	}
	return len;
}

static void add_options(struct made *made, struct pcp_rng *rng, uint16_t where);

/* What a NEXT lists of its entry, behind its fixed part. */
static size_t add_nested(struct pcp_rng *rng, uint16_t where, uint8_t *data, size_t len)
{
	struct made nested = { .len = 0 };

	add_options(&nested, rng, pcp_where_nested(where));
	if (len + nested.len > PCP_MAX_LEN)
		return len;
	memcpy(data + len, nested.octets, nested.len);
	return len + nested.len;
}

static bool has_nested(const struct pcp_layout *layout)
{
	return layout->nfield && layout->field[layout->nfield - 1].kind == PCP_OPTIONS;
}

static size_t option_data(struct pcp_rng *rng, const struct pcp_layout *layout, uint16_t where,
			  uint8_t *data)
{
	size_t len = layout->min_len, room = layout->max_len - len;

	if (layout->code == PCP_PREFIX64)
		return fill_prefix64(rng, data);
	if (!layout->max_len && layout->nfield)
		room = has_nested(layout) ? 0 : 255;
	if (room > 0) /* mostly short ones, so that several fit */
		len += pcp_rng_below(rng, one_in(rng, 8) ? room + 1 : room < 40 ? room : 40);
	fill(rng, layout, data, len);
	return has_nested(layout) ? add_nested(rng, where, data, len) : len;
}

static bool wireshark_knows(const struct pcp_layout *option)
{
	static const uint8_t codes[] = { PCP_THIRD_PARTY, PCP_PREFER_FAILURE, PCP_FILTER,
					 PCP_DESCRIPTION, PCP_PREFIX64,	      PCP_PORT_SET };

	return all || memchr(codes, option->code, sizeof codes) != NULL;
}

static bool fits_once_more(const struct made *made, size_t options, const struct pcp_layout *layout)
{
	size_t pos = 0, count = 0;
	struct pcp_tlv tlv;
	bool bad = false;

	while (pcp_tlv_next(made->octets + options, made->len - options, &pos, &tlv, &bad))
		count += tlv.code == layout->code;
	return layout->max_count == PCP_COUNT_ANY || count < layout->max_count;
}

static void append_option(struct made *made, uint8_t code, const uint8_t *data, size_t len)
{
	uint8_t *tlv = made->octets + made->len;
	size_t padded = (len + 3) & ~(size_t)3;

	if (made->len + PCP_TLV_LEN + padded > PCP_MAX_LEN)
		return;
	memset(tlv, 0, PCP_TLV_LEN + padded);
	pcp_put(&pcp_tlv_fields[TLV_CODE], tlv, code);
	pcp_put(&pcp_tlv_fields[TLV_LENGTH], tlv, (uint32_t)len);
	memcpy(tlv + PCP_TLV_LEN, data, len);
	made->len += PCP_TLV_LEN + padded;
}

static void add_options(struct made *made, struct pcp_rng *rng, uint16_t where)
{
	const struct pcp_layout *option[64];
	size_t n = pcp_layout_options(where, PCP_STANDARD, option, 64), options = made->len;
	uint8_t data[PCP_MAX_LEN];

	for (size_t i = pcp_rng_below(rng, 6); i > 0 && n > 0; i--) {
		const struct pcp_layout *layout = option[pcp_rng_below(rng, n)];

		if (wireshark_knows(layout) && fits_once_more(made, options, layout))
			append_option(made, layout->code, data,
				      option_data(rng, layout, where, data));
	}
	if (one_in(rng, 16)) { /* one that nobody knows, and perhaps another behind it */
		size_t len = pcp_rng_below(rng, 9);

		rng->fill(rng, data, len);
		append_option(made, 200, data, len);
		if (one_in(rng, 2))
			append_option(made, 201, data, 0);
	}
}

/* NAT-PMP's refusal of a version, which has R clear: RFC 6886 3.5. */
static bool is_refusal(const struct pcp_layout *layout)
{
	return layout == pcp_layout_named(PCP_CLASS_NATPMP, "UNSUPPORTED_VERSION");
}

/* The rows of whole messages: bodies of PCP's own opcodes in both versions, and NAT-PMP. */
static bool is_message(const struct pcp_layout *layout)
{
	if (layout->kind == PCP_CLASS_NATPMP)
		return layout->code <= NATPMP_MAP_TCP || is_refusal(layout);
	return layout->kind == PCP_CLASS_BODY && layout->dialect == PCP_STANDARD &&
	       (all || layout->code <= PCP_PEER);
}

static void make_pcp(struct made *made, struct pcp_rng *rng, const struct pcp_layout *body)
{
	bool first = !(body->where & PCP_V2) || (body->where & PCP_V1 && one_in(rng, 8));
	uint16_t direction = body->where & (PCP_REQ | PCP_RESP);
	const struct pcp_layout *header;
	bool response;

	if (direction == (PCP_REQ | PCP_RESP))
		direction = one_in(rng, 2) ? PCP_REQ : PCP_RESP;
	response = direction == PCP_RESP;
	header = response			    ? &pcp_layout_response
		 : body->code == PCP_AUTHENTICATION ? &pcp_layout_auth_request
						    : &pcp_layout_request;
	fill(rng, header, made->octets, PCP_HEADER_LEN);
	pcp_put(&header->field[HDR_VERSION], made->octets, first ? PCP_VERSION_1 : PCP_VERSION_2);
	pcp_put(&header->field[HDR_R], made->octets, response);
	pcp_put(&header->field[HDR_OPCODE], made->octets, body->code);
	made->len = PCP_HEADER_LEN + body->min_len;
	fill(rng, body, made->octets + PCP_HEADER_LEN, body->min_len);
	add_options(
		made, rng,
		(uint16_t)(pcp_where_opcode(body->code) | direction | (first ? PCP_V1 : PCP_V2)));
}

static void make_natpmp(struct made *made, struct pcp_rng *rng, const struct pcp_layout *layout)
{
	bool refusal = is_refusal(layout);

	made->len = layout->min_len;
	fill(rng, layout, made->octets, made->len);
	made->octets[0] = PCP_VERSION_NATPMP;
	made->octets[1] =
		refusal ? NATPMP_ADDRESS /* R clear: RFC 6886 3.5 */
			: (uint8_t)(layout->code | (layout->where & PCP_RESP ? PCP_R : 0));
	if (refusal)
		pcp_put_at(&layout->field[3], made->octets + 2, 2, PCP_UNSUPP_VERSION);
}

static void make(struct made *made, struct pcp_rng *rng)
{
	const struct pcp_layout *layout;

	memset(made, 0, sizeof *made);
	do
		layout = pcp_layouts[pcp_rng_below(rng, pcp_nlayouts)];
	while (!is_message(layout));
	if (layout->kind == PCP_CLASS_NATPMP)
		make_natpmp(made, rng, layout);
	else
		make_pcp(made, rng, layout);
}

int main(int argc, char **argv)
{
	static struct pcp_node node[PCP_NODES_MAX];
	struct made made;
	struct pcp_packet packet;
	struct writer writer;
	struct pcp_rng rng;

	if (argc < 3)
		return 2;
	all = argc > 3;
	pcp_rng_seeded(&rng, strtoull(argv[2], NULL, 10));
	writer_stdio(&writer, stdout, true);
	for (long n = strtol(argv[1], NULL, 10); n > 0; n--) {
		make(&made, &rng);
		pcp_decode(&packet, made.octets, made.len, PCP_DIRECTION_GUESS, PCP_STANDARD, node,
			   PCP_NODES_MAX);
		write_packet(&writer, &packet, NULL);
	}
	return 0;
}
