/*
 * Load on a PCP server: MAP requests for a range of ports, at a rate or with so many under way,
 * without I/O: datagrams, time and randomness are passed in. Nothing is sent again but deletions at
 * the end, so that what is lost is seen.
 *
 * Latencies at a rate count from when a request was due, not from when it left: a server that
 * stalls while requests queue up here is not spared (coordinated omission).
 */
#ifndef LOAD_H
#define LOAD_H

#include "endpoint.h"
#include "random.h"
#include "samples.h"

enum load_kind { LOAD_MAP, LOAD_RENEW, LOAD_DELETE, LOAD_KINDS };
extern const char *const load_kind_names[LOAD_KINDS];

struct load_config {
	uint8_t source[PCP_ADDR_LEN]; /* the client's address */
	uint16_t first;		      /* internal port of the first mapping, */
	unsigned ports;		      /* and how many follow each other: at most so many mappings */
	uint8_t protocol;
	uint32_t lifetime; /* seconds */
	usec patience;	   /* an answer that takes longer is lost */
};

struct load_io {
	void *arg;
	void (*send)(void *arg, const uint8_t *octets, size_t len);
};

/* One latency among so many mappings. */
struct load_point {
	unsigned mappings;
	usec took;
};

struct load_result {
	uint64_t sent, answered, lost, refused;
	uint64_t result[256]; /* answers by their code */
	struct samples took[LOAD_KINDS];
	struct samples all;
	struct load_point *point; /* of MAPs that were granted, in order of coming */
	size_t npoint;
	bool restarted; /* its epoch began again (RFC 6887 8.5) */
	usec outage;	/* and so long nothing had been answered by then */
	bool failed;	/* memory is out */
};

struct load;

/* NULL without memory. rng: the caller's. */
struct load *load_new(const struct load_config *config, struct pcp_rng *rng, struct load_io io);
void load_free(struct load *load);

/* What is asked of it next. Each begins with a result of its own; what was mapped stays mapped. */
struct load_phase {
	unsigned rate;		     /* requests a second; 0: as many as the window allows */
	unsigned window;	     /* under way at once, at most */
	usec duration;		     /* USEC_NEVER: until there is nothing more to do */
	unsigned weight[LOAD_KINDS]; /* of each kind, where it can be done */
	unsigned most;		     /* mappings */
	bool watches;		     /* ends when the server restarts */
	bool grows;  /* MAPs alone, until `most` stand or one is refused for want of room */
	bool clears; /* deletions alone, each tried up to four times, until none stands */
};
void load_begin(struct load *load, usec now, const struct load_phase *phase);
/* No more is sent; over when what is under way has been answered or lost. */
void load_stop(struct load *load);
bool load_over(const struct load *load);
usec load_next(const struct load *load); /* when load_tick is due; USEC_NEVER */
void load_tick(struct load *load, usec now);
void load_receive(struct load *load, usec now, const uint8_t *octets, size_t len);

struct load_result *load_result(struct load *load);
unsigned load_standing(const struct load *load); /* mappings */
/* The result code for which growing ended; 0: it reached the end. */
uint8_t load_full(const struct load *load);

#endif
