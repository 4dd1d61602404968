/* The tables of rules, and a run of them over a packet: see lint.h. */
#include "lint-private.h"

static const struct lint_rules *const tables[] = {
	&lint_header_rules, &lint_result_rules,	     &lint_address_rules, &lint_body_rules,
	&lint_option_rules, &lint_option_data_rules, &lint_pair_rules,	  &lint_next_rules,
	&lint_auth_rules,   &lint_natpmp_rules,
};

enum { NTABLES = sizeof tables / sizeof tables[0] };

size_t pcp_nrules(void)
{
	size_t count = 0;

	for (size_t i = 0; i < NTABLES; i++)
		count += tables[i]->count;
	return count;
}

const struct pcp_rule *pcp_rule_at(size_t i)
{
	for (size_t t = 0; t < NTABLES; i -= tables[t++]->count)
		if (i < tables[t]->count)
			return &tables[t]->rule[i];
	return NULL;
}

const char *pcp_severity_name(enum pcp_severity severity)
{
	static const char *const names[] = { "note", "warning", "error" };

	return names[severity];
}

static bool wanted(const struct pcp_rule *rule, enum pcp_severity least, bool refusals)
{
	return (rule->refusal || !refusals) && rule->severity >= least;
}

static unsigned if_so(bool so, enum lint_of of)
{
	return so ? (unsigned)of : 0;
}

static unsigned of_pair(const struct pcp_lint *lint)
{
	return if_so(lint_is_answer(lint), OF_ANSWER) | if_so(lint_is_pair(lint), OF_PAIR) |
	       if_so(lint_is_success(lint), OF_SUCCESS) | if_so(lint_is_grant(lint), OF_GRANT);
}

/* All that the packet is. */
static unsigned of_packet(const struct pcp_lint *lint)
{
	const struct lint_view *view = &lint->packet;
	bool login = view->body && view->body->code == PCP_AUTHENTICATION;

	return (view->request ? OF_REQUEST : OF_RESPONSE) |
	       if_so(lint_is_request(lint, PCP_MAP), OF_MAP_REQUEST) |
	       if_so(lint_is_request(lint, PCP_PEER), OF_PEER_REQUEST) |
	       if_so(lint_is_response(lint, PCP_MAP), OF_MAP_RESPONSE) |
	       if_so(lint_is_mapping(view), OF_MAPPING) | if_so(login, OF_AUTHENTICATION) |
	       if_so(lint_is_delete(lint), OF_DELETE) | if_so(view->noption > 0, OF_OPTION) |
	       if_so(view->unknown, OF_UNKNOWN) | if_so(lint_is_error(lint), OF_ERROR) |
	       (lint->request.packet ? of_pair(lint) : 0);
}

static void run_table(struct pcp_lint *lint, const struct lint_rules *table, unsigned missing,
		      enum pcp_severity least, bool refusals)
{
	bool all = least == PCP_NOTE && !refusals;

	for (const struct pcp_rule *rule = table->rule, *end = rule + table->count; rule < end;
	     rule++) {
		if (rule->of & missing || (!all && !wanted(rule, least, refusals)) ||
		    (rule->about && !lint_has_code(&lint->packet, rule->about)))
			continue;
		lint->rule = rule;
		rule->check(lint);
	}
}

static size_t run(struct pcp_lint *lint, enum pcp_severity least, bool refusals)
{
	unsigned missing = ~of_packet(lint);

	for (size_t t = 0; t < NTABLES; t++)
		if (!tables[t]->concern || tables[t]->concern(lint))
			run_table(lint, tables[t], missing, least, refusals);
	return lint->count;
}

static void begin(struct pcp_lint *lint, const struct pcp_lint_context *context,
		  struct pcp_finding *finding, size_t cap)
{
	static const struct pcp_lint_context nothing;

	lint->context = context ? context : &nothing;
	lint->finding = finding;
	lint->cap = cap;
	lint->reach_of = NULL;
	lint->count = 0;
}

size_t lint_errors(const struct lint_view *view, bool refusals, struct pcp_finding *finding,
		   size_t cap)
{
	struct pcp_lint lint; /* not cleared: it is large */

	lint.packet = *view;
	lint_look(&lint.request, NULL, 0);
	begin(&lint, NULL, finding, cap);
	return run(&lint, PCP_ERROR, refusals);
}

size_t pcp_lint(const struct pcp_packet *packet, const struct pcp_lint_context *context,
		struct pcp_finding *finding, size_t cap)
{
	struct pcp_lint lint; /* not cleared: it is large */

	begin(&lint, context, finding, cap);
	lint_look(&lint.packet, packet, lint.context->wire_len);
	lint_look(&lint.request, lint.context->request, 0);
	return run(&lint, PCP_NOTE, false);
}
