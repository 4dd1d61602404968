/* The way out of this host, which is where PCP looks for its server (RFC 6887 8.1), and word of
 * changes to it. */
#ifndef ROUTE_H
#define ROUTE_H

#include "endpoint.h"

struct route_way {
	bool has_gateway;	     /* false: straight onto the link, as into a tunnel */
	struct pcp_endpoint gateway; /* port 5351; a link-local one has its scope */
	unsigned interface;	     /* its index */
};

/* The route that a packet to PCP's anycast address (RFC 7723 4) of the family would take, by rules
 * and tables of the system; interface: through that one alone, 0: any. False when there is none (or
 * the system does not say). */
bool route_out(bool v4, unsigned interface, struct route_way *route);

/* A descriptor that can be read when links, addresses, routes or rules have changed; -1 where the
 * system tells nothing of the kind. The caller closes it. */
int route_watch(void);
/* Takes all that it has to say. */
void route_watched(int fd);

#endif
