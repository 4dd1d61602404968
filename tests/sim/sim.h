/*
 * Client engines and the lab in one virtual world, driven by a seed: hosts, a gateway, a network
 * between them that does what networks do, a hand that presses keys, and a watcher that knows the
 * rules and trusts none of the others.
 */
#ifndef SIM_H
#define SIM_H

#include "client.h"
#include "lab.h"
#include "timer.h"

#define SECOND USEC_PER_SEC
#define HOUR   (3600 * SECOND)

enum { HOSTS_MAX = 2, KEYS = 16, NONCES_MAX = 4096, EXCHANGES_MAX = 256 };

struct world;

/* What the watcher knows of an exchange, from its datagrams. */
struct watched {
	uint32_t id, sends, natpmp_sends;
	usec last, last_natpmp; /* datagram */
	double least;		/* seconds: 8.1.1 allows no shorter wait after the last datagram */
	bool by_hand, renewal, deletion;
};

struct host {
	struct world *world;
	struct pcp_client *client;
	struct pcp_rng rng;
	struct pcp_endpoint self;
	uint16_t server;
	bool in_hand; /* a key is being pressed: what is sent now was asked for */
	uint8_t nonce[KEYS]
		     [PCP_NONCE_LEN]; /* on the wire, as long as the row stands in the table */
	bool have_nonce[KEYS];
	usec held_until[KEYS], renewed_at[KEYS]; /* 0: not */
	uint32_t epoch_of[KEYS];		 /* of the answer believed last */
	bool have_epoch[KEYS];
	usec deleted_at[KEYS]; /* an answer said so */
	enum pcp_mapping_state told[KEYS];
	uint16_t former_port[KEYS];	      /* external, before the last restart; 0: none */
	uint8_t (*old_nonces)[PCP_NONCE_LEN]; /* every one ever seen */
	size_t nold;
	struct watched *exchange; /* by number, modulo EXCHANGES_MAX */
};

struct weather { /* what the network does to a datagram */
	double lose, copy, corrupt, late;
	usec delay, jitter, lateness;
};

struct counts { /* of all runs, to show that the runs were not empty */
	uint64_t sent, lost, copied, corrupted, forged, restarts, noticed, answered, ignored,
		renewals, actions, rows, natpmp, unreachable, expired;
	double hours;
};

struct world {
	uint64_t seed;
	bool verbose, failed;
	usec now, heals_at;
	struct pcp_rng rng, lab_rng;
	struct lab *lab;
	struct pcp_endpoint gateway, stranger;
	bool gateway_down, tight, multicast;
	uint32_t max_lifetime; /* seconds */
	struct host host[HOSTS_MAX];
	size_t nhost;
	struct weather weather;
	struct timers flights; /* datagrams under way */
	size_t nflights;
	usec next_action;
	struct counts *counts;
};

double chance(struct world *world);
/* A rule is broken: says which, and how to see it again. */
void broken(struct world *world, const char *format, ...) __attribute__((format(printf, 2, 3)));
void trace(const struct world *world, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* net.c */
void net_start(struct world *world);
void net_stop(struct world *world);
void net_from_host(struct host *host, const struct pcp_endpoint *to, const uint8_t *octets,
		   size_t len);
void net_from_lab(struct world *world, const struct pcp_endpoint *from,
		  const struct pcp_endpoint *to, const uint8_t *octets, size_t len);
/* Somebody else's datagrams: none may change anything. */
void net_forge(struct world *world);
void net_heal(struct world *world);

/* hand.c */
void hand_start(struct world *world);
void hand_act(struct world *world);

/* watch.c */
void watch_sent(struct host *host, const struct pcp_client_event *event);
void watch_event(struct host *host, const struct pcp_client_event *event);
void watch_by_hand(struct host *host, uint32_t exchange);
/* Everything that an answer could change, as one number. */
uint64_t watch_digest(const struct host *host);
void watch_bounds(struct world *world);
/* What stands before a restart, with its external port, comes back with it. */
void watch_remember(struct world *world);
void watch_return(struct world *world);
/* The client's table is the gateway's truth. */
void watch_agreement(struct world *world, const char *when);
#endif
