/* A response held against its request: RFC 6887 7.3, 8.2, 8.3, 11.4, 12.4, 13; RFC 7753; GET/NEXT.
 */
#include "lint-private.h"

#include <string.h>

#include "text.h"

static bool is_success(const struct pcp_lint *lint)
{
	return lint_is_pair(lint) && lint->packet.result == PCP_SUCCESS;
}

static bool asked_to_delete(const struct pcp_lint *lint)
{
	return lint->request.body->code == PCP_MAP && lint->request.lifetime == 0;
}

/* A granted or renewed mapping, not the answer to a delete. */
static bool is_grant(const struct pcp_lint *lint)
{
	return is_success(lint) && lint_is_mapping(&lint->packet) && !asked_to_delete(lint);
}

static bool same_field(const struct pcp_lint *lint, const char *key)
{
	const struct pcp_field *field = lint_field(&lint->packet, key);

	return memcmp(lint_octets(&lint->packet, key), lint_octets(&lint->request, key),
		      field->len) == 0;
}

static bool has_headers(const struct pcp_lint *lint)
{
	return lint->request.packet && lint->request.request && !lint->packet.request &&
	       !lint->packet.natpmp && !lint->request.natpmp &&
	       lint->packet.len >= PCP_HEADER_LEN && lint->request.len >= PCP_HEADER_LEN;
}

/* ---- header ---- */

static void opcode_changed(struct pcp_lint *lint)
{
	if (has_headers(lint) && lint->packet.packet->opcode != lint->request.packet->opcode)
		lint_found(lint, 1, 1, "Answers opcode %u; the request had %u.",
			   lint->packet.packet->opcode, lint->request.packet->opcode);
}

static void version_changed(struct pcp_lint *lint)
{
	if (has_headers(lint) && lint->packet.result != PCP_UNSUPP_VERSION &&
	    lint->packet.octets[0] != lint->request.octets[0])
		lint_found(lint, 0, 1, "Answers in version %u; the request was version %u.",
			   lint->packet.octets[0], lint->request.octets[0]);
}

static void version_not_refused(struct pcp_lint *lint)
{
	if (has_headers(lint) && lint->request.octets[0] > PCP_VERSION_2 &&
	    lint->packet.result != PCP_UNSUPP_VERSION)
		lint_found(lint, 3, 1, "Version %u is answered with %s instead of UNSUPP_VERSION.",
			   lint->request.octets[0],
			   pcp_result(lint->packet.result) ? pcp_result(lint->packet.result)->name
							   : "another result");
}

/* Each protocol's refusal looks like the other's: RFC 6887 appendix A. */
static void other_protocol(struct pcp_lint *lint)
{
	const struct lint_view *ours = &lint->request, *theirs = &lint->packet;

	if (!ours->packet || !ours->request || theirs->request || ours->natpmp == theirs->natpmp ||
	    theirs->len < 4 || theirs->octets[3] != PCP_UNSUPP_VERSION)
		return;
	lint_found(lint, 0, 1,
		   theirs->natpmp
			   ? "The server speaks NAT-PMP, not PCP."
			   : "The server speaks PCP, not NAT-PMP; octets 4 to 7 are a lifetime.");
}

static void version_offered_again(struct pcp_lint *lint)
{
	if (has_headers(lint) && lint->packet.result == PCP_UNSUPP_VERSION &&
	    lint->packet.octets[0] == lint->request.octets[0])
		lint_found(lint, 0, 1, "It refuses version %u and offers the same.",
			   lint->packet.octets[0]);
}

static void result_unexpected(struct pcp_lint *lint)
{
	struct lint_option option;
	uint8_t result = lint->packet.result;

	if (!lint_is_pair(lint))
		return;
	if ((result == PCP_THIRD_PARTY_ID_UNKNOWN || result == PCP_THIRD_PARTY_MISSING_OPTION ||
	     result == PCP_UNSUPP_THIRD_PARTY_ID_LENGTH) &&
	    !lint_option(&lint->request, PCP_THIRD_PARTY_ID, &option) &&
	    !lint_option(&lint->request, PCP_THIRD_PARTY, &option))
		lint_found(lint, 3, 1, "%s, though the request is about no third party.",
			   pcp_name(pcp_result_names, result));
	if (result == PCP_NO_RESOURCES && asked_to_delete(lint))
		lint_found(lint, 3, 1,
			   "A delete needs no resources: what is not there is a SUCCESS.");
	if (lint->packet.result == PCP_CANNOT_PROVIDE_EXTERNAL &&
	    lint->request.body->code == PCP_MAP &&
	    !lint_option(&lint->request, PCP_PREFER_FAILURE, &option) &&
	    lint_value(&lint->request, "protocol") != PCP_SCTP)
		lint_found(
			lint, 3, 1,
			"CANNOT_PROVIDE_EXTERNAL, though the request did not insist on anything.");
	if (lint->packet.result == PCP_EXCESSIVE_REMOTE_PEERS &&
	    !lint_option(&lint->request, PCP_FILTER, &option))
		lint_found(lint, 3, 1, "EXCESSIVE_REMOTE_PEERS, though the request has no FILTER.");
}

static void lifetime_below_minimum(struct pcp_lint *lint)
{
	if (is_grant(lint) && lint->packet.lifetime && lint->packet.lifetime < 120 &&
	    lint->request.lifetime >= 120)
		lint_found(lint, 4, 4, "%u s; servers should grant no less than 120.",
			   lint->packet.lifetime);
}

/* ---- requests that must be refused ---- */

/* The first rule that the request breaks: any that is an error, or only those whose refusal is laid
 * down. NULL when it breaks none. */
static const struct pcp_rule *request_breaks(const struct pcp_lint *lint, bool refusals)
{
	struct pcp_finding finding[PCP_FINDINGS_MAX];
	size_t n = pcp_lint(lint->request.packet, NULL, finding, PCP_FINDINGS_MAX);

	for (size_t i = 0; i < n && i < PCP_FINDINGS_MAX; i++)
		if (finding[i].rule->severity == PCP_ERROR &&
		    (finding[i].rule->refusal || !refusals))
			return finding[i].rule;
	return NULL;
}

static void malformed_accepted(struct pcp_lint *lint)
{
	const struct pcp_rule *rule = is_success(lint) ? request_breaks(lint, true) : NULL;

	if (rule)
		lint_found(lint, 3, 1, "SUCCESS, though the request breaks %s: %s.", rule->name,
			   pcp_name(pcp_result_names, rule->refusal));
}

static void refused_otherwise(struct pcp_lint *lint)
{
	uint8_t result = lint->packet.result;
	const char *name = pcp_name(pcp_result_names, result);
	const struct pcp_rule *rule;

	if (!lint_is_pair(lint) ||
	    (result != PCP_MALFORMED_REQUEST && result != PCP_MALFORMED_OPTION))
		return;
	rule = request_breaks(lint, true);
	if (!request_breaks(lint, false))
		lint_found(lint, 3, 1, "%s, but nothing wrong is to be seen in the request.", name);
	else if (rule && rule->refusal != result)
		lint_found(lint, 3, 1, "%s; for %s it should be %s.", name, rule->name,
			   pcp_name(pcp_result_names, rule->refusal));
}

/* ---- what is copied ---- */

/* Octets 12 to 23 are the request's when it could not be parsed: RFC 6887 7.2. */
static void reserved_not_copied(struct pcp_lint *lint)
{
	const struct pcp_field *field = &pcp_response_fields[HDR_RESERVED_96];
	static const uint8_t zero[12];

	if (has_headers(lint) && lint->packet.result != PCP_SUCCESS &&
	    memcmp(lint->packet.octets + field->off, zero, field->len) != 0 &&
	    memcmp(lint->packet.octets + field->off, lint->request.octets + field->off,
		   field->len) != 0)
		lint_found(lint, field->off, field->len,
			   "Octets 12 to 23 are neither zero nor the request's.");
}

static void nonce_changed(struct pcp_lint *lint)
{
	if (lint_is_pair(lint) && lint_is_mapping(&lint->packet) &&
	    lint_field(&lint->packet, "nonce") && !same_field(lint, "nonce"))
		found_in(lint, &lint->packet, "nonce",
			 "Not the request's nonce: clients drop the answer.");
}

static void field_changed(struct pcp_lint *lint)
{
	static const char *const key[] = { "protocol", "internal_port", "remote_port",
					   "remote_address" };

	for (size_t i = 0; i < sizeof key / sizeof *key; i++)
		if (lint_is_pair(lint) && lint_is_mapping(&lint->packet) &&
		    lint_field(&lint->packet, key[i]) && !same_field(lint, key[i]))
			found_in(lint, &lint->packet, key[i],
				 "%s is not the request's: clients drop the answer.",
				 lint_field(&lint->packet, key[i])->label);
}

static void get_body_changed(struct pcp_lint *lint)
{
	size_t len;

	if (!lint_is_pair(lint) || lint->packet.body->code != PCP_GET)
		return;
	len = pcp_layout_size(lint->packet.body);
	if (memcmp(lint->packet.octets + PCP_HEADER_LEN, lint->request.octets + PCP_HEADER_LEN,
		   len) != 0)
		lint_found(lint, PCP_HEADER_LEN, len,
			   "The filter is not the request's, bit for bit.");
}

/* Octet i of what an error returns: the request, zeros behind it. */
static uint8_t returned(const struct lint_view *request, size_t i)
{
	return i < request->len ? request->octets[i] : 0;
}

static void error_not_copied(struct pcp_lint *lint)
{
	size_t len = lint->request.len > PCP_MAX_LEN ? PCP_MAX_LEN
						     : (lint->request.len + 3) & ~(size_t)3;

	if (!has_headers(lint) || lint->packet.result == PCP_SUCCESS ||
	    lint->packet.packet->opcode == PCP_AUTHENTICATION ||
	    lint->packet.packet->opcode != lint->request.packet->opcode)
		return;
	for (size_t i = PCP_HEADER_LEN; i < lint->packet.len && i < len; i++)
		if (lint->packet.octets[i] != returned(&lint->request, i)) {
			size_t node = pcp_node_at(lint->packet.packet, i);
			const struct pcp_field *field = lint->packet.packet->node[node].field;

			/* Other rules tell of the fields that answers are matched by. */
			lint_found(lint, i, 1,
				   "An error returns the request as it was; %s differs here.",
				   field->label);
			return;
		}
	if (lint->packet.len != len)
		lint_found(lint, lint->packet.len < len ? lint->packet.len : len, 0,
			   "An error returns the whole request, %zu octets; these are %zu.", len,
			   lint->packet.len);
}

static void delete_copied(struct pcp_lint *lint)
{
	static const char *const key[] = { "*_external_port", "*_external_address" };

	for (size_t i = 0;
	     is_success(lint) && asked_to_delete(lint) && i < sizeof key / sizeof *key; i++)
		if (!same_field(lint, key[i]))
			found_in(lint, &lint->packet, key[i],
				 "The answer to a delete repeats what was suggested.");
}

/* ---- what was granted ---- */

static void delete_lifetime(struct pcp_lint *lint)
{
	if (is_success(lint) && asked_to_delete(lint) && lint->packet.lifetime)
		lint_found(lint, 4, 4, "Deleted, but traffic keeps the mapping for %u s more.",
			   lint->packet.lifetime);
}

static void grant_of_nothing(struct pcp_lint *lint)
{
	if (is_grant(lint) && lint->packet.body->code == PCP_MAP && !lint->packet.lifetime)
		lint_found(lint, 4, 4, "Success with lifetime 0, where %u s were asked for.",
			   lint->request.lifetime);
}

static void lifetime_differs(struct pcp_lint *lint)
{
	if (is_grant(lint) && lint->packet.lifetime &&
	    lint->packet.lifetime != lint->request.lifetime)
		lint_found(lint, 4, 4, "%u s, where %u were asked for.", lint->packet.lifetime,
			   lint->request.lifetime);
}

/* PREFER_FAILURE, or PEER with something suggested (12.1). */
static bool insists(const struct pcp_lint *lint)
{
	struct lint_option option;

	return lint->request.body->code == PCP_PEER ||
	       lint_option(&lint->request, PCP_PREFER_FAILURE, &option);
}

static bool suggestion_passed_over(const struct pcp_lint *lint, const char *key)
{
	if (lint_field(&lint->request, key)->kind == PCP_ADDR)
		return !pcp_addr_is_any(lint_octets(&lint->request, key)) && !same_field(lint, key);
	return lint_value(&lint->request, key) && !same_field(lint, key);
}

static void external_findings(struct pcp_lint *lint, bool insisted, const char *text)
{
	static const char *const key[] = { "*_external_port", "*_external_address" };

	for (size_t i = 0;
	     is_grant(lint) && insists(lint) == insisted && i < sizeof key / sizeof *key; i++)
		if (suggestion_passed_over(lint, key[i]))
			found_in(lint, &lint->packet, key[i], "%s", text);
}

static void external_insisted(struct pcp_lint *lint)
{
	external_findings(lint, true, "The request insisted on another: a stale or wrong answer.");
}

static void external_differs(struct pcp_lint *lint)
{
	external_findings(lint, false, "Another than suggested, which was only a hint.");
}

static void external_family(struct pcp_lint *lint)
{
	if (is_grant(lint) && lint_is_mapping(&lint->request) &&
	    pcp_addr_is_v4(lint_octets(&lint->packet, "*_external_address")) !=
		    pcp_addr_is_v4(lint_octets(&lint->request, "*_external_address")))
		found_in(lint, &lint->packet, "*_external_address",
			 "The suggested address asked for %s.",
			 pcp_addr_is_v4(lint_octets(&lint->request, "*_external_address"))
				 ? "IPv4"
				 : "IPv6");
}

/* ---- options ---- */

static void not_echoed(struct pcp_lint *lint, bool mandatory)
{
	for (struct lint_option o = { 0 }; is_success(lint) && lint_next(&lint->request, &o);)
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
	if (lint_is_pair(lint) && lint->packet.body->code != PCP_AUTHENTICATION)
		not_echoed(lint, true);
}

static void optional_not_echoed(struct pcp_lint *lint)
{
	if (lint_is_pair(lint) && !asked_to_delete(lint))
		not_echoed(lint, false);
}

static void unasked(struct pcp_lint *lint)
{
	for (struct lint_option o = { 0 }, asked;
	     lint_is_pair(lint) && lint_next(&lint->packet, &o);)
		if (o.layout && (o.layout->where & PCP_RESP_IF_ASKED) &&
		    !lint_option(&lint->request, o.tlv.code, &asked))
			lint_found(lint, o.off, PCP_TLV_LEN, "%s, which the request does not have.",
				   o.layout->name);
}

static void third_party_changed(struct pcp_lint *lint)
{
	struct lint_option theirs, ours;

	if (lint_is_pair(lint) && lint_whole_option(&lint->packet, PCP_THIRD_PARTY, &theirs) &&
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

static void option_changed(struct pcp_lint *lint)
{
	struct lint_option ours;

	for (struct lint_option o = { 0 }; is_success(lint) && lint_next(&lint->packet, &o);)
		if ((o.tlv.code == PCP_FILTER || o.tlv.code == PCP_THIRD_PARTY_ID) &&
		    nth_option(&lint->request, o.tlv.code,
			       lint_count(&lint->packet, o.tlv.code, o.off), &ours) &&
		    (o.tlv.len != ours.tlv.len ||
		     memcmp(o.tlv.data, ours.tlv.data, ours.tlv.len) != 0))
			lint_found(lint, o.off, PCP_TLV_LEN + o.tlv.len,
				   "Not the %s of the request.", o.layout->name);
}

static void description_changed(struct pcp_lint *lint)
{
	struct lint_option theirs, ours;

	if (is_success(lint) && lint_option(&lint->packet, PCP_DESCRIPTION, &theirs) &&
	    lint_option(&lint->request, PCP_DESCRIPTION, &ours) &&
	    (theirs.tlv.len != ours.tlv.len ||
	     memcmp(theirs.tlv.data, ours.tlv.data, ours.tlv.len) != 0))
		lint_found(lint, theirs.off + PCP_TLV_LEN, theirs.tlv.len,
			   "The server stored another text than was sent.");
}

static void port_set_grew(struct pcp_lint *lint)
{
	const struct pcp_field *size = &pcp_port_set_fields[PORT_SET_SIZE];
	struct lint_option theirs, ours;

	if (is_success(lint) && lint_whole_option(&lint->packet, PCP_PORT_SET, &theirs) &&
	    lint_whole_option(&lint->request, PCP_PORT_SET, &ours) &&
	    pcp_get(size, theirs.tlv.data) > pcp_get(size, ours.tlv.data))
		lint_found(lint, theirs.off + PCP_TLV_LEN, 2, "%u ports, where %u were asked for.",
			   pcp_get(size, theirs.tlv.data), pcp_get(size, ours.tlv.data));
}

static void port_set_smaller(struct pcp_lint *lint)
{
	const struct pcp_field *size = &pcp_port_set_fields[PORT_SET_SIZE];
	struct lint_option theirs, ours;

	if (is_success(lint) && lint_whole_option(&lint->packet, PCP_PORT_SET, &theirs) &&
	    lint_whole_option(&lint->request, PCP_PORT_SET, &ours) &&
	    pcp_get(size, theirs.tlv.data) < pcp_get(size, ours.tlv.data))
		lint_found(lint, theirs.off + PCP_TLV_LEN, 2, "%u ports, where %u were asked for.",
			   pcp_get(size, theirs.tlv.data), pcp_get(size, ours.tlv.data));
}

/* ---- GET ---- */

static void next_missing(struct pcp_lint *lint)
{
	struct lint_option option;

	if (is_success(lint) && lint->packet.body->code == PCP_GET &&
	    lint_option(&lint->request, PCP_NEXT, &option) &&
	    !lint_option(&lint->packet, PCP_NEXT, &option))
		lint_found(lint, lint->packet.len, 0,
			   "Success, but no NEXT: nothing of the list came.");
}

static void next_more_than_one(struct pcp_lint *lint)
{
	struct lint_option option;
	size_t count = 0;

	if (!is_success(lint) || !lint_whole_option(&lint->request, PCP_NEXT, &option))
		return;
	size_t end =
		pcp_layout_size(option.layout) < 56 ? 3 : 15; /* version 1 has no nonce in front */

	if (!option.tlv.data[end])
		return;
	for (struct lint_option o = { 0 }; lint_next(&lint->packet, &o);)
		if (o.tlv.code == PCP_NEXT && ++count == 2)
			lint_found(lint, o.off, PCP_TLV_LEN,
				   "The request's END asks for one mapping at most.");
}

static void next_unasked(struct pcp_lint *lint)
{
	struct lint_option option, asked;

	if (lint_is_pair(lint) && lint->packet.body->code == PCP_GET &&
	    lint_option(&lint->packet, PCP_NEXT, &option) &&
	    !lint_option(&lint->request, PCP_NEXT, &asked))
		lint_found(lint, option.off, PCP_TLV_LEN,
			   "NEXT, though the request only asks whether there is a mapping.");
}

/* Where a NEXT's field stands in its data: version 1 has no nonce in front. */
static const uint8_t *entry(const struct lint_option *next, size_t index)
{
	size_t shift = pcp_layout_size(next->layout) < 56 ? PCP_NONCE_LEN : 0;

	return next->tlv.data + pcp_next_fields[index].off - shift;
}

static bool is_zero(const struct pcp_field *field, const uint8_t *octets)
{
	if (field->kind == PCP_ADDR)
		return pcp_addr_is_any(octets);
	return pcp_get_at(field, octets, field->len) == 0;
}

/* GET's fields and NEXT's, by which a mapping is told. */
static const uint8_t told_by[][2] = {
	{ GET_PROTOCOL, NEXT_PROTOCOL },
	{ GET_INTERNAL_ADDRESS, NEXT_INTERNAL_ADDRESS },
	{ GET_EXTERNAL_ADDRESS, NEXT_EXTERNAL_ADDRESS },
	{ GET_INTERNAL_PORT, NEXT_INTERNAL_PORT },
	{ GET_EXTERNAL_PORT, NEXT_EXTERNAL_PORT },
};
enum { TOLD_BY = sizeof told_by / sizeof *told_by };

static bool next_entry(const struct lint_view *view, struct lint_option *option)
{
	while (lint_next(view, option))
		if (option->tlv.code == PCP_NEXT && option->layout &&
		    option->tlv.len >= pcp_layout_size(option->layout))
			return true;
	return false;
}

static void next_outside_filter(struct pcp_lint *lint)
{
	if (!is_success(lint) || lint->packet.body->code != PCP_GET)
		return;
	const uint8_t *filter = lint->request.octets + PCP_HEADER_LEN;

	for (struct lint_option o = { 0 }; next_entry(&lint->packet, &o);)
		for (size_t i = 0; i < TOLD_BY; i++) {
			const struct pcp_field *field = &pcp_get_fields[told_by[i][0]];
			const uint8_t *value = entry(&o, told_by[i][1]);

			if (!is_zero(field, filter + field->off) &&
			    memcmp(filter + field->off, value, field->len) != 0)
				lint_found(lint, o.off + PCP_TLV_LEN + (size_t)(value - o.tlv.data),
					   field->len,
					   "%s is not the one that the request filters by.",
					   field->label);
		}
}

static void next_locator_gone(struct pcp_lint *lint)
{
	struct lint_option first = { 0 }, locator = { 0 };

	if (!is_success(lint) || lint->packet.body->code != PCP_GET ||
	    !next_entry(&lint->request, &locator) || !next_entry(&lint->packet, &first))
		return;
	for (size_t i = 0; i < TOLD_BY; i++) {
		const struct pcp_field *field = &pcp_next_fields[told_by[i][1]];
		const uint8_t *ours = entry(&locator, told_by[i][1]);

		if (!is_zero(field, ours) &&
		    memcmp(ours, entry(&first, told_by[i][1]), field->len) != 0) {
			lint_found(lint, first.off, PCP_TLV_LEN,
				   "The list does not start with the mapping that was named: it is "
				   "gone.");
			return;
		}
	}
}

/* ---- AUTHENTICATION ---- */

static bool is_auth_pair(const struct pcp_lint *lint)
{
	return lint_is_pair(lint) && lint_field(&lint->packet, "session_id") &&
	       lint_field(&lint->request, "session_id");
}

static void auth_nonce(struct pcp_lint *lint)
{
	struct lint_option theirs, ours;

	if (!is_auth_pair(lint) || lint->packet.result != PCP_AUTHENTICATION_REQUEST ||
	    !lint_whole_option(&lint->request, PCP_NONCE, &ours))
		return;
	if (!lint_whole_option(&lint->packet, PCP_NONCE, &theirs))
		lint_found(lint, lint->packet.len, 0, "The NONCE of the request is missing.");
	else if (memcmp(theirs.tlv.data, ours.tlv.data, ours.tlv.len) != 0)
		lint_found(lint, theirs.off + PCP_TLV_LEN, theirs.tlv.len,
			   "Not the NONCE of the request: clients drop the answer.");
}

static void auth_session_changed(struct pcp_lint *lint)
{
	if (is_auth_pair(lint) && lint_value(&lint->request, "session_id") &&
	    !same_field(lint, "session_id"))
		found_in(lint, &lint->packet, "session_id", "Another session than the request's.");
}

static bool wanted(const struct lint_option *next, uint8_t code)
{
	size_t tail = pcp_layout_size(next->layout);

	return memchr(next->tlv.data + tail, code, next->tlv.len - tail) != NULL;
}

static void next_option_unasked(struct pcp_lint *lint)
{
	struct lint_option ours;

	if (!is_success(lint) || !lint_whole_option(&lint->request, PCP_NEXT, &ours))
		return;
	for (struct lint_option o = { 0 }; lint_next(&lint->packet, &o);) {
		size_t tail = o.layout ? pcp_layout_size(o.layout) : 0, pos = 0;
		struct pcp_tlv nested;
		bool bad;

		if (o.tlv.code != PCP_NEXT || o.tlv.len < tail)
			continue;
		while (pcp_tlv_next(o.tlv.data + tail, o.tlv.len - tail, &pos, &nested, &bad))
			if (!wanted(&ours, nested.code))
				lint_found(lint, o.off + PCP_TLV_LEN + tail + nested.off,
					   PCP_TLV_LEN,
					   "Option %u in NEXT, which the request did not ask for.",
					   nested.code);
	}
}

static const struct pcp_rule rules[] = {
	RULE("opcode-changed", PCP_ERROR, "RFC 6887 8.2, 8.3",
	     "A response has the opcode of its request.", opcode_changed),
	RULE("version-changed", PCP_ERROR, "RFC 6887 8.2",
	     "A response has the version of its request.", version_changed),
	RULE("version-not-refused", PCP_ERROR, "RFC 6887 8.2, 9",
	     "A version that a server does not speak is answered with UNSUPP_VERSION.",
	     version_not_refused),
	RULE("other-protocol", PCP_NOTE, "RFC 6887 9, A; RFC 6886 1.1",
	     "PCP and NAT-PMP share a port and refuse each other's version.", other_protocol),
	RULE("version-offered-again", PCP_ERROR, "RFC 6887 9",
	     "UNSUPP_VERSION names a version that the server does speak.", version_offered_again),
	RULE("result-unexpected", PCP_WARNING, "RFC 6887 7.4, 11.3, 13.2, 13.3",
	     "Some results need an option or protocol in the request.", result_unexpected),
	RULE("malformed-accepted", PCP_ERROR, "RFC 6887 7.3, 8.2",
	     "A request that must be refused is not granted.", malformed_accepted),
	RULE("refused-otherwise", PCP_NOTE, "RFC 6887 7.4",
	     "A refusal has the most specific result that tells what is wrong.", refused_otherwise),
	RULE("reserved-not-copied", PCP_ERROR, "RFC 6887 7.2",
	     "Octets 12 to 23 of an error are zero or copied from the request.",
	     reserved_not_copied),
	RULE("nonce-changed", PCP_ERROR, "RFC 6887 11.4, 12.4",
	     "A response has the nonce of its request.", nonce_changed),
	RULE("field-changed", PCP_ERROR, "RFC 6887 11.1, 12.1",
	     "Protocol, internal port and remote peer are copied from the request.", field_changed),
	RULE("get-filter-changed", PCP_ERROR, "draft-boucadair-pcp-failure-06 B.1",
	     "The response to GET repeats its body bit for bit.", get_body_changed),
	RULE("error-not-copied", PCP_ERROR, "RFC 6887 7.3, 8.2",
	     "An error is a complete copy of the request behind a header of its own.",
	     error_not_copied),
	RULE("delete-not-copied", PCP_ERROR, "RFC 6887 15.1",
	     "The answer to a delete copies the suggested port and address.", delete_copied),
	RULE("delete-lifetime", PCP_NOTE, "RFC 6887 15", "A delete is answered with lifetime 0.",
	     delete_lifetime),
	RULE("grant-of-nothing", PCP_ERROR, "RFC 6887 11.3", "A mapping is granted for some time.",
	     grant_of_nothing),
	RULE("lifetime-differs", PCP_NOTE, "RFC 6887 15",
	     "Servers may grant another lifetime than asked for.", lifetime_differs),
	RULE("lifetime-below-minimum", PCP_WARNING, "RFC 6887 15",
	     "Servers should grant no less than 120 seconds.", lifetime_below_minimum),
	RULE("prefer-failure-ignored", PCP_ERROR, "RFC 6887 12.3, 13.2",
	     "PREFER_FAILURE and a PEER's suggestion are granted exactly or refused.",
	     external_insisted),
	RULE("external-differs", PCP_NOTE, "RFC 6887 11.2",
	     "Servers may assign another port and address than suggested.", external_differs),
	RULE("external-family", PCP_WARNING, "RFC 6887 5, 10",
	     "The suggested address chooses the external family.", external_family),
	RULE("option-not-processed", PCP_ERROR, "RFC 6887 7.3",
	     "A success returns every option below 128, for all were processed.",
	     mandatory_not_echoed),
	RULE("option-skipped", PCP_NOTE, "RFC 6887 7.3",
	     "An option from 128 on that the success does not return was not processed.",
	     optional_not_echoed),
	RULE("option-unasked", PCP_ERROR, "RFC 6887 7.3, 13",
	     "Some options may stand in a response only if the request had them.", unasked),
	RULE("third-party-changed", PCP_ERROR, "RFC 6887 11.3, 13.1",
	     "THIRD_PARTY comes back with the address that was sent.", third_party_changed),
	RULE("option-changed", PCP_WARNING, "RFC 6887 7.3, 13.3; RFC 7843 5.2",
	     "FILTER and THIRD_PARTY_ID come back as they were sent.", option_changed),
	RULE("description-changed", PCP_NOTE, "RFC 7220 3",
	     "A server returns the DESCRIPTION that it stored.", description_changed),
	RULE("port-set-grew", PCP_ERROR, "RFC 7753 4.2",
	     "A server maps no more ports than asked for.", port_set_grew),
	RULE("port-set-smaller", PCP_NOTE, "RFC 7753 4.2",
	     "A server may map fewer ports than asked for.", port_set_smaller),
	RULE("next-missing", PCP_WARNING, "draft-boucadair-pcp-failure-06 B.6",
	     "A success to GET with NEXT lists mappings.", next_missing),
	RULE("next-more-than-one", PCP_ERROR, "draft-boucadair-pcp-failure-06 B.4",
	     "END in the request asks for one mapping at most.", next_more_than_one),
	RULE("next-unasked", PCP_WARNING, "draft-boucadair-pcp-failure-06 B.6",
	     "Without NEXT, GET only asks whether a mapping exists.", next_unasked),
	RULE("next-outside-filter", PCP_ERROR, "draft-boucadair-pcp-failure-06 B.5",
	     "The mappings listed match the filter.", next_outside_filter),
	RULE("next-locator-gone", PCP_NOTE, "draft-boucadair-pcp-failure-06 B.6",
	     "The list starts with the mapping that the request names, if it is still there.",
	     next_locator_gone),
	RULE("authentication-nonce", PCP_ERROR, "RFC 7652 3.1.1, 5.3",
	     "The server gives the client's NONCE back.", auth_nonce),
	RULE("authentication-session-changed", PCP_ERROR, "RFC 7652 3.1.1",
	     "The messages of a session have its ID.", auth_session_changed),
	RULE("next-option-unasked", PCP_ERROR, "draft-boucadair-pcp-failure-06 B.4",
	     "A NEXT carries only options whose codes the request named.", next_option_unasked),
};

const struct lint_rules lint_pair_rules = RULES(rules);
