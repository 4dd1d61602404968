/* A capture as the memory of a session: what it shows as sent makes exchanges and rows. */
#include "client-private.h"

#include <stdlib.h>
#include <string.h>

static struct client_server *server_at(struct pcp_client *client, const struct pcp_endpoint *source,
				       const struct pcp_endpoint *to)
{
	struct pcp_client_server_config config = {
		.endpoint = { *to }, .nendpoint = 1, .source = *source, .version = PCP_VERSION_2
	};

	for (size_t i = 0; i < client->nserver; i++) {
		const struct pcp_client_server_config *known = &client->server[i]->pub.config;
		if (pcp_endpoint_same(&known->endpoint[0], to) &&
		    pcp_endpoint_same_addr(&known->source, source))
			return client->server[i];
	}
	pcp_endpoint_text(to, config.name, sizeof(config.name));
	return client_find_server(client, pcp_client_add_server(client, &config));
}

/* Is that what this exchange sends, in the one version or the other? */
static bool sends(const struct client_exchange *x, const uint8_t *octets, size_t len)
{
	uint8_t wire[NATPMP_MAX];
	const char *reason;
	size_t n;

	if (x->len == len && memcmp(x->octets, octets, len) == 0)
		return true;
	if (octets[0] != PCP_VERSION_NATPMP || x->raw)
		return false;
	n = natpmp_translate(x->octets, x->len, true, wire, &reason);
	return n == len && memcmp(wire, octets, n) == 0;
}

/* The exchange for the row that sends this once more, or the one without a row; NULL: these octets
 * are new. */
static struct client_exchange *again(const struct client_server *server,
				     const struct client_row *row, const uint8_t *octets,
				     size_t len)
{
	struct client_exchange *x = server->client->loose;

	if (row && row->exchange && sends(row->exchange, octets, len))
		return row->exchange;
	while (x && (x->server != server || !sends(x, octets, len)))
		x = x->loose_next;
	return x;
}

/* A capture that asks and asks and shows no answers must not fill the memory. */
static void make_room(struct pcp_client *client, usec now)
{
	struct client_exchange *oldest = client->loose;

	if (client->nloose < LOOSE_MAX)
		return;
	while (oldest->loose_next)
		oldest = oldest->loose_next;
	exchange_cancel(oldest, now, "too many requests wait for an answer");
}

/* A request with another nonce shows that its client had given up what was never granted: that row
 * would wait for ever, and keep the new one out. */
static struct client_row *given_up(struct client_row *row, usec now,
				   const struct client_message *message)
{
	if (!row || row_granted(row) || message->lifetime == 0 ||
	    !memcmp(row->pub.nonce, message->nonce, PCP_NONCE_LEN))
		return row;
	row_remove(row, now);
	return NULL;
}

/* Memory was out for what would have been there. */
static void *starved(struct pcp_client *client)
{
	client->starved = true;
	return NULL;
}

/* NULL without memory, or when the table is full. */
static struct client_row *new_row(struct client_server *server, usec now,
				  const struct client_message *message, const uint8_t *octets,
				  size_t len)
{
	struct pcp_client *client = server->client;
	bool full = client->mappings.live >= client->config.max_mappings;
	struct client_row *row = full ? NULL : row_new(server, message, octets, len, now);

	return row || full ? row : starved(client);
}

static struct client_row *row_for(struct client_server *server, struct client_row *row, usec now,
				  const struct client_message *message, const uint8_t *octets,
				  size_t len, enum purpose *purpose)
{
	bool deletion = message->key.opcode == PCP_MAP && message->lifetime == 0;

	if (row ? memcmp(row->pub.nonce, message->nonce, PCP_NONCE_LEN) != 0 : deletion)
		return NULL; /* not this row's mapping, or nothing known: an exchange for itself */
	if (row)
		row_touch(row);
	if (row && row->exchange)
		exchange_replace(row->exchange, now);
	if (!row)
		row = new_row(server, now, message, octets, len);
	else if (!deletion && !row_keep_request(row, octets, len))
		return starved(server->client);
	*purpose = deletion ? FOR_DELETION : row && row_stands(row) ? FOR_RENEWAL : FOR_MAKING;
	return row;
}

/* The octets in PCP's form, as the engine keeps them; the caller frees them. *lifted: they were
 * NAT-PMP's. NULL without memory. */
static uint8_t *keep(const struct client_server *server, const uint8_t *octets, size_t len,
		     bool *lifted, size_t *kept)
{
	uint8_t *copy = NULL;

	*kept = len;
	if (octets[0] == PCP_VERSION_NATPMP)
		copy = natpmp_lift(octets, len, server->pub.config.source.addr, kept);
	*lifted = copy != NULL;
	if (!copy && (copy = malloc(len)))
		memcpy(copy, octets, len);
	return copy;
}

/* The exchange that sends this; NULL without memory. */
static struct client_exchange *exchange_for(struct client_server *server, usec now,
					    const uint8_t *octets, size_t len)
{
	struct pcp_client *client = server->client;
	enum purpose purpose = FOR_ITSELF;
	struct client_message message;
	struct client_row *row = NULL;
	struct client_exchange *x;
	bool lifted, keyed;
	size_t kept;
	uint8_t *copy = keep(server, octets, len, &lifted, &kept);

	if (!copy)
		return starved(client);
	keyed = client_message(&message, server->pub.id, server->pub.config.source.addr, copy,
			       kept);
	if (keyed)
		row = keytable_find(&client->keys, &message.key);
	x = again(server, row, octets, len);
	if (x) {
		free(copy);
		return x;
	}
	if (keyed)
		row = given_up(row, now, &message);
	if (keyed)
		row = row_for(server, row, now, &message, copy, kept, &purpose);
	if (!row)
		make_room(client, now);
	x = exchange_new(server, row, row ? purpose : FOR_ITSELF, copy, kept);
	if (!x)
		return starved(client);
	x->natpmp = lifted;
	x->raw = !lifted && octets[0] == PCP_VERSION_NATPMP;
	if (row)
		row->natpmp = lifted;
	exchange_engage(x);
	return x;
}

bool pcp_client_replay_sent(struct pcp_client *client, usec now, const struct pcp_endpoint *from,
			    const struct pcp_endpoint *to, const uint8_t *octets, size_t len)
{
	struct client_server *server;
	struct client_exchange *x;

	if (!client->config.passive || len == 0 || len > PCP_EDIT_MAX)
		return true;
	client_enter(client);
	client->starved = false;
	server = server_at(client, from, to);
	if (server)
		server_touch(server);
	else if (client->nserver < SERVERS_MAX)
		starved(client);
	x = server ? exchange_for(server, now, octets, len) : NULL;
	if (x) {
		exchange_touch(x);
		x->version = octets[0];
		exchange_replay_sent(x, now, octets, len);
	}
	client_leave(client);
	return !client->starved;
}
