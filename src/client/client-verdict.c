/* What a believed answer does to a row: granted, kept, refused, gone (RFC 6887 11.4, 15). */
#include "client-private.h"

#include <stdio.h>
#include <string.h>

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
	bool moved = row_granted(row) && !pcp_addr_is_any(m->external) &&
		     memcmp(m->external, to, PCP_ADDR_LEN) != 0;

	if (moved)
		pcp_addr_text(m->external, old, sizeof(old));
	memcpy(m->external, to, PCP_ADDR_LEN);
	memcpy(row->server->pub.external, to, PCP_ADDR_LEN);
	if (!moved)
		return;
	pcp_addr_text(to, new, sizeof(new));
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

/* 7.3: what the server left out of its answer it did not process. */
static void note_skipped(struct client_row *row, const uint8_t *answered)
{
	struct pcp_mapping *m = &row->pub;
	struct client_message asked;

	m->nskipped = 0;
	if (!client_has_options(m->request, m->request_len) ||
	    !client_message(&asked, 0, m->internal, m->request, m->request_len))
		return;
	for (unsigned i = 0; i < sizeof(asked.options); i++) {
		unsigned left = asked.options[i] & ~(answered ? answered[i] : 0u);

		for (unsigned bit = 0; left >> bit && m->nskipped < sizeof(m->skipped); bit++)
			if (left >> bit & 1)
				m->skipped[m->nskipped++] = (uint8_t)(8 * i + bit);
	}
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
	row_absorb_listed(row, now);
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
	bool alive = row_granted(row) && m->expires_at > now;

	if (v->version != PCP_VERSION_NATPMP && v->result == PCP_UNSUPP_VERSION)
		hold = usec_earlier(hold, CLIENT_VERSION_AGAIN * USEC_PER_SEC);
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
		if (alive && v->purpose == FOR_ITSELF) /* 8.3: the last word counts */
			row_end_lease(row);
		row_state(row, MAPPING_HOLDING);
	}
	row_schedule(row);
	row_tell(row, now, reason);
}

/* Success, for no time at all: to a request for a new mapping it means nothing; what stood was
 * deleted at the server (8.3, 15.1). */
static void ended(struct client_row *row, usec now, bool stood)
{
	const char *reason =
		stood ? "the server deleted it (RFC 6887 15.1)" : "granted for 0 seconds";

	if (!row->pub.auto_renew) {
		row_leave(row, now, stood ? MAPPING_DELETED : MAPPING_EXPIRED, reason);
		return;
	}
	row_end_lease(row); /* asking again at once would be a loop */
	row->pub.hold_until = now + row->client->config.min_hold;
	row_state(row, MAPPING_HOLDING);
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
	} else {
		ended(row, now, v->purpose == FOR_RENEWAL || v->purpose == FOR_ITSELF);
	}
}
