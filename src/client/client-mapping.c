/* The mapping table: states, lifetimes, renewal, expiry (RFC 6887 11.2.1, 11.4, 15). */
#include "client-private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *mapping_state_name(enum mapping_state state)
{
	static const char *const names[] = {
		[MAPPING_ASKING] = "asking",	 [MAPPING_GRANTED] = "granted",
		[MAPPING_RENEWING] = "renewing", [MAPPING_HOLDING] = "refused",
		[MAPPING_LOST] = "lost",	 [MAPPING_RECOVERING] = "recovering",
		[MAPPING_DELETING] = "deleting", [MAPPING_DELETED] = "deleted",
		[MAPPING_EXPIRED] = "expired",	 [MAPPING_FAILED] = "no answer",
	};
	return names[state];
}

const char *mapping_result_name(const struct mapping *mapping, const char **meaning)
{
	const struct pcp_result *result = pcp_result(mapping->result);
	const struct pcp_name *row = natpmp_result_names;

	if (mapping->version != PCP_VERSION_NATPMP) {
		*meaning = result ? result->meaning : NULL;
		return result ? result->name : NULL;
	}
	while (row->name && row->code != mapping->result)
		row++;
	*meaning = row->help;
	return row->name;
}

const char *mapping_opcode_name(const struct mapping *mapping)
{
	return mapping->opcode == PCP_PEER ? "PEER" : mapping->opcode ? "MAP" : "MAP?";
}

const char *mapping_skipped_name(const struct mapping *mapping, size_t i)
{
	const struct pcp_layout *layout = pcp_layout_option(mapping->skipped[i], PCP_IN_ANY, 0);

	return layout ? layout->name : "an unknown option";
}

/* ---- life ---- */

static void on_timer(struct timer *timer, void *arg, usec now);

bool entry_keep_request(struct entry *entry, const uint8_t *octets, size_t len)
{
	uint8_t *request = malloc(len);
	struct client_message message;

	if (!request)
		return false;
	memcpy(request, octets, len);
	free(entry->request);
	entry->pub.request = entry->request = request;
	entry->pub.request_len = len;
	/* The key's realm points into the request; it is the same octets at the new place. */
	if (entry->key.opcode == 0)
		entry->key.realm = request + PCP_HEADER_LEN + pcp_map_fields[MAP_NONCE].off;
	else if (client_message(&message, entry->key.server, entry->pub.internal, request, len))
		entry->key.realm = message.key.realm;
	return true;
}

static void fill_row(struct entry *entry, const struct client_message *message, usec now)
{
	struct client *client = entry->client;

	entry->key = message->key;
	entry->renew_at = entry->leave_at = USEC_NEVER;
	entry->sent_at = entry->renewal_sent_at = -RENEWAL_GAP;
	entry->pub = (struct mapping){
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
	memcpy(entry->pub.internal, message->key.internal, PCP_ADDR_LEN);
	memcpy(entry->pub.remote, message->key.remote, PCP_ADDR_LEN);
	memcpy(entry->pub.nonce, message->nonce, PCP_NONCE_LEN);
	memcpy(entry->pub.suggested, message->external, PCP_ADDR_LEN);
}

static void out_of_tables(struct entry *entry)
{
	keytable_remove(&entry->client->keys, &entry->by_key);
	keytable_remove(&entry->client->insides, &entry->by_inside);
}

struct entry *entry_new(struct server *server, const struct client_message *message,
			const uint8_t *octets, size_t len, usec now)
{
	struct client *client = server->client;
	struct entry *entry;

	if (client->mappings.live >= client->config.max_mappings ||
	    client->last_mapping == UINT32_MAX || !(entry = calloc(1, sizeof(*entry))))
		return NULL;
	entry->client = client;
	entry->server = server;
	entry->timer = (struct timer){ .fire = on_timer, .arg = entry };
	fill_row(entry, message, now);
	if (!entry_keep_request(entry, octets, len) ||
	    !timers_reserve(&client->timers, client->ntimers + 1) ||
	    !keytable_add(&client->keys, &entry->by_key, entry) ||
	    !keytable_add(&client->insides, &entry->by_inside, entry) ||
	    !idlist_append(&client->mappings, entry->pub.id, entry)) {
		out_of_tables(entry);
		entry_free(entry);
		return NULL;
	}
	client->ntimers++;
	return entry;
}

void entry_free(struct entry *entry)
{
	if (!entry)
		return;
	free(entry->request);
	free(entry);
}

void entry_remove(struct entry *entry, usec now)
{
	struct client *client = entry->client;

	if (entry->gone)
		return;
	if (entry->pending)
		exchange_cancel(entry->pending, now, "its mapping left the table");
	if (entry->gone) /* an observer was faster */
		return;
	entry->gone = true;
	entry_state(entry, MAPPING_EXPIRED); /* for the server's counts */
	timer_stop(&client->timers, &entry->timer);
	client->ntimers--;
	idlist_remove(&client->mappings, entry->pub.id);
	out_of_tables(entry);
	entry->next = client->dead_entries;
	client->dead_entries = entry;
	client_emit(client, (struct client_event){ .kind = CLIENT_MAPPING_GONE,
						   .now = now,
						   .server = &entry->server->pub,
						   .mapping = &entry->pub,
						   .next_at = USEC_NEVER,
						   .rtt = -1 });
}

/* ---- states ---- */

static bool granted(const struct entry *entry)
{
	return entry->pub.granted_at != USEC_NEVER;
}

/* Does the server hold it, as far as the client knows? */
static bool stands(enum mapping_state state, bool was_granted)
{
	return state == MAPPING_GRANTED || state == MAPPING_RENEWING ||
	       (state == MAPPING_DELETING && was_granted);
}

static bool lost(enum mapping_state state)
{
	return state == MAPPING_LOST || state == MAPPING_RECOVERING;
}

bool entry_stands(const struct entry *entry)
{
	return stands(entry->pub.state, granted(entry));
}

static bool counted(const struct entry *entry)
{
	return entry_stands(entry) && !entry->gone;
}

void entry_state(struct entry *entry, enum mapping_state state)
{
	struct server *server = entry->server;
	bool was_lost = lost(entry->pub.state);

	server->pub.mappings -= entry->counted;
	entry->pub.state = state;
	entry->counted = counted(entry);
	server->pub.mappings += entry->counted;
	if (was_lost == lost(state) || entry->pub.unconfirmed) /* ours alone are recovered */
		return;
	server->pub.nlost += was_lost ? UINT32_MAX : 1;
	epoch_lost_changed(server);
}

void entry_tell(struct entry *entry, usec now, const char *reason)
{
	client_emit(entry->client, (struct client_event){ .kind = CLIENT_MAPPING,
							  .now = now,
							  .exchange = entry->pub.exchange,
							  .server = &entry->server->pub,
							  .mapping = &entry->pub,
							  .result = entry->pub.result,
							  .next_at = entry->pub.next_at,
							  .rtt = -1,
							  .reason = reason });
}

static usec earlier(usec a, usec b)
{
	return a < b ? a : b;
}

static usec later(usec a, usec b)
{
	return a > b ? a : b;
}

static usec due(const struct entry *entry)
{
	const struct mapping *m = &entry->pub;

	switch (m->state) {
	case MAPPING_GRANTED:
		return m->auto_renew ? earlier(m->expires_at, entry->renew_at) : m->expires_at;
	case MAPPING_RENEWING:
	case MAPPING_DELETING:
		return m->expires_at;
	case MAPPING_LOST:
		if (entry->leave_at != USEC_NEVER)
			return entry->leave_at;
		return m->auto_renew ? earlier(m->expires_at, m->hold_until) : m->expires_at;
	case MAPPING_HOLDING:
		return m->hold_until;
	case MAPPING_FAILED:
		return earlier(m->hold_until, entry->leave_at);
	case MAPPING_DELETED:
	case MAPPING_EXPIRED:
		return entry->leave_at;
	case MAPPING_ASKING:
	case MAPPING_RECOVERING:
		return USEC_NEVER; /* their exchange has its own timer */
	}
	return USEC_NEVER;
}

void entry_schedule(struct entry *entry)
{
	usec at = due(entry);

	if (at == USEC_NEVER)
		timer_stop(&entry->client->timers, &entry->timer);
	else
		(void)timer_arm(&entry->client->timers, &entry->timer, at); /* room was reserved */
	if (!entry->pending)
		entry->pub.next_at = entry->pub.state == MAPPING_GRANTED && entry->pub.auto_renew
					     ? entry->renew_at
					     : USEC_NEVER;
}

void entry_leave(struct entry *entry, usec now, enum mapping_state state, const char *reason)
{
	entry->leave_at = now + LEAVE_AFTER;
	entry_state(entry, state);
	entry_schedule(entry);
	entry_tell(entry, now, reason);
}

/* ---- renewal: 11.2.1 ---- */

/*
 * Window k is [1 - 2^-k, 1 - 2^-k + 2^-(k+2)] of the lifetime. Windows that four seconds since the
 * last attempt, be it for this lifetime or the one before, or an error lifetime have closed are
 * passed over, so that every attempt lies in a window.
 */
usec entry_next_renewal(struct entry *entry, usec now)
{
	const struct mapping *m = &entry->pub;
	double life = (double)(m->expires_at - m->granted_at);
	usec earliest = later(now, entry->renewal_sent_at + RENEWAL_GAP);

	if (m->hold_until != USEC_NEVER)
		earliest = later(earliest, m->hold_until);
	while (entry->window < 31) {
		double part = 1.0 / (double)(UINT64_C(1) << ++entry->window);
		usec open = m->granted_at + (usec)((1 - part) * life);
		usec close = m->granted_at + (usec)((1 - part + part / 4) * life);
		if (close < earliest)
			continue;
		open = later(open, earliest);
		/* An answer needs some time to be of use. */
		if (open + USEC_PER_SEC > m->expires_at)
			return USEC_NEVER;
		return open + (usec)rng_uniform(entry->client->rng, 0, (double)(close - open));
	}
	return USEC_NEVER;
}

/* What is refused is asked for as it was first: the former external values may be what the server
 * cannot give. */
static uint8_t *request_for(const struct entry *entry, enum purpose purpose, size_t *len)
{
	bool plain = purpose == FOR_MAKING && entry->pub.result != PCP_SUCCESS;

	return purpose == FOR_DELETION ? client_deletion(&entry->pub, len)
				       : client_renewal(&entry->pub, !plain, len);
}

static struct pending *prepare(struct entry *entry, enum purpose purpose)
{
	size_t len = 0;
	uint8_t *octets = request_for(entry, purpose, &len);

	return exchange_new(entry->server, entry, purpose, octets, len);
}

struct pending *entry_ask(struct entry *entry, usec now, enum purpose purpose, usec at)
{
	struct pending *x = prepare(entry, purpose);

	if (x)
		exchange_start(x, now, at);
	return x;
}

/* The engine's own request for what does not stand, when its time has come. */
static void ask_again(struct entry *entry, usec now, enum purpose purpose)
{
	if (!entry_ask(entry, now, purpose, later(now, entry->sent_at + RENEWAL_GAP)))
		entry_unanswered(entry, now, purpose, "out of memory");
}

static void renew_in_window(struct entry *entry, usec now)
{
	struct pending *x = prepare(entry, FOR_RENEWAL);

	if (!x) { /* no memory now, perhaps in the next window */
		entry->renew_at = entry_next_renewal(entry, now);
		entry_schedule(entry);
		return;
	}
	x->windows = true;
	x->mrc = 0;
	x->mrd = 0;
	exchange_start(x, now, now);
}

/* ---- the end of a lifetime, of a hold, of an exchange ---- */

/* How long auto-renewal waits after requests without an answer. */
static usec backoff(const struct entry *entry)
{
	unsigned doublings = entry->failures < 6 ? entry->failures : 6;
	usec wait = entry->client->config.min_hold << doublings;

	return earlier(wait, ADDRESSES_AGAIN);
}

static void expire(struct entry *entry, usec now)
{
	struct mapping *m = &entry->pub;
	struct pending *x = entry->pending;

	if (x && x->purpose == FOR_RENEWAL && !x->windows) {
		/* Asked for by hand: the request goes on, now for a new mapping. */
		x->purpose = FOR_MAKING;
		entry_state(entry, MAPPING_ASKING);
		entry_schedule(entry);
		entry_tell(entry, now, "it ran out before its renewal was answered");
		return;
	}
	if (x)
		exchange_cancel(x, now, "the mapping has run out");
	if (entry->gone || entry->pending)
		return;
	if (entry->deleted) {
		entry_leave(entry, now, MAPPING_DELETED,
			    "it ran out before its deletion was answered");
		return;
	}
	if (m->auto_renew && m->hold_until != USEC_NEVER && m->hold_until > now) {
		entry_state(entry, MAPPING_HOLDING);
		entry_schedule(entry);
		entry_tell(entry, now, "it ran out while its renewal was refused");
		return;
	}
	/* What the server lost never ran out there. */
	if (m->state == MAPPING_LOST)
		entry_leave(entry, now, MAPPING_LOST, "its time is over, and it was lost before");
	else
		entry_leave(entry, now, MAPPING_EXPIRED, "it ran out");
	if (!entry->gone && !entry->pending && m->auto_renew)
		ask_again(entry, now, FOR_MAKING);
}

static void hold_over(struct entry *entry, usec now)
{
	bool was_lost = entry->pub.state == MAPPING_LOST;

	entry->pub.hold_until = USEC_NEVER;
	if (entry->pub.auto_renew) {
		ask_again(entry, now, was_lost ? FOR_RECOVERY : FOR_MAKING);
		return;
	}
	entry_schedule(entry);
	entry_tell(entry, now, "it may be asked for again");
}

static void on_timer(struct timer *timer, void *arg, usec now)
{
	struct entry *entry = arg;

	(void)timer;
	switch (entry->pub.state) {
	case MAPPING_GRANTED:
		if (now >= entry->pub.expires_at)
			expire(entry, now);
		else
			renew_in_window(entry, now);
		return;
	case MAPPING_LOST:
		if (now >= entry->leave_at)
			entry_remove(entry, now);
		else if (now < entry->pub.expires_at)
			hold_over(entry, now);
		else
			expire(entry, now);
		return;
	case MAPPING_RENEWING:
	case MAPPING_DELETING:
		expire(entry, now);
		return;
	case MAPPING_HOLDING:
		hold_over(entry, now);
		return;
	case MAPPING_FAILED:
		if (now >= entry->leave_at)
			entry_remove(entry, now);
		else
			hold_over(entry, now);
		return;
	case MAPPING_DELETED:
	case MAPPING_EXPIRED:
		entry_remove(entry, now);
		return;
	case MAPPING_ASKING:
	case MAPPING_RECOVERING:
		return;
	}
}

void entry_unanswered(struct entry *entry, usec now, enum purpose purpose, const char *reason)
{
	struct mapping *m = &entry->pub;
	bool alive = granted(entry) && m->expires_at > now;

	if (purpose == FOR_DELETION)
		m->auto_renew = false;
	if (alive && (purpose == FOR_RENEWAL || purpose == FOR_DELETION)) {
		entry->deleted = false;
		if (m->auto_renew)
			entry->renew_at = entry_next_renewal(entry, now);
		entry_state(entry, MAPPING_GRANTED);
	} else if (purpose == FOR_DELETION) {
		entry_leave(entry, now, MAPPING_FAILED, reason);
		return;
	} else {
		m->hold_until = m->auto_renew ? now + backoff(entry) : USEC_NEVER;
		entry->failures++;
		entry_state(entry,
			    alive && purpose == FOR_RECOVERY ? MAPPING_LOST : MAPPING_FAILED);
	}
	entry_schedule(entry);
	entry_tell(entry, now, reason);
}

/* ---- answers ---- */

/* RTP05 5: the server made a second mapping, for the next port; it is renewed and deleted by
 * itself. */
static void add_pair(struct entry *entry, usec now, const struct verdict *v)
{
	struct mapping second = entry->pub;

	entry->pub.pair = true;
	if (!v->solicited || second.internal_port == UINT16_MAX || v->external_port == UINT16_MAX)
		return;
	second.request = NULL; /* its own, without PORT_RESERVATION */
	second.internal_port++;
	second.external_port++;
	second.suggested_port = second.external_port;
	second.pair = true;
	(void)client_adopt(entry->client, now, &second, true); /* 0: the table is full */
}

static void say_moved(struct entry *entry, usec now, const uint8_t *to)
{
	struct mapping *m = &entry->pub;
	char old[PCP_ADDR_TEXT], new[PCP_ADDR_TEXT], reason[REASON_MAX];
	bool moved = granted(entry) && !pcp_addr_is_any(m->external) &&
		     memcmp(m->external, to, PCP_ADDR_LEN) != 0;

	pcp_addr_text(m->external, old, sizeof(old));
	pcp_addr_text(to, new, sizeof(new));
	memcpy(m->external, to, PCP_ADDR_LEN);
	memcpy(entry->server->pub.external, to, PCP_ADDR_LEN);
	if (!moved)
		return;
	snprintf(reason, sizeof(reason), "its external address changed from %s to %s", old, new);
	client_tell_server(entry->server, now, reason);
}

/* It stands from now on for as long as the answer says. */
static void begin_life(struct entry *entry, usec now, uint32_t lifetime)
{
	struct mapping *m = &entry->pub;

	m->lifetime = lifetime;
	m->granted_at = now;
	m->expires_at = now + client_sane(entry->client, lifetime);
	m->hold_until = USEC_NEVER;
	m->renewals = 0;
	entry->window = 0;
	entry->failures = 0;
	entry->deleted = false;
	entry->leave_at = USEC_NEVER;
	if (m->auto_renew)
		entry->renew_at = entry_next_renewal(entry, now);
}

/* A row with that nonce that is, or may be, the same mapping; v1 tells no nonce. */
static struct entry *same_mapping(const struct client *client, const struct client_key *key,
				  uint8_t version, const uint8_t *nonce)
{
	struct entry *entry = NULL;

	while ((entry = keytable_inside(&client->insides, key, entry)))
		if (version == PCP_VERSION_1 || memcmp(entry->pub.nonce, nonce, PCP_NONCE_LEN) == 0)
			break;
	return entry;
}

/* A walk found it before it was asked for: it has its row, and the one of the listing goes. */
static void absorb_listed(struct entry *entry, usec now)
{
	struct client_key listed = entry->key;
	struct entry *other;

	listed.opcode = 0;
	listed.remote_port = 0;
	memset(listed.remote, 0, sizeof(listed.remote));
	listed.realm = entry->pub.nonce;
	listed.realm_len = PCP_NONCE_LEN;
	other = keytable_find(&entry->client->keys, &listed);
	if (other && other != entry)
		entry_remove(other, now);
}

/* 7.3: what the server left out of its answer it did not process. */
static void note_skipped(struct entry *entry, const uint8_t *answered)
{
	struct mapping *m = &entry->pub;
	struct client_message asked;

	m->nskipped = 0;
	if (!client_message(&asked, 0, m->internal, m->request, m->request_len))
		return;
	for (unsigned code = 0; code < 256 && m->nskipped < sizeof(m->skipped); code++)
		if (asked.options[code / 8] & ~(answered ? answered[code / 8] : 0) & 1 << code % 8)
			m->skipped[m->nskipped++] = (uint8_t)code;
}

static void grant(struct entry *entry, usec now, const struct verdict *v, const char *reason)
{
	struct mapping *m = &entry->pub;

	if (v->external)
		say_moved(entry, now, v->external);
	if (entry->gone)
		return;
	m->external_port = v->external_port;
	m->port_set_size = v->port_set_size;
	m->description[0] = '\0';
	if (v->description)
		pcp_safe_text(v->description, v->description_len, m->description,
			      sizeof(m->description));
	note_skipped(entry, v->options);
	begin_life(entry, now, v->lifetime);
	absorb_listed(entry, now);
	if (v->reservation)
		add_pair(entry, now, v);
	if (entry->gone)
		return;
	if (!entry->pending || v->solicited)
		entry_state(entry, MAPPING_GRANTED);
	entry_schedule(entry);
	entry_tell(entry, now, reason);
}

/* 15: traffic keeps a deleted mapping for its idle time; the answer tells no external values. */
static void keep(struct entry *entry, usec now, uint32_t lifetime)
{
	begin_life(entry, now, lifetime);
	entry_state(entry, MAPPING_GRANTED);
	entry_schedule(entry);
	entry_tell(entry, now, "traffic keeps it until its idle time is over (RFC 6887 15)");
}

/* 11.4: NO_RESOURCES silences more than the request it answers. */
static void obey_no_resources(struct entry *entry, usec now, const struct verdict *v, usec hold)
{
	struct client_server *server = &entry->server->pub;
	uint8_t no_resources = v->version == PCP_VERSION_NATPMP ? 4 : PCP_NO_RESOURCES;

	if (v->result != no_resources)
		return;
	if (v->purpose == FOR_DELETION)
		server->mute_until = now + hold;
	else
		server->silent_until = now + hold;
}

static void refuse(struct entry *entry, usec now, const struct verdict *v, const char *reason)
{
	struct mapping *m = &entry->pub;
	usec hold = client_hold(entry->client, v->lifetime);
	bool alive = granted(entry) && m->expires_at > now;

	if (v->version != PCP_VERSION_NATPMP && v->result == PCP_UNSUPP_VERSION)
		hold = earlier(hold, VERSION_AGAIN * USEC_PER_SEC);
	obey_no_resources(entry, now, v, hold);
	m->hold_until = now + hold;
	if (entry->pending && entry->pending->purpose == FOR_DELETION) {
		entry_tell(entry, now, reason);
		return;
	}
	if (entry->pending) /* it waits to be sent, and would be what was just refused */
		exchange_cancel(entry->pending, now, "the server refused it meanwhile");
	if (entry->gone || entry->pending)
		return;
	if (v->purpose == FOR_DELETION && !alive) {
		entry_leave(entry, now, MAPPING_FAILED, reason);
		return;
	}
	if (v->purpose == FOR_DELETION)
		m->auto_renew = false;
	if (alive && (v->purpose == FOR_RENEWAL || v->purpose == FOR_DELETION)) {
		entry->deleted = false;
		if (m->auto_renew)
			entry->renew_at = entry_next_renewal(entry, now);
		entry_state(entry, MAPPING_GRANTED); /* what was granted stands */
	} else {
		entry_state(entry, MAPPING_HOLDING);
	}
	entry_schedule(entry);
	entry_tell(entry, now, reason);
}

void entry_verdict(struct entry *entry, usec now, const struct verdict *v, const char *reason)
{
	entry->pub.result = v->result;
	entry->pub.version = v->version;
	if (v->result != PCP_SUCCESS) {
		refuse(entry, now, v, reason);
	} else if (v->lifetime > 0 && v->purpose == FOR_DELETION) {
		keep(entry, now, v->lifetime);
	} else if (v->lifetime > 0) {
		grant(entry, now, v, reason);
	} else if (v->purpose == FOR_DELETION) {
		entry->pub.auto_renew = false;
		entry_leave(entry, now, MAPPING_DELETED, reason);
	} else if (entry->pub.auto_renew) {
		/* A mapping for no time at all: asking again at once would be a loop. */
		entry->pub.hold_until = now + entry->client->config.min_hold;
		entry_state(entry, MAPPING_HOLDING);
		entry_schedule(entry);
		entry_tell(entry, now, "granted for 0 seconds");
	} else {
		entry_leave(entry, now, MAPPING_EXPIRED, "granted for 0 seconds");
	}
}

/* ---- by hand ---- */

size_t client_nmappings(const struct client *client)
{
	return client->mappings.live;
}

const struct mapping *client_mapping_at(const struct client *client, size_t i)
{
	/* Closing the holes that removals left changes nothing that can be seen. */
	struct entry *entry = idlist_at(&((struct client *)client)->mappings, i);

	return entry ? &entry->pub : NULL;
}

const struct mapping *client_mapping(const struct client *client, uint32_t id)
{
	struct entry *entry = idlist_find(&client->mappings, id);

	return entry ? &entry->pub : NULL;
}

/* The mapping that a key is pressed on; NULL with *why when nothing can be sent for it. */
static struct entry *handled(struct client *client, usec now, uint32_t id, struct pcp_why *why)
{
	struct entry *entry = idlist_find(&client->mappings, id);

	if (!entry) {
		pcp_refuse(why, 0, "There is no mapping %u in the table.", id);
		return NULL;
	}
	if (client->config.passive) {
		pcp_refuse(why, 0, "A capture is being read; nothing is sent.");
		return NULL;
	}
	if (entry->pub.unconfirmed) {
		pcp_refuse(why, 0, "This mapping is the server's; adopt it first.");
		return NULL;
	}
	if (entry->server->pub.mute_until > now) {
		pcp_refuse(
			why, 0,
			"The server answered a deletion with NO_RESOURCES: no request of any kind "
			"for another %lld s (RFC 6887 11.4).",
			(long long)((entry->server->pub.mute_until - now) / USEC_PER_SEC + 1));
		return NULL;
	}
	return entry;
}

static uint32_t ask_by_hand(struct entry *entry, usec now, enum purpose purpose,
			    struct pcp_why *why)
{
	/* 11.2.1: MUST NOT be less than four seconds apart. */
	usec at = purpose == FOR_RENEWAL ? later(now, entry->sent_at + RENEWAL_GAP) : now;
	struct pending *x;

	if (entry->pending)
		exchange_replace(entry->pending, now);
	if (entry->gone) {
		pcp_refuse(why, 0, "The mapping was forgotten meanwhile.");
		return 0;
	}
	entry->pub.hold_until = USEC_NEVER;
	x = entry_ask(entry, now, purpose, at);
	if (!x) {
		pcp_refuse(why, 0, "Out of memory.");
		entry_unanswered(entry, now, purpose, "out of memory");
		return 0;
	}
	return x->id;
}

uint32_t client_renew(struct client *client, usec now, uint32_t mapping, struct pcp_why *why)
{
	struct entry *entry = handled(client, now, mapping, why);
	enum purpose purpose;
	uint32_t id;

	if (!entry)
		return 0;
	if (entry_stands(entry))
		purpose = FOR_RENEWAL;
	else
		purpose = lost(entry->pub.state) ? FOR_RECOVERY : FOR_MAKING;
	client_enter(client);
	id = ask_by_hand(entry, now, purpose, why);
	client_leave(client);
	return id;
}

uint32_t client_delete(struct client *client, usec now, uint32_t mapping, struct pcp_why *why)
{
	struct entry *entry = handled(client, now, mapping, why);
	uint32_t id;

	if (!entry)
		return 0;
	if (entry->pub.opcode == PCP_PEER) {
		client_auto_renew(client, now, mapping, false);
		pcp_refuse(why, 0,
			   "A PEER mapping cannot be deleted (RFC 6887 12.1); without renewal it "
			   "runs out by itself.");
		return 0;
	}
	client_enter(client);
	entry->pub.auto_renew = false;
	id = ask_by_hand(entry, now, FOR_DELETION, why);
	client_leave(client);
	return id;
}

bool client_auto_renew(struct client *client, usec now, uint32_t mapping, bool on)
{
	struct entry *entry = idlist_find(&client->mappings, mapping);

	if (!entry || client->config.passive || (on && entry->pub.unconfirmed))
		return false;
	if (entry->pub.auto_renew == on)
		return true;
	client_enter(client);
	entry->pub.auto_renew = on;
	if (on && entry->pub.state == MAPPING_GRANTED && !entry->pending) {
		entry->window = 0;
		entry->renew_at = entry_next_renewal(entry, now);
	} else if (on && !entry->pending && entry->pub.hold_until == USEC_NEVER) {
		entry->pub.hold_until = now; /* refused, lost or unanswered: its time has come */
	}
	entry_schedule(entry);
	entry_tell(entry, now, NULL);
	client_leave(client);
	return true;
}

bool client_forget(struct client *client, usec now, uint32_t mapping)
{
	struct entry *entry = idlist_find(&client->mappings, mapping);

	if (!entry)
		return false;
	client_enter(client);
	entry_remove(entry, now);
	client_leave(client);
	return true;
}

/* ---- adopting ---- */

static void take_over(struct entry *entry, const struct mapping *from, bool own)
{
	struct mapping *m = &entry->pub;

	m->state = MAPPING_FAILED;
	entry->leave_at = USEC_NEVER;
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
static uint8_t *request_of(const struct mapping *mapping, const uint8_t *source, size_t *len)
{
	struct mapping map = *mapping;
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

static struct entry *row_of(const struct client *client, const struct mapping *mapping,
			    struct client_message *message)
{
	if (mapping->opcode)
		return keytable_find(&client->keys, &message->key);
	message->key.opcode = 0;
	message->key.realm = message->nonce;
	message->key.realm_len = PCP_NONCE_LEN;
	return same_mapping(client, &message->key, mapping->version, message->nonce);
}

static struct entry *adopt_new(struct server *server, usec now, const struct mapping *mapping)
{
	struct client_message message;
	const uint8_t *source = server->pub.config.source.addr;
	struct entry *entry = NULL;
	size_t len;
	uint8_t *octets;

	if (mapping->opcode && mapping->opcode != PCP_MAP && mapping->opcode != PCP_PEER)
		return NULL;
	octets = request_of(mapping, source, &len);
	if (octets && client_message(&message, server->pub.id, source, octets, len)) {
		entry = row_of(server->client, mapping, &message);
		if (!entry)
			entry = entry_new(server, &message, octets, len, now);
	}
	free(octets);
	return entry;
}

/* What a listing showed becomes ours: as a MAP, which can be renewed without knowing a remote peer.
 * False when there is a row of that MAP, with another nonce. */
static bool become_map(struct entry *entry)
{
	struct client *client = entry->client;
	struct client_key key = entry->key;

	key.opcode = PCP_MAP;
	key.realm = NULL;
	key.realm_len = 0;
	if (keytable_find(&client->keys, &key))
		return false;
	keytable_remove(&client->keys, &entry->by_key);
	entry->key = key;
	entry->pub.opcode = PCP_MAP;
	return keytable_add(&client->keys, &entry->by_key, entry); /* where there was room */
}

uint32_t client_adopt(struct client *client, usec now, const struct mapping *mapping, bool own)
{
	struct server *server = client_find_server(client, mapping->server);
	struct mapping known = *mapping;
	struct entry *entry;
	uint32_t last = client->last_mapping, id;

	if (known.granted_at == USEC_NEVER)
		known.granted_at = now;
	if (known.requested_lifetime == 0)
		known.requested_lifetime = known.lifetime;
	if (known.suggested_port == 0)
		known.suggested_port = known.external_port;
	if (pcp_addr_is_any(known.suggested))
		memcpy(known.suggested, known.external, PCP_ADDR_LEN);
	entry = server ? adopt_new(server, now, &known) : NULL;
	if (!entry)
		return 0;
	id = entry->pub.id;
	/* A row that this session asked for knows better than a listing of it. */
	if (id <= last && !entry->pub.unconfirmed)
		return id;
	client_enter(client);
	if (own && entry->key.opcode == 0 && !become_map(entry)) {
		if (id > last)
			entry_remove(entry, now);
		client_leave(client);
		return 0;
	}
	take_over(entry, &known, own || (id <= last && !entry->pub.unconfirmed));
	entry->pub.auto_renew = own && client->config.renew && !client->config.passive;
	entry->window = 0;
	if (entry->pub.auto_renew)
		entry->renew_at = entry_next_renewal(entry, now);
	entry_state(entry, MAPPING_GRANTED);
	entry_schedule(entry);
	entry_tell(entry, now, own ? "adopted" : "found at the server");
	if (own && !entry->gone)
		absorb_listed(entry, now);
	client_leave(client);
	return id;
}
