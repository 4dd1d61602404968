/* MAP, PEER, GET and AUTHENTICATION bodies on their own: RFC 6887 11, 12, 15; RFC 7652 3, 5. */
#include "lint-private.h"

#include <string.h>

#include "text.h"

static void nonce_zero(struct pcp_lint *lint)
{
	static const uint8_t zero[PCP_NONCE_LEN];
	const uint8_t *nonce = lint_octets(&lint->packet, LINT_NONCE);

	if (nonce && memcmp(nonce, zero, sizeof zero) == 0)
		found_in(lint, &lint->packet, LINT_NONCE,
			 "The nonce is all zero: legal, and easily guessed.");
}

static void protocol_zero_port(struct pcp_lint *lint)
{
	const struct lint_view *view = &lint->packet;

	if (!lint_value(view, LINT_PROTOCOL) && lint_value(view, LINT_INTERNAL_PORT))
		found_in(lint, view, LINT_INTERNAL_PORT,
			 "Port %u of all protocols: MALFORMED_REQUEST.",
			 lint_value(view, LINT_INTERNAL_PORT));
}

static void map_wildcard(struct pcp_lint *lint)
{
	const struct lint_view *view = &lint->packet;
	uint32_t protocol = lint_value(view, LINT_PROTOCOL);

	if (lint_value(view, LINT_INTERNAL_PORT))
		return;
	if (protocol == 0)
		found_in(lint, view, LINT_PROTOCOL,
			 "All protocols and ports: a DMZ host, which few servers grant "
			 "(UNSUPP_PROTOCOL).");
	else if (pcp_has_ports(protocol))
		found_in(lint, view, LINT_INTERNAL_PORT,
			 "All ports of the protocol, which few servers grant (UNSUPP_PROTOCOL).");
}

static void map_portless(struct pcp_lint *lint)
{
	const struct lint_view *view = &lint->packet;
	uint32_t protocol = lint_value(view, LINT_PROTOCOL);

	if (protocol && !pcp_has_ports(protocol) && lint_value(view, LINT_INTERNAL_PORT))
		found_in(lint, view, LINT_INTERNAL_PORT,
			 "Protocol %u has no ports; 0 stands for that.", protocol);
}

static void delete_suggests(struct pcp_lint *lint)
{
	const struct lint_view *view = &lint->packet;

	if (lint_value(view, LINT_EXTERNAL_PORT))
		found_in(lint, view, LINT_EXTERNAL_PORT, "A delete suggests port %u.",
			 lint_value(view, LINT_EXTERNAL_PORT));
	if (!pcp_addr_is_any(lint_octets(view, LINT_EXTERNAL_ADDRESS)))
		found_in(lint, view, LINT_EXTERNAL_ADDRESS, "A delete suggests an address.");
}

static void short_lifetime(struct pcp_lint *lint)
{
	if (lint->packet.lifetime && lint->packet.lifetime < 120)
		lint_found(lint, 4, 4, "%u s; servers should grant no less than 120.",
			   lint->packet.lifetime);
}

static void suggests_ipv6(struct pcp_lint *lint)
{
	const uint8_t *internal = lint_internal(&lint->packet);
	static const uint8_t any6[PCP_ADDR_LEN];

	if (internal && pcp_addr_is_v4(internal) &&
	    memcmp(lint_octets(&lint->packet, LINT_EXTERNAL_ADDRESS), any6, sizeof any6) == 0)
		found_in(lint, &lint->packet, LINT_EXTERNAL_ADDRESS,
			 "From an IPv4 client :: asks for an external IPv6 address; for no "
			 "preference it "
			 "writes ::ffff:0.0.0.0.");
}

static bool pcp_port(const struct lint_view *view)
{
	uint32_t port = lint_value(view, LINT_EXTERNAL_PORT);

	return lint_value(view, LINT_PROTOCOL) == PCP_UDP &&
	       (port == PCP_SERVER_PORT || port == PCP_CLIENT_PORT);
}

static void suggests_pcp_port(struct pcp_lint *lint)
{
	if (pcp_port(&lint->packet))
		found_in(lint, &lint->packet, LINT_EXTERNAL_PORT,
			 "External UDP port %u is never granted.",
			 lint_value(&lint->packet, LINT_EXTERNAL_PORT));
}

static void assigns_pcp_port(struct pcp_lint *lint)
{
	if (lint->packet.result == PCP_SUCCESS && lint->packet.lifetime &&
	    pcp_port(&lint->packet) && lint_octets(&lint->packet, LINT_EXTERNAL_ADDRESS) &&
	    pcp_addr_is_v4(lint_octets(&lint->packet, LINT_EXTERNAL_ADDRESS)))
		found_in(lint, &lint->packet, LINT_EXTERNAL_PORT,
			 "The server gave away PCP's own port %u.",
			 lint_value(&lint->packet, LINT_EXTERNAL_PORT));
}

/* The answer to a delete that traffic keeps alive copies the zeros of its request (RFC 6887 15.1);
 * without the request it cannot be told from a mapping of nothing. */
static bool may_be_kept(const struct pcp_lint *lint)
{
	const struct lint_view *view = &lint->packet;

	return !lint->request.packet && view->body->code == PCP_MAP &&
	       !lint_value(view, LINT_EXTERNAL_PORT) &&
	       pcp_addr_is_any(lint_octets(view, LINT_EXTERNAL_ADDRESS));
}

static void assigned_nothing(struct pcp_lint *lint)
{
	const struct lint_view *view = &lint->packet;

	if (view->result != PCP_SUCCESS || !view->lifetime || lint_asked_to_delete(lint) ||
	    may_be_kept(lint))
		return;
	if (pcp_has_ports(lint_value(view, LINT_PROTOCOL)) &&
	    lint_value(view, LINT_INTERNAL_PORT) && !lint_value(view, LINT_EXTERNAL_PORT))
		found_in(lint, view, LINT_EXTERNAL_PORT, "Success, but no external port.");
	if (pcp_addr_is_any(lint_octets(view, LINT_EXTERNAL_ADDRESS)))
		found_in(lint, view, LINT_EXTERNAL_ADDRESS, "Success, but no external address.");
}

/* A NAT does not rewrite SCTP's ports. */
static void sctp_port(struct pcp_lint *lint)
{
	const struct lint_view *view = &lint->packet;

	if (view->result == PCP_SUCCESS && view->lifetime &&
	    lint_value(view, LINT_PROTOCOL) == PCP_SCTP &&
	    lint_value(view, LINT_EXTERNAL_PORT) != lint_value(view, LINT_INTERNAL_PORT))
		found_in(lint, view, LINT_EXTERNAL_PORT,
			 "External port %u for internal port %u of SCTP, whose ports a NAT cannot "
			 "change.",
			 lint_value(view, LINT_EXTERNAL_PORT),
			 lint_value(view, LINT_INTERNAL_PORT));
}

/* ---- PEER ---- */

static void peer_zero(struct pcp_lint *lint)
{
	static const enum lint_key key[] = { LINT_PROTOCOL, LINT_INTERNAL_PORT, LINT_REMOTE_PORT };

	for (size_t i = 0; i < sizeof key / sizeof *key; i++)
		if (!lint_value(&lint->packet, key[i]))
			found_in(lint, &lint->packet, key[i], "%s is 0.",
				 lint_field(&lint->packet, key[i])->label);
}

static void peer_remote_family(struct pcp_lint *lint)
{
	const uint8_t *remote = lint_octets(&lint->packet, LINT_REMOTE_ADDRESS);
	const uint8_t *internal = lint_internal(&lint->packet);

	if (internal && pcp_addr_is_v4(remote) != pcp_addr_is_v4(internal))
		found_in(lint, &lint->packet, LINT_REMOTE_ADDRESS,
			 "The remote address is %s, the internal one %s.",
			 pcp_addr_is_v4(remote) ? "IPv4" : "IPv6",
			 pcp_addr_is_v4(internal) ? "IPv4" : "IPv6");
}

static void peer_query(struct pcp_lint *lint)
{
	if (!lint->packet.lifetime)
		lint_found(lint, 4, 4,
			   "Lifetime 0 in PEER asks about the mapping; it deletes nothing.");
}

/* ---- GET ---- */

/* ---- AUTHENTICATION ---- */

static const struct pcp_rule rules[] = {
	RULE("nonce-zero", PCP_WARNING, "RFC 6887 11.2", "A nonce is random and cannot be guessed.",
	     nonce_zero, .of = OF_REQUEST | OF_MAPPING),
	REFUSED("map-protocol-zero-port", PCP_ERROR, "RFC 6887 11.3, 15.1",
		"Protocol 0, all protocols, goes with internal port 0.", protocol_zero_port,
		PCP_MALFORMED_REQUEST, .of = OF_MAP_REQUEST),
	RULE("map-wildcard", PCP_NOTE, "RFC 6887 11.3",
	     "A wildcard is granted wholly or refused with UNSUPP_PROTOCOL.", map_wildcard,
	     .of = OF_MAP_REQUEST),
	RULE("map-portless-protocol", PCP_ERROR, "RFC 6887 11.2",
	     "Protocols without ports are mapped with internal port 0.", map_portless,
	     .of = OF_MAP_REQUEST),
	RULE("map-delete-suggests", PCP_ERROR, "RFC 6887 15.1",
	     "A delete has suggested port and address zero.", delete_suggests, .of = OF_DELETE),
	RULE("map-lifetime-short", PCP_NOTE, "RFC 6887 15",
	     "Servers should not grant less than 120 seconds.", short_lifetime,
	     .of = OF_MAP_REQUEST),
	RULE("suggested-family", PCP_NOTE, "RFC 6887 5, 10",
	     "The zero suggested address chooses the external family.", suggests_ipv6,
	     .of = OF_REQUEST | OF_MAPPING),
	RULE("map-suggests-pcp-port", PCP_WARNING, "RFC 6887 11.3",
	     "External UDP ports 5350 and 5351 are never mapped.", suggests_pcp_port,
	     .of = OF_MAP_REQUEST),
	RULE("map-assigned-pcp-port", PCP_ERROR, "RFC 6887 11.3",
	     "External UDP ports 5350 and 5351 must not be mapped.", assigns_pcp_port,
	     .of = OF_MAP_RESPONSE),
	RULE("sctp-port", PCP_ERROR, "RFC 6887 16.3.3",
	     "SCTP's external port is its internal one, or CANNOT_PROVIDE_EXTERNAL.", sctp_port,
	     .of = OF_MAP_RESPONSE),
	RULE("assigned-nothing", PCP_ERROR, "RFC 6887 11.3, 12.3",
	     "A success tells the external address and port.", assigned_nothing,
	     .of = OF_RESPONSE | OF_MAPPING),
	REFUSED("peer-zero", PCP_ERROR, "RFC 6887 12.1", "PEER names a protocol and both ports.",
		peer_zero, PCP_MALFORMED_REQUEST, .of = OF_PEER_REQUEST),
	RULE("peer-remote-family", PCP_ERROR, "RFC 6887 10, 12.1",
	     "The remote address has the family of the internal one.", peer_remote_family,
	     .of = OF_PEER_REQUEST),
	RULE("peer-query", PCP_NOTE, "RFC 6887 12.1", "PEER with lifetime 0 merely asks.",
	     peer_query, .of = OF_PEER_REQUEST),
};

const struct lint_rules lint_body_rules = RULES(rules, NULL);
