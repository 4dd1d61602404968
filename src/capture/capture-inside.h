/* What lies around IP and between one IP and the next: for
 * capture-read.c and capture-pasted.c. */
#ifndef CAPTURE_INSIDE_H
#define CAPTURE_INSIDE_H

#include "capture.h"

/* Octets still to be looked at. */
struct slice {
	const uint8_t *at;
	size_t len;
};

/* What lies between the link's first octet and the first protocol. */
struct link {
	int dlt;
	uint8_t header;	  /* octets */
	int8_t ethertype; /* where it stands in them; -1: an address family, or nothing, before IP
			   */
};

extern const struct link capture_links[];
extern const size_t capture_nlinks;

enum inside {
	INSIDE_UDP,  /* the slice begins with its header */
	INSIDE_ICMP, /* an error: the slice begins with the IP header that it tells of */
	INSIDE_FRAGMENT,
	INSIDE_MALFORMED,
	INSIDE_OTHER,  /* a protocol that carries no other */
	INSIDE_UNREAD, /* what may carry others, and is not looked into */
};

/* What was found, in which IP packet. */
struct found {
	struct pcp_endpoint from, to; /* addresses alone */
	const char *unread;	      /* INSIDE_UNREAD: its name */
	const char *error;	      /* INSIDE_ICMP: "port unreachable" */
	bool quoted;		      /* within an ICMP error, which need not hold all of it */
};

/* Goes into IP, VLAN tags, MPLS, PPPoE, GRE and IP in IP, in any order. */
enum inside capture_inside(const struct link *link, struct slice *slice, struct found *found);
/* The same for an IP packet; depth: how many of those layers are around it. */
enum inside capture_inside_ip(struct slice *slice, unsigned depth, struct found *found);

#endif
