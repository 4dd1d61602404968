/* A row of the mapping table: its names, its state, and when it is due (RFC 6887 11.2.1, 15). */
#include "client-private.h"

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

bool row_keep_request(struct client_row *row, const uint8_t *octets, size_t len)
{
	bool fits = row->request && row->pub.request_len == len;
	uint8_t *request = fits ? row->request : malloc(len);
	struct undo *undo = row->client->undo;
	struct client_message message;

	if (!request)
		return false;
	if (fits) {
		undo_keep(undo, request, len);
	} else {
		undo_made(undo, request);
		undo_release(undo, row->request);
	}
	memmove(request, octets, len);
	row->pub.request = row->request = request;
	row->pub.request_len = len;
	/* The key's realm points into the request; it is the same octets at the new place. */
	if (row->key.opcode && !row->key.realm_len)
		return true;
	if (row->key.opcode == 0)
		row->key.realm = request + PCP_HEADER_LEN + pcp_map_fields[MAP_NONCE].off;
	else if (client_message(&message, row->key.server, row->pub.internal, request, len))
		row->key.realm = message.key.realm;
	return true;
}

bool row_granted(const struct client_row *row)
{
	return row->pub.granted_at != USEC_NEVER;
}

bool row_state_lost(enum pcp_mapping_state state)
{
	return state == MAPPING_LOST || state == MAPPING_RECOVERING;
}

bool pcp_mapping_stands(const struct pcp_mapping *mapping)
{
	return mapping->state == MAPPING_GRANTED || mapping->state == MAPPING_RENEWING ||
	       (mapping->state == MAPPING_DELETING && mapping->granted_at != USEC_NEVER);
}

bool row_stands(const struct client_row *row)
{
	return pcp_mapping_stands(&row->pub);
}

static bool counted(const struct client_row *row)
{
	return row_stands(row) && !row->gone;
}

void row_state(struct client_row *row, enum pcp_mapping_state state)
{
	struct client_server *server = row->server;
	bool was_lost = row_state_lost(row->pub.state);

	server->pub.mappings -= row->counted;
	row->pub.state = state;
	row->counted = counted(row);
	server->pub.mappings += row->counted;
	if (was_lost == row_state_lost(state) ||
	    row->pub.unconfirmed) /* ours alone are recovered */
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

static usec due(const struct client_row *row)
{
	const struct pcp_mapping *m = &row->pub;

	switch (m->state) {
	case MAPPING_GRANTED:
		return m->auto_renew ? usec_earlier(m->expires_at, row->renew_at) : m->expires_at;
	case MAPPING_RENEWING:
	case MAPPING_DELETING:
		return m->expires_at;
	case MAPPING_LOST:
		if (row->leave_at != USEC_NEVER)
			return row->leave_at;
		return m->auto_renew ? usec_earlier(m->expires_at, m->hold_until) : m->expires_at;
	case MAPPING_HOLDING:
		return m->hold_until;
	case MAPPING_FAILED:
		return usec_earlier(m->hold_until, row->leave_at);
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

void row_end_lease(struct client_row *row)
{
	struct pcp_mapping *m = &row->pub;

	m->external_port = m->port_set_size = 0;
	pcp_addr_any(m->external, false);
	m->lifetime = 0;
	m->granted_at = m->expires_at = USEC_NEVER;
}

void row_leave(struct client_row *row, usec now, enum pcp_mapping_state state, const char *reason)
{
	row->leave_at = now + LEAVE_AFTER;
	row_state(row, state);
	row_schedule(row);
	row_tell(row, now, reason);
}

/*
 * Window k is [1 - 2^-k, 1 - 2^-k + 2^-(k+2)] of the lifetime. Windows that four seconds since the
 * last attempt, be it for this lifetime or the one before, or an error lifetime have closed are
 * passed over, so that every attempt lies in a window.
 */
usec row_next_renewal(struct client_row *row, usec now)
{
	const struct pcp_mapping *m = &row->pub;
	double life = (double)(m->expires_at - m->granted_at);
	usec earliest = usec_later(now, row->renewal_sent_at + RENEWAL_GAP);

	if (m->hold_until != USEC_NEVER)
		earliest = usec_later(earliest, m->hold_until);
	while (row->window < 31) {
		double part = 1.0 / (double)(UINT64_C(1) << ++row->window);
		usec open = m->granted_at + (usec)((1 - part) * life);
		usec close = m->granted_at + (usec)((1 - part + part / 4) * life);
		if (close < earliest)
			continue;
		open = usec_later(open, earliest);
		/* An answer needs some time to be of use. */
		if (open + USEC_PER_SEC > m->expires_at)
			return USEC_NEVER;
		return open + (usec)pcp_rng_uniform(row->client->rng, 0, (double)(close - open));
	}
	return USEC_NEVER;
}

/* How long auto-renewal waits after requests without an answer. */
static usec backoff(const struct client_row *row)
{
	unsigned doublings = row->failures < 6 ? row->failures : 6;
	usec wait = row->client->config.min_hold << doublings;

	return usec_earlier(wait, ADDRESSES_AGAIN);
}

void row_unanswered(struct client_row *row, usec now, enum purpose purpose, const char *reason)
{
	struct pcp_mapping *m = &row->pub;
	bool alive = row_granted(row) && m->expires_at > now;

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
