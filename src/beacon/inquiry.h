/*
 * Whether a mapped port is open, asked five times: of a beacon, or by trying it from this host
 * (hairpin). A machine without I/O and without a clock; whoever runs it carries what it asks to
 * where it is to go.
 */
#ifndef INQUIRY_H
#define INQUIRY_H

#include "beacon-wire.h"
#include "clock.h"
#include "random.h"

enum {
	INQUIRY_TRIES = 5,    /* answered ones */
	INQUIRY_SENDINGS = 9, /* asks at most, those that are not answered included */
	INQUIRY_SILENCES = 4, /* in a row, from the start: nobody is there */
};
/* From ask to ask: above what a beacon heeds, since the way there is not always as long. */
#define INQUIRY_PACE	 (USEC_PER_SEC * 12 / 10)
#define INQUIRY_PATIENCE (USEC_PER_SEC * 2)

/* What was seen: sums over the tries that were answered. */
struct inquiry_result {
	unsigned asked, answered;
	unsigned saw[BEACON_WAYS][BEACON_NSAW];
	unsigned came[BEACON_WAYS]; /* tries that came in here, whether or not the echo came back */
	struct pcp_endpoint source; /* whom the beacon saw last */
};

struct inquiry_io {
	void *arg;
	/* Carries one ask; its answer goes to inquiry_answer(). */
	void (*ask)(void *arg, const struct beacon_message *ask);
};

struct inquiry {
	struct inquiry_io io;
	struct pcp_rng *rng;
	usec pace, due; /* the next ask, or the end of waiting for this one */
	bool waiting, over;
	bool came[BEACON_WAYS];
	struct beacon_message ask; /* the last one */
	struct inquiry_result result;
};

/* port: those outside, 0 where none is tried. pace: from one ask to the next. It begins with the
 * next tick. */
void inquiry_begin(struct inquiry *inquiry, const uint16_t port[BEACON_WAYS], usec pace,
		   struct pcp_rng *rng, struct inquiry_io io, usec now);
/* Heeded when it answers the last ask. */
void inquiry_answer(struct inquiry *inquiry, usec now, const struct beacon_message *answer);
/* A try of the last ask came in here. */
void inquiry_came(struct inquiry *inquiry, enum beacon_way way);
usec inquiry_next(const struct inquiry *inquiry); /* USEC_NEVER: it is over */
void inquiry_tick(struct inquiry *inquiry, usec now);

enum { INQUIRY_WAY_TEXT = 96 };
/* "UDP 5 of 5", "TCP 0 of 5 (silent 4, refused 1)"; "TCP not tried". Length as snprintf. */
size_t inquiry_way_text(const struct inquiry_result *result, enum beacon_way way, char *buf,
			size_t cap);
/* Whether every try that was answered of each way that was tried found the port open. */
bool inquiry_all_open(const struct inquiry_result *result);
/* Whether none of those that could be made did. */
bool inquiry_none_open(const struct inquiry_result *result);
/* Whether no try could be made at all. */
bool inquiry_untried(const struct inquiry_result *result);

#endif
