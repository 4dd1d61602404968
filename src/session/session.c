#include "session.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <unistd.h>

#include "gateway.h"
#include "labspec.h"
#include "session-private.h"
#include "sock.h"

/* What was typed is at fault. */
static bool usage(struct session *session)
{
	session->io->fault = SESSION_USAGE;
	return false;
}

/* ---- what the engines ask of us ---- */

static bool send_request(void *arg, const struct pcp_client_server *server,
			 const struct pcp_endpoint *to, const uint8_t *octets, size_t len)
{
	struct session *session = arg;

	return pcp_sock_send(session->io->server_fd[server->id], NULL, to, octets, len);
}

static void tell(void *arg, const struct pcp_client_event *event)
{
	struct session *session = arg;
	struct session_io *io = session->io;

	session_record(session, event);
	log_event(io->log, event, event->now + io->wall_offset);
	/* A face that looks at a capture is not told of what goes on behind it. */
	for (struct session_observer *o = session->replay ? NULL : session->io->observers, *next; o;
	     o = next) {
		next = o->next; /* an observer may leave while it is told */
		o->event(o->arg, event);
	}
	if (session->io->awaited && event->exchange == session->io->awaited)
		loop_stop(session->loop);
}

static bool same_addr_or_any(const struct pcp_endpoint *bound, const struct pcp_endpoint *wanted)
{
	return bound->port == wanted->port &&
	       (pcp_endpoint_same_addr(bound, wanted) || pcp_addr_is_any(bound->addr));
}

/* The lab answers from where it was asked; its faults answer from elsewhere, through a socket
 * opened for that one datagram. */
static void lab_send(void *arg, const struct pcp_endpoint *from, const struct pcp_endpoint *to,
		     const uint8_t *octets, size_t len)
{
	struct session *session = arg;
	struct pcp_why why;

	session_record_lab(session, from, to, octets, len);
	if (same_addr_or_any(&session->io->lab_at, from)) {
		pcp_sock_send(session->io->lab_fd, from, to, octets, len);
		return;
	}
	int fd = pcp_sock_open(from, NULL, &why);

	if (fd < 0)
		return; /* an address this host does not have: the datagram is lost, as a fault may
			   be */
	pcp_sock_send(fd, NULL, to, octets, len);
	close(fd);
}

static void lab_note(void *arg, usec now, const char *line)
{
	struct session *session = arg;

	if (session->lab_note)
		session->lab_note(session->lab_note_arg, now, line);
}

/* ---- what the sockets bring ---- */

static void server_ready(void *arg, int fd, usec now)
{
	struct session *session = arg;
	struct pcp_endpoint from, to;
	const char *what;
	ssize_t len;

	while (pcp_sock_error(fd, &to, &what))
		pcp_client_unreachable(session->io->client, now, &to, what);
	for (int i = 0; i < BURST; i++) {
		len = pcp_sock_receive(fd, session->io->octets, sizeof session->io->octets, &from,
				       &to);
		if (len < 0)
			return;
		pcp_client_receive(session->io->client, now, &from, &to, session->io->octets,
				   (size_t)len);
	}
}

static void lab_ready(void *arg, int fd, usec now)
{
	struct session *session = arg;
	struct pcp_endpoint from, to;
	const char *what;
	ssize_t len;

	while (pcp_sock_error(fd, &to, &what))
		; /* a client that went away is no concern of a server's */
	for (int i = 0; i < BURST; i++) {
		len = pcp_sock_receive(fd, session->io->octets, sizeof session->io->octets, &from,
				       &to);
		if (len < 0)
			return;
		session_record_lab(session, &from, &to, session->io->octets, (size_t)len);
		lab_receive(session->lab, now, &from, &to, session->io->octets, (size_t)len);
	}
}

static usec client_due(void *arg)
{
	return pcp_client_next(((struct session *)arg)->io->client);
}

static void client_do(void *arg, usec now)
{
	pcp_client_tick(((struct session *)arg)->io->client, now);
}

static usec lab_due(void *arg)
{
	return lab_next(*(struct lab **)arg);
}

static void lab_do(void *arg, usec now)
{
	lab_tick(*(struct lab **)arg, now);
}

/* ---- the lab ---- */

static bool lab_address(struct session *session, const char *spec, struct pcp_why *why)
{
	struct session_io *io = session->io;
	char word[LABSPEC_WORD_MAX];
	bool is_address;

	while (labspec_next(&spec, word, &is_address))
		if (is_address && !labspec_address(word, &io->lab_at, &io->lab_fixed, why))
			return usage(session);
	return true;
}

static bool lab_words(struct session *session, const char *spec, struct pcp_why *why)
{
	char word[LABSPEC_WORD_MAX];
	bool is_address;

	while (labspec_next(&spec, word, &is_address))
		if (!is_address && !lab_set(session->lab, loop_now(session->loop), word, why))
			return usage(session);
	return true;
}

/* Binds the lab: the port that was named, or 5351 and the next free one. */
static bool lab_bind(struct session *session, struct pcp_why *why)
{
	struct session_io *io = session->io;

	for (int tries = 0; tries < LAB_PORT_TRIES; tries++, io->lab_at.port++) {
		bool in_use;

		io->lab_fd = pcp_sock_open(&io->lab_at, &in_use, why);
		if (io->lab_fd >= 0)
			return pcp_sock_local(io->lab_fd, &io->lab_at);
		if (io->lab_fixed || !in_use)
			return false;
	}
	return false;
}

static bool lab_start(struct session *session, const struct session_config *config,
		      struct pcp_why *why)
{
	struct session_io *io = session->io;
	const char *spec = config->lab_spec ? config->lab_spec : "";

	io->lab_at = (struct pcp_endpoint){ .port = PCP_SERVER_PORT };
	pcp_addr_parse("127.0.0.1", io->lab_at.addr, why);
	if (!lab_address(session, spec, why) || !lab_bind(session, why))
		return false;
	if (config->seed)
		pcp_rng_seeded(&io->lab_rng,
			       config->seed + 1); /* its faults do not disturb the client's dice */
	else
		pcp_rng_system(&io->lab_rng);
	session->lab =
		lab_new(loop_now(session->loop), &io->lab_rng,
			(struct lab_io){ .arg = session, .send = lab_send, .note = lab_note });
	if (!session->lab)
		return pcp_refuse(why, 0, "no memory for the lab");
	if (!loop_watch(session->loop, io->lab_fd, lab_ready, session) ||
	    !loop_timed(session->loop, lab_due, lab_do, &session->lab))
		return pcp_refuse(why, 0, "no memory for the lab");
	lab_listens(session->lab, &io->lab_at);
	/* It has run for a while, as gateways have: else a restart in its first seconds, which
	 * takes the epoch back to 0, could not be told by it (RFC 6887 8.5). */
	lab_set(session->lab, loop_now(session->loop), "epoch=1h", why);
	return lab_words(session, spec, why);
}

/* Where a client on this host reaches the lab. */
static struct pcp_endpoint lab_reach(const struct session *session)
{
	struct pcp_endpoint at = session->io->lab_at;
	struct pcp_why why;

	if (pcp_addr_is_any(at.addr))
		pcp_addr_parse(pcp_addr_is_v4(at.addr) ? "127.0.0.1" : "::1", at.addr, &why);
	return at;
}

/* ---- what is lost ---- */

static bool is_own_lab(const struct session *session, const struct pcp_client_server *server)
{
	struct pcp_endpoint lab = lab_reach(session);
	const struct pcp_endpoint *at = &server->config.endpoint[server->current];

	return session->lab && at->port == lab.port && pcp_endpoint_same_addr(at, &lab);
}

/* NAT-PMP has no nonces; what a walk found is not ours. */
static bool needs_nonce(const struct pcp_mapping *mapping, usec now)
{
	static const bool over[] = {
		[MAPPING_ASKING] = true,  [MAPPING_LOST] = true,    [MAPPING_RECOVERING] = true,
		[MAPPING_DELETED] = true, [MAPPING_EXPIRED] = true, [MAPPING_FAILED] = false
	};

	return !over[mapping->state] && !mapping->unconfirmed && mapping->version &&
	       mapping->expires_at != USEC_NEVER && mapping->expires_at > now;
}

size_t session_unsaved(const struct session *session)
{
	const struct pcp_client *client = session->io->client;
	bool own[SESSION_SERVERS_MAX + 2] = { false };
	size_t n = session_keeps(session) ? 0 : pcp_client_nmappings(client), count = 0, others = 0;

	for (uint16_t id = 1; id <= pcp_client_nservers(client) && id < sizeof own; id++) {
		own[id] = is_own_lab(session, pcp_client_server(client, id));
		others += !own[id];
	}
	for (size_t i = 0; others && i < n; i++) {
		const struct pcp_mapping *mapping = pcp_client_mapping_at(client, i);

		count += (mapping->server >= sizeof own || !own[mapping->server]) &&
			 needs_nonce(mapping, loop_now(session->loop));
	}
	return count;
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
			return pcp_refuse(
				why, 0, "\"%.80s\": the port after the colon is 1 to 65535", typed);
	}
	if (!len || len >= sizeof name)
		return pcp_refuse(why, 0,
				  "\"%.80s\" is no server: ADDR, ADDR:PORT, [ADDR]:PORT or a name",
				  typed);
	memcpy(name, typed, len);
	name[len] = '\0';
	int error = getaddrinfo(name, NULL, &hints, &list);

	if (error)
		return pcp_refuse(why, 0, "server \"%.80s\": %s", typed, gai_strerror(error));
	add_resolved(server, list, (uint16_t)port);
	freeaddrinfo(list);
	return server->nendpoint ? true
				 : pcp_refuse(why, 0, "server \"%.80s\" has no address", typed);
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
			return pcp_refuse(why, 0, "\"%.80s...\" is too long for a server", typed);
		memcpy(word, typed, len);
		word[len] = '\0';
		if (pcp_endpoint_parse(word, PCP_SERVER_PORT, &endpoint, why))
			add_candidate(server, &endpoint);
		else if (word[0] == '[' || strchr(word, '%') ||
			 (strspn(word, "0123456789.:") == len && len))
			return usage(session); /* meant as an address */
		else if (!resolve(server, word, why))
			return false;
		typed += len + (typed[len] == ',');
	}
	if (server->nendpoint)
		return true;
	pcp_refuse(why, 0, "a server is an address or a name");
	return usage(session);
}

static bool loopback(const struct pcp_endpoint *endpoint)
{
	static const uint8_t one[PCP_ADDR_LEN] = { [15] = 1 };

	return pcp_addr_is_v4(endpoint->addr) ? endpoint->addr[12] == 127
					      : memcmp(endpoint->addr, one, sizeof one) == 0;
}

/* Announcements come by multicast on the link that leads to the server; one socket an interface.
 * That it cannot be had is no reason not to start: a restart then shows in the next answer's epoch.
 */
static void hear_announcements(struct session *session, const struct pcp_endpoint *local)
{
	struct session_io *io = session->io;
	struct pcp_why why;

	if (loopback(local) || io->nannouncements == SESSION_SERVERS_MAX)
		return;
	for (size_t i = 0; i < io->nannouncements; i++)
		if (pcp_endpoint_same_addr(&io->announcements[i].local, local))
			return;
	int fd = pcp_sock_announcements(local, &why);

	if (fd < 0)
		return;
	if (!loop_watch(session->loop, fd, server_ready, session)) {
		close(fd);
		return;
	}
	io->announcements[io->nannouncements++] =
		(struct announcements){ .fd = fd, .local = *local };
}

static bool find_source(struct session *session, struct pcp_client_server_config *server,
			const char *typed, struct pcp_why *why)
{
	if (!typed && !pcp_sock_source(&server->endpoint[0], &server->source, why)) {
		session->io->fault = SESSION_UNREACHABLE;
		return false;
	}
	if (!typed)
		return true;
	if (!pcp_endpoint_parse(typed, 0, &server->source, why))
		return usage(session);
	if (pcp_addr_is_v4(server->source.addr) == pcp_addr_is_v4(server->endpoint[0].addr))
		return true;
	pcp_refuse(why, 0, "source %s and server %s are of different families", typed,
		   server->name);
	return usage(session);
}

bool session_add_server(struct session *session, struct pcp_client_server_config *server,
			struct pcp_why *why)
{
	struct session_io *io = session->io;

	if (pcp_client_nservers(io->client) == SESSION_SERVERS_MAX)
		return pcp_refuse(why, 0, "too many servers: at most 16");
	int fd = pcp_sock_open(&server->source, NULL, why);

	if (fd < 0)
		return false;
	pcp_sock_local(fd, &server->source);
	uint16_t id = pcp_client_add_server(io->client, server);

	if (!id || !loop_watch(session->loop, fd, server_ready, session)) {
		close(fd);
		return pcp_refuse(why, 0, "no memory for server %s", server->name);
	}
	io->server_fd[id] = fd;
	if (!session->server)
		session->server = id;
	hear_announcements(session, &server->source);
	return true;
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

/* The default routers, IPv4 first (8.1): the first that can be used is the server. */
static void add_gateway(struct session *session, const struct session_config *config)
{
	struct pcp_endpoint gateway;
	struct pcp_why why;

	for (int v4 = 1; v4 >= 0 && !session->server; v4--)
		if (gateway_default(v4, &gateway))
			add_known(session, config, &gateway, "default gateway", false, &why);
}

/* RFC 7723 4: appended after what is configured or found. One without a route is left out. */
static void add_anycast(struct session *session, const struct session_config *config)
{
	static const char *const anycast[] = { "192.0.0.9", "2001:1::1" };

	for (size_t i = 0; i < sizeof anycast / sizeof *anycast; i++) {
		struct pcp_endpoint endpoint;
		struct pcp_why why;

		if (pcp_endpoint_parse(anycast[i], PCP_SERVER_PORT, &endpoint, &why))
			add_known(session, config, &endpoint, "anycast", true, &why);
	}
}

static bool add_servers(struct session *session, const struct session_config *config,
			struct pcp_why *why)
{
	if (session->lab) {
		struct pcp_endpoint lab = lab_reach(session);

		if (!add_known(session, config, &lab, "lab", false, why))
			return false;
	}
	if (!add_typed(session, config, why))
		return false;
	if (!session->server)
		add_gateway(session, config);
	if (config->anycast)
		add_anycast(session, config);
	return true;
}

/* ---- life ---- */

static bool start(struct session *session, const struct session_config *config, struct pcp_why *why)
{
	struct session_io *io = session->io;

	session->dialects = config->dialects;
	session->loop = loop_new();
	session->log = io->log = log_new(0);
	if (config->seed)
		pcp_rng_seeded(&session->rng, config->seed);
	else
		pcp_rng_system(&session->rng);
	session->client = io->client = pcp_client_new(
		&config->client, &session->rng,
		(struct pcp_client_io){ .arg = session, .send = send_request, .event = tell });
	if (!session->loop || !session->log || !session->client ||
	    !loop_timed(session->loop, client_due, client_do, session))
		return pcp_refuse(why, 0, "no memory to start with");
	io->wall_offset = pcp_clock_wall() - pcp_clock_monotonic();
	if (!session_start_captures(session, config, why))
		return false;
	if (config->read_file) /* nothing is sent, so nobody is asked */
		return session_open(session, config->read_file, why);
	if (config->lab && !lab_start(session, config, why))
		return false;
	if (!add_servers(session, config, why))
		return false;
	if (config->resume)
		session_resume(session);
	return true;
}

struct session *session_new(const struct session_config *config, struct pcp_why *why)
{
	struct session *session = calloc(1, sizeof *session);
	struct session_io *io = calloc(1, sizeof *io);

	if (!session || !io) {
		pcp_refuse(why, 0, "no memory to start with");
		free(session);
		free(io);
		return NULL;
	}
	session->io = io;
	io->lab_fd = -1;
	for (size_t i = 0; i <= SESSION_SERVERS_MAX; i++)
		io->server_fd[i] = -1;
	if (!start(session, config, why)) {
		if (config->fault)
			*config->fault = io->fault;
		session_free(session);
		return NULL;
	}
	return session;
}

static void close_fd(struct session *session, int fd)
{
	if (fd < 0)
		return;
	loop_unwatch(session->loop, fd);
	close(fd);
}

static void tell_end(struct session *session)
{
	for (struct session_observer *o = session->io->observers, *next; o; o = next) {
		next = o->next; /* the observer may free itself */
		if (o->ended)
			o->ended(o->arg);
	}
}

static void end(struct session *session)
{
	tell_end(session);
	if (session->loop) {
		for (size_t i = 0; i <= SESSION_SERVERS_MAX; i++)
			close_fd(session, session->io->server_fd[i]);
		for (size_t i = 0; i < session->io->nannouncements; i++)
			close_fd(session, session->io->announcements[i].fd);
		close_fd(session, session->io->lab_fd);
	}
	session_end_captures(session);
}

void session_leave(struct session *session)
{
	end(session);
}

void session_free(struct session *session)
{
	if (!session)
		return;
	end(session);
	session_free_captures(session);
	lab_free(session->lab);
	pcp_client_free(session->io->client);
	log_free(session->io->log);
	loop_free(session->loop);
	free(session->io);
	free(session);
}

void session_observe(struct session *session, struct session_observer *observer)
{
	struct session_observer **last = &session->io->observers;

	while (*last)
		last = &(*last)->next; /* told in the order in which they came */
	observer->next = NULL;
	*last = observer;
}

void session_unobserve(struct session *session, struct session_observer *observer)
{
	for (struct session_observer **o = &session->io->observers; *o; o = &(*o)->next)
		if (*o == observer) {
			*o = observer->next;
			return;
		}
}

void session_task_begin(struct session *session, struct session_task *task)
{
	task->next = session->io->tasks;
	session->io->tasks = task;
}

void session_task_end(struct session *session, struct session_task *task)
{
	for (struct session_task **t = &session->io->tasks; *t; t = &(*t)->next)
		if (*t == task) {
			*t = task->next;
			return;
		}
}

const struct session_task *session_task(const struct session *session)
{
	return session->io->tasks;
}

bool session_cancel(struct session *session)
{
	struct session_task *task = session->io->tasks;

	if (task)
		task->cancel(task->arg);
	return task != NULL;
}

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
	return pcp_client_submit(session->client, loop_now(session->loop), &meant, why);
}

bool session_wait(struct session *session, uint32_t exchange, usec timeout)
{
	usec until = timeout == USEC_NEVER ? USEC_NEVER : loop_now(session->loop) + timeout;

	session->io->awaited = exchange;
	while (pcp_client_exchange(session->client, exchange) && loop_now(session->loop) < until)
		loop_run(session->loop, until);
	session->io->awaited = 0;
	const struct exchange *end = log_exchange(session->log, exchange);

	return end && end->answers > 0;
}
