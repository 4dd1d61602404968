/* What session.c (sockets, engines) and session-capture.c (captures, recovery) share. */
#ifndef SESSION_PRIVATE_H
#define SESSION_PRIVATE_H

#include "recover.h"
#include "session.h"

enum {
	DATAGRAM_MAX = 65536,
	BURST = 64, /* datagrams taken from one socket before the others have their turn */
	LAB_PORT_TRIES = 32,
};

struct session_io {
	int server_fd[SESSION_SERVERS_MAX + 1]; /* by server id */
	struct announcements {
		int fd;
		struct pcp_endpoint local;
	} announcements[SESSION_SERVERS_MAX];
	size_t nannouncements;
	int lab_fd;
	struct pcp_endpoint lab_at;
	bool lab_fixed; /* its port was named */
	struct pcp_rng lab_rng;
	enum session_fault fault; /* why starting failed, if it did */
	struct session_observer *observers;
	struct session_task *tasks;
	struct session_task reading; /* of the open capture */
	struct session *self;	     /* what the loop knows reading by */
	struct pcp_client *client;   /* the session's own, whatever is looked at */
	struct log *log;
	struct log *replay_log;
	uint64_t seek_to; /* moment of the open capture */
	struct session_saving {
		struct capture_writer *writer; /* NULL: not wanted */
		bool failing;
	} named, saved; /* -w FILE; the state directory */
	char state_dir[CAPTURE_PATH_MAX];
	uint16_t port[CAPTURE_PORTS_MAX];
	size_t nport;
	struct recover *recover; /* NULL: not looked for yet, or taken over */
	bool recovered;
	usec offer_at; /* when to read on what earlier sessions left; USEC_NEVER: not wanted */
	void (*notice)(void *arg, const char *text);
	void *notice_arg;
	char unheard[1024]; /* notices from before anybody listened */
	usec wall_offset;   /* from the loop's clock to the wall's */
	uint32_t awaited;   /* the exchange that session_wait stands for; 0: none */
	uint8_t octets[DATAGRAM_MAX];
};

/* Opens a socket for the server from its source address and adds it to the client. */
bool session_add_server(struct session *session, struct pcp_client_server_config *server,
			struct pcp_why *why);

/* ---- session-capture.c ---- */

bool session_start_captures(struct session *session, const struct session_config *config,
			    struct pcp_why *why);
void session_end_captures(struct session *session); /* writes them out */
void session_free_captures(struct session *session);
/* The offset between the clocks, given what it was: another one only when the wall clock was set,
 * so that times of one session do not tremble. */
usec session_wall_offset(usec known, usec wall, usec monotonic);
/* Whether a file keeps what is sent and received, nonces included. */
bool session_keeps(const struct session *session);
/* Saves the datagram that the event tells of. */
void session_record(struct session *session, const struct pcp_client_event *event);
/* The lab's datagrams with other clients than ours, for -w. */
void session_record_lab(struct session *session, const struct pcp_endpoint *from,
			const struct pcp_endpoint *to, const uint8_t *octets, size_t len);

#endif
