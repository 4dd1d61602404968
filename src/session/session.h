/*
 * One run of the program, without a face: loop, sockets, client, lab, log and capture wired
 * together. The command line, the shell and the dashboard are faces of a session; none of them
 * opens a socket.
 */
#ifndef SESSION_H
#define SESSION_H

#include "capture.h"
#include "client.h"
#include "lab.h"
#include "log.h"
#include "loop.h"
#include "replay.h"

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
	const char *read_file;		  /* a capture to look at: nothing is sent */
	uint16_t port[CAPTURE_PORTS_MAX]; /* of servers in captures; none: the usual ones */
	size_t nport;
	const char *state_dir; /* where sessions are saved; NULL: capture_state_dir() */
	bool resume;	       /* take over what earlier sessions left */
	bool no_save, debug, natpmp, anycast;
	unsigned dialects;
	struct pcp_client_config client;
	enum session_fault *fault; /* told when session_new gives NULL; or NULL */
	uint64_t seed;		   /* 0: getrandom; otherwise everything random comes from it */
};

struct session {
	struct loop *loop;
	struct pcp_client *client; /* what is looked at: the capture's, while one is open */
	struct replay *replay;	   /* NULL: the session itself */
	struct lab *lab;	   /* NULL without --lab */
	struct log *log;	   /* the capture's, while one is open */
	struct pcp_rng rng;
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
	void (*event)(void *arg, const struct pcp_client_event *event);
	void *arg;
	struct session_observer *next;
	void (*ended)(void *arg); /* the session is being freed; NULL: no need to know */
};

/* NULL with *why when the lab's socket or a named server cannot be had. A default gateway that
 * cannot be found is no error: session->server is 0 then. */
struct session *session_new(const struct session_config *config, struct pcp_why *why);
void session_free(struct session *session);
/* Ends it the same way, its files and sockets closed, but leaves its memory to the end of the
 * process, which takes it at once; freeing a large table piece by piece takes a while. It stays the
 * caller's: what no pointer leads to any more, a leak checker calls lost. */
void session_leave(struct session *session);
void session_observe(struct session *session, struct session_observer *observer);
void session_unobserve(struct session *session, struct session_observer *observer);
/* Sends what was composed. Exchange, or 0 with *why. */
uint32_t session_send(struct session *session, const struct pcp_client_request *request,
		      struct pcp_why *why);
/* Runs the loop until the exchange is over or `timeout` has passed; false: no answer. For the
 * command line; the dashboard never waits. */
bool session_wait(struct session *session, uint32_t exchange, usec timeout);
/* The clock of what is looked at: the loop's, or the moment of an open capture. Times of mappings
 * and exchanges are to be held against it. */
usec session_now(const struct session *session);
usec session_wall(const struct session *session, usec moment); /* wall time of such a time */

/* ---- what takes long ---- */

/* Something that goes on behind a face: how far it is, and its end before its time. */
struct session_task {
	void (*progress)(void *arg, char *buf, size_t cap); /* "walk: 120 mappings, 7 requests" */
	void (*cancel)(void *arg);			    /* ends the task */
	void *arg;
	struct session_task *next;
};

/* The task is the caller's, and must be ended before it goes. Ending one that is not there does
 * nothing. */
void session_task_begin(struct session *session, struct session_task *task);
void session_task_end(struct session *session, struct session_task *task);
/* The one that began last; NULL: nothing takes long. */
const struct session_task *session_task(const struct session *session);
/* Cancels it; false when there is none. */
bool session_cancel(struct session *session);

/* ---- captures ---- */

/* Sentences that no command asked for: the session cannot be saved, earlier mappings can be had, a
 * capture is damaged. The callback hears of what came before it at once. */
void session_on_notice(struct session *session, void (*notice)(void *arg, const char *text),
		       void *arg);
/* Looks at a capture in place of the session, which goes on behind it. It is read from the loop, a
 * piece a turn, a task until then: what was read when it is cancelled is all of the capture. False
 * with *why. */
bool session_open(struct session *session, const char *path, struct pcp_why *why);
/* Reads all of the open capture now. */
void session_read(struct session *session);
/* Goes to the moment after its datagram `at`, from the loop where that takes long. */
void session_seek(struct session *session, uint64_t at);
bool session_seeking(const struct session *session);
/* An open capture is being read or sought in: the loop does not rest. */
bool session_busy(const struct session *session);
void session_close(struct session *session); /* back to the session itself */

/* How many mappings go on at their servers when this session ends while no file keeps their nonces:
 * nobody can renew or delete them then. What the session's own lab has ends with it. */
size_t session_unsaved(const struct session *session);

/* ---- what earlier sessions left ---- */

/* Says as a notice how many mappings still live, if any do: at once after session_left, or else
 * soon after the loop has begun. */
void session_offer(struct session *session);
/* How many; 0 after session_resume took them over. Reads all of the saved sessions at once. */
size_t session_left(struct session *session);
/* Takes them over, with their servers: they can be renewed and deleted. How many; what could not be
 * had goes to the notice. */
size_t session_resume(struct session *session);

#endif
