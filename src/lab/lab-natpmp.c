/* NAT-PMP beside PCP, on the same mappings: RFC 6886 3. */
#include <string.h>

#include "lab-fault-private.h"
#include "lab-request-private.h"

enum {
	OK = 0,
	BAD_VERSION = 1,
	REFUSED = 2,
	NETWORK_FAILURE = 3,
	NO_RESOURCES = 4,
	BAD_OPCODE = 5
};

/* Fields by their place in proto/natpmp.c's rows. */
enum { REQUEST_INTERNAL = 4, REQUEST_SUGGESTED, REQUEST_LIFETIME };
enum { ANSWER_R = 1, ANSWER_RESULT = 3, ANSWER_EPOCH, ANSWER_ADDRESS };
enum { ANSWER_INTERNAL = ANSWER_ADDRESS, ANSWER_EXTERNAL, ANSWER_LIFETIME };

struct told { /* what a map answer says */
	uint16_t result, external;
	uint32_t lifetime;
};

static const struct pcp_layout *answer_layout(uint8_t opcode)
{
	return pcp_layout_natpmp(opcode, PCP_RESP | PCP_V0);
}

static void send_answer(const struct lab_request *request, const uint8_t *octets, size_t len)
{
	struct lab *lab = request->lab;

	lab->counters.natpmp++;
	lab_tell(lab, &(struct lab_event){ .now = request->now,
					   .client = request->from,
					   .asked = request->octets,
					   .asked_len = request->len,
					   .answer = octets,
					   .answer_len = len,
					   .why = request->why });
	lab_remember(lab, request->from, request->to, PCP_VERSION_NATPMP);
	lab_fault_send(lab, request->now, request->to, request->from, octets, len);
}

/* ---- refusals: RFC 6886 3.5 ---- */

/* NAT-PMP's result for what PCP says. */
static uint16_t result_of(uint8_t result)
{
	switch (result) {
	case PCP_SUCCESS:
		return OK;
	case PCP_UNSUPP_VERSION:
		return BAD_VERSION;
	case PCP_UNSUPP_OPCODE:
		return BAD_OPCODE;
	case PCP_NETWORK_FAILURE:
		return NETWORK_FAILURE;
	case PCP_NO_RESOURCES:
	case PCP_USER_EX_QUOTA:
		return NO_RESOURCES;
	default:
		return REFUSED;
	}
}

/* The forms that gateways have. RFC 6886 draws opcode 0 with R clear, its erratum 3618 sets R, and
 * most keep the request's opcode; one puts the result in its host's order of octets. */
void lab_natpmp_bad_version(struct lab_request *request)
{
	const struct pcp_layout *layout = pcp_layout_named(PCP_CLASS_NATPMP, "UNSUPPORTED_VERSION");
	const struct lab *lab = request->lab;
	uint32_t form = lab->set.refusal;
	uint8_t octets[16] = { 0 };

	pcp_put(&layout->field[ANSWER_RESULT], octets, BAD_VERSION);
	pcp_put(&layout->field[ANSWER_EPOCH], octets, lab_epoch(lab, request->now));
	if (form != FORM_DRAWN)
		octets[1] = PCP_R;
	if (form == FORM_DEPLOYED || form == FORM_SHORT)
		octets[1] |= request->opcode;
	if (form == FORM_SWAPPED)
		pcp_put(&layout->field[ANSWER_RESULT], octets, BAD_VERSION << 8);
	send_answer(request, octets, form == FORM_SHORT ? 4 : layout->max_len);
}

/* The whole request back. */
static void bad_opcode(struct lab_request *request)
{
	const struct pcp_layout *layout = answer_layout(NATPMP_ADDRESS);
	uint8_t octets[LAB_DATAGRAM_MAX] = { 0 };
	size_t len = request->len < sizeof(octets) ? request->len : sizeof(octets);

	memcpy(octets, request->octets, len);
	pcp_put(&layout->field[ANSWER_R], octets, 1);
	pcp_put(&layout->field[ANSWER_RESULT], octets, BAD_OPCODE);
	lab_refuse(request, PCP_UNSUPP_OPCODE, "NAT-PMP has no opcode %u", request->opcode);
	send_answer(request, octets, len < 4 ? 4 : len);
}

/* ---- the external address: RFC 6886 3.2 ---- */

static size_t address_answer(const struct lab *lab, usec now, uint16_t result, uint8_t *octets)
{
	const struct pcp_layout *layout = answer_layout(NATPMP_ADDRESS);

	memset(octets, 0, layout->max_len);
	pcp_put(&layout->field[ANSWER_R], octets, 1);
	pcp_put(&layout->field[ANSWER_RESULT], octets, result);
	pcp_put(&layout->field[ANSWER_EPOCH], octets, lab_epoch(lab, now));
	if (result == OK)
		memcpy(octets + layout->field[ANSWER_ADDRESS].off, lab->wan + 12, 4);
	return layout->max_len;
}

size_t lab_natpmp_address(const struct lab *lab, usec now, uint8_t *octets)
{
	return address_answer(lab, now, lab->wan_down ? NETWORK_FAILURE : OK, octets);
}

static void serve_address(struct lab_request *request, uint16_t refused)
{
	uint8_t octets[32];
	uint16_t result = refused;

	if (refused == OK && request->lab->wan_down)
		result = result_of(
			lab_refuse(request, PCP_NETWORK_FAILURE, "there is no external address"));
	send_answer(request, octets, address_answer(request->lab, request->now, result, octets));
}

/* ---- mappings: RFC 6886 3.3, 3.4 ---- */

static bool deletable(const struct lab_entry *entry)
{
	return !entry->fixed && entry->version == PCP_VERSION_NATPMP;
}

static uint16_t delete_one(struct lab_request *request, struct lab_entry *entry)
{
	struct lab *lab = request->lab;

	if (!deletable(entry)) {
		lab_refuse(request, PCP_NOT_AUTHORIZED, "the mapping of internal port %u is %s",
			   entry->key.internal_port, entry->fixed ? "static" : "PCP's");
		return REFUSED;
	}
	lab->counters.deleted++;
	lab_store_remove(lab, request->now, entry, true);
	return OK;
}

/* Internal port 0: all of the protocol, or as many as can be. */
static uint16_t delete_all(struct lab_request *request)
{
	uint16_t result = OK;
	struct lab_entry *entry, *kept = NULL;

	while ((entry = lab_touching(request->lab, &request->key, UINT16_MAX + UINT32_C(1),
				     kept))) {
		if (delete_one(request, entry) == OK)
			continue;
		result = REFUSED;
		kept = entry;
	}
	return result;
}

static struct told delete_mapping(struct lab_request *request)
{
	struct lab_entry *entry;
	struct told told = { .result = OK };

	if (request->key.internal_port == 0) {
		told.result = delete_all(request);
		return told;
	}
	entry = lab_covering(request->lab, &request->key);
	if (entry)
		told.result = delete_one(request, entry);
	return told;
}

/* NAT-PMP's lifetimes are not lengthened: RFC 6886 3.3. */
static uint32_t granted(const struct lab_request *request)
{
	uint32_t max = request->lab->set.max_lifetime;

	return request->lifetime < max ? request->lifetime : max;
}

static usec expiry(const struct lab_request *request)
{
	return request->now + (usec)granted(request) * USEC_PER_SEC;
}

static uint8_t create(struct lab_request *request, struct told *told)
{
	struct lab *lab = request->lab;
	struct lab_want want = { .key = &request->key,
				 .owner = request->client,
				 .v4 = true,
				 .suggested = request->suggested,
				 .suggested_port = request->suggested_port,
				 .ports = 1,
				 .one = request->key.internal_port == 0 };
	struct lab_entry like = { .key = request->key, .client = *request->from, .ports = 1 };
	uint8_t result;
	struct lab_grant grant;

	if (lab_host_ports(lab, &request->key) >= lab->set.quota)
		return lab_refuse_quota(request);
	result = lab_allocate(lab, &want, &grant);
	if (result != PCP_SUCCESS)
		return lab_refuse_allocation(request, result, &grant);
	memcpy(like.client.addr, request->client, PCP_ADDR_LEN);
	memcpy(like.external, grant.external, PCP_ADDR_LEN);
	like.external_port = grant.external_port;
	if (!lab_store_add(lab, &like, expiry(request)))
		return lab_refuse_full(request);
	if (grant.reclaimed)
		lab_store_remove(lab, request->now, grant.reclaimed, false);
	*told = (struct told){ OK, grant.external_port, granted(request) };
	return PCP_SUCCESS;
}

/* Whatever made the mapping, its client is told it; only NAT-PMP's own are prolonged. */
static struct told existing(const struct lab_request *request, struct lab_entry *entry)
{
	uint32_t left = lab_remaining(entry, request->now), lifetime = granted(request);
	uint16_t distance = (uint16_t)(request->key.internal_port - entry->key.internal_port);

	if (deletable(entry)) {
		lab_store_extend(request->lab, entry, expiry(request));
		entry->client.port = request->from->port;
		entry->client.scope = request->from->scope;
		entry->update = false;
	} else if (left < lifetime) {
		lifetime = left;
	}
	return (struct told){ OK, (uint16_t)(entry->external_port + distance), lifetime };
}

static struct told map(struct lab_request *request)
{
	struct lab_entry *entry = lab_covering(request->lab, &request->key);
	struct told told = { .result = REFUSED };
	uint8_t result = lab_check_protocol(request);

	if (entry && entry->external_port != 0)
		return existing(request, entry);
	if (entry)
		result = lab_refuse(request, PCP_NOT_AUTHORIZED, "PCP has mapped all ports");
	if (result == PCP_SUCCESS && request->key.internal_port == 0 &&
	    !request->lab->set.port_zero)
		result = lab_refuse(request, PCP_NOT_AUTHORIZED,
				    "internal port 0 means nothing with a lifetime");
	if (result == PCP_SUCCESS)
		result = create(request, &told);
	told.result = result_of(result);
	return told;
}

static void read_map(struct lab_request *request)
{
	const struct pcp_layout *asked = pcp_layout_natpmp(request->opcode, PCP_REQ | PCP_V0);
	const uint8_t *octets = request->octets;

	memcpy(request->key.internal, request->client, PCP_ADDR_LEN);
	request->key.opcode = PCP_MAP;
	request->key.v4 = true;
	request->key.protocol = request->opcode == NATPMP_MAP_UDP ? PCP_UDP : PCP_TCP;
	request->key.internal_port = (uint16_t)pcp_get(&asked->field[REQUEST_INTERNAL], octets);
	request->suggested_port = (uint16_t)pcp_get(&asked->field[REQUEST_SUGGESTED], octets);
	request->lifetime = pcp_get(&asked->field[REQUEST_LIFETIME], octets);
	pcp_addr_any(request->suggested, true);
}

static void serve_map(struct lab_request *request, uint16_t refused)
{
	const struct pcp_layout *layout = answer_layout(request->opcode);
	uint8_t octets[32] = { 0 };
	struct told told = { .result = refused };

	read_map(request);
	if (refused == OK) {
		lab_store_bury(request->lab, request->now, &request->key);
		told = request->lifetime == 0 ? delete_mapping(request) : map(request);
	}
	memcpy(octets, request->octets, 2);
	pcp_put(&layout->field[ANSWER_R], octets, 1);
	pcp_put(&layout->field[ANSWER_RESULT], octets, told.result);
	pcp_put(&layout->field[ANSWER_EPOCH], octets, lab_epoch(request->lab, request->now));
	pcp_put(&layout->field[ANSWER_INTERNAL], octets, request->key.internal_port);
	pcp_put(&layout->field[ANSWER_EXTERNAL], octets, told.external);
	pcp_put(&layout->field[ANSWER_LIFETIME], octets, told.lifetime);
	send_answer(request, octets, layout->max_len);
}

/* ---- what comes in ---- */

bool lab_natpmp_hears(const struct lab_request *request)
{
	return pcp_addr_is_v4(request->from->addr);
}

/* What is too short to be a request gets no answer, nor does an opcode from 128 on (RFC 6886 3.5).
 */
const char *lab_natpmp_unheard(const struct lab_request *request)
{
	const struct pcp_layout *layout = pcp_layout_natpmp(request->opcode, PCP_REQ | PCP_V0);

	if (!lab_natpmp_hears(request))
		return "NAT-PMP is for IPv4 only";
	return layout && request->len < layout->min_len ? "too short for NAT-PMP" : NULL;
}

/* What a setting or a fault does to every request. NAT-PMP knows no log-in. */
static uint16_t refuse_all(struct lab_request *request, int forced)
{
	const struct lab *lab = request->lab;

	if (forced != LAB_NOT_FORCED)
		return result_of(
			lab_refuse(request, (uint8_t)forced, "a fault forces this result"));
	if (lab->set.overload == OVERLOAD_REFUSE)
		return result_of(lab_refuse(request, PCP_NO_RESOURCES, "overloaded"));
	if (lab->set.auth)
		return result_of(lab_refuse(request, PCP_NOT_AUTHORIZED,
					    "an authentication tag is demanded"));
	return OK;
}

void lab_natpmp(struct lab_request *request, int forced)
{
	uint16_t refused = refuse_all(request, forced);

	if (refused == BAD_VERSION)
		lab_natpmp_bad_version(request);
	else if (refused == BAD_OPCODE || !pcp_layout_natpmp(request->opcode, PCP_REQ | PCP_V0))
		bad_opcode(request);
	else if (request->opcode == NATPMP_ADDRESS)
		serve_address(request, refused);
	else
		serve_map(request, refused);
}
