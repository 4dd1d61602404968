/* Servers and sources as they are typed: addresses, names, interfaces. */
#include "session-private.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "interface.h"
#include "text.h"
#include "words.h"

bool session_add_candidate(struct pcp_client_server_config *server,
			   const struct pcp_endpoint *endpoint)
{
	if (server->nendpoint == CLIENT_CANDIDATES_MAX)
		return false;
	/* One server's requests carry one source address, hence one family: that of the best
	 * address. */
	if (server->nendpoint &&
	    pcp_addr_is_v4(server->endpoint[0].addr) != pcp_addr_is_v4(endpoint->addr))
		return false;
	server->endpoint[server->nendpoint++] = *endpoint;
	return true;
}

static void add_resolved(struct pcp_client_server_config *server, const struct addrinfo *list,
			 uint16_t port)
{
	for (const struct addrinfo *a = list; a; a = a->ai_next) {
		struct pcp_endpoint endpoint = { .port = port };

		if (a->ai_family == AF_INET) {
			pcp_addr_any(endpoint.addr, true);
			memcpy(endpoint.addr + 12,
			       &((struct sockaddr_in *)(void *)a->ai_addr)->sin_addr, 4);
		} else if (a->ai_family == AF_INET6) {
			struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)(void *)a->ai_addr;

			memcpy(endpoint.addr, &v6->sin6_addr, PCP_ADDR_LEN);
			endpoint.scope = v6->sin6_scope_id;
		} else {
			continue;
		}
		session_add_candidate(server, &endpoint);
	}
}

/* NAME or NAME:PORT through the resolver, which sorts by RFC 6724 as RFC 7488 3 wants. Only done
 * while starting: a resolver blocks. */
static bool resolve(struct pcp_client_server_config *server, const char *typed, struct pcp_why *why)
{
	struct addrinfo hints = { .ai_socktype = SOCK_DGRAM }, *list;
	char name[256];
	const char *colon = strrchr(typed, ':');
	size_t len = colon ? (size_t)(colon - typed) : strlen(typed);
	unsigned long port = PCP_SERVER_PORT;

	if (colon) {
		char *end;

		port = strtoul(colon + 1, &end, 10);
		if (*end || end == colon + 1 || port == 0 || port > 65535)
			return pcp_refuse(why, 0, "\"%s\": the port after the colon is 1 to 65535",
					  pcp_quoted(typed).text);
	}
	if (!len || len >= sizeof name)
		return pcp_refuse(why, 0,
				  "\"%s\" is no server: ADDR, ADDR:PORT, [ADDR]:PORT or a name",
				  pcp_quoted(typed).text);
	memcpy(name, typed, len);
	name[len] = '\0';
	int error = getaddrinfo(name, NULL, &hints, &list);

	if (error)
		return pcp_refuse(why, 0, "server \"%s\": %s", pcp_quoted(typed).text,
				  gai_strerror(error));
	add_resolved(server, list, (uint16_t)port);
	freeaddrinfo(list);
	return server->nendpoint
		       ? true
		       : pcp_refuse(why, 0, "server \"%s\" has no address", pcp_quoted(typed).text);
}

/* ::1:5351 is an address like any other, though hardly what was meant. */
static void explain_brackets(struct session *session, const char *word)
{
	const char *last = strrchr(word, ':');
	struct pcp_quote address;
	uint8_t addr[PCP_ADDR_LEN];
	size_t digits;

	if (!last || word[0] == '[' || strchr(word, ':') == last)
		return;
	digits = strspn(last + 1, "0123456789");
	address = pcp_quote(word, (size_t)(last - word));
	if (digits >= 4 && !last[1 + digits] && pcp_addr_parse(address.text, addr, NULL))
		session_notice(session,
			       "%s is taken as an address; port %s of %s is written [%s]:%s", word,
			       last + 1, address.text, address.text, last + 1);
}

/* "ADDR", "[ADDR]:PORT", a name, or a list of those separated by commas: one server's addresses. */
bool session_parse_server(struct session *session, struct pcp_client_server_config *server,
			  const char *typed, struct pcp_why *why)
{
	char word[300];

	snprintf(server->name, sizeof server->name, "%s", typed);
	while (*typed) {
		size_t len = strcspn(typed, ",");
		struct pcp_endpoint endpoint;

		if (len >= sizeof word)
			return pcp_refuse(why, 0, "\"%s...\" is too long for a server",
					  pcp_quoted(typed).text);
		memcpy(word, typed, len);
		word[len] = '\0';
		explain_brackets(session, word);
		if (pcp_endpoint_parse(word, PCP_SERVER_PORT, &endpoint, why))
			session_add_candidate(server, &endpoint);
		else if (word[0] == '[' || strchr(word, '%') ||
			 (strspn(word, "0123456789.:") == len && len))
			return session_usage(session); /* meant as an address */
		else if (!resolve(server, word, why))
			return false;
		typed += len + (typed[len] == ',');
	}
	if (server->nendpoint)
		return true;
	pcp_refuse(why, 0, "a server is an address or a name");
	return session_usage(session);
}

/* What -i says: the name of an interface, or an address. */
bool session_take_source(struct session *session, const struct session_config *config,
			 struct pcp_why *why)
{
	struct pcp_endpoint source;
	char names[256];

	if (!config->source)
		return true;
	snprintf(session->source, sizeof session->source, "%s", config->source);
	if (interface_index(config->source)) {
		snprintf(session->interface, sizeof session->interface, "%s", config->source);
		return true;
	}
	if (pcp_endpoint_parse(config->source, 0, &source, why))
		return true;
	interface_names(names, sizeof names);
	pcp_refuse(why, 0, "-i: '%s' is neither an address nor an interface; there are %s",
		   pcp_quoted(config->source).text, names);
	return session_usage(session);
}
