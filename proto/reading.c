/* Decoding with as many nodes as a packet has: see reading.h. */
#include "reading.h"

#include <stdlib.h>

/* The densest there is, FLOW_PRIORITY, takes 12 nodes for 8 octets; two are always asked for. */
static size_t most_nodes(size_t len)
{
	return len * 3 / 2 + 8;
}

bool reading_open(struct reading *reading, const uint8_t *octets, size_t len,
		  enum pcp_direction direction, unsigned dialects)
{
	reading->far = NULL;
	pcp_decode(&reading->packet, octets, len, direction, dialects, reading->near, READING_NEAR);
	if (!reading->packet.cut)
		return true;
	reading->far = malloc(most_nodes(len) * sizeof *reading->far);
	if (!reading->far)
		return false;
	pcp_decode(&reading->packet, octets, len, direction, dialects, reading->far,
		   most_nodes(len));
	return true;
}

bool reading_open_edit(struct reading *reading, const struct pcp_edit *edit)
{
	return reading_open(reading, edit->octets, edit->len, edit->direction, edit->dialects);
}

void reading_close(struct reading *reading)
{
	free(reading->far);
	reading->far = NULL;
}
