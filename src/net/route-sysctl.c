/*
 * The way out, read from the table of routes that sysctl(3) of the BSDs and of macOS gives:
 * messages of the routing socket (route(4)), each a header and behind it addresses, which are read
 * octet by octet: the first is a length, the second a family.
 */
#include <sys/types.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <net/route.h>
#include <sys/sysctl.h>

#include "pcp.h"
#include "route-private.h"

enum { TRIES = 5, TABLE_MAX = 64 << 20 };
#ifndef RTF_IFSCOPE /* macOS: for those who ask for the interface alone */
#define RTF_IFSCOPE 0
#endif

/* One address of a message; len 0: it is not there. */
struct part {
	const uint8_t *at;
	size_t len;
};

/* Its own octets stand behind the port, and in IPv6 the flow. */
static const uint8_t *inside(const struct part *part, bool v4)
{
	size_t off = v4 ? 4 : 8, len = v4 ? 4 : PCP_ADDR_LEN;

	if (part->len < off + len || part->at[1] != (v4 ? AF_INET : AF_INET6))
		return NULL;
	return part->at + off;
}

/* The addresses of a message; each begins where ROUTE_ALIGN allows it (Makefile). False: they do
 * not fit into it. */
static bool split(const uint8_t *octets, size_t len, unsigned which, struct part part[RTAX_MAX])
{
	const size_t unit = ROUTE_ALIGN;
	size_t pos = sizeof(struct rt_msghdr);

	memset(part, 0, RTAX_MAX * sizeof *part);
	for (unsigned i = 0; i < RTAX_MAX; i++) {
		size_t size;

		if (!(which >> i & 1))
			continue;
		if (pos >= len || octets[pos] > len - pos)
			return false;
		size = octets[pos];
		part[i] = (struct part){ octets + pos, size };
		pos += size ? (size + unit - 1) / unit * unit : unit;
	}
	return true;
}

/* Bits of a mask, which ends behind its last octet that is not 0 and has no family. */
static unsigned bits_of(const struct part *mask, bool v4)
{
	size_t off = v4 ? 4 : 8, end = off + (v4 ? 4 : PCP_ADDR_LEN);
	unsigned bits = 0;

	for (size_t i = off; i < end && i < mask->len; i++)
		for (unsigned bit = 0x80; bit; bit >>= 1) {
			if (!(mask->at[i] & bit))
				return bits;
			bits++;
		}
	return bits;
}

static bool begins_alike(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	size_t whole = bits / 8;

	return !memcmp(a, b, whole) &&
	       (bits % 8 == 0 || !((a[whole] ^ b[whole]) >> (8 - bits % 8)));
}

static void take(struct route_way *route, unsigned interface, const struct part *gateway)
{
	const uint8_t *v4 = inside(gateway, true), *v6 = inside(gateway, false);

	*route = (struct route_way){ .interface = interface,
				     .has_gateway = v4 || v6,
				     .gateway = { .port = PCP_SERVER_PORT } };
	if (v4) {
		pcp_addr_any(route->gateway.addr, true);
		memcpy(route->gateway.addr + 12, v4, 4);
	}
	if (v6)
		memcpy(route->gateway.addr, v6, PCP_ADDR_LEN);
	if (!v4 && v6 && pcp_addr_is_link_local(v6)) {
		/* Kernels note the scope within the address. */
		route->gateway.addr[2] = route->gateway.addr[3] = 0;
		route->gateway.scope = interface;
	}
}

/* How many bits of the target the route names, plus 1; 0: it does not lead there. */
static unsigned leads(const struct rt_msghdr *header, const struct part part[RTAX_MAX], bool v4,
		      unsigned interface)
{
	const uint8_t *to = inside(&part[RTAX_DST], v4);
	unsigned all = v4 ? 32 : 128, bits = all;

	if (header->rtm_version != RTM_VERSION || !(header->rtm_flags & RTF_UP) || !to ||
	    (header->rtm_flags & (RTF_REJECT | RTF_BLACKHOLE)))
		return 0;
	if (interface ? header->rtm_index != interface : header->rtm_flags & RTF_IFSCOPE)
		return 0;
	if (!(header->rtm_flags & RTF_HOST))
		bits = bits_of(&part[RTAX_NETMASK], v4);
	return begins_alike(to, route_target(v4), bits) ? 1 + bits : 0;
}

bool route_of_table(const uint8_t *octets, size_t len, bool v4, unsigned interface,
		    struct route_way *route)
{
	struct part part[RTAX_MAX];
	struct rt_msghdr header;
	unsigned best = 0;

	for (size_t pos = 0; len - pos >= sizeof header; pos += header.rtm_msglen) {
		unsigned good;

		memcpy(&header, octets + pos, sizeof header);
		if (header.rtm_msglen < sizeof header || header.rtm_msglen > len - pos)
			return false;
		if (!split(octets + pos, header.rtm_msglen, (unsigned)header.rtm_addrs, part))
			return false;
		good = leads(&header, part, v4, interface);
		if (good <= best)
			continue;
		best = good;
		if (!(header.rtm_flags & RTF_GATEWAY))
			part[RTAX_GATEWAY].len = 0;
		take(route, header.rtm_index, &part[RTAX_GATEWAY]);
	}
	return best > 0;
}

/* All routes of the family, for the caller to free; NULL: the system does not tell. A table may
 * have grown between asking how long it is and asking for it. */
static uint8_t *table(bool v4, size_t *len)
{
	int name[] = { CTL_NET, PF_ROUTE, 0, v4 ? AF_INET : AF_INET6, NET_RT_DUMP, 0 };

	for (int i = 0; i < TRIES; i++) {
		uint8_t *octets;

		if (sysctl(name, 6, NULL, len, NULL, 0) < 0 || !*len || *len > TABLE_MAX)
			return NULL;
		*len += *len / 8;
		octets = malloc(*len);
		if (octets && sysctl(name, 6, octets, len, NULL, 0) == 0)
			return octets;
		free(octets);
		if (!octets || errno != ENOMEM)
			return NULL;
	}
	return NULL;
}

bool route_out(bool v4, unsigned interface, struct route_way *route)
{
	size_t len = 0;
	uint8_t *octets = table(v4, &len);
	bool found = octets && route_of_table(octets, len, v4, interface, route);

	free(octets);
	return found;
}

int route_watch(void)
{
	int fd = socket(PF_ROUTE, SOCK_RAW, 0);

	if (fd >= 0)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	return fd;
}
