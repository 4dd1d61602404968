/*
 * A packet as a tree of spans over its octets. Nothing is copied and nothing refused: what no row
 * describes becomes a raw span. The leaves tile the packet: each bit of each octet belongs to one
 * leaf, in order.
 */
#ifndef PCPSCOPE_DECODE_H
#define PCPSCOPE_DECODE_H

#include "schema.h"

#pragma GCC visibility push(default) /* the library exports what follows */
#ifdef __cplusplus
extern "C" {
#endif

enum pcp_direction { PCP_DIRECTION_GUESS, PCP_REQUEST, PCP_RESPONSE };
enum pcp_protocol { PCP_PROTOCOL_PCP, PCP_PROTOCOL_NATPMP };

/* Nested options (NEXT) go this deep; below it they are raw octets. */
enum { PCP_DEPTH_MAX = 4 };
/* Nodes that no legal packet exceeds: 1100 octets of empty options, four leaves and a branch each.
 */
enum { PCP_NODES_MAX = 1536 };

struct pcp_node {
	const struct pcp_layout *layout;
	const struct pcp_field *field; /* NULL: a branch (header, body, option), not a leaf */
	uint32_t off,
		len; /* octets from the packet's start; len may be 0 in a branch or an empty tail */
	uint16_t parent; /* index; PCP_NO_NODE at the top */
	uint16_t end;	 /* index after the last descendant: node[i].end == i + 1 in a leaf */
	uint16_t nth;	 /* which option of its list, from 0; in leaves of a list, which element */
	uint8_t depth;
};
enum { PCP_NO_NODE = 0xffff };

struct pcp_packet {
	const uint8_t *octets; /* the caller's; must outlive the packet */
	size_t len;
	enum pcp_protocol protocol;
	enum pcp_direction direction; /* never GUESS after decoding */
	uint8_t version, opcode;      /* as the octets say; 0 where there are none */
	uint16_t where;		      /* one opcode, direction and version bit, for look-ups */
	unsigned dialects;
	struct pcp_node *node; /* the caller's array */
	size_t nnode, cap;
	bool cut; /* node[] was too small: the last leaf is raw and covers the rest */
};

/* Decodes len octets into *packet, using node[cap] (cap >= 2, or >= PCP_NODES_MAX to be sure of the
 * whole of a legal packet). Total: any octets decode. direction is a hint; GUESS reads the R bit.
 * dialects: enum pcp_dialect bits to prefer where a code has two meanings. No allocation. */
void pcp_decode(struct pcp_packet *packet, const uint8_t *octets, size_t len,
		enum pcp_direction direction, unsigned dialects, struct pcp_node *node, size_t cap);

/* Whether the node is the branch of an option, known or not. */
bool pcp_is_option(const struct pcp_node *node);
/* The leaf that covers bit 7 of the octet (or its first bits); PCP_NO_NODE past the end. */
size_t pcp_node_at(const struct pcp_packet *packet, size_t octet);
/* The leaf or branch with that dotted path ("map.nonce", "options[1].filter.remote_port");
 * PCP_NO_NODE when the packet has none. */
size_t pcp_node_find(const struct pcp_packet *packet, const char *path);
/* The first leaf with that key ("lifetime") among header and opcode's data, or in the whole of a
 * NAT-PMP message: those of options are not asked. PCP_NO_NODE when there is none, and so for a
 * packet that ends before it. */
size_t pcp_body_leaf(const struct pcp_packet *packet, const char *key);
/* The node's dotted path; returns its length as snprintf does. */
size_t pcp_node_path(const struct pcp_packet *packet, size_t node, char *buf, size_t cap);
/* A leaf's value as a person reads it: "6 tcp", "192.0.2.1", "3600 s = 1:00:00". Always printable
 * UTF-8 without control, bidirectional or broken characters, whatever the octets are. For a branch:
 * its name ("MAP", "FILTER"). Returns the length as snprintf does. */
size_t pcp_node_text(const struct pcp_packet *packet, size_t node, char *buf, size_t cap);
/* A leaf's number; 0 where it has none (addresses, octets). */
uint32_t pcp_node_uint(const struct pcp_packet *packet, size_t node);
/* One line for the whole packet: "MAP tcp 8080 3600 s", "MAP SUCCESS 203.0.113.9:8080 3600 s". */
size_t pcp_summary(const struct pcp_packet *packet, char *buf, size_t cap);

/* ---- walking options without a tree, for engines ---- */

struct pcp_tlv {
	uint8_t code;
	size_t off; /* of the option header, from the start of the octets walked */
	size_t len; /* of the data, padding excluded */
	const uint8_t *data;
};
/* The option at *pos, which starts at 0 and is advanced past padding. False at the end; *bad is set
 * when a header or Length runs past len (RFC 6887 7.3: MALFORMED_OPTION). */
bool pcp_tlv_next(const uint8_t *octets, size_t len, size_t *pos, struct pcp_tlv *tlv, bool *bad);
/* Octets of the fixed body for an opcode and version; 0 for ANNOUNCE and unknown opcodes. */
size_t pcp_body_len(uint8_t opcode, uint8_t version);

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop

#endif
