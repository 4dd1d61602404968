/* External values for a new mapping: the suggestion, what was held, or whatever is free (RFC
 * 6887 11.3). */
#include <string.h>

#include "lab-private.h"

static bool same_internal(const struct lab_entry *entry, const struct lab_key *key)
{
	return memcmp(entry->key.internal, key->internal, PCP_ADDR_LEN) == 0 &&
	       entry->key.realm == key->realm;
}

/* "Same internal address, port and nonce" (RFC 6887 15) gets its former port back. */
static bool may_reclaim(const struct lab_entry *hold, const struct lab_want *want)
{
	static const uint8_t none[PCP_NONCE_LEN];

	return hold->held && same_internal(hold, want->key) &&
	       hold->key.protocol == want->key->protocol &&
	       hold->key.internal_port == want->key->internal_port &&
	       memcmp(hold->nonce, want->nonce ? want->nonce : none, PCP_NONCE_LEN) == 0;
}

static struct lab_entry *find_hold(const struct lab *lab, const struct lab_want *want)
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
				 const struct lab_key *key)
{
	struct lab_entry *all = lab_external_owner(lab, addr, key->protocol, 0);

	if (!all || same_internal(all, key))
		all = lab_external_owner(lab, addr, 0, 0);
	return all && !same_internal(all, key) ? all : NULL;
}

static bool port_suits(const struct lab_want *want, uint32_t port)
{
	if ((want->parity || want->pair) && ((port ^ want->key->internal_port) & 1))
		return false;
	return port < LAB_PORTS;
}

/* NAT-PMP also wants the other protocol's port to be its client's or nobody's: RFC 6886 3.3. */
static bool twin_is_free(struct lab *lab, const struct lab_want *want, size_t wan, uint32_t port)
{
	const struct lab_ports *pool =
		want->nonce
			? NULL
			: lab_pool_of(lab, wan, want->key->protocol == PCP_TCP ? PCP_UDP : PCP_TCP);

	return !pool || lab_bit(pool, port);
}

static bool twin_suits(struct lab *lab, const struct lab_want *want, size_t wan, uint32_t port)
{
	uint8_t addr[PCP_ADDR_LEN];
	const struct lab_entry *twin;

	if (twin_is_free(lab, want, wan, port))
		return true;
	lab_wan(lab, wan, addr);
	twin = lab_external_owner(lab, addr, want->key->protocol == PCP_TCP ? PCP_UDP : PCP_TCP,
				  (uint16_t)port);
	return twin && same_internal(twin, want->key);
}

/* Whether `port` of an address can be had, and how many from there; says so in *grant. */
static bool try_port(struct lab *lab, const struct lab_want *want, size_t wan, uint32_t port,
		     struct lab_grant *grant)
{
	struct lab_ports *pool = lab_pool_of(lab, wan, want->key->protocol);
	struct lab_entry *owner, *twin;
	uint8_t addr[PCP_ADDR_LEN];
	uint32_t least = want->pair ? 2 : 1, run;

	lab_wan(lab, wan, addr);
	if (!pool || !lab_port_given(lab, want->key->protocol, port) ||
	    !twin_suits(lab, want, wan, port))
		return false;
	owner = blocked(lab, addr, want->key);
	if (!owner) {
		run = lab_bit_run(pool, port, want->ports > least ? want->ports : least);
		grant->reclaimed = NULL;
		owner = lab_external_owner(lab, addr, want->key->protocol, (uint16_t)port);
		twin = lab_companion(lab, addr, want->key->protocol, (uint16_t)port);
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
static uint32_t best_run(const struct lab_ports *pool, const struct lab_want *want,
			 uint32_t *length)
{
	uint32_t best = LAB_PORTS;

	*length = 0;
	for (uint32_t port = lab_bit_next(pool, 0); port < LAB_PORTS && *length < want->ports;) {
		uint32_t run, start = port_suits(want, port) ? port : port + 1;

		run = lab_bit_run(pool, start, want->ports);
		if (run > *length) {
			*length = run;
			best = start;
		}
		port = lab_bit_next(pool, start + (run ? run : 1));
	}
	return best;
}

static uint32_t find_port(struct lab *lab, const struct lab_want *want, size_t wan, uint32_t from,
			  uint32_t end)
{
	const struct lab_ports *pool = lab_pool_of(lab, wan, want->key->protocol);

	for (uint32_t port = lab_bit_next(pool, from); port < end;
	     port = lab_bit_next(pool, port + 1))
		if (port_suits(want, port) && twin_is_free(lab, want, wan, port) &&
		    (!want->pair || lab_bit_run(pool, port, 2) == 2))
			return port;
	return LAB_PORTS;
}

/* Any port of the address. A random start keeps the next mapping's port from being guessed. */
static bool any_port(struct lab *lab, const struct lab_want *want, size_t wan,
		     struct lab_grant *grant)
{
	struct lab_ports *pool = lab_pool_of(lab, wan, want->key->protocol);
	uint32_t first = lab->first_port, start, port, length;

	if (!pool || pool->nfree == 0)
		return false;
	if (want->ports > 1) {
		port = best_run(pool, want, &length);
	} else {
		start = first + (uint32_t)pcp_rng_below(lab->rng, lab->last_port - first + 1u);
		port = find_port(lab, want, wan, start, LAB_PORTS);
		if (port == LAB_PORTS)
			port = find_port(lab, want, wan, 0, start);
	}
	return port < LAB_PORTS && try_port(lab, want, wan, port, grant);
}

static bool fits_suggestion(const struct lab_want *want, const uint8_t external[PCP_ADDR_LEN],
			    uint16_t port)
{
	return (pcp_addr_is_any(want->suggested) ||
		memcmp(want->suggested, external, PCP_ADDR_LEN) == 0) &&
	       (want->suggested_port == 0 || want->suggested_port == port);
}

/* The same internal port has the same external one, whatever it talks to and however it was mapped:
 * RFC 6887 11.3, 16.1. */
static bool follow_related(const struct lab *lab, const struct lab_want *want,
			   struct lab_grant *grant)
{
	struct lab_key map = *want->key;
	const struct lab_entry *related;

	map.v4 = want->v4;
	related = lab_covering(lab, &map);
	if (!related)
		related = lab_outbound(lab, want->key, want->v4);
	if (!related || want->key->internal_port == 0)
		return false;
	memcpy(grant->external, related->external, PCP_ADDR_LEN);
	grant->external_port = (uint16_t)(related->external_port + want->key->internal_port -
					  related->key.internal_port);
	grant->ports = 1;
	return true;
}

/* Firewalls and other stateless devices change nothing (RFC 6887 11.3), so that a port of the
 * gateway's own cannot be had at all. */
static uint8_t as_is(const struct lab_want *want, struct lab_grant *grant)
{
	memcpy(grant->external, want->key->internal, PCP_ADDR_LEN);
	grant->external_port = want->key->internal_port;
	if (want->exact && !fits_suggestion(want, grant->external, grant->external_port))
		return PCP_CANNOT_PROVIDE_EXTERNAL;
	while (grant->ports < want->ports &&
	       !lab_gateways_own(want->key->protocol, grant->external_port + grant->ports))
		grant->ports++;
	return grant->ports > 0 ? PCP_SUCCESS : PCP_NOT_AUTHORIZED;
}

/* Whether nobody else has anything on the address that a wildcard or DMZ mapping would take. */
static bool all_mine(const struct lab *lab, const uint8_t addr[PCP_ADDR_LEN],
		     const struct lab_key *key)
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

static uint8_t allocate_all(struct lab *lab, const struct lab_want *want, struct lab_grant *grant)
{
	for (size_t i = 0; i < lab->wan_count; i++) {
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
static size_t first_wan(struct lab *lab, const struct lab_want *want)
{
	const struct lab_holder *host = lab_host_of(lab, want->key);
	size_t wan;

	if (lab_is_wan(lab, want->suggested, &wan))
		return wan;
	if (host && host->fixed && lab_is_wan(lab, host->fixed_addr, &wan))
		return wan; /* RFC 6887 10 */
	if (host && host->wan < lab->wan_count)
		return host->wan;
	return tree_size(&lab->hosts) % lab->wan_count;
}

static bool try_everywhere(struct lab *lab, const struct lab_want *want, size_t start,
			   uint32_t port, struct lab_grant *grant)
{
	for (size_t i = 0; i < lab->wan_count; i++)
		if (try_port(lab, want, (start + i) % lab->wan_count, port, grant))
			return true;
	return false;
}

/* Without a suggestion, a port like the internal one is the best guess. */
static uint16_t wished_port(const struct lab_want *want)
{
	return want->suggested_port ? want->suggested_port : want->key->internal_port;
}

/* A port that is only a wish: the whole of what is wanted from there, or another place is better.
 */
static bool try_wished(struct lab *lab, const struct lab_want *want, size_t wan, uint32_t port,
		       struct lab_grant *grant)
{
	return port_suits(want, port) && try_port(lab, want, wan, port, grant) &&
	       grant->ports == want->ports;
}

/* The suggestion, exactly: both address and port where they are given. */
static bool try_suggested(struct lab *lab, const struct lab_want *want, size_t start,
			  struct lab_grant *grant)
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

static bool try_hold(struct lab *lab, const struct lab_want *want, struct lab_grant *grant)
{
	const struct lab_entry *hold = find_hold(lab, want);
	size_t wan;

	return hold && lab_is_wan(lab, hold->external, &wan) &&
	       port_suits(want, hold->external_port) &&
	       try_port(lab, want, wan, hold->external_port, grant);
}

static bool longest(struct lab *lab, const struct lab_want *want, size_t start,
		    struct lab_grant *grant)
{
	struct lab_grant found = { .ports = 0 };

	grant->ports = 0;
	for (size_t i = 0; i < lab->wan_count; i++) {
		if (any_port(lab, want, (start + i) % lab->wan_count, &found) &&
		    found.ports > grant->ports)
			*grant = found;
		if (grant->ports == want->ports)
			break;
	}
	return grant->ports > 0;
}

/* A VPN gateway, whose port nobody chooses, gives TCP and UDP of a port the same one. */
static bool try_twin(struct lab *lab, const struct lab_want *want, struct lab_grant *grant)
{
	struct lab_key key = *want->key;
	const struct lab_entry *twin;
	size_t wan;

	if (key.protocol != PCP_TCP && key.protocol != PCP_UDP)
		return false;
	key.protocol = key.protocol == PCP_TCP ? PCP_UDP : PCP_TCP;
	twin = lab_find(lab, &key);
	return twin && lab_is_wan(lab, twin->external, &wan) &&
	       try_port(lab, want, wan, twin->external_port, grant);
}

static uint8_t allocate_nat(struct lab *lab, const struct lab_want *want, struct lab_grant *grant)
{
	size_t start = first_wan(lab, want);
	bool wish = want->suggested_port != 0 || !pcp_addr_is_any(want->suggested);
	bool hints = lab->set.hints;

	if (lab->wan_down)
		return PCP_NETWORK_FAILURE;
	if (follow_related(lab, want, grant)) {
		if (want->exact && !fits_suggestion(want, grant->external, grant->external_port))
			return PCP_CANNOT_PROVIDE_EXTERNAL;
		return PCP_SUCCESS;
	}
	/* An SCTP-aware NAT does not rewrite ports: RFC 6887 16.3.3. */
	if (want->key->protocol == PCP_SCTP) {
		if (try_everywhere(lab, want, start, want->key->internal_port, grant) &&
		    (!want->exact || fits_suggestion(want, grant->external, grant->external_port)))
			return PCP_SUCCESS;
		return wish || want->key->opcode == PCP_MAP ? PCP_CANNOT_PROVIDE_EXTERNAL
							    : PCP_NO_RESOURCES;
	}
	if (wish && hints && try_suggested(lab, want, start, grant))
		return PCP_SUCCESS;
	if (want->exact && wish)
		return PCP_CANNOT_PROVIDE_EXTERNAL;
	if (try_hold(lab, want, grant))
		return PCP_SUCCESS;
	if ((want->one || !hints) && try_twin(lab, want, grant))
		return PCP_SUCCESS;
	if (hints && try_wished(lab, want, start, wished_port(want), grant))
		return PCP_SUCCESS;
	return longest(lab, want, start, grant) ? PCP_SUCCESS : PCP_NO_RESOURCES;
}

struct lab_outside lab_outside(const struct lab *lab, const uint8_t internal[PCP_ADDR_LEN])
{
	bool v4 = pcp_addr_is_v4(internal);
	uint32_t way = v4 ? lab->set.ipv4 : lab->set.ipv6;
	bool nat = way == FAMILY_NAT || way == FAMILY_BOTH;
	bool firewall = way == FAMILY_FIREWALL || way == FAMILY_BOTH;

	return (struct lab_outside){ .v4 = nat || (v4 && firewall), .v6 = !v4 && firewall };
}

bool lab_means_v4(const struct lab *lab, const uint8_t internal[PCP_ADDR_LEN],
		  const uint8_t suggested[PCP_ADDR_LEN])
{
	struct lab_outside outside = lab_outside(lab, internal);

	return outside.v4 && outside.v6 ? pcp_addr_is_v4(suggested) : outside.v4;
}

/* The catch-all NO_RESOURCES is for families, too: RFC 6887 10, 7.4. */
static uint8_t allocate(struct lab *lab, const struct lab_want *want, struct lab_grant *grant)
{
	bool all = want->key->internal_port == 0 && !want->one;
	struct lab_outside outside = lab_outside(lab, want->key->internal);
	bool translated =
		want->v4 && (!pcp_addr_is_v4(want->key->internal) || lab->set.ipv4 == FAMILY_NAT);

	if (all && !lab->set.wildcards)
		return PCP_UNSUPP_PROTOCOL;
	if (!(want->v4 ? outside.v4 : outside.v6))
		return PCP_NO_RESOURCES;
	if (!translated)
		return as_is(want, grant);
	return all ? allocate_all(lab, want, grant) : allocate_nat(lab, want, grant);
}

/* A suggestion of another family is a hint that cannot be followed, unless it must be. */
uint8_t lab_allocate(struct lab *lab, const struct lab_want *want, struct lab_grant *grant)
{
	struct lab_want fit = *want;
	uint8_t any[PCP_ADDR_LEN];

	*grant = (struct lab_grant){ .ports = 0 };
	if (pcp_addr_is_v4(want->suggested) == want->v4)
		return allocate(lab, want, grant);
	if (pcp_addr_is_any(want->suggested) && lab->set.no_family)
		return PCP_NO_RESOURCES;
	if (!pcp_addr_is_any(want->suggested) && want->exact)
		return PCP_CANNOT_PROVIDE_EXTERNAL;
	pcp_addr_any(any, want->v4);
	fit.suggested = any;
	return allocate(lab, &fit, grant);
}
