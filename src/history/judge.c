/* Gathers what is known of a packet, and has the rules look at it. */
#include "judge.h"

static struct pcp_lint_context context_of(struct judge *judge, const struct judge_facts *facts)
{
	struct pcp_lint_context context = { .went = facts->went,
					    .source = facts->source,
					    .have_epoch = facts->have_epoch && facts->since >= 0,
					    .epoch = facts->epoch };

	if (context.have_epoch)
		context.elapsed = facts->since / USEC_PER_SEC < UINT32_MAX
					  ? (uint32_t)(facts->since / USEC_PER_SEC)
					  : UINT32_MAX;
	if (facts->asked) {
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

	if (!request)
		return;
	facts->asked = request->octets;
	facts->asked_len = request->len;
}

static void add_clock(struct judge_facts *facts, const struct log *log,
		      const struct message *answer)
{
	const struct message *before = log_message(log, answer->before);

	/* Another address of the same server may have another clock. */
	if (!before || !pcp_endpoint_same(&before->from, &answer->from))
		return;
	facts->have_epoch = message_clock(before->octets, before->len, &facts->epoch) != NO_CLOCK;
	facts->since = answer->at - before->at;
}

size_t judge_message(struct judge *judge, const struct log *log, const struct message *message,
		     unsigned dialects, struct pcp_finding *finding, size_t cap)
{
	struct judge_facts facts = { .went = message_sent(message) ? PCP_REQUEST : PCP_RESPONSE,
				     .source = message->from.addr,
				     .dialects = dialects };

	pcp_decode(&judge->packet, message->octets, message->len, PCP_DIRECTION_GUESS, dialects,
		   judge->node, PCP_NODES_MAX);
	if (!message_sent(message)) {
		add_request(&facts, log, message);
		add_clock(&facts, log, message);
	}
	return judge_packet(judge, &judge->packet, &facts, finding, cap);
}
