/*
 * The lab: a PCP and NAT-PMP gateway to practise on (RFC 6887, 6886 and relatives, server side),
 * with faults at will. A state machine without I/O, as the client is: whoever embeds it hands it
 * datagrams and the time, sends what it emits, and calls lab_tick() when lab_next() says so. It
 * forwards no traffic.
 *
 * Everything about it that can be changed is a word ("quota=10", "drop=0.3/map", "scenario=lossy"):
 * the same words on the command line, in a configuration file, after `:lab` and in tests.
 */
#ifndef LAB_H
#define LAB_H

#include "clock.h"
#include "endpoint.h"
#include "random.h"

struct lab;

enum { LAB_DESCRIPTION_MAX = 128 }; /* octets stored of a DESCRIPTION: RFC 7220 3 */

/* A fault that struck a request, or its answer. */
struct lab_strike {
	const struct pcp_endpoint *client;
	const uint8_t *asked; /* the request, as it arrived */
	size_t asked_len;
	const char *fault, *told; /* "drop", "the lab never saw it" */
	bool answer;		  /* it was the answer that it struck */
	bool lost;		  /* what it struck never arrives */
};

struct lab_io {
	void *arg;
	/* `from`: the endpoint to answer from; faults use others than the request's. `to` may be a
	 * multicast group (224.0.0.1, ff02::1; port 5350). */
	void (*send)(void *arg, const struct pcp_endpoint *from, const struct pcp_endpoint *to,
		     const uint8_t *octets, size_t len);
	/* A line about what the server did and why, for its view; may be NULL. */
	void (*note)(void *arg, usec now, const char *line);
	/* What a fault did to a request under way; may be NULL. */
	void (*struck)(void *arg, usec now, const struct lab_strike *strike);
};

/* ---- life ---- */

/* NULL when memory is out. rng must outlive the lab; the same seed and the same datagrams give the
 * same answers. */
struct lab *lab_new(usec now, struct pcp_rng *rng, struct lab_io io);
void lab_free(struct lab *lab);
/* When lab_tick is due; USEC_NEVER: nothing pending. */
usec lab_next(const struct lab *lab);
void lab_tick(struct lab *lab, usec now);
void lab_receive(struct lab *lab, usec now, const struct pcp_endpoint *from,
		 const struct pcp_endpoint *to, const uint8_t *octets, size_t len);
/* The endpoint where requests arrive, before the first one did: multicast announcements leave from
 * it (RFC 6887 14.1.3). One an address family; otherwise learned from requests. */
void lab_listens(struct lab *lab, const struct pcp_endpoint *self);
/* A restart: with or without its mappings; announces itself as RFC 6887 14.1.3 says. */
void lab_restart(struct lab *lab, usec now, bool keep_state);

/* ---- words ---- */

/* One word, as typed after :lab or in --lab= ("quota=10", "drop=0.3", "restart"). False with *why
 * when it is unknown or out of range; then nothing has changed. */
bool lab_set(struct lab *lab, usec now, const char *word, struct pcp_why *why);
/* The same for a setting, and from here on it is what scenarios start from. */
bool lab_default(struct lab *lab, usec now, const char *word, struct pcp_why *why);
/* A configuration file's text: one word a line, # starts a comment. Stops at the first bad line:
 * false with *why, whose sentence names the line. */
bool lab_load(struct lab *lab, usec now, const char *text, struct pcp_why *why);

enum lab_word_group { LAB_SETTING, LAB_FAULT, LAB_ACTION };
struct lab_word {
	enum lab_word_group group;
	const char *name;   /* "quota" */
	const char *values; /* "0-1000000", "on|off", "[RATE][/OPCODE]" */
	const char *help;   /* one sentence */
};
/* Every word there is, group by group; false beyond the last. */
bool lab_word_at(size_t i, struct lab_word *word);
/* The present value of word i, as the word that would set it ("quota=10"); "" when it has none (an
 * action, a fault that is off). Returns the length as snprintf does. */
size_t lab_word_text(const struct lab *lab, size_t i, char *buf, size_t cap);
/* Whether word i is a fault that is on, or a setting that is not what it is without any word. */
bool lab_word_changed(const struct lab *lab, size_t i);

/* A fault as a switch: how it stands, and how far it is turned up. */
struct lab_switch {
	const char *name, *help;
	bool on;
	char only[16];	/* "/map": requests of that opcode alone; "": all */
	char value[40]; /* "20%", "400ms", "1h", "8 NO_RESOURCES"; "off" */
	unsigned level; /* of 100, for a bar */
	uint64_t struck;
};
/* The i-th fault; false beyond the last. Word i of lab_word_at's faults is the same one. */
bool lab_switch_at(const struct lab *lab, usec now, size_t i, struct lab_switch *row);
/* The word that switches it on or off, and the one that turns it a step up (by 1) or down (-1):
 * below the lowest step it is off. Rate and opcode stay what they are. */
void lab_switch_word(const struct lab *lab, size_t i, char *buf, size_t cap);
void lab_switch_step(const struct lab *lab, usec now, size_t i, int by, char *buf, size_t cap);

/* The i-th case of probe that `break` has a mutant for; NULL beyond the last. */
const char *lab_mutant_at(size_t i);

struct lab_scenario {
	const char *name;
	const char *brief; /* in a few words */
	const char *words; /* separated by blanks */
	const char *look;  /* what to look for, one or two sentences */
};
extern const struct lab_scenario lab_scenarios[];
extern const size_t lab_nscenarios;
/* The one that was set last, whatever has been changed since; NULL: none. */
const struct lab_scenario *lab_scenario_on(const struct lab *lab);

/* ---- what the server knows, for people to look at ---- */

struct lab_mapping {
	uint8_t opcode, protocol; /* opcode PCP_MAP or PCP_PEER */
	uint8_t internal[PCP_ADDR_LEN], external[PCP_ADDR_LEN], remote[PCP_ADDR_LEN];
	uint16_t internal_port, external_port, remote_port;
	uint32_t port_set_size; /* 1: a single port */
	uint8_t nonce[PCP_NONCE_LEN];
	uint8_t owner[PCP_ADDR_LEN]; /* who asked for it: differs from internal with THIRD_PARTY */
	usec expires_at;	     /* USEC_NEVER: static */
	char description[4 * LAB_DESCRIPTION_MAX + 1]; /* made safe */
	size_t nfilters;
	bool fixed;    /* static: made outside PCP */
	bool implicit; /* outbound, made by traffic rather than PEER */
	bool natpmp;   /* made by NAT-PMP: no nonce */
};

struct lab_pool { /* one external address and protocol */
	uint8_t address[PCP_ADDR_LEN], protocol;
	uint32_t size, taken; /* ports; taken: mapped, held or reserved */
};

struct lab_host { /* one internal address */
	uint8_t address[PCP_ADDR_LEN];
	uint32_t ports, quota; /* that count against its quota */
};

struct lab_counters {
	uint64_t received;	     /* datagrams */
	uint64_t unanswered;	     /* of them met with silence, by rule or by fault */
	uint64_t sent;		     /* datagrams */
	uint64_t result[256];	     /* PCP answers by result code */
	uint64_t natpmp;	     /* NAT-PMP answers */
	uint64_t faulted;	     /* times that a fault struck */
	uint64_t announced, updated; /* unsolicited datagrams: RFC 6887 14.1.3, 14.2 */
	uint64_t created, expired, deleted;
};

enum { LAB_WHY = 160 };
struct lab_refusal { /* a request that was refused, met with silence, or answered in some odd way */
	usec at;
	struct pcp_endpoint client;
	uint8_t version, opcode;
	bool answered;
	uint8_t result;	   /* of the answer, by the numbers of its protocol */
	char why[LAB_WHY]; /* the exact reason, without a full stop */
};

/* One line without its time: "127.0.0.1:4000 MAP UNSUPP_OPTION: option 126 is ...". */
size_t lab_refusal_text(const struct lab_refusal *refusal, char *buf, size_t cap);
/* The i-th last one of those remembered; false beyond them. */
bool lab_refusal_at(const struct lab *lab, size_t i, struct lab_refusal *refusal);
/* Why the lab sent this answer to `client`, or none to this request of `client`'s; NULL when there
 * is nothing to say, or it was long ago. Lasts until the lab next receives something. */
const char *lab_why(const struct lab *lab, const struct pcp_endpoint *client, const uint8_t *octets,
		    size_t len);

/* Seconds since its state began (RFC 6887 8.5). */
uint32_t lab_epoch(const struct lab *lab, usec now);
size_t lab_nmappings(const struct lab *lab);
/* The i-th mapping in GET's order; false beyond the end. Costs a logarithm. */
bool lab_mapping_at(const struct lab *lab, size_t i, struct lab_mapping *mapping);
bool lab_pool_at(const struct lab *lab, size_t i, struct lab_pool *pool);
bool lab_host_at(const struct lab *lab, size_t i, struct lab_host *host);
size_t lab_nhosts(const struct lab *lab);
size_t lab_nheld(const struct lab *lab); /* freed ports that are still held */
void lab_count(const struct lab *lab, struct lab_counters *counters);

#endif
