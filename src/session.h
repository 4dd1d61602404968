/*
 * One run of the program, without a face: loop, sockets, client, lab, log and capture wired
 * together. The command line, the shell and the dashboard are faces of a session; none of them
 * opens a socket.
 */
#ifndef SESSION_H
#define SESSION_H

#include "client.h"
#include "lab.h"
#include "log.h"
#include "loop.h"

enum { SESSION_SERVERS_MAX = 16 };

/* What kept a session from starting. */
enum session_fault {
	SESSION_FAILED,	     /* the system: memory, sockets, a name that does not resolve */
	SESSION_USAGE,	     /* what was typed */
	SESSION_UNREACHABLE, /* there is no route to the server */
};

struct session_config {
	const char *server[SESSION_SERVERS_MAX]; /* as typed; none: the default gateway */
	size_t nserver;
	const char *source;   /* as typed; NULL: what the route picks */
	bool lab;	      /* --lab */
	const char *lab_spec; /* ADDR[:PORT] and words, or NULL */
	const char *write_file;
	bool no_save, debug, natpmp, anycast;
	unsigned dialects;
	struct client_config client;
	enum session_fault *fault; /* told when session_new gives NULL; or NULL */
	uint64_t seed;		   /* 0: getrandom; otherwise everything random comes from it */
};

struct session {
	struct loop *loop;
	struct client *client;
	struct lab *lab; /* NULL without --lab */
	struct log *log;
	struct rng rng;
	unsigned dialects; /* enum pcp_dialect bits: whose meaning a code has where several have one
			    */
	uint16_t server;   /* requests go here unless they name another; 0: none was found */
	/* The lab's lines about what it does and why (lab_io.note); NULL: nobody listens. */
	void (*lab_note)(void *arg, usec now, const char *line);
	void *lab_note_arg;
	struct session_io *io; /* sockets and capture: private to session.c */
};

/* Observers hear every event of the client, after the log has it. */
struct session_observer {
	void (*event)(void *arg, const struct client_event *event);
	void *arg;
	struct session_observer *next;
	void (*ended)(void *arg); /* the session is being freed; NULL: no need to know */
};

/* NULL with *why when the lab's socket or a named server cannot be had. A default gateway that
 * cannot be found is no error: session->server is 0 then. */
struct session *session_new(const struct session_config *config, struct pcp_why *why);
void session_free(struct session *session);
void session_observe(struct session *session, struct session_observer *observer);
void session_unobserve(struct session *session, struct session_observer *observer);
/* Sends what was composed. Exchange, or 0 with *why. */
uint32_t session_send(struct session *session, const struct client_request *request,
		      struct pcp_why *why);
/* Runs the loop until the exchange is over or `timeout` has passed; false: no answer. For the
 * command line; the dashboard never waits. */
bool session_wait(struct session *session, uint32_t exchange, usec timeout);
usec session_wall(const struct session *session, usec monotonic); /* wall time of a moment */

#endif
