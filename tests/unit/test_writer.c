/* Text and JSON output, and the way back from JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "packet-json.h"
#include "random.h"
#include "text.h"
#include "vectors.h"
#include "writer.h"

static struct vector vectors[VECTORS_MAX];
static struct pcp_node node[PCP_NODES_MAX];

/* ---- what was written ---- */

struct written {
	char text[262144];
	size_t lines, errors;
};

static struct written written;

static void keep(void *arg, const char *line)
{
	(void)arg;
	assert_true(strlen(written.text) + strlen(line) + 2 < sizeof written.text);
	strcat(strcat(written.text, line), "\n");
	written.lines++;
}

static void keep_error(void *arg, const char *line)
{
	written.errors++;
	keep(arg, line);
}

static struct writer writer(bool json)
{
	memset(&written, 0, sizeof written);
	return (struct writer){ .json = json,
				.to = { .line = keep, .error = json ? NULL : keep_error } };
}

static json_t *parsed(void)
{
	json_t *object = json_loads(written.text, JSON_REJECT_DUPLICATES, NULL);

	assert_int_equal(written.lines, 1);
	assert_non_null(object);
	return object;
}

static const char *string_of(const json_t *object, const char *key)
{
	const json_t *item = json_object_get(object, key);

	assert_true(json_is_string(item));
	return json_string_value(item);
}

static size_t number_of(const json_t *object, const char *key)
{
	const json_t *item = json_object_get(object, key);

	assert_true(json_is_number(item));
	return (size_t)json_number_value(item);
}

static void decode(const struct vector *v, struct pcp_packet *packet)
{
	pcp_decode(packet, v->octets, v->len, PCP_DIRECTION_GUESS, 0, node, PCP_NODES_MAX);
}

/* ---- a packet as JSON ---- */

/* The fields tile the packet: each starts where the last ended, or shares its octets (bits). */
static void check_tiling(const json_t *fields, size_t len)
{
	size_t start = 0, end = 0, at;
	const json_t *field;

	json_array_foreach(fields, at, field)
	{
		size_t off = number_of(field, "offset"), octets = number_of(field, "length");

		assert_true(off == end || (off == start && off + octets == end));
		start = off;
		end = off + octets;
	}
	assert_int_equal(end, len);
}

static void check_values(const json_t *fields, const struct pcp_packet *packet)
{
	const json_t *field;
	size_t at;

	json_array_foreach(fields, at, field)
	{
		const json_t *value = json_object_get(field, "value");
		size_t i = pcp_node_find(packet, string_of(field, "path"));
		char text[8192];

		assert_int_not_equal(i, PCP_NO_NODE);
		assert_int_equal(packet->node[i].off, number_of(field, "offset"));
		pcp_node_text(packet, i, text, sizeof text);
		assert_string_equal(string_of(field, "text"), text);
		if (json_is_number(value)) {
			assert_true(json_number_value(value) == (double)pcp_node_uint(packet, i));
		} else {
			pcp_node_typed(packet, i, text, sizeof text);
			assert_string_equal(string_of(field, "value"), text);
		}
	}
}

static void test_json(void **state)
{
	const struct vector *v = *state;
	struct writer out = writer(true);
	struct pcp_packet packet;
	char hex[2 * PCP_EDIT_MAX + 1], summary[256];
	json_t *object, *fields;

	decode(v, &packet);
	write_packet(&out, &packet, NULL);
	object = parsed();
	pcp_hex_text(v->octets, v->len, hex, sizeof hex);
	pcp_summary(&packet, summary, sizeof summary);
	assert_string_equal(string_of(object, "hex"), hex);
	assert_string_equal(string_of(object, "summary"), summary);
	assert_int_equal(number_of(object, "length"), v->len);
	assert_string_equal(string_of(object, "protocol"), v->octets[0] ? "PCP" : "NAT-PMP");
	assert_string_equal(string_of(object, "direction"),
			    packet.direction == PCP_RESPONSE ? "response" : "request");
	fields = json_object_get(object, "fields");
	check_tiling(fields, v->len);
	check_values(fields, &packet);
	assert_true(json_is_array(json_object_get(object, "findings")));
	json_decref(object);
}

/* A number, an address, octets and a text, as DESIGN has them. */
static void test_json_kinds(void **state)
{
	static const char hex[] =
		"0201000000000e1000000000000000000000ffffc0a80564a0a1a2a3a4a5a6a7a8a9"
		"aaab060000001f90000000000000000000000000ffff00000000"
		"8000000377656200";
	static const struct {
		const char *path, *value, *text;
	} want[] = {
		{ "header.lifetime", "3600", "3600 s = 1:00:00" },
		{ "header.client_address", "\"192.168.5.100\"", "192.168.5.100" },
		{ "map.nonce", "\"a0a1a2a3a4a5a6a7a8a9aaab\"", "a0a1a2a3a4a5a6a7a8a9aaab" },
		{ "map.protocol", "6", "6 tcp" },
		{ "options[0].code", "128", "128 DESCRIPTION" },
		{ "options[0].description.text", "\"web\"", "web" },
		{ "options[0].padding", "\"00\"", "0" },
	};
	struct writer out = writer(true);
	struct pcp_packet packet;
	uint8_t octets[128];
	struct pcp_why why;
	size_t len, met = 0, at;
	json_t *object, *field;

	(void)state;
	assert_true(pcp_hex_parse(hex, octets, sizeof octets, &len, &why));
	pcp_decode(&packet, octets, len, PCP_REQUEST, 0, node, PCP_NODES_MAX);
	write_packet(&out, &packet, NULL);
	object = parsed();
	json_array_foreach(json_object_get(object, "fields"), at, field)
	{
		char *value = json_dumps(json_object_get(field, "value"), JSON_ENCODE_ANY);

		for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
			if (strcmp(want[i].path, string_of(field, "path")))
				continue;
			assert_string_equal(value, want[i].value);
			assert_string_equal(string_of(field, "text"), want[i].text);
			met++;
		}
		free(value);
	}
	assert_int_equal(met, sizeof want / sizeof want[0]);
	json_decref(object);
}

/* ---- and back ---- */

static void test_json_back(void **state)
{
	const struct vector *v = *state;
	struct pcp_edit edit = { .len = 0 };
	struct pcp_why why = { .text = "" };
	struct pcp_packet packet;

	for (size_t len = v->len; len > 0; len--) {
		struct writer out = writer(true);

		pcp_decode(&packet, v->octets, len, PCP_DIRECTION_GUESS, 0, node, PCP_NODES_MAX);
		write_packet(&out, &packet, NULL);
		if (!packet_from_json(written.text, &edit, &why))
			fail_msg("%s cut to %zu: %s", v->name, len, why.text);
		assert_int_equal(edit.len, len);
		assert_memory_equal(edit.octets, v->octets, len);
	}
}

#define HEADER(opcode)                                                                             \
	"{\"path\":\"header.version\",\"offset\":0,\"length\":1,\"value\":2},"                     \
	"{\"path\":\"header.r\",\"offset\":1,\"length\":1,\"value\":0},"                           \
	"{\"path\":\"header.opcode\",\"offset\":1,\"length\":1,\"value\":" opcode "}"

static const struct bad_row {
	const char *json, *names;
} bad[] = {
	{ "", "JSON" },
	{ "nothing", "JSON" },
	{ "[]", "fields" },
	{ "{}", "fields" },
	{ "{\"hex\":\"0g\"}", "g" },
	{ "{\"fields\":[{}]}", "offset" },
	{ "{\"fields\":[{\"offset\":-1,\"length\":1}]}", "offset" },
	{ "{\"fields\":[{\"offset\":2048,\"length\":1}]}", "offset" },
	{ "{\"fields\":[{\"offset\":0,\"length\":1.5}]}", "offset" },
	{ "{\"fields\":[{\"offset\":0,\"length\":1,\"value\":2}]}", "path" },
	{ "{\"fields\":[{\"path\":\"nothing\",\"offset\":0,\"length\":1,\"value\":2}]}",
	  "nothing" },
	{ "{\"fields\":[{\"path\":\"nothing\",\"offset\":0,\"length\":1,\"value\":\"2\"}]}",
	  "nothing" },
	{ "{\"fields\":[{\"path\":\"header.version\",\"offset\":0,\"length\":24,\"value\":true}]}",
	  "header.version" },
	{ "{\"fields\":[" HEADER("300") "]}", "header.opcode" },
};

static void test_json_bad(void **state)
{
	const struct bad_row *row = *state;
	struct pcp_edit edit = { .len = 0 };
	struct pcp_why why = { .text = "" };

	assert_false(packet_from_json(row->json, &edit, &why));
	if (!strstr(why.text, row->names))
		fail_msg("%s: \"%s\" does not name %s", row->json, why.text, row->names);
}

/* A longer text pushes what follows back; Length and padding follow. */
static void test_json_edited(void **state)
{
	static const char hex[] =
		"0201000000000e1000000000000000000000ffffc0a80564a0a1a2a3a4a5a6a7a8a9"
		"aaab060000001f90000000000000000000000000ffff00000000"
		"8000000377656200"
		"02000000";
	static const uint8_t want[] = { 0x80, 0,   0, 6, 'w', 'e', 'b', 'b',
					'e',  'r', 0, 0, 2,   0,   0,	0 };
	struct writer out = writer(true);
	struct pcp_edit edit = { .len = 0 };
	struct pcp_why why;
	struct pcp_packet packet;
	uint8_t octets[128];
	char json[8192], *at;
	size_t len;

	(void)state;
	assert_true(pcp_hex_parse(hex, octets, sizeof octets, &len, &why));
	pcp_decode(&packet, octets, len, PCP_REQUEST, 0, node, PCP_NODES_MAX);
	write_packet(&out, &packet, NULL);
	at = strstr(written.text, "\"value\":\"web\"");
	assert_non_null(at);
	snprintf(json, sizeof json, "%.*s\"value\":\"webber\"%s", (int)(at - written.text),
		 written.text, at + strlen("\"value\":\"web\""));
	assert_true(packet_from_json(json, &edit, &why));
	assert_int_equal(edit.len, 60 + sizeof want);
	assert_memory_equal(edit.octets + 60, want, sizeof want);
}

/* ---- text ---- */

static void test_text(void **state)
{
	const struct vector *v = *state;
	struct writer out = writer(false);
	struct pcp_packet packet;
	char summary[256];
	size_t leaves = 0;

	decode(v, &packet);
	write_packet(&out, &packet, NULL);
	pcp_summary(&packet, summary, sizeof summary);
	assert_non_null(strstr(written.text, summary));
	for (size_t i = 0; i < packet.nnode; i++)
		leaves += node[i].field != NULL;
	assert_true(written.lines > leaves);
}

/* What the network says never reaches the terminal as it is. */
static void test_text_is_safe(void **state)
{
	static const uint8_t evil[] = {
		0x80, 0, 0, 8, 0x1b, '[', '2', 'J', 0x9b, 0xff, 0x07, '\n'
	};
	struct writer out = writer(*state != NULL);
	uint8_t octets[60 + sizeof evil] = { 2, 1 };
	struct pcp_packet packet;

	memcpy(octets + 60, evil, sizeof evil);
	pcp_decode(&packet, octets, sizeof octets, PCP_REQUEST, 0, node, PCP_NODES_MAX);
	write_packet(&out, &packet, NULL);
	for (const char *p = written.text; *p; p++)
		assert_true(*p == '\n' || ((unsigned char)*p >= 0x20 && (unsigned char)*p < 0x7f));
	assert_non_null(strstr(written.text, *state ? "\\\\x1b[2J" : "\\x1b[2J"));
}

static void test_long_text(void **state)
{
	struct writer out = writer(false);
	uint8_t octets[60 + 4 + 1016] = { 2, 1 };
	struct pcp_packet packet;

	(void)state;
	memcpy(octets + 60, "\x80\0\x03\xf8", 4);
	memset(octets + 64, 0x1b, 1016);
	pcp_decode(&packet, octets, sizeof octets, PCP_REQUEST, 0, node, PCP_NODES_MAX);
	write_packet(&out, &packet, NULL);
	assert_true(strlen(written.text) > 4 * 1016);
}

/* One packet of the sizes that share the room of held lines: plain, long, and with more findings
 * than there is room for at first. */
static void write_nth(struct writer *out, size_t nth)
{
	uint8_t octets[1100] = { 2, 1 };
	struct pcp_packet packet;
	size_t len = 60;

	if (nth % 3 == 1) {
		memcpy(octets + 60, "\x80\0\x03\xf8", 4);
		memset(octets + 64, 0x1b, 1016);
		len = 64 + 1016;
	} else if (nth % 3 == 2) {
		for (len = 60; len + 4 <= sizeof octets; len += 4)
			octets[len] = 0xfe;
	}
	pcp_decode(&packet, octets, len, PCP_REQUEST, 0, node, PCP_NODES_MAX);
	write_packet(out, &packet, NULL);
}

static void test_held(void **state)
{
	static char alone[sizeof written.text];
	struct writer out = writer(*state != NULL);
	size_t errors;

	for (size_t i = 0; i < 4; i++)
		write_nth(&out, i);
	strcpy(alone, written.text);
	errors = out.errors;
	out = writer(*state != NULL);
	writer_hold(&out);
	for (size_t i = 0; i < 4; i++)
		write_nth(&out, i);
	writer_let_go(&out);
	assert_string_equal(written.text, alone);
	assert_int_equal(out.errors, errors);
	assert_null(out.view);
}

/* ---- sentences, mappings, events ---- */

static void test_sentences(void **state)
{
	struct writer out = writer(false);
	json_t *object;

	(void)state;
	write_note(&out, "%s %d", "note", 1);
	write_error(&out, "%s %d", "error", 2);
	assert_string_equal(written.text, "note 1\nerror 2\n");
	assert_int_equal(written.errors, 1);
	out = writer(true);
	write_error(&out, "a \"quoted\" word");
	object = parsed();
	assert_string_equal(string_of(object, "error"), "a \"quoted\" word");
	json_decref(object);
}

/* Any octets give a line in UTF-8 that nothing in it leaves: what is no UTF-8 stands there as \xNN.
 */
static void test_hostile_sentences(void **state)
{
	static const struct {
		const char *text, *line;
	} rows[] = {
		{ "\x1b[31m\a\x7f", "\\u001b[31m\\u0007\\u007f" },
		{ "a\xff"
		  "b\xc3",
		  "a\\\\xffb\\\\xc3" },
		{ "\xc3\xa9 \xf0\x9f\x98\x80", "\xc3\xa9 \xf0\x9f\x98\x80" },
		{ "\xc2\x9b", "\\u009b" },		  /* C1 */
		{ "\xe2\x80\xae", "\\u202e" },		  /* turns the line round */
		{ "\xf3\xa0\x81\x81", "\\udb40\\udc41" }, /* a tag, which shows as nothing */
		{ "\xc0\xaf\xed\xa0\x80", "\\\\xc0\\\\xaf\\\\xed\\\\xa0\\\\x80" },
		{ "\"\\\n", "\\\"\\\\\\u000a" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct writer out = writer(true);
		char line[256];

		write_note(&out, "%s", rows[i].text);
		snprintf(line, sizeof line, "{\"note\":\"%s\"}\n", rows[i].line);
		assert_string_equal(written.text, line);
		json_decref(parsed());
	}
}

/* A line has whatever room it needs, and what comes after it too. */
static void test_long_sentences(void **state)
{
	static char text[5000], right[6 * sizeof text + 64];
	struct writer out = writer(true);

	(void)state;
	for (size_t len = 4050; len < sizeof text; len += 7) {
		size_t n = (size_t)sprintf(right, "{\"note\":\"");

		for (size_t i = 0; i < len; i++) {
			text[i] = "ab\"\1"[i % 4];
			n += (size_t)sprintf(
				right + n, "%s",
				(const char *[]){ "a", "b", "\\\"", "\\u0001" }[i % 4]);
		}
		text[len] = '\0';
		sprintf(right + n, "\"}\n");
		memset(&written, 0, sizeof written);
		write_note(&out, "%s", text);
		assert_string_equal(written.text, right);
	}
}

static const struct pcp_mapping mapping = {
	.id = 7,
	.server = 1,
	.state = MAPPING_GRANTED,
	.version = 2,
	.opcode = PCP_PEER,
	.internal = { [10] = 0xff, [11] = 0xff, [12] = 10, [15] = 1 },
	.external = { [10] = 0xff, [11] = 0xff, [12] = 203, [14] = 113, [15] = 9 },
	.remote = { [0] = 0x20, [1] = 1, [15] = 1 },
	.protocol = 6,
	.internal_port = 80,
	.external_port = 8080,
	.remote_port = 443,
	.lifetime = 600,
	.expires_at = 100 * USEC_PER_SEC,
	.description = "web",
};

static void test_mapping_text(void **state)
{
	struct writer out = writer(false);

	(void)state;
	write_mapping(&out, &mapping, 40 * USEC_PER_SEC);
	assert_non_null(strstr(written.text, "7 "));
	assert_non_null(strstr(written.text, "10.0.0.1:80 -> 203.0.113.9:8080 to [2001::1]:443"));
	assert_non_null(strstr(written.text, "0:01:00"));
	assert_non_null(strstr(written.text, "web"));
}

/* What was refused leads nowhere: it says why instead. */
static void test_refused_text(void **state)
{
	static const struct {
		uint8_t version, result;
		const char *says;
	} rows[] = { { 2, 2, "  NOT_AUTHORIZED: " },
		     { 2, 3, "  MALFORMED_REQUEST: " },
		     { 0, 3, "  NETWORK_FAILURE: The gateway has no external" },
		     { 2, 99, "  result code 99, which no document assigns" },
		     { 0, 99, "  result code 99, which no document assigns" } };
	struct pcp_mapping refused = mapping;

	(void)state;
	refused.state = MAPPING_HOLDING;
	refused.expires_at = USEC_NEVER;
	refused.external_port = 0;
	memset(refused.external, 0, sizeof refused.external);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct writer out = writer(false);

		refused.version = rows[i].version;
		refused.result = rows[i].result;
		write_mapping(&out, &refused, 40 * USEC_PER_SEC);
		assert_non_null(
			strstr(written.text, "7 refused PEER tcp 10.0.0.1:80 to [2001::1]"));
		assert_non_null(strstr(written.text, rows[i].says));
		assert_null(strstr(written.text, "->"));
	}
}

static void test_mapping_json(void **state)
{
	struct writer out = writer(true);
	const json_t *row;
	json_t *object;

	(void)state;
	write_mapping(&out, &mapping, 40 * USEC_PER_SEC);
	object = parsed();
	row = json_object_get(object, "mapping");
	assert_int_equal(number_of(row, "id"), 7);
	assert_string_equal(string_of(row, "opcode"), "PEER");
	assert_string_equal(string_of(row, "internal_address"), "10.0.0.1");
	assert_string_equal(string_of(row, "remote_address"), "2001::1");
	assert_int_equal(number_of(row, "expires_in"), 60);
	assert_string_equal(string_of(row, "nonce"), "000000000000000000000000");
	json_decref(object);
}

static void test_events(void **state)
{
	struct pcp_client_server server = { .id = 3 };
	struct pcp_client_event event = { .kind = CLIENT_SENT, .server = &server, .reason = "why" };

	(void)state;
	for (int kind = CLIENT_SENT; kind <= CLIENT_SERVER; kind++) {
		struct writer out = writer(true);
		json_t *object;

		event.kind = (enum pcp_client_event_kind)kind;
		write_event(&out, &event);
		object = parsed();
		assert_true(strlen(string_of(object, "event")) > 3);
		assert_int_equal(number_of(object, "server"), 3);
		json_decref(object);
		out = writer(false);
		write_event(&out, &event);
		assert_non_null(strstr(written.text, "why"));
	}
}

/* MAP requests of as many octets and fields before their last option, which is the third of the one
 * and the fourth of the other; and one with a longer option in front. */
static size_t add_lists(struct vector *vector)
{
	static const struct list {
		uint8_t octets[40];
		size_t len;
	} lists[] = {
		{ { PCP_FILTER, 0, 0, 20, [24] = PCP_DESCRIPTION, 0, 0, 4, 't', 'e', 'x', 't',
		    PCP_PREFER_FAILURE },
		  36 },
		{ { PCP_PREFER_FAILURE, [4] = PCP_PREFER_FAILURE, [8] = PCP_DESCRIPTION, 0, 0, 20,
		    't', [32] = PCP_PREFER_FAILURE },
		  36 },
		{ { PCP_DESCRIPTION, 0, 0, 4, 't', 'e', 'x', 't', PCP_PREFER_FAILURE }, 12 },
		{ { PCP_DESCRIPTION, 0, 0, 8, 't', [12] = PCP_PREFER_FAILURE }, 16 },
	};
	size_t n = sizeof lists / sizeof lists[0];

	for (size_t i = 0; i < n; i++) {
		vector[i] = (struct vector){ .name = "list", .octets = { 2, 1 } };
		memcpy(vector[i].octets + 60, lists[i].octets, lists[i].len);
		vector[i].len = 60 + lists[i].len;
	}
	return n;
}

static void write_vector(struct writer *out, const struct vector *v)
{
	struct pcp_packet packet;

	decode(v, &packet);
	write_packet(out, &packet, NULL);
}

/* What is kept of one packet for the next is for those alone whose fields stand where they stood.
 */
static void test_held_in_any_order(void **state)
{
	static struct vector of[VECTORS_MAX + 4];
	static char *alone[VECTORS_MAX + 4];
	size_t count = vectors_load(of);
	struct writer out;
	struct pcp_rng rng;

	(void)state;
	count += add_lists(&of[count]);
	for (size_t i = 0; i < count; i++) {
		out = writer(true);
		write_vector(&out, &of[i]);
		alone[i] = strdup(written.text);
	}
	pcp_rng_seeded(&rng, 1);
	out = writer(true);
	writer_hold(&out);
	for (int n = 0; n < 2000; n++) {
		/* The lists half of the time, so that they follow each other. */
		size_t i = n % 2 ? pcp_rng_below(&rng, count) : count - 1 - (size_t)n / 2 % 4;

		*written.text = '\0';
		write_vector(&out, &of[i]);
		assert_string_equal(written.text, alone[i]);
	}
	writer_let_go(&out);
	for (size_t i = 0; i < count; i++)
		free(alone[i]);
}

enum { TESTS_MAX = 512 };

static struct CMUnitTest tests[TESTS_MAX];
static size_t ntests;

static void add(const char *name, CMUnitTestFunction function, const void *row)
{
	if (ntests < TESTS_MAX)
		tests[ntests++] =
			(struct CMUnitTest){ name, function, NULL, NULL, (void *)(uintptr_t)row };
}

int main(void)
{
	size_t nvectors = vectors_load(vectors);

	for (size_t i = 0; i < nvectors; i++) {
		add(vectors[i].name, test_json, &vectors[i]);
		add(vectors[i].name, test_json_back, &vectors[i]);
		add(vectors[i].name, test_text, &vectors[i]);
	}
	add("kinds of values", test_json_kinds, NULL);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		add(bad[i].json, test_json_bad, &bad[i]);
	add("edited JSON", test_json_edited, NULL);
	add("text is safe", test_text_is_safe, NULL);
	add("JSON is safe", test_text_is_safe, tests);
	add("held lines are the same", test_held, NULL);
	add("held JSON is the same", test_held, tests);
	add("held JSON is the same in any order", test_held_in_any_order, NULL);
	add("long text is whole", test_long_text, NULL);
	add("sentences", test_sentences, NULL);
	add("hostile sentences", test_hostile_sentences, NULL);
	add("long sentences", test_long_sentences, NULL);
	add("mapping as text", test_mapping_text, NULL);
	add("refused mapping as text", test_refused_text, NULL);
	add("mapping as JSON", test_mapping_json, NULL);
	add("events", test_events, NULL);
	return _cmocka_run_group_tests("writer", tests, ntests, NULL, NULL);
}
