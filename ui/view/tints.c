/* The tints of a packet's parts, the same in Decode's fields and octets and in RAW. */
#include "tints.h"

void tints_give(const struct pcp_packet *packet, uint8_t tint[PCP_NODES_MAX])
{
	enum style now = STYLE_HEADER;
	unsigned options = 0;
	size_t i;

	for (i = 0; i < packet->nnode; i++) {
		const struct pcp_node *node = &packet->node[i];
		bool within;

		if (!node->field && node->depth == 0)
			now = node->layout->kind == PCP_CLASS_HEADER ? STYLE_HEADER
			      : node->layout->kind == PCP_CLASS_BODY
				      ? STYLE_BODY
				      : STYLE_OPTION_1 + options++ % 3;
		within = node->depth > (node->field ? 1 : 0);
		tint[i] = (uint8_t)(now >= STYLE_OPTION_1 && within ? STYLE_NESTED : now);
	}
}

enum style tints_at(const struct pcp_packet *packet, const uint8_t tint[PCP_NODES_MAX],
		    size_t octet, bool *begins)
{
	size_t i;

	*begins = false;
	for (i = packet->nnode; i > 0; i--) {
		const struct pcp_node *node = &packet->node[i - 1];

		if (node->field || octet < node->off || octet >= node->off + node->len)
			continue;
		*begins = node->off == octet;
		return (enum style)tint[i - 1];
	}
	return STYLE_NORMAL;
}
