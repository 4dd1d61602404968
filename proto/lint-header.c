/* Lengths, the common header, and what holds for any message: RFC 6887 7, 8. */
#include "lint-private.h"

#include <string.h>

#include "epoch.h"
#include "text.h"

static bool is_pcp(const struct pcp_lint *lint)
{
	return !lint->packet.natpmp && lint->packet.len > 0;
}

static bool has_header(const struct pcp_lint *lint)
{
	return is_pcp(lint) && lint->packet.len >= PCP_HEADER_LEN;
}

/* A refusal of the version counts whatever its length is: RFC 6887 8.3. */
static bool refuses_version(const struct pcp_lint *lint)
{
	return !lint->packet.request && lint->packet.len >= 4 &&
	       lint->packet.octets[3] == PCP_UNSUPP_VERSION;
}

static void too_short(struct pcp_lint *lint)
{
	if (!lint->packet.natpmp && lint->packet.len < PCP_HEADER_LEN && !refuses_version(lint))
		lint_found(lint, 0, lint->packet.len, "%zu octet%s; the header alone takes 24.",
			   lint->packet.len, pcp_s(lint->packet.len));
}

static void too_long(struct pcp_lint *lint)
{
	if (lint->packet.len > PCP_MAX_LEN)
		lint_found(lint, PCP_MAX_LEN, lint->packet.len - PCP_MAX_LEN,
			   "%zu octets; 1100 are allowed.", lint->packet.len);
}

static void not_by_four(struct pcp_lint *lint)
{
	size_t left = lint->packet.len % 4;

	if (has_header(lint) && left)
		lint_found(lint, lint->packet.len - left, left,
			   "Its length, %zu, is no multiple of 4.", lint->packet.len);
}

static void body_short(struct pcp_lint *lint)
{
	const struct pcp_packet *packet = lint->packet.packet;
	const struct pcp_layout *body =
		pcp_layout_body(packet->opcode, packet->where, packet->dialects);
	size_t size = body ? pcp_layout_size(body) : 0;

	if (has_header(lint) && body && pcp_where_version(packet->version) &&
	    packet->len < PCP_HEADER_LEN + size && !refuses_version(lint))
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
	if (is_pcp(lint) && lint->packet.octets[0] == PCP_VERSION_1)
		lint_found(lint, 0, 1, "Version 1 was used by drafts only.");
}

static void reserved_nonzero(struct pcp_lint *lint)
{
	const struct pcp_packet *packet = lint->packet.packet;

	for (size_t i = 0; i < packet->nnode; i++) {
		const struct pcp_node *node = &packet->node[i];

		if (!node->field || node->field->kind != PCP_RESERVED ||
		    node->field == &pcp_response_fields[HDR_RESERVED_96])
			continue;
		for (size_t o = 0; o < node->len; o++) {
			uint8_t mask = node->field->mask && node->len == 1
					       ? (uint8_t)node->field->mask
					       : 0xff;

			if (!(packet->octets[node->off + o] & mask))
				continue;
			lint_found(lint, node->off, node->len,
				   "Reserved octets of %s are not zero.", node->layout->name);
			break;
		}
	}
}

static void reserved_96(struct pcp_lint *lint)
{
	const struct pcp_field *field = &pcp_response_fields[HDR_RESERVED_96];
	static const uint8_t zero[12];

	if (has_header(lint) && !lint->packet.request && lint->packet.result == PCP_SUCCESS &&
	    memcmp(lint->packet.octets + field->off, zero, sizeof zero) != 0)
		lint_found(lint, field->off, field->len,
			   "Octets 12 to 23 are not zero, though the request was understood.");
}

static void opcode_reserved(struct pcp_lint *lint)
{
	uint8_t opcode = lint->packet.packet->opcode;

	if (is_pcp(lint) && ((opcode >= 64 && opcode <= 95) || opcode == 127))
		lint_found(lint, 1, 1, "Opcode %u is reserved.", opcode);
}

static void opcode_unknown(struct pcp_lint *lint)
{
	uint8_t opcode = lint->packet.packet->opcode;

	if (is_pcp(lint) && lint->packet.len > 1 && !pcp_name(pcp_opcode_names, opcode))
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
	if (is_pcp(lint) && lint->packet.len > 1 &&
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

static void client_address_mismatch(struct pcp_lint *lint)
{
	const struct pcp_field *field = &pcp_request_fields[REQ_CLIENT];
	const uint8_t *source = lint->context->source;
	char is[PCP_ADDR_TEXT], says[PCP_ADDR_TEXT];

	if (!has_header(lint) || !lint->packet.request || !source)
		return;
	const uint8_t *client = lint->packet.octets + field->off;

	if (memcmp(client, source, PCP_ADDR_LEN) == 0)
		return;
	pcp_addr_text(source, is, sizeof is);
	pcp_addr_text(client, says, sizeof says);
	lint_found(lint, field->off, field->len, "Sent from %s, but says %s: ADDRESS_MISMATCH.", is,
		   says);
}

static void client_address_any(struct pcp_lint *lint)
{
	const struct pcp_field *field = &pcp_request_fields[REQ_CLIENT];

	if (has_header(lint) && lint->packet.request &&
	    pcp_addr_is_any(lint->packet.octets + field->off))
		lint_found(lint, field->off, field->len, "The client address is not filled in.");
}

/* Unique local and link-local addresses: RFC 4193, RFC 4291 2.5.6. */
static void client_address_scope(struct pcp_lint *lint)
{
	const struct pcp_field *field = &pcp_request_fields[REQ_CLIENT];

	if (!has_header(lint) || !lint->packet.request)
		return;
	const uint8_t *client = lint->packet.octets + field->off;

	if ((client[0] & 0xfe) == 0xfc || (client[0] == 0xfe && (client[1] & 0xc0) == 0x80))
		lint_found(
			lint, field->off, field->len,
			"This IPv6 address is not global; requests should come from one that is.");
}

static void lifetime_finding(struct pcp_lint *lint, const char *why)
{
	const struct pcp_field *field = &pcp_response_fields[HDR_LIFETIME];

	lint_found(lint, field->off, field->len, "%u s%s", lint->packet.lifetime, why);
}

static void announce_lifetime(struct pcp_lint *lint)
{
	if (has_header(lint) && lint->packet.packet->opcode == PCP_ANNOUNCE &&
	    lint->packet.lifetime && lint->packet.result == PCP_SUCCESS)
		lifetime_finding(lint, " in ANNOUNCE, where it means nothing.");
}

static void auth_lifetime(struct pcp_lint *lint)
{
	if (has_header(lint) && lint->packet.body &&
	    strcmp(lint->packet.body->name, "AUTHENTICATION") == 0 && lint->packet.lifetime &&
	    (lint->packet.request || lint->packet.result == PCP_AUTHENTICATION_SUCCEEDED))
		lifetime_finding(lint, " in AUTHENTICATION, where it means nothing.");
}

static void get_lifetime(struct pcp_lint *lint)
{
	if (has_header(lint) && lint->packet.packet->opcode == PCP_GET && lint->packet.lifetime &&
	    lint->packet.result == PCP_SUCCESS)
		lifetime_finding(lint, " in GET, where the draft gives it no meaning.");
}

/* ---- results ---- */

static bool is_error(const struct pcp_lint *lint)
{
	return has_header(lint) && !lint->packet.request && lint->packet.result != PCP_SUCCESS &&
	       lint->packet.result != PCP_AUTHENTICATION_SUCCEEDED;
}

static void result_unknown(struct pcp_lint *lint)
{
	if (is_error(lint) && !pcp_result(lint->packet.result))
		lint_found(lint, 3, 1, "No document defines result code %u.", lint->packet.result);
}

/* The opcode whose answers alone have the result; MAP stands for PEER too, ANNOUNCE for any. */
static uint8_t result_opcode(uint8_t result)
{
	switch (result) {
	case PCP_NONEXIST_MAP:
	case PCP_AMBIGUOUS:
		return PCP_GET;
	case PCP_AUTHENTICATION_FAILED:
	case PCP_AUTHENTICATION_SUCCEEDED:
	case PCP_AUTHORIZATION_FAILED:
	case PCP_SESSION_TERMINATED:
	case PCP_DOWNGRADE_ATTACK_DETECTED:
	case PCP_AUTHENTICATION_REQUEST:
		return PCP_AUTHENTICATION;
	case PCP_CANNOT_PROVIDE_EXTERNAL:
	case PCP_EXCESSIVE_REMOTE_PEERS:
	case PCP_THIRD_PARTY_ID_UNKNOWN:
	case PCP_THIRD_PARTY_MISSING_OPTION:
	case PCP_UNSUPP_THIRD_PARTY_ID_LENGTH:
		return PCP_MAP;
	default:
		return PCP_ANNOUNCE;
	}
}

static void result_wrong_opcode(struct pcp_lint *lint)
{
	uint8_t result = lint->packet.result, wanted = result_opcode(result);
	uint8_t opcode = lint->packet.packet->opcode;

	if (!has_header(lint) || wanted == PCP_ANNOUNCE || opcode == wanted ||
	    (wanted == PCP_MAP && opcode == PCP_PEER))
		return;
	lint_found(lint, 3, 1, "%s belongs to %s.", pcp_name(pcp_result_names, result),
		   wanted == PCP_MAP ? "MAP and PEER" : pcp_name(pcp_opcode_names, wanted));
}

static void result_client_only(struct pcp_lint *lint)
{
	uint8_t result = lint->packet.result;

	if (is_error(lint) && (result == PCP_INITIATION || result == PCP_AUTHENTICATION_REPLY))
		lint_found(lint, 3, 1, "%s is what clients send.",
			   pcp_name(pcp_result_names, result));
}

static void error_lifetime_zero(struct pcp_lint *lint)
{
	if (is_error(lint) && !lint->packet.lifetime &&
	    (!pcp_result(lint->packet.result) ||
	     pcp_result(lint->packet.result)->kind != PCP_RESULT_OTHER))
		lifetime_finding(lint, ": taken at its word, the client would ask again at once.");
}

/* RFC 6887 7.4 gives the figures; where it says that the lifetime depends, none is held against it.
 */
static void error_lifetime_unusual(struct pcp_lint *lint)
{
	const struct pcp_result *result = is_error(lint) ? pcp_result(lint->packet.result) : NULL;

	if (!result || !lint->packet.lifetime || lint->packet.result == PCP_NOT_AUTHORIZED ||
	    lint->packet.result == PCP_CANNOT_PROVIDE_EXTERNAL)
		return;
	if (result->kind == PCP_RESULT_LONG && lint->packet.lifetime != 1800)
		lifetime_finding(lint, "; errors that last have 1800.");
	if (result->kind == PCP_RESULT_SHORT && lint->packet.lifetime != 30)
		lifetime_finding(lint, "; errors that pass have 30.");
}

static void lifetime_absurd(struct pcp_lint *lint)
{
	if (has_header(lint) && !lint->packet.request && lint->packet.lifetime > 86400 &&
	    lint->packet.lifetime != UINT32_MAX)
		lifetime_finding(lint, ": clients believe 24 hours at most.");
}

static void lifetime_forever(struct pcp_lint *lint)
{
	if (has_header(lint) && !lint->packet.request && lint->packet.lifetime == UINT32_MAX)
		lifetime_finding(lint, ", the most there is: a static mapping, most likely.");
}

static void epoch_invalid(struct pcp_lint *lint)
{
	const struct pcp_field *field = &pcp_response_fields[HDR_EPOCH];

	if (!has_header(lint) || lint->packet.request || !lint->context->have_epoch ||
	    refuses_version(lint))
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
	RULE("version-1", PCP_WARNING, "RFC 6886 1.1",
	     "Version 1 was never published and must not be used.", version_1),
	RULE("reserved-nonzero", PCP_ERROR, "RFC 6887 7", "Reserved fields are sent as zero.",
	     reserved_nonzero),
	RULE("response-reserved-nonzero", PCP_ERROR, "RFC 6887 7.2",
	     "Octets 12 to 23 of a response are zero when the request could be parsed.",
	     reserved_96),
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
	RULE("client-address-mismatch", PCP_ERROR, "RFC 6887 8.1",
	     "The client address is the one that the request is sent from.",
	     client_address_mismatch),
	RULE("client-address-any", PCP_WARNING, "RFC 6887 8.1", "The client address is filled in.",
	     client_address_any),
	RULE("client-address-scope", PCP_WARNING, "RFC 6887 8.4",
	     "IPv6 requests should come from a global address.", client_address_scope),
	RULE("announce-lifetime", PCP_WARNING, "RFC 6887 14.1.1", "ANNOUNCE carries lifetime 0.",
	     announce_lifetime),
	RULE("authentication-lifetime", PCP_WARNING, "RFC 7652 5.1",
	     "AUTHENTICATION carries lifetime 0.", auth_lifetime),
	RULE("get-lifetime", PCP_NOTE, "draft-boucadair-pcp-failure-06 B.1",
	     "GET has no use for a lifetime; 0 is best.", get_lifetime),
	RULE("result-unknown", PCP_WARNING, "RFC 6887 19.3", "Result codes come from the registry.",
	     result_unknown),
	RULE("result-wrong-opcode", PCP_WARNING, "RFC 6887 7.4; RFC 7652 7; RFC 7843 4.1",
	     "Some results are answers to certain opcodes only.", result_wrong_opcode),
	RULE("result-client-only", PCP_WARNING, "RFC 7652 7",
	     "INITIATION and AUTHENTICATION_REPLY are sent by clients.", result_client_only),
	RULE("error-lifetime-zero", PCP_WARNING, "RFC 6887 7.4",
	     "An error says how long it is expected to last.", error_lifetime_zero),
	RULE("error-lifetime-unusual", PCP_NOTE, "RFC 6887 7.4",
	     "Errors that last should have lifetime 1800, errors that pass 30.",
	     error_lifetime_unusual),
	RULE("lifetime-absurd", PCP_NOTE, "RFC 6887 8.3, 15",
	     "Clients cap lifetimes, for example at 24 hours.", lifetime_absurd),
	RULE("lifetime-forever", PCP_NOTE, "RFC 6887 11.3",
	     "A static mapping is reported with lifetime 4294967295.", lifetime_forever),
	RULE("epoch-invalid", PCP_WARNING, "RFC 6887 8.5",
	     "A server's epoch goes on as fast as the client's clock; otherwise its state is lost.",
	     epoch_invalid),
};

const struct lint_rules lint_header_rules = RULES(rules);
