/* GET and its NEXT, alone and against the request: draft-boucadair-pcp-failure-06 B. */
#include "lint-private.h"

#include <string.h>

#include "text.h"

static void get_lifetime(struct pcp_lint *lint)
{
	if (lint_has_header(lint) && lint->packet.packet->opcode == PCP_GET &&
	    lint->packet.lifetime && lint->packet.result == PCP_SUCCESS)
		lint_found_lifetime(lint, " in GET, where the draft gives it no meaning.");
}

static void get_port_of_any(struct pcp_lint *lint)
{
	static const enum lint_key key[] = { LINT_INTERNAL_PORT, LINT_LISTED_PORT };

	for (size_t i = 0; lint_is_request(lint, PCP_GET) && i < sizeof key / sizeof *key; i++)
		if (!lint_value(&lint->packet, LINT_PROTOCOL) && lint_value(&lint->packet, key[i]))
			found_in(lint, &lint->packet, key[i], "A port, but any protocol.");
}

/* ---- entries ---- */

static bool next_entry(const struct lint_view *view, struct lint_option *option)
{
	while (lint_next(view, option))
		if (option->tlv.code == PCP_NEXT && option->layout && lint_length_fits(option))
			return true;
	return false;
}

#define each(lint, option)                                                                         \
	for (struct lint_option option = { 0 }; next_entry(&(lint)->packet, &option);)

/* From the packet's start. */
static size_t next_at(const struct lint_view *view, const struct lint_option *next, size_t index)
{
	return next->off + PCP_TLV_LEN + lint_next_at(view, index);
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

static void next_locator(struct pcp_lint *lint)
{
	if (!lint->packet.request)
		return;
	each(lint, option)
	{
		int set = (lint_next_value(&lint->packet, &option, NEXT_PROTOCOL) != 0) +
			  !pcp_addr_is_any(
				  lint_next_octets(&lint->packet, &option, NEXT_INTERNAL_ADDRESS)) +
			  !pcp_addr_is_any(
				  lint_next_octets(&lint->packet, &option, NEXT_EXTERNAL_ADDRESS)) +
			  (lint_next_value(&lint->packet, &option, NEXT_INTERNAL_PORT) != 0) +
			  (lint_next_value(&lint->packet, &option, NEXT_EXTERNAL_PORT) != 0);

		if (set && set < 5)
			lint_found(
				lint, option.off + PCP_TLV_LEN, option.tlv.len,
				"A locator with %d of its 5 fields set: it is undefined (none) or "
				"defined (all).",
				set);
	}
}

static void next_lifetime(struct pcp_lint *lint)
{
	if (!lint->packet.request)
		return;
	each(lint, option) if (lint_next_value(&lint->packet, &option, NEXT_LIFETIME))
		lint_found(lint, next_at(&lint->packet, &option, NEXT_LIFETIME), 4,
			   "A request has remaining lifetime 0.");
}

static void next_end_value(struct pcp_lint *lint)
{
	each(lint, option) if (lint_next_value(&lint->packet, &option, NEXT_END) > 1)
		lint_found(lint, next_at(&lint->packet, &option, NEXT_END), 1,
			   "END is written as %u; 1 is recommended.",
			   lint_next_value(&lint->packet, &option, NEXT_END));
}

static void next_after_end(struct pcp_lint *lint)
{
	bool ended = false;

	if (lint->packet.request)
		return;
	each(lint, option)
	{
		if (ended)
			lint_found(lint, option.off, PCP_TLV_LEN,
				   "An entry follows the one that is marked END.");
		ended = ended || lint_next_value(&lint->packet, &option, NEXT_END);
	}
}

static void next_overrun(struct pcp_lint *lint)
{
	if (lint->packet.request)
		return;
	each(lint, option)
	{
		size_t tail = pcp_layout_size(option.layout), pos = 0;
		struct pcp_tlv nested;
		bool bad = false;

		while (pcp_tlv_next(option.tlv.data + tail, option.tlv.len - tail, &pos, &nested,
				    &bad))
			;
		if (bad)
			lint_found(lint, option.off + PCP_TLV_LEN + tail + pos,
				   option.tlv.len - tail - pos,
				   "An option in NEXT runs past NEXT's end.");
	}
}

static void next_code(struct pcp_lint *lint)
{
	if (!lint->packet.request)
		return;
	each(lint, option)
	{
		size_t tail = pcp_layout_size(option.layout);
		uint16_t where = pcp_where_nested(lint->packet.packet->where);

		for (size_t i = tail; i < option.tlv.len; i++)
			if (!pcp_layout_option(option.tlv.data[i], where, 0))
				lint_found(lint, option.off + PCP_TLV_LEN + i, 1,
					   "It asks for option %u, which no document defines.",
					   option.tlv.data[i]);
	}
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

static void next_missing(struct pcp_lint *lint)
{
	struct lint_option option;

	if (lint_is_success(lint) && lint->packet.body->code == PCP_GET &&
	    lint_option(&lint->request, PCP_NEXT, &option) &&
	    !lint_option(&lint->packet, PCP_NEXT, &option))
		lint_found(lint, lint->packet.len, 0,
			   "Success, but no NEXT: nothing of the list came.");
}

static void next_more_than_one(struct pcp_lint *lint)
{
	struct lint_option option;
	size_t count = 0;

	if (!lint_is_success(lint) || !lint_whole_option(&lint->request, PCP_NEXT, &option))
		return;
	if (!lint_next_value(&lint->request, &option, NEXT_END))
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

static bool is_zero(const struct pcp_field *field, const uint8_t *octets)
{
	if (field->kind == PCP_ADDR)
		return pcp_addr_is_any(octets);
	return pcp_get_at(field, octets, field->len) == 0;
}

static void next_outside_filter(struct pcp_lint *lint)
{
	if (!lint_is_success(lint) || lint->packet.body->code != PCP_GET)
		return;
	const uint8_t *filter = lint->request.octets + PCP_HEADER_LEN;

	for (struct lint_option o = { 0 }; next_entry(&lint->packet, &o);)
		for (size_t i = 0; i < TOLD_BY; i++) {
			const struct pcp_field *field = &pcp_get_fields[told_by[i][0]];
			const uint8_t *value = lint_next_octets(&lint->packet, &o, told_by[i][1]);

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

	if (!lint_is_success(lint) || lint->packet.body->code != PCP_GET ||
	    !next_entry(&lint->request, &locator) || !next_entry(&lint->packet, &first))
		return;
	for (size_t i = 0; i < TOLD_BY; i++) {
		const struct pcp_field *field = &pcp_next_fields[told_by[i][1]];
		const uint8_t *ours = lint_next_octets(&lint->request, &locator, told_by[i][1]);

		if (!is_zero(field, ours) &&
		    memcmp(ours, lint_next_octets(&lint->packet, &first, told_by[i][1]),
			   field->len) != 0) {
			lint_found(lint, first.off, PCP_TLV_LEN,
				   "The list does not start with the mapping that was named: it is "
				   "gone.");
			return;
		}
	}
}

static bool wanted(const struct lint_option *next, uint8_t code)
{
	size_t tail = pcp_layout_size(next->layout);

	return memchr(next->tlv.data + tail, code, next->tlv.len - tail) != NULL;
}

static void next_option_unasked(struct pcp_lint *lint)
{
	struct lint_option ours;

	if (!lint_is_success(lint) || !lint_whole_option(&lint->request, PCP_NEXT, &ours))
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

static bool of_get(const struct pcp_lint *lint)
{
	const struct lint_view *request = &lint->request;

	return lint->packet.packet->opcode == PCP_GET || lint_has_code(&lint->packet, PCP_NEXT) ||
	       (request->packet &&
		(request->packet->opcode == PCP_GET || lint_has_code(request, PCP_NEXT)));
}

static const struct pcp_rule rules[] = {
	RULE("get-lifetime", PCP_NOTE, "draft-boucadair-pcp-failure-06 B.1",
	     "GET has no use for a lifetime; 0 is best.", get_lifetime),
	RULE("get-port-of-any-protocol", PCP_WARNING, "draft-boucadair-pcp-failure-06 B.1",
	     "A filter with a port names the protocol.", get_port_of_any),
	RULE("next-locator-half", PCP_WARNING, "draft-boucadair-pcp-failure-06 B.4",
	     "A locator has all of its fields set, or none.", next_locator),
	RULE("next-lifetime", PCP_WARNING, "draft-boucadair-pcp-failure-06 B.4",
	     "A request's NEXT has remaining lifetime 0.", next_lifetime),
	RULE("next-end-value", PCP_NOTE, "draft-boucadair-pcp-failure-06 B.4",
	     "END should be written as 1.", next_end_value),
	RULE("next-after-end", PCP_WARNING, "draft-boucadair-pcp-failure-06 B.4",
	     "END marks the last mapping of the list.", next_after_end),
	RULE("next-overrun", PCP_WARNING, "draft-boucadair-pcp-failure-06 B.4",
	     "Options in a NEXT end where it ends.", next_overrun),
	RULE("next-code-unknown", PCP_NOTE, "draft-boucadair-pcp-failure-06 B.4",
	     "NEXT asks for options by their codes.", next_code),
	RULE("get-filter-changed", PCP_WARNING, "draft-boucadair-pcp-failure-06 B.1",
	     "The response to GET repeats its body bit for bit.", get_body_changed),
	RULE("next-missing", PCP_WARNING, "draft-boucadair-pcp-failure-06 B.6",
	     "A success to GET with NEXT lists mappings.", next_missing),
	RULE("next-more-than-one", PCP_WARNING, "draft-boucadair-pcp-failure-06 B.4",
	     "END in the request asks for one mapping at most.", next_more_than_one),
	RULE("next-unasked", PCP_WARNING, "draft-boucadair-pcp-failure-06 B.6",
	     "Without NEXT, GET only asks whether a mapping exists.", next_unasked),
	RULE("next-outside-filter", PCP_WARNING, "draft-boucadair-pcp-failure-06 B.5",
	     "The mappings listed match the filter.", next_outside_filter),
	RULE("next-locator-gone", PCP_NOTE, "draft-boucadair-pcp-failure-06 B.6",
	     "The list starts with the mapping that the request names, if it is still there.",
	     next_locator_gone),
	RULE("next-option-unasked", PCP_WARNING, "draft-boucadair-pcp-failure-06 B.4",
	     "A NEXT carries only options whose codes the request named.", next_option_unasked),
};

const struct lint_rules lint_next_rules = RULES(rules, of_get);
