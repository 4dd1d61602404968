/* The way out, read from the table of routes that Windows gives, and its word of changes. */
#include <winsock2.h>

#include <ws2tcpip.h>

#include <iphlpapi.h>

#include <stdlib.h>
#include <string.h>

#undef interface /* a word of COM's */
#include "pcp.h"
#include "route-private.h"

/* windows-socket.c has them, with POSIX's names. */
int socketpair(int family, int type, int protocol, int fd[2]) __asm__("windows_socketpair");
long long send_to(int fd, const void *buf, size_t len, int flags) __asm__("windows_send");

static const uint8_t *octets_of(const SOCKADDR_INET *address, bool v4)
{
	return v4 ? (const uint8_t *)&address->Ipv4.sin_addr : address->Ipv6.sin6_addr.s6_addr;
}

static bool leads(const MIB_IPFORWARD_ROW2 *row, bool v4, unsigned interface)
{
	unsigned bits = row->DestinationPrefix.PrefixLength;
	const uint8_t *to = octets_of(&row->DestinationPrefix.Prefix, v4);
	const uint8_t *target = route_target(v4);

	if (bits > (v4 ? 32U : 128U) || row->Loopback ||
	    (interface && row->InterfaceIndex != interface))
		return false;
	return !memcmp(to, target, bits / 8) &&
	       (bits % 8 == 0 || !((to[bits / 8] ^ target[bits / 8]) >> (8 - bits % 8)));
}

/* The longer prefix, and of two as long the lower metric. */
static bool is_better(const MIB_IPFORWARD_ROW2 *a, const MIB_IPFORWARD_ROW2 *b)
{
	if (!b || a->DestinationPrefix.PrefixLength != b->DestinationPrefix.PrefixLength)
		return !b || a->DestinationPrefix.PrefixLength > b->DestinationPrefix.PrefixLength;
	return a->Metric < b->Metric;
}

static void take(const MIB_IPFORWARD_ROW2 *row, bool v4, struct route_way *route)
{
	static const uint8_t none[PCP_ADDR_LEN];
	const uint8_t *gateway = octets_of(&row->NextHop, v4);

	*route = (struct route_way){ .interface = row->InterfaceIndex,
				     .has_gateway =
					     memcmp(gateway, none, v4 ? 4 : PCP_ADDR_LEN) != 0,
				     .gateway = { .port = PCP_SERVER_PORT } };
	if (!route->has_gateway)
		return;
	pcp_addr_any(route->gateway.addr, v4);
	memcpy(route->gateway.addr + (v4 ? 12 : 0), gateway, v4 ? 4 : PCP_ADDR_LEN);
	if (pcp_addr_is_link_local(route->gateway.addr))
		route->gateway.scope = route->interface;
}

bool route_out(bool v4, unsigned interface, struct route_way *route)
{
	const MIB_IPFORWARD_ROW2 *best = NULL;
	MIB_IPFORWARD_TABLE2 *table;

	if (GetIpForwardTable2(v4 ? AF_INET : AF_INET6, &table) != NO_ERROR)
		return false;
	for (ULONG i = 0; i < table->NumEntries; i++)
		if (leads(&table->Table[i], v4, interface) && is_better(&table->Table[i], best))
			best = &table->Table[i];
	if (best)
		take(best, v4, route);
	FreeMibTable(table);
	return best != NULL;
}

/* A thread of the system's calls it; arg: the descriptor that the word is written to. */
static void WINAPI tell(void *arg, MIB_IPFORWARD_ROW2 *row, MIB_NOTIFICATION_TYPE what)
{
	(void)row, (void)what;
	(void)send_to((int)(intptr_t)arg, "", 1, 0);
}

/* One for the process: the other end stays open, for who still tells. */
int route_watch(void)
{
	HANDLE handle = NULL;
	int fd[2];

	if (socketpair(AF_INET, SOCK_STREAM, 0, fd) < 0)
		return -1;
	if (NotifyRouteChange2(AF_UNSPEC, tell, (void *)(intptr_t)fd[1], FALSE, &handle) !=
	    NO_ERROR)
		return -1;
	return fd[0];
}
