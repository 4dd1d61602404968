/* The rules that a packet, or a response held against its request, can break. */
#ifndef PCP_LINT_H
#define PCP_LINT_H

#include "decode.h"

enum pcp_severity { PCP_NOTE, PCP_WARNING, PCP_ERROR };

struct pcp_rule {
	const char *name; /* "option-padding-nonzero" */
	enum pcp_severity severity;
	const char *ref;  /* "RFC 6887 7.3" */
	const char *text; /* one sentence: what the rule demands */
};

struct pcp_finding {
	const struct pcp_rule *rule;
	uint32_t off, len; /* octets concerned */
	char text[160];    /* one sentence about this packet, printable */
};

/* What a packet is judged against; every member may be absent. */
struct pcp_lint_context {
	const struct pcp_packet *request; /* for a response: what it answers */
	const uint8_t *source;            /* 16 octets: address that the packet came from */
	bool have_epoch;                  /* the server's previous answer: */
	uint32_t epoch;                   /* its epoch, seconds */
	uint32_t elapsed;                 /* client seconds since it */
};

/* Findings in order of offset; returns how many there are in all (may exceed cap). */
size_t pcp_lint(const struct pcp_packet *packet, const struct pcp_lint_context *context,
                struct pcp_finding *finding, size_t cap);

extern const struct pcp_rule *const pcp_rules[];
extern const size_t pcp_nrules;

#endif
