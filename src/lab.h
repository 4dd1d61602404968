/*
 * The lab: a PCP and NAT-PMP gateway to practise on (RFC 6887 server side, PROTOCOL.md section 6). A
 * state machine without I/O, as the client is. It forwards no traffic.
 */
#ifndef LAB_H
#define LAB_H

#include "clock.h"
#include "endpoint.h"
#include "random.h"

struct lab;

struct lab_config {
	uint8_t wan[PCP_ADDR_LEN];  /* first external IPv4 address; default 203.0.113.9 (documentation) */
	uint16_t wan_count;         /* consecutive addresses in the pool; default 1 */
	uint16_t first_port, last_port; /* pool; default 1024-65535 */
	uint32_t min_lifetime, max_lifetime; /* seconds; default 120, 86400 */
	uint32_t quota;             /* mappings per internal address; default 100000; 0: default */
	uint32_t max_mappings;      /* in all; default 1,000,000 */
	uint32_t max_filters;       /* per mapping; default 8 */
	bool no_third_party, no_get, no_natpmp, no_pcp, no_nonce_check;
};

struct lab_mapping { /* what the server knows, for people to look at */
	uint8_t opcode, protocol;
	uint8_t internal[PCP_ADDR_LEN], external[PCP_ADDR_LEN], remote[PCP_ADDR_LEN];
	uint16_t internal_port, external_port, remote_port, port_set_size;
	uint8_t nonce[PCP_NONCE_LEN];
	usec expires_at;
	char description[132];
	size_t nfilters;
	bool fixed; /* static */
};

struct lab_io {
	void *arg;
	/* `from`: the endpoint to answer from; faults and announcements use others than the request's. */
	void (*send)(void *arg, const struct endpoint *from, const struct endpoint *to, const uint8_t *octets, size_t len);
	/* A line about what the server did and why, for its view; may be NULL. */
	void (*note)(void *arg, usec now, const char *line);
};

struct lab *lab_new(const struct lab_config *config, usec now, struct rng *rng, struct lab_io io);
void lab_free(struct lab *lab);
usec lab_next(const struct lab *lab);
void lab_tick(struct lab *lab, usec now);
void lab_receive(struct lab *lab, usec now, const struct endpoint *from, const struct endpoint *to,
                 const uint8_t *octets, size_t len);

/* Seconds since its state began (8.5). */
uint32_t lab_epoch(const struct lab *lab, usec now);
size_t lab_nmappings(const struct lab *lab);
/* The i-th mapping in GET's order; false beyond the end. */
bool lab_mapping_at(const struct lab *lab, size_t i, struct lab_mapping *mapping);
/* A restart: with or without its mappings; announces itself as 14.1.3 says. */
void lab_restart(struct lab *lab, usec now, bool keep_state);
/* One configuration or fault word ("quota=10", "drop=0.3", "restart"), as typed after :lab or in
 * --lab=. False with *why when it is unknown or out of range. */
bool lab_set(struct lab *lab, usec now, const char *word, struct pcp_why *why);

#endif
