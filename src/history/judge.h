/*
 * The one judge: what the rules find in a packet, held against all that is known of it. Every pane,
 * the command line and captures ask here, so that none of them can know less than another.
 */
#ifndef JUDGE_H
#define JUDGE_H

#include "lint.h"
#include "log.h"

/* What is known of a packet beside its octets; every member may be absent. */
struct judge_facts {
	enum pcp_direction went; /* to a server or from one; GUESS: as it was decoded */
	const uint8_t *source;	 /* 16 octets, the address that it came from, or will */
	const uint8_t *asked;	 /* an answer's request */
	size_t asked_len;	 /* octets */
	size_t whole;		 /* octets on the wire, where a capture cut some off */
	unsigned dialects;	 /* enum pcp_dialect bits: how that request is read */
	const uint8_t *holder;	 /* an answer's: the nonce of the mapping that stands, 12 octets */
	bool have_epoch;	 /* the server's answer before is known: */
	uint32_t epoch;		 /* what its clock showed, in seconds, */
	usec since;		 /* and how long ago that was */
};

/* Where a packet and its request are decoded: too large for the stack. It begins as zeros. */
struct judge {
	struct pcp_packet packet, asked;
	struct pcp_node node[PCP_NODES_MAX], asked_node[PCP_NODES_MAX];
	uint8_t kept[PCP_MAX_LEN]; /* private: of these octets is what `asked` holds */
	size_t kept_len;
};

/* Fills finding[cap] in order of offset; how many there are in all. facts: NULL when nothing is
 * known. The packet may be judge->packet, or decoded elsewhere. */
size_t judge_packet(struct judge *judge, const struct pcp_packet *packet,
		    const struct judge_facts *facts, struct pcp_finding *finding, size_t cap);
/* The same of a message of the log, which is decoded into judge->packet: held against its request
 * and against the server's answer before, while the log still has them. */
size_t judge_message(struct judge *judge, const struct log *log, const struct message *message,
		     unsigned dialects, struct pcp_finding *finding, size_t cap);

#endif
