/* A walk in a session: asks for the list's next piece until its end, and adopts what it finds. */
#include "walker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "interface.h"
#include "session-task.h"
#include "text.h"

/* Between an answer and the next request to a server that is not on this host: 40 pages a second
 * at most. */
#define A_PAGE (USEC_PER_SEC / 40)

struct walker {
	struct session *session;
	struct session_observer observer;
	struct session_task task;
	struct walk_listener listener;
	struct walk walk;
	uint16_t server;
	uint32_t exchange;
	usec ask_at; /* when to ask for the next piece; USEC_NEVER: it is asked for, or not wanted
		      */
	bool own;
	usec now; /* of the answer being read */
};

void walk_stop(struct walker *walker)
{
	loop_untimed(session_loop(walker->session), walker);
	session_task_end(walker->session, &walker->task);
	session_unobserve(walker->session, &walker->observer);
	pcp_client_cancel(session_client(walker->session), loop_now(session_loop(walker->session)),
			  walker->exchange);
	free(walker);
}

uint32_t walk_exchange(const struct walker *walker)
{
	return walker->exchange;
}

/* The session is on its way out and takes the walk along. */
static void session_ended(void *arg)
{
	struct walker *walker = arg;

	loop_untimed(session_loop(walker->session), walker);
	session_task_end(walker->session, &walker->task);
	free(walker);
}

static void done(struct walker *walker)
{
	session_task_end(walker->session, &walker->task);
	if (walker->listener.done)
		walker->listener.done(walker->listener.arg, &walker->walk, walker->exchange);
	walk_stop(walker);
}

static void progress(void *arg, char *buf, size_t cap)
{
	const struct walk *walk = &((struct walker *)arg)->walk;

	snprintf(buf, cap, "walk: %zu mapping%s, %zu request%s", walk->entries,
		 pcp_s(walk->entries), walk->requests, pcp_s(walk->requests));
}

static void cancel(void *arg)
{
	((struct walker *)arg)->walk.state = WALK_STOPPED;
	done(arg);
}

static void describe(const struct walk_entry *entry, struct pcp_mapping *mapping)
{
	struct pcp_tlv tlv;
	bool bad = false;
	size_t pos = 0;

	while (pcp_tlv_next(entry->options, entry->options_len, &pos, &tlv, &bad)) {
		if (tlv.code == PCP_DESCRIPTION || tlv.code == PCP_DESCRIPTION_64)
			pcp_safe_text(tlv.data, tlv.len, mapping->description,
				      sizeof mapping->description);
		if (tlv.code == PCP_PORT_SET && tlv.len >= pcp_port_set_fields[PORT_SET_PARITY].off)
			mapping->port_set_size =
				(uint16_t)pcp_get(&pcp_port_set_fields[PORT_SET_SIZE], tlv.data);
	}
}

static void found(void *arg, const struct walk_entry *entry)
{
	struct walker *walker = arg;
	struct pcp_client *client = session_client(walker->session);
	const struct pcp_client_server *server = pcp_client_server(client, walker->server);
	struct pcp_mapping mapping = {
		.server = walker->server,
		.state = MAPPING_GRANTED,
		.version = walker->walk.request.octets[0],
		.opcode = 0, /* MAP or PEER: NEXT does not tell (B.5) */
		.protocol = entry->protocol,
		.internal_port = entry->internal_port,
		.external_port = entry->external_port,
		.lifetime = entry->lifetime,
		.created_at = walker->now,
		.granted_at = walker->now,
		.expires_at = walker->now + (usec)entry->lifetime * USEC_PER_SEC,
		.hold_until = USEC_NEVER,
		.next_at = USEC_NEVER,
		.adopted = true,
		.unconfirmed = !walker->own,
		.exchange = walker->exchange,
	};
	const struct pcp_mapping *known;

	memcpy(mapping.internal, entry->internal, PCP_ADDR_LEN);
	memcpy(mapping.external, entry->external, PCP_ADDR_LEN);
	memcpy(mapping.nonce, entry->nonce, PCP_NONCE_LEN);
	mapping.third_party =
		memcmp(entry->internal, server->config.source.addr, PCP_ADDR_LEN) != 0;
	describe(entry, &mapping);
	known = pcp_client_mapping(client,
				   pcp_client_adopt(client, walker->now, &mapping, walker->own));
	if (walker->listener.found)
		walker->listener.found(walker->listener.arg, known ? known : &mapping);
}

static bool ask(struct walker *walker, struct pcp_why *why)
{
	struct pcp_client_request request = {
		.server = walker->server,
		.octets = walker->walk.request.octets,
		.len = walker->walk.request.len,
	};

	walker->exchange = session_send(walker->session, &request, why);
	return walker->exchange != 0;
}

static usec ask_due(void *arg)
{
	return ((struct walker *)arg)->ask_at;
}

static void go_on(struct walker *walker)
{
	struct pcp_why why;

	walker->ask_at = USEC_NEVER;
	if (ask(walker, &why))
		return;
	walker->walk.state = WALK_SILENT;
	done(walker);
}

static void ask_now(void *arg, usec now)
{
	(void)now;
	go_on(arg);
}

/* A server on this host is asked at once; another one has others to serve, too. */
static bool is_near(const struct walker *walker)
{
	const struct pcp_client_server *server =
		pcp_client_server(session_client(walker->session), walker->server);
	const struct pcp_endpoint *at = &server->config.endpoint[server->current];

	return pcp_addr_is_loopback(at->addr) || interface_of(at) != 0;
}

static void answered(struct walker *walker, const struct pcp_client_event *event)
{
	walker->now = event->now;
	if (walk_answer(&walker->walk, event->octets, event->len, found, walker) != WALK_GOING)
		done(walker);
	else if (is_near(walker))
		go_on(walker);
	else
		walker->ask_at = event->now + A_PAGE;
}

static void happened(void *arg, const struct pcp_client_event *event)
{
	struct walker *walker = arg;

	if (!event->exchange || event->exchange != walker->exchange)
		return;
	if (event->kind == CLIENT_ANSWERED) {
		answered(walker, event);
		return;
	}
	if (event->kind != CLIENT_TIMED_OUT && event->kind != CLIENT_UNREACHABLE &&
	    event->kind != CLIENT_CANCELLED)
		return;
	if (pcp_client_exchange(session_client(walker->session), walker->exchange))
		return; /* on to the server's next address */
	walker->walk.state = WALK_SILENT;
	done(walker);
}

static struct walker *walker_new(struct session *session, const struct pcp_client_request *get,
				 const struct walk_listener *listener, struct pcp_why *why)
{
	struct walker *walker = calloc(1, sizeof *walker);
	struct pcp_edit edit = { .dialects = session_dialects(session) };

	if (!walker) {
		pcp_no_memory(why);
		return NULL;
	}
	walker->session = session;
	walker->listener = *listener;
	walker->server = get->server ? get->server : session_server(session);
	walker->observer = (struct session_observer){ .event = happened,
						      .arg = walker,
						      .ended = session_ended };
	walker->task =
		(struct session_task){ .progress = progress, .cancel = cancel, .arg = walker };
	if (pcp_edit_load(&edit, get->octets, get->len) && walk_begin(&walker->walk, &edit))
		return walker;
	pcp_refuse(why, 0, "the GET has no room for NEXT");
	free(walker);
	return NULL;
}

struct walker *walk_start(struct session *session, const struct pcp_client_request *get, bool own,
			  const struct walk_listener *listener, struct pcp_why *why)
{
	struct walker *walker = walker_new(session, get, listener, why);

	if (!walker)
		return NULL;
	walker->own = own;
	walker->ask_at = USEC_NEVER;
	if (!loop_timed(session_loop(session), ask_due, ask_now, walker)) {
		pcp_no_memory(why);
		free(walker);
		return NULL;
	}
	session_observe(session, &walker->observer);
	session_task_begin(session, &walker->task);
	if (ask(walker, why))
		return walker;
	walk_stop(walker);
	return NULL;
}
