/* What each system's way to tell of routes is made of, and its reader, one file a way. */
#ifndef ROUTE_PRIVATE_H
#define ROUTE_PRIVATE_H

#include <stddef.h>

#include "route.h"

enum { ROUTE_MESSAGE_MAX = 8192 };

/* PCP's anycast address (RFC 7723 4): 4 or 16 octets. */
const uint8_t *route_target(bool v4);

/* route-netlink.c: what Linux answers to RTM_GETROUTE. */
bool route_of_netlink(const uint8_t *octets, size_t len, struct route_way *route);
/* route-sysctl.c: of a whole table of the BSDs or macOS, as route_out() does. */
bool route_of_table(const uint8_t *octets, size_t len, bool v4, unsigned interface,
		    struct route_way *route);

#endif
