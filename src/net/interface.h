/* The interfaces of this host, and which address stands on which. */
#ifndef INTERFACE_H
#define INTERFACE_H

#include "endpoint.h"

/* The index of the interface of that name; 0: there is none. */
unsigned interface_index(const char *name);
/* What there is: "lo, eth0". Length as snprintf. */
size_t interface_names(char *buf, size_t cap);
/* The index of the interface that has the address; 0: this host does not have it. */
unsigned interface_of(const struct pcp_endpoint *address);
/* Whether it is of 2000::/3: no ULA either. */
bool interface_is_global(const struct pcp_endpoint *address);
/* An address of the interface in the family, port 0: for IPv6 a global one (2000::/3) before
 * others, and a link-local one last (RFC 6887 8.4). False: it has none. */
bool interface_address(unsigned interface, bool v4, struct pcp_endpoint *address);
/* The first address of the net that the interface stands in, which in a tunnel is its gateway; of a
 * tunnel that has an address alone (/32, /128), that of the /24 or /64 around it. Port 0. False:
 * the interface has no address of the family, or is the first itself. */
bool interface_first(unsigned interface, bool v4, struct pcp_endpoint *first);
/* Another address of this host, of the same family and on the same interface; false when it has
 * none. The port is 0. */
bool interface_other(const struct pcp_endpoint *own, struct pcp_endpoint *other);
/* What the socket sends leaves through that interface alone. False: the system does not let us. */
bool interface_bind(int fd, unsigned interface);

#endif
