/* From a packet back to the command line that composes it. */
#include "cmd-request.h"
#include "out.h"

#include <stdlib.h>
#include <string.h>

enum { TYPED_MAX = 4 * PCP_EDIT_MAX };

/* A packet on its way back, and what the line written so far composes: where the two differ, an
 * option is due. So what options default to stands nowhere twice. */
struct back {
	const struct pcp_packet *packet;
	const struct command *command;
	struct pcp_out out;
	char line[COMMAND_LINE_MAX], copy[COMMAND_LINE_MAX];
	char typed[TYPED_MAX];
	struct pcp_edit edit;
	struct pcp_node node[PCP_NODES_MAX];
	struct pcp_packet composed;
};

static const struct command *sender(uint8_t opcode)
{
	for (size_t i = 0; i < ncommands; i++)
		if (commands[i]->begin == request_begin && commands[i]->opcode == opcode)
			return commands[i];
	return NULL;
}

/* Composes the line so far, with the packet's client address. */
static bool recompose(struct back *back)
{
	char *words[COMMAND_WORDS_MAX];
	struct pcp_client_request request;
	struct pcp_why why;
	int n;

	if (back->out.len >= back->out.cap)
		return false;
	memcpy(back->copy, back->line, sizeof back->copy);
	n = command_split(back->copy, words, &why);
	if (n < 1 || !command_compose(n, words, NULL, &back->edit, &request, &why) ||
	    back->edit.len < PCP_HEADER_LEN)
		return false;
	memcpy(back->edit.octets + pcp_request_fields[REQ_CLIENT].off,
	       back->packet->octets + pcp_request_fields[REQ_CLIENT].off, PCP_ADDR_LEN);
	pcp_edit_decode(&back->edit, &back->composed, back->node, PCP_NODES_MAX);
	return true;
}

static bool same(const struct back *back)
{
	return back->edit.len == back->packet->len &&
	       !memcmp(back->edit.octets, back->packet->octets, back->packet->len);
}

static const char *body_key(const struct pcp_packet *packet)
{
	for (size_t i = 0; i < packet->nnode; i++)
		if (!packet->node[i].field && packet->node[i].layout->kind == PCP_CLASS_BODY)
			return packet->node[i].layout->key;
	return "";
}

/* The leaf that a row's path means; a leading "." is of the option, "body." of the opcode's layout.
 */
static size_t leaf(const struct pcp_packet *packet, const char *path, const struct pcp_node *option)
{
	char full[128];

	if (path[0] == '.')
		snprintf(full, sizeof full, "options[%u].%s%s", option->nth, option->layout->key,
			 path);
	else if (!strncmp(path, "body.", 5))
		snprintf(full, sizeof full, "%s.%s", body_key(packet), path + 5);
	else
		snprintf(full, sizeof full, "%s", path);
	return pcp_node_find(packet, full);
}

/* A word as command_split reads it. */
static void put_word(struct pcp_out *out, const char *word)
{
	pcp_out_text(out, " ");
	if (*word && !strpbrk(word, " \t\r\n\"'\\#")) {
		pcp_out_text(out, word);
		return;
	}
	pcp_out_text(out, "\"");
	for (; *word; word++) {
		if (*word == '"' || *word == '\\')
			pcp_out_text(out, "\\");
		pcp_out_octets(out, word, 1);
	}
	pcp_out_text(out, "\"");
}

static void put_leaf(struct back *back, size_t node)
{
	pcp_node_typed(back->packet, node, back->typed, sizeof back->typed);
	put_word(&back->out, back->typed);
}

static bool leaf_differs(const struct back *back, size_t ours, size_t theirs)
{
	const struct pcp_node *a = &back->packet->node[ours], *b = &back->composed.node[theirs];

	return a->len != b->len ||
	       memcmp(back->packet->octets + a->off, back->composed.octets + b->off, a->len);
}

/* The options whose field the line so far does not get right. */
static void put_differences(struct back *back, const struct command_option *row,
			    const struct pcp_node *option)
{
	if (!recompose(back))
		return;
	for (; row && row->name; row++) {
		size_t ours = row->path ? leaf(back->packet, row->path, option) : PCP_NO_NODE;
		size_t theirs = row->path ? leaf(&back->composed, row->path, option) : PCP_NO_NODE;

		if (ours == PCP_NO_NODE || theirs == PCP_NO_NODE ||
		    !leaf_differs(back, ours, theirs))
			continue;
		pcp_out_format(&back->out, " %s", row->name);
		put_leaf(back, ours);
	}
}

static const struct command_option *row_of(const struct command *command, uint8_t code)
{
	for (const struct command_option *row = command->options; row && row->name; row++)
		if (row->option == code)
			return row;
	return NULL;
}

/* "198.51.100.0/24/443" */
static void put_filter(struct back *back, const struct pcp_node *option)
{
	static const char *const paths[] = { ".remote_address", ".prefix_length", ".remote_port" };
	char value[3 * PCP_ADDR_TEXT] = "";

	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
		size_t node = leaf(back->packet, paths[i], option);

		if (node == PCP_NO_NODE || pcp_node_typed(back->packet, node, back->typed,
							  sizeof back->typed) > PCP_ADDR_TEXT)
			return;
		strcat(strcat(value, i ? "/" : ""), back->typed);
	}
	pcp_out_text(&back->out, " -f");
	put_word(&back->out, value);
}

static void put_raw_option(struct back *back, const struct pcp_node *option)
{
	const uint8_t *tlv = back->packet->octets + option->off;
	size_t len = pcp_get(&pcp_tlv_fields[TLV_LENGTH], tlv);

	if (len > option->len - PCP_TLV_LEN)
		return;
	pcp_hex_text(tlv + PCP_TLV_LEN, len, back->typed, sizeof back->typed);
	pcp_out_format(&back->out, " -opt %u%s", tlv[0], len ? ":" : "");
	pcp_out_text(&back->out, back->typed);
}

/* The only leaf of the option's data; PCP_NO_NODE when there are several or none. */
static size_t only_leaf(const struct pcp_packet *packet, const struct pcp_node *option)
{
	size_t only = PCP_NO_NODE, first = (size_t)(option - packet->node) + 1;

	for (size_t i = first; i < option->end; i++) {
		if (packet->node[i].layout->kind != PCP_CLASS_OPTION)
			continue;
		if (only != PCP_NO_NODE)
			return PCP_NO_NODE;
		only = i;
	}
	return only;
}

static void put_option(struct back *back, const struct pcp_node *option)
{
	const struct command_option *row = row_of(back->command, back->packet->octets[option->off]);
	size_t only = only_leaf(back->packet, option);

	if (row && row->rest) {
		pcp_out_format(&back->out, " %s", row->name);
		put_differences(back, row->rest, option);
	} else if (row && !row->value) {
		pcp_out_format(&back->out, " %s", row->name);
	} else if (row && row->option == PCP_FILTER) {
		put_filter(back, option);
	} else if (row && !row->apply && only != PCP_NO_NODE) {
		pcp_out_format(&back->out, " %s", row->name);
		put_leaf(back, only);
	} else {
		put_raw_option(back, option);
	}
}

static void put_command(struct back *back)
{
	const struct pcp_packet *packet = back->packet;

	pcp_out_text(&back->out, back->command->name);
	if (packet->version != PCP_VERSION_2)
		pcp_out_format(&back->out, " -version %u", packet->version);
	for (const struct command_arg *arg = back->command->arg; arg && arg->name; arg++) {
		size_t node = leaf(packet, arg->path, NULL);

		if (node != PCP_NO_NODE)
			put_leaf(back, node);
	}
	put_differences(back, back->command->options, NULL);
	for (size_t i = 0; i < packet->nnode; i++) {
		const struct pcp_node *node = &packet->node[i];

		if (!node->field && node->parent == PCP_NO_NODE && node->len >= PCP_TLV_LEN &&
		    node->layout->kind != PCP_CLASS_HEADER && node->layout->kind != PCP_CLASS_BODY)
			put_option(back, node);
	}
}

/* The line, unless it would compose another packet than this one. */
static bool put_line(struct back *back)
{
	const struct pcp_packet *packet = back->packet;

	back->command = packet->protocol == PCP_PROTOCOL_PCP && packet->direction == PCP_REQUEST &&
					packet->len >= PCP_HEADER_LEN
				? sender(packet->opcode)
				: NULL;
	pcp_out_begin(&back->out, back->line, sizeof back->line);
	if (!back->command)
		return false;
	put_command(back);
	return recompose(back) && same(back);
}

size_t command_of_packet(const struct pcp_packet *packet, char *buf, size_t cap)
{
	struct back *back = calloc(1, sizeof *back);
	struct pcp_out out;

	pcp_out_begin(&out, buf, cap);
	if (back)
		back->packet = packet;
	if (back && put_line(back)) {
		pcp_out_text(&out, back->line);
	} else {
		pcp_out_text(&out, "raw ");
		for (size_t i = 0; i < packet->len; i++)
			pcp_out_format(&out, "%02x", packet->octets[i]);
	}
	free(back);
	return out.len;
}
