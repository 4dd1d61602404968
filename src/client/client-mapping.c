/* The mapping table: states, lifetimes, renewal, expiry (RFC 6887 11.2.1, 11.4, 15). */
#include "client-private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *pcp_mapping_state_name(enum pcp_mapping_state state)
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

const char *pcp_mapping_result_name(const struct pcp_mapping *mapping, const char **meaning)
{
	const struct pcp_result *result = pcp_result(mapping->result);
	const struct pcp_name *row = pcp_natpmp_result_names;

	if (mapping->version != PCP_VERSION_NATPMP) {
		*meaning = result ? result->meaning : NULL;
		return result ? result->name : NULL;
	}
	while (row->name && row->code != mapping->result)
		row++;
	*meaning = row->help;
	return row->name;
}

const char *pcp_mapping_opcode_name(const struct pcp_mapping *mapping)
{
	return mapping->opcode == PCP_PEER ? "PEER" : mapping->opcode ? "MAP" : "MAP?";
}

const char *pcp_mapping_skipped_name(const struct pcp_mapping *mapping, size_t i)
{
	const struct pcp_layout *layout = pcp_layout_option(mapping->skipped[i], PCP_IN_ANY, 0);

	return layout ? layout->name : "an unknown option";
}

/* ---- life ---- */

static void on_timer(struct timer *timer, void *arg, usec now);

bool row_keep_request(struct client_row *row, const uint8_t *octets, size_t len)
{
	uint8_t *request = malloc(len);
	struct client_message message;

	if (!request)
		return false;
	memcpy(request, octets, len);
	free(row->request);
	row->pub.request = row->request = request;
	row->pub.request_len = len;
	/* The key's realm points into the request; it is the same octets at the new place. */
	if (row->key.opcode == 0)
		row->key.realm = request + PCP_HEADER_LEN + pcp_map_fields[MAP_NONCE].off;
	else if (client_message(&message, row->key.server, row->pub.internal, request, len))
		row->key.realm = message.key.realm;
	return true;
}

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

void row_free(struct client_row *row)
{
	if (!row)
		return;
	free(row->request);
	free(row);
}

void row_remove(struct client_row *row, usec now)
{
	struct pcp_client *client = row->client;

	if (row->gone)
		return;
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

/* ---- states ---- */

static bool granted(const struct client_row *row)
{
	return row->pub.granted_at != USEC_NEVER;
}

/* Does the server hold it, as far as the client knows? */
static bool stands(enum pcp_mapping_state state, bool was_granted)
{
	return state == MAPPING_GRANTED || state == MAPPING_RENEWING ||
	       (state == MAPPING_DELETING && was_granted);
}

static bool lost(enum pcp_mapping_state state)
{
	return state == MAPPING_LOST || state == MAPPING_RECOVERING;
}

bool row_stands(const struct client_row *row)
{
	return stands(row->pub.state, granted(row));
}

static bool counted(const struct client_row *row)
{
	return row_stands(row) && !row->gone;
}

void row_state(struct client_row *row, enum pcp_mapping_state state)
{
	struct client_server *server = row->server;
	bool was_lost = lost(row->pub.state);

	server->pub.mappings -= row->counted;
	row->pub.state = state;
	row->counted = counted(row);
	server->pub.mappings += row->counted;
	if (was_lost == lost(state) || row->pub.unconfirmed) /* ours alone are recovered */
		return;
	server->pub.nlost += was_lost ? UINT32_MAX : 1;
	epoch_lost_changed(server);
}

void row_tell(struct client_row *row, usec now, const char *reason)
{
	client_emit(row->client, (struct pcp_client_event){ .kind = CLIENT_MAPPING,
							    .now = now,
							    .exchange = row->pub.exchange,
							    .server = &row->server->pub,
							    .mapping = &row->pub,
							    .result = row->pub.result,
							    .next_at = row->pub.next_at,
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

static usec due(const struct client_row *row)
{
	const struct pcp_mapping *m = &row->pub;

	switch (m->state) {
	case MAPPING_GRANTED:
		return m->auto_renew ? earlier(m->expires_at, row->renew_at) : m->expires_at;
	case MAPPING_RENEWING:
	case MAPPING_DELETING:
		return m->expires_at;
	case MAPPING_LOST:
		if (row->leave_at != USEC_NEVER)
			return row->leave_at;
		return m->auto_renew ? earlier(m->expires_at, m->hold_until) : m->expires_at;
	case MAPPING_HOLDING:
		return m->hold_until;
	case MAPPING_FAILED:
		return earlier(m->hold_until, row->leave_at);
	case MAPPING_DELETED:
	case MAPPING_EXPIRED:
		return row->leave_at;
	case MAPPING_ASKING:
	case MAPPING_RECOVERING:
		return USEC_NEVER; /* their exchange has its own timer */
	}
	return USEC_NEVER;
}

void row_schedule(struct client_row *row)
{
	usec at = due(row);

	if (at == USEC_NEVER)
		timer_stop(&row->client->timers, &row->timer);
	else
		(void)timer_arm(&row->client->timers, &row->timer, at); /* room was reserved */
	if (!row->exchange)
		row->pub.next_at = row->pub.state == MAPPING_GRANTED && row->pub.auto_renew
					   ? row->renew_at
					   : USEC_NEVER;
}

void row_leave(struct client_row *row, usec now, enum pcp_mapping_state state, const char *reason)
{
	row->leave_at = now + LEAVE_AFTER;
	row_state(row, state);
	row_schedule(row);
	row_tell(row, now, reason);
}

/* ---- renewal: 11.2.1 ---- */

/*
 * Window k is [1 - 2^-k, 1 - 2^-k + 2^-(k+2)] of the lifetime. Windows that four seconds since the
 * last attempt, be it for this lifetime or the one before, or an error lifetime have closed are
 * passed over, so that every attempt lies in a window.
 */
usec row_next_renewal(struct client_row *row, usec now)
{
	const struct pcp_mapping *m = &row->pub;
	double life = (double)(m->expires_at - m->granted_at);
	usec earliest = later(now, row->renewal_sent_at + RENEWAL_GAP);

	if (m->hold_until != USEC_NEVER)
		earliest = later(earliest, m->hold_until);
	while (row->window < 31) {
		double part = 1.0 / (double)(UINT64_C(1) << ++row->window);
		usec open = m->granted_at + (usec)((1 - part) * life);
		usec close = m->granted_at + (usec)((1 - part + part / 4) * life);
		if (close < earliest)
			continue;
		open = later(open, earliest);
		/* An answer needs some time to be of use. */
		if (open + USEC_PER_SEC > m->expires_at)
			return USEC_NEVER;
		return open + (usec)pcp_rng_uniform(row->client->rng, 0, (double)(close - open));
	}
	return USEC_NEVER;
}

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
	if (!row_ask(row, now, purpose, later(now, row->sent_at + RENEWAL_GAP)))
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

/* How long auto-renewal waits after requests without an answer. */
static usec backoff(const struct client_row *row)
{
	unsigned doublings = row->failures < 6 ? row->failures : 6;
	usec wait = row->client->config.min_hold << doublings;

	return earlier(wait, ADDRESSES_AGAIN);
}

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

void row_unanswered(struct client_row *row, usec now, enum purpose purpose, const char *reason)
{
	struct pcp_mapping *m = &row->pub;
	bool alive = granted(row) && m->expires_at > now;

	if (purpose == FOR_DELETION)
		m->auto_renew = false;
	if (alive && (purpose == FOR_RENEWAL || purpose == FOR_DELETION)) {
		row->deleted = false;
		if (m->auto_renew)
			row->renew_at = row_next_renewal(row, now);
		row_state(row, MAPPING_GRANTED);
	} else if (purpose == FOR_DELETION) {
		row_leave(row, now, MAPPING_FAILED, reason);
		return;
	} else {
		m->hold_until = m->auto_renew ? now + backoff(row) : USEC_NEVER;
		row->failures++;
		row_state(row, alive && purpose == FOR_RECOVERY ? MAPPING_LOST : MAPPING_FAILED);
	}
	row_schedule(row);
	row_tell(row, now, reason);
}

/* ---- answers ---- */

/* RTP05 5: the server made a second mapping, for the next port; it is renewed and deleted by
 * itself. */
static void add_pair(struct client_row *row, usec now, const struct client_verdict *v)
{
	struct pcp_mapping second = row->pub;

	row->pub.pair = true;
	if (!v->solicited || second.internal_port == UINT16_MAX || v->external_port == UINT16_MAX)
		return;
	second.request = NULL; /* its own, without PORT_RESERVATION */
	second.internal_port++;
	second.external_port++;
	second.suggested_port = second.external_port;
	second.pair = true;
	(void)pcp_client_adopt(row->client, now, &second, true); /* 0: the table is full */
}

static void say_moved(struct client_row *row, usec now, const uint8_t *to)
{
	struct pcp_mapping *m = &row->pub;
	char old[PCP_ADDR_TEXT], new[PCP_ADDR_TEXT], reason[REASON_MAX];
	bool moved = granted(row) && !pcp_addr_is_any(m->external) &&
		     memcmp(m->external, to, PCP_ADDR_LEN) != 0;

	pcp_addr_text(m->external, old, sizeof(old));
	pcp_addr_text(to, new, sizeof(new));
	memcpy(m->external, to, PCP_ADDR_LEN);
	memcpy(row->server->pub.external, to, PCP_ADDR_LEN);
	if (!moved)
		return;
	snprintf(reason, sizeof(reason), "its external address changed from %s to %s", old, new);
	client_tell_server(row->server, now, reason);
}

/* It stands from now on for as long as the answer says. */
static void begin_life(struct client_row *row, usec now, uint32_t lifetime)
{
	struct pcp_mapping *m = &row->pub;

	m->lifetime = lifetime;
	m->granted_at = now;
	m->expires_at = now + client_sane(row->client, lifetime);
	m->hold_until = USEC_NEVER;
	m->renewals = 0;
	row->window = 0;
	row->failures = 0;
	row->deleted = false;
	row->leave_at = USEC_NEVER;
	if (m->auto_renew)
		row->renew_at = row_next_renewal(row, now);
}

/* A row with that nonce that is, or may be, the same mapping; v1 tells no nonce. */
static struct client_row *same_mapping(const struct pcp_client *client,
				       const struct client_key *key, uint8_t version,
				       const uint8_t *nonce)
{
	struct client_row *row = NULL;

	while ((row = keytable_inside(&client->insides, key, row)))
		if (version == PCP_VERSION_1 || memcmp(row->pub.nonce, nonce, PCP_NONCE_LEN) == 0)
			break;
	return row;
}

/* A walk found it before it was asked for: it has its row, and the one of the listing goes. */
static void absorb_listed(struct client_row *row, usec now)
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

/* 7.3: what the server left out of its answer it did not process. */
static void note_skipped(struct client_row *row, const uint8_t *answered)
{
	struct pcp_mapping *m = &row->pub;
	struct client_message asked;

	m->nskipped = 0;
	if (!client_message(&asked, 0, m->internal, m->request, m->request_len))
		return;
	for (unsigned code = 0; code < 256 && m->nskipped < sizeof(m->skipped); code++)
		if (asked.options[code / 8] & ~(answered ? answered[code / 8] : 0) & 1 << code % 8)
			m->skipped[m->nskipped++] = (uint8_t)code;
}

static void grant(struct client_row *row, usec now, const struct client_verdict *v,
		  const char *reason)
{
	struct pcp_mapping *m = &row->pub;

	if (v->external)
		say_moved(row, now, v->external);
	if (row->gone)
		return;
	m->external_port = v->external_port;
	m->port_set_size = v->port_set_size;
	m->description[0] = '\0';
	if (v->description)
		pcp_safe_text(v->description, v->description_len, m->description,
			      sizeof(m->description));
	note_skipped(row, v->options);
	begin_life(row, now, v->lifetime);
	absorb_listed(row, now);
	if (v->reservation)
		add_pair(row, now, v);
	if (row->gone)
		return;
	if (!row->exchange || v->solicited)
		row_state(row, MAPPING_GRANTED);
	row_schedule(row);
	row_tell(row, now, reason);
}

/* 15: traffic keeps a deleted mapping for its idle time; the answer tells no external values. */
static void keep(struct client_row *row, usec now, uint32_t lifetime)
{
	begin_life(row, now, lifetime);
	row_state(row, MAPPING_GRANTED);
	row_schedule(row);
	row_tell(row, now, "traffic keeps it until its idle time is over (RFC 6887 15)");
}

/* 11.4: NO_RESOURCES silences more than the request it answers. */
static void obey_no_resources(struct client_row *row, usec now, const struct client_verdict *v,
			      usec hold)
{
	struct pcp_client_server *server = &row->server->pub;
	uint8_t no_resources = v->version == PCP_VERSION_NATPMP ? 4 : PCP_NO_RESOURCES;

	if (v->result != no_resources)
		return;
	if (v->purpose == FOR_DELETION)
		server->mute_until = now + hold;
	else
		server->silent_until = now + hold;
}

static void refuse(struct client_row *row, usec now, const struct client_verdict *v,
		   const char *reason)
{
	struct pcp_mapping *m = &row->pub;
	usec hold = client_hold(row->client, v->lifetime);
	bool alive = granted(row) && m->expires_at > now;

	if (v->version != PCP_VERSION_NATPMP && v->result == PCP_UNSUPP_VERSION)
		hold = earlier(hold, VERSION_AGAIN * USEC_PER_SEC);
	obey_no_resources(row, now, v, hold);
	m->hold_until = now + hold;
	if (row->exchange && row->exchange->purpose == FOR_DELETION) {
		row_tell(row, now, reason);
		return;
	}
	if (row->exchange) /* it waits to be sent, and would be what was just refused */
		exchange_cancel(row->exchange, now, "the server refused it meanwhile");
	if (row->gone || row->exchange)
		return;
	if (v->purpose == FOR_DELETION && !alive) {
		row_leave(row, now, MAPPING_FAILED, reason);
		return;
	}
	if (v->purpose == FOR_DELETION)
		m->auto_renew = false;
	if (alive && (v->purpose == FOR_RENEWAL || v->purpose == FOR_DELETION)) {
		row->deleted = false;
		if (m->auto_renew)
			row->renew_at = row_next_renewal(row, now);
		row_state(row, MAPPING_GRANTED); /* what was granted stands */
	} else {
		row_state(row, MAPPING_HOLDING);
	}
	row_schedule(row);
	row_tell(row, now, reason);
}

void row_verdict(struct client_row *row, usec now, const struct client_verdict *v,
		 const char *reason)
{
	row->pub.result = v->result;
	row->pub.version = v->version;
	if (v->result != PCP_SUCCESS) {
		refuse(row, now, v, reason);
	} else if (v->lifetime > 0 && v->purpose == FOR_DELETION) {
		keep(row, now, v->lifetime);
	} else if (v->lifetime > 0) {
		grant(row, now, v, reason);
	} else if (v->purpose == FOR_DELETION) {
		row->pub.auto_renew = false;
		row_leave(row, now, MAPPING_DELETED, reason);
	} else if (row->pub.auto_renew) {
		/* A mapping for no time at all: asking again at once would be a loop. */
		row->pub.hold_until = now + row->client->config.min_hold;
		row_state(row, MAPPING_HOLDING);
		row_schedule(row);
		row_tell(row, now, "granted for 0 seconds");
	} else {
		row_leave(row, now, MAPPING_EXPIRED, "granted for 0 seconds");
	}
}

/* ---- by hand ---- */

size_t pcp_client_nmappings(const struct pcp_client *client)
{
	return client->mappings.live;
}

const struct pcp_mapping *pcp_client_mapping_at(const struct pcp_client *client, size_t i)
{
	/* Closing the holes that removals left changes nothing that can be seen. */
	struct client_row *row = idlist_at(&((struct pcp_client *)client)->mappings, i);

	return row ? &row->pub : NULL;
}

const struct pcp_mapping *pcp_client_mapping(const struct pcp_client *client, uint32_t id)
{
	struct client_row *row = idlist_find(&client->mappings, id);

	return row ? &row->pub : NULL;
}

/* The mapping that a key is pressed on; NULL with *why when nothing can be sent for it. */
static struct client_row *handled(struct pcp_client *client, usec now, uint32_t id,
				  struct pcp_why *why)
{
	struct client_row *row = idlist_find(&client->mappings, id);

	if (!row) {
		pcp_refuse(why, 0, "There is no mapping %u in the table.", id);
		return NULL;
	}
	if (client->config.passive) {
		pcp_refuse(why, 0, "A capture is being read; nothing is sent.");
		return NULL;
	}
	if (row->pub.unconfirmed) {
		pcp_refuse(why, 0, "This mapping is the server's; adopt it first.");
		return NULL;
	}
	if (row->server->pub.mute_until > now) {
		pcp_refuse(
			why, 0,
			"The server answered a deletion with NO_RESOURCES: no request of any kind "
			"for another %lld s (RFC 6887 11.4).",
			(long long)((row->server->pub.mute_until - now) / USEC_PER_SEC + 1));
		return NULL;
	}
	return row;
}

static uint32_t ask_by_hand(struct client_row *row, usec now, enum purpose purpose,
			    struct pcp_why *why)
{
	/* 11.2.1: MUST NOT be less than four seconds apart. */
	usec at = purpose == FOR_RENEWAL ? later(now, row->sent_at + RENEWAL_GAP) : now;
	struct client_exchange *x;

	if (row->exchange)
		exchange_replace(row->exchange, now);
	if (row->gone) {
		pcp_refuse(why, 0, "The mapping was forgotten meanwhile.");
		return 0;
	}
	row->pub.hold_until = USEC_NEVER;
	x = row_ask(row, now, purpose, at);
	if (!x) {
		pcp_refuse(why, 0, "Out of memory.");
		row_unanswered(row, now, purpose, "out of memory");
		return 0;
	}
	return x->id;
}

uint32_t pcp_client_renew(struct pcp_client *client, usec now, uint32_t mapping,
			  struct pcp_why *why)
{
	struct client_row *row = handled(client, now, mapping, why);
	enum purpose purpose;
	uint32_t id;

	if (!row)
		return 0;
	if (row_stands(row))
		purpose = FOR_RENEWAL;
	else
		purpose = lost(row->pub.state) ? FOR_RECOVERY : FOR_MAKING;
	client_enter(client);
	id = ask_by_hand(row, now, purpose, why);
	client_leave(client);
	return id;
}

uint32_t pcp_client_delete(struct pcp_client *client, usec now, uint32_t mapping,
			   struct pcp_why *why)
{
	struct client_row *row = handled(client, now, mapping, why);
	uint32_t id;

	if (!row)
		return 0;
	if (row->pub.opcode == PCP_PEER) {
		pcp_client_auto_renew(client, now, mapping, false);
		pcp_refuse(why, 0,
			   "A PEER mapping cannot be deleted (RFC 6887 12.1); without renewal it "
			   "runs out by itself.");
		return 0;
	}
	client_enter(client);
	row->pub.auto_renew = false;
	id = ask_by_hand(row, now, FOR_DELETION, why);
	client_leave(client);
	return id;
}

bool pcp_client_auto_renew(struct pcp_client *client, usec now, uint32_t mapping, bool on)
{
	struct client_row *row = idlist_find(&client->mappings, mapping);

	if (!row || client->config.passive || (on && row->pub.unconfirmed))
		return false;
	if (row->pub.auto_renew == on)
		return true;
	client_enter(client);
	row->pub.auto_renew = on;
	if (on && row->pub.state == MAPPING_GRANTED && !row->exchange) {
		row->window = 0;
		row->renew_at = row_next_renewal(row, now);
	} else if (on && !row->exchange && row->pub.hold_until == USEC_NEVER) {
		row->pub.hold_until = now; /* refused, lost or unanswered: its time has come */
	}
	row_schedule(row);
	row_tell(row, now, NULL);
	client_leave(client);
	return true;
}

bool pcp_client_forget(struct pcp_client *client, usec now, uint32_t mapping)
{
	struct client_row *row = idlist_find(&client->mappings, mapping);

	if (!row)
		return false;
	client_enter(client);
	row_remove(row, now);
	client_leave(client);
	return true;
}

/* ---- adopting ---- */

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
		absorb_listed(row, now);
	client_leave(client);
	return id;
}
