/*
 * The orders in which the server finds what it remembers. Four over the same entries, each a tree,
 * so that nothing costs more than a logarithm.
 */
#include <string.h>

#include "lab-private.h"

static int order(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

static int order_addr(const uint8_t a[PCP_ADDR_LEN], const uint8_t b[PCP_ADDR_LEN])
{
	return memcmp(a, b, PCP_ADDR_LEN);
}

static int compare_keys(const struct lab_key *a, const struct lab_key *b)
{
	int c = order_addr(a->internal, b->internal);

	if (c == 0)
		c = order(a->realm, b->realm);
	if (c == 0)
		c = order(a->protocol, b->protocol);
	if (c == 0)
		c = order(a->opcode, b->opcode);
	if (c == 0)
		c = order(a->v4, b->v4);
	if (c == 0)
		c = order(a->internal_port, b->internal_port);
	if (c == 0)
		c = order_addr(a->remote, b->remote);
	if (c == 0)
		c = order(a->remote_port, b->remote_port);
	return c;
}

int lab_compare_key(const struct tree_node *a, const struct tree_node *b)
{
	return compare_keys(&tree_record(a, struct lab_entry, by_key)->key,
			    &tree_record(b, struct lab_entry, by_key)->key);
}

/* External ports of MAP entries do not overlap, so that the last one not above a port owns it or
 * nobody does; PEER entries share theirs with the MAP of the same internal port. */
int lab_compare_external(const struct tree_node *a, const struct tree_node *b)
{
	const struct lab_entry *x = tree_record(a, struct lab_entry, by_external);
	const struct lab_entry *y = tree_record(b, struct lab_entry, by_external);
	int c = order_addr(x->external, y->external);

	if (c == 0)
		c = order(x->key.protocol, y->key.protocol);
	if (c == 0)
		c = order(x->key.opcode, y->key.opcode);
	if (c == 0)
		c = order(x->external_port, y->external_port);
	return c ? c : compare_keys(&x->key, &y->key);
}

/* A client's own together; then by what NEXT's locator names, so that a page starts where the last
 * one ended. */
int lab_compare_owner(const struct tree_node *a, const struct tree_node *b)
{
	const struct lab_entry *x = tree_record(a, struct lab_entry, by_owner);
	const struct lab_entry *y = tree_record(b, struct lab_entry, by_owner);
	int c = order_addr(x->client.addr, y->client.addr);

	if (c == 0)
		c = order_addr(x->key.internal, y->key.internal);
	if (c == 0)
		c = order(x->key.protocol, y->key.protocol);
	if (c == 0)
		c = order(x->key.internal_port, y->key.internal_port);
	if (c == 0)
		c = order_addr(x->external, y->external);
	if (c == 0)
		c = order(x->external_port, y->external_port);
	if (c == 0)
		c = memcmp(x->nonce, y->nonce, PCP_NONCE_LEN);
	return c ? c : compare_keys(&x->key, &y->key);
}

int lab_compare_host(const struct tree_node *a, const struct tree_node *b)
{
	const struct lab_holder *x = tree_record(a, struct lab_holder, node);
	const struct lab_holder *y = tree_record(b, struct lab_holder, node);
	int c = order_addr(x->addr, y->addr);

	return c ? c : order(x->realm, y->realm);
}

struct lab_holder *lab_host_of(const struct lab *lab, const struct lab_key *key)
{
	struct lab_holder probe = { .realm = key->realm };
	struct tree_node *node;

	memcpy(probe.addr, key->internal, PCP_ADDR_LEN);
	node = tree_at_least(&lab->hosts, &probe.node);
	if (!node || lab_compare_host(node, &probe.node) != 0)
		return NULL;
	return tree_record(node, struct lab_holder, node);
}

uint32_t lab_host_ports(const struct lab *lab, const struct lab_key *key)
{
	const struct lab_holder *host = lab_host_of(lab, key);

	return host ? host->ports : 0;
}

uint32_t lab_remaining(const struct lab_entry *entry, usec now)
{
	usec left = entry->timer.at - now;

	if (entry->fixed)
		return UINT32_MAX;
	return left <= 0 ? 0 : (uint32_t)((left + USEC_PER_SEC - 1) / USEC_PER_SEC);
}

/* ---- look-ups ---- */

static struct lab_entry *key_at_least(const struct lab *lab, const struct lab_key *key)
{
	struct lab_entry probe = { .key = *key };
	struct tree_node *node = tree_at_least(&lab->by_key, &probe.by_key);

	return node ? tree_record(node, struct lab_entry, by_key) : NULL;
}

static struct lab_entry *after_key(const struct lab *lab, const struct lab_entry *entry)
{
	struct tree_node *node = tree_after(&lab->by_key, &entry->by_key);

	return node ? tree_record(node, struct lab_entry, by_key) : NULL;
}

struct lab_entry *lab_find(const struct lab *lab, const struct lab_key *key)
{
	struct lab_entry *entry = key_at_least(lab, key);

	return entry && compare_keys(&entry->key, key) == 0 ? entry : NULL;
}

static bool same_host_protocol(const struct lab_key *a, const struct lab_key *b)
{
	return order_addr(a->internal, b->internal) == 0 && a->realm == b->realm &&
	       a->protocol == b->protocol && a->opcode == b->opcode && a->v4 == b->v4;
}

static struct lab_key map_key(const struct lab_key *key)
{
	struct lab_key map = *key;

	map.opcode = PCP_MAP;
	memset(map.remote, 0, sizeof(map.remote));
	map.remote_port = 0;
	return map;
}

/* The MAP entry at or before an internal port, if it is the same host's and protocol's. */
static struct lab_entry *map_at_most(const struct lab *lab, const struct lab_key *key)
{
	struct lab_entry probe = { .key = map_key(key) };
	struct tree_node *node = tree_at_most(&lab->by_key, &probe.by_key);
	struct lab_entry *entry = node ? tree_record(node, struct lab_entry, by_key) : NULL;

	return entry && same_host_protocol(&entry->key, &probe.key) ? entry : NULL;
}

static bool covers(const struct lab_entry *entry, uint16_t port)
{
	return port >= entry->key.internal_port &&
	       port - entry->key.internal_port < (int64_t)entry->ports;
}

struct lab_entry *lab_covering(const struct lab *lab, const struct lab_key *key)
{
	struct lab_entry *entry = map_at_most(lab, key);

	return entry && covers(entry, key->internal_port) ? entry : NULL;
}

struct lab_entry *lab_touching(const struct lab *lab, const struct lab_key *key, uint32_t ports,
			       const struct lab_entry *after)
{
	struct lab_key map = map_key(key);
	struct lab_entry *entry = after ? NULL : lab_covering(lab, key);

	if (entry)
		return entry;
	if (after && after->key.internal_port + 1u >= map.internal_port + ports)
		return NULL; /* of one port, say, nothing is left behind its mapping */
	entry = after ? after_key(lab, after) : key_at_least(lab, &map);
	if (!entry || !same_host_protocol(&entry->key, &map) ||
	    entry->key.internal_port >= (uint32_t)map.internal_port + ports)
		return NULL;
	return entry;
}

struct lab_entry *lab_outbound(const struct lab *lab, const struct lab_key *key, bool v4)
{
	struct lab_key peer = map_key(key);
	struct lab_entry *entry;

	peer.opcode = PCP_PEER;
	peer.v4 = false;
	for (entry = key_at_least(lab, &peer); entry; entry = after_key(lab, entry)) {
		if (!same_host_protocol(&entry->key, &peer) ||
		    entry->key.internal_port != peer.internal_port)
			return NULL;
		if (pcp_addr_is_v4(entry->external) == v4)
			return entry;
	}
	return NULL;
}

static struct lab_entry *external_at(const struct lab *lab, const struct lab_entry *probe,
				     bool least)
{
	struct tree_node *node =
		(least ? tree_at_least : tree_at_most)(&lab->by_external, &probe->by_external);
	struct lab_entry *entry = node ? tree_record(node, struct lab_entry, by_external) : NULL;

	if (!entry || order_addr(entry->external, probe->external) != 0 ||
	    entry->key.protocol != probe->key.protocol || entry->key.opcode != probe->key.opcode)
		return NULL;
	return entry;
}

struct lab_entry *lab_external_owner(const struct lab *lab, const uint8_t addr[PCP_ADDR_LEN],
				     uint8_t protocol, uint16_t port)
{
	struct lab_entry probe = { .external_port = port };
	struct lab_entry *entry;

	memcpy(probe.external, addr, PCP_ADDR_LEN);
	probe.key.protocol = protocol;
	probe.key.opcode = PCP_PEER;
	entry = external_at(lab, &probe, true);
	if (entry && entry->external_port == port)
		return entry;
	/* After every MAP entry of that port and before those of the next one. */
	memset(&probe.key, 0xff, sizeof(probe.key));
	probe.key.protocol = protocol;
	probe.key.opcode = PCP_MAP;
	entry = external_at(lab, &probe, false);
	if (entry && port - entry->external_port < (int64_t)entry->ports)
		return entry;
	return NULL;
}

/* ---- for people to look at ---- */

size_t lab_nmappings(const struct lab *lab)
{
	return tree_size(&lab->by_owner);
}

size_t lab_nhosts(const struct lab *lab)
{
	return tree_size(&lab->hosts);
}

size_t lab_nheld(const struct lab *lab)
{
	return tree_size(&lab->held);
}

bool lab_host_at(const struct lab *lab, size_t i, struct lab_host *host)
{
	const struct tree_node *node = tree_nth(&lab->hosts, i);
	const struct lab_holder *found;

	if (!node)
		return false;
	found = tree_record(node, struct lab_holder, node);
	host->ports = found->ports;
	host->quota = lab->set.quota;
	memcpy(host->address, found->addr, PCP_ADDR_LEN);
	return true;
}

bool lab_mapping_at(const struct lab *lab, size_t i, struct lab_mapping *mapping)
{
	const struct tree_node *node = tree_nth(&lab->by_owner, i);
	const struct lab_entry *entry;

	if (!node)
		return false;
	entry = tree_record(node, struct lab_entry, by_owner);
	*mapping = (struct lab_mapping){
		.opcode = entry->key.opcode,
		.protocol = entry->key.protocol,
		.internal_port = entry->key.internal_port,
		.external_port = entry->external_port,
		.remote_port = entry->key.remote_port,
		.port_set_size = entry->ports,
		.expires_at = entry->fixed ? USEC_NEVER : entry->timer.at,
		.nfilters = entry->nfilter,
		.fixed = entry->fixed,
		.implicit = entry->implicit,
		.natpmp = entry->version == PCP_VERSION_NATPMP && !entry->fixed,
	};
	memcpy(mapping->internal, entry->key.internal, PCP_ADDR_LEN);
	memcpy(mapping->external, entry->external, PCP_ADDR_LEN);
	memcpy(mapping->remote, entry->key.remote, PCP_ADDR_LEN);
	memcpy(mapping->nonce, entry->nonce, PCP_NONCE_LEN);
	memcpy(mapping->owner, entry->client.addr, PCP_ADDR_LEN);
	if (entry->description)
		pcp_safe_text(entry->description, entry->description_len, mapping->description,
			      sizeof(mapping->description));
	return true;
}
