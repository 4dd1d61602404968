/* Group H: what later documents add: DESCRIPTION, PREFIX64, authentication, GET. */
#include "probe-private.h"

#include <string.h>

enum { DESCRIPTION_MOST = 1016 };

static struct pcp_edit with_option(struct probe_test *t, uint8_t code, const void *data, size_t len)
{
	struct pcp_edit map = case_map(t, 0, PROBE_LIFETIME);

	case_option(&map, code, data, len);
	return map;
}

/* ---- DESCRIPTION: RFC 7220 ---- */

static void describes(struct probe_test *t)
{
	static const char text[] =
		"pcpscope probe: a description of one hundred and twenty-eight "
		"octets, which a server should be able to store whole: \xc3\xa4\xc3"
		"\xb6\xc3\xbc. ";
	struct probe_profile *profile = &t->probe->profile;
	char whole[128];
	struct pcp_edit map;
	const struct probe_answer *a;
	struct pcp_tlv tlv = { .len = 0 };

	memset(whole, '.', sizeof whole);
	memcpy(whole, text, sizeof text - 1 < sizeof whole ? sizeof text - 1 : sizeof whole);
	map = with_option(t, PCP_DESCRIPTION, whole, sizeof whole);
	a = case_ask(t, &map);
	case_result(t, a, PCP_SUCCESS);
	if (!case_find(a, PCP_DESCRIPTION, 0, &tlv))
		case_lacks(t, "DESCRIPTION is not supported");
	if (case_goes_on(t)) {
		profile->description = true;
		profile->description_octets = (unsigned)tlv.len;
	}
	case_should(t, tlv.len == sizeof whole, "%zu octets of 128 are stored", tlv.len);
	case_must(t, tlv.len <= sizeof whole && (!tlv.len || !memcmp(tlv.data, whole, tlv.len)),
		  "what comes back is not what was sent");
}

static void drops_broken_text(struct probe_test *t)
{
	struct pcp_edit map = with_option(t, PCP_DESCRIPTION, "\xff\xfe", 2);
	const struct probe_answer *a = case_ask(t, &map);
	struct pcp_tlv tlv;

	case_result(t, a, PCP_SUCCESS);
	case_must(t, !case_find(a, PCP_DESCRIPTION, 0, &tlv),
		  "what is no UTF-8 comes back as the stored description");
}

static void cuts_text(struct probe_test *t)
{
	uint8_t text[DESCRIPTION_MOST];
	struct pcp_edit map;
	const struct probe_answer *a;
	struct pcp_tlv tlv = { .len = 0 };

	for (size_t i = 0; i < sizeof text; i += 2)
		memcpy(text + i, "\xc3\xa9", 2);
	map = with_option(t, PCP_DESCRIPTION, text, sizeof text);
	a = case_ask(t, &map);
	case_result(t, a, PCP_SUCCESS);
	if (!case_find(a, PCP_DESCRIPTION, 0, &tlv))
		return;
	case_must(t, tlv.len <= sizeof text && !memcmp(tlv.data, text, tlv.len),
		  "what comes back is no beginning of what was sent");
	case_must(t, tlv.len % 2 == 0, "it is cut within a character, at %zu octets", tlv.len);
	if (case_goes_on(t))
		t->probe->profile.description_octets = (unsigned)tlv.len;
}

static void clears_text(struct probe_test *t)
{
	struct pcp_edit map = with_option(t, PCP_DESCRIPTION, "pcpscope", 8);

	case_needs_success(t, case_ask(t, &map));
	map = with_option(t, PCP_DESCRIPTION, NULL, 0);
	case_result(t, case_ask(t, &map), PCP_SUCCESS);
}

static void refuses_two_texts(struct probe_test *t)
{
	struct pcp_edit map = with_option(t, PCP_DESCRIPTION, "one", 3);

	case_option(&map, PCP_DESCRIPTION, "two", 3);
	case_refusal(t, case_ask_form(t, &map), PCP_MALFORMED_OPTION);
}

/* ---- PREFIX64: RFC 7225; THIRD_PARTY_ID: RFC 7843 ---- */

static bool fit_length(uint32_t octets)
{
	return octets == 4 || octets == 5 || octets == 6 || octets == 7 || octets == 8 ||
	       octets == 12;
}

static void tells_prefixes(struct probe_test *t)
{
	static const uint8_t ask[14] = { 0, 12 }, zero[12];
	struct pcp_edit request = case_plain(t, PCP_VERSION_2, PCP_ANNOUNCE, 0, 0);
	const struct probe_answer *a;
	struct pcp_tlv tlv;

	case_option(&request, PCP_PREFIX64, ask, sizeof ask);
	a = case_ask(t, &request);
	case_result(t, a, PCP_SUCCESS);
	for (size_t i = 0; case_goes_on(t) && case_find(a, PCP_PREFIX64, i, &tlv); i++) {
		uint32_t octets = tlv.len < 14 ? 0 : (uint32_t)(tlv.data[0] << 8 | tlv.data[1]);

		case_must(t, fit_length(octets), "a prefix of %u octets", octets);
		case_must(t, memcmp(tlv.data + 2, zero, octets) != 0,
			  "the request's ::/96 comes back as a prefix");
		t->probe->profile.prefix64 = true;
	}
}

static void refuses_id_alone(struct probe_test *t)
{
	struct pcp_edit map = with_option(t, PCP_THIRD_PARTY_ID, "\1\2\3\4", 4);

	case_either(t, case_ask_form(t, &map), PCP_UNSUPP_OPTION, PCP_THIRD_PARTY_MISSING_OPTION);
}

/* ---- AUTHENTICATION: RFC 7652 ---- */

static void begins_session(struct probe_test *t)
{
	struct pcp_edit request = case_plain(t, PCP_VERSION_2, PCP_AUTHENTICATION, 8, 0);
	const struct probe_answer *a;
	struct pcp_tlv tlv = { .len = 0 };

	request.octets[3] = PCP_INITIATION;
	case_option(&request, PCP_NONCE, t->nonce, 4);
	a = case_ask(t, &request);
	if (case_code(a) == PCP_UNSUPP_OPCODE)
		case_lacks(t, "authentication is not implemented");
	case_result(t, a, PCP_AUTHENTICATION_REQUEST);
	if (case_goes_on(t))
		t->probe->profile.authentication = true;
	case_must(t, case_get32(a, PCP_HEADER_LEN) != 0, "its session has number 0");
	case_must(t,
		  case_find(a, PCP_NONCE, 0, &tlv) && tlv.len == 4 &&
			  memcmp(tlv.data, t->nonce, 4) == 0,
		  "NONCE does not come back");
	case_must(t, case_find(a, PCP_PRF, 0, &tlv) && case_find(a, PCP_MAC_ALGORITHM, 0, &tlv),
		  "it offers no PRF or no MAC_ALGORITHM");
}

/* ---- GET: draft-boucadair-pcp-failure-06 B ---- */

static struct pcp_edit get(struct probe_test *t, const uint8_t *internal)
{
	static const uint8_t next[56];
	struct pcp_edit request = case_plain(t, PCP_VERSION_2, PCP_GET, 40, 0);
	uint8_t *body = request.octets + PCP_HEADER_LEN;

	pcp_addr_any(body + pcp_get_fields[GET_INTERNAL_ADDRESS].off, case_v4(t));
	pcp_addr_any(body + pcp_get_fields[GET_EXTERNAL_ADDRESS].off, case_v4(t));
	if (internal)
		memcpy(body + pcp_get_fields[GET_INTERNAL_ADDRESS].off, internal, PCP_ADDR_LEN);
	case_option(&request, PCP_NEXT, next, sizeof next);
	return request;
}

static bool lists(const struct probe_answer *a, uint16_t port, bool *end)
{
	struct pcp_tlv tlv;
	bool found = false;

	for (size_t i = 0; case_find(a, PCP_NEXT, i, &tlv) && tlv.len >= 56; i++) {
		found |= pcp_get(&pcp_next_fields[NEXT_INTERNAL_PORT], tlv.data) == port;
		*end = pcp_get(&pcp_next_fields[NEXT_END], tlv.data) != 0;
	}
	return found;
}

static bool returned(const struct probe_answer *a, const struct pcp_edit *request)
{
	return a->len == request->len &&
	       memcmp(a->octets + PCP_HEADER_LEN, request->octets + PCP_HEADER_LEN,
		      request->len - PCP_HEADER_LEN) == 0;
}

static void lists_mappings(struct probe_test *t)
{
	struct pcp_edit map = case_map(t, 0, PROBE_LIFETIME), request = get(t, NULL);
	const struct probe_answer *a;
	bool end = false, found;

	case_needs_success(t, case_ask(t, &map));
	a = case_ask(t, &request);
	/* The second from who does not know an opcode and says so wrongly: that is A17's. */
	if (case_code(a) == PCP_UNSUPP_OPCODE || case_code(a) == PCP_MALFORMED_REQUEST)
		case_lacks(t, "GET is a draft, and not implemented");
	if (returned(a, &request)) /* no list, but SUCCESS to what it does not know: A17's, too */
		case_lacks(t, "GET is a draft, and not implemented: the request comes back");
	case_result(t, a, PCP_SUCCESS);
	if (case_goes_on(t))
		t->probe->profile.get = true;
	found = lists(a, case_port(t, 0), &end);
	case_must(t, found || !end, "a whole list without the mapping that was just made");
	if (!end)
		case_info(t, "more mappings than one answer holds");
}

static void lists_no_other(struct probe_test *t)
{
	uint8_t other[PCP_ADDR_LEN];
	struct pcp_edit request;
	const struct probe_answer *a;
	struct pcp_tlv tlv;

	case_addr(t, "192.0.2.77", "2001:db8:77::77", other);
	request = get(t, other);
	a = case_ask(t, &request);
	case_must(t, case_code(a) != PCP_SUCCESS || !case_find(a, PCP_NEXT, 0, &tlv),
		  "mappings of another host are listed, nonces included");
}

static const struct probe_case rows[] = {
	{ .id = "H01",
	  .ref = "RFC 7220 3",
	  .level = "SHOULD",
	  .title = "DESCRIPTION of 128 octets",
	  .demand = "A PCP server SHOULD be able to store at least 128 bytes for a description.",
	  .sends = "MAP with DESCRIPTION of 128 octets",
	  .passes = "it comes back whole; skip: it does not come back",
	  .fails = "other text or an error; weak: shorter",
	  .effect = "a mapping",
	  .needs = "C01",
	  .flags = PROBE_QUICK,
	  .run = describes },
	{ .id = "H02",
	  .ref = "RFC 7220 3",
	  .level = "MUST",
	  .title = "DESCRIPTION that is no UTF-8",
	  .demand = "the PCP server MUST ignore the request (i.e., MUST NOT return a DESCRIPTION "
		    "option in the response).",
	  .sends = "MAP with DESCRIPTION ff fe",
	  .passes = "SUCCESS without it",
	  .fails = "it comes back, or an error",
	  .effect = "a mapping",
	  .needs = "C01 H01",
	  .run = drops_broken_text },
	{ .id = "H03",
	  .ref = "RFC 7220 3",
	  .level = "MUST",
	  .title = "DESCRIPTION of 1016 octets",
	  .demand = "The server MUST then send the stored value back to the PCP client in the "
		    "DESCRIPTION option in the response.",
	  .sends = "MAP with the longest DESCRIPTION",
	  .passes = "as much of it as is stored, no character cut",
	  .fails = "other text, a cut character, or an error",
	  .effect = "a mapping",
	  .needs = "C01 H01",
	  .run = cuts_text },
	{ .id = "H04",
	  .ref = "RFC 7220 3",
	  .level = "MUST",
	  .title = "DESCRIPTION that is empty",
	  .demand = "The server MUST then send the stored value back to the PCP client in the "
		    "DESCRIPTION option in the response.",
	  .sends = "MAP with DESCRIPTION, then with an empty one",
	  .passes = "SUCCESS",
	  .fails = "an error",
	  .effect = "a mapping",
	  .needs = "C01 H01",
	  .run = clears_text },
	{ .id = "H05",
	  .ref = "RFC 6887 7.3",
	  .level = "MUST",
	  .title = "DESCRIPTION twice",
	  .demand = "and the option is understood by the PCP server, the PCP server MUST respond "
		    "with the MALFORMED_OPTION result code.",
	  .sends = "MAP with two DESCRIPTIONs",
	  .passes = "MALFORMED_OPTION",
	  .fails = "SUCCESS; weak: another result",
	  .effect = "perhaps a mapping",
	  .needs = "C01 H01",
	  .run = refuses_two_texts },
	{ .id = "H11",
	  .ref = "RFC 7225 4.2",
	  .level = "MUST NOT",
	  .title = "PREFIX64",
	  .demand = "the PCP server MUST NOT include any PREFIX64 option in its PCP messages.",
	  .sends = "ANNOUNCE with PREFIX64 ::/96",
	  .passes = "none, or prefixes of a legal length that are not zero",
	  .fails = "another length, or the request's zeros",
	  .run = tells_prefixes },
	{ .id = "H12",
	  .ref = "RFC 7843 5.2",
	  .level = "MUST",
	  .title = "THIRD_PARTY_ID alone",
	  .demand = "If the PCP server receives a THIRD_PARTY_ID option without a THIRD_PARTY "
		    "option, it MUST return a THIRD_PARTY_MISSING_OPTION response.",
	  .sends = "MAP with THIRD_PARTY_ID",
	  .passes = "THIRD_PARTY_MISSING_OPTION, or UNSUPP_OPTION",
	  .fails = "SUCCESS or another result",
	  .effect = "perhaps a mapping",
	  .needs = "C01",
	  .run = refuses_id_alone },
	{ .id = "H13",
	  .ref = "RFC 7652 3.1.1",
	  .level = "info",
	  .title = "authentication",
	  .demand = "it sends a PA-Initiation message (a PA-Client message with the result code "
		    "INITIATION) to the PCP server.",
	  .sends = "AUTHENTICATION, INITIATION with NONCE",
	  .passes = "AUTHENTICATION_REQUEST with a session, NONCE, PRF and MAC; skip: "
		    "UNSUPP_OPCODE",
	  .fails = "another result, or any of it is missing",
	  .run = begins_session },
	{ .id = "H14",
	  .ref = "draft-boucadair-pcp-failure-06 B.6",
	  .level = "info",
	  .title = "GET",
	  .demand = NULL,
	  .sends = "MAP, and GET of everything with NEXT",
	  .passes = "a list with the mapping; skip: UNSUPP_OPCODE, or the request itself",
	  .fails = "a list without it, or another result",
	  .effect = "a mapping",
	  .needs = "C01",
	  .flags = PROBE_QUICK,
	  .run = lists_mappings },
	{ .id = "H15",
	  .ref = "draft-boucadair-pcp-failure-06 6",
	  .level = "MUST",
	  .title = "GET of another host's mappings",
	  .demand = NULL,
	  .sends = "GET for 192.0.2.77 or 2001:db8:77::77",
	  .passes = "no list",
	  .fails = "a list",
	  .needs = "C01 H14",
	  .flags = PROBE_ENDANGERS,
	  .run = lists_no_other },
};

const struct probe_group probe_group_h = { 'H', "Extensions", rows, sizeof rows / sizeof *rows };
