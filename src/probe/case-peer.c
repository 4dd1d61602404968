/*
 * Group F: PEER. Nobody is let in by it, and the peers are never spoken to. What it makes cannot be
 * deleted (RFC 6887 12.1); it ends after two minutes.
 */
#include "probe-private.h"

#include <string.h>

static void remote(struct pcp_edit *peer, const uint8_t *addr, uint16_t port)
{
	uint8_t *body = peer->octets + PCP_HEADER_LEN;

	pcp_put(&pcp_peer_fields[PEER_REMOTE_PORT], body, port);
	if (addr)
		memcpy(body + pcp_peer_fields[PEER_REMOTE_ADDRESS].off, addr, PCP_ADDR_LEN);
}

static const struct probe_answer *make(struct probe_test *t)
{
	struct pcp_edit peer = case_peer(t, 0, PROBE_LIFETIME);
	const struct probe_answer *a = case_ask(t, &peer);

	case_needs_success(t, a);
	return a;
}

static void peers(struct probe_test *t)
{
	struct pcp_edit peer = case_peer(t, 0, PROBE_LIFETIME);
	const struct probe_answer *a = case_ask_form(t, &peer);
	const uint8_t *asked = peer.octets + PCP_HEADER_LEN, *told = a->octets + PCP_HEADER_LEN;

	if (a->refused) {
		case_absent(t);
		case_must(t, false, "its answer cannot be taken: %s", a->refused);
	}
	if (case_code(a) == PCP_UNSUPP_OPCODE)
		case_lacks(t, "PEER is not implemented");
	if (case_code(a) == PCP_MALFORMED_REQUEST)
		case_open(t, "MALFORMED_REQUEST: does it know that there is no such peer?");
	if (case_code(a) != PCP_SUCCESS)
		case_absent(t);
	case_result(t, a, PCP_SUCCESS);
	if (case_goes_on(t))
		t->probe->profile.peer = true;
	case_header(t, a);
	case_must(t, a->len >= peer.len, "the answer has %zu octets", a->len);
	case_must(t, memcmp(asked, told, 13) == 0 && memcmp(asked + 16, told + 16, 2) == 0,
		  "nonce, protocol and port are not those of the request");
	case_must(t, memcmp(asked + 36, told + 36, 20) == 0, "the peer is not that of the request");
	case_must(t, memcmp(told + 13, "\0\0\0", 3) == 0,
		  "reserved octets of the body are not zero");
	case_must(t, case_external_port(a) != 0 && !pcp_addr_is_any(case_external(a)),
		  "the external port or address is zero");
}

static void refuses_zeros(struct probe_test *t)
{
	struct pcp_edit peer = case_peer(t, 0, PROBE_LIFETIME);

	case_protocol(&peer, 0);
	case_result(t, case_ask_form(t, &peer), PCP_MALFORMED_REQUEST);
	peer = case_peer(t, 0, PROBE_LIFETIME);
	case_internal(&peer, 0);
	case_result(t, case_ask_form(t, &peer), PCP_MALFORMED_REQUEST);
	peer = case_peer(t, 0, PROBE_LIFETIME);
	remote(&peer, NULL, 0);
	case_result(t, case_ask_form(t, &peer), PCP_MALFORMED_REQUEST);
}

static void refuses_exact(struct probe_test *t)
{
	struct pcp_edit peer = case_peer(t, 0, PROBE_LIFETIME);

	case_option(&peer, PCP_PREFER_FAILURE, NULL, 0);
	case_refusal(t, case_ask_form(t, &peer), PCP_MALFORMED_REQUEST);
}

static void cannot_shorten(struct probe_test *t)
{
	const struct probe_answer *made = make(t), *a;
	struct pcp_edit peer = case_peer(t, 0, 0);

	a = case_ask(t, &peer);
	case_result(t, a, PCP_SUCCESS);
	case_must(t, case_granted(a) >= case_left(made, a) - 2, "lifetime 0 left %u s of %lld",
		  case_granted(a), (long long)case_left(made, a));
}

static void refuses_nonce(struct probe_test *t)
{
	const struct probe_answer *made = make(t), *a;
	struct pcp_edit peer = case_peer(t, 0, PROBE_LIFETIME);

	case_nonce(&peer, t->other_nonce);
	a = case_ask_form(t, &peer);
	case_must(t, case_code(a) != PCP_SUCCESS,
		  "another nonce took the mapping over, should be NOT_AUTHORIZED");
	case_result(t, a, PCP_NOT_AUTHORIZED);
	case_should(t, case_granted(a) > 0 && case_granted(a) <= case_left(made, a) + 2,
		    "the error lasts %u s, the mapping %lld", case_granted(a),
		    (long long)case_left(made, a));
}

static void refuses_taken(struct probe_test *t)
{
	struct pcp_edit map = case_map(t, 0, PROBE_LIFETIME);
	struct pcp_edit peer = case_peer(t, 1, PROBE_LIFETIME);
	const struct probe_answer *made = case_ask(t, &map), *a;

	case_needs_success(t, made);
	case_suggest(&peer, case_external(made), case_external_port(made));
	a = case_ask_form(t, &peer);
	case_must(t, case_code(a) != PCP_SUCCESS,
		  "SUCCESS with port %u for a taken port, should be CANNOT_PROVIDE_EXTERNAL",
		  case_external_port(a));
	case_result(t, a, PCP_CANNOT_PROVIDE_EXTERNAL);
}

static void refuses_senseless(struct probe_test *t)
{
	static const char *const senseless[][2] = { { "127.0.0.1", "::1" },
						    { "224.0.0.1", "ff02::1" },
						    { "0.0.0.0", "::" } };

	for (size_t i = 0; i < 3; i++) {
		struct pcp_edit peer = case_peer(t, (unsigned)i, PROBE_LIFETIME);
		const struct probe_answer *a;
		uint8_t addr[PCP_ADDR_LEN];

		case_addr(t, senseless[i][0], senseless[i][1], addr);
		remote(&peer, addr, 443);
		a = case_ask_form(t, &peer);
		case_should(t, case_code(a) == PCP_MALFORMED_REQUEST,
			    "%s for the peer %s, should be MALFORMED_REQUEST",
			    case_name(case_code(a)), senseless[i][!case_v4(t)]);
	}
}

static void refuses_family(struct probe_test *t)
{
	struct pcp_edit peer = case_peer(t, 0, PROBE_LIFETIME);
	uint8_t addr[PCP_ADDR_LEN];

	pcp_addr_parse(case_v4(t) ? "2001:db8:51::7" : "198.51.100.7", addr, NULL);
	remote(&peer, addr, 443);
	case_must(t, case_code(case_ask_form(t, &peer)) != PCP_SUCCESS,
		  "SUCCESS for a peer of the other family");
}

static void refuses_delete(struct probe_test *t)
{
	struct pcp_edit map = case_map(t, 0, 0), peer = case_peer(t, 0, 0);
	const struct probe_answer *made = make(t), *after;

	/* Before what is left is asked: with lifetime 0, which itself deletes where F04 fails. */
	case_result(t, case_ask_form(t, &map), PCP_NOT_AUTHORIZED);
	after = case_ask(t, &peer);
	case_must(t,
		  case_code(after) == PCP_SUCCESS &&
			  case_granted(after) >= case_left(made, after) - 2,
		  "behind a MAP delete %u s of a PEER mapping are left", case_granted(after));
}

static void shares_port(struct probe_test *t)
{
	struct pcp_edit map = case_map(t, 0, PROBE_LIFETIME);
	const struct probe_answer *made = make(t), *a = case_ask(t, &map);

	case_needs_success(t, a);
	case_should(t, case_same_external(a, made),
		    "MAP of the same port gets external port %u, PEER has %u",
		    case_external_port(a), case_external_port(made));
}

static void refuses_filter(struct probe_test *t)
{
	struct pcp_edit peer = case_peer(t, 0, PROBE_LIFETIME);
	uint8_t addr[PCP_ADDR_LEN];
	const struct probe_answer *a;

	case_addr(t, "198.51.100.7", "2001:db8:51::7", addr);
	case_filter(&peer, 128, 443, addr);
	a = case_ask_form(t, &peer);
	if (case_code(a) != PCP_UNSUPP_OPTION)
		case_refusal(t, a, PCP_MALFORMED_OPTION);
}

static void ignores_reserved(struct probe_test *t)
{
	struct pcp_edit peer = case_peer(t, 0, PROBE_LIFETIME);
	uint8_t *body = peer.octets + PCP_HEADER_LEN;
	const struct probe_answer *a;

	memset(body + 13, 0xff, 3);
	memset(body + 38, 0xff, 2);
	a = case_ask(t, &peer);
	case_result(t, a, PCP_SUCCESS);
	case_must(t,
		  memcmp(a->octets + PCP_HEADER_LEN + 13, "\0\0\0", 3) == 0 &&
			  memcmp(a->octets + PCP_HEADER_LEN + 38, "\0\0", 2) == 0,
		  "the reserved octets come back");
}

static const struct probe_case rows[] = {
	{ .id = "F01",
	  .ref = "RFC 6887 12.1",
	  .level = "MUST",
	  .title = "PEER",
	  .demand = "Reserved: 24 reserved bits, MUST be set to 0 on transmission, MUST be "
		    "ignored on reception.",
	  .sends = "PEER of UDP to 198.51.100.7 or 2001:db8:51::7, port 443, 120 s",
	  .passes = "SUCCESS, all copied, reserved bits zero, external values; skip: UNSUPP_OPCODE",
	  .fails = "any of it is otherwise; open: MALFORMED_REQUEST, the peer is known not to be",
	  .effect = "a mapping that ends by itself",
	  .flags = PROBE_QUICK,
	  .run = peers },
	{ .id = "F02",
	  .ref = "RFC 6887 12.1",
	  .level = "MUST",
	  .title = "PEER with a protocol or port of zero",
	  .demand = "Protocol MUST NOT be zero.",
	  .sends = "PEER with protocol 0, internal port 0, remote port 0",
	  .passes = "MALFORMED_REQUEST each time",
	  .fails = "SUCCESS or another result",
	  .needs = "F01",
	  .run = refuses_zeros },
	{ .id = "F03",
	  .ref = "RFC 6887 12.1",
	  .level = "MUST",
	  .title = "PEER with PREFER_FAILURE",
	  .demand = "if a PCP server receives a PEER request containing the PREFER_FAILURE option "
		    "it MUST return a MALFORMED_REQUEST error response.",
	  .sends = "PEER with PREFER_FAILURE",
	  .passes = "MALFORMED_REQUEST",
	  .fails = "SUCCESS; weak: another result",
	  .needs = "F01",
	  .run = refuses_exact },
	{ .id = "F04",
	  .ref = "RFC 6887 15",
	  .level = "MUST",
	  .title = "PEER cannot shorten",
	  .demand = "A PCP server MUST set the lifetime of a mapping to no less than the "
		    "remaining time before the mapping would expire if no further outbound "
		    "traffic is seen for that mapping.",
	  .sends = "PEER, and again with lifetime 0",
	  .passes = "SUCCESS with no less than what was left",
	  .fails = "less, or an error",
	  .effect = "a mapping that ends by itself",
	  .needs = "F01",
	  .run = cannot_shorten },
	{ .id = "F05",
	  .ref = "RFC 6887 12.3",
	  .level = "MUST",
	  .title = "PEER with another nonce",
	  .demand = "the request MUST be rejected with a NOT_AUTHORIZED error with the lifetime "
		    "of the error indicating duration of that existing mapping.",
	  .sends = "PEER, and again with another nonce",
	  .passes = "NOT_AUTHORIZED for as long as the mapping lasts",
	  .fails = "SUCCESS or another result; weak: the lifetime is off",
	  .effect = "a mapping that ends by itself",
	  .needs = "F01",
	  .flags = PROBE_ENDANGERS,
	  .run = refuses_nonce },
	{ .id = "F06",
	  .ref = "RFC 6887 12.1",
	  .level = "MUST",
	  .title = "PEER for a taken external port",
	  .demand = "then the PCP server MUST return a CANNOT_PROVIDE_EXTERNAL error response.",
	  .sends = "MAP, then PEER of another port suggesting what it has",
	  .passes = "CANNOT_PROVIDE_EXTERNAL",
	  .fails = "SUCCESS or another result",
	  .effect = "a mapping",
	  .needs = "C01 F01",
	  .run = refuses_taken },
	{ .id = "F07",
	  .ref = "RFC 6887 12.3",
	  .level = "SHOULD",
	  .title = "PEER to what is no peer",
	  .demand = "If the validation determines the remote peer IP address of a PEER request is "
		    "invalid, then no mapping is created, and a MALFORMED_REQUEST error result is "
		    "returned.",
	  .sends = "PEER to 127.0.0.1, 224.0.0.1, 0.0.0.0 or their IPv6 likes",
	  .passes = "MALFORMED_REQUEST",
	  .fails = "weak: anything else",
	  .effect = "perhaps mappings that end by themselves",
	  .needs = "F01",
	  .run = refuses_senseless },
	{ .id = "F08",
	  .ref = "RFC 6887 10",
	  .level = "MUST",
	  .title = "PEER to the other family",
	  .demand = "is always the same address family as the 'internal' address, even when NAT64 "
		    "is used.",
	  .sends = "PEER to an address of the other family",
	  .passes = "an error",
	  .fails = "SUCCESS",
	  .effect = "perhaps a mapping that ends by itself",
	  .needs = "F01",
	  .run = refuses_family },
	{ .id = "F09",
	  .ref = "RFC 6887 15.1",
	  .level = "MUST",
	  .title = "MAP's delete of a PEER mapping",
	  .demand = "or an outbound (implicit or PEER-created) mapping, the PCP server MUST "
		    "return NOT_AUTHORIZED.",
	  .sends = "PEER, MAP's delete of its port, and what PEER has left",
	  .passes = "NOT_AUTHORIZED, and it stands",
	  .fails = "another result, or it is gone",
	  .effect = "a mapping that ends by itself",
	  .needs = "C01 F01",
	  .run = refuses_delete },
	{ .id = "F10",
	  .ref = "RFC 6887 11.3",
	  .level = "SHOULD",
	  .title = "MAP of a PEER mapping's port",
	  .demand = "the PCP server SHOULD create a new explicit inbound mapping, replicating the "
		    "ports and addresses from the outbound mapping",
	  .sends = "PEER, and MAP of its port",
	  .passes = "the same external port",
	  .fails = "weak: another",
	  .effect = "two mappings, one of which ends by itself",
	  .needs = "C01 F01",
	  .run = shares_port },
	{ .id = "F11",
	  .ref = "RFC 6887 13",
	  .level = "MUST",
	  .title = "PEER with FILTER",
	  .demand = "These options MUST NOT appear with other Opcodes, unless permitted by those "
		    "other Opcodes.",
	  .sends = "PEER with FILTER",
	  .passes = "UNSUPP_OPTION or MALFORMED_OPTION",
	  .fails = "SUCCESS; weak: another result",
	  .effect = "perhaps a mapping that ends by itself",
	  .needs = "F01",
	  .run = refuses_filter },
	{ .id = "F12",
	  .ref = "RFC 6887 12.1",
	  .level = "MUST",
	  .title = "reserved bits of PEER",
	  .demand = "Reserved: 16 reserved bits, MUST be set to 0 on transmission and MUST be "
		    "ignored on reception.",
	  .sends = "PEER with its reserved bits set",
	  .passes = "SUCCESS, the bits zero",
	  .fails = "an error, or they come back",
	  .effect = "a mapping that ends by itself",
	  .needs = "F01",
	  .run = ignores_reserved },
};

const struct probe_group probe_group_f = { 'F', "PEER", rows, sizeof rows / sizeof *rows };
