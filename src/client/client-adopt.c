/* Mappings known from elsewhere: a listing, a pair, an earlier session. */
#include "client-private.h"

#include <stdlib.h>
#include <string.h>

/* A row with that nonce that is, or may be, the same mapping; v1 tells no nonce. */
static struct client_row *same_mapping(const struct pcp_client *client,
				       const struct client_key *key, uint8_t version,
				       const uint8_t *nonce)
{
	struct client_row *row = NULL;

	while ((row = keytable_inside(&client->insides, key, row)))
		if (pcp_nonce_skipped(version) || memcmp(row->pub.nonce, nonce, PCP_NONCE_LEN) == 0)
			break;
	return row;
}

/* A walk found it before it was asked for: it has its row, and the one of the listing goes. */
void row_absorb_listed(struct client_row *row, usec now)
{
	struct client_key listed = row->key;
	struct client_row *other;

	listed.opcode = 0;
	listed.remote_port = 0;
	memset(listed.remote, 0, sizeof(listed.remote));
	listed.realm = row->pub.nonce;
	listed.realm_len = PCP_NONCE_LEN;
	other = keytable_find(&row->client->keys, &listed);
	if (other && other != row)
		row_remove(other, now);
}

static void take_over(struct client_row *row, const struct pcp_mapping *from, bool own)
{
	struct pcp_mapping *m = &row->pub;

	m->state = MAPPING_FAILED;
	row->leave_at = USEC_NEVER;
	m->external_port = from->external_port;
	memcpy(m->external, from->external, PCP_ADDR_LEN);
	memcpy(m->nonce, from->nonce, PCP_NONCE_LEN);
	m->lifetime = from->lifetime;
	m->granted_at = from->granted_at;
	m->expires_at = from->expires_at;
	m->port_set_size = from->port_set_size;
	m->pair = from->pair;
	m->adopted = true;
	m->unconfirmed = !own;
	memcpy(m->description, from->description, sizeof(m->description));
	m->description[sizeof(m->description) - 1] = '\0';
}

/* The request that makes it; without the opcode, MAP's. */
static uint8_t *request_of(const struct pcp_mapping *mapping, const uint8_t *source, size_t *len)
{
	struct pcp_mapping map = *mapping;
	uint8_t *octets;

	if (!mapping->request) {
		map.opcode = mapping->opcode ? mapping->opcode : PCP_MAP;
		return client_request_for(&map, source, len);
	}
	*len = mapping->request_len; /* known from an earlier session, options and all */
	octets = malloc(*len);
	if (octets)
		memcpy(octets, mapping->request, *len);
	return octets;
}

static struct client_row *row_of(const struct pcp_client *client, const struct pcp_mapping *mapping,
				 struct client_message *message)
{
	if (mapping->opcode)
		return keytable_find(&client->keys, &message->key);
	message->key.opcode = 0;
	message->key.realm = message->nonce;
	message->key.realm_len = PCP_NONCE_LEN;
	return same_mapping(client, &message->key, mapping->version, message->nonce);
}

static struct client_row *adopt_new(struct client_server *server, usec now,
				    const struct pcp_mapping *mapping)
{
	struct client_message message;
	const uint8_t *source = server->pub.config.source.addr;
	struct client_row *row = NULL;
	size_t len;
	uint8_t *octets;

	if (mapping->opcode && mapping->opcode != PCP_MAP && mapping->opcode != PCP_PEER)
		return NULL;
	octets = request_of(mapping, source, &len);
	if (octets && client_message(&message, server->pub.id, source, octets, len)) {
		row = row_of(server->client, mapping, &message);
		if (!row)
			row = row_new(server, &message, octets, len, now);
	}
	free(octets);
	return row;
}

/* What a listing showed becomes ours: as a MAP, which can be renewed without knowing a remote peer.
 * False when there is a row of that MAP, with another nonce. */
static bool become_map(struct client_row *row)
{
	struct pcp_client *client = row->client;
	struct client_key key = row->key;

	key.opcode = PCP_MAP;
	key.realm = NULL;
	key.realm_len = 0;
	if (keytable_find(&client->keys, &key))
		return false;
	keytable_remove(&client->keys, &row->by_key);
	row->key = key;
	row->pub.opcode = PCP_MAP;
	return keytable_add(&client->keys, &row->by_key, row); /* where there was room */
}

uint32_t pcp_client_adopt(struct pcp_client *client, usec now, const struct pcp_mapping *mapping,
			  bool own)
{
	struct client_server *server = client_find_server(client, mapping->server);
	struct pcp_mapping known = *mapping;
	struct client_row *row;
	uint32_t last = client->last_mapping, id;

	if (known.granted_at == USEC_NEVER)
		known.granted_at = now;
	if (known.requested_lifetime == 0)
		known.requested_lifetime = known.lifetime;
	if (known.suggested_port == 0)
		known.suggested_port = known.external_port;
	if (pcp_addr_is_any(known.suggested))
		memcpy(known.suggested, known.external, PCP_ADDR_LEN);
	row = server ? adopt_new(server, now, &known) : NULL;
	if (!row)
		return 0;
	id = row->pub.id;
	/* A row that this session asked for knows better than a listing of it. */
	if (id <= last && !row->pub.unconfirmed)
		return id;
	client_enter(client);
	row_touch(row);
	if (own && row->key.opcode == 0 && !become_map(row)) {
		if (id > last)
			row_remove(row, now);
		client_leave(client);
		return 0;
	}
	take_over(row, &known, own || (id <= last && !row->pub.unconfirmed));
	row->pub.auto_renew = own && client->config.renew && !client->config.passive;
	row->window = 0;
	if (row->pub.auto_renew)
		row->renew_at = row_next_renewal(row, now);
	row_state(row, MAPPING_GRANTED);
	row_schedule(row);
	row_tell(row, now, own ? "adopted" : "found at the server");
	if (own && !row->gone)
		row_absorb_listed(row, now);
	client_leave(client);
	return id;
}
