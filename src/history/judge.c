/* Gathers what is known of a packet, and has the rules look at it. */
#include "judge.h"

#include <string.h>

#include "epoch.h"
#include "text.h"

/* ---- a request that was judged just now, and then is held against its answer ---- */

static void keep(struct judge *judge)
{
	const struct pcp_packet *packet = &judge->packet;

	if (packet->direction != PCP_REQUEST || packet->len > sizeof judge->kept)
		return;
	judge->asked = *packet;
	judge->asked.node = judge->asked_node;
	memcpy(judge->asked_node, packet->node, packet->nnode * sizeof *packet->node);
	memcpy(judge->kept, packet->octets, packet->len);
	judge->kept_len = packet->len;
}

/* The same octets, wherever they stand, read in the same way. */
static bool is_kept(const struct judge *judge, const struct judge_facts *facts)
{
	return judge->kept_len && judge->kept_len == facts->asked_len &&
	       judge->asked.dialects == facts->dialects &&
	       !memcmp(judge->kept, facts->asked, facts->asked_len);
}

static struct pcp_lint_context context_of(struct judge *judge, const struct judge_facts *facts)
{
	struct pcp_lint_context context = { .went = facts->went,
					    .source = facts->source,
					    .holder = facts->holder,
					    .wire_len = facts->whole,
					    .have_epoch = facts->have_epoch && facts->since >= 0,
					    .epoch = facts->epoch };

	if (context.have_epoch)
		context.elapsed = facts->since / USEC_PER_SEC < UINT32_MAX
					  ? (uint32_t)(facts->since / USEC_PER_SEC)
					  : UINT32_MAX;
	if (facts->asked && is_kept(judge, facts)) {
		judge->asked.octets = facts->asked;
		context.request = &judge->asked;
	} else if (facts->asked) {
		judge->kept_len = 0;
		pcp_decode(&judge->asked, facts->asked, facts->asked_len, PCP_REQUEST,
			   facts->dialects, judge->asked_node, PCP_NODES_MAX);
		context.request = &judge->asked;
	}
	return context;
}

size_t judge_packet(struct judge *judge, const struct pcp_packet *packet,
		    const struct judge_facts *facts, struct pcp_finding *finding, size_t cap)
{
	static const struct judge_facts nothing;
	struct pcp_lint_context context = context_of(judge, facts ? facts : &nothing);

	return pcp_lint(packet, &context, finding, cap);
}

/* ---- messages of the log ---- */

static void add_request(struct judge_facts *facts, const struct log *log,
			const struct message *answer)
{
	const struct message *request = log_message(log, answer->asked);

	/* Where a part of one of the two is missing, they cannot be held against each other. */
	if (!request || request->whole > request->len || answer->whole > answer->len)
		return;
	facts->asked = request->octets;
	facts->asked_len = request->len;
}

static void add_clock(struct judge_facts *facts, const struct log *log,
		      const struct message *answer)
{
	const struct message *before = log_message(log, answer->before);

	/* Another address of the same server may have another clock. */
	if (!before || !pcp_endpoint_same(before->from, answer->from))
		return;
	facts->have_epoch = message_clock(before->octets, before->len, &facts->epoch) != NO_CLOCK;
	facts->since = answer->at - before->at;
}

/* ---- whose a mapping is ---- */

/* Answers that may be about the same, and are not, are not looked through without end. */
enum { LOOK_BACK = 256 };

static bool same_octets(const struct message *a, const struct message *b, size_t field)
{
	const struct pcp_field *f = &pcp_peer_fields[field];

	return memcmp(a->octets + PCP_HEADER_LEN + f->off, b->octets + PCP_HEADER_LEN + f->off,
		      f->len) == 0;
}

/* Whether the earlier answer granted the mapping that the plain grant tells of. */
static bool same_mapping(const struct message *before, const struct message *grant)
{
	const struct pcp_field *external = &pcp_map_fields[MAP_EXTERNAL_ADDRESS];

	return before->len == grant->len && !memcmp(before->octets, grant->octets, 2) &&
	       same_octets(before, grant, MAP_PROTOCOL) &&
	       same_octets(before, grant, MAP_INTERNAL_PORT) &&
	       pcp_get(&pcp_response_fields[HDR_RESULT], before->octets) == PCP_SUCCESS &&
	       memcmp(before->to->addr, grant->to->addr, PCP_ADDR_LEN) == 0 &&
	       pcp_endpoint_same(before->from, grant->from) &&
	       pcp_addr_is_v4(before->octets + PCP_HEADER_LEN + external->off) ==
		       pcp_addr_is_v4(grant->octets + PCP_HEADER_LEN + external->off) &&
	       (pcp_opcode_of(grant->octets) == PCP_MAP ||
		(same_octets(before, grant, PEER_REMOTE_PORT) &&
		 same_octets(before, grant, PEER_REMOTE_ADDRESS)));
}

/* Whether the server has kept, from that answer on, what it granted by it. */
static bool still_stands(const struct message *grant, const struct message *answer)
{
	usec since = answer->at - grant->at;
	usec lifetime = pcp_get(&pcp_response_fields[HDR_LIFETIME], grant->octets);
	uint32_t then = pcp_get(&pcp_response_fields[HDR_EPOCH], grant->octets);
	uint32_t now = pcp_get(&pcp_response_fields[HDR_EPOCH], answer->octets);

	return since >= 0 && since < lifetime * USEC_PER_SEC &&
	       pcp_epoch_goes_on(then, now, since / USEC_PER_SEC);
}

/* The latest answer about the mapping decides: a delete, or another grant, is one too. */
static void add_holder(struct judge_facts *facts, const struct log *log,
		       const struct message *answer)
{
	const struct message *before = message_is_plain_grant(answer) ? answer : NULL;

	for (int i = 0; before && i < LOOK_BACK; i++) {
		before = log_message(log, before->earlier);
		if (!before || !same_mapping(before, answer))
			continue;
		if (still_stands(before, answer))
			facts->holder =
				before->octets + PCP_HEADER_LEN + pcp_map_fields[MAP_NONCE].off;
		return;
	}
}

size_t judge_message(struct judge *judge, const struct log *log, const struct message *message,
		     unsigned dialects, struct pcp_finding *finding, size_t cap)
{
	struct judge_facts facts = { .went = message_sent(message) ? PCP_REQUEST : PCP_RESPONSE,
				     .source = message->from->addr,
				     .whole = message->whole,
				     .dialects = dialects };

	pcp_decode(&judge->packet, message->octets, message->len, PCP_DIRECTION_GUESS, dialects,
		   judge->node, PCP_NODES_MAX);
	if (message_sent(message)) {
		keep(judge);
	} else {
		add_request(&facts, log, message);
		add_clock(&facts, log, message);
		add_holder(&facts, log, message);
	}
	return judge_packet(judge, &judge->packet, &facts, finding, cap);
}
