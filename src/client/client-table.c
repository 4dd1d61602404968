/* Look-up by number and by key, at a cost that does not grow with the table. */
#include "client-private.h"

#include <stdlib.h>
#include <string.h>

/* ---- numbered items ---- */

/* The first slot whose number is at least `id`; count when there is none. */
static size_t lower_bound(const struct idlist *list, uint32_t id)
{
	size_t lo = 0, hi = list->count;

	/* Numbers are given one by one: without gaps the place follows from the number. */
	if (hi > 0 && id >= list->slot[0].id && id - list->slot[0].id < hi &&
	    list->slot[id - list->slot[0].id].id == id)
		return id - list->slot[0].id;
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

static void take_back(void *list, void *item, uint32_t id)
{
	(void)item;
	idlist_remove(list, id);
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
	undo_act(list->undo, take_back, list, NULL, id);
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

/* Where it was; there was room for it, and it has not been given away. */
static void put_back(void *to, void *item, uint32_t id)
{
	struct idlist *list = to;
	size_t i;

	if (list->count == list->cap)
		compact(list);
	i = lower_bound(list, id);
	if (i == list->count || list->slot[i].id != id) {
		memmove(&list->slot[i + 1], &list->slot[i],
			(list->count - i) * sizeof(*list->slot));
		list->count++;
	}
	list->slot[i] = (struct idslot){ id, item };
	list->live++;
}

void idlist_remove(struct idlist *list, uint32_t id)
{
	size_t i = lower_bound(list, id);

	if (i == list->count || list->slot[i].id != id || !list->slot[i].item)
		return;
	undo_act(list->undo, put_back, list, list->slot[i].item, id);
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

/* Eight octets at a time; each step is one that can be undone, so that what differs goes on to
 * differ. */
static uint64_t mix_word(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 29;
}

static uint64_t mix(uint64_t hash, const uint8_t *octets, size_t len)
{
	uint64_t word;

	for (; len >= sizeof(word); octets += sizeof(word), len -= sizeof(word)) {
		memcpy(&word, octets, sizeof(word));
		hash = mix_word(hash, word);
	}
	word = len;
	while (len-- > 0)
		word = word << 8 | *octets++;
	return mix_word(hash, word);
}

static uint64_t finish(uint64_t hash)
{
	return hash ^ hash >> 32;
}

static uint64_t mix_inside(uint64_t hash, const struct client_key *key)
{
	hash = mix_word(hash, (uint64_t)key->server << 24 | (uint64_t)key->internal_port << 8 |
				      key->protocol);
	return mix(hash, key->internal, sizeof(key->internal));
}

uint64_t key_hash_inside(uint64_t seed, const struct client_key *key)
{
	return finish(mix_inside(seed, key));
}

uint64_t key_hash(uint64_t seed, const struct client_key *key)
{
	uint64_t hash = mix_inside(seed, key);

	hash = mix_word(hash, (uint64_t)key->remote_port << 8 | key->opcode);
	hash = mix(hash, key->remote, sizeof(key->remote));
	hash = mix(hash, key->realm, key->realm_len);
	return finish(hash);
}

static bool same_inside(const struct client_key *a, const struct client_key *b)
{
	return a->server == b->server && a->protocol == b->protocol &&
	       a->internal_port == b->internal_port &&
	       memcmp(a->internal, b->internal, sizeof(a->internal)) == 0;
}

bool client_same_key(const struct client_key *a, const struct client_key *b)
{
	return same_inside(a, b) && a->opcode == b->opcode && a->remote_port == b->remote_port &&
	       memcmp(a->remote, b->remote, sizeof(a->remote)) == 0 &&
	       a->realm_len == b->realm_len &&
	       (a->realm_len == 0 || memcmp(a->realm, b->realm, a->realm_len) == 0);
}

static struct keylink **bucket_of(const struct keytable *table, uint64_t hash)
{
	return &table->bucket[hash & (table->nbucket - 1)];
}

static void insert(struct keytable *table, struct keylink *link)
{
	struct keylink **bucket = bucket_of(table, link->hash);

	link->next = *bucket;
	link->prev = bucket;
	if (link->next)
		link->next->prev = &link->next;
	*bucket = link;
}

static bool grow(struct keytable *table)
{
	struct keytable grown = *table;

	grown.nbucket = table->nbucket ? 2 * table->nbucket : 64;
	grown.bucket = calloc(grown.nbucket, sizeof(*grown.bucket));
	if (!grown.bucket)
		return false;
	for (size_t i = 0; i < table->nbucket; i++)
		for (struct keylink *link = table->bucket[i], *next; link; link = next) {
			next = link->next;
			insert(&grown, link);
		}
	free(table->bucket);
	*table = grown;
	return true;
}

static void undo_add(void *table, void *link, uint32_t unused)
{
	(void)unused;
	keytable_remove(table, link);
}

bool keytable_add(struct keytable *table, struct keylink *link, struct client_row *row)
{
	if (table->count >= table->nbucket && !grow(table))
		return false;
	link->row = row;
	link->hash = table->hash(table->seed, &row->key);
	insert(table, link);
	table->count++;
	undo_act(table->undo, undo_add, table, link, 0);
	return true;
}

bool keytable_like(struct keytable *table, const struct keytable *from)
{
	*table = *from;
	table->count = 0;
	table->bucket = table->nbucket ? calloc(table->nbucket, sizeof(*table->bucket)) : NULL;
	if (!table->bucket)
		table->nbucket = 0;
	return table->nbucket == from->nbucket;
}

void keytable_add_as(struct keytable *table, struct keylink *link, const struct keylink *from,
		     struct client_row *row)
{
	*link = (struct keylink){ .row = row, .hash = from->hash };
	if (!from->prev)
		return; /* it is in none */
	insert(table, link);
	table->count++;
}

struct client_row *keytable_find(const struct keytable *table, const struct client_key *key)
{
	uint64_t hash = table->hash(table->seed, key);
	struct keylink *link = table->nbucket ? *bucket_of(table, hash) : NULL;

	while (link && (link->hash != hash || !client_same_key(&link->row->key, key)))
		link = link->next;
	return link ? link->row : NULL;
}

struct client_row *keytable_inside(const struct keytable *table, const struct client_key *key,
				   const struct client_row *after)
{
	uint64_t hash = table->hash(table->seed, key);
	struct keylink *link = table->nbucket ? *bucket_of(table, hash) : NULL;

	if (after)
		link = after->by_inside.next;
	while (link && (link->hash != hash || !same_inside(&link->row->key, key)))
		link = link->next;
	return link ? link->row : NULL;
}

static void undo_remove(void *in, void *link, uint32_t unused)
{
	struct keytable *table = in;

	(void)unused;
	insert(table, link);
	table->count++;
}

void keytable_remove(struct keytable *table, struct keylink *link)
{
	if (!link->prev)
		return;
	undo_act(table->undo, undo_remove, table, link, 0);
	*link->prev = link->next;
	if (link->next)
		link->next->prev = link->prev;
	link->next = NULL;
	link->prev = NULL;
	table->count--;
}

void keytable_free(struct keytable *table)
{
	free(table->bucket);
	*table = (struct keytable){ 0 };
}
