/* Group C, first part: what MAP grants, and to whom: one to four short mappings a case. */
#include "probe-private.h"

#include <string.h>

/* ---- the first mapping ---- */

/* Answers that end every thought of mappings, and are no fault. */
static bool keeps_us_out(uint8_t result)
{
	return result == PCP_NOT_AUTHORIZED || result == PCP_NETWORK_FAILURE ||
	       result == PCP_NO_RESOURCES || result == PCP_USER_EX_QUOTA ||
	       result == PCP_ADDRESS_MISMATCH || result == PCP_AUTHENTICATION_REQUIRED;
}

static void note_grant(struct probe_test *t, const struct probe_answer *a)
{
	struct probe_profile *profile = &t->probe->profile;

	if (!case_goes_on(t))
		return;
	profile->map_result = case_code(a);
	profile->map_refusal = case_name(case_code(a));
	profile->map_asked = true;
	if (case_code(a) != PCP_SUCCESS)
		return;
	profile->map = true;
	memcpy(profile->external, case_external(a), PCP_ADDR_LEN);
	profile->external_port = case_external_port(a);
}

static void maps(struct probe_test *t)
{
	struct pcp_edit map = case_map(t, 0, PROBE_LIFETIME);
	const struct probe_answer *a = case_ask_form(t, &map);
	const uint8_t *asked = map.octets + PCP_HEADER_LEN, *told = a->octets + PCP_HEADER_LEN;

	if (a->refused) {
		case_absent(t);
		case_must(t, !case_from_there(t, a), "its answer cannot be taken: %s", a->refused);
		case_open(t, "it answers from elsewhere: A02");
	}
	note_grant(t, a);
	if (case_goes_on(t) && case_code(a) == PCP_UNSUPP_OPCODE)
		case_lacks(t, "MAP is not implemented");
	if (case_code(a) != PCP_SUCCESS)
		case_absent(t);
	if (keeps_us_out(case_code(a)))
		case_open(t, "MAP is refused: %s", case_name(case_code(a)));
	case_result(t, a, PCP_SUCCESS);
	case_header(t, a);
	case_must(t, a->len >= map.len, "the answer has %zu octets", a->len);
	case_must(t, memcmp(asked, told, PCP_NONCE_LEN + 1) == 0,
		  "nonce and protocol are not those of the request");
	case_must(t, memcmp(told + PCP_NONCE_LEN + 1, "\0\0\0", 3) == 0,
		  "reserved octets of the body are not zero");
	case_must(t, memcmp(asked + 16, told + 16, 2) == 0, "the internal port is another");
	case_must(t, case_external_port(a) != 0, "the external port is 0");
	case_must(t, !pcp_addr_is_any(case_external(a)), "the external address is zero");
	case_must(t, case_granted(a) > 0, "the lifetime is 0");
}

static bool multicast(const uint8_t *addr)
{
	return pcp_addr_is_v4(addr) ? (addr[12] & 0xf0) == 0xe0 : addr[0] == 0xff;
}

static void gives_fit_values(struct probe_test *t)
{
	struct pcp_edit map = case_map(t, 0, PROBE_LIFETIME);
	const struct probe_answer *a = case_ask(t, &map);
	char addr[PCP_ADDR_TEXT];

	case_needs_success(t, a);
	pcp_addr_text(case_external(a), addr, sizeof addr);
	case_must(t, case_external_port(a) != 5350 && case_external_port(a) != 5351,
		  "external UDP port %u", case_external_port(a));
	/* A gateway on this very host may give what stands there. */
	case_must(t,
		  !multicast(case_external(a)) && (!pcp_addr_is_loopback(case_external(a)) ||
						   pcp_addr_is_loopback(case_own(t))),
		  "external address %s", addr);
}

/* ---- asking again ---- */

static void repeats(struct probe_test *t)
{
	struct pcp_edit map = case_map(t, 0, PROBE_LIFETIME);
	const struct probe_answer *first = case_ask(t, &map);

	case_needs_success(t, first);
	for (int i = 1; i < 5; i++) {
		const struct probe_answer *a = case_ask(t, &map);

		case_result(t, a, PCP_SUCCESS);
		case_must(t, case_same_external(a, first),
			  "the same octets again got external port %u, not %u",
			  case_external_port(a), case_external_port(first));
		case_must(t, case_granted(a) <= case_granted(first) + 1,
			  "the same octets again got %u s, not %u", case_granted(a),
			  case_granted(first));
	}
}

static void keeps_external(struct probe_test *t)
{
	struct pcp_edit map = case_map(t, 0, PROBE_LIFETIME);
	const struct probe_answer *made = case_ask(t, &map), *again;

	case_needs_success(t, made);
	case_suggest(&map, NULL, case_high_port(t, 0));
	again = case_ask(t, &map);
	case_result(t, again, PCP_SUCCESS);
	case_must(t, case_same_external(again, made), "it moved to external port %u",
		  case_external_port(again));
}

/* ---- another nonce ---- */

/* A mapping of ours, then the same with another nonce. */
static const struct probe_answer *intrude(struct probe_test *t, struct pcp_edit *map,
					  uint32_t lifetime, const struct probe_answer **made)
{
	*map = case_map(t, 0, PROBE_LIFETIME);
	*made = case_ask(t, map);
	case_needs_success(t, *made);
	case_nonce(map, t->other_nonce);
	case_lifetime(map, lifetime);
	return case_ask_form(t, map);
}

static void refuses_nonce(struct probe_test *t)
{
	const struct probe_answer *made, *a;
	struct pcp_edit map;
	int64_t left;

	a = intrude(t, &map, PROBE_LIFETIME, &made);
	left = case_left(made, a);
	if (case_code(a) == PCP_SUCCESS)
		case_absent(t); /* who waits for the end of a mapping learns nothing */
	case_must(t, case_code(a) != PCP_SUCCESS,
		  "another nonce took the mapping over, should be NOT_AUTHORIZED");
	case_result(t, a, PCP_NOT_AUTHORIZED);
	case_should(t, case_granted(a) > 0 && case_granted(a) <= left + 2,
		    "the error lasts %u s, the mapping %lld", case_granted(a), (long long)left);
}

static void refuses_delete(struct probe_test *t)
{
	const struct probe_answer *made, *a, *again;
	struct pcp_edit map;

	a = intrude(t, &map, 0, &made);
	case_must(t, case_code(a) != PCP_SUCCESS,
		  "another nonce deleted the mapping, should be NOT_AUTHORIZED");
	case_result(t, a, PCP_NOT_AUTHORIZED);
	map = case_map(t, 0, PROBE_LIFETIME);
	again = case_ask(t, &map);
	case_result(t, again, PCP_SUCCESS);
	case_must(t, case_same_external(again, made), "and yet the mapping is another now");
}

static void survives_intruder(struct probe_test *t)
{
	const struct probe_answer *made, *again;
	struct pcp_edit map;

	(void)intrude(t, &map, PROBE_LIFETIME, &made);
	map = case_map(t, 0, PROBE_LIFETIME);
	again = case_ask(t, &map);
	case_must(t, case_code(again) == PCP_SUCCESS, "behind another's request the owner gets %s",
		  case_name(case_code(again)));
	case_must(t, case_same_external(again, made),
		  "behind another's request the owner has external port %u, not %u",
		  case_external_port(again), case_external_port(made));
}

static void zeroes_in_error(struct probe_test *t)
{
	const struct probe_answer *made, *a;
	static const uint8_t zero[12];
	struct pcp_edit map;

	a = intrude(t, &map, PROBE_LIFETIME, &made);
	if (case_code(a) == PCP_SUCCESS)
		case_lacks(t, "no error came: C05");
	case_must(t, memcmp(a->octets + 12, zero, sizeof zero) == 0,
		  "octets 12 to 23 of an error to a request that was parsed are not zero");
}

static void copies_in_error(struct probe_test *t)
{
	const struct probe_answer *made, *a;
	uint8_t addr[PCP_ADDR_LEN];
	struct pcp_edit map = case_map(t, 0, PROBE_LIFETIME);

	made = case_ask(t, &map);
	case_needs_success(t, made);
	case_addr(t, "192.0.2.9", "2001:db8::9", addr);
	case_nonce(&map, t->other_nonce);
	case_suggest(&map, addr, case_high_port(t, 0));
	a = case_ask_form(t, &map);
	if (case_code(a) == PCP_SUCCESS)
		case_lacks(t, "no error came: C05");
	case_copied(t, a, &map);
}

static void answers_new_port(struct probe_test *t)
{
	struct pcp_edit map = case_map(t, 0, PROBE_LIFETIME);
	const struct probe_answer *made = case_ask(t, &map), *a;

	case_needs_success(t, made);
	if (!case_through(t, PROBE_OTHER_PORT))
		case_lacks(t, "no other port could be had");
	a = case_ask_form(t, &map);
	case_must(t, !a->refused, "the answer to another port does not fit: %s", a->refused);
	case_result(t, a, PCP_SUCCESS);
	case_must(t, case_same_external(a, made), "from another port it got another mapping");
}

static void ignores_reserved(struct probe_test *t)
{
	struct pcp_edit map = case_map(t, 0, PROBE_LIFETIME);
	const struct probe_answer *a;

	memset(map.octets + PCP_HEADER_LEN + PCP_NONCE_LEN + 1, 0xff, 3);
	a = case_ask(t, &map);
	case_result(t, a, PCP_SUCCESS);
	case_must(t, memcmp(a->octets + PCP_HEADER_LEN + PCP_NONCE_LEN + 1, "\0\0\0", 3) == 0,
		  "the reserved octets come back");
}

static void takes_zero_nonce(struct probe_test *t)
{
	static const uint8_t zero[PCP_NONCE_LEN];
	struct pcp_edit map = case_map(t, 0, PROBE_LIFETIME);
	const struct probe_answer *a;

	case_nonce(&map, zero);
	a = case_ask_form(t, &map);
	case_must(t, !a->refused, "its answer does not fit: %s", a->refused);
	case_result(t, a, PCP_SUCCESS);
}

static const struct probe_case rows[] = {
	{ .id = "C01",
	  .ref = "RFC 6887 11.1",
	  .level = "MUST",
	  .title = "MAP",
	  .demand = "Reserved: 24 reserved bits, MUST be sent as 0 and MUST be ignored when "
		    "received.",
	  .sends = "MAP of UDP, 120 s",
	  .passes = "SUCCESS, nonce, protocol and port copied, reserved bits zero, an external "
		    "port and address, a lifetime",
	  .fails = "any of it is otherwise; open: it is refused",
	  .effect = "a mapping",
	  .flags = PROBE_QUICK,
	  .run = maps },
	{ .id = "C02",
	  .ref = "RFC 6887 11.3",
	  .level = "MUST NOT",
	  .title = "external values that fit",
	  .demand = "A PCP server MUST NOT create client mappings for external UDP ports 5350 or "
		    "5351.",
	  .sends = "MAP of UDP",
	  .passes = "another port, an address that is neither multicast nor loopback",
	  .fails = "it is",
	  .effect = "a mapping",
	  .needs = "C01",
	  .run = gives_fit_values },
	{ .id = "C03",
	  .ref = "RFC 6887 11.3",
	  .level = "MUST",
	  .title = "the same octets five times",
	  .demand = "the PCP server MUST return the existing external address and port in its "
		    "response, regardless of the suggested external address and port in the "
		    "request.",
	  .sends = "C01's octets five times",
	  .passes = "the same external address and port each time",
	  .fails = "a second mapping, or a longer lifetime",
	  .effect = "a mapping",
	  .needs = "C01",
	  .run = repeats },
	{ .id = "C04",
	  .ref = "RFC 6887 11.3",
	  .level = "MUST",
	  .title = "a renewal that suggests another port",
	  .demand = "the PCP server MUST return the existing external address and port in its "
		    "response, regardless of the suggested external address and port in the "
		    "request.",
	  .sends = "MAP, again with another suggested port",
	  .passes = "the old external address and port",
	  .fails = "it moved, or an error",
	  .effect = "a mapping",
	  .needs = "C01",
	  .run = keeps_external },
	{ .id = "C05",
	  .ref = "RFC 6887 11.3",
	  .level = "MUST",
	  .title = "another nonce",
	  .demand = "but the mapping nonce does not match, the request MUST be rejected with a "
		    "NOT_AUTHORIZED error with the lifetime of the error indicating duration of "
		    "that existing mapping.",
	  .sends = "MAP, again with another nonce",
	  .passes = "NOT_AUTHORIZED for as long as the mapping lasts",
	  .fails = "SUCCESS: the mapping is taken over; weak: the lifetime is off",
	  .effect = "a mapping",
	  .needs = "C01",
	  .flags = PROBE_ENDANGERS,
	  .run = refuses_nonce },
	{ .id = "C06",
	  .ref = "RFC 6887 11.3",
	  .level = "MUST",
	  .title = "a delete with another nonce",
	  .demand = "but the mapping nonce does not match, the request MUST be rejected with a "
		    "NOT_AUTHORIZED error with the lifetime of the error indicating duration of "
		    "that existing mapping.",
	  .sends = "MAP, its delete with another nonce, MAP again",
	  .passes = "NOT_AUTHORIZED, and the mapping stands",
	  .fails = "SUCCESS, or it is gone",
	  .effect = "a mapping",
	  .needs = "C01",
	  .flags = PROBE_ENDANGERS,
	  .run = refuses_delete },
	{ .id = "C07",
	  .ref = "RFC 6887 7.3",
	  .level = "MUST",
	  .title = "what a refused request leaves behind",
	  .demand = "the PCP request MUST cause no state change in the PCP server or the "
		    "PCP-controlled device",
	  .sends = "MAP, again with another nonce, and with the first",
	  .passes = "the owner still has the same external port",
	  .fails = "it is lost or changed",
	  .effect = "a mapping",
	  .needs = "C01",
	  .run = survives_intruder },
	{ .id = "C08",
	  .ref = "RFC 6887 8.1",
	  .level = "MUST",
	  .title = "a renewal from another source port",
	  .demand = "The PCP client's source port SHOULD be randomly generated [RFC6056].",
	  .sends = "MAP, and again from another port of the same address",
	  .passes = "SUCCESS to that port, the same mapping",
	  .fails = "an error, another mapping, or an answer to the old port",
	  .effect = "a mapping",
	  .needs = "C01",
	  .run = answers_new_port },
	{ .id = "C09",
	  .ref = "RFC 6887 11.1",
	  .level = "MUST",
	  .title = "reserved bits of MAP",
	  .demand = "Reserved: 24 reserved bits, MUST be sent as 0 and MUST be ignored when "
		    "received.",
	  .sends = "MAP with its reserved bits set",
	  .passes = "SUCCESS, the bits zero",
	  .fails = "an error, or they come back",
	  .effect = "a mapping",
	  .needs = "C01",
	  .run = ignores_reserved },
	{ .id = "C23",
	  .ref = "RFC 6887 11.1",
	  .level = "MUST",
	  .title = "a nonce of zeros",
	  .demand = "Mapping Nonce: Copied from the request.",
	  .sends = "MAP with an all-zero nonce",
	  .passes = "SUCCESS with the same nonce",
	  .fails = "an error, or another nonce",
	  .effect = "a mapping",
	  .needs = "C01",
	  .run = takes_zero_nonce },
	{ .id = "C28",
	  .ref = "RFC 6887 7.2",
	  .level = "MUST",
	  .title = "octets 12 to 23 of an error",
	  .demand = "For requests that were successfully parsed, this MUST be sent as 0, MUST be "
		    "ignored when received.",
	  .sends = "C05's request",
	  .passes = "zero",
	  .fails = "anything else",
	  .effect = "a mapping",
	  .needs = "C01",
	  .run = zeroes_in_error },
	{ .id = "C29",
	  .ref = "RFC 6887 7.3",
	  .level = "MUST",
	  .title = "the copy in an error",
	  .demand = "Such an error response MUST consist of a complete copy of the request packet "
		    "with the error code and other appropriate fields set in the header.",
	  .sends = "C05's request with a suggestion",
	  .passes = "the body is that of the request, the suggestion, too",
	  .fails = "an octet differs",
	  .effect = "a mapping",
	  .needs = "C01",
	  .run = copies_in_error },
};

const struct probe_group probe_group_c = { 'C', "MAP", rows, sizeof rows / sizeof *rows };
