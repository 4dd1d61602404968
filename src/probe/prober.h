/* A probe in a session: its sockets, its clock, and its end. */
#ifndef PROBER_H
#define PROBER_H

#include "probe.h"
#include "session.h"

struct prober;

struct prober_listener {
	void *arg;
	void (*line)(void *arg, const struct probe_line *line);
	void (*profile)(void *arg, const struct probe_profile *profile);
	/* Somebody has to do something: "restart the gateway". May be NULL. */
	void (*plea)(void *arg, const char *plea);
	void (*done)(void *arg); /* it is over, and may be freed from here */
};

/* Starts it against the session's server; config->server is filled in. It is a task of the
 * session's. NULL with *why. */
struct prober *prober_start(struct session *session, struct probe_config *config,
			    const struct prober_listener *listener, struct pcp_why *why);
/* The rest is not tried; what was made is given back first. */
void prober_stop(struct prober *prober, const char *why);
struct probe *prober_probe(struct prober *prober);
/* Whatever it is doing; what it made then stays. */
void prober_free(struct prober *prober);
/* The same, but what came of it is the caller's, who frees it with probe_free(). */
struct probe *prober_leave(struct prober *prober);

#endif
