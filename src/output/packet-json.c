#include "packet-json.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "slurp.h"
#include "text.h"

enum { JSON_MAX = 1 << 20 }; /* octets; the longest packet's object has some 400,000 */

struct building {
	struct pcp_edit *edit;
	struct pcp_node node[PCP_NODES_MAX];
	struct pcp_packet packet;
};

static const char *string_of(const cJSON *object, const char *key)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

	return cJSON_IsString(item) ? item->valuestring : NULL;
}

static bool uint_of(const cJSON *item, double max, uint32_t *value)
{
	if (!cJSON_IsNumber(item) || item->valuedouble < 0 || item->valuedouble > max ||
	    item->valuedouble != (double)(uint32_t)item->valuedouble)
		return false;
	*value = (uint32_t)item->valuedouble;
	return true;
}

/* Octets of the packet: where its last field ends. */
static bool extent(const cJSON *fields, size_t *len, struct pcp_why *why)
{
	const cJSON *field;
	size_t n = 0;

	*len = 0;
	cJSON_ArrayForEach(field, fields)
	{
		uint32_t off, octets;

		if (!uint_of(cJSON_GetObjectItemCaseSensitive(field, "offset"), PCP_EDIT_MAX,
			     &off) ||
		    !uint_of(cJSON_GetObjectItemCaseSensitive(field, "length"), PCP_EDIT_MAX,
			     &octets) ||
		    off + octets > PCP_EDIT_MAX)
			return pcp_refuse(why, 0,
					  "fields[%zu]: offset and length must be numbers, and "
					  "end by %d",
					  n, PCP_EDIT_MAX);
		if (off + octets > *len)
			*len = off + octets;
		n++;
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

static bool set_field(struct building *b, const cJSON *field, struct pcp_why *why)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(field, "value");
	const char *path = string_of(field, "path");
	struct pcp_why inner;
	uint32_t number;

	if (!path)
		return pcp_refuse(why, 0, "a field without a path");
	if (cJSON_IsString(value)) {
		if (set_string(b, path, value->valuestring, why))
			return true;
	} else if (!uint_of(value, UINT32_MAX, &number)) {
		pcp_refuse(why, 0, "value must be a string, or a number from 0 to 4294967295");
	} else if (pcp_edit_set_uint(b->edit, path, number)) {
		return true;
	} else {
		pcp_refuse(why, 0, "%lu does not fit there", (unsigned long)number);
	}
	inner = *why;
	return pcp_refuse(why, 0, "%.60s: %.120s", path, inner.text);
}

static bool from_fields(const cJSON *fields, struct pcp_edit *edit, struct pcp_why *why)
{
	struct building *b = calloc(1, sizeof *b);
	const cJSON *field;
	size_t len;
	bool done = b || pcp_refuse(why, 0, "out of memory");

	done = done && extent(fields, &len, why) && pcp_edit_blank(edit, len);
	edit->exact = true;
	if (done)
		b->edit = edit;
	for (field = fields->child; done && field; field = field->next)
		done = set_field(b, field, why);
	free(b);
	return done;
}

static enum pcp_direction direction_of(const cJSON *object)
{
	const char *direction = string_of(object, "direction");

	if (!direction)
		return PCP_DIRECTION_GUESS;
	return strcmp(direction, "response") ? PCP_REQUEST : PCP_RESPONSE;
}

bool packet_from_json(const char *json, struct pcp_edit *edit, struct pcp_why *why)
{
	cJSON *object = cJSON_Parse(json);
	const cJSON *fields = cJSON_GetObjectItemCaseSensitive(object, "fields");
	const char *hex = string_of(object, "hex");
	bool done;

	edit->direction = direction_of(object);
	if (!object)
		done = pcp_refuse(why, 0, "this is no JSON");
	else if (cJSON_IsArray(fields))
		done = from_fields(fields, edit, why);
	else if (hex)
		done = pcp_hex_parse(hex, edit->octets, sizeof edit->octets, &edit->len, why);
	else
		done = pcp_refuse(why, 0, "the object has neither \"fields\" nor \"hex\"");
	cJSON_Delete(object);
	return done;
}

bool packet_from_json_file(const char *name, struct pcp_edit *edit, struct pcp_why *why)
{
	char *json = slurp(name, JSON_MAX, why);
	bool done = json && packet_from_json(json, edit, why);

	free(json);
	return done;
}
