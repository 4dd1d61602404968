/* Group K, what a gateway says when it has restarted or its outside address has changed: somebody
 * does that by hand, and is waited for. */
#include "probe-private.h"

#include <string.h>

#include "epoch.h"

enum {
	ROUNDS = 30,
	WHILE_WAITING = 600, /* seconds that what is mapped meanwhile has to last */
	TRIES_BEHIND = 6,    /* of a gateway that is not ready yet */
	ANNOUNCEMENTS_MAX = 10,
};
#define ROUND	  (10 * USEC_PER_SEC)
#define FIRST_GAP (USEC_PER_SEC / 4) /* 14.1.3, 14.2 */

/* ---- waiting ---- */

/* Whether what the clock tells does not follow from what it told before. */
static bool clock_began_anew(const struct probe_answer *before, uint32_t epoch, usec at)
{
	return !pcp_epoch_goes_on(case_epoch(before), epoch, (at - before->at) / USEC_PER_SEC);
}

static bool is_announcement(const struct probe_heard *heard)
{
	return heard->len >= PCP_HEADER_LEN && heard->octets[0] == PCP_VERSION_2 &&
	       heard->octets[1] == (PCP_R | PCP_ANNOUNCE);
}

/* Of the mapping that the test made. */
static bool is_update(const struct probe_test *t, const struct probe_heard *heard)
{
	return heard->len >= PCP_HEADER_LEN + 36 && heard->octets[0] == PCP_VERSION_2 &&
	       heard->octets[1] == (PCP_R | PCP_MAP) &&
	       memcmp(heard->octets + PCP_HEADER_LEN, t->nonce, PCP_NONCE_LEN) == 0;
}

static uint32_t epoch_of(const struct probe_heard *heard)
{
	return pcp_get(&pcp_response_fields[HDR_EPOCH], heard->octets);
}

/* A gateway that announces itself now and then has not restarted, nor one that still tells of what
 * was before the test. */
static bool is_news(const struct probe_answer *before, const struct probe_heard *heard)
{
	return is_announcement(heard) && clock_began_anew(before, epoch_of(heard), heard->at);
}

static bool tells_of_it(const struct probe_test *t, const struct probe_answer *before, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (is_update(t, &t->heard[i]) || is_news(before, &t->heard[i]))
			return true;
	return false;
}

/* Until the gateway says it, or its clock shows it; how much was heard until then. False: five
 * minutes passed, or the case is not so far. */
static bool wait_for_it(struct probe_test *t, const struct probe_answer *before, unsigned *n)
{
	struct pcp_edit announce = case_plain(t, PCP_VERSION_2, PCP_ANNOUNCE, 0, 0);

	for (unsigned i = 0; i < ROUNDS && case_goes_on(t); i++) {
		const struct probe_answer *a;

		*n = case_listen(t, ROUND);
		if (tells_of_it(t, before, *n))
			return case_goes_on(t);
		a = case_shot(t, &announce, USEC_PER_SEC);
		if (!case_goes_on(t) || a->silent || a->refused ||
		    !clock_began_anew(before, case_epoch(a), a->at))
			continue;
		*n = case_listen(t, PROBE_TELLING); /* it may yet say so */
		return case_goes_on(t);
	}
	return false;
}

/* ---- announcements ---- */

/* It has restarted once more, as one that is not up yet may. */
static bool began_again(const struct probe_heard *last, const struct probe_heard *heard)
{
	usec passed = (heard->at - last->at) / USEC_PER_SEC;

	return (usec)epoch_of(heard) + 1 < (usec)epoch_of(last) + passed;
}

/* Copies to one destination: the first gap is 250 ms or more, each other double the one before. A
 * tenth is the network's. */
static void keeps_gaps(struct probe_test *t, const struct probe_answer *before, unsigned n,
		       unsigned first)
{
	const struct probe_heard *last = &t->heard[first];
	usec gap = FIRST_GAP / 2;
	unsigned copies = 1;

	for (unsigned i = first + 1; i < n; i++) {
		const struct probe_heard *heard = &t->heard[i];

		if (!is_news(before, heard) || !pcp_endpoint_same(&heard->to, &t->heard[first].to))
			continue;
		if (began_again(last, heard)) {
			gap = FIRST_GAP / 2;
			copies = 1;
		} else {
			case_must(t, heard->at - last->at >= 2 * gap * 9 / 10,
				  "its announcements are %d ms apart, should be %d or more",
				  (int)((heard->at - last->at) / 1000), (int)(2 * gap / 1000));
			gap = heard->at - last->at;
			copies++;
		}
		last = heard;
	}
	case_must(t, copies <= ANNOUNCEMENTS_MAX, "it announces itself %u times", copies);
}

static bool is_first_to(const struct probe_test *t, const struct probe_answer *before, unsigned i)
{
	for (unsigned j = 0; j < i; j++)
		if (is_news(before, &t->heard[j]) &&
		    pcp_endpoint_same(&t->heard[j].to, &t->heard[i].to))
			return false;
	return true;
}

static void is_fit(struct probe_test *t, const struct probe_heard *heard, uint16_t port)
{
	case_must(t, heard->from.port == port, "it announces itself from port %u, not %u",
		  heard->from.port, port);
	case_must(t, heard->octets[3] == PCP_SUCCESS, "its announcement has result %s",
		  case_name(heard->octets[3]));
}

static void judge_announcements(struct probe_test *t, const struct probe_answer *before, unsigned n)
{
	usec began = before->at;
	bool told = false;

	for (unsigned i = 0; i < n; i++) {
		const struct probe_heard *heard = &t->heard[i];

		told = told || is_update(t, heard);
		if (!is_news(before, heard))
			continue;
		told = true;
		is_fit(t, heard, before->from.port);
		case_must(t, epoch_of(heard) <= (uint32_t)((heard->at - began) / USEC_PER_SEC) + 2,
			  "its epoch is %u, and it restarted just now", epoch_of(heard));
		if (is_first_to(t, before, i))
			keeps_gaps(t, before, n, i);
	}
	case_must(t, told, "it restarted, as its epoch shows, and told nobody");
}

/* Nothing is known to have happened. With another nonce the same port is granted where the mapping
 * is gone; at another port outside it is another mapping. */
static void did_it_lose(struct probe_test *t, const struct pcp_edit *map,
			const struct probe_answer *made)
{
	struct pcp_edit again = *map;
	const struct probe_answer *a;

	case_nonce(&again, t->other_nonce);
	a = case_ask_form(t, &again);
	case_must(t, case_code(a) != PCP_SUCCESS || case_same_external(a, made),
		  "it has lost its mapping, and its epoch goes on");
	case_open(t, "it did not restart in five minutes, as far as it says and its epoch shows");
}

static void announces_restart(struct probe_test *t)
{
	struct pcp_edit map = case_map(t, 0, WHILE_WAITING);
	const struct probe_answer *made = case_ask(t, &map);
	unsigned n = 0;

	case_needs_success(t, made);
	if (wait_for_it(t, made, &n))
		judge_announcements(t, made, n);
	else
		did_it_lose(t, &map, made);
}

/* ---- recovery ---- */

/* Behind a restart the outside may be slow to come. */
static const struct probe_answer *recover(struct probe_test *t, const struct pcp_edit *map)
{
	const struct probe_answer *a = case_ask(t, map);

	for (unsigned i = 1; i < TRIES_BEHIND && case_goes_on(t); i++) {
		if (case_code(a) != PCP_NETWORK_FAILURE && case_code(a) != PCP_NO_RESOURCES)
			break;
		case_wait(t, ROUND);
		a = case_ask(t, map);
	}
	return a;
}

static void gives_the_same_again(struct probe_test *t)
{
	struct pcp_edit map = case_map(t, 0, WHILE_WAITING);
	const struct probe_answer *made = case_ask(t, &map), *again;
	unsigned n = 0;

	case_needs_success(t, made);
	if (!wait_for_it(t, made, &n)) {
		case_open(t, "it did not restart in five minutes, as far as it says and its epoch "
			     "shows");
		return;
	}
	case_suggest(&map, case_external(made), case_external_port(made));
	case_lifetime(&map, PROBE_LIFETIME);
	again = recover(t, &map);
	case_result(t, again, PCP_SUCCESS);
	case_should(t, case_same_external(again, made),
		    "what had external port %u comes back at %u", case_external_port(made),
		    case_external_port(again));
}

/* ---- another address outside ---- */

static const struct probe_answer *map_filtered(struct probe_test *t, bool *filtered)
{
	struct pcp_edit plain = case_map(t, 0, WHILE_WAITING), map = plain;
	const struct probe_answer *a;
	uint8_t addr[PCP_ADDR_LEN];

	case_addr(t, "198.51.100.1", "2001:db8:51::1", addr);
	case_filter(&map, 128, 443, addr);
	a = case_ask(t, &map);
	*filtered = case_code(a) == PCP_SUCCESS;
	if (!*filtered)
		a = case_ask(t, &plain);
	case_needs_success(t, a);
	return a;
}

static struct probe_answer as_answer(const struct probe_heard *heard)
{
	struct probe_answer a = { .len = heard->len };

	memcpy(a.octets, heard->octets, sizeof heard->octets);
	return a;
}

static void judge_update(struct probe_test *t, const struct probe_heard *heard,
			 const struct probe_answer *made, bool filtered)
{
	struct probe_answer update = as_answer(heard);
	struct pcp_tlv tlv;

	case_must(t, clock_began_anew(made, epoch_of(heard), heard->at),
		  "its epoch goes on, and its address is another");
	if (case_code(&update) != PCP_SUCCESS)
		return; /* it says that the mapping is gone */
	case_must(t, memcmp(case_external(&update), case_external(made), PCP_ADDR_LEN) != 0,
		  "the update tells the old address");
	case_must(t, !filtered || case_find(&update, PCP_FILTER, 0, &tlv),
		  "the update comes without the mapping's FILTER");
}

/* Three copies, 250 and 500 ms apart or more. */
static void judge_updates(struct probe_test *t, const struct probe_answer *made, unsigned n,
			  bool filtered)
{
	usec last = 0, gap = FIRST_GAP;
	unsigned copies = 0;

	for (unsigned i = 0; i < n; i++) {
		const struct probe_heard *heard = &t->heard[i];

		if (!is_update(t, heard))
			continue;
		judge_update(t, heard, made, filtered);
		case_must(t, copies == 0 || heard->at - last >= gap * 9 / 10,
			  "its updates are %d ms apart, should be %d or more",
			  (int)((heard->at - last) / 1000), (int)(gap / 1000));
		gap = copies++ ? 2 * gap : gap;
		last = heard->at;
	}
	case_should(t, copies >= 3, "it told the update %u times, should be 3", copies);
}

/* How it stands where nothing was told of the mapping itself. */
static void judge_silence(struct probe_test *t, const struct probe_answer *made, unsigned n)
{
	struct pcp_edit map = case_map(t, 0, PROBE_LIFETIME);
	const struct probe_answer *again = recover(t, &map);
	bool announced = false;

	for (unsigned i = 0; i < n; i++)
		announced = announced || is_news(made, &t->heard[i]);
	case_needs_success(t, again);
	if (memcmp(case_external(again), case_external(made), PCP_ADDR_LEN) == 0)
		case_open(t, "its outside address did not change in five minutes");
	case_must(t, announced, "its outside address changed, and it told nobody");
}

static void tells_updates(struct probe_test *t)
{
	bool filtered, told = false;
	const struct probe_answer *made = map_filtered(t, &filtered);
	unsigned n = 0;

	if (memcmp(case_external(made), case_own(t), PCP_ADDR_LEN) == 0)
		case_lacks(t, "it has no address of its own outside: it is a firewall");
	if (case_goes_on(t))
		(void)wait_for_it(t, made, &n);
	if (!case_goes_on(t))
		return;
	for (unsigned i = 0; i < n; i++)
		told = told || is_update(t, &t->heard[i]);
	if (told)
		judge_updates(t, made, n, filtered);
	else
		judge_silence(t, made, n);
}

#define RESTART	 "restart the gateway"
#define RENUMBER "reconnect the gateway's line, so that it gets another outside address,"

static const struct probe_case rows[] = {
	{ .id = "K07",
	  .ref = "RFC 6887 14.1.3",
	  .level = "MUST",
	  .title = "the announcement of a restart",
	  .demand = "it MUST inform PCP clients of this fact by unicasting or multicasting a "
		    "gratuitous PCP ANNOUNCE Opcode response packet",
	  .sends = "MAP; the gateway is restarted by hand; an ANNOUNCE every 10 s",
	  .passes = "announcements from port 5351 with SUCCESS and a new epoch, 250 ms apart and "
		    "each time twice as far, ten at most; or an update of the mapping",
	  .fails = "it restarts and tells nobody, the epoch goes on, or anything else differs; "
		   "open: it does not restart in five minutes",
	  .effect = "a mapping, and what a restart does",
	  .needs = "C01",
	  .plea = RESTART,
	  .flags = PROBE_REBOOT | PROBE_ONCE,
	  .run = announces_restart },
	{ .id = "K08",
	  .ref = "RFC 6887 11.3",
	  .level = "SHOULD",
	  .title = "a mapping asked for again behind a restart",
	  .demand = "and the PCP server is able to create a mapping using the suggested external "
		    "address and port, it SHOULD do so.",
	  .sends = "MAP; the gateway is restarted by hand, once for K07, too; the same MAP with "
		   "what it had granted",
	  .passes = "the same external address and port",
	  .fails = "an error; weak: others; open: it does not restart in five minutes",
	  .effect = "a mapping, and what a restart does",
	  .needs = "C01",
	  .plea = RESTART,
	  .flags = PROBE_REBOOT | PROBE_ONCE,
	  .run = gives_the_same_again },
	{ .id = "K09",
	  .ref = "RFC 6887 14.2",
	  .level = "MUST",
	  .title = "updates of a mapping whose address changes",
	  .demand = "The interval between the first two notifications MUST be at least 250 ms, "
		    "and the third packet after a 500-ms interval.",
	  .sends = "MAP with a FILTER; the gateway is given another outside address by hand; an "
		   "ANNOUNCE every 10 s",
	  .passes = "three updates with the new address, the FILTER and a new epoch, 250 and 500 "
		    "ms apart; or an announcement",
	  .fails = "it tells nobody, or anything differs; weak: fewer than three; open: the "
		   "address does not change in five minutes",
	  .effect = "a mapping, and what the other address does",
	  .needs = "C01",
	  .plea = RENUMBER,
	  .flags = PROBE_REBOOT | PROBE_ONCE,
	  .run = tells_updates },
};

const struct probe_group probe_group_k2 = { 'K', "With leave", rows, sizeof rows / sizeof *rows };
