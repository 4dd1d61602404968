/* Group C, third part: external values, as suggested and as given. */
#include "probe-private.h"

#include <string.h>

static const struct probe_answer *make(struct probe_test *t, unsigned port)
{
	struct pcp_edit map = case_map(t, port, PROBE_LIFETIME);
	const struct probe_answer *a = case_ask(t, &map);

	case_needs_success(t, a);
	return a;
}

/* A firewall gives no choice: outside stands what stands inside (11.1). */
static void needs_translation(struct probe_test *t, const struct probe_answer *made)
{
	if (memcmp(case_external(made), case_own(t), PCP_ADDR_LEN) == 0)
		case_lacks(t, "it translates nothing: outside stands what stands inside");
}

static void honours_suggestion(struct probe_test *t)
{
	const struct probe_answer *made = make(t, 0);
	struct pcp_edit map = case_map(t, 1, PROBE_LIFETIME);
	bool granted = false;

	needs_translation(t, made);
	for (unsigned i = 0; i < 3 && !granted; i++) {
		const struct probe_answer *a;
		uint16_t port = case_high_port(t, i);

		map = case_map(t, 1 + i, PROBE_LIFETIME);
		case_suggest(&map, case_external(made), port);
		a = case_ask(t, &map);
		case_result(t, a, PCP_SUCCESS);
		granted = case_external_port(a) == port;
	}
	case_should(t, granted, "a free suggested port was not granted (3 tries)");
}

/* A suggestion is a hint, and never does any harm. */
static void takes_hint(struct probe_test *t, unsigned port, const char *typed)
{
	struct pcp_edit map = case_map(t, port, PROBE_LIFETIME);
	uint8_t addr[PCP_ADDR_LEN];
	const struct probe_answer *a;

	pcp_addr_parse(typed, addr, NULL);
	case_suggest(&map, addr, 0);
	a = case_ask(t, &map);
	case_must(t, case_code(a) == PCP_SUCCESS,
		  "suggesting %s gets %s, should be SUCCESS elsewhere", typed,
		  case_name(case_code(a)));
	/* A firewall on this very host gives this host's address. */
	case_must(t,
		  memcmp(case_external(a), addr, sizeof addr) != 0 ||
			  memcmp(case_own(t), addr, sizeof addr) == 0,
		  "%s is granted", typed);
}

static void takes_loopback(struct probe_test *t)
{
	takes_hint(t, 0, case_v4(t) ? "127.0.0.1" : "::1");
}

static void takes_foreign(struct probe_test *t)
{
	static const char *const hints[] = { "224.0.0.1", "192.0.2.1", "::1", "2001:db8::1" };

	for (unsigned i = 0; i < 4; i++)
		takes_hint(t, i, hints[i]);
}

/* ---- 5351 ---- */

static void keeps_5351(struct probe_test *t)
{
	struct pcp_edit map = case_map(t, 0, PROBE_LIFETIME);
	const struct probe_answer *a;

	case_suggest(&map, NULL, PCP_SERVER_PORT);
	a = case_ask(t, &map);
	case_must(t, case_code(a) == PCP_SUCCESS, "%s, should be SUCCESS with another port",
		  case_name(case_code(a)));
	case_must(t, case_external_port(a) != PCP_SERVER_PORT, "external UDP port 5351 is granted");
}

static void keeps_5351_inside(struct probe_test *t)
{
	struct pcp_edit map = case_map(t, 0, PROBE_LIFETIME);
	const struct probe_answer *a;

	if (!case_bind(t, PCP_SERVER_PORT))
		case_lacks(t, "port 5351 of this host is in use");
	case_internal(&map, PCP_SERVER_PORT);
	case_suggest(&map, NULL, PCP_SERVER_PORT);
	a = case_ask(t, &map);
	case_must(t, case_code(a) != PCP_SUCCESS || case_external_port(a) != PCP_SERVER_PORT,
		  "external UDP port 5351 is granted");
}

/* ---- the same outside ---- */

static void one_address(struct probe_test *t)
{
	const struct probe_answer *first = make(t, 0), *second = make(t, 1), *third;
	struct pcp_edit map = case_map(t, 2, PROBE_LIFETIME);

	case_protocol(&map, PCP_TCP);
	third = case_ask(t, &map);
	case_needs_success(t, third);
	case_should(t,
		    memcmp(case_external(first), case_external(second), PCP_ADDR_LEN) == 0 &&
			    memcmp(case_external(first), case_external(third), PCP_ADDR_LEN) == 0,
		    "mappings of one host get several external addresses");
}

static void gives_back(struct probe_test *t)
{
	const struct probe_answer *made = make(t, 0), *again;
	struct pcp_edit map = case_map(t, 0, 0);

	case_needs_success(t, case_ask(t, &map));
	map = case_map(t, 0, PROBE_LIFETIME);
	case_suggest(&map, case_external(made), case_external_port(made));
	again = case_ask(t, &map);
	case_needs_success(t, again);
	case_should(t, case_same_external(again, made),
		    "the same client gets external port %u back for %u", case_external_port(again),
		    case_external_port(made));
}

static void holds_for_owner(struct probe_test *t)
{
	const struct probe_answer *made = make(t, 0), *a;
	struct pcp_edit map = case_map(t, 0, 0);

	case_needs_success(t, case_ask(t, &map));
	if (!case_through(t, PROBE_OTHER_ADDRESS))
		case_lacks(t, "this host has one address only");
	map = case_map(t, 1, PROBE_LIFETIME);
	case_suggest(&map, case_external(made), case_external_port(made));
	case_option(&map, PCP_PREFER_FAILURE, NULL, 0);
	a = case_ask(t, &map);
	if (case_code(a) == PCP_UNSUPP_OPTION)
		case_lacks(t, "PREFER_FAILURE is not supported");
	case_should(t, case_code(a) != PCP_SUCCESS,
		    "a port that was just freed is given to another address");
	case_should(t, case_code(a) == PCP_CANNOT_PROVIDE_EXTERNAL,
		    "%s, should be CANNOT_PROVIDE_EXTERNAL", case_name(case_code(a)));
}

static void other_family(struct probe_test *t)
{
	struct pcp_edit map = case_map(t, 0, PROBE_LIFETIME);
	uint8_t wish[PCP_ADDR_LEN];
	const struct probe_answer *a;

	pcp_addr_any(wish, !case_v4(t));
	case_suggest(&map, wish, 0);
	a = case_ask(t, &map);
	if (case_code(a) != PCP_SUCCESS)
		case_info(t, "%s to the zero address of the other family", case_name(case_code(a)));
	else if (pcp_addr_is_v4(case_external(a)) == case_v4(t))
		case_info(t, "asked for the other family it gives its own");
	else
		case_info(t, "it gives an address of the other family");
}

static const struct probe_case rows[] = {
	{ .id = "C18",
	  .ref = "RFC 6887 11.3",
	  .level = "SHOULD",
	  .title = "a free suggested port",
	  .demand = "and the PCP server is able to create a mapping using the suggested external "
		    "address and port, it SHOULD do so.",
	  .sends = "MAP suggesting a high port of C01's address, up to three others",
	  .passes = "one of them is granted",
	  .fails = "an error; weak: none is",
	  .effect = "two to four mappings",
	  .needs = "C01",
	  .run = honours_suggestion },
	{ .id = "C19",
	  .ref = "RFC 6887 11.3",
	  .level = "MUST",
	  .title = "the loopback address as a suggestion",
	  .demand = "then the PCP server MUST do so and return the newly assigned external "
		    "address and port in the response.",
	  .sends = "MAP suggesting 127.0.0.1 or ::1",
	  .passes = "SUCCESS elsewhere",
	  .fails = "an error: a suggestion never does any harm",
	  .effect = "a mapping",
	  .needs = "C01",
	  .run = takes_loopback },
	{ .id = "C20",
	  .ref = "RFC 6887 11.3",
	  .level = "MUST",
	  .title = "foreign addresses as suggestions",
	  .demand = "then the PCP server MUST do so and return the newly assigned external "
		    "address and port in the response.",
	  .sends = "MAP suggesting 224.0.0.1, 192.0.2.1, ::1, 2001:db8::1",
	  .passes = "SUCCESS elsewhere each time",
	  .fails = "an error",
	  .effect = "four mappings",
	  .needs = "C01",
	  .run = takes_foreign },
	{ .id = "C21",
	  .ref = "RFC 6887 11.3",
	  .level = "MUST NOT",
	  .title = "external port 5351",
	  .demand = "A PCP server MUST NOT create client mappings for external UDP ports 5350 or "
		    "5351.",
	  .sends = "MAP of UDP suggesting port 5351",
	  .passes = "SUCCESS with another port",
	  .fails = "5351 is granted, or an error",
	  .effect = "a mapping",
	  .needs = "C01",
	  .flags = PROBE_ENDANGERS,
	  .run = keeps_5351 },
	{ .id = "C22",
	  .ref = "RFC 6887 11.3",
	  .level = "MUST NOT",
	  .title = "external port 5351 for internal port 5351",
	  .demand = "A PCP server MUST NOT create client mappings for external UDP ports 5350 or "
		    "5351.",
	  .sends = "MAP of UDP port 5351 suggesting the same",
	  .passes = "another port, or an error",
	  .fails = "5351 is granted",
	  .effect = "a mapping",
	  .needs = "C01",
	  .flags = PROBE_ENDANGERS,
	  .run = keeps_5351_inside },
	{ .id = "C30",
	  .ref = "RFC 6887 10",
	  .level = "SHOULD",
	  .title = "one external address for one host",
	  .demand = "PCP SHOULD assign its mappings to the same external address",
	  .sends = "MAP of three ports, UDP and TCP",
	  .passes = "one external address",
	  .fails = "weak: several",
	  .effect = "three mappings",
	  .needs = "C01",
	  .run = one_address },
	{ .id = "C31",
	  .ref = "RFC 6887 15",
	  .level = "SHOULD",
	  .title = "a freed port comes back to its client",
	  .demand = "the PCP server SHOULD allow an external port to be reclaimed by the same "
		    "client",
	  .sends = "MAP, its delete, MAP suggesting what it had",
	  .passes = "the same external port",
	  .fails = "weak: another",
	  .effect = "a mapping",
	  .needs = "C01",
	  .run = gives_back },
	{ .id = "C32",
	  .ref = "RFC 6887 15",
	  .level = "SHOULD",
	  .title = "a freed port is kept from others",
	  .demand = "the assigned external port created by the MAP Opcode or PEER Opcode SHOULD "
		    "NOT be reused for an interval equal to the reuse time limit enforced by the "
		    "NAT",
	  .sends = "MAP, its delete, and its port from another address with PREFER_FAILURE",
	  .passes = "CANNOT_PROVIDE_EXTERNAL",
	  .fails = "weak: SUCCESS, or another error",
	  .effect = "two mappings",
	  .needs = "C01",
	  .run = holds_for_owner },
	{ .id = "C33",
	  .ref = "RFC 6887 10",
	  .level = "info",
	  .title = "the zero address of the other family",
	  .demand = "it sends a MAP request containing the all-zeros IPv6",
	  .sends = "MAP suggesting :: over IPv4, or 0.0.0.0 over IPv6",
	  .passes = "whatever comes",
	  .fails = "nothing",
	  .effect = "a mapping",
	  .needs = "C01",
	  .run = other_family },
};

const struct probe_group probe_group_c3 = { 'C', "MAP", rows, sizeof rows / sizeof *rows };
