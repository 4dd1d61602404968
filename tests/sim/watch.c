/* The watcher: the rules of RFC 6887 and 6886, as seen from the wire and from the two tables. */
#include "sim.h"

#include <string.h>

/* Where the hand's keys stand in the watcher's arrays; -1: none of them. */
static int key_of(uint8_t protocol, uint16_t internal_port)
{
	if ((protocol != 6 && protocol != 17) || internal_port < 5000 ||
	    internal_port >= 5000 + KEYS / 2)
		return -1;
	return (internal_port - 5000) * 2 + (protocol == 17);
}

static double seconds(usec duration)
{
	return (double)duration / (double)SECOND;
}

static struct watched *watched(struct host *host, uint32_t exchange)
{
	struct watched *w = &host->exchange[exchange % EXCHANGES_MAX];

	if (w->id != exchange)
		*w = (struct watched){ .id = exchange };
	return w;
}

void watch_by_hand(struct host *host, uint32_t exchange)
{
	if (exchange)
		watched(host, exchange)->by_hand = true;
}

/* ---- nonces ---- */

static void watch_nonce(struct host *host, int key, const uint8_t *nonce)
{
	static const uint8_t zero[PCP_NONCE_LEN];

	if (memcmp(nonce, zero, PCP_NONCE_LEN) == 0)
		broken(host->world, "a request left without a nonce");
	if (host->have_nonce[key]) {
		if (memcmp(nonce, host->nonce[key], PCP_NONCE_LEN) != 0)
			broken(host->world, "a request left with another nonce than its mapping's");
		return;
	}
	for (size_t i = 0; i < host->nold; i++)
		if (memcmp(host->old_nonces[i], nonce, PCP_NONCE_LEN) == 0)
			broken(host->world, "a new mapping has an old nonce");
	memcpy(host->nonce[key], nonce, PCP_NONCE_LEN);
	host->have_nonce[key] = true;
	if (host->nold < NONCES_MAX)
		memcpy(host->old_nonces[host->nold++], nonce, PCP_NONCE_LEN);
}

/* ---- how often ---- */

/* 11.2.1: [1 - 2^-k, 1 - 2^-k + 2^-(k+2)] for some k. */
static bool in_a_window(double part)
{
	double width = 0.5;

	for (unsigned k = 1; k < 33; k++, width /= 2)
		if (part >= 1 - width - 1e-6 && part <= 1 - width + width / 4 + 1e-6)
			return true;
	return false;
}

static void watch_renewal(struct host *host, int key, const struct pcp_client_event *event,
			  bool by_hand, bool natpmp)
{
	const struct pcp_mapping *m = event->mapping;
	usec now = host->world->now;
	double part = seconds(now - m->granted_at) / seconds(m->expires_at - m->granted_at);

	host->world->counts->renewals++;
	if (!by_hand && part < 0.5)
		broken(host->world, "renewed after %.3f of its life", part);
	if (event->octets[0] != PCP_VERSION_2)
		return;
	if (!by_hand && !natpmp && !in_a_window(part))
		broken(host->world,
		       "renewed after %.5f of its life, which lies in no window of 11.2.1", part);
	/* What the hand composes and sends is its own affair, whatever stands in the table. */
	if (!host->in_hand && host->renewed_at[key] && now - host->renewed_at[key] < 4 * SECOND)
		broken(host->world, "renewed %.3f s after the last renewal (11.2.1: 4 s)",
		       seconds(now - host->renewed_at[key]));
	host->renewed_at[key] = now;
}

/* RFC 6886 3.1: 250 ms, doubling, nine of them. */
static void watch_natpmp_pace(struct host *host, struct watched *w)
{
	usec now = host->world->now, gap = now - w->last_natpmp;

	host->world->counts->natpmp++;
	if (w->natpmp_sends && gap < (usec)250000 << (w->natpmp_sends - 1))
		broken(host->world, "NAT-PMP datagram %u came %.3f s after the last",
		       w->natpmp_sends + 1, seconds(gap));
	if (++w->natpmp_sends > 9)
		broken(host->world, "NAT-PMP datagram %u of one request", w->natpmp_sends);
	w->last_natpmp = now;
}

/* 8.1.1, with the jitter that allows the most. */
static void watch_pace(struct host *host, struct watched *w, bool windows)
{
	double gap = seconds(host->world->now - w->last);

	if (w->sends && !windows) {
		double base = w->sends == 1 ? 3 : 2 * w->least;
		w->least = 0.9 * (base < 1024 ? base : 1024);
		if (gap < w->least - 1e-5)
			broken(host->world,
			       "datagram %u of request %u came %.3f s after the last (8.1.1: %.3f "
			       "s)",
			       w->sends + 1, w->id, gap, w->least);
	}
	w->sends++;
	w->last = host->world->now;
}

static void watch_hold(struct host *host, int key, const struct pcp_client_event *event,
		       const struct watched *w)
{
	enum pcp_mapping_state state = event->mapping->state;

	if (w->by_hand || host->held_until[key] <= host->world->now ||
	    (state != MAPPING_ASKING && state != MAPPING_RENEWING))
		return;
	broken(host->world, "sent %.3f s before an error's lifetime was over (8.3)",
	       seconds(host->held_until[key] - host->world->now));
}

void watch_sent(struct host *host, const struct pcp_client_event *event)
{
	struct watched *w = watched(host, event->exchange);
	const uint8_t *octets = event->octets, *map = octets + PCP_HEADER_LEN;
	bool renewing = event->mapping && event->mapping->state == MAPPING_RENEWING;
	int key = event->mapping ? key_of(event->mapping->protocol, event->mapping->internal_port)
				 : -1;

	w->by_hand = w->by_hand || host->in_hand;
	w->renewal = w->renewal || renewing;
	w->deletion = event->mapping && event->mapping->state == MAPPING_DELETING;
	if (event->mapping && key < 0)
		broken(host->world, "a request for a mapping that nobody asked for");
	if (octets[0] == PCP_VERSION_2 && octets[1] == PCP_MAP) {
		if (key_of((uint8_t)pcp_get(&pcp_map_fields[MAP_PROTOCOL], map),
			   (uint16_t)pcp_get(&pcp_map_fields[MAP_INTERNAL_PORT], map)) != key &&
		    key >= 0)
			broken(host->world, "a request names another mapping than its own");
		if (key >= 0)
			watch_nonce(host, key, map + pcp_map_fields[MAP_NONCE].off);
		if (memcmp(octets + 8, host->self.addr, PCP_ADDR_LEN) != 0)
			broken(host->world, "a request without its client's address");
	}
	if (key >= 0) {
		if (w->by_hand && w->sends == 0)
			host->held_until[key] = 0;
		watch_hold(host, key, event, w);
	}
	if (renewing)
		watch_renewal(host, key, event, w->by_hand, w->natpmp_sends > 0);
	if (octets[0] == PCP_VERSION_NATPMP)
		watch_natpmp_pace(host, w);
	else
		watch_pace(host, w, renewing && !w->by_hand);
}

/* ---- what it was told ---- */

static uint32_t lifetime_of(const struct pcp_client_event *event)
{
	const uint8_t *at = event->octets + (event->octets[0] == PCP_VERSION_NATPMP ? 12 : 4);

	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* Answers that the network put in another order are not believed in that order. */
static void watch_order(struct host *host, int key, const struct pcp_client_event *event)
{
	uint32_t epoch = pcp_get(&pcp_response_fields[HDR_EPOCH], event->octets);

	if (host->have_epoch[key] && event->server->epoch_valid && epoch < host->epoch_of[key])
		broken(host->world, "an answer of %u s was believed after one of %u s", epoch,
		       host->epoch_of[key]);
	host->have_epoch[key] = true;
	host->epoch_of[key] = epoch;
}

/* In this world no traffic keeps what was deleted. */
static void watch_deletion(struct host *host, int key, const struct pcp_client_event *event)
{
	if (lifetime_of(event) == 0)
		host->deleted_at[key] = host->world->now;
	else if (host->told[key] == MAPPING_DELETING && watched(host, event->exchange)->deletion &&
		 host->world->weather.corrupt == 0)
		broken(host->world, "a deletion was ended by an answer to an earlier request");
}

static void note_verdict(struct host *host, const struct pcp_client_event *event)
{
	const struct pcp_mapping *m = event->mapping;
	int key = m ? key_of(m->protocol, m->internal_port) : -1;
	usec lifetime;

	if (key < 0 || event->result == PCP_UNSUPP_VERSION)
		return;
	if (event->reason && strstr(event->reason, "again"))
		return; /* a copy by the network */
	if (event->result == PCP_SUCCESS)
		watch_deletion(host, key, event);
	if (event->octets[0] != PCP_VERSION_2)
		return;
	watch_order(host, key, event);
	if (event->result == PCP_SUCCESS) {
		host->held_until[key] = 0;
		host->renewed_at[key] = 0;
		return;
	}
	lifetime = lifetime_of(event) * SECOND;
	if (lifetime < 30 * SECOND)
		lifetime = 30 * SECOND;
	if (lifetime > host->world->max_lifetime * SECOND)
		lifetime = host->world->max_lifetime * SECOND;
	host->held_until[key] = host->world->now + lifetime;
}

static void note_state(struct host *host, const struct pcp_mapping *m)
{
	int key = key_of(m->protocol, m->internal_port);

	host->world->counts->expired += m->state == MAPPING_EXPIRED;
	if (key < 0)
		return;
	if (m->state == MAPPING_DELETED && host->told[key] != MAPPING_DELETED &&
	    host->deleted_at[key] != host->world->now && m->expires_at > host->world->now)
		broken(host->world, "port %u is said to be deleted, but no answer said so",
		       m->internal_port);
	if (m->state == MAPPING_GRANTED && host->told[key] == MAPPING_DELETED)
		broken(host->world, "port %u was deleted, and is granted without a request",
		       m->internal_port);
	host->told[key] = m->state;
}

static void note_gone(struct host *host, const struct pcp_mapping *m)
{
	int key = key_of(m->protocol, m->internal_port);

	if (key < 0)
		return;
	host->have_nonce[key] = host->have_epoch[key] = false;
	host->held_until[key] = host->renewed_at[key] = 0;
	host->told[key] = MAPPING_FAILED;
}

/* No limit is set, so nothing but NAT-PMP, and the hand's announcements, may give up. */
static void watch_giving_up(struct host *host, const struct pcp_client_event *event)
{
	if (event->mapping && watched(host, event->exchange)->natpmp_sends == 0)
		broken(host->world, "request %u was given up", event->exchange);
}

void watch_event(struct host *host, const struct pcp_client_event *event)
{
	struct counts *counts = host->world->counts;

	switch (event->kind) {
	case CLIENT_SENT:
	case CLIENT_RESENT:
		watch_sent(host, event);
		return;
	case CLIENT_ANSWERED:
		counts->answered++;
		note_verdict(host, event);
		return;
	case CLIENT_UNSOLICITED:
		note_verdict(host, event);
		return;
	case CLIENT_IGNORED:
		counts->ignored++;
		if (!event->reason)
			broken(host->world, "a datagram was ignored without a reason");
		return;
	case CLIENT_RESTARTED:
		counts->noticed++;
		memset(host->held_until, 0, sizeof(host->held_until));
		memset(host->have_epoch, 0, sizeof(host->have_epoch));
		return;
	case CLIENT_TIMED_OUT:
		watch_giving_up(host, event);
		return;
	case CLIENT_MAPPING:
		note_state(host, event->mapping);
		return;
	case CLIENT_MAPPING_GONE:
		note_gone(host, event->mapping);
		return;
	default:
		return;
	}
}

/* ---- the tables ---- */

static uint64_t mix(uint64_t hash, const void *octets, size_t len)
{
	const uint8_t *at = octets;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ at[i]) * UINT64_C(0x100000001b3);
	return hash;
}

#define MIX(hash, member) mix(hash, &(member), sizeof(member))

uint64_t watch_digest(const struct host *host)
{
	const struct pcp_client_server *server = pcp_client_server(host->client, host->server);
	size_t pending = pcp_client_nexchanges(host->client);
	uint64_t hash = MIX(MIX(MIX(UINT64_C(0xcbf29ce484222325), server->epoch), server->epoch_at),
			    server->restarts);

	hash = MIX(MIX(MIX(MIX(hash, server->external), server->version), server->silent_until),
		   pending);
	for (size_t i = 0; i < pcp_client_nmappings(host->client); i++) {
		const struct pcp_mapping *m = pcp_client_mapping_at(host->client, i);
		hash = MIX(MIX(MIX(MIX(hash, m->id), m->state), m->nonce), m->external);
		hash = MIX(MIX(MIX(MIX(hash, m->external_port), m->lifetime), m->expires_at),
			   m->result);
		hash = MIX(MIX(hash, m->hold_until), m->next_at);
	}
	return hash;
}

void watch_bounds(struct world *world)
{
	for (size_t i = 0; i < world->nhost; i++) {
		const struct pcp_client *client = world->host[i].client;
		size_t rows = pcp_client_nmappings(client);
		if (rows > KEYS)
			broken(world, "%zu rows for %d keys", rows, KEYS);
		/* One exchange a row, and the loose ones: announcements of the hand, five sends
		 * each. */
		if (pcp_client_nexchanges(client) > rows + 64)
			broken(world, "%zu exchanges for %zu rows", pcp_client_nexchanges(client),
			       rows);
	}
}

static bool stands(const struct pcp_mapping *m)
{
	return m->state == MAPPING_GRANTED || m->state == MAPPING_RENEWING;
}

static const struct pcp_mapping *row_for(const struct host *host, const struct lab_mapping *truth)
{
	for (size_t i = 0; i < pcp_client_nmappings(host->client); i++) {
		const struct pcp_mapping *m = pcp_client_mapping_at(host->client, i);
		if (m->protocol == truth->protocol && m->internal_port == truth->internal_port &&
		    stands(m))
			return m;
	}
	return NULL;
}

static bool truth_for(const struct host *host, const struct pcp_mapping *m,
		      struct lab_mapping *truth)
{
	for (size_t i = 0; lab_mapping_at(host->world->lab, i, truth); i++)
		if (truth->opcode == m->opcode && truth->protocol == m->protocol &&
		    truth->internal_port == m->internal_port &&
		    memcmp(truth->internal, host->self.addr, PCP_ADDR_LEN) == 0)
			return true;
	return false;
}

static void compare(struct host *host, const struct pcp_mapping *m, const struct lab_mapping *truth,
		    const char *when)
{
	double apart = seconds(m->expires_at - truth->expires_at);

	if (m->external_port != truth->external_port ||
	    memcmp(m->external, truth->external, PCP_ADDR_LEN) != 0)
		broken(host->world,
		       "%s: port %u: the client shows external port %u, the gateway has %u, or "
		       "another address",
		       when, m->internal_port, m->external_port, truth->external_port);
	if (!truth->natpmp && memcmp(m->nonce, truth->nonce, PCP_NONCE_LEN) != 0)
		broken(host->world, "%s: port %u: client and gateway differ in the nonce", when,
		       m->internal_port);
	if (apart < -2 || apart > 2)
		broken(host->world, "%s: port %u: client and gateway differ by %.3f s in its end",
		       when, m->internal_port, apart);
}

/* A gateway with few ports may refuse for good. */
static bool may_be_refused(const struct host *host, const struct pcp_mapping *m)
{
	return host->world->tight && !stands(m);
}

static void agree(struct host *host, const char *when)
{
	struct lab_mapping truth;

	for (size_t i = 0; i < pcp_client_nmappings(host->client); i++) {
		const struct pcp_mapping *m = pcp_client_mapping_at(host->client, i);
		host->world->counts->rows++;
		if (m->auto_renew && !stands(m) && !may_be_refused(host, m))
			broken(host->world, "%s: port %u with auto-renewal is %s", when,
			       m->internal_port, pcp_mapping_state_name(m->state));
		if (!stands(m))
			continue;
		if (truth_for(host, m, &truth))
			compare(host, m, &truth, when);
		else
			broken(host->world, "%s: the gateway does not have port %u", when,
			       m->internal_port);
	}
	for (size_t i = 0; lab_mapping_at(host->world->lab, i, &truth); i++)
		if (memcmp(truth.internal, host->self.addr, PCP_ADDR_LEN) == 0 &&
		    !row_for(host, &truth))
			broken(host->world, "%s: the client does not have port %u", when,
			       truth.internal_port);
}

void watch_agreement(struct world *world, const char *when)
{
	for (size_t i = 0; i < world->nhost; i++)
		agree(&world->host[i], when);
}

void watch_remember(struct world *world)
{
	for (size_t i = 0; i < world->nhost; i++) {
		struct host *host = &world->host[i];
		memset(host->former_port, 0, sizeof(host->former_port));
		for (size_t j = 0; j < pcp_client_nmappings(host->client); j++) {
			const struct pcp_mapping *m = pcp_client_mapping_at(host->client, j);
			int key = key_of(m->protocol, m->internal_port);
			if (key >= 0 && stands(m) && m->auto_renew)
				host->former_port[key] = m->external_port;
		}
	}
}

void watch_return(struct world *world)
{
	for (size_t i = 0; i < world->nhost && !world->tight; i++) {
		struct host *host = &world->host[i];
		for (size_t j = 0; j < pcp_client_nmappings(host->client); j++) {
			const struct pcp_mapping *m = pcp_client_mapping_at(host->client, j);
			int key = key_of(m->protocol, m->internal_port);
			if (key >= 0 && host->former_port[key] && stands(m) &&
			    host->former_port[key] != m->external_port)
				broken(world, "port %u came back at %u, not at its former %u",
				       m->internal_port, m->external_port, host->former_port[key]);
		}
	}
}
