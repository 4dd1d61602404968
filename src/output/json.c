/* Writes JSON objects into lines that grow, and escapes their texts. */
#include "json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "out.h"
#include "text.h"
#include "writer-private.h"

enum {
	FIRST_CAP = 4096, /* octets of a line: a plain packet has some 3,000 */
	DIGITS = 20,	  /* of the largest number */
};

static bool grow(struct json *json, size_t len)
{
	size_t cap = json->cap ? json->cap : FIRST_CAP;
	char *line;

	while (cap <= json->len + len)
		cap *= 2;
	line = json->failed ? NULL : realloc(json->line, cap);
	json->failed = !line;
	if (line) {
		json->line = line;
		json->cap = cap;
	}
	return line != NULL;
}

/* Whether so many octets have room; one more stays free for the NUL. */
static inline bool has_room(struct json *json, size_t len)
{
	return json->len + len < json->cap || grow(json, len);
}

/* The place of as many, which the caller fills; NULL: memory is out. */
static inline char *place(struct json *json, size_t len)
{
	size_t at = json->len;

	if (!has_room(json, len))
		return NULL;
	json->len += len;
	return json->line + at;
}

static inline void put_octets(struct json *json, const char *octets, size_t len)
{
	char *at = place(json, len);

	if (at)
		memcpy(at, octets, len);
}

static void put(struct json *json, const char *octets)
{
	put_octets(json, octets, strlen(octets));
}

/* ---- texts: RFC 8259 7, 8.1 ---- */

/* Octets of the well-formed character; 0: they are none. */
static size_t character(const uint8_t *at, size_t len)
{
	for (size_t n = 1; n <= 4 && n <= len; n++)
		if (pcp_utf8_valid(at, n))
			return n;
	return 0;
}

static uint32_t code_point(const uint8_t *at, size_t n)
{
	uint32_t code = n == 1 ? at[0] : at[0] & (0xffU >> (n + 1));

	for (size_t i = 1; i < n; i++)
		code = code << 6 | (at[i] & 0x3fU);
	return code;
}

/* Beyond 16 bits as a pair of surrogates. */
static void put_escaped(struct json *json, uint32_t code)
{
	char text[16];

	if (code > 0xffff)
		snprintf(text, sizeof text, "\\u%04x\\u%04x", 0xd800 + ((code - 0x10000) >> 10),
			 0xdc00 + (code & 0x3ff));
	else
		snprintf(text, sizeof text, "\\u%04x", code);
	put(json, text);
}

/* What changes the line around it on a terminal is escaped, though JSON would take it. */
static bool shows(const uint8_t *at, size_t n)
{
	char safe[32];

	return n == 1 ? *at >= ' ' && *at < 0x7f
		      : pcp_safe_text(at, n, safe, sizeof safe) == n && !memcmp(safe, at, n);
}

/* Octets that stand for themselves, most of most texts; the NUL ends them. */
static size_t plain_run(const uint8_t *at)
{
	static const uint8_t not_plain[256] = {
		[0] = 1,   1,	       1,	   1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
		1,	   1,	       1,	   1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* controls
											*/
		['"'] = 1, ['\\'] = 1, [0x7f] = 1,
	};
	size_t n = 0;

	while (at[n] < 0x80 && !not_plain[at[n]])
		n++;
	return n;
}

static void put_quoted(struct json *json, const char *text, size_t len)
{
	char *at = place(json, len + 2);

	if (!at)
		return;
	at[0] = at[len + 1] = '"';
	memcpy(at + 1, text, len);
}

static void put_string(struct json *json, const char *text)
{
	const uint8_t *at = (const uint8_t *)text;
	size_t n = plain_run(at), len;
	char octet[8];

	if (!at[n]) {
		put_quoted(json, text, n);
		return;
	}
	put(json, "\"");
	for (len = strlen(text); len; at += n, len -= n) {
		n = plain_run(at);
		if (n) {
			put_octets(json, (const char *)at, n);
			continue;
		}
		n = character(at, len);
		if (!n) {
			n = 1;
			snprintf(octet, sizeof octet, "\\\\x%02x", *at);
			put(json, octet);
		} else if (*at == '"' || *at == '\\') {
			put_octets(json, (const char[]){ '\\', (char)*at }, 2);
		} else if (shows(at, n)) {
			put_octets(json, (const char *)at, n);
		} else {
			put_escaped(json, code_point(at, n));
		}
	}
	put(json, "\"");
}

/* ---- members ---- */

static void begin(struct json *json, const char *key)
{
	size_t comma = json->follows, len = key ? strlen(key) : 0;
	char *at = place(json, comma + (key ? len + 3 : 0));

	json->follows = true;
	if (!at)
		return;
	if (comma)
		*at++ = ',';
	if (!key)
		return;
	*at++ = '"';
	memcpy(at, key, len); /* a word of ours */
	memcpy(at + len, "\":", 2);
}

void json_text(struct json *json, const char *key, const char *text)
{
	begin(json, key);
	put_string(json, text);
}

void json_word(struct json *json, const char *key, const char *word)
{
	begin(json, key);
	put_quoted(json, word, strlen(word));
}

void json_uint(struct json *json, const char *key, uint64_t value)
{
	struct pcp_out out;

	begin(json, key);
	if (!has_room(json, DIGITS))
		return;
	pcp_out_begin(&out, json->line + json->len, json->cap - json->len);
	pcp_out_uint(&out, value);
	json->len += out.len;
}

void json_thousandths(struct json *json, const char *key, uint64_t value)
{
	char text[32];

	begin(json, key);
	snprintf(text, sizeof text, "%" PRIu64 ".%03u", value / 1000, (unsigned)(value % 1000));
	put(json, text);
}

void json_bool(struct json *json, const char *key, bool value)
{
	begin(json, key);
	put(json, value ? "true" : "false");
}

void json_none(struct json *json, const char *key)
{
	begin(json, key);
	put(json, "null");
}

static void nest(struct json *json, const char *key, const char *opening, char closing)
{
	begin(json, key);
	put(json, opening);
	json->closing[json->depth++] = closing;
	json->follows = false;
}

void json_begin_object(struct json *json, const char *key)
{
	nest(json, key, "{", '}');
}

void json_begin_array(struct json *json, const char *key)
{
	nest(json, key, "[", ']');
}

void json_end(struct json *json)
{
	put_octets(json, &json->closing[--json->depth], 1);
	json->follows = true;
}

/* ---- lines ---- */

struct json json_line(struct writer *writer)
{
	return (struct json){ .writer = writer };
}

bool json_pass(struct json *json)
{
	if (!json->depth) {
		json_begin_object(json, NULL);
		return true;
	}
	json_end(json);
	if (json->failed) {
		writer_no_memory(json->writer);
	} else {
		json->line[json->len] = '\0';
		writer_line(json->writer, json->line);
	}
	free(json->line);
	return false;
}
