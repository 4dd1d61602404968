/* NAT-PMP under the same roof: RFC 6886. Requests are kept in PCP's form and put into NAT-PMP's
 * words when they are sent, since each of them tries PCP first (1.1). */
#include "client-private.h"

#include <stdlib.h>
#include <string.h>

uint16_t natpmp_get16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

uint32_t natpmp_get32(const uint8_t *at)
{
	return (uint32_t)natpmp_get16(at) << 16 | natpmp_get16(at + 2);
}

static void put16(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
	put16(at, (uint16_t)(value >> 16));
	put16(at + 2, (uint16_t)value);
}

/* A mandatory option cannot be left out; those from 128 on may be skipped (RFC 6887 7.3). */
static bool has_mandatory_option(const uint8_t *octets, size_t len)
{
	size_t fixed = PCP_HEADER_LEN + pcp_body_len(PCP_MAP, PCP_VERSION_2), pos = 0;
	struct pcp_tlv tlv;
	bool bad = false;

	while (pcp_tlv_next(octets + fixed, len - fixed, &pos, &tlv, &bad))
		if (tlv.code < PCP_OPTIONAL)
			return true;
	return bad;
}

static const char *unsayable(const uint8_t *octets, size_t len, const struct client_message *m,
			     bool meant)
{
	if (m->key.opcode != PCP_MAP)
		return "NAT-PMP has no PEER";
	if (m->key.protocol != PCP_TCP && m->key.protocol != PCP_UDP)
		return "NAT-PMP maps TCP and UDP only";
	if (m->key.internal_port == 0 && m->lifetime > 0 && !meant)
		return "NAT-PMP cannot map all ports";
	if (has_mandatory_option(octets, len))
		return "NAT-PMP has no options, and this request has one that must not be left out";
	return NULL;
}

size_t natpmp_translate(const uint8_t *octets, size_t len, bool meant, uint8_t *wire,
			const char **reason)
{
	static const uint8_t nobody[PCP_ADDR_LEN];
	struct client_message m;

	memset(wire, 0, NATPMP_MAX);
	if (len >= PCP_HEADER_LEN && octets[0] == PCP_VERSION_2 && octets[1] == PCP_ANNOUNCE)
		return 2; /* 3.2: what shows that it is there, and its clock */
	if (!client_message(&m, 0, nobody, octets, len)) {
		*reason = "NAT-PMP knows only the address request, and MAP of TCP and UDP";
		return 0;
	}
	*reason = unsayable(octets, len, &m, meant);
	if (*reason)
		return 0;
	wire[1] = m.key.protocol == PCP_UDP ? NATPMP_MAP_UDP : NATPMP_MAP_TCP;
	put16(wire + 4, m.key.internal_port);
	put16(wire + 6, m.external_port);
	put32(wire + 8, m.lifetime);
	return NATPMP_MAP_LEN;
}

static uint8_t *lift_map(const uint8_t *octets, const uint8_t *source, size_t *lifted)
{
	struct pcp_mapping mapping = { .opcode = PCP_MAP,
				       .protocol = octets[1] == NATPMP_MAP_UDP ? PCP_UDP : PCP_TCP,
				       .internal_port = natpmp_get16(octets + 4),
				       .suggested_port = natpmp_get16(octets + 6),
				       .requested_lifetime = natpmp_get32(octets + 8) };

	memcpy(mapping.internal, source, PCP_ADDR_LEN);
	pcp_addr_any(mapping.suggested, true);
	return client_request_for(&mapping, source, lifted);
}

uint8_t *natpmp_lift(const uint8_t *octets, size_t len, const uint8_t *source, size_t *lifted)
{
	uint8_t *pcp;

	if (len == NATPMP_MAP_LEN && (octets[1] == NATPMP_MAP_UDP || octets[1] == NATPMP_MAP_TCP))
		return lift_map(octets, source, lifted);
	if (len != 2 || octets[1] != NATPMP_ADDRESS || !(pcp = calloc(1, PCP_HEADER_LEN)))
		return NULL;
	pcp[0] = PCP_VERSION_2; /* ANNOUNCE */
	*lifted = PCP_HEADER_LEN;
	return pcp;
}
