/* Addresses: how they are written (RFC 6887 5), whether a host can have them, and whether the
 * Internet reaches what a server assigned. */
#include "lint-private.h"

#include <string.h>

#include "reach.h"
#include "text.h"

static bool is_nobodys(const uint8_t *addr)
{
	const struct pcp_reach *reach = pcp_reach(addr);

	return reach && reach->severity == PCP_ERROR;
}

/* ---- what requests name ---- */

static const uint8_t *client_of(const struct pcp_lint *lint)
{
	return lint_has_header(lint) ? lint->packet.octets + pcp_request_fields[REQ_CLIENT].off
				     : NULL;
}

static void about_client(struct pcp_lint *lint, const char *text)
{
	const struct pcp_field *field = &pcp_request_fields[REQ_CLIENT];

	lint_found(lint, field->off, field->len, "%s", text);
}

static void client_mismatch(struct pcp_lint *lint)
{
	const struct pcp_field *field = &pcp_request_fields[REQ_CLIENT];
	const uint8_t *source = lint->context->source, *client = client_of(lint);
	char is[PCP_ADDR_TEXT], says[PCP_ADDR_TEXT];

	if (!client || !source || memcmp(client, source, PCP_ADDR_LEN) == 0)
		return;
	pcp_addr_text(source, is, sizeof is);
	pcp_addr_text(client, says, sizeof says);
	lint_found(lint, field->off, field->len, "Sent from %s, but says %s: ADDRESS_MISMATCH.", is,
		   says);
}

static void client_any(struct pcp_lint *lint)
{
	if (client_of(lint) && pcp_addr_is_any(client_of(lint)))
		about_client(lint, "The client address is not filled in.");
}

/* Clients of a lab are on loopback. IPv4 without its prefix has a rule of its own. */
static void client_invalid(struct pcp_lint *lint)
{
	const uint8_t *client = client_of(lint);

	if (client && is_nobodys(client) && !pcp_addr_is_any(client) &&
	    !pcp_addr_is_loopback(client) && (pcp_addr_is_v4(client) || client[0]))
		about_client(lint, "No packet is sent from this address.");
}

/* Unique local and link-local addresses: RFC 4193, RFC 4291 2.5.6. */
static void client_scope(struct pcp_lint *lint)
{
	const uint8_t *client = client_of(lint);

	if (client &&
	    ((client[0] & 0xfe) == 0xfc || (client[0] == 0xfe && (client[1] & 0xc0) == 0x80)))
		about_client(lint, "This IPv6 address is not global; requests should come from one "
				   "that is.");
}

static void suggests_invalid(struct pcp_lint *lint)
{
	const uint8_t *addr = lint_octets(&lint->packet, LINT_EXTERNAL_ADDRESS);

	if (addr && is_nobodys(addr) && !pcp_addr_is_any(addr) && (pcp_addr_is_v4(addr) || addr[0]))
		found_in(lint, &lint->packet, LINT_EXTERNAL_ADDRESS,
			 "No server can have this external address.");
}

/* A lab's peers may be on loopback too, but a mapping outwards has no peer there. */
static void peer_remote_invalid(struct pcp_lint *lint)
{
	const uint8_t *remote = lint_octets(&lint->packet, LINT_REMOTE_ADDRESS);

	if (is_nobodys(remote))
		found_in(lint, &lint->packet, LINT_REMOTE_ADDRESS,
			 "No single host outside has this "
			 "address.");
}

static void third_party_invalid(struct pcp_lint *lint)
{
	struct lint_option option;

	if (lint_whole_option(&lint->packet, PCP_THIRD_PARTY, &option) &&
	    is_nobodys(option.tlv.data) && !pcp_addr_is_loopback(option.tlv.data))
		lint_found(lint, option.off + PCP_TLV_LEN, PCP_ADDR_LEN,
			   "The third party is no single host's address.");
}

/* ---- IPv4 without its 96 bits ---- */

static bool lacks_prefix(const uint8_t *addr)
{
	static const uint8_t zero[12];
	uint32_t rest = (uint32_t)addr[12] << 24 | (uint32_t)addr[13] << 16 |
			(uint32_t)addr[14] << 8 | addr[15];

	return memcmp(addr, zero, sizeof zero) == 0 && rest > 1; /* :: and ::1 are themselves */
}

/* What a response copies is its request's: it answers for assigned addresses and listed mappings.
 */
static bool is_chosen(const struct lint_view *view, const struct pcp_node *node)
{
	if (view->request)
		return true;
	return view->own &&
	       (strncmp(node->field->key, "assigned", 8) == 0 ||
		(node->layout->kind == PCP_CLASS_OPTION && node->layout->code == PCP_NEXT));
}

static void not_mapped(struct pcp_lint *lint)
{
	const struct pcp_packet *packet = lint->packet.packet;

	each_node(packet, node)
	{
		const uint8_t *addr = packet->octets + node->off;

		if (node->field && node->field->kind == PCP_ADDR && node->len == PCP_ADDR_LEN &&
		    is_chosen(&lint->packet, node) && lacks_prefix(addr))
			lint_found(lint, node->off, node->len,
				   "::%u.%u.%u.%u is IPv6; IPv4 is written ::ffff:%u.%u.%u.%u.",
				   addr[12], addr[13], addr[14], addr[15], addr[12], addr[13],
				   addr[14], addr[15]);
	}
}

/* ---- what servers assign ---- */

/* The assigned address of a success, or a whole NAT-PMP answer's; NULL without one. After a delete
 * the fields are copies, and both zero may be a delete's that traffic keeps. */
static const uint8_t *assigned(const struct pcp_lint *lint, uint8_t v4[PCP_ADDR_LEN], size_t *off)
{
	const struct lint_view *view = &lint->packet;

	if (view->natpmp) {
		*off = 8;
		if (view->len != 12 || view->packet->opcode != NATPMP_ADDRESS || view->octets[2] ||
		    view->octets[3])
			return NULL;
		pcp_addr_any(v4, true);
		memcpy(v4 + 12, view->octets + *off, 4);
		return v4;
	}
	if (!lint_is_mapping(view) || view->result != PCP_SUCCESS || !view->lifetime ||
	    lint_asked_to_delete(lint) || pcp_addr_is_any(lint_octets(view, LINT_EXTERNAL_ADDRESS)))
		return NULL;
	*off = PCP_HEADER_LEN + lint_field(view, LINT_EXTERNAL_ADDRESS)->off;
	return view->octets + *off;
}

/* Three rules ask about the same address of the packet. */
static const struct pcp_reach *reach_at(struct pcp_lint *lint, const uint8_t *addr)
{
	if (lint->reach_of != addr)
		lint->reach = pcp_reach(addr);
	lint->reach_of = addr;
	return lint->reach;
}

static void reached(struct pcp_lint *lint, const uint8_t *addr, size_t off, size_t len,
		    enum pcp_severity severity)
{
	const struct pcp_reach *reach = reach_at(lint, addr);
	char text[PCP_ADDR_TEXT];

	if (!reach || reach->severity != severity || lacks_prefix(addr))
		return;
	/* A server on this host is a lab, whose addresses are meant to be examples. */
	if (reach->example && lint->context->source && pcp_addr_is_loopback(lint->context->source))
		return;
	pcp_addr_text(addr, text, sizeof text);
	lint_found(lint, off, len, "%s is %s: %s.", text, reach->what, reach->meaning);
}

static void judge_reach(struct pcp_lint *lint, enum pcp_severity severity)
{
	uint8_t v4[PCP_ADDR_LEN];
	size_t off;
	const uint8_t *addr = assigned(lint, v4, &off);

	if (addr)
		reached(lint, addr, off, lint->packet.natpmp ? 4 : PCP_ADDR_LEN, severity);
	for (struct lint_option o = { 0 };
	     lint_has_code(&lint->packet, PCP_NEXT) && lint_next(&lint->packet, &o);) {
		size_t at = lint_next_at(&lint->packet, NEXT_EXTERNAL_ADDRESS);

		size_t in = lint_next_at(&lint->packet, NEXT_INTERNAL_ADDRESS);

		if (o.tlv.code == PCP_NEXT && o.layout && lint_length_fits(&o) &&
		    (severity != PCP_WARNING ||
		     memcmp(o.tlv.data + at, o.tlv.data + in, PCP_ADDR_LEN) != 0))
			reached(lint, o.tlv.data + at, o.off + PCP_TLV_LEN + at, PCP_ADDR_LEN,
				severity);
	}
}

static void external_impossible(struct pcp_lint *lint)
{
	judge_reach(lint, PCP_ERROR);
}

static bool opens_firewall(const struct pcp_lint *lint)
{
	const uint8_t *internal = lint_is_grant(lint) ? lint_internal(&lint->request) : NULL;

	return internal && lint->packet.lifetime &&
	       memcmp(internal, lint_octets(&lint->packet, LINT_EXTERNAL_ADDRESS), PCP_ADDR_LEN) ==
		       0;
}

/* A firewall gives the address that the host has, whatever that is. */
static void external_unreachable(struct pcp_lint *lint)
{
	if (!opens_firewall(lint))
		judge_reach(lint, PCP_WARNING);
}

static void external_special(struct pcp_lint *lint)
{
	judge_reach(lint, PCP_NOTE);
}

static void external_is_internal(struct pcp_lint *lint)
{
	if (opens_firewall(lint))
		found_in(
			lint, &lint->packet, LINT_EXTERNAL_ADDRESS,
			"The address is the internal one: a firewall was opened, there is no NAT.");
}

static const struct pcp_rule rules[] = {
	RULE("client-address-mismatch", PCP_ERROR, "RFC 6887 8.1",
	     "The client address is the one that the request is sent from.", client_mismatch,
	     .of = OF_REQUEST),
	RULE("client-address-any", PCP_ERROR, "RFC 6887 8.1", "The client address is filled in.",
	     client_any, .of = OF_REQUEST),
	RULE("client-address-invalid", PCP_ERROR, "RFC 6887 8.1",
	     "The client address is one that packets are sent from.", client_invalid,
	     .of = OF_REQUEST),
	RULE("client-address-scope", PCP_WARNING, "RFC 6887 8.4",
	     "IPv6 requests should come from a global address.", client_scope, .of = OF_REQUEST),
	RULE("ipv4-not-mapped", PCP_ERROR, "RFC 6887 5",
	     "IPv4 addresses stand behind the prefix ::ffff:0:0/96.", not_mapped),
	RULE("suggested-address-invalid", PCP_WARNING, "RFC 6887 11.3",
	     "A suggested address is one that a gateway can have.", suggests_invalid,
	     .of = OF_REQUEST | OF_MAPPING),
	RULE("peer-remote-invalid", PCP_WARNING, "RFC 6887 12.3",
	     "The remote peer is a single host.", peer_remote_invalid, .of = OF_PEER_REQUEST),
	RULE("third-party-invalid", PCP_WARNING, "RFC 6887 13.1", "THIRD_PARTY names a host.",
	     third_party_invalid, .of = OF_REQUEST, .about = PCP_THIRD_PARTY),
	RULE("external-impossible", PCP_ERROR, "RFC 6887 11.3; RFC 6886 3.2; RFC 6890",
	     "An assigned address is one that a host can have.", external_impossible,
	     .of = OF_RESPONSE),
	RULE("external-unreachable", PCP_WARNING, "RFC 6890, RFC 8190",
	     "An assigned address is one that the Internet reaches.", external_unreachable,
	     .of = OF_RESPONSE),
	RULE("external-special", PCP_NOTE, "RFC 6890, RFC 8190",
	     "Some addresses are examples, or depend on relays.", external_special,
	     .of = OF_RESPONSE),
	RULE("external-is-internal", PCP_NOTE, "RFC 6887 11.1",
	     "Behind a firewall the external address is the internal one.", external_is_internal,
	     .of = OF_GRANT),
};

const struct lint_rules lint_address_rules = RULES(rules, NULL);
