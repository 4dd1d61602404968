/* Group C, the protocols that MAP takes: none, one that nobody knows, one without ports, SCTP. */
#include "probe-private.h"

enum { GRE = 47, EXPERIMENTAL = 253 }; /* protocols */

static void refuses_all_protocols(struct probe_test *t)
{
	struct pcp_edit map = case_map(t, 0, PROBE_LIFETIME);

	case_protocol(&map, 0);
	case_result(t, case_ask_form(t, &map), PCP_MALFORMED_REQUEST);
}

static void refuses_all_protocols_delete(struct probe_test *t)
{
	struct pcp_edit map = case_map(t, 0, 0);

	case_protocol(&map, 0);
	case_result(t, case_ask_form(t, &map), PCP_MALFORMED_REQUEST);
}

static void refuses_unknown_protocol(struct probe_test *t)
{
	struct pcp_edit map = case_map(t, 0, PROBE_LIFETIME);
	const struct probe_answer *a;

	case_protocol(&map, EXPERIMENTAL);
	a = case_ask_form(t, &map);
	if (case_code(a) == PCP_SUCCESS)
		case_info(t, "it maps protocol 253, too");
	else
		case_result(t, a, PCP_UNSUPP_PROTOCOL);
}

static void makes_no_twin(struct probe_test *t)
{
	struct pcp_edit map = case_map(t, 0, PROBE_LIFETIME);
	const struct probe_answer *a;

	case_needs_success(t, case_ask(t, &map));
	case_protocol(&map, PCP_TCP);
	case_nonce(&map, t->other_nonce);
	a = case_ask(t, &map);
	case_must(t, case_code(a) != PCP_NOT_AUTHORIZED,
		  "with the UDP mapping it made the TCP one, which is the first nonce's now");
	case_needs_success(t, a);
}

static void portless_protocol(struct probe_test *t)
{
	struct pcp_edit map = case_map(t, 0, PROBE_LIFETIME);
	struct probe_profile *profile = &t->probe->profile;
	const struct probe_answer *a;

	case_protocol(&map, GRE);
	case_internal(&map, 0);
	a = case_ask(t, &map);
	if (!case_goes_on(t))
		return;
	profile->protocol_known[GRE] = true;
	profile->protocol[GRE] = case_code(a) == PCP_SUCCESS;
	case_info(t, "GRE: %s", case_name(case_code(a)));
}

static void sctp_port(struct probe_test *t)
{
	struct pcp_edit map = case_map(t, 0, PROBE_LIFETIME);
	struct probe_profile *profile = &t->probe->profile;
	const struct probe_answer *a;

	case_protocol(&map, PCP_SCTP);
	a = case_ask(t, &map);
	if (!case_goes_on(t))
		return;
	profile->protocol_known[PCP_SCTP] = true;
	profile->protocol[PCP_SCTP] = case_code(a) == PCP_SUCCESS;
	if (case_code(a) == PCP_UNSUPP_PROTOCOL || case_code(a) == PCP_CANNOT_PROVIDE_EXTERNAL)
		return;
	case_must(t, case_code(a) == PCP_SUCCESS,
		  "%s, should be SUCCESS, UNSUPP_PROTOCOL or CANNOT_PROVIDE_EXTERNAL",
		  case_name(case_code(a)));
	case_should(t, case_external_port(a) == case_port(t, 0),
		    "external port %u for SCTP port %u", case_external_port(a), case_port(t, 0));
}

static const struct probe_case rows[] = {
	{ .id = "C14",
	  .ref = "RFC 6887 11.3",
	  .level = "MUST",
	  .title = "all protocols of one port",
	  .demand = "If the protocol is zero and the internal port is non-zero, then the request "
		    "is invalid and the PCP server MUST return a MALFORMED_REQUEST error to the "
		    "client.",
	  .sends = "MAP of protocol 0 with a port",
	  .passes = "MALFORMED_REQUEST",
	  .fails = "SUCCESS or another result",
	  .effect = "perhaps a mapping",
	  .needs = "C01",
	  .flags = PROBE_ENDANGERS,
	  .run = refuses_all_protocols },
	{ .id = "C15",
	  .ref = "RFC 6887 15.1",
	  .level = "MUST",
	  .title = "a delete of all protocols of one port",
	  .demand = "If the protocol is zero and the internal port is non-zero, then the request "
		    "is invalid and the PCP server MUST return a MALFORMED_REQUEST error to the "
		    "client.",
	  .sends = "the same with lifetime 0",
	  .passes = "MALFORMED_REQUEST",
	  .fails = "SUCCESS or another result",
	  .needs = "C01",
	  .run = refuses_all_protocols_delete },
	{ .id = "C16",
	  .ref = "RFC 6887 11.3",
	  .level = "MUST",
	  .title = "a protocol that is not supported",
	  .demand = "If the PCP server or PCP-controlled device does not support the protocol, "
		    "the UNSUPP_PROTOCOL error MUST be returned.",
	  .sends = "MAP of protocol 253",
	  .passes = "UNSUPP_PROTOCOL; info: SUCCESS",
	  .fails = "another error",
	  .effect = "perhaps a mapping",
	  .needs = "C01",
	  .run = refuses_unknown_protocol },
	{ .id = "C17",
	  .ref = "RFC 6887 11.3",
	  .level = "MUST NOT",
	  .title = "UDP makes no TCP",
	  .demand = "A PCP-controlled device MUST NOT create mappings for a protocol not "
		    "indicated in the request.",
	  .sends = "MAP of UDP, then of TCP and the same port with another nonce",
	  .passes = "SUCCESS",
	  .fails = "NOT_AUTHORIZED: it was made with the first",
	  .effect = "two mappings",
	  .needs = "C01",
	  .run = makes_no_twin },
	{ .id = "C34",
	  .ref = "RFC 6887 11.2",
	  .level = "info",
	  .title = "a protocol without ports",
	  .demand = "If the protocol does not use 16-bit port numbers (e.g., RSVP, IP protocol "
		    "number 46), the port number MUST be zero.",
	  .sends = "MAP of GRE, port 0",
	  .passes = "whatever comes",
	  .fails = "nothing",
	  .effect = "perhaps a mapping",
	  .needs = "C01",
	  .run = portless_protocol },
	{ .id = "C35",
	  .ref = "RFC 6887 16.3.3",
	  .level = "MUST",
	  .title = "the port of SCTP",
	  .demand = "the SCTP-aware NAT MUST return a CANNOT_PROVIDE_EXTERNAL error to the "
		    "requesting PCP client.",
	  .sends = "MAP of SCTP",
	  .passes = "the same port outside, CANNOT_PROVIDE_EXTERNAL, or UNSUPP_PROTOCOL",
	  .fails = "another error; weak: another port",
	  .effect = "perhaps a mapping",
	  .needs = "C01",
	  .run = sctp_port },
};

const struct probe_group probe_group_c4 = { 'C', "MAP", rows, sizeof rows / sizeof *rows };
