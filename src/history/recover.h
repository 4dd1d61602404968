/*
 * What earlier sessions left behind: their saved captures, folded together, give the mappings that
 * still live, nonces included. Without its nonce a mapping can be neither renewed nor deleted (RFC
 * 6887 11.3.1, 15).
 */
#ifndef RECOVER_H
#define RECOVER_H

#include "client.h"

struct recovered {
	struct pcp_mapping mapping; /* its times are wall times; request points into the recovery */
	struct pcp_endpoint server, source;
	uint8_t version; /* that the server spoke */
};

struct recover;

/*
 * Wall clocks are believed, as there is no other that survives a reboot. Set back since, a mapping
 * is offered for at most its whole lifetime from now, perhaps once more after its deletion. Set
 * forward, it looks older than it is, and is not offered once its lifetime seems over.
 */

/* Begins to fold the saved sessions in `dir` that have ended. Mappings that a running session has
 * in hand are left to it, and so is what a session asked of its own lab. `dir` outlives it. now:
 * wall time. NULL when memory is out. */
struct recover *recover_begin(const char *dir, usec now);
/* Why `dir`, or a file in it, is not believed, and nothing of it is taken over; "": it is. */
const char *recover_distrusted(const struct recover *recover);
/* Reads at most `most` datagrams more; false when all is read, and what is left can be told. */
bool recover_read(struct recover *recover, size_t most);
void recover_free(struct recover *recover);
/* 0 until all is read. */
size_t recover_count(const struct recover *recover);
/* Whether running sessions have mappings in hand, which are left to them. */
bool recover_held(const struct recover *recover);
const struct recovered *recover_at(const struct recover *recover, size_t i); /* i < count */

#endif
