/* What every other file of the client stands on: entering and leaving, telling, freeing, limits. */
#include "client-private.h"

void client_enter(struct pcp_client *client)
{
	client->depth++;
}

void row_free(struct client_row *row)
{
	if (!row)
		return;
	undo_release(row->client->undo, row->request);
	undo_release(row->client->undo, row);
}

void exchange_free(struct client_exchange *x)
{
	if (!x)
		return;
	undo_release(x->client->undo, x->octets);
	undo_release(x->client->undo, x);
}

void client_free_dead(struct pcp_client *client)
{
	struct client_row *row;
	struct client_exchange *x;

	while ((row = client->dead_rows)) {
		client->dead_rows = row->next;
		row_free(row);
	}
	while ((x = client->dead_exchanges)) {
		client->dead_exchanges = x->next;
		exchange_free(x);
	}
}

void client_leave(struct pcp_client *client)
{
	if (--client->depth == 0)
		client_free_dead(client);
}

void client_emit(struct pcp_client *client, struct pcp_client_event event)
{
	if (client->io.event)
		client->io.event(client->io.arg, &event);
}

void client_tell_server(struct client_server *server, usec now, const char *reason)
{
	client_emit(server->client, (struct pcp_client_event){ .kind = CLIENT_SERVER,
							       .now = now,
							       .server = &server->pub,
							       .next_at = USEC_NEVER,
							       .rtt = -1,
							       .reason = reason });
}

/* 8.3, 15: absurd lifetimes are believed up to a day. */
usec client_sane(const struct pcp_client *client, uint32_t lifetime)
{
	usec duration = lifetime * USEC_PER_SEC;

	return duration < client->config.max_lifetime ? duration : client->config.max_lifetime;
}

/* How long an error keeps its request back. Deployed servers send 0: without a floor that is a
 * loop. */
usec client_hold(const struct pcp_client *client, uint32_t lifetime)
{
	usec duration = client_sane(client, lifetime);

	return duration > client->config.min_hold ? duration : client->config.min_hold;
}

struct client_server *client_find_server(const struct pcp_client *client, uint16_t id)
{
	return id >= 1 && id <= client->nserver ? client->server[id - 1] : NULL;
}

void epoch_lost_changed(struct client_server *server)
{
	server->pub.lost = server->pub.nlost > 0 || server->recovery.pos != 0;
}
