/* UDP sockets in terms of endpoints: the only file that knows struct sockaddr. */
#ifndef PCPSCOPE_SOCK_H
#define PCPSCOPE_SOCK_H

#include <sys/types.h>

#include "endpoint.h"

#pragma GCC visibility push(default) /* the library exports what follows */
#ifdef __cplusplus
extern "C" {
#endif

/* The source address that the route to `to` picks (RFC 6887 16.4: connect, then getsockname); the
 * port is 0. False with *why when there is no route. */
bool pcp_sock_source(const struct pcp_endpoint *to, struct pcp_endpoint *source,
		     struct pcp_why *why);

/* A global address (2000::/3) of the interface with that index, port 0: what RFC 6887 8.4 wants as
 * the source of requests to a link-local server. False: it has none. */
bool pcp_sock_global(unsigned scope, struct pcp_endpoint *source);

/* A non-blocking UDP socket bound to `local`; port 0: a random one, as RFC 6887 8.1 asks of
 * clients. ICMP errors are queued on it where the system can (see pcp_sock_error). The descriptor,
 * or -1 with *why; *in_use, when not NULL, says whether the port was taken. The caller closes it.
 */
int pcp_sock_open(const struct pcp_endpoint *local, bool *in_use, struct pcp_why *why);

/* A socket that hears the announcements of RFC 6887 14.1 (and RFC 6886 3.2.1) on the interface that
 * `local` stands on: the all-hosts group of its family, port 5350, shared with other clients. The
 * descriptor, or -1 with *why. */
int pcp_sock_announcements(const struct pcp_endpoint *local, struct pcp_why *why);

/* A TCP port that is taken and not listened on. The descriptor, or -1 with *why. */
int pcp_sock_hold_tcp(const struct pcp_endpoint *local, struct pcp_why *why);

/* A non-blocking TCP socket that listens there. The descriptor, or -1 with *why. */
int pcp_sock_listen(const struct pcp_endpoint *local, struct pcp_why *why);

/* A non-blocking TCP socket on its way from `local`'s address to `to`: it can be written to when it
 * is there, or has failed, which pcp_sock_fault() tells. The descriptor, or -1 with *why and errno.
 */
int pcp_sock_connect(const struct pcp_endpoint *local, const struct pcp_endpoint *to,
		     struct pcp_why *why);
/* What went wrong with the socket since it was asked last, as an errno; 0: nothing. */
int pcp_sock_fault(int fd);
/* Closes a TCP socket at once: what is under way is dropped, and nothing is sent again. */
void pcp_sock_reset(int fd);

/* What the socket is bound to. */
bool pcp_sock_local(int fd, struct pcp_endpoint *local);

/* Sends one datagram; `from`: the source address to use on a socket bound to the wildcard, or NULL.
 * False, with errno, when the system refuses. */
bool pcp_sock_send(int fd, const struct pcp_endpoint *from, const struct pcp_endpoint *to,
		   const uint8_t *octets, size_t len);

/* Receives one datagram of at most cap octets; *to is where it arrived (a group, for
 * announcements). Its length, or -1 when there is none. */
ssize_t pcp_sock_receive(int fd, uint8_t *octets, size_t cap, struct pcp_endpoint *from,
			 struct pcp_endpoint *to);

/* Takes one ICMP error off the socket's queue: whom it concerns, and what it said in words
 * ("port unreachable"). False when there is none. Only hard errors are told. */
bool pcp_sock_error(int fd, struct pcp_endpoint *to, const char **what);

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop

#endif
