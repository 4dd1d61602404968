/* Steps of a passive client, and the way back: what each was about to change is kept before. */
#include "client-private.h"

/* ---- what changes ---- */

void server_touch(struct client_server *server)
{
	struct undo *undo = server->client->undo;
	struct pcp_client_server *pub = &server->pub;

	if (undo_has(undo, &server->touched))
		return;
	/* Its configuration stays, and its prefixes are kept where they change. */
	undo_keep(undo, &pub->current, (size_t)((char *)pub->prefix64 - (char *)&pub->current));
	undo_keep(undo, &pub->nprefix64, (size_t)((char *)(server + 1) - (char *)&pub->nprefix64));
}

static void touch_row(struct client_row *row)
{
	if (!undo_has(row->client->undo, &row->touched))
		undo_keep(row->client->undo, row, offsetof(struct client_row, by_key));
}

static void touch_exchange(struct client_exchange *x)
{
	if (!undo_has(x->client->undo, &x->touched))
		undo_keep(x->client->undo, x, sizeof(*x));
}

void row_touch(struct client_row *row)
{
	touch_row(row);
	server_touch(row->server);
	if (row->exchange)
		touch_exchange(row->exchange);
}

void exchange_touch(struct client_exchange *x)
{
	touch_exchange(x);
	server_touch(x->server);
	if (x->row)
		touch_row(x->row);
}

/* ---- steps ---- */

bool pcp_client_remember(struct pcp_client *client, size_t max_octets)
{
	if (client->config.passive && !client->steps)
		client->steps = undo_new(max_octets);
	return client->steps != NULL;
}

/* Until the first step nothing is noted. */
static void tell_lists(struct pcp_client *client)
{
	client->undo = client->timers.undo = client->steps;
	client->mappings.undo = client->exchanges.undo = client->steps;
	client->keys.undo = client->insides.undo = client->steps;
}

void pcp_client_step(struct pcp_client *client, const void *mark, size_t len)
{
	if (client->undo != client->steps)
		tell_lists(client);
	undo_begin(client->undo, mark, len);
	undo_keep(client->undo, &client->timers,
		  (size_t)((char *)&client->mappings - (char *)&client->timers));
}

size_t pcp_client_steps(const struct pcp_client *client)
{
	return undo_steps(client->undo);
}

bool pcp_client_back(struct pcp_client *client, void *mark, size_t len)
{
	return client->depth == 0 && undo_back(client->undo, mark, len);
}
