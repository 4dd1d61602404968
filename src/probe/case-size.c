/* Group A, second part: what is not answered, sizes, and the client's address. */
#include "probe-private.h"

#include <string.h>

enum { UNASSIGNED_OPCODE = 63, RESERVED_OPCODE = 127, UNKNOWN_OPTIONAL = 223 };

static struct pcp_edit announce(struct probe_test *t)
{
	return case_plain(t, PCP_VERSION_2, PCP_ANNOUNCE, 0, 0);
}

/* ---- what must not be answered ---- */

static void stays_silent(struct probe_test *t, const struct pcp_edit *request)
{
	const struct probe_answer *a = case_quiet(t, request);

	case_must(t, a->silent, "%zu octets come back", a->len);
}

static void ignores_response(struct probe_test *t)
{
	struct pcp_edit request = announce(t);

	request.octets[1] |= PCP_R;
	stays_silent(t, &request);
}

static void ignores_response_3(struct probe_test *t)
{
	struct pcp_edit request = case_plain(t, 3, PCP_R | PCP_MAP, 36, 0);

	stays_silent(t, &request);
}

static void ignores_one_octet(struct probe_test *t)
{
	struct pcp_edit request = case_octets("\2", 1);

	stays_silent(t, &request);
}

static void ignores_23_octets(struct probe_test *t)
{
	struct pcp_edit request = announce(t);
	const struct probe_answer *a;

	request.len = 23;
	a = case_quiet(t, &request);
	if (!a->silent && a->len >= 4 && case_code(a) == PCP_MALFORMED_REQUEST) {
		case_info(t, "MALFORMED_REQUEST, as 14.1.1 has it");
		return;
	}
	case_must(t, a->silent, "%s comes back, should be silence", case_name(case_code(a)));
}

/* ---- sizes ---- */

static void refuses_odd_lengths(struct probe_test *t)
{
	for (size_t more = 1; more <= 3; more++) {
		struct pcp_edit request = announce(t);
		const struct probe_answer *a;

		request.len += more;
		a = case_ask_form(t, &request);
		case_refusal(t, a, PCP_MALFORMED_REQUEST);
		case_copied(t, a, &request);
	}
}

static void refuses_opcode(struct probe_test *t)
{
	struct pcp_edit request = case_plain(t, PCP_VERSION_2, UNASSIGNED_OPCODE, 8, 0x11);
	const struct probe_answer *a = case_ask_firm(t, &request);

	case_must(t, !a->silent, "silence, should be UNSUPP_OPCODE");
	case_result(t, a, PCP_UNSUPP_OPCODE);
	case_copied(t, a, &request);
}

static void returns_1100_octets(struct probe_test *t)
{
	struct pcp_edit request =
		case_plain(t, PCP_VERSION_2, RESERVED_OPCODE, PCP_MAX_LEN - PCP_HEADER_LEN, 0);
	const struct probe_answer *a;

	for (size_t i = PCP_HEADER_LEN; i < request.len; i++)
		request.octets[i] = (uint8_t)i;
	a = case_try(t, &request);
	if (a->silent && case_goes_on(t)) {
		request.len = 576;
		case_ask_form(t, &request);
		case_open(t, "no answer to 1100 octets, but one to 576: does the path carry less?");
	}
	case_result(t, a, PCP_UNSUPP_OPCODE);
	case_copied(t, a, &request);
}

/* An ANNOUNCE made long with an option that nobody knows and everybody may skip. */
static struct pcp_edit long_announce(struct probe_test *t, size_t len)
{
	static const uint8_t filling[PCP_EDIT_MAX];
	struct pcp_edit request = announce(t);

	case_option(&request, UNKNOWN_OPTIONAL, filling, len - PCP_HEADER_LEN - PCP_TLV_LEN);
	return request;
}

static void refuses_1104_octets(struct probe_test *t)
{
	struct pcp_edit request = long_announce(t, PCP_MAX_LEN + 4);
	const struct probe_answer *a = case_ask_firm(t, &request);

	case_must(t, !a->silent, "silence, should be MALFORMED_REQUEST");
	case_result(t, a, PCP_MALFORMED_REQUEST);
	case_copied(t, a, &request);
}

static void takes_1100_octets(struct probe_test *t)
{
	struct pcp_edit request = long_announce(t, PCP_MAX_LEN);
	const struct probe_answer *a = case_ask(t, &request);

	case_result(t, a, PCP_SUCCESS);
	case_must(t, a->len == PCP_HEADER_LEN, "the answer has %zu octets, not 24", a->len);
}

/* ---- the client's address ---- */

static void checks_address(struct probe_test *t)
{
	struct pcp_edit request = announce(t);
	uint8_t addr[PCP_ADDR_LEN];
	const struct probe_answer *a;

	case_addr(t, "192.0.2.1", "2001:db8:bad::1", addr);
	case_client(&request, addr);
	a = case_ask_form(t, &request);
	case_result(t, a, PCP_ADDRESS_MISMATCH);
	case_should(t, case_granted(a) > 0, "the error has lifetime 0");
	case_must(t, a->len == request.len, "the error has %zu octets, its request 24", a->len);
}

static void checks_96_bits(struct probe_test *t)
{
	struct pcp_edit request = announce(t);
	uint8_t addr[PCP_ADDR_LEN] = { 0 };

	if (!case_v4(t))
		case_lacks(t, "this run speaks IPv6");
	memcpy(addr + 12, case_own(t) + 12, 4);
	case_client(&request, addr);
	case_result(t, case_ask_form(t, &request), PCP_ADDRESS_MISMATCH);
}

static void checks_address_first(struct probe_test *t)
{
	struct pcp_edit request = case_plain(t, PCP_VERSION_2, UNASSIGNED_OPCODE, 8, 0x11);
	uint8_t addr[PCP_ADDR_LEN];
	const struct probe_answer *a;

	case_addr(t, "192.0.2.1", "2001:db8:bad::1", addr);
	case_client(&request, addr);
	a = case_ask_form(t, &request);
	case_must(t, case_code(a) == PCP_ADDRESS_MISMATCH || case_code(a) == PCP_UNSUPP_OPCODE,
		  "%s, should be ADDRESS_MISMATCH", case_name(case_code(a)));
	case_should(t, case_code(a) == PCP_ADDRESS_MISMATCH, "%s, should be ADDRESS_MISMATCH",
		    case_name(case_code(a)));
}

/* ---- the lifetimes of errors ---- */

static void error_lifetimes(struct probe_test *t)
{
	const struct probe *probe = t->probe;
	size_t errors = 0;

	for (size_t i = 0; i < probe->nseen; i++) {
		const struct probe_seen *seen = &probe->seen[i];
		const struct pcp_result *result = pcp_result(seen->result);

		if (seen->result == PCP_SUCCESS)
			continue;
		errors++;
		t->last = seen->exchange;
		case_should(t, seen->lifetime > 0 || seen->result == PCP_NOT_AUTHORIZED,
			    "%s has lifetime 0: its client may ask again at once",
			    case_name(seen->result));
		if (result && result->kind == PCP_RESULT_LONG && seen->lifetime != 1800 &&
		    seen->result != PCP_NOT_AUTHORIZED &&
		    seen->result != PCP_CANNOT_PROVIDE_EXTERNAL)
			case_info(t, "%s lasts %u s", result->name, seen->lifetime);
	}
	if (!errors)
		case_open(t, "no error was seen");
}

static const struct probe_case rows[] = {
	{ .id = "A12",
	  .ref = "RFC 6887 8.2",
	  .level = "MUST",
	  .title = "a response as a request",
	  .demand = "If the R bit is set, the message is silently dropped.",
	  .sends = "ANNOUNCE with the R bit set",
	  .passes = "silence",
	  .fails = "any answer: two such servers answer each other for ever",
	  .flags = PROBE_ENDANGERS,
	  .run = ignores_response },
	{ .id = "A13",
	  .ref = "RFC 6887 8.2",
	  .level = "MUST",
	  .title = "a response of version 3",
	  .demand = "If the R bit is set, the message is silently dropped.",
	  .sends = "version 3 with the R bit set",
	  .passes = "silence",
	  .fails = "any answer",
	  .flags = PROBE_ENDANGERS,
	  .run = ignores_response_3 },
	{ .id = "A14",
	  .ref = "RFC 6887 8.2",
	  .level = "MUST",
	  .title = "one octet",
	  .demand =
		  "If the received PCP request message is less than 2 octets long, it is silently "
		  "dropped.",
	  .sends = "02",
	  .passes = "silence",
	  .fails = "any answer",
	  .run = ignores_one_octet },
	{ .id = "A15",
	  .ref = "RFC 6887 8.2",
	  .level = "MUST",
	  .title = "23 octets",
	  .demand = "Otherwise, if the version is supported but the received message is shorter "
		    "than 24 "
		    "octets, the message is silently dropped.",
	  .sends = "the first 23 octets of an ANNOUNCE",
	  .passes = "silence; info: MALFORMED_REQUEST, as 14.1.1 words it",
	  .fails = "any other answer",
	  .run = ignores_23_octets },
	{ .id = "A16",
	  .ref = "RFC 6887 8.2",
	  .level = "MUST",
	  .title = "lengths that are no multiple of 4",
	  .demand = "If the length of the message exceeds 1100 octets, is not a multiple of 4 "
		    "octets, "
		    "or is too short for the Opcode in question, it is invalid and a "
		    "MALFORMED_REQUEST response is generated, and the response message is "
		    "truncated to 1100 octets.",
	  .sends = "ANNOUNCE and 1, 2, 3 octets",
	  .passes = "MALFORMED_REQUEST, the request copied and padded",
	  .fails = "SUCCESS or another copy; weak: another result",
	  .run = refuses_odd_lengths },
	{ .id = "A17",
	  .ref = "RFC 6887 7.3",
	  .level = "MUST",
	  .title = "an opcode that is not assigned",
	  .demand = "Such an error response MUST consist of a complete copy of the request packet",
	  .sends = "opcode 63 and 8 octets",
	  .passes = "UNSUPP_OPCODE, the rest copied",
	  .fails = "SUCCESS, another result, a changed copy, or silence",
	  .run = refuses_opcode },
	{ .id = "A18",
	  .ref = "RFC 6887 7.3",
	  .level = "MUST",
	  .title = "an error for 1100 octets",
	  .demand = "Such an error response MUST consist of a complete copy of the request packet",
	  .sends = "opcode 127 and a pattern, 1100 octets",
	  .passes = "UNSUPP_OPCODE in 1100 octets",
	  .fails = "another result or a shorter copy",
	  .run = returns_1100_octets },
	{ .id = "A19",
	  .ref = "RFC 6887 8.2",
	  .level = "MUST",
	  .title = "more than 1100 octets",
	  .demand = "If the length of the message exceeds 1100 octets, is not a multiple of 4 "
		    "octets, "
		    "or is too short for the Opcode in question, it is invalid and a "
		    "MALFORMED_REQUEST response is generated, and the response message is "
		    "truncated to 1100 octets.",
	  .sends = "ANNOUNCE with an unknown optional option, 1104 octets",
	  .passes = "MALFORMED_REQUEST with the first 1100 octets copied",
	  .fails = "SUCCESS, another result, another length, or silence",
	  .run = refuses_1104_octets },
	{ .id = "A20",
	  .ref = "RFC 6887 7",
	  .level = "MUST",
	  .title = "1100 octets",
	  .demand = "with a maximum UDP payload length of 1100 octets.",
	  .sends = "ANNOUNCE with an unknown optional option, 1100 octets",
	  .passes = "SUCCESS in 24 octets",
	  .fails = "an error",
	  .run = takes_1100_octets },
	{ .id = "A21",
	  .ref = "RFC 6887 8.2",
	  .level = "MUST",
	  .title = "another host's address in the header",
	  .demand = "If they do not match, the error ADDRESS_MISMATCH MUST be returned.",
	  .sends = "ANNOUNCE with client address 192.0.2.1 or 2001:db8:bad::1",
	  .passes = "ADDRESS_MISMATCH with a lifetime",
	  .fails = "SUCCESS or another result; weak: lifetime 0",
	  .flags = PROBE_ENDANGERS,
	  .run = checks_address },
	{ .id = "A22",
	  .ref = "RFC 6887 5",
	  .level = "MUST",
	  .title = "the own IPv4 address without its 96 bits",
	  .demand = "all of the first 96 bits MUST be checked for the pattern",
	  .sends = "ANNOUNCE with client address ::a.b.c.d",
	  .passes = "ADDRESS_MISMATCH",
	  .fails = "SUCCESS or another result",
	  .run = checks_96_bits },
	{ .id = "A23",
	  .ref = "RFC 6887 8.2",
	  .level = "SHOULD",
	  .title = "the address is checked before the opcode",
	  .demand = "Processing SHOULD be performed in the order of the following paragraphs.",
	  .sends = "opcode 63 with another host's address",
	  .passes = "ADDRESS_MISMATCH",
	  .fails = "SUCCESS or a third result; weak: UNSUPP_OPCODE",
	  .run = checks_address_first },
	{ .id = "A24",
	  .ref = "RFC 6887 7.4",
	  .level = "RECOMMENDED",
	  .title = "lifetimes of errors",
	  .demand = "It is RECOMMENDED that short lifetime errors use a 30-second lifetime and "
		    "long lifetime errors use a 30-minute lifetime.",
	  .sends = "nothing: all errors of the run",
	  .passes = "none is 0; info: a long one is not 1800",
	  .fails = "weak: 0",
	  .flags = PROBE_FOLD | PROBE_ONCE,
	  .run = error_lifetimes },
};

const struct probe_group probe_group_a2 = { 'A', "Header, sizes, versions", rows,
					    sizeof rows / sizeof *rows };
