/*
 * One run of the program, without a face: loop, sockets, client, lab, log and capture wired
 * together. The command line, the shell and the dashboard are faces of a session; none of them
 * opens a socket.
 */
#ifndef SESSION_H
#define SESSION_H

#include "capture.h"
#include "client.h"
#include "judge.h"
#include "lab.h"
#include "log.h"
#include "loop.h"
#include "replay.h"

enum { SESSION_SERVERS_MAX = 64 };

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
	const char *read_file;		  /* a capture to look at: nothing is sent */
	bool follow;			  /* which grows, */
	int read_fd;			  /* and is open already, where this is not 0 */
	const char *listen;		  /* an interface to listen on instead: the same */
	uint16_t port[CAPTURE_PORTS_MAX]; /* of servers in captures; none: the usual ones */
	size_t nport;
	const char *state_dir; /* where sessions are saved; NULL: capture_state_dir() */
	uint64_t segment;      /* octets of a saved session's file; 0: 32 MiB */
	bool resume;	       /* take over what earlier sessions left */
	bool no_save, debug, natpmp, anycast;
	bool tunnel; /* where the default route goes into a tunnel, its first address is asked */
	unsigned dialects; /* enum pcp_dialect bits: whose meaning a code has where several have one
			    */
	struct pcp_client_config client;
	enum session_fault *fault; /* told when session_new gives NULL; or NULL */
	uint64_t seed;		   /* 0: getrandom; otherwise everything random comes from it */
};

struct session;

/* NULL with *why when the lab's socket or a named server cannot be had. A default gateway that
 * cannot be found is no error: session_server is 0 then. */
struct session *session_new(const struct session_config *config, struct pcp_why *why);
void session_free(struct session *session);
/* Ends it the same way, its files and sockets closed, but leaves its memory to the end of the
 * process, which takes it at once; freeing a large table piece by piece takes a while. It stays the
 * caller's: what no pointer leads to any more, a leak checker calls lost. */
void session_leave(struct session *session);

/* ---- what it holds; all of it is the session's ---- */

struct loop *session_loop(struct session *session);
/* Everything random that is not the lab's. */
struct pcp_rng *session_rng(struct session *session);
unsigned session_dialects(const struct session *session);
/* What is looked at: the session's own client and log, or a capture's while one is open. So neither
 * is to be kept across session_open, session_seek and session_close. */
struct pcp_client *session_client(const struct session *session);
struct log *session_log(const struct session *session);
/* How many events are missing in the session's own log, and in an open capture, as memory was out.
 */
uint64_t session_missed(const struct session *session);
/* The open capture; NULL: the session itself is looked at. */
struct replay *session_replay(const struct session *session);
/* The clock of what is looked at: the loop's, or the moment of an open capture. Times of mappings
 * and exchanges are to be held against it. */
usec session_now(const struct session *session);
/* Whether no time passes: a capture that nobody adds to. */
bool session_stands(const struct session *session);
usec session_wall(const struct session *session, usec moment); /* wall time of such a time */
/* NULL without --lab. */
struct lab *session_lab(const struct session *session);
enum { SESSION_DOORS_MAX = 8 };
/* Why the lab answered an exchange as it did, or did not: the exact reason; NULL where there is
 * none. Lasts until the lab next receives something. */
const char *session_lab_why(const struct session *session, uint32_t exchange);
/* What the lab's faults did to a request of ours. */
struct session_strike {
	uint32_t message; /* the request, as the log knows it */
	usec at;
	const char *fault, *told; /* "drop", "the lab never saw it" */
	bool answer;		  /* it was its answer that was struck */
	bool lost;		  /* what was struck never arrives */
};
/* How many struck that message, and the first of them; the others follow it. They are kept as long
 * as nothing else happens in the session. */
size_t session_strikes(const struct session *session, uint32_t message,
		       const struct session_strike **first);
/* The i-th endpoint that the lab is bound to; false beyond the last. */
bool session_lab_door(const struct session *session, size_t i, struct pcp_endpoint *at);
/* Whether the server is that lab. */
bool session_is_own_lab(const struct session *session, const struct pcp_client_server *server);
/* Whether other hosts can reach it. Then it starts without THIRD_PARTY and with a rate for each
 * source, which words may change. */
bool session_lab_open(const struct session *session);
/* Hears the lab's lines about what it does and why (lab_io.note); NULL: nobody does. */
void session_on_lab(struct session *session, void (*note)(void *arg, usec now, const char *line),
		    void *arg);

/* The folder in which it is saved; NULL: it is not. */
const char *session_save_dir(const struct session *session);
/* The file of -w; NULL without. */
const char *session_write_path(const struct session *session);

/* ---- what it does ---- */

/* The server that requests go to unless they name another; 0: none was found. */
uint16_t session_server(const struct session *session);
/* The same for a request that concerns hosts of that family: of the default routers each has its
 * own (RFC 6887 8.1). 0: the default router of that family is not known. */
uint16_t session_server_for(const struct session *session, bool v4);
void session_use(struct session *session, uint16_t server);
/* The server that is asked in that one's place, since this host's addresses or routes changed; the
 * same: it still is. Of 0, which nobody is: session_server(). */
uint16_t session_heir(const struct session *session, uint16_t server);
/* How it stands with the way to the server. */
enum session_way {
	SESSION_WAY_OPEN, /* as far as is known here */
	SESSION_WAY_NONE, /* no route, or its source is gone: asked again as soon as there is one */
	SESSION_WAY_LEFT, /* another is asked in its place: session_heir() */
};
enum session_way session_way(const struct session *session, uint16_t server);
/* "open", "none", "left". */
const char *session_way_name(enum session_way way);
/* The same server asked from a socket of its own, bound to `source` (port 0: a random one): one
 * that is there already, or another. Its id as a server; 0 with *why. */
uint16_t session_add_door(struct session *session, uint16_t server,
			  const struct pcp_endpoint *source, struct pcp_why *why);
/* Another server, known by its address alone. The same. */
uint16_t session_add_address(struct session *session, const struct pcp_endpoint *endpoint,
			     const char *name, struct pcp_why *why);
/* Sends what was composed. Exchange, or 0 with *why. */
uint32_t session_send(struct session *session, const struct pcp_client_request *request,
		      struct pcp_why *why);
/* What is known of a request to that server (0: the session's) before it is sent. */
struct judge_facts session_facts(const struct session *session, uint16_t server);
/* Runs the loop until the exchange is over or `timeout` has passed; false: no answer. For the
 * command line; the dashboard never waits. */
bool session_wait(struct session *session, uint32_t exchange, usec timeout);

#endif
