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

/* The exchange that is sent once more; NULL: these octets are new. */
static struct pending *again(const struct client *client, const struct server *server,
			     const uint8_t *octets, size_t len)
{
	struct pending *x;

	for (uint32_t id = 0; (x = exchange_after(client, id)); id = x->id)
		if (x->server == server && sends(x, octets, len))
			return x;
	return NULL;
}

static struct entry *row_for(struct server *server, usec now, const uint8_t *octets, size_t len,
			     enum purpose *purpose)
{
	struct client *client = server->client;
	struct client_message message;
	struct entry *entry;
	bool deletion;

	*purpose = FOR_ITSELF;
	if (!client_message(&message, server->pub.id, server->pub.config.source.addr, octets, len))
		return NULL;
	entry = keytable_find(&client->keys, &message.key);
	deletion = message.key.opcode == PCP_MAP && message.lifetime == 0;
	if (entry ? memcmp(entry->pub.nonce, message.nonce, PCP_NONCE_LEN) != 0 : deletion)
		return NULL; /* not this row's mapping, or nothing known: an exchange for itself */
	if (entry && entry->pending)
		exchange_cancel(entry->pending, now,
				"another request for the same mapping took its place");
	if (!entry)
		entry = entry_new(server, &message, octets, len, now);
	else if (!deletion && !entry_keep_request(entry, octets, len))
		return NULL;
	*purpose = deletion			  ? FOR_DELETION
		   : entry && entry_stands(entry) ? FOR_RENEWAL
						  : FOR_MAKING;
	return entry;
}

static struct pending *begin(struct server *server, usec now, const uint8_t *octets, size_t len)
{
	enum purpose purpose;
	struct entry *entry;
	struct pending *x;
	uint8_t *pcp = NULL, *copy;
	size_t n = len;

	if (octets[0] == PCP_VERSION_NATPMP)
		pcp = natpmp_lift(octets, len, server->pub.config.source.addr, &n);
	copy = pcp ? pcp : malloc(len);
	if (!copy)
		return NULL;
	if (!pcp)
		memcpy(copy, octets, len);
	entry = row_for(server, now, copy, n, &purpose);
	x = exchange_new(server, entry, entry ? purpose : FOR_ITSELF, copy, n);
	if (!x)
		return NULL;
	x->natpmp = pcp != NULL;
	x->raw = !pcp && octets[0] == PCP_VERSION_NATPMP;
	if (entry)
		entry->natpmp = x->natpmp;
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
	x = server ? again(client, server, octets, len) : NULL;
	if (server && !x)
		x = begin(server, now, octets, len);
	if (x) {
		x->version = octets[0];
		exchange_replay_sent(x, now, octets, len);
	}
	client_leave(client);
}
