/* From a datagram to an answer: validation in RFC 6887 8.2's order, and the form of replies. */
#include <stdio.h>
#include <string.h>

#include "lab-private.h"

enum { NOT_FORCED = -1 };

/* ---- validation ---- */

/* Row 1 of the validation order: another interface's clients, and the outside, get silence. */
static bool is_served(const struct lab *lab, const struct pcp_endpoint *from,
		      const struct pcp_endpoint *to)
{
	size_t which;

	return lab_prefix_matches(&lab->serve, from->addr) && !lab_is_wan(lab, to->addr, &which);
}

/* RFC 6887 9: the lowest version above the request's, otherwise the highest. */
static uint8_t nearest_version(const struct lab *lab, uint8_t version)
{
	uint8_t highest = 0;

	for (unsigned i = 0; i <= PCP_VERSION_2; i++) {
		if (!(lab->versions >> i & 1))
			continue;
		highest = (uint8_t)i;
		if (i > version)
			break;
	}
	return highest;
}

static bool speaks(const struct lab *lab, uint8_t version)
{
	return version <= PCP_VERSION_2 && (lab->versions >> version & 1);
}

static void refuse_version(struct lab_request *request)
{
	uint8_t version = nearest_version(request->lab, request->version);

	if (version == PCP_VERSION_NATPMP) {
		lab_natpmp_bad_version(request->lab, request->now, request->from, request->to);
		return;
	}
	request->version = version;
	lab_error_send(request,
		       lab_refuse(request, PCP_UNSUPP_VERSION, "this version is not spoken here"));
}

static uint8_t announce(struct lab_request *request)
{
	struct lab_reply reply;

	lab_reply_begin(&reply, request, 0);
	lab_options_give(&reply, request);
	lab_reply_send(request, &reply);
	return PCP_SUCCESS;
}

/* Who serves an opcode. One that is not here is unknown. */
static const struct operation {
	uint8_t opcode;
	uint8_t (*serve)(struct lab_request *request);
} operations[] = {
	{ PCP_ANNOUNCE, announce },
	{ PCP_MAP, lab_map },
	{ PCP_PEER, lab_peer },
	{ PCP_GET, lab_get },
};

static const struct operation *operation_of(uint8_t opcode)
{
	for (size_t i = 0; i < sizeof(operations) / sizeof(*operations); i++)
		if (operations[i].opcode == opcode)
			return &operations[i];
	return NULL;
}

bool lab_knows_opcode(uint8_t opcode)
{
	return operation_of(opcode) != NULL;
}

static bool has_tag(const struct lab_request *request)
{
	struct pcp_tlv tlv;
	size_t pos = request->options;
	bool bad = false;

	while (pcp_tlv_next(request->octets, request->len, &pos, &tlv, &bad))
		if (tlv.code == PCP_AUTHENTICATION_TAG)
			return true;
	return false;
}

/* Rows 6 to 9 of the validation order. */
static uint8_t check(struct lab_request *request)
{
	struct lab *lab = request->lab;

	if (request->len > PCP_MAX_LEN)
		return lab_refuse(request, PCP_MALFORMED_REQUEST, "longer than 1100 octets");
	if (request->len % 4 != 0)
		return lab_refuse(request, PCP_MALFORMED_REQUEST, "not a multiple of 4 octets");
	if (request->len < request->options)
		return lab_refuse(request, PCP_MALFORMED_REQUEST, "shorter than its opcode's body");
	request->parsed = true;
	if (memcmp(request->client, pcp_at(&pcp_request_fields[REQ_CLIENT], request->octets),
		   PCP_ADDR_LEN) != 0)
		return lab_refuse(request, PCP_ADDRESS_MISMATCH,
				  "the packet comes from another address than its header says");
	if (lab->no_opcode[request->opcode] || !lab_knows_opcode(request->opcode))
		return lab_refuse(request, PCP_UNSUPP_OPCODE, "no such opcode here");
	if (lab->set.auth && has_tag(request))
		return lab_refuse(request, PCP_UNKNOWN_SESSION_ID, "no such session");
	if (lab->set.auth)
		return lab_refuse(request, PCP_AUTHENTICATION_REQUIRED,
				  "an authentication tag is demanded");
	return PCP_SUCCESS;
}

/* The fixed fields, in version 2's layout whatever the version. */
static void read_body(struct lab_request *request)
{
	size_t skipped = lab_nonce_skipped(request->version, request->opcode);
	const uint8_t *body = request->body;

	memcpy(request->body + skipped, request->octets + PCP_HEADER_LEN,
	       request->options - PCP_HEADER_LEN);
	memcpy(request->key.internal, request->client, PCP_ADDR_LEN);
	if (request->opcode != PCP_MAP && request->opcode != PCP_PEER)
		return;
	request->key.opcode = request->opcode;
	request->key.protocol = (uint8_t)pcp_get(&pcp_map_fields[MAP_PROTOCOL], body);
	request->key.internal_port = (uint16_t)pcp_get(&pcp_map_fields[MAP_INTERNAL_PORT], body);
	request->suggested_port = (uint16_t)pcp_get(&pcp_map_fields[MAP_EXTERNAL_PORT], body);
	memcpy(request->suggested, pcp_at(&pcp_map_fields[MAP_EXTERNAL_ADDRESS], body),
	       PCP_ADDR_LEN);
	memcpy(request->nonce, pcp_at(&pcp_map_fields[MAP_NONCE], body), PCP_NONCE_LEN);
	if (request->opcode == PCP_MAP)
		return;
	request->key.remote_port = (uint16_t)pcp_get(&pcp_peer_fields[PEER_REMOTE_PORT], body);
	memcpy(request->key.remote, pcp_at(&pcp_peer_fields[PEER_REMOTE_ADDRESS], body),
	       PCP_ADDR_LEN);
}

static uint8_t serve(struct lab_request *request)
{
	uint8_t result = check(request);

	if (result != PCP_SUCCESS)
		return result;
	read_body(request);
	result = lab_options_take(request);
	if (result != PCP_SUCCESS)
		return result;
	if (request->options + lab_options_room(request) > PCP_MAX_LEN)
		return lab_refuse(request, PCP_MALFORMED_REQUEST,
				  "the answer would not fit into 1100 octets");
	return operation_of(request->opcode)->serve(request);
}

static bool too_many(struct lab *lab, usec now)
{
	if (lab->set.max_rate == 0)
		return false;
	if (now - lab->rate_second >= USEC_PER_SEC) {
		lab->rate_second = now;
		lab->rate_count = 0;
	}
	return ++lab->rate_count > lab->set.max_rate;
}

static void receive_pcp(struct lab_request *request, int forced)
{
	struct lab *lab = request->lab;
	uint8_t result;

	if (!speaks(lab, request->version)) {
		refuse_version(request);
		return;
	}
	if (request->len < PCP_HEADER_LEN || lab->set.overload == OVERLOAD_SILENCE) {
		lab->counters.unanswered++;
		return;
	}
	request->lifetime = pcp_get(&pcp_request_fields[REQ_LIFETIME], request->octets);
	request->options = PCP_HEADER_LEN + pcp_body_len(request->opcode, request->version);
	request->parsed = forced >= 0 || lab->set.overload == OVERLOAD_REFUSE;
	if (forced >= 0)
		result = lab_refuse(request, (uint8_t)forced, "a fault forces this result");
	else if (lab->set.overload == OVERLOAD_REFUSE)
		result = lab_refuse(request, PCP_NO_RESOURCES, "overloaded");
	else
		result = serve(request);
	if (result != PCP_SUCCESS || forced == PCP_SUCCESS)
		lab_error_send(request, result);
}

void lab_receive(struct lab *lab, usec now, const struct pcp_endpoint *from,
		 const struct pcp_endpoint *to, const uint8_t *octets, size_t len)
{
	struct lab_request request = {
		.lab = lab, .now = now, .from = from, .to = to, .octets = octets, .len = len
	};
	int forced = NOT_FORCED;

	lab->counters.received++;
	if (len < 2 || !is_served(lab, from, to) || pcp_is_response(octets) || too_many(lab, now) ||
	    lab_fault_arrival(lab, now, from, to, octets, &forced)) {
		lab->counters.unanswered++;
		return;
	}
	lab_listens(lab, to);
	request.version = octets[0];
	request.opcode = pcp_opcode_of(octets);
	memcpy(request.client, lab->is_behind ? lab->behind : from->addr, PCP_ADDR_LEN);
	if (request.version == PCP_VERSION_NATPMP && speaks(lab, PCP_VERSION_NATPMP))
		lab_natpmp(lab, now, from, to, octets, len);
	else
		receive_pcp(&request, forced);
}
