/* Results, alone and against the request: RFC 6887 7.3, 7.4, 8.2, 9; RFC 7652 7; RFC 7843 4.1. */
#include "lint-private.h"

#include <string.h>

#include "out.h"
#include "text.h"

static void result_unknown(struct pcp_lint *lint)
{
	if (!pcp_result(lint->packet.result))
		lint_found(lint, 3, 1, "No document defines result code %u.", lint->packet.result);
}

static void result_client_only(struct pcp_lint *lint)
{
	uint8_t result = lint->packet.result;

	if (result == PCP_INITIATION || result == PCP_AUTHENTICATION_REPLY)
		lint_found(lint, 3, 1, "%s is what clients send.",
			   pcp_name(pcp_result_names, result));
}

static void error_lifetime_zero(struct pcp_lint *lint)
{
	if (!lint->packet.lifetime && (!pcp_result(lint->packet.result) ||
				       pcp_result(lint->packet.result)->kind != PCP_RESULT_OTHER))
		lint_found_lifetime(lint,
				    ": taken at its word, the client would ask again at once.");
}

/* RFC 6887 7.4 gives the figures; where it says that the lifetime depends, none is held against it.
 */
static void error_lifetime_unusual(struct pcp_lint *lint)
{
	const struct pcp_result *result = pcp_result(lint->packet.result);

	if (!result || !lint->packet.lifetime || lint->packet.result == PCP_NOT_AUTHORIZED ||
	    lint->packet.result == PCP_CANNOT_PROVIDE_EXTERNAL)
		return;
	if (result->kind == PCP_RESULT_LONG && lint->packet.lifetime != 1800)
		lint_found_lifetime(lint, "; errors that last have 1800.");
	if (result->kind == PCP_RESULT_SHORT && lint->packet.lifetime != 30)
		lint_found_lifetime(lint, "; errors that pass have 30.");
}

static void version_not_refused(struct pcp_lint *lint)
{
	if (lint->request.octets[0] > PCP_VERSION_2 && lint->packet.result != PCP_UNSUPP_VERSION)
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
	if (lint->packet.result == PCP_UNSUPP_VERSION &&
	    lint->packet.octets[0] == lint->request.octets[0])
		lint_found(lint, 0, 1, "It refuses version %u and offers the same.",
			   lint->packet.octets[0]);
}

/* ---- which results answer what ---- */

/* A result, the opcodes whose answers alone have it (PCP_IN_ bits, 0: any), and what a request must
 * have that is answered with it; NULL: nothing that is to be seen. */
struct sphere {
	uint8_t result;
	uint16_t opcodes;
	bool (*due)(const struct pcp_lint *lint);
	const char *without; /* what the request lacks then */
};

static bool has(const struct pcp_lint *lint, uint8_t code)
{
	struct lint_option option;

	return lint_option(&lint->request, code, &option);
}

/* Octets that can only be options, or rubbish behind them. */
static bool has_option(const struct pcp_lint *lint)
{
	return lint->request.options < lint->request.len;
}

static bool has_mandatory(const struct pcp_lint *lint)
{
	for (struct lint_option o = { 0 }; lint_next(&lint->request, &o);)
		if (o.tlv.code < PCP_OPTIONAL)
			return true;
	return false;
}

static bool wants_mapping(const struct pcp_lint *lint)
{
	return lint->request.lifetime > 0 || lint->request.body->code == PCP_PEER;
}

static bool insists(const struct pcp_lint *lint)
{
	if (lint->request.body->code == PCP_PEER)
		return lint_value(&lint->request, LINT_EXTERNAL_PORT) ||
		       !pcp_addr_is_any(lint_octets(&lint->request, LINT_EXTERNAL_ADDRESS));
	return has(lint, PCP_PREFER_FAILURE) ||
	       lint_value(&lint->request, LINT_PROTOCOL) == PCP_SCTP;
}

static bool has_filter(const struct pcp_lint *lint)
{
	return has(lint, PCP_FILTER);
}

static bool has_id(const struct pcp_lint *lint)
{
	return has(lint, PCP_THIRD_PARTY_ID);
}

static bool has_half(const struct pcp_lint *lint)
{
	return has(lint, PCP_THIRD_PARTY) != has(lint, PCP_THIRD_PARTY_ID);
}

enum { MAPPINGS = PCP_IN_MAP | PCP_IN_PEER };

/* RFC 6887 7.4 says MUST of these two. */
static const struct sphere laid_down[] = {
	{ PCP_CANNOT_PROVIDE_EXTERNAL, MAPPINGS, insists,
	  "the request did not insist on anything" },
	{ PCP_EXCESSIVE_REMOTE_PEERS, MAPPINGS, has_filter, "the request has no FILTER" },
};
static const struct sphere usual[] = {
	{ PCP_UNSUPP_OPTION, 0, has_mandatory, "the request has no option below 128" },
	{ PCP_MALFORMED_OPTION, 0, has_option, "the request has no option" },
	{ PCP_UNSUPP_PROTOCOL, MAPPINGS, wants_mapping, "a delete needs no protocol" },
	{ PCP_USER_EX_QUOTA, MAPPINGS, wants_mapping, "a delete takes nothing" },
	{ PCP_THIRD_PARTY_ID_UNKNOWN, MAPPINGS, has_id, "the request has no THIRD_PARTY_ID" },
	{ PCP_THIRD_PARTY_MISSING_OPTION, MAPPINGS, has_half,
	  "the request does not have THIRD_PARTY or THIRD_PARTY_ID alone" },
	{ PCP_UNSUPP_THIRD_PARTY_ID_LENGTH, MAPPINGS, has_id, "the request has no THIRD_PARTY_ID" },
	{ PCP_NONEXIST_MAP, PCP_IN_GET, NULL, NULL },
	{ PCP_AMBIGUOUS, PCP_IN_GET, NULL, NULL },
	{ PCP_AUTHENTICATION_FAILED, PCP_IN_AUTHENTICATION, NULL, NULL },
	{ PCP_AUTHENTICATION_SUCCEEDED, PCP_IN_AUTHENTICATION, NULL, NULL },
	{ PCP_AUTHORIZATION_FAILED, PCP_IN_AUTHENTICATION, NULL, NULL },
	{ PCP_SESSION_TERMINATED, PCP_IN_AUTHENTICATION, NULL, NULL },
	{ PCP_DOWNGRADE_ATTACK_DETECTED, PCP_IN_AUTHENTICATION, NULL, NULL },
	{ PCP_AUTHENTICATION_REQUEST, PCP_IN_AUTHENTICATION, NULL, NULL },
};
enum { NLAID_DOWN = sizeof laid_down / sizeof *laid_down, NUSUAL = sizeof usual / sizeof *usual };

static const struct sphere *sphere_of(const struct sphere *row, size_t n, uint8_t result)
{
	for (; n > 0 && result != PCP_SUCCESS; n--, row++) /* which answers anything */
		if (row->result == result)
			return row;
	return NULL;
}

/* Opcodes that no document defines may have any result. */
static void outside(struct pcp_lint *lint, const struct sphere *row)
{
	uint16_t opcode = pcp_where_opcode(lint->packet.packet->opcode);
	char names[80];
	struct pcp_out out;

	if (!row || !row->opcodes || !opcode || row->opcodes & opcode)
		return;
	pcp_out_begin(&out, names, sizeof names);
	for (const struct pcp_name *name = pcp_opcode_names; name->name; name++)
		if (row->opcodes & pcp_where_opcode((uint8_t)name->code))
			pcp_out_format(&out, "%s%s", out.len ? " and " : "", name->name);
	lint_found(lint, 3, 1, "%s belongs to %s.", pcp_name(pcp_result_names, row->result), names);
}

static void result_wrong_opcode(struct pcp_lint *lint)
{
	if (!lint_has_header(lint) || lint->packet.request)
		return;
	outside(lint, sphere_of(laid_down, NLAID_DOWN, lint->packet.result));
	outside(lint, sphere_of(usual, NUSUAL, lint->packet.result));
}

static void without_cause(struct pcp_lint *lint, const struct sphere *row)
{
	if (row && row->due && !row->due(lint))
		lint_found(lint, 3, 1, "%s, though %s.", pcp_name(pcp_result_names, row->result),
			   row->without);
}

static void result_unexpected(struct pcp_lint *lint)
{
	without_cause(lint, sphere_of(laid_down, NLAID_DOWN, lint->packet.result));
}

static void result_without_cause(struct pcp_lint *lint)
{
	without_cause(lint, sphere_of(usual, NUSUAL, lint->packet.result));
}

/* ---- requests that must be refused ---- */

/* The option of the request whose octets hold that one; false when none does. */
static bool option_around(const struct lint_view *view, size_t off, struct lint_option *option)
{
	*option = (struct lint_option){ 0 };
	while (lint_next(view, option))
		if (off >= option->off && off < option->off + PCP_TLV_LEN + option->tlv.len)
			return true;
	return false;
}

/* Only a server that understands an option from 128 on can refuse it; others skip it. */
static bool may_be_skipped(const struct pcp_lint *lint, const struct pcp_finding *finding)
{
	struct lint_option option, echo;

	return option_around(&lint->request, finding->off, &option) &&
	       option.tlv.code >= PCP_OPTIONAL &&
	       !lint_option(&lint->packet, option.tlv.code, &echo);
}

/* The first rule that the request breaks: any that is an error, or only those whose refusal is laid
 * down and which no server may pass over. NULL when it breaks none. */
static const struct pcp_rule *request_breaks(const struct pcp_lint *lint, bool refusals)
{
	struct pcp_finding finding[PCP_FINDINGS_MAX];
	size_t n = lint_errors(&lint->request, refusals, finding, PCP_FINDINGS_MAX);

	for (size_t i = 0; i < n && i < PCP_FINDINGS_MAX; i++)
		if (!refusals || !may_be_skipped(lint, &finding[i]))
			return finding[i].rule;
	return NULL;
}

static void malformed_accepted(struct pcp_lint *lint)
{
	const struct pcp_rule *rule = request_breaks(lint, true);

	if (rule)
		lint_found(lint, 3, 1, "SUCCESS, though the request breaks %s: %s.", rule->name,
			   pcp_name(pcp_result_names, rule->refusal));
}

/* Options and all of them from 128 on. */
static bool all_optional(const struct pcp_lint *lint)
{
	return has_option(lint) && !has_mandatory(lint);
}

static void refused_otherwise(struct pcp_lint *lint)
{
	uint8_t result = lint->packet.result;
	const char *name = pcp_name(pcp_result_names, result);
	const struct pcp_rule *rule;

	if (result != PCP_MALFORMED_REQUEST && result != PCP_MALFORMED_OPTION)
		return;
	rule = request_breaks(lint, true);
	if (!request_breaks(lint, false)) {
		if (result == PCP_MALFORMED_REQUEST || has_mandatory(lint))
			lint_found(lint, 3, 1,
				   "%s, but nothing wrong is to be seen in the request.", name);
	} else if (rule && rule->refusal != result) {
		lint_found(lint, 3, 1, "%s; for %s it should be %s.", name, rule->name,
			   pcp_name(pcp_result_names, rule->refusal));
	}
}

/* What no document gives a result to, and a server may well refuse: a locator that is filled in
 * half, a set of all ports. */
static bool senseless(const struct pcp_lint *lint, const struct lint_option *option)
{
	const struct lint_view *request = &lint->request;
	bool internal, external;

	if (option->tlv.code == PCP_PORT_SET)
		return lint_value(request, LINT_INTERNAL_PORT) == 0;
	if (option->tlv.code != PCP_NEXT || option->tlv.len < lint_next_at(request, NEXT_TAIL))
		return false;
	internal = !pcp_addr_is_any(lint_next_octets(request, option, NEXT_INTERNAL_ADDRESS));
	external = !pcp_addr_is_any(lint_next_octets(request, option, NEXT_EXTERNAL_ADDRESS));
	return internal != external ||
	       (!internal && (lint_next_value(request, option, NEXT_PROTOCOL) ||
			      lint_next_value(request, option, NEXT_INTERNAL_PORT) ||
			      lint_next_value(request, option, NEXT_EXTERNAL_PORT)));
}

static void optional_refused(struct pcp_lint *lint)
{
	struct lint_option first = { 0 };

	if (lint->packet.result != PCP_MALFORMED_OPTION || !all_optional(lint) ||
	    !lint_next(&lint->request, &first) || request_breaks(lint, false))
		return;
	for (struct lint_option o = { 0 }; lint_next(&lint->request, &o);)
		if (senseless(lint, &o))
			return;
	lint_found(lint, 3, 1,
		   "%s is sound and from 128 on: a server that does not know it skips it.",
		   first.layout ? first.layout->name : "The option");
}

static bool of_response(const struct pcp_lint *lint)
{
	return !lint->packet.request;
}

static const struct pcp_rule rules[] = {
	RULE("result-unknown", PCP_WARNING, "RFC 6887 19.3", "Result codes come from the registry.",
	     result_unknown, .of = OF_ERROR),
	RULE("result-wrong-opcode", PCP_WARNING, "RFC 6887 7.4; RFC 7652 7; RFC 7843 4.1",
	     "Some results are answers to certain opcodes only.", result_wrong_opcode),
	RULE("result-client-only", PCP_WARNING, "RFC 7652 7",
	     "INITIATION and AUTHENTICATION_REPLY are sent by clients.", result_client_only,
	     .of = OF_ERROR),
	RULE("error-lifetime-zero", PCP_WARNING, "RFC 6887 7.4",
	     "An error says how long it is expected to last.", error_lifetime_zero, .of = OF_ERROR),
	RULE("error-lifetime-unusual", PCP_NOTE, "RFC 6887 7.4",
	     "Errors that last should have lifetime 1800, errors that pass 30.",
	     error_lifetime_unusual, .of = OF_ERROR),
	RULE("version-not-refused", PCP_ERROR, "RFC 6887 8.2, 9",
	     "A version that a server does not speak is answered with UNSUPP_VERSION.",
	     version_not_refused, .of = OF_ANSWER),
	RULE("other-protocol", PCP_NOTE, "RFC 6887 9, A; RFC 6886 1.1",
	     "PCP and NAT-PMP share a port and refuse each other's version.", other_protocol),
	RULE("version-offered-again", PCP_ERROR, "RFC 6887 9",
	     "UNSUPP_VERSION names a version that the server does speak.", version_offered_again,
	     .of = OF_ANSWER),
	RULE("result-unexpected", PCP_ERROR, "RFC 6887 7.4",
	     "CANNOT_PROVIDE_EXTERNAL and EXCESSIVE_REMOTE_PEERS answer certain requests only.",
	     result_unexpected, .of = OF_PAIR),
	RULE("result-without-cause", PCP_WARNING, "RFC 6887 7.4; RFC 7843 4.1",
	     "A result says what was wrong with the request.", result_without_cause, .of = OF_PAIR),
	RULE("optional-refused", PCP_ERROR, "RFC 6887 7.3",
	     "An option from 128 on that a server does not know is skipped.", optional_refused,
	     .of = OF_PAIR),
	RULE("malformed-accepted", PCP_ERROR, "RFC 6887 7.3, 8.2",
	     "A request that must be refused is not granted.", malformed_accepted,
	     .of = OF_SUCCESS),
	RULE("refused-otherwise", PCP_NOTE, "RFC 6887 7.4",
	     "A refusal has the most specific result that tells what is wrong.", refused_otherwise,
	     .of = OF_PAIR),
};

const struct lint_rules lint_result_rules = RULES(rules, of_response);
