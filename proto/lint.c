/* Runs the rules over a packet, and what their checks share: see lint.h. */
#include "lint-private.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct lint_rules *const tables[] = {
	&lint_header_rules,	 &lint_body_rules, &lint_option_rules,
	&lint_option_data_rules, &lint_pair_rules, &lint_natpmp_rules,
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

/* ---- views ---- */

/* The body's row when its fixed part is there: the branch that the decoder made for it. */
static const struct pcp_layout *whole_body(const struct pcp_packet *packet, size_t *end)
{
	for (size_t i = 0; i < packet->nnode; i = packet->node[i].end) {
		const struct pcp_node *node = &packet->node[i];

		if (node->field || node->layout->kind != PCP_CLASS_BODY)
			continue;
		if (node->len < pcp_layout_size(node->layout))
			return NULL;
		*end = (size_t)node->off + node->len;
		return node->layout;
	}
	return NULL;
}

static void look(struct lint_view *view, const struct pcp_packet *packet)
{
	*view = (struct lint_view){ .packet = packet,
				    .octets = packet->octets,
				    .len = packet->len,
				    .options = packet->len,
				    .natpmp = packet->protocol == PCP_PROTOCOL_NATPMP,
				    .request = packet->direction == PCP_REQUEST };
	if (view->natpmp || view->len < PCP_HEADER_LEN)
		return;
	view->lifetime = pcp_get(&pcp_response_fields[HDR_LIFETIME], view->octets);
	if (!view->request)
		view->result = view->octets[pcp_response_fields[HDR_RESULT].off];
	view->body = whole_body(packet, &view->options);
}

bool lint_next(const struct lint_view *view, struct lint_option *option)
{
	bool bad = false;

	if (option->pos) /* not the first */
		option->nth++;
	if (view->options >= view->len ||
	    !pcp_tlv_next(view->octets + view->options, view->len - view->options, &option->pos,
			  &option->tlv, &bad))
		return false;
	option->off = view->options + option->tlv.off;
	option->layout =
		pcp_layout_option(option->tlv.code, view->packet->where, view->packet->dialects);
	return true;
}

bool lint_option(const struct lint_view *view, uint8_t code, struct lint_option *option)
{
	*option = (struct lint_option){ 0 };
	while (lint_next(view, option))
		if (option->tlv.code == code)
			return true;
	return false;
}

size_t lint_count(const struct lint_view *view, uint8_t code, size_t off)
{
	size_t count = 0;

	for (struct lint_option option = { 0 }; lint_next(view, &option) && option.off < off;)
		count += option.tlv.code == code;
	return count;
}

bool lint_whole_option(const struct lint_view *view, uint8_t code, struct lint_option *option)
{
	return lint_option(view, code, option) && option->layout &&
	       option->tlv.len >= pcp_layout_size(option->layout);
}

static bool has_body(const struct lint_view *view, uint8_t opcode)
{
	return view->body && view->body->code == opcode;
}

bool lint_is_request(const struct pcp_lint *lint, uint8_t opcode)
{
	return lint->packet.request && has_body(&lint->packet, opcode);
}

bool lint_is_response(const struct pcp_lint *lint, uint8_t opcode)
{
	return !lint->packet.request && has_body(&lint->packet, opcode);
}

bool lint_is_mapping(const struct lint_view *view)
{
	return has_body(view, PCP_MAP) || has_body(view, PCP_PEER);
}

bool lint_is_pair(const struct pcp_lint *lint)
{
	const struct lint_view *a = &lint->packet, *b = &lint->request;

	return b->packet && !a->request && b->request && a->body && b->body &&
	       a->body->code == b->body->code && a->octets[0] == b->octets[0];
}

const struct pcp_field *lint_field(const struct lint_view *view, const char *key)
{
	const char *tail = key[0] == '*' ? key + 1 : NULL;

	for (size_t i = 0; view->body && i < view->body->nfield; i++) {
		const char *have = view->body->field[i].key;
		size_t skip = tail && strlen(have) > strlen(tail) ? strlen(have) - strlen(tail) : 0;

		if (strcmp(tail ? have + skip : have, tail ? tail : key) == 0)
			return &view->body->field[i];
	}
	return NULL;
}

uint32_t lint_value(const struct lint_view *view, const char *key)
{
	const struct pcp_field *field = lint_field(view, key);

	return field ? pcp_get(field, view->octets + PCP_HEADER_LEN) : 0;
}

const uint8_t *lint_octets(const struct lint_view *view, const char *key)
{
	const struct pcp_field *field = lint_field(view, key);

	return field ? view->octets + PCP_HEADER_LEN + field->off : NULL;
}

const uint8_t *lint_internal(const struct lint_view *request)
{
	struct lint_option option;

	if (!request->packet || !request->request || request->natpmp ||
	    request->len < PCP_HEADER_LEN)
		return NULL;
	if (lint_whole_option(request, PCP_THIRD_PARTY, &option))
		return option.tlv.data;
	return request->octets + pcp_request_fields[REQ_CLIENT].off;
}

/* ---- findings ---- */

void lint_found(struct pcp_lint *lint, size_t off, size_t len, const char *format, ...)
{
	struct pcp_finding new = { .rule = lint->rule, .off = (uint32_t)off, .len = (uint32_t)len };
	size_t kept = lint->count < lint->cap ? lint->count : lint->cap, at = kept;
	va_list args;

	lint->count++;
	while (at > 0 && lint->finding[at - 1].off > new.off)
		at--;
	if (at == lint->cap)
		return;
	va_start(args, format);
	vsnprintf(new.text, sizeof new.text, format, args);
	va_end(args);
	if (kept == lint->cap)
		kept--; /* the last one makes room */
	memmove(&lint->finding[at + 1], &lint->finding[at], (kept - at) * sizeof new);
	lint->finding[at] = new;
}

size_t pcp_lint(const struct pcp_packet *packet, const struct pcp_lint_context *context,
		struct pcp_finding *finding, size_t cap)
{
	static const struct pcp_lint_context nothing;
	struct pcp_lint lint = { .context = context ? context : &nothing,
				 .finding = finding,
				 .cap = cap };

	look(&lint.packet, packet);
	if (lint.context->request)
		look(&lint.request, lint.context->request);
	for (size_t t = 0; t < NTABLES; t++)
		for (size_t i = 0; i < tables[t]->count; i++) {
			lint.rule = &tables[t]->rule[i];
			lint.rule->check(&lint);
		}
	return lint.count;
}
