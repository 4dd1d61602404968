/* Group C, second part: deletes, lifetimes, lengths, and what minutes show. */
#include "probe-private.h"

#include <string.h>

/* A mapping of ours, granted or else the case is open. */
static const struct probe_answer *make(struct probe_test *t, unsigned port, uint32_t lifetime)
{
	struct pcp_edit map = case_map(t, port, lifetime);
	const struct probe_answer *a = case_ask(t, &map);

	case_needs_success(t, a);
	return a;
}

static const struct probe_answer *delete_it(struct probe_test *t, unsigned port)
{
	struct pcp_edit map = case_map(t, port, 0);

	return case_ask(t, &map);
}

static void deletes(struct probe_test *t)
{
	const struct probe_answer *a;

	(void)make(t, 0, PROBE_LIFETIME);
	a = delete_it(t, 0);
	case_result(t, a, PCP_SUCCESS);
	case_must(t, case_external_port(a) == 0 && pcp_addr_is_any(case_external(a)),
		  "the external fields are not those of the request, zero");
	if (case_granted(a) > 0)
		case_info(t, "it stays for %u s: traffic keeps it", case_granted(a));
}

static void deletes_twice(struct probe_test *t)
{
	const struct probe_answer *first, *second;
	uint8_t octets[PCP_HEADER_LEN + 36];

	(void)make(t, 0, PROBE_LIFETIME);
	first = delete_it(t, 0);
	case_needs_success(t, first);
	second = delete_it(t, 0);
	case_result(t, second, PCP_SUCCESS);
	memcpy(octets, second->octets, sizeof octets);
	memcpy(octets + 8, first->octets + 8, 4); /* the epoch goes on */
	case_must(t, first->len == second->len && memcmp(octets, first->octets, sizeof octets) == 0,
		  "the answer to the same delete is another the second time");
}

static void deletes_nothing(struct probe_test *t)
{
	case_result(t, delete_it(t, 0), PCP_SUCCESS);
}

static void copies_in_delete(struct probe_test *t)
{
	struct pcp_edit map = case_map(t, 0, 0);
	const struct probe_answer *a;
	uint8_t addr[PCP_ADDR_LEN];

	(void)make(t, 0, PROBE_LIFETIME);
	case_addr(t, "192.0.2.9", "2001:db8::9", addr);
	case_suggest(&map, addr, 7);
	a = case_ask(t, &map);
	case_result(t, a, PCP_SUCCESS);
	case_must(t, case_external_port(a) == 7, "external port %u, not the 7 that was sent",
		  case_external_port(a));
	case_must(t, memcmp(case_external(a), addr, sizeof addr) == 0,
		  "the external address is not the one that was sent");
}

/* ---- lifetimes ---- */

static void shortest(struct probe_test *t)
{
	const struct probe_answer *a = make(t, 0, 1);

	if (case_goes_on(t))
		t->probe->profile.min_lifetime = case_granted(a);
	case_should(t, case_granted(a) >= 120, "%u s granted, should be at least 120",
		    case_granted(a));
}

static void longest(struct probe_test *t)
{
	const struct probe_answer *a = make(t, 0, UINT32_MAX);

	if (case_goes_on(t))
		t->probe->profile.max_lifetime = case_granted(a);
	if (case_granted(a) == UINT32_MAX)
		case_info(t, "2^32-1 s granted: what it maps stays for ever");
	else
		case_should(t, case_granted(a) <= 86400, "%u s granted, should be at most a day",
			    case_granted(a));
}

static void shortens(struct probe_test *t)
{
	const struct probe_answer *first = make(t, 0, 3600), *second = make(t, 0, PROBE_LIFETIME);
	struct pcp_edit map = case_map(t, 0, PROBE_LIFETIME);
	const struct probe_answer *a;

	case_must(t, case_granted(second) <= case_granted(first) + 1,
		  "asked for 120 s behind 3600 it grants %u", case_granted(second));
	case_nonce(&map, t->other_nonce);
	a = case_ask(t, &map);
	if (case_code(a) == PCP_NOT_AUTHORIZED && case_granted(a) > 0)
		case_must(t, case_granted(a) <= case_granted(second) + 2,
			  "it told %u s, and to another nonce that %u are left",
			  case_granted(second), case_granted(a));
	if (case_granted(second) + 10 >= case_granted(first))
		case_info(t, "it keeps the longer lifetime, and says so: %u s",
			  case_granted(second));
}

/* ---- lengths ---- */

static void refuses_short(struct probe_test *t)
{
	static const size_t lengths[] = { 59, 56, 24 };

	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		struct pcp_edit map = case_map(t, 0, PROBE_LIFETIME);
		const struct probe_answer *a;

		map.len = lengths[i];
		a = case_ask_form(t, &map);
		case_must(t, case_code(a) != PCP_SUCCESS, "SUCCESS for a MAP of %zu octets",
			  map.len);
		case_result(t, a, PCP_MALFORMED_REQUEST);
		case_copied(t, a, &map);
	}
}

static void stands_haste(struct probe_test *t)
{
	struct pcp_edit request = case_plain(t, PCP_VERSION_2, PCP_ANNOUNCE, 0, 0);

	for (unsigned i = 0; i < 50; i++) {
		const struct probe_answer *a = case_try(t, &request);

		if (!a->silent)
			continue;
		case_must(t, !a->reason[0], "after %u ANNOUNCEs: %s", i, a->reason);
		case_info(t, "it fell silent after %u ANNOUNCEs in a row", i);
		break;
	}
	request = case_plain(t, PCP_VERSION_2, PCP_ANNOUNCE, 0, 0);
	case_must(t, !case_ask_firm(t, &request)->silent, "it does not answer any more");
}

/* ---- what minutes show ---- */

/* Whether another nonce is let in, `seconds` before or after the end of a fresh mapping. */
static const struct probe_answer *intrude_at(struct probe_test *t, int seconds)
{
	const struct probe_answer *made = make(t, 0, PROBE_LIFETIME);
	struct pcp_edit map = case_map(t, 0, PROBE_LIFETIME);

	if (case_granted(made) > 900)
		case_open(t, "%u s granted: too long to wait", case_granted(made));
	case_wait(t, ((usec)case_granted(made) + seconds) * USEC_PER_SEC);
	case_nonce(&map, t->other_nonce);
	return case_ask(t, &map);
}

static void expires(struct probe_test *t)
{
	const struct probe_answer *a = intrude_at(t, 10);

	case_must(t, case_code(a) == PCP_SUCCESS,
		  "10 s after its end another nonce gets %s: the mapping is still there",
		  case_name(case_code(a)));
}

static void lasts(struct probe_test *t)
{
	const struct probe_answer *a = intrude_at(t, -5);

	case_must(t, case_code(a) != PCP_SUCCESS, "5 s before its end the mapping is gone");
	case_result(t, a, PCP_NOT_AUTHORIZED);
}

static void not_given_away(struct probe_test *t)
{
	const struct probe_answer *made = make(t, 0, PROBE_LIFETIME), *a;
	struct pcp_edit map;

	if (case_granted(made) > 900)
		case_open(t, "%u s granted: too long to wait", case_granted(made));
	case_wait(t, ((usec)case_granted(made) + 10) * USEC_PER_SEC);
	if (!case_through(t, PROBE_OTHER_ADDRESS))
		case_lacks(t, "this host has one address only");
	map = case_map(t, 1, PROBE_LIFETIME);
	case_suggest(&map, case_external(made), case_external_port(made));
	case_option(&map, PCP_PREFER_FAILURE, NULL, 0);
	a = case_ask(t, &map);
	case_should(t, case_code(a) != PCP_SUCCESS,
		    "10 s after its end the port is given to another address");
	case_should(t, case_code(a) == PCP_CANNOT_PROVIDE_EXTERNAL,
		    "%s, should be CANNOT_PROVIDE_EXTERNAL", case_name(case_code(a)));
}

static void clock_runs_long(struct probe_test *t)
{
	case_clock_runs(t, 900 * USEC_PER_SEC);
}

static void error_counts_down(struct probe_test *t)
{
	struct pcp_edit map = case_map(t, 0, PROBE_LIFETIME);
	const struct probe_answer *first, *second;
	int64_t fallen;

	(void)make(t, 0, PROBE_LIFETIME);
	case_nonce(&map, t->other_nonce);
	first = case_ask(t, &map);
	if (case_code(first) != PCP_NOT_AUTHORIZED)
		case_lacks(t, "another nonce is not refused: C05");
	case_wait(t, 60 * USEC_PER_SEC);
	second = case_ask(t, &map);
	fallen = (int64_t)case_granted(first) - case_granted(second);
	case_must(t, case_code(second) == PCP_NOT_AUTHORIZED, "after a minute it is %s",
		  case_name(case_code(second)));
	case_should(t, fallen >= 55 && fallen <= 65,
		    "the error's lifetime fell by %lld s in a minute", (long long)fallen);
}

static const struct probe_case rows[] = {
	{ .id = "C10",
	  .ref = "RFC 6887 15.1",
	  .level = "MUST",
	  .title = "a delete",
	  .demand = "these fields MUST be copied into the assigned external IP address and "
		    "assigned external port of the response.",
	  .sends = "MAP, and its delete",
	  .passes = "SUCCESS with lifetime 0, the external fields as sent: zero; info: traffic "
		    "keeps it",
	  .fails = "anything else",
	  .effect = "a mapping",
	  .needs = "C01",
	  .run = deletes },
	{ .id = "C11",
	  .ref = "RFC 6887 15.1",
	  .level = "MUST",
	  .title = "the same delete again",
	  .demand = "these fields MUST be copied into the assigned external IP address and "
		    "assigned external port of the response.",
	  .sends = "MAP, and its delete twice",
	  .passes = "the same answer both times, but for the epoch",
	  .fails = "an error: a repeated delete finds nothing to delete",
	  .effect = "a mapping",
	  .needs = "C01",
	  .run = deletes_twice },
	{ .id = "C12",
	  .ref = "RFC 6887 15.1",
	  .level = "MUST",
	  .title = "delete of a mapping that is not there",
	  .demand =
		  "If the PCP client attempts to delete a mapping that does not exist, the SUCCESS "
		  "result code is returned",
	  .sends = "the delete of a port that was never mapped",
	  .passes = "SUCCESS",
	  .fails = "an error",
	  .needs = "C01",
	  .run = deletes_nothing },
	{ .id = "C13",
	  .ref = "RFC 6887 15.1",
	  .level = "MUST",
	  .title = "suggested values of a delete",
	  .demand = "these fields MUST be copied into the assigned external IP address and "
		    "assigned external port of the response.",
	  .sends = "MAP, and a delete that suggests port 7 and an address",
	  .passes = "SUCCESS with both copied",
	  .fails = "an error, or other values",
	  .effect = "a mapping",
	  .needs = "C01",
	  .run = copies_in_delete },
	{ .id = "C24",
	  .ref = "RFC 6887 15",
	  .level = "SHOULD",
	  .title = "the shortest lifetime",
	  .demand = "and the minimum value SHOULD be 120 seconds.",
	  .sends = "MAP with lifetime 1",
	  .passes = "at least 120 s",
	  .fails = "weak: less",
	  .effect = "a mapping",
	  .needs = "C01",
	  .flags = PROBE_QUICK,
	  .run = shortest },
	{ .id = "C25",
	  .ref = "RFC 6887 15",
	  .level = "SHOULD",
	  .title = "the longest lifetime",
	  .demand = "if the remaining lifetime is not available, or 24 hours.",
	  .sends = "MAP with lifetime 2^32-1",
	  .passes = "at most a day; info: 2^32-1",
	  .fails = "weak: more",
	  .effect = "a mapping, deleted at once",
	  .needs = "C01",
	  .flags = PROBE_QUICK,
	  .run = longest },
	{ .id = "C26",
	  .ref = "RFC 6887 11.3",
	  .level = "MUST",
	  .title = "a renewal with a shorter lifetime",
	  .demand = "Additionally, the PCP server MUST update the lifetime of the existing "
		    "mapping",
	  .sends = "MAP with 3600 s, then with 120 s, then with another nonce",
	  .passes = "what is told is what is kept; info: the longer one",
	  .fails = "told shorter, kept longer",
	  .effect = "a mapping",
	  .needs = "C01",
	  .run = shortens },
	{ .id = "C27",
	  .ref = "RFC 6887 8.2",
	  .level = "MUST",
	  .title = "a MAP that is too short",
	  .demand = "If the length of the message exceeds 1100 octets, is not a multiple of 4 "
		    "octets, "
		    "or is too short for the Opcode in question, it is invalid and a "
		    "MALFORMED_REQUEST response is generated, and the response message is "
		    "truncated to 1100 octets.",
	  .sends = "MAP of 59, 56 and 24 octets",
	  .passes = "MALFORMED_REQUEST, copied and padded",
	  .fails = "SUCCESS, another result, or another copy",
	  .needs = "C01",
	  .run = refuses_short },
	{ .id = "C36",
	  .ref = "RFC 6887 8.2",
	  .level = "MUST",
	  .title = "fifty ANNOUNCEs in five seconds",
	  .demand = "If the server is overloaded by requests",
	  .sends = "ANNOUNCE, fifty times",
	  .passes = "answers; info: silence from some on",
	  .fails = "it is gone",
	  .flags = PROBE_ENDANGERS,
	  .run = stands_haste },
	{ .id = "C40",
	  .ref = "RFC 6887 11.2.1",
	  .level = "MUST",
	  .title = "a mapping that is not renewed ends",
	  .demand = "otherwise, it will be removed by the PCP server",
	  .sends = "MAP, and 10 s after its end the same with another nonce",
	  .passes = "SUCCESS",
	  .fails = "NOT_AUTHORIZED: it is still there",
	  .effect = "a mapping",
	  .needs = "C01 C05",
	  .flags = PROBE_LONG | PROBE_ONCE,
	  .run = expires },
	{ .id = "C41",
	  .ref = "RFC 6887 7.2",
	  .level = "MUST",
	  .title = "a mapping lasts as long as was told",
	  .demand = "the Lifetime field indicates the lifetime for this mapping.",
	  .sends = "MAP, and 5 s before its end the same with another nonce",
	  .passes = "NOT_AUTHORIZED",
	  .fails = "SUCCESS: it is gone",
	  .effect = "a mapping",
	  .needs = "C01 C05",
	  .flags = PROBE_LONG | PROBE_ONCE,
	  .run = lasts },
	{ .id = "C42",
	  .ref = "RFC 6887 15",
	  .level = "SHOULD",
	  .title = "an expired port is not given away at once",
	  .demand = "the assigned external port also SHOULD NOT be reused for an interval equal "
		    "to the time the PCP-controlled device would normally maintain an idle (no "
		    "traffic) implicit dynamic mapping",
	  .sends = "MAP, and 10 s after its end its port from another address, PREFER_FAILURE",
	  .passes = "CANNOT_PROVIDE_EXTERNAL",
	  .fails = "weak: it is given away, or another error",
	  .effect = "a mapping",
	  .needs = "C01 D01",
	  .flags = PROBE_LONG | PROBE_ONCE,
	  .run = not_given_away },
	{ .id = "C43",
	  .ref = "RFC 6887 8.5",
	  .level = "MUST",
	  .title = "the epoch's clock over a quarter of an hour",
	  .demand = "Every PCP response sent by the PCP server includes an Epoch Time field.",
	  .sends = "ANNOUNCE, and again after 900 s",
	  .passes = "the clocks agree to a second",
	  .fails = "they do not by 8.5's formula; weak: more than 1 s apart",
	  .flags = PROBE_LONG | PROBE_ONCE,
	  .run = clock_runs_long },
	{ .id = "C44",
	  .ref = "RFC 6887 11.3",
	  .level = "SHOULD",
	  .title = "an error's lifetime counts down",
	  .demand = "with the lifetime of the error indicating duration of that existing mapping.",
	  .sends = "C05's request, and again after 60 s",
	  .passes = "the lifetime is a minute shorter",
	  .fails = "weak: it is not; another result",
	  .effect = "a mapping",
	  .needs = "C01 C05",
	  .flags = PROBE_LONG | PROBE_ONCE,
	  .run = error_counts_down },
};

const struct probe_group probe_group_c2 = { 'C', "MAP", rows, sizeof rows / sizeof *rows };
