/* Mappings that are held in a session: the machine of keep.h with its files, command and words. */
#ifndef KEEPER_H
#define KEEPER_H

#include "keep.h"
#include "session.h"
#include "writer.h"

enum { KEEPER_SERVERS_MAX = 16 };

struct keeper_port {
	uint16_t port, wish; /* internal, external wished for (0: none) */
	uint8_t protocol[KEEP_LEGS];
	size_t nprotocol;
};

struct keeper_config {
	const struct keeper_port *port;
	size_t nport;
	uint16_t server[KEEPER_SERVERS_MAX]; /* each is asked for every port; none: the session's */
	size_t nserver;
	char *const *command; /* its words, ended with NULL, which stay the caller's; NULL: none */
	const char *state;    /* a file; NULL: none. JSON where its name ends so, or with `json` */
	const char *metrics;  /* ADDRESS:PORT to answer on, or a file; NULL: none */
	bool json;
	bool leave; /* deletes nothing at the end */
	/* Composes what is asked for: a MAP in PCP's form, without its external port. False with
	 * *why. */
	bool (*compose)(void *arg, uint8_t protocol, uint16_t port, uint16_t external_port,
			struct pcp_client_request *request, struct pcp_why *why);
	void *arg;
};

struct keeper;

/* Opens what it needs and asks for nothing yet. NULL with *why; *usage: what was typed is at fault.
 */
struct keeper *keeper_new(struct session *session, struct writer *out,
			  const struct keeper_config *config, bool *usage, struct pcp_why *why);
void keeper_begin(struct keeper *keeper);
/* Ends the holding, from the loop: deletes, unless told to leave, and runs the command a last time.
 * The loop is stopped when that is done or has taken too long; a second call stops it at once. */
void keeper_end(struct keeper *keeper);
void keeper_free(struct keeper *keeper);

#endif
