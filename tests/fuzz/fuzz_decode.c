/* Any octets, in each direction and dialect: a sound tree, and options that a walk finds as the
 * tree does. The first octet chooses direction, dialects and how many nodes there are. */
#include "decode.h"
#include "fuzz.h"
#include "tiling.h"

static struct pcp_node nodes[PCP_NODES_MAX];

static void check_walk(const struct pcp_packet *packet)
{
	size_t start = PCP_HEADER_LEN + pcp_body_len(packet->opcode, packet->version), pos = 0;
	struct pcp_tlv tlv;
	bool bad = false;

	if (packet->len < start)
		return;
	while (pcp_tlv_next(packet->octets + start, packet->len - start, &pos, &tlv, &bad)) {
		expect(tlv.off + PCP_TLV_LEN + tlv.len <= packet->len - start,
		       "an option overruns");
		expect(pos <= packet->len - start, "the walk overruns");
	}
}

/* Every path finds its node again, unless two nodes share it, and then the first. */
static void check_paths(const struct pcp_packet *packet)
{
	char path[256];

	for (size_t i = 0; i < packet->nnode && i < 64; i++) {
		pcp_node_path(packet, i, path, sizeof path);
		expect(pcp_node_find(packet, path) == i, "a path that leads elsewhere");
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pcp_packet packet;
	const char *fault;
	char summary[256];
	uint8_t how;

	if (size == 0 || size > 65535)
		return 0;
	how = data[size - 1]; /* at the end, so that a packet is a seed as it stands */
	pcp_decode(&packet, data, size, (enum pcp_direction)(how % 3), how / 3 & 7, nodes,
		   how < 128 ? PCP_NODES_MAX : 2u + how % 64);
	fault = tiling_fault(&packet);
	expect(!fault, fault);
	pcp_summary(&packet, summary, sizeof summary);
	fault = text_fault(summary);
	expect(!fault, fault);
	check_walk(&packet);
	check_paths(&packet);
	return 0;
}
