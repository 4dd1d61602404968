/* A session from its start to its end. */
#include "session-private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "interface.h"
#include "session-follow.h"
#include "sock.h"
#include "text.h"

/* ---- what the engines ask of us ---- */

static bool send_request(void *arg, const struct pcp_client_server *server,
			 const struct pcp_endpoint *to, const uint8_t *octets, size_t len)
{
	struct session *session = arg;

	if (pcp_sock_send(session->server_fd[server->id], NULL, to, octets, len))
		return true;
	/* The system calls it an invalid argument. */
	if (errno == EINVAL && !interface_of(&server->config.source))
		errno = EADDRNOTAVAIL;
	return false;
}

static void tell(void *arg, const struct pcp_client_event *event)
{
	struct session *session = arg;

	if (!session_record(session, event))
		log_left_out(session->log, event);
	else if (!log_event(session->log, event, event->now + session->wall_offset) &&
		 session->missed++ == 0)
		session_notice(session, "out of memory: not every message is listed");
	/* A face that looks at a capture is not told of what goes on behind it. */
	for (struct session_observer *o = session->replay ? NULL : session->observers, *next; o;
	     o = next) {
		next = o->next; /* an observer may leave while it is told */
		o->event(o->arg, event);
	}
	if (session->awaited && event->exchange == session->awaited)
		loop_stop(session->loop);
}

/* ---- what is due ---- */

static usec client_due(void *arg)
{
	return pcp_client_next(((struct session *)arg)->client);
}

static void client_do(void *arg, usec now)
{
	pcp_client_tick(((struct session *)arg)->client, now);
}

static usec saving_due(void *arg)
{
	const struct session *session = arg;

	return session->saved.writer && capture_is_full(session->saved.writer)
		       ? loop_now(session->loop)
		       : USEC_NEVER;
}

/* From the loop, when the client has nothing half done. */
static void save_on(void *arg, usec now)
{
	(void)now;
	capture_turn(((struct session *)arg)->saved.writer);
}

static usec reading_due(void *arg)
{
	const struct session *session = arg;

	return session_busy(session) ? loop_now(session->loop) : session->offer_at;
}

static void read_some(void *arg, usec now)
{
	struct session *session = arg;

	(void)now;
	if (session_busy(session))
		session_busy_on(session);
	else
		session_offer_on(session);
}

/* ---- life ---- */

static bool start_engine(struct session *session, const struct session_config *config)
{
	session->loop = loop_new();
	session->log = log_new(0);
	if (session->log)
		log_bound(session->log, LOG_DEFAULT, PCP_MAX_LEN);
	if (config->seed)
		pcp_rng_seeded(&session->rng, config->seed);
	else
		pcp_rng_system(&session->rng);
	session->client = pcp_client_new(
		&config->client, &session->rng,
		(struct pcp_client_io){ .arg = session, .send = send_request, .event = tell });
	return session->loop && session->log && session->client &&
	       loop_timed(session->loop, client_due, client_do, session) &&
	       loop_timed(session->loop, saving_due, save_on, session) &&
	       loop_timed(session->loop, reading_due, read_some, session);
}

static bool start(struct session *session, const struct session_config *config, struct pcp_why *why)
{
	session->dialects = config->dialects;
	memcpy(session->port, config->port, sizeof session->port);
	session->nport = config->nport;
	session->offer_at = USEC_NEVER;
	session->wall_offset = pcp_clock_wall() - pcp_clock_monotonic();
	if (!start_engine(session, config))
		return pcp_refuse(why, 0, "no memory to start with");
	if (!session_start_saving(session, config, why))
		return false;
	if (config->listen)
		return session_listen(session, config->listen, why);
	if (config->read_fd)
		return session_follow(session, config->read_fd, "standard input", why);
	if (config->read_file && config->follow)
		return session_follow_path(session, config->read_file, why);
	if (config->read_file) /* nothing is sent, so nobody is asked */
		return session_open(session, config->read_file, why);
	if (config->lab && !session_start_lab(session, config, why))
		return false;
	if (!session_add_servers(session, config, why))
		return false;
	if (config->resume)
		session_resume_first(session);
	return session_roam(session, why);
}

struct session *session_new(const struct session_config *config, struct pcp_why *why)
{
	struct session *session = calloc(1, sizeof *session);

	if (!session) {
		pcp_refuse(why, 0, "no memory to start with");
		return NULL;
	}
	session->route_fd = -1;
	for (size_t i = 0; i <= SESSION_SERVERS_MAX; i++)
		session->server_fd[i] = -1;
	if (!start(session, config, why)) {
		if (*session->unheard) {
			struct pcp_why first = *why;

			pcp_refuse(why, first.at, "%s; %s", first.text, session->unheard);
		}
		if (config->fault)
			*config->fault = session->fault;
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

static void end(struct session *session)
{
	session_tell_end(session);
	if (session->loop) {
		for (size_t i = 0; i <= SESSION_SERVERS_MAX; i++)
			close_fd(session, session->server_fd[i]);
		close_fd(session, session->route_fd);
		session_listen_end(session);
		for (size_t i = 0; i < session->nannouncements; i++)
			close_fd(session, session->announcements[i].fd);
		for (size_t i = 0; i < session->ndoor; i++)
			close_fd(session, session->door[i].fd);
	}
	session_end_saving(session);
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
	session_close(session);
	recover_free(session->recover);
	lab_free(session->lab);
	free(session->strike);
	pcp_client_free(session->client);
	log_free(session->log);
	loop_free(session->loop);
	free(session);
}
