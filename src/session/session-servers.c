/* The servers of a session: whom it asks, from which socket, and what is lost when it ends. */
#include "session-private.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "burst.h"
#include "interface.h"
#include "route.h"
#include "sock.h"
#include "text.h"
#include "words.h"

/* ---- what the sockets bring ---- */

static void server_ready(void *arg, int fd, usec now)
{
	struct session *session = arg;
	struct burst burst = { .fd = fd };
	const char *what;
	ssize_t len;

	while (burst_error(&burst, &what))
		pcp_client_unreachable(session->client, now, &burst.from, what);
	while ((len = burst_receive(&burst, session->octets, sizeof session->octets)) >= 0)
		pcp_client_receive(session->client, now, &burst.from, &burst.to, session->octets,
				   (size_t)len);
}

/* ---- servers ---- */

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

static bool source_of_interface(struct session *session, struct pcp_client_server_config *server,
				struct pcp_why *why)
{
	unsigned interface = interface_index(session->interface);
	bool v4 = pcp_addr_is_v4(server->endpoint[0].addr);

	if (interface && interface_address(interface, v4, &server->source)) {
		for (size_t i = 0; i < server->nendpoint; i++)
			if (pcp_addr_is_link_local(server->endpoint[i].addr) &&
			    !server->endpoint[i].scope)
				server->endpoint[i].scope = interface;
		return true;
	}
	session->fault = SESSION_UNREACHABLE;
	return pcp_refuse(why, 0,
			  interface ? "interface %s has no IPv%d address"
				    : "there is no interface %s any more",
			  session->interface, v4 ? 4 : 6);
}

bool session_find_source(struct session *session, struct pcp_client_server_config *server,
			 struct pcp_why *why)
{
	if (*session->interface)
		return source_of_interface(session, server, why);
	if (!pcp_sock_source(&server->endpoint[0], &server->source, why)) {
		session->fault = SESSION_UNREACHABLE;
		return false;
	}
	if (pcp_addr_is_link_local(server->endpoint[0].addr) &&
	    pcp_addr_is_link_local(server->source.addr))
		(void)pcp_sock_global(server->source.scope, &server->source); /* RFC 6887 8.4 */
	return true;
}

static bool find_source(struct session *session, struct pcp_client_server_config *server,
			const char *typed, struct pcp_why *why)
{
	if (!typed || *session->interface)
		return session_find_source(session, server, why);
	if (!pcp_endpoint_parse(typed, 0, &server->source, why))
		return session_usage(session);
	if (pcp_addr_is_v4(server->source.addr) == pcp_addr_is_v4(server->endpoint[0].addr))
		return true;
	pcp_refuse(why, 0, "source %s and server %s are of different families", typed,
		   server->name);
	return session_usage(session);
}

static int open_socket(struct session *session, struct pcp_endpoint *local, struct pcp_why *why)
{
	int fd = pcp_sock_open(local, NULL, why);

	if (fd < 0)
		return -1;
	pcp_sock_local(fd, local);
	/* Where the system does not let us, the source address must do. */
	if (*session->interface)
		(void)interface_bind(fd, interface_index(session->interface));
	if (loop_watch(session->loop, fd, server_ready, session))
		return fd;
	close(fd);
	pcp_no_memory(why);
	return -1;
}

bool session_open_socket(struct session *session, uint16_t id, struct pcp_endpoint *local,
			 struct pcp_why *why)
{
	int fd = open_socket(session, local, why);

	if (fd < 0)
		return false;
	loop_unwatch(session->loop, session->server_fd[id]);
	close(session->server_fd[id]);
	session->server_fd[id] = fd;
	hear_announcements(session, local);
	return true;
}

bool session_add_server(struct session *session, struct pcp_client_server_config *server,
			struct pcp_why *why)
{
	if (pcp_client_nservers(session->client) == SESSION_SERVERS_MAX)
		return pcp_refuse(why, 0, "too many servers: at most %d", SESSION_SERVERS_MAX);
	int fd = open_socket(session, &server->source, why);

	if (fd < 0)
		return false;
	uint16_t id = pcp_client_add_server(session->client, server);

	if (!id) {
		loop_unwatch(session->loop, fd);
		close(fd);
		return pcp_no_memory(why);
	}
	session->server_fd[id] = fd;
	if (!session->server)
		session->server = id;
	hear_announcements(session, &server->source);
	return true;
}

static bool add_server(struct session *session, struct pcp_client_server_config *server,
		       const char *source, struct pcp_why *why)
{
	if (!find_source(session, server, source, why) || !session_add_server(session, server, why))
		return false;
	session->home[pcp_client_nservers(session->client)] = (struct session_home){
		.follows = true,
		.fixed = source && !*session->interface,
	};
	return true;
}

/* A door of the server that is there already; 0: none. */
static uint16_t find_door(const struct session *session, uint16_t server,
			  const struct pcp_endpoint *source)
{
	const struct pcp_client_server *known = pcp_client_server(session->client, server), *door;

	for (uint16_t id = 1; id <= pcp_client_nservers(session->client); id++) {
		door = pcp_client_server(session->client, id);
		if (session->home[id].door == server &&
		    pcp_endpoint_same(&door->config.endpoint[0], &known->config.endpoint[0]) &&
		    pcp_endpoint_same_addr(&door->config.source, source) &&
		    (!source->port || door->config.source.port == source->port))
			return id;
	}
	return 0;
}

uint16_t session_add_door(struct session *session, uint16_t server,
			  const struct pcp_endpoint *source, struct pcp_why *why)
{
	const struct pcp_client_server *known = pcp_client_server(session->client, server);
	struct pcp_client_server_config config;
	uint16_t id;

	if (!known) {
		pcp_refuse(why, 0, "there is no server %u", server);
		return 0;
	}
	id = find_door(session, server, source);
	if (id)
		return id;
	config = known->config;
	config.source = *source;
	if (!session_add_server(session, &config, why))
		return 0;
	id = (uint16_t)pcp_client_nservers(session->client);
	session->home[id] = (struct session_home){ .door = server };
	return id;
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
		if (!session_parse_server(session, &server, config->server[i], why) ||
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

bool session_find_router(const struct session *session, bool v4, struct pcp_endpoint *gateway)
{
	unsigned interface = *session->interface ? interface_index(session->interface) : 0;
	struct route_way route;

	if ((*session->interface && !interface) || !route_out(v4, interface, &route))
		return false;
	*gateway = route.gateway;
	if (route.has_gateway)
		return pcp_addr_is_v4(route.gateway.addr) == v4;
	if (!session->router_config.tunnel || !interface_first(route.interface, v4, gateway))
		return false;
	gateway->port = PCP_SERVER_PORT;
	return true;
}

static uint16_t add_router(struct session *session, const struct session_config *config,
			   const struct pcp_endpoint *gateway, struct pcp_why *why)
{
	struct pcp_client_server_config server;
	struct pcp_endpoint anycast;
	uint16_t id;

	init_server(&server, config);
	server.endpoint[0] = *gateway;
	server.nendpoint = 1;
	snprintf(server.name, sizeof server.name, "default gateway");
	/* It is asked when the router is silent (RFC 7723 2.1). */
	if (config->anycast && anycast_of(pcp_addr_is_v4(gateway->addr), &anycast))
		session_add_candidate(&server, &anycast);
	if (!add_server(session, &server, config->source, why))
		return 0;
	id = (uint16_t)pcp_client_nservers(session->client);
	session->home[id].router = true;
	return id;
}

uint16_t session_add_router(struct session *session, const struct pcp_endpoint *gateway,
			    struct pcp_why *why)
{
	return add_router(session, &session->router_config, gateway, why);
}

/* The default routers, each for mappings of its family (8.1), IPv4 first. */
static void add_gateways(struct session *session)
{
	for (int v4 = 1; v4 >= 0; v4--) {
		struct pcp_endpoint gateway;
		struct pcp_why why;

		if (session_find_router(session, v4, &gateway))
			session->routers[v4] = session_add_router(session, &gateway, &why);
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
	if (!session_take_source(session, config, why))
		return false;
	if (session->lab) {
		struct pcp_endpoint lab = session_lab_at(session);

		if (!add_known(session, config, &lab, "lab", false, why))
			return false;
	}
	if (!add_typed(session, config, why))
		return false;
	session->by_router = !session->server;
	session->router_config =
		(struct session_config){ .source = config->source ? session->source : NULL,
					 .natpmp = config->natpmp,
					 .tunnel = config->tunnel,
					 .anycast = config->anycast };
	if (session->by_router)
		add_gateways(session);
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
