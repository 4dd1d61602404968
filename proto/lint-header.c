/* Lengths, the common header, and what holds for any message: RFC 6887 7, 8. */
#include "lint-private.h"

#include <string.h>

#include "epoch.h"
#include "text.h"

static bool is_pcp(const struct pcp_lint *lint)
{
	return !lint->packet.natpmp && lint->packet.len > 0;
}

static void too_short(struct pcp_lint *lint)
{
	if (!lint->packet.natpmp && lint->packet.wire < PCP_HEADER_LEN &&
	    !lint_refuses_version(lint))
		lint_found(lint, 0, lint->packet.len, "%zu octet%s; the header alone takes 24.",
			   lint->packet.wire, pcp_s(lint->packet.wire));
}

static void too_long(struct pcp_lint *lint)
{
	size_t len = lint->packet.len;

	if (!lint->packet.natpmp && lint->packet.wire > PCP_MAX_LEN)
		lint_found(lint, len > PCP_MAX_LEN ? PCP_MAX_LEN : len,
			   len > PCP_MAX_LEN ? len - PCP_MAX_LEN : 0,
			   "%zu octets; 1100 are allowed.", lint->packet.wire);
}

static void not_by_four(struct pcp_lint *lint)
{
	size_t left = lint->packet.wire % 4, len = lint->packet.len;
	bool cut = lint->packet.wire > len;

	if (lint_has_header(lint) && left)
		lint_found(lint, cut ? len : len - left, cut ? 0 : left,
			   "Its length, %zu, is no multiple of 4.", lint->packet.wire);
}

static void body_short(struct pcp_lint *lint)
{
	const struct pcp_packet *packet = lint->packet.packet;
	const struct pcp_layout *body;
	size_t size;

	if (lint->packet.body)
		return; /* it is whole */
	body = pcp_layout_body(packet->opcode, packet->where, packet->dialects);
	size = body ? pcp_layout_size(body) : 0;
	if (lint_has_header(lint) && lint->packet.own && body &&
	    pcp_where_version(packet->version) && lint->packet.wire < PCP_HEADER_LEN + size)
		lint_found(lint, PCP_HEADER_LEN, packet->len - PCP_HEADER_LEN,
			   "%zu of the %zu octets that the body of %s takes.",
			   packet->len - PCP_HEADER_LEN, size, body->name);
}

static void version_unknown(struct pcp_lint *lint)
{
	if (is_pcp(lint) && lint->packet.octets[0] > PCP_VERSION_2)
		lint_found(lint, 0, 1, "Version %u; known are 2, 1 (drafts) and 0 (NAT-PMP).",
			   lint->packet.octets[0]);
}

static void version_1(struct pcp_lint *lint)
{
	if (is_pcp(lint) && lint->packet.request && lint->packet.octets[0] == PCP_VERSION_1)
		lint_found(lint, 0, 1, "Version 1 was used by drafts only.");
}

/* Whether the sender chose these octets: an error returns those behind its header, and any response
 * returns the options of lint_is_echo(). */
static bool is_own(const struct lint_view *view, const struct pcp_node *node)
{
	if (!view->own && node->off >= PCP_HEADER_LEN)
		return false;
	for (struct lint_option o = { 0 }; !view->request && lint_next(view, &o);)
		if (lint_is_echo(view, &o) && node->off >= o.off &&
		    node->off < o.off + PCP_TLV_LEN + o.tlv.len)
			return false;
	return true;
}

static bool is_zero(const struct pcp_packet *packet, const struct pcp_node *node)
{
	const struct pcp_field *field = node->field;
	uint8_t mask = field->mask && node->len == 1 ? (uint8_t)field->mask : 0xff;

	for (size_t o = 0; o < node->len; o++)
		if (packet->octets[node->off + o] & mask)
			return false;
	return true;
}

static void reserved_nonzero(struct pcp_lint *lint)
{
	const struct pcp_packet *packet = lint->packet.packet;

	each_node(packet, node)
	{
		if (!node->field || node->field->kind != PCP_RESERVED || is_zero(packet, node) ||
		    node->field == &pcp_response_fields[HDR_RESERVED_96] ||
		    (node->field == &pcp_get_fields[GET_RESERVED] && !lint->packet.request) ||
		    !is_own(&lint->packet, node))
			continue;
		lint_found(lint, node->off, node->len, "Reserved octets of %s are not zero.",
			   node->layout->name);
	}
}

/* Results that only a request can have that was parsed; with others it may have been or not. */
static bool parsed(uint8_t result)
{
	switch (result) {
	case PCP_UNSUPP_VERSION:
	case PCP_MALFORMED_REQUEST:
	case PCP_UNSUPP_OPCODE:
	case PCP_MALFORMED_OPTION:
	case PCP_NO_RESOURCES:
		return false;
	default:
		return pcp_result(result) != NULL;
	}
}

static void reserved_96(struct pcp_lint *lint)
{
	const struct pcp_field *field = &pcp_response_fields[HDR_RESERVED_96];
	static const uint8_t zero[12];

	if (lint_has_header(lint) && parsed(lint->packet.result) &&
	    memcmp(lint->packet.octets + field->off, zero, sizeof zero) != 0)
		lint_found(lint, field->off, field->len,
			   "Octets 12 to 23 are not zero, though the request was understood.");
}

static void opcode_reserved(struct pcp_lint *lint)
{
	uint8_t opcode = lint->packet.packet->opcode;

	if (is_pcp(lint) && lint->packet.own && ((opcode >= 64 && opcode <= 95) || opcode == 127))
		lint_found(lint, 1, 1, "Opcode %u is reserved.", opcode);
}

static void opcode_unknown(struct pcp_lint *lint)
{
	uint8_t opcode = lint->packet.packet->opcode;

	if (is_pcp(lint) && lint->packet.own && lint->packet.len > 1 &&
	    !pcp_name(pcp_opcode_names, opcode))
		lint_found(lint, 1, 1, "No document defines opcode %u.", opcode);
}

static void opcode_private(struct pcp_lint *lint)
{
	if (is_pcp(lint) && lint->packet.packet->opcode == PCP_GET)
		lint_found(
			lint, 1, 1,
			"GET has no assigned opcode; 98 is a private-use one that others may use.");
}

static void opcode_two_meanings(struct pcp_lint *lint)
{
	if (is_pcp(lint) && lint->packet.own && lint->packet.len > 1 &&
	    lint->packet.packet->opcode == PCP_AUTHENTICATION)
		lint_found(lint, 1, 1,
			   "Read as %s; opcode 3 is AUTHENTICATION by RFC 7652, SADSCP in libpcp "
			   "and miniupnpd.",
			   lint->packet.body ? lint->packet.body->name : "AUTHENTICATION");
}

/* The packet is read by its R bit, as every server and client reads it; what it was meant to be,
 * only who saw it travel can tell. */
static bool went(const struct pcp_lint *lint, enum pcp_direction direction)
{
	enum pcp_direction way = lint->context->went;

	return (way == PCP_DIRECTION_GUESS ? lint->packet.packet->direction : way) == direction;
}

static void response_r_clear(struct pcp_lint *lint)
{
	if (is_pcp(lint) && lint->packet.len > 1 && went(lint, PCP_RESPONSE) &&
	    !(lint->packet.octets[1] & PCP_R))
		lint_found(lint, 1, 1,
			   "It came as a response, but its R bit says request: clients drop it.");
}

static void request_r_set(struct pcp_lint *lint)
{
	if (is_pcp(lint) && lint->packet.len > 1 && went(lint, PCP_REQUEST) &&
	    lint->packet.octets[1] & PCP_R)
		lint_found(
			lint, 1, 1,
			"It goes out as a request, but its R bit says response: servers drop it.");
}

enum { WEEK = 7 * 86400, YEAR = 365 * 86400 };

static void announce_lifetime(struct pcp_lint *lint)
{
	if (lint_has_header(lint) && lint->packet.packet->opcode == PCP_ANNOUNCE &&
	    lint->packet.lifetime && lint->packet.request)
		lint_found_lifetime(lint, " in ANNOUNCE, where it means nothing.");
}

static void announce_answer_lifetime(struct pcp_lint *lint)
{
	if (lint_has_header(lint) && lint->packet.packet->opcode == PCP_ANNOUNCE &&
	    lint->packet.lifetime && !lint->packet.request && lint->packet.result == PCP_SUCCESS)
		lint_found_lifetime(lint, " in ANNOUNCE, where it means nothing.");
}

/* The lifetime that the sender names; 0 where the message has none of its own. */
static uint32_t named_lifetime(const struct pcp_lint *lint)
{
	const struct lint_view *view = &lint->packet;
	const struct pcp_field *field = &pcp_response_fields[HDR_LIFETIME];

	if (!view->natpmp)
		return lint_has_header(lint) ? view->lifetime : 0;
	/* A mapping's is the last field, both ways: RFC 6886 3.3. */
	if (view->len != 12 + (view->request ? 0u : 4u) || view->packet->opcode == NATPMP_ADDRESS)
		return 0;
	return pcp_get_at(field, view->octets + view->len - field->len, field->len);
}

static uint32_t turned(uint32_t value)
{
	return value >> 24 | (value >> 8 & 0xff00) | (value << 8 & 0xff0000) | value << 24;
}

/* Years that are minutes to days with their octets turned round, as a missing htonl() sends them.
 */
static void lifetime_turned(struct pcp_lint *lint)
{
	const size_t at = lint->packet.natpmp ? lint->packet.len - 4 : 4;
	uint32_t lifetime = named_lifetime(lint), meant = turned(lifetime);

	if (lifetime > YEAR && lifetime != UINT32_MAX && meant >= 60 && meant <= WEEK)
		lint_found(lint, at, 4,
			   "%u s are %u years; with its octets turned round it is %u s.", lifetime,
			   lifetime / YEAR, meant);
}

/* ---- lifetimes and epochs ---- */

static void lifetime_absurd(struct pcp_lint *lint)
{
	if (lint_has_header(lint) && lint->packet.lifetime > 86400 &&
	    lint->packet.lifetime != UINT32_MAX)
		lint_found_lifetime(lint, ": clients believe 24 hours at most.");
}

static void lifetime_forever(struct pcp_lint *lint)
{
	if (lint_has_header(lint) && lint->packet.lifetime == UINT32_MAX)
		lint_found_lifetime(lint, ", the most there is: a static mapping, most likely.");
}

static void epoch_invalid(struct pcp_lint *lint)
{
	const struct pcp_field *field = &pcp_response_fields[HDR_EPOCH];

	if (!lint_has_header(lint) || !lint->context->have_epoch || lint_refuses_version(lint))
		return;
	uint32_t now = pcp_get(field, lint->packet.octets), then = lint->context->epoch;
	uint32_t elapsed = lint->context->elapsed;

	if (!pcp_epoch_goes_on(then, now, elapsed))
		lint_found(
			lint, field->off, field->len,
			"The epoch went on by %lld seconds in %u: the server has lost its state.",
			(long long)now - then, elapsed);
}

static const struct pcp_rule rules[] = {
	RULE("length-too-short", PCP_ERROR, "RFC 6887 8.2, 8.3",
	     "A message has at least the 24 octets of the header.", too_short),
	REFUSED("length-too-long", PCP_ERROR, "RFC 6887 7, 8.2",
		"A message has at most 1100 octets.", too_long, PCP_MALFORMED_REQUEST),
	REFUSED("length-not-multiple-of-4", PCP_ERROR, "RFC 6887 7, 8.2",
		"A message's length is a multiple of 4.", not_by_four, PCP_MALFORMED_REQUEST),
	REFUSED("body-too-short", PCP_ERROR, "RFC 6887 8.2",
		"The opcode's body follows the header, whole.", body_short, PCP_MALFORMED_REQUEST),
	REFUSED("version-unknown", PCP_WARNING, "RFC 6887 8.2, 9", "Version 2 is PCP.",
		version_unknown, PCP_UNSUPP_VERSION),
	RULE("version-1", PCP_ERROR, "RFC 6886 1.1",
	     "Version 1 was never published and must not be used.", version_1),
	RULE("reserved-nonzero", PCP_ERROR, "RFC 6887 7", "Reserved fields are sent as zero.",
	     reserved_nonzero),
	RULE("response-reserved-nonzero", PCP_ERROR, "RFC 6887 7.2",
	     "Octets 12 to 23 of a response are zero when the request could be parsed.",
	     reserved_96, .of = OF_RESPONSE),
	RULE("opcode-reserved", PCP_WARNING, "RFC 6887 19.2",
	     "Opcodes 64 to 95 and 127 are reserved.", opcode_reserved),
	RULE("opcode-unknown", PCP_NOTE, "RFC 6887 19.2",
	     "An opcode without a document is shown as raw octets.", opcode_unknown),
	RULE("opcode-private", PCP_NOTE, "draft-boucadair-pcp-failure-06 B.1",
	     "GET was never assigned an opcode.", opcode_private),
	RULE("opcode-two-meanings", PCP_NOTE, "RFC 7652 7", "Opcode 3 has had two meanings.",
	     opcode_two_meanings),
	RULE("response-r-clear", PCP_ERROR, "RFC 6887 8.3", "Responses have the R bit set.",
	     response_r_clear),
	RULE("request-r-set", PCP_ERROR, "RFC 6887 8.2", "Requests have the R bit clear.",
	     request_r_set),
	RULE("announce-lifetime", PCP_ERROR, "RFC 6887 14.1.1, 14.1.2",
	     "ANNOUNCE carries lifetime 0.", announce_lifetime),
	RULE("announce-answer-lifetime", PCP_WARNING, "RFC 6887 14.1.1",
	     "An ANNOUNCE comes back with lifetime 0.", announce_answer_lifetime),
	RULE("lifetime-turned", PCP_NOTE, "RFC 6887 7; RFC 6886 3.3",
	     "Numbers go on the wire with their highest octet first.", lifetime_turned),
	RULE("lifetime-absurd", PCP_NOTE, "RFC 6887 8.3, 15",
	     "Clients cap lifetimes, for example at 24 hours.", lifetime_absurd, .of = OF_RESPONSE),
	RULE("lifetime-forever", PCP_NOTE, "RFC 6887 11.3",
	     "A static mapping is reported with lifetime 4294967295.", lifetime_forever,
	     .of = OF_RESPONSE),
	RULE("epoch-invalid", PCP_WARNING, "RFC 6887 8.5",
	     "A server's epoch goes on as fast as the client's clock; otherwise its state is lost.",
	     epoch_invalid, .of = OF_RESPONSE),
};

const struct lint_rules lint_header_rules = RULES(rules, NULL);
