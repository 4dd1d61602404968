/* What the files of a session share, from the ground up: each uses those above it alone. */
#ifndef SESSION_PRIVATE_H
#define SESSION_PRIVATE_H

#include <net/if.h>

#include "ledger.h"
#include "recover.h"
#include "session-capture.h"
#include "session-resume.h"
#include "session-task.h"

enum {
	DATAGRAM_MAX = 65536,
	A_LOOK = 128, /* packets between looks at the clock, and so many looks a turn: */
	READ_LOOKS = 8,
	FOLD_LOOKS = 64, /* without a log more is read in the time */
};

struct session {
	struct loop *loop;
	struct pcp_rng rng;
	unsigned dialects;
	enum session_fault fault; /* why starting failed, if it did */

	struct pcp_client *client; /* its own, whatever is looked at */
	struct log *log;
	uint64_t missed;      /* events that the log had no memory for */
	uint64_t told_missed; /* of replay_missed() */
	uint16_t server;      /* of requests that name none */
	uint16_t routers[2];  /* the default ones, by whether they are IPv4's; 0: none */
	int server_fd[SESSION_SERVERS_MAX + 1]; /* by server id */
	struct announcements {
		int fd;
		struct pcp_endpoint local;
	} announcements[SESSION_SERVERS_MAX];
	size_t nannouncements;
	struct session_home {
		bool follows;  /* its source goes with this host's addresses and routes, */
		bool fixed;    /* but for one that was named: that is waited for */
		bool router;   /* a default one */
		uint16_t heir; /* the one that took its place; 0: none did */
		bool away;     /* there is no way to it at present */
		uint16_t door; /* it is another door of that server; 0: a server of its own */
	} home[SESSION_SERVERS_MAX + 1];     /* by server id */
	bool by_router;			     /* the default routers are asked, whichever they are */
	struct session_config router_config; /* what is asked of them: source, NAT-PMP, anycast */
	char source[ENDPOINT_TEXT];	     /* as typed for -i; "": not at all */
	char interface[IF_NAMESIZE];	     /* -i: the source's; "": any */
	int route_fd;			     /* tells of changes; -1: nothing does */
	usec look_at;			     /* when to look what has changed; USEC_NEVER */
	uint32_t awaited; /* the exchange that session_wait stands for; 0: none */

	struct lab *lab; /* NULL without --lab */
	struct session_door {
		int fd;
		struct pcp_endpoint at;
		bool fixed;	   /* its port was named */
	} door[SESSION_DOORS_MAX]; /* where the lab listens */
	size_t ndoor;
	struct pcp_rng lab_rng;
	void (*lab_note)(void *arg, usec now, const char *line);
	void *lab_note_arg;
	struct session_strike *strike; /* by message */
	size_t nstrike, strike_cap;

	struct session_observer *observers;
	struct session_task *tasks;
	void (*notice)(void *arg, const char *text);
	void *notice_arg;
	char unheard[1024]; /* notices from before anybody listened */
	usec wall_offset;   /* from the loop's clock to the wall's */

	struct session_saving {
		struct capture_writer *writer; /* NULL: not wanted */
		bool failing;
	} named, saved;	       /* -w FILE; the state directory */
	struct ledger *ledger; /* of `saved`: what its next segment begins with; NULL: not saved */
	struct session_ignored {
		usec second;	   /* the one that is counted */
		unsigned in_it;	   /* ignored datagrams that were listed in it */
		unsigned saved;	   /* and in all that were saved */
		uint64_t unlisted; /* those that came beside */
		uint64_t unsaved;
	} ignored;
	char state_dir[CAPTURE_PATH_MAX];

	struct replay *replay; /* the open capture; NULL: the session itself is looked at */
	struct log *replay_log;
	struct session_task reading; /* of the open capture */
	uint64_t seek_to;	     /* moment of the open capture */
	struct session_following {
		bool on, began, timed;
		int fd;	       /* -1: it does not tell that there is more */
		usec look_at;  /* USEC_NEVER: it does */
		usec skew;     /* of our clock before that of whoever captures */
		uint64_t seen; /* datagrams that told of it */
		void (*ended)(void *arg);
		void *ended_arg;
		struct capture_listening listening; /* child 0: nobody listens */
		bool nonces;			    /* some were seen, and it was said */
	} following;				    /* of a capture that grows */
	uint16_t port[CAPTURE_PORTS_MAX];
	size_t nport;

	struct recover *recover;    /* NULL: not looked for yet, or taken over */
	bool recovered, distrusted; /* what earlier sessions left was looked for; and was told not
				       to be believed */
	usec resumed_at;	    /* when what they left was taken over; 0: it was not */
	usec offer_at; /* when to read on what earlier sessions left; USEC_NEVER: not wanted */

	uint8_t octets[DATAGRAM_MAX];
};

/* ---- session-task.c ---- */

/* What was typed is at fault: false. */
bool session_usage(struct session *session);
void session_notice(struct session *session, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void session_tell_end(struct session *session); /* to the observers */

/* What is long to do gives way to keys in time. */
struct session_turn {
	usec began;
	unsigned looks;
};

struct session_turn session_turn(unsigned looks);
bool session_turn_goes_on(struct session_turn *turn); /* asked every A_LOOK packets */

/* The offset between the clocks, given what it was: another one only when the wall clock was set,
 * so that times of one session do not tremble. */
usec session_wall_offset(usec known, usec wall, usec monotonic);
/* The wall's time of a moment of the loop's clock. */
usec session_wall_of(struct session *session, usec moment);

/* ---- session-save.c ---- */

/* Opens the captures that the configuration asks for. */
bool session_start_saving(struct session *session, const struct session_config *config,
			  struct pcp_why *why);
void session_end_saving(struct session *session); /* writes them out */
/* The file that keeps what is sent and received, nonces included; NULL: none does. */
const char *session_file(const struct session *session);
/* Saves the datagram that the event tells of, and knows what mappings hang on. False: too many come
 * that are ignored, and this one is not to be listed. */
bool session_record(struct session *session, const struct pcp_client_event *event);
/* The lab's datagrams with other clients than ours, for -w. */
void session_record_lab(struct session *session, const struct pcp_endpoint *from,
			const struct pcp_endpoint *to, const uint8_t *octets, size_t len);
/* Writes what --listen has heard into the file of -w. */
void session_record_heard(struct session *session, const struct pcp_client_event *event);

/* ---- session-strikes.c ---- */

enum { SESSION_STRIKES_MAX = 8192 }; /* beyond it the oldest go */
/* Keeps what a fault of the lab did (lab_io.struck). */
void session_keep_strike(void *arg, usec now, const struct lab_strike *strike);

/* ---- session-lab.c ---- */

bool session_start_lab(struct session *session, const struct session_config *config,
		       struct pcp_why *why);
bool session_is_loopback(const struct pcp_endpoint *endpoint);
/* Where a client on this host reaches the lab. */
struct pcp_endpoint session_lab_at(const struct session *session);

/* ---- session-typed.c ---- */

/* One more address of a server; false: there is no room, or it is of another family. */
bool session_add_candidate(struct pcp_client_server_config *server,
			   const struct pcp_endpoint *endpoint);
/* "ADDR", "[ADDR]:PORT", a name, or a list of those. */
bool session_parse_server(struct session *session, struct pcp_client_server_config *server,
			  const char *typed, struct pcp_why *why);
/* What -i says: the name of an interface, or an address. */
bool session_take_source(struct session *session, const struct session_config *config,
			 struct pcp_why *why);

/* ---- session-servers.c ---- */

/* Those that the configuration names, or the default gateway. */
bool session_add_servers(struct session *session, const struct session_config *config,
			 struct pcp_why *why);
/* What the server is to be asked from now: of the interface that -i names, or what the route picks.
 */
bool session_find_source(struct session *session, struct pcp_client_server_config *server,
			 struct pcp_why *why);
/* The default router of the family, by way of the interface that -i names. */
bool session_find_router(const struct session *session, bool v4, struct pcp_endpoint *gateway);
/* Opens a socket for the server from its source address and adds it to the client. */
bool session_add_server(struct session *session, struct pcp_client_server_config *server,
			struct pcp_why *why);
/* The same for a default router. Its id; 0 with *why. */
uint16_t session_add_router(struct session *session, const struct pcp_endpoint *gateway,
			    struct pcp_why *why);
/* Another socket for the server, bound to *local, which becomes what it is bound to; the one before
 * is closed. */
bool session_open_socket(struct session *session, uint16_t id, struct pcp_endpoint *local,
			 struct pcp_why *why);

/* ---- session-roam.c ---- */

/* From here on servers follow this host's addresses and routes, if any of them can change. */
bool session_roam(struct session *session, struct pcp_why *why);

/* ---- session-resume.c, session-capture.c ---- */

/* Reads on what earlier sessions left, and offers it at its end. */
void session_offer_on(struct session *session);
/* Reads on, or goes on to the moment that is sought. */
void session_busy_on(struct session *session);
/* Looks at it, in place of what was looked at; the task is its reading. False with *why, and
 * nothing taken, while a task of the session has to end first. */
bool session_show(struct session *session, struct replay *replay, struct log *log,
		  struct session_task reading, struct pcp_why *why);
void session_say_what_was_read(struct session *session);
/* That memory was out for a part of it, when that is news. */
void session_say_missed(struct session *session);

/* ---- session-follow.c ---- */

void session_listen_end(struct session *session);

/* ---- session-core.c ---- */

/* The wall clock of whoever makes the capture that is followed. */
usec session_clock_there(const struct session *session);

#endif
