/* Group E: FILTER, who may come in. */
#include "probe-private.h"

#include <string.h>

enum { MANY = 41, OF_V4 = 1 << 0, OF_V6 = 1 << 1 };

static void remote(const struct probe_test *t, unsigned i, uint8_t addr[PCP_ADDR_LEN])
{
	case_addr(t, "198.51.100.1", "2001:db8:51::1", addr);
	addr[15] = (uint8_t)(addr[15] + i);
}

static struct pcp_edit filtered(struct probe_test *t, uint32_t lifetime, uint8_t prefix)
{
	struct pcp_edit map = case_map(t, 0, lifetime);
	uint8_t addr[PCP_ADDR_LEN];

	remote(t, 0, addr);
	case_filter(&map, prefix, 443, addr);
	return map;
}

static void make(struct probe_test *t)
{
	struct pcp_edit map = case_map(t, 0, PROBE_LIFETIME);

	case_needs_success(t, case_ask(t, &map));
}

/* Another nonce is told how long the mapping has, or gets it. If the first is refused then, the
 * mapping was gone; if it is not, nonces are not looked at (C05), and nothing tells. */
static const struct probe_answer *ask_with_other(struct probe_test *t)
{
	struct pcp_edit own = case_map(t, 0, PROBE_LIFETIME), other = own;
	const struct probe_answer *a;

	case_nonce(&other, t->other_nonce);
	a = case_ask(t, &other);
	if (case_code(a) != PCP_SUCCESS)
		return a;
	case_must(t, case_code(case_ask(t, &own)) != PCP_NOT_AUTHORIZED,
		  "the refused request deleted the mapping");
	case_open(t, "another nonce is not refused, so nothing tells whether the mapping stands");
	return a;
}

/* The mapping is as it was. */
static void stands(struct probe_test *t, uint32_t most)
{
	const struct probe_answer *a = ask_with_other(t);

	case_must(t, case_code(a) != PCP_NOT_AUTHORIZED || case_granted(a) <= most + 2,
		  "the refused request changed the mapping: %u s are left, not %u", case_granted(a),
		  most);
}

static bool same_option(const struct probe_answer *a, size_t nth, const struct pcp_edit *asked,
			size_t which)
{
	size_t off = PCP_HEADER_LEN + pcp_body_len(PCP_MAP, PCP_VERSION_2) +
		     which * (PCP_TLV_LEN + 20) + PCP_TLV_LEN;
	struct pcp_tlv tlv;

	return case_find(a, PCP_FILTER, nth, &tlv) && tlv.len == 20 &&
	       memcmp(tlv.data, asked->octets + off, 20) == 0;
}

static void filters(struct probe_test *t)
{
	struct pcp_edit map = filtered(t, PROBE_LIFETIME, 128);
	const struct probe_answer *a = case_ask(t, &map);

	if (case_code(a) == PCP_UNSUPP_OPTION)
		case_lacks(t, "FILTER is not supported");
	case_result(t, a, PCP_SUCCESS);
	if (case_goes_on(t))
		t->probe->profile.filter = true;
	case_must(t, same_option(a, 0, &map, 0), "SUCCESS, and FILTER does not come back as sent");
}

static void refuses_prefix(struct probe_test *t)
{
	static const struct {
		uint8_t prefix;
		unsigned of;
	} bad[] = { { 95, OF_V4 }, { 1, OF_V4 }, { 129, OF_V4 | OF_V6 }, { 255, OF_V6 } };

	make(t);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct pcp_edit map = filtered(t, 600, bad[i].prefix);
		const struct probe_answer *a;

		if (!(bad[i].of & (case_v4(t) ? OF_V4 : OF_V6)))
			continue;
		a = case_ask_form(t, &map);
		case_must(t, case_code(a) != PCP_SUCCESS,
			  "SUCCESS for prefix length %u, should be MALFORMED_OPTION",
			  bad[i].prefix);
		case_result(t, a, PCP_MALFORMED_OPTION);
	}
	stands(t, PROBE_LIFETIME);
}

static void refuses_delete(struct probe_test *t)
{
	struct pcp_edit map = filtered(t, 0, 128);

	make(t);
	case_refusal(t, case_ask_form(t, &map), PCP_MALFORMED_OPTION);
	(void)ask_with_other(t);
}

static void applies_all_or_none(struct probe_test *t)
{
	struct pcp_edit map = filtered(t, 600, 128);
	uint8_t addr[PCP_ADDR_LEN];

	make(t);
	remote(t, 1, addr);
	case_filter(&map, 129, 443, addr);
	case_refusal(t, case_ask_form(t, &map), PCP_MALFORMED_OPTION);
	stands(t, PROBE_LIFETIME);
}

static void erase(struct probe_test *t, struct pcp_edit *map)
{
	uint8_t any[PCP_ADDR_LEN];

	pcp_addr_any(any, case_v4(t));
	case_filter(map, 0, 0, any);
}

static void erases_first(struct probe_test *t)
{
	struct pcp_edit map = case_map(t, 0, PROBE_LIFETIME);
	const struct probe_answer *a;
	uint8_t addr[PCP_ADDR_LEN];

	erase(t, &map);
	remote(t, 0, addr);
	case_filter(&map, 128, 443, addr);
	a = case_ask(t, &map);
	case_result(t, a, PCP_SUCCESS);
	case_must(t, same_option(a, 0, &map, 0) && same_option(a, 1, &map, 1),
		  "the two FILTERs do not come back in their order");
}

static struct pcp_edit with_filters(struct probe_test *t, uint32_t lifetime, unsigned n)
{
	struct pcp_edit map = case_map(t, 0, lifetime);

	for (unsigned i = 0; i < n; i++) {
		uint8_t addr[PCP_ADDR_LEN];

		remote(t, i, addr);
		case_filter(&map, 128, 443, addr);
	}
	return map;
}

static void takes_many(struct probe_test *t)
{
	struct pcp_edit map = with_filters(t, 600, MANY);
	const struct probe_answer *a;

	make(t);
	a = case_ask_form(t, &map);
	if (case_code(a) == PCP_SUCCESS)
		return;
	case_must(t, case_code(a) != PCP_MALFORMED_REQUEST,
		  "MALFORMED_REQUEST, should be EXCESSIVE_REMOTE_PEERS");
	case_should(t, case_code(a) == PCP_EXCESSIVE_REMOTE_PEERS,
		    "%s, should be EXCESSIVE_REMOTE_PEERS", case_name(case_code(a)));
	stands(t, PROBE_LIFETIME);
}

/* The most that are taken at a time, by halving. */
static void finds_limit(struct probe_test *t)
{
	unsigned low = 0, high = MANY + 1;

	while (high - low > 1 && case_goes_on(t)) {
		unsigned middle = (low + high) / 2;
		struct pcp_edit map = with_filters(t, PROBE_LIFETIME, middle);
		struct pcp_edit fresh = case_map(t, 0, 0);

		if (case_code(case_ask(t, &map)) == PCP_SUCCESS)
			low = middle;
		else
			high = middle;
		if (low == middle) /* filters add up: each try has a mapping of its own */
			(void)case_ask(t, &fresh);
	}
	if (!case_goes_on(t))
		return;
	t->probe->profile.filters = low;
	case_must(t, low > 0, "not one FILTER is taken");
	case_info(t, low == MANY ? "%u filters and more" : "%u filters at most", low);
}

static void refuses_family(struct probe_test *t)
{
	struct pcp_edit map = case_map(t, 0, PROBE_LIFETIME);
	uint8_t addr[PCP_ADDR_LEN];

	pcp_addr_parse(case_v4(t) ? "2001:db8:51::1" : "198.51.100.1", addr, NULL);
	case_filter(&map, 128, 443, addr);
	case_refusal(t, case_ask_form(t, &map), PCP_MALFORMED_OPTION);
}

static void ignores_reserved(struct probe_test *t)
{
	struct pcp_edit map = filtered(t, PROBE_LIFETIME, 128);
	const struct probe_answer *a;
	struct pcp_tlv tlv = { .len = 0 };
	bool found;

	map.octets[PCP_HEADER_LEN + pcp_body_len(PCP_MAP, PCP_VERSION_2) + PCP_TLV_LEN] = 0xff;
	a = case_ask(t, &map);
	case_result(t, a, PCP_SUCCESS);
	found = case_find(a, PCP_FILTER, 0, &tlv) && tlv.len > 0;
	case_must(t, found, "FILTER does not come back");
	case_should(t, found && tlv.data[0] == 0, "its reserved octet comes back");
}

static const struct probe_case rows[] = {
	{ .id = "E01",
	  .ref = "RFC 6887 13.3",
	  .level = "MUST",
	  .title = "FILTER",
	  .demand = "All PCP servers MUST support at least one filter per MAP mapping.",
	  .sends = "MAP with FILTER for one address and port",
	  .passes = "SUCCESS with the option as sent; skip: UNSUPP_OPTION",
	  .fails = "SUCCESS without it, or another result",
	  .effect = "a mapping",
	  .needs = "C01",
	  .flags = PROBE_QUICK,
	  .run = filters },
	{ .id = "E02",
	  .ref = "RFC 6887 13.3",
	  .level = "MUST",
	  .title = "FILTER with a prefix length that there is not",
	  .demand = "Values outside those ranges cause the PCP server to return the "
		    "MALFORMED_OPTION result code.",
	  .sends = "MAP, then FILTERs of 95, 1, 129 bits (IPv6: 129, 255)",
	  .passes = "MALFORMED_OPTION each time, the mapping unchanged",
	  .fails = "SUCCESS, another result, or a change",
	  .effect = "a mapping",
	  .needs = "C01 E01",
	  .run = refuses_prefix },
	{ .id = "E03",
	  .ref = "RFC 6887 11.3",
	  .level = "MUST",
	  .title = "FILTER in a delete",
	  .demand = "the request is invalid and generates a MALFORMED_OPTION error.",
	  .sends = "MAP, and its delete with FILTER",
	  .passes = "MALFORMED_OPTION, the mapping stands",
	  .fails = "SUCCESS, or it is gone; weak: another result",
	  .effect = "a mapping",
	  .needs = "C01 E01",
	  .run = refuses_delete },
	{ .id = "E04",
	  .ref = "RFC 6887 7.3",
	  .level = "MUST",
	  .title = "a good FILTER and a bad one",
	  .demand = "the PCP request MUST cause no state change in the PCP server or the "
		    "PCP-controlled device",
	  .sends = "MAP, then with a good and a bad FILTER and a longer lifetime",
	  .passes = "MALFORMED_OPTION, the mapping unchanged",
	  .fails = "SUCCESS or a change; weak: another result",
	  .effect = "a mapping",
	  .needs = "C01 E01",
	  .run = applies_all_or_none },
	{ .id = "E05",
	  .ref = "RFC 6887 13.3",
	  .level = "MUST",
	  .title = "a FILTER that erases, and one behind it",
	  .demand = "but MUST be processed by the PCP server in the order in which they appear.",
	  .sends = "MAP with FILTER of 0 bits, then FILTER for one address",
	  .passes = "SUCCESS with both in their order",
	  .fails = "an error, or they come back otherwise",
	  .effect = "a mapping",
	  .needs = "C01 E01",
	  .run = erases_first },
	{ .id = "E06",
	  .ref = "RFC 6887 13.3",
	  .level = "MUST",
	  .title = "41 filters",
	  .demand = "the entire MAP request is rejected with the result code "
		    "EXCESSIVE_REMOTE_PEERS, and the state on the PCP server is unchanged.",
	  .sends = "MAP, then with 41 FILTERs",
	  .passes = "SUCCESS, or EXCESSIVE_REMOTE_PEERS with the mapping unchanged",
	  .fails = "MALFORMED_REQUEST or a change; weak: another result",
	  .effect = "a mapping",
	  .needs = "C01 E01",
	  .run = takes_many },
	{ .id = "E07",
	  .ref = "RFC 6887 13.3",
	  .level = "info",
	  .title = "how many filters",
	  .demand = "All PCP servers MUST support at least one filter per MAP mapping.",
	  .sends = "MAP with fewer and more FILTERs, by halving",
	  .passes = "how many it takes",
	  .fails = "none",
	  .effect = "a mapping",
	  .needs = "C01 E01",
	  .run = finds_limit },
	{ .id = "E08",
	  .ref = "RFC 6887 10",
	  .level = "MUST",
	  .title = "FILTER of the other family",
	  .demand = "is always the same address family as the 'internal' address, even when NAT64 "
		    "is used.",
	  .sends = "MAP with a FILTER of the other family",
	  .passes = "MALFORMED_OPTION",
	  .fails = "SUCCESS; weak: another result",
	  .effect = "perhaps a mapping",
	  .needs = "C01 E01",
	  .run = refuses_family },
	{ .id = "E09",
	  .ref = "RFC 6887 13.3",
	  .level = "MUST",
	  .title = "reserved octet of FILTER",
	  .demand = "Reserved: 8 reserved bits, MUST be sent as 0 and MUST be ignored when "
		    "received.",
	  .sends = "MAP with a FILTER whose reserved octet is 0xff",
	  .passes = "SUCCESS, the octet zero",
	  .fails = "an error; weak: it comes back",
	  .effect = "a mapping",
	  .needs = "C01 E01",
	  .run = ignores_reserved },
};

const struct probe_group probe_group_e = { 'E', "FILTER", rows, sizeof rows / sizeof *rows };
