/* From a datagram to an answer: validation in RFC 6887 8.2's order. */
#include <string.h>

#include "lab-fault-private.h"
#include "lab-request-private.h"

/* RFC 6887 9: the lowest version above the request's, otherwise the highest. */
static uint8_t nearest_version(const struct lab *lab, uint8_t version)
{
	uint8_t highest = 0;

	for (unsigned i = 0; i <= PCP_VERSION_2; i++) {
		if (!lab_speaks(lab, (uint8_t)i))
			continue;
		highest = (uint8_t)i;
		if (i > version)
			break;
	}
	return highest;
}

static void refuse_version(struct lab_request *request)
{
	uint8_t version = nearest_version(request->lab, request->version);

	lab_refuse(request, PCP_UNSUPP_VERSION, "version %u is not spoken here", request->version);
	if (version == PCP_VERSION_NATPMP) {
		lab_natpmp_bad_version(request);
		return;
	}
	request->version = version;
	lab_error_send(request, PCP_UNSUPP_VERSION);
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

static uint8_t check_length(struct lab_request *request)
{
	if (request->len > PCP_MAX_LEN)
		return lab_refuse(request, PCP_MALFORMED_REQUEST, "%zu octets, %d at most",
				  request->len, PCP_MAX_LEN);
	if (request->len % 4 != 0)
		return lab_refuse(request, PCP_MALFORMED_REQUEST,
				  "%zu octets are not a multiple of 4", request->len);
	if (request->len < request->options)
		return lab_refuse(request, PCP_MALFORMED_REQUEST,
				  "%zu octets, %zu at least with this opcode's body", request->len,
				  request->options);
	return PCP_SUCCESS;
}

static uint8_t check_client(struct lab_request *request)
{
	const uint8_t *named = pcp_at(&pcp_request_fields[REQ_CLIENT], request->octets);
	char source[PCP_ADDR_TEXT], client[PCP_ADDR_TEXT];

	if (memcmp(request->client, named, PCP_ADDR_LEN) == 0)
		return PCP_SUCCESS;
	pcp_addr_text(request->client, source, sizeof(source));
	pcp_addr_text(named, client, sizeof(client));
	return lab_refuse(request, PCP_ADDRESS_MISMATCH, "it comes from %s, its header says %s",
			  source, client);
}

static uint8_t check_tag(struct lab_request *request)
{
	if (!request->lab->set.auth)
		return PCP_SUCCESS;
	if (has_tag(request))
		return lab_refuse(request, PCP_UNKNOWN_SESSION_ID, "there is no such session");
	return lab_refuse(request, PCP_AUTHENTICATION_REQUIRED,
			  "an authentication tag is demanded");
}

/* Rows 6 to 9 of the validation order. */
static uint8_t check(struct lab_request *request)
{
	uint8_t result = check_length(request);

	if (result != PCP_SUCCESS)
		return result;
	request->parsed = true;
	result = check_client(request);
	if (result != PCP_SUCCESS)
		return result;
	if (request->lab->no_opcode[request->opcode])
		return lab_refuse(request, PCP_UNSUPP_OPCODE, "opcode %u is switched off",
				  request->opcode);
	if (!lab_knows_opcode(request->opcode))
		return lab_refuse(request, PCP_UNSUPP_OPCODE, "opcode %u is not known here",
				  request->opcode);
	return check_tag(request);
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
				  "the answer would have %zu octets, %d at most",
				  request->options + lab_options_room(request), PCP_MAX_LEN);
	return operation_of(request->opcode)->serve(request);
}

/* What a fault or a setting does to every request, in this protocol's form. */
static uint8_t serve_or_refuse(struct lab_request *request, int forced)
{
	struct lab *lab = request->lab;

	request->parsed = true;
	if (forced != LAB_NOT_FORCED)
		return lab_refuse(request, (uint8_t)forced, "a fault forces this result");
	if (lab->set.overload == OVERLOAD_REFUSE)
		return lab_refuse(request, PCP_NO_RESOURCES, "overloaded");
	request->parsed = false;
	return serve(request);
}

static void receive_pcp(struct lab_request *request, int forced)
{
	uint8_t result;

	request->lifetime = pcp_get(&pcp_request_fields[REQ_LIFETIME], request->octets);
	request->options = PCP_HEADER_LEN + pcp_body_len(request->opcode, request->version);
	result = serve_or_refuse(request, forced);
	if (result != PCP_SUCCESS || forced == PCP_SUCCESS)
		lab_error_send(request, result);
}

/* Why a request gets no answer at all; NULL: it gets one. Rows 1 to 5 of the validation order. */
static const char *unheard(struct lab_request *request)
{
	const struct lab *lab = request->lab;
	size_t which;

	if (request->len < 2)
		return "less than two octets";
	if (!lab_prefix_matches(&lab->serve, request->from->addr))
		return "its address is not served";
	if (lab_is_wan(lab, request->to->addr, &which) && !lab_mutant_lets_in(lab))
		return "it comes from outside";
	if (pcp_is_response(request->octets))
		return "it is no request: R is set";
	if (lab->set.overload == OVERLOAD_SILENCE)
		return "overloaded";
	return NULL;
}

/* The same for what only a known version can say. */
static const char *unheard_version(struct lab_request *request)
{
	const struct lab *lab = request->lab;

	if (request->version == PCP_VERSION_NATPMP && !lab_has_nat(lab))
		return "NAT-PMP is for NATs, and this is none";
	if (lab_speaks(lab, PCP_VERSION_NATPMP) && !lab_natpmp_hears(request) &&
	    nearest_version(lab, request->version) == PCP_VERSION_NATPMP)
		return "NAT-PMP, which is spoken here, is for IPv4 only";
	if (request->version == PCP_VERSION_NATPMP && lab_speaks(lab, PCP_VERSION_NATPMP))
		return lab_natpmp_unheard(request);
	if (!lab_speaks(lab, PCP_VERSION_2) && !lab_speaks(lab, PCP_VERSION_1) &&
	    !lab_speaks(lab, PCP_VERSION_NATPMP))
		return "no version is spoken here";
	if ((lab_speaks(lab, request->version) || lab->set.brief) && request->len < PCP_HEADER_LEN)
		return "less than a header";
	return NULL;
}

static void answer(struct lab_request *request, int forced)
{
	if (!lab_speaks(request->lab, request->version))
		refuse_version(request);
	else if (request->version == PCP_VERSION_NATPMP)
		lab_natpmp(request, forced);
	else
		receive_pcp(request, forced);
}

static void receive(struct lab *lab, usec now, const struct pcp_endpoint *from,
		    const struct pcp_endpoint *to, const uint8_t *octets, size_t len)
{
	const uint8_t *heard = lab_mutant_hears(lab, from, octets, &len);
	struct lab_request request = {
		.lab = lab, .now = now, .from = from, .to = to, .octets = heard, .len = len
	};
	int forced = LAB_NOT_FORCED;
	const char *why = unheard(&request);

	lab->counters.received++;
	if (!why) {
		lab_listens(lab, to);
		request.version = heard[0];
		request.opcode = pcp_opcode_of(heard);
		memcpy(request.client, lab->is_behind ? lab->behind : from->addr, PCP_ADDR_LEN);
		why = lab_too_many(lab, now, from);
	}
	if (!why && lab_fault_arrival(&(struct lab_arrival){ lab, now, from, to, &forced }, heard,
				      request.why))
		why = request.why;
	if (!why)
		why = unheard_version(&request);
	if (!why) {
		answer(&request, forced);
		return;
	}
	lab->counters.unanswered++;
	lab_tell(
		lab,
		&(struct lab_event){
			.now = now, .client = from, .asked = heard, .asked_len = len, .why = why });
}

void lab_receive(struct lab *lab, usec now, const struct pcp_endpoint *from,
		 const struct pcp_endpoint *to, const uint8_t *octets, size_t len)
{
	lab->asking.client = from;
	lab->asking.octets = octets;
	lab->asking.len = len;
	receive(lab, now, from, to, octets, len);
	lab->asking.client = NULL;
}
