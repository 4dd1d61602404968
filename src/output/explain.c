/* The sentences for outcomes: silence, ICMP, refusals, each with what to try. */
#include "explain.h"

#include <stdio.h>
#include <string.h>

static size_t length(int n)
{
	return n < 0 ? 0 : (size_t)n;
}

static const char *get_is_a_draft(uint8_t opcode, uint8_t result)
{
	return opcode == PCP_GET && result == PCP_UNSUPP_OPCODE
		       ? " GET is a draft (draft-boucadair-pcp-failure); this server does not "
			 "implement it."
		       : "";
}

/* ADDRESS_MISMATCH shows what the request claimed; only the server knows what it saw (8.2). */
static void mismatch(const struct message *request, uint8_t result, char *buf, size_t cap)
{
	char claimed[PCP_ADDR_TEXT], from[ENDPOINT_TEXT], server[ENDPOINT_TEXT];

	*buf = '\0';
	if (result != PCP_ADDRESS_MISMATCH || !request || request->len < PCP_HEADER_LEN)
		return;
	pcp_addr_text(pcp_at(&pcp_request_fields[REQ_CLIENT], request->octets), claimed,
		      sizeof claimed);
	pcp_endpoint_text(&request->from, from, sizeof from);
	pcp_endpoint_text(&request->to, server, sizeof server);
	snprintf(buf, cap, " The request names %s as its sender and left from %s; %s saw another.",
		 claimed, from, server);
}

static size_t explain_natpmp(const uint8_t *answer, size_t len, char *buf, size_t cap)
{
	unsigned code = len >= 4 ? (unsigned)(answer[2] << 8 | answer[3]) : 0;

	for (const struct pcp_name *name = pcp_natpmp_result_names; code && name->name; name++)
		if (name->code == code)
			return length(snprintf(buf, cap, "Refused: %s (%u). %s", name->name, code,
					       name->help));
	return length(
		code ? snprintf(buf, cap, "Refused: result %u, which RFC 6886 does not know.", code)
		     : snprintf(buf, cap, "%s", ""));
}

size_t explain_answer(const uint8_t *answer, size_t len, const struct message *request, char *buf,
		      size_t cap)
{
	const struct pcp_result *result;
	char lasts[32], addresses[4 * ENDPOINT_TEXT];
	uint8_t code;

	if (len && answer[0] == PCP_VERSION_NATPMP)
		return explain_natpmp(answer, len, buf, cap);
	code = len >= 4 ? answer[3] : PCP_SUCCESS;
	result = pcp_result(code);
	if (len < 4 || (result && result->kind == PCP_RESULT_OK))
		return length(snprintf(buf, cap, "%s", ""));
	mismatch(request, code, addresses, sizeof addresses);
	pcp_seconds_text(len >= 8 ? pcp_get(&pcp_response_fields[HDR_LIFETIME], answer) : 0, lasts,
			 sizeof lasts);
	return length(snprintf(buf, cap, "Refused: %s (%u). %s%s%s Not to be repeated within %s.",
			       result ? result->name : "an unknown result", code,
			       result ? result->meaning : "No document assigns that code.",
			       get_is_a_draft(pcp_opcode_of(answer), code), addresses, lasts));
}

size_t explain_no_answer(const struct pcp_endpoint *server, const char *unreachable, char *buf,
			 size_t cap)
{
	char text[ENDPOINT_TEXT];

	pcp_endpoint_text(server, text, sizeof text);
	if (unreachable && strstr(unreachable, "port"))
		return length(snprintf(
			buf, cap,
			"%s: %s. There is a host, but no PCP or NAT-PMP service on that port.",
			text, unreachable));
	if (unreachable && *unreachable)
		return length(snprintf(buf, cap, "%s: %s.", text, unreachable));
	/* RFC 6887 10.2 */
	return length(snprintf(buf, cap,
			       "No answer from %s. Either there is no NAT or firewall on the way, "
			       "or one that does not speak PCP: from here the two look alike.",
			       text));
}
