/* Ports of this host that are taken, so that nobody else answers on them, and nothing does unless
 * it is asked to. */
#ifndef HOLD_H
#define HOLD_H

#include "endpoint.h"

enum { HOLD_MAX = 320 }; /* a socket of either kind each: well below FD_SETSIZE */

struct hold {
	struct hold_port {
		uint16_t port; /* 0: a free place */
		int udp, tcp;
	} held[HOLD_MAX];
	uint16_t next;
};

/* first: where to look from, 49152 to 65535. */
void hold_init(struct hold *hold, uint16_t first);
void hold_free(struct hold *hold);
/* `count` ports in a row at `local`'s address, from 49152 to 65535, UDP and TCP both; the first, or
 * 0 when none can be had. */
uint16_t hold_ports(struct hold *hold, const struct pcp_endpoint *local, unsigned count);
/* A certain one. */
bool hold_port(struct hold *hold, const struct pcp_endpoint *local, uint16_t port);
/* From here on TCP listens on a port that is held; its sockets, non-blocking, which stay the
 * hold's. False: it is not held, or the system refuses. */
bool hold_listen(struct hold *hold, uint16_t port, int *udp, int *tcp);
void hold_release(struct hold *hold, uint16_t first, unsigned count);

#endif
