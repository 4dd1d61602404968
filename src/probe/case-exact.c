/* Group D: PREFER_FAILURE, the suggestion or nothing. */
#include "probe-private.h"

#include <string.h>

static struct pcp_edit exact(struct probe_test *t, unsigned port, const uint8_t *addr,
			     uint16_t external)
{
	struct pcp_edit map = case_map(t, port, PROBE_LIFETIME);

	case_suggest(&map, addr, external);
	case_option(&map, PCP_PREFER_FAILURE, NULL, 0);
	return map;
}

static const struct probe_answer *make(struct probe_test *t)
{
	struct pcp_edit map = case_map(t, 0, PROBE_LIFETIME);
	const struct probe_answer *a = case_ask(t, &map);

	case_needs_success(t, a);
	return a;
}

static void refuses_port_0(struct probe_test *t)
{
	struct pcp_edit map = exact(t, 0, NULL, 0);
	const struct probe_answer *a = case_ask_form(t, &map);

	if (case_code(a) == PCP_UNSUPP_OPTION)
		case_lacks(t, "PREFER_FAILURE is not supported");
	if (case_goes_on(t))
		t->probe->profile.prefer_failure = true;
	case_refusal(t, a, PCP_MALFORMED_OPTION);
}

static void refuses_delete(struct probe_test *t)
{
	struct pcp_edit map = exact(t, 0, NULL, case_high_port(t, 0));

	case_lifetime(&map, 0);
	case_refusal(t, case_ask_form(t, &map), PCP_MALFORMED_OPTION);
}

static void refuses_twice(struct probe_test *t)
{
	struct pcp_edit map = exact(t, 0, NULL, case_high_port(t, 0));

	case_option(&map, PCP_PREFER_FAILURE, NULL, 0);
	case_refusal(t, case_ask_form(t, &map), PCP_MALFORMED_OPTION);
}

static void refuses_length(struct probe_test *t)
{
	struct pcp_edit map = case_map(t, 0, PROBE_LIFETIME);

	case_suggest(&map, NULL, case_high_port(t, 0));
	case_option(&map, PCP_PREFER_FAILURE, "\0\0\0\0", 4);
	case_refusal(t, case_ask_form(t, &map), PCP_MALFORMED_OPTION);
}

static void refuses_taken(struct probe_test *t)
{
	const struct probe_answer *made = make(t), *a;
	struct pcp_edit map = exact(t, 1, case_external(made), case_external_port(made));

	a = case_ask_form(t, &map);
	case_must(t, case_code(a) != PCP_SUCCESS,
		  "SUCCESS with port %u for a taken port, should be CANNOT_PROVIDE_EXTERNAL",
		  case_external_port(a));
	case_result(t, a, PCP_CANNOT_PROVIDE_EXTERNAL);
}

static void gives_exactly(struct probe_test *t)
{
	const struct probe_answer *made = make(t), *a;
	uint16_t wish = case_high_port(t, 0);
	struct pcp_edit map = exact(t, 1, case_external(made), wish);
	struct pcp_tlv tlv;

	a = case_ask_form(t, &map);
	if (case_code(a) == PCP_CANNOT_PROVIDE_EXTERNAL)
		return;
	case_result(t, a, PCP_SUCCESS);
	case_must(t, case_external_port(a) == wish, "port %u, not the %u asked for",
		  case_external_port(a), wish);
	case_must(t, memcmp(case_external(a), case_external(made), PCP_ADDR_LEN) == 0,
		  "another address than the one asked for");
	case_must(t, case_find(a, PCP_PREFER_FAILURE, 0, &tlv),
		  "PREFER_FAILURE was honoured and does not come back");
}

static void refuses_move(struct probe_test *t)
{
	const struct probe_answer *made = make(t), *a, *again;
	struct pcp_edit map = exact(t, 0, case_external(made), case_high_port(t, 0));

	a = case_ask_form(t, &map);
	case_must(t, case_code(a) != PCP_SUCCESS,
		  "SUCCESS with port %u, should be CANNOT_PROVIDE_EXTERNAL", case_external_port(a));
	case_result(t, a, PCP_CANNOT_PROVIDE_EXTERNAL);
	map = case_map(t, 0, PROBE_LIFETIME);
	again = case_ask(t, &map);
	case_must(t, case_code(again) == PCP_SUCCESS && case_same_external(again, made),
		  "and yet the mapping is another now");
}

static void refuses_5351(struct probe_test *t)
{
	struct pcp_edit map = exact(t, 0, NULL, PCP_SERVER_PORT);
	const struct probe_answer *a = case_ask_form(t, &map);

	case_must(t, case_code(a) != PCP_SUCCESS || case_external_port(a) != PCP_SERVER_PORT,
		  "external UDP port 5351 is granted");
	case_result(t, a, PCP_CANNOT_PROVIDE_EXTERNAL);
}

static void only_where_it_belongs(struct probe_test *t)
{
	const struct probe *probe = t->probe;
	unsigned astray = 0;

	for (size_t i = 0; i < probe->nseen; i++) {
		const struct probe_seen *seen = &probe->seen[i];

		if (seen->result != PCP_CANNOT_PROVIDE_EXTERNAL || seen->exact)
			continue;
		t->last = seen->exchange;
		astray++;
	}
	case_must(t, astray < 2, "CANNOT_PROVIDE_EXTERNAL without PREFER_FAILURE, SCTP or PEER");
	/* A PCP answer does not say to which of two alike requests it belongs. */
	if (astray)
		case_open(t, "CANNOT_PROVIDE_EXTERNAL without PREFER_FAILURE, SCTP or PEER, once: "
			     "a late copy of an earlier answer looks the same");
}

static const struct probe_case rows[] = {
	{ .id = "D01",
	  .ref = "RFC 6887 13.2",
	  .level = "MUST",
	  .title = "PREFER_FAILURE without a port",
	  .demand = "The PCP server MUST reject such a message with the MALFORMED_OPTION error "
		    "code.",
	  .sends = "MAP with PREFER_FAILURE, suggested port 0",
	  .passes = "MALFORMED_OPTION; skip: UNSUPP_OPTION",
	  .fails = "SUCCESS; weak: another result",
	  .effect = "perhaps a mapping",
	  .needs = "C01",
	  .flags = PROBE_QUICK,
	  .run = refuses_port_0 },
	{ .id = "D02",
	  .ref = "RFC 6887 11.3",
	  .level = "MUST",
	  .title = "PREFER_FAILURE in a delete",
	  .demand = "(e.g., the PREFER_FAILURE option is included in a request with lifetime=0), "
		    "the request is invalid and generates a MALFORMED_OPTION error.",
	  .sends = "a delete with PREFER_FAILURE",
	  .passes = "MALFORMED_OPTION",
	  .fails = "SUCCESS; weak: another result",
	  .needs = "C01 D01",
	  .run = refuses_delete },
	{ .id = "D03",
	  .ref = "RFC 6887 7.3",
	  .level = "MUST",
	  .title = "PREFER_FAILURE twice",
	  .demand = "If the option's definition allows the option to appear only once but it "
		    "appears more than once in a request, and the option is understood by the "
		    "PCP server, the PCP server MUST respond with the MALFORMED_OPTION result "
		    "code.",
	  .sends = "MAP with PREFER_FAILURE twice",
	  .passes = "MALFORMED_OPTION",
	  .fails = "SUCCESS; weak: another result",
	  .effect = "perhaps a mapping",
	  .needs = "C01 D01",
	  .run = refuses_twice },
	{ .id = "D04",
	  .ref = "RFC 6887 7.3",
	  .level = "MUST",
	  .title = "PREFER_FAILURE with data",
	  .demand = "a PCP server MUST return the error MALFORMED_OPTION if the option contents "
		    "are malformed",
	  .sends = "MAP with PREFER_FAILURE of Length 4",
	  .passes = "MALFORMED_OPTION",
	  .fails = "SUCCESS; weak: another result",
	  .effect = "perhaps a mapping",
	  .needs = "C01 D01",
	  .run = refuses_length },
	{ .id = "D05",
	  .ref = "RFC 6887 11.3",
	  .level = "MUST",
	  .title = "PREFER_FAILURE for a taken port",
	  .demand = "If the request contained the PREFER_FAILURE option, then the PCP server MUST "
		    "return CANNOT_PROVIDE_EXTERNAL.",
	  .sends = "MAP, then of another port with PREFER_FAILURE and the first one's outside",
	  .passes = "CANNOT_PROVIDE_EXTERNAL",
	  .fails = "SUCCESS or another result",
	  .effect = "a mapping",
	  .needs = "C01 D01",
	  .run = refuses_taken },
	{ .id = "D06",
	  .ref = "RFC 6887 13.2",
	  .level = "MUST",
	  .title = "PREFER_FAILURE for a free port",
	  .demand = "if the PCP server is unable to map both the suggested external port and "
		    "suggested external address, the PCP server should not create a mapping.",
	  .sends = "MAP with PREFER_FAILURE and a high port",
	  .passes = "just that with the option returned, or CANNOT_PROVIDE_EXTERNAL",
	  .fails = "other values, or another result",
	  .effect = "two mappings",
	  .needs = "C01 D01",
	  .run = gives_exactly },
	{ .id = "D07",
	  .ref = "RFC 6887 11.3",
	  .level = "MUST",
	  .title = "PREFER_FAILURE that would move a mapping",
	  .demand = "If the MAP request contains the PREFER_FAILURE option, but the suggested "
		    "external address and port do not match the external address and port of the "
		    "existing mapping, the PCP server MUST return CANNOT_PROVIDE_EXTERNAL.",
	  .sends = "MAP, then with PREFER_FAILURE and another port, then plain",
	  .passes = "CANNOT_PROVIDE_EXTERNAL, and the mapping is as it was",
	  .fails = "SUCCESS, another result, or it moved",
	  .effect = "a mapping",
	  .needs = "C01 D01",
	  .run = refuses_move },
	{ .id = "D08",
	  .ref = "RFC 6887 11.3",
	  .level = "MUST",
	  .title = "PREFER_FAILURE for port 5351",
	  .demand = "If the request contained the PREFER_FAILURE option, then the PCP server MUST "
		    "return CANNOT_PROVIDE_EXTERNAL.",
	  .sends = "MAP of UDP with PREFER_FAILURE and port 5351",
	  .passes = "CANNOT_PROVIDE_EXTERNAL",
	  .fails = "5351 is granted, or another result",
	  .effect = "perhaps a mapping",
	  .needs = "C01 D01",
	  .flags = PROBE_ENDANGERS,
	  .run = refuses_5351 },
	{ .id = "D09",
	  .ref = "RFC 6887 7.4",
	  .level = "MUST NOT",
	  .title = "CANNOT_PROVIDE_EXTERNAL where it does not belong",
	  .demand = "This error MUST only be returned for:",
	  .sends = "nothing: all answers of the run",
	  .passes = "it came with PREFER_FAILURE, SCTP or PEER only",
	  .fails = "it came elsewhere",
	  .needs = "C01",
	  .flags = PROBE_FOLD | PROBE_ONCE,
	  .run = only_where_it_belongs },
};

const struct probe_group probe_group_d = { 'D', "PREFER_FAILURE", rows,
					   sizeof rows / sizeof *rows };
