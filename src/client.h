/*
 * The PCP client as a state machine (RFC 6887 8, 11-14; RFC 6886 for NAT-PMP). It does no I/O:
 *whoever embeds it hands it datagrams and the time, sends what it emits, and calls client_tick()
 *when client_next() says so. Everything that happens is told through one callback; the dashboard,
 *the capture writer and the command line are observers of it.
 *
 *	struct client *client = client_new(&config, &rng, io);
 *	uint16_t server = client_add_server(client, &(struct client_server_config){ ... });
 *	client_submit(client, now, &(struct client_request){ .server = server, .octets = ..., .len =
 *... }); loop: wait for a datagram until client_next(client); then client_receive(...) or
 *client_tick(...)
 *
 * Ownership: the client copies what it is given and owns every server, mapping and exchange;
 *pointers in events and from look-ups are valid until the next call into the client. Callbacks may
 *call back into the client only where a function says so.
 */
#ifndef CLIENT_H
#define CLIENT_H

#include "clock.h"
#include "decode.h"
#include "endpoint.h"
#include "random.h"

struct client;

/* ---- configuration; zero members take the RFC's defaults ---- */

struct client_config {
	usec irt, mrt;	   /* 3 s, 1024 s: RFC 6887 8.1.1 */
	uint32_t mrc;	   /* transmissions in all; 0: no limit */
	usec mrd;	   /* 0: no limit */
	usec max_lifetime; /* lifetimes, errors included, are believed up to this: 24 h (8.3, 15) */
	usec min_hold;	   /* floor for error lifetimes: 30 s */
	size_t max_mappings; /* bound on memory: 1,000,000 */
	bool renew;	     /* auto-renewal of new mappings */
	bool passive; /* never sends: captures are replayed through client_replay_sent/_receive */
};

/* ---- servers ---- */

enum { CLIENT_PREFIX64_MAX = 8, CLIENT_CANDIDATES_MAX = 16 };

struct client_server_config {
	struct endpoint
		endpoint[CLIENT_CANDIDATES_MAX]; /* one server's addresses, best first (RFC 7488) */
	size_t nendpoint;
	struct endpoint
		source;	    /* address that requests carry (8.1, 16.4); the port is the socket's */
	uint8_t version;    /* to start with: 2, or 0 for NAT-PMP only; 1 only for experiments */
	bool fixed_version; /* do not negotiate */
	bool anycast;	    /* RFC 7723 */
	char name[64];	    /* as typed, for people */
};

struct client_server {
	uint16_t id; /* from 1 */
	struct client_server_config config;
	size_t current;	 /* which of config.endpoint */
	uint8_t version; /* in use now */
	bool contacted, answered,
		lost; /* lost: its last epoch check failed and recovery is under way */
	/* the epoch of 8.5 */
	bool have_epoch;
	uint32_t epoch;	   /* server seconds in its last answer */
	usec epoch_at;	   /* when that answer came */
	bool epoch_valid;  /* result of the last check */
	uint32_t restarts; /* seen so far */
	usec rtt;	   /* of the last answer to a request sent once; -1 before the first */
	usec silent_until; /* NO_RESOURCES: no new mappings before (11.4); 0: never said */
	usec mute_until;   /* the same to a deletion: nothing of any kind before (11.4) */
	uint8_t external[PCP_ADDR_LEN]; /* last external address it assigned or announced; :: before
					 */
	struct {
		uint8_t octets[64];
		size_t len;
	} prefix64[CLIENT_PREFIX64_MAX]; /* RFC 7225: option data */
	size_t nprefix64;
	uint32_t mappings; /* that stand on it now */
};

/* ---- mappings ---- */

enum mapping_state {
	MAPPING_ASKING, /* request under way */
	MAPPING_GRANTED,
	MAPPING_RENEWING,   /* granted, and a renewal is under way */
	MAPPING_HOLDING,    /* refused; not to be repeated before hold_until */
	MAPPING_LOST,	    /* the server restarted; not yet made again */
	MAPPING_RECOVERING, /* being made again */
	MAPPING_DELETING,
	MAPPING_DELETED, /* confirmed; leaves the table after a moment */
	MAPPING_EXPIRED, /* ran out; leaves the table after a moment */
	MAPPING_FAILED,	 /* no answer within MRC/MRD, or unreachable */
};

struct mapping {
	uint32_t id; /* never reused */
	uint16_t server;
	enum mapping_state state;
	uint8_t version, opcode; /* PCP_MAP, PCP_PEER; for NAT-PMP version 0 and PCP_MAP */
	/* key: RFC 6887 11.4, 12.4 */
	uint8_t internal[PCP_ADDR_LEN]; /* source, or the THIRD_PARTY address */
	bool third_party;
	uint8_t protocol;
	uint16_t internal_port;
	uint8_t remote[PCP_ADDR_LEN]; /* PEER */
	uint16_t remote_port;
	uint8_t nonce[PCP_NONCE_LEN];

	uint16_t suggested_port, external_port;
	uint8_t suggested[PCP_ADDR_LEN],
		external[PCP_ADDR_LEN];	       /* external: assigned, zero before */
	uint32_t requested_lifetime, lifetime; /* seconds; lifetime: as assigned, unclamped */
	uint8_t result;			       /* of the last answer */
	usec created_at, granted_at, expires_at, hold_until; /* USEC_NEVER where not set */
	usec next_at;	   /* next renewal attempt or retransmission; USEC_NEVER */
	uint32_t renewals; /* attempts since the last grant */
	bool auto_renew;
	bool adopted;		/* found by walk or recovered, not asked for by this session */
	bool unconfirmed;	/* the server's own, found by walk and not adopted */
	uint16_t port_set_size; /* PORT_SET granted: ports from external_port on; 0: one */
	bool pair;		/* PORT_RESERVATION honoured: N+1 stands too */
	uint32_t exchange;	/* the last one that concerned it */
	char description[132];	/* as the server stored it, made safe; "" without */
	const uint8_t *request; /* the request that makes it, octets as sent */
	size_t request_len;
};

const char *mapping_state_name(enum mapping_state state);

/* ---- events ---- */

enum client_event_kind {
	CLIENT_SENT,	    /* a new request left: exchange, to, octets */
	CLIENT_RESENT,	    /* the same again: tries counts transmissions, next_at the one after */
	CLIENT_ANSWERED,    /* a response that matched: exchange, from, octets, result, rtt */
	CLIENT_UNSOLICITED, /* ANNOUNCE or a mapping update, believed */
	CLIENT_IGNORED,	    /* dropped: reason says why (8.3) */
	CLIENT_TIMED_OUT,   /* exchange over without an answer */
	CLIENT_CANCELLED, /* exchange over: given up by hand, or another took its place (reason) */
	CLIENT_UNREACHABLE,  /* ICMP: exchange over, or on to the next address */
	CLIENT_MAPPING,	     /* a mapping came, changed or changed state */
	CLIENT_MAPPING_GONE, /* it leaves the table; mapping is valid for the last time */
	CLIENT_RESTARTED,    /* the server lost its state (8.5): reason says what showed it */
	CLIENT_SERVER,	     /* version, address, external address or PREFIX64 changed: reason */
};

struct client_event {
	enum client_event_kind kind;
	usec now;
	uint32_t exchange;		    /* 0: none */
	const struct client_server *server; /* NULL: not from a known server */
	const struct mapping *mapping;	    /* NULL: none */
	const uint8_t *octets; /* the datagram, for SENT, RESENT, ANSWERED, UNSOLICITED, IGNORED */
	size_t len;
	struct endpoint from, to;
	uint32_t tries;
	usec next_at, rtt; /* rtt -1: unknown (answer to a retransmitted request: from the last) */
	uint8_t result;
	const char *reason; /* sentence, or NULL */
};

struct client_io {
	void *arg;
	/* Send one datagram. `from` names the source address (and, for NAT-PMP or PCP alike, the
	 * socket that server uses). Returns false when it could not be sent; the engine goes on as
	 * if lost. */
	bool (*send)(void *arg, const struct client_server *server, const struct endpoint *to,
		     const uint8_t *octets, size_t len);
	/* May call client_submit and the mapping operations; not client_receive, client_tick,
	 * client_free. */
	void (*event)(void *arg, const struct client_event *event);
};

/* ---- life ---- */

/* NULL when memory is out. rng must outlive the client. */
struct client *client_new(const struct client_config *config, struct rng *rng, struct client_io io);
void client_free(struct client *client);
/* When client_tick is due; USEC_NEVER: nothing pending. */
usec client_next(const struct client *client);
void client_tick(struct client *client, usec now);
/* A datagram from the network; to: where it arrived (a group address for announcements). */
void client_receive(struct client *client, usec now, const struct endpoint *from,
		    const struct endpoint *to, const uint8_t *octets, size_t len);
/* ICMP said that `to` cannot be reached; what: "port unreachable". */
void client_unreachable(struct client *client, usec now, const struct endpoint *to,
			const char *what);
/* A datagram that a capture shows as sent: makes the exchange and mapping as if this client had
 * sent it. Servers come into being as they are met. Passive clients only. */
void client_replay_sent(struct client *client, usec now, const struct endpoint *from,
			const struct endpoint *to, const uint8_t *octets, size_t len);

/* ---- servers ---- */

/* Id from 1; 0 when memory is out or the configuration has no endpoint. */
uint16_t client_add_server(struct client *client, const struct client_server_config *config);
const struct client_server *client_server(const struct client *client, uint16_t id);
size_t client_nservers(const struct client *client);

/* ---- requests ---- */

struct client_request {
	uint16_t server;
	const uint8_t *octets; /* as composed; the engine fills in what its flags leave to it */
	size_t len;
	bool raw; /* send exactly these octets, whatever they are; matched to answers if they parse
		   */
	bool keep_nonce; /* the nonce in octets is meant, even if zero; otherwise the mapping's, or
			    a fresh one */
	bool keep_address; /* the client address in octets is meant; otherwise the server's source
			    */
	bool insist;	   /* send even what an error lifetime or NO_RESOURCES holds back */
	int renew;	   /* auto-renewal: 1 on, -1 off, 0 as configured */
	uint32_t mrc;	   /* 0: as configured */
	usec mrd;
};

/* Sends a request; returns its exchange (never 0), or 0 with *why: unknown server, held back by an
 * error lifetime (8.3: names the seconds left), too many, memory. A MAP or PEER makes or updates
 * its row in the table; lifetime 0 deletes. Version 0 servers get MAP translated into NAT-PMP
 * (6886 3.3); what NAT-PMP cannot say is refused with a sentence. */
uint32_t client_submit(struct client *client, usec now, const struct client_request *request,
		       struct pcp_why *why);
/* Gives an exchange up: no more retransmissions. */
void client_cancel(struct client *client, usec now, uint32_t exchange);
bool client_pending(const struct client *client, uint32_t exchange);
size_t client_npending(const struct client *client);

/* ---- the mapping table ---- */

size_t client_nmappings(const struct client *client);
/* The i-th mapping in order of coming, i < client_nmappings; NULL beyond. Constant time. */
const struct mapping *client_mapping_at(const struct client *client, size_t i);
const struct mapping *client_mapping(const struct client *client, uint32_t id);
/* By hand, at any time (11.2.1, 15.1). Exchange, or 0 with *why. */
uint32_t client_renew(struct client *client, usec now, uint32_t mapping, struct pcp_why *why);
uint32_t client_delete(struct client *client, usec now, uint32_t mapping, struct pcp_why *why);
bool client_auto_renew(struct client *client, usec now, uint32_t mapping, bool on);
/* Out of the table without a word to the server. */
bool client_forget(struct client *client, usec now, uint32_t mapping);
/* Puts a mapping known from elsewhere (a NEXT, an earlier session) into the table: key, nonce,
 * external values, lifetime left until expires_at. With `own`, it can be renewed and deleted as
 * ours. Returns its id; 0 when the table is full. */
uint32_t client_adopt(struct client *client, usec now, const struct mapping *mapping, bool own);
/* Recreates what a restart lost, suggesting the former external values. Returns how many were sent.
 */
size_t client_recover(struct client *client, usec now, uint16_t server);

#endif
