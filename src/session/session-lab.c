/* The embedded gateway of a session: its socket, its time, its words. */
#include "session-private.h"

#include <unistd.h>

#include "labspec.h"
#include "sock.h"

enum { LAB_PORT_TRIES = 32 };

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
	if (same_addr_or_any(&session->lab_at, from)) {
		pcp_sock_send(session->lab_fd, from, to, octets, len);
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

static void lab_ready(void *arg, int fd, usec now)
{
	struct session *session = arg;
	struct pcp_endpoint from, to;
	const char *what;
	ssize_t len;

	while (pcp_sock_error(fd, &to, &what))
		; /* a client that went away is no concern of a server's */
	for (int i = 0; i < BURST; i++) {
		len = pcp_sock_receive(fd, session->octets, sizeof session->octets, &from, &to);
		if (len < 0)
			return;
		session_record_lab(session, &from, &to, session->octets, (size_t)len);
		lab_receive(session->lab, now, &from, &to, session->octets, (size_t)len);
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

static bool lab_address(struct session *session, const char *spec, struct pcp_why *why)
{
	char word[LABSPEC_WORD_MAX];
	bool is_address;

	while (labspec_next(&spec, word, &is_address))
		if (is_address &&
		    !labspec_address(word, &session->lab_at, &session->lab_fixed, why))
			return session_usage(session);
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

/* Binds the lab: the port that was named, or 5351 and the next free one. */
static bool lab_bind(struct session *session, struct pcp_why *why)
{
	for (int tries = 0; tries < LAB_PORT_TRIES; tries++, session->lab_at.port++) {
		bool in_use;

		session->lab_fd = pcp_sock_open(&session->lab_at, &in_use, why);
		if (session->lab_fd >= 0)
			return pcp_sock_local(session->lab_fd, &session->lab_at);
		if (session->lab_fixed || !in_use)
			return false;
	}
	return false;
}

bool session_start_lab(struct session *session, const struct session_config *config,
		       struct pcp_why *why)
{
	const char *spec = config->lab_spec ? config->lab_spec : "";

	session->lab_at = (struct pcp_endpoint){ .port = PCP_SERVER_PORT };
	pcp_addr_parse("127.0.0.1", session->lab_at.addr, why);
	if (!lab_address(session, spec, why) || !lab_bind(session, why))
		return false;
	if (config->seed)
		pcp_rng_seeded(&session->lab_rng,
			       config->seed + 1); /* its faults do not disturb the client's dice */
	else
		pcp_rng_system(&session->lab_rng);
	session->lab =
		lab_new(loop_now(session->loop), &session->lab_rng,
			(struct lab_io){ .arg = session, .send = lab_send, .note = lab_note });
	if (!session->lab)
		return pcp_refuse(why, 0, "no memory for the lab");
	if (!loop_watch(session->loop, session->lab_fd, lab_ready, session) ||
	    !loop_timed(session->loop, lab_due, lab_do, session))
		return pcp_refuse(why, 0, "no memory for the lab");
	lab_listens(session->lab, &session->lab_at);
	/* It has run for a while, as gateways have: else a restart in its first seconds, which
	 * takes the epoch back to 0, could not be told by it (RFC 6887 8.5). */
	lab_set(session->lab, loop_now(session->loop), "epoch=1h", why);
	return lab_words(session, spec, why);
}

struct pcp_endpoint session_lab_at(const struct session *session)
{
	struct pcp_endpoint at = session->lab_at;
	struct pcp_why why;

	if (pcp_addr_is_any(at.addr))
		pcp_addr_parse(pcp_addr_is_v4(at.addr) ? "127.0.0.1" : "::1", at.addr, &why);
	return at;
}

bool session_is_own_lab(const struct session *session, const struct pcp_client_server *server)
{
	struct pcp_endpoint lab = session_lab_at(session);
	const struct pcp_endpoint *at = &server->config.endpoint[server->current];

	return session->lab && at->port == lab.port && pcp_endpoint_same_addr(at, &lab);
}

void session_on_lab(struct session *session, void (*note)(void *arg, usec now, const char *line),
		    void *arg)
{
	session->lab_note = note;
	session->lab_note_arg = arg;
}
