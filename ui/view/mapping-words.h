/* A mapping in words. */
#ifndef MAPPING_WORDS_H
#define MAPPING_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "client.h"
#include "ipv6-net.h"

void mapping_where(const uint8_t addr[PCP_ADDR_LEN], uint16_t port, char *buf, size_t cap);
/* Of a column whose network, if its addresses share one, stands in the heading; NULL: it does not.
 */
void mapping_internal(const struct pcp_mapping *m, const struct ipv6_net *net, char *buf,
		      size_t cap);
/* With the last port of a port set. */
void mapping_external(const struct pcp_mapping *m, const struct ipv6_net *net, char *buf,
		      size_t cap);
/* Answered otherwise than asked (RFC 6887 11.1: the suggestion is only that). */
bool mapping_port_differs(const struct pcp_mapping *m);
bool mapping_address_differs(const struct pcp_mapping *m);
bool mapping_lifetime_differs(const struct pcp_mapping *m);
/* "D F2 PF 3P S16": description, two filters, PREFER_FAILURE, a third party's, a set of 16 ports.
 */
void mapping_options(const struct pcp_mapping *m, char *buf, size_t cap);
/* All there is to say of it, in clauses. */
void mapping_meaning(const struct pcp_mapping *m, char *buf, size_t cap);

#endif
