/* The default router, read from the tables that Linux shows as files. */
#include "gateway.h"

#include <inttypes.h>
#include <net/if.h>
#include <string.h>

#include "pcp.h"

enum { RTF_UP_BIT = 1, RTF_GATEWAY_BIT = 2, LINE = 256 };

bool gateway_parse_v4(FILE *file, struct pcp_endpoint *gateway)
{
	char line[LINE];
	unsigned best = 0;
	bool found = false;

	while (fgets(line, sizeof line, file)) {
		uint32_t destination, router, mask;
		unsigned flags, metric;

		/* Iface Destination Gateway Flags RefCnt Use Metric Mask; addresses in memory
		 * order. */
		if (sscanf(line, "%*s %" SCNx32 " %" SCNx32 " %x %*d %*d %u %" SCNx32, &destination,
			   &router, &flags, &metric, &mask) != 5)
			continue;
		if (destination || mask || !(flags & RTF_UP_BIT) || !(flags & RTF_GATEWAY_BIT))
			continue;
		if (found && metric >= best)
			continue;
		found = true;
		best = metric;
		*gateway = (struct pcp_endpoint){ .port = PCP_SERVER_PORT };
		pcp_addr_any(gateway->addr, true);
		memcpy(gateway->addr + 12, &router, sizeof router);
	}
	return found;
}

static bool hex_addr(const char *hex, uint8_t addr[PCP_ADDR_LEN])
{
	for (size_t i = 0; i < PCP_ADDR_LEN; i++) {
		unsigned octet;

		if (sscanf(hex + 2 * i, "%2x", &octet) != 1)
			return false;
		addr[i] = (uint8_t)octet;
	}
	return true;
}

static bool link_local(const uint8_t addr[PCP_ADDR_LEN])
{
	return addr[0] == 0xfe && (addr[1] & 0xc0) == 0x80;
}

bool gateway_parse_v6(FILE *file, unsigned (*index)(const char *name), struct pcp_endpoint *gateway)
{
	char line[LINE];
	unsigned best = 0;
	bool found = false;

	while (fgets(line, sizeof line, file)) {
		char destination[33], router[33], name[33];
		unsigned prefix, metric, flags;
		struct pcp_endpoint candidate = { .port = PCP_SERVER_PORT };

		/* destination prefix source prefix next-hop metric refcnt use flags device */
		if (sscanf(line, "%32s %x %*32s %*x %32s %x %*x %*x %x %32s", destination, &prefix,
			   router, &metric, &flags, name) != 6)
			continue;
		if (prefix || !(flags & RTF_UP_BIT) || !(flags & RTF_GATEWAY_BIT))
			continue;
		if (!hex_addr(router, candidate.addr) || (found && metric >= best))
			continue;
		if (link_local(candidate.addr))
			candidate.scope = index(name);
		found = true;
		best = metric;
		*gateway = candidate;
	}
	return found;
}

bool gateway_default(bool v4, struct pcp_endpoint *gateway)
{
	FILE *file = fopen(v4 ? "/proc/net/route" : "/proc/net/ipv6_route", "r");

	if (!file)
		return false;
	bool found = v4 ? gateway_parse_v4(file, gateway)
			: gateway_parse_v6(file, if_nametoindex, gateway);

	fclose(file);
	return found;
}
