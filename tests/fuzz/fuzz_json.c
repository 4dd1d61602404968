/*
 * Any octets: the JSON of their packet parses, its strings are printable, and its fields give the
 * octets back. And any text: read as JSON, it is refused with a reason or makes a packet.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "packet-json.h"
#include "text.h"
#include "tiling.h"
#include "writer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PACKET_MAX = 320 }; /* octets: the way back costs their square */

static void expect(bool holds, const char *what)
{
	if (!holds) {
		fprintf(stderr, "%s\n", what);
		abort();
	}
}

static char *kept;

static void keep(void *arg, const char *line)
{
	(void)arg;
	free(kept);
	kept = strdup(line);
}

static void check_strings(json_t *item)
{
	const char *fault = json_is_string(item) ? text_fault(json_string_value(item)) : NULL, *key;
	json_t *member;
	size_t i;

	expect(!fault, fault);
	json_object_foreach(item, key, member) check_strings(member);
	json_array_foreach(item, i, member) check_strings(member);
}

static void check_packet(const uint8_t *data, size_t size)
{
	static struct pcp_node node[PCP_NODES_MAX];
	static struct pcp_edit edit;
	struct writer writer = { .json = true, .to = { .line = keep } };
	struct pcp_packet packet;
	struct pcp_why why;
	json_t *object;

	pcp_decode(&packet, data, size, PCP_DIRECTION_GUESS, 0, node, PCP_NODES_MAX);
	write_packet(&writer, &packet, NULL);
	object = json_loads(kept, JSON_REJECT_DUPLICATES, NULL);
	expect(object != NULL, "JSON that does not parse");
	check_strings(object);
	json_decref(object);
	edit.dialects = 0;
	if (!packet_from_json(kept, &edit, &why)) {
		fprintf(stderr, "%s\n", why.text);
		abort();
	}
	expect(edit.len == size && !memcmp(edit.octets, data, size), "other octets from the JSON");
}

static void check_text(const uint8_t *data, size_t size)
{
	static struct pcp_edit edit;
	struct pcp_why why = { .text = "" };
	char *text = malloc(size + 1);

	expect(text != NULL, "no memory");
	memcpy(text, data, size);
	text[size] = '\0';
	edit.dialects = 0;
	expect(packet_from_json(text, &edit, &why) || *why.text, "refused without a reason");
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size && data[0] == '{')
		check_text(data, size);
	else if (size && size <= PACKET_MAX)
		check_packet(data, size);
	free(kept);
	kept = NULL;
	return 0;
}
