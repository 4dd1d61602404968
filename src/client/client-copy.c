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
static void take_place(struct pcp_client *client, struct timer *timer, void *arg)
{
	timer->arg = arg;
	if (timer->pos)
		client->timers.heap[timer->pos] = (struct timer_due){ timer->at, timer };
}

static bool copy_server(struct pcp_client *client, const struct client_server *from)
{
	struct client_server *server = malloc(sizeof(*server));

	if (!server)
		return false;
	*server = *from;
	server->client = client;
	server->active = server->queue = NULL; /* a passive client queues nothing */
	server->touched = 0;
	take_place(client, &server->recovery, server);
	client->server[client->nserver++] = server;
	return true;
}

static bool copy_row(struct pcp_client *client, const struct client_row *from)
{
	struct client_row *row = malloc(sizeof(*row));

	if (!row)
		return false;
	*row = *from;
	row->client = client;
	row->server = client_find_server(client, from->pub.server);
	row->exchange = NULL; /* its exchange will say */
	row->touched = 0;
	row->request = NULL;
	if ((from->request && !row_keep_request(row, from->request, from->pub.request_len)) ||
	    !idlist_append(&client->mappings, row->pub.id, row)) {
		row_free(row);
		return false;
	}
	take_place(client, &row->timer, row);
	keytable_add_as(&client->keys, &row->by_key, &from->by_key, row);
	keytable_add_as(&client->insides, &row->by_inside, &from->by_inside, row);
	return true;
}

static bool copy_exchange(struct pcp_client *client, const struct client_exchange *from)
{
	struct client_exchange *x = malloc(sizeof(*x));

	if (!x)
		return false;
	*x = *from;
	x->client = client;
	x->server = client_find_server(client, from->server->pub.id);
	x->next = NULL;
	x->touched = 0;
	x->octets = same(from->octets, from->len);
	if (!x->octets || !idlist_append(&client->exchanges, x->id, x)) {
		exchange_free(x);
		return false;
	}
	take_place(client, &x->timer, x);
	if (from->row) {
		x->row = idlist_find(&client->mappings, from->row->pub.id);
		x->row->exchange = x;
	} else {
		exchange_link(x);
	}
	return true;
}

static bool copy_finished(struct pcp_client *client, const struct pcp_client *from)
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

static bool copy_all(struct pcp_client *client, const struct pcp_client *from)
{
	const struct client_row *row;
	const struct client_exchange *x;
	bool ok = timers_reserve(&client->timers, from->ntimers) &&
		  keytable_like(&client->keys, &from->keys) &&
		  keytable_like(&client->insides, &from->insides) && copy_finished(client, from);

	for (size_t i = 0; ok && i < from->nserver; i++)
		ok = copy_server(client, from->server[i]);
	for (uint32_t id = 0; ok && (row = idlist_after(&from->mappings, id)); id = row->pub.id)
		ok = copy_row(client, row);
	for (uint32_t id = 0; ok && (x = idlist_after(&from->exchanges, id)); id = x->id)
		ok = copy_exchange(client, x);
	client->timers.count = from->timers.count;
	client->ntimers = from->ntimers;
	client->last_mapping = from->last_mapping;
	client->last_exchange = from->last_exchange;
	client->nfinished = from->nfinished;
	return ok;
}

struct pcp_client *pcp_client_copy(const struct pcp_client *from, struct pcp_rng *rng,
				   struct pcp_client_io io)
{
	struct pcp_client *client = from->config.passive && from->depth == 0
					    ? pcp_client_new(&from->config, rng, io)
					    : NULL;

	if (client && !copy_all(client, from)) {
		pcp_client_free(client);
		return NULL;
	}
	return client;
}

size_t pcp_client_octets(const struct pcp_client *client)
{
	return sizeof(*client) + client->nserver * sizeof(struct client_server) +
	       client->mappings.live * (sizeof(struct client_row) + AROUND) +
	       client->exchanges.live * (sizeof(struct client_exchange) + AROUND);
}
