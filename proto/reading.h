/*
 * A packet decoded for one operation: its nodes stand on the stack as long as they are few, as
 * those of nearly all packets are, and else on the heap. A frame with room for all of them would be
 * larger than some stacks.
 */
#ifndef READING_H
#define READING_H

#include "edit.h"

enum { READING_NEAR = 64 };

struct reading {
	struct pcp_packet packet; /* its nodes are near, or far; the octets are the caller's */
	struct pcp_node near[READING_NEAR];
	struct pcp_node *far;
};

/* Decodes as pcp_decode does. To be followed by reading_close, whatever it returns. False when
 * memory is out: then packet.cut is set, and what has no node is one raw leaf. */
bool reading_open(struct reading *reading, const uint8_t *octets, size_t len,
		  enum pcp_direction direction, unsigned dialects);
bool reading_open_edit(struct reading *reading, const struct pcp_edit *edit);
void reading_close(struct reading *reading);

#endif
