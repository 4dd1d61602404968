/* Writes JSON objects into lines that grow, and escapes their texts. */
#include "json.h"

#include <inttypes.h>
#include <stdlib.h>

#include "text.h"
#include "writer-private.h"

enum { FIRST_ROOM = 4096 }; /* octets of a line: a plain packet has some 2,000 */

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
static void out_code(struct pcp_out *out, uint32_t code)
{
	if (code > 0xffff)
		pcp_out_format(out, "\\u%04x\\u%04x", 0xd800 + ((code - 0x10000) >> 10),
			       0xdc00 + (code & 0x3ff));
	else
		pcp_out_format(out, "\\u%04x", code);
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
	/* clang-format off */
	static const bool plain[256] = {
		[' '] = 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* not '"' */
		['0'] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
		['@'] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
		['P'] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, /* not '\\' */
		['`'] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
		['p'] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, /* not DEL */
	};
	/* clang-format on */
	size_t n = 0;

	while (plain[at[n]])
		n++;
	return n;
}

static void out_character(struct pcp_out *out, const uint8_t *at, size_t n)
{
	if (*at == '"' || *at == '\\')
		pcp_out_octets(out, (const char[]){ '\\', (char)*at }, 2);
	else if (shows(at, n))
		pcp_out_octets(out, (const char *)at, n);
	else
		out_code(out, code_point(at, n));
}

static void out_escaped(struct pcp_out *out, const uint8_t *at, size_t len)
{
	for (size_t n; len; at += n, len -= n) {
		n = plain_run(at);
		if (n) {
			pcp_out_octets(out, (const char *)at, n);
			continue;
		}
		n = character(at, len);
		if (n)
			out_character(out, at, n);
		else
			pcp_out_format(out, "\\\\x%02x", *at);
		n += !n;
	}
}

/* Writes what was written from there on once more, from behind the place that it now takes. */
static void escape(struct pcp_out *out, size_t from)
{
	struct pcp_out taken = { 0 };
	size_t len = out->len - from;
	char *text = out->buf + from, *place;

	out_escaped(&taken, (const uint8_t *)text, len);
	out->len = from;
	if (!pcp_out_place(out, taken.len + 1 + len, &place))
		return;
	text = memmove(place + taken.len + 1, text, len);
	out->len = from;
	out_escaped(out, (const uint8_t *)text, len);
}

/* Most texts are plain, and stay as they are. */
void json_end_text(struct json *json)
{
	struct pcp_out *out = &json->out;

	if (out->len < out->cap &&
	    plain_run((const uint8_t *)out->buf + json->text) < out->len - json->text)
		escape(out, json->text);
	json_end_word(json);
}

void json_again(struct json *json, const char *key)
{
	size_t from = json->text - 1, len = json->out.len - from;
	char *place;

	json_key(json, key, "");
	if (pcp_out_place(&json->out, len, &place))
		memcpy(place, json->out.buf + from, len);
}

/* ---- members ---- */

void json_thousandths(struct json *json, const char *key, uint64_t value)
{
	json_key(json, key, "");
	pcp_out_uint(&json->out, value / 1000);
	pcp_out_text(&json->out, ".");
	pcp_out_digits(&json->out, value % 1000, 3);
}

void json_bool(struct json *json, const char *key, bool value)
{
	json_key(json, key, value ? "true" : "false");
}

void json_none(struct json *json, const char *key)
{
	json_key(json, key, "null");
}

/* ---- lines ---- */

struct json json_line(struct writer *writer)
{
	return (struct json){ .writer = writer };
}

/* Room for so long a line, and for the longest before, which the next are like. */
static bool make_room(struct json *json, size_t len)
{
	struct writer *writer = json->writer;
	char *line = writer->line;

	if (writer->room <= len) {
		free(line);
		line = NULL;
		writer->room = len < FIRST_ROOM ? FIRST_ROOM : len + 1;
	}
	free(json->out.buf);
	writer->line = NULL; /* nobody else writes into it */
	line = line ? line : malloc(writer->room);
	pcp_out_begin(&json->out, line, line ? writer->room : 0);
	return line != NULL;
}

static void put_line(struct json *json)
{
	struct writer *writer = json->writer;

	writer_line(writer, json->out.buf);
	if (!writer->held || writer->line || writer->room != json->out.cap)
		free(json->out.buf);
	else
		writer->line = json->out.buf;
}

bool json_pass(struct json *json)
{
	if (json->depth)
		json_end(json);
	if (json->out.len < json->out.cap) {
		put_line(json);
		return false;
	}
	if (!make_room(json, json->out.len)) {
		writer_no_memory(json->writer);
		return false;
	}
	json->follows = false;
	json_begin_object(json, NULL);
	return true;
}
