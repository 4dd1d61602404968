/* Group I: what other groups try, over IPv6, and what there is in IPv6 alone. */
#include "probe-private.h"

#include <string.h>

/* Turns to the IPv6 router; false, and the case is skipped, when there is none. */
static bool turn_to_six(struct probe_test *t)
{
	if (case_through(t, PROBE_SIX))
		return true;
	case_lacks(t, "no IPv6 router is known");
	return false;
}

static void repeat(struct probe_test *t, const char *id)
{
	if (turn_to_six(t))
		probe_case_named(id)->run(t);
}

static void announces(struct probe_test *t)
{
	repeat(t, "A01");
}

static void checks_address(struct probe_test *t)
{
	repeat(t, "A21");
}

static void maps(struct probe_test *t)
{
	repeat(t, "C01");
}

static void refuses_nonce(struct probe_test *t)
{
	repeat(t, "C05");
}

static void deletes(struct probe_test *t)
{
	repeat(t, "C10");
}

static void peers(struct probe_test *t)
{
	repeat(t, "F01");
}

static void wants_v4(struct probe_test *t)
{
	uint8_t wish[PCP_ADDR_LEN];
	struct pcp_edit map;
	const struct probe_answer *a;

	if (!turn_to_six(t))
		return;
	pcp_addr_any(wish, true);
	map = case_map(t, 0, PROBE_LIFETIME);
	case_suggest(&map, wish, 0);
	a = case_ask(t, &map);
	if (case_code(a) != PCP_SUCCESS)
		case_info(t, "%s: no NAT64", case_name(case_code(a)));
	else if (!pcp_addr_is_v4(case_external(a)))
		case_info(t, "asked for IPv4 outside it gives IPv6");
}

static void filters(struct probe_test *t)
{
	static const uint8_t any[PCP_ADDR_LEN];
	uint8_t addr[PCP_ADDR_LEN];
	struct pcp_edit map;
	const struct probe_answer *a;

	if (!turn_to_six(t))
		return;
	map = case_map(t, 0, PROBE_LIFETIME);
	case_filter(&map, 0, 0, any);
	a = case_ask(t, &map);
	if (case_code(a) == PCP_UNSUPP_OPTION)
		case_lacks(t, "FILTER is not supported");
	case_result(t, a, PCP_SUCCESS);
	pcp_addr_parse("2001:db8:51::1", addr, NULL);
	map = case_map(t, 1, PROBE_LIFETIME);
	case_filter(&map, 129, 443, addr);
	case_refusal(t, case_ask_form(t, &map), PCP_MALFORMED_OPTION);
}

static void asks_from_link(struct probe_test *t)
{
	struct pcp_edit map;
	const struct probe_answer *a;

	if (!case_through(t, PROBE_LINK_LOCAL))
		case_lacks(t, "no link-local way to it is known");
	map = case_map(t, 0, PROBE_LIFETIME);
	a = case_ask(t, &map);
	case_info(t, "MAP from a link-local address: %s", case_name(case_code(a)));
}

static void refuses_v4_address(struct probe_test *t)
{
	struct pcp_edit request;
	uint8_t own[PCP_ADDR_LEN];

	if (case_v4(t))
		memcpy(own, case_own(t), sizeof own);
	else
		pcp_addr_parse("192.0.2.1", own, NULL);
	if (!turn_to_six(t))
		return;
	request = case_plain(t, PCP_VERSION_2, PCP_ANNOUNCE, 0, 0);
	case_client(&request, own);
	case_result(t, case_ask_form(t, &request), PCP_ADDRESS_MISMATCH);
}

/* What is repeated has the other case's sentences. */
#define REPEATS(number, what, row_title, row_demand, row_ref, row_level, more)                     \
	.id = number, .ref = row_ref, .level = row_level, .title = row_title,                      \
	.demand = row_demand, .sends = "what " what " sends, over IPv6", .passes = "as " what,     \
	.fails = "as " what, .flags = PROBE_IPV6 | (more)

static const struct probe_case rows[] = {
	{ REPEATS("I01", "A01", "ANNOUNCE over IPv6",
		  "Reserved: 8 reserved bits, MUST be sent as 0, MUST be ignored when received.",
		  "RFC 6887 7.2", "MUST", 0),
	  .needs = "", .run = announces },
	{ REPEATS("I02", "A21", "another host's address over IPv6",
		  "If they do not match, the error ADDRESS_MISMATCH MUST be returned.",
		  "RFC 6887 8.2", "MUST", PROBE_ENDANGERS),
	  .needs = "I01", .run = checks_address },
	{ REPEATS("I03", "C01", "MAP over IPv6",
		  "Reserved: 24 reserved bits, MUST be sent as 0 and MUST be ignored when "
		  "received.",
		  "RFC 6887 11.1", "MUST", 0),
	  .effect = "a mapping", .needs = "I01", .run = maps },
	{ REPEATS("I04", "C05", "another nonce over IPv6",
		  "but the mapping nonce does not match, the request MUST be rejected with a "
		  "NOT_AUTHORIZED error",
		  "RFC 6887 11.3", "MUST", PROBE_ENDANGERS),
	  .effect = "a mapping", .needs = "I01 I03", .run = refuses_nonce },
	{ REPEATS("I05", "C10", "a delete over IPv6",
		  "these fields MUST be copied into the assigned external IP address and assigned "
		  "external port of the response.",
		  "RFC 6887 15.1", "MUST", 0),
	  .effect = "a mapping", .needs = "I01 I03", .run = deletes },
	{ REPEATS("I06", "F01", "PEER over IPv6",
		  "Reserved: 24 reserved bits, MUST be set to 0 on transmission, MUST be ignored "
		  "on "
		  "reception.",
		  "RFC 6887 12.1", "MUST", 0),
	  .effect = "a mapping that ends by itself", .needs = "I01", .run = peers },
	{ .id = "I07",
	  .ref = "RFC 6887 10",
	  .level = "info",
	  .title = "an IPv4 address outside for IPv6",
	  .demand = "is usually the same as the 'internal' address family, except when "
		    "technologies like NAT64 are used.",
	  .sends = "MAP over IPv6 suggesting ::ffff:0.0.0.0",
	  .passes = "an IPv4 address (NAT64); info: anything else",
	  .fails = "nothing",
	  .effect = "a mapping",
	  .needs = "I01 I03",
	  .flags = PROBE_IPV6,
	  .run = wants_v4 },
	{ .id = "I08",
	  .ref = "RFC 6887 13.3",
	  .level = "MUST",
	  .title = "FILTER over IPv6",
	  .demand = "Values outside those ranges cause the PCP server to return the "
		    "MALFORMED_OPTION result code.",
	  .sends = "MAP with FILTER ::/0, then one of 129 bits",
	  .passes = "SUCCESS, then MALFORMED_OPTION",
	  .fails = "otherwise",
	  .effect = "a mapping",
	  .needs = "I01 I03",
	  .flags = PROBE_IPV6,
	  .run = filters },
	{ .id = "I09",
	  .ref = "RFC 6887 8.4",
	  .level = "info",
	  .title = "MAP from a link-local address",
	  .demand = "IPv6 addresses without global reachability (e.g., ULAs) SHOULD NOT be used as "
		    "the source interface when generating a PCP request.",
	  .sends = "MAP from the link-local address",
	  .passes = "whatever comes",
	  .fails = "nothing",
	  .effect = "perhaps a mapping",
	  .needs = "I01",
	  .flags = PROBE_IPV6,
	  .run = asks_from_link },
	{ .id = "I10",
	  .ref = "RFC 6887 8.2",
	  .level = "MUST",
	  .title = "the IPv4 address in an IPv6 request",
	  .demand = "If they do not match, the error ADDRESS_MISMATCH MUST be returned.",
	  .sends = "ANNOUNCE over IPv6 with the host's IPv4 address",
	  .passes = "ADDRESS_MISMATCH",
	  .fails = "SUCCESS or another result",
	  .needs = "I01",
	  .flags = PROBE_IPV6 | PROBE_ENDANGERS,
	  .run = refuses_v4_address },
};

const struct probe_group probe_group_i = { 'I', "IPv6", rows, sizeof rows / sizeof *rows };
