/* The tints of a packet's parts: header, body, options in turn, and what is within an option. */
#ifndef TINTS_H
#define TINTS_H

#include "decode.h"
#include "theme.h"

/* Gives each node of the packet the tint, an enum style, of the part that it belongs to. */
void tints_give(const struct pcp_packet *packet, uint8_t tint[PCP_NODES_MAX]);
/* That of an octet; *begins: it is its part's first. Of none, STYLE_NORMAL. */
enum style tints_at(const struct pcp_packet *packet, const uint8_t tint[PCP_NODES_MAX],
		    size_t octet, bool *begins);

#endif
