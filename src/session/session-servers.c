/* The servers of a session: whom it asks, from which socket, and what is lost when it ends. */
#include "session-private.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gateway.h"
#include "sock.h"
#include "text.h"
#include "words.h"

/* ---- what the sockets bring ---- */

static void server_ready(void *arg, int fd, usec now)
{
	struct session *session = arg;
	struct pcp_endpoint from, to;
	const char *what;
	ssize_t len;

	while (pcp_sock_error(fd, &to, &what))
		pcp_client_unreachable(session->client, now, &to, what);
	for (int i = 0; i < BURST; i++) {
		len = pcp_sock_receive(fd, session->octets, sizeof session->octets, &from, &to);
		if (len < 0)
			return;
		pcp_client_receive(session->client, now, &from, &to, session->octets, (size_t)len);
	}
}

/* ---- servers ---- */

static bool add_candidate(struct pcp_client_server_config *server,
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
		add_candidate(server, &endpoint);
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
static bool parse_server(struct session *session, struct pcp_client_server_config *server,
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
			add_candidate(server, &endpoint);
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

/* Announcements come by multicast on the link that leads to the server; one socket an interface.
 * That it cannot be had is told, and no reason not to start: a restart then shows in the next
 * answer's epoch. */
static void hear_announcements(struct session *session, const struct pcp_endpoint *local)
{
	struct pcp_why why;

	if (session_is_loopback(local) || session->nannouncements == SESSION_SERVERS_MAX)
		return;
	for (size_t i = 0; i < session->nannouncements; i++)
		if (pcp_endpoint_same_addr(&session->announcements[i].local, local))
			return;
	int fd = pcp_sock_announcements(local, &why);

	if (fd < 0) {
		session_notice(session, "announcements of restarts are not heard: %s", why.text);
		return;
	}
	if (!loop_watch(session->loop, fd, server_ready, session)) {
		close(fd);
		return;
	}
	session->announcements[session->nannouncements++] =
		(struct announcements){ .fd = fd, .local = *local };
}

static bool link_local(const struct pcp_endpoint *endpoint)
{
	return endpoint->addr[0] == 0xfe && (endpoint->addr[1] & 0xc0) == 0x80;
}

static bool find_source(struct session *session, struct pcp_client_server_config *server,
			const char *typed, struct pcp_why *why)
{
	if (!typed && !pcp_sock_source(&server->endpoint[0], &server->source, why)) {
		session->fault = SESSION_UNREACHABLE;
		return false;
	}
	if (!typed && link_local(&server->endpoint[0]) && link_local(&server->source))
		(void)pcp_sock_global(server->source.scope, &server->source); /* RFC 6887 8.4 */
	if (!typed)
		return true;
	if (!pcp_endpoint_parse(typed, 0, &server->source, why))
		return session_usage(session);
	if (pcp_addr_is_v4(server->source.addr) == pcp_addr_is_v4(server->endpoint[0].addr))
		return true;
	pcp_refuse(why, 0, "source %s and server %s are of different families", typed,
		   server->name);
	return session_usage(session);
}

bool session_add_server(struct session *session, struct pcp_client_server_config *server,
			struct pcp_why *why)
{
	if (pcp_client_nservers(session->client) == SESSION_SERVERS_MAX)
		return pcp_refuse(why, 0, "too many servers: at most 16");
	int fd = pcp_sock_open(&server->source, NULL, why);

	if (fd < 0)
		return false;
	pcp_sock_local(fd, &server->source);
	uint16_t id = pcp_client_add_server(session->client, server);

	if (!id || !loop_watch(session->loop, fd, server_ready, session)) {
		close(fd);
		return pcp_refuse(why, 0, "no memory for server %s", server->name);
	}
	session->server_fd[id] = fd;
	if (!session->server)
		session->server = id;
	hear_announcements(session, &server->source);
	return true;
}

uint16_t session_add_door(struct session *session, uint16_t server,
			  const struct pcp_endpoint *source, struct pcp_why *why)
{
	const struct pcp_client_server *known = pcp_client_server(session->client, server);
	struct pcp_client_server_config config;

	if (!known) {
		pcp_refuse(why, 0, "there is no server %u", server);
		return 0;
	}
	config = known->config;
	config.source = *source;
	if (!session_add_server(session, &config, why))
		return 0;
	return (uint16_t)pcp_client_nservers(session->client);
}

uint16_t session_add_address(struct session *session, const struct pcp_endpoint *endpoint,
			     const char *name, struct pcp_why *why)
{
	struct pcp_client_server_config config = { .version = PCP_VERSION_2, .nendpoint = 1 };

	config.endpoint[0] = *endpoint;
	snprintf(config.name, sizeof config.name, "%s", name);
	if (!pcp_sock_source(endpoint, &config.source, why) ||
	    !session_add_server(session, &config, why))
		return 0;
	return (uint16_t)pcp_client_nservers(session->client);
}

static bool add_server(struct session *session, struct pcp_client_server_config *server,
		       const char *source, struct pcp_why *why)
{
	return find_source(session, server, source, why) &&
	       session_add_server(session, server, why);
}

static void init_server(struct pcp_client_server_config *server,
			const struct session_config *config)
{
	*server = (struct pcp_client_server_config){
		.version = config->natpmp ? PCP_VERSION_NATPMP : PCP_VERSION_2,
		.fixed_version = config->natpmp,
	};
}

static bool add_typed(struct session *session, const struct session_config *config,
		      struct pcp_why *why)
{
	for (size_t i = 0; i < config->nserver; i++) {
		struct pcp_client_server_config server;

		init_server(&server, config);
		if (!parse_server(session, &server, config->server[i], why) ||
		    !add_server(session, &server, config->source, why))
			return false;
	}
	return true;
}

static bool add_known(struct session *session, const struct session_config *config,
		      const struct pcp_endpoint *endpoint, const char *name, bool anycast,
		      struct pcp_why *why)
{
	struct pcp_client_server_config server;

	init_server(&server, config);
	server.anycast = anycast;
	server.endpoint[server.nendpoint++] = *endpoint;
	snprintf(server.name, sizeof server.name, "%s", name);
	return add_server(session, &server, config->source, why);
}

/* RFC 7723 4. */
static bool anycast_of(bool v4, struct pcp_endpoint *endpoint)
{
	struct pcp_why why;

	return pcp_endpoint_parse(v4 ? "192.0.0.9" : "2001:1::1", PCP_SERVER_PORT, endpoint, &why);
}

/* The default routers, each for mappings of its family (8.1), IPv4 first. The anycast address of
 * the family goes behind its router, and is asked when that is silent (RFC 7723 2.1). */
static void add_gateways(struct session *session, const struct session_config *config)
{
	for (int v4 = 1; v4 >= 0; v4--) {
		struct pcp_client_server_config server;
		struct pcp_endpoint anycast;
		struct pcp_why why;

		init_server(&server, config);
		if (!gateway_default(v4, &server.endpoint[0]))
			continue;
		server.nendpoint = 1;
		snprintf(server.name, sizeof server.name, "default gateway");
		if (config->anycast && anycast_of(v4, &anycast))
			add_candidate(&server, &anycast);
		if (add_server(session, &server, config->source, &why))
			session->routers[v4] = (uint16_t)pcp_client_nservers(session->client);
	}
}

/* Where no router was found in the family. One without a route is left out. */
static void add_anycast(struct session *session, const struct session_config *config)
{
	for (int v4 = 1; v4 >= 0; v4--) {
		struct pcp_endpoint endpoint;
		struct pcp_why why;

		if (!session->routers[v4] && anycast_of(v4, &endpoint))
			add_known(session, config, &endpoint, "anycast", true, &why);
	}
}

uint16_t session_server_for(const struct session *session, bool v4)
{
	const struct pcp_client_server *server =
		pcp_client_server(session->client, session->server);
	bool is_router = session->server && (session->server == session->routers[0] ||
					     session->server == session->routers[1]);

	if (!is_router || pcp_addr_is_v4(server->config.source.addr) == v4)
		return session->server;
	return session->routers[v4];
}

bool session_add_servers(struct session *session, const struct session_config *config,
			 struct pcp_why *why)
{
	if (session->lab) {
		struct pcp_endpoint lab = session_lab_at(session);

		if (!add_known(session, config, &lab, "lab", false, why))
			return false;
	}
	if (!add_typed(session, config, why))
		return false;
	if (!session->server)
		add_gateways(session, config);
	if (config->anycast)
		add_anycast(session, config);
	return true;
}

/* ---- requests ---- */

uint32_t session_send(struct session *session, const struct pcp_client_request *request,
		      struct pcp_why *why)
{
	struct pcp_client_request meant = *request;

	if (!meant.server)
		meant.server = session->server;
	if (!meant.server) {
		pcp_refuse(why, 0,
			   "no PCP server: no default gateway was found; name one with -s, or use "
			   "--lab");
		return 0;
	}
	return pcp_client_submit(session_client(session), loop_now(session->loop), &meant, why);
}

struct judge_facts session_facts(const struct session *session, uint16_t id)
{
	const struct pcp_client_server *server =
		pcp_client_server(session->client, id ? id : session->server);
	struct judge_facts facts = { .went = PCP_REQUEST, .dialects = session->dialects };

	if (server && !pcp_addr_is_any(server->config.source.addr))
		facts.source = server->config.source.addr;
	return facts;
}

bool session_wait(struct session *session, uint32_t exchange, usec timeout)
{
	usec until = timeout == USEC_NEVER ? USEC_NEVER : loop_now(session->loop) + timeout;

	session->awaited = exchange;
	while (pcp_client_exchange(session_client(session), exchange) &&
	       loop_now(session->loop) < until)
		loop_run(session->loop, until);
	session->awaited = 0;
	const struct exchange *end = log_exchange(session_log(session), exchange);

	return end && end->answers > 0;
}
