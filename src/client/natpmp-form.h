/* What NAT-PMP (RFC 6886) can say of a request in PCP's form. */
#ifndef NATPMP_FORM_H
#define NATPMP_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NATPMP_MAX = 16 }; /* octets of its longest message */

/* The NAT-PMP datagram for it in `wire`, of NATPMP_MAX octets; its length, or 0 with a reason why
 * NAT-PMP has no words for it. meant: NAT-PMP was asked for, and so internal port 0 means what VPN
 * gateways take it for, any port; of a PCP request it means all of them. */
size_t natpmp_translate(const uint8_t *octets, size_t len, bool meant, uint8_t *wire,
			const char **reason);

#endif
