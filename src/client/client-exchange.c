/* An exchange under way: its places in lists, what is told of it, and its schedule (RFC
 * 6887 8.1.1). */
#include "client-private.h"

#include <stdlib.h>
#include <string.h>

/* In a neighbour of the list; what is in a client is kept by each step. */
static void keep_neighbour(struct pcp_client *client, void *pointer)
{
	undo_keep(client->undo, pointer, sizeof(void *));
}

void exchange_link(struct client_exchange *x)
{
	struct pcp_client *client = x->client;

	x->loose_next = client->loose;
	x->loose_prev = &client->loose;
	if (x->loose_next) {
		keep_neighbour(client, &x->loose_next->loose_prev);
		x->loose_next->loose_prev = &x->loose_next;
	}
	client->loose = x;
	client->nloose++;
}

static void unlink_loose(struct pcp_client *client, struct client_exchange *x)
{
	keep_neighbour(client, x->loose_prev);
	*x->loose_prev = x->loose_next;
	if (x->loose_next) {
		keep_neighbour(client, &x->loose_next->loose_prev);
		x->loose_next->loose_prev = x->loose_prev;
	}
	client->nloose--;
}

static void leave_queue(struct client_exchange *x)
{
	struct client_exchange **at = &x->server->queue;

	if (x->server->active == x)
		x->server->active = NULL;
	while (x->queued && *at) {
		if (*at == x) {
			*at = x->next;
			x->queued = false;
			return;
		}
		at = &(*at)->next;
	}
}

void exchange_detach(struct client_exchange *x)
{
	struct pcp_client *client = x->client;

	if (x->gone)
		return;
	exchange_touch(x);
	x->gone = true;
	timer_stop(&client->timers, &x->timer);
	client->ntimers--;
	idlist_remove(&client->exchanges, x->id);
	leave_queue(x);
	if (x->row) {
		x->row->exchange = NULL;
		x->row->pub.next_at = USEC_NEVER;
	} else {
		unlink_loose(client, x);
	}
	x->next = client->dead_exchanges;
	client->dead_exchanges = x;
}

struct client_exchange *exchange_after(const struct pcp_client *client, uint32_t id)
{
	return idlist_after(&client->exchanges, id);
}

void exchange_remember(const struct client_exchange *x, uint8_t result, usec hold_until)
{
	struct pcp_client *client = x->client;
	struct finished *f = &client->finished[client->nfinished++ % FINISHED_MAX];

	undo_keep(client->undo, f, sizeof(*f));
	undo_release(client->undo, f->octets);
	*f = (struct finished){ .id = x->id,
				.server = x->server->pub.id,
				.octets = malloc(x->len),
				.len = x->len,
				.version = x->version,
				.sends = x->tries,
				.answers = 1,
				.hold_until = hold_until,
				.result = result };
	if (!f->octets)
		return; /* a late answer is not recognised, and is then ignored */
	undo_made(client->undo, f->octets);
	memcpy(f->octets, x->octets, x->len);
}

void exchange_tell(struct client_exchange *x, usec now, enum pcp_client_event_kind kind,
		   const char *reason, bool replaced)
{
	client_emit(x->client, (struct pcp_client_event){
				       .kind = kind,
				       .now = now,
				       .exchange = x->id,
				       .server = &x->server->pub,
				       .mapping = x->row ? &x->row->pub : NULL,
				       .to = x->server->pub.config.endpoint[x->address],
				       .from = x->server->pub.config.source,
				       .tries = x->tries,
				       .next_at = USEC_NEVER,
				       .rtt = -1,
				       .replaced = replaced,
				       .by_itself = x->windows,
				       .reason = reason,
			       });
}

size_t exchange_words(const struct client_exchange *x, uint8_t *wire, const char **reason)
{
	bool meant = x->natpmp || x->server->pub.config.version == PCP_VERSION_NATPMP;

	return natpmp_translate(x->octets, x->len, meant, wire, reason);
}

bool exchange_as_natpmp(const struct client_exchange *x)
{
	return x->fallback || (!x->raw && x->version == PCP_VERSION_NATPMP);
}

/* Until when NO_RESOURCES keeps it back (11.4); 0: it may go. */
usec exchange_silence(const struct client_exchange *x, usec now)
{
	const struct pcp_client_server *server = &x->server->pub;
	bool creates = x->purpose == FOR_MAKING || x->purpose == FOR_RECOVERY;

	if (x->raw || x->insist)
		return 0;
	if (server->mute_until > now)
		return server->mute_until;
	return creates && server->silent_until > now ? server->silent_until : 0;
}

/* 8.1.1: the wait after a transmission, with fresh jitter each time. */
static usec retransmission_timeout(const struct client_exchange *x)
{
	const struct pcp_client_config *config = &x->client->config;
	double jitter = pcp_rng_uniform(x->client->rng, -0.1, 0.1);
	usec base = x->rt == 0 ? x->irt : 2 * x->rt;

	if (base > config->mrt)
		base = config->mrt;
	return (usec)((1 + jitter) * (double)base);
}

/* 11.2.1: renewals are never closer than four seconds, those by hand no more than others. */
usec exchange_pcp_wait(const struct client_exchange *x)
{
	return x->purpose == FOR_RENEWAL && x->rt < RENEWAL_GAP ? RENEWAL_GAP : x->rt;
}

usec exchange_next_send(struct client_exchange *x, usec now)
{
	usec at;

	if (x->raw || x->version != PCP_VERSION_NATPMP)
		x->rt = retransmission_timeout(x);
	if (exchange_as_natpmp(x))
		return now + (NATPMP_FIRST
			      << (x->round < NATPMP_SENDS ? x->round - 1 : NATPMP_SENDS - 1));
	if (x->windows)
		return row_next_renewal(x->row, now);
	at = now + exchange_pcp_wait(x);
	if (x->mrd && at > x->first_at + x->mrd)
		at = x->first_at + x->mrd;
	return at;
}

bool exchange_over(const struct client_exchange *x, usec now)
{
	if (x->client->config.passive)
		return true;
	if (exchange_as_natpmp(x))
		return x->round >= NATPMP_SENDS;
	return (x->mrc && x->tries >= x->mrc) || (x->mrd && now >= x->first_at + x->mrd);
}
