/* Group K, what chance makes of requests: octets that no client sends, of which a server has to
 * answer some, ignore the rest, and survive all. */
#include "probe-private.h"

#include <string.h>

enum {
	CHECK_EVERY = 20,
	CHANGES_MAX = 4,
	LENGTHEN_MAX = 64,
	MINUTE_OF_CHECKS = 20,
	NBASES = 8,
};
#define CHECK_PATIENCE (3 * USEC_PER_SEC)

/* Where MAP and PEER have what must not be left to chance. */
enum {
	NONCE_AT = 24,
	PROTOCOL_AT = 36,
	PORT_AT = 40,
	PORT_END = 42,
	OPTIONS_AT = 60,
	REMOTE_AT = 64
};

/* ---- what is spoilt ---- */

static struct pcp_edit base(struct probe_test *t, unsigned which)
{
	struct pcp_edit request = case_map(t, 0, PROBE_LIFETIME);
	uint8_t addr[PCP_ADDR_LEN];

	case_addr(t, "198.51.100.1", "2001:db8:51::1", addr);
	if (which == 0)
		return case_plain(t, PCP_VERSION_2, PCP_ANNOUNCE, 0, 0);
	if (which == 1)
		request = case_peer(t, 0, PROBE_LIFETIME);
	if (which == 2)
		case_protocol(&request, PCP_TCP);
	if (which == 3)
		case_lifetime(&request, 0);
	if (which == 4 || which == 5)
		case_option(&request, PCP_PREFER_FAILURE, NULL, 0);
	if (which == 5 || which == 6)
		case_filter(&request, 128, 443, addr);
	if (which >= 6)
		case_option(&request, PCP_DESCRIPTION, "chance", 6);
	return request;
}

static void change(struct pcp_rng *rng, struct pcp_edit *request)
{
	size_t at = (size_t)pcp_rng_below(rng, request->len), more;

	switch (pcp_rng_below(rng, 5)) {
	case 0:
		request->octets[at] ^= (uint8_t)(1U << pcp_rng_below(rng, 8));
		break;
	case 1:
		request->octets[at] = (uint8_t)pcp_rng_u64(rng);
		break;
	case 2: /* the length of an option, if one stands there */
		at = at / 4 * 4 + 2;
		if (at + 2 <= request->len)
			rng->fill(rng, request->octets + at, 2);
		break;
	case 3:
		request->len = at + 1;
		break;
	default:
		more = 1 + (size_t)pcp_rng_below(rng, LENGTHEN_MAX);
		if (request->len + more <= sizeof request->octets) {
			rng->fill(rng, request->octets + request->len, more);
			request->len += more;
		}
	}
}

/* ---- what is not left to chance ---- */

static void put_back(struct pcp_edit *request, const struct pcp_edit *whole, size_t from, size_t to)
{
	if (request->len >= to)
		memcpy(request->octets + from, whole->octets + from, to - from);
}

/* An option that maps for others, or many ports, becomes one that nobody knows. */
static void disarm(struct pcp_edit *request)
{
	for (size_t at = OPTIONS_AT; at < request->len; at += 4)
		if (request->octets[at] == PCP_THIRD_PARTY || request->octets[at] == PCP_PORT_SET)
			request->octets[at] ^= 0x40;
}

/* Whatever it has become, it maps one port of this host that is held here, for two minutes, and
 * deletes nothing else. No version before 2, whose fields stand elsewhere; no MAP that ends before
 * its port, which a careless server may take for all ports. */
static void moor(struct probe_test *t, struct pcp_edit *request)
{
	struct pcp_edit whole = case_peer(t, 0, PROBE_LIFETIME);
	uint8_t *octets = request->octets;

	if (octets[0] < PCP_VERSION_2)
		octets[0] = PCP_VERSION_2;
	if (request->len > 2 && request->len < OPTIONS_AT && pcp_opcode_of(octets) != PCP_ANNOUNCE)
		request->len = OPTIONS_AT - 1 - request->len % 16;
	if (request->len >= 8 &&
	    pcp_get(&pcp_request_fields[REQ_LIFETIME], octets) > PROBE_LIFETIME)
		case_lifetime(request, PROBE_LIFETIME);
	put_back(request, &whole, NONCE_AT, PROTOCOL_AT);
	put_back(request, &whole, PORT_AT, PORT_END);
	if (request->len > PROTOCOL_AT && octets[PROTOCOL_AT] != PCP_TCP)
		octets[PROTOCOL_AT] = PCP_UDP;
	disarm(request);
	if (pcp_opcode_of(octets) == PCP_PEER)
		put_back(request, &whole, OPTIONS_AT, REMOTE_AT + PCP_ADDR_LEN);
}

static struct pcp_edit mutation(struct probe_test *t, unsigned i)
{
	struct pcp_edit request;
	struct pcp_rng rng;

	pcp_rng_seeded(&rng, t->seed + i);
	request = base(t, (unsigned)pcp_rng_below(&rng, NBASES));
	for (uint64_t n = 1 + pcp_rng_below(&rng, CHANGES_MAX); n > 0; n--)
		change(&rng, &request);
	moor(t, &request);
	return request;
}

/* ---- the case ---- */

/* A minute of silence is its end. */
static bool is_alive(struct probe_test *t)
{
	struct pcp_edit announce = case_plain(t, PCP_VERSION_2, PCP_ANNOUNCE, 0, 0);

	for (unsigned i = 0; i < MINUTE_OF_CHECKS && case_goes_on(t); i++)
		if (!case_shot(t, &announce, CHECK_PATIENCE)->silent)
			return true;
	return !case_goes_on(t);
}

static void survives(struct probe_test *t)
{
	unsigned all = t->probe->config.mutations;

	for (unsigned i = 0; i < all && case_goes_on(t); i++) {
		struct pcp_edit request = mutation(t, i);

		(void)case_shot(t, &request, PROBE_PACE);
		if (i % CHECK_EVERY == CHECK_EVERY - 1 || i + 1 == all)
			case_must(t, is_alive(t),
				  "it has answered nothing for a minute since mutation %u of seed "
				  "%llu, or one of the %d before it",
				  i, (unsigned long long)t->seed, CHECK_EVERY - 1);
	}
}

static const struct probe_case rows[] = {
	{ .id = "K10",
	  .ref = "RFC 6887 8.2",
	  .level = "robustness",
	  .title = "requests changed by chance",
	  .demand = "Upon receiving a request, the PCP server parses and validates it.",
	  .sends = "as many requests with up to four changes by chance as -fuzz says, an ANNOUNCE "
		   "behind each twentieth; ports, lifetimes and nonces are left as they are",
	  .passes = "it lives, and each answer keeps the rules",
	  .fails = "silence for a minute; an answer that breaks a rule",
	  .effect = "up to two mappings and a PEER",
	  .needs = "C01",
	  .flags = PROBE_FUZZ | PROBE_ONCE | PROBE_ENDANGERS,
	  .run = survives },
};

const struct probe_group probe_group_k3 = { 'K', "With leave", rows, sizeof rows / sizeof *rows };
