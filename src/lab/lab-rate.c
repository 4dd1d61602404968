/* How many requests a second are heard, in all and of one address. */
#include <string.h>

#include "lab-request-private.h"

static bool over(struct lab_rate *rate, usec now, uint32_t limit)
{
	if (now - rate->second >= USEC_PER_SEC) {
		rate->second = now;
		rate->count = 0;
	}
	return ++rate->count > limit;
}

/* Sources share a place by their address, so that a flood of forged ones costs no memory: who
 * shares one with a busy source is heard less, never more. An IPv6 host has 64 bits of addresses to
 * choose from, which count as one. */
static struct lab_rate *of_source(struct lab *lab, const uint8_t addr[PCP_ADDR_LEN])
{
	size_t len = pcp_addr_is_v4(addr) ? PCP_ADDR_LEN : PCP_ADDR_LEN / 2;
	uint32_t sum = lab->rate_salt;

	for (size_t i = 0; i < len; i++)
		sum = (sum ^ addr[i]) * UINT32_C(0x01000193);
	return &lab->source_rate[(sum ^ sum >> 16) % LAB_SOURCES];
}

const char *lab_too_many(struct lab *lab, usec now, const struct pcp_endpoint *from)
{
	if (lab->set.source_rate > 0 && over(of_source(lab, from->addr), now, lab->set.source_rate))
		return "too many requests from this address";
	if (lab->set.max_rate > 0 && over(&lab->rate, now, lab->set.max_rate))
		return "too many requests";
	return NULL;
}
