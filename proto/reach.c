/* The ranges of addresses that a gateway may give and the Internet cannot reach. */
#include "reach.h"

#include <string.h>

#include "text.h"

#define V4(a, b, c, d, n) { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, a, b, c, d }, 96 + (n)
#define V6(a, b, c, d, n) { a, b, c, d }, n
#define E		  PCP_ERROR, false
#define W		  PCP_WARNING, false
#define N		  PCP_NOTE, false
#define DOC		  PCP_NOTE, true

/* clang-format off */
static const char unroutable[] = "another NAT stands outside this one, or the network is private by design",
	noaddress[] = "the gateway has no address yet (NETWORK_FAILURE was due)",
	nohost[] = "no host can have it",
	document[] = "a lab or an example gives such",
	local[] = "a prefix translator stands outside, or there is no global prefix",
	relayed[] = "it depends on relays that hardly anybody runs any more",
	lease[] = "the gateway's uplink has no lease",
	linklocal[] = "the request left from an address of one link",
	special[] = "it serves protocols and tests, not hosts",
	synthesised[] = "it is an IPv6 form of an IPv4 address, made by a translator";

/* The narrower range comes first. */
static const struct pcp_reach v4[] = {
	{ V4(192, 168, 0, 0, 16), W, "private (RFC 1918)", unroutable },
	{ V4(10, 0, 0, 0, 8), W, "private (RFC 1918)", unroutable },
	{ V4(172, 16, 0, 0, 12), W, "private (RFC 1918)", unroutable },
	{ V4(100, 64, 0, 0, 10), W, "of a carrier's NAT (RFC 6598)",
	  "another NAT stands outside, the provider's, which would have to map too" },
	{ V4(192, 0, 0, 0, 29), W, "of DS-Lite (RFC 6333)",
	  "the NAT is the provider's AFTR, and this mapping ends before it" },
	{ V4(192, 0, 0, 0, 24), W, "of protocol assignments (RFC 6890)", special },
	{ V4(169, 254, 0, 0, 16), W, "link-local (RFC 3927)", lease },
	{ V4(192, 0, 2, 0, 24), DOC, "of documentation (RFC 5737)", document },
	{ V4(198, 51, 100, 0, 24), DOC, "of documentation (RFC 5737)", document },
	{ V4(203, 0, 113, 0, 24), DOC, "of documentation (RFC 5737)", document },
	{ V4(198, 18, 0, 0, 15), W, "of benchmarks (RFC 2544)", special },
	{ V4(0, 0, 0, 0, 8), E, "no address (RFC 6890)", noaddress },
	{ V4(127, 0, 0, 0, 8), E, "loopback (RFC 1122)", nohost },
	{ V4(224, 0, 0, 0, 4), E, "multicast (RFC 1112)", nohost },
	{ V4(240, 0, 0, 0, 4), E, "reserved (RFC 1112)", nohost },
}, v6[] = {
	{ V6(0, 0, 0, 0, 128), E, "no address (RFC 6890)", noaddress },
	{ { [15] = 1 }, 128, E, "loopback (RFC 4291)", nohost },
	{ V6(0, 0, 0, 0, 96), E, "IPv4 without the prefix ::ffff:0:0/96 (RFC 6887 5)",
	  "the encoder forgot it" },
	{ V6(0xfe, 0x80, 0, 0, 10), W, "link-local (RFC 4291)", linklocal },
	{ V6(0xfe, 0xc0, 0, 0, 10), W, "site-local (RFC 4291 2.5.7)", local },
	{ V6(0xfc, 0, 0, 0, 7), W, "a unique local address (RFC 4193)", local },
	{ V6(0x20, 0x01, 0, 0, 32), N, "of Teredo (RFC 4380)", relayed },
	{ V6(0x20, 0x01, 0, 2, 48), W, "of benchmarks (RFC 5180)", special },
	{ V6(0x20, 0x01, 0x0d, 0xb8, 32), DOC, "of documentation (RFC 3849)", document },
	{ V6(0x3f, 0xff, 0, 0, 20), DOC, "of documentation (RFC 9637)", document },
	{ V6(0x20, 0x02, 0, 0, 16), N, "of 6to4 (RFC 3056)", relayed },
	{ V6(0x01, 0, 0, 0, 64), W, "the discard prefix (RFC 6666)", special },
	{ V6(0, 0x64, 0xff, 0x9b, 96), W, "synthesised (RFC 6052)", synthesised },
	{ { 0, 0x64, 0xff, 0x9b, 0, 1 }, 48, W, "synthesised (RFC 8215)", synthesised },
	{ V6(0xff, 0, 0, 0, 8), E, "multicast (RFC 4291)", nohost },
};
/* clang-format on */

static bool matches(const struct pcp_reach *row, const uint8_t *addr)
{
	unsigned whole = row->bits / 8, rest = row->bits % 8;

	/* The last whole octet is where most of them differ. */
	if (whole && row->prefix[whole - 1] != addr[whole - 1])
		return false;
	return !memcmp(row->prefix, addr, whole) &&
	       (!rest || (row->prefix[whole] ^ addr[whole]) >> (8 - rest) == 0);
}

const struct pcp_reach *pcp_reach(const uint8_t addr[PCP_ADDR_LEN])
{
	bool is_v4 = pcp_addr_is_v4(addr);
	const struct pcp_reach *row = is_v4 ? v4 : v6;
	const struct pcp_reach *end =
		row + (is_v4 ? sizeof v4 / sizeof *v4 : sizeof v6 / sizeof *v6);

	for (; row < end; row++)
		if (matches(row, addr))
			return row;
	return NULL;
}
