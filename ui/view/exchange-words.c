/* An exchange in words short enough for a line. */
#include "exchange-words.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "judge.h"
#include "text.h"

__attribute__((format(printf, 4, 5))) static size_t add(char *buf, size_t cap, size_t n,
							const char *format, ...)
{
	va_list args;
	int more;

	if (n >= cap)
		return n;
	va_start(args, format);
	more = vsnprintf(buf + n, cap - n, format, args);
	va_end(args);
	return more > 0 ? n + (size_t)more : n;
}

void exchange_time(usec time, char *buf, size_t cap)
{
	if (time < USEC_PER_SEC / 10)
		snprintf(buf, cap, "%.1fms", (double)time / 1000.0);
	else if (time < 10 * USEC_PER_SEC)
		snprintf(buf, cap, "%.1f s", (double)time / 1e6);
	else
		snprintf(buf, cap, "%.0f s", (double)time / 1e6);
}

static uint32_t lifetime_of(const struct pcp_packet *packet)
{
	const uint8_t *o = packet->octets;

	return packet->len < 8
		       ? 0
		       : (uint32_t)o[4] << 24 | (uint32_t)o[5] << 16 | (uint32_t)o[6] << 8 | o[7];
}

static const uint8_t *body_of(const struct pcp_packet *packet)
{
	bool whole = packet->version == PCP_VERSION_2 &&
		     (packet->opcode == PCP_MAP || packet->opcode == PCP_PEER) &&
		     packet->len >= PCP_HEADER_LEN + pcp_body_len(packet->opcode, packet->version);

	return whole ? packet->octets + PCP_HEADER_LEN : NULL;
}

static size_t add_port(char *buf, size_t cap, size_t n, uint32_t protocol, uint32_t port)
{
	const char *name = pcp_name(pcp_protocol_names, protocol);

	if (protocol == 0)
		return add(buf, cap, n, " all");
	n = name ? add(buf, cap, n, " %s", name) : add(buf, cap, n, " %u", protocol);
	return port ? add(buf, cap, n, " %u", port) : add(buf, cap, n, " all");
}

static size_t add_remote(char *buf, size_t cap, size_t n, const uint8_t *body)
{
	struct pcp_endpoint remote = { .port = (uint16_t)pcp_get(&pcp_peer_fields[PEER_REMOTE_PORT],
								 body) };
	char text[ENDPOINT_TEXT];

	memcpy(remote.addr, pcp_at(&pcp_peer_fields[PEER_REMOTE_ADDRESS], body), PCP_ADDR_LEN);
	pcp_endpoint_text(&remote, text, sizeof text);
	return add(buf, cap, n, " %u%s%s", pcp_get(&pcp_map_fields[MAP_INTERNAL_PORT], body),
		   draw_glyph(GLYPH_REQUEST), text);
}

/* What the options ask for, each as short as it goes. */
static size_t add_options(char *buf, size_t cap, size_t n, const struct pcp_packet *packet)
{
	size_t from = PCP_HEADER_LEN + pcp_body_len(packet->opcode, packet->version), pos = 0;
	unsigned filters = 0;
	bool bad = false;
	struct pcp_tlv option;
	char text[4 * 64 + 1];

	while (packet->len > from &&
	       pcp_tlv_next(packet->octets + from, packet->len - from, &pos, &option, &bad)) {
		switch (option.code) {
		case PCP_DESCRIPTION:
		case PCP_DESCRIPTION_64:
			pcp_safe_text(option.data, option.len < 64 ? option.len : 64, text,
				      sizeof text);
			n = add(buf, cap, n, " \"%s\"", text);
			break;
		case PCP_FILTER:
			filters++;
			break;
		case PCP_PREFER_FAILURE:
			n = add(buf, cap, n, " PF");
			break;
		case PCP_THIRD_PARTY:
			n = add(buf, cap, n, " 3P");
			break;
		default:
			n = add(buf, cap, n, " +%u", option.code);
		}
	}
	return filters ? add(buf, cap, n, " F%u", filters) : n;
}

/* " 10.9.8.7:80", " :80", or nothing where a GET does not care. */
static size_t add_filter(char *buf, size_t cap, size_t n, const char *before, const uint8_t *addr,
			 uint32_t port)
{
	struct pcp_endpoint endpoint = { .port = (uint16_t)port };
	char text[ENDPOINT_TEXT];

	if (pcp_addr_is_any(addr))
		return port ? add(buf, cap, n, "%s:%u", before, port) : n;
	memcpy(endpoint.addr, addr, PCP_ADDR_LEN);
	if (port)
		pcp_endpoint_text(&endpoint, text, sizeof text);
	else
		pcp_addr_text(addr, text, sizeof text);
	return add(buf, cap, n, "%s%s", before, text);
}

/* " udp 10.9.8.7:80 →203.0.113.9:8080": only such mappings, inside and outside. */
static size_t add_filters(char *buf, size_t cap, size_t n, const struct pcp_packet *packet)
{
	const uint8_t *body = packet->octets + PCP_HEADER_LEN;
	char arrow[16];

	if (packet->len < PCP_HEADER_LEN + pcp_body_len(PCP_GET, packet->version))
		return n;
	if (pcp_get(&pcp_get_fields[GET_PROTOCOL], body))
		n = add(buf, cap, n, " %s",
			pcp_protocol_text((uint8_t)pcp_get(&pcp_get_fields[GET_PROTOCOL], body))
				.text);
	n = add_filter(buf, cap, n, " ", pcp_at(&pcp_get_fields[GET_INTERNAL_ADDRESS], body),
		       pcp_get(&pcp_get_fields[GET_INTERNAL_PORT], body));
	snprintf(arrow, sizeof arrow, " %s", draw_glyph(GLYPH_REQUEST));
	return add_filter(buf, cap, n, arrow, pcp_at(&pcp_get_fields[GET_EXTERNAL_ADDRESS], body),
			  pcp_get(&pcp_get_fields[GET_EXTERNAL_PORT], body));
}

/* "GET udp :80 NEXT 3/128": which mappings, and which options shall be listed with each. */
static void get_words(const struct pcp_packet *packet, char *buf, size_t cap)
{
	size_t i, k, n = add_filters(buf, cap, add(buf, cap, 0, "GET"), packet);

	for (i = 0; i < packet->nnode; i++) {
		const struct pcp_node *node = &packet->node[i];

		if (!node->field && node->depth == 0 && node->layout->code == PCP_NEXT &&
		    node->layout->kind == PCP_CLASS_OPTION)
			n = add(buf, cap, n, " NEXT");
		if (!node->field || strcmp(node->field->key, "wanted") != 0)
			continue;
		for (k = 0; k < node->len; k++)
			n = add(buf, cap, n, "%s%u", k || node->nth ? "/" : " ",
				packet->octets[node->off + k]);
	}
}

/* A number of a NAT-PMP message by its key; false where it has none. */
static bool natpmp_number(const struct pcp_packet *packet, const char *key, uint32_t *number)
{
	size_t leaf = pcp_body_leaf(packet, key);

	*number = leaf == PCP_NO_NODE ? 0 : pcp_node_uint(packet, leaf);
	return leaf != PCP_NO_NODE;
}

/* "NAT-PMP udp 9000", "NAT-PMP delete udp 9000", "NAT-PMP address". */
static void natpmp_request(const struct pcp_packet *packet, char *buf, size_t cap)
{
	uint32_t internal, wished, lifetime;
	size_t n = add(buf, cap, 0, "NAT-PMP");

	if (packet->opcode == NATPMP_ADDRESS) {
		add(buf, cap, n, " address");
		return;
	}
	if (!natpmp_number(packet, "internal_port", &internal) ||
	    !natpmp_number(packet, "suggested_external_port", &wished) ||
	    !natpmp_number(packet, "lifetime", &lifetime)) {
		pcp_summary(packet, buf, cap);
		return;
	}
	n = add(buf, cap, n, "%s", lifetime ? "" : " delete");
	n = add_port(buf, cap, n, packet->opcode == NATPMP_MAP_UDP ? PCP_UDP : PCP_TCP, internal);
	if (wished && wished != internal && lifetime)
		add(buf, cap, n, " want %u", wished);
}

static void put_result(const char *name, struct exchange_given *given)
{
	snprintf(given->what, sizeof given->what, "%s", name ? name : "a result without a name");
}

static void put_port(uint32_t port, uint32_t lifetime, struct exchange_given *given)
{
	if (lifetime == 0) {
		snprintf(given->what, sizeof given->what, "deleted");
		return;
	}
	snprintf(given->what, sizeof given->what, ":%u", port);
	pcp_seconds_text(lifetime, given->lifetime, sizeof given->lifetime);
}

/* ":9000 2:00:00", "203.0.113.9", "NOT_AUTHORIZED". */
static void natpmp_answer(const struct pcp_packet *packet, struct exchange_given *given)
{
	size_t address = pcp_body_leaf(packet, "external_address"), cap = sizeof given->what;
	uint32_t result, external, lifetime;
	char *what = given->what;

	if (!natpmp_number(packet, "result", &result))
		pcp_summary(packet, what, cap);
	else if (result)
		put_result(pcp_name(pcp_natpmp_result_names, result), given);
	else if (address != PCP_NO_NODE)
		pcp_node_text(packet, address, what, cap);
	else if (natpmp_number(packet, "mapped_external_port", &external) &&
		 natpmp_number(packet, "lifetime", &lifetime))
		put_port(external, lifetime, given);
	else
		pcp_summary(packet, what, cap);
}

/* What it asks to map, without what is special about it; its length. */
static size_t mapping_request(const struct pcp_packet *packet, const uint8_t *body, char *buf,
			      size_t cap)
{
	size_t n = add(buf, cap, 0, "%s",
		       lifetime_of(packet) == 0	    ? "delete"
		       : packet->opcode == PCP_PEER ? "PEER"
						    : "MAP");

	if (packet->opcode == PCP_PEER)
		return add_remote(buf, cap, n, body);
	return add_port(buf, cap, n, pcp_get(&pcp_map_fields[MAP_PROTOCOL], body),
			pcp_get(&pcp_map_fields[MAP_INTERNAL_PORT], body));
}

size_t exchange_request(const struct pcp_packet *packet, char *buf, size_t cap)
{
	const uint8_t *body = body_of(packet);
	uint32_t wished;
	size_t n, special;

	if (packet->version == PCP_VERSION_NATPMP)
		natpmp_request(packet, buf, cap);
	else if (packet->version == PCP_VERSION_2 && packet->opcode == PCP_GET)
		get_words(packet, buf, cap);
	else if (!body)
		pcp_summary(packet, buf, cap);
	if (packet->version == PCP_VERSION_NATPMP || !body)
		return strlen(buf);
	n = special = mapping_request(packet, body, buf, cap);
	wished = pcp_get(&pcp_map_fields[MAP_EXTERNAL_PORT], body);
	if (wished && wished != pcp_get(&pcp_map_fields[MAP_INTERNAL_PORT], body) &&
	    lifetime_of(packet))
		n = add(buf, cap, n, " want %u", wished);
	add_options(buf, cap, n, packet);
	return special;
}

/* "3 mappings, no more"; without NEXT a GET only asks whether there are any. */
static void list_words(const struct pcp_packet *packet, char *buf, size_t cap)
{
	size_t i, n = 0;
	bool end = false;

	for (i = 0; i < packet->nnode; i++) {
		const struct pcp_node *node = &packet->node[i];

		n += !node->field && node->depth == 0 && node->layout->kind == PCP_CLASS_OPTION &&
		     node->layout->code == PCP_NEXT;
		if (node->field && strcmp(node->field->key, "end") == 0)
			end = packet->octets[node->off] != 0;
	}
	if (n)
		snprintf(buf, cap, "%zu mapping%s, %s", n, pcp_s(n), end ? "no more" : "more");
	else
		snprintf(buf, cap, "such mappings stand");
}

/* In brackets where its colons would run into the port's. */
static void put_address(const struct ui *ui, const uint8_t *body, struct exchange_given *given)
{
	const uint8_t *external = pcp_at(&pcp_map_fields[MAP_EXTERNAL_ADDRESS], body);
	char text[PCP_ADDR_TEXT];

	if (ui->server.known && memcmp(external, ui->server.external, PCP_ADDR_LEN) == 0)
		return;
	pcp_addr_text(external, text, sizeof text);
	snprintf(given->address, sizeof given->address, strchr(text, ':') ? "[%s]" : "%s", text);
}

void exchange_answer(const struct ui *ui, const struct pcp_packet *packet,
		     struct exchange_given *given)
{
	uint8_t code = packet->len > 3 ? packet->octets[3] : 0;
	const struct pcp_result *result = pcp_result(code);
	const uint8_t *body = body_of(packet);
	char time[48];

	*given = (struct exchange_given){ .address = "" };
	if (packet->version == PCP_VERSION_NATPMP) {
		natpmp_answer(packet, given);
	} else if (packet->version != PCP_VERSION_2) {
		pcp_summary(packet, given->what, sizeof given->what);
	} else if (code != PCP_SUCCESS) {
		put_result(result ? result->name : NULL, given);
	} else if (packet->opcode == PCP_GET) {
		list_words(packet, given->what, sizeof given->what);
	} else if (body) {
		put_port(pcp_get(&pcp_map_fields[MAP_EXTERNAL_PORT], body), lifetime_of(packet),
			 given);
		if (lifetime_of(packet))
			put_address(ui, body, given);
	} else if (packet->len >= 12) {
		pcp_seconds_text(pcp_get(&pcp_response_fields[HDR_EPOCH], packet->octets), time,
				 sizeof time);
		snprintf(given->what, sizeof given->what, "epoch %s", time);
	} else {
		pcp_summary(packet, given->what, sizeof given->what);
	}
}

void exchange_tries(const struct message *message, char *buf, size_t cap)
{
	if (message->len && message->octets[0] == PCP_VERSION_NATPMP)
		snprintf(buf, cap,
			 "RFC 6886 3.1: tries after 0.25, 0.5, 1 ... s, each twice the one before");
	else
		snprintf(buf, cap,
			 "RFC 6887 8.1.1: tries after 3, 6, 12 ... s (a renewal: 4 s first), +-10 "
			 "%%");
}

void exchange_message(struct judge *judge, const struct message *message, char *buf, size_t cap)
{
	if (message->kind == MESSAGE_IGNORED)
		snprintf(buf, cap, "%s", message->reason);
	else if (message->kind == MESSAGE_RESENT)
		snprintf(buf, cap, "try %u", message->tries);
	else
		pcp_summary(&judge->packet, buf, cap);
}
