/*
 * generate N SEED: N random valid packets made from the schema, each as the JSON object that
 * `decode
 * --json` prints. What is generated is what another dissector knows, too: PCP's ANNOUNCE, MAP and
 * PEER with the registered options, and NAT-PMP.
 */
#include <stdlib.h>
#include <string.h>

#include "edit.h"
#include "random.h"
#include "text.h"
#include "writer.h"

/* PREFIX64 last, and once: the other dissector loses its place behind one. */
static const uint8_t known_options[] = { PCP_THIRD_PARTY, PCP_PREFER_FAILURE, PCP_FILTER,
					 PCP_DESCRIPTION, PCP_PORT_SET,	      PCP_PREFIX64 };

static void random_addr(struct rng *rng, uint8_t *addr)
{
	switch (rng_below(rng, 4)) {
	case 0:
		pcp_addr_any(addr, rng_below(rng, 2));
		break;
	case 1:
		rng->fill(rng, addr, PCP_ADDR_LEN);
		break;
	default:
		pcp_addr_any(addr, true);
		rng->fill(rng, addr + 12, 4);
	}
}

static void random_text(struct rng *rng, uint8_t *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		text[i] = (uint8_t)(' ' + 1 + rng_below(rng, 0x7e - 0x21));
}

/* A prefix length that the address behind it can have. */
static uint8_t random_prefix(struct rng *rng, const uint8_t *addr)
{
	return (uint8_t)(pcp_addr_is_v4(addr) ? 96 + rng_below(rng, 33) : 1 + rng_below(rng, 128));
}

static uint32_t random_name(struct rng *rng, const struct pcp_name *names)
{
	size_t n = 0;

	while (names[n].name)
		n++;
	return names[rng_below(rng, n)].code;
}

static bool is_structure(const struct pcp_node *node)
{
	const char *key = node->field->key;

	return node->layout->class == PCP_CLASS_TLV || strcmp(key, "version") == 0 ||
	       strcmp(key, "r") == 0 || strcmp(key, "opcode") == 0 ||
	       node->layout->code == PCP_PREFIX64;
}

/* Any valid value, in place. Later leaves are filled first, so that a prefix length sees its
 * address. */
static void fill_leaf(struct rng *rng, struct pcp_edit *edit, const struct pcp_node *node)
{
	uint8_t *octets = edit->octets + node->off;

	switch (node->field->kind) {
	case PCP_ADDR:
		random_addr(rng, octets);
		break;
	case PCP_TEXT:
		random_text(rng, octets, node->len);
		break;
	case PCP_PREFIX:
		*octets = random_prefix(rng, edit->octets + node->off + 3);
		break;
	case PCP_NAMED:
		pcp_put_at(node->field, octets, node->len, random_name(rng, node->field->names));
		break;
	case PCP_RESERVED:
	case PCP_PADDING:
		break;
	default:
		if (node->field->mask)
			pcp_put_at(node->field, octets, node->len,
				   (uint32_t)rng_below(rng, pcp_field_max(node->field) + 1));
		else
			rng->fill(rng, octets, node->len);
	}
}

static void fill(struct rng *rng, struct pcp_edit *edit)
{
	static struct pcp_node node[PCP_NODES_MAX];
	struct pcp_packet packet;

	pcp_edit_decode(edit, &packet, node, PCP_NODES_MAX);
	for (size_t i = packet.nnode; i-- > 0;)
		if (node[i].field && !is_structure(&node[i]))
			fill_leaf(rng, edit, &node[i]);
}

/* RFC 7225 4.1: a legal prefix, and now and then a list of IPv4 prefixes. */
static size_t random_prefix64(struct rng *rng, uint8_t *data)
{
	static const uint8_t lengths[] = { 4, 5, 6, 7, 8, 12 };
	size_t count = rng_below(rng, 4);

	data[0] = 0;
	data[1] = lengths[rng_below(rng, sizeof lengths)];
	rng->fill(rng, data + 2, 12);
	if (count == 0)
		return 14;
	data[14] = 0;
	data[15] = (uint8_t)count;
	for (size_t i = 0; i < count; i++) {
		uint8_t *pair = data + 16 + 6 * i;

		pair[0] = 0;
		pair[1] = (uint8_t)(1 + rng_below(rng, 32));
		rng->fill(rng, pair + 2, 4);
	}
	return 16 + 6 * count;
}

static void add_option(struct rng *rng, struct pcp_edit *edit, uint8_t code)
{
	uint8_t data[64];
	size_t len = 0;

	switch (code) {
	case PCP_DESCRIPTION:
		len = 1 + rng_below(rng, 40);
		memset(data, 'a', len);
		pcp_edit_add_option(edit, code, data, len);
		break;
	case PCP_PREFIX64:
		len = random_prefix64(rng, data);
		pcp_edit_add_option(edit, code, data, len);
		break;
	default:
		pcp_edit_add_option(edit, code, NULL, 0);
	}
}

static void add_options(struct rng *rng, struct pcp_edit *edit, uint16_t opcode)
{
	for (size_t i = 0; i < sizeof known_options; i++) {
		const struct pcp_layout *row =
			pcp_layout_option(known_options[i], opcode | PCP_V2, 0);

		if (!row || !pcp_layout_fits(row, opcode))
			continue;
		for (size_t n = rng_below(rng, known_options[i] == PCP_FILTER ? 4 : 2); n-- > 0;)
			add_option(rng, edit, known_options[i]);
	}
}

static void generate(struct rng *rng, struct pcp_edit *edit)
{
	uint8_t opcode = (uint8_t)rng_below(rng, 3);
	bool response = rng_below(rng, 2), natpmp = rng_below(rng, 5) == 0;

	*edit = (struct pcp_edit){ .direction = response ? PCP_RESPONSE : PCP_REQUEST };
	pcp_edit_begin(edit, natpmp ? PCP_VERSION_NATPMP : PCP_VERSION_2, opcode);
	edit->direction = response ? PCP_RESPONSE : PCP_REQUEST;
	if (response)
		edit->octets[1] |= PCP_R;
	if (natpmp && response) {
		memset(edit->octets + 2, 0, 14);
		edit->len = opcode == NATPMP_ADDRESS ? 12 : 16;
	}
	if (!natpmp)
		add_options(rng, edit, pcp_where_opcode(opcode));
	fill(rng, edit);
}

int main(int argc, char **argv)
{
	static struct pcp_node node[PCP_NODES_MAX];
	static struct pcp_edit edit;
	struct pcp_packet packet;
	struct writer writer;
	struct rng rng;

	if (argc != 3)
		return 2;
	rng_seeded(&rng, strtoull(argv[2], NULL, 10));
	writer_stdio(&writer, stdout, true);
	for (long n = strtol(argv[1], NULL, 10); n > 0; n--) {
		generate(&rng, &edit);
		pcp_edit_decode(&edit, &packet, node, PCP_NODES_MAX);
		write_packet(&writer, &packet, NULL);
	}
	return 0;
}
