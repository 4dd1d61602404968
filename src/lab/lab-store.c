/* Changes what the server remembers: mappings, and ports of former mappings that are held for their
 * clients. */
#include <stdlib.h>
#include <string.h>

#include "lab-private.h"

/* ---- hosts: who uses how many ports ---- */

static struct lab_holder *join_host(struct lab *lab, const struct lab_entry *entry)
{
	struct lab_holder *host = lab_host_of(lab, &entry->key);
	size_t wan;

	if (!host) {
		host = calloc(1, sizeof(*host));
		if (!host)
			return NULL;
		memcpy(host->addr, entry->key.internal, PCP_ADDR_LEN);
		host->realm = entry->key.realm;
		tree_insert(&lab->hosts, &host->node);
	}
	host->entries++;
	if (entry->fixed) { /* made outside PCP: counts against no quota */
		host->fixed = true;
		memcpy(host->fixed_addr, entry->external, PCP_ADDR_LEN);
		return host;
	}
	if (lab_is_wan(lab, entry->external, &wan))
		host->wan = (uint16_t)wan;
	host->ports += entry->ports;
	return host;
}

static void leave_host(struct lab *lab, struct lab_entry *entry)
{
	struct lab_holder *host = entry->host;

	entry->host = NULL;
	if (!host)
		return;
	if (!entry->fixed)
		host->ports -= entry->ports;
	if (--host->entries > 0)
		return;
	tree_remove(&lab->hosts, &host->node);
	free(host);
}

/* ---- entries ---- */

static void enter(struct lab *lab, struct lab_entry *entry)
{
	if (!entry->held)
		tree_insert(&lab->by_key, &entry->by_key);
	tree_insert(entry->held ? &lab->held : &lab->by_owner, &entry->by_owner);
	tree_insert(&lab->by_external, &entry->by_external);
}

static void withdraw(struct lab *lab, struct lab_entry *entry)
{
	if (!entry->held)
		tree_remove(&lab->by_key, &entry->by_key);
	tree_remove(entry->held ? &lab->held : &lab->by_owner, &entry->by_owner);
	tree_remove(&lab->by_external, &entry->by_external);
}

static void settle(struct lab *lab, const struct lab_entry *entry)
{
	lab_pool_settle(lab, entry->external, entry->key.protocol, entry->external_port,
			entry->ports);
}

static void forget_details(struct lab_entry *entry)
{
	free(entry->filter);
	free(entry->description);
	entry->filter = NULL;
	entry->description = NULL;
	entry->nfilter = entry->description_len = 0;
}

static void destroy(struct lab *lab, struct lab_entry *entry)
{
	withdraw(lab, entry);
	timer_stop(&lab->timers, &entry->timer);
	settle(lab, entry);
	leave_host(lab, entry);
	forget_details(entry);
	free(entry);
}

/* Only ports that others could be given are worth holding: RFC 6887 15. */
static bool worth_holding(const struct lab *lab, const struct lab_entry *entry)
{
	size_t which;

	return lab->set.hold > 0 && !entry->held && !entry->fixed && entry->external_port != 0 &&
	       lab_is_wan(lab, entry->external, &which);
}

void lab_store_remove(struct lab *lab, usec now, struct lab_entry *entry, bool hold)
{
	usec until = now + (usec)lab->set.hold * USEC_PER_SEC;

	if (!hold || !worth_holding(lab, entry) || !timer_arm(&lab->timers, &entry->timer, until)) {
		destroy(lab, entry);
		return;
	}
	withdraw(lab, entry);
	leave_host(lab, entry);
	forget_details(entry);
	entry->held = true;
	entry->update = false;
	enter(lab, entry);
}

/* A PEER mapping that is not renewed is one of the NAT's own again, as long as traffic keeps it:
 * RFC 6887 12.3. */
static bool decay(struct lab *lab, struct lab_entry *entry, usec now)
{
	if (entry->key.opcode != PCP_PEER || entry->implicit || lab->set.active == 0)
		return false;
	entry->implicit = true;
	return lab_store_extend(lab, entry, now + (usec)lab->set.active * USEC_PER_SEC);
}

static void expire(struct timer *timer, void *arg, usec now)
{
	struct lab_entry *entry = tree_record(timer, struct lab_entry, timer);
	struct lab *lab = arg;

	if (!entry->held && !decay(lab, entry, now)) {
		lab->counters.expired++;
		lab_note(lab, now, "a mapping of internal port %u expired",
			 entry->key.internal_port);
		lab_store_remove(lab, now, entry, true);
	} else if (entry->held) {
		destroy(lab, entry);
	}
}

bool lab_store_full(const struct lab *lab)
{
	return tree_size(&lab->by_external) >= lab->set.max_mappings;
}

struct lab_entry *lab_store_add(struct lab *lab, const struct lab_entry *like, usec expires_at)
{
	struct lab_entry *entry;

	if (lab_store_full(lab))
		return NULL;
	entry = malloc(sizeof(*entry));
	if (!entry)
		return NULL;
	*entry = *like;
	entry->timer = (struct timer){ .fire = expire, .arg = lab };
	entry->host = join_host(lab, entry);
	if (!entry->host)
		goto fail;
	if (expires_at != USEC_NEVER && !timer_arm(&lab->timers, &entry->timer, expires_at))
		goto fail;
	enter(lab, entry);
	settle(lab, entry);
	lab->counters.created++;
	return entry;
fail:
	leave_host(lab, entry);
	free(entry);
	return NULL;
}

/* A renewal as most are changes nothing that an order goes by. */
static bool stays(const struct lab_entry *entry, const uint8_t external[PCP_ADDR_LEN],
		  uint16_t external_port, const uint8_t nonce[PCP_NONCE_LEN],
		  const uint8_t owner[PCP_ADDR_LEN])
{
	return entry->external_port == external_port &&
	       !memcmp(entry->external, external, PCP_ADDR_LEN) &&
	       !memcmp(entry->nonce, nonce, PCP_NONCE_LEN) &&
	       !memcmp(entry->client.addr, owner, PCP_ADDR_LEN);
}

void lab_store_rekey(struct lab *lab, struct lab_entry *entry, const uint8_t external[PCP_ADDR_LEN],
		     uint16_t external_port, const uint8_t nonce[PCP_NONCE_LEN],
		     const uint8_t owner[PCP_ADDR_LEN])
{
	struct lab_entry before;

	if (stays(entry, external, external_port, nonce, owner))
		return;
	before = *entry;
	withdraw(lab, entry);
	memmove(entry->external, external, PCP_ADDR_LEN);
	entry->external_port = external_port;
	memmove(entry->nonce, nonce, PCP_NONCE_LEN);
	memmove(entry->client.addr, owner, PCP_ADDR_LEN);
	enter(lab, entry);
	settle(lab, &before);
	settle(lab, entry);
}

bool lab_store_extend(struct lab *lab, struct lab_entry *entry, usec expires_at)
{
	return timer_arm(&lab->timers, &entry->timer, expires_at);
}

/* ---- look-ups ---- */

void lab_store_bury(struct lab *lab, usec now, const struct lab_key *key)
{
	struct lab_entry *entry =
		key->opcode == PCP_PEER ? lab_find(lab, key) : lab_covering(lab, key);

	if (entry && entry->doomed)
		lab_store_remove(lab, now, entry, false);
}

/* ---- life ---- */

bool lab_store_open(struct lab *lab)
{
	tree_init(&lab->by_key, lab_compare_key);
	tree_init(&lab->by_owner, lab_compare_owner);
	tree_init(&lab->by_external, lab_compare_external);
	tree_init(&lab->held, lab_compare_owner);
	tree_init(&lab->hosts, lab_compare_host);
	lab->pool = calloc((size_t)LAB_WAN_MAX * LAB_PORTED, sizeof(struct lab_ports *));
	return lab->pool != NULL;
}

void lab_store_clear(struct lab *lab, bool keep_fixed)
{
	lab_pool_forget(lab); /* made again when needed: cheaper than freeing port by port */
	for (size_t i = 0; i < tree_size(&lab->by_external);) {
		struct lab_entry *entry =
			tree_record(tree_nth(&lab->by_external, i), struct lab_entry, by_external);
		if (keep_fixed && entry->fixed)
			i++;
		else
			destroy(lab, entry);
	}
}

void lab_store_close(struct lab *lab)
{
	if (!lab->pool)
		return;
	lab_store_clear(lab, false);
	lab_pool_forget(lab);
	free(lab->pool);
}
