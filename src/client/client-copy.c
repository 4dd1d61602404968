/* A second client in the state of the first: a moment of a capture that can be gone back to. */
#include "client-private.h"

#include <stdlib.h>
#include <string.h>

/* Octets around a mapping's or an exchange's own: its request, its places in lists and tables. */
enum { AROUND = 128 };

static uint8_t *same(const uint8_t *octets, size_t len)
{
	uint8_t *copy = malloc(len);

	return copy ? memcpy(copy, octets, len) : NULL;
}

/* The heap keeps its order, so each armed timer takes the place that its original has. */
static void take_place(struct client *client, struct timer *timer, void *arg)
{
	timer->arg = arg;
	if (timer->pos)
		client->timers.heap[timer->pos] = timer;
}

static bool copy_server(struct client *client, const struct server *from)
{
	struct server *server = malloc(sizeof(*server));

	if (!server)
		return false;
	*server = *from;
	server->client = client;
	server->active = server->queue = NULL; /* a passive client queues nothing */
	take_place(client, &server->recovery, server);
	client->server[client->nserver++] = server;
	return true;
}

static bool copy_entry(struct client *client, const struct entry *from)
{
	struct entry *entry = malloc(sizeof(*entry));

	if (!entry)
		return false;
	*entry = *from;
	entry->client = client;
	entry->server = client_find_server(client, from->pub.server);
	entry->pending = NULL; /* its exchange will say */
	entry->request = NULL;
	if ((from->request && !entry_keep_request(entry, from->request, from->pub.request_len)) ||
	    !idlist_append(&client->mappings, entry->pub.id, entry)) {
		entry_free(entry);
		return false;
	}
	take_place(client, &entry->timer, entry);
	return keytable_add(&client->keys, &entry->by_key, entry) &&
	       keytable_add(&client->insides, &entry->by_inside, entry);
}

static bool copy_exchange(struct client *client, const struct pending *from)
{
	struct pending *x = malloc(sizeof(*x));

	if (!x)
		return false;
	*x = *from;
	x->client = client;
	x->server = client_find_server(client, from->server->pub.id);
	x->next = NULL;
	x->octets = same(from->octets, from->len);
	if (!x->octets || !idlist_append(&client->pendings, x->id, x)) {
		exchange_free(x);
		return false;
	}
	take_place(client, &x->timer, x);
	if (from->entry) {
		x->entry = idlist_find(&client->mappings, from->entry->pub.id);
		x->entry->pending = x;
	} else {
		exchange_link(x);
	}
	return true;
}

static bool copy_finished(struct client *client, const struct client *from)
{
	for (size_t i = 0; i < FINISHED_MAX; i++) {
		client->finished[i] = from->finished[i];
		client->finished[i].octets = NULL;
		if (from->finished[i].octets &&
		    !(client->finished[i].octets =
			      same(from->finished[i].octets, from->finished[i].len)))
			return false;
	}
	return true;
}

static bool copy_all(struct client *client, const struct client *from)
{
	const struct entry *entry;
	const struct pending *x;
	bool ok = timers_reserve(&client->timers, from->ntimers) && copy_finished(client, from);

	for (size_t i = 0; ok && i < from->nserver; i++)
		ok = copy_server(client, from->server[i]);
	for (uint32_t id = 0; ok && (entry = idlist_after(&from->mappings, id)); id = entry->pub.id)
		ok = copy_entry(client, entry);
	for (uint32_t id = 0; ok && (x = idlist_after(&from->pendings, id)); id = x->id)
		ok = copy_exchange(client, x);
	client->timers.count = from->timers.count;
	client->ntimers = from->ntimers;
	client->last_mapping = from->last_mapping;
	client->last_exchange = from->last_exchange;
	client->nfinished = from->nfinished;
	return ok;
}

struct client *client_copy(const struct client *from, struct rng *rng, struct client_io io)
{
	struct client *client = from->config.passive ? client_new(&from->config, rng, io) : NULL;

	if (client && !copy_all(client, from)) {
		client_free(client);
		return NULL;
	}
	return client;
}

size_t client_octets(const struct client *client)
{
	return sizeof(*client) + client->nserver * sizeof(struct server) +
	       client->mappings.live * (sizeof(struct entry) + AROUND) +
	       client->pendings.live * (sizeof(struct pending) + AROUND);
}
