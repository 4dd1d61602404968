/*
 * How a case is written, and what the machine keeps of it.
 *
 * A case is a function of the answers so far. It is called from its start each time something came:
 * what it asked before is answered at once, the first question that is not is sent, and until its
 * answer is there everything behind it is void: questions are not asked, judgements not heard, and
 * answers are empty. So a case reads from top to bottom, asks in the middle, and keeps no state:
 *
 *	struct pcp_edit map = case_map(t, 0, 120);
 *	const struct probe_answer *made = case_ask(t, &map);
 *
 *	case_nonce(&map, t->other_nonce);
 *	case_result(t, case_ask(t, &map), PCP_NOT_AUTHORIZED);
 *
 * What it made is deleted for it. A MUST that is broken ends it; what is not answered leaves it
 * open.
 */
#ifndef PROBE_PRIVATE_H
#define PROBE_PRIVATE_H

#include "probe.h"
#include "text.h"

enum {
	PROBE_PORTS = 4, /* internal ports of a test, in a row, unless it wants more */
	PROBE_REQUESTS_MAX = 400,
	PROBE_TRIES = 3, /* 8.1.1's first three, where an answer is expected */
	PROBE_TRIPS = 8, /* answers after which it is known how long they take */
	PROBE_FIRM_TRIES = 5,
	PROBE_SILENCES_MAX = 3,
	PROBE_RULES_MAX = 8, /* of the linter, told of one test */
	PROBE_LIFETIME = 120,
	PROBE_PATIENCE = 60, /* seconds that an error may ask for, and how often */
	PROBE_HOLDS_MAX = 3,
	PROBE_HEARD_MAX = 32, /* datagrams that came unasked, of a test */
};
#define PROBE_PACE  (USEC_PER_SEC / 10)
#define PROBE_QUIET (2 * USEC_PER_SEC)
/* 8.1.1 waits three seconds, since a client does not know its server. Of one that is known, an
 * answer is lost when it takes longer than RFC 6298 waits; should it come later all the same, the
 * same octets have only been sent twice. */
#define PROBE_IRT   (3 * USEC_PER_SEC)
#define PROBE_GRAIN (USEC_PER_SEC / 2)
/* How long the answer may take behind a datagram that is none. */
#define PROBE_SETTLE (USEC_PER_SEC / 2)
/* How long what is told unasked is listened to from its first datagram on. */
#define PROBE_TELLING (5 * USEC_PER_SEC)

struct probe_answer {
	bool silent;	     /* nothing came */
	const char *refused; /* it came, and the engine did not take it: why; "" otherwise */
	char reason[128];
	struct pcp_endpoint from;
	usec sent_at, at; /* of the last datagram of the request; of the answer */
	uint32_t exchange, tries;
	size_t len; /* as it was on the wire; octets hold PCP_EDIT_MAX of them at most */
	uint8_t octets[PCP_EDIT_MAX];
};

enum probe_step_kind {
	STEP_ASK,   /* an answer is expected; without one the case is open */
	STEP_FORM,  /* the same; what the engine does not take is judged, too */
	STEP_FIRM,  /* no answer would be a fault: tried until that is sure */
	STEP_QUIET, /* silence is expected */
	STEP_SHOT,  /* sent once; silence means nothing */
	STEP_WAIT,
	STEP_LISTEN, /* to what comes unasked */
	STEP_REACH,  /* mapped ports are tried */
};

/* Whether the gateway is alive is asked with an ANNOUNCE behind some questions. */
enum probe_phase { PHASE_NEW, PHASE_ASKING, PHASE_CHECKING, PHASE_DONE };

struct probe_step {
	enum probe_step_kind kind;
	enum probe_phase phase;
	enum probe_door door;
	uint32_t exchange, check; /* under way */
	usec until;		  /* QUIET, SHOT, WAIT, LISTEN; a duration before it begins */
	unsigned heard;		  /* LISTEN, when it is done: datagrams until then, and one */
	unsigned rounds;	  /* FIRM: behind us */
	unsigned resent;	  /* since what came was no answer */
	unsigned others;	  /* datagrams that came and were not taken */
	bool alike;		  /* and each of them for the same reason */
	bool alive; /* the ANNOUNCE behind it was answered, always at its first sending */
	struct probe_answer answer;
	size_t len;
	uint8_t octets[PCP_EDIT_MAX];
	struct probe_trial trial;     /* REACH */
	struct inquiry_result result; /* of it */
};

/* What the gateway sent unasked. */
struct probe_heard {
	usec at;
	struct pcp_endpoint from, to;
	size_t len; /* as it was on the wire */
	uint8_t octets[128];
};

struct probe_judgement {
	enum probe_verdict verdict;
	const char *check; /* the format of its sentence: which check spoke, */
	size_t asked;	   /* behind how many questions of the case */
	char why[PROBE_WHY];
	uint32_t exchange;
};

struct probe_test {
	struct probe *probe;
	const struct probe_case *row;
	unsigned attempt; /* 0, 1: what is found is tried again */
	unsigned nport;	  /* internal ports in a row */
	uint16_t port;	  /* the first of them; 0: none asked for yet */
	bool no_port;
	uint16_t bound; /* another one; 0: none */
	uint8_t nonce[PCP_NONCE_LEN], other_nonce[PCP_NONCE_LEN];
	uint64_t seed;
	bool listens;
	struct probe_heard heard[PROBE_HEARD_MAX];
	unsigned nheard;
	struct probe_step **step;
	size_t nstep, ntaken; /* of them noted in the run's books */
	usec began;

	/* of one pass */
	size_t at;
	bool blocked; /* beyond the first question without an answer */
	bool over;    /* judged */
	bool absent;  /* what others build on is not there */
	enum probe_door door;
	uint32_t last; /* exchange that a judgement is about */
	struct probe_judgement judgement;

	/* of the attempt before */
	struct probe_judgement first;
	const char *rule[PROBE_RULES_MAX], *first_rule[PROBE_RULES_MAX];
	char rule_text[PROBE_RULES_MAX][PROBE_WHY];
	uint32_t rule_exchange[PROBE_RULES_MAX];
	size_t nrule, nfirst_rule;
	bool cleaning;
};

/* A mapping that was made, or may have been: the request that deletes it. */
struct probe_live {
	struct probe_test *test; /* that made it; NULL: it is over */
	enum probe_door door;
	bool peer;  /* cannot be deleted (12.1) */
	bool tried; /* its deletion was, in vain */
	usec expires_at;
	uint16_t external; /* port; 0: not known */
	uint32_t made;	   /* counts up: the youngest nonce is the likeliest to be right */
	size_t len;
	uint8_t octets[128];
};

/* An answer as the folds over the run see it. */
struct probe_seen {
	uint8_t version, opcode, result;
	bool exact; /* PREFER_FAILURE, SCTP or PEER: 11 may come */
	uint32_t lifetime, epoch, exchange;
	usec at;
};

/* How a case ended. */
struct probe_outcome {
	bool done, absent; /* absent: what others build on is not there */
	enum probe_verdict verdict;
	char why[PROBE_WHY];
};

struct probe {
	struct probe_config config;
	struct pcp_client *client;
	struct pcp_rng *rng;
	struct probe_io io;
	usec now;
	const struct probe_case *order[PROBE_CASES_MAX];
	bool begun[PROBE_CASES_MAX]; /* by probe_case_index */
	struct probe_outcome outcome[PROBE_CASES_MAX];
	size_t norder, next, ndone;
	struct probe_test *current, *parked[PROBE_CASES_MAX];
	size_t nparked;
	bool igd_awaited, profiled, folded;
	const char *plea; /* what somebody was asked to do last */

	usec due, may_send_at;
	size_t nrequests;
	bool retried;	   /* some request of the run needed a second sending */
	usec trip, spread; /* how long answers to a first sending take: mean, deviation, */
	unsigned ntrips;   /* and how many there were */
	unsigned silences; /* in a row, each with an unanswered ANNOUNCE */
	const struct probe_case *silenced_by, *accused;
	bool heard; /* it answered something */

	struct probe_live *live;
	size_t nlive, made;
	uint32_t earlier;	  /* mappings of the client up to this one are not the run's */
	struct probe_step *sweep; /* a deletion under way */
	size_t sweeping;

	struct probe_seen *seen;
	size_t nseen;

	struct probe_line *line;
	size_t nline;
	struct probe_profile profile;
	char stopped[PROBE_WHY];
	usec hold_until; /* no mappings are asked for before */
	unsigned holds;
	char no_mappings[PROBE_WHY]; /* why no more are asked for; "": they are */
	bool stopping, ending, over;
};

/* ---- for cases: requests (case.c) and questions (case-ask.c) ---- */

/* A MAP of UDP from the test's i-th internal port, with its nonce and no wishes. */
struct pcp_edit case_map(struct probe_test *t, unsigned port, uint32_t lifetime);
/* A PEER of the same to 198.51.100.7 port 443, or its IPv6 likeness. */
struct pcp_edit case_peer(struct probe_test *t, unsigned port, uint32_t lifetime);
/* Header only, of any opcode, with `body` octets behind it. */
struct pcp_edit case_plain(struct probe_test *t, uint8_t version, uint8_t opcode, size_t body,
			   uint8_t fill);
struct pcp_edit case_octets(const void *octets, size_t len);
struct pcp_edit case_natpmp(struct probe_test *t, uint8_t opcode, unsigned port, uint16_t external,
			    uint32_t lifetime);
void case_nonce(struct pcp_edit *request, const uint8_t nonce[PCP_NONCE_LEN]);
void case_protocol(struct pcp_edit *request, uint8_t protocol);
void case_internal(struct pcp_edit *request, uint16_t port);
void case_lifetime(struct pcp_edit *request, uint32_t seconds);
/* addr: NULL leaves it as it is. */
void case_suggest(struct pcp_edit *request, const uint8_t *addr, uint16_t port);
void case_client(struct pcp_edit *request, const uint8_t addr[PCP_ADDR_LEN]);
/* Appends an option, whatever it holds, with its padding. */
void case_option(struct pcp_edit *request, uint8_t code, const void *data, size_t len);
void case_filter(struct pcp_edit *request, uint8_t prefix, uint16_t port, const uint8_t *addr);
/* Appends bare octets. */
void case_append(struct pcp_edit *request, const void *octets, size_t len);

bool case_v4(const struct probe_test *t); /* the family in which it speaks */
const uint8_t *case_own(const struct probe_test *t);
/* An address of the test's family. */
void case_addr(const struct probe_test *t, const char *v4, const char *v6,
	       uint8_t addr[PCP_ADDR_LEN]);
/* The case wants so many internal ports; said before the first of them is named. */
void case_ports(struct probe_test *t, unsigned count);
/* The i-th internal port; 0, and the case is open, when none can be had. */
uint16_t case_port(struct probe_test *t, unsigned i);
/* One certain port of this host is the test's; false when it is in use. */
bool case_bind(struct probe_test *t, uint16_t port);
/* A high port, the same for the same i in each pass. */
uint16_t case_high_port(const struct probe_test *t, unsigned i);

const struct probe_answer *case_ask(struct probe_test *t, const struct pcp_edit *request);
/* The same, but silence, too, is handed over. */
const struct probe_answer *case_try(struct probe_test *t, const struct pcp_edit *request);
/* The same as case_ask, but what the engine does not take is handed over, `refused`. */
const struct probe_answer *case_ask_form(struct probe_test *t, const struct pcp_edit *request);
/* Silence is a fault, and handed over when it is certain. */
const struct probe_answer *case_ask_firm(struct probe_test *t, const struct pcp_edit *request);
/* Silence is right. */
const struct probe_answer *case_quiet(struct probe_test *t, const struct pcp_edit *request);
/* Sent once; an answer within that time, or silence, of which nothing is thought. */
const struct probe_answer *case_shot(struct probe_test *t, const struct pcp_edit *request,
				     usec patience);
void case_wait(struct probe_test *t, usec duration);
/* The row's plea is made, and what comes unasked is listened to; when something came, only a little
 * longer. How many datagrams of t->heard came from the first such call to the end of this one. */
unsigned case_listen(struct probe_test *t, usec duration);
/* The ports tried; asked 0: they cannot be, or not yet. */
const struct inquiry_result *case_reach(struct probe_test *t, const struct probe_trial *trial);
/* Whether what was asked so far is answered: false in a pass that ends at a question. */
bool case_goes_on(const struct probe_test *t);
/* What comes is asked through another door; false, and nothing changed, where there is none. */
bool case_through(struct probe_test *t, enum probe_door door);

/* ---- for cases: answers (case.c) ---- */

/* It comes from the address and port that were asked. */
bool case_from_there(const struct probe_test *t, const struct probe_answer *a);
uint8_t case_code(const struct probe_answer *a); /* result code */
uint8_t case_opcode(const struct probe_answer *a);
uint32_t case_granted(const struct probe_answer *a); /* its lifetime, seconds */
uint32_t case_epoch(const struct probe_answer *a);
uint16_t case_external_port(const struct probe_answer *a);
const uint8_t *case_external(const struct probe_answer *a);
/* The nth option with that code; false without one. */
bool case_find(const struct probe_answer *a, uint8_t code, size_t nth, struct pcp_tlv *tlv);
const char *case_name(uint8_t result); /* "NO_RESOURCES"; "an unknown result" */
uint16_t case_get16(const struct probe_answer *a, size_t off);
uint32_t case_get32(const struct probe_answer *a, size_t off);
/* Seconds of this host's clock from one answer to another, rounded. */
int64_t case_seconds(const struct probe_answer *from, const struct probe_answer *to);
/* Seconds that what was made has left when something was answered. */
int64_t case_left(const struct probe_answer *made, const struct probe_answer *now);
/* Whether both got the same external address and port. */
bool case_same_external(const struct probe_answer *a, const struct probe_answer *b);

/* ---- for cases: judgements (case.c) ---- */

void case_must(struct probe_test *t, bool ok, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void case_should(struct probe_test *t, bool ok, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void case_info(struct probe_test *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void case_open(struct probe_test *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What this case and those that need it build on is not there. */
void case_lacks(struct probe_test *t, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Those that need this case are skipped, whatever its verdict. */
void case_absent(struct probe_test *t);
/* The answer must have this result. */
void case_result(struct probe_test *t, const struct probe_answer *a, uint8_t result);
/* It must be an error, best this one: others are weak. */
void case_refusal(struct probe_test *t, const struct probe_answer *a, uint8_t best);
/* It must have one of two. */
void case_either(struct probe_test *t, const struct probe_answer *a, uint8_t one, uint8_t other);
/* A success, or else the case is open: it needs what was asked for, and judges something else. */
void case_needs_success(struct probe_test *t, const struct probe_answer *a);
/* An error is a copy of the request from its 25th octet on, at most 1100 octets (7.3, 8.2). */
void case_copied(struct probe_test *t, const struct probe_answer *a, const struct pcp_edit *asked);
/* Octets 12 to 23 and the reserved octet of a response are zero (7.2). */
void case_header(struct probe_test *t, const struct probe_answer *a);

/* ---- for cases: the clock (case-clock.c) ---- */

/* ANNOUNCE, and again after so long: the epoch has gone on as much (8.5). */
void case_clock_runs(struct probe_test *t, usec duration);

/* ---- the groups, a file each, and the table of them (probe-cases.c) ---- */

extern const struct probe_group probe_group_a, probe_group_a2, probe_group_b, probe_group_c,
	probe_group_c2, probe_group_c3, probe_group_c4, probe_group_d, probe_group_e, probe_group_f,
	probe_group_g, probe_group_h, probe_group_h2, probe_group_i, probe_group_j, probe_group_k,
	probe_group_k2, probe_group_k3, probe_group_l;

/* The i-th case that must have found what the row builds on; NULL beyond. */
const struct probe_case *probe_needed(const struct probe_case *row, size_t i);
/* Adds to what is wanted what it needs. */
void probe_want_needed(struct probe_config *config);

/* ---- probe-test.c: one case, once or twice ---- */

struct probe_test *probe_test_new(struct probe *probe, const struct probe_case *row);
void probe_test_free(struct probe_test *test);
/* Runs the case over the answers that are there. True: it came to its end. */
bool probe_test_pass(struct probe_test *test);
/* The last step while it is not noted in the books, done or not; NULL: none. */
struct probe_step *probe_test_step(struct probe_test *test);
/* Begins its second attempt when the first found something; false: it is decided. */
bool probe_test_again(struct probe_test *test);
void probe_judge(struct probe_test *test, enum probe_verdict verdict, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The linter's errors in an answer, held against the request of the step. */
void probe_test_lint(struct probe_test *test, const struct probe_step *step);

/* ---- probe-step.c: a question on its way ---- */

/* Goes on with it as far as it can now; true: it is done. What has to wait is in probe->due. */
bool probe_step_go(struct probe *probe, struct probe_step *step);
void probe_step_event(struct probe *probe, struct probe_step *step,
		      const struct pcp_client_event *event);
void probe_step_stop(struct probe *probe, struct probe_step *step);
/* What came unasked, or may have, for a test that listens. */
void probe_step_hear(struct probe *probe, struct probe_test *test,
		     const struct pcp_client_event *event);
void probe_wake(struct probe *probe, usec at);

/* ---- probe-lines.c: what is said ---- */

/* One more, empty; NULL without memory. The probe owns it, and the next one may move it. */
struct probe_line *probe_add_line(struct probe *probe);
/* NULL: nothing is told. */
void probe_tell_line(struct probe *probe, const struct probe_line *line);
/* The gateway fell silent at this case: that is its verdict. */
void probe_accuse(struct probe *probe, const struct probe_case *row);

/* ---- probe-reach.c: what tries of a mapped port tell ---- */

/* "UDP 5 of 5, TCP 0 of 5 (silent 5)" */
void probe_reach_text(const struct inquiry_result *result, char *buf, size_t cap);
/* The beacon sees another address than the gateway gave. */
bool probe_reach_another(const struct probe_profile *p);
/* Sentences of the profile; false: there is nothing to say. */
bool probe_say_outside(const struct probe_profile *p, char *buf, size_t cap);
bool probe_say_hairpin(const struct probe_profile *p, char *buf, size_t cap);

/* ---- probe-result.c ---- */

/* It was stopped before an answer, or enough silence, showed anything. */
bool probe_knows_nothing(const struct probe *probe);

/* ---- probe-books.c ---- */

/* Notes an answered question, or one that stayed without an answer, in all books. */
void probe_note_step(struct probe *probe, struct probe_test *test, const struct probe_step *step);

/* ---- probe-live.c: what was made, and its end ---- */

/* Takes note of what an answered, or unanswered, request did. */
void probe_live_note(struct probe *probe, struct probe_test *test, const struct probe_step *step);
/* Deletes what `test` made (NULL: everything); true: nothing of it is left that could be. */
bool probe_live_sweep(struct probe *probe, const struct probe_test *test);
void probe_live_orphan(struct probe *probe, const struct probe_test *test);

#endif
