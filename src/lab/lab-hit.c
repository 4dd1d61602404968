/* What a mutant looks at: the request that it may strike, its answer, and what came before. */
#include <string.h>

#include "lab-mutant.h"

/* ---- what stands in a packet ---- */

uint32_t hit_get(const uint8_t *at, size_t octets)
{
	uint32_t value = 0;

	while (octets-- > 0)
		value = value << 8 | *at++;
	return value;
}

void hit_put(uint8_t *at, size_t octets, uint32_t value)
{
	for (; octets > 0; value >>= 8)
		at[--octets] = (uint8_t)value;
}

bool hit_is(const struct lab_hit *h, uint8_t opcode)
{
	return h->n >= PCP_HEADER_LEN && h->q[0] == PCP_VERSION_2 && h->q[1] == opcode;
}

bool hit_announce(const struct lab_hit *h)
{
	return hit_is(h, PCP_ANNOUNCE);
}

bool hit_map(const struct lab_hit *h)
{
	return hit_is(h, PCP_MAP) && h->n >= OPTIONS;
}

bool hit_makes(const struct lab_hit *h)
{
	return hit_map(h) && hit_get(h->q + LIFETIME, 4) > 0;
}

bool hit_deletes(const struct lab_hit *h)
{
	return hit_map(h) && hit_get(h->q + LIFETIME, 4) == 0;
}

bool hit_result(const struct lab_hit *h, uint8_t code)
{
	return h->a && h->a[3] == code;
}

bool hit_made(const struct lab_hit *h)
{
	return hit_makes(h) && hit_result(h, PCP_SUCCESS);
}

bool hit_plain(const struct lab_hit *h)
{
	return h->n == OPTIONS;
}

uint32_t hit_suggested(const struct lab_hit *h)
{
	return hit_get(h->q + EXTERNAL, 2);
}

/* The nth option, and its code. */
bool hit_option(const struct lab_hit *h, size_t nth, uint8_t code, struct pcp_tlv *tlv)
{
	size_t start = PCP_HEADER_LEN + pcp_body_len(h->q[1] & 0x7f, PCP_VERSION_2), pos = 0;
	bool bad = false;

	if (h->n <= start)
		return false;
	while (pcp_tlv_next(h->q + start, h->n - start, &pos, tlv, &bad))
		if (nth-- == 0)
			return tlv->code == code;
	return false;
}

size_t hit_options(const struct lab_hit *h)
{
	size_t start = PCP_HEADER_LEN + pcp_body_len(h->q[1] & 0x7f, PCP_VERSION_2), pos = 0, n = 0;
	struct pcp_tlv tlv;
	bool bad = false;

	while (h->n > start && pcp_tlv_next(h->q + start, h->n - start, &pos, &tlv, &bad))
		n++;
	return n;
}

bool hit_has(const struct lab_hit *h, uint8_t code)
{
	struct pcp_tlv tlv;

	return hit_option(h, 0, code, &tlv);
}

bool hit_option_of(const struct lab_hit *h, uint8_t code, size_t len)
{
	struct pcp_tlv tlv;

	return hit_option(h, 0, code, &tlv) && tlv.len == len;
}

bool hit_repeats(const struct lab_hit *h)
{
	const struct lab_mutation *m = h->memory;

	return m->before_len == h->n && h->n <= sizeof m->before &&
	       memcmp(m->before, h->q, h->n) == 0;
}

uint8_t hit_opcode_before(const struct lab_hit *h)
{
	return h->memory->before_len >= OPTIONS ? h->memory->before[1] : 0xff;
}

bool hit_same_internal_before(const struct lab_hit *h)
{
	const struct lab_mutation *m = h->memory;

	return m->before_len >= OPTIONS && memcmp(m->before + PROTOCOL, h->q + PROTOCOL, 6) == 0;
}

bool hit_natpmp(const struct lab_hit *h, uint8_t opcode)
{
	return h->n >= 2 && h->q[0] == PCP_VERSION_NATPMP && h->q[1] == opcode;
}

bool hit_asks_address(const struct lab_hit *h)
{
	return h->n == 2 && hit_natpmp(h, NATPMP_ADDRESS);
}

bool hit_filtered(const struct lab_hit *h)
{
	return hit_makes(h) && hit_option_of(h, PCP_FILTER, 20);
}

/* ---- memory ---- */

/* What of the requests before has to be known. */
void lab_mutant_note(struct lab_mutation *m, const struct lab_hit *h,
		     const struct pcp_endpoint *from)
{
	memcpy(m->from, from->addr, PCP_ADDR_LEN);
	if (!m->client.port)
		m->client = *from;
	m->other_address = !pcp_endpoint_same_addr(&m->client, from);
	m->other_port = !m->other_address && m->client.port != from->port;
	m->mappings = lab_nmappings(h->lab);
	if (m->announces <= 40) /* then it is dead for good */
		m->announces = hit_announce(h) && h->n == PCP_HEADER_LEN ? m->announces + 1 : 0;
	m->poisoned |= hit_map(h) && h->n % 4;
	m->addresses += hit_asks_address(h);
	m->long_ago = hit_makes(h) && hit_get(h->q + LIFETIME, 4) == 3600 ? 0 : m->long_ago + 1;
	if (hit_makes(h) && !hit_has(h, PCP_FILTER))
		m->filters = 0;
	if (hit_filtered(h) && (hit_options(h) == 21 || m->filters == 21))
		m->filters = 21;
	if (hit_deletes(h) && hit_has(h, PCP_PORT_SET))
		m->deleted_set = (uint16_t)hit_get(h->q + INTERNAL, 2);
}
