/* The rules that a packet, or a response held against its request, can break. */
#ifndef PCPSCOPE_LINT_H
#define PCPSCOPE_LINT_H

#include "decode.h"

#pragma GCC visibility push(default) /* the library exports what follows */
#ifdef __cplusplus
extern "C" {
#endif

enum pcp_severity {
	PCP_NOTE,    /* worth knowing: a squatted code, an answer other than asked */
	PCP_WARNING, /* against a SHOULD, or a habit that other implementations trip over */
	PCP_ERROR,   /* against a MUST */
};

struct pcp_lint; /* one run; private to the rules */

struct pcp_rule {
	const char *name; /* "option-padding-nonzero" */
	enum pcp_severity severity;
	const char *ref;  /* "RFC 6887 7.3" */
	const char *text; /* one sentence: what is demanded, or what is worth knowing */
	uint8_t refusal;  /* result that a server must answer a request with that breaks it; 0: none
			   */
	void (*check)(struct pcp_lint *lint); /* private: makes the findings */
	uint16_t of; /* private: what a packet has to be, all of it, so that the rule concerns it */
	uint8_t about; /* private: the code of an option that it must have; 0: of any or none */
};

enum { PCP_FINDING_TEXT = 160, PCP_FINDINGS_MAX = 64 };

struct pcp_finding {
	const struct pcp_rule *rule;
	uint32_t off, len;	     /* octets concerned; len may be 0 where something is missing */
	char text[PCP_FINDING_TEXT]; /* one sentence about this packet, printable ASCII */
};

/* What a packet is judged against; every member may be absent. */
struct pcp_lint_context {
	enum pcp_direction
		went; /* how it travels, whatever its R bit says; GUESS: as it was decoded */
	const struct pcp_packet *request; /* for a response: what it answers */
	const uint8_t *source;		  /* 16 octets: the address that it came from */
	const uint8_t *holder; /* for a response: the nonce, 12 octets, by which the server granted
				  the same mapping before, for a time that is not over */
	size_t wire_len;  /* octets that it had, when a capture kept fewer; 0: as many as there are
			   */
	bool have_epoch;  /* for a response: the server's previous answer was known, */
	uint32_t epoch;	  /* had this epoch, in seconds, */
	uint32_t elapsed; /* and came so many client seconds ago */
};

/* Judges a decoded packet; context may be NULL. Fills finding[cap] in order of offset, those of the
 * same offset in order of rules, and returns how many there are in all (may exceed cap). */
size_t pcp_lint(const struct pcp_packet *packet, const struct pcp_lint_context *context,
		struct pcp_finding *finding, size_t cap);

/* The rules, in the order of the reference; NULL from pcp_nrules() on. */
size_t pcp_nrules(void);
const struct pcp_rule *pcp_rule_at(size_t i);
const char *pcp_severity_name(enum pcp_severity severity);

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop

#endif
