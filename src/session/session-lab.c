/* The embedded gateway of a session: its sockets, its time, its words. */
#include "session-private.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "burst.h"
#include "labspec.h"
#include "out.h"
#include "sock.h"

enum { LAB_PORT_TRIES = 32 };

static bool same_addr_or_any(const struct pcp_endpoint *bound, const struct pcp_endpoint *wanted)
{
	return bound->port == wanted->port &&
	       (pcp_endpoint_same_addr(bound, wanted) ||
		(pcp_addr_is_any(bound->addr) &&
		 pcp_addr_is_v4(bound->addr) == pcp_addr_is_v4(wanted->addr)));
}

/* The lab answers from where it was asked; its faults answer from elsewhere, through a socket
 * opened for that one datagram. */
static void lab_send(void *arg, const struct pcp_endpoint *from, const struct pcp_endpoint *to,
		     const uint8_t *octets, size_t len)
{
	struct session *session = arg;
	struct pcp_why why;

	session_record_lab(session, from, to, octets, len);
	for (size_t i = 0; i < session->ndoor; i++) {
		if (same_addr_or_any(&session->door[i].at, from)) {
			pcp_sock_send(session->door[i].fd, from, to, octets, len);
			return;
		}
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

static void lab_ready(void *arg, int fd, usec now)
{
	struct session *session = arg;
	struct burst burst = { .fd = fd };
	const char *what;
	ssize_t len;

	while (burst_error(&burst, &what))
		; /* a client that went away is no concern of a server's */
	while ((len = burst_receive(&burst, session->octets, sizeof session->octets)) >= 0) {
		session_record_lab(session, &burst.from, &burst.to, session->octets, (size_t)len);
		lab_receive(session->lab, now, &burst.from, &burst.to, session->octets,
			    (size_t)len);
	}
}

static usec lab_due(void *arg)
{
	return lab_next(((struct session *)arg)->lab);
}

static void lab_do(void *arg, usec now)
{
	lab_tick(((struct session *)arg)->lab, now);
}

/* ---- starting ---- */

static bool lab_addresses(struct session *session, const char *spec, struct pcp_why *why)
{
	char word[LABSPEC_WORD_MAX];
	bool is_address;

	while (labspec_next(&spec, word, &is_address)) {
		struct session_door *door = &session->door[session->ndoor];

		if (!is_address)
			continue;
		if (session->ndoor == SESSION_DOORS_MAX) {
			pcp_refuse(why, 0, "the lab listens on %d addresses at most",
				   SESSION_DOORS_MAX);
			return session_usage(session);
		}
		door->fd = -1;
		if (!labspec_address(word, &door->at, &door->fixed, why))
			return session_usage(session);
		session->ndoor++;
	}
	if (session->ndoor == 0) {
		session->door[0] = (struct session_door){ -1, { .port = PCP_SERVER_PORT }, false };
		pcp_addr_parse("127.0.0.1", session->door[0].at.addr, why);
		session->ndoor = 1;
	}
	return true;
}

static bool lab_words(struct session *session, const char *spec, struct pcp_why *why)
{
	char word[LABSPEC_WORD_MAX];
	bool is_address;

	while (labspec_next(&spec, word, &is_address))
		if (!is_address && !lab_set(session->lab, loop_now(session->loop), word, why))
			return session_usage(session);
	return true;
}

/* Binds a door: the port that was named, or 5351 and the next free one. */
static bool lab_bind(struct session_door *door, struct pcp_why *why)
{
	for (int tries = 0; tries < LAB_PORT_TRIES; tries++, door->at.port++) {
		bool in_use;

		door->fd = pcp_sock_open(&door->at, &in_use, why);
		if (door->fd >= 0)
			return pcp_sock_local(door->fd, &door->at);
		if (door->fixed || !in_use)
			return false;
	}
	return false;
}

static bool lab_listen(struct session *session, struct pcp_why *why)
{
	for (size_t i = 0; i < session->ndoor; i++) {
		if (!loop_watch(session->loop, session->door[i].fd, lab_ready, session))
			return pcp_refuse(why, 0, "no memory for the lab");
		lab_listens(session->lab, &session->door[i].at);
	}
	return loop_timed(session->loop, lab_due, lab_do, session) ||
	       pcp_refuse(why, 0, "no memory for the lab");
}

/* What holds here without a word: the codes that the session reads, and, where strangers can send,
 * nothing for other hosts and no flood of answers to whoever's address they forge. */
static void lab_defaults(struct session *session)
{
	static const char *const open[] = { "third-party=off", "source-rate=20", "brief=on" };
	usec now = loop_now(session->loop);
	char word[64];
	struct pcp_out out;
	struct pcp_why why;
	size_t bare;

	pcp_out_begin(&out, word, sizeof word);
	pcp_out_text(&out, "dialect=");
	bare = out.len;
	for (const struct pcp_name *row = pcp_dialect_names; row->name; row++)
		if (session->dialects & row->code)
			pcp_out_format(&out, "%s%s", out.len > bare ? "+" : "", row->name);
	if (out.len > bare)
		lab_default(session->lab, now, word, &why);
	for (size_t i = 0; session_lab_open(session) && i < sizeof open / sizeof *open; i++)
		lab_default(session->lab, now, open[i], &why);
}

bool session_start_lab(struct session *session, const struct session_config *config,
		       struct pcp_why *why)
{
	const char *spec = config->lab_spec ? config->lab_spec : "";

	if (!lab_addresses(session, spec, why))
		return false;
	for (size_t i = 0; i < session->ndoor; i++)
		if (!lab_bind(&session->door[i], why))
			return false;
	if (config->seed)
		pcp_rng_seeded(&session->lab_rng,
			       config->seed + 1); /* its faults do not disturb the client's dice */
	else
		pcp_rng_system(&session->lab_rng);
	session->lab = lab_new(loop_now(session->loop), &session->lab_rng,
			       (struct lab_io){ .arg = session,
						.send = lab_send,
						.note = lab_note,
						.struck = session_keep_strike });
	if (!session->lab)
		return pcp_refuse(why, 0, "no memory for the lab");
	if (!lab_listen(session, why))
		return false;
	/* It has run for a while, as gateways have: else a restart in its first seconds, which
	 * takes the epoch back to 0, could not be told by it (RFC 6887 8.5). */
	lab_set(session->lab, loop_now(session->loop), "epoch=1h", why);
	lab_defaults(session);
	return lab_words(session, spec, why);
}

/* ---- where it is ---- */

bool session_is_loopback(const struct pcp_endpoint *endpoint)
{
	return pcp_addr_is_loopback(endpoint->addr);
}

bool session_lab_open(const struct session *session)
{
	for (size_t i = 0; i < session->ndoor; i++)
		if (!session_is_loopback(&session->door[i].at))
			return true;
	return false;
}

bool session_lab_door(const struct session *session, size_t i, struct pcp_endpoint *at)
{
	if (i >= session->ndoor)
		return false;
	*at = session->door[i].at;
	return true;
}

static struct pcp_endpoint reach(const struct session_door *door)
{
	struct pcp_endpoint at = door->at;
	struct pcp_why why;

	if (pcp_addr_is_any(at.addr))
		pcp_addr_parse(pcp_addr_is_v4(at.addr) ? "127.0.0.1" : "::1", at.addr, &why);
	return at;
}

struct pcp_endpoint session_lab_at(const struct session *session)
{
	return reach(&session->door[0]);
}

bool session_is_own_lab(const struct session *session, const struct pcp_client_server *server)
{
	const struct pcp_endpoint *at = &server->config.endpoint[server->current];

	for (size_t i = 0; i < session->ndoor; i++) {
		struct pcp_endpoint lab = reach(&session->door[i]);

		if (at->port == lab.port && pcp_endpoint_same_addr(at, &lab))
			return true;
	}
	return false;
}

void session_on_lab(struct session *session, void (*note)(void *arg, usec now, const char *line),
		    void *arg)
{
	session->lab_note = note;
	session->lab_note_arg = arg;
}

/* By its last answer, or else by the last request. */
const char *session_lab_why(const struct session *session, uint32_t exchange)
{
	const struct log *log = session_log(session);
	const struct exchange *found = log_exchange(log, exchange);
	const struct message *next = found ? log_message(log, found->first) : NULL;
	const struct message *request = NULL, *answer = NULL;

	for (; next; next = next->next ? log_message(log, next->next) : NULL) {
		if (message_sent(next))
			request = next;
		else if (next->kind == MESSAGE_RESPONSE)
			answer = next;
	}
	if (!session->lab || !request)
		return NULL;
	return answer ? lab_why(session->lab, answer->to, answer->octets, answer->len)
		      : lab_why(session->lab, request->from, request->octets, request->len);
}
