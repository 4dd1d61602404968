/* The network that the addresses of a column share, so that it stands once above them. */
#ifndef IPV6_NET_H
#define IPV6_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pcp.h"

enum { IPV6_NET = 8 }; /* octets: a /64 */

struct ipv6_net {
	bool any, shared; /* an address was seen; all of them are of this network */
	uint8_t net[IPV6_NET];
};

/* One more address of the column. */
void ipv6_net_take(struct ipv6_net *net, const uint8_t addr[PCP_ADDR_LEN]);
/* "2001:db8:1:2::"; "" where they share none. */
void ipv6_net_text(const struct ipv6_net *net, char *buf, size_t cap);
/* What is behind the network: "::5", "::a:b:c:d"; length as snprintf. */
size_t ipv6_rest_text(const uint8_t addr[PCP_ADDR_LEN], char *buf, size_t cap);

#endif
