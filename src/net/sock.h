/* UDP sockets in terms of endpoints: the only file that knows struct sockaddr. */
#ifndef SOCK_H
#define SOCK_H

#include <sys/types.h>

#include "endpoint.h"

#pragma GCC visibility push(default) /* the library exports what follows */

/* The source address that the route to `to` picks (RFC 6887 16.4: connect, then getsockname); the
 * port is 0. False with *why when there is no route. */
bool sock_source(const struct endpoint *to, struct endpoint *source, struct pcp_why *why);

/* A non-blocking UDP socket bound to `local`; port 0: a random one, as RFC 6887 8.1 asks of
 * clients. ICMP errors are queued on it where the system can (see sock_error). The descriptor, or
 * -1 with *why; *in_use, when not NULL, says whether the port was taken. The caller closes it. */
int sock_open(const struct endpoint *local, bool *in_use, struct pcp_why *why);

/* A socket that hears the announcements of RFC 6887 14.1 (and RFC 6886 3.2.1) on the interface that
 * `local` stands on: the all-hosts group of its family, port 5350, shared with other clients. The
 * descriptor, or -1 with *why. */
int sock_announcements(const struct endpoint *local, struct pcp_why *why);

/* What the socket is bound to. */
bool sock_local(int fd, struct endpoint *local);

/* Sends one datagram; `from`: the source address to use on a socket bound to the wildcard, or NULL.
 * False, with errno, when the system refuses. */
bool sock_send(int fd, const struct endpoint *from, const struct endpoint *to,
	       const uint8_t *octets, size_t len);

/* Receives one datagram of at most cap octets; *to is where it arrived (a group, for
 * announcements). Its length, or -1 when there is none. */
ssize_t sock_receive(int fd, uint8_t *octets, size_t cap, struct endpoint *from,
		     struct endpoint *to);

/* Takes one ICMP error off the socket's queue: whom it concerns, and what it said in words
 * ("port unreachable"). False when there is none. Only hard errors are told. */
bool sock_error(int fd, struct endpoint *to, const char **what);

#pragma GCC visibility pop

#endif
