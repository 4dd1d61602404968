/* Group L: whether a mapped port is open, seen from outside by a beacon, or by hairpin. */
#include "probe-private.h"

#include <string.h>

/* ---- a port of both protocols ---- */

/* A gateway that gives no address that packets can be sent to. */
static bool is_no_address(const uint8_t addr[PCP_ADDR_LEN])
{
	bool group = pcp_addr_is_v4(addr) ? addr[12] >= 224 : addr[0] == 0xff;

	return group || pcp_addr_is_any(addr) || pcp_addr_is_loopback(addr);
}

/* The gateway may not have the same port for TCP; then it is tried where it is. */
static void map_tcp(struct probe_test *t, struct probe_trial *trial)
{
	struct pcp_edit map = case_map(t, 0, PROBE_LIFETIME);
	const struct probe_answer *a;

	case_protocol(&map, PCP_TCP);
	case_suggest(&map, trial->external, trial->port[BEACON_UDP]);
	a = case_try(t, &map);
	if (!a->silent && !a->refused && case_code(a) == PCP_SUCCESS)
		trial->port[BEACON_TCP] = case_external_port(a);
}

static uint16_t natpmp_port(const struct probe_answer *a)
{
	return a->len == 16 && case_get16(a, 2) == 0 ? case_get16(a, 10) : 0;
}

static bool map_natpmp(struct probe_test *t, struct probe_trial *trial)
{
	struct pcp_edit where = case_octets("\0", 2);
	const struct probe_answer *a = case_ask(t, &where);
	struct pcp_edit map;

	if (!case_goes_on(t))
		return false;
	t->probe->profile.natpmp = true;
	if (a->len == 12 && case_get16(a, 2) == 0) {
		pcp_addr_any(trial->external, true);
		memcpy(trial->external + 12, a->octets + 8, 4);
	}
	map = case_natpmp(t, NATPMP_MAP_UDP, 0, 0, PROBE_LIFETIME);
	trial->port[BEACON_UDP] = natpmp_port(case_ask(t, &map));
	map = case_natpmp(t, NATPMP_MAP_TCP, 0, trial->port[BEACON_UDP], PROBE_LIFETIME);
	trial->port[BEACON_TCP] = natpmp_port(case_ask(t, &map));
	return case_goes_on(t);
}

/* By PCP, or by NAT-PMP where the gateway says that it speaks no more. False: there is nothing to
 * try, or not yet. */
static bool map_both(struct probe_test *t, struct probe_trial *trial)
{
	struct pcp_edit map = case_map(t, 0, PROBE_LIFETIME);
	const struct probe_answer *a;

	if (t->probe->config.natpmp_only)
		return map_natpmp(t, trial);
	a = case_try(t, &map);
	if (!case_goes_on(t))
		return false;
	if (a->silent)
		case_lacks(t, "no mapping to try: no answer");
	else if (a->octets[0] == PCP_VERSION_NATPMP)
		return map_natpmp(t, trial);
	else if (a->refused || case_code(a) != PCP_SUCCESS)
		case_lacks(t, "no mapping to try: %s",
			   a->refused ? a->refused : case_name(case_code(a)));
	if (!case_goes_on(t))
		return false;
	t->probe->profile.pcp = true;
	memcpy(trial->external, case_external(a), PCP_ADDR_LEN);
	trial->port[BEACON_UDP] = case_external_port(a);
	map_tcp(t, trial);
	return case_goes_on(t);
}

/* Maps and tries; NULL: it could not, which is told, or the case is not so far. */
static const struct inquiry_result *reach(struct probe_test *t, bool by_beacon)
{
	struct probe_trial trial = { .by_beacon = by_beacon, .internal = case_port(t, 0) };
	const struct inquiry_result *result;
	char addr[PCP_ADDR_TEXT];

	if (!map_both(t, &trial))
		return NULL;
	if (is_no_address(trial.external) || !(trial.port[BEACON_UDP] || trial.port[BEACON_TCP])) {
		pcp_addr_text(trial.external, addr, sizeof addr);
		case_lacks(t, "nothing to try: the gateway gives %s", addr);
		return NULL;
	}
	result = case_reach(t, &trial);
	if (!case_goes_on(t))
		return NULL;
	if (!result->asked) {
		case_open(t, "this host could not listen at its port, or not ask");
		return NULL;
	}
	memcpy(t->probe->profile.tried, trial.external, PCP_ADDR_LEN);
	return result;
}

/* ---- what it tells ---- */

static void by_hairpin(struct probe_test *t)
{
	const struct inquiry_result *result = reach(t, false);
	char text[PROBE_WHY];

	if (!result)
		return;
	t->probe->profile.hairpin = *result;
	probe_reach_text(result, text, sizeof text);
	case_info(t, "%s; it proves nothing about outside", text);
}

static void say_seen(struct probe_test *t, const struct inquiry_result *result)
{
	char text[PROBE_WHY], given[PCP_ADDR_TEXT], seen[PCP_ADDR_TEXT];

	probe_reach_text(result, text, sizeof text);
	pcp_addr_text(t->probe->profile.tried, given, sizeof given);
	pcp_addr_text(result->source.addr, seen, sizeof seen);
	if (probe_reach_another(&t->probe->profile))
		case_info(t, "another NAT: the gateway gives %s, the beacon sees %s; %s", given,
			  seen, text);
	else if (inquiry_untried(result))
		case_open(t, "the beacon's own system let it try nothing: %s", text);
	else if (inquiry_all_open(result))
		case_info(t, "open: %s", text);
	else if (inquiry_none_open(result))
		case_info(t, "nothing comes in: %s", text);
	else
		case_info(t, "open in part: %s", text);
}

static void by_beacon(struct probe_test *t)
{
	const struct inquiry_result *result = reach(t, true);

	if (!result)
		return;
	t->probe->profile.outside = *result;
	if (result->answered)
		say_seen(t, result);
	else
		case_open(t, "the beacon answered none of %u asks", result->asked);
}

static const struct probe_case rows[] = {
	{ .id = "L01",
	  .ref = "RFC 4787 6",
	  .level = "info",
	  .title = "a mapped port, tried from this host (hairpin)",
	  .demand = "A NAT MUST support \"Hairpinning\".",
	  .sends = "MAP of UDP and TCP; a datagram and a connection to what was granted, five "
		   "times",
	  .passes = "info: what came through",
	  .fails = "nothing: hairpin proves nothing about outside",
	  .effect = "two mappings, and a listener behind them that answers nobody else",
	  .needs = "",
	  .flags = PROBE_REACH | PROBE_QUICK | PROBE_ONCE,
	  .run = by_hairpin },
	{ .id = "L02",
	  .ref = "RFC 6887 11",
	  .level = "info",
	  .title = "a mapped port, tried from outside by a beacon",
	  .demand = "Create an explicit dynamic mapping between an Internal Address + Port and an "
		    "External Address + Port.",
	  .sends = "MAP of UDP and TCP; five asks to the beacon, which tries both each time",
	  .passes = "info: what came through, and whether another NAT stands outside",
	  .fails = "open: the beacon does not answer",
	  .effect = "two mappings, and a listener behind them that answers the beacon alone",
	  .needs = "",
	  .flags = PROBE_REACH | PROBE_BEACON | PROBE_QUICK | PROBE_ONCE,
	  .run = by_beacon },
};

const struct probe_group probe_group_l = { 'L', "From outside", rows, sizeof rows / sizeof *rows };
