/*
 * A beacon: on any second machine, it tries the ports that it is asked to, of the address that
 * asks, and answers with what it saw. This is its judgement, without I/O and without a clock:
 *
 * - What was not made with its key is answered with nothing, and so is what it has seen before.
 * - It tries the address that asks and no other, once an ask, and at most once a second; what comes
 * in between is answered with nothing.
 * - An ask brings more octets than all that comes of it sends: beacon-wire.h counts them.
 */
#ifndef BEACON_H
#define BEACON_H

#include "beacon-wire.h"
#include "clock.h"

struct beacon;

#define BEACON_PACE USEC_PER_SEC /* one ask at most is heeded in that time */

enum {
	/* Asks that one key is good for: each is remembered, so that none is heeded twice. */
	BEACON_ASKS_MAX = 8192,
};

struct beacon_counts {
	uint64_t heeded;
	uint64_t foreign;  /* not made with the key, or no ask */
	uint64_t repeated; /* seen before */
	uint64_t hurried;  /* too soon after another */
};

struct beacon_io {
	void *arg;
	/* Tries the ports of `to` from the address `from` of this host; beacon_tried() is told what
	 * came of it, at once or later. */
	void (*try)(void *arg, const struct pcp_endpoint *from, const struct pcp_endpoint *to,
		    const struct beacon_message *ask);
	/* Sends an answer, from the address that was asked. */
	void (*send)(void *arg, const struct pcp_endpoint *from, const struct pcp_endpoint *to,
		     const uint8_t *octets, size_t len);
};

/* NULL when memory is out. */
struct beacon *beacon_new(const uint8_t key[BEACON_KEY_LEN], struct beacon_io io);
void beacon_free(struct beacon *beacon);
/* A datagram came from `from` to `to`. */
void beacon_receive(struct beacon *beacon, usec now, const struct pcp_endpoint *from,
		    const struct pcp_endpoint *to, const uint8_t *octets, size_t len);
/* What the try saw. Answers; the answer, which the beacon owns, or NULL when nothing was tried. */
const struct beacon_message *beacon_tried(struct beacon *beacon,
					  const enum beacon_saw saw[BEACON_WAYS]);
/* Its key is used up: it heeds nothing more. */
bool beacon_used_up(const struct beacon *beacon);
struct beacon_counts beacon_counts(const struct beacon *beacon);

#endif
