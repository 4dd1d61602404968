/* A UDP endpoint in the form that PCP has for addresses: 16 octets, IPv4 mapped. */
#ifndef PCPSCOPE_ENDPOINT_H
#define PCPSCOPE_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text.h"

#pragma GCC visibility push(default) /* the library exports what follows */
#ifdef __cplusplus
extern "C" {
#endif

struct pcp_endpoint {
	uint8_t addr[PCP_ADDR_LEN];
	uint16_t port;
	uint32_t scope; /* interface index of a link-local address; 0 otherwise */
};

enum { ENDPOINT_TEXT = 96 };

bool pcp_endpoint_same(const struct pcp_endpoint *a, const struct pcp_endpoint *b);
bool pcp_endpoint_same_addr(const struct pcp_endpoint *a, const struct pcp_endpoint *b);
/* "192.0.2.1:5351", "[2001:db8::1]:5351", "[fe80::1%eth0]:5351". Returns the length as snprintf
 * does. */
size_t pcp_endpoint_text(const struct pcp_endpoint *endpoint, char *buf, size_t cap);
/* ADDR, ADDR:PORT, [ADDR], [ADDR]:PORT, ADDR%IFACE; `port` when none is typed. Numeric only. */
bool pcp_endpoint_parse(const char *typed, uint16_t port, struct pcp_endpoint *endpoint,
			struct pcp_why *why);

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop

#endif
