/* A packet as the rules look at it, and the questions that most of them ask. */
#include "lint-private.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The body's row when its fixed part is there: the branch that the decoder made for it. */
static const struct pcp_layout *whole_body(const struct pcp_packet *packet, size_t *end)
{
	for (size_t i = 0; i < packet->nnode; i = packet->node[i].end) {
		const struct pcp_node *node = &packet->node[i];

		if (node->field || node->layout->kind != PCP_CLASS_BODY)
			continue;
		if (node->len < node->layout->min_len)
			return NULL;
		*end = (size_t)node->off + node->len;
		return node->layout;
	}
	return NULL;
}

/* The results of the log-in are the server's own words, all others return the request: RFC
 * 7652 5.1. */
static bool speaks_for_itself(uint8_t opcode, uint8_t result)
{
	switch (result) {
	case PCP_SUCCESS:
		return true;
	case PCP_AUTHENTICATION_FAILED:
	case PCP_AUTHENTICATION_SUCCEEDED:
	case PCP_AUTHORIZATION_FAILED:
	case PCP_SESSION_TERMINATED:
	case PCP_DOWNGRADE_ATTACK_DETECTED:
	case PCP_AUTHENTICATION_REQUEST:
		return opcode == PCP_AUTHENTICATION;
	default:
		return false;
	}
}

/* The row that the decoder chose for the option there; past its last node it has to be looked up.
 */
static const struct pcp_layout *layout_of(const struct lint_view *view, struct lint_option *option)
{
	const struct pcp_packet *packet = view->packet;

	for (; option->node < packet->nnode; option->node = packet->node[option->node].end) {
		const struct pcp_node *node = &packet->node[option->node];

		if (node->off == option->off && pcp_is_option(node) && !packet->cut)
			return node->layout->kind == PCP_CLASS_OPTION ? node->layout : NULL;
	}
	return pcp_layout_option(option->tlv.code, packet->where, packet->dialects);
}

/* The one behind that one, read from the octets. */
static bool read_next(const struct lint_view *view, struct lint_option *option)
{
	bool bad = false;

	option->nth++;
	if (!view->own || view->options >= view->len ||
	    !pcp_tlv_next(view->octets + view->options, view->len - view->options, &option->pos,
			  &option->tlv, &bad))
		return false;
	option->off = view->options + option->tlv.off;
	option->layout = layout_of(view, option);
	return true;
}

bool lint_next(const struct lint_view *view, struct lint_option *option)
{
	size_t nth = option->nth;

	if (nth < view->noption) {
		*option = view->option[nth];
		return true;
	}
	return !view->all && read_next(view, option);
}

static void find_options(struct lint_view *view)
{
	struct lint_option option = { 0 };

	while (read_next(view, &option)) {
		view->codes[option.tlv.code / 32] |= UINT32_C(1) << option.tlv.code % 32;
		view->unknown |= !option.layout;
		if (view->noption == LINT_OPTIONS)
			continue;
		view->option[view->noption++] = option;
	}
	view->all = option.nth == view->noption + 1;
}

static bool is_key(const char *key, const char *asked)
{
	return key == asked || (*key == *asked && strcmp(key, asked) == 0);
}

/* "suggested_external_port" in a request, "assigned_external_port" in a response, for
 * "*_external_port". */
static bool is_external_key(const char *key, const char *tail)
{
	size_t whose = *key == 's' ? strlen("suggested") : strlen("assigned");

	return (*key == 's' || *key == 'a') && strnlen(key, whose) == whose &&
	       is_key(key + whose, tail);
}

static bool is_named(const struct pcp_field *field, enum lint_key key)
{
#define LINT_KEY(name, key) key,
	static const char *const keys[] = { LINT_FIELDS(LINT_KEY) };
#undef LINT_KEY

	return keys[key][0] == '*' ? is_external_key(field->key, keys[key] + 1)
				   : is_key(field->key, keys[key]);
}

/* Most bodies have their fields in the order of the keys: each is looked for from the one behind
 * the last that was found. */
static void find_fields(struct lint_view *view)
{
	const struct pcp_layout *body = view->body;
	size_t key = 0;

	for (size_t i = 0; body && i < body->nfield; i++) {
		size_t tried = body->field[i].kind == PCP_RESERVED ? LINT_KEYS : 0;

		for (; tried < LINT_KEYS; tried++, key = (key + 1) % LINT_KEYS)
			if (is_named(&body->field[i], (enum lint_key)key)) {
				view->field[key] = &body->field[i];
				break;
			}
	}
}

void lint_look(struct lint_view *view, const struct pcp_packet *packet, size_t wire)
{
	memset(view, 0, offsetof(struct lint_view, option));
	if (!packet)
		return;
	view->packet = packet;
	view->octets = packet->octets;
	view->len = view->options = packet->len;
	view->wire = wire > packet->len ? wire : packet->len;
	view->natpmp = packet->protocol == PCP_PROTOCOL_NATPMP;
	view->request = packet->direction == PCP_REQUEST;
	view->own = true;
	if (view->natpmp || view->len < PCP_HEADER_LEN)
		return;
	view->lifetime = pcp_get(&pcp_response_fields[HDR_LIFETIME], view->octets);
	if (!view->request) {
		view->result = view->octets[pcp_response_fields[HDR_RESULT].off];
		view->own = speaks_for_itself(packet->opcode, view->result);
	}
	view->body = whole_body(packet, &view->options);
	find_fields(view);
	find_options(view);
}

bool lint_option(const struct lint_view *view, uint8_t code, struct lint_option *option)
{
	*option = (struct lint_option){ 0 };
	if (!lint_has_code(view, code))
		return false;
	while (lint_next(view, option))
		if (option->tlv.code == code)
			return true;
	return false;
}

size_t lint_count(const struct lint_view *view, uint8_t code, size_t off)
{
	size_t count = 0;

	if (!lint_has_code(view, code))
		return 0;
	for (struct lint_option option = { 0 }; lint_next(view, &option) && option.off < off;)
		count += option.tlv.code == code;
	return count;
}

bool lint_length_fits(const struct lint_option *option)
{
	const struct pcp_layout *row = option->layout;

	/* A row without fields has no data; otherwise max_len 0 sets no bound. */
	return !row ||
	       (option->tlv.len >= row->min_len && option->tlv.len >= pcp_layout_size(row) &&
		((!row->max_len && row->nfield) || option->tlv.len <= row->max_len));
}

bool lint_is_echo(const struct lint_view *view, const struct lint_option *option)
{
	return !view->request &&
	       (!option->layout || option->tlv.code == PCP_THIRD_PARTY ||
		option->tlv.code == PCP_PREFER_FAILURE || option->tlv.code == PCP_FILTER ||
		option->tlv.code == PCP_THIRD_PARTY_ID || option->tlv.code == PCP_PORT_RESERVATION);
}

bool lint_whole_option(const struct lint_view *view, uint8_t code, struct lint_option *option)
{
	return lint_option(view, code, option) && option->layout && lint_length_fits(option);
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
	return !lint->packet.request && lint->packet.own && has_body(&lint->packet, opcode);
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

uint32_t lint_value(const struct lint_view *view, enum lint_key key)
{
	const struct pcp_field *field = lint_field(view, key);

	return field ? pcp_get(field, view->octets + PCP_HEADER_LEN) : 0;
}

const uint8_t *lint_octets(const struct lint_view *view, enum lint_key key)
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

bool lint_has_options(const struct pcp_lint *lint)
{
	return lint->packet.options < lint->packet.len || lint->request.options < lint->request.len;
}

bool lint_has_header(const struct pcp_lint *lint)
{
	return !lint->packet.natpmp && lint->packet.len >= PCP_HEADER_LEN;
}

bool lint_is_answer(const struct pcp_lint *lint)
{
	return lint->request.packet && lint->request.request && !lint->packet.request &&
	       lint_has_header(lint) && !lint->request.natpmp &&
	       lint->request.len >= PCP_HEADER_LEN;
}

bool lint_refuses_version(const struct pcp_lint *lint)
{
	return !lint->packet.request && lint->packet.len >= PCP_TLV_LEN &&
	       lint->packet.octets[pcp_response_fields[HDR_RESULT].off] == PCP_UNSUPP_VERSION;
}

bool lint_is_error(const struct pcp_lint *lint)
{
	return lint_has_header(lint) && !lint->packet.request &&
	       lint->packet.result != PCP_SUCCESS &&
	       lint->packet.result != PCP_AUTHENTICATION_SUCCEEDED;
}

bool lint_is_success(const struct pcp_lint *lint)
{
	return lint_is_pair(lint) && lint->packet.result == PCP_SUCCESS;
}

bool lint_asked_to_delete(const struct pcp_lint *lint)
{
	return has_body(&lint->request, PCP_MAP) && lint->request.lifetime == 0;
}

bool lint_is_grant(const struct pcp_lint *lint)
{
	return lint_is_success(lint) && lint_is_mapping(&lint->packet) &&
	       !lint_asked_to_delete(lint);
}

bool lint_is_delete(const struct pcp_lint *lint)
{
	return lint_is_request(lint, PCP_MAP) && lint->packet.lifetime == 0;
}

bool lint_same_field(const struct pcp_lint *lint, enum lint_key key)
{
	return memcmp(lint_octets(&lint->packet, key), lint_octets(&lint->request, key),
		      lint_field(&lint->packet, key)->len) == 0;
}

size_t lint_next_at(const struct lint_view *view, size_t index)
{
	return pcp_next_fields[index].off - pcp_nonce_skipped(view->octets[0]);
}

const uint8_t *lint_next_octets(const struct lint_view *view, const struct lint_option *next,
				size_t index)
{
	return next->tlv.data + lint_next_at(view, index);
}

uint32_t lint_next_value(const struct lint_view *view, const struct lint_option *next, size_t index)
{
	const struct pcp_field *field = &pcp_next_fields[index];

	return pcp_get_at(field, lint_next_octets(view, next, index), field->len);
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

void lint_found_lifetime(struct pcp_lint *lint, const char *why)
{
	const struct pcp_field *field = &pcp_response_fields[HDR_LIFETIME];

	lint_found(lint, field->off, field->len, "%u s%s", lint->packet.lifetime, why);
}
