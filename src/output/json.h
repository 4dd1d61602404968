/*
 * JSON as it is written: an object a line, member by member, without a tree. There is no line with
 * members missing: where memory is out, the line is an error.
 *
 *	struct json json = json_line(writer);
 *
 *	while (json_pass(&json))
 *		json_text(&json, "note", sentence);
 */
#ifndef JSON_H
#define JSON_H

#include "writer.h"

enum { JSON_DEPTH = 8 }; /* objects and arrays in each other */

struct json {
	struct writer *writer;
	char *line;
	size_t len, cap;
	bool failed;		  /* memory is out */
	char closing[JSON_DEPTH]; /* what ends the objects and arrays that are open */
	unsigned depth;
	bool follows; /* a comma is due */
};

struct json json_line(struct writer *writer);
/* True once, to say the members; asked again it sends the line out, and is false. */
bool json_pass(struct json *json);

/* A member of the open object, its key a word of ours, or of the open array with key NULL. The one
 * place that escapes: any octets of a text give valid JSON in UTF-8; what is no UTF-8 stands there
 * as \xNN, as in text. */
void json_text(struct json *json, const char *key, const char *text);
/* The same for what needs no escape, since we have made it: letters, digits and the like. */
void json_word(struct json *json, const char *key, const char *word);
void json_uint(struct json *json, const char *key, uint64_t value);
void json_thousandths(struct json *json, const char *key, uint64_t value); /* 1234 is 1.234 */
void json_bool(struct json *json, const char *key, bool value);
void json_none(struct json *json, const char *key);
/* Each begins one, which json_end ends. */
void json_begin_object(struct json *json, const char *key);
void json_begin_array(struct json *json, const char *key);
void json_end(struct json *json);

#endif
