/* Builds a packet from what decode --json printed; the JSON is a stranger's, strict UTF-8 without
 * duplicates. */
#include "packet-json.h"

#include <stdlib.h>
#include <string.h>

#include "json-read.h"
#include "slurp.h"
#include "text.h"
#include "words.h"

enum { JSON_MAX = 1 << 20 }; /* octets; the longest packet's object has some 400,000 */

struct building {
	struct pcp_edit *edit;
	struct pcp_node node[PCP_NODES_MAX];
	struct pcp_packet packet;
};

static const char *string_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* Also 1e3 and 60.0, as long as nothing stands behind the point. */
static bool uint_of(const json_t *item, uint32_t max, uint32_t *value)
{
	double number = json_number_value(item);

	if (!json_is_number(item) || number < 0 || number > max)
		return false;
	*value = (uint32_t)number;
	return number == (double)*value;
}

/* Octets of the packet: where its last field ends. */
static bool extent(const json_t *fields, size_t *len, struct pcp_why *why)
{
	const json_t *field;
	size_t n;

	*len = 0;
	json_array_foreach(fields, n, field)
	{
		uint32_t off, octets;

		if (!uint_of(json_object_get(field, "offset"), PCP_EDIT_MAX, &off) ||
		    !uint_of(json_object_get(field, "length"), PCP_EDIT_MAX, &octets) ||
		    off + octets > PCP_EDIT_MAX)
			return pcp_refuse(why, 0,
					  "fields[%zu]: offset and length must be numbers, and "
					  "end by %d",
					  n, PCP_EDIT_MAX);
		if (off + octets > *len)
			*len = off + octets;
	}
	return true;
}

/* Whether the typed value has other octets than the leaf has room for. */
static bool changes_length(const struct building *b, size_t node, const char *typed)
{
	const struct pcp_node *leaf = &b->node[node];
	uint8_t octets[PCP_EDIT_MAX];
	struct pcp_why ignored;
	size_t len;

	return leaf->field->len == 0 &&
	       pcp_parse_value(leaf->field, typed, pcp_node_v4(&b->packet, node), octets,
			       sizeof octets, &len, &ignored) &&
	       len != leaf->len;
}

static bool set_string(struct building *b, const char *path, const char *typed, struct pcp_why *why)
{
	size_t node;
	bool done;

	pcp_edit_decode(b->edit, &b->packet, b->node, PCP_NODES_MAX);
	node = pcp_node_find(&b->packet, path);
	if (node == PCP_NO_NODE || !b->node[node].field)
		return pcp_refuse(why, 0, "the packet has no such field here");
	b->edit->exact = !changes_length(b, node, typed);
	if (!b->edit->exact && b->node[node].field->kind == PCP_PADDING)
		return true; /* it follows the data */
	done = pcp_edit_set(b->edit, path, typed, why);
	b->edit->exact = true;
	return done;
}

static bool set_field(struct building *b, const json_t *field, struct pcp_why *why)
{
	const json_t *value = json_object_get(field, "value");
	const char *path = string_of(field, "path");
	struct pcp_why inner;
	uint32_t number;

	if (!path)
		return pcp_refuse(why, 0, "a field without a path");
	if (json_is_string(value)) {
		if (set_string(b, path, json_string_value(value), why))
			return true;
	} else if (!uint_of(value, UINT32_MAX, &number)) {
		pcp_refuse(why, 0, "value must be a string, or a number from 0 to 4294967295");
	} else if (pcp_edit_set_uint(b->edit, path, number)) {
		return true;
	} else {
		pcp_refuse(why, 0, "%lu does not fit there", (unsigned long)number);
	}
	inner = *why;
	return pcp_refuse(why, 0, "%s: %s", pcp_quoted(path).text, inner.text);
}

static bool from_fields(const json_t *fields, struct pcp_edit *edit, struct pcp_why *why)
{
	struct building *b = calloc(1, sizeof *b);
	size_t len;
	bool done = b || pcp_no_memory(why);

	done = done && extent(fields, &len, why) && pcp_edit_blank(edit, len);
	edit->exact = true;
	if (done)
		b->edit = edit;
	for (size_t i = 0; done && i < json_array_size(fields); i++)
		done = set_field(b, json_array_get(fields, i), why);
	free(b);
	return done;
}

static enum pcp_direction direction_of(const json_t *object)
{
	const char *direction = string_of(object, "direction");

	if (!direction)
		return PCP_DIRECTION_GUESS;
	return strcmp(direction, "response") ? PCP_REQUEST : PCP_RESPONSE;
}

static bool from_object(const json_t *object, struct pcp_edit *edit, struct pcp_why *why)
{
	const json_t *fields = json_object_get(object, "fields");
	const char *hex = string_of(object, "hex");

	edit->direction = direction_of(object);
	if (json_is_array(fields))
		return from_fields(fields, edit, why);
	if (hex)
		return pcp_hex_parse(hex, edit->octets, sizeof edit->octets, &edit->len, why);
	return pcp_refuse(why, 0, "the object has neither \"fields\" nor \"hex\"");
}

bool packet_from_json(const char *json, struct pcp_edit *edit, struct pcp_why *why)
{
	json_t *object = json_read(json, why);
	bool done = object && from_object(object, edit, why);

	json_read_end(object);
	return done;
}

bool packet_from_json_file(const char *name, struct pcp_edit *edit, struct pcp_why *why)
{
	char *json = slurp(name, JSON_MAX, why);
	bool done = json && packet_from_json(json, edit, why);

	free(json);
	return done;
}
