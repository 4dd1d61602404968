/* A capture as the memory of a session: what it shows as sent makes exchanges and rows. */
#include "client-private.h"

#include <stdlib.h>
#include <string.h>

static struct server *server_at(struct client *client, const struct endpoint *source,
				const struct endpoint *to)
{
	struct client_server_config config = {
		.endpoint = { *to }, .nendpoint = 1, .source = *source, .version = PCP_VERSION_2
	};

	for (size_t i = 0; i < client->nserver; i++) {
		const struct client_server_config *known = &client->server[i]->pub.config;
		if (endpoint_same(&known->endpoint[0], to) &&
		    endpoint_same_addr(&known->source, source))
			return client->server[i];
	}
	endpoint_text(to, config.name, sizeof(config.name));
	return client_find_server(client, client_add_server(client, &config));
}

/* Is that what this exchange sends, in the one version or the other? */
static bool sends(const struct pending *x, const uint8_t *octets, size_t len)
{
	uint8_t wire[NATPMP_MAX];
	const char *reason;
	size_t n;

	if (x->len == len && memcmp(x->octets, octets, len) == 0)
		return true;
	if (octets[0] != PCP_VERSION_NATPMP || x->raw)
		return false;
	n = natpmp_translate(x->octets, x->len, wire, &reason);
	return n == len && memcmp(wire, octets, n) == 0;
}

/* The exchange for the row that sends this once more, or the one without a row; NULL: these octets
 * are new. */
static struct pending *again(const struct server *server, const struct entry *entry,
			     const uint8_t *octets, size_t len)
{
	struct pending *x = server->client->loose;

	if (entry && entry->pending && sends(entry->pending, octets, len))
		return entry->pending;
	while (x && (x->server != server || !sends(x, octets, len)))
		x = x->loose_next;
	return x;
}

/* A capture that asks and asks and shows no answers must not fill the memory. */
static void make_room(struct client *client, usec now)
{
	struct pending *oldest = client->loose;

	if (client->nloose < LOOSE_MAX)
		return;
	while (oldest->loose_next)
		oldest = oldest->loose_next;
	exchange_cancel(oldest, now, "too many requests wait for an answer");
}

static struct entry *row_for(struct server *server, struct entry *entry, usec now,
			     const struct client_message *message, const uint8_t *octets,
			     size_t len, enum purpose *purpose)
{
	bool deletion = message->key.opcode == PCP_MAP && message->lifetime == 0;

	if (entry ? memcmp(entry->pub.nonce, message->nonce, PCP_NONCE_LEN) != 0 : deletion)
		return NULL; /* not this row's mapping, or nothing known: an exchange for itself */
	if (entry && entry->pending)
		exchange_replace(entry->pending, now);
	if (!entry)
		entry = entry_new(server, message, octets, len, now);
	else if (!deletion && !entry_keep_request(entry, octets, len))
		return NULL;
	*purpose = deletion			  ? FOR_DELETION
		   : entry && entry_stands(entry) ? FOR_RENEWAL
						  : FOR_MAKING;
	return entry;
}

/* The octets in PCP's form, as the engine keeps them; the caller frees them. *lifted: they were
 * NAT-PMP's. NULL without memory. */
static uint8_t *keep(const struct server *server, const uint8_t *octets, size_t len, bool *lifted,
		     size_t *kept)
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
static struct pending *exchange_for(struct server *server, usec now, const uint8_t *octets,
				    size_t len)
{
	struct client *client = server->client;
	enum purpose purpose = FOR_ITSELF;
	struct client_message message;
	struct entry *entry = NULL;
	struct pending *x;
	bool lifted, keyed;
	size_t kept;
	uint8_t *copy = keep(server, octets, len, &lifted, &kept);

	if (!copy)
		return NULL;
	keyed = client_message(&message, server->pub.id, server->pub.config.source.addr, copy,
			       kept);
	if (keyed)
		entry = keytable_find(&client->keys, &message.key);
	x = again(server, entry, octets, len);
	if (x) {
		free(copy);
		return x;
	}
	if (keyed)
		entry = row_for(server, entry, now, &message, copy, kept, &purpose);
	if (!entry)
		make_room(client, now);
	x = exchange_new(server, entry, entry ? purpose : FOR_ITSELF, copy, kept);
	if (!x)
		return NULL;
	x->natpmp = lifted;
	x->raw = !lifted && octets[0] == PCP_VERSION_NATPMP;
	if (entry)
		entry->natpmp = lifted;
	exchange_engage(x);
	return x;
}

void client_replay_sent(struct client *client, usec now, const struct endpoint *from,
			const struct endpoint *to, const uint8_t *octets, size_t len)
{
	struct server *server;
	struct pending *x;

	if (len == 0 || len > PCP_EDIT_MAX)
		return;
	client_enter(client);
	server = server_at(client, from, to);
	x = server ? exchange_for(server, now, octets, len) : NULL;
	if (x) {
		x->version = octets[0];
		exchange_replay_sent(x, now, octets, len);
	}
	client_leave(client);
}
