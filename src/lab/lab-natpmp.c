/* NAT-PMP beside PCP, on the same mappings: RFC 6886 3. */
#include <string.h>

#include "lab-private.h"

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

struct ask { /* one request */
	struct lab *lab;
	usec now;
	const struct pcp_endpoint *from, *to;
	const uint8_t *octets;
	size_t len;
	uint8_t opcode;
	struct lab_key key;
	uint16_t suggested;
	uint32_t lifetime;
};

struct told { /* what a map answer says */
	uint16_t result, external;
	uint32_t lifetime;
};

static const struct pcp_layout *answer_layout(uint8_t opcode)
{
	return pcp_layout_natpmp(opcode, PCP_RESP | PCP_V0);
}

static void send_answer(const struct ask *ask, const uint8_t *octets, size_t len)
{
	ask->lab->counters.natpmp++;
	lab_remember(ask->lab, ask->from, ask->to, PCP_VERSION_NATPMP);
	lab_fault_send(ask->lab, ask->now, ask->to, ask->from, octets, len);
}

size_t lab_natpmp_address(const struct lab *lab, usec now, uint8_t *octets)
{
	const struct pcp_layout *layout = answer_layout(NATPMP_ADDRESS);

	memset(octets, 0, layout->max_len);
	pcp_put(&layout->field[ANSWER_R], octets, 1);
	pcp_put(&layout->field[ANSWER_RESULT], octets, lab->wan_down ? NETWORK_FAILURE : OK);
	pcp_put(&layout->field[ANSWER_EPOCH], octets, lab_epoch(lab, now));
	if (!lab->wan_down)
		memcpy(octets + layout->field[ANSWER_ADDRESS].off, lab->wan + 12, 4);
	return layout->max_len;
}

void lab_natpmp_bad_version(struct lab *lab, usec now, const struct pcp_endpoint *from,
			    const struct pcp_endpoint *to)
{
	const struct pcp_layout *layout = pcp_layout_named(PCP_CLASS_NATPMP, "UNSUPPORTED_VERSION");
	struct ask ask = { .lab = lab, .now = now, .from = from, .to = to };
	uint8_t octets[16] = { 0 };

	pcp_put(&layout->field[ANSWER_RESULT], octets, BAD_VERSION);
	pcp_put(&layout->field[ANSWER_EPOCH], octets, lab_epoch(lab, now));
	lab_note(lab, now, "only NAT-PMP is spoken here: answered with its bad version");
	send_answer(&ask, octets, layout->max_len);
}

/* The whole request back: RFC 6886 3.5. */
static void bad_opcode(const struct ask *ask)
{
	const struct pcp_layout *layout = answer_layout(NATPMP_ADDRESS);
	uint8_t octets[PCP_MAX_LEN] = { 0 };
	size_t len = ask->len < sizeof(octets) ? ask->len : sizeof(octets);

	memcpy(octets, ask->octets, len);
	pcp_put(&layout->field[ANSWER_R], octets, 1);
	pcp_put(&layout->field[ANSWER_RESULT], octets, BAD_OPCODE);
	lab_note(ask->lab, ask->now, "NAT-PMP opcode %u is unknown", ask->opcode);
	send_answer(ask, octets, len < 4 ? 4 : len);
}

static void address(const struct ask *ask)
{
	uint8_t octets[32];
	size_t len = lab_natpmp_address(ask->lab, ask->now, octets);

	lab_note(ask->lab, ask->now, "NAT-PMP: told the external address");
	send_answer(ask, octets, len);
}

/* ---- mappings ---- */

static bool deletable(const struct lab_entry *entry)
{
	return !entry->fixed && entry->version == PCP_VERSION_NATPMP;
}

static uint16_t delete_one(const struct ask *ask, struct lab_entry *entry)
{
	if (!deletable(entry))
		return REFUSED;
	ask->lab->counters.deleted++;
	lab_store_remove(ask->lab, ask->now, entry, true);
	return OK;
}

/* Internal port 0: all of the protocol, or as many as can be (RFC 6886 3.4). */
static uint16_t delete_all(const struct ask *ask)
{
	struct lab_key key = ask->key;
	uint16_t result = OK;
	struct lab_entry *entry, *kept = NULL;

	while ((entry = lab_touching(ask->lab, &key, UINT16_MAX + UINT32_C(1), kept))) {
		if (delete_one(ask, entry) == OK)
			continue;
		result = REFUSED;
		kept = entry;
	}
	return result;
}

static struct told delete_mapping(const struct ask *ask)
{
	struct lab_entry *entry;
	struct told told = { .result = OK };

	if (ask->key.internal_port == 0) {
		told.result = delete_all(ask);
		return told;
	}
	entry = lab_covering(ask->lab, &ask->key);
	if (entry)
		told.result = delete_one(ask, entry);
	return told;
}

/* NAT-PMP's lifetimes are not lengthened: RFC 6886 3.3. */
static uint32_t granted(const struct ask *ask)
{
	uint32_t max = ask->lab->set.max_lifetime;

	return ask->lifetime < max ? ask->lifetime : max;
}

static usec expiry(const struct ask *ask)
{
	return ask->now + (usec)granted(ask) * USEC_PER_SEC;
}

static uint16_t result_of(uint8_t result)
{
	switch (result) {
	case PCP_SUCCESS:
		return OK;
	case PCP_NETWORK_FAILURE:
		return NETWORK_FAILURE;
	case PCP_NO_RESOURCES:
	case PCP_USER_EX_QUOTA:
		return NO_RESOURCES;
	default:
		return REFUSED;
	}
}

static uint8_t create(const struct ask *ask, struct told *told)
{
	struct lab *lab = ask->lab;
	struct lab_want want = { .key = &ask->key,
				 .owner = ask->from->addr,
				 .suggested_port = ask->suggested,
				 .ports = 1 };
	struct lab_entry like = { .key = ask->key, .client = *ask->from, .ports = 1 };
	uint8_t any[PCP_ADDR_LEN], result;
	struct lab_grant grant;

	pcp_addr_any(any, true);
	want.suggested = any;
	if (lab_host_ports(lab, &ask->key) >= lab->set.quota)
		return PCP_USER_EX_QUOTA;
	result = lab_allocate(lab, &want, &grant);
	if (result != PCP_SUCCESS)
		return result;
	memcpy(like.external, grant.external, PCP_ADDR_LEN);
	like.external_port = grant.external_port;
	if (!lab_store_add(lab, &like, expiry(ask)))
		return PCP_NO_RESOURCES;
	if (grant.reclaimed)
		lab_store_remove(lab, ask->now, grant.reclaimed, false);
	*told = (struct told){ OK, grant.external_port, granted(ask) };
	return PCP_SUCCESS;
}

/* Whatever made the mapping, its client is told it; only NAT-PMP's own are prolonged. */
static struct told existing(const struct ask *ask, struct lab_entry *entry)
{
	uint32_t left = lab_remaining(entry, ask->now), lifetime = granted(ask);
	uint16_t distance = (uint16_t)(ask->key.internal_port - entry->key.internal_port);

	if (deletable(entry)) {
		lab_store_extend(ask->lab, entry, expiry(ask));
		entry->client = *ask->from;
		entry->update = false;
	} else if (left < lifetime) {
		lifetime = left;
	}
	return (struct told){ OK, (uint16_t)(entry->external_port + distance), lifetime };
}

static struct told map(const struct ask *ask)
{
	struct lab_entry *entry = lab_covering(ask->lab, &ask->key);
	struct told told = { .result = REFUSED };

	if (entry)
		return existing(ask, entry);
	if (ask->key.internal_port != 0)
		told.result = result_of(create(ask, &told));
	return told;
}

static void serve_map(struct ask *ask)
{
	const struct pcp_layout *asked = pcp_layout_natpmp(ask->opcode, PCP_REQ | PCP_V0);
	const struct pcp_layout *layout = answer_layout(ask->opcode);
	uint8_t octets[32] = { 0 };
	struct told told;

	memcpy(ask->key.internal, ask->from->addr, PCP_ADDR_LEN);
	ask->key.opcode = PCP_MAP;
	ask->key.protocol = ask->opcode == NATPMP_MAP_UDP ? PCP_UDP : PCP_TCP;
	ask->key.internal_port = (uint16_t)pcp_get(&asked->field[REQUEST_INTERNAL], ask->octets);
	ask->suggested = (uint16_t)pcp_get(&asked->field[REQUEST_SUGGESTED], ask->octets);
	ask->lifetime = pcp_get(&asked->field[REQUEST_LIFETIME], ask->octets);
	lab_store_bury(ask->lab, ask->now, &ask->key);
	told = ask->lifetime == 0 ? delete_mapping(ask) : map(ask);

	memcpy(octets, ask->octets, 2);
	pcp_put(&layout->field[ANSWER_R], octets, 1);
	pcp_put(&layout->field[ANSWER_RESULT], octets, told.result);
	pcp_put(&layout->field[ANSWER_EPOCH], octets, lab_epoch(ask->lab, ask->now));
	pcp_put(&layout->field[ANSWER_INTERNAL], octets, ask->key.internal_port);
	pcp_put(&layout->field[ANSWER_EXTERNAL], octets, told.external);
	pcp_put(&layout->field[ANSWER_LIFETIME], octets, told.lifetime);
	lab_note(ask->lab, ask->now, "NAT-PMP: %s port %u -> external port %u, %u s, result %u",
		 ask->opcode == NATPMP_MAP_UDP ? "udp" : "tcp", ask->key.internal_port,
		 told.external, (unsigned)told.lifetime, told.result);
	send_answer(ask, octets, layout->max_len);
}

/* For IPv4 clients only (RFC 6886 3); what is too short to be a request gets no answer. */
void lab_natpmp(struct lab *lab, usec now, const struct pcp_endpoint *from,
		const struct pcp_endpoint *to, const uint8_t *octets, size_t len)
{
	struct ask ask = { .lab = lab,
			   .now = now,
			   .from = from,
			   .to = to,
			   .octets = octets,
			   .len = len,
			   .opcode = octets[1] };
	const struct pcp_layout *layout = pcp_layout_natpmp(ask.opcode, PCP_REQ | PCP_V0);

	if (!pcp_addr_is_v4(from->addr) || (layout && len < layout->min_len))
		lab->counters.unanswered++;
	else if (!layout)
		bad_opcode(&ask);
	else if (ask.opcode == NATPMP_ADDRESS)
		address(&ask);
	else
		serve_map(&ask);
}
