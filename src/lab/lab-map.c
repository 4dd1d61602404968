/* MAP: RFC 6887 11.3, 15.1; PORT_SET: RFC 7753 4.2; PORT_RESERVATION:
 * draft-boucadair-pcp-rtp-rtcp-05 5. */
#include <stdio.h>
#include <string.h>

#include "lab-request-private.h"

static bool is_spoken(const struct lab *lab, uint8_t protocol)
{
	return lab->protocol[protocol / 8] >> (protocol % 8) & 1;
}

/* The nonce is the request's also for static mappings, which have none, and the internal port that
 * of the request also where the mapping is a set that starts elsewhere (RFC 6887 11.3, RFC 7753
 * 6.3); a single port among several that were touched is told by its own. */
void lab_mapping_send(struct lab_request *request, const struct lab_entry *entry, uint32_t lifetime)
{
	struct lab_reply reply;
	uint8_t body[64];

	lab_mapping_body(entry, body);
	memcpy(body + pcp_map_fields[MAP_NONCE].off, request->nonce, PCP_NONCE_LEN);
	if (entry->ports > 1)
		pcp_put(&pcp_map_fields[MAP_INTERNAL_PORT], body, request->key.internal_port);
	request->given_ports = entry->ports;
	request->given_first = entry->key.internal_port;
	lab_reply_begin(&reply, request, lifetime);
	lab_reply_body(&reply, request, body);
	lab_options_give(&reply, request);
	lab_reply_send(request, &reply);
}

uint8_t lab_check_protocol(struct lab_request *request)
{
	const struct lab_key *key = &request->key;

	if (key->protocol != 0 && !is_spoken(request->lab, key->protocol))
		return lab_refuse(request, PCP_UNSUPP_PROTOCOL, "protocol %u is not mapped here",
				  key->protocol);
	if (key->internal_port != 0 && !lab_has_ports(key->protocol))
		return lab_refuse(request, PCP_UNSUPP_PROTOCOL,
				  "protocol %u has no ports, and %u was asked for", key->protocol,
				  key->internal_port);
	return PCP_SUCCESS;
}

bool lab_nonce_fits(const struct lab_request *request, const struct lab_entry *entry)
{
	return !request->lab->set.nonce_check || entry->version == PCP_VERSION_NATPMP ||
	       entry->implicit || memcmp(entry->nonce, request->nonce, PCP_NONCE_LEN) == 0;
}

static uint32_t asked_ports(const struct lab_request *request)
{
	return request->port_set && request->set_size > 0 ? request->set_size : 1;
}

/* Mappings that a request touches: RFC 7753 4.4.1. */
struct touched {
	struct lab_entry *entry[LAB_OVERLAP_MAX];
	size_t n;
};

static void find_touched(const struct lab_request *request, struct touched *touched)
{
	struct lab_entry *entry = NULL;

	touched->n = 0;
	while (touched->n < LAB_OVERLAP_MAX &&
	       (entry = lab_touching(request->lab, &request->key, asked_ports(request), entry)))
		touched->entry[touched->n++] = entry;
}

uint8_t lab_refuse_nonce(struct lab_request *request, const struct lab_entry *entry)
{
	uint32_t left = lab_remaining(entry, request->now);

	return lab_refuse_for(request, PCP_NOT_AUTHORIZED, left,
			      "internal port %u was mapped with another nonce, for %u s more",
			      entry->key.internal_port, (unsigned)left);
}

static uint8_t check_nonces(struct lab_request *request, const struct touched *touched)
{
	for (size_t i = 0; i < touched->n; i++) {
		const struct lab_entry *entry = touched->entry[i];

		if (!entry->fixed && !lab_nonce_fits(request, entry))
			return lab_refuse_nonce(request, entry);
	}
	return PCP_SUCCESS;
}

/* ---- delete: RFC 6887 15.1 ---- */

static void delete_entry(struct lab_request *request, struct lab_entry *entry)
{
	struct lab *lab = request->lab;

	if (lab->set.active > 0) {
		lab_store_extend(lab, entry, request->now + (usec)lab->set.active * USEC_PER_SEC);
		snprintf(request->why, sizeof(request->why), "traffic keeps it for its idle time");
		return;
	}
	lab->counters.deleted++;
	lab_store_remove(lab, request->now, entry, true);
}

static uint8_t delete_mapping(struct lab_request *request)
{
	struct touched touched;
	struct lab_reply reply;
	uint8_t result;

	find_touched(request, &touched);
	result = check_nonces(request, &touched);
	if (result != PCP_SUCCESS)
		return result;
	for (size_t i = 0; i < touched.n; i++)
		if (touched.entry[i]->fixed)
			return lab_refuse(request, PCP_NOT_AUTHORIZED,
					  "internal port %u has a static mapping, which PCP cannot "
					  "delete",
					  touched.entry[i]->key.internal_port);
	if (touched.n == 0 && lab_outbound(request->lab, &request->key, request->key.v4))
		return lab_refuse(request, PCP_NOT_AUTHORIZED,
				  "internal port %u has an outbound mapping only, which MAP cannot "
				  "delete",
				  request->key.internal_port);
	if (touched.n > 0) {
		request->given_ports = touched.entry[0]->ports;
		request->given_first = touched.entry[0]->key.internal_port;
	}
	for (size_t i = 0; i < touched.n; i++)
		delete_entry(request, touched.entry[i]);
	lab_zero_reserved(pcp_layout_body(PCP_MAP, PCP_IN_MAP | PCP_RESP | PCP_V2, PCP_STANDARD),
			  request->body);
	lab_reply_begin(&reply, request, touched.n ? request->lab->set.active : 0);
	lab_reply_body(&reply, request, request->body);
	lab_options_give(&reply, request);
	lab_reply_send(request, &reply);
	return PCP_SUCCESS;
}

/* ---- create ---- */

static bool fits_suggestion(const struct lab_request *request, const struct lab_entry *entry)
{
	return entry->external_port == request->suggested_port &&
	       (pcp_addr_is_any(request->suggested) ||
		memcmp(entry->external, request->suggested, PCP_ADDR_LEN) == 0);
}

static usec expiry(const struct lab_request *request)
{
	return request->now + (usec)lab_clamp(request->lab, request->lifetime) * USEC_PER_SEC;
}

/* The conflicting mapping's remaining time and TIME_WAIT: RFC 6887 13.2. */
static uint8_t cannot_provide(struct lab_request *request, const struct lab_entry *rival,
			      const char *why)
{
	uint32_t left = rival ? lab_remaining(rival, request->now) : 0;

	if (!rival)
		return lab_refuse_for(request, PCP_CANNOT_PROVIDE_EXTERNAL,
				      request->lab->set.long_error, "%s", why);
	if (left < UINT32_MAX - LAB_TIME_WAIT)
		left += LAB_TIME_WAIT;
	return lab_refuse_for(request, PCP_CANNOT_PROVIDE_EXTERNAL, left, "%s", why);
}

static uint8_t refuse_external(struct lab_request *request, const struct lab_grant *grant)
{
	char why[LAB_WHY], addr[PCP_ADDR_TEXT], internal[PCP_ADDR_TEXT];
	const struct lab_entry *rival = grant->rival;

	pcp_addr_text(request->suggested, addr, sizeof(addr));
	snprintf(why, sizeof(why), "external %s port %u cannot be had", addr,
		 request->suggested_port);
	if (lab_gateways_own(request->key.protocol, request->suggested_port))
		snprintf(why, sizeof(why), "UDP port %u is the gateway's own",
			 request->suggested_port);
	if (rival) {
		pcp_addr_text(rival->key.internal, internal, sizeof(internal));
		snprintf(why, sizeof(why), "external port %u is %s %s port %u",
			 rival->external_port, rival->held ? "held for" : "mapped to", internal,
			 rival->key.internal_port);
	}
	return cannot_provide(request, rival, why);
}

uint8_t lab_refuse_allocation(struct lab_request *request, uint8_t result,
			      const struct lab_grant *grant)
{
	const struct lab_key *key = &request->key;
	struct lab_outside outside = lab_outside(request->lab, key->internal);

	switch (result) {
	case PCP_CANNOT_PROVIDE_EXTERNAL:
		return refuse_external(request, grant);
	case PCP_UNSUPP_PROTOCOL:
		return lab_refuse(request, result, "all ports cannot be mapped to one host");
	case PCP_NETWORK_FAILURE:
		return lab_refuse(request, result, "there is no external address");
	case PCP_NOT_AUTHORIZED:
		return lab_refuse(request, result,
				  "UDP port %u is the gateway's own, and a firewall cannot give "
				  "another",
				  key->internal_port);
	default:
		if (!(pcp_addr_is_v4(request->suggested) ? outside.v4 : outside.v6))
			return lab_refuse(request, result, "there is no such family outside");
		return lab_refuse(request, result, "no external address and port is left");
	}
}

/* The quota of a host counts its ports. */
uint8_t lab_refuse_quota(struct lab_request *request)
{
	return lab_refuse(request, PCP_USER_EX_QUOTA, "this host has %u ports, its quota is %u",
			  (unsigned)lab_host_ports(request->lab, &request->key),
			  (unsigned)request->lab->set.quota);
}

/* An entry as the request asks for it, with the external values granted; NULL: out of memory or
 * places. */
struct lab_entry *lab_create(struct lab_request *request, const struct lab_key *key,
			     const struct lab_grant *grant)
{
	struct lab_entry like = { .key = *key,
				  .external_port = grant->external_port,
				  .ports = grant->ports,
				  .version = request->version,
				  .client = *request->from,
				  .prefer_failure = request->prefer_failure };
	struct lab_entry *entry;

	memcpy(like.external, grant->external, PCP_ADDR_LEN);
	memcpy(like.nonce, request->nonce, PCP_NONCE_LEN);
	memcpy(like.client.addr, request->client, PCP_ADDR_LEN);
	entry = lab_store_add(request->lab, &like, expiry(request));
	if (!entry)
		return NULL;
	if (grant->reclaimed)
		lab_store_remove(request->lab, request->now, grant->reclaimed, false);
	if (lab_options_store(request, entry))
		return entry;
	lab_store_remove(request->lab, request->now, entry, false);
	return NULL;
}

static struct lab_want wanted(const struct lab_request *request, const struct lab_key *key)
{
	return (struct lab_want){ .key = key,
				  .nonce = request->nonce,
				  .owner = request->client,
				  .v4 = key->v4,
				  .suggested = request->suggested,
				  .suggested_port = request->suggested_port,
				  .ports = asked_ports(request),
				  .exact = request->prefer_failure,
				  .parity = request->port_set && request->parity };
}

static struct lab_key companion_key(const struct lab_request *request)
{
	struct lab_key key = request->key;

	key.internal_port++;
	return key;
}

/* Whether the next internal port may be mapped beside this one. */
static bool may_pair(const struct lab_request *request)
{
	struct lab_key key = companion_key(request);

	return request->reservation && !request->port_set && request->key.internal_port != 0 &&
	       request->key.internal_port != UINT16_MAX && lab_has_ports(request->key.protocol) &&
	       !lab_covering(request->lab, &key) && !lab_outbound(request->lab, &key, key.v4);
}

/* N+1 for P+1, beside an entry that stands: true when the pair is whole. */
static bool add_companion(struct lab_request *request, struct lab_entry *entry)
{
	struct lab_key key = companion_key(request);
	struct lab_want want = wanted(request, &key);
	struct lab_grant grant;
	struct lab_entry *twin;

	if (((entry->external_port ^ entry->key.internal_port) & 1) ||
	    entry->external_port == UINT16_MAX ||
	    lab_host_ports(request->lab, &key) >= request->lab->set.quota)
		return false;
	want.suggested = entry->external;
	want.suggested_port = (uint16_t)(entry->external_port + 1);
	want.exact = true;
	if (lab_allocate(request->lab, &want, &grant) != PCP_SUCCESS)
		return false;
	twin = lab_create(request, &key, &grant);
	if (twin)
		entry->pair = twin->pair = true;
	return twin != NULL;
}

/* The pair if it can be had, otherwise (unless PREFER_FAILURE) the one port. */
static uint8_t allocate(struct lab_request *request, struct lab_grant *grant)
{
	struct lab_want want = wanted(request, &request->key);
	uint32_t used = lab_host_ports(request->lab, &request->key);
	uint32_t left = used < request->lab->set.quota ? request->lab->set.quota - used : 0;
	uint8_t result;

	if (left == 0)
		return lab_refuse_quota(request);
	if (want.ports > left)
		want.ports = left;
	if (want.ports > request->lab->set.max_port_set)
		want.ports = request->lab->set.max_port_set;
	if (want.ports > (uint32_t)UINT16_MAX + 1 - request->key.internal_port)
		want.ports = (uint32_t)UINT16_MAX + 1 - request->key.internal_port;
	want.pair = may_pair(request) && left >= 2;
	if (request->reservation && want.exact && !want.pair)
		return cannot_provide(request, NULL, "the pair cannot be had");
	result = lab_allocate(request->lab, &want, grant);
	if (result != PCP_SUCCESS && want.pair && !want.exact) {
		want.pair = false;
		result = lab_allocate(request->lab, &want, grant);
	}
	request->paired = want.pair;
	return result == PCP_SUCCESS ? result : lab_refuse_allocation(request, result, grant);
}

uint8_t lab_refuse_full(struct lab_request *request)
{
	if (!lab_store_full(request->lab))
		return lab_refuse(request, PCP_NO_RESOURCES, "out of memory");
	return lab_refuse(request, PCP_NO_RESOURCES, "the table holds %u mappings, which is all",
			  (unsigned)request->lab->set.max_mappings);
}

static uint8_t create_mapping(struct lab_request *request)
{
	struct lab_entry *entry;
	struct lab_grant grant;
	uint8_t result = lab_options_fit(request, NULL);

	if (result == PCP_SUCCESS)
		result = allocate(request, &grant);
	if (result != PCP_SUCCESS)
		return result;
	entry = lab_create(request, &request->key, &grant);
	if (!entry)
		return lab_refuse_full(request);
	request->paired = request->paired && add_companion(request, entry);
	if (request->reservation && request->prefer_failure && !request->paired) {
		lab_store_remove(request->lab, request->now, entry, false);
		return cannot_provide(request, NULL, "the pair cannot be had");
	}
	lab_mapping_send(request, entry, lab_clamp(request->lab, request->lifetime));
	return PCP_SUCCESS;
}

/* ---- refresh ---- */

/* A mapping made outside PCP: told, never changed (RFC 6887 11.3). */
static uint8_t tell_static(struct lab_request *request, const struct lab_entry *entry)
{
	if (request->filter)
		return lab_refuse(request, PCP_NOT_AUTHORIZED, "a static mapping takes no filters");
	request->description = false;
	lab_mapping_send(request, entry, UINT32_MAX);
	return PCP_SUCCESS;
}

uint8_t lab_refresh(struct lab_request *request, struct lab_entry *entry, usec expires_at)
{
	if (!lab_options_store(request, entry) ||
	    !lab_store_extend(request->lab, entry, expires_at))
		return lab_refuse(request, PCP_NO_RESOURCES, "out of memory");
	lab_store_rekey(request->lab, entry, entry->external, entry->external_port, request->nonce,
			request->client);
	entry->client.port = request->from->port;
	entry->client.scope = request->from->scope;
	entry->version = request->version;
	entry->prefer_failure = request->prefer_failure;
	entry->implicit = entry->update = false;
	return PCP_SUCCESS;
}

static bool pair_stands(const struct lab_request *request, const struct lab_entry *entry)
{
	struct lab_key key = companion_key(request);
	const struct lab_entry *twin = lab_covering(request->lab, &key);

	return entry->pair && twin && twin->pair &&
	       twin->external_port == entry->external_port + 1 &&
	       memcmp(twin->nonce, entry->nonce, PCP_NONCE_LEN) == 0;
}

static uint8_t refresh_one(struct lab_request *request, struct lab_entry *entry)
{
	uint8_t result;

	if (entry->fixed)
		return tell_static(request, entry);
	result = lab_refresh(request, entry, expiry(request));
	if (result != PCP_SUCCESS)
		return result;
	request->paired =
		request->reservation && (pair_stands(request, entry) ||
					 (may_pair(request) && add_companion(request, entry)));
	lab_mapping_send(request, entry, lab_clamp(request->lab, request->lifetime));
	return PCP_SUCCESS;
}

static uint8_t refresh_mappings(struct lab_request *request, const struct touched *touched)
{
	uint8_t result = check_nonces(request, touched);

	for (size_t i = 0; result == PCP_SUCCESS && i < touched->n; i++) {
		if (request->prefer_failure && !fits_suggestion(request, touched->entry[i]))
			return refuse_external(request,
					       &(struct lab_grant){ .rival = touched->entry[i] });
		result = lab_options_fit(request, touched->entry[i]);
	}
	for (size_t i = 0; result == PCP_SUCCESS && i < touched->n; i++)
		result = refresh_one(request, touched->entry[i]);
	return result;
}

uint8_t lab_map(struct lab_request *request)
{
	struct touched touched;
	uint8_t result;

	if (request->key.protocol == 0 && request->key.internal_port != 0)
		return lab_refuse(request, PCP_MALFORMED_REQUEST,
				  "all protocols, but internal port %u alone",
				  request->key.internal_port);
	request->key.v4 = lab_means_v4(request->lab, request->key.internal, request->suggested);
	lab_store_bury(request->lab, request->now, &request->key);
	if (request->lifetime == 0)
		return delete_mapping(request);
	result = lab_check_protocol(request);
	if (result != PCP_SUCCESS)
		return result;
	find_touched(request, &touched);
	return touched.n ? refresh_mappings(request, &touched) : create_mapping(request);
}
