/*
 * A host whose addresses and routes change: a server is asked from an address that this host has,
 * the default router is the one that there is now, and mappings follow (RFC 6887 8.1, 8.4, 11.5,
 * 16.4). Only what the route picks is picked again; a source that was named stays.
 */
#include "session-private.h"

#include <stdio.h>
#include <string.h>

#include "interface.h"
#include "route.h"
#include "sock.h"

/* One change seldom comes alone: a new address brings its routes. */
#define SETTLE (USEC_PER_SEC / 5)

/* ---- another source ---- */

static const char *addr_text(const struct pcp_endpoint *endpoint, char buf[PCP_ADDR_TEXT])
{
	pcp_addr_text(endpoint->addr, buf, PCP_ADDR_TEXT);
	return buf;
}

static const struct pcp_client_server *server_at(const struct session *session, uint16_t id)
{
	return pcp_client_server(session->client, id);
}

static void replace_source(struct session *session, uint16_t id, const struct pcp_endpoint *source,
			   usec now)
{
	const struct pcp_client_server *server = server_at(session, id);
	char old[PCP_ADDR_TEXT], new[PCP_ADDR_TEXT], to[ENDPOINT_TEXT], reason[128];
	struct pcp_endpoint local = *source;
	struct pcp_why why;

	if (!session_open_socket(session, id, &local, &why)) {
		if (!session->home[id].away)
			session_notice(session, "%s; tried again when something changes", why.text);
		session->home[id].away = true;
		return;
	}
	addr_text(&server->config.source, old);
	addr_text(&local, new);
	pcp_endpoint_text(&server->config.endpoint[server->current], to, sizeof to);
	session_notice(session, "this host has lost %s: %s is asked from %s now, for new mappings",
		       old, to, new);
	snprintf(reason, sizeof reason, "this host has lost its address %s", old);
	session->home[id].away = false;
	pcp_client_set_source(session->client, now, id, &local, reason);
}

/* Another entry takes the place of `old`, where what it holds is deleted if this host still has the
 * address that it was asked from. */
static void succeed(struct session *session, uint16_t old, uint16_t new, usec now,
		    const char *reason)
{
	bool erase = interface_of(&server_at(session, old)->config.source) != 0;

	session->home[old].heir = new;
	if (session->server == old)
		session->server = new;
	for (int v4 = 0; v4 <= 1; v4++)
		if (session->routers[v4] == old)
			session->routers[v4] = new;
	pcp_client_move(session->client, now, old, new, erase, reason);
}

uint16_t session_heir(const struct session *session, uint16_t id)
{
	while (id && id <= SESSION_SERVERS_MAX && session->home[id].heir)
		id = session->home[id].heir;
	return id ? id : session->server;
}

enum session_way session_way(const struct session *session, uint16_t id)
{
	const struct session_home *home = id <= SESSION_SERVERS_MAX ? &session->home[id] : NULL;

	if (home && home->heir)
		return SESSION_WAY_LEFT;
	return home && home->away ? SESSION_WAY_NONE : SESSION_WAY_OPEN;
}

const char *session_way_name(enum session_way way)
{
	static const char *const names[] = { [SESSION_WAY_OPEN] = "open",
					     [SESSION_WAY_NONE] = "none",
					     [SESSION_WAY_LEFT] = "left" };

	return names[way];
}

/* ---- what each server is asked from ---- */

static void lose_way(struct session *session, uint16_t id, const char *why)
{
	struct session_home *home = &session->home[id];

	if (!home->away)
		session_notice(session, "%s; it is asked again as soon as there is a way", why);
	home->away = true;
}

/* The route leaves through another interface now, while the old address is still there. */
static void take_other_way(struct session *session, uint16_t id, const struct pcp_endpoint *source,
			   usec now)
{
	struct pcp_client_server_config config = server_at(session, id)->config;
	char old[PCP_ADDR_TEXT], new[PCP_ADDR_TEXT], to[ENDPOINT_TEXT], reason[320];
	struct session_home home = session->home[id];
	struct pcp_why why;

	addr_text(&config.source, old);
	addr_text(source, new);
	pcp_endpoint_text(&config.endpoint[0], to, sizeof to);
	snprintf(reason, sizeof reason, "the route to %s begins at %s now, no longer at %s", to,
		 new, old);
	config.source = *source;
	if (!session_add_server(session, &config, &why)) {
		lose_way(session, id, why.text);
		return;
	}
	session_notice(session, "%s", reason);
	session->home[pcp_client_nservers(session->client)] = home;
	succeed(session, id, (uint16_t)pcp_client_nservers(session->client), now, reason);
}

static void look_at_source(struct session *session, uint16_t id, usec now)
{
	const struct pcp_client_server_config *config = &server_at(session, id)->config;
	struct pcp_client_server_config wanted = *config;
	unsigned stands_on = interface_of(&config->source);
	struct pcp_why why;

	if (session->home[id].fixed) {
		wanted.source = config->source;
		if (!stands_on)
			lose_way(session, id, "this host has lost the address that -i names");
	} else if (!session_find_source(session, &wanted, &why)) {
		lose_way(session, id, why.text);
		return;
	} else if (!stands_on) {
		replace_source(session, id, &wanted.source, now);
		return;
	} else if (stands_on != interface_of(&wanted.source)) {
		take_other_way(session, id, &wanted.source, now);
		return;
	}
	if (!session->home[id].away || !stands_on)
		return;
	session->home[id].away = false;
	session_notice(session, "there is a way to %s again", config->name);
	pcp_client_reached(session->client, now, id);
}

/* ---- the default routers ---- */

static uint16_t known_router(const struct session *session, const struct pcp_endpoint *gateway)
{
	for (uint16_t id = 1; id <= pcp_client_nservers(session->client); id++)
		if (session->home[id].router &&
		    pcp_endpoint_same(&server_at(session, id)->config.endpoint[0], gateway))
			return id;
	return 0;
}

static uint16_t router_at(struct session *session, const struct pcp_endpoint *gateway, usec now)
{
	uint16_t id = known_router(session, gateway);
	struct pcp_why why;

	if (!id) {
		id = session_add_router(session, gateway, &why);
		if (!id)
			session_notice(session, "%s", why.text);
		return id;
	}
	session->home[id].heir = 0;
	look_at_source(session, id, now);
	return id;
}

static void look_for_router(struct session *session, bool v4, usec now)
{
	uint16_t old = session->routers[v4], id;
	char there[ENDPOINT_TEXT], reason[256];
	struct pcp_endpoint gateway;

	if (!session_find_router(session, v4, &gateway) ||
	    (old && pcp_endpoint_same(&server_at(session, old)->config.endpoint[0], &gateway)) ||
	    !(id = router_at(session, &gateway, now)))
		return;
	pcp_endpoint_text(&gateway, there, sizeof there);
	session->routers[v4] = id;
	if (!session->server)
		session->server = id;
	snprintf(reason, sizeof reason, "the default route goes to %s now", there);
	session_notice(session, "%s", reason);
	if (old)
		succeed(session, old, id, now, reason);
}

/* ---- when ---- */

static usec look_due(void *arg)
{
	return ((struct session *)arg)->look_at;
}

static void look(void *arg, usec now)
{
	struct session *session = arg;

	session->look_at = USEC_NEVER;
	for (int v4 = 1; session->by_router && v4 >= 0; v4--)
		look_for_router(session, v4, now);
	for (uint16_t id = 1; id <= pcp_client_nservers(session->client); id++)
		if (session->home[id].follows && !session->home[id].heir)
			look_at_source(session, id, now);
}

static void changed(void *arg, int fd, usec now)
{
	struct session *session = arg;

	route_watched(fd);
	if (session->look_at == USEC_NEVER)
		session->look_at = now + SETTLE;
}

/* Loopback does not change. */
static bool may_change(const struct session *session)
{
	bool any = session->by_router;

	for (uint16_t id = 1; id <= pcp_client_nservers(session->client); id++)
		any = any || (session->home[id].follows &&
			      !session_is_loopback(&server_at(session, id)->config.endpoint[0]));
	return any;
}

bool session_roam(struct session *session, struct pcp_why *why)
{
	if (session->route_fd >= 0 || !may_change(session))
		return true;
	session->look_at = USEC_NEVER;
	session->route_fd = route_watch();
	if (session->route_fd < 0)
		return true;
	return (loop_watch(session->loop, session->route_fd, changed, session) &&
		loop_timed(session->loop, look_due, look, session)) ||
	       pcp_refuse(why, 0, "no memory to start with");
}

uint16_t session_add_address(struct session *session, const struct pcp_endpoint *endpoint,
			     const char *name, struct pcp_why *why)
{
	struct pcp_client_server_config config = { .version = PCP_VERSION_2, .nendpoint = 1 };
	uint16_t id;

	config.endpoint[0] = *endpoint;
	snprintf(config.name, sizeof config.name, "%s", name);
	if (!session_find_source(session, &config, why) ||
	    !session_add_server(session, &config, why))
		return 0;
	id = (uint16_t)pcp_client_nservers(session->client);
	session->home[id] = (struct session_home){ .follows = true };
	/* It may be the first one that anything can change for. */
	return session_roam(session, why) ? id : 0;
}
