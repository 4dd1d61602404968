/*
 * Any packet and any sequence of edits: the tree stays sound, what is refused changes nothing, what
 * a leaf is typed as gives its octets back, and a repaired packet needs no repair. The last octets
 * are the edits, four each, so that a packet is a seed as it stands.
 */
#include "edit.h"
#include "fuzz.h"
#include "tiling.h"

static struct pcp_node nodes[PCP_NODES_MAX];

static bool same(const struct pcp_edit *a, const struct pcp_edit *b)
{
	return a->len == b->len && memcmp(a->octets, b->octets, a->len) == 0;
}

static void check(const struct pcp_edit *edit, struct pcp_packet *packet)
{
	const char *fault;

	expect(edit->len <= PCP_EDIT_MAX, "too long");
	pcp_edit_decode(edit, packet, nodes, PCP_NODES_MAX);
	fault = tiling_fault(packet);
	expect(!fault, fault);
}

static void set_what_is(struct pcp_edit *edit, const struct pcp_packet *packet, size_t node)
{
	char path[256], typed[2 * PCP_EDIT_MAX + 64];
	struct pcp_edit before = *edit;
	struct pcp_why why;
	const char *key = packet->node[node].field->key;
	/* what they count is made so long, which may not fit */
	bool counts = strcmp(key, "length") == 0 || strcmp(key, "count") == 0;

	pcp_node_path(packet, node, path, sizeof path);
	if (pcp_node_find(packet, path) != node)
		return;
	pcp_node_typed(packet, node, typed, sizeof typed);
	expect(pcp_edit_set(edit, path, typed, &why) || (counts && !edit->exact), "refused itself");
	if (edit->exact)
		expect(same(edit, &before), "changed by being set to itself");
}

static void set_anything(struct pcp_edit *edit, const struct pcp_packet *packet, size_t node,
			 const uint8_t *op)
{
	static const char *const words[] = { "",	 "0",	       "1",    "255",  "65535",
					     "infinite", "2h",	       "any4", "any6", "tcp",
					     "00",	 "0102030405", "0xff", "x",    "\\xff?",
					     "3/128",	 "::/96" };
	struct pcp_edit before = *edit;
	struct pcp_why why = { .text = "" };
	char path[256];

	pcp_node_path(packet, node, path, sizeof path);
	if (!pcp_edit_set(edit, path, words[op[2] % (sizeof words / sizeof words[0])], &why)) {
		expect(same(edit, &before), "refused, yet changed");
		expect(why.text[0] != '\0' && !text_fault(why.text), "refused without a reason");
	}
}

static void repair(struct pcp_edit *edit)
{
	struct pcp_edit again;

	pcp_edit_repair(edit);
	again = *edit;
	pcp_edit_repair(&again);
	expect(same(edit, &again), "repaired twice");
}

static void apply(struct pcp_edit *edit, const struct pcp_packet *packet, const uint8_t *op)
{
	size_t node = packet->nnode ? (size_t)(op[1] * 7) % packet->nnode : 0;
	struct pcp_edit before = *edit;
	char path[256];

	switch (op[0] % 10) {
	case 0:
	case 1:
		if (packet->nnode && packet->node[node].field)
			set_what_is(edit, packet, node);
		break;
	case 2:
	case 3:
		if (packet->nnode)
			set_anything(edit, packet, node, op);
		break;
	case 4:
		if (pcp_edit_add_option(edit, op[1], op[2] & 1 ? op : NULL, 4) < 0)
			expect(same(edit, &before), "not added, yet changed");
		break;
	case 5:
		if (packet->nnode) {
			pcp_node_path(packet, node, path, sizeof path);
			pcp_edit_add_nested(edit, path, op[2], op[3] & 1 ? op : NULL, 4);
		}
		break;
	case 6:
		pcp_edit_remove_option(edit, op[1] % 4);
		break;
	case 7:
		pcp_edit_move_option(edit, op[1] % 4, op[2] % 4);
		break;
	case 8:
		repair(edit);
		break;
	default:
		edit->exact = op[1] & 1;
		edit->direction = (enum pcp_direction)(op[2] % 3);
		edit->dialects = op[3] & 7;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pcp_edit edit = { 0 };
	struct pcp_packet packet;
	size_t nops = size == 0 ? 0 : data[size - 1] % 8;

	if (4 * nops + 1 > size || !pcp_edit_load(&edit, data, size - 4 * nops - (nops > 0)))
		return 0;
	check(&edit, &packet);
	for (size_t i = 0; i < nops; i++) {
		apply(&edit, &packet, data + size - 1 - 4 * (i + 1));
		check(&edit, &packet);
	}
	return 0;
}
