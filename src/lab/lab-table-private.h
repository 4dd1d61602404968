/* The mappings of the lab: what they are, what finds and changes them, and which ports are free for
 * new ones. */
#ifndef LAB_TABLE_PRIVATE_H
#define LAB_TABLE_PRIVATE_H

#include "endpoint.h"
#include "pcp.h"
#include "timer.h"
#include "tree.h"

struct lab;

/* ---- mappings ---- */

/* What a mapping is found by: RFC 6887 10, 11.3, 12.3; with the realm of RFC 7843 5.2. */
struct lab_key {
	uint8_t internal[PCP_ADDR_LEN];
	uint8_t realm; /* which THIRD_PARTY_ID, from 1; 0: none */
	uint8_t protocol;
	uint8_t opcode; /* PCP_MAP or PCP_PEER */
	bool v4;	/* MAP: the family outside, since one port may have both (erratum 3621) */
	uint16_t internal_port;
	uint8_t remote[PCP_ADDR_LEN]; /* PEER */
	uint16_t remote_port;
};

struct lab_filter {
	uint8_t addr[PCP_ADDR_LEN];
	uint8_t prefix; /* bits of 128 */
	uint16_t port;
};

struct lab_holder {
	struct tree_node node;
	uint8_t addr[PCP_ADDR_LEN];
	uint8_t realm;
	uint32_t ports;	  /* against the quota */
	uint32_t entries; /* that refer to it */
	uint16_t wan;	  /* its external address: one address a host as long as there is room */
	bool fixed;	  /* it has static mappings, on this address */
	uint8_t fixed_addr[PCP_ADDR_LEN];
};

struct lab_entry {
	struct lab_key key;
	uint8_t external[PCP_ADDR_LEN];
	uint16_t external_port;
	uint32_t ports; /* of a PORT_SET, internal and external alike; 1 otherwise */
	uint8_t nonce[PCP_NONCE_LEN];
	uint8_t version;	    /* that made it; PCP_VERSION_NATPMP has no nonce */
	struct pcp_endpoint client; /* last answered: RFC 6887 14.2 */
	bool held;     /* gone, but its port is kept for the same client: RFC 6887 15 */
	bool fixed;    /* static */
	bool implicit; /* outbound, without a PEER of its own: no nonce is known */
	bool prefer_failure, pair;
	bool update, doomed; /* RFC 6887 14.2: its client is being told; that it is gone */
	uint8_t nfilter, description_len;
	struct lab_filter *filter;
	uint8_t *description;
	struct lab_holder *host;
	struct tree_node by_key, by_owner, by_external;
	struct timer timer; /* expiry, or end of hold */
};

/* The ports of one external address and protocol. */
struct lab_ports {
	uint64_t free[1024]; /* bit: that port can be given out */
	uint64_t some[16];   /* bit: that word of free[] is not zero */
	uint32_t nfree, size;
};

/* ---- lab-index.c: what finds them ---- */

int lab_compare_key(const struct tree_node *a, const struct tree_node *b);
int lab_compare_owner(const struct tree_node *a, const struct tree_node *b);
int lab_compare_external(const struct tree_node *a, const struct tree_node *b);
int lab_compare_host(const struct tree_node *a, const struct tree_node *b);
struct lab_entry *lab_find(const struct lab *lab, const struct lab_key *key);
/* The MAP entry whose internal ports include key's. */
struct lab_entry *lab_covering(const struct lab *lab, const struct lab_key *key);
/* Any outbound mapping of key's internal endpoint (PEER or implicit) with an external address of
 * that family. */
struct lab_entry *lab_outbound(const struct lab *lab, const struct lab_key *key, bool v4);
/* The first MAP entry that touches `ports` internal ports from key's on, after `after` (NULL: from
 * the start). */
struct lab_entry *lab_touching(const struct lab *lab, const struct lab_key *key, uint32_t ports,
			       const struct lab_entry *after);
/* Who maps an external port (live or held); NULL: nobody. */
struct lab_entry *lab_external_owner(const struct lab *lab, const uint8_t addr[PCP_ADDR_LEN],
				     uint8_t protocol, uint16_t port);
uint32_t lab_remaining(const struct lab_entry *entry, usec now); /* seconds, rounded up */
uint32_t lab_host_ports(const struct lab *lab, const struct lab_key *key);
struct lab_holder *lab_host_of(const struct lab *lab, const struct lab_key *key);

/* ---- lab-store.c: what changes the mappings ---- */

bool lab_store_open(struct lab *lab);
void lab_store_close(struct lab *lab);
/* Forgets every mapping and hold; keeps static ones when keep_fixed. */
void lab_store_clear(struct lab *lab, bool keep_fixed);
/* Whether it has max_mappings. */
bool lab_store_full(const struct lab *lab);
/* A new entry in every index; NULL when memory or max_mappings is out. It expires at `expires_at`.
 */
struct lab_entry *lab_store_add(struct lab *lab, const struct lab_entry *like, usec expires_at);
/* Takes it out of every index and frees it; with `hold`, its port stays taken for a while. */
void lab_store_remove(struct lab *lab, usec now, struct lab_entry *entry, bool hold);
/* Changes fields that indices are ordered by. */
void lab_store_rekey(struct lab *lab, struct lab_entry *entry, const uint8_t external[PCP_ADDR_LEN],
		     uint16_t external_port, const uint8_t nonce[PCP_NONCE_LEN],
		     const uint8_t owner[PCP_ADDR_LEN]);
/* A mapping that is only kept to tell its client that it is gone makes way for a new one. */
void lab_store_bury(struct lab *lab, usec now, const struct lab_key *key);
bool lab_store_extend(struct lab *lab, struct lab_entry *entry, usec expires_at);

/* ---- lab-bits.c ---- */

enum { LAB_PORTS = 65536 };
bool lab_bit(const struct lab_ports *pool, uint32_t port);
void lab_bit_put(struct lab_ports *pool, uint32_t port, bool is_free);
/* The first free port at or after `from`; LAB_PORTS without one. */
uint32_t lab_bit_next(const struct lab_ports *pool, uint32_t from);
/* How many ports from `port` on are free, at most `most`. */
uint32_t lab_bit_run(const struct lab_ports *pool, uint32_t port, uint32_t most);

/* ---- lab-pool.c: external addresses and ports ---- */

bool lab_has_ports(uint8_t protocol);
bool lab_is_wan(const struct lab *lab, const uint8_t addr[PCP_ADDR_LEN], size_t *which);
void lab_wan(const struct lab *lab, size_t which, uint8_t addr[PCP_ADDR_LEN]);
/* Sets a port's bit by what the indices say about it. Does nothing for addresses outside the pool.
 */
void lab_pool_settle(struct lab *lab, const uint8_t addr[PCP_ADDR_LEN], uint8_t protocol,
		     uint16_t port, uint32_t ports);
void lab_pool_forget(struct lab *lab); /* all pools, after a change of their bounds */
/* The pool of an address and protocol; NULL when memory is out. */
struct lab_ports *lab_pool_of(struct lab *lab, size_t wan, uint8_t protocol);
/* RFC 6887 11.3: never external UDP ports 5350 and 5351. */
bool lab_gateways_own(uint8_t protocol, uint32_t port);
bool lab_port_given(const struct lab *lab, uint8_t protocol, uint32_t port);
/* NAT-PMP reserves the other protocol's port of the same number for the same host: RFC 6886 3.3. */
struct lab_entry *lab_companion(const struct lab *lab, const uint8_t addr[PCP_ADDR_LEN],
				uint8_t protocol, uint16_t port);

/* ---- lab-allocate.c ---- */

struct lab_want {
	const struct lab_key *key;
	const uint8_t *nonce; /* NULL: NAT-PMP */
	const uint8_t *owner;
	bool v4; /* the family outside */
	const uint8_t *suggested;
	uint16_t suggested_port;
	uint32_t ports; /* as many as possible up to this */
	bool exact;	/* the suggestion or nothing (PREFER_FAILURE, PEER) */
	bool parity;	/* of the first external port as of the internal one */
	bool pair;	/* the next port must be free too */
	bool one;	/* internal port 0 is one port, not all of them */
};
struct lab_grant {
	uint8_t external[PCP_ADDR_LEN];
	uint16_t external_port;
	uint32_t ports;
	struct lab_entry *reclaimed;   /* the hold that it came from, to be removed */
	const struct lab_entry *rival; /* why CANNOT_PROVIDE_EXTERNAL, when a mapping is */
};
/* The families that the device has outside for a host inside. */
struct lab_outside {
	bool v4, v6;
};
struct lab_outside lab_outside(const struct lab *lab, const uint8_t internal[PCP_ADDR_LEN]);
/* The family that a suggestion means: of a zero address its own, of another one its own if the
 * device has it; with a single family there is nothing to choose (RFC 6887 10). */
bool lab_means_v4(const struct lab *lab, const uint8_t internal[PCP_ADDR_LEN],
		  const uint8_t suggested[PCP_ADDR_LEN]);
/* External values for a new mapping (RFC 6887 11.3). Changes nothing. A result code. */
uint8_t lab_allocate(struct lab *lab, const struct lab_want *want, struct lab_grant *grant);

#endif
