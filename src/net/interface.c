/* Interfaces and their addresses, as getifaddrs() lists them. */
#include "interface.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "out.h"
#include "pcp.h"

unsigned interface_index(const char *name)
{
	return if_nametoindex(name);
}

size_t interface_names(char *buf, size_t cap)
{
	struct if_nameindex *list = if_nameindex();
	struct pcp_out out;

	pcp_out_begin(&out, buf, cap);
	for (struct if_nameindex *at = list; at && at->if_name; at++)
		pcp_out_format(&out, "%s%s", at == list ? "" : ", ", at->if_name);
	if_freenameindex(list);
	return out.len;
}

static bool address_of(const struct ifaddrs *at, struct pcp_endpoint *endpoint)
{
	const void *address = at->ifa_addr;

	memset(endpoint, 0, sizeof *endpoint);
	if (!address)
		return false;
	if (at->ifa_addr->sa_family == AF_INET) {
		pcp_addr_any(endpoint->addr, true);
		memcpy(endpoint->addr + 12, &((const struct sockaddr_in *)address)->sin_addr, 4);
		return true;
	}
	if (at->ifa_addr->sa_family != AF_INET6)
		return false;
	memcpy(endpoint->addr, &((const struct sockaddr_in6 *)address)->sin6_addr, PCP_ADDR_LEN);
	if (pcp_addr_is_link_local(endpoint->addr))
		endpoint->scope = ((const struct sockaddr_in6 *)address)->sin6_scope_id;
	return true;
}

unsigned interface_of(const struct pcp_endpoint *address)
{
	struct ifaddrs *list;
	unsigned found = 0;

	if (getifaddrs(&list) < 0)
		return 0;
	for (struct ifaddrs *at = list; at && !found; at = at->ifa_next) {
		struct pcp_endpoint has;

		if (address_of(at, &has) && pcp_endpoint_same_addr(&has, address))
			found = if_nametoindex(at->ifa_name);
	}
	freeifaddrs(list);
	return found;
}

bool interface_is_global(const struct pcp_endpoint *address)
{
	return (address->addr[0] & 0xe0) == 0x20;
}

/* How good an address is as a source; 0: none of the family. */
static int goodness(const struct pcp_endpoint *address, bool v4)
{
	if (pcp_addr_is_v4(address->addr) != v4)
		return 0;
	if (pcp_addr_is_link_local(address->addr))
		return 1;
	return v4 || interface_is_global(address) ? 3 : 2;
}

bool interface_address(unsigned interface, bool v4, struct pcp_endpoint *address)
{
	struct ifaddrs *list;
	int best = 0;

	if (getifaddrs(&list) < 0)
		return false;
	for (struct ifaddrs *at = list; at; at = at->ifa_next) {
		struct pcp_endpoint has;
		int good =
			address_of(at, &has) && if_nametoindex(at->ifa_name) == interface ? goodness(
												    &has,
												    v4)
											  : 0;

		if (good > best) {
			best = good;
			*address = has;
		}
	}
	freeifaddrs(list);
	return best > 0;
}

/* Octets 0 to 15 of the mask, as an address has them: IPv4's behind 96 bits. */
static bool mask_of(const struct ifaddrs *at, uint8_t mask[PCP_ADDR_LEN])
{
	struct ifaddrs alike = { .ifa_addr = at->ifa_netmask };
	struct sockaddr_storage family = { 0 };
	struct pcp_endpoint endpoint;

	if (!at->ifa_netmask)
		return false;
	/* Some systems leave the family out of a mask. */
	memcpy(&family, at->ifa_netmask,
	       at->ifa_addr->sa_family == AF_INET ? sizeof(struct sockaddr_in)
						  : sizeof(struct sockaddr_in6));
	family.ss_family = at->ifa_addr->sa_family;
	alike.ifa_addr = (struct sockaddr *)&family;
	if (!address_of(&alike, &endpoint))
		return false;
	memcpy(mask, endpoint.addr, PCP_ADDR_LEN);
	if (at->ifa_addr->sa_family == AF_INET)
		memset(mask, 0xff, 12);
	return true;
}

static void first_of(struct pcp_endpoint *address, const uint8_t mask[PCP_ADDR_LEN], bool v4)
{
	static const uint8_t all[PCP_ADDR_LEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
						   0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	bool alone = memcmp(mask, all, sizeof all) == 0;
	size_t kept = v4 ? 15 : 8; /* octets of the /24 or /64 */

	for (size_t i = 0; i < PCP_ADDR_LEN; i++)
		address->addr[i] &= alone ? (i < kept ? 0xff : 0) : mask[i];
	address->addr[PCP_ADDR_LEN - 1] |= 1;
}

bool interface_first(unsigned interface, bool v4, struct pcp_endpoint *first)
{
	struct ifaddrs *list;
	bool found = false;

	if (getifaddrs(&list) < 0)
		return false;
	for (struct ifaddrs *at = list; at && !found; at = at->ifa_next) {
		struct pcp_endpoint own;
		uint8_t mask[PCP_ADDR_LEN];

		if (!address_of(at, &own) || if_nametoindex(at->ifa_name) != interface ||
		    pcp_addr_is_v4(own.addr) != v4 || pcp_addr_is_link_local(own.addr) ||
		    !mask_of(at, mask))
			continue;
		*first = own;
		first_of(first, mask, v4);
		found = !pcp_endpoint_same_addr(first, &own);
	}
	freeifaddrs(list);
	return found;
}

bool interface_other(const struct pcp_endpoint *own, struct pcp_endpoint *other)
{
	unsigned interface = interface_of(own);
	struct ifaddrs *list;
	bool found = false;

	/* All of IPv4's are this host's. */
	if (pcp_addr_is_v4(own->addr) && pcp_addr_is_loopback(own->addr)) {
		*other = *own;
		other->port = 0;
		other->addr[15] ^= 3;
		return true;
	}
	if (!interface || getifaddrs(&list) < 0)
		return false;
	for (struct ifaddrs *at = list; at && !found; at = at->ifa_next)
		found = if_nametoindex(at->ifa_name) == interface && address_of(at, other) &&
			!pcp_endpoint_same_addr(other, own) &&
			!pcp_addr_is_link_local(other->addr) &&
			pcp_addr_is_v4(other->addr) == pcp_addr_is_v4(own->addr);
	freeifaddrs(list);
	return found;
}
