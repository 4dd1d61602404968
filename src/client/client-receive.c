/* Which datagrams are believed, in the order of RFC 6887 8.3, and what they change. */
#include "client-private.h"

#include <stdio.h>
#include <string.h>

/* ---- 8.3: is it from a server that was asked ---- */

/* How well a datagram fits a source that requests leave from: 2 its socket, 1 its address, 0 not.
 */
static int fits_source(const struct pcp_endpoint *to, const struct pcp_endpoint *source)
{
	return pcp_endpoint_same_addr(to, source) ? 1 + (to->port == source->port) : 0;
}

/* The server with this source, best the one that the datagram was sent to from: the same server may
 * be asked from several sockets. */
static struct client_server *server_from(const struct client_datagram *a, size_t *address)
{
	struct client_server *found = NULL;
	int best = -1;

	for (size_t i = 0; i < a->client->nserver; i++) {
		struct client_server *server = a->client->server[i];
		const struct pcp_client_server_config *config = &server->pub.config;
		for (size_t j = 0; j < config->nendpoint; j++) {
			int fit = fits_source(a->to, &config->source);
			if (!pcp_endpoint_same(&config->endpoint[j], a->from) || fit <= best)
				continue;
			found = server;
			best = fit;
			*address = j;
		}
	}
	return found;
}

static bool some_server_has_address(const struct client_datagram *a)
{
	for (size_t i = 0; i < a->client->nserver; i++) {
		const struct pcp_client_server_config *config = &a->client->server[i]->pub.config;
		for (size_t j = 0; j < config->nendpoint; j++)
			if (pcp_endpoint_same_addr(&config->endpoint[j], a->from))
				return true;
	}
	return false;
}

/* Some gateways answer from another of their addresses. */
static const char *from_a_stranger(struct client_datagram *a)
{
	const struct client_exchange *x = arrival_meant_for(a);
	char from[ENDPOINT_TEXT], asked[ENDPOINT_TEXT];

	if (!x)
		return "it does not come from a server of this client";
	pcp_endpoint_text(a->from, from, sizeof(from));
	pcp_endpoint_text(&x->server->pub.config.endpoint[x->address], asked, sizeof(asked));
	snprintf(a->text, sizeof(a->text), "it comes from %s, and %s was asked", from, asked);
	return a->text;
}

static const char *check_source(struct client_datagram *a)
{
	size_t address = 0;

	a->server = server_from(a, &address);
	if (!a->server && some_server_has_address(a))
		return "it comes from a server's address, but not from its port";
	if (!a->server)
		return from_a_stranger(a);
	server_touch(a->server);
	if (!(a->server->contacted & 1U << address))
		return "nothing has been sent to this server yet";
	if (address != a->server->pub.current)
		return "it comes late, from an address that was given up (RFC 7488 3)";
	return NULL;
}

/* RFC 6886 3.5 draws the refusal of a version with opcode 0 and R clear; gateways repeat the
 * request's opcode, with R, and some add octets. */
static bool is_natpmp_refusal(const struct client_datagram *a)
{
	return a->octets[0] == PCP_VERSION_NATPMP && a->octets[2] == 0 &&
	       a->octets[3] == PCP_UNSUPP_VERSION;
}

/* ---- 8.3: does it answer something ---- */

/* Could this be the response to that request? */
static bool corresponds(const struct client_datagram *a, const uint8_t *request, size_t len)
{
	struct client_message asked, told;
	const uint8_t *source = a->server->pub.config.source.addr;
	size_t shorter = len < a->len ? len : a->len;
	uint8_t opcode = pcp_opcode_of(a->octets);

	if (len < 2 || pcp_opcode_of(request) != opcode)
		return false;
	/* Some refuse a version with another result than UNSUPP_VERSION, in the one that they
	 * speak. */
	if (request[0] != a->octets[0] && a->octets[3] == PCP_SUCCESS)
		return false;
	if (client_message(&asked, 0, source, request, len) &&
	    client_message(&told, 0, source, a->octets, a->len))
		return client_same_key(&asked.key, &told.key) &&
		       memcmp(asked.nonce, told.nonce, PCP_NONCE_LEN) == 0;
	if (opcode == PCP_GET && shorter > PCP_HEADER_LEN + pcp_body_len(PCP_GET, PCP_VERSION_2))
		shorter = PCP_HEADER_LEN + pcp_body_len(PCP_GET, PCP_VERSION_2);
	/* Errors return the request; of opcodes without a row nothing else is known. */
	if (opcode != PCP_GET && a->octets[3] == PCP_SUCCESS)
		return true;
	return shorter <= PCP_HEADER_LEN ||
	       memcmp(request + PCP_HEADER_LEN, a->octets + PCP_HEADER_LEN,
		      shorter - PCP_HEADER_LEN) == 0;
}

static struct client_exchange *loose_match(const struct client_datagram *a)
{
	struct client_exchange *found = NULL;

	/* The list has the youngest first; the oldest is answered first. */
	for (struct client_exchange *x = a->client->loose; x && !a->multicast; x = x->loose_next)
		if (x->server == a->server && x->tries > 0 && !x->queued &&
		    (x->version == a->octets[0] || a->octets[3] != PCP_SUCCESS) &&
		    corresponds(a, x->octets, x->len))
			found = x;
	return found;
}

static struct finished *finished_match(const struct client_datagram *a)
{
	struct finished *found = NULL;

	for (size_t i = 0; i < FINISHED_MAX && !a->multicast; i++) {
		struct finished *f = &a->client->finished[i];
		if (f->octets && f->server == a->server->pub.id && f->version == a->octets[0] &&
		    (!found || f->id > found->id) && corresponds(a, f->octets, f->len))
			found = f;
	}
	return found;
}

/* ---- epoch and what every believed response carries ---- */

static void check_epoch(struct client_datagram *a)
{
	struct client_clock before = a->server->clock[PCP_CLOCK_OF];
	long long elapsed = (long long)((a->now - before.at) / USEC_PER_SEC);

	a->clock = PCP_CLOCK_OF;
	a->epoch = pcp_get(&pcp_response_fields[HDR_EPOCH], a->octets);
	a->valid = epoch_check(a->server, a->now, a->clock, a->epoch, true);
	if (!a->valid)
		snprintf(a->restart, sizeof(a->restart),
			 "its epoch went from %u s to %u s while %lld s passed here (RFC 6887 8.5)",
			 before.epoch, a->epoch, elapsed);
}

/* Six lengths of prefix there are (RFC 7225 4.1); ::/96 is a request's placeholder, which a server
 * that does not know the option sends back (4.2). */
static bool names_a_prefix(const struct pcp_tlv *tlv)
{
	static const uint8_t zero[12];
	size_t len = tlv->len >= 14 ? (size_t)(tlv->data[0] << 8 | tlv->data[1]) : 0;

	return ((len >= 4 && len <= 8) || len == 12) && memcmp(tlv->data + 2, zero, len) != 0;
}

/* RFC 7225 4.3: a response with PREFIX64 replaces what the server told before. An error only copies
 * its request (RFC 6887 7.3). */
static void learn_prefixes(struct client_datagram *a, size_t fixed)
{
	struct pcp_client_server *server = &a->server->pub;
	size_t pos = 0, n = 0;
	struct pcp_tlv tlv;
	bool bad = false;

	if (a->octets[3] != PCP_SUCCESS)
		return;
	while (n < CLIENT_PREFIX64_MAX &&
	       pcp_tlv_next(a->octets + fixed, a->len - fixed, &pos, &tlv, &bad)) {
		if (tlv.code != PCP_PREFIX64 || tlv.len > sizeof(server->prefix64[0].octets) ||
		    !names_a_prefix(&tlv))
			continue;
		undo_keep(a->client->undo, &server->prefix64[n], sizeof(server->prefix64[n]));
		memcpy(server->prefix64[n].octets, tlv.data, tlv.len);
		server->prefix64[n++].len = tlv.len;
	}
	if (n == 0)
		return;
	server->nprefix64 = n;
	client_tell_server(a->server, a->now, "it told its NAT64 prefixes");
}

/* 12: what a person should know about an ADDRESS_MISMATCH. */
static const char *explain(struct client_datagram *a, const uint8_t *request, size_t len)
{
	const uint8_t *named = request + pcp_request_fields[REQ_CLIENT].off;
	const uint8_t *source = a->server->pub.config.source.addr;
	char said[PCP_ADDR_TEXT], here[PCP_ADDR_TEXT];

	if (a->octets[3] != PCP_ADDRESS_MISMATCH || len < PCP_HEADER_LEN)
		return NULL;
	pcp_addr_text(named, said, sizeof(said));
	pcp_addr_text(source, here, sizeof(here));
	if (memcmp(named, source, PCP_ADDR_LEN) != 0)
		snprintf(
			a->text, sizeof(a->text),
			"the request names %s, as it was set, and left here from %s: so it must be "
			"refused, whatever lies between (RFC 6887 8.2)",
			said, here);
	else
		snprintf(a->text, sizeof(a->text),
			 "the request left here from %s, and the server saw another address: a NAT "
			 "that knows no PCP lies between (RFC 6887 8.2)",
			 here);
	return a->text;
}

/* ---- mappings ---- */

static bool same_as_believed(const struct client_datagram *a, const struct client_row *row,
			     const struct client_message *told)
{
	const struct pcp_mapping *m = &row->pub;

	return row->have_epoch && row->era == a->server->pub.restarts && a->valid &&
	       a->epoch == row->epoch && m->result == a->octets[3] &&
	       (m->result != PCP_SUCCESS ||
		(m->lifetime == told->lifetime && m->external_port == told->external_port &&
		 memcmp(m->external, told->external, PCP_ADDR_LEN) == 0));
}

/* A response from before the one that was believed last; the network changed their order. */
static bool older_than_believed(const struct client_datagram *a, const struct client_row *row)
{
	return row->have_epoch && row->era == a->server->pub.restarts && a->valid &&
	       a->epoch < row->epoch;
}

/* 13.2 MUST: with PREFER_FAILURE a success has the suggested values, else it is a stale update. */
static bool breaks_prefer_failure(const struct client_row *row, const struct client_exchange *x,
				  const struct client_message *told)
{
	const struct pcp_mapping *m = &row->pub;
	struct client_message asked;
	const uint8_t *octets = x ? x->octets : row->request;
	size_t len = x ? x->len : m->request_len;

	if (told->lifetime == 0 || !client_has_options(octets, len) ||
	    !client_message(&asked, 0, m->internal, octets, len) || !asked.prefer_failure)
		return false;
	if (!x && m->granted_at != USEC_NEVER) {
		asked.external_port = m->external_port;
		asked.external = m->external;
	}
	return told->external_port != asked.external_port ||
	       (!pcp_addr_is_any(asked.external) &&
		memcmp(told->external, asked.external, PCP_ADDR_LEN) != 0);
}

/* A deletion copies its own zeros into the assigned values of its answer, also where traffic keeps
 * the mapping for a while (15.1); a success with others answers an earlier request. */
static bool precedes_deletion(const struct client_message *told)
{
	return told->lifetime > 0 && (told->external_port != 0 || !pcp_addr_is_any(told->external));
}

/* Why a response that matches a mapping changes nothing; NULL: it does. */
static const char *stale(const struct client_datagram *a, const struct client_row *row,
			 const struct client_exchange *x, const struct client_message *told,
			 bool inexact)
{
	bool success = a->octets[3] == PCP_SUCCESS;

	if (older_than_believed(a, row))
		return "it is older than the answer believed last";
	if (inexact && !(x && x->inexact && x->tries > x->inexact))
		return "PREFER_FAILURE, and yet another port or address (RFC 6887 13.2)";
	if (x && x->purpose == FOR_DELETION)
		return success && precedes_deletion(told)
			       ? "it answers an earlier request, not the deletion"
			       : NULL;
	if (row->deleted)
		return "its mapping is deleted";
	if (success && told->lifetime == 0 && row->deletions > 0)
		return "it may answer an earlier deletion: the server is asked";
	return NULL;
}

/* Does the mapping stand, or did a late answer to an own deletion tell of its end? The server
 * knows. */
static void ask_whether_it_stands(struct client_datagram *a, struct client_row *row)
{
	bool held = row->pub.hold_until != USEC_NEVER && row->pub.hold_until > a->now;

	row->deletions--;
	if (!row->gone && !row->exchange && row_stands(row) && !held && !a->client->config.passive)
		(void)row_ask(row, a->now, FOR_RECOVERY, /* without memory it stays as it is */
			      usec_later(a->now, row->sent_at + RENEWAL_GAP));
}

static void decide_mapping(struct client_datagram *a, struct client_row *row,
			   const struct client_message *told)
{
	struct client_exchange *x =
		row->exchange && row->exchange->tries > 0 ? row->exchange : NULL;
	struct client_verdict v = arrival_verdict(a, told);
	const char *reason = explain(a, row->request, row->pub.request_len);
	bool success = v.result == PCP_SUCCESS;
	bool inexact = success && breaks_prefer_failure(row, x, told);
	const char *old = stale(a, row, x, told, inexact);

	if (inexact && x && !x->inexact)
		x->inexact = x->tries;
	if (inexact && !old)
		reason = "the server does not heed PREFER_FAILURE: this mapping stands now "
			 "(RFC 6887 13.2)";
	if (old) {
		bool ended = success && told->lifetime == 0 && row->deletions > 0;

		arrival_ignored(a, row, old);
		arrival_believed(a, NULL);
		if (ended)
			ask_whether_it_stands(a, row);
	} else if (!x && same_as_believed(a, row, told)) {
		arrival_tell(a, CLIENT_ANSWERED, row, v.result, "the same answer again");
		arrival_believed(a, NULL);
	} else if (x || row->answers < row->sends) {
		arrival_decides(a, row, x, &v, CLIENT_ANSWERED, reason);
	} else {
		arrival_decides(a, row, NULL, &v, CLIENT_UNSOLICITED,
				reason ? reason : "the server changed the mapping (RFC 6887 14.2)");
	}
}

static const char *no_such_mapping(struct client_datagram *a, const struct client_row *row)
{
	if (row)
		return "its nonce is not that of the mapping";
	snprintf(a->text, sizeof(a->text), "no request has its %s, protocol, port and nonce",
		 pcp_opcode_of(a->octets) == PCP_PEER ? "peer" : "internal address");
	return a->text;
}

/* ---- the order of 8.3 ---- */

static const char *unsolicited_announce(struct client_datagram *a)
{
	if (a->octets[3] != PCP_SUCCESS)
		return "an announcement must have result SUCCESS (RFC 6887 14.1.3)";
	check_epoch(a);
	arrival_tell(a, CLIENT_UNSOLICITED, NULL, PCP_SUCCESS,
		     a->valid ? "announcement; its epoch is as expected"
			      : "announcement of a restart");
	version_spoken(a->server, a->now, a->octets[0]);
	learn_prefixes(a, PCP_HEADER_LEN);
	arrival_believed(a, NULL);
	return NULL;
}

static const char *answer_loose(struct client_datagram *a, struct client_exchange *x)
{
	struct client_message told;
	uint8_t result = a->octets[3];
	uint32_t lifetime = pcp_get(&pcp_response_fields[HDR_LIFETIME], a->octets);
	size_t fixed = PCP_HEADER_LEN + pcp_body_len(pcp_opcode_of(a->octets), a->octets[0]);

	check_epoch(a);
	arrival_ends_loose(a, x, result, lifetime, explain(a, x->octets, x->len));
	if (a->len >= fixed && a->octets[0] == PCP_VERSION_2)
		learn_prefixes(a, fixed);
	if (client_message(&told, a->server->pub.id, a->server->pub.config.source.addr, a->octets,
			   a->len)) {
		struct client_verdict v = arrival_verdict(a, &told);

		arrival_makes_row(a, x, &v);
	}
	return NULL;
}

static const char *answer_again(struct client_datagram *a, struct finished *f)
{
	struct pcp_client_event event = arrival_event(a, CLIENT_ANSWERED);

	check_epoch(a);
	undo_keep(a->client->undo, f, sizeof(*f));
	f->answers++;
	event.exchange = f->id;
	event.result = a->octets[3];
	event.reason = event.result == f->result
			       ? "another answer to the same request"
			       : "another answer to the same request, with another result";
	f->result = event.result;
	client_emit(a->client, event);
	arrival_believed(a, NULL);
	return NULL;
}

/* 9: of a version that nobody asked with only its number is known: no epoch, no result. */
static const char *another_version(struct client_datagram *a)
{
	uint32_t lifetime = pcp_get(&pcp_response_fields[HDR_LIFETIME], a->octets);
	struct client_verdict v = { .result = a->octets[3],
				    .version = a->octets[0],
				    .lifetime = lifetime };
	struct client_exchange *x = v.result ? arrival_meant_for(a) : NULL;
	struct finished *f = finished_match(a);

	if (f)
		return answer_again(a, f);
	if (x && x->row && corresponds(a, x->octets, x->len)) {
		snprintf(a->text, sizeof(a->text), "refused in version %u", v.version);
		arrival_decides(a, x->row, x, &v, CLIENT_ANSWERED, a->text);
		return NULL;
	}
	snprintf(a->text, sizeof(a->text), "its version, %u, is one that no request was made in",
		 a->octets[0]);
	return a->text;
}

static const char *match(struct client_datagram *a)
{
	uint8_t opcode = pcp_opcode_of(a->octets);
	const uint8_t *internal =
		pcp_addr_is_any(a->to->addr) ? a->server->pub.config.source.addr : a->to->addr;
	struct client_exchange *x = loose_match(a);
	struct client_message told;
	struct finished *f;
	struct client_row *row;

	if (a->multicast && opcode != PCP_ANNOUNCE)
		return "only announcements come by multicast";
	if (x)
		return answer_loose(a, x);
	if (a->octets[0] != PCP_VERSION_2)
		return another_version(a);
	if (opcode == PCP_ANNOUNCE) {
		f = finished_match(a);
		return f && f->answers < f->sends ? answer_again(a, f) : unsolicited_announce(a);
	}
	if (!client_message(&told, a->server->pub.id, internal, a->octets, a->len)) {
		f = finished_match(a);
		return f ? answer_again(a, f) : "no request has this opcode and these values";
	}
	row = keytable_find(&a->client->keys, &told.key);
	if (!row || memcmp(row->pub.nonce, told.nonce, PCP_NONCE_LEN) != 0) {
		f = finished_match(a);
		return f ? answer_again(a, f) : no_such_mapping(a, row);
	}
	if (row->pub.unconfirmed)
		return "its mapping is the server's, not adopted";
	row_touch(row);
	check_epoch(a);
	learn_prefixes(a, PCP_HEADER_LEN + pcp_body_len(opcode, PCP_VERSION_2));
	if (!row->gone)
		decide_mapping(a, row, &told);
	return NULL;
}

static const char *judge(struct client_datagram *a)
{
	const char *reason = check_source(a);

	if (reason)
		return reason;
	if (a->len < 4)
		return "it is shorter than 4 octets";
	if (is_natpmp_refusal(a))
		return version_refused(a);
	if (!pcp_is_response(a->octets))
		return "its R bit is clear: a request, not a response";
	if (a->octets[0] == PCP_VERSION_NATPMP)
		return natpmp_receive(a);
	if (a->octets[3] == PCP_UNSUPP_VERSION) /* whatever its length is: 8.3 */
		return version_refused(a);
	if (a->len < PCP_HEADER_LEN)
		return shorter_than_header;
	if (a->len > PCP_MAX_LEN)
		return "it is longer than 1100 octets";
	if (a->len % 4 != 0)
		return "its length is not a multiple of 4";
	return match(a);
}

/* Of strangers it is only said how what was seen stands to what else was. */
static const char *seen(const struct client_datagram *a, const char *reason)
{
	bool answer = a->len > 3 && (a->octets[1] & PCP_R);

	if (a->server || !answer)
		return reason;
	if (pcp_opcode_of(a->octets) == 0 && !a->octets[3] && (a->multicast || a->octets[0]))
		return a->octets[0] ? "an announcement" : "an announcement of its address";
	return "what it answers is not in the capture";
}

static bool is_multicast(const struct pcp_endpoint *to)
{
	return to->addr[0] == 0xff || (pcp_addr_is_v4(to->addr) && (to->addr[12] & 0xf0) == 0xe0);
}

void pcp_client_receive(struct pcp_client *client, usec now, const struct pcp_endpoint *from,
			const struct pcp_endpoint *to, const uint8_t *octets, size_t len)
{
	struct client_datagram a = { .client = client,
				     .now = now,
				     .from = from,
				     .to = to,
				     .octets = octets,
				     .len = len,
				     .multicast = is_multicast(to),
				     .valid = true };
	const char *reason;

	client_enter(client);
	reason = judge(&a);
	if (reason)
		arrival_ignored(&a, NULL, client->config.foreign ? seen(&a, reason) : reason);
	client_leave(client);
}
