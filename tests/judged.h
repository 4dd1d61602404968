/* Holds an answer of the lab's against its request by the linter's rules: none may say more than a
 * note, for lab, linter and RFCs are to agree (DESIGN: a judge must be right). */
#ifndef TESTS_JUDGED_H
#define TESTS_JUDGED_H

#include "lab_rig.h"
#include "lint.h"

/* request NULL: an answer that nobody asked for. `said` takes the first finding over a note; false
 * if there is one. */
static inline bool judged(const struct rig_sent *answer, const uint8_t *request, size_t len,
			  char *said, size_t cap)
{
	static struct pcp_node asked_node[PCP_NODES_MAX], node[PCP_NODES_MAX];
	struct pcp_finding finding[PCP_FINDINGS_MAX];
	struct pcp_lint_context context = { .went = PCP_RESPONSE };
	struct pcp_packet asked, packet;
	size_t n;

	pcp_decode(&packet, answer->octets, answer->len, PCP_RESPONSE, PCP_STANDARD, node,
		   PCP_NODES_MAX);
	if (request) {
		pcp_decode(&asked, request, len, PCP_REQUEST, PCP_STANDARD, asked_node,
			   PCP_NODES_MAX);
		context.request = &asked;
	}
	n = pcp_lint(&packet, &context, finding, PCP_FINDINGS_MAX);
	for (size_t i = 0; i < n && i < PCP_FINDINGS_MAX; i++) {
		if (finding[i].rule->severity == PCP_NOTE)
			continue;
		snprintf(said, cap, "%s %s at %u: %s", pcp_severity_name(finding[i].rule->severity),
			 finding[i].rule->name, (unsigned)finding[i].off, finding[i].text);
		return false;
	}
	return true;
}

/* The same, and fails with both as hex. */
static inline void check_judged(const struct rig_sent *answer, const uint8_t *request, size_t len)
{
	char said[400], hex[2][2 * 1600 + 1];

	if (judged(answer, request, len, said, sizeof(said)))
		return;
	pcp_hex_text(request ? request : answer->octets, request ? len : 0, hex[0], sizeof(hex[0]));
	pcp_hex_text(answer->octets, answer->len, hex[1], sizeof(hex[1]));
	fail_msg("%s\nrequest %s\nanswer  %s", said, hex[0], hex[1]);
}

#endif
