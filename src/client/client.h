/* clang-format off */
/*
 * The PCP client as a state machine: RFC 6887 sections 8, 9 and 11 to 14, NAT-PMP (RFC 6886) as a
 * second protocol, address lists (RFC 7488) and anycast servers (RFC 7723). It does no I/O and
 * reads no clock, so it fits into any loop:
 *
 *	struct pcp_rng rng;
 *	pcp_rng_system(&rng);
 *	struct pcp_client_io io = { .arg = me, .send = my_sendto, .event = my_observer };
 *	struct pcp_client *client = pcp_client_new(&(struct pcp_client_config){ 0 }, &rng, io);
 *	struct pcp_client_server_config config = { .endpoint = { gateway }, .nendpoint = 1,
 *	                                           .source = my_address, .version = PCP_VERSION_2 };
 *	uint16_t server = pcp_client_add_server(client, &config);
 *	struct pcp_client_request map = { .server = server, .octets = octets, .len = 60 };
 *	pcp_client_submit(client, now, &map, &why);
 *	for (;;) {
 *		poll(sockets, n, pcp_client_wait(client, now));
 *		for each datagram: pcp_client_receive(client, now, &from, &to, octets, len);
 *		for each ICMP error: pcp_client_unreachable(client, now, &to, "port unreachable");
 *		pcp_client_tick(client, now);
 *	}
 *
 * sock.h has the sockets that it wants, for programs without their own.
 *
 * What to watch. One UDP socket for each source address, bound to a random port (RFC 6887 8.1),
 * for answers, mapping updates and unicast announcements. Sockets that have joined 224.0.0.1 and
 * ff02::1 on port 5350, for announcements (14.1.3); tell the group as `to`. With IP_RECVERR the
 * error queue of the former gives ICMP errors.
 *
 * When to call. pcp_client_tick() at pcp_client_next() or later; ask pcp_client_next() again after
 * every call into the client. `now` is a monotonic clock in microseconds and never goes back. Being
 * late is harmless: what was missed while a machine slept is not made up for.
 *
 * What it emits. Datagrams through io.send, and everything that happens through io.event: each
 * datagram sent or received, each change of a mapping, each anomaly of a server. An observer needs
 * nothing else to draw a screen or write a log.
 *
 * Who owns what. The client copies all that it is given. It owns servers, mappings and exchanges;
 * pointers to them, in events and from look-ups, are valid until the next call into the client.
 * The rng is the caller's and must outlive the client. io.event may call pcp_client_submit,
 * pcp_client_cancel and all that works on mappings; what is removed meanwhile stays readable until
 * the outermost call returns. io.send may call nothing.
 *
 * What it costs. A tick and an answer cost the logarithm of the number of mappings (make bench
 * prints figures); a restart of a server costs a walk through the table, and its recovery is sent
 * in batches. Memory is bounded: by max_mappings rows with one exchange each, 1,024 exchanges
 * without a row, and the last 64 of these kept for late answers.
 *
 * What programs may rely on. The library is what its headers declare with pcp_, and a program
 * includes them as <pcpscope/client.h>, from C11 or C++17. Under one soname (libpcpscope.so.0)
 * functions keep name, parameters and meaning, structs their size and members, enumerators their
 * numbers; functions may come, and enumerators at the end of their list, so that a program passes
 * over an event, a state or a result that it does not know. Anything else changes the soname, which
 * before version 1.0 any 0.x may do. Structs that a program fills it clears first: 0 means the
 * default. Sentences (reason, pcp_why) are for people, and their wording changes freely; the keys of
 * pcp_edit_set and the paths of pcp_decode are names as functions are. A client belongs to one
 * thread at a time; there is no state outside it.
 */
/* clang-format on */
#ifndef PCPSCOPE_CLIENT_H
#define PCPSCOPE_CLIENT_H

#include "clock.h"
#include "decode.h"
#include "endpoint.h"
#include "random.h"

#pragma GCC visibility push(default) /* the library exports what follows */
#ifdef __cplusplus
extern "C" {
#endif

struct pcp_client;

/* ---- configuration; zero members take the RFC's defaults ---- */

struct pcp_client_config {
	usec irt, mrt;	   /* first and longest wait for an answer: 3 s, 1024 s (RFC 6887 8.1.1) */
	uint32_t mrc;	   /* transmissions in all; 0: no limit */
	usec mrd;	   /* time in all; 0: no limit */
	usec max_lifetime; /* lifetimes, errors' too, are believed up to this: 24 h (8.3, 15) */
	usec min_hold;	   /* and errors' down to this: 30 s; deployed servers send 0 */
	size_t max_mappings; /* 1,000,000 */
	bool renew;	     /* auto-renewal of new mappings */
	bool passive;	     /* sends nothing: a capture is played to it, */
	bool foreign;	     /* which is of others: what is not matched was not ignored by them */
};

/* ---- servers ---- */

/* Seconds after which a refused version may be tried again, however much longer the server says
 * (RFC 6887 9 step 5). */
enum { CLIENT_VERSION_AGAIN = 1800 };

enum { CLIENT_PREFIX64_MAX = 8, CLIENT_CANDIDATES_MAX = 16 };

struct pcp_client_server_config {
	/* The addresses of one server, best first (RFC 7488 3). Those that are not of the family of
	 * `source` are left out. */
	struct pcp_endpoint endpoint[CLIENT_CANDIDATES_MAX];
	size_t nendpoint;
	struct pcp_endpoint
		source;	    /* goes into requests (RFC 6887 8.1, 16.4); the port is the socket's */
	uint8_t version;    /* 2; 0: NAT-PMP comes first */
	bool fixed_version; /* no negotiation: a refusal ends the exchange */
	bool anycast;	    /* is asked nothing before it has answered an ANNOUNCE (RFC 7723 5.1) */
	char name[64];	    /* as typed, for people */
};

struct pcp_client_server {
	uint16_t id; /* from 1 */
	struct pcp_client_server_config config;
	size_t current;	 /* which of config.endpoint */
	uint8_t version; /* that it spoke last */
	bool contacted, answered;
	bool lost;	/* it restarted, and mappings have not come back yet */
	uint32_t nlost; /* that many of ours, being asked for again or not */
	/* RFC 6887 8.5: */
	bool have_epoch;
	uint32_t epoch;	   /* its seconds in its last answer */
	usec epoch_at;	   /* when that came */
	bool epoch_valid;  /* result of the last check */
	uint32_t restarts; /* noticed so far */
	usec rtt;	   /* of the last answer to a request sent once; -1 before the first */
	usec silent_until; /* NO_RESOURCES: no new mappings before (11.4); 0: never said */
	usec mute_until;   /* the same to a deletion: nothing of any kind before (11.4) */
	uint8_t external[PCP_ADDR_LEN]; /* that it assigned or announced last; :: before */
	struct {
		uint8_t octets[64]; /* the option's data */
		size_t len;
	} prefix64[CLIENT_PREFIX64_MAX]; /* RFC 7225, as told last */
	size_t nprefix64;
	uint32_t mappings; /* that stand on it now */
};

/* ---- mappings ---- */

enum pcp_mapping_state {
	MAPPING_ASKING, /* request under way */
	MAPPING_GRANTED,
	MAPPING_RENEWING,   /* granted, and a renewal is under way */
	MAPPING_HOLDING,    /* refused; with auto-renewal asked for again at hold_until */
	MAPPING_LOST,	    /* the server restarted; not asked for again yet. Leaves the table 5 s
			       after its time is over; what is the server's own, after the restart */
	MAPPING_RECOVERING, /* asked for again after a restart */
	MAPPING_DELETING,
	MAPPING_DELETED, /* confirmed; leaves the table after 5 s */
	MAPPING_EXPIRED, /* ran out; leaves the table after 5 s, or is asked for again */
	MAPPING_FAILED,	 /* no answer within MRC or MRD, or unreachable; with auto-renewal
			    asked for again at hold_until */
};

struct pcp_mapping {
	uint32_t id; /* never reused */
	uint16_t server;
	enum pcp_mapping_state state;
	uint8_t version; /* of the last answer; NAT-PMP: 0 */
	uint8_t opcode;	 /* PCP_MAP or PCP_PEER; 0: a NEXT listed it, which does not tell */

	/* Its key (RFC 6887 11.4, 12.4), with `server` and `opcode`. */
	uint8_t internal[PCP_ADDR_LEN]; /* source, or the THIRD_PARTY address */
	bool third_party;
	uint8_t protocol;
	uint16_t internal_port;
	uint8_t remote[PCP_ADDR_LEN]; /* PEER */
	uint16_t remote_port;
	uint8_t nonce[PCP_NONCE_LEN];

	uint16_t suggested_port, external_port;			 /* asked for; assigned, 0 before */
	uint8_t suggested[PCP_ADDR_LEN], external[PCP_ADDR_LEN]; /* the same */
	uint32_t requested_lifetime, lifetime; /* seconds; lifetime: as assigned, however absurd */
	uint8_t result; /* of the last answer; with version 0 one of NAT-PMP's */
	usec created_at, granted_at, expires_at, hold_until; /* USEC_NEVER where not set */
	usec next_at;	   /* next datagram for it; USEC_NEVER: none is planned */
	uint32_t renewals; /* datagrams since the last grant */
	bool auto_renew;
	bool adopted;		/* known from elsewhere, not asked for by this client */
	bool unconfirmed;	/* the server's own, found by a walk; not this client's to touch */
	uint16_t port_set_size; /* PORT_SET as granted: ports from external_port on; 0: one port */
	bool stranded;		/* of an address that this host has lost: it runs out by itself */
	bool pair;		/* one of two that PORT_RESERVATION made; the other is a row, too */
	uint32_t exchange;	/* the last one that concerned it */
	char description[132];	/* as the server stored it, made safe; "" without */
	uint8_t skipped[8];	/* options of its request that the grant came without (7.3) */
	size_t nskipped;	/* more than there is room for are not told */
	const uint8_t *request; /* what makes it, in PCP's form even where NAT-PMP carries it */
	size_t request_len;
};

/* Does the server hold it, as far as the client knows? */
bool pcp_mapping_stands(const struct pcp_mapping *mapping);
/* A word or two for people: "granted", "refused". */
const char *pcp_mapping_state_name(enum pcp_mapping_state state);
/* The name of its last answer's result code, NAT-PMP's or PCP's own, and a sentence in *meaning;
 * NULL for both where no document assigns it. */
const char *pcp_mapping_result_name(const struct pcp_mapping *mapping, const char **meaning);
/* "MAP", "PEER"; "MAP?" where it is not known. */
const char *pcp_mapping_opcode_name(const struct pcp_mapping *mapping);
/* Of mapping->skipped[i]: "DESCRIPTION". */
const char *pcp_mapping_skipped_name(const struct pcp_mapping *mapping, size_t i);

/* ---- events ---- */

enum pcp_client_event_kind {
	CLIENT_SENT,	     /* a request left for the first time */
	CLIENT_RESENT,	     /* again, perhaps in another version or to another address */
	CLIENT_ANSWERED,     /* a response that matched. A refused version is told so, too: while
				pcp_client_exchange() is true, the exchange goes on */
	CLIENT_UNSOLICITED,  /* an announcement or a mapping update, believed */
	CLIENT_IGNORED,	     /* a datagram that changes nothing: reason says why (8.3) */
	CLIENT_TIMED_OUT,    /* exchange over without an answer */
	CLIENT_CANCELLED,    /* exchange over: given up, or another took its place (reason) */
	CLIENT_UNREACHABLE,  /* ICMP: exchange over, or on to the next address (pcp_client_exchange)
			      */
	CLIENT_MAPPING,	     /* a mapping came, changed or changed state */
	CLIENT_MAPPING_GONE, /* it leaves the table */
	CLIENT_RESTARTED,    /* the server lost its state (8.5): reason says what showed it */
	CLIENT_SERVER, /* its version, address, external address or PREFIX64 changed: reason */
};

struct pcp_client_event {
	enum pcp_client_event_kind kind;
	usec now;
	uint32_t exchange;			/* 0: none */
	const struct pcp_client_server *server; /* NULL: not from a known server */
	const struct pcp_mapping *mapping;	/* NULL: none */
	const uint8_t *octets; /* the datagram: SENT, RESENT, ANSWERED, UNSOLICITED, IGNORED */
	size_t len;
	struct pcp_endpoint from, to;
	bool unsent;	/* SENT, RESENT: the system did not take the datagram; reason says why */
	uint32_t tries; /* transmissions so far */
	usec next_at;	/* the next one; USEC_NEVER */
	usec rtt;	/* ANSWERED: since the last transmission; -1: unknown */
	uint8_t result;
	bool replaced;	    /* CANCELLED: the next request for the same mapping takes its place */
	bool by_itself;	    /* of an exchange: the timer's renewal (11.2.1), not one by hand */
	const char *reason; /* what a person should know, part of a sentence; or NULL */
};

struct pcp_client_io {
	void *arg;
	/* Sends one datagram from server->config.source. False: it could not be sent, and errno
	 * says why; the client goes on as if the network had lost it. */
	bool (*send)(void *arg, const struct pcp_client_server *server,
		     const struct pcp_endpoint *to, const uint8_t *octets, size_t len);
	/* May be NULL. May call pcp_client_submit, pcp_client_cancel and the mapping operations. */
	void (*event)(void *arg, const struct pcp_client_event *event);
};

/* ---- life ---- */

/* NULL when memory is out. */
struct pcp_client *pcp_client_new(const struct pcp_client_config *config, struct pcp_rng *rng,
				  struct pcp_client_io io);
void pcp_client_free(struct pcp_client *client);
/* When pcp_client_tick is due; USEC_NEVER: nothing is planned. */
usec pcp_client_next(const struct pcp_client *client);
/* The same for poll(): milliseconds from `now`, rounded up; 0: it is due; -1: nothing is planned.
 */
int pcp_client_wait(const struct pcp_client *client, usec now);
void pcp_client_tick(struct pcp_client *client, usec now);
/* A datagram from the network. to: where it arrived, a group address for announcements. */
void pcp_client_receive(struct pcp_client *client, usec now, const struct pcp_endpoint *from,
			const struct pcp_endpoint *to, const uint8_t *octets, size_t len);
/* ICMP said that `to` cannot be reached; what, for people: "port unreachable". What was asked by
 * hand ends, or goes on at the server's next address; auto-renewal tries again later. */
void pcp_client_unreachable(struct pcp_client *client, usec now, const struct pcp_endpoint *to,
			    const char *what);
/* A datagram that a capture shows as sent: makes exchange and row as if this client had sent it.
 * Servers come into being as they are met. What the capture shows as received goes to
 * pcp_client_receive, its time to pcp_client_tick. A client that is not passive takes nothing of
 * this. False: memory was out for a part of it, so that mappings or exchanges are missing. */
bool pcp_client_replay_sent(struct pcp_client *client, usec now, const struct pcp_endpoint *from,
			    const struct pcp_endpoint *to, const uint8_t *octets, size_t len);
/* The same for an ICMP error in a capture, about what `from` had sent to `to`. */
void pcp_client_replay_unreachable(struct pcp_client *client, usec now,
				   const struct pcp_endpoint *from, const struct pcp_endpoint *to,
				   const char *what);
/* A second client in the same state, and with the same numbers. NULL when memory is out, when the
 * client is not passive, and from a callback. */
struct pcp_client *pcp_client_copy(const struct pcp_client *client, struct pcp_rng *rng,
				   struct pcp_client_io io);
/* From now on a passive client remembers its steps, the last ones that fit into so many octets; a
 * copy of it does not. False when memory is out, or it is not passive. */
bool pcp_client_remember(struct pcp_client *client, size_t max_octets);
/* A step begins: what is done from here to the next one. mark: `len` octets of the caller's own,
 * which the way back gives back. */
void pcp_client_step(struct pcp_client *client, const void *mark, size_t len);
/* How many steps it can go back. */
size_t pcp_client_steps(const struct pcp_client *client);
/* Everything is again as it was when the last step began; that tells no events. False, and nothing
 * is changed: no step is remembered. */
bool pcp_client_back(struct pcp_client *client, void *mark, size_t len);
/* About how much memory a client takes. */
size_t pcp_client_octets(const struct pcp_client *client);

/* ---- servers ---- */

/* Its id; 0 when memory is out, there are 256, or the configuration has no endpoint of its source's
 * family. */
uint16_t pcp_client_add_server(struct pcp_client *client,
			       const struct pcp_client_server_config *config);
/* NULL: no such server. Valid as long as the client. */
const struct pcp_client_server *pcp_client_server(const struct pcp_client *client, uint16_t id);
size_t pcp_client_nservers(const struct pcp_client *client);
/* This host has lost the address that the server was asked from, and asks from another one of the
 * same family (RFC 6887 11.5, 16.4). What is under auto-renewal or being asked for is asked for
 * anew, suggesting the external values that it had; mappings of the old address cannot be deleted
 * from another one, and are stranded until they run out. reason: for people, part of a sentence.
 * How many are asked for. */
size_t pcp_client_set_source(struct pcp_client *client, usec now, uint16_t server,
			     const struct pcp_endpoint *source, const char *reason);
/* Another server, or the same one asked from another address, takes the place of `from`: the same,
 * and with `erase` what `from` holds is deleted there. */
size_t pcp_client_move(struct pcp_client *client, usec now, uint16_t from, uint16_t to, bool erase,
		       const char *reason);
/* The way to the server is open again: what does not stand and shall be held is asked for now, not
 * when its retransmissions have slowed down to it, and one mapping that stands is renewed, so that
 * the answer's epoch shows a restart. How many requests. */
size_t pcp_client_reached(struct pcp_client *client, usec now, uint16_t server);

/* ---- requests ---- */

struct pcp_client_request {
	uint16_t server;
	const uint8_t *octets; /* as composed: PCP, or NAT-PMP (version 0) */
	size_t len;	       /* 1 to PCP_EDIT_MAX */
	bool raw;	       /* exactly these octets; answers are matched as far as they parse */
	bool keep_nonce; /* the nonce is meant, even if zero; otherwise its row's, or a fresh one */
	bool keep_address; /* the client address is meant; otherwise the server's source */
	bool insist;	   /* sends what an error lifetime or NO_RESOURCES holds back */
	int renew;	   /* auto-renewal: 1 on, -1 off, 0 as configured */
	usec irt;	   /* 0, and those below: as configured */
	uint32_t mrc;
	usec mrd;
};

/*
 * Sends a request. Returns its exchange, or 0 with *why (may be NULL): no such server; held back by
 * an error lifetime (8.3) or NO_RESOURCES (11.4), with the seconds left; nothing that NAT-PMP could
 * say to a server of version 0; too many; memory.
 *
 * A MAP or PEER of version 2 makes its row in the table or updates it, and takes the place of an
 * exchange that the row has under way; lifetime 0 deletes. With raw, or with a nonce that is not
 * its row's, the row follows only when the server has granted it.
 */
uint32_t pcp_client_submit(struct pcp_client *client, usec now,
			   const struct pcp_client_request *request, struct pcp_why *why);
/* Gives an exchange up: no more retransmissions. */
void pcp_client_cancel(struct pcp_client *client, usec now, uint32_t exchange);
/* Is it still waiting for an answer? */
bool pcp_client_exchange(const struct pcp_client *client, uint32_t exchange);
size_t pcp_client_nexchanges(const struct pcp_client *client);

/* ---- the mapping table ---- */

size_t pcp_client_nmappings(const struct pcp_client *client);
/* The i-th mapping in order of coming; NULL beyond. Constant time; the first call after removals
 * closes the gaps that they left. */
const struct pcp_mapping *pcp_client_mapping_at(const struct pcp_client *client, size_t i);
/* NULL: not in the table. */
const struct pcp_mapping *pcp_client_mapping(const struct pcp_client *client, uint32_t id);
/* By hand, whatever an error lifetime says (11.2.1, 15.1); a renewal waits until four seconds after
 * the last datagram for its mapping. Exchange, or 0 with *why. */
uint32_t pcp_client_renew(struct pcp_client *client, usec now, uint32_t mapping,
			  struct pcp_why *why);
/* PEER cannot be deleted (12.1): its auto-renewal is switched off, and *why says so. */
uint32_t pcp_client_delete(struct pcp_client *client, usec now, uint32_t mapping,
			   struct pcp_why *why);
/* False: no such mapping, or not ours. What was refused, lost or unanswered is asked for now. */
bool pcp_client_auto_renew(struct pcp_client *client, usec now, uint32_t mapping, bool on);
/* Out of the table without a word to the server. */
bool pcp_client_forget(struct pcp_client *client, usec now, uint32_t mapping);
/* Puts a mapping known from elsewhere (a NEXT, an earlier session) into the table: key, nonce,
 * external values, lifetime until expires_at, and its request where there is one. With `own` it
 * can be renewed and deleted; without, it is shown as the server's. A row that this client asked
 * for stays as it is. With opcode 0 its row is that of its protocol, internal address and port, and
 * nonce, whatever the opcode; a row of its own becomes a MAP with `own`. Its id; 0 when the table
 * is full, when there is no such server, or when a MAP in the table has its key and another nonce.
 */
uint32_t pcp_client_adopt(struct pcp_client *client, usec now, const struct pcp_mapping *mapping,
			  bool own);
/* Asks for what a restart lost, suggesting the former external values. How many there are. */
size_t pcp_client_recover(struct pcp_client *client, usec now, uint16_t server);

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop

#endif
