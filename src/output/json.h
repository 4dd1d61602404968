/*
 * JSON as it is written: an object a line, member by member, without a tree. There is no line with
 * members missing: they are said again when they need more room, so that saying them must change
 * nothing; where memory is out, the line is an error.
 *
 *	struct json json = json_line(writer);
 *
 *	while (json_pass(&json))
 *		json_text(&json, "note", sentence);
 */
#ifndef JSON_H
#define JSON_H

#include <string.h>

#include "out.h"
#include "writer.h"

enum { JSON_DEPTH = 8 }; /* objects and arrays in each other */

struct json {
	struct writer *writer;
	struct pcp_out out;	  /* the line, as far as there is room */
	size_t text;		  /* where the string that is open begins in it */
	char closing[JSON_DEPTH]; /* what ends the objects and arrays that are open */
	unsigned depth;
	bool follows; /* a comma is due */
};

struct json json_line(struct writer *writer);
/* True when the members are to be said: once, and again until there was room for all of them. Then
 * it sends the line out, and is false. */
bool json_pass(struct json *json);

/* Whose key is known where it is called: what a compiler finds out of it, it finds out once. */
#define JSON_HERE static inline __attribute__((always_inline))

/* The comma that is due, the key, a word of ours, or NULL in an array, and what the value opens
 * with. */
JSON_HERE void json_key(struct json *json, const char *key, const char *opening)
{
	size_t len = key ? strlen(key) : 0, more = strlen(opening);
	bool before = json->follows;
	char *at;

	json->follows = true;
	if (!pcp_out_place(&json->out, before + (key ? len + 3 : 0) + more, &at))
		return;
	*at = ','; /* where none is due, what comes next stands there */
	at += before;
	if (key) {
		*at = '"';
		memcpy(at + 1, key, len);
		memcpy(at + 1 + len, "\":", 2);
		at += len + 3;
	}
	memcpy(at, opening, more);
}

/* A string written piece by piece with pcp_out, and then ended. The one place that escapes: any
 * octets of a text give valid JSON in UTF-8; what is no UTF-8 stands there as \xNN, as in text. A
 * word of ours needs no escape: letters, digits and the like. */
JSON_HERE struct pcp_out *json_begin_text(struct json *json, const char *key)
{
	json_key(json, key, "\"");
	json->text = json->out.len;
	return &json->out;
}
void json_end_text(struct json *json);
static inline void json_end_word(struct json *json)
{
	pcp_out_octets(&json->out, "\"", 1);
}

/* The same string as the last, which has just ended. */
void json_again(struct json *json, const char *key);

/* A member of the open object, or of the open array with key NULL. */
static inline void json_text(struct json *json, const char *key, const char *text)
{
	pcp_out_text(json_begin_text(json, key), text);
	json_end_text(json);
}
JSON_HERE void json_word(struct json *json, const char *key, const char *word)
{
	pcp_out_text(json_begin_text(json, key), word);
	json_end_word(json);
}
JSON_HERE void json_uint(struct json *json, const char *key, uint64_t value)
{
	json_key(json, key, "");
	pcp_out_uint(&json->out, value);
}
/* Members as they stood in an object before, without a comma around them. */
static inline void json_written(struct json *json, const char *members, size_t len)
{
	json_key(json, NULL, "");
	pcp_out_octets(&json->out, members, len);
}
void json_thousandths(struct json *json, const char *key, uint64_t value); /* 1234 is 1.234 */
void json_bool(struct json *json, const char *key, bool value);
void json_none(struct json *json, const char *key);
/* Each begins one, which json_end ends. */
static inline void json_nest(struct json *json, const char *key, const char *opening, char closing)
{
	json_key(json, key, opening);
	json->closing[json->depth++] = closing;
	json->follows = false;
}
static inline void json_begin_object(struct json *json, const char *key)
{
	json_nest(json, key, "{", '}');
}
static inline void json_begin_array(struct json *json, const char *key)
{
	json_nest(json, key, "[", ']');
}
static inline void json_end(struct json *json)
{
	pcp_out_octets(&json->out, &json->closing[--json->depth], 1);
	json->follows = true;
}

#endif
