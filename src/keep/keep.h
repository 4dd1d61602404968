/*
 * Mappings that are held until told to end: which ports, what is known of them outside, and what of
 * that has changed. A machine without I/O: the client's engine renews, recovers, falls back and
 * follows; this one makes each mapping, gives TCP and UDP the same external port, makes anew what
 * has left the table, and tells a change once, when it has settled.
 */
#ifndef KEEP_H
#define KEEP_H

#include "client.h"
#include "timer.h"

enum { KEEP_LEGS = 2, KEEP_REASON = 160 };

/* Of one port: none of its protocols is mapped, some are, or all. */
enum keep_state { KEEP_UNMAPPED, KEEP_PARTLY, KEEP_MAPPED };

/* What others can know of a hold. */
struct keep_value {
	enum keep_state state;
	uint8_t internal[PCP_ADDR_LEN], external[PCP_ADDR_LEN]; /* :: where not known */
	uint16_t external_port[KEEP_LEGS];			/* 0: not mapped */
};

struct keep_leg {
	uint8_t protocol;
	uint32_t mapping; /* its row in the client's table; 0: none */
	bool up;
	bool again;   /* is being deleted, to be made with another port */
	bool settled; /* refused or unanswered: nothing is under way */
	uint16_t external_port;
	uint32_t lifetime; /* seconds, as assigned */
	usec expires_at;   /* USEC_NEVER: not mapped */
};

struct keep_hold {
	uint16_t port;	 /* internal */
	uint16_t wish;	 /* external; 0: none */
	uint16_t server; /* that it is asked of, as it is now */
	size_t nleg;
	struct keep_leg leg[KEEP_LEGS];
	uint8_t internal[PCP_ADDR_LEN], external[PCP_ADDR_LEN];
	struct keep_value told;	   /* what was told last */
	char reason[KEEP_REASON];  /* of that, part of a sentence */
	char pending[KEEP_REASON]; /* why it is not as told any more; "": nothing is known */
	unsigned aligned;	   /* tries to give both protocols one port */
	uint64_t changes;	   /* that were told */
	usec tell_at, ask_at;	   /* USEC_NEVER: not planned */
	size_t index;		   /* keep_at() */
	struct timer timer;
	struct keep *keep;
};

struct keep_io {
	void *arg;
	/* Asks for the mapping, under auto-renewal, wishing for that external port. False with
	 * *why: not now. */
	bool (*ask)(void *arg, const struct keep_hold *hold, const struct keep_leg *leg,
		    uint16_t external_port, struct pcp_why *why);
	/* Asks for its deletion. */
	void (*erase)(void *arg, uint32_t mapping);
	/* The server that took that one's place; itself: none did. NULL: none ever does. */
	uint16_t (*heir)(void *arg, uint16_t server);
	/* hold->told and hold->reason are new. */
	void (*changed)(void *arg, usec now, struct keep_hold *hold);
	/* Nothing but lifetimes is. NULL: nobody wants to know. */
	void (*renewed)(void *arg, usec now, struct keep_hold *hold);
	/* It could not be asked for; tried again. Told once until it can. NULL: the same. */
	void (*trouble)(void *arg, const struct keep_hold *hold, const char *why);
};

struct keep;

/* NULL when memory is out. */
struct keep *keep_new(const struct keep_io *io);
void keep_free(struct keep *keep);
/* One more port, of one or two protocols. Before keep_begin alone. False with *why: it is there
 * already, or memory is out. */
bool keep_add(struct keep *keep, uint16_t server, uint16_t port, uint16_t wish,
	      const uint8_t *protocol, size_t nprotocol, struct pcp_why *why);
/* Asks for all of them. */
void keep_begin(struct keep *keep, usec now);
/* Everything that the client tells is told here. */
void keep_event(struct keep *keep, const struct pcp_client_event *event);
/* When keep_tick is due; USEC_NEVER. */
usec keep_next(const struct keep *keep);
void keep_tick(struct keep *keep, usec now);
/* It is to end. erase: deletes what stands, and tells each hold as unmapped when that is done;
 * otherwise nothing is said any more. */
void keep_end(struct keep *keep, usec now, bool erase);
/* Whether deletions are under way; keep_give_up tells the rest as unmapped all the same. */
bool keep_ending(const struct keep *keep);
void keep_give_up(struct keep *keep, usec now);

size_t keep_count(const struct keep *keep);
struct keep_hold *keep_at(const struct keep *keep, size_t i); /* by port */
/* What could not be asked for is asked for now: there is a server at last, say. */
void keep_retry(struct keep *keep, usec now);
bool keep_same_value(const struct keep_value *a, const struct keep_value *b);
/* How many are KEEP_MAPPED. */
size_t keep_mapped(const struct keep *keep);
/* "mapped", "partly mapped", "unmapped". */
const char *keep_state_name(enum keep_state state);
/* "tcp+udp". Length as snprintf. */
size_t keep_protocols(const struct keep_hold *hold, char *buf, size_t cap);
/* When the first of its mappings ends; USEC_NEVER: none stands. */
usec keep_expires(const struct keep_hold *hold);

#endif
