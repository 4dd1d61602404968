#include "compose.h"
#include "suggest.h"

#include <string.h>
#include <strings.h>

enum { PATH_MAX_LEN = 128, TYPED_MAX = 64 };

/* ---- servers ---- */

static bool server_is(const struct pcp_client_server *server, const char *typed)
{
	struct pcp_endpoint endpoint;
	struct pcp_why ignored;

	if (!strcasecmp(server->config.name, typed))
		return true;
	if (!pcp_endpoint_parse(typed, server->config.endpoint[0].port, &endpoint, &ignored))
		return false;
	for (size_t i = 0; i < server->config.nendpoint; i++)
		if (pcp_endpoint_same(&server->config.endpoint[i], &endpoint))
			return true;
	return false;
}

uint16_t compose_server(const struct session *session, const char *typed, struct pcp_why *why)
{
	size_t n = session ? pcp_client_nservers(session_client(session)) : 0;
	struct pcp_why ignored;
	unsigned long id;

	if (args_number(typed, 1, n, &id, &ignored))
		return (uint16_t)id;
	for (id = 1; id <= n; id++)
		if (server_is(pcp_client_server(session_client(session), (uint16_t)id), typed))
			return (uint16_t)id;
	pcp_refuse(why, 0, "'%.60s' is no server of this session, which has %zu", typed, n);
	return 0;
}

/* The address that requests to the server leave from; as it was when no server is known. */
static void source_of(const struct session *session, uint16_t id, uint8_t addr[PCP_ADDR_LEN])
{
	const struct pcp_client_server *server =
		session && id ? pcp_client_server(session_client(session), id) : NULL;

	if (server)
		memcpy(addr, server->config.source.addr, PCP_ADDR_LEN);
}

/* ---- fields ---- */

static const char *body_key(const struct compose *compose)
{
	uint8_t version = compose->edit->octets[0], opcode = compose->edit->octets[1] & 0x7f;
	uint16_t where = (uint16_t)(pcp_where_opcode(opcode) | PCP_REQ |
				    (version == PCP_VERSION_1 ? PCP_V1 : PCP_V2));
	const struct pcp_layout *layout = pcp_layout_body(opcode, where, compose->edit->dialects);

	return layout ? layout->key : "";
}

static const char *option_key(const struct compose *compose, struct pcp_node *node)
{
	struct pcp_packet packet;

	pcp_edit_decode(compose->edit, &packet, node, PCP_NODES_MAX);
	for (size_t i = 0; i < packet.nnode; i++)
		if (!node[i].field && node[i].parent == PCP_NO_NODE &&
		    node[i].nth == compose->option && node[i].layout->class == PCP_CLASS_OPTION)
			return node[i].layout->key;
	return "";
}

/* A row's path as pcp_edit_set takes it: "body." and a leading "." stand for the layout at hand. */
static void full_path(const struct compose *compose, const char *path, char full[PATH_MAX_LEN])
{
	struct pcp_node node[PCP_NODES_MAX];

	if (!strncmp(path, "body.", 5))
		snprintf(full, PATH_MAX_LEN, "%s.%s", body_key(compose), path + 5);
	else if (path[0] == '.')
		snprintf(full, PATH_MAX_LEN, "options[%d].%s%s", compose->option,
			 option_key(compose, node), path);
	else
		snprintf(full, PATH_MAX_LEN, "%s", path);
}

static bool set(struct compose *compose, const char *path, const char *typed, struct pcp_why *why)
{
	char full[PATH_MAX_LEN];

	full_path(compose, path, full);
	return pcp_edit_set(compose->edit, full, typed, why);
}

/* ---- PCP options ---- */

static bool add_option(struct compose *compose, uint8_t code, const uint8_t *data, size_t len,
		       struct pcp_why *why)
{
	compose->option = pcp_edit_add_option(compose->edit, code, data, len);
	return compose->option >= 0 ||
	       pcp_refuse(why, 0,
			  "the packet has no room for another option: %d octets are the most",
			  PCP_EDIT_MAX);
}

static bool is_settable(const struct pcp_field *field)
{
	return field->kind != PCP_RESERVED && field->kind != PCP_PADDING;
}

static const struct pcp_field *field_named(const struct pcp_layout *layout, const char *key,
					   size_t len)
{
	for (size_t i = 0; i < layout->nfield; i++)
		if (is_settable(&layout->field[i]) && strlen(layout->field[i].key) == len &&
		    !strncasecmp(layout->field[i].key, key, len))
			return &layout->field[i];
	return NULL;
}

static const struct pcp_field *only_field(const struct pcp_layout *layout)
{
	const struct pcp_field *only = NULL;

	for (size_t i = 0; i < layout->nfield; i++) {
		if (!is_settable(&layout->field[i]))
			continue;
		if (only)
			return NULL;
		only = &layout->field[i];
	}
	return only;
}

static bool set_field(struct compose *compose, const struct pcp_field *field, const char *typed,
		      struct pcp_why *why)
{
	char path[PATH_MAX_LEN];

	snprintf(path, sizeof path, ".%s", field->key);
	return set(compose, path, typed, why);
}

static bool no_such_field(const struct pcp_layout *layout, const char *typed, struct pcp_why *why)
{
	char known[120] = "";
	size_t used = 0;

	for (size_t i = 0; i < layout->nfield && used < sizeof known; i++)
		if (is_settable(&layout->field[i]))
			used += (size_t)snprintf(known + used, sizeof known - used, "%s%s",
						 used ? ", " : "", layout->field[i].key);
	return pcp_refuse(why, 0, "'%.40s' is not KEY=VALUE with a key of %s: %s", typed,
			  layout->name, known);
}

/* "size=100,parity=1": the fields of an option that has several. */
static bool set_fields(struct compose *compose, const struct pcp_layout *layout, const char *value,
		       struct pcp_why *why)
{
	while (*value) {
		char typed[TYPED_MAX];
		size_t len = strcspn(value, ","), key = strcspn(value, "=");
		const struct pcp_field *field = field_named(layout, value, key);

		if (!field || key >= len || len - key > sizeof typed)
			return no_such_field(layout, value, why);
		snprintf(typed, sizeof typed, "%.*s", (int)(len - key - 1), value + key + 1);
		if (!set_field(compose, field, typed, why))
			return false;
		value += len + (value[len] == ',');
	}
	return true;
}

/* An option from what was typed for it: the value of its only field, or KEY=VALUE,KEY=VALUE. */
static bool layout_option(struct compose *compose, const struct pcp_layout *layout,
			  const char *value, struct pcp_why *why)
{
	const struct pcp_field *only = only_field(layout);

	if (!add_option(compose, layout->code, NULL, 0, why))
		return false;
	return only ? set_field(compose, only, value, why)
		    : set_fields(compose, layout, value, why);
}

static const struct pcp_layout *option_layout(const struct compose *compose, uint8_t code)
{
	uint8_t version = compose->edit->octets[0], opcode = compose->edit->octets[1] & 0x7f;
	uint16_t where = (uint16_t)(pcp_where_opcode(opcode) | PCP_REQ |
				    (version == PCP_VERSION_1 ? PCP_V1 : PCP_V2));

	return pcp_layout_option(code, where, compose->edit->dialects);
}

/* Another -des takes the place of the first, as it does in pypcpc; -opt adds what it is told. */
static void drop_options(struct compose *compose, uint8_t code)
{
	size_t pos = 0, nth = 0,
	       start = PCP_HEADER_LEN +
		       pcp_body_len(compose->edit->octets[1] & 0x7f, compose->edit->octets[0]);
	struct pcp_tlv tlv;
	bool bad = false;

	while (pcp_tlv_next(compose->edit->octets + start, compose->edit->len - start, &pos, &tlv,
			    &bad)) {
		if (tlv.code != code) {
			nth++;
			continue;
		}
		pcp_edit_remove_option(compose->edit, nth);
		pos = nth = 0;
	}
}

struct filter_words {
	char address[TYPED_MAX], length[TYPED_MAX], port[TYPED_MAX];
};

/* ADDRESS[/LENGTH[/PORT]]: without a port all of them. */
static bool split_filter(const char *value, struct filter_words *words, struct pcp_why *why)
{
	size_t one = strcspn(value, "/");
	const char *length = value[one] ? value + one + 1 : "";
	size_t two = strcspn(length, "/");
	const char *port = length[two] ? length + two + 1 : "0";

	if (one >= TYPED_MAX || two >= TYPED_MAX || strlen(port) >= TYPED_MAX)
		return pcp_refuse(why, 0, "'%.60s' is not ADDRESS/LENGTH/PORT", value);
	snprintf(words->address, TYPED_MAX, "%.*s", (int)one, value);
	snprintf(words->length, TYPED_MAX, "%.*s", (int)two, length);
	snprintf(words->port, TYPED_MAX, "%s", port);
	return true;
}

/* Without a length the host alone. pypcpc sent the number as it was, so its users typed 96 to 128
 * for IPv4: those still go out as they are. */
static void filter_length(struct filter_words *words)
{
	bool v4 = !strchr(words->address, ':');
	struct pcp_why ignored;
	unsigned long number;

	if (!*words->length)
		strcpy(words->length, v4 ? "32" : "128");
	else if (v4 && args_number(words->length, 96, 128, &number, &ignored))
		snprintf(words->length, TYPED_MAX, "0x%lx", number);
}

bool compose_filter(struct compose *compose, const char *value, struct pcp_why *why)
{
	struct filter_words words;

	if (!split_filter(value, &words, why) || !add_option(compose, PCP_FILTER, NULL, 0, why))
		return false;
	if (!strcasecmp(value, "erase"))
		return set(compose, ".prefix_length", "erase", why);
	filter_length(&words);
	return set(compose, ".remote_address", words.address, why) &&
	       set(compose, ".prefix_length", words.length, why) &&
	       set(compose, ".remote_port", words.port, why);
}

/* -ps SIZE[/FIRST][p] (RFC 7753 4); FIRST is the internal port unless typed. */
bool compose_port_set(struct compose *compose, const char *value, struct pcp_why *why)
{
	char size[TYPED_MAX], *first;
	size_t len = strlen(value);
	bool parity = len && (value[len - 1] == 'p' || value[len - 1] == 'P');

	if (len >= sizeof size)
		return pcp_refuse(why, 0, "'%.60s' is not SIZE[/FIRST][p]", value);
	snprintf(size, sizeof size, "%.*s", (int)(len - parity), value);
	first = strchr(size, '/');
	if (first)
		*first++ = '\0';
	if (!add_option(compose, PCP_PORT_SET, NULL, 0, why) || !set(compose, ".size", size, why))
		return false;
	if (parity && !set(compose, ".parity", "1", why))
		return false;
	if (first)
		return set(compose, ".first_internal_port", first, why);
	pcp_put(&pcp_port_set_fields[PORT_SET_FIRST_PORT],
		compose->edit->octets + compose->edit->len - 8,
		pcp_get(&pcp_map_fields[MAP_INTERNAL_PORT],
			compose->edit->octets + PCP_HEADER_LEN));
	return true;
}

static bool code_of(const char *typed, size_t len, uint8_t *code, const struct pcp_layout **layout,
		    struct pcp_why *why)
{
	char name[TYPED_MAX];
	unsigned long number;

	snprintf(name, sizeof name, "%.*s", (int)(len < sizeof name ? len : sizeof name - 1),
		 typed);
	*layout = pcp_layout_named(PCP_CLASS_OPTION, name);
	if (*layout)
		*code = (*layout)->code;
	else if (args_number(name, 0, 255, &number, why))
		*code = (uint8_t)number;
	else
		return pcp_refuse(why, 0,
				  "'%.60s' is no option: a code from 0 to 255 or a name that "
				  "'fields' lists",
				  name);
	return true;
}

/* -opt CODE:HEX or NAME:HEX as it stands; NAME=VALUE through the option's fields. */
bool compose_any_option(struct compose *compose, const char *value, struct pcp_why *why)
{
	uint8_t data[PCP_EDIT_MAX], code = 0;
	size_t name = strcspn(value, ":="), len = 0;
	const struct pcp_layout *layout;

	if (!code_of(value, name, &code, &layout, why))
		return false;
	if (!layout)
		layout = option_layout(compose, code);
	if (value[name] == '=' && layout)
		return layout_option(compose, layout, value + name + 1, why);
	if (value[name] && value[name + 1] &&
	    !pcp_hex_parse(value + name + 1, data, sizeof data, &len, why))
		return false;
	return add_option(compose, code, data, len, why);
}

/* ---- other options ---- */

/* -no of MAP and PEER: the engine keeps it instead of choosing one. */
bool compose_nonce(struct compose *compose, const char *value, struct pcp_why *why)
{
	compose->request->keep_nonce = true;
	return set(compose, "body.nonce", value, why);
}

bool compose_client(struct compose *compose, const char *value, struct pcp_why *why)
{
	compose->request->keep_address = true;
	return set(compose, "header.client_address", value, why);
}

/* Adds to what was wrong with a path that the packet has not the one that was likely meant. */
static bool suggest_path(const struct compose *compose, const char *path, struct pcp_why *why)
{
	char full[PATH_MAX_LEN], known[PATH_MAX_LEN];
	struct pcp_node node[PCP_NODES_MAX];
	size_t said = strlen(why->text);
	struct pcp_packet packet;
	struct suggest suggest;

	full_path(compose, path, full);
	pcp_edit_decode(compose->edit, &packet, node, PCP_NODES_MAX);
	if (pcp_node_find(&packet, full) != PCP_NO_NODE)
		return false;
	suggest_begin(&suggest, full, strlen(full));
	for (size_t i = 0; i < packet.nnode; i++)
		if (node[i].field && pcp_node_path(&packet, i, known, sizeof known) < sizeof known)
			suggest_offer(&suggest, known);
	snprintf(why->text + said, sizeof why->text - said, "%s", suggest_text(&suggest, ""));
	return false;
}

/* -set PATH=VALUE, on the packet as composed so far. */
bool compose_set(struct compose *compose, const char *value, struct pcp_why *why)
{
	char path[PATH_MAX_LEN];
	size_t len = strcspn(value, "=");

	if (!value[len] || len >= sizeof path)
		return pcp_refuse(why, 0, "'%.60s' is not PATH=VALUE", value);
	snprintf(path, sizeof path, "%.*s", (int)len, value);
	if (strstr(path, "client_address"))
		compose->request->keep_address = true;
	if (strstr(path, ".nonce"))
		compose->request->keep_nonce = true;
	return set(compose, path, value + len + 1, why) || suggest_path(compose, path, why);
}

bool compose_exact(struct compose *compose, const char *value, struct pcp_why *why)
{
	(void)value, (void)why;
	compose->edit->exact = true;
	return true;
}

bool compose_to(struct compose *compose, const char *value, struct pcp_why *why)
{
	compose->request->server = compose_server(compose->session, value, why);
	return compose->request->server != 0;
}

bool compose_tries(struct compose *compose, const char *value, struct pcp_why *why)
{
	unsigned long tries;

	if (!args_number(value, 1, 1000, &tries, why))
		return false;
	compose->request->mrc = (uint32_t)tries;
	return true;
}

bool compose_renew(struct compose *compose, const char *value, struct pcp_why *why)
{
	(void)value, (void)why;
	compose->request->renew = 1;
	return true;
}

bool compose_no_renew(struct compose *compose, const char *value, struct pcp_why *why)
{
	(void)value, (void)why;
	compose->request->renew = -1;
	return true;
}

/* ---- the whole request ---- */

bool compose_begin(struct compose *compose, const struct args *args, uint8_t opcode,
		   uint32_t lifetime, struct pcp_why *why)
{
	const char *typed = args_value(args, "-version");
	unsigned long version = PCP_VERSION_2;
	uint8_t source[PCP_ADDR_LEN];

	if (typed && !args_number(typed, PCP_VERSION_1, 255, &version, why))
		return pcp_refuse(
			why, 0,
			"-version: 1 or 2 for PCP; NAT-PMP is spoken with --nat-pmp or raw");
	pcp_addr_any(source, true);
	source_of(compose->session, compose->request->server, source);
	pcp_edit_request(compose->edit, version == PCP_VERSION_1 ? PCP_VERSION_1 : PCP_VERSION_2,
			 opcode, source, lifetime);
	return true;
}

/* Only now, since no layout is known for a version that does not exist. */
static void put_version(struct pcp_edit *edit, const char *typed)
{
	struct pcp_why ignored;
	unsigned long version;

	if (typed && args_number(typed, PCP_VERSION_1, 255, &version, &ignored))
		edit->octets[0] = (uint8_t)version;
}

/* Puts the word that is wrong before the sentence that says what is. */
static bool named(struct pcp_why *why, const char *name)
{
	struct pcp_why inner = *why;

	snprintf(why->text, sizeof why->text, "%.40s: %.140s", name, inner.text);
	return false;
}

static bool apply_words(struct compose *compose, const struct args *args, struct pcp_why *why)
{
	const struct command_arg *arg = args->command->arg;

	for (size_t i = 0; arg && arg->name && i < args->nword; arg++, i++)
		if (arg->path && !set(compose, arg->path, args->word[i], why))
			return named(why, arg->name);
	return true;
}

static bool apply_option(struct compose *compose, const struct args_option *option,
			 struct pcp_why *why)
{
	const struct command_option *row = option->row;

	if (!row)
		return layout_option(compose, option->layout, option->value, why);
	if (row->option && !row->repeat)
		drop_options(compose, row->option);
	if (row->apply)
		return row->apply(compose, option->value, why);
	if (row->option) {
		const struct pcp_layout *layout = option_layout(compose, row->option);

		return layout && layout->nfield && row->value
			       ? layout_option(compose, layout, option->value, why)
			       : add_option(compose, row->option, NULL, 0, why);
	}
	return !row->path || set(compose, row->path, option->value, why);
}

static bool apply_options(struct compose *compose, const struct args *args, struct pcp_why *why)
{
	for (size_t i = 0; i < args->noption; i++)
		if (!apply_option(compose, &args->option[i], why))
			return named(why, args->option[i].typed);
	return true;
}

/* A third party of the other family wants an external address of its own family, unless told. */
static void follow_third_party(struct compose *compose, const struct args *args)
{
	const char *party = args_value(args, "-tp");
	uint8_t addr[PCP_ADDR_LEN];
	struct pcp_why ignored;

	if (!party || args_value(args, "-eIP") || !pcp_addr_parse(party, addr, &ignored))
		return;
	set(compose, "body.suggested_external_address", pcp_addr_is_v4(addr) ? "any4" : "any6",
	    &ignored);
}

bool compose_args(const struct args *args, const struct session *session, struct pcp_edit *edit,
		  struct pcp_client_request *request, struct pcp_why *why)
{
	struct compose compose = { edit, request, session, -1 };
	const char *to = args_value(args, "-to");

	memset(edit, 0, sizeof *edit);
	edit->dialects = session ? session_dialects(session) : 0;
	*request = (struct pcp_client_request){ .server = session ? session_server(session) : 0 };
	if (to && !compose_to(&compose, to, why))
		return false;
	if (!args->command->begin(&compose, args, why) || !apply_words(&compose, args, why) ||
	    !apply_options(&compose, args, why))
		return false;
	follow_third_party(&compose, args);
	put_version(edit, args_value(args, "-version"));
	request->octets = edit->octets;
	request->len = edit->len;
	return true;
}
