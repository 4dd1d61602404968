/*
 * What the files of the client share, from the ground up: each uses those above it only. An
 *embedder needs client.h.
 *
 *	client-core.c      entering and leaving, telling, freeing, limits
 *	client-step.c      steps that can be gone back
 *	client-request.c   reading and making the octets of MAP and PEER
 *	client-table.c     look-up by number, in order, and by key
 *	client-row.c       a row of the mapping table: state, and when it is due
 *	client-translate.c between PCP's words and NAT-PMP's
 *	client-exchange.c  an exchange under way: its places in lists, and its schedule
 *	client-send.c      sending, retransmitting, waiting for others, giving up
 *	client-mapping.c   the mapping table: renewal, expiry, asking again
 *	client-epoch.c     restarts of a server and recovery from them
 *	client-hand.c      what a key or a command asks for a mapping
 *	client.c           life of a client, and its servers
 *	client-adopt.c     mappings known from elsewhere
 *	client-move.c      another address of this host, or another server
 *	client-submit.c    requests that are handed in
 *	client-verdict.c   what a believed answer does to a row
 *	client-arrival.c   telling what a datagram did, and carrying it out
 *	client-copy.c      a moment of a capture
 *	client-natpmp.c    NAT-PMP's answers
 *	client-version.c   version negotiation
 *	client-receive.c   which datagrams are believed
 *	client-replay.c    what a capture shows as sent
 *
 * A callback may call back into the client and, say, forget the mapping it was told of. So nothing
 * is freed before the outermost call returns (client_enter, client_leave), and no function goes on
 * with a mapping or an exchange after telling of it without looking at `gone`.
 */
#ifndef CLIENT_PRIVATE_H
#define CLIENT_PRIVATE_H

#include "client.h"
#include "natpmp-form.h"
#include "timer.h"
#include "undo.h"

enum {
	LOOSE_MAX = 1024,  /* exchanges under way that belong to no mapping */
	FINISHED_MAX = 64, /* exchanges remembered for late answers and held requests */
	SERVERS_MAX = 256,
	LOOK_AT = 256,	     /* exchanges, for the one that a stray datagram was meant for */
	RECOVER_BATCH = 64,  /* requests sent at once while recovering; the rest follow */
	MRC_PER_ADDRESS = 4, /* RFC 7488 3 */
	NATPMP_SENDS = 9,    /* RFC 6886 3.1 */
	NATPMP_MAP_LEN = 12, /* octets of a map request: RFC 6886 3.3 */
	REASON_MAX = 320,
};

#define RENEWAL_GAP	(4 * USEC_PER_SEC) /* RFC 6887 11.2.1: MUST NOT be closer */
#define RECOVER_DELAY	5.0		   /* seconds at most: RFC 6887 14.1.3, RFC 6886 3.7 */
#define RECOVER_GAP	(5 * USEC_PER_SEC / 1000) /* between batches */
#define LEAVE_AFTER	(5 * USEC_PER_SEC)	  /* a row that is over stays visible so long */
#define ADDRESSES_AGAIN (15 * 60 * USEC_PER_SEC)  /* RFC 7488 3: all addresses silent */
#define GIVEN_UP	(1200 * USEC_PER_SEC)	  /* in a capture: longer than 8.1.1 ever waits */
#define NATPMP_FIRST	(USEC_PER_SEC / 4)	  /* RFC 6886 3.1 */

/* ---- client-table.c ---- */

/* Items by a number that only grows, in the order of coming. */
struct idlist {
	struct idslot {
		uint32_t id;
		void *item; /* NULL: a hole that a removal left */
	} * slot;
	size_t count, cap, live;
	struct undo *undo; /* hears of what comes and goes; NULL: none */
};

bool idlist_append(struct idlist *list, uint32_t id, void *item);
void *idlist_find(const struct idlist *list, uint32_t id);
/* The first item with a greater number; NULL at the end. Items may come and go meanwhile. */
void *idlist_after(const struct idlist *list, uint32_t id);
void *idlist_at(struct idlist *list, size_t i);
void idlist_remove(struct idlist *list, uint32_t id);
void idlist_free(struct idlist *list); /* the list, not the items */

/* What makes a mapping one and the same: RFC 6887 11.4, 12.4; with THIRD_PARTY_ID, RFC 7843 5.2. */
struct client_key {
	uint16_t server;
	uint8_t opcode, protocol; /* opcode 0: a NEXT listed it, which tells none */
	uint16_t internal_port, remote_port;
	uint8_t internal[PCP_ADDR_LEN], remote[PCP_ADDR_LEN];
	const uint8_t *realm; /* opcode 0: the nonce, which tells such rows apart */
	size_t realm_len;
};

struct client_row;
struct keylink {
	struct keylink *next, **prev;
	uint64_t hash;
	struct client_row *row;
};
struct keytable {
	struct keylink **bucket;
	size_t nbucket, count; /* nbucket: a power of two */
	uint64_t seed;
	uint64_t (*hash)(uint64_t seed, const struct client_key *key);
	struct undo *undo; /* hears of what comes and goes; NULL: none */
};

/* Of the whole key; of what a NEXT tells of it: server, protocol, internal address and port. */
uint64_t key_hash(uint64_t seed, const struct client_key *key);
uint64_t key_hash_inside(uint64_t seed, const struct client_key *key);
bool keytable_add(struct keytable *table, struct keylink *link, struct client_row *row);
/* An empty table of the size of the other, and a row in it that has the place of another there.
 * False without memory. */
bool keytable_like(struct keytable *table, const struct keytable *from);
void keytable_add_as(struct keytable *table, struct keylink *link, const struct keylink *from,
		     struct client_row *row);
struct client_row *keytable_find(const struct keytable *table, const struct client_key *key);
/* The next row with that inside, in a table by key_hash_inside; after: NULL for the first. */
struct client_row *keytable_inside(const struct keytable *table, const struct client_key *key,
				   const struct client_row *after);
void keytable_remove(struct keytable *table, struct keylink *link);
void keytable_free(struct keytable *table);

/* ---- client-request.c ---- */

/* A MAP or PEER of version 2, request or response, as the engine reads it; points into it. */
struct client_message {
	struct client_key key;
	const uint8_t *nonce, *external;
	uint32_t lifetime;
	uint16_t external_port;
	bool third_party, prefer_failure, reservation;
	uint16_t port_set_size; /* 0: no PORT_SET */
	const uint8_t *description;
	size_t description_len;
	uint8_t options[256 / 8]; /* a bit for each code */
};

/* False when the octets are no such message. source: the internal address without THIRD_PARTY. */
bool client_message(struct client_message *message, uint16_t server, const uint8_t *source,
		    const uint8_t *octets, size_t len);
/* Whether there is anything behind the body of this MAP or PEER. */
bool client_has_options(const uint8_t *octets, size_t len);
bool client_same_key(const struct client_key *a, const struct client_key *b);
/* Copies of a mapping's request, NULL without memory: suggesting what was assigned, or what was
 * suggested at first; and with lifetime 0. */
uint8_t *client_renewal(const struct pcp_mapping *mapping, bool assigned, size_t *len);
uint8_t *client_deletion(const struct pcp_mapping *mapping, size_t *len);
/* A request for a mapping of which only the values are known. */
uint8_t *client_request_for(const struct pcp_mapping *mapping, const uint8_t *source, size_t *len);

/* ---- the client's own objects; each public struct comes first in its private one ---- */

enum purpose {
	FOR_ITSELF, /* ANNOUNCE, GET, raw octets: no row stands behind it */
	FOR_MAKING,
	FOR_RENEWAL,
	FOR_RECOVERY,
	FOR_DELETION,
};

/* A server's time since it lost its state, by the protocol that told it: PCP's clock (RFC 6887 8.5)
 * and NAT-PMP's (RFC 6886 3.6) need not be one. */
struct client_clock {
	bool have;
	uint32_t epoch; /* seconds, */
	usec at;	/* and when it showed them */
};
enum client_clock_of { PCP_CLOCK_OF, NATPMP_CLOCK_OF, CLOCKS_OF };

struct client_server {
	struct pcp_client_server pub;
	struct client_clock clock[CLOCKS_OF];
	struct pcp_client *client;
	uint32_t contacted;			/* bits: addresses that something was sent to */
	struct client_exchange *active, *queue; /* NAT-PMP: one request at a time (RFC 6886 3.1) */
	struct timer recovery;
	uint32_t recover_from; /* mappings up to this number have had their turn */
	bool recover_all;      /* not only those with auto-renewal */
	bool ask_address;      /* NAT-PMP: after a restart the external address may be another */
	uint64_t touched;      /* for client-step.c */
};

struct client_row {
	struct pcp_mapping pub;
	struct pcp_client *client;
	struct client_server *server;
	struct client_row *next;	  /* in the graveyard */
	struct client_exchange *exchange; /* NULL: nothing under way */
	uint8_t *request;		  /* pub.request */
	struct client_key key;		  /* realm points into request */
	usec renew_at, leave_at;	  /* USEC_NEVER where not set */
	usec sent_at;			  /* last datagram for it */
	usec renewal_sent_at;		  /* last one that renews it */
	uint32_t epoch, era; /* server time of the answer last believed, and which of its lives */
	bool have_epoch;
	uint32_t sends, answers; /* of pub.exchange */
	unsigned failures;	 /* in a row */
	unsigned window;	 /* of 11.2.1, which renewal attempts have reached */
	bool natpmp;		 /* composed as NAT-PMP: PCP is not tried */
	enum purpose purpose;	 /* of pub.exchange */
	uint32_t deletions;	 /* sent, and not answered yet */
	bool deleted;		 /* the last exchange was a deletion */
	bool counted;		 /* in its server's count of mappings that stand */
	bool gone;
	uint64_t touched; /* for client-step.c */
	/* Those look after themselves: */
	struct keylink by_key, by_inside;
	struct timer timer;
};

struct client_exchange {
	uint32_t id;
	struct pcp_client *client;
	struct client_server *server;
	struct client_row *row; /* NULL: loose */
	enum purpose purpose;
	bool raw, insist;
	bool submitted; /* by hand, not by the engine */
	bool windows;	/* sent again in the windows of 11.2.1, not by 8.1.1 */
	bool queued, gone;
	bool fallback;	  /* refused as PCP, goes on as NAT-PMP */
	bool natpmp;	  /* composed as NAT-PMP */
	uint8_t version;  /* on the wire now */
	uint32_t ignored; /* datagrams that came for it and were not taken */
	uint32_t inexact; /* after so many tries one gave other values than PREFER_FAILURE asked for
			   */
	uint8_t refused;  /* bits: versions that the server refused since the last timeout */
	uint8_t *octets;  /* as composed: PCP's form, or raw */
	size_t len;
	uint32_t tries; /* datagrams so far */
	uint32_t round; /* of them since the address or protocol changed */
	usec rt, first_at, last_at;
	usec pcp_at; /* last datagram that was PCP's */
	usec irt;
	uint32_t mrc;
	usec mrd;
	size_t address; /* which of the server's */
	uint32_t tried; /* bits: addresses that gave no answer in this turn */
	struct timer timer;
	struct client_exchange *next; /* in the server's queue; later in the graveyard */
	struct client_exchange *loose_next, **loose_prev;
	uint64_t touched; /* for client-step.c */
};

/* An exchange that is over: late answers belong to it, and its request may be held back. */
struct finished {
	uint32_t id;
	uint16_t server;
	uint8_t *octets;
	size_t len;
	uint8_t version;
	uint32_t sends, answers;
	usec hold_until;
	uint8_t result;
};

struct pcp_client {
	struct pcp_client_config config;
	struct pcp_rng *rng;
	struct pcp_client_io io;
	struct undo *steps; /* that can be gone back; NULL: none are remembered, */
	struct undo *undo;  /* and once the first has begun */
	/* From here to `mappings` a step keeps it all; the lists look after themselves. */
	struct timers timers;
	size_t nserver;
	uint32_t last_mapping, last_exchange;
	struct client_exchange *loose;
	size_t nloose;
	size_t ntimers;	  /* that may be armed at the same time */
	size_t nfinished; /* ever; the ring's next place is nfinished % FINISHED_MAX */
	struct idlist mappings, exchanges;
	struct keytable keys, insides;
	struct client_server *server[SERVERS_MAX];
	struct finished finished[FINISHED_MAX];
	unsigned depth;
	bool starved; /* memory was out for what a capture shows */
	struct client_row *dead_rows;
	struct client_exchange *dead_exchanges;
};

static inline usec usec_earlier(usec a, usec b)
{
	return a < b ? a : b;
}

static inline usec usec_later(usec a, usec b)
{
	return a > b ? a : b;
}

/* ---- client-core.c ---- */

void client_enter(struct pcp_client *client);
void client_leave(struct pcp_client *client);
void client_free_dead(struct pcp_client *client);
void client_emit(struct pcp_client *client, struct pcp_client_event event);
/* CLIENT_SERVER. */
void client_tell_server(struct client_server *server, usec now, const char *reason);
struct client_server *client_find_server(const struct pcp_client *client, uint16_t id);
usec client_sane(const struct pcp_client *client, uint32_t lifetime);
usec client_hold(const struct pcp_client *client, uint32_t lifetime);
void row_free(struct client_row *row);	       /* NULL: nothing */
void exchange_free(struct client_exchange *x); /* the same */
void epoch_lost_changed(struct client_server *server);

/* ---- client-step.c ---- */

/* A server, row or exchange is about to change, or may: a step keeps it, with those that belong to
 * it. Only a passive client keeps steps, so that what just the others do needs none of it. */
void server_touch(struct client_server *server);
void row_touch(struct client_row *row);
void exchange_touch(struct client_exchange *x);

/* ---- client-row.c ---- */

bool row_keep_request(struct client_row *row, const uint8_t *octets, size_t len);
void row_state(struct client_row *row, enum pcp_mapping_state state);
/* Was it ever granted? Does the server hold it, as far as the client knows? Did a restart lose it?
 */
bool row_granted(const struct client_row *row);
bool row_stands(const struct client_row *row);
bool row_state_lost(enum pcp_mapping_state state);
/* Arms its timer by its state. */
void row_schedule(struct client_row *row);
void row_tell(struct client_row *row, usec now, const char *reason);
/* When the next renewal is due; USEC_NEVER when none fits before expiry. Draws a random point. */
usec row_next_renewal(struct client_row *row, usec now);
/* What was granted is over, and the row goes on. */
void row_end_lease(struct client_row *row);
void row_leave(struct client_row *row, usec now, enum pcp_mapping_state state, const char *reason);
/* An exchange for it ended without an answer. */
void row_unanswered(struct client_row *row, usec now, enum purpose purpose, const char *reason);

/* ---- client-translate.c ---- */

uint16_t natpmp_get16(const uint8_t *at);
uint32_t natpmp_get32(const uint8_t *at);
/* A request composed as NAT-PMP in PCP's form; NULL without memory or when it is none. */
uint8_t *natpmp_lift(const uint8_t *octets, size_t len, const uint8_t *source, size_t *lifted);

/* ---- client-exchange.c ---- */

/* Among those without a mapping, as the newest. */
void exchange_link(struct client_exchange *x);
/* Takes it out of every list. Its memory stays until the outermost call returns. */
void exchange_detach(struct client_exchange *x);
struct client_exchange *exchange_after(const struct pcp_client *client, uint32_t id);
/* Remembers a loose exchange that was answered. */
void exchange_remember(const struct client_exchange *x, uint8_t result, usec hold_until);
void exchange_tell(struct client_exchange *x, usec now, enum pcp_client_event_kind kind,
		   const char *reason, bool replaced);
/* Its NAT-PMP form, as natpmp_translate; raw octets have none. */
size_t exchange_words(const struct client_exchange *x, uint8_t *wire, const char **reason);
/* Does it speak NAT-PMP now, with its schedule and one at a time? */
bool exchange_as_natpmp(const struct client_exchange *x);
/* Until when NO_RESOURCES keeps it back (RFC 6887 11.4); 0: it may go. */
usec exchange_silence(const struct client_exchange *x, usec now);
/* The wait after a transmission of PCP; when the next transmission is due; is it over by then? */
usec exchange_pcp_wait(const struct client_exchange *x);
usec exchange_next_send(struct client_exchange *x, usec now);
bool exchange_over(const struct client_exchange *x, usec now);

/* ---- client-send.c ---- */

/* A new exchange; takes octets (also when it fails). NULL without memory. Not yet sent. */
struct client_exchange *exchange_new(struct client_server *server, struct client_row *row,
				     enum purpose purpose, uint8_t *octets, size_t len);
/* Sends it, at `at` at the earliest, or queues it behind others. */
void exchange_start(struct client_exchange *x, usec now, usec at);
/* The two halves of it for a capture, which shows what was sent and when. */
void exchange_engage(struct client_exchange *x);
void exchange_replay_sent(struct client_exchange *x, usec now, const uint8_t *octets, size_t len);
/* Lets exchanges go that waited for another one, or for a first answer. */
void exchange_release(struct client_server *server, usec now);
/* Ends it without an answer; what that means for its mapping is the caller's affair. */
void exchange_cancel(struct client_exchange *x, usec now, const char *reason);
/* The same, as another request for its mapping is about to be sent. */
void exchange_replace(struct client_exchange *x, usec now);
/* Settles the version that it goes on with, at once. */
void exchange_switch(struct client_exchange *x, usec now, uint8_t version);

/* ---- client-mapping.c ---- */

struct client_row *row_new(struct client_server *server, const struct client_message *message,
			   const uint8_t *octets, size_t len, usec now);
/* Starts an exchange that the engine or a key asks for. NULL without memory. */
struct client_exchange *row_ask(struct client_row *row, usec now, enum purpose purpose, usec at);
/* Out of the table at once. */
void row_remove(struct client_row *row, usec now);

/* ---- client-epoch.c ---- */

/* RFC 6887 8.5 or RFC 6886 3.6. Records the new values; false: the server may have lost its state.
 * shown: for people to see, as the clock of the protocol that it speaks with us. */
bool epoch_check(struct client_server *server, usec now, enum client_clock_of clock, uint32_t epoch,
		 bool shown);
/* After a failed check: marks the mappings of that protocol lost, but for `spared`, and arms the
 * recovery. */
void epoch_restart(struct client_server *server, usec now, enum client_clock_of clock,
		   const struct client_row *spared, const char *reason);
void epoch_init(struct client_server *server);

/* ---- client-adopt.c ---- */

/* A walk found it before it was asked for: it has its row, and the one of the listing goes. */
void row_absorb_listed(struct client_row *row, usec now);

/* ---- client-verdict.c ---- */

/* What a believed answer says about a mapping, PCP's or NAT-PMP's. */
struct client_verdict {
	uint8_t result, version;
	uint32_t lifetime; /* seconds; for errors how long they last */
	uint16_t external_port;
	const uint8_t *external; /* NULL: not told (NAT-PMP) */
	uint16_t port_set_size;
	bool reservation;
	const uint8_t *description;
	size_t description_len;
	const uint8_t *options; /* as in client_message; NULL: NAT-PMP has none */
	bool solicited;		/* an exchange for it was under way */
	enum purpose purpose;
};
void row_verdict(struct client_row *row, usec now, const struct client_verdict *verdict,
		 const char *reason);

/* ---- client-arrival.c ---- */

/* A datagram on its way through pcp_client_receive. */
struct client_datagram {
	struct pcp_client *client;
	struct client_server *server;
	usec now;
	const struct pcp_endpoint *from, *to;
	const uint8_t *octets;
	size_t len;
	uint32_t epoch;
	bool multicast;
	enum client_clock_of clock;
	bool valid;		  /* its epoch is as expected */
	char restart[REASON_MAX]; /* what showed a restart */
	char text[REASON_MAX];	  /* room for a reason */
};

struct pcp_client_event arrival_event(const struct client_datagram *a,
				      enum pcp_client_event_kind kind);
void arrival_tell(const struct client_datagram *a, enum pcp_client_event_kind kind,
		  const struct client_row *row, uint8_t result, const char *reason);
/* The exchange under way that a datagram is likeliest meant for, though it is not taken; NULL: none
 * waits where it arrived. */
struct client_exchange *arrival_meant_for(const struct client_datagram *a);
/* Tells that it is not taken, and counts it where it was meant to go. */
void arrival_ignored(const struct client_datagram *a, const struct client_row *row,
		     const char *reason);
/* Tells that a datagram answered an exchange that is still at hand. */
void arrival_answers(const struct client_datagram *a, const struct client_exchange *x,
		     uint8_t result, const char *reason);
/* Clears what waits for the server to answer at all, and reports a restart. */
void arrival_believed(struct client_datagram *a, const struct client_row *spared);
struct client_verdict arrival_verdict(const struct client_datagram *a,
				      const struct client_message *told);
/* MAP or PEER that was sent as it is, or with a nonce of its own, makes its row when it succeeds.
 */
void arrival_makes_row(struct client_datagram *a, const struct client_exchange *x,
		       const struct client_verdict *verdict);
/* Ends a loose exchange with it. */
void arrival_ends_loose(struct client_datagram *a, struct client_exchange *x, uint8_t result,
			uint32_t lifetime, const char *reason);
/* Ends the mapping's exchange, if one is under way (x), and carries the verdict out. */
void arrival_decides(struct client_datagram *a, struct client_row *row, struct client_exchange *x,
		     struct client_verdict *verdict, enum pcp_client_event_kind kind,
		     const char *reason);
/* The server speaks this version, as a believed answer shows. */
void version_spoken(struct client_server *server, usec now, uint8_t version);

/* These return NULL when the datagram was believed, otherwise why it is ignored. */

const char *natpmp_receive(struct client_datagram *a);	/* client-natpmp.c */
const char *version_refused(struct client_datagram *a); /* client-version.c */
extern const char shorter_than_header[];

#endif
