/*
 * The bench of a gateway: its phases one after the other, over a socket of its own.
 *
 *	load.c      requests and their latencies, without I/O
 *	samples.c   percentiles
 *	bencher.c   socket and time
 *	bench-text.c, bench-svg.c  what came of it
 */
#ifndef BENCHER_H
#define BENCHER_H

#include <stdio.h>

#include "load.h"
#include "loop.h"
#include "writer.h"

enum { BENCH_TABLE_MAX = 16384, BENCH_STRANGERS_RATE = 10, BENCH_STRANGERS_TABLE = 64 };

struct bench_config {
	struct pcp_endpoint server, source; /* source: its port is not used */
	unsigned rate, window;		    /* as in struct load_phase */
	usec duration;			    /* of the load at a rate or window; 0: none */
	unsigned weight[LOAD_KINDS];
	unsigned table; /* mappings that the table is grown to; 0: it is not */
	usec restart;	/* how long a restart of the server is waited for; 0: it is not */
};

struct bencher;

/* done: all has been deleted, or was given up. NULL with *why. */
struct bencher *bencher_start(struct loop *loop, struct pcp_rng *rng,
			      const struct bench_config *config, void (*done)(void *arg), void *arg,
			      struct pcp_why *why);
/* Goes on to the end at once: deletes what stands. */
void bencher_stop(struct bencher *bencher);
void bencher_free(struct bencher *bencher);

/* What came of it, after done. */
struct bench_report {
	const struct bench_config *config;
	struct load_result *load, *table, *restart; /* NULL: there was none */
	unsigned largest;			    /* mappings that stood at once, of the table */
	uint8_t full; /* the result code that ended its growth; 0: none did */
	bool met;     /* something was answered */
	bool stopped;
	uint64_t deleted;
	unsigned left; /* mappings whose deletion was refused or not answered */
};
struct bench_report bencher_report(struct bencher *bencher);

/* The latency among so many mappings, from one to all, in at most BENCH_STEPS pieces of the growth:
 * the median of each. */
enum { BENCH_STEPS = 32 };
size_t bench_steps(const struct load_result *table, struct load_point step[BENCH_STEPS]);

/* bench-text.c: for people, or as JSON. */
void bench_write(struct writer *out, const struct bench_report *report);
/* bench-svg.c: latency against mappings. False when it could not be written. */
bool bench_write_svg(FILE *file, const struct bench_report *report);

#endif
