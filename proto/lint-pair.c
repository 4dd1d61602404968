/* A response held against its request: RFC 6887 7.3, 8.2, 8.3, 11.4, 12.4, 13; RFC 7753; GET/NEXT.
 */
#include "lint-private.h"

#include <string.h>

#include "text.h"

/* ---- header ---- */

static void opcode_changed(struct pcp_lint *lint)
{
	if (lint->packet.packet->opcode != lint->request.packet->opcode)
		lint_found(lint, 1, 1, "Answers opcode %u; the request had %u.",
			   lint->packet.packet->opcode, lint->request.packet->opcode);
}

static void version_changed(struct pcp_lint *lint)
{
	if (lint->packet.result != PCP_UNSUPP_VERSION &&
	    lint->packet.octets[0] != lint->request.octets[0])
		lint_found(lint, 0, 1, "Answers in version %u; the request was version %u.",
			   lint->packet.octets[0], lint->request.octets[0]);
}

static void lifetime_below_minimum(struct pcp_lint *lint)
{
	if (lint->packet.body->code == PCP_MAP && lint->packet.lifetime &&
	    lint->packet.lifetime < 120 && lint->request.lifetime >= 120)
		lint_found(lint, 4, 4, "%u s; servers should grant no less than 120.",
			   lint->packet.lifetime);
}

/* ---- requests that must be refused ---- */

/* ---- what is copied ---- */

static void nonce_changed(struct pcp_lint *lint)
{
	if (lint_field(&lint->packet, LINT_NONCE) && !lint_same_field(lint, LINT_NONCE))
		found_in(lint, &lint->packet, LINT_NONCE,
			 "Not the request's nonce: clients drop the answer.");
}

/* A set that overlaps others is answered for each of them, with their own internal ports: RFC
 * 7753 4.4.1, 5.3. */
static bool is_overlapped(const struct pcp_lint *lint)
{
	const struct pcp_field *size = &pcp_port_set_fields[PORT_SET_SIZE];
	uint32_t from = lint_value(&lint->request, LINT_INTERNAL_PORT);
	uint32_t at = lint_value(&lint->packet, LINT_INTERNAL_PORT);
	struct lint_option ours, theirs;

	return lint->packet.result == PCP_SUCCESS &&
	       lint_whole_option(&lint->request, PCP_PORT_SET, &ours) &&
	       (lint_option(&lint->packet, PCP_PORT_SET, &theirs) ||
		(at >= from && at < from + pcp_get(size, ours.tlv.data)));
}

static void field_changed(struct pcp_lint *lint)
{
	static const enum lint_key key[] = { LINT_PROTOCOL, LINT_INTERNAL_PORT, LINT_REMOTE_PORT,
					     LINT_REMOTE_ADDRESS };

	for (size_t i = 0; i < sizeof key / sizeof *key; i++)
		if (lint_field(&lint->packet, key[i]) && !lint_same_field(lint, key[i]) &&
		    !(key[i] == LINT_INTERNAL_PORT && is_overlapped(lint)))
			found_in(lint, &lint->packet, key[i],
				 "%s is not the request's: clients drop the answer.",
				 lint_field(&lint->packet, key[i])->label);
}

/* Octets 12 to 23 are zero when the request was parsed, else the request's (RFC 6887 7.2). Where
 * the result tells that it was parsed, response-reserved-nonzero says so. */
static void reserved_not_copied(struct pcp_lint *lint)
{
	const struct pcp_field *field = &pcp_response_fields[HDR_RESERVED_96];
	static const uint8_t zero[12];

	if (!lint->packet.own && memcmp(lint->packet.octets + field->off, zero, field->len) != 0 &&
	    memcmp(lint->packet.octets + field->off, lint->request.octets + field->off,
		   field->len) != 0)
		lint_found(lint, field->off, field->len,
			   "Octets 12 to 23 are neither zero nor the request's.");
}

/* What an error returns of its request from octet 24 on, zeros behind it up to a multiple of 4. */
struct copy {
	const struct lint_view *request;
	size_t len;	 /* octets of the answer */
	size_t left_out; /* where the answer ends that leaves NEXT out; 0: nowhere */
};

static struct copy copy_of(const struct pcp_lint *lint)
{
	struct copy copy = { .request = &lint->request };
	uint8_t result = lint->packet.result;

	copy.len = lint->request.len > PCP_MAX_LEN ? PCP_MAX_LEN : lint->request.len + 3;
	copy.len &= ~(size_t)3;
	/* NONEXIST_MAP and AMBIGUOUS come without NEXT, or as other errors: the draft's B.6. */
	for (struct lint_option o = { 0 };
	     (result == PCP_NONEXIST_MAP || result == PCP_AMBIGUOUS) && !copy.left_out &&
	     lint_next(&lint->request, &o);)
		if (o.tlv.code == PCP_NEXT)
			copy.left_out = o.off;
	return copy;
}

/* Bits of that octet that the request should not have used; a server may zero them. */
static uint8_t reserved_bits(const struct pcp_packet *packet, size_t off)
{
	for (size_t i = 0; i < packet->nnode; i++) {
		const struct pcp_node *node = &packet->node[i];

		if (node->field && node->field->kind == PCP_RESERVED && off >= node->off &&
		    off < node->off + node->len)
			return node->field->mask && node->len == 1 ? (uint8_t)node->field->mask
								   : 0xff;
	}
	return 0;
}

static bool is_copied(const struct pcp_lint *lint, size_t off)
{
	const struct lint_view *request = &lint->request;
	uint8_t ours = off < request->len ? request->octets[off] : 0;
	uint8_t theirs = lint->packet.octets[off];

	return ours == theirs ||
	       (off < request->len && theirs == (ours & ~reserved_bits(request->packet, off)));
}

static void error_not_copied(struct pcp_lint *lint)
{
	size_t len = lint->packet.len;
	struct copy copy;

	if (lint->packet.own || lint->packet.packet->opcode != lint->request.packet->opcode)
		return;
	copy = copy_of(lint);
	for (size_t i = PCP_HEADER_LEN; i < len && i < copy.len; i++)
		if (!is_copied(lint, i)) {
			size_t node = pcp_node_at(lint->packet.packet, i);

			/* Other rules tell of the fields that answers are matched by. */
			lint_found(lint, i, 1,
				   "An error returns the request as it was; %s differs here.",
				   lint->packet.packet->node[node].field->label);
			return;
		}
	if (lint->packet.wire != copy.len && (!copy.left_out || len != copy.left_out))
		lint_found(lint, len < copy.len ? len : copy.len, 0,
			   "An error returns the whole request, %zu octets; these are %zu.",
			   copy.len, lint->packet.wire);
}

static void delete_copied(struct pcp_lint *lint)
{
	static const enum lint_key key[] = { LINT_EXTERNAL_PORT, LINT_EXTERNAL_ADDRESS };

	for (size_t i = 0; lint_asked_to_delete(lint) && i < sizeof key / sizeof *key; i++)
		if (!lint_same_field(lint, key[i]))
			found_in(lint, &lint->packet, key[i],
				 "The answer to a delete repeats what was suggested.");
}

/* RFC 6887 11.3: who comes with another nonce is refused, whatever is asked for. */
static void taken_over(struct pcp_lint *lint)
{
	const uint8_t *nonce = lint_octets(&lint->packet, LINT_NONCE);

	if (lint->context->holder && nonce && lint->packet.result == PCP_SUCCESS &&
	    memcmp(nonce, lint->context->holder, PCP_NONCE_LEN) != 0)
		found_in(lint, &lint->packet, LINT_NONCE,
			 "The mapping stands with another nonce: NOT_AUTHORIZED was due.");
}

/* ---- what was granted ---- */

static void delete_lifetime(struct pcp_lint *lint)
{
	if (lint_asked_to_delete(lint) && lint->packet.lifetime)
		lint_found(lint, 4, 4, "Deleted, but traffic keeps the mapping for %u s more.",
			   lint->packet.lifetime);
}

static void grant_of_nothing(struct pcp_lint *lint)
{
	if (lint->packet.body->code == PCP_MAP && !lint->packet.lifetime)
		lint_found(lint, 4, 4, "Success with lifetime 0, where %u s were asked for.",
			   lint->request.lifetime);
}

static void lifetime_differs(struct pcp_lint *lint)
{
	if (lint->packet.lifetime && lint->packet.lifetime != lint->request.lifetime)
		lint_found(lint, 4, 4, "%u s, where %u were asked for.", lint->packet.lifetime,
			   lint->request.lifetime);
}

static bool prefers_failure(const struct pcp_lint *lint)
{
	struct lint_option option;

	return lint_option(&lint->request, PCP_PREFER_FAILURE, &option);
}

static bool suggestion_passed_over(const struct pcp_lint *lint, enum lint_key key)
{
	if (lint_field(&lint->request, key)->kind == PCP_ADDR)
		return !pcp_addr_is_any(lint_octets(&lint->request, key)) &&
		       !lint_same_field(lint, key);
	return lint_value(&lint->request, key) && !lint_same_field(lint, key);
}

static void passed_over(struct pcp_lint *lint, const char *text)
{
	static const enum lint_key key[] = { LINT_EXTERNAL_PORT, LINT_EXTERNAL_ADDRESS };

	for (size_t i = 0; i < sizeof key / sizeof *key; i++)
		if (suggestion_passed_over(lint, key[i]))
			found_in(lint, &lint->packet, key[i], "%s", text);
}

static void prefer_failure_ignored(struct pcp_lint *lint)
{
	if (prefers_failure(lint))
		passed_over(lint, "PREFER_FAILURE insisted on another: a stale answer, or a server "
				  "that ignores the option.");
}

/* A PEER insists too, but not about a mapping that exists already, and nobody outside can tell
 * whether there was one: RFC 6887 12.3. */
static void external_differs(struct pcp_lint *lint)
{
	if (!prefers_failure(lint))
		passed_over(lint, lint->request.body->code == PCP_PEER
					  ? "Another than suggested: the mapping was there before."
					  : "Another than suggested, which was only a hint.");
}

static void external_family(struct pcp_lint *lint)
{
	if (lint_is_mapping(&lint->request) &&
	    pcp_addr_is_v4(lint_octets(&lint->packet, LINT_EXTERNAL_ADDRESS)) !=
		    pcp_addr_is_v4(lint_octets(&lint->request, LINT_EXTERNAL_ADDRESS)))
		found_in(lint, &lint->packet, LINT_EXTERNAL_ADDRESS,
			 "The suggested address asked for %s.",
			 pcp_addr_is_v4(lint_octets(&lint->request, LINT_EXTERNAL_ADDRESS))
				 ? "IPv4"
				 : "IPv6");
}

/* ---- options ---- */

static void not_echoed(struct pcp_lint *lint, bool mandatory)
{
	for (struct lint_option o = { 0 }; lint_next(&lint->request, &o);)
		if ((o.tlv.code < PCP_OPTIONAL) == mandatory &&
		    o.tlv.code != PCP_NEXT /* has rules of its own */ &&
		    lint_count(&lint->packet, o.tlv.code, SIZE_MAX) <=
			    lint_count(&lint->request, o.tlv.code, o.off))
			lint_found(
				lint, lint->packet.len, 0,
				mandatory
					? "%s is missing: the server must process it, or refuse it."
					: "%s is missing: the server did not act on it.",
				o.layout ? o.layout->name : "An option of the request");
}

static void mandatory_not_echoed(struct pcp_lint *lint)
{
	if (lint->packet.body->code != PCP_AUTHENTICATION)
		not_echoed(lint, true);
}

static void optional_not_echoed(struct pcp_lint *lint)
{
	if (!lint_asked_to_delete(lint))
		not_echoed(lint, false);
}

static void unasked(struct pcp_lint *lint)
{
	for (struct lint_option o = { 0 }, asked; lint_next(&lint->packet, &o);)
		if (o.layout && (o.layout->where & PCP_RESP_IF_ASKED) &&
		    !lint_option(&lint->request, o.tlv.code, &asked))
			lint_found(lint, o.off, PCP_TLV_LEN, "%s, which the request does not have.",
				   o.layout->name);
}

static void third_party_changed(struct pcp_lint *lint)
{
	struct lint_option theirs, ours;

	if (lint_whole_option(&lint->packet, PCP_THIRD_PARTY, &theirs) &&
	    lint_whole_option(&lint->request, PCP_THIRD_PARTY, &ours) &&
	    memcmp(theirs.tlv.data, ours.tlv.data, PCP_ADDR_LEN) != 0)
		lint_found(lint, theirs.off + PCP_TLV_LEN, PCP_ADDR_LEN,
			   "Not the third party of the request.");
}

/* The nth option with that code. */
static bool nth_option(const struct lint_view *view, uint8_t code, size_t nth,
		       struct lint_option *option)
{
	*option = (struct lint_option){ 0 };
	while (lint_next(view, option))
		if (option->tlv.code == code && nth-- == 0)
			return true;
	return false;
}

/* Whether the data are the same, but for the octet that FILTER reserves, which a server clears. */
static bool same_data(const struct pcp_tlv *a, const struct pcp_tlv *b)
{
	size_t skip =
		a->code == PCP_FILTER && a->len > 0 ? pcp_filter_fields[FILTER_RESERVED].len : 0;

	return a->len == b->len && memcmp(a->data + skip, b->data + skip, a->len - skip) == 0;
}

static void option_changed(struct pcp_lint *lint)
{
	struct lint_option ours;

	for (struct lint_option o = { 0 }; lint_next(&lint->packet, &o);)
		if ((o.tlv.code == PCP_FILTER || o.tlv.code == PCP_THIRD_PARTY_ID) &&
		    nth_option(&lint->request, o.tlv.code,
			       lint_count(&lint->packet, o.tlv.code, o.off), &ours) &&
		    !same_data(&o.tlv, &ours.tlv))
			lint_found(lint, o.off, PCP_TLV_LEN + o.tlv.len,
				   "Not the %s of the request.", o.layout->name);
}

static void description_changed(struct pcp_lint *lint)
{
	struct lint_option theirs, ours;

	if (lint_option(&lint->packet, PCP_DESCRIPTION, &theirs) &&
	    lint_option(&lint->request, PCP_DESCRIPTION, &ours) &&
	    (theirs.tlv.len != ours.tlv.len ||
	     memcmp(theirs.tlv.data, ours.tlv.data, ours.tlv.len) != 0))
		lint_found(lint, theirs.off + PCP_TLV_LEN, theirs.tlv.len,
			   "The server stored another text than was sent.");
}

/* Sets that overlap others are answered with those (RFC 7753 4.4.1); one that lies apart is
 * nobody's. */
static void port_set_outside(struct pcp_lint *lint)
{
	const struct pcp_field *size = &pcp_port_set_fields[PORT_SET_SIZE],
			       *first = &pcp_port_set_fields[PORT_SET_FIRST_PORT];
	struct lint_option theirs, ours;

	if (!lint_whole_option(&lint->packet, PCP_PORT_SET, &theirs) ||
	    !lint_whole_option(&lint->request, PCP_PORT_SET, &ours))
		return;
	uint32_t from = pcp_get(first, ours.tlv.data), to = from + pcp_get(size, ours.tlv.data);
	uint32_t at = pcp_get(first, theirs.tlv.data), end = at + pcp_get(size, theirs.tlv.data);

	if (at >= to || end <= from)
		lint_found(lint, theirs.off + PCP_TLV_LEN + first->off, first->len,
			   "Ports %u to %u, where %u to %u were asked for.", at, end - 1, from,
			   to - 1);
}

static void port_set_grew(struct pcp_lint *lint)
{
	const struct pcp_field *size = &pcp_port_set_fields[PORT_SET_SIZE];
	struct lint_option theirs, ours;

	if (lint_whole_option(&lint->packet, PCP_PORT_SET, &theirs) &&
	    lint_whole_option(&lint->request, PCP_PORT_SET, &ours) &&
	    pcp_get(size, theirs.tlv.data) > pcp_get(size, ours.tlv.data))
		lint_found(lint, theirs.off + PCP_TLV_LEN, 2, "%u ports, where %u were asked for.",
			   pcp_get(size, theirs.tlv.data), pcp_get(size, ours.tlv.data));
}

static void port_set_smaller(struct pcp_lint *lint)
{
	const struct pcp_field *size = &pcp_port_set_fields[PORT_SET_SIZE];
	struct lint_option theirs, ours;

	if (lint_whole_option(&lint->packet, PCP_PORT_SET, &theirs) &&
	    lint_whole_option(&lint->request, PCP_PORT_SET, &ours) &&
	    pcp_get(size, theirs.tlv.data) < pcp_get(size, ours.tlv.data))
		lint_found(lint, theirs.off + PCP_TLV_LEN, 2, "%u ports, where %u were asked for.",
			   pcp_get(size, theirs.tlv.data), pcp_get(size, ours.tlv.data));
}

/* ---- GET ---- */

/* ---- AUTHENTICATION ---- */

static bool of_pair(const struct pcp_lint *lint)
{
	return lint->request.packet && !lint->packet.request;
}

static const struct pcp_rule rules[] = {
	RULE("opcode-changed", PCP_ERROR, "RFC 6887 8.2, 8.3",
	     "A response has the opcode of its request.", opcode_changed, .of = OF_ANSWER),
	RULE("version-changed", PCP_ERROR, "RFC 6887 8.2",
	     "A response has the version of its request.", version_changed, .of = OF_ANSWER),
	RULE("reserved-not-copied", PCP_ERROR, "RFC 6887 7.2",
	     "Octets 12 to 23 of an error are zero or copied from the request.",
	     reserved_not_copied, .of = OF_ANSWER),
	RULE("nonce-changed", PCP_ERROR, "RFC 6887 11.4, 12.4",
	     "A response has the nonce of its request.", nonce_changed, .of = OF_PAIR | OF_MAPPING),
	RULE("field-changed", PCP_ERROR, "RFC 6887 11.1, 12.1",
	     "Protocol, internal port and remote peer are copied from the request.", field_changed,
	     .of = OF_PAIR | OF_MAPPING),
	RULE("error-not-copied", PCP_ERROR, "RFC 6887 7.3, 8.2",
	     "An error is a complete copy of the request behind a header of its own.",
	     error_not_copied, .of = OF_ANSWER),
	RULE("mapping-taken-over", PCP_ERROR, "RFC 6887 11.3, 12.3",
	     "A mapping that stands is nobody's without its nonce.", taken_over,
	     .of = OF_RESPONSE | OF_MAPPING),
	RULE("delete-not-copied", PCP_ERROR, "RFC 6887 15.1",
	     "The answer to a delete copies the suggested port and address.", delete_copied,
	     .of = OF_SUCCESS),
	RULE("delete-lifetime", PCP_NOTE, "RFC 6887 15", "A delete is answered with lifetime 0.",
	     delete_lifetime, .of = OF_SUCCESS),
	RULE("grant-of-nothing", PCP_ERROR, "RFC 6887 11.3", "A mapping is granted for some time.",
	     grant_of_nothing, .of = OF_GRANT),
	RULE("lifetime-differs", PCP_NOTE, "RFC 6887 15",
	     "Servers may grant another lifetime than asked for.", lifetime_differs,
	     .of = OF_GRANT),
	RULE("lifetime-below-minimum", PCP_WARNING, "RFC 6887 15",
	     "Servers should grant no less than 120 seconds.", lifetime_below_minimum,
	     .of = OF_GRANT),
	RULE("prefer-failure-ignored", PCP_ERROR, "RFC 6887 13.2",
	     "PREFER_FAILURE is granted exactly or refused.", prefer_failure_ignored,
	     .of = OF_GRANT),
	RULE("external-differs", PCP_NOTE, "RFC 6887 11.2",
	     "Servers may assign another port and address than suggested.", external_differs,
	     .of = OF_GRANT),
	RULE("external-family", PCP_NOTE, "RFC 6887 5, 10",
	     "The suggested address chooses the external family.", external_family, .of = OF_GRANT),
	RULE("option-not-processed", PCP_ERROR, "RFC 6887 7.3",
	     "A success returns every option below 128, for all were processed.",
	     mandatory_not_echoed, .of = OF_SUCCESS),
	RULE("option-skipped", PCP_NOTE, "RFC 6887 7.3",
	     "An option from 128 on that the success does not return was not processed.",
	     optional_not_echoed, .of = OF_SUCCESS),
	RULE("option-unasked", PCP_ERROR, "RFC 6887 7.3, 13",
	     "Some options may stand in a response only if the request had them.", unasked,
	     .of = OF_PAIR | OF_OPTION),
	RULE("third-party-changed", PCP_ERROR, "RFC 6887 11.3, 13.1",
	     "THIRD_PARTY comes back with the address that was sent.", third_party_changed,
	     .of = OF_PAIR, .about = PCP_THIRD_PARTY),
	RULE("option-changed", PCP_WARNING, "RFC 6887 7.3, 13.3; RFC 7843 5.2",
	     "FILTER and THIRD_PARTY_ID come back as they were sent.", option_changed,
	     .of = OF_SUCCESS | OF_OPTION),
	RULE("description-changed", PCP_NOTE, "RFC 7220 3",
	     "A server returns the DESCRIPTION that it stored.", description_changed,
	     .of = OF_SUCCESS, .about = PCP_DESCRIPTION),
	RULE("port-set-outside", PCP_ERROR, "RFC 7753 4.2",
	     "A server maps ports of the range that was asked for.", port_set_outside,
	     .of = OF_SUCCESS, .about = PCP_PORT_SET),
	RULE("port-set-grew", PCP_ERROR, "RFC 7753 4.2",
	     "A server maps no more ports than asked for.", port_set_grew, .of = OF_SUCCESS,
	     .about = PCP_PORT_SET),
	RULE("port-set-smaller", PCP_NOTE, "RFC 7753 4.2",
	     "A server may map fewer ports than asked for.", port_set_smaller, .of = OF_SUCCESS,
	     .about = PCP_PORT_SET),
};

const struct lint_rules lint_pair_rules = RULES(rules, of_pair);
