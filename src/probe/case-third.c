/* Group G: THIRD_PARTY, and who may map for whom. */
#include "probe-private.h"

#include <string.h>

static struct pcp_edit for_other(struct probe_test *t, const uint8_t *addr, uint32_t lifetime)
{
	struct pcp_edit map = case_map(t, 0, lifetime);

	case_option(&map, PCP_THIRD_PARTY, addr, PCP_ADDR_LEN);
	return map;
}

static void refuses_own(struct probe_test *t)
{
	struct pcp_edit map = for_other(t, case_own(t), PROBE_LIFETIME);
	struct probe_profile *profile = &t->probe->profile;
	const struct probe_answer *a = case_ask_form(t, &map);

	if (case_goes_on(t)) {
		profile->known_third_party = true;
		profile->third_party = case_code(a) != PCP_UNSUPP_OPTION;
	}
	case_either(t, a, PCP_MALFORMED_REQUEST, PCP_UNSUPP_OPTION);
}

static void refuses_length(struct probe_test *t)
{
	struct pcp_edit map = case_map(t, 0, PROBE_LIFETIME);

	case_option(&map, PCP_THIRD_PARTY, case_own(t), 12);
	case_either(t, case_ask_form(t, &map), PCP_MALFORMED_OPTION, PCP_UNSUPP_OPTION);
}

/* A delete of nothing: the port is high and by chance. */
static void refuses_neighbour(struct probe_test *t)
{
	struct pcp_edit map = for_other(t, t->probe->config.neighbour, 0);
	const struct probe_answer *a;

	case_internal(&map, case_high_port(t, 0));
	a = case_ask_form(t, &map);
	case_must(t, case_code(a) != PCP_SUCCESS, "this host may delete, and map, for others");
	case_result(t, a, PCP_UNSUPP_OPTION);
}

static void maps_for_neighbour(struct probe_test *t)
{
	struct pcp_edit map = for_other(t, t->probe->config.neighbour, PROBE_LIFETIME);
	const struct probe_answer *a;
	struct pcp_tlv tlv;

	case_internal(&map, case_high_port(t, 0));
	a = case_ask_form(t, &map);
	if (case_code(a) == PCP_UNSUPP_OPTION)
		case_lacks(t, "it does not let this host");
	case_result(t, a, PCP_SUCCESS);
	case_must(t, case_find(a, PCP_THIRD_PARTY, 0, &tlv), "THIRD_PARTY does not come back");
	case_lifetime(&map, 0);
	a = case_ask(t, &map);
	case_result(t, a, PCP_SUCCESS);
	case_must(t, case_find(a, PCP_THIRD_PARTY, 0, &tlv),
		  "THIRD_PARTY does not come back from the delete");
}

static const struct probe_case rows[] = {
	{ .id = "G01",
	  .ref = "RFC 6887 13.1",
	  .level = "MUST",
	  .title = "THIRD_PARTY with the own address",
	  .demand = "A PCP server receiving a THIRD_PARTY option specifying the same address as "
		    "the source address of the packet MUST return a MALFORMED_REQUEST result "
		    "code.",
	  .sends = "MAP with THIRD_PARTY and the own address",
	  .passes = "MALFORMED_REQUEST, or UNSUPP_OPTION where it is prohibited",
	  .fails = "SUCCESS or another result",
	  .effect = "perhaps a mapping",
	  .needs = "C01",
	  .flags = PROBE_QUICK,
	  .run = refuses_own },
	{ .id = "G02",
	  .ref = "RFC 6887 7.3",
	  .level = "MUST",
	  .title = "THIRD_PARTY that is too short",
	  .demand = "a PCP server MUST return the error MALFORMED_OPTION if the option contents "
		    "are malformed",
	  .sends = "MAP with THIRD_PARTY of 12 octets",
	  .passes = "MALFORMED_OPTION, or UNSUPP_OPTION where it is prohibited",
	  .fails = "SUCCESS or another result",
	  .effect = "perhaps a mapping",
	  .needs = "C01",
	  .run = refuses_length },
	{ .id = "G03",
	  .ref = "RFC 6887 13.1",
	  .level = "MUST",
	  .title = "THIRD_PARTY for a neighbour",
	  .demand = "If the packet arrives from an unauthorized host, the PCP server MUST "
		    "generate an UNSUPP_OPTION error.",
	  .sends = "a delete of a high port of the neighbour's",
	  .passes = "UNSUPP_OPTION",
	  .fails = "SUCCESS or another result",
	  .needs = "C01",
	  .flags = PROBE_NEIGHBOUR | PROBE_ENDANGERS,
	  .run = refuses_neighbour },
	{ .id = "G04",
	  .ref = "RFC 6887 13.1",
	  .level = "MUST",
	  .title = "THIRD_PARTY in the answer",
	  .demand = "the presence of the THIRD_PARTY option in the MAP request signifies that the "
		    "specified address, rather than the source IP address of the PCP request "
		    "packet, should be used as the internal address for the mapping.",
	  .sends = "MAP for the neighbour, and its delete",
	  .passes = "the option comes back in both; skip: UNSUPP_OPTION",
	  .fails = "it does not, or another result",
	  .effect = "a mapping of the neighbour's",
	  .needs = "C01",
	  .flags = PROBE_NEIGHBOUR | PROBE_INTRUSIVE,
	  .run = maps_for_neighbour },
};

const struct probe_group probe_group_g = { 'G', "THIRD_PARTY", rows, sizeof rows / sizeof *rows };
