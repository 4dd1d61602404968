/*
 * External addresses and ports. Which ports are free stands in one bit each; the bits follow the
 * indices of lab-store.c and are never the only place where something is known.
 */
#include <stdlib.h>
#include <string.h>

#include "lab-private.h"

enum { TCP = 6, UDP = 17, DCCP = 33, SCTP = 132, UDPLITE = 136, PORTS = 65536 };

static const uint8_t ported[LAB_PORTED] = { TCP, UDP, DCCP, SCTP, UDPLITE };

static int protocol_index(uint8_t protocol)
{
	for (int i = 0; i < LAB_PORTED; i++)
		if (ported[i] == protocol)
			return i;
	return -1;
}

bool lab_has_ports(uint8_t protocol)
{
	return protocol_index(protocol) >= 0;
}

static uint32_t v4_value(const uint8_t addr[PCP_ADDR_LEN])
{
	return (uint32_t)addr[12] << 24 | (uint32_t)addr[13] << 16 | (uint32_t)addr[14] << 8 |
	       addr[15];
}

void lab_wan(const struct lab *lab, size_t which, uint8_t addr[PCP_ADDR_LEN])
{
	uint32_t value = v4_value(lab->config.wan) + (uint32_t)which;

	memcpy(addr, lab->config.wan, PCP_ADDR_LEN);
	for (int i = 15; i >= 12; i--, value >>= 8)
		addr[i] = (uint8_t)value;
}

bool lab_is_wan(const struct lab *lab, const uint8_t addr[PCP_ADDR_LEN], size_t *which)
{
	uint32_t distance = v4_value(addr) - v4_value(lab->config.wan);

	*which = distance;
	return memcmp(addr, lab->config.wan, 12) == 0 && distance < lab->config.wan_count;
}

/* ---- bits ---- */

static bool pool_is_free(const struct pool *pool, uint32_t port)
{
	return pool->free[port / 64] >> (port % 64) & 1;
}

static void pool_put(struct pool *pool, uint32_t port, bool is_free)
{
	uint64_t bit = (uint64_t)1 << (port % 64), *word = &pool->free[port / 64];
	uint64_t group = (uint64_t)1 << (port / 64 % 64), *some = &pool->some[port / 64 / 64];

	if (is_free == pool_is_free(pool, port))
		return;
	*word ^= bit;
	pool->nfree = is_free ? pool->nfree + 1 : pool->nfree - 1;
	*some = *word ? *some | group : *some & ~group;
}

static uint32_t lowest_bit(uint64_t word)
{
	uint32_t bit = 0;

	for (uint32_t half = 32; half > 0; half /= 2) {
		if (!(word & (((uint64_t)1 << half) - 1))) {
			word >>= half;
			bit += half;
		}
	}
	return bit;
}

/* The first bit that is set at or after `from`, in n words; n * 64 without one. */
static uint32_t next_bit(const uint64_t *words, uint32_t n, uint32_t from)
{
	uint64_t word;

	if (from / 64 >= n)
		return n * 64;
	word = words[from / 64] >> (from % 64) << (from % 64);
	for (uint32_t i = from / 64;; word = words[i]) {
		if (word)
			return i * 64 + lowest_bit(word);
		if (++i == n)
			return n * 64;
	}
}

/* The first free port at or after `from`; PORTS without one. */
static uint32_t pool_next(const struct pool *pool, uint32_t from)
{
	uint32_t port = from, word;

	if (from >= PORTS)
		return PORTS;
	port = next_bit(&pool->free[from / 64], 1, from % 64);
	if (port < 64)
		return from / 64 * 64 + port;
	word = next_bit(pool->some, 16, from / 64 + 1);
	return word == 1024 ? PORTS : word * 64 + lowest_bit(pool->free[word]);
}

/* How many ports from `port` on are free, at most `most`. */
static uint32_t pool_run(const struct pool *pool, uint32_t port, uint32_t most)
{
	uint32_t run = 0;

	while (run < most && port + run < PORTS && pool_is_free(pool, port + run))
		run++;
	return run;
}

/* ---- pools ---- */

/* RFC 6887 11.3: never external UDP ports 5350 and 5351. */
static bool gateways_own(uint8_t protocol, uint32_t port)
{
	return protocol == UDP && (port == PCP_CLIENT_PORT || port == PCP_SERVER_PORT);
}

static bool in_range(const struct lab *lab, uint8_t protocol, uint32_t port)
{
	return port >= lab->config.first_port && port <= lab->config.last_port &&
	       !gateways_own(protocol, port);
}

/* NAT-PMP reserves the other protocol's port of the same number for the same host: RFC 6886 3.3. */
static struct lab_entry *companion(const struct lab *lab, const uint8_t addr[PCP_ADDR_LEN],
				   uint8_t protocol, uint16_t port)
{
	struct lab_entry *twin;

	if (protocol != TCP && protocol != UDP)
		return NULL;
	twin = lab_external_owner(lab, addr, protocol == TCP ? UDP : TCP, port);
	return twin && !twin->held && !twin->fixed && twin->version == PCP_VERSION_NATPMP ? twin
											  : NULL;
}

static void settle_port(struct lab *lab, struct pool *pool, const uint8_t addr[PCP_ADDR_LEN],
			uint8_t protocol, uint32_t port)
{
	pool_put(pool, port,
		 in_range(lab, protocol, port) &&
			 !lab_external_owner(lab, addr, protocol, (uint16_t)port) &&
			 !companion(lab, addr, protocol, (uint16_t)port));
}

static void settle_entries(struct lab *lab, const uint8_t addr[PCP_ADDR_LEN], uint8_t protocol)
{
	for (size_t i = 0; i < tree_size(&lab->by_external); i++) {
		const struct lab_entry *entry =
			tree_record(tree_nth(&lab->by_external, i), struct lab_entry, by_external);
		if (memcmp(entry->external, addr, PCP_ADDR_LEN) == 0 &&
		    (entry->key.protocol == protocol || entry->version == PCP_VERSION_NATPMP))
			lab_pool_settle(lab, addr, protocol, entry->external_port, entry->ports);
	}
}

/* The pool of an address and protocol; NULL when memory is out. */
static struct pool *pool_of(struct lab *lab, size_t wan, uint8_t protocol)
{
	struct pool **slot = &lab->pool[wan * LAB_PORTED + (size_t)protocol_index(protocol)];
	uint8_t addr[PCP_ADDR_LEN];

	if (*slot)
		return *slot;
	*slot = calloc(1, sizeof(**slot));
	if (!*slot)
		return NULL;
	for (uint32_t port = lab->config.first_port; port <= lab->config.last_port; port++)
		if (in_range(lab, protocol, port))
			pool_put(*slot, port, true);
	(*slot)->size = (*slot)->nfree;
	lab_wan(lab, wan, addr);
	settle_entries(lab, addr, protocol);
	return *slot;
}

static void settle_run(struct lab *lab, size_t wan, const uint8_t addr[PCP_ADDR_LEN],
		       uint8_t protocol, uint16_t port, uint32_t ports)
{
	struct pool *pool = lab->pool[wan * LAB_PORTED + (size_t)protocol_index(protocol)];

	for (uint32_t i = 0; pool && i < ports && port + i < PORTS; i++)
		settle_port(lab, pool, addr, protocol, port + i);
}

void lab_pool_settle(struct lab *lab, const uint8_t addr[PCP_ADDR_LEN], uint8_t protocol,
		     uint16_t port, uint32_t ports)
{
	size_t wan;

	if (!lab_has_ports(protocol) || port == 0 || !lab_is_wan(lab, addr, &wan))
		return;
	settle_run(lab, wan, addr, protocol, port, ports);
	if (protocol == TCP || protocol == UDP)
		settle_run(lab, wan, addr, protocol == TCP ? UDP : TCP, port, ports);
}

void lab_pool_forget(struct lab *lab)
{
	for (size_t i = 0; i < (size_t)LAB_WAN_MAX * LAB_PORTED; i++) {
		free(lab->pool[i]);
		lab->pool[i] = NULL;
	}
}

bool lab_pool_at(const struct lab *lab, size_t i, struct lab_pool *info)
{
	for (size_t slot = 0; slot < (size_t)LAB_WAN_MAX * LAB_PORTED; slot++) {
		const struct pool *pool = lab->pool[slot];

		if (!pool || i-- > 0)
			continue;
		lab_wan(lab, slot / LAB_PORTED, info->address);
		info->protocol = ported[slot % LAB_PORTED];
		info->size = pool->size;
		info->taken = pool->size - pool->nfree;
		return true;
	}
	return false;
}

/* ---- allocation ---- */

static bool same_internal(const struct lab_entry *entry, const struct key *key)
{
	return memcmp(entry->key.internal, key->internal, PCP_ADDR_LEN) == 0 &&
	       entry->key.realm == key->realm;
}

/* "Same internal address, port and nonce" (RFC 6887 15) gets its former port back. */
static bool may_reclaim(const struct lab_entry *hold, const struct want *want)
{
	static const uint8_t none[PCP_NONCE_LEN];

	return hold->held && same_internal(hold, want->key) &&
	       hold->key.protocol == want->key->protocol &&
	       hold->key.internal_port == want->key->internal_port &&
	       memcmp(hold->nonce, want->nonce ? want->nonce : none, PCP_NONCE_LEN) == 0;
}

static struct lab_entry *find_hold(const struct lab *lab, const struct want *want)
{
	struct lab_entry probe = { .key.protocol = want->key->protocol,
				   .key.internal_port = want->key->internal_port };

	memcpy(probe.client.addr, want->owner, PCP_ADDR_LEN);
	memcpy(probe.key.internal, want->key->internal, PCP_ADDR_LEN);
	for (struct tree_node *node = tree_at_least(&lab->held, &probe.by_owner); node;
	     node = tree_after(&lab->held, node)) {
		struct lab_entry *hold = tree_record(node, struct lab_entry, by_owner);

		if (memcmp(hold->client.addr, want->owner, PCP_ADDR_LEN) != 0 ||
		    !same_internal(hold, want->key) || hold->key.protocol != want->key->protocol ||
		    hold->key.internal_port != want->key->internal_port)
			return NULL;
		if (may_reclaim(hold, want))
			return hold;
	}
	return NULL;
}

/* Whether a wildcard or DMZ mapping of another host has taken the whole address. */
static struct lab_entry *blocked(const struct lab *lab, const uint8_t addr[PCP_ADDR_LEN],
				 const struct key *key)
{
	struct lab_entry *all = lab_external_owner(lab, addr, key->protocol, 0);

	if (!all || same_internal(all, key))
		all = lab_external_owner(lab, addr, 0, 0);
	return all && !same_internal(all, key) ? all : NULL;
}

static bool port_suits(const struct want *want, uint32_t port)
{
	if ((want->parity || want->pair) && ((port ^ want->key->internal_port) & 1))
		return false;
	return port < PORTS;
}

/* NAT-PMP also wants the other protocol's port to be its client's or nobody's: RFC 6886 3.3. */
static bool twin_is_free(struct lab *lab, const struct want *want, size_t wan, uint32_t port)
{
	const struct pool *pool =
		want->nonce ? NULL : pool_of(lab, wan, want->key->protocol == TCP ? UDP : TCP);

	return !pool || pool_is_free(pool, port);
}

static bool twin_suits(struct lab *lab, const struct want *want, size_t wan, uint32_t port)
{
	uint8_t addr[PCP_ADDR_LEN];
	const struct lab_entry *twin;

	if (twin_is_free(lab, want, wan, port))
		return true;
	lab_wan(lab, wan, addr);
	twin = lab_external_owner(lab, addr, want->key->protocol == TCP ? UDP : TCP,
				  (uint16_t)port);
	return twin && same_internal(twin, want->key);
}

/* Whether `port` of an address can be had, and how many from there; says so in *grant. */
static bool try_port(struct lab *lab, const struct want *want, size_t wan, uint32_t port,
		     struct grant *grant)
{
	struct pool *pool = pool_of(lab, wan, want->key->protocol);
	struct lab_entry *owner, *twin;
	uint8_t addr[PCP_ADDR_LEN];
	uint32_t least = want->pair ? 2 : 1, run;

	lab_wan(lab, wan, addr);
	if (!pool || !in_range(lab, want->key->protocol, port) || !twin_suits(lab, want, wan, port))
		return false;
	owner = blocked(lab, addr, want->key);
	if (!owner) {
		run = pool_run(pool, port, want->ports > least ? want->ports : least);
		grant->reclaimed = NULL;
		owner = lab_external_owner(lab, addr, want->key->protocol, (uint16_t)port);
		twin = companion(lab, addr, want->key->protocol, (uint16_t)port);
		if (owner && may_reclaim(owner, want) && owner->external_port == port) {
			grant->reclaimed = owner;
			run = owner->ports;
		} else if (!owner && twin && same_internal(twin, want->key)) {
			run = run ? run : 1;
		}
		if (run >= least) {
			memcpy(grant->external, addr, PCP_ADDR_LEN);
			grant->external_port = (uint16_t)port;
			grant->ports = run < want->ports ? run : want->ports;
			return true;
		}
	}
	grant->rival = owner;
	return false;
}

/* The longest run of free ports, up to what is wanted, that starts with the right parity. */
static uint32_t best_run(const struct pool *pool, const struct want *want, uint32_t *length)
{
	uint32_t best = PORTS;

	*length = 0;
	for (uint32_t port = pool_next(pool, 0); port < PORTS && *length < want->ports;) {
		uint32_t run, start = port_suits(want, port) ? port : port + 1;

		run = pool_run(pool, start, want->ports);
		if (run > *length) {
			*length = run;
			best = start;
		}
		port = pool_next(pool, start + (run ? run : 1));
	}
	return best;
}

static uint32_t find_port(struct lab *lab, const struct want *want, size_t wan, uint32_t from,
			  uint32_t end)
{
	const struct pool *pool = pool_of(lab, wan, want->key->protocol);

	for (uint32_t port = pool_next(pool, from); port < end; port = pool_next(pool, port + 1))
		if (port_suits(want, port) && twin_is_free(lab, want, wan, port) &&
		    (!want->pair || pool_run(pool, port, 2) == 2))
			return port;
	return PORTS;
}

/* Any port of the address. A random start keeps the next mapping's port from being guessed. */
static bool any_port(struct lab *lab, const struct want *want, size_t wan, struct grant *grant)
{
	struct pool *pool = pool_of(lab, wan, want->key->protocol);
	uint32_t first = lab->config.first_port, start, port, length;

	if (!pool || pool->nfree == 0)
		return false;
	if (want->ports > 1) {
		port = best_run(pool, want, &length);
	} else {
		start = first +
			(uint32_t)pcp_rng_below(lab->rng, lab->config.last_port - first + 1u);
		port = find_port(lab, want, wan, start, PORTS);
		if (port == PORTS)
			port = find_port(lab, want, wan, 0, start);
	}
	return port < PORTS && try_port(lab, want, wan, port, grant);
}

static bool fits_suggestion(const struct want *want, const uint8_t external[PCP_ADDR_LEN],
			    uint16_t port)
{
	return (pcp_addr_is_any(want->suggested) ||
		memcmp(want->suggested, external, PCP_ADDR_LEN) == 0) &&
	       (want->suggested_port == 0 || want->suggested_port == port);
}

/* The same internal port has the same external one, whatever it talks to and however it was mapped:
 * RFC 6887 11.3, 16.1. */
static bool follow_related(const struct lab *lab, const struct want *want, struct grant *grant)
{
	const struct lab_entry *related = lab_covering(lab, want->key);

	if (!related)
		related = lab_outbound(lab, want->key);
	if (!related || pcp_addr_is_v4(related->external) != pcp_addr_is_v4(want->suggested) ||
	    want->key->internal_port == 0)
		return false;
	memcpy(grant->external, related->external, PCP_ADDR_LEN);
	grant->external_port = (uint16_t)(related->external_port + want->key->internal_port -
					  related->key.internal_port);
	grant->ports = 1;
	return true;
}

/* Firewalls and other stateless devices change nothing: RFC 6887 11.3. */
static uint8_t as_is(const struct want *want, struct grant *grant)
{
	memcpy(grant->external, want->key->internal, PCP_ADDR_LEN);
	grant->external_port = want->key->internal_port;
	grant->ports = want->ports;
	if (want->exact && !fits_suggestion(want, grant->external, grant->external_port))
		return PCP_CANNOT_PROVIDE_EXTERNAL;
	return PCP_SUCCESS;
}

/* Whether nobody else has anything on the address that a wildcard or DMZ mapping would take. */
static bool all_mine(const struct lab *lab, const uint8_t addr[PCP_ADDR_LEN], const struct key *key)
{
	struct lab_entry probe = { .key.protocol = key->protocol };
	struct tree_node *node;

	if (blocked(lab, addr, key))
		return false;
	memcpy(probe.external, addr, PCP_ADDR_LEN);
	for (node = tree_at_least(&lab->by_external, &probe.by_external); node;
	     node = tree_after(&lab->by_external, node)) {
		const struct lab_entry *entry = tree_record(node, struct lab_entry, by_external);

		if (memcmp(entry->external, addr, PCP_ADDR_LEN) != 0 ||
		    (key->protocol != 0 && entry->key.protocol != key->protocol))
			return true;
		if (!same_internal(entry, key))
			return false;
	}
	return true;
}

static uint8_t allocate_all(struct lab *lab, const struct want *want, struct grant *grant)
{
	for (size_t i = 0; i < lab->config.wan_count; i++) {
		lab_wan(lab, i, grant->external);
		if (want->exact && !fits_suggestion(want, grant->external, 0))
			continue;
		if (!all_mine(lab, grant->external, want->key))
			continue;
		grant->external_port = 0;
		grant->ports = 1;
		return PCP_SUCCESS;
	}
	return PCP_UNSUPP_PROTOCOL;
}

/* One address a host as long as there is room (RFC 4787: paired pooling); new hosts spread. */
static size_t first_wan(struct lab *lab, const struct want *want)
{
	const struct lab_holder *host = lab_host_of(lab, want->key);
	size_t wan;

	if (lab_is_wan(lab, want->suggested, &wan))
		return wan;
	if (host && host->wan < lab->config.wan_count)
		return host->wan;
	return tree_size(&lab->hosts) % lab->config.wan_count;
}

static bool try_everywhere(struct lab *lab, const struct want *want, size_t start, uint32_t port,
			   struct grant *grant)
{
	for (size_t i = 0; i < lab->config.wan_count; i++)
		if (try_port(lab, want, (start + i) % lab->config.wan_count, port, grant))
			return true;
	return false;
}

/* Without a suggestion, a port like the internal one is the best guess. */
static uint16_t wished_port(const struct want *want)
{
	return want->suggested_port ? want->suggested_port : want->key->internal_port;
}

/* A port that is only a wish: the whole of what is wanted from there, or another place is better.
 */
static bool try_wished(struct lab *lab, const struct want *want, size_t wan, uint32_t port,
		       struct grant *grant)
{
	return port_suits(want, port) && try_port(lab, want, wan, port, grant) &&
	       grant->ports == want->ports;
}

/* The suggestion, exactly: both address and port where they are given. */
static bool try_suggested(struct lab *lab, const struct want *want, size_t start,
			  struct grant *grant)
{
	bool any = pcp_addr_is_any(want->suggested);
	size_t wan;

	if (!any && !lab_is_wan(lab, want->suggested, &wan))
		return false;
	if (want->suggested_port == 0)
		return !any && (try_wished(lab, want, wan, want->key->internal_port, grant) ||
				any_port(lab, want, wan, grant));
	if (!port_suits(want, want->suggested_port))
		return false;
	return any ? try_everywhere(lab, want, start, want->suggested_port, grant)
		   : try_port(lab, want, wan, want->suggested_port, grant);
}

static bool try_hold(struct lab *lab, const struct want *want, struct grant *grant)
{
	const struct lab_entry *hold = find_hold(lab, want);
	size_t wan;

	return hold && lab_is_wan(lab, hold->external, &wan) &&
	       port_suits(want, hold->external_port) &&
	       try_port(lab, want, wan, hold->external_port, grant);
}

static bool longest(struct lab *lab, const struct want *want, size_t start, struct grant *grant)
{
	struct grant found = { .ports = 0 };

	grant->ports = 0;
	for (size_t i = 0; i < lab->config.wan_count; i++) {
		if (any_port(lab, want, (start + i) % lab->config.wan_count, &found) &&
		    found.ports > grant->ports)
			*grant = found;
		if (grant->ports == want->ports)
			break;
	}
	return grant->ports > 0;
}

static uint8_t allocate_nat(struct lab *lab, const struct want *want, struct grant *grant)
{
	size_t start = first_wan(lab, want);
	bool wish = want->suggested_port != 0 || !pcp_addr_is_any(want->suggested);

	if (lab->wan_down)
		return PCP_NETWORK_FAILURE;
	if (follow_related(lab, want, grant)) {
		if (want->exact && !fits_suggestion(want, grant->external, grant->external_port))
			return PCP_CANNOT_PROVIDE_EXTERNAL;
		return PCP_SUCCESS;
	}
	/* An SCTP-aware NAT does not rewrite ports: RFC 6887 16.3.3. */
	if (want->key->protocol == SCTP) {
		if (try_everywhere(lab, want, start, want->key->internal_port, grant) &&
		    (!want->exact || fits_suggestion(want, grant->external, grant->external_port)))
			return PCP_SUCCESS;
		return PCP_CANNOT_PROVIDE_EXTERNAL;
	}
	if (wish && try_suggested(lab, want, start, grant))
		return PCP_SUCCESS;
	if (want->exact && wish)
		return PCP_CANNOT_PROVIDE_EXTERNAL;
	if (try_hold(lab, want, grant))
		return PCP_SUCCESS;
	if (try_wished(lab, want, start, wished_port(want), grant))
		return PCP_SUCCESS;
	return longest(lab, want, start, grant) ? PCP_SUCCESS : PCP_NO_RESOURCES;
}

uint8_t lab_allocate(struct lab *lab, const struct want *want, struct grant *grant)
{
	bool v4 = pcp_addr_is_v4(want->key->internal), to_v4 = pcp_addr_is_v4(want->suggested);
	bool all = want->key->internal_port == 0;
	uint32_t way = v4 ? lab->ipv4 : lab->ipv6;

	*grant = (struct grant){ .ports = 0 };
	if (all && !lab->wildcards)
		return PCP_UNSUPP_PROTOCOL;
	if (to_v4 && (way == FAMILY_NAT || way == FAMILY_BOTH))
		return all ? allocate_all(lab, want, grant) : allocate_nat(lab, want, grant);
	if (v4 == to_v4 && (way == FAMILY_FIREWALL || way == FAMILY_BOTH))
		return as_is(want, grant);
	return PCP_NO_RESOURCES; /* the catch-all, here for families: RFC 6887 10, 7.4 */
}
