/* What single options may say: RFC 6887 13, RFC 7220, 7225, 7753, 7843 and the GET/NEXT draft. */
#include "lint-private.h"

#include <string.h>

#include "text.h"

enum { UDP_MAX = 65535 };

/* Offset of a field of an option's data. */
static size_t at(const struct lint_option *option, const struct pcp_field *field)
{
	return option->off + PCP_TLV_LEN + field->off;
}

static uint32_t value(const struct lint_option *option, const struct pcp_field *field)
{
	return pcp_get(field, option->tlv.data);
}

/* Each option with that code that is whole and no copy. */
static bool next_whole(const struct lint_view *view, uint8_t code, struct lint_option *option)
{
	while (lint_next(view, option))
		if (option->tlv.code == code && option->layout && !option->layout->dialect &&
		    lint_length_fits(option) && !lint_is_echo(view, option))
			return true;
	return false;
}

#define each(lint, code, option)                                                                   \
	for (struct lint_option option = { 0 }; next_whole(&(lint)->packet, code, &option);)

/* ---- THIRD_PARTY, THIRD_PARTY_ID ---- */

static void third_party_self(struct pcp_lint *lint)
{
	const uint8_t *client = lint->packet.octets + pcp_request_fields[REQ_CLIENT].off;

	each(lint, PCP_THIRD_PARTY, option) if (memcmp(option.tlv.data, client, PCP_ADDR_LEN) == 0)
		lint_found(lint, option.off + PCP_TLV_LEN, PCP_ADDR_LEN,
			   "The third party is the sender itself: MALFORMED_REQUEST.");
}

static void third_party_id_alone(struct pcp_lint *lint)
{
	struct lint_option option;

	if (lint_option(&lint->packet, PCP_THIRD_PARTY_ID, &option) &&
	    !lint_has_code(&lint->packet, PCP_THIRD_PARTY))
		lint_found(lint, option.off, PCP_TLV_LEN,
			   "THIRD_PARTY_ID without THIRD_PARTY: THIRD_PARTY_MISSING_OPTION.");
}

/* ---- PREFER_FAILURE ---- */

static void prefer_failure_any_port(struct pcp_lint *lint)
{
	struct lint_option option;

	if (lint->packet.lifetime && lint_option(&lint->packet, PCP_PREFER_FAILURE, &option) &&
	    !lint_value(&lint->packet, LINT_EXTERNAL_PORT))
		lint_found(lint, option.off, PCP_TLV_LEN,
			   "PREFER_FAILURE insists on port 0, which names none: MALFORMED_OPTION.");
}

static void prefer_failure_any_address(struct pcp_lint *lint)
{
	struct lint_option option;

	if (lint->packet.lifetime && lint_option(&lint->packet, PCP_PREFER_FAILURE, &option) &&
	    lint_value(&lint->packet, LINT_EXTERNAL_PORT) &&
	    pcp_addr_is_any(lint_octets(&lint->packet, LINT_EXTERNAL_ADDRESS)))
		found_in(lint, &lint->packet, LINT_EXTERNAL_ADDRESS,
			 "PREFER_FAILURE insists on an address that names none; servers may differ "
			 "about it.");
}

static void senseless_in_delete(struct pcp_lint *lint)
{
	static const uint8_t code[] = { PCP_PREFER_FAILURE, PCP_FILTER };
	struct lint_option option;

	for (size_t i = 0; i < sizeof code; i++)
		if (lint_option(&lint->packet, code[i], &option))
			lint_found(lint, option.off, PCP_TLV_LEN,
				   "%s in a delete: MALFORMED_OPTION.",
				   option.layout ? option.layout->name : "An option");
}

static void prefer_failure_port_set(struct pcp_lint *lint)
{
	struct lint_option option;

	if (lint->packet.lifetime && lint_has_code(&lint->packet, PCP_PORT_SET) &&
	    lint_option(&lint->packet, PCP_PREFER_FAILURE, &option))
		lint_found(lint, option.off, PCP_TLV_LEN,
			   "PREFER_FAILURE beside PORT_SET: MALFORMED_OPTION.");
}

static void prefer_failure_use(struct pcp_lint *lint)
{
	struct lint_option option;

	if (lint_option(&lint->packet, PCP_PREFER_FAILURE, &option))
		lint_found(lint, option.off, PCP_TLV_LEN,
			   "PREFER_FAILURE is meant for UPnP interworking; others take what they "
			   "get.");
}

/* ---- FILTER ---- */

static bool is_erase(const struct lint_option *option)
{
	return value(option, &pcp_filter_fields[FILTER_PREFIX_LENGTH]) == 0;
}

static bool filter_is_v4(const struct lint_option *option)
{
	return pcp_addr_is_v4(option->tlv.data + pcp_filter_fields[FILTER_REMOTE_ADDRESS].off);
}

static void filter_prefix(struct pcp_lint *lint)
{
	const struct pcp_field *field = &pcp_filter_fields[FILTER_PREFIX_LENGTH];

	each(lint, PCP_FILTER, option)
	{
		uint32_t bits = value(&option, field);
		bool v4 = filter_is_v4(&option);

		if (is_erase(&option) || lint->packet.octets[0] != PCP_VERSION_2)
			continue;
		if (bits > 128)
			lint_found(lint, at(&option, field), 1,
				   "Prefix length %u; an address has 128 bits.", bits);
		else if (v4 && bits <= 32)
			lint_found(lint, at(&option, field), 1,
				   "Prefix length %u for IPv4: counted from 96, /%u goes on the "
				   "wire as "
				   "%u.",
				   bits, bits, bits + 96);
		else if (v4 && bits < PCP_V4_BITS)
			lint_found(lint, at(&option, field), 1,
				   "Prefix length %u for IPv4, which has 97 to 128.", bits);
	}
}

static void filter_any_address(struct pcp_lint *lint)
{
	const struct pcp_field *field = &pcp_filter_fields[FILTER_PREFIX_LENGTH];

	each(lint, PCP_FILTER,
	     option) if (filter_is_v4(&option) && value(&option, field) == PCP_V4_BITS)
		lint_found(
			lint, at(&option, field), 1,
			"Prefix length 96 holds every IPv4 address; servers may want two filters "
			"of 97.");
}

static void filter_family(struct pcp_lint *lint)
{
	const struct pcp_field *field = &pcp_filter_fields[FILTER_REMOTE_ADDRESS];
	const uint8_t *internal =
		lint_internal(lint->packet.request ? &lint->packet : &lint->request);

	if (!internal)
		return;
	each(lint, PCP_FILTER,
	     option) if (!is_erase(&option) && filter_is_v4(&option) != pcp_addr_is_v4(internal))
		lint_found(lint, at(&option, field), field->len,
			   "An %s peer cannot reach an %s host.",
			   filter_is_v4(&option) ? "IPv4" : "IPv6",
			   pcp_addr_is_v4(internal) ? "IPv4" : "IPv6");
}

/* ::/0 cannot be asked for: it takes ::/1 and 8000::/1. */
static void filter_erase_names(struct pcp_lint *lint)
{
	const struct pcp_field *field = &pcp_filter_fields[FILTER_REMOTE_PORT];

	each(lint, PCP_FILTER,
	     option) if (is_erase(&option) &&
			 (value(&option, field) ||
			  !pcp_addr_is_any(option.tlv.data +
					   pcp_filter_fields[FILTER_REMOTE_ADDRESS].off)))
		lint_found(
			lint, option.off + PCP_TLV_LEN, option.tlv.len,
			"Prefix length 0 erases all filters, whatever else stands here; it is no "
			"\"any address\".");
}

static bool bits_beyond(const uint8_t *addr, uint32_t bits)
{
	for (uint32_t bit = bits; bit < 128; bit++)
		if (addr[bit / 8] & (0x80 >> bit % 8))
			return true;
	return false;
}

static void filter_host_bits(struct pcp_lint *lint)
{
	const struct pcp_field *field = &pcp_filter_fields[FILTER_REMOTE_ADDRESS];

	each(lint, PCP_FILTER, option)
	{
		uint32_t bits = value(&option, &pcp_filter_fields[FILTER_PREFIX_LENGTH]);

		if (bits && (!filter_is_v4(&option) || bits >= 96) &&
		    bits_beyond(option.tlv.data + field->off, bits))
			lint_found(lint, at(&option, field), field->len,
				   "Bits behind the prefix are set; servers compare without them.");
	}
}

static void filter_erase_late(struct pcp_lint *lint)
{
	bool any = false;

	each(lint, PCP_FILTER, option)
	{
		if (is_erase(&option) && any)
			lint_found(
				lint, option.off, PCP_TLV_LEN,
				"Prefix length 0 erases the filters that stand before it in this "
				"request.");
		any = any || !is_erase(&option);
	}
}

/* ---- DESCRIPTION ---- */

static bool next_text(const struct lint_view *view, struct lint_option *option)
{
	while (lint_next(view, option))
		if (option->tlv.code == PCP_DESCRIPTION || option->tlv.code == PCP_DESCRIPTION_64)
			return true;
	return false;
}

static void description_utf8(struct pcp_lint *lint)
{
	for (struct lint_option o = { 0 }; next_text(&lint->packet, &o);)
		if (!pcp_utf8_valid(o.tlv.data, o.tlv.len))
			lint_found(lint, o.off + PCP_TLV_LEN, o.tlv.len,
				   "The text is not UTF-8; servers ignore it.");
}

static void description_nul(struct pcp_lint *lint)
{
	for (struct lint_option o = { 0 }; next_text(&lint->packet, &o);)
		if (o.tlv.len && memchr(o.tlv.data, 0, o.tlv.len))
			lint_found(lint, o.off + PCP_TLV_LEN, o.tlv.len,
				   "A NUL octet stands in the text.");
}

/* ---- PREFIX64 ---- */

static bool prefix64_length_ok(uint32_t octets)
{
	return (octets >= 4 && octets <= 8) || octets == 12;
}

static void prefix64_length(struct pcp_lint *lint)
{
	each(lint, PCP_PREFIX64, option)
	{
		uint32_t octets = pcp_get_at(&pcp_tlv_fields[TLV_LENGTH], option.tlv.data, 2);

		if (option.tlv.len >= 2 && !prefix64_length_ok(octets))
			lint_found(lint, option.off + PCP_TLV_LEN, 2,
				   "Prefix length %u; it counts octets and is 4 to 8 or 12.",
				   octets);
	}
}

static void prefix64_request(struct pcp_lint *lint)
{
	static const uint8_t wanted[14] = { 0, 12 };
	bool any = false;

	each(lint, PCP_PREFIX64, option)
	{
		if (any)
			lint_found(lint, option.off, PCP_TLV_LEN,
				   "A request asks for the prefixes once.");
		else if (option.tlv.len >= sizeof wanted &&
			 memcmp(option.tlv.data, wanted, sizeof wanted) != 0)
			lint_found(lint, option.off + PCP_TLV_LEN, sizeof wanted,
				   "A request asks with ::/96: length 12 and twelve zero octets.");
		else if (option.tlv.len > 16 ||
			 (option.tlv.len == 16 && (option.tlv.data[14] | option.tlv.data[15])))
			lint_found(lint, option.off + PCP_TLV_LEN + 14, option.tlv.len - 14,
				   "A request has no list of IPv4 prefixes.");
		any = true;
	}
}

static void prefix64_list(struct pcp_lint *lint)
{
	each(lint, PCP_PREFIX64, option)
	{
		size_t len = option.tlv.len;
		uint32_t count =
			len >= 16 ? pcp_get_at(&pcp_tlv_fields[TLV_LENGTH], option.tlv.data + 14, 2)
				  : 0;
		size_t list = option.off + PCP_TLV_LEN + 14;

		if (len > 14 && (len < 16 || len != 16 + 6 * (size_t)count))
			lint_found(lint, list, len - 14,
				   "The list of %u IPv4 prefixes does not fill the option.", count);
		for (size_t i = 0; i < count && 16 + 6 * (i + 1) <= len; i++) {
			uint32_t bits = pcp_get_at(&pcp_tlv_fields[TLV_LENGTH],
						   option.tlv.data + 16 + 6 * i, 2);

			if (bits > 32)
				lint_found(lint, list + 2 + 6 * i, 2, "An IPv4 prefix of %u bits.",
					   bits);
		}
	}
}

/* The question come back: no server can mean ::/96 by it. */
static void prefix64_placeholder(struct pcp_lint *lint)
{
	static const uint8_t asked[14] = { 0, 12 };

	if (lint->packet.result != PCP_SUCCESS)
		return;
	each(lint, PCP_PREFIX64, option) if (memcmp(option.tlv.data, asked, sizeof asked) == 0)
		lint_found(lint, option.off + PCP_TLV_LEN, sizeof asked,
			   "::/96 is the question: the server echoes an option that it does not "
			   "know.");
}

/* Bits 64 to 71 of the address: in the prefix of a /96, otherwise at the start of the suffix. */
static void prefix64_u(struct pcp_lint *lint)
{
	each(lint, PCP_PREFIX64, option)
	{
		uint32_t octets = pcp_get_at(&pcp_tlv_fields[TLV_LENGTH], option.tlv.data, 2);
		size_t u = 2 + (octets == 12 ? 8 : octets);

		if (prefix64_length_ok(octets) && option.tlv.len >= 14 && option.tlv.data[u])
			lint_found(
				lint, option.off + PCP_TLV_LEN + u, 1,
				"Bits 64 to 71 of the IPv6 addresses are %u; they have to be zero.",
				option.tlv.data[u]);
	}
}

/* ---- PORT_SET, PORT_RESERVATION ---- */

static void port_set_zero(struct pcp_lint *lint)
{
	const struct pcp_field *field = &pcp_port_set_fields[PORT_SET_SIZE];

	if (lint_is_delete(lint)) /* not checked then */
		return;
	each(lint, PCP_PORT_SET, option) if (!value(&option, field))
		lint_found(lint, at(&option, field), 2, "A set of 0 ports: MALFORMED_OPTION.");
}

static void port_set_first(struct pcp_lint *lint)
{
	const struct pcp_field *field = &pcp_port_set_fields[PORT_SET_FIRST_PORT];

	each(lint, PCP_PORT_SET,
	     option) if (value(&option, field) != lint_value(&lint->packet, LINT_INTERNAL_PORT))
		lint_found(lint, at(&option, field), 2, "The set starts at port %u, the MAP at %u.",
			   value(&option, field), lint_value(&lint->packet, LINT_INTERNAL_PORT));
}

static void port_set_all_ports(struct pcp_lint *lint)
{
	const struct pcp_field *field = &pcp_port_set_fields[PORT_SET_FIRST_PORT];

	each(lint, PCP_PORT_SET, option) if (!value(&option, field))
		lint_found(lint, at(&option, field), 2,
			   "A set of ports from port 0 on, which stands for all of them.");
}

static void port_set_single(struct pcp_lint *lint)
{
	const struct pcp_field *field = &pcp_port_set_fields[PORT_SET_SIZE];

	each(lint, PCP_PORT_SET, option) if (value(&option, field) == 1)
		lint_found(lint, at(&option, field), 2, "A set of one port needs no PORT_SET.");
}

static bool is_granted(const struct pcp_lint *lint)
{
	return lint_is_response(lint, PCP_MAP) && lint->packet.result == PCP_SUCCESS &&
	       lint->packet.lifetime;
}

static void port_set_single_answer(struct pcp_lint *lint)
{
	const struct pcp_field *field = &pcp_port_set_fields[PORT_SET_SIZE];

	if (!is_granted(lint))
		return;
	each(lint, PCP_PORT_SET, option) if (value(&option, field) == 1)
		lint_found(lint, at(&option, field), 2,
			   "One port was mapped; then the answer has no PORT_SET.");
}

static void port_set_parity(struct pcp_lint *lint)
{
	const struct pcp_field *first = &pcp_port_set_fields[PORT_SET_FIRST_PORT];
	const struct pcp_field *parity = &pcp_port_set_fields[PORT_SET_PARITY];

	if (!is_granted(lint))
		return;
	each(lint, PCP_PORT_SET,
	     option) if (value(&option, parity) &&
			 (value(&option, first) ^ lint_value(&lint->packet, LINT_EXTERNAL_PORT)) &
				 1)
		lint_found(lint, at(&option, parity), 1,
			   "Parity was not kept: internal %u, external %u.", value(&option, first),
			   lint_value(&lint->packet, LINT_EXTERNAL_PORT));
}

static void port_set_past_end(struct pcp_lint *lint)
{
	const struct pcp_field *size = &pcp_port_set_fields[PORT_SET_SIZE];
	const struct pcp_field *first = &pcp_port_set_fields[PORT_SET_FIRST_PORT];

	each(lint, PCP_PORT_SET, option)
	{
		uint32_t ports = value(&option, size), port = value(&option, first);

		if (ports != UDP_MAX && port && port + ports - 1 > UDP_MAX)
			lint_found(lint, at(&option, size), 2, "%u ports from %u on go past 65535.",
				   ports, port);
		port = is_granted(lint) ? lint_value(&lint->packet, LINT_EXTERNAL_PORT) : 0;
		if (port && port + ports - 1 > UDP_MAX)
			found_in(lint, &lint->packet, LINT_EXTERNAL_PORT,
				 "%u external ports from %u on go past 65535.", ports, port);
	}
}

static void reservation_last(struct pcp_lint *lint)
{
	struct lint_option option;

	if (lint_option(&lint->packet, PCP_PORT_RESERVATION, &option) &&
	    lint_value(&lint->packet, LINT_INTERNAL_PORT) == UDP_MAX)
		lint_found(lint, option.off, PCP_TLV_LEN,
			   "Port 65535 has no neighbour to reserve.");
}

static void reservation_pair(struct pcp_lint *lint)
{
	uint32_t internal = lint_value(&lint->packet, LINT_INTERNAL_PORT);
	uint32_t external = lint_value(&lint->packet, LINT_EXTERNAL_PORT);

	if (is_granted(lint) && ((internal ^ external) & 1 || external == UDP_MAX))
		found_in(lint, &lint->packet, LINT_EXTERNAL_PORT,
			 "External port %u cannot begin a pair for internal port %u.", external,
			 internal);
}

/* ---- authentication tags ---- */

/* ---- NEXT ---- */

static const struct pcp_rule rules[] = {
	REFUSED("third-party-self", PCP_ERROR, "RFC 6887 13.1",
		"THIRD_PARTY names another host than the sender.", third_party_self,
		PCP_MALFORMED_REQUEST, .of = OF_REQUEST, .about = PCP_THIRD_PARTY),
	REFUSED("third-party-id-alone", PCP_ERROR, "RFC 7843 5.2",
		"THIRD_PARTY_ID goes with THIRD_PARTY.", third_party_id_alone,
		PCP_THIRD_PARTY_MISSING_OPTION, .of = OF_REQUEST, .about = PCP_THIRD_PARTY_ID),
	REFUSED("prefer-failure-port-zero", PCP_ERROR, "RFC 6887 13.2",
		"PREFER_FAILURE goes with a suggested port.", prefer_failure_any_port,
		PCP_MALFORMED_OPTION, .of = OF_MAP_REQUEST, .about = PCP_PREFER_FAILURE),
	RULE("prefer-failure-address-zero", PCP_WARNING, "RFC 6887 13.2",
	     "PREFER_FAILURE goes with a suggested address.", prefer_failure_any_address,
	     .of = OF_MAP_REQUEST, .about = PCP_PREFER_FAILURE),
	REFUSED("option-in-delete", PCP_ERROR, "RFC 6887 11.3, 13.3",
		"PREFER_FAILURE and FILTER make no sense in a delete.", senseless_in_delete,
		PCP_MALFORMED_OPTION, .of = OF_DELETE | OF_OPTION),
	REFUSED("prefer-failure-port-set", PCP_ERROR, "RFC 7753 4.2",
		"PREFER_FAILURE and PORT_SET exclude each other.", prefer_failure_port_set,
		PCP_MALFORMED_OPTION, .of = OF_REQUEST, .about = PCP_PREFER_FAILURE),
	RULE("prefer-failure-use", PCP_NOTE, "RFC 6887 13.2",
	     "Clients other than UPnP interworking functions should not use PREFER_FAILURE.",
	     prefer_failure_use, .of = OF_REQUEST, .about = PCP_PREFER_FAILURE),
	REFUSED("filter-prefix-length", PCP_ERROR, "RFC 6887 13.3, erratum 3891",
		"A FILTER's prefix length is 0, for IPv4 97 to 128, for IPv6 1 to 128.",
		filter_prefix, PCP_MALFORMED_OPTION, .about = PCP_FILTER),
	RULE("filter-any-address", PCP_NOTE, "RFC 6887 13.3, erratum 3891",
	     "A FILTER of any IPv4 address filters by its port alone.", filter_any_address,
	     .about = PCP_FILTER),
	RULE("filter-family", PCP_ERROR, "RFC 6887 10, 13.3",
	     "A FILTER's address has the family of the internal one.", filter_family,
	     .about = PCP_FILTER),
	RULE("filter-erase-names", PCP_WARNING, "RFC 6887 13.3",
	     "Prefix length 0 erases; any IPv6 address takes ::/1 and 8000::/1.",
	     filter_erase_names, .about = PCP_FILTER),
	RULE("filter-host-bits", PCP_NOTE, "RFC 6887 13.3",
	     "Only the prefix of a FILTER's address counts.", filter_host_bits,
	     .about = PCP_FILTER),
	RULE("filter-erase-late", PCP_WARNING, "RFC 6887 13.3",
	     "FILTER options are executed in order; an erasing one comes first.", filter_erase_late,
	     .about = PCP_FILTER),
	RULE("description-not-utf8", PCP_ERROR, "RFC 7220 2", "A DESCRIPTION is UTF-8.",
	     description_utf8, .of = OF_OPTION),
	RULE("description-nul", PCP_ERROR, "RFC 7220 2", "A DESCRIPTION has no terminating NUL.",
	     description_nul, .of = OF_OPTION),
	RULE("prefix64-length", PCP_ERROR, "RFC 7225 4.1",
	     "A PREFIX64 has 4, 5, 6, 7, 8 or 12 octets.", prefix64_length, .about = PCP_PREFIX64),
	RULE("prefix64-request", PCP_ERROR, "RFC 7225 4.1, 4.3",
	     "A request carries one PREFIX64, ::/96 without a list.", prefix64_request,
	     .of = OF_REQUEST, .about = PCP_PREFIX64),
	RULE("prefix64-list", PCP_ERROR, "RFC 7225 4.1",
	     "The IPv4 prefixes of a PREFIX64 are as many as its count and at most 32 bits long.",
	     prefix64_list, .about = PCP_PREFIX64),
	RULE("prefix64-placeholder", PCP_ERROR, "RFC 7225 4.2; RFC 6887 7.3",
	     "A server without a prefix leaves PREFIX64 out.", prefix64_placeholder,
	     .of = OF_RESPONSE, .about = PCP_PREFIX64),
	RULE("prefix64-u-octet", PCP_WARNING, "RFC 6052 2.2",
	     "Bits 64 to 71 of an IPv6 address that embeds an IPv4 one are zero.", prefix64_u,
	     .about = PCP_PREFIX64),
	REFUSED("port-set-zero", PCP_ERROR, "RFC 7753 4.2", "A port set has at least one port.",
		port_set_zero, PCP_MALFORMED_OPTION, .about = PCP_PORT_SET),
	RULE("port-set-first-port", PCP_ERROR, "RFC 7753 4",
	     "A requested port set starts at the MAP's internal port.", port_set_first,
	     .of = OF_MAP_REQUEST, .about = PCP_PORT_SET),
	RULE("port-set-all-ports", PCP_WARNING, "RFC 7753 4.1", "A port set begins at a port.",
	     port_set_all_ports, .of = OF_REQUEST, .about = PCP_PORT_SET),
	RULE("port-set-single", PCP_WARNING, "RFC 7753 4.1",
	     "PORT_SET is not used for a single port.", port_set_single, .of = OF_REQUEST,
	     .about = PCP_PORT_SET),
	RULE("port-set-single-answer", PCP_ERROR, "RFC 7753 4.2",
	     "An answer that maps a single port has no PORT_SET.", port_set_single_answer,
	     .of = OF_MAP_RESPONSE, .about = PCP_PORT_SET),
	RULE("port-set-parity", PCP_NOTE, "RFC 7753 4.2", "A server may keep the ports' parity.",
	     port_set_parity, .of = OF_MAP_RESPONSE, .about = PCP_PORT_SET),
	RULE("port-set-past-end", PCP_WARNING, "RFC 7753 4",
	     "A port set ends at 65535 at the latest.", port_set_past_end, .about = PCP_PORT_SET),
	RULE("port-reservation-last-port", PCP_WARNING, "draft-boucadair-pcp-rtp-rtcp-05 5",
	     "PORT_RESERVATION takes the next port too.", reservation_last, .of = OF_MAP_REQUEST,
	     .about = PCP_PORT_RESERVATION),
	RULE("port-reservation-pair", PCP_WARNING, "draft-boucadair-pcp-rtp-rtcp-05 5",
	     "A reserved pair starts at a port of the internal one's parity.", reservation_pair,
	     .of = OF_MAP_RESPONSE, .about = PCP_PORT_RESERVATION),
};

const struct lint_rules lint_option_data_rules = RULES(rules, lint_has_options);
