/* Group A, first part: ANNOUNCE, the epoch and versions, on requests that change nothing. */
#include "probe-private.h"

#include <string.h>

#include "epoch.h"

static struct pcp_edit announce(struct probe_test *t)
{
	return case_plain(t, PCP_VERSION_2, PCP_ANNOUNCE, 0, 0);
}

/* ---- ANNOUNCE ---- */

/* What keeps a server from being looked at, and is no fault of its: 7.4, 8.2. */
static bool keeps_us_out(uint8_t result)
{
	return result == PCP_NOT_AUTHORIZED || result == PCP_NETWORK_FAILURE ||
	       result == PCP_NO_RESOURCES || result == PCP_USER_EX_QUOTA ||
	       result == PCP_ADDRESS_MISMATCH || result == PCP_AUTHENTICATION_REQUIRED;
}

static void note_versions(struct probe_test *t, const struct probe_answer *a)
{
	if (a->octets[0] == PCP_VERSION_NATPMP && a->octets[2] == 0 &&
	    a->octets[3] == PCP_UNSUPP_VERSION)
		case_lacks(t, "it speaks NAT-PMP only: it refuses PCP with version 0");
	if (a->octets[0] != PCP_VERSION_2)
		case_lacks(t, "it answers with version %u, not 2", a->octets[0]);
	if (case_code(a) == PCP_UNSUPP_VERSION)
		case_lacks(t, "it does not speak version 2");
}

static void announces(struct probe_test *t)
{
	struct pcp_edit request = announce(t);
	const struct probe_answer *a = case_ask_form(t, &request);

	if (!case_goes_on(t))
		return;
	if (!case_from_there(t, a))
		case_open(t, "PCP is answered, but not from the address that was asked: A02");
	note_versions(t, a);
	if (!case_goes_on(t))
		return;
	t->probe->profile.pcp = true;
	t->probe->profile.epoch = case_epoch(a);
	if (keeps_us_out(case_code(a)))
		case_open(t, "it answers %s to everything from here", case_name(case_code(a)));
	case_header(t, a);
	case_result(t, a, PCP_SUCCESS);
	case_must(t, case_opcode(a) == PCP_ANNOUNCE, "the answer has opcode %u", case_opcode(a));
	case_must(t, case_granted(a) == 0, "lifetime %u, not 0", case_granted(a));
}

static void answers_from_there(struct probe_test *t)
{
	struct pcp_edit request = announce(t);
	const struct probe_answer *a = case_ask_form(t, &request);
	char from[ENDPOINT_TEXT];

	pcp_endpoint_text(&a->from, from, sizeof from);
	case_must(t, case_from_there(t, a), "it answers from %s", from);
}

static void ignores_lifetime(struct probe_test *t)
{
	struct pcp_edit request = announce(t);
	const struct probe_answer *a;

	case_lifetime(&request, 3600);
	a = case_ask(t, &request);
	case_result(t, a, PCP_SUCCESS);
	case_must(t, case_granted(a) == 0, "lifetime %u, not 0", case_granted(a));
}

static void ignores_reserved(struct probe_test *t)
{
	struct pcp_edit request = announce(t);
	const struct probe_answer *a;

	request.octets[2] = request.octets[3] = 0xff;
	a = case_ask_form(t, &request);
	case_result(t, a, PCP_SUCCESS);
	case_must(t, a->octets[2] == 0, "octet 2 of the answer is 0x%02x", a->octets[2]);
}

/* ---- the epoch ---- */

static void clock_runs(struct probe_test *t)
{
	case_clock_runs(t, 10 * USEC_PER_SEC);
}

static void one_clock(struct probe_test *t)
{
	const struct probe *probe = t->probe;
	const struct probe_seen *first = NULL;

	for (size_t i = 0; i < probe->nseen && !first; i++)
		if (probe->seen[i].result == PCP_SUCCESS)
			first = &probe->seen[i];
	for (size_t i = 0; i < probe->nseen && first; i++) {
		const struct probe_seen *seen = &probe->seen[i];
		int64_t here = (seen->at - first->at) / USEC_PER_SEC;

		t->last = seen->exchange;
		case_must(t,
			  seen->result == PCP_SUCCESS ||
				  pcp_epoch_goes_on(first->epoch, seen->epoch, here),
			  "an error tells epoch %u, where a success's clock stood at about %lld",
			  seen->epoch, (long long)(first->epoch + here));
	}
	if (!first)
		case_open(t, "no success was seen");
}

/* ---- versions ---- */

static void refuses_version(struct probe_test *t, uint8_t version)
{
	struct pcp_edit request = case_plain(t, version, PCP_MAP, 36, 0);
	const struct probe_answer *a = case_ask_firm(t, &request);

	case_must(t, !a->silent, "silence, should be UNSUPP_VERSION");
	case_result(t, a, PCP_UNSUPP_VERSION);
	case_must(t, a->octets[0] == PCP_VERSION_2, "it offers version %u", a->octets[0]);
	case_must(t, a->octets[1] == (PCP_R | PCP_MAP), "octet 1 of the answer is 0x%02x",
		  a->octets[1]);
	case_should(t, case_granted(a) > 0, "the error has lifetime 0");
	case_copied(t, a, &request);
}

static void refuses_version_3(struct probe_test *t)
{
	refuses_version(t, 3);
}

static void refuses_version_255(struct probe_test *t)
{
	refuses_version(t, 255);
}

static void refuses_two_octets(struct probe_test *t)
{
	struct pcp_edit request = case_octets("\3\0", 2);
	const struct probe_answer *a = case_ask_firm(t, &request);

	case_should(t, !a->silent, "silence, should be UNSUPP_VERSION");
	if (a->silent)
		return;
	case_must(t, a->len >= 4 && a->len % 4 == 0, "the answer has %zu octets", a->len);
	case_result(t, a, PCP_UNSUPP_VERSION);
}

static void refuses_version_1(struct probe_test *t)
{
	uint16_t internal = case_port(t, 0);
	struct pcp_edit request = case_plain(t, PCP_VERSION_1, PCP_MAP, 24, 0);
	uint8_t *body = request.octets + PCP_HEADER_LEN;
	const struct probe_answer *a;

	/* A delete of nothing: one port that is ours, lest version 1 takes it for all. */
	body[0] = 17;
	body[4] = (uint8_t)(internal >> 8);
	body[5] = (uint8_t)internal;
	a = case_ask_form(t, &request);
	if (!case_goes_on(t))
		return;
	if (a->octets[0] == PCP_VERSION_1 && a->octets[1] == (PCP_R | PCP_MAP) &&
	    case_code(a) != PCP_UNSUPP_VERSION) {
		t->probe->profile.version1 = true;
		case_info(t, "it speaks the drafts' version 1, and says %s",
			  case_name(case_code(a)));
		return;
	}
	case_result(t, a, PCP_UNSUPP_VERSION);
	case_must(t, a->octets[0] == PCP_VERSION_2 || a->octets[0] == PCP_VERSION_NATPMP,
		  "it offers version %u", a->octets[0]);
}

/* PCP is answered there, and many that speak nothing else are silent to this: it is asked with the
 * times of RFC 6886 3.1, not with PCP's, and then whether it is still alive. */
static const struct probe_answer *ask_beside_pcp(struct probe_test *t,
						 const struct pcp_edit *request)
{
	usec patience = USEC_PER_SEC / 4;
	const struct probe_answer *a = case_shot(t, request, patience);

	for (unsigned i = 1; i < PROBE_TRIES && a->silent; i++)
		a = case_shot(t, request, patience << i);
	if (a->silent) {
		struct pcp_edit alive = announce(t);
		uint32_t unanswered = t->last;

		(void)case_ask(t, &alive);
		t->last = unanswered;
		case_open(t, "no answer to %u sendings", (unsigned)PROBE_TRIES);
	}
	return a->refused ? case_ask_form(t, request) : a;
}

static void speaks_natpmp(struct probe_test *t)
{
	struct pcp_edit request = case_octets("\0\0", 2);
	const struct probe_answer *a;
	struct probe_profile *profile = &t->probe->profile;

	if (!case_v4(t))
		case_lacks(t, "NAT-PMP is IPv4's, and this run speaks IPv6");
	a = profile->pcp ? ask_beside_pcp(t, &request) : case_ask_form(t, &request);
	if (!case_goes_on(t))
		return;
	profile->natpmp_asked = true;
	if (a->octets[0] == PCP_VERSION_NATPMP && a->octets[1] == PCP_R && a->len >= 8) {
		profile->natpmp = true;
		if (a->len == 12 && case_get16(a, 2) == 0 && pcp_addr_is_any(profile->external)) {
			pcp_addr_any(profile->external, true);
			memcpy(profile->external + 12, a->octets + 8, 4);
		}
		return;
	}
	case_absent(t);
	if (a->octets[0] == PCP_VERSION_2 && case_code(a) == PCP_UNSUPP_VERSION)
		case_info(t, "it speaks PCP only, and says so");
	case_must(t, a->octets[0] == PCP_VERSION_2 && case_code(a) == PCP_UNSUPP_VERSION,
		  "neither an address nor a refusal with version 2 comes back");
}

static const struct probe_case rows[] = {
	{ .id = "A01",
	  .ref = "RFC 6887 14.1.2",
	  .level = "MUST",
	  .title = "ANNOUNCE",
	  .demand = "Reserved: 8 reserved bits, MUST be sent as 0, MUST be ignored when received.",
	  .sends = "ANNOUNCE, 24 octets",
	  .passes = "version 2, R set, opcode 0, SUCCESS, lifetime 0, octets 2 and 12 to 23 zero",
	  .fails = "any field differs, or an error",
	  .flags = PROBE_QUICK,
	  .run = announces },
	{ .id = "A02",
	  .ref = "RFC 6887 14.1.3",
	  .level = "MUST",
	  .title = "where the answer comes from",
	  .demand = "the packet MUST be sent from the unicast IP address and UDP port number on "
		    "which PCP requests are received",
	  .sends = "ANNOUNCE",
	  .passes = "the answer comes from the address and port that were asked",
	  .fails = "it comes from another",
	  .needs = "",
	  .run = answers_from_there },
	{ .id = "A03",
	  .ref = "RFC 6887 14.1.1",
	  .level = "MUST",
	  .title = "ANNOUNCE with a lifetime",
	  .demand = "are both set to 0 on transmission and ignored on reception.",
	  .sends = "ANNOUNCE with lifetime 3600",
	  .passes = "SUCCESS with lifetime 0",
	  .fails = "an error, or another lifetime",
	  .run = ignores_lifetime },
	{ .id = "A04",
	  .ref = "RFC 6887 7.1",
	  .level = "MUST",
	  .title = "reserved bits of the header",
	  .demand = "MUST be zero on transmission and MUST be ignored on reception.",
	  .sends = "ANNOUNCE with 0xffff in octets 2 and 3",
	  .passes = "SUCCESS, octet 2 zero",
	  .fails = "an error, or the bits come back",
	  .run = ignores_reserved },
	{ .id = "A05",
	  .ref = "RFC 6887 8.5",
	  .level = "MUST",
	  .title = "the epoch's clock",
	  .demand = "Every PCP response sent by the PCP server includes an Epoch Time field.",
	  .sends = "ANNOUNCE, and again after 10 s",
	  .passes = "the epoch has gone on by 9 to 11 s",
	  .fails =
		  "it stands still or runs at another rate: 8.5's formula; weak: more than 1 s off",
	  .flags = PROBE_WAITS,
	  .run = clock_runs },
	{ .id = "A06",
	  .ref = "RFC 6887 7.2",
	  .level = "MUST",
	  .title = "one clock for successes and errors",
	  .demand = "Epoch Time: The server's Epoch Time value.",
	  .sends = "nothing: all answers of the run",
	  .passes = "errors tell the clock that successes tell",
	  .fails = "errors tell 0 or another clock",
	  .flags = PROBE_FOLD | PROBE_ONCE,
	  .run = one_clock },
	{ .id = "A07",
	  .ref = "RFC 6887 9",
	  .level = "MUST",
	  .title = "version 3",
	  .demand = "If the server does not support that version, it replies giving a result "
		    "containing the result code UNSUPP_VERSION, and the closest version number it "
		    "does support",
	  .sends = "version 3 in the shape of a MAP, 60 octets",
	  .passes = "UNSUPP_VERSION offering 2, opcode and the rest copied, a lifetime",
	  .fails = "SUCCESS, another result, or silence; weak: lifetime 0",
	  .run = refuses_version_3 },
	{ .id = "A08",
	  .ref = "RFC 6887 9",
	  .level = "MUST",
	  .title = "version 255",
	  .demand = "If the server does not support that version, it replies giving a result "
		    "containing the result code UNSUPP_VERSION, and the closest version number it "
		    "does support",
	  .sends = "version 255 in the shape of a MAP, 60 octets",
	  .passes = "as A07",
	  .fails = "as A07",
	  .run = refuses_version_255 },
	{ .id = "A09",
	  .ref = "RFC 6887 8.2",
	  .level = "MUST",
	  .title = "version 3 in two octets",
	  .demand = "If the first octet (version) is a version that is not supported, a response "
		    "is generated with the UNSUPP_VERSION result code",
	  .sends = "03 00",
	  .passes = "UNSUPP_VERSION in at least 4 octets, a multiple of 4",
	  .fails = "another result; weak: silence",
	  .run = refuses_two_octets },
	{ .id = "A10",
	  .ref = "RFC 6887 9",
	  .level = "MUST",
	  .title = "version 1",
	  .demand = "If the server does not support that version, it replies giving a result "
		    "containing the result code UNSUPP_VERSION, and the closest version number it "
		    "does support",
	  .sends = "version 1's MAP, 48 octets, the delete of a port never mapped",
	  .passes = "UNSUPP_VERSION offering 2 or 0; info: the drafts' version is spoken",
	  .fails = "anything else",
	  .flags = PROBE_QUICK,
	  .run = refuses_version_1 },
	{ .id = "A11",
	  .ref = "RFC 6887 A",
	  .level = "info",
	  .title = "NAT-PMP",
	  .demand = "A client supporting both NAT-PMP and PCP SHOULD send its request using the "
		    "PCP packet format.",
	  .sends = "00 00, NAT-PMP's address request",
	  .passes = "NAT-PMP's answer, or PCP's UNSUPP_VERSION with version 2",
	  .fails = "anything else",
	  .needs = "",
	  .flags = PROBE_QUICK,
	  .run = speaks_natpmp },
};

const struct probe_group probe_group_a = { 'A', "Header, sizes, versions", rows,
					   sizeof rows / sizeof *rows };
