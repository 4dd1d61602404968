/* Writes the tables of proto/ as Lua, for the dissector that stands in wireshark.lua. */
#include "wireshark.h"

#include <string.h>

#include "lint.h"
#include "out.h"

enum { LINE = 4096, LISTS = 32 };

/* The lines of wireshark.lua, made by the Makefile. */
static const char *const dissector[] = {
#include "wireshark-lua.h"
};

/* How Wireshark takes each kind. Prefix lengths stand as they are on the wire. */
static const char *const kinds[] = {
	[PCP_UINT] = "uint",	   [PCP_NAMED] = "uint",      [PCP_SECONDS] = "seconds",
	[PCP_ADDR] = "ipv6",	   [PCP_ADDR4] = "ipv4",      [PCP_PREFIX] = "uint",
	[PCP_PREFIX6] = "bytes",   [PCP_OCTETS] = "bytes",    [PCP_TEXT] = "text",
	[PCP_CODES] = "codes",	   [PCP_OPTIONS] = "options", [PCP_RESERVED] = "reserved",
	[PCP_PADDING] = "padding", [PCP_RAW] = "bytes",
};

static const char *const classes[] = {
	[PCP_CLASS_HEADER] = "header", [PCP_CLASS_BODY] = "opcode",   [PCP_CLASS_TLV] = "tlv",
	[PCP_CLASS_OPTION] = "option", [PCP_CLASS_NATPMP] = "natpmp", [PCP_CLASS_RAW] = "raw",
};

static const char *const severities[] = {
	[PCP_NOTE] = "NOTE",
	[PCP_WARNING] = "WARN",
	[PCP_ERROR] = "ERROR",
};

struct lua {
	struct writer *writer;
	struct pcp_out out;
	char line[LINE];
	const struct pcp_name *list[LISTS]; /* lists of names, each written once */
	size_t nlist;
};

static void end_line(struct lua *lua)
{
	lua->writer->to.line(lua->writer->to.arg, lua->line);
	pcp_out_begin(&lua->out, lua->line, sizeof lua->line);
}

static void put_line(struct lua *lua, const char *text)
{
	pcp_out_text(&lua->out, text);
	end_line(lua);
}

static void put_text(struct lua *lua, const char *key, const char *text)
{
	pcp_out_format(&lua->out, "%s = \"", key);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			pcp_out_text(&lua->out, "\\");
		pcp_out_octets(&lua->out, text, 1);
	}
	pcp_out_text(&lua->out, "\", ");
}

static void put_uint(struct lua *lua, const char *key, uint32_t value)
{
	pcp_out_format(&lua->out, "%s = %lu, ", key, (unsigned long)value);
}

/* ---- names ---- */

/* The list's number in P.names, from 1; the list is kept to be written there. */
static uint32_t list_of(struct lua *lua, const struct pcp_name *names)
{
	size_t i = 0;

	while (i < lua->nlist && lua->list[i] != names)
		i++;
	if (i == lua->nlist && lua->nlist < LISTS)
		lua->list[lua->nlist++] = names;
	return (uint32_t)(i + 1);
}

static void put_lists(struct lua *lua)
{
	put_line(lua, "P.names = {");
	for (size_t i = 0; i < lua->nlist; i++) {
		put_line(lua, "\t{");
		for (const struct pcp_name *name = lua->list[i]; name->name; name++) {
			pcp_out_format(&lua->out, "\t\t[%u] = \"%s\",", name->code, name->name);
			end_line(lua);
		}
		put_line(lua, "\t},");
	}
	put_line(lua, "}");
}

/* ---- layouts ---- */

static void put_field(struct lua *lua, const struct pcp_field *field)
{
	pcp_out_text(&lua->out, "\t\t{ ");
	put_text(lua, "key", field->key);
	put_text(lua, "label", field->label);
	put_text(lua, "kind", kinds[field->kind]);
	put_uint(lua, "off", field->off);
	put_uint(lua, "len", field->len);
	put_uint(lua, "mask", field->mask);
	if (field->names)
		put_uint(lua, "names", list_of(lua, field->names));
	put_text(lua, "help", field->help);
	put_line(lua, "},");
}

static void put_layout(struct lua *lua, const struct pcp_layout *layout)
{
	pcp_out_text(&lua->out, "\t{ ");
	put_text(lua, "name", layout->name);
	put_text(lua, "key", layout->key);
	put_text(lua, "class", classes[layout->kind]);
	put_uint(lua, "code", layout->code);
	put_uint(lua, "where", layout->where);
	put_uint(lua, "dialect", layout->dialect);
	put_uint(lua, "min", layout->min_len);
	put_uint(lua, "max", layout->max_len);
	put_uint(lua, "count", layout->max_count);
	put_line(lua, "fields = {");
	for (size_t i = 0; i < layout->nfield; i++)
		put_field(lua, &layout->field[i]);
	put_line(lua, "\t} },");
}

static void put_alias(struct lua *lua, const char *name, const struct pcp_layout *layout)
{
	for (size_t i = 0; i < pcp_nlayouts; i++)
		if (pcp_layouts[i] == layout) {
			pcp_out_format(&lua->out, "P.%s = P.layouts[%zu]", name, i + 1);
			end_line(lua);
		}
}

static void put_layouts(struct lua *lua)
{
	put_line(lua, "P.layouts = {");
	for (size_t i = 0; i < pcp_nlayouts; i++)
		put_layout(lua, pcp_layouts[i]);
	put_line(lua, "}");
	put_alias(lua, "request", &pcp_layout_request);
	put_alias(lua, "auth_request", &pcp_layout_auth_request);
	put_alias(lua, "response", &pcp_layout_response);
	put_alias(lua, "tlv", &pcp_layout_tlv);
	put_alias(lua, "raw", &pcp_layout_raw);
	put_alias(lua, "get", pcp_layout_body(PCP_GET, pcp_where_opcode(PCP_GET), PCP_STANDARD));
	pcp_out_format(&lua->out, "P.zeros = P.response.fields[%d]", HDR_RESERVED_96 + 1);
	end_line(lua);
}

/* ---- what the rest goes by ---- */

static void put_number(struct lua *lua, const char *name, uint32_t value)
{
	pcp_out_format(&lua->out, "P.%s = %lu", name, (unsigned long)value);
	end_line(lua);
}

static void put_places(struct lua *lua)
{
	pcp_out_text(&lua->out, "P.opcodes = { ");
	for (const struct pcp_name *opcode = pcp_opcode_names; opcode->name; opcode++)
		pcp_out_format(&lua->out, "[%u] = %u, ", opcode->code,
			       pcp_where_opcode((uint8_t)opcode->code));
	put_line(lua, "}");
	pcp_out_format(&lua->out, "P.versions = { [0] = %u, %u, %u }", PCP_V0, PCP_V1, PCP_V2);
	end_line(lua);
	pcp_out_text(&lua->out, "P.groups = { opcode = { ");
	for (const struct pcp_name *opcode = pcp_opcode_names; opcode->name; opcode++)
		pcp_out_format(&lua->out, "%u, ", pcp_where_opcode((uint8_t)opcode->code));
	pcp_out_format(&lua->out, "}, direction = { %u, %u }, version = { %u, %u, %u } }", PCP_REQ,
		       PCP_RESP, PCP_V0, PCP_V1, PCP_V2);
	end_line(lua);
	pcp_out_text(&lua->out, "P.dialects = { ");
	for (const struct pcp_name *dialect = pcp_dialect_names; dialect->name; dialect++)
		pcp_out_format(&lua->out, "[%u] = \"%s\", ", dialect->code, dialect->name);
	put_line(lua, "}");
	pcp_out_format(&lua->out, "P.ports = { %d, %d }", PCP_SERVER_PORT, PCP_CLIENT_PORT);
	end_line(lua);
}

static void put_numbers(struct lua *lua)
{
	put_number(lua, "header_len", PCP_HEADER_LEN);
	put_number(lua, "max_len", PCP_MAX_LEN);
	put_number(lua, "tlv_len", PCP_TLV_LEN);
	put_number(lua, "r", PCP_R);
	put_number(lua, "depth", PCP_DEPTH_MAX);
	put_number(lua, "nested", PCP_MAP);
	put_number(lua, "optional", PCP_OPTIONAL);
	put_number(lua, "if_asked", PCP_RESP_IF_ASKED);
	put_number(lua, "last_version", PCP_VERSION_2);
	put_number(lua, "unsupp_version", PCP_UNSUPP_VERSION);
	put_number(lua, "natpmp_bad_opcode",
		   (uint32_t)pcp_code(pcp_natpmp_result_names, "UNSUPPORTED_OPCODE"));
	put_number(lua, "opcode_names", list_of(lua, pcp_opcode_names));
	put_number(lua, "option_names", list_of(lua, pcp_option_names));
	put_number(lua, "result_names", list_of(lua, pcp_result_names));
	put_number(lua, "natpmp_opcode_names", list_of(lua, pcp_natpmp_opcode_names));
	put_number(lua, "natpmp_result_names", list_of(lua, pcp_natpmp_result_names));
	pcp_out_format(&lua->out, "P.authentication = \"%s\"",
		       pcp_name(pcp_opcode_names, PCP_AUTHENTICATION));
	end_line(lua);
}

static void put_rules(struct lua *lua)
{
	put_line(lua, "P.rules = {");
	for (size_t i = 0; i < pcp_nrules(); i++) {
		const struct pcp_rule *rule = pcp_rule_at(i);

		pcp_out_format(&lua->out, "\t[\"%s\"] = { ", rule->name);
		put_text(lua, "severity", severities[rule->severity]);
		put_text(lua, "ref", rule->ref);
		put_text(lua, "text", rule->text);
		put_line(lua, "},");
	}
	put_line(lua, "}");
}

void wireshark_write(struct writer *writer)
{
	struct lua lua = { .writer = writer };

	pcp_out_begin(&lua.out, lua.line, sizeof lua.line);
	put_line(&lua, "-- Port Control Protocol and NAT-PMP for Wireshark, made by "
		       "pcpscope " PCPSCOPE_VERSION " from its tables:");
	put_line(&lua, "--   pcpscope fields --wireshark >pcpscope.lua");
	put_line(&lua, "--   wireshark -X lua_script:pcpscope.lua");
	put_line(&lua, "local P = {}");
	put_layouts(&lua);
	put_places(&lua);
	put_numbers(&lua);
	put_rules(&lua);
	put_lists(&lua);
	for (size_t i = 0; i < sizeof dissector / sizeof *dissector; i++)
		put_line(&lua, dissector[i]);
}
