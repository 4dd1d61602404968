/* What stands behind a mapped port while it is tried: it answers a try of the key with its echo,
 * over UDP and over TCP, and nobody else with anything. */
#ifndef TARGET_H
#define TARGET_H

#include "beacon-wire.h"
#include "doorway.h"
#include "loop.h"

enum { TARGET_GUESTS = 8 }; /* connections at a time; the oldest makes room */

struct target {
	struct loop *loop;
	/* A try of what is expected came in. */
	void (*came)(void *arg, enum beacon_way way);
	void *arg;
	uint8_t key[BEACON_KEY_LEN];
	struct beacon_message ask; /* the one whose tries are expected */
	int fd[BEACON_WAYS];	   /* the caller's */
	struct doorway doorway;	   /* of TCP */
	struct target_guest {
		int fd; /* -1: a free place */
		size_t len;
		uint8_t octets[BEACON_MESSAGE_LEN];
	} guest[TARGET_GUESTS];
	size_t oldest;
};

/* fd: a bound UDP socket and a TCP socket that listens, both non-blocking; they stay the caller's.
 * False when the loop has no room. */
bool target_begin(struct target *target, struct loop *loop, const int fd[BEACON_WAYS],
		  const uint8_t key[BEACON_KEY_LEN], void (*came)(void *arg, enum beacon_way way),
		  void *arg);
/* From here on the tries of this ask are answered, and no others. */
void target_expect(struct target *target, const struct beacon_message *ask);
void target_end(struct target *target);

#endif
