/* Writes the tables of proto/ as a reference, as text and as JSON. */
#include "fields.h"
#include "json.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "out.h"
#include "suggest.h"
#include "text.h"
#include "wrap.h"
#include "words.h"

enum { WIDTH = 78, LINE = 512 };

/* ---- lines ---- */

static void put(struct writer *writer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void put(struct writer *writer, const char *format, ...)
{
	char line[LINE];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	writer->to.line(writer->to.arg, line);
}

/* `text` filled into lines that start with `indent` blanks, the first with `head` instead. */
static void put_filled(struct writer *writer, const char *head, int indent, const char *text)
{
	do {
		const char *line = text;
		size_t len = pcp_wrap(line, (size_t)(WIDTH - indent), NULL, &text);

		put(writer, "%-*s%.*s", indent, head, (int)len, line);
		head = "";
	} while (*text);
}

void fields_sentence(struct writer *writer, const char *text)
{
	put_filled(writer, "", 0, text);
}

/* ---- layouts ---- */

static const char *const class_names[] = {
	[PCP_CLASS_HEADER] = "header",	   [PCP_CLASS_BODY] = "opcode",
	[PCP_CLASS_TLV] = "option header", [PCP_CLASS_OPTION] = "option",
	[PCP_CLASS_NATPMP] = "NAT-PMP",	   [PCP_CLASS_RAW] = "raw",
};

static const char *const kind_names[] = {
	[PCP_UINT] = "number",	   [PCP_NAMED] = "number",    [PCP_SECONDS] = "seconds",
	[PCP_ADDR] = "address",	   [PCP_ADDR4] = "IPv4",      [PCP_PREFIX] = "bits",
	[PCP_PREFIX6] = "prefix",  [PCP_OCTETS] = "octets",   [PCP_TEXT] = "UTF-8",
	[PCP_CODES] = "codes",	   [PCP_OPTIONS] = "options", [PCP_RESERVED] = "reserved",
	[PCP_PADDING] = "padding", [PCP_RAW] = "octets",
};

static bool has_code(const struct pcp_layout *layout)
{
	return layout->kind == PCP_CLASS_BODY || layout->kind == PCP_CLASS_OPTION ||
	       (layout->kind == PCP_CLASS_NATPMP && layout->code <= NATPMP_MAP_TCP);
}

static void put_place(struct pcp_out *out, bool valid, const char *name)
{
	if (valid)
		pcp_out_format(out, "%s%s", out->len ? ", " : "", name);
}

/* "request and response, MAP PEER, version 2, libpcp": where the layout is valid. */
static void where_text(const struct pcp_layout *layout, char *buf, size_t cap)
{
	static const struct {
		uint16_t bit;
		const char *name;
	} ways[] = { { PCP_REQ, "request" }, { PCP_RESP, "response" } }, versions[] = {
		{ PCP_V0, "version 0" }, { PCP_V1, "version 1" }, { PCP_V2, "version 2" }
	};
	struct pcp_out out;

	pcp_out_begin(&out, buf, cap);
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
		put_place(&out, layout->where & ways[i].bit, ways[i].name);
	for (const struct pcp_name *opcode = pcp_opcode_names; opcode->name; opcode++)
		put_place(&out,
			  layout->kind != PCP_CLASS_BODY &&
				  layout->where & pcp_where_opcode((uint8_t)opcode->code),
			  opcode->name);
	for (size_t i = 0; i < sizeof versions / sizeof *versions; i++)
		put_place(&out, layout->where & versions[i].bit, versions[i].name);
	for (const struct pcp_name *dialect = pcp_dialect_names; dialect->name; dialect++)
		put_place(&out, layout->dialect & dialect->code, dialect->name);
}

/* "3", "0-1016", "14 or more": octets of data. */
static void length_text(const struct pcp_layout *layout, char *buf, size_t cap)
{
	if (!layout->max_len && layout->nfield)
		snprintf(buf, cap, "%u or more", layout->min_len);
	else if (layout->min_len == layout->max_len)
		snprintf(buf, cap, "%u", layout->min_len);
	else
		snprintf(buf, cap, "%u-%u", layout->min_len, layout->max_len);
}

/* "16", "16.7-16.1": where a field starts; bits are counted from 0 on the left, as the RFCs draw.
 */
static void offset_text(const struct pcp_field *field, char *buf, size_t cap)
{
	int first = 0, last = 8 * field->len - 1;

	if (!field->mask) {
		snprintf(buf, cap, "%u", field->off);
		return;
	}
	while (!(field->mask >> (8 * field->len - 1 - first) & 1))
		first++;
	while (!(field->mask >> (8 * field->len - 1 - last) & 1))
		last--;
	if (first == last)
		snprintf(buf, cap, "%u bit %d", field->off, first);
	else
		snprintf(buf, cap, "%u bits %d-%d", field->off, first, last);
}

static void put_field(struct writer *writer, const struct pcp_field *field)
{
	char offset[48], length[16], head[128];

	offset_text(field, offset, sizeof offset);
	snprintf(length, sizeof length, field->len ? "%u" : "rest", field->len);
	snprintf(head, sizeof head, "  %-12s %-6s %s (%s)", offset, length, field->label,
		 kind_names[field->kind]);
	put(writer, "%s", head);
	put_filled(writer, "", 22, field->help);
}

static void put_names(struct writer *writer, const struct pcp_name *names)
{
	for (; names && names->name; names++) {
		char head[64];

		snprintf(head, sizeof head, "%28u %s", names->code, names->name);
		if (names->help && strlen(head) < 50)
			put_filled(writer, head, 50, names->help);
		else
			put(writer, "%s", head);
	}
}

static void text_layout(struct writer *writer, const struct pcp_layout *layout)
{
	char where[160], length[32], code[16] = "";

	where_text(layout, where, sizeof where);
	length_text(layout, length, sizeof length);
	if (has_code(layout))
		snprintf(code, sizeof code, " %u", layout->code);
	put(writer, "%s (%s%s): %s", layout->name, class_names[layout->kind], code, where);
	put_filled(writer, "", 2, layout->purpose);
	if (layout->rules)
		put_filled(writer, "", 2, layout->rules);
	if (layout->kind == PCP_CLASS_OPTION)
		put(writer, "  Data: %s octets.  At most: %s.", length,
		    layout->max_count == 1 ? "once" : "as many as fit");
	put(writer, "  %s", layout->ref);
	if (layout->nfield)
		put(writer, "%s", "  Offset       Octets Field");
	for (size_t i = 0; i < layout->nfield; i++) {
		put_field(writer, &layout->field[i]);
		/* The long lists have pages of their own. */
		if (layout->field[i].kind == PCP_NAMED && layout->kind == PCP_CLASS_OPTION)
			put_names(writer, layout->field[i].names);
	}
}

static void json_names(struct json *json, const struct pcp_name *names)
{
	char code[8];

	json_begin_object(json, "names");
	for (const struct pcp_name *name = names; name->name; name++) {
		snprintf(code, sizeof code, "%u", name->code);
		json_text(json, code, name->name);
	}
	json_end(json);
}

static void json_field(struct json *json, const struct pcp_layout *layout,
		       const struct pcp_field *field)
{
	char key[128];

	snprintf(key, sizeof key, "%s.%s", layout->key, field->key);
	json_begin_object(json, NULL);
	json_text(json, "key", key);
	json_text(json, "label", field->label);
	json_text(json, "kind", kind_names[field->kind]);
	json_uint(json, "offset", field->off);
	if (field->len)
		json_uint(json, "length", field->len);
	if (field->mask)
		json_uint(json, "mask", field->mask);
	json_text(json, "help", field->help);
	if (field->kind == PCP_NAMED && field->names)
		json_names(json, field->names);
	json_end(json);
}

static void json_members(struct json *json, const struct pcp_layout *layout)
{
	char where[160];

	where_text(layout, where, sizeof where);
	json_text(json, "layout", layout->name);
	json_text(json, "class", class_names[layout->kind]);
	if (has_code(layout))
		json_uint(json, "code", layout->code);
	json_text(json, "where", where);
	json_text(json, "purpose", layout->purpose);
	if (layout->rules)
		json_text(json, "rules", layout->rules);
	json_text(json, "ref", layout->ref);
	json_uint(json, "min_length", layout->min_len);
	if (layout->max_len || !layout->nfield)
		json_uint(json, "max_length", layout->max_len);
	if (layout->max_count)
		json_uint(json, "max_count", layout->max_count);
	json_begin_array(json, "fields");
	for (size_t i = 0; i < layout->nfield; i++)
		json_field(json, layout, &layout->field[i]);
	json_end(json);
}

static void json_layout(struct writer *writer, const struct pcp_layout *layout)
{
	struct json json = json_line(writer);

	while (json_pass(&json))
		json_members(&json, layout);
}

void fields_layout(struct writer *writer, const struct pcp_layout *layout)
{
	if (writer->json) {
		json_layout(writer, layout);
		return;
	}
	text_layout(writer, layout);
	put(writer, "%s", "");
}

/* Whether the number is the code: of opcodes and options, results and protocols alike. */
static bool is_code(const char *name, unsigned long code)
{
	char *end;
	unsigned long number = strtoul(name, &end, 10);

	return end != name && !*end && number == code;
}

static bool is_layout(const struct pcp_layout *layout, const char *name)
{
	return pcp_name_equal(layout->name, name) || pcp_name_equal(layout->key, name) ||
	       ((layout->kind == PCP_CLASS_OPTION || layout->kind == PCP_CLASS_BODY) &&
		is_code(name, layout->code));
}

static bool write_layouts_named(struct writer *writer, const char *name)
{
	bool any = false;

	for (size_t i = 0; i < pcp_nlayouts; i++)
		if (is_layout(pcp_layouts[i], name)) {
			fields_layout(writer, pcp_layouts[i]);
			any = true;
		}
	return any;
}

static void write_layouts(struct writer *writer)
{
	for (size_t i = 0; i < pcp_nlayouts; i++)
		fields_layout(writer, pcp_layouts[i]);
}

/* ---- results, protocols, rules ---- */

static const char *const result_classes[] = {
	[PCP_RESULT_OK] = "success",
	[PCP_RESULT_LONG] = "lasts, usually 1800 s",
	[PCP_RESULT_SHORT] = "passes, usually 30 s",
	[PCP_RESULT_OTHER] = "lifetime varies",
};

void fields_result(struct writer *writer, const struct pcp_result *result)
{
	if (!writer->json) {
		put(writer, "%u %s (%s; %s)", result->code, result->name,
		    result_classes[result->kind], result->ref);
		put_filled(writer, "", 4, result->meaning);
		put_filled(writer, "    Client:", 12, result->client_does);
		return;
	}
	struct json json = json_line(writer);

	while (json_pass(&json)) {
		json_text(&json, "result", result->name);
		json_uint(&json, "code", result->code);
		json_text(&json, "class", result_classes[result->kind]);
		json_text(&json, "meaning", result->meaning);
		json_text(&json, "client_does", result->client_does);
		json_text(&json, "ref", result->ref);
	}
}

static void write_results(struct writer *writer)
{
	for (size_t i = 0; i < pcp_nresults; i++)
		fields_result(writer, &pcp_results[i]);
}

static bool write_result_named(struct writer *writer, const char *name)
{
	for (size_t i = 0; i < pcp_nresults; i++)
		if (pcp_name_equal(pcp_results[i].name, name) ||
		    is_code(name, pcp_results[i].code)) {
			fields_result(writer, &pcp_results[i]);
			return true;
		}
	return false;
}

static void write_protocols(struct writer *writer)
{
	for (const struct pcp_name *p = pcp_protocol_names; p->name; p++) {
		if (!writer->json) {
			put(writer, "%4u %-12s %s", p->code, p->name, p->help ? p->help : "");
			continue;
		}
		struct json json = json_line(writer);

		while (json_pass(&json)) {
			json_text(&json, "protocol", p->name);
			json_uint(&json, "code", p->code);
		}
	}
}

void fields_rule(struct writer *writer, const struct pcp_rule *rule)
{
	if (!writer->json) {
		char head[80];

		snprintf(head, sizeof head, "%-8s%s", pcp_severity_name(rule->severity),
			 rule->name);
		put(writer, "%-42s %s", head, rule->ref);
		put_filled(writer, "", 8, rule->text);
		if (rule->refusal)
			put(writer, "        A request that breaks it is refused: %s.",
			    pcp_name(pcp_result_names, rule->refusal));
		return;
	}
	struct json json = json_line(writer);

	while (json_pass(&json)) {
		json_text(&json, "rule", rule->name);
		json_text(&json, "severity", pcp_severity_name(rule->severity));
		json_text(&json, "ref", rule->ref);
		json_text(&json, "text", rule->text);
		if (rule->refusal)
			json_text(&json, "refusal", pcp_name(pcp_result_names, rule->refusal));
	}
}

static void write_rules(struct writer *writer)
{
	for (size_t i = 0; i < pcp_nrules(); i++)
		fields_rule(writer, pcp_rule_at(i));
}

static bool write_rule_named(struct writer *writer, const char *name)
{
	for (size_t i = 0; i < pcp_nrules(); i++)
		if (pcp_name_equal(pcp_rule_at(i)->name, name)) {
			fields_rule(writer, pcp_rule_at(i));
			return true;
		}
	return false;
}

/* ---- the whole ---- */

static const struct {
	const char *name, *help;
	void (*write)(struct writer *writer);
} lists[] = {
	{ "layouts", "every header, opcode and option in full", write_layouts },
	{ "results", "result codes: what they mean and what the client does", write_results },
	{ "protocols", "protocol numbers that have a name here", write_protocols },
	{ "rules", "what the linter checks", write_rules },
};

enum { NLISTS = sizeof lists / sizeof *lists };

static void overview(struct writer *writer)
{
	for (size_t i = 0; i < pcp_nlayouts; i++) {
		const struct pcp_layout *layout = pcp_layouts[i];
		char code[8] = "", where[160];

		if (writer->json) {
			json_layout(writer, layout);
			continue;
		}
		if (has_code(layout))
			snprintf(code, sizeof code, "%u", layout->code);
		where_text(layout, where, sizeof where);
		put(writer, "%-22s %-14s %4s  %s", layout->name, class_names[layout->kind], code,
		    where);
	}
	if (writer->json)
		return;
	put(writer, "%s", "");
	put(writer, "%s",
	    "fields NAME tells more of one of these, of a result code or of a rule. Lists:");
	for (size_t i = 0; i < NLISTS; i++)
		put(writer, "  fields %-12s %s", lists[i].name, lists[i].help);
}

static bool write_list(struct writer *writer, const char *name)
{
	for (size_t i = 0; i < NLISTS; i++)
		if (pcp_name_equal(lists[i].name, name)) {
			lists[i].write(writer);
			return true;
		}
	return false;
}

static void offer(void *arg, const char *name, const char *help)
{
	(void)help;
	suggest_offer(arg, name);
}

bool fields_write(struct writer *writer, const char *name, struct pcp_why *why)
{
	struct suggest suggest;

	if (!name) {
		overview(writer);
		return true;
	}
	bool any = write_list(writer, name);

	any = write_layouts_named(writer, name) || any;
	any = write_result_named(writer, name) || any;
	any = write_rule_named(writer, name) || any;
	if (any)
		return true;
	suggest_begin(&suggest, name, strlen(name));
	fields_names(offer, &suggest);
	pcp_refuse(why, 0, "nothing is called \"%s\"%s", pcp_quoted(name).text,
		   suggest_text(&suggest, ": name an opcode, option, result code or rule; "
					  "\"fields\" lists them"));
	return false;
}

void fields_names(void (*found)(void *arg, const char *name, const char *help), void *arg)
{
	for (size_t i = 0; i < NLISTS; i++)
		found(arg, lists[i].name, lists[i].help);
	for (size_t i = 0; i < pcp_nlayouts; i++)
		if (i == 0 || strcmp(pcp_layouts[i]->name, pcp_layouts[i - 1]->name) != 0)
			found(arg, pcp_layouts[i]->name, pcp_layouts[i]->purpose);
	for (size_t i = 0; i < pcp_nresults; i++)
		found(arg, pcp_results[i].name, pcp_results[i].meaning);
	for (size_t i = 0; i < pcp_nrules(); i++)
		found(arg, pcp_rule_at(i)->name, pcp_rule_at(i)->text);
}
