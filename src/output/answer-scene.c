/* What a request asked for, what came of it, and the verdict on that. */
#include "answer-private.h"

#include <string.h>

/* ---- what was asked and what was given ---- */

static uint16_t get16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static void read_options(struct terms *terms, const uint8_t *octets, size_t len)
{
	size_t pos = 0;
	struct pcp_tlv tlv;
	bool bad = false;

	while (pcp_tlv_next(octets, len, &pos, &tlv, &bad)) {
		terms->exactly = terms->exactly || tlv.code == PCP_PREFER_FAILURE;
		if (tlv.code == PCP_THIRD_PARTY && tlv.len == PCP_ADDR_LEN)
			memcpy(terms->inside.addr, tlv.data, PCP_ADDR_LEN);
		if (tlv.code == PCP_PORT_SET && tlv.len >= 5)
			terms->ports = get16(tlv.data);
	}
}

static void read_pcp(struct terms *terms, const uint8_t *octets, size_t len)
{
	size_t fixed = PCP_HEADER_LEN + pcp_body_len(terms->opcode, octets[0]);
	const uint8_t *body = octets + PCP_HEADER_LEN;

	terms->of_mapping = octets[0] == PCP_VERSION_2 && len >= fixed &&
			    (terms->opcode == PCP_MAP || terms->opcode == PCP_PEER);
	if (!terms->of_mapping)
		return;
	terms->lifetime = pcp_get(&pcp_request_fields[REQ_LIFETIME], octets);
	terms->protocol = (uint8_t)pcp_get(&pcp_map_fields[MAP_PROTOCOL], body);
	terms->inside.port = (uint16_t)pcp_get(&pcp_map_fields[MAP_INTERNAL_PORT], body);
	terms->outside.port = (uint16_t)pcp_get(&pcp_map_fields[MAP_EXTERNAL_PORT], body);
	memcpy(terms->outside.addr, pcp_at(&pcp_map_fields[MAP_EXTERNAL_ADDRESS], body),
	       PCP_ADDR_LEN);
	read_options(terms, octets + fixed, len - fixed);
}

/* RFC 6886 3.3: the answer has a clock and a result between opcode and ports. */
static void read_natpmp(struct terms *terms, const uint8_t *octets, size_t len)
{
	size_t at = pcp_is_response(octets) ? 8 : 4;

	terms->natpmp = true;
	terms->of_mapping = terms->opcode != NATPMP_ADDRESS && len >= at + 8;
	if (!terms->of_mapping)
		return;
	terms->protocol = terms->opcode == NATPMP_MAP_UDP ? PCP_UDP : PCP_TCP;
	terms->inside.port = get16(octets + at);
	terms->outside.port = get16(octets + at + 2);
	terms->lifetime = (uint32_t)get16(octets + at + 4) << 16 | get16(octets + at + 6);
	pcp_addr_any(terms->outside.addr, true);
}

static struct terms read_terms(const struct message *message, const struct pcp_endpoint *inside)
{
	struct terms terms = { .inside = *inside };

	if (message->len < 2)
		return terms;
	terms.opcode = pcp_opcode_of(message->octets);
	if (message->octets[0] == PCP_VERSION_NATPMP)
		read_natpmp(&terms, message->octets, message->len);
	else if (message->len >= PCP_HEADER_LEN)
		read_pcp(&terms, message->octets, message->len);
	return terms;
}

/* ---- what is known ---- */

bool scene_look(struct scene *scene, const struct answer *answer)
{
	const struct log *log = answer->log;
	const struct exchange *exchange = log_exchange(log, answer->exchange);

	*scene = (struct scene){ .answer = answer, .exchange = exchange };
	scene->request = exchange ? log_message(log, exchange->first) : NULL;
	if (!scene->request)
		return false;
	for (const struct message *m = scene->request; m;
	     m = m->next ? log_message(log, m->next) : NULL) {
		if (m->kind == MESSAGE_RESPONSE)
			scene->reply = m;
		if (message_sent(m))
			scene->last = m;
		if (message_sent(m) && m->len)
			*(m->octets[0] ? &scene->pcp : &scene->natpmp) = true;
	}
	scene->ignored = log_message(log, exchange->ignored_last);
	scene->server = pcp_client_server(answer->client, exchange->server);
	if (exchange->mapping)
		scene->mapping = pcp_client_mapping(answer->client, exchange->mapping);
	scene->asked = read_terms(scene->request, scene->request->from);
	if (scene->reply)
		scene->got = read_terms(scene->reply, &scene->asked.inside);
	scene->got.inside.port = scene->asked.inside.port;
	return true;
}

uint8_t scene_result(const struct scene *scene)
{
	return scene->exchange->result;
}

static bool is_success(const struct scene *scene)
{
	const struct pcp_result *result = pcp_result(scene_result(scene));

	return scene_result(scene) == PCP_SUCCESS ||
	       (result && result->kind == PCP_RESULT_OK && !scene->got.natpmp);
}

bool scene_deletes(const struct scene *scene)
{
	return scene->asked.of_mapping && scene->asked.opcode != PCP_PEER &&
	       scene->asked.lifetime == 0;
}

bool scene_port_differs(const struct scene *scene)
{
	return scene->asked.outside.port && scene->asked.outside.port != scene->got.outside.port;
}

bool scene_address_differs(const struct scene *scene)
{
	return !scene->got.natpmp && !pcp_addr_is_any(scene->asked.outside.addr) &&
	       memcmp(scene->asked.outside.addr, scene->got.outside.addr, PCP_ADDR_LEN) != 0;
}

bool scene_unsent(const struct scene *scene)
{
	return scene->exchange->unsent && scene->exchange->unsent == scene->exchange->sends;
}

enum answer_verdict scene_verdict(const struct scene *scene)
{
	const struct exchange *exchange = scene->exchange;
	enum answer_verdict silence = scene_unsent(scene) ? ANSWER_UNREACHABLE : ANSWER_SILENT;

	switch (exchange->state) {
	case EXCHANGE_ANSWERED:
		if (!is_success(scene))
			return ANSWER_REFUSED;
		return scene->asked.exactly && scene->asked.opcode == PCP_MAP &&
				       scene->got.of_mapping && !scene_deletes(scene) &&
				       (scene_port_differs(scene) || scene_address_differs(scene))
			       ? ANSWER_OTHERWISE
			       : ANSWER_GRANTED;
	case EXCHANGE_WAITING:
		if (exchange->answers) /* a version was refused, and it goes on in another */
			return scene->answer->over ? ANSWER_REFUSED : ANSWER_WAITING;
		if (exchange->ignored)
			return ANSWER_IGNORED;
		return scene->answer->over ? silence : ANSWER_WAITING;
	case EXCHANGE_TIMED_OUT:
		return exchange->ignored ? ANSWER_IGNORED : silence;
	case EXCHANGE_UNREACHABLE:
		return ANSWER_UNREACHABLE;
	case EXCHANGE_CANCELLED:
		return ANSWER_CANCELLED;
	}
	return ANSWER_UNKNOWN;
}
