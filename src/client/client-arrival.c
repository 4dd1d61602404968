/* Telling what a datagram did, and carrying it out for an exchange or a row. */
#include "client-private.h"

#include <stdio.h>
#include <string.h>

struct pcp_client_event arrival_event(const struct client_datagram *a,
				      enum pcp_client_event_kind kind)
{
	return (struct pcp_client_event){ .kind = kind,
					  .now = a->now,
					  .server = a->server ? &a->server->pub : NULL,
					  .octets = a->octets,
					  .len = a->len,
					  .from = *a->from,
					  .to = *a->to,
					  .next_at = USEC_NEVER,
					  .rtt = -1 };
}

void arrival_tell(const struct client_datagram *a, enum pcp_client_event_kind kind,
		  const struct client_row *row, uint8_t result, const char *reason)
{
	struct pcp_client_event event = arrival_event(a, kind);

	event.mapping = row ? &row->pub : NULL;
	event.exchange = row && kind == CLIENT_ANSWERED ? row->pub.exchange : 0;
	event.result = result;
	event.reason = reason;
	client_emit(a->client, event);
}

/* How well an exchange fits what came: by its server or by the socket alone, by opcode and port. */
static unsigned fitness(const struct client_datagram *a, const struct client_exchange *x)
{
	const struct pcp_endpoint *source = &x->server->pub.config.source;
	const uint8_t *octets = x->octets;
	bool here = pcp_endpoint_same_addr(source, a->to) &&
		    (!source->port || !a->to->port || source->port == a->to->port);

	if (x->tries == 0 || x->queued || (a->server ? x->server != a->server : !here))
		return 0;
	if (a->len < 2 || x->len < 2)
		return 1;
	return 1U + (x->version == a->octets[0]) + ((octets[1] ^ a->octets[1]) == PCP_R);
}

struct client_exchange *arrival_meant_for(const struct client_datagram *a)
{
	struct client_exchange *x, *found = NULL;
	unsigned best = 0, looked = 0;

	if (a->multicast)
		return NULL;
	/* What strangers send must not cost a walk through a large table. */
	for (uint32_t id = 0; looked < LOOK_AT && (x = idlist_after(&a->client->exchanges, id));
	     id = x->id, looked++)
		if (fitness(a, x) > best) {
			found = x;
			best = fitness(a, x);
		}
	return found;
}

void arrival_ignored(const struct client_datagram *a, const struct client_row *row,
		     const char *reason)
{
	struct pcp_client_event event =
		arrival_event(a, a->client->config.foreign ? CLIENT_UNSOLICITED : CLIENT_IGNORED);
	struct client_exchange *x = row ? row->exchange : arrival_meant_for(a);

	if (x && x->tries > 0) {
		exchange_touch(x);
		x->ignored++;
		event.exchange = x->id;
		event.tries = x->tries;
	}
	event.mapping = row ? &row->pub : NULL;
	event.result = a->len >= 4 ? a->octets[3] : 0;
	event.reason = reason;
	client_emit(a->client, event);
}

void arrival_answers(const struct client_datagram *a, const struct client_exchange *x,
		     uint8_t result, const char *reason)
{
	struct pcp_client_event event = arrival_event(a, CLIENT_ANSWERED);

	event.exchange = x->id;
	event.mapping = x->row ? &x->row->pub : NULL;
	event.tries = x->tries;
	event.rtt = a->now - x->last_at;
	event.result = result;
	event.by_itself = x->windows;
	event.reason = reason;
	if (x->tries == 1)
		a->server->pub.rtt = event.rtt;
	client_emit(a->client, event);
}

void arrival_believed(struct client_datagram *a, const struct client_row *spared)
{
	a->server->pub.answered = true;
	if (!a->valid)
		epoch_restart(a->server, a->now, a->clock, spared, a->restart);
	exchange_release(a->server, a->now);
}

static const char *protocol_of(uint8_t version)
{
	return version == PCP_VERSION_NATPMP ? "NAT-PMP, version" : "PCP version";
}

void version_spoken(struct client_server *server, usec now, uint8_t version)
{
	uint8_t before = server->pub.version;
	char reason[REASON_MAX];

	if (before == version)
		return;
	server->pub.version = version;
	snprintf(reason, sizeof(reason), "it speaks %s %u, not %s %u", protocol_of(version),
		 version, protocol_of(before), before);
	client_tell_server(server, now, reason);
}

/* This is the answer that is believed about the mapping now. */
static void arrival_date(const struct client_datagram *a, struct client_row *row)
{
	row->epoch = a->epoch;
	row->era = a->server->pub.restarts;
	row->have_epoch = true;
}

struct client_verdict arrival_verdict(const struct client_datagram *a,
				      const struct client_message *told)
{
	return (struct client_verdict){ .result = a->octets[3],
					.version = a->octets[0],
					.lifetime = told->lifetime,
					.external_port = told->external_port,
					.external = told->external,
					.port_set_size = told->port_set_size,
					.reservation = told->reservation,
					.description = told->description,
					.description_len = told->description_len,
					.options = told->options };
}

/* MAP or PEER that was sent as it is, or with a nonce of its own, makes its row when it succeeds.
 */
void arrival_makes_row(struct client_datagram *a, const struct client_exchange *x,
		       const struct client_verdict *verdict)
{
	struct client_message asked;
	struct client_verdict v = *verdict;
	struct client_row *row;

	if (v.result != PCP_SUCCESS ||
	    !client_message(&asked, a->server->pub.id, a->server->pub.config.source.addr, x->octets,
			    x->len))
		return;
	row = keytable_find(&a->client->keys, &asked.key);
	if (row && row->exchange)
		return; /* its own exchange will tell */
	if (row)
		row_touch(row);
	if (asked.key.opcode == PCP_MAP && asked.lifetime == 0) {
		/* With another nonce, success only means that there was nothing to delete then. */
		if (row && v.lifetime == 0 && row_stands(row) &&
		    memcmp(row->pub.nonce, asked.nonce, PCP_NONCE_LEN) == 0)
			row_leave(row, a->now, MAPPING_DELETED, "deleted by a request of its own");
		return;
	}
	if (row && !row_keep_request(row, x->octets, x->len))
		return;
	if (!row)
		row = row_new(a->server, &asked, x->octets, x->len, a->now);
	if (!row)
		return; /* the table is full: the exchange has been told of */
	memcpy(row->pub.nonce, asked.nonce, PCP_NONCE_LEN);
	row->pub.exchange = x->id;
	arrival_date(a, row);
	v.purpose = FOR_MAKING;
	v.solicited = true;
	row_verdict(row, a->now, &v, NULL);
}

void arrival_ends_loose(struct client_datagram *a, struct client_exchange *x, uint8_t result,
			uint32_t lifetime, const char *reason)
{
	usec hold = result == PCP_SUCCESS ? USEC_NEVER : a->now + client_hold(a->client, lifetime);

	exchange_remember(x, result, hold);
	exchange_detach(x);
	arrival_answers(a, x, result, reason);
	version_spoken(a->server, a->now, a->octets[0]);
	arrival_believed(a, NULL);
}

void arrival_decides(struct client_datagram *a, struct client_row *row, struct client_exchange *x,
		     struct client_verdict *v, enum pcp_client_event_kind kind, const char *reason)
{
	v->solicited = x != NULL;
	row_touch(row);
	/* A late error to a renewal leaves what was granted, as the one in time does. */
	if (x)
		v->purpose = x->purpose;
	else if (kind == CLIENT_ANSWERED && row->purpose == FOR_RENEWAL)
		v->purpose = FOR_RENEWAL;
	else
		v->purpose = FOR_ITSELF;
	row->answers++;
	if (x) {
		exchange_detach(x);
		if (x->submitted && v->result == PCP_SUCCESS && x->purpose != FOR_DELETION)
			(void)row_keep_request(row, x->octets,
					       x->len); /* else the old one stands */
		arrival_answers(a, x, v->result, reason);
	} else {
		arrival_tell(a, kind, row, v->result, reason);
	}
	if (v->result != PCP_UNSUPP_VERSION)
		version_spoken(a->server, a->now, a->octets[0]);
	arrival_believed(a, x ? row : NULL);
	if (row->gone)
		return;
	if (v->result != PCP_UNSUPP_VERSION) /* which tells no time */
		arrival_date(a, row);
	row_verdict(row, a->now, v, reason);
}
