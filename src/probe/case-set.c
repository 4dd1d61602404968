/* Group H, sets of ports: RFC 7753. */
#include "probe-private.h"

#include <string.h>

static struct pcp_edit with_set_at(struct probe_test *t, unsigned port, uint16_t size,
				   uint32_t lifetime)
{
	struct pcp_edit map = case_map(t, port, lifetime);
	uint16_t first = case_port(t, port);
	uint8_t data[5] = { (uint8_t)(size >> 8), (uint8_t)size, (uint8_t)(first >> 8),
			    (uint8_t)first, 0 };

	case_option(&map, PCP_PORT_SET, data, sizeof data);
	return map;
}

static struct pcp_edit with_set(struct probe_test *t, uint16_t size, uint32_t lifetime)
{
	return with_set_at(t, 0, size, lifetime);
}

/* Ports in the set that was granted; 0 without the option, which means one. */
static unsigned set_size(const struct probe_answer *a, uint16_t *first)
{
	struct pcp_tlv tlv;

	if (!case_find(a, PCP_PORT_SET, 0, &tlv) || tlv.len < 5)
		return 0;
	*first = (uint16_t)pcp_get(&pcp_port_set_fields[PORT_SET_FIRST_PORT], tlv.data);
	return pcp_get(&pcp_port_set_fields[PORT_SET_SIZE], tlv.data);
}

static void maps_set(struct probe_test *t)
{
	struct pcp_edit map = with_set(t, 4, PROBE_LIFETIME);
	const struct probe_answer *a = case_ask(t, &map);
	uint16_t first = 0;
	unsigned size = set_size(a, &first);

	case_result(t, a, PCP_SUCCESS);
	if (size == 0)
		case_lacks(t, "one port is mapped: PORT_SET is not supported, or no more are free");
	if (case_goes_on(t)) {
		t->probe->profile.port_set = true;
		t->probe->profile.ports_in_set = size;
	}
	case_must(t, size <= 4, "%u ports are mapped, 4 were asked for", size);
	case_must(t, size != 1, "PORT_SET comes back with one port");
	case_must(t, first == case_port(t, 0), "the first port is %u, not %u", first,
		  case_port(t, 0));
}

static void refuses_bad_sets(struct probe_test *t)
{
	struct pcp_edit map = with_set(t, 0, PROBE_LIFETIME), once;

	case_refusal(t, case_ask_form(t, &map), PCP_MALFORMED_OPTION);
	once = with_set(t, 4, PROBE_LIFETIME);
	map = once;
	case_append(&map, once.octets + once.len - 12, 12);
	case_refusal(t, case_ask_form(t, &map), PCP_MALFORMED_OPTION);
	map = with_set(t, 4, PROBE_LIFETIME);
	case_suggest(&map, NULL, case_high_port(t, 0));
	case_option(&map, PCP_PREFER_FAILURE, NULL, 0);
	case_refusal(t, case_ask_form(t, &map), PCP_MALFORMED_OPTION);
}

static void omits_set_of_one(struct probe_test *t)
{
	struct pcp_edit map = with_set(t, 1, PROBE_LIFETIME);
	const struct probe_answer *a = case_ask(t, &map);
	uint16_t first = 0;

	case_result(t, a, PCP_SUCCESS);
	case_must(t, set_size(a, &first) == 0, "PORT_SET comes back for one port");
}

static void deletes_set(struct probe_test *t)
{
	struct pcp_edit map = with_set(t, 4, PROBE_LIFETIME);
	const struct probe_answer *made = case_ask(t, &map), *again;
	uint16_t first = 0;

	case_needs_success(t, made);
	again = case_ask(t, &map);
	case_result(t, again, PCP_SUCCESS);
	case_must(t, case_same_external(again, made), "the set moved when it was renewed");
	map = with_set(t, 4, 0);
	case_result(t, case_ask(t, &map), PCP_SUCCESS);
	for (unsigned i = 0; i < set_size(made, &first) && i < PROBE_PORTS; i += 3) {
		const struct probe_answer *a;

		map = case_map(t, i, PROBE_LIFETIME);
		case_nonce(&map, t->other_nonce);
		a = case_ask(t, &map);
		case_must(t, case_code(a) == PCP_SUCCESS,
			  "port %u of the deleted set gets %s: it is still there", i,
			  case_name(case_code(a)));
	}
}

static void ignores_reserved(struct probe_test *t)
{
	struct pcp_edit map = with_set(t, 4, PROBE_LIFETIME);
	const struct probe_answer *a;
	struct pcp_tlv tlv = { .len = 0 };

	map.octets[map.len - 4] = 0xfe; /* beside the parity bit, and before the padding */
	a = case_ask(t, &map);
	case_result(t, a, PCP_SUCCESS);
	case_must(t, !case_find(a, PCP_PORT_SET, 0, &tlv) || tlv.len < 5 || !(tlv.data[4] & 0xfe),
		  "the reserved bits come back");
}

/* Pairs, so that no more ports are mapped than one test may have. */
static void sets_share_address(struct probe_test *t)
{
	struct pcp_edit map = with_set(t, 2, PROBE_LIFETIME);
	const struct probe_answer *one = case_ask(t, &map), *other;
	uint16_t first = 0;

	map = with_set_at(t, 2, 2, PROBE_LIFETIME);
	other = case_ask(t, &map);
	if (case_code(one) != PCP_SUCCESS || case_code(other) != PCP_SUCCESS ||
	    set_size(one, &first) == 0 || set_size(other, &first) == 0)
		case_lacks(t, "it gives no two sets at a time");
	case_should(t, memcmp(case_external(one), case_external(other), PCP_ADDR_LEN) == 0,
		    "two sets of one host have two external addresses");
}

static void finds_largest_set(struct probe_test *t)
{
	struct pcp_edit map = with_set(t, 0xffff, PROBE_LIFETIME);
	const struct probe_answer *a = case_ask(t, &map);
	uint16_t first = 0;

	case_result(t, a, PCP_SUCCESS);
	case_info(t, "%u ports at a time", set_size(a, &first));
}

static const struct probe_case rows[] = {
	{ .id = "H06",
	  .ref = "RFC 7753 4.2",
	  .level = "MUST NOT",
	  .title = "PORT_SET of four",
	  .demand = "It MUST NOT map more ports than the PCP client asked for.",
	  .sends = "MAP with PORT_SET of 4 ports",
	  .passes = "two to four ports from the first on; skip: no option, one port",
	  .fails = "more, one with the option, or another first port",
	  .effect = "a mapping of four ports",
	  .needs = "C01",
	  .flags = PROBE_QUICK,
	  .run = maps_set },
	{ .id = "H07",
	  .ref = "RFC 7753 4.2",
	  .level = "MUST",
	  .title = "PORT_SET of none, twice, and with PREFER_FAILURE",
	  .demand = "If the Port Set Size is zero, a MALFORMED_OPTION error is returned.",
	  .sends = "MAP with PORT_SET of 0, with two, with PREFER_FAILURE",
	  .passes = "MALFORMED_OPTION each time",
	  .fails = "SUCCESS; weak: another result",
	  .effect = "perhaps mappings",
	  .needs = "C01 H06",
	  .run = refuses_bad_sets },
	{ .id = "H08",
	  .ref = "RFC 7753 4.2",
	  .level = "MUST NOT",
	  .title = "PORT_SET of one",
	  .demand = "If the PCP server ends up mapping only a single port, for any reason, the "
		    "PORT_SET option MUST NOT be present in the response.",
	  .sends = "MAP with PORT_SET of 1 port",
	  .passes = "SUCCESS without it",
	  .fails = "it comes back, or an error",
	  .effect = "a mapping",
	  .needs = "C01 H06",
	  .run = omits_set_of_one },
	{ .id = "H09",
	  .ref = "RFC 7753 4.4",
	  .level = "MUST",
	  .title = "a set is renewed and deleted as one",
	  .demand = "A PCP client attempting to refresh or delete a port-set mapping MUST include "
		    "the PORT_SET option in its request.",
	  .sends = "MAP of a set, again, its delete, its ports with another nonce",
	  .passes = "the same outside, then nothing of it left",
	  .fails = "it moved, or parts are left",
	  .effect = "a mapping of four ports",
	  .needs = "C01 C05 H06",
	  .run = deletes_set },
	{ .id = "H10",
	  .ref = "RFC 7753 4.1",
	  .level = "info",
	  .title = "the largest set",
	  .demand = "it MAY then set the Port Set Size to 0xffff, indicating that it is willing to "
		    "accept as many ports as the PCP server can offer.",
	  .sends = "MAP with PORT_SET of 65535 ports",
	  .passes = "how many it maps",
	  .fails = "an error",
	  .effect = "a mapping of many ports, deleted at once",
	  .needs = "C01 H06",
	  .flags = PROBE_INTRUSIVE,
	  .run = finds_largest_set },
	{ .id = "H16",
	  .ref = "RFC 7753 4",
	  .level = "MUST",
	  .title = "reserved bits of PORT_SET",
	  .demand = "Reserved: MUST be set to zero when sending; MUST be ignored when receiving.",
	  .sends = "MAP with PORT_SET of four, its reserved bits set",
	  .passes = "SUCCESS, the bits zero",
	  .fails = "an error, or they come back",
	  .effect = "four mappings",
	  .needs = "H06",
	  .run = ignores_reserved },
	{ .id = "H17",
	  .ref = "RFC 7753 6.1",
	  .level = "SHOULD",
	  .title = "one external address for two sets",
	  .demand = "the same Assigned External IP Address SHOULD be assigned to the subscriber "
		    "in multiple port-set responses.",
	  .sends = "two MAPs with PORT_SET of two",
	  .passes = "both have the same external address; skip: one set alone is given",
	  .fails = "weak: they have two",
	  .effect = "four mappings",
	  .needs = "H06",
	  .run = sets_share_address },
};

const struct probe_group probe_group_h2 = { 'H', "Extensions", rows, sizeof rows / sizeof *rows };
