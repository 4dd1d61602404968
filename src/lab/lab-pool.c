/* External addresses and their ports. The bits of free ports follow the indices of lab-index.c and
 * are never the only place where something is known. */
#include <stdlib.h>
#include <string.h>

#include "lab-private.h"

static const uint8_t ported[LAB_PORTED] = { PCP_TCP, PCP_UDP, PCP_DCCP, PCP_SCTP, PCP_UDPLITE };

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
	uint32_t value = v4_value(lab->wan) + (uint32_t)which;

	memcpy(addr, lab->wan, PCP_ADDR_LEN);
	for (int i = 15; i >= 12; i--, value >>= 8)
		addr[i] = (uint8_t)value;
}

bool lab_is_wan(const struct lab *lab, const uint8_t addr[PCP_ADDR_LEN], size_t *which)
{
	uint32_t distance = v4_value(addr) - v4_value(lab->wan);

	*which = distance;
	return memcmp(addr, lab->wan, 12) == 0 && distance < lab->wan_count;
}

/* ---- pools ---- */

/* RFC 6887 11.3: never external UDP ports 5350 and 5351. */
bool lab_gateways_own(uint8_t protocol, uint32_t port)
{
	return protocol == PCP_UDP && (port == PCP_CLIENT_PORT || port == PCP_SERVER_PORT);
}

bool lab_port_given(const struct lab *lab, uint8_t protocol, uint32_t port)
{
	return port >= lab->first_port && port <= lab->last_port &&
	       !lab_gateways_own(protocol, port);
}

/* NAT-PMP reserves the other protocol's port of the same number for the same host: RFC 6886 3.3. */
struct lab_entry *lab_companion(const struct lab *lab, const uint8_t addr[PCP_ADDR_LEN],
				uint8_t protocol, uint16_t port)
{
	struct lab_entry *twin;

	if (protocol != PCP_TCP && protocol != PCP_UDP)
		return NULL;
	twin = lab_external_owner(lab, addr, protocol == PCP_TCP ? PCP_UDP : PCP_TCP, port);
	return twin && !twin->held && !twin->fixed && twin->version == PCP_VERSION_NATPMP ? twin
											  : NULL;
}

static void settle_port(struct lab *lab, struct lab_ports *pool, const uint8_t addr[PCP_ADDR_LEN],
			uint8_t protocol, uint32_t port)
{
	lab_bit_put(pool, port,
		    lab_port_given(lab, protocol, port) &&
			    !lab_external_owner(lab, addr, protocol, (uint16_t)port) &&
			    !lab_companion(lab, addr, protocol, (uint16_t)port));
}

/* What is mapped there from ports of `of`; where that is another protocol, NAT-PMP's alone reserve
 * this one's, too. */
static void settle_entries(struct lab *lab, const uint8_t addr[PCP_ADDR_LEN], uint8_t protocol,
			   uint8_t of)
{
	struct lab_entry probe = { .key.protocol = of };
	const struct lab_entry *entry;
	struct tree_node *node;

	memcpy(probe.external, addr, PCP_ADDR_LEN);
	for (node = tree_at_least(&lab->by_external, &probe.by_external); node;
	     node = tree_after(&lab->by_external, node)) {
		entry = tree_record(node, struct lab_entry, by_external);
		if (entry->key.protocol != of || memcmp(entry->external, addr, PCP_ADDR_LEN) != 0)
			return;
		if (of == protocol || entry->version == PCP_VERSION_NATPMP)
			lab_pool_settle(lab, addr, protocol, entry->external_port, entry->ports);
	}
}

/* The pool of an address and protocol; NULL when memory is out. */
struct lab_ports *lab_pool_of(struct lab *lab, size_t wan, uint8_t protocol)
{
	struct lab_ports **slot = &lab->pool[wan * LAB_PORTED + (size_t)protocol_index(protocol)];
	uint8_t addr[PCP_ADDR_LEN];

	if (*slot)
		return *slot;
	*slot = calloc(1, sizeof(**slot));
	if (!*slot)
		return NULL;
	for (uint32_t port = lab->first_port; port <= lab->last_port; port++)
		if (lab_port_given(lab, protocol, port))
			lab_bit_put(*slot, port, true);
	(*slot)->size = (*slot)->nfree;
	lab_wan(lab, wan, addr);
	settle_entries(lab, addr, protocol, protocol);
	if (protocol == PCP_TCP || protocol == PCP_UDP)
		settle_entries(lab, addr, protocol, protocol == PCP_TCP ? PCP_UDP : PCP_TCP);
	return *slot;
}

static void settle_run(struct lab *lab, size_t wan, const uint8_t addr[PCP_ADDR_LEN],
		       uint8_t protocol, uint16_t port, uint32_t ports)
{
	struct lab_ports *pool = lab->pool[wan * LAB_PORTED + (size_t)protocol_index(protocol)];

	for (uint32_t i = 0; pool && i < ports && port + i < LAB_PORTS; i++)
		settle_port(lab, pool, addr, protocol, port + i);
}

void lab_pool_settle(struct lab *lab, const uint8_t addr[PCP_ADDR_LEN], uint8_t protocol,
		     uint16_t port, uint32_t ports)
{
	size_t wan;

	if (!lab_has_ports(protocol) || port == 0 || !lab_is_wan(lab, addr, &wan))
		return;
	settle_run(lab, wan, addr, protocol, port, ports);
	if (protocol == PCP_TCP || protocol == PCP_UDP)
		settle_run(lab, wan, addr, protocol == PCP_TCP ? PCP_UDP : PCP_TCP, port, ports);
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
		const struct lab_ports *pool = lab->pool[slot];

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
