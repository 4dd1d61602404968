/* A walk in a session: it asks, and what it finds goes into the table of mappings. */
#ifndef WALKER_H
#define WALKER_H

#include "session.h"
#include "walk.h"

struct walk_listener {
	/* An entry, as it stands in the table now; with id 0 it does not (pcp_client_adopt says
	 * why). May be NULL. */
	void (*found)(void *arg, const struct pcp_mapping *mapping);
	/* The end, session_cancel's included; *walk is valid for the last time. exchange: the last
	 * request's. Not called by walk_stop. */
	void (*done)(void *arg, const struct walk *walk, uint32_t exchange);
	void *arg;
};

struct walker;

/* Starts a walk that lives until its end, walk_stop, or the end of the session, which frees it. It
 * is a task of the session's, which can tell how far it is and cancel it. With `own` the entries
 * are adopted as ours. NULL with *why when the first request cannot be sent. */
struct walker *walk_start(struct session *session, const struct pcp_client_request *get, bool own,
			  const struct walk_listener *listener, struct pcp_why *why);
uint32_t walk_exchange(const struct walker *walker); /* the last request's */
void walk_stop(struct walker *walker);

#endif
