/* A beacon on this host: its sockets, and the tries that it makes. */
#ifndef BEACON_HOST_H
#define BEACON_HOST_H

#include "beacon.h"
#include "loop.h"

struct beacon_host;

struct beacon_listener {
	void *arg;
	/* It tried, and answered. */
	void (*tried)(void *arg, const struct beacon_message *answer);
	void (*used_up)(void *arg); /* it heeds nothing more */
};

/* Listens at `at`, or, NULL, at a port of the system's choice on every address of either family
 * that this host has. NULL with *why. */
struct beacon_host *beacon_host_start(struct loop *loop, const struct pcp_endpoint *at,
				      const uint8_t key[BEACON_KEY_LEN],
				      const struct beacon_listener *listener, struct pcp_why *why);
void beacon_host_free(struct beacon_host *host);
/* Where it can be asked, as far as this host knows: the i-th address; false beyond. */
bool beacon_host_at(const struct beacon_host *host, size_t i, struct pcp_endpoint *at);
struct beacon_counts beacon_host_counts(const struct beacon_host *host);

#endif
