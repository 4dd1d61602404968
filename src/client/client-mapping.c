/* The mapping table: rows come and go, are renewed, run out and are asked for again (RFC
 * 6887 11.2.1). */
#include "client-private.h"

#include <stdlib.h>
#include <string.h>

/* ---- life ---- */

static void on_timer(struct timer *timer, void *arg, usec now);

static void fill_row(struct client_row *row, const struct client_message *message, usec now)
{
	struct pcp_client *client = row->client;

	row->key = message->key;
	row->renew_at = row->leave_at = USEC_NEVER;
	row->sent_at = row->renewal_sent_at = -RENEWAL_GAP;
	row->pub = (struct pcp_mapping){
		.id = ++client->last_mapping,
		.server = message->key.server,
		.state = MAPPING_FAILED, /* until its exchange starts */
		.version = PCP_VERSION_2,
		.opcode = message->key.opcode,
		.third_party = message->third_party,
		.protocol = message->key.protocol,
		.internal_port = message->key.internal_port,
		.remote_port = message->key.remote_port,
		.suggested_port = message->external_port,
		.requested_lifetime = message->lifetime,
		.created_at = now,
		.granted_at = USEC_NEVER,
		.expires_at = USEC_NEVER,
		.hold_until = USEC_NEVER,
		.next_at = USEC_NEVER,
		.auto_renew = client->config.renew && !client->config.passive,
	};
	memcpy(row->pub.internal, message->key.internal, PCP_ADDR_LEN);
	memcpy(row->pub.remote, message->key.remote, PCP_ADDR_LEN);
	memcpy(row->pub.nonce, message->nonce, PCP_NONCE_LEN);
	memcpy(row->pub.suggested, message->external, PCP_ADDR_LEN);
}

static void out_of_tables(struct client_row *row)
{
	keytable_remove(&row->client->keys, &row->by_key);
	keytable_remove(&row->client->insides, &row->by_inside);
}

struct client_row *row_new(struct client_server *server, const struct client_message *message,
			   const uint8_t *octets, size_t len, usec now)
{
	struct pcp_client *client = server->client;
	struct client_row *row;

	if (client->mappings.live >= client->config.max_mappings ||
	    client->last_mapping == UINT32_MAX || !(row = calloc(1, sizeof(*row))))
		return NULL;
	undo_made(client->undo, row);
	row->client = client;
	row->server = server;
	row->timer = (struct timer){ .fire = on_timer, .arg = row };
	fill_row(row, message, now);
	if (!row_keep_request(row, octets, len) ||
	    !timers_reserve(&client->timers, client->ntimers + 1) ||
	    !keytable_add(&client->keys, &row->by_key, row) ||
	    !keytable_add(&client->insides, &row->by_inside, row) ||
	    !idlist_append(&client->mappings, row->pub.id, row)) {
		out_of_tables(row);
		row_free(row);
		return NULL;
	}
	client->ntimers++;
	return row;
}

void row_remove(struct client_row *row, usec now)
{
	struct pcp_client *client = row->client;

	if (row->gone)
		return;
	row_touch(row);
	if (row->exchange)
		exchange_cancel(row->exchange, now, "its mapping left the table");
	if (row->gone) /* an observer was faster */
		return;
	row->gone = true;
	row_state(row, MAPPING_EXPIRED); /* for the server's counts */
	timer_stop(&client->timers, &row->timer);
	client->ntimers--;
	idlist_remove(&client->mappings, row->pub.id);
	out_of_tables(row);
	row->next = client->dead_rows;
	client->dead_rows = row;
	client_emit(client, (struct pcp_client_event){ .kind = CLIENT_MAPPING_GONE,
						       .now = now,
						       .server = &row->server->pub,
						       .mapping = &row->pub,
						       .next_at = USEC_NEVER,
						       .rtt = -1 });
}

/* ---- renewal: 11.2.1 ---- */

/* What is refused is asked for as it was first: the former external values may be what the server
 * cannot give. */
static uint8_t *request_for(const struct client_row *row, enum purpose purpose, size_t *len)
{
	bool plain = purpose == FOR_MAKING && row->pub.result != PCP_SUCCESS;

	return purpose == FOR_DELETION ? client_deletion(&row->pub, len)
				       : client_renewal(&row->pub, !plain, len);
}

static struct client_exchange *prepare(struct client_row *row, enum purpose purpose)
{
	size_t len = 0;
	uint8_t *octets = request_for(row, purpose, &len);

	return exchange_new(row->server, row, purpose, octets, len);
}

struct client_exchange *row_ask(struct client_row *row, usec now, enum purpose purpose, usec at)
{
	struct client_exchange *x = prepare(row, purpose);

	if (x)
		exchange_start(x, now, at);
	return x;
}

/* The engine's own request for what does not stand, when its time has come. */
static void ask_again(struct client_row *row, usec now, enum purpose purpose)
{
	if (!row_ask(row, now, purpose, usec_later(now, row->sent_at + RENEWAL_GAP)))
		row_unanswered(row, now, purpose, "out of memory");
}

static void renew_in_window(struct client_row *row, usec now)
{
	struct client_exchange *x = prepare(row, FOR_RENEWAL);

	if (!x) { /* no memory now, perhaps in the next window */
		row->renew_at = row_next_renewal(row, now);
		row_schedule(row);
		return;
	}
	x->windows = true;
	x->mrc = 0;
	x->mrd = 0;
	exchange_start(x, now, now);
}

/* ---- the end of a lifetime, of a hold, of an exchange ---- */

static void expire(struct client_row *row, usec now)
{
	struct pcp_mapping *m = &row->pub;
	struct client_exchange *x = row->exchange;

	if (x && x->purpose == FOR_RENEWAL && !x->windows) {
		/* Asked for by hand: the request goes on, now for a new mapping. */
		x->purpose = FOR_MAKING;
		row_state(row, MAPPING_ASKING);
		row_schedule(row);
		row_tell(row, now, "it ran out before its renewal was answered");
		return;
	}
	if (x)
		exchange_cancel(x, now, "the mapping has run out");
	if (row->gone || row->exchange)
		return;
	if (row->deleted) {
		row_leave(row, now, MAPPING_DELETED, "it ran out before its deletion was answered");
		return;
	}
	if (m->auto_renew && m->hold_until != USEC_NEVER && m->hold_until > now) {
		row_state(row, MAPPING_HOLDING);
		row_schedule(row);
		row_tell(row, now, "it ran out while its renewal was refused");
		return;
	}
	/* What the server lost never ran out there. */
	if (m->state == MAPPING_LOST)
		row_leave(row, now, MAPPING_LOST, "its time is over, and it was lost before");
	else
		row_leave(row, now, MAPPING_EXPIRED, "it ran out");
	if (!row->gone && !row->exchange && m->auto_renew)
		ask_again(row, now, FOR_MAKING);
}

static void hold_over(struct client_row *row, usec now)
{
	bool was_lost = row->pub.state == MAPPING_LOST;

	row->pub.hold_until = USEC_NEVER;
	if (row->pub.auto_renew) {
		ask_again(row, now, was_lost ? FOR_RECOVERY : FOR_MAKING);
		return;
	}
	row_schedule(row);
	row_tell(row, now, "it may be asked for again");
}

static void on_timer(struct timer *timer, void *arg, usec now)
{
	struct client_row *row = arg;

	(void)timer;
	row_touch(row);
	switch (row->pub.state) {
	case MAPPING_GRANTED:
		if (now >= row->pub.expires_at)
			expire(row, now);
		else
			renew_in_window(row, now);
		return;
	case MAPPING_LOST:
		if (now >= row->leave_at)
			row_remove(row, now);
		else if (now < row->pub.expires_at)
			hold_over(row, now);
		else
			expire(row, now);
		return;
	case MAPPING_RENEWING:
	case MAPPING_DELETING:
		expire(row, now);
		return;
	case MAPPING_HOLDING:
		hold_over(row, now);
		return;
	case MAPPING_FAILED:
		if (now >= row->leave_at)
			row_remove(row, now);
		else
			hold_over(row, now);
		return;
	case MAPPING_DELETED:
	case MAPPING_EXPIRED:
		row_remove(row, now);
		return;
	case MAPPING_ASKING:
	case MAPPING_RECOVERING:
		return;
	}
}
