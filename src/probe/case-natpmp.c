/* Group J: NAT-PMP, RFC 6886. Its messages have 2 or 12 octets, and no nonce. */
#include "probe-private.h"

#include <string.h>

#include "epoch.h"

enum { ADDRESS_LEN = 12, MAP_LEN = 16, UNSUPP_OPCODE = 5, UNASSIGNED = 3 };

static uint16_t result(const struct probe_answer *a)
{
	return case_get16(a, 2);
}

static uint16_t mapped(const struct probe_answer *a)
{
	return case_get16(a, 10);
}

static uint32_t lifetime(const struct probe_answer *a)
{
	return case_get32(a, 12);
}

static void refused(struct probe_test *t, const struct probe_answer *a)
{
	const char *name = pcp_name(pcp_natpmp_result_names, result(a));

	case_must(t, result(a) == 0, "%s, should be success", name ? name : "an unknown result");
}

static const struct probe_answer *map(struct probe_test *t, uint8_t opcode, uint16_t external,
				      uint32_t seconds)
{
	struct pcp_edit request = case_natpmp(t, opcode, 0, external, seconds);

	return case_ask(t, &request);
}

/* ---- the address ---- */

static void tells_address(struct probe_test *t)
{
	struct pcp_edit request = case_octets("\0\0", 2);
	const struct probe_answer *a = case_ask_form(t, &request);

	case_must(t, !a->refused, "its answer cannot be taken: %s", a->refused);
	case_must(t, a->len == ADDRESS_LEN, "the answer has %zu octets, not 12", a->len);
	case_must(t, a->octets[1] == PCP_R, "octet 1 of the answer is %u, not 128", a->octets[1]);
	case_must(t, result(a) == 0 || case_get32(a, 8) == 0, "an error with an address");
	case_must(t, result(a) != 0 || case_get32(a, 8) != 0, "success with address 0.0.0.0");
}

static void refuses_pcp(struct probe_test *t)
{
	struct pcp_edit request = case_plain(t, PCP_VERSION_2, PCP_MAP, 36, 0);
	const struct probe_answer *a = case_ask_firm(t, &request);

	case_must(t, !a->silent, "silence, should be a refusal of version 2");
	if (a->octets[0] == PCP_VERSION_2)
		case_lacks(t, "it speaks PCP");
	case_must(t, a->octets[0] == PCP_VERSION_NATPMP, "it offers version %u", a->octets[0]);
	case_must(t, result(a) == PCP_UNSUPP_VERSION, "result %u, should be 1", result(a));
	case_must(t, a->len == 8, "the answer has %zu octets, not 8", a->len);
	if (a->octets[1] != 0 && a->octets[1] != PCP_R)
		case_info(t, "the refusal has opcode %u, as deployed gateways have it",
			  a->octets[1]);
}

static void refuses_opcode(struct probe_test *t)
{
	static const uint8_t octets[] = { 0, UNASSIGNED, 0, 0, 1, 2, 3, 4, 5, 6 };
	struct pcp_edit request = case_octets(octets, sizeof octets);
	const struct probe_answer *a = case_ask_form(t, &request);

	case_must(t, !a->refused, "its answer cannot be taken: %s", a->refused);
	case_must(t, result(a) == UNSUPP_OPCODE, "result %u, should be 5", result(a));
	case_must(t, a->octets[1] == (PCP_R | UNASSIGNED), "octet 1 of the answer is %u",
		  a->octets[1]);
	case_must(t, a->len == sizeof octets && memcmp(a->octets + 4, octets + 4, 6) == 0,
		  "the answer is not the whole request: %zu octets", a->len);
}

static void ignores_response(struct probe_test *t)
{
	struct pcp_edit request = case_octets("\0\x80", 2);
	const struct probe_answer *a = case_quiet(t, &request);

	case_must(t, a->silent, "%zu octets come back", a->len);
}

/* ---- mappings ---- */

/* What the profile tells where PCP is not spoken. */
static void note_grant(struct probe_test *t, const struct probe_answer *a)
{
	struct probe_profile *profile = &t->probe->profile;

	if (!case_goes_on(t) || profile->pcp)
		return;
	profile->map_asked = true;
	profile->map = result(a) == 0;
	profile->map_result = result(a);
	profile->map_refusal = pcp_name(pcp_natpmp_result_names, result(a));
	profile->external_port = mapped(a);
}

static void maps(struct probe_test *t)
{
	struct pcp_edit request = case_natpmp(t, NATPMP_MAP_UDP, 0, 0, PROBE_LIFETIME);
	const struct probe_answer *a = case_ask_form(t, &request);

	if (a->refused || result(a) != 0)
		case_absent(t);
	case_must(t, !a->refused, "its answer cannot be taken: %s", a->refused);
	note_grant(t, a);
	if (result(a) == 2 || result(a) == 3 || result(a) == 4)
		case_open(t, "it maps nothing: %s", pcp_name(pcp_natpmp_result_names, result(a)));
	refused(t, a);
	case_must(t, a->len == MAP_LEN, "the answer has %zu octets, not 16", a->len);
	case_must(t, case_get16(a, 8) == case_port(t, 0), "internal port %u, not %u",
		  case_get16(a, 8), case_port(t, 0));
	case_must(t, mapped(a) != 0, "the mapped port is 0");
	case_must(t, lifetime(a) > 0, "the lifetime is 0");
	case_should(t, lifetime(a) <= PROBE_LIFETIME, "%u s granted for the 120 asked for",
		    lifetime(a));
}

static void keeps_port(struct probe_test *t)
{
	const struct probe_answer *made = map(t, NATPMP_MAP_UDP, 0, PROBE_LIFETIME), *again;

	refused(t, made);
	again = map(t, NATPMP_MAP_UDP, case_high_port(t, 0), PROBE_LIFETIME);
	refused(t, again);
	case_should(t, mapped(again) == mapped(made), "it moved from port %u to %u", mapped(made),
		    mapped(again));
}

static void reserves_companion(struct probe_test *t)
{
	const struct probe_answer *made = map(t, NATPMP_MAP_UDP, 0, PROBE_LIFETIME), *a;

	refused(t, made);
	a = map(t, NATPMP_MAP_TCP, mapped(made), PROBE_LIFETIME);
	case_should(t, result(a) == 0, "result %u to TCP of the UDP mapping's port", result(a));
	case_should(t, mapped(a) == mapped(made), "TCP gets port %u, UDP has %u", mapped(a),
		    mapped(made));
}

static void keeps_companion_from_others(struct probe_test *t)
{
	const struct probe_answer *made = map(t, NATPMP_MAP_TCP, 0, PROBE_LIFETIME), *a;
	uint16_t port = mapped(made);

	refused(t, made);
	if (!case_through(t, PROBE_OTHER_ADDRESS))
		case_lacks(t, "this host has one address only");
	a = map(t, NATPMP_MAP_UDP, port, PROBE_LIFETIME);
	case_must(t, result(a) != 0 || mapped(a) != port,
		  "port %u of this host's TCP mapping is given to another address over UDP", port);
}

static void deleted(struct probe_test *t, const struct probe_answer *a)
{
	refused(t, a);
	case_must(t, mapped(a) == 0, "the mapped port is %u, not 0", mapped(a));
	case_must(t, lifetime(a) == 0, "the lifetime is %u, not 0", lifetime(a));
}

static void deletes_twice(struct probe_test *t)
{
	refused(t, map(t, NATPMP_MAP_UDP, 0, PROBE_LIFETIME));
	deleted(t, map(t, NATPMP_MAP_UDP, 0, 0));
	deleted(t, map(t, NATPMP_MAP_UDP, 0, 0));
}

static void ignores_port_in_delete(struct probe_test *t)
{
	refused(t, map(t, NATPMP_MAP_UDP, 0, PROBE_LIFETIME));
	deleted(t, map(t, NATPMP_MAP_UDP, 7, 0));
}

static void ignores_reserved(struct probe_test *t)
{
	struct pcp_edit request = case_natpmp(t, NATPMP_MAP_UDP, 0, 0, PROBE_LIFETIME);

	request.octets[2] = request.octets[3] = 0xff;
	refused(t, case_ask(t, &request));
}

static void clock_runs(struct probe_test *t)
{
	struct pcp_edit request = case_octets("\0\0", 2);
	const struct probe_answer *before = case_ask(t, &request), *after;
	int64_t here, there;

	case_wait(t, 10 * USEC_PER_SEC);
	after = case_ask(t, &request);
	here = case_seconds(before, after);
	there = (int64_t)case_get32(after, 4) - case_get32(before, 4);
	case_must(t, there >= here - 1 && there <= here + 1,
		  "its clock went on by %lld s in %lld s", (long long)there, (long long)here);
	for (size_t i = 0; i < t->probe->nseen && case_goes_on(t); i++) {
		const struct probe_seen *seen = &t->probe->seen[i];
		int64_t since = (after->at - seen->at) / USEC_PER_SEC;

		if (!pcp_epoch_goes_on(seen->epoch, case_get32(after, 4), since))
			case_info(t, "PCP has another clock: %u s", seen->epoch);
	}
}

static void keeps_5351(struct probe_test *t)
{
	const struct probe_answer *a = map(t, NATPMP_MAP_UDP, PCP_SERVER_PORT, PROBE_LIFETIME);

	if (result(a) != 0 || mapped(a) != PCP_SERVER_PORT)
		return;
	if (!t->probe->profile.pcp)
		case_info(t, "external UDP port 5351 is granted, as RFC 6886 does not forbid");
	case_must(t, !t->probe->profile.pcp, "external UDP port 5351 is granted");
}

static void deletes_all(struct probe_test *t)
{
	struct pcp_edit all = case_octets("\0\1\0\0\0\0\0\0\0\0\0\0", 12);
	const struct probe_answer *made = map(t, NATPMP_MAP_UDP, 0, PROBE_LIFETIME), *a, *again;

	refused(t, made);
	a = case_ask_form(t, &all);
	case_must(t, !a->refused, "its answer cannot be taken: %s", a->refused);
	deleted(t, a);
	again = map(t, NATPMP_MAP_UDP, mapped(made), PROBE_LIFETIME);
	refused(t, again);
}

static const struct probe_case rows[] = {
	{ .id = "J01",
	  .ref = "RFC 6886 3.2",
	  .level = "MUST",
	  .title = "the address request",
	  .demand = "A compatible NAT gateway MUST generate a response with the following format:",
	  .sends = "00 00",
	  .passes = "12 octets with opcode 128, an address or an error and none",
	  .fails = "anything else",
	  .needs = "A11",
	  .run = tells_address },
	{ .id = "J02",
	  .ref = "RFC 6886 3.5",
	  .level = "MUST",
	  .title = "PCP to a gateway without it",
	  .demand = "If the version in the request is not zero, then the NAT-PMP server MUST "
		    "return the following \"Unsupported Version\" error response to the client:",
	  .sends = "version 2 in the shape of a MAP, 60 octets",
	  .passes = "version 0, result 1, 8 octets; info: the request's opcode in it",
	  .fails = "another result or length, or silence",
	  .needs = "A11",
	  .run = refuses_pcp },
	{ .id = "J03",
	  .ref = "RFC 6886 3.5",
	  .level = "MUST",
	  .title = "an unknown opcode",
	  .demand = "then the entire request MUST be returned to the sender, with the top bit of "
		    "the opcode set (to indicate that this is a response) and the result code set "
		    "to 5 (Unsupported opcode).",
	  .sends = "opcode 3, 10 octets",
	  .passes = "the whole request with opcode 131 and result 5",
	  .fails = "anything else",
	  .needs = "A11",
	  .run = refuses_opcode },
	{ .id = "J04",
	  .ref = "RFC 6886 3.5",
	  .level = "MUST",
	  .title = "a response as a request",
	  .demand = "then this is not a request; it's a response, and the NAT-PMP server MUST "
		    "silently ignore it.",
	  .sends = "00 80",
	  .passes = "silence",
	  .fails = "any answer: two such gateways answer each other for ever",
	  .needs = "A11",
	  .flags = PROBE_ENDANGERS,
	  .run = ignores_response },
	{ .id = "J05",
	  .ref = "RFC 6886 3.3",
	  .level = "MUST",
	  .title = "map",
	  .demand = "The 'x' in the OP field MUST match what the client requested.",
	  .sends = "map of UDP, 120 s",
	  .passes = "16 octets, opcode 129, the port copied, at most 120 s",
	  .fails = "anything else; weak: longer; open: refused",
	  .effect = "a mapping",
	  .needs = "A11",
	  .flags = PROBE_QUICK,
	  .run = maps },
	{ .id = "J06",
	  .ref = "RFC 6886 3.3",
	  .level = "SHOULD",
	  .title = "a renewal that suggests another port",
	  .demand = "then the mapping request should succeed, returning the already-assigned "
		    "external port.",
	  .sends = "map, again with another suggested port",
	  .passes = "the same mapped port",
	  .fails = "an error; weak: it moved",
	  .effect = "a mapping",
	  .needs = "A11 J05",
	  .run = keeps_port },
	{ .id = "J07",
	  .ref = "RFC 6886 3.3",
	  .level = "MUST",
	  .title = "TCP beside UDP",
	  .demand = "the NAT gateway MUST reserve the companion port so the same client can "
		    "choose to map it in the future.",
	  .sends = "map of UDP, then of TCP suggesting the same port",
	  .passes = "the same mapped port",
	  .fails = "weak: refused, or another",
	  .effect = "two mappings",
	  .needs = "A11 J05",
	  .run = reserves_companion },
	{ .id = "J08",
	  .ref = "RFC 6886 3.4",
	  .level = "MUST",
	  .title = "a delete, twice",
	  .demand = "In this case, the second request to delete the mapping MUST return the same "
		    "response packet as the first request.",
	  .sends = "map, and its delete twice",
	  .passes = "success with port and lifetime 0 both times",
	  .fails = "anything else",
	  .effect = "a mapping",
	  .needs = "A11 J05",
	  .run = deletes_twice },
	{ .id = "J09",
	  .ref = "RFC 6886 3.4",
	  .level = "MUST",
	  .title = "a delete that suggests a port",
	  .demand = "The Suggested External Port MUST be set to zero by the client on sending, "
		    "and MUST be ignored by the gateway on reception.",
	  .sends = "map, and its delete with suggested port 7",
	  .passes = "success with port 0",
	  .fails = "anything else",
	  .effect = "a mapping",
	  .needs = "A11 J05",
	  .run = ignores_port_in_delete },
	{ .id = "J10",
	  .ref = "RFC 6886 3.3",
	  .level = "MUST",
	  .title = "reserved octets",
	  .demand = "The Reserved field MUST be set to zero on transmission and MUST be ignored "
		    "on reception.",
	  .sends = "map with reserved octets 0xffff",
	  .passes = "success",
	  .fails = "an error",
	  .effect = "a mapping",
	  .needs = "A11 J05",
	  .run = ignores_reserved },
	{ .id = "J11",
	  .ref = "RFC 6886 3.6",
	  .level = "MUST",
	  .title = "the clock",
	  .demand = "Every packet sent by the NAT gateway includes a Seconds Since Start of Epoch "
		    "(SSSoE) field",
	  .sends = "the address request, and again after 10 s",
	  .passes = "its clock went on by 9 to 11 s; info: PCP has another",
	  .fails = "it did not",
	  .needs = "A11",
	  .flags = PROBE_WAITS,
	  .run = clock_runs },
	{ .id = "J12",
	  .ref = "RFC 6887 11.3",
	  .level = "MUST NOT",
	  .title = "external port 5351",
	  .demand = "A PCP server MUST NOT create client mappings for external UDP ports 5350 or "
		    "5351.",
	  .sends = "map of UDP suggesting port 5351",
	  .passes = "another port, or an error; info: 5351, where PCP is not spoken",
	  .fails = "5351 is granted",
	  .effect = "a mapping",
	  .needs = "A11 J05",
	  .flags = PROBE_ENDANGERS,
	  .run = keeps_5351 },
	{ .id = "J13",
	  .ref = "RFC 6886 3.4",
	  .level = "MUST",
	  .title = "a delete of everything",
	  .demand = "After receiving such a deletion request, the gateway MUST delete all its UDP "
		    "or TCP port mappings (depending on the opcode).",
	  .sends = "map, and the delete of internal port 0",
	  .passes = "success with port and lifetime 0",
	  .fails = "anything else",
	  .effect = "all UDP mappings of this host are deleted, other programs', too",
	  .needs = "A11 J05",
	  .flags = PROBE_INTRUSIVE,
	  .run = deletes_all },
	{ .id = "J14",
	  .ref = "RFC 6886 3.3",
	  .level = "MUST NOT",
	  .title = "the companion port is kept from others",
	  .demand = "another client with a different internal IP address MUST NOT be able to "
		    "successfully acquire the mapping for UDP port 80.",
	  .sends = "TCP, then from a second address of this host UDP, suggesting TCP's port",
	  .passes = "another port, or an error; skip: this host has one address",
	  .fails = "the same port",
	  .effect = "two mappings",
	  .needs = "J05",
	  .run = keeps_companion_from_others },
};

const struct probe_group probe_group_j = { 'J', "NAT-PMP", rows, sizeof rows / sizeof *rows };
