/* A client whose own address changes, or whose server does: RFC 6887 8.4, 11.5 and 16.4. */
#include "client-private.h"

#include <stdlib.h>
#include <string.h>

/* ---- one mapping ---- */

/* Is somebody waiting for it, or shall it be held? */
static bool wanted(const struct client_row *row)
{
	const struct client_exchange *x = row->exchange;

	return row->pub.auto_renew || (x && x->purpose != FOR_DELETION);
}

/* Its request as `to` shall get it: from there it is another mapping, with a nonce of its own. NULL
 * without memory. */
static uint8_t *request_at(const struct client_row *row, const struct client_server *to,
			   size_t *len)
{
	struct pcp_rng *rng = row->client->rng;
	uint8_t *octets = client_renewal(&row->pub, row->pub.external_port != 0, len);

	if (!octets)
		return NULL;
	memcpy(octets + pcp_request_fields[REQ_CLIENT].off, to->pub.config.source.addr,
	       PCP_ADDR_LEN);
	rng->fill(rng, octets + PCP_HEADER_LEN + pcp_map_fields[MAP_NONCE].off, PCP_NONCE_LEN);
	return octets;
}

/* The row at the other server, or of the other address: a new one, or one that came first. */
static struct client_row *row_at(const struct client_row *row, struct client_server *to,
				 uint8_t *octets, size_t len, usec now)
{
	struct client_message message;
	struct client_row *other;

	if (!client_message(&message, to->pub.id, to->pub.config.source.addr, octets, len))
		return NULL;
	other = keytable_find(&to->client->keys, &message.key);
	if (!other)
		other = row_new(to, &message, octets, len, now);
	if (!other)
		return NULL;
	other->natpmp = row->natpmp;
	other->pub.auto_renew = row->pub.auto_renew;
	return other;
}

static void ask_there(const struct client_row *row, struct client_server *to, usec now,
		      const char *reason)
{
	size_t len;
	uint8_t *octets = request_at(row, to, &len);
	struct client_row *other = octets ? row_at(row, to, octets, len, now) : NULL;

	free(octets);
	if (!other || other->exchange)
		return;
	other->pub.stranded = false;
	other->pub.hold_until = USEC_NEVER;
	if (!row_ask(other, now, row_stands(other) ? FOR_RENEWAL : FOR_MAKING, now))
		row_unanswered(other, now, FOR_MAKING, "out of memory");
	else if (!other->gone)
		row_tell(other, now, reason);
}

/* What is left where it was: it runs out there, or is deleted where that can still be said. */
static void leave_there(struct client_row *row, usec now, bool stranded, bool erase,
			const char *reason)
{
	struct pcp_mapping *m = &row->pub;
	bool alive = row_granted(row) && m->expires_at > now && !row_state_lost(m->state);

	if (row->exchange)
		exchange_cancel(row->exchange, now, reason);
	if (row->gone || row->exchange)
		return;
	m->auto_renew = false;
	m->stranded = stranded;
	m->hold_until = USEC_NEVER;
	if (alive && erase && m->opcode == PCP_MAP && row_ask(row, now, FOR_DELETION, now))
		return;
	if (alive) {
		row_state(row, MAPPING_GRANTED);
		row_schedule(row);
		row_tell(row, now, reason);
	} else if (row->leave_at == USEC_NEVER) {
		row_leave(row, now, MAPPING_FAILED, reason);
	}
}

static bool concerns(const struct client_row *row, const struct client_server *from,
		     const struct client_server *to)
{
	const struct pcp_mapping *m = &row->pub;

	if (row->server != from || m->unconfirmed || m->stranded)
		return false;
	/* What is asked for others does not hang on the own address. */
	return from != to || (!m->third_party &&
			      memcmp(m->internal, to->pub.config.source.addr, PCP_ADDR_LEN) != 0);
}

static size_t move_rows(struct client_server *from, struct client_server *to, usec now, bool erase,
			const char *reason)
{
	struct pcp_client *client = from->client;
	uint32_t last = client->last_mapping; /* those that come meanwhile are not meant */
	struct client_row *row;
	size_t n = 0;

	for (uint32_t id = 0; (row = idlist_after(&client->mappings, id)) && row->pub.id <= last;) {
		id = row->pub.id;
		if (!concerns(row, from, to))
			continue;
		if (wanted(row)) {
			ask_there(row, to, now, reason);
			n++;
		}
		if (!row->gone)
			leave_there(row, now, from == to, erase, reason);
	}
	return n;
}

/* ---- all that a server has ---- */

size_t pcp_client_move(struct pcp_client *client, usec now, uint16_t from, uint16_t to, bool erase,
		       const char *reason)
{
	struct client_server *old = client_find_server(client, from);
	struct client_server *new = client_find_server(client, to);
	size_t n;

	if (!old || !new || old == new || client->config.passive)
		return 0;
	client_enter(client);
	n = move_rows(old, new, now, erase, reason);
	client_leave(client);
	return n;
}

/* Requests that no mapping stands behind: their answers would go to the old address. */
static void cancel_loose(struct client_server *server, usec now, const char *reason)
{
	struct pcp_client *client = server->client;
	uint32_t last = client->last_exchange;
	struct client_exchange *x;

	for (uint32_t id = 0; (x = exchange_after(client, id)) && x->id <= last;) {
		id = x->id;
		if (x->server == server && !x->row)
			exchange_cancel(x, now, reason);
	}
}

size_t pcp_client_set_source(struct pcp_client *client, usec now, uint16_t id,
			     const struct pcp_endpoint *source, const char *reason)
{
	struct client_server *server = client_find_server(client, id);
	size_t n = 0;

	if (!server || client->config.passive ||
	    pcp_addr_is_v4(source->addr) != pcp_addr_is_v4(server->pub.config.source.addr))
		return 0;
	client_enter(client);
	cancel_loose(server, now, reason);
	server->pub.config.source = *source;
	client_tell_server(server, now, reason);
	n = move_rows(server, server, now, false, reason);
	client_leave(client);
	return n;
}

/* ---- after a time in which nothing could be sent ---- */

static bool waits(const struct client_row *row)
{
	const struct pcp_mapping *m = &row->pub;

	return (m->auto_renew || row->exchange) && !m->unconfirmed && !m->stranded &&
	       !row_stands(row) && m->state != MAPPING_HOLDING;
}

size_t pcp_client_reached(struct pcp_client *client, usec now, uint16_t id)
{
	struct client_server *server = client_find_server(client, id);
	struct client_row *row;
	bool shown = false; /* one that stands is enough to show its epoch */
	size_t n = 0;

	if (!server || client->config.passive)
		return 0;
	client_enter(client);
	for (uint32_t at = 0; (row = idlist_after(&client->mappings, at));) {
		bool stands = row_stands(row) && row->pub.auto_renew && !shown;

		at = row->pub.id;
		if (row->server != server || (!waits(row) && !stands))
			continue;
		shown = shown || stands;
		if (row->exchange && (row->deleted || row->exchange->tries == 0))
			continue;
		if (row->exchange)
			exchange_replace(row->exchange, now);
		if (row->gone || row->exchange)
			continue;
		row->pub.hold_until = USEC_NEVER;
		/* Many come a little one after the other, as after a restart. */
		(void)row_ask(row, now, stands ? FOR_RENEWAL : FOR_MAKING,
			      now + (usec)(n++ / RECOVER_BATCH) * RECOVER_GAP);
	}
	client_leave(client);
	return n;
}
