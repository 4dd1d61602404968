/* Requests that are handed in: what they are for, and what holds them back (RFC 6887 8.3, 11.4). */
#include "client-private.h"

#include <stdlib.h>
#include <string.h>

/* A request on its way through pcp_client_submit. */
struct submission {
	const struct pcp_client_request *request;
	struct client_server *server;
	usec now;
	uint8_t *octets; /* owned until an exchange takes them */
	size_t len;
	bool raw;    /* sent as it is, matched as far as it parses */
	bool natpmp; /* composed as NAT-PMP */
	struct pcp_why *why;
};

static unsigned seconds_left(usec until, usec now)
{
	return (unsigned)((until - now + USEC_PER_SEC - 1) / USEC_PER_SEC);
}

static bool held(const struct submission *s, const uint8_t *octets, size_t len, usec until,
		 uint8_t result, uint8_t version)
{
	const char *name = pcp_name(
		version == PCP_VERSION_NATPMP ? pcp_natpmp_result_names : pcp_result_names, result);

	if (until == USEC_NEVER || until <= s->now || len != s->len ||
	    memcmp(octets, s->octets, len) != 0)
		return false;
	pcp_refuse(s->why, 0,
		   "The server refused this very request with %s and asked not to repeat it for "
		   "another %u s (RFC 6887 8.3).",
		   name ? name : "an error", seconds_left(until, s->now));
	return true;
}

/* 11.4: what NO_RESOURCES forbids for a while. */
static bool silenced(const struct submission *s, bool makes_a_mapping)
{
	const struct pcp_client_server *server = &s->server->pub;

	if (server->mute_until > s->now) {
		pcp_refuse(
			s->why, 0,
			"The server answered a deletion with NO_RESOURCES: no request of any kind "
			"for another %u s (RFC 6887 11.4).",
			seconds_left(server->mute_until, s->now));
		return true;
	}
	if (makes_a_mapping && server->silent_until > s->now) {
		pcp_refuse(
			s->why, 0,
			"The server answered NO_RESOURCES: no new mappings there for another %u s "
			"(RFC 6887 11.4).",
			seconds_left(server->silent_until, s->now));
		return true;
	}
	return false;
}

static bool held_loose(const struct submission *s)
{
	const struct pcp_client *client = s->server->client;

	for (size_t i = 0; i < FINISHED_MAX; i++) {
		const struct finished *f = &client->finished[i];
		if (f->octets && f->server == s->server->pub.id && !s->request->raw &&
		    held(s, f->octets, f->len, f->hold_until, f->result, f->version))
			return true;
	}
	return false;
}

static uint32_t launch(const struct submission *s, struct client_exchange *x)
{
	uint32_t id;

	if (!x) {
		pcp_refuse(s->why, 0, "Out of memory.");
		return 0;
	}
	x->raw = s->raw;
	x->insist = s->request->insist;
	x->natpmp = s->natpmp;
	x->submitted = true;
	if (s->request->irt)
		x->irt = s->request->irt;
	if (s->request->mrc)
		x->mrc = s->request->mrc;
	if (s->request->mrd)
		x->mrd = s->request->mrd;
	id = x->id;
	exchange_start(x, s->now, s->now);
	return id;
}

static uint32_t submit_loose(struct submission *s)
{
	uint8_t *octets = s->octets;

	if (s->server->client->nloose >= LOOSE_MAX) {
		pcp_refuse(s->why, 0, "%d requests are waiting for their answers already.",
			   LOOSE_MAX);
		return 0;
	}
	if (!s->request->raw && !s->request->insist && (silenced(s, false) || held_loose(s)))
		return 0;
	s->octets = NULL;
	return launch(s, exchange_new(s->server, NULL, FOR_ITSELF, octets, s->len));
}

/* The row for a new request; NULL with *why. */
static struct client_row *new_row(struct submission *s, const struct client_message *message)
{
	struct pcp_client *client = s->server->client;
	struct client_row *row;

	if (client->mappings.live >= client->config.max_mappings) {
		pcp_refuse(s->why, 0, "The table is full: %zu mappings.", client->mappings.live);
		return NULL;
	}
	row = row_new(s->server, message, s->octets, s->len, s->now);
	if (!row)
		pcp_refuse(s->why, 0, "Out of memory.");
	return row;
}

static void choose_nonce(struct submission *s, const struct client_row *row)
{
	uint8_t *nonce = s->octets + PCP_HEADER_LEN + pcp_map_fields[MAP_NONCE].off;
	struct pcp_rng *rng = s->server->client->rng;

	if (s->request->keep_nonce || s->natpmp)
		return;
	if (row)
		memcpy(nonce, row->pub.nonce, PCP_NONCE_LEN);
	else
		rng->fill(rng, nonce, PCP_NONCE_LEN);
}

static void describe(struct client_row *row, const struct client_message *message,
		     const struct submission *s)
{
	struct pcp_client *client = s->server->client;

	row->natpmp = s->natpmp;
	row->pub.suggested_port = message->external_port;
	memcpy(row->pub.suggested, message->external, PCP_ADDR_LEN);
	row->pub.requested_lifetime = message->lifetime;
	row->pub.adopted = row->pub.unconfirmed = false;
	if (s->request->renew)
		row->pub.auto_renew = s->request->renew > 0 && !client->config.passive;
}

static uint32_t submit_mapping(struct submission *s, struct client_message *message)
{
	struct pcp_client *client = s->server->client;
	struct client_row *row = keytable_find(&client->keys, &message->key);
	bool deletion = message->key.opcode == PCP_MAP && message->lifetime == 0;
	enum purpose purpose = FOR_MAKING;
	struct client_exchange *x;
	uint8_t *octets;

	choose_nonce(s, row);
	if (row ? memcmp(row->pub.nonce, message->nonce, PCP_NONCE_LEN) != 0 : deletion)
		return submit_loose(s); /* not the row's own mapping, or nothing that we know */
	if (!s->request->insist &&
	    (silenced(s, !deletion && !(row && row_stands(row))) ||
	     (row && held(s, row->request, row->pub.request_len, row->pub.hold_until,
			  row->pub.result, row->pub.version))))
		return 0;
	if (!row && !(row = new_row(s, message)))
		return 0;
	if (row->exchange)
		exchange_replace(row->exchange, s->now);
	if (row->gone) { /* an observer forgot it */
		pcp_refuse(s->why, 0, "The mapping was forgotten meanwhile.");
		return 0;
	}
	if (deletion)
		purpose = FOR_DELETION;
	else if (row_stands(row))
		purpose = FOR_RENEWAL;
	else if (!row_keep_request(row, s->octets, s->len)) {
		pcp_refuse(s->why, 0, "Out of memory.");
		return 0;
	}
	if (!deletion)
		describe(row, message, s);
	octets = s->octets;
	s->octets = NULL;
	x = exchange_new(s->server, row, purpose, octets, s->len);
	if (!x && !row_stands(row))
		row_leave(row, s->now, MAPPING_FAILED, "out of memory");
	return launch(s, x);
}

/* The client's address goes where the header has it: 8.1, 16.4. */
static void fill_address(struct submission *s)
{
	if (!s->request->keep_address && s->len >= PCP_HEADER_LEN)
		memcpy(s->octets + pcp_request_fields[REQ_CLIENT].off,
		       s->server->pub.config.source.addr, PCP_ADDR_LEN);
}

/* Lifted into PCP's form, does it say again what was typed? Reserved bits, say, it has no place
 * for. */
static bool keeps_octets(const struct submission *s)
{
	uint8_t wire[NATPMP_MAX];
	const char *reason;
	size_t len = natpmp_translate(s->octets, s->len, true, wire, &reason);

	return len == s->request->len && memcmp(wire, s->request->octets, len) == 0;
}

/* The octets as the engine keeps them: NAT-PMP's in PCP's form, everything else as composed. */
static bool take_octets(struct submission *s)
{
	const struct pcp_client_request *request = s->request;

	if (request->len == 0 || request->len > PCP_EDIT_MAX)
		return pcp_refuse(s->why, 0, "A request has 1 to %d octets, not %zu.", PCP_EDIT_MAX,
				  request->len);
	if (!request->raw && request->octets[0] == PCP_VERSION_NATPMP)
		s->octets = natpmp_lift(request->octets, request->len,
					s->server->pub.config.source.addr, &s->len);
	s->natpmp = s->octets && keeps_octets(s);
	if (s->natpmp)
		return true;
	free(s->octets);
	s->octets = NULL;
	/* What NAT-PMP does not define goes out as composed. */
	s->raw = request->raw || request->octets[0] == PCP_VERSION_NATPMP;
	s->octets = malloc(request->len);
	s->len = request->len;
	if (!s->octets)
		return pcp_refuse(s->why, 0, "Out of memory.");
	memcpy(s->octets, request->octets, s->len);
	return true;
}

/* A server that speaks NAT-PMP only cannot be asked what NAT-PMP has no words for. */
static bool can_be_said(const struct submission *s)
{
	uint8_t wire[NATPMP_MAX];
	const char *reason = NULL;

	if (s->raw || s->natpmp || s->server->pub.config.version != PCP_VERSION_NATPMP ||
	    natpmp_translate(s->octets, s->len, true, wire, &reason))
		return true;
	return pcp_refuse(s->why, 0, "This server speaks NAT-PMP: %s.", reason);
}

static uint32_t submit(struct submission *s)
{
	struct client_message message;

	if (!take_octets(s) || !can_be_said(s))
		return 0;
	if (s->raw)
		return submit_loose(s);
	fill_address(s);
	if (client_message(&message, s->server->pub.id, s->server->pub.config.source.addr,
			   s->octets, s->len) &&
	    !pcp_is_response(s->octets))
		return submit_mapping(s, &message);
	return submit_loose(s);
}

uint32_t pcp_client_submit(struct pcp_client *client, usec now,
			   const struct pcp_client_request *request, struct pcp_why *why)
{
	struct submission s = { .request = request,
				.now = now,
				.why = why,
				.server = client_find_server(client, request->server) };
	uint32_t id;

	if (!s.server || client->config.passive) {
		pcp_refuse(why, 0,
			   s.server ? "A capture is being read; nothing is sent."
				    : "There is no server to send it to.");
		return 0;
	}
	client_enter(client);
	id = submit(&s);
	free(s.octets);
	client_leave(client);
	return id;
}

void pcp_client_cancel(struct pcp_client *client, usec now, uint32_t exchange)
{
	struct client_exchange *x = idlist_find(&client->exchanges, exchange);

	struct client_row *row = x ? x->row : NULL;

	if (!x)
		return;
	client_enter(client);
	exchange_cancel(x, now, "given up by hand");
	if (row && !row->gone && !row->exchange)
		row_unanswered(row, now, x->purpose, "given up by hand");
	client_leave(client);
}

bool pcp_client_exchange(const struct pcp_client *client, uint32_t exchange)
{
	return idlist_find(&client->exchanges, exchange) != NULL;
}

size_t pcp_client_nexchanges(const struct pcp_client *client)
{
	return client->exchanges.live;
}
