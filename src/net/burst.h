/*
 * What one turn of the loop takes off a UDP socket: as much as waits there, but no more than a
 * burst, so that a flood keeps neither signals nor timers nor other sockets from their turn. What
 * is left wakes the loop again.
 */
#ifndef BURST_H
#define BURST_H

#include <stdbool.h>
#include <sys/types.h>

#include "endpoint.h"

enum { BURST = 64 }; /* datagrams, and as many errors */

struct burst { /* begins with .fd alone */
	int fd;
	struct pcp_endpoint from; /* who sent the datagram, or whom the error concerns */
	struct pcp_endpoint to;	  /* where the datagram arrived */
	unsigned errors, datagrams;
};

/* The next as pcp_sock_error() and pcp_sock_receive() tell it; false and -1 also when it is the
 * turn of others. Errors that nobody takes wake the loop again and again. */
bool burst_error(struct burst *burst, const char **what);
ssize_t burst_receive(struct burst *burst, uint8_t *octets, size_t cap);

#endif
