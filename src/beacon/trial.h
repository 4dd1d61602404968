/* One try of a port, over UDP and over TCP at a time: over each a message of the key goes there,
 * and whoever asked answers it with an echo. */
#ifndef TRIAL_H
#define TRIAL_H

#include "beacon-wire.h"
#include "loop.h"

/* Less than TCP waits before it sends a SYN again, so that there is one. */
#define TRIAL_PATIENCE (USEC_PER_SEC * 8 / 10)

struct trial {
	struct loop *loop;
	/* It is over; called from the loop, and another may begin from in there. */
	void (*done)(void *arg, const enum beacon_saw saw[BEACON_WAYS]);
	void *arg;
	uint8_t key[BEACON_KEY_LEN];
	struct beacon_message try[BEACON_WAYS];
	struct pcp_endpoint to; /* its port is not looked at */
	int fd[BEACON_WAYS];	/* -1: that way is decided */
	enum beacon_saw saw[BEACON_WAYS];
	usec until; /* USEC_NEVER: nothing is tried */
	bool connected;
	size_t nread;
	uint8_t read[BEACON_MESSAGE_LEN];
};

/* False when the loop has no room. */
bool trial_init(struct trial *trial, struct loop *loop, const uint8_t key[BEACON_KEY_LEN],
		void (*done)(void *arg, const enum beacon_saw saw[BEACON_WAYS]), void *arg);
void trial_free(struct trial *trial);
/* What is under way is not wanted any more. */
void trial_stop(struct trial *trial);
/* Tries the ask's ports at `to` from the address `from` of this host. One at a time. */
void trial_begin(struct trial *trial, const struct pcp_endpoint *from,
		 const struct pcp_endpoint *to, const struct beacon_message *ask);

#endif
