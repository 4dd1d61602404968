/*
 * GET and NEXT followed to the end of a server's list (draft-boucadair-pcp-failure-06 B).
 * A state machine without I/O: begin with a GET, send walk->request, hand the answer to
 * walk_answer, and so on until its state is no longer WALK_GOING. walker.h drives it in a session.
 */
#ifndef WALK_H
#define WALK_H

#include "edit.h"

/* Bound on what a server can make us ask for and keep: a list is followed no further. */
enum { WALK_ENTRIES_MAX = 16384 };

enum walk_state {
	WALK_GOING,
	WALK_DONE,    /* the server said END, or that nothing matches */
	WALK_REFUSED, /* by the result code */
	WALK_STALLED, /* an answer without anything new: the list cannot be followed further */
	WALK_CIRCLES, /* the list comes back to where it was */
	WALK_LONG,    /* it has more than WALK_ENTRIES_MAX entries, or no end */
	WALK_BROKEN,  /* the answer is no GET answer that can be read */
	WALK_SILENT,  /* no answer, or it could not be sent */
	WALK_STOPPED, /* by hand, before its end */
};

struct walk_entry {
	uint8_t protocol;
	uint8_t internal[PCP_ADDR_LEN], external[PCP_ADDR_LEN];
	uint16_t internal_port, external_port;
	uint8_t nonce[PCP_NONCE_LEN]; /* zero in version 1, which has none */
	uint32_t lifetime;	      /* seconds left */
	const uint8_t *options;	      /* nested options, inside the answer */
	size_t options_len;
};

struct walk {
	enum walk_state state;
	struct pcp_edit request; /* what to send next */
	size_t next;		 /* where its NEXT's data starts */
	size_t entries, requests;
	uint8_t result; /* of the last answer */
	/* Brent's way to find a circle: an entry kept, the next one kept at twice the count. */
	uint8_t kept[PCP_EDIT_MAX];
	size_t keep_at;
};

/* `get`: a GET request; its first NEXT, or one that is added, says where to start and which options
 * are wanted. False when there is no room for it. */
bool walk_begin(struct walk *walk, const struct pcp_edit *get);
/* Takes one answer: calls `found` for each new entry, and makes walk->request the one to send next.
 * Returns walk->state. */
enum walk_state walk_answer(struct walk *walk, const uint8_t *answer, size_t len,
			    void (*found)(void *arg, const struct walk_entry *entry), void *arg);
/* How it ended, as a sentence; "" while it goes on. */
const char *walk_sentence(const struct walk *walk);

#endif
