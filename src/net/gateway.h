/* The default router, which is where PCP looks for its server (RFC 6887 8.1). */
#ifndef GATEWAY_H
#define GATEWAY_H

#include <stdio.h>

#include "endpoint.h"

/* The default router of the family with the lowest metric; its port is 5351, a link-local one has
 * its scope. False when the system knows none (or does not say). */
bool gateway_default(bool v4, struct pcp_endpoint *gateway);

/* The parsers behind it: the text of Linux's /proc/net/route and /proc/net/ipv6_route. `index`
 * tells an interface's index from its name (if_nametoindex). */
bool gateway_parse_v4(FILE *file, struct pcp_endpoint *gateway);
bool gateway_parse_v6(FILE *file, unsigned (*index)(const char *name),
		      struct pcp_endpoint *gateway);

#endif
