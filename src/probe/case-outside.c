/* Group K, what needs leave: wildcards, exhaustion, questions from outside. */
#include "probe-private.h"

#include <string.h>

/* ---- wildcards ---- */

static struct pcp_edit wildcard(struct probe_test *t, uint8_t protocol, uint32_t lifetime)
{
	struct pcp_edit map = case_map(t, 0, lifetime);

	case_protocol(&map, protocol);
	case_internal(&map, 0);
	return map;
}

static void whole_or_nothing(struct probe_test *t, uint8_t protocol)
{
	struct pcp_edit map = wildcard(t, protocol, PROBE_LIFETIME);
	const struct probe_answer *a = case_ask_form(t, &map);

	if (case_code(a) == PCP_SUCCESS)
		case_must(t, case_external_port(a) == 0, "SUCCESS with external port %u: not all",
			  case_external_port(a));
	else
		case_result(t, a, PCP_UNSUPP_PROTOCOL);
}

static void all_ports(struct probe_test *t)
{
	whole_or_nothing(t, PCP_TCP);
}

static void everything(struct probe_test *t)
{
	whole_or_nothing(t, 0);
}

static void refuses_delete_of(struct probe_test *t, uint8_t protocol)
{
	struct pcp_edit map = wildcard(t, protocol, PROBE_LIFETIME);

	if (case_code(case_ask(t, &map)) != PCP_SUCCESS)
		case_lacks(t, "all ports are not mapped");
	map = wildcard(t, protocol, 0);
	case_nonce(&map, t->other_nonce);
	case_result(t, case_ask_form(t, &map), PCP_NOT_AUTHORIZED);
}

static void refuses_delete(struct probe_test *t)
{
	refuses_delete_of(t, PCP_TCP);
}

static void refuses_delete_of_everything(struct probe_test *t)
{
	refuses_delete_of(t, 0);
}

/* ---- exhaustion ---- */

/* Mappings until an error; how many were granted, and the error. */
static unsigned exhaust(struct probe_test *t, const struct probe_answer **refusal)
{
	unsigned most = t->probe->config.most ? t->probe->config.most : PROBE_MAPPINGS, n = 0;

	*refusal = NULL;
	case_ports(t, most);
	for (; n < most && case_goes_on(t) && !*refusal; n++) {
		struct pcp_edit map = case_map(t, n, PROBE_LIFETIME);
		const struct probe_answer *a = case_ask(t, &map);

		if (case_goes_on(t) && case_code(a) != PCP_SUCCESS)
			*refusal = a;
	}
	return *refusal ? n - 1 : n;
}

static void finds_quota(struct probe_test *t)
{
	const struct probe_answer *refusal;
	unsigned n = exhaust(t, &refusal);

	if (!case_goes_on(t))
		return;
	if (!refusal) {
		case_should(t, false, "%u mappings granted, and no limit in sight", n);
		return;
	}
	t->probe->profile.quota = n;
	case_should(t, case_code(refusal) == PCP_USER_EX_QUOTA,
		    "after %u mappings %s, should be USER_EX_QUOTA", n,
		    case_name(case_code(refusal)));
	case_info(t, "%u mappings, then USER_EX_QUOTA for %u s", n, case_granted(refusal));
}

static void renews_at_quota(struct probe_test *t)
{
	const struct probe_answer *refusal;
	struct pcp_edit map;

	(void)exhaust(t, &refusal);
	if (!refusal)
		case_lacks(t, "no limit was met");
	map = case_map(t, 0, PROBE_LIFETIME);
	case_must(t, case_code(case_ask(t, &map)) == PCP_SUCCESS,
		  "with the quota used up an old mapping is not renewed");
}

/* ---- from outside ---- */

/* Whether there is a gateway at all cannot be asked there: silence is all that can be had. */
static void must_not_hear(struct probe_test *t, const struct pcp_edit *request, const char *what)
{
	for (unsigned i = 0; i < PROBE_TRIES && case_goes_on(t); i++) {
		const struct probe_answer *a = case_shot(t, request, PROBE_QUIET / PROBE_TRIES);

		case_must(t, a->silent, "it answers %s that comes from outside", what);
	}
}

static void answers_nobody_outside(struct probe_test *t)
{
	struct pcp_edit request;

	if (!case_through(t, PROBE_FROM_OUTSIDE)) {
		case_lacks(t, "its outside address is not asked");
		return;
	}
	t->probe->profile.from_outside = true;
	request = case_plain(t, PCP_VERSION_2, PCP_ANNOUNCE, 0, 0);
	must_not_hear(t, &request, "an ANNOUNCE");
	request = case_map(t, 0, 0); /* answered as any, and makes nothing */
	must_not_hear(t, &request, "a MAP");
	request = case_natpmp(t, NATPMP_MAP_UDP, 0, 0, 0);
	must_not_hear(t, &request, "a NAT-PMP request");
}

static const struct probe_case rows[] = {
	{ .id = "K01",
	  .ref = "RFC 6887 11.3",
	  .level = "MUST",
	  .title = "all ports of TCP",
	  .demand = "If this request cannot be fulfilled in its entirety, the UNSUPP_PROTOCOL "
		    "error MUST be returned.",
	  .sends = "MAP of TCP, port 0",
	  .passes = "SUCCESS with external port 0, or UNSUPP_PROTOCOL",
	  .fails = "SUCCESS with a port, or another result",
	  .effect = "all TCP ports of this host are open until it is deleted, a second",
	  .needs = "C01",
	  .flags = PROBE_INTRUSIVE,
	  .run = all_ports },
	{ .id = "K02",
	  .ref = "RFC 6887 11.3",
	  .level = "MUST",
	  .title = "all protocols and ports",
	  .demand = "If this request cannot be fulfilled in its entirety, the UNSUPP_PROTOCOL "
		    "error MUST be returned.",
	  .sends = "MAP of protocol 0, port 0",
	  .passes = "SUCCESS with external port 0, or UNSUPP_PROTOCOL",
	  .fails = "SUCCESS with a port, or another result",
	  .effect = "this host is open to everybody until it is deleted, a second",
	  .needs = "C01",
	  .flags = PROBE_INTRUSIVE,
	  .run = everything },
	{ .id = "K03",
	  .ref = "RFC 6887 15.1",
	  .level = "MUST",
	  .title = "a delete of all ports with another nonce",
	  .demand = "The nonce MUST match the nonce used to create the 'wildcard' mapping.",
	  .sends = "MAP of TCP, port 0, and its delete with another nonce",
	  .passes = "NOT_AUTHORIZED",
	  .fails = "SUCCESS or another result",
	  .effect = "as K01",
	  .needs = "C01",
	  .flags = PROBE_INTRUSIVE,
	  .run = refuses_delete },
	{ .id = "K04",
	  .ref = "RFC 6887 17.2",
	  .level = "RECOMMENDED",
	  .title = "a limit for one host",
	  .demand = "it is RECOMMENDED that a per-host and/or per-subscriber limit be enforced by "
		    "the PCP server to prevent exhausting the mapping state.",
	  .sends = "MAP until an error, 64 times at most (-n)",
	  .passes = "USER_EX_QUOTA",
	  .fails = "weak: no limit, or another result",
	  .effect = "as many mappings at a time, of ports that are held, deleted",
	  .needs = "C01",
	  .flags = PROBE_INTRUSIVE | PROBE_ONCE,
	  .run = finds_quota },
	{ .id = "K05",
	  .ref = "RFC 6887 11.4",
	  .level = "MUST",
	  .title = "a renewal at the limit",
	  .demand = "An existing mapping SHOULD have its lifetime extended by the PCP client",
	  .sends = "as K04, then the first one again",
	  .passes = "SUCCESS",
	  .fails = "an error",
	  .effect = "as K04",
	  .needs = "C01",
	  .flags = PROBE_INTRUSIVE | PROBE_ONCE,
	  .run = renews_at_quota },
	{ .id = "K06",
	  .ref = "RFC 6887 15.1",
	  .level = "MUST",
	  .title = "a delete of everything with another nonce",
	  .demand = "The nonce MUST match the nonce used to create the 'DMZ host' mapping.",
	  .sends = "MAP of protocol 0, port 0, and its delete with another nonce",
	  .passes = "NOT_AUTHORIZED",
	  .fails = "SUCCESS or another result",
	  .effect = "as K02",
	  .needs = "C01",
	  .flags = PROBE_INTRUSIVE,
	  .run = refuses_delete_of_everything },
	{ .id = "K11",
	  .ref = "RFC 6887 8.2",
	  .level = "MUST",
	  .title = "requests from outside",
	  .demand = "it MUST silently ignore PCP requests arriving on any other interface.",
	  .sends = "ANNOUNCE, a delete of nothing, and the same by NAT-PMP, three times each, to "
		   "the gateway's outside address, from a host that is outside",
	  .passes = "silence; a wrong address is silent, too",
	  .fails = "any answer",
	  .needs = "",
	  .flags = PROBE_OUTSIDE | PROBE_QUICK | PROBE_ONCE | PROBE_ENDANGERS,
	  .run = answers_nobody_outside },
};

const struct probe_group probe_group_k = { 'K', "With leave", rows, sizeof rows / sizeof *rows };
