/* MAP, PEER, GET and AUTHENTICATION bodies on their own: RFC 6887 11, 12, 15; RFC 7652 3, 5. */
#include "lint-private.h"

#include <string.h>

#include "text.h"

static bool is_mapping_request(const struct pcp_lint *lint)
{
	return lint->packet.request && lint_is_mapping(&lint->packet);
}

static bool is_delete(const struct pcp_lint *lint)
{
	return lint_is_request(lint, PCP_MAP) && lint->packet.lifetime == 0;
}

static void nonce_zero(struct pcp_lint *lint)
{
	static const uint8_t zero[PCP_NONCE_LEN];
	const uint8_t *nonce = lint_octets(&lint->packet, "nonce");

	if (is_mapping_request(lint) && nonce && memcmp(nonce, zero, sizeof zero) == 0)
		found_in(lint, &lint->packet, "nonce",
			 "The nonce is all zero: legal, and easily guessed.");
}

static void protocol_zero_port(struct pcp_lint *lint)
{
	const struct lint_view *view = &lint->packet;

	if (lint_is_request(lint, PCP_MAP) && !lint_value(view, "protocol") &&
	    lint_value(view, "internal_port"))
		found_in(lint, view, "internal_port",
			 "Port %u of all protocols: MALFORMED_REQUEST.",
			 lint_value(view, "internal_port"));
}

static void map_wildcard(struct pcp_lint *lint)
{
	const struct lint_view *view = &lint->packet;
	uint32_t protocol = lint_value(view, "protocol");

	if (!lint_is_request(lint, PCP_MAP) || lint_value(view, "internal_port"))
		return;
	if (protocol == 0)
		found_in(lint, view, "protocol",
			 "All protocols and ports: a DMZ host, which few servers grant "
			 "(UNSUPP_PROTOCOL).");
	else if (pcp_has_ports(protocol))
		found_in(lint, view, "internal_port",
			 "All ports of the protocol, which few servers grant (UNSUPP_PROTOCOL).");
}

static void map_portless(struct pcp_lint *lint)
{
	const struct lint_view *view = &lint->packet;
	uint32_t protocol = lint_value(view, "protocol");

	if (lint_is_request(lint, PCP_MAP) && protocol && !pcp_has_ports(protocol) &&
	    lint_value(view, "internal_port"))
		found_in(lint, view, "internal_port",
			 "Protocol %u has no ports; 0 stands for that.", protocol);
}

static void delete_suggests(struct pcp_lint *lint)
{
	const struct lint_view *view = &lint->packet;

	if (!is_delete(lint))
		return;
	if (lint_value(view, "*_external_port"))
		found_in(lint, view, "*_external_port", "A delete suggests port %u.",
			 lint_value(view, "*_external_port"));
	if (!pcp_addr_is_any(lint_octets(view, "*_external_address")))
		found_in(lint, view, "*_external_address", "A delete suggests an address.");
}

static void short_lifetime(struct pcp_lint *lint)
{
	if (is_mapping_request(lint) && lint->packet.lifetime && lint->packet.lifetime < 120)
		lint_found(lint, 4, 4, "%u s; servers should grant no less than 120.",
			   lint->packet.lifetime);
}

static void suggests_ipv6(struct pcp_lint *lint)
{
	const uint8_t *internal = lint_internal(&lint->packet);
	static const uint8_t any6[PCP_ADDR_LEN];

	if (is_mapping_request(lint) && internal && pcp_addr_is_v4(internal) &&
	    memcmp(lint_octets(&lint->packet, "*_external_address"), any6, sizeof any6) == 0)
		found_in(lint, &lint->packet, "*_external_address",
			 "An IPv4 client writes \"no preference\" as ::ffff:0.0.0.0; :: asks for "
			 "IPv6.");
}

static bool pcp_port(const struct lint_view *view)
{
	uint32_t port = lint_value(view, "*_external_port");

	return lint_value(view, "protocol") == PCP_UDP &&
	       (port == PCP_SERVER_PORT || port == PCP_CLIENT_PORT);
}

static void suggests_pcp_port(struct pcp_lint *lint)
{
	if (lint_is_request(lint, PCP_MAP) && pcp_port(&lint->packet))
		found_in(lint, &lint->packet, "*_external_port",
			 "External UDP port %u is never granted.",
			 lint_value(&lint->packet, "*_external_port"));
}

static void assigns_pcp_port(struct pcp_lint *lint)
{
	if (lint_is_response(lint, PCP_MAP) && lint->packet.result == PCP_SUCCESS &&
	    lint->packet.lifetime && pcp_port(&lint->packet) &&
	    lint_octets(&lint->packet, "*_external_address") &&
	    pcp_addr_is_v4(lint_octets(&lint->packet, "*_external_address")))
		found_in(lint, &lint->packet, "*_external_port",
			 "The server gave away PCP's own port %u.",
			 lint_value(&lint->packet, "*_external_port"));
}

static void assigned_nothing(struct pcp_lint *lint)
{
	const struct lint_view *view = &lint->packet;

	if (view->request || !lint_is_mapping(view) || view->result != PCP_SUCCESS ||
	    !view->lifetime)
		return;
	if (pcp_has_ports(lint_value(view, "protocol")) && lint_value(view, "internal_port") &&
	    !lint_value(view, "*_external_port"))
		found_in(lint, view, "*_external_port", "Success, but no external port.");
	if (pcp_addr_is_any(lint_octets(view, "*_external_address")))
		found_in(lint, view, "*_external_address", "Success, but no external address.");
}

/* A NAT does not rewrite SCTP's ports. */
static void sctp_port(struct pcp_lint *lint)
{
	const struct lint_view *view = &lint->packet;

	if (lint_is_response(lint, PCP_MAP) && view->result == PCP_SUCCESS && view->lifetime &&
	    lint_value(view, "protocol") == PCP_SCTP &&
	    lint_value(view, "*_external_port") != lint_value(view, "internal_port"))
		found_in(lint, view, "*_external_port",
			 "External port %u for internal port %u of SCTP, whose ports a NAT cannot "
			 "change.",
			 lint_value(view, "*_external_port"), lint_value(view, "internal_port"));
}

static bool is_multicast(const uint8_t *addr)
{
	return pcp_addr_is_v4(addr) ? addr[12] >> 4 == 0xe : addr[0] == 0xff;
}

static bool is_loopback(const uint8_t *addr)
{
	static const uint8_t v6[PCP_ADDR_LEN] = { [15] = 1 };

	return pcp_addr_is_v4(addr) ? addr[12] == 127 : memcmp(addr, v6, sizeof v6) == 0;
}

static void suggests_invalid(struct pcp_lint *lint)
{
	const uint8_t *addr = lint_octets(&lint->packet, "*_external_address");

	if (is_mapping_request(lint) && (is_multicast(addr) || is_loopback(addr)))
		found_in(lint, &lint->packet, "*_external_address",
			 "No server can have this external address.");
}

/* ---- PEER ---- */

static void peer_zero(struct pcp_lint *lint)
{
	static const char *const key[] = { "protocol", "internal_port", "remote_port" };

	for (size_t i = 0; lint_is_request(lint, PCP_PEER) && i < sizeof key / sizeof *key; i++)
		if (!lint_value(&lint->packet, key[i]))
			found_in(lint, &lint->packet, key[i], "%s is 0.",
				 lint_field(&lint->packet, key[i])->label);
}

static void peer_remote_invalid(struct pcp_lint *lint)
{
	const uint8_t *remote = lint_octets(&lint->packet, "remote_address");

	if (lint_is_request(lint, PCP_PEER) && (pcp_addr_is_any(remote) || is_multicast(remote)))
		found_in(lint, &lint->packet, "remote_address", "No single host has this address.");
}

static void peer_remote_family(struct pcp_lint *lint)
{
	const uint8_t *remote = lint_octets(&lint->packet, "remote_address");
	const uint8_t *internal = lint_internal(&lint->packet);

	if (lint_is_request(lint, PCP_PEER) && internal &&
	    pcp_addr_is_v4(remote) != pcp_addr_is_v4(internal))
		found_in(lint, &lint->packet, "remote_address",
			 "The remote address is %s, the internal one %s.",
			 pcp_addr_is_v4(remote) ? "IPv4" : "IPv6",
			 pcp_addr_is_v4(internal) ? "IPv4" : "IPv6");
}

static void peer_query(struct pcp_lint *lint)
{
	if (lint_is_request(lint, PCP_PEER) && !lint->packet.lifetime)
		lint_found(lint, 4, 4,
			   "Lifetime 0 in PEER asks about the mapping; it deletes nothing.");
}

/* ---- GET ---- */

static void get_port_of_any(struct pcp_lint *lint)
{
	static const char *const key[] = { "internal_port", "external_port" };

	for (size_t i = 0; lint_is_request(lint, PCP_GET) && i < sizeof key / sizeof *key; i++)
		if (!lint_value(&lint->packet, "protocol") && lint_value(&lint->packet, key[i]))
			found_in(lint, &lint->packet, key[i], "A port, but any protocol.");
}

/* ---- AUTHENTICATION ---- */

static uint8_t auth_result(const struct pcp_lint *lint)
{
	return lint->packet.octets[pcp_response_fields[HDR_RESULT].off];
}

static bool is_auth_request(const struct pcp_lint *lint)
{
	return lint_is_request(lint, PCP_AUTHENTICATION) && lint_field(&lint->packet, "session_id");
}

static void auth_request_result(struct pcp_lint *lint)
{
	uint8_t result = is_auth_request(lint) ? auth_result(lint) : PCP_INITIATION;

	if (result != PCP_INITIATION && result != PCP_AUTHENTICATION_REPLY &&
	    result != PCP_AUTHENTICATION_FAILED && result != PCP_AUTHENTICATION_SUCCEEDED &&
	    result != PCP_SESSION_TERMINATED)
		lint_found(lint, 3, 1,
			   "Clients send INITIATION, AUTHENTICATION_REPLY, -FAILED, -SUCCEEDED or "
			   "SESSION_TERMINATED here.");
}

static void auth_initiation(struct pcp_lint *lint)
{
	static const char *const key[] = { "session_id", "sequence" };

	if (!is_auth_request(lint) || auth_result(lint) != PCP_INITIATION)
		return;
	for (size_t i = 0; i < sizeof key / sizeof *key; i++)
		if (lint_value(&lint->packet, key[i]))
			found_in(lint, &lint->packet, key[i], "%s is %u in INITIATION.",
				 lint_field(&lint->packet, key[i])->label,
				 lint_value(&lint->packet, key[i]));
}

static void auth_initiation_nonce(struct pcp_lint *lint)
{
	struct lint_option option;

	if (is_auth_request(lint) && auth_result(lint) == PCP_INITIATION &&
	    !lint_option(&lint->packet, PCP_NONCE, &option))
		lint_found(lint, lint->packet.options, 0, "INITIATION without a NONCE option.");
}

/* A response of the log-in with that result. */
static bool is_auth_response(const struct pcp_lint *lint, uint8_t result)
{
	return lint_is_response(lint, PCP_AUTHENTICATION) &&
	       lint_field(&lint->packet, "session_id") && lint->packet.result == result;
}

static void needs_option(struct pcp_lint *lint, uint8_t code)
{
	struct lint_option option;

	if (!lint_option(&lint->packet, code, &option))
		lint_found(lint, lint->packet.len, 0, "%s without %s.",
			   pcp_name(pcp_result_names, lint->packet.result),
			   pcp_name(pcp_option_names, code));
}

static void auth_session(struct pcp_lint *lint)
{
	if (is_auth_response(lint, PCP_AUTHENTICATION_REQUEST) &&
	    !lint_value(&lint->packet, "session_id"))
		found_in(lint, &lint->packet, "session_id",
			 "The server has not given the session an ID.");
}

static void auth_offer(struct pcp_lint *lint)
{
	if (!is_auth_response(lint, PCP_AUTHENTICATION_REQUEST) ||
	    lint_value(&lint->packet, "sequence"))
		return;
	needs_option(lint, PCP_PRF);
	needs_option(lint, PCP_MAC_ALGORITHM);
}

static void auth_succeeded(struct pcp_lint *lint)
{
	if (!is_auth_response(lint, PCP_AUTHENTICATION_SUCCEEDED))
		return;
	needs_option(lint, PCP_SESSION_LIFETIME);
	needs_option(lint, PCP_PA_AUTHENTICATION_TAG);
}

/* What everyone must support: PRF_HMAC_SHA2_256 and AUTH_HMAC_SHA2_256_128. */
static void auth_algorithms(struct pcp_lint *lint)
{
	static const struct {
		uint8_t code, must;
	} offers[] = { { PCP_PRF, 5 }, { PCP_MAC_ALGORITHM, 12 } };

	for (size_t i = 0; is_auth_response(lint, PCP_AUTHENTICATION_REQUEST) &&
			   i < sizeof offers / sizeof *offers;
	     i++) {
		struct lint_option first = { 0 };
		bool offered = false, must = false;

		for (struct lint_option o = { 0 }; lint_next(&lint->packet, &o);) {
			if (!o.layout || o.tlv.code != offers[i].code || o.tlv.len != 4)
				continue;
			if (!offered)
				first = o;
			offered = true;
			must = must || pcp_get(o.layout->field, o.tlv.data) == offers[i].must;
		}
		if (offered && !must)
			lint_found(lint, first.off, PCP_TLV_LEN,
				   "The offers leave out %s, which everyone must support.",
				   pcp_name(first.layout->field->names, offers[i].must));
	}
}

static void sadscp_tolerance(struct pcp_lint *lint)
{
	static const char *const key[] = { "delay_tolerance", "loss_tolerance",
					   "jitter_tolerance" };

	if (!lint->packet.request || !lint_field(&lint->packet, key[0]))
		return;
	for (size_t i = 0; i < sizeof key / sizeof *key; i++)
		if (lint_value(&lint->packet, key[i]) == 3)
			found_in(lint, &lint->packet, key[i],
				 "%s 3 is not defined: MALFORMED_REQUEST.",
				 lint_field(&lint->packet, key[i])->label);
}

static const struct pcp_rule rules[] = {
	RULE("nonce-zero", PCP_WARNING, "RFC 6887 11.2", "A nonce is random and cannot be guessed.",
	     nonce_zero),
	REFUSED("map-protocol-zero-port", PCP_ERROR, "RFC 6887 11.3, 15.1",
		"Protocol 0, all protocols, goes with internal port 0.", protocol_zero_port,
		PCP_MALFORMED_REQUEST),
	RULE("map-wildcard", PCP_NOTE, "RFC 6887 11.3",
	     "A wildcard is granted wholly or refused with UNSUPP_PROTOCOL.", map_wildcard),
	RULE("map-portless-protocol", PCP_WARNING, "RFC 6887 11.2",
	     "Protocols without ports are mapped with internal port 0.", map_portless),
	RULE("map-delete-suggests", PCP_ERROR, "RFC 6887 15.1",
	     "A delete has suggested port and address zero.", delete_suggests),
	RULE("map-lifetime-short", PCP_NOTE, "RFC 6887 15",
	     "Servers should not grant less than 120 seconds.", short_lifetime),
	RULE("suggested-family", PCP_WARNING, "RFC 6887 5, 10",
	     "The zero suggested address chooses the external family.", suggests_ipv6),
	RULE("map-suggests-pcp-port", PCP_WARNING, "RFC 6887 11.3",
	     "External UDP ports 5350 and 5351 are never mapped.", suggests_pcp_port),
	RULE("map-assigned-pcp-port", PCP_ERROR, "RFC 6887 11.3",
	     "External UDP ports 5350 and 5351 must not be mapped.", assigns_pcp_port),
	RULE("sctp-port", PCP_WARNING, "RFC 6887 16.3.3",
	     "SCTP's external port is its internal one, or CANNOT_PROVIDE_EXTERNAL.", sctp_port),
	RULE("suggested-address-invalid", PCP_WARNING, "RFC 6887 11.3",
	     "A suggested address is one that a gateway can have.", suggests_invalid),
	RULE("assigned-nothing", PCP_ERROR, "RFC 6887 11.3, 12.3",
	     "A success tells the external address and port.", assigned_nothing),
	REFUSED("peer-zero", PCP_ERROR, "RFC 6887 12.1", "PEER names a protocol and both ports.",
		peer_zero, PCP_MALFORMED_REQUEST),
	REFUSED("peer-remote-invalid", PCP_ERROR, "RFC 6887 12.3",
		"The remote peer is a single host.", peer_remote_invalid, PCP_MALFORMED_REQUEST),
	RULE("peer-remote-family", PCP_ERROR, "RFC 6887 10, 12.1",
	     "The remote address has the family of the internal one.", peer_remote_family),
	RULE("peer-query", PCP_NOTE, "RFC 6887 12.1", "PEER with lifetime 0 merely asks.",
	     peer_query),
	RULE("get-port-of-any-protocol", PCP_ERROR, "draft-boucadair-pcp-failure-06 B.1",
	     "A filter with a port names the protocol.", get_port_of_any),
	RULE("authentication-request-result", PCP_WARNING, "RFC 7652 5.1",
	     "Octet 3 of an AUTHENTICATION request says where the dialogue stands.",
	     auth_request_result),
	RULE("authentication-initiation", PCP_ERROR, "RFC 7652 3.1.1",
	     "INITIATION has session ID and sequence number 0.", auth_initiation),
	RULE("authentication-initiation-nonce", PCP_ERROR, "RFC 7652 3.1.1",
	     "INITIATION carries a NONCE.", auth_initiation_nonce),
	RULE("authentication-session-zero", PCP_ERROR, "RFC 7652 3.1.1",
	     "The server gives the session an ID.", auth_session),
	RULE("authentication-offer", PCP_WARNING, "RFC 7652 3.1.3",
	     "The server's first message offers PRFs and MAC algorithms.", auth_offer),
	RULE("authentication-succeeded", PCP_ERROR, "RFC 7652 3.1.3",
	     "AUTHENTICATION_SUCCEEDED carries SESSION_LIFETIME and a tag.", auth_succeeded),
	RULE("authentication-algorithms", PCP_WARNING, "RFC 7652 5.7, 5.8",
	     "PRF_HMAC_SHA2_256 and AUTH_HMAC_SHA2_256_128 are supported by everyone.",
	     auth_algorithms),
	RULE("sadscp-tolerance", PCP_ERROR, "miniupnpd with PCP_SADSCP",
	     "Tolerances are 0, 1 or 2.", sadscp_tolerance),
};

const struct lint_rules lint_body_rules = RULES(rules);
