/* What a message of the log says of itself: which way it went, what it can be an answer to, and its
 * sender's clock. */
#include "log.h"

#include <string.h>

bool message_sent(const struct message *message)
{
	return message->kind == MESSAGE_REQUEST || message->kind == MESSAGE_RESENT;
}

const char *message_lead(const struct message *message)
{
	return message->kind == MESSAGE_IGNORED ? "ignored: " : "";
}

/* The octets, of a PCP message, that an answer has from its request and that name the mapping:
 * nonce, protocol, internal port; of version 1 without the nonce (RFC 6887 11.1, 12.1). */
static size_t naming(const struct message *request)
{
	const struct pcp_field *port = &pcp_map_fields[MAP_INTERNAL_PORT];
	uint8_t opcode = pcp_opcode_of(request->octets);

	if (opcode != PCP_MAP && opcode != PCP_PEER)
		return 0;
	return (size_t)port->off + port->len - pcp_nonce_skipped(request->octets[0]);
}

/* RFC 6886 3.3: the internal port stands behind four octets in the request, eight in the answer. */
static bool same_natpmp(const struct message *answer, const struct message *request)
{
	if (pcp_opcode_of(request->octets) == NATPMP_ADDRESS)
		return true;
	return request->len >= 6 && answer->len >= 10 &&
	       memcmp(answer->octets + 8, request->octets + 4, 2) == 0;
}

bool message_answers(const struct message *answer, const struct message *request)
{
	size_t named;

	if (request->len < 2 || answer->len < 2 || answer->octets[0] != request->octets[0] ||
	    pcp_opcode_of(answer->octets) != pcp_opcode_of(request->octets) ||
	    !pcp_endpoint_same(request->from, answer->to) ||
	    !pcp_endpoint_same(request->to, answer->from))
		return false;
	if (request->octets[0] == PCP_VERSION_NATPMP)
		return same_natpmp(answer, request);
	named = PCP_HEADER_LEN + naming(request);
	return request->len >= named && answer->len >= named &&
	       memcmp(answer->octets + PCP_HEADER_LEN, request->octets + PCP_HEADER_LEN,
		      named - PCP_HEADER_LEN) == 0;
}

bool message_is_plain_grant(const struct message *answer)
{
	const uint8_t *octets = answer->octets;

	return answer->len >= PCP_HEADER_LEN && octets[0] == PCP_VERSION_2 &&
	       pcp_is_response(octets) &&
	       (pcp_opcode_of(octets) == PCP_MAP || pcp_opcode_of(octets) == PCP_PEER) &&
	       answer->len == PCP_HEADER_LEN + pcp_body_len(pcp_opcode_of(octets), octets[0]) &&
	       pcp_get(&pcp_response_fields[HDR_RESULT], octets) == PCP_SUCCESS;
}

static uint32_t mix(uint32_t hash, const uint8_t *octets, size_t len)
{
	while (len-- > 0) /* FNV-1a */
		hash = (hash ^ *octets++) * UINT32_C(16777619);
	return hash;
}

static uint32_t mix_field(uint32_t hash, const struct message *grant, size_t field)
{
	const struct pcp_field *f = &pcp_peer_fields[field];

	return mix(hash, grant->octets + PCP_HEADER_LEN + f->off, f->len);
}

uint32_t message_about(const struct message *grant)
{
	uint32_t hash = mix(UINT32_C(2166136261), grant->octets + 1, 1);

	hash = mix(hash, grant->to->addr, PCP_ADDR_LEN);
	hash = mix(hash, grant->from->addr, PCP_ADDR_LEN);
	hash = mix_field(hash, grant, MAP_PROTOCOL);
	hash = mix_field(hash, grant, MAP_INTERNAL_PORT);
	if (pcp_opcode_of(grant->octets) == PCP_PEER) {
		hash = mix_field(hash, grant, PEER_REMOTE_PORT);
		hash = mix_field(hash, grant, PEER_REMOTE_ADDRESS);
	}
	return hash ^ hash >> 15;
}

enum clock message_clock(const uint8_t *octets, size_t len, uint32_t *epoch)
{
	bool natpmp = len && octets[0] == PCP_VERSION_NATPMP;
	size_t at = natpmp ? 4 : pcp_response_fields[HDR_EPOCH].off; /* RFC 6886 3.2 */

	if (len < (natpmp ? 8 : (size_t)PCP_HEADER_LEN) || !(octets[1] & PCP_R))
		return NO_CLOCK;
	/* Of another version nothing but its number is known: RFC 6887 9. */
	if (octets[0] > PCP_VERSION_2)
		return NO_CLOCK;
	*epoch = pcp_get(&(struct pcp_field){ .off = (uint16_t)at, .len = 4 }, octets);
	return natpmp ? NATPMP_CLOCK : PCP_CLOCK;
}
