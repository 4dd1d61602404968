/* External addresses that nobody outside can reach: RFC 6890, RFC 8190 and the documents that each
 * row names. A mapping there is sound, and yet nobody gets in by it. */
#ifndef PCP_REACH_H
#define PCP_REACH_H

#include "lint.h"

struct pcp_reach {
	uint8_t prefix[PCP_ADDR_LEN];
	uint8_t bits; /* of the prefix; IPv4's stand behind 96 */
	enum pcp_severity severity;
	bool example;	     /* an address of documents, which a lab may well give */
	const char *what;    /* part of a sentence: "private (RFC 1918)" */
	const char *meaning; /* the rest of it: "another NAT stands outside" */
};

/* NULL: an address that the Internet can reach. */
const struct pcp_reach *pcp_reach(const uint8_t addr[PCP_ADDR_LEN]);

#endif
