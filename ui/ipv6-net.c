/* The /64 that addresses share, and what is left of each behind it. */
#include "ipv6-net.h"

#include <stdio.h>
#include <string.h>

#include "text.h"

void ipv6_net_take(struct ipv6_net *net, const uint8_t addr[PCP_ADDR_LEN])
{
	static const uint8_t none[IPV6_NET]; /* ::1, and IPv4 in its mapped form */

	if (!net->any)
		memcpy(net->net, addr, IPV6_NET);
	net->shared = (net->shared || !net->any) && memcmp(addr, none, IPV6_NET) != 0 &&
		      memcmp(addr, net->net, IPV6_NET) == 0;
	net->any = true;
}

void ipv6_net_text(const struct ipv6_net *net, char *buf, size_t cap)
{
	uint8_t addr[PCP_ADDR_LEN] = { 0 };

	*buf = '\0';
	if (!net->shared)
		return;
	memcpy(addr, net->net, IPV6_NET);
	pcp_addr_text(addr, buf, cap);
}

/* Behind a network without a zero the rest keeps its own: of ::c0a8:101 an IPv4 address would be
 * made. */
size_t ipv6_rest_text(const uint8_t addr[PCP_ADDR_LEN], char *buf, size_t cap)
{
	enum { FILLED = 2 * IPV6_NET + IPV6_NET / 2 - 1 }; /* ffff:ffff:ffff:ffff */
	char text[PCP_ADDR_TEXT];
	uint8_t whole[PCP_ADDR_LEN];

	memset(whole, 0xff, IPV6_NET);
	memcpy(whole + IPV6_NET, addr + IPV6_NET, PCP_ADDR_LEN - IPV6_NET);
	pcp_addr_text(whole, text, sizeof text);
	return (size_t)snprintf(buf, cap, "%s%s", text[FILLED + 1] == ':' ? "" : ":",
				text + FILLED);
}
