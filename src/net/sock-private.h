/* What sock.c asks of the system in ways of its own, one file a way. IPv6 needs none: RFC 3542 is
 * everywhere. */
#ifndef SOCK_PRIVATE_H
#define SOCK_PRIVATE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "endpoint.h"

union sock_address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

/* Room for one packet-info or extended-error message of either family. */
union sock_control {
	struct cmsghdr align;
	unsigned char octets[512];
};

/* ---- sock-address.c ---- */

/* How long the address is. */
socklen_t sock_to(const struct pcp_endpoint *endpoint, union sock_address *address);
/* All zero for a family that is neither. */
void sock_from(const union sock_address *address, struct pcp_endpoint *endpoint);
/* The address alone; the port stays. */
void sock_set_v4(struct pcp_endpoint *endpoint, const struct in_addr *addr);
/* Turns an option on. */
bool sock_on(int fd, int level, int option);

/* ---- sock-pktinfo.c, sock-dstaddr.c: IPv4 ---- */

/* Each datagram shall say where it arrived. */
void sock_want_arrival(int fd);
/* Makes the message that names the address to send from; the octets that it takes of the room. */
socklen_t sock_put_source(struct cmsghdr *header, const struct in_addr *source);
/* Whether the message says where a datagram arrived, and where that is. */
bool sock_arrival(const struct cmsghdr *header, struct in_addr *to);

/* ---- sock-errqueue.c, sock-noqueue.c: with pcp_sock_error() ---- */

void sock_want_errors(int fd, bool v4);

#endif
