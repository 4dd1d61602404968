/* A mapping in words: its addresses, how it differs from what was asked, and all that is to say of
 * it. */
#include "mapping-words.h"

#include <stdio.h>
#include <string.h>

#include "decode.h"
#include "out.h"
#include "text.h"

void mapping_where(const uint8_t addr[PCP_ADDR_LEN], uint16_t port, char *buf, size_t cap)
{
	struct pcp_endpoint endpoint = { .port = port };

	memcpy(endpoint.addr, addr, PCP_ADDR_LEN);
	pcp_endpoint_text(&endpoint, buf, cap);
}

/* "[::5]:8080" behind the network. */
static void where_in(const struct ipv6_net *net, const uint8_t addr[PCP_ADDR_LEN], uint16_t port,
		     char *buf, size_t cap)
{
	char rest[PCP_ADDR_TEXT];

	if (!net || !net->shared) {
		mapping_where(addr, port, buf, cap);
		return;
	}
	ipv6_rest_text(addr, rest, sizeof rest);
	snprintf(buf, cap, "[%s]:%u", rest, port);
}

void mapping_internal(const struct pcp_mapping *m, const struct ipv6_net *net, char *buf,
		      size_t cap)
{
	where_in(net, m->internal, m->internal_port, buf, cap);
}

void mapping_external(const struct pcp_mapping *m, const struct ipv6_net *net, char *buf,
		      size_t cap)
{
	size_t n;

	where_in(net, m->external, m->external_port, buf, cap);
	n = strlen(buf);
	if (m->port_set_size > 1)
		snprintf(buf + n, cap - n, "-%u", m->external_port + m->port_set_size - 1u);
	else if (m->pair)
		snprintf(buf + n, cap - n, "+1");
}

/* Answered otherwise than asked (RFC 6887 11.1: the suggestion is only that). */
bool mapping_port_differs(const struct pcp_mapping *m)
{
	return m->suggested_port && m->suggested_port != m->external_port;
}

bool mapping_address_differs(const struct pcp_mapping *m)
{
	return !pcp_addr_is_any(m->suggested) &&
	       memcmp(m->suggested, m->external, PCP_ADDR_LEN) != 0;
}

bool mapping_lifetime_differs(const struct pcp_mapping *m)
{
	return m->requested_lifetime != m->lifetime;
}

/* One more clause of the sentence. */
static size_t add(char *buf, size_t cap, size_t n, const char *text)
{
	const char *gap = n == 0 ? "" : n < cap && buf[n - 1] == '.' ? " " : "; ";

	return n + (size_t)snprintf(buf + n, n < cap ? cap - n : 0, "%s%s", gap, text);
}

void mapping_meaning(const struct pcp_mapping *m, char *buf, size_t cap)
{
	const char *result, *sentence;
	char text[300];
	size_t n;

	n = add(buf, cap, 0, pcp_mapping_state_name(m->state));
	if (m->state == MAPPING_HOLDING && (result = pcp_mapping_result_name(m, &sentence))) {
		snprintf(text, sizeof text, "%s: %s", result, sentence);
		n = add(buf, cap, n, text);
	}
	if (pcp_mapping_stands(m) && mapping_port_differs(m)) {
		snprintf(text, sizeof text, "asked for port %u, got %u", m->suggested_port,
			 m->external_port);
		n = add(buf, cap, n, text);
	}
	if (pcp_mapping_stands(m) && mapping_address_differs(m))
		n = add(buf, cap, n, "another address than suggested");
	if (pcp_mapping_stands(m) && mapping_lifetime_differs(m)) {
		snprintf(text, sizeof text, "asked for %u s, got %u s", m->requested_lifetime,
			 m->lifetime);
		n = add(buf, cap, n, text);
	}
	for (size_t i = 0; pcp_mapping_stands(m) && i < m->nskipped; i++) {
		snprintf(text, sizeof text, "without %s, which was asked for",
			 pcp_mapping_skipped_name(m, i));
		n = add(buf, cap, n, text);
	}
	if (m->opcode == PCP_PEER) {
		char remote[ENDPOINT_TEXT];

		mapping_where(m->remote, m->remote_port, remote, sizeof remote);
		snprintf(text, sizeof text, "remote %s", remote);
		n = add(buf, cap, n, text);
	}
	if (*m->description) {
		snprintf(text, sizeof text, "\"%s\"", m->description);
		n = add(buf, cap, n, text);
	}
	if (m->auto_renew)
		n = add(buf, cap, n, "renews by itself");
	if (m->unconfirmed && !m->opcode)
		n = add(buf, cap, n,
			"? listed by the server, which does not tell MAP from PEER (NEXT has no "
			"opcode): A takes it as a MAP of ours");
	else if (m->unconfirmed)
		n = add(buf, cap, n, "? the server's, not asked for here: A takes it as ours");
	if (m->exchange) {
		snprintf(text, sizeof text, "exchange #%u", m->exchange);
		add(buf, cap, n, text);
	}
}

/* "D F2 PF 3P S16": what the request asked for beyond the mapping, as short as a column needs it.
 */
void mapping_options(const struct pcp_mapping *m, char *buf, size_t cap)
{
	size_t body = PCP_HEADER_LEN + pcp_body_len(m->opcode, PCP_VERSION_2), pos = 0;
	unsigned filters = 0;
	bool prefer = false, bad = false;
	struct pcp_tlv option;
	struct pcp_out out;

	pcp_out_begin(&out, buf, cap);
	while (m->request_len > body &&
	       pcp_tlv_next(m->request + body, m->request_len - body, &pos, &option, &bad)) {
		filters += option.code == PCP_FILTER;
		prefer |= option.code == PCP_PREFER_FAILURE;
	}
	if (*m->description)
		pcp_out_text(&out, " D");
	if (filters)
		pcp_out_format(&out, " F%u", filters);
	if (m->third_party)
		pcp_out_text(&out, " 3P");
	if (prefer)
		pcp_out_text(&out, " PF");
	if (m->port_set_size > 1)
		pcp_out_format(&out, " S%u", m->port_set_size);
	if (*buf)
		memmove(buf, buf + 1, strlen(buf)); /* the NUL, too */
}
