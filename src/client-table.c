#include "client-private.h"

#include <stdlib.h>
#include <string.h>

/* ---- numbered items ---- */

/* The first slot whose number is at least `id`; count when there is none. */
static size_t lower_bound(const struct idlist *list, uint32_t id)
{
	size_t lo = 0, hi = list->count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (list->slot[mid].id < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void compact(struct idlist *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++)
		if (list->slot[i].item)
			list->slot[kept++] = list->slot[i];
	list->count = kept;
}

bool idlist_append(struct idlist *list, uint32_t id, void *item)
{
	if (list->count == list->cap && list->live < list->count / 2)
		compact(list);
	if (list->count == list->cap) {
		size_t cap = list->cap ? 2 * list->cap : 16;
		struct idslot *slot = realloc(list->slot, cap * sizeof(*slot));
		if (!slot)
			return false;
		list->slot = slot;
		list->cap = cap;
	}
	list->slot[list->count++] = (struct idslot){ id, item };
	list->live++;
	return true;
}

void *idlist_find(const struct idlist *list, uint32_t id)
{
	size_t i = lower_bound(list, id);

	return i < list->count && list->slot[i].id == id ? list->slot[i].item : NULL;
}

void *idlist_after(const struct idlist *list, uint32_t id)
{
	if (id == UINT32_MAX)
		return NULL;
	for (size_t i = lower_bound(list, id + 1); i < list->count; i++)
		if (list->slot[i].item)
			return list->slot[i].item;
	return NULL;
}

void *idlist_at(struct idlist *list, size_t i)
{
	if (list->live < list->count)
		compact(list);
	return i < list->count ? list->slot[i].item : NULL;
}

void idlist_remove(struct idlist *list, uint32_t id)
{
	size_t i = lower_bound(list, id);

	if (i == list->count || list->slot[i].id != id || !list->slot[i].item)
		return;
	list->slot[i].item = NULL;
	list->live--;
	while (list->count && !list->slot[list->count - 1].item)
		list->count--;
}

void idlist_free(struct idlist *list)
{
	free(list->slot);
	*list = (struct idlist){ 0 };
}

/* ---- mappings by key ---- */

static uint64_t mix(uint64_t hash, const void *octets, size_t len)
{
	const uint8_t *at = octets;

	for (size_t i = 0; i < len; i++) /* FNV-1a */
		hash = (hash ^ at[i]) * UINT64_C(0x100000001b3);
	return hash;
}

static uint64_t key_hash(const struct keytable *table, const struct client_key *key)
{
	uint64_t hash = mix(table->seed, &key->server, sizeof(key->server));

	hash = mix(hash, &key->opcode, sizeof(key->opcode));
	hash = mix(hash, &key->protocol, sizeof(key->protocol));
	hash = mix(hash, &key->internal_port, sizeof(key->internal_port));
	hash = mix(hash, &key->remote_port, sizeof(key->remote_port));
	hash = mix(hash, key->internal, sizeof(key->internal));
	hash = mix(hash, key->remote, sizeof(key->remote));
	hash = mix(hash, key->realm, key->realm_len);
	return hash ^ hash >> 32;
}

bool client_same_key(const struct client_key *a, const struct client_key *b)
{
	return a->server == b->server && a->opcode == b->opcode && a->protocol == b->protocol &&
	       a->internal_port == b->internal_port && a->remote_port == b->remote_port &&
	       memcmp(a->internal, b->internal, sizeof(a->internal)) == 0 &&
	       memcmp(a->remote, b->remote, sizeof(a->remote)) == 0 &&
	       a->realm_len == b->realm_len &&
	       (a->realm_len == 0 || memcmp(a->realm, b->realm, a->realm_len) == 0);
}

static struct entry **bucket_of(const struct keytable *table, uint64_t hash)
{
	return &table->bucket[hash & (table->nbucket - 1)];
}

static bool grow(struct keytable *table)
{
	size_t nbucket = table->nbucket ? 2 * table->nbucket : 64;
	struct keytable grown = { calloc(nbucket, sizeof(struct entry *)), nbucket, table->count,
				  table->seed };

	if (!grown.bucket)
		return false;
	for (size_t i = 0; i < table->nbucket; i++) {
		struct entry *entry = table->bucket[i], *next;
		for (; entry; entry = next) {
			struct entry **bucket = bucket_of(&grown, entry->hash);
			next = entry->next;
			entry->next = *bucket;
			*bucket = entry;
		}
	}
	free(table->bucket);
	*table = grown;
	return true;
}

bool keytable_add(struct keytable *table, struct entry *entry)
{
	struct entry **bucket;

	if (table->count >= table->nbucket && !grow(table))
		return false;
	entry->hash = key_hash(table, &entry->key);
	bucket = bucket_of(table, entry->hash);
	entry->next = *bucket;
	*bucket = entry;
	table->count++;
	return true;
}

struct entry *keytable_find(const struct keytable *table, const struct client_key *key)
{
	uint64_t hash = key_hash(table, key);
	struct entry *entry = table->nbucket ? *bucket_of(table, hash) : NULL;

	while (entry && (entry->hash != hash || !client_same_key(&entry->key, key)))
		entry = entry->next;
	return entry;
}

void keytable_remove(struct keytable *table, struct entry *entry)
{
	struct entry **at = bucket_of(table, entry->hash);

	while (*at != entry)
		at = &(*at)->next;
	*at = entry->next;
	entry->next = NULL;
	table->count--;
}

void keytable_free(struct keytable *table)
{
	free(table->bucket);
	*table = (struct keytable){ 0 };
}
