/* What goes on at the servers after the session's end. */
#ifndef SESSION_STAY_H
#define SESSION_STAY_H

#include "session.h"

struct session_stay {
	size_t mappings; /* that their servers hold now, made or taken over here */
	size_t keys;  /* of them, those that only a nonce renews or deletes, which no file keeps */
	size_t peers; /* of them, those that nobody can delete: RFC 6887 12.1 */
	usec first, last;			/* when they run out, by the wall; 0 without any */
	const struct pcp_client_server *server; /* that holds them all; NULL: several, or none */
	bool lab;	   /* it is the session's own lab, which ends with the session */
	const char *saved; /* the session's file, which keeps nonces; NULL: there is none */
	bool earlier;	   /* those that were taken over are in the file of the session before */
};

/* The mappings at servers that go on; where there is none of those, the own lab's. */
void session_stay(const struct session *session, struct session_stay *stay);

/* Asks the servers to delete them; how many requests that are. A PEER cannot be deleted (RFC 6887
 * 12.1). */
size_t session_delete_all(struct session *session);
/* Of those, how many are under way. */
size_t session_deleting(const struct session *session);

#endif
