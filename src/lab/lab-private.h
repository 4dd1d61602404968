/* What the files of the lab share. Nobody else includes this. */
#ifndef LAB_PRIVATE_H
#define LAB_PRIVATE_H

#include "decode.h"
#include "tree.h"
#include "lab.h"
#include "lab-settings.h"
#include "timer.h"

enum {
	LAB_CLIENTS_MAX = 256,	/* remembered for unicast announcements */
	LAB_DELAYED_MAX = 1024, /* datagrams that a fault keeps back */
	LAB_FAULTS_MAX = 32,
	LAB_REALMS_MAX = 16, /* THIRD_PARTY_IDs known */
	LAB_PREFIX64_MAX = 4,
	LAB_WAN_MAX = 256,
	LAB_SOURCES = 1024,    /* places in which requests of each source are counted */
	LAB_REFUSALS_MAX = 64, /* whose reasons are remembered */
	LAB_OVERLAP_MAX = 32,  /* mappings that one PORT_SET request may refresh (amplification) */
	LAB_OPTIONS_MAX = PCP_MAX_LEN / PCP_TLV_LEN,
	LAB_PORTED = 5,		 /* protocols that have ports */
	LAB_ANNOUNCEMENTS = 10,	 /* RFC 6887 14.1.3 */
	LAB_UPDATES = 3,	 /* RFC 6887 14.2 */
	LAB_TIME_WAIT = 120,	 /* seconds: RFC 6887 13.2 */
	LAB_DATAGRAM_MAX = 1500, /* faults make answers too long */
	LAB_DEFAULTS_MAX = 8,
	LAB_WORD_MAX = 256, /* octets of a word, and of one part of a list */
	LAB_PART_MAX = 96,
};

/* ---- mappings ---- */

/* What a mapping is found by: RFC 6887 10, 11.3, 12.3; with the realm of RFC 7843 5.2. */
struct lab_key {
	uint8_t internal[PCP_ADDR_LEN];
	uint8_t realm; /* which THIRD_PARTY_ID, from 1; 0: none */
	uint8_t protocol;
	uint8_t opcode; /* PCP_MAP or PCP_PEER */
	bool v4;	/* MAP: the family outside, since one port may have both (erratum 3621) */
	uint16_t internal_port;
	uint8_t remote[PCP_ADDR_LEN]; /* PEER */
	uint16_t remote_port;
};

struct lab_filter {
	uint8_t addr[PCP_ADDR_LEN];
	uint8_t prefix; /* bits of 128 */
	uint16_t port;
};

struct lab_holder {
	struct tree_node node;
	uint8_t addr[PCP_ADDR_LEN];
	uint8_t realm;
	uint32_t ports;	  /* against the quota */
	uint32_t entries; /* that refer to it */
	uint16_t wan;	  /* its external address: one address a host as long as there is room */
	bool fixed;	  /* it has static mappings, on this address */
	uint8_t fixed_addr[PCP_ADDR_LEN];
};

struct lab_entry {
	struct lab_key key;
	uint8_t external[PCP_ADDR_LEN];
	uint16_t external_port;
	uint32_t ports; /* of a PORT_SET, internal and external alike; 1 otherwise */
	uint8_t nonce[PCP_NONCE_LEN];
	uint8_t version;	    /* that made it; PCP_VERSION_NATPMP has no nonce */
	struct pcp_endpoint client; /* last answered: RFC 6887 14.2 */
	bool held;     /* gone, but its port is kept for the same client: RFC 6887 15 */
	bool fixed;    /* static */
	bool implicit; /* outbound, without a PEER of its own: no nonce is known */
	bool prefer_failure, pair;
	bool update, doomed; /* RFC 6887 14.2: its client is being told; that it is gone */
	uint8_t nfilter, description_len;
	struct lab_filter *filter;
	uint8_t *description;
	struct lab_holder *host;
	struct tree_node by_key, by_owner, by_external;
	struct timer timer; /* expiry, or end of hold */
};

/* The ports of one external address and protocol. */
struct lab_ports {
	uint64_t free[1024]; /* bit: that port can be given out */
	uint64_t some[16];   /* bit: that word of free[] is not zero */
	uint32_t nfree, size;
};

/* ---- the server ---- */

struct lab_fault {
	const struct lab_fault_kind *kind;
	double rate;
	uint64_t value;
	int opcode; /* -1: all; LAB_NATPMP */
};

struct lab_prefix {
	uint8_t addr[PCP_ADDR_LEN];
	uint8_t bits; /* of 128 */
};

struct lab_realm {
	uint8_t id[32];
	uint8_t len;
};

enum lab_overload { OVERLOAD_OFF, OVERLOAD_SILENCE, OVERLOAD_REFUSE };
enum lab_announce { ANNOUNCE_UNICAST, ANNOUNCE_MULTICAST, ANNOUNCE_BOTH, ANNOUNCE_NONE };
enum lab_family { FAMILY_NAT, FAMILY_FIREWALL, FAMILY_OFF, FAMILY_BOTH };
enum lab_refusal_form { FORM_DEPLOYED, FORM_ERRATUM, FORM_DRAWN, FORM_SWAPPED, FORM_SHORT };

struct lab_client {
	struct pcp_endpoint client, server;
	uint8_t version;
};

struct lab_rate {
	usec second; /* when it began */
	uint32_t count;
};

/* A refusal, and by what it is found again: its answer, or the request that got none. */
struct lab_reason {
	struct lab_refusal refusal;
	uint64_t mark;
	size_t len;
};

/* What a mutant knows of requests: the one under way, and those before it. */
struct lab_mutation {
	const struct lab_mutant *mutant; /* NULL: none is on */
	uint8_t asked[PCP_EDIT_MAX], heard[PCP_EDIT_MAX];
	size_t asked_len; /* 0: nothing is under way */
	uint8_t before[256], result_before;
	size_t before_len;
	uint8_t from[PCP_ADDR_LEN];
	struct pcp_endpoint client; /* who asked first */
	bool other_port, other_address;
	size_t mappings; /* before the request */
	unsigned announces, addresses, long_ago, filters;
	uint16_t deleted_set;
	uint32_t clock;
	bool poisoned; /* a request of odd octets was heard */
};

struct lab {
	struct lab_settings set;
	char defaults[LAB_DEFAULTS_MAX][LAB_WORD_MAX]; /* words, after those of the table */
	size_t ndefaults;
	uint8_t wan[PCP_ADDR_LEN];	/* first external IPv4 address */
	uint16_t wan_count;		/* consecutive addresses in the pool */
	uint16_t first_port, last_port; /* of the pool */
	uint32_t versions;		/* bit per version spoken */
	unsigned dialects;		/* enum pcp_dialect bits */
	bool wan_down, no_third_party;
	struct lab_prefix third_party; /* who may use THIRD_PARTY */
	struct lab_prefix serve;       /* who is served at all */
	struct lab_prefix prefix64[LAB_PREFIX64_MAX];
	size_t nprefix64;
	struct lab_realm realm[LAB_REALMS_MAX];
	size_t nrealm;
	uint8_t protocol[32]; /* bit per protocol spoken */
	bool no_opcode[128], no_option[256];
	uint8_t behind[PCP_ADDR_LEN]; /* a NAT in front of the server, for ADDRESS_MISMATCH */
	bool is_behind;

	struct pcp_rng *rng;
	struct pcp_rng fault_rng;
	struct lab_io io;
	struct timers timers;
	usec epoch_at;
	struct pcp_endpoint self[2]; /* IPv6, IPv4 */
	bool have_self[2];

	struct tree by_key;	 /* live */
	struct tree by_owner;	 /* live: GET's order */
	struct tree by_external; /* live and held */
	struct tree held;	 /* in by_owner's order */
	struct tree hosts;
	struct lab_ports **pool; /* [wan_count * LAB_PORTED], made when first needed */

	struct lab_client client[LAB_CLIENTS_MAX];
	size_t nclient, oldest;
	struct timer announce_timer;
	unsigned announced;
	usec announced_at;    /* the last of them */
	bool announce_natpmp; /* to NAT-PMP's clients only */
	struct timer update_timer;
	unsigned updated;
	size_t update_at;

	struct lab_fault fault[LAB_FAULTS_MAX];
	size_t nfault;
	uint64_t struck[LAB_FAULTS_MAX]; /* by the fault's row; counts on while it is off */
	struct {
		const struct pcp_endpoint *client; /* NULL: no request is under way */
		const uint8_t *octets;
		size_t len;
	} asking;
	const struct lab_scenario *scenario; /* NULL: none */
	struct lab_delayed *delayed;	     /* datagrams that a fault keeps back */
	size_t ndelayed;
	struct lab_mutation mutation;
	struct timer restart_timer, renumber_timer;
	usec restart_every, renumber_every;

	struct lab_rate rate, source_rate[LAB_SOURCES];
	uint32_t rate_salt;
	struct lab_counters counters;
	struct lab_reason reason[LAB_REFUSALS_MAX];
	size_t nreason;			     /* ever */
	struct pcp_node node[PCP_NODES_MAX]; /* of the packet that is being told of */
};

/* ---- lab-core.c ---- */

#if defined(__GNUC__)
#define LAB_PRINTF(string, first) __attribute__((format(printf, string, first)))
#else
#define LAB_PRINTF(string, first)
#endif
void lab_note(struct lab *lab, usec now, const char *format, ...) LAB_PRINTF(3, 4);
/* Where a client's unsolicited messages come from. */
const struct pcp_endpoint *lab_self(const struct lab *lab, const uint8_t addr[PCP_ADDR_LEN]);
/* A client that answered requests: for unicast announcements. */
void lab_remember(struct lab *lab, const struct pcp_endpoint *client,
		  const struct pcp_endpoint *server, uint8_t version);

bool lab_has_nat(const struct lab *lab);
bool lab_speaks(const struct lab *lab, uint8_t version);
bool lab_prefix_matches(const struct lab_prefix *prefix, const uint8_t addr[PCP_ADDR_LEN]);

/* ---- lab-unasked.c ---- */

void lab_unasked_start(struct lab *lab);
void lab_announce(struct lab *lab, usec now);
/* Its external addresses changed: repairs the mappings and tells their clients (RFC 6887 14.2). */
void lab_renumber(struct lab *lab, usec now);

/* ---- lab-index.c: what finds them ---- */

int lab_compare_key(const struct tree_node *a, const struct tree_node *b);
int lab_compare_owner(const struct tree_node *a, const struct tree_node *b);
int lab_compare_external(const struct tree_node *a, const struct tree_node *b);
int lab_compare_host(const struct tree_node *a, const struct tree_node *b);
struct lab_entry *lab_find(const struct lab *lab, const struct lab_key *key);
/* The MAP entry whose internal ports include key's. */
struct lab_entry *lab_covering(const struct lab *lab, const struct lab_key *key);
/* Any outbound mapping of key's internal endpoint (PEER or implicit) with an external address of
 * that family. */
struct lab_entry *lab_outbound(const struct lab *lab, const struct lab_key *key, bool v4);
/* The first MAP entry that touches `ports` internal ports from key's on, after `after` (NULL: from
 * the start). */
struct lab_entry *lab_touching(const struct lab *lab, const struct lab_key *key, uint32_t ports,
			       const struct lab_entry *after);
/* Who maps an external port (live or held); NULL: nobody. */
struct lab_entry *lab_external_owner(const struct lab *lab, const uint8_t addr[PCP_ADDR_LEN],
				     uint8_t protocol, uint16_t port);
uint32_t lab_remaining(const struct lab_entry *entry, usec now); /* seconds, rounded up */
uint32_t lab_host_ports(const struct lab *lab, const struct lab_key *key);
struct lab_holder *lab_host_of(const struct lab *lab, const struct lab_key *key);

/* ---- lab-store.c: what changes the mappings ---- */

bool lab_store_open(struct lab *lab);
void lab_store_close(struct lab *lab);
/* Forgets every mapping and hold; keeps static ones when keep_fixed. */
void lab_store_clear(struct lab *lab, bool keep_fixed);
/* A new entry in every index; NULL when memory or max_mappings is out. It expires at `expires_at`.
 */
struct lab_entry *lab_store_add(struct lab *lab, const struct lab_entry *like, usec expires_at);
/* Takes it out of every index and frees it; with `hold`, its port stays taken for a while. */
void lab_store_remove(struct lab *lab, usec now, struct lab_entry *entry, bool hold);
/* Changes fields that indices are ordered by. */
void lab_store_rekey(struct lab *lab, struct lab_entry *entry, const uint8_t external[PCP_ADDR_LEN],
		     uint16_t external_port, const uint8_t nonce[PCP_NONCE_LEN],
		     const uint8_t owner[PCP_ADDR_LEN]);
/* A mapping that is only kept to tell its client that it is gone makes way for a new one. */
void lab_store_bury(struct lab *lab, usec now, const struct lab_key *key);
bool lab_store_extend(struct lab *lab, struct lab_entry *entry, usec expires_at);

/* ---- lab-bits.c ---- */

enum { LAB_PORTS = 65536 };
bool lab_bit(const struct lab_ports *pool, uint32_t port);
void lab_bit_put(struct lab_ports *pool, uint32_t port, bool is_free);
/* The first free port at or after `from`; LAB_PORTS without one. */
uint32_t lab_bit_next(const struct lab_ports *pool, uint32_t from);
/* How many ports from `port` on are free, at most `most`. */
uint32_t lab_bit_run(const struct lab_ports *pool, uint32_t port, uint32_t most);

/* ---- lab-mutant.c: one broken rule ---- */

/* The request as the gateway shall see it. */
const uint8_t *lab_mutant_hears(struct lab *lab, const struct pcp_endpoint *from,
				const uint8_t *octets, size_t *len);
/* Its answer, on its way out; false: none leaves. */
bool lab_mutant_answers(struct lab *lab, struct pcp_endpoint *from, uint8_t *octets, size_t *len);
/* Whether somebody outside is answered. */
bool lab_mutant_lets_in(const struct lab *lab);
bool lab_mutant_word(size_t i, struct lab_word *word);
bool lab_mutant_set(struct lab *lab, usec now, size_t i, const char *value, struct pcp_why *why);
size_t lab_mutant_text(const struct lab *lab, size_t i, char *buf, size_t cap);
bool lab_mutant_on(const struct lab *lab, size_t i);

/* ---- lab-pool.c: external addresses and ports ---- */

bool lab_has_ports(uint8_t protocol);
bool lab_is_wan(const struct lab *lab, const uint8_t addr[PCP_ADDR_LEN], size_t *which);
void lab_wan(const struct lab *lab, size_t which, uint8_t addr[PCP_ADDR_LEN]);
/* Sets a port's bit by what the indices say about it. Does nothing for addresses outside the pool.
 */
void lab_pool_settle(struct lab *lab, const uint8_t addr[PCP_ADDR_LEN], uint8_t protocol,
		     uint16_t port, uint32_t ports);
void lab_pool_forget(struct lab *lab); /* all pools, after a change of their bounds */
/* The pool of an address and protocol; NULL when memory is out. */
struct lab_ports *lab_pool_of(struct lab *lab, size_t wan, uint8_t protocol);
/* RFC 6887 11.3: never external UDP ports 5350 and 5351. */
bool lab_gateways_own(uint8_t protocol, uint32_t port);
bool lab_port_given(const struct lab *lab, uint8_t protocol, uint32_t port);
/* NAT-PMP reserves the other protocol's port of the same number for the same host: RFC 6886 3.3. */
struct lab_entry *lab_companion(const struct lab *lab, const uint8_t addr[PCP_ADDR_LEN],
				uint8_t protocol, uint16_t port);

/* ---- lab-allocate.c ---- */

struct lab_want {
	const struct lab_key *key;
	const uint8_t *nonce; /* NULL: NAT-PMP */
	const uint8_t *owner;
	bool v4; /* the family outside */
	const uint8_t *suggested;
	uint16_t suggested_port;
	uint32_t ports; /* as many as possible up to this */
	bool exact;	/* the suggestion or nothing (PREFER_FAILURE, PEER) */
	bool parity;	/* of the first external port as of the internal one */
	bool pair;	/* the next port must be free too */
	bool one;	/* internal port 0 is one port, not all of them */
};
struct lab_grant {
	uint8_t external[PCP_ADDR_LEN];
	uint16_t external_port;
	uint32_t ports;
	struct lab_entry *reclaimed;   /* the hold that it came from, to be removed */
	const struct lab_entry *rival; /* why CANNOT_PROVIDE_EXTERNAL, when a mapping is */
};
/* The families that the device has outside for a host inside. */
struct lab_outside {
	bool v4, v6;
};
struct lab_outside lab_outside(const struct lab *lab, const uint8_t internal[PCP_ADDR_LEN]);
/* The family that a suggestion means: of a zero address its own, of another one its own if the
 * device has it; with a single family there is nothing to choose (RFC 6887 10). */
bool lab_means_v4(const struct lab *lab, const uint8_t internal[PCP_ADDR_LEN],
		  const uint8_t suggested[PCP_ADDR_LEN]);
/* External values for a new mapping (RFC 6887 11.3). Changes nothing. A result code. */
uint8_t lab_allocate(struct lab *lab, const struct lab_want *want, struct lab_grant *grant);

/* ---- lab-request.c ---- */

struct lab_request {
	struct lab *lab;
	usec now;
	const struct pcp_endpoint *from, *to;
	const uint8_t *octets;
	size_t len;
	uint8_t version, opcode;
	uint32_t lifetime;
	uint8_t client[PCP_ADDR_LEN]; /* the packet's source, as the server sees it */
	uint8_t body[64];	      /* in version 2's layout */
	size_t options;		      /* where they start */
	bool parsed;		      /* far enough to zero octets 12-23 of an error */
	char why[LAB_WHY];	      /* why it is refused, or what is odd about its answer */
	uint32_t error_lifetime;      /* seconds */

	struct lab_key key;
	uint8_t nonce[PCP_NONCE_LEN];
	uint8_t suggested[PCP_ADDR_LEN];
	uint16_t suggested_port;

	/* options, as taken */
	bool accepted[LAB_OPTIONS_MAX]; /* by their place in the request */
	uint8_t seen[256];		/* occurrences */
	bool third_party, prefer_failure, port_set, parity, reservation, description, prefix64;
	bool filter, erase, next;
	struct lab_filter filters[LAB_OPTIONS_MAX];
	size_t nfilter;
	uint32_t set_size;
	uint16_t set_first;
	const uint8_t *text;
	uint8_t text_len;
	uint8_t locator[64];   /* NEXT, in version 2's layout */
	const uint8_t *wanted; /* NEXT: option codes */
	size_t nwanted;

	/* the answer */
	uint32_t given_ports; /* PORT_SET: what is mapped, or was */
	uint16_t given_first;
	bool paired; /* PORT_RESERVATION honoured */
};

struct lab_reply {
	uint8_t octets[LAB_DATAGRAM_MAX];
	size_t len;
};

/* At all, whatever is switched off. */
bool lab_knows_opcode(uint8_t opcode);
bool lab_knows_option(uint8_t code);
/* ---- lab-why.c: reasons, kept and told ---- */

/* Remembers why, and tells of it: the request of `client`, and the answer, if any. `why` may be "",
 * where there is nothing to say but what was asked and answered. */
struct lab_event {
	usec now;
	const struct pcp_endpoint *client;
	const uint8_t *asked, *answer; /* answer NULL: silence */
	size_t asked_len, answer_len;
	const char *why;
};
void lab_tell(struct lab *lab, const struct lab_event *event);

/* ---- lab-reply.c ---- */

/* Refuses: the result code, with a sentence that says exactly why. */
uint8_t lab_refuse(struct lab_request *request, uint8_t result, const char *why, ...)
	LAB_PRINTF(3, 4);
/* The same where the error has a lifetime of its own, in seconds. */
uint8_t lab_refuse_for(struct lab_request *request, uint8_t result, uint32_t lifetime,
		       const char *why, ...) LAB_PRINTF(4, 5);
/* What a server answers to errors without a lifetime of their own: RFC 6887 7.4. */
uint32_t lab_error_lifetime(const struct lab *lab, uint8_t result);
uint32_t lab_clamp(const struct lab *lab, uint32_t lifetime);
/* A success: header, body in the request's version, options that were taken. */
void lab_reply_begin(struct lab_reply *reply, const struct lab_request *request, uint32_t lifetime);
void lab_reply_body(struct lab_reply *reply, const struct lab_request *request,
		    const uint8_t *body);
/* Sends the answer to a request, through the faults. */
void lab_reply_send(struct lab_request *request, struct lab_reply *reply);
void lab_error_send(struct lab_request *request, uint8_t result);
void lab_option_put(struct lab_reply *reply, uint8_t code, const void *data, size_t len);
/* Version 1 is version 2 without the nonce: octets that its body lacks in front. */
size_t lab_nonce_skipped(uint8_t version, uint8_t opcode);
/* What a layout reserves is sent as zero, also where the rest is a copy. */
void lab_zero_reserved(const struct pcp_layout *layout, uint8_t *octets);
/* The body of a MAP or PEER answer or update. */
void lab_mapping_body(const struct lab_entry *entry, uint8_t body[64]);

/* ---- by opcode: each sends its own success, or returns the error ---- */

uint8_t lab_map(struct lab_request *request);
/* MAP or PEER success for an entry. */
void lab_mapping_send(struct lab_request *request, const struct lab_entry *entry,
		      uint32_t lifetime);
/* What MAP and PEER share, in lab-map.c. */
uint8_t lab_check_protocol(struct lab_request *request);
bool lab_nonce_fits(const struct lab_request *request, const struct lab_entry *entry);
uint8_t lab_refuse_nonce(struct lab_request *request, const struct lab_entry *entry);
uint8_t lab_refuse_quota(struct lab_request *request);
uint8_t lab_refuse_full(struct lab_request *request);
uint8_t lab_cannot_provide(struct lab_request *request, const struct lab_entry *rival,
			   const char *why);
uint8_t lab_refuse_allocation(struct lab_request *request, uint8_t result,
			      const struct lab_grant *grant);
struct lab_entry *lab_create(struct lab_request *request, const struct lab_key *key,
			     const struct lab_grant *grant);
uint8_t lab_refresh(struct lab_request *request, struct lab_entry *entry, usec expires_at);
uint8_t lab_peer(struct lab_request *request);
uint8_t lab_get(struct lab_request *request);

/* ---- lab-rate.c ---- */

/* Counts a request: why it is one too many, or NULL. */
const char *lab_too_many(struct lab *lab, usec now, const struct pcp_endpoint *from);

/* ---- lab-natpmp.c ---- */

enum { LAB_NOT_FORCED = -1 }; /* otherwise a result code that a fault forces */

/* For IPv4 clients only: RFC 6886 3. */
bool lab_natpmp_hears(const struct lab_request *request);
/* Why a NAT-PMP request gets no answer; NULL: it gets one. */
const char *lab_natpmp_unheard(const struct lab_request *request);
void lab_natpmp(struct lab_request *request, int forced);
size_t lab_natpmp_address(const struct lab *lab, usec now, uint8_t *octets);
/* Refuses another version in the form that is set: RFC 6886 3.5. */
void lab_natpmp_bad_version(struct lab_request *request);

/* ---- lab-options.c, lab-filter.c, lab-inform.c ---- */

enum { LAB_SKIP = -1 }; /* not taken, not echoed: RFC 6887 7.3 allows that for codes from 128 on */

/* Reads the options of a request into it. A result code. */
uint8_t lab_options_take(struct lab_request *request);
/* Appends to a success the options that were taken, in the request's order. */
void lab_options_give(struct lab_reply *reply, const struct lab_request *request);
/* Octets that lab_options_give would add at most. */
size_t lab_options_room(const struct lab_request *request);
int lab_take_filter(struct lab_request *request, const struct pcp_tlv *tlv);
/* Rules for FILTERs that need the whole request. A result code. */
uint8_t lab_filters_check(struct lab_request *request);
void lab_show_filters(struct lab_reply *reply, const struct lab *lab,
		      const struct lab_entry *entry);
int lab_take_description(struct lab_request *request, const struct pcp_tlv *tlv);
void lab_give_description(struct lab_reply *reply, const struct lab_request *request,
			  const struct pcp_tlv *tlv);
void lab_show_description(struct lab_reply *reply, const struct lab *lab,
			  const struct lab_entry *entry);
int lab_take_prefix64(struct lab_request *request, const struct pcp_tlv *tlv);
void lab_give_prefix64(struct lab_reply *reply, const struct lab_request *request,
		       const struct pcp_tlv *tlv);
/* An entry's own options with that code (FILTER may be several), for NEXT and for updates. */
void lab_entry_options(struct lab_reply *reply, const struct lab *lab,
		       const struct lab_entry *entry, uint8_t code);
/* Whether an entry (NULL: a new one) can take over the request's FILTERs. A result code. */
uint8_t lab_options_fit(struct lab_request *request, const struct lab_entry *entry);
/* It takes over FILTERs and DESCRIPTION; false, and nothing has changed, when memory is out. */
bool lab_options_store(const struct lab_request *request, struct lab_entry *entry);

/* ---- lab-faults.c: a row each ---- */

/* What follows a fault's name. RATE: "=0.3"; the others: "=VALUE", with "@RATE" behind. */
enum lab_fault_value { RATE, DURATION, SECONDS, RESULT };

struct lab_arrival { /* a request on its way in */
	struct lab *lab;
	usec now;
	const struct pcp_endpoint *from, *to;
	int *result; /* to force upon it */
};

struct lab_parcel { /* a datagram on its way out */
	struct lab *lab;
	struct pcp_endpoint from, to;
	uint8_t octets[LAB_DATAGRAM_MAX];
	size_t len;
	usec delay;
	unsigned copies;
};

struct lab_fault_kind {
	const char *name, *help;
	const char *told; /* what became of a request that it struck */
	enum lab_fault_value value;
	uint64_t normal; /* value when none is typed */
	/* One of these. True: the request is swallowed. */
	bool (*arrive)(const struct lab_arrival *arrival, const struct lab_fault *fault);
	void (*leave)(struct lab_parcel *parcel, const struct lab_fault *fault);
};
extern const struct lab_fault_kind lab_fault_kinds[];
extern const size_t lab_nfaults;

/* ---- lab-chance.c: when they strike ---- */

enum { LAB_NATPMP = 256 }; /* as a fault's opcode */
/* Whether a request never gets to the server: then *why says so. Its answer may be forced: then
 * *result is a code. */
bool lab_fault_arrival(const struct lab_arrival *arrival, const uint8_t *octets, char why[LAB_WHY]);
/* Every datagram leaves through here. */
void lab_fault_send(struct lab *lab, usec now, const struct pcp_endpoint *from,
		    const struct pcp_endpoint *to, const uint8_t *octets, size_t len);
void lab_fault_close(struct lab *lab);
void lab_fault_clear(struct lab *lab); /* no faults from here on */
/* The i-th fault as a word; false beyond the last. */
bool lab_fault_word(size_t i, struct lab_word *word);
/* Sets the i-th fault from what follows its name ("", "=0.3/map"). */
bool lab_fault_set(struct lab *lab, usec now, size_t i, const char *value, struct pcp_why *why);
size_t lab_fault_text(const struct lab *lab, size_t i, char *buf, size_t cap);

bool lab_fault_on(const struct lab *lab, size_t i);
/* The i-th fault as it is on now; NULL: it is off. */
const struct lab_fault *lab_fault_active(const struct lab *lab, size_t i);
/* The word that would set it. */
size_t lab_fault_word_of(const struct lab_fault *fault, char *buf, size_t cap);
/* "/map", "" for all opcodes. */
void lab_fault_only(const struct lab_fault *fault, char *buf, size_t cap);

/* ---- lab-value.c ---- */

/* "1500ms", "90s", "2h": up to a day. */
bool lab_duration_parse(const char *typed, usec *duration, struct pcp_why *why);
/* Copies the part before a separator and moves on behind it; false when there is none left or it is
 * too long. */
bool lab_next_part(const char **value, const char *between, char *part, size_t cap);
/* Hands each part of a list to `take`; "none" has no parts. */
bool lab_each_part(const char *value,
		   bool (*take)(void *into, const char *part, struct pcp_why *why), void *into,
		   struct pcp_why *why);
/* A code by its name among `names`, or as a number up to `max`; -1 otherwise. */
long lab_code_of(const struct pcp_name *names, const char *typed, long max);
bool lab_prefix_parse(const char *typed, struct lab_prefix *prefix, struct pcp_why *why);
/* These write behind the `len` octets that a text has already, and return its whole length as
 * snprintf does; an item of a list has a separator in front. */
size_t lab_put_text(char *buf, size_t cap, size_t len, const char *text);
size_t lab_put_item(char *buf, size_t cap, size_t len, const char *item);
size_t lab_put_code(char *buf, size_t cap, size_t len, const struct pcp_name *names, unsigned code);
size_t lab_prefix_text(const struct lab_prefix *prefix, char *buf, size_t cap);

/* ---- lab-special.c: an OWN setting each ---- */

typedef bool lab_setter(struct lab *lab, usec now, const char *value, struct pcp_why *why);
typedef size_t lab_shower(const struct lab *lab, char *buf, size_t cap);
#define LAB_OWN(stem, ...)                                                                         \
	lab_setter lab_set_##stem;                                                                 \
	lab_shower lab_text_##stem;
LAB_SETTINGS(LAB_NOTHING, LAB_OWN)
#undef LAB_OWN

/* ---- lab-config.c, lab-action.c: the i-th setting or action; false beyond the last ---- */

void lab_settings_start(struct lab *lab, usec now);
bool lab_setting_word(size_t i, struct lab_word *word);
bool lab_setting_set(struct lab *lab, usec now, size_t i, const char *value, struct pcp_why *why);
size_t lab_setting_text(const struct lab *lab, size_t i, char *buf, size_t cap);
bool lab_setting_changed(const struct lab *lab, size_t i);
bool lab_action_word(size_t i, struct lab_word *word);
bool lab_action_do(struct lab *lab, usec now, size_t i, const char *value, struct pcp_why *why);
void lab_faults_off(struct lab *lab);

#endif
