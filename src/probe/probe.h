/*
 * What an unknown gateway really does: cases drawn from the sentences of RFC 6887, 6886 and their
 * relatives, one row each, and the machine that tries them. The machine does no I/O and reads no
 * clock: it sends through a client engine, hears that engine's events, and is told the time, so
 * that a whole run fits into a test.
 *
 *	probe = probe_new(&config, client, &rng, io);
 *	each event of the client goes to probe_event(), the time to probe_tick() when probe_next()
 *	says so, until probe_over().
 *
 * What it promises to a stranger's gateway: one request at a time, never two within 100 ms, and the
 * run ends behind the 400th. Counted are those of a case's first attempt, its deletions too, and
 * those that only ask whether the gateway is alive; not the same octets sent again, the second
 * attempt of a case that found something, nor what is deleted at the very end. A run with
 *-intrusive or -fuzz has no such bound, but what these are told: -n mappings, N requests. Nothing
 *is mapped but ports that this host has bound and nobody listens behind, at most four at a time,
 *for two minutes, and each case gives back what it made; but for -intrusive, whose K01 to K03 and
 *K06 map all ports for a moment, and K04 and K05 as many at a time as -n says, bound like the
 *others. Only where it is asked whether a port is open (-reach) somebody listens behind it, who
 *answers the key and nobody else.
 */
#ifndef PROBE_H
#define PROBE_H

#include "client.h"
#include "igd.h"
#include "inquiry.h"

/* What is known of a case; worse ones are greater. */
enum probe_verdict {
	PROBE_PASS,
	PROBE_INFO, /* a choice that the documents leave open */
	PROBE_SKIP, /* what it needs is not there, as another case has shown */
	PROBE_OPEN, /* inconclusive: lost datagrams or a third party could explain it */
	PROBE_WEAK, /* against a SHOULD */
	PROBE_FAIL, /* against a MUST */
	PROBE_NVERDICTS,
};
const char *probe_verdict_name(enum probe_verdict verdict); /* "pass" */

enum probe_flag {
	PROBE_ENDANGERS = 1 << 0, /* failing it endangers others */
	PROBE_QUICK = 1 << 1,	  /* its answer goes into the profile, which comes first */
	PROBE_INTRUSIVE = 1 << 2, /* only with -intrusive, and so on */
	PROBE_LONG = 1 << 3,
	PROBE_REBOOT = 1 << 4,
	PROBE_IPV6 = 1 << 5,
	PROBE_NEIGHBOUR = 1 << 6,
	PROBE_OUTSIDE = 1 << 7,
	PROBE_FUZZ = 1 << 8,
	PROBE_FOLD = 1 << 9,   /* judges the whole run, after it */
	PROBE_ONCE = 1 << 10,  /* what it finds is not tried a second time */
	PROBE_WAITS = 1 << 11, /* begins early, since others go on while it waits */
	PROBE_REACH = 1 << 12, /* -reach, and with a beacon's line behind it */
	PROBE_BEACON = 1 << 13,
};
enum {
	PROBE_ASKED = PROBE_INTRUSIVE | PROBE_LONG | PROBE_REBOOT | PROBE_IPV6 | PROBE_NEIGHBOUR |
		      PROBE_OUTSIDE | PROBE_FUZZ | PROBE_REACH |
		      PROBE_BEACON, /* a case with one of these waits for its flag */
};

struct probe_test;

struct probe_case {
	const char *id;	    /* "C12": group and number */
	const char *ref;    /* "RFC 6887 15.1" */
	const char *level;  /* "MUST", "SHOULD", "info"... */
	const char *title;  /* what is tried, as the report's line begins */
	const char *demand; /* the sentence that it tests, as the document has it */
	const char *sends, *passes, *fails;
	const char *effect; /* what it makes on the gateway; NULL: nothing */
	const char *needs; /* cases that must have found what it builds on: "C01 D01"; NULL: none */
	const char *plea;  /* what somebody has to do meanwhile: "restart the gateway"; or NULL */
	unsigned flags;
	/* Asks and judges; called again with each answer. See probe-private.h. */
	void (*run)(struct probe_test *test);
};

/* A large group stands in several parts, each with its letter. */
struct probe_group {
	char letter;
	const char *name; /* "Header, sizes, versions" */
	const struct probe_case *row;
	size_t nrow;
};
extern const struct probe_group *const probe_groups[];
extern const size_t probe_ngroups;
size_t probe_ncases(void);
/* In the order of the groups; NULL beyond. */
const struct probe_case *probe_case_at(size_t i);
size_t probe_case_index(const struct probe_case *row);
/* By its id, letters in any case; NULL: there is none. */
const struct probe_case *probe_case_named(const char *id);

/* ---- what is run ---- */

enum {
	PROBE_CASES_MAX = 256,
	PROBE_MUTATIONS_MAX = 10000,
	PROBE_MAPPINGS = 64, /* of K04 and K05, unless -n says more or less */
	PROBE_MAPPINGS_MAX = 256,
};

/* The gateway as it is reached from other sockets; each is a server of the client. */
enum probe_door {
	PROBE_MAIN,	     /* as everything is sent */
	PROBE_OTHER_PORT,    /* from another port of the same address */
	PROBE_OTHER_ADDRESS, /* from another address of this host */
	PROBE_FROM_OUTSIDE,  /* its outside address, where this host is outside, too */
	PROBE_SIX,	     /* the IPv6 router */
	PROBE_LINK_LOCAL,    /* it from a link-local address */
	PROBE_DOORS,
};

struct probe_config {
	bool wanted[PROBE_CASES_MAX]; /* by probe_case_at; what they need is run, too */
	uint16_t server[PROBE_DOORS]; /* of the client; 0: there is none */
	unsigned granted;	      /* flags that were given: PROBE_INTRUSIVE... */
	bool natpmp_only;	      /* --nat-pmp: PCP is not tried */
	bool no_igd;		      /* -no-igd: UPnP is not asked for */
	bool igd;		      /* probe_told_igd() will be told; prober_start() sets it */
	bool shuffle;		      /* the order comes from the rng, for tests */
	unsigned most;		      /* K04: mappings at most; 0: PROBE_MAPPINGS */
	unsigned mutations;	      /* K10: so many of them */
	uint8_t neighbour[PCP_ADDR_LEN];
	struct pcp_endpoint outside; /* with PROBE_OUTSIDE: the gateway's address there */
	struct beacon_line beacon;   /* with PROBE_BEACON */
};

/* Chooses by id or group ("C12", "c", "J"). False with *why for what is neither. */
bool probe_choose(struct probe_config *config, const char *word, struct pcp_why *why);
/* Everything that needs no flag, and what the granted flags add. */
void probe_choose_default(struct probe_config *config);
/* What the profile takes. */
void probe_choose_quick(struct probe_config *config);
/* "-long": the first of the flags as it is typed; NULL without one. */
const char *probe_flag_word(unsigned flags);

enum { PROBE_WHY = 200, PROBE_LINE_EXCHANGES = 8 };

/* What is said of a case: one line for its verdict, and one for each rule of the linter that its
 * answers broke. */
struct probe_line {
	const struct probe_case *row;
	enum probe_verdict verdict;
	const char *rule; /* of the linter; NULL: the case's own verdict */
	char why[PROBE_WHY];
	uint32_t exchange[PROBE_LINE_EXCHANGES]; /* the decisive one first */
	size_t nexchange;
	usec took;
};

/* What the gateway is, as far as it showed. */
struct probe_profile {
	bool pcp, version1, natpmp; /* spoken */
	bool from_outside;	    /* it was asked from there alone */
	bool map, peer, get, authentication;
	bool prefer_failure, filter, third_party, description, port_set, prefix64;
	bool known_third_party; /* it was asked */
	bool echoes; /* options that it cannot know: whether it knows others does not show */
	uint32_t epoch;
	uint8_t external[PCP_ADDR_LEN]; /* :: until known */
	uint16_t external_port;
	bool map_asked, natpmp_asked;
	uint16_t map_result;		     /* of the first MAP, or NAT-PMP's where that is all */
	const char *map_refusal;	     /* its name; NULL: it has none */
	uint32_t min_lifetime, max_lifetime; /* seconds; 0: not known */
	unsigned filters, ports_in_set, description_octets, quota;
	bool protocol_known[256], protocol[256];
	struct inquiry_result hairpin, outside; /* asked 0: it was not tried */
	struct igd_answer igd;
	uint8_t tried[PCP_ADDR_LEN]; /* the external address then */
};

struct probe_counts {
	size_t verdict[PROBE_NVERDICTS]; /* of cases */
	size_t faults;			 /* lines of the linter, beside them */
};

/* A mapped port that is to be tried. */
struct probe_trial {
	bool by_beacon; /* or by hairpin */
	uint16_t internal;
	uint8_t external[PCP_ADDR_LEN];
	uint16_t port[BEACON_WAYS]; /* outside; 0: not mapped */
};

struct probe_io {
	void *arg;
	/* Internal ports of this host, `count` in a row from the one returned on, bound so that
	 * nobody else has them; 0: none can be had. */
	uint16_t (*port)(void *arg, unsigned count);
	bool (*bind)(void *arg, uint16_t port); /* the same for a certain one; may be NULL */
	void (*release)(void *arg, uint16_t first, unsigned count); /* may be NULL */
	/* Listens at the internal port, which is bound, and has the ports tried: probe_tried() is
	 * told what came of it, later, unless it is dropped. False: it cannot. Both may be NULL. */
	bool (*try)(void *arg, const struct probe_trial *trial);
	void (*drop_try)(void *arg);
	/* Somebody is asked to do something; what comes of it is listened for. May be NULL. */
	void (*plead)(void *arg, const char *plea);
	/* A line is certain, or one that was told has changed; profile, once: the quick cases are
	 * through, or the run is at its end. May be NULL. */
	void (*line)(void *arg, const struct probe_line *line);
	void (*profile)(void *arg, const struct probe_profile *profile);
};

struct probe;

/* NULL when memory is out. The client and the rng must outlive it. The rows that the probe makes in
 * the client's table are not renewed. */
struct probe *probe_new(const struct probe_config *config, struct pcp_client *client,
			struct pcp_rng *rng, struct probe_io io);
void probe_free(struct probe *probe);
void probe_event(struct probe *probe, const struct pcp_client_event *event);
void probe_tried(struct probe *probe, usec now, const struct inquiry_result *result);
/* Whether the router speaks UPnP, too: the profile waits for it. */
void probe_told_igd(struct probe *probe, usec now, const struct igd_answer *answer);
usec probe_next(const struct probe *probe); /* USEC_NEVER: an event comes first, or it is over */
void probe_tick(struct probe *probe, usec now);
/* Asks nothing more but what gives back what was made. */
void probe_stop(struct probe *probe, usec now, const char *why);
bool probe_over(const struct probe *probe);

/* ---- what came of it ---- */

size_t probe_nlines(const struct probe *probe);
const struct probe_line *probe_line_at(const struct probe *probe, size_t i);
const struct probe_profile *probe_profile(const struct probe *probe);
struct probe_counts probe_counts(const struct probe *probe);
/* The sentence that ended the run before its end; NULL: it came to its end. */
const char *probe_stopped(const struct probe *probe);
/* Neither PCP nor NAT-PMP answered; false where that is as it should be, from outside, and where it
 * was stopped before that was certain. */
bool probe_met_nobody(const struct probe *probe);
/* What could not be given back, "MAP udp 49152 for another 0:01:50", in buf; NULL beyond. */
const char *probe_left_at(const struct probe *probe, size_t i, usec now, char *buf, size_t cap);
size_t probe_nrequests(const struct probe *probe);
/* 'A' to 'F'; 0 when no case was decided. */
char probe_grade(const struct probe *probe);
/* How far it is: cases decided, of how many; the row of the case that runs (NULL: none). */
void probe_progress(const struct probe *probe, size_t *done, size_t *all,
		    const struct probe_case **row);

/* How far a case is. */
enum probe_stage {
	PROBE_UNASKED, /* it is not wanted, and none that is needs it */
	PROBE_TO_COME,
	PROBE_RUNNING,
	PROBE_DECIDED, /* or given up */
};
enum probe_stage probe_stage(const struct probe *probe, const struct probe_case *row);

enum { PROBE_SENTENCE = 320 };
/* What the gateway is in words: the i-th sentence; false beyond the last. */
bool probe_sentence(const struct probe *probe, size_t i, char *buf, size_t cap);

#endif
