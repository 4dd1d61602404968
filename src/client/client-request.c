/* Reading and making the octets of MAP and PEER requests of version 2. */
#include "client-private.h"
#include "layout-rows.h"

#include <stdlib.h>
#include <string.h>

/* Fields of MAP_*, PEER_* indices serve both opcodes: RFC 6887 12.1. */
static const struct pcp_field *const body = pcp_peer_fields;

/* The octets of the header and of the opcode's body, behind which its options stand. */
static size_t fixed_part(uint8_t opcode)
{
	/* The rows themselves: each datagram asks for them several times. */
	return PCP_HEADER_LEN +
	       (opcode == PCP_PEER ? &pcp_layout_peer_request : &pcp_layout_map_request)->min_len;
}

bool client_has_options(const uint8_t *octets, size_t len)
{
	return len >= PCP_HEADER_LEN && len > fixed_part(pcp_opcode_of(octets));
}

static void read_option(struct client_message *message, const struct pcp_tlv *tlv)
{
	switch (tlv->code) {
	case PCP_THIRD_PARTY:
		if (tlv->len != PCP_ADDR_LEN)
			return;
		memcpy(message->key.internal, tlv->data, PCP_ADDR_LEN);
		message->third_party = true;
		return;
	case PCP_THIRD_PARTY_ID:
		message->key.realm = tlv->data;
		message->key.realm_len = tlv->len;
		return;
	case PCP_PREFER_FAILURE:
		message->prefer_failure = true;
		return;
	case PCP_PORT_RESERVATION:
		message->reservation = true;
		return;
	case PCP_PORT_SET:
	case PCP_PORT_SET_255:
		if (tlv->len >= 5)
			message->port_set_size =
				(uint16_t)pcp_get(&pcp_port_set_fields[PORT_SET_SIZE], tlv->data);
		return;
	case PCP_DESCRIPTION:
	case PCP_DESCRIPTION_64:
		message->description = tlv->data;
		message->description_len = tlv->len;
		return;
	default:
		return; /* 7.3: unknown options are ignored, mandatory ones too */
	}
}

bool client_message(struct client_message *message, uint16_t server, const uint8_t *source,
		    const uint8_t *octets, size_t len)
{
	uint8_t opcode = len >= PCP_HEADER_LEN ? pcp_opcode_of(octets) : 0;
	const uint8_t *map = octets + PCP_HEADER_LEN;
	struct pcp_tlv tlv;
	size_t fixed, pos = 0;
	bool bad = false;

	if (len < PCP_HEADER_LEN || octets[0] != PCP_VERSION_2 ||
	    (opcode != PCP_MAP && opcode != PCP_PEER))
		return false;
	fixed = fixed_part(opcode);
	if (len < fixed)
		return false;
	*message = (struct client_message){
		.key = { .server = server,
			 .opcode = opcode,
			 .protocol = (uint8_t)pcp_get(&body[MAP_PROTOCOL], map),
			 .internal_port = (uint16_t)pcp_get(&body[MAP_INTERNAL_PORT], map) },
		.nonce = pcp_at(&body[MAP_NONCE], map),
		.external = pcp_at(&body[MAP_EXTERNAL_ADDRESS], map),
		.external_port = (uint16_t)pcp_get(&body[MAP_EXTERNAL_PORT], map),
		.lifetime = pcp_get(&pcp_request_fields[REQ_LIFETIME], octets),
	};
	memcpy(message->key.internal, source, PCP_ADDR_LEN);
	if (opcode == PCP_PEER) {
		message->key.remote_port = (uint16_t)pcp_get(&body[PEER_REMOTE_PORT], map);
		memcpy(message->key.remote, pcp_at(&body[PEER_REMOTE_ADDRESS], map), PCP_ADDR_LEN);
	}
	while (pcp_tlv_next(octets + fixed, len - fixed, &pos, &tlv, &bad)) {
		message->options[tlv.code / 8] |= (uint8_t)(1 << tlv.code % 8);
		read_option(message, &tlv);
	}
	return true;
}

static void put_external(uint8_t *octets, uint16_t port, const uint8_t *address)
{
	uint8_t *map = octets + PCP_HEADER_LEN;

	pcp_put(&body[MAP_EXTERNAL_PORT], map, port);
	memcpy(map + body[MAP_EXTERNAL_ADDRESS].off, address, PCP_ADDR_LEN);
}

/* 11.2.1, 16.3.1: the same packet, suggesting what was assigned. */
uint8_t *client_renewal(const struct pcp_mapping *mapping, bool assigned, size_t *len)
{
	uint8_t *octets = malloc(mapping->request_len);

	if (!octets)
		return NULL;
	memcpy(octets, mapping->request, mapping->request_len);
	memcpy(octets + PCP_HEADER_LEN + body[MAP_NONCE].off, mapping->nonce, PCP_NONCE_LEN);
	if (assigned && (mapping->external_port || !pcp_addr_is_any(mapping->external)))
		put_external(octets, mapping->external_port, mapping->external);
	*len = mapping->request_len;
	return octets;
}

/* Options that a deletion keeps: those that say which mapping is meant (13.1; RFC 7843 5.2), and
 * PORT_SET (RFC 7753 4.4). With lifetime 0, PREFER_FAILURE and FILTER are errors (11.3, 13.3). */
static bool names_the_mapping(uint8_t code)
{
	return code == PCP_THIRD_PARTY || code == PCP_THIRD_PARTY_ID || code == PCP_PORT_SET ||
	       code == PCP_PORT_SET_255;
}

/* 15.1: lifetime 0, suggested values zero in the family they had. */
uint8_t *client_deletion(const struct pcp_mapping *mapping, size_t *len)
{
	uint8_t *octets = malloc(mapping->request_len), zero[PCP_ADDR_LEN];
	size_t fixed = fixed_part(mapping->opcode), pos = 0;
	struct pcp_tlv tlv;
	bool bad = false;

	if (!octets)
		return NULL;
	memcpy(octets, mapping->request, fixed);
	memcpy(octets + PCP_HEADER_LEN + body[MAP_NONCE].off, mapping->nonce, PCP_NONCE_LEN);
	pcp_put(&pcp_request_fields[REQ_LIFETIME], octets, 0);
	pcp_addr_any(zero, pcp_addr_is_v4(mapping->suggested));
	put_external(octets, 0, zero);
	*len = fixed;
	while (pcp_tlv_next(mapping->request + fixed, mapping->request_len - fixed, &pos, &tlv,
			    &bad)) {
		size_t whole = (PCP_TLV_LEN + tlv.len + 3) & ~(size_t)3;
		if (!names_the_mapping(tlv.code) || fixed + tlv.off + whole > mapping->request_len)
			continue;
		memcpy(octets + *len, mapping->request + fixed + tlv.off, whole);
		*len += whole;
	}
	return octets;
}

uint8_t *client_request_for(const struct pcp_mapping *mapping, const uint8_t *source, size_t *len)
{
	size_t fixed = fixed_part(mapping->opcode);
	bool third_party = memcmp(mapping->internal, source, PCP_ADDR_LEN) != 0;
	uint8_t *octets = calloc(1, fixed + PCP_TLV_LEN + PCP_ADDR_LEN), *map;

	if (!octets)
		return NULL;
	map = octets + PCP_HEADER_LEN;
	octets[0] = PCP_VERSION_2;
	octets[1] = mapping->opcode;
	pcp_put(&pcp_request_fields[REQ_LIFETIME], octets, mapping->requested_lifetime);
	memcpy(octets + pcp_request_fields[REQ_CLIENT].off, source, PCP_ADDR_LEN);
	memcpy(map + body[MAP_NONCE].off, mapping->nonce, PCP_NONCE_LEN);
	pcp_put(&body[MAP_PROTOCOL], map, mapping->protocol);
	pcp_put(&body[MAP_INTERNAL_PORT], map, mapping->internal_port);
	put_external(octets, mapping->suggested_port, mapping->suggested);
	if (mapping->opcode == PCP_PEER) {
		pcp_put(&body[PEER_REMOTE_PORT], map, mapping->remote_port);
		memcpy(map + body[PEER_REMOTE_ADDRESS].off, mapping->remote, PCP_ADDR_LEN);
	}
	*len = fixed;
	if (third_party) {
		octets[fixed] = PCP_THIRD_PARTY;
		octets[fixed + 3] = PCP_ADDR_LEN;
		memcpy(octets + fixed + PCP_TLV_LEN, mapping->internal, PCP_ADDR_LEN);
		*len += PCP_TLV_LEN + PCP_ADDR_LEN;
	}
	return octets;
}
