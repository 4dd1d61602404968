/* PEER: RFC 6887 12.3. */
#include <string.h>

#include "lab-request-private.h"

/* Addresses that no packet goes to, and another family than the internal address: RFC 6887 12.1,
 * 12.3. */
static bool is_possible_peer(const struct lab_key *key)
{
	const uint8_t *addr = key->remote;
	static const uint8_t loopback[PCP_ADDR_LEN] = { [15] = 1 };

	if (pcp_addr_is_v4(addr) != pcp_addr_is_v4(key->internal) || pcp_addr_is_any(addr))
		return false;
	if (pcp_addr_is_v4(addr))
		return addr[12] != 0 && addr[12] != 127 && addr[12] < 224;
	return addr[0] != 0xff && memcmp(addr, loopback, PCP_ADDR_LEN) != 0;
}

static uint8_t check_fields(struct lab_request *request)
{
	const struct lab_key *key = &request->key;
	char remote[PCP_ADDR_TEXT];

	if (key->protocol == 0 || key->internal_port == 0 || key->remote_port == 0)
		return lab_refuse(
			request, PCP_MALFORMED_REQUEST,
			"PEER needs a protocol, an internal and a remote port, and the %s is 0",
			key->protocol == 0	  ? "protocol"
			: key->internal_port == 0 ? "internal port"
						  : "remote port");
	if (!is_possible_peer(key)) {
		pcp_addr_text(key->remote, remote, sizeof(remote));
		return lab_refuse(request, PCP_MALFORMED_REQUEST,
				  "%s cannot be the address of this client's peer", remote);
	}
	return lab_check_protocol(request);
}

static uint8_t answer(struct lab_request *request, const struct lab_entry *entry)
{
	lab_mapping_send(request, entry, lab_remaining(entry, request->now));
	return PCP_SUCCESS;
}

static uint8_t create_peer(struct lab_request *request, usec expires_at)
{
	struct lab_want want = { .key = &request->key,
				 .nonce = request->nonce,
				 .owner = request->client,
				 .v4 = lab_means_v4(request->lab, request->key.internal,
						    request->suggested),
				 .suggested = request->suggested,
				 .suggested_port = request->suggested_port,
				 .ports = 1,
				 .exact = true };
	struct lab_grant grant;
	struct lab_entry *entry;
	uint8_t result;

	if (lab_host_ports(request->lab, &request->key) >= request->lab->set.quota)
		return lab_refuse_quota(request);
	result = lab_allocate(request->lab, &want, &grant);
	if (result != PCP_SUCCESS)
		return lab_refuse_allocation(request, result, &grant);
	entry = lab_create(request, &request->key, &grant);
	if (!entry || !lab_store_extend(request->lab, entry, expires_at))
		return lab_refuse_full(request);
	return answer(request, entry);
}

uint8_t lab_peer(struct lab_request *request)
{
	uint8_t result = check_fields(request);
	usec expires_at =
		request->now + (usec)lab_clamp(request->lab, request->lifetime) * USEC_PER_SEC;
	struct lab_entry *entry;

	if (result != PCP_SUCCESS)
		return result;
	lab_store_bury(request->lab, request->now, &request->key);
	entry = lab_find(request->lab, &request->key);
	if (!entry)
		return create_peer(request, expires_at);
	if (!lab_nonce_fits(request, entry))
		return lab_refuse_nonce(request, entry);
	/* PEER never shortens: RFC 6887 12.1. */
	if (expires_at < entry->timer.at)
		expires_at = entry->timer.at;
	result = lab_refresh(request, entry, expires_at);
	return result == PCP_SUCCESS ? answer(request, entry) : result;
}
