/* Why requests are refused or met with silence: kept for whoever asks, and told as a line. */
#include <stdio.h>
#include <string.h>

#include "lab-private.h"

/* FNV-1a: that of octets which nobody chose to collide with those of the lab's own answers. */
static uint64_t mark_of(const uint8_t *octets, size_t len)
{
	uint64_t mark = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < len; i++)
		mark = (mark ^ octets[i]) * UINT64_C(0x100000001b3);
	return mark;
}

static uint8_t result_of(const uint8_t *answer, size_t len)
{
	/* NAT-PMP's result has two octets, and the codes there are fit into the second, which is
	 * PCP's. */
	return len > 3 ? answer[3] : 0;
}

static void keep(struct lab *lab, const struct lab_event *event)
{
	struct lab_reason *reason = &lab->reason[lab->nreason++ % LAB_REFUSALS_MAX];
	const uint8_t *octets = event->answer ? event->answer : event->asked;
	size_t len = event->answer ? event->answer_len : event->asked_len;

	*reason = (struct lab_reason){
		.refusal = { .at = event->now,
			     .client = *event->client,
			     .version = event->asked_len > 0 ? event->asked[0] : 0,
			     .opcode = event->asked_len > 1 ? pcp_opcode_of(event->asked) : 0,
			     .answered = event->answer != NULL,
			     .result = result_of(event->answer, event->answer_len) },
		.mark = mark_of(octets, len),
		.len = len,
	};
	snprintf(reason->refusal.why, sizeof(reason->refusal.why), "%s", event->why);
}

static void summary(struct lab *lab, const uint8_t *octets, size_t len, char *buf, size_t cap)
{
	struct pcp_packet packet;

	pcp_decode(&packet, octets, len, PCP_DIRECTION_GUESS, lab->dialects, lab->node,
		   PCP_NODES_MAX);
	pcp_summary(&packet, buf, cap);
}

void lab_tell(struct lab *lab, const struct lab_event *event)
{
	char from[ENDPOINT_TEXT], asked[160], answered[160] = "no answer";

	if (*event->why)
		keep(lab, event);
	if (!lab->io.note)
		return;
	pcp_endpoint_text(event->client, from, sizeof(from));
	summary(lab, event->asked, event->asked_len, asked, sizeof(asked));
	if (event->answer)
		summary(lab, event->answer, event->answer_len, answered, sizeof(answered));
	lab_note(lab, event->now, "%s %s -> %s%s%s", from, asked, answered, *event->why ? ": " : "",
		 event->why);
}

bool lab_refusal_at(const struct lab *lab, size_t i, struct lab_refusal *refusal)
{
	if (i >= lab->nreason || i >= LAB_REFUSALS_MAX)
		return false;
	*refusal = lab->reason[(lab->nreason - 1 - i) % LAB_REFUSALS_MAX].refusal;
	return true;
}

static const char *named(const struct pcp_name *names, uint8_t code, char number[8])
{
	const char *name = pcp_name(names, code);

	snprintf(number, 8, "%u", code);
	return name ? name : number;
}

size_t lab_refusal_text(const struct lab_refusal *refusal, char *buf, size_t cap)
{
	bool natpmp = refusal->version == PCP_VERSION_NATPMP;
	char client[ENDPOINT_TEXT], opcode[8], result[8];

	pcp_endpoint_text(&refusal->client, client, sizeof(client));
	return (size_t)snprintf(
		buf, cap, "%s %s%s %s: %s", client, natpmp ? "NAT-PMP " : "",
		named(natpmp ? pcp_natpmp_opcode_names : pcp_opcode_names, refusal->opcode, opcode),
		!refusal->answered ? "no answer"
				   : named(natpmp ? pcp_natpmp_result_names : pcp_result_names,
					   refusal->result, result),
		refusal->why);
}

const char *lab_why(const struct lab *lab, const struct pcp_endpoint *client, const uint8_t *octets,
		    size_t len)
{
	uint64_t mark = mark_of(octets, len);

	for (size_t i = 0; i < lab->nreason && i < LAB_REFUSALS_MAX; i++) {
		const struct lab_reason *reason =
			&lab->reason[(lab->nreason - 1 - i) % LAB_REFUSALS_MAX];

		if (reason->len == len && reason->mark == mark &&
		    pcp_endpoint_same(&reason->refusal.client, client))
			return reason->refusal.why;
	}
	return NULL;
}
