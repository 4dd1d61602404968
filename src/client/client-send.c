/* What an exchange sends, when, and to which address: RFC 6887 8.1.1, RFC 6886 3.1, RFC 7488. */
#include "client-private.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void on_timer(struct timer *timer, void *arg, usec now);

struct client_exchange *exchange_new(struct client_server *server, struct client_row *row,
				     enum purpose purpose, uint8_t *octets, size_t len)
{
	struct pcp_client *client = server->client;
	/* Exchanges come and go: what malloc() had just now it has at hand, calloc() has not. */
	struct client_exchange *x = octets ? malloc(sizeof(*x)) : NULL;

	if (!x || client->last_exchange == UINT32_MAX ||
	    !timers_reserve(&client->timers, client->ntimers + 1) ||
	    !idlist_append(&client->exchanges, client->last_exchange + 1, x)) {
		free(octets);
		free(x);
		return NULL;
	}
	client->ntimers++;
	undo_made(client->undo, x);
	undo_made(client->undo, octets);
	*x = (struct client_exchange){ .id = ++client->last_exchange,
				       .client = client,
				       .server = server,
				       .row = row,
				       .purpose = purpose,
				       .octets = octets,
				       .len = len,
				       .natpmp = row && row->natpmp,
				       .irt = client->config.irt,
				       .mrc = client->config.mrc,
				       .mrd = client->config.mrd,
				       .address = server->pub.current,
				       .timer = { .fire = on_timer, .arg = x } };
	if (!row)
		exchange_link(x);
	return x;
}

static void cancel(struct client_exchange *x, usec now, const char *reason, bool replaced)
{
	struct client_server *server = x->server;

	exchange_detach(x);
	exchange_tell(x, now, CLIENT_CANCELLED, reason, replaced);
	exchange_release(server, now);
}

void exchange_cancel(struct client_exchange *x, usec now, const char *reason)
{
	cancel(x, now, reason, false);
}

void exchange_replace(struct client_exchange *x, usec now)
{
	cancel(x, now, "another request for the same mapping took its place", true);
}

/* Over without an answer. */
static void fail(struct client_exchange *x, usec now, enum pcp_client_event_kind kind,
		 const char *reason)
{
	struct client_row *row = x->row;
	enum purpose purpose = x->purpose;
	struct client_server *server = x->server;

	exchange_detach(x);
	exchange_tell(x, now, kind, reason, false);
	if (row && !row->gone && !row->exchange)
		row_unanswered(row, now, purpose, reason);
	exchange_release(server, now);
}

static void arm(struct client_exchange *x, usec at)
{
	if (at == USEC_NEVER)
		timer_stop(&x->client->timers, &x->timer);
	else
		(void)timer_arm(&x->client->timers, &x->timer, at); /* room was reserved */
	if (x->row)
		x->row->pub.next_at = at;
}

/* Afterwards not all at once; renewals in their next window. */
static void sit_out(struct client_exchange *x, usec until)
{
	if (x->windows)
		arm(x, row_next_renewal(x->row, until));
	else
		arm(x, until + (usec)pcp_rng_below(x->client->rng, USEC_PER_SEC));
}

/* What goes on the wire in the version that the exchange uses now. */
static const uint8_t *wire_form(const struct client_exchange *x, uint8_t buf[NATPMP_MAX],
				size_t *len)
{
	const char *reason;

	*len = x->len;
	if (x->raw || x->version != PCP_VERSION_NATPMP)
		return x->octets;
	*len = exchange_words(x, buf, &reason);
	return buf;
}

/* PCP comes first, each time anew (RFC 6886 1.1), but no more often than it may be sent: NAT-PMP's
 * own retransmissions come quicker. */
static uint8_t preferred_version(const struct client_exchange *x, usec now)
{
	uint8_t wire[NATPMP_MAX];
	const char *reason;

	if (x->fallback && now < x->pcp_at + exchange_pcp_wait(x))
		return PCP_VERSION_NATPMP;
	if (!x->raw && (x->natpmp || x->server->pub.config.version == PCP_VERSION_NATPMP) &&
	    exchange_words(x, wire, &reason))
		return PCP_VERSION_NATPMP;
	return x->octets[0];
}

static void count_datagram(struct client_exchange *x, usec now)
{
	struct client_server *server = x->server;

	if (x->tries++ == 0)
		x->first_at = now;
	x->round++;
	x->last_at = now;
	if (x->version != PCP_VERSION_NATPMP)
		x->pcp_at = now;
	server->contacted |= 1U << x->address;
	server->pub.contacted = true;
	if (x->row) {
		x->row->deletions += x->purpose == FOR_DELETION;
		x->row->sends = x->tries;
		x->row->sent_at = now;
		if (x->purpose == FOR_RENEWAL) {
			x->row->renewal_sent_at = now;
			x->row->pub.renewals++;
		}
	}
}

/* failure: why it was not sent; NULL: it was. */
static void tell_sent(struct client_exchange *x, usec now, const uint8_t *octets, size_t len,
		      usec next, const char *failure)
{
	const struct client_server *server = x->server;

	client_emit(x->client, (struct pcp_client_event){
				       .kind = x->tries == 1 ? CLIENT_SENT : CLIENT_RESENT,
				       .now = now,
				       .exchange = x->id,
				       .server = &server->pub,
				       .mapping = x->row ? &x->row->pub : NULL,
				       .octets = octets,
				       .len = len,
				       .from = server->pub.config.source,
				       .to = server->pub.config.endpoint[x->address],
				       .tries = x->tries,
				       .next_at = next,
				       .rtt = -1,
				       .unsent = failure != NULL,
				       .by_itself = x->windows,
				       .reason = failure,
			       });
}

/* One more datagram of it, and the timer for the next. */
static void exchange_send(struct client_exchange *x, usec now)
{
	struct pcp_client *client = x->client;
	const struct pcp_endpoint *to = &x->server->pub.config.endpoint[x->address];
	uint8_t buf[NATPMP_MAX];
	size_t len;
	const uint8_t *octets = wire_form(x, buf, &len);
	char failure[REASON_MAX];
	bool sent;
	usec next;

	errno = 0;
	sent = client->io.send(client->io.arg, &x->server->pub, to, octets, len);
	if (!sent)
		snprintf(failure, sizeof failure, "it could not be sent%s%s", errno ? ": " : "",
			 errno ? strerror(errno) : "");
	count_datagram(x, now);
	next = exchange_next_send(x, now);
	arm(x, next);
	if (exchange_over(x, next)) { /* then it ends, and is not sent again */
		next = USEC_NEVER;
		if (x->row)
			x->row->pub.next_at = USEC_NEVER;
	}
	tell_sent(x, now, octets, len, next, sent ? NULL : failure);
}

static bool is_announce(const struct client_exchange *x)
{
	return x->len >= 2 && !x->raw && x->octets[0] == PCP_VERSION_2 &&
	       x->octets[1] == PCP_ANNOUNCE;
}

/* RFC 6886 3.1: one NAT-PMP request at a time. RFC 7723 5.1: an anycast address hears an ANNOUNCE
 * before it is told of any port. */
static bool must_wait(const struct client_exchange *x)
{
	const struct client_server *server = x->server;

	if (x->raw)
		return false;
	if (server->pub.config.anycast && !server->pub.answered && !is_announce(x))
		return true;
	return exchange_as_natpmp(x) && server->active && server->active != x;
}

static void enqueue(struct client_exchange *x)
{
	struct client_exchange **at = &x->server->queue;

	while (*at)
		at = &(*at)->next;
	x->next = NULL;
	x->queued = true;
	*at = x;
	arm(x, USEC_NEVER);
}

static void probe_anycast(struct client_server *server, usec now)
{
	struct pcp_client *client = server->client;
	uint8_t *octets;
	struct client_exchange *x;

	if (!server->pub.config.anycast || server->pub.answered)
		return;
	for (x = client->loose; x; x = x->loose_next)
		if (x->server == server && is_announce(x))
			return;
	octets = calloc(1, PCP_HEADER_LEN);
	if (!octets)
		return; /* the next request tries again */
	octets[0] = PCP_VERSION_2;
	memcpy(octets + pcp_request_fields[REQ_CLIENT].off, server->pub.config.source.addr,
	       PCP_ADDR_LEN);
	x = exchange_new(server, NULL, FOR_ITSELF, octets, PCP_HEADER_LEN);
	if (x)
		exchange_start(x, now, now);
}

/* Its turn: to be sent, to queue, or to sit out a silence. */
static void begin(struct client_exchange *x, usec now)
{
	usec until = exchange_silence(x, now);

	if (until) {
		sit_out(x, until);
	} else if (must_wait(x)) {
		struct client_server *server = x->server;
		enqueue(x);
		probe_anycast(server, now);
	} else {
		if (exchange_as_natpmp(x))
			x->server->active = x;
		exchange_send(x, now);
	}
}

void exchange_release(struct client_server *server, usec now)
{
	struct client_exchange *x;

	while ((x = server->queue) && !must_wait(x)) {
		server->queue = x->next;
		x->queued = false;
		begin(x, now);
	}
}

static const enum pcp_mapping_state state_for[] = {
	[FOR_MAKING] = MAPPING_ASKING,
	[FOR_RENEWAL] = MAPPING_RENEWING,
	[FOR_RECOVERY] = MAPPING_RECOVERING,
	[FOR_DELETION] = MAPPING_DELETING,
};

/* Its mapping, if it has one, waits for it from now on. */
void exchange_engage(struct client_exchange *x)
{
	struct client_row *row = x->row;

	x->version = preferred_version(x, 0);
	if (!row)
		return;
	row->exchange = x;
	row->pub.exchange = x->id;
	row->purpose = x->purpose;
	row->sends = row->answers = 0;
	row->deleted = x->purpose == FOR_DELETION;
	row->leave_at = USEC_NEVER;
	row_state(row, state_for[x->purpose]);
	row_schedule(row);
}

void exchange_start(struct client_exchange *x, usec now, usec at)
{
	struct client_row *row = x->row;

	exchange_engage(x);
	if (at > now)
		arm(x, at);
	else
		begin(x, now);
	if (row && !row->gone && row->exchange == x)
		row_tell(row, now, NULL);
}

void exchange_replay_sent(struct client_exchange *x, usec now, const uint8_t *octets, size_t len)
{
	struct client_row *row = x->row;

	count_datagram(x, now);
	(void)timer_arm(&x->client->timers, &x->timer, now + GIVEN_UP); /* room was reserved */
	tell_sent(x, now, octets, len, USEC_NEVER, NULL);
	if (row && !row->gone && row->exchange == x)
		row_tell(row, now, NULL);
}

void exchange_switch(struct client_exchange *x, usec now, uint8_t version)
{
	x->version = version;
	if (version == PCP_VERSION_NATPMP && x->fallback && x->round > 0)
		x->round--; /* PCP was tried first once more; the schedule goes on as it was */
	else
		x->round = 0;
	x->fallback = version == PCP_VERSION_NATPMP;
	if (!x->client->config.passive) /* a capture shows itself what was sent next */
		begin(x, now);
}

static void turn_to(struct client_exchange *x, size_t address)
{
	x->address = address;
	x->round = 0;
	x->rt = 0;
}

/* The first address, best first, that has not failed in this turn; nendpoint: none. */
static size_t untried(const struct client_exchange *x)
{
	size_t i = 0, n = x->server->pub.config.nendpoint;

	while (i < n && (x->tried & 1U << i))
		i++;
	return i;
}

static void next_address(struct client_exchange *x, usec now)
{
	struct pcp_client_server *server = &x->server->pub;
	char from[ENDPOINT_TEXT], to[ENDPOINT_TEXT], reason[2 * ENDPOINT_TEXT + 64];
	size_t old = x->address, next;

	x->tried |= 1U << old;
	next = untried(x);
	if (next == server->config.nendpoint) {
		x->tried = 0;
		turn_to(x, 0);
		server->current = 0;
		sit_out(x, now + ADDRESSES_AGAIN);
		client_tell_server(x->server, now,
				   "none of its addresses answers; all again in 15 minutes");
		return;
	}
	if (server->current != old && !(x->tried & 1U << server->current))
		next = server->current; /* another exchange has gone on already */
	turn_to(x, next);
	if (server->current == old) {
		server->current = next;
		pcp_endpoint_text(&server->config.endpoint[old], from, sizeof(from));
		pcp_endpoint_text(&server->config.endpoint[next], to, sizeof(to));
		snprintf(reason, sizeof(reason), "no answer from %s, going on with %s", from, to);
		client_tell_server(x->server, now, reason);
	}
	if (!x->gone)
		exchange_send(x, now);
}

static void on_timer(struct timer *timer, void *arg, usec now)
{
	struct client_exchange *x = arg;
	const struct pcp_client_server *server = &x->server->pub;
	usec until = exchange_silence(x, now);

	(void)timer;
	exchange_touch(x);
	if (x->tries == 0) {
		begin(x, now);
	} else if (exchange_over(x, now)) {
		fail(x, now, CLIENT_TIMED_OUT, "no answer");
	} else if (until) {
		sit_out(x, until);
	} else if (server->config.nendpoint > 1 && x->round >= MRC_PER_ADDRESS) {
		next_address(x, now);
	} else {
		if (x->address != server->current)
			turn_to(x, server->current);
		x->version = preferred_version(x, now);
		x->refused = 0;
		exchange_send(x, now);
	}
}

static bool sent_to(const struct client_exchange *x, const struct pcp_endpoint *to)
{
	return x->tries > 0 && pcp_endpoint_same(&x->server->pub.config.endpoint[x->address], to);
}

/* from: whose datagrams are meant; NULL: all. */
static void unreachable(struct pcp_client *client, usec now, const struct pcp_endpoint *from,
			const struct pcp_endpoint *to, const char *what)
{
	struct client_exchange *x;
	uint32_t last = client->last_exchange; /* those that begin meanwhile are not meant */

	client_enter(client);
	for (uint32_t id = 0; (x = exchange_after(client, id)) && x->id <= last;) {
		id = x->id;
		if (!sent_to(x, to) ||
		    (from && !pcp_endpoint_same_addr(&x->server->pub.config.source, from)))
			continue;
		if (x->server->pub.config.nendpoint > 1) {
			exchange_tell(x, now, CLIENT_UNREACHABLE, what, false);
			if (!x->gone)
				next_address(x, now);
		} else {
			fail(x, now, CLIENT_UNREACHABLE, what);
		}
	}
	client_leave(client);
}

void pcp_client_unreachable(struct pcp_client *client, usec now, const struct pcp_endpoint *to,
			    const char *what)
{
	unreachable(client, now, NULL, to, what);
}

void pcp_client_replay_unreachable(struct pcp_client *client, usec now,
				   const struct pcp_endpoint *from, const struct pcp_endpoint *to,
				   const char *what)
{
	if (client->config.passive)
		unreachable(client, now, from, to, what);
}
