/* Endpoints as text and back, and whether two are one. */
#include "endpoint.h"
#include "words.h"

#include <net/if.h>
#include <stdlib.h>
#include <string.h>

bool pcp_endpoint_same_addr(const struct pcp_endpoint *a, const struct pcp_endpoint *b)
{
	/* A scope of 0 is "not said", as a typed link-local address without an interface has it. */
	return memcmp(a->addr, b->addr, sizeof(a->addr)) == 0 &&
	       (a->scope == b->scope || a->scope == 0 || b->scope == 0);
}

bool pcp_endpoint_same(const struct pcp_endpoint *a, const struct pcp_endpoint *b)
{
	return a->port == b->port && pcp_endpoint_same_addr(a, b);
}

size_t pcp_endpoint_text(const struct pcp_endpoint *endpoint, char *buf, size_t cap)
{
	bool v4 = pcp_addr_is_v4(endpoint->addr);
	char iface[IF_NAMESIZE] = "";
	struct pcp_out out;

	pcp_out_begin(&out, buf, cap);
	pcp_out_text(&out, v4 ? "" : "[");
	pcp_out_addr(&out, endpoint->addr);
	if (endpoint->scope) {
		pcp_out_text(&out, "%");
		if (if_indextoname(endpoint->scope, iface))
			pcp_out_text(&out, iface);
		else
			pcp_out_uint(&out, endpoint->scope);
	}
	pcp_out_text(&out, v4 ? ":" : "]:");
	pcp_out_uint(&out, endpoint->port);
	return out.len;
}

static bool fail(struct pcp_why *why, size_t at, const char *text)
{
	return pcp_refuse(why, at, "%s", text);
}

static bool parse_port(const char *typed, size_t at, uint16_t *port, struct pcp_why *why)
{
	unsigned long value = 0;
	size_t i = at;

	for (; typed[i] >= '0' && typed[i] <= '9' && value <= 65535; i++)
		value = value * 10 + (unsigned long)(typed[i] - '0');
	if (i == at || typed[i] != '\0' || value == 0 || value > 65535)
		return pcp_refuse(why, at, "'%s' is no port: a number from 1 to 65535",
				  pcp_quoted(typed + at).text);
	*port = (uint16_t)value;
	return true;
}

static bool parse_scope(const char *name, size_t at, uint32_t *scope, struct pcp_why *why)
{
	char *end;
	unsigned long index;

	*scope = if_nametoindex(name);
	if (*scope)
		return true;
	index = strtoul(name, &end, 10);
	if (name[0] < '0' || name[0] > '9' || *end != '\0' || index == 0 || index > UINT32_MAX)
		return fail(why, at, "no interface of this machine has that name");
	*scope = (uint32_t)index;
	return true;
}

/* typed[from, to): an address, perhaps with %IFACE. */
static bool parse_addr(const char *typed, size_t from, size_t to, struct pcp_endpoint *endpoint,
		       struct pcp_why *why)
{
	char text[PCP_ADDR_TEXT + IF_NAMESIZE], *percent;
	size_t len = to - from;

	if (len == 0 || len >= sizeof(text))
		return fail(why, from,
			    len == 0 ? "an address is missing here" : "too long for an address");
	memcpy(text, typed + from, len);
	text[len] = '\0';
	percent = strchr(text, '%');
	if (percent) {
		*percent = '\0';
		if (!parse_scope(percent + 1, from + (size_t)(percent + 1 - text), &endpoint->scope,
				 why))
			return false;
	}
	if (!pcp_addr_parse(text, endpoint->addr, why)) {
		if (why)
			why->at += from;
		return false;
	}
	return true;
}

bool pcp_endpoint_parse(const char *typed, uint16_t port, struct pcp_endpoint *endpoint,
			struct pcp_why *why)
{
	struct pcp_endpoint parsed = { .port = port };
	size_t from = 0, to = strlen(typed), port_at = 0;

	if (typed[0] == '[') {
		const char *close = strchr(typed, ']');
		if (!close)
			return fail(why, 0, "the bracket is not closed: [ADDRESS]:PORT");
		from = 1;
		to = (size_t)(close - typed);
		if (close[1] == ':')
			port_at = to + 2;
		else if (close[1] != '\0')
			return fail(why, to + 1, "after ] only :PORT may follow");
	} else {
		/* One colon alone is ADDR:PORT; more are an IPv6 address without a port. */
		const char *colon = strchr(typed, ':');
		if (colon && !strchr(colon + 1, ':')) {
			to = (size_t)(colon - typed);
			port_at = to + 1;
		}
	}
	if (!parse_addr(typed, from, to, &parsed, why))
		return false;
	if (port_at && !parse_port(typed, port_at, &parsed.port, why))
		return false;
	*endpoint = parsed;
	return true;
}
