/* What the files of the lab share: the server itself. Nobody else includes this. */
#ifndef LAB_PRIVATE_H
#define LAB_PRIVATE_H

#include "decode.h"
#include "lab.h"
#include "lab-settings.h"
#include "lab-table-private.h"

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

#endif
