/* Version negotiation: RFC 6887 9 and appendix A, RFC 6886 1.1. */
#include "client-private.h"

/* Which exchange a refusal is for. PCP repeats the request's opcode; NAT-PMP tells nothing. */
static bool concerns(const struct client_exchange *x, const struct client_datagram *a)
{
	uint8_t opcode = pcp_opcode_of(a->octets);

	if (x->server != a->server || x->tries == 0 || x->queued || x->version == a->octets[0])
		return false;
	return a->octets[0] == PCP_VERSION_NATPMP || x->version == PCP_VERSION_NATPMP ||
	       (x->len >= 2 && pcp_opcode_of(x->octets) == opcode);
}

static struct client_exchange *refused_exchange(const struct client_datagram *a)
{
	uint8_t opcode = pcp_opcode_of(a->octets);
	struct client_exchange *x, *first = NULL;

	/* Deployed NAT-PMP gateways repeat the opcode, as PCP does; others clear it. */
	for (uint32_t id = 0; (x = exchange_after(a->client, id)); id = x->id) {
		if (concerns(x, a) && x->len >= 2 && pcp_opcode_of(x->octets) == opcode)
			return x;
		if (!first && concerns(x, a))
			first = x;
	}
	if (first)
		return first;
	/* A refusal that offers the very version it refuses; unless it is a copy of the one that
	 * led there. */
	for (uint32_t id = 0; (x = exchange_after(a->client, id)); id = x->id)
		if (x->server == a->server && x->tries > 0 && !x->queued && x->refused == 0 &&
		    !x->fallback)
			return x;
	return NULL;
}

/* NULL: go on with the offered version. Otherwise why not. */
static const char *obstacle(const struct client_exchange *x, uint8_t offered)
{
	const struct pcp_client_server_config *config = &x->server->pub.config;
	const char *reason = NULL;
	uint8_t wire[NATPMP_MAX];

	if (x->raw || x->natpmp)
		return "the server does not speak this version";
	if (x->octets[0] != PCP_VERSION_2)
		return "the server refuses the version that was set";
	if (offered != PCP_VERSION_2 && offered != PCP_VERSION_NATPMP)
		return offered == PCP_VERSION_1
			       ? "the server offers version 1 only, which must not be used (RFC "
				 "6886 1.1)"
			       : "the server speaks only versions that this client does not";
	if (config->fixed_version)
		return "the server refuses the version that was set";
	if (offered == x->version || x->refused & 1U << offered)
		return "the server refuses the version that it offers";
	if (offered == PCP_VERSION_NATPMP && !exchange_words(x, wire, &reason))
		return reason;
	return NULL;
}

/* The exchange ends: 9 step 5. */
static void give_up(struct client_datagram *a, struct client_exchange *x, const char *reason)
{
	uint32_t lifetime = 0;
	uint8_t version = x->version;

	if (a->octets[0] != PCP_VERSION_NATPMP &&
	    a->len >= 8) /* trap: NAT-PMP has its clock there */
		lifetime = pcp_get(&pcp_request_fields[REQ_LIFETIME], a->octets);
	if (!x->row) {
		arrival_ends_loose(a, x, PCP_UNSUPP_VERSION, lifetime, reason);
		return;
	}
	a->valid = true;
	arrival_decides(a, x->row, x,
			&(struct client_verdict){ .result = PCP_UNSUPP_VERSION,
						  .version = version,
						  .lifetime = lifetime },
			CLIENT_ANSWERED, reason);
}

const char shorter_than_header[] = "it is shorter than the header of 24 octets";

const char *version_refused(struct client_datagram *a)
{
	struct client_exchange *x = refused_exchange(a);
	uint8_t offered = a->octets[0];
	const char *reason;

	if (a->multicast || !x)
		return "it refuses a version, but no request is waiting";
	/* NAT-PMP is refused with a whole header. 8 octets are NAT-PMP's own refusal, and one
	 * flipped bit makes them name version 2. */
	if (x->version == PCP_VERSION_NATPMP && offered != PCP_VERSION_NATPMP &&
	    a->len < PCP_HEADER_LEN)
		return shorter_than_header;
	reason = obstacle(x, offered);
	if (reason) {
		give_up(a, x, reason);
		return NULL;
	}
	exchange_touch(x);
	x->refused |= (uint8_t)(1U << x->version);
	arrival_answers(a, x, PCP_UNSUPP_VERSION,
			offered == PCP_VERSION_NATPMP ? "going on with NAT-PMP"
						      : "going on with PCP");
	version_spoken(a->server, a->now, offered);
	if (!x->gone)
		exchange_switch(x, a->now, offered);
	return NULL;
}
