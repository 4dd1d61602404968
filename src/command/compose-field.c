/* Servers, fields and PCP options by the names that people type, put into a request in the making.
 */
#include "compose-private.h"
#include "words.h"
#include "reading.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

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

	if (args_number(typed, 1, (unsigned long)n, &id, &ignored))
		return (uint16_t)id;
	for (id = 1; id <= n; id++)
		if (server_is(pcp_client_server(session_client(session), (uint16_t)id), typed))
			return (uint16_t)id;
	pcp_refuse(why, 0, "'%s' is no server of this session, which has %zu",
		   pcp_quoted(typed).text, n);
	return 0;
}

/* The address that requests to the server leave from; as it was when no server is known. */
void compose_source(const struct session *session, uint16_t id, uint8_t addr[PCP_ADDR_LEN])
{
	const struct pcp_client_server *server =
		session && id ? pcp_client_server(session_client(session), id) : NULL;

	if (server)
		memcpy(addr, server->config.source.addr, PCP_ADDR_LEN);
}

/* ---- fields ---- */

static const char *body_key(const struct compose *compose)
{
	uint8_t version = compose->edit->octets[0], opcode = pcp_opcode_of(compose->edit->octets);
	uint16_t where = (uint16_t)(pcp_where_opcode(opcode) | PCP_REQ |
				    (version == PCP_VERSION_1 ? PCP_V1 : PCP_V2));
	const struct pcp_layout *layout = pcp_layout_body(opcode, where, compose->edit->dialects);

	return layout ? layout->key : "";
}

static const char *option_key(const struct compose *compose)
{
	const char *key = "";
	struct reading reading;

	reading_open_edit(&reading, compose->edit);
	for (size_t i = 0; i < reading.packet.nnode; i++) {
		const struct pcp_node *node = &reading.packet.node[i];

		if (!node->field && node->parent == PCP_NO_NODE && node->nth == compose->option &&
		    node->layout->kind == PCP_CLASS_OPTION)
			key = node->layout->key;
	}
	reading_close(&reading);
	return key;
}

/* A row's path as pcp_edit_set takes it: "body." and a leading "." stand for the layout at hand. */
void compose_path(const struct compose *compose, const char *path, char full[COMPOSE_PATH_MAX])
{
	if (!strncmp(path, "body.", 5))
		snprintf(full, COMPOSE_PATH_MAX, "%s.%s", body_key(compose), path + 5);
	else if (path[0] == '.')
		snprintf(full, COMPOSE_PATH_MAX, "options[%d].%s%s", compose->option,
			 option_key(compose), path);
	else
		snprintf(full, COMPOSE_PATH_MAX, "%s", path);
}

bool compose_put(struct compose *compose, const char *path, const char *typed, struct pcp_why *why)
{
	char full[COMPOSE_PATH_MAX];

	compose_path(compose, path, full);
	return pcp_edit_set(compose->edit, full, typed, why);
}

/* ---- PCP options ---- */

bool compose_add_option(struct compose *compose, uint8_t code, const uint8_t *data, size_t len,
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
	char path[COMPOSE_PATH_MAX];

	snprintf(path, sizeof path, ".%s", field->key);
	return compose_put(compose, path, typed, why);
}

static bool no_such_field(const struct pcp_layout *layout, const char *typed, struct pcp_why *why)
{
	char known[120] = "";
	size_t used = 0;

	for (size_t i = 0; i < layout->nfield && used < sizeof known; i++)
		if (is_settable(&layout->field[i]))
			used += (size_t)snprintf(known + used, sizeof known - used, "%s%s",
						 used ? ", " : "", layout->field[i].key);
	return pcp_refuse(why, 0, "'%s' is not KEY=VALUE with a key of %s: %s",
			  pcp_quoted(typed).text, layout->name, known);
}

/* "size=100,parity=1": the fields of an option that has several. */
static bool set_fields(struct compose *compose, const struct pcp_layout *layout, const char *value,
		       struct pcp_why *why)
{
	while (*value) {
		char typed[COMPOSE_TYPED_MAX];
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
bool compose_layout_option(struct compose *compose, const struct pcp_layout *layout,
			   const char *value, struct pcp_why *why)
{
	const struct pcp_field *only = only_field(layout);

	if (!compose_add_option(compose, layout->code, NULL, 0, why))
		return false;
	return only ? set_field(compose, only, value, why)
		    : set_fields(compose, layout, value, why);
}

const struct pcp_layout *compose_option_layout(const struct compose *compose, uint8_t code)
{
	uint8_t version = compose->edit->octets[0], opcode = pcp_opcode_of(compose->edit->octets);
	uint16_t where = (uint16_t)(pcp_where_opcode(opcode) | PCP_REQ |
				    (version == PCP_VERSION_1 ? PCP_V1 : PCP_V2));

	return pcp_layout_option(code, where, compose->edit->dialects);
}

/* Another -des takes the place of the first, as it does in pypcpc; -opt adds what it is told. */
void compose_drop_options(struct compose *compose, uint8_t code)
{
	size_t pos = 0, nth = 0,
	       start = PCP_HEADER_LEN +
		       pcp_body_len(pcp_opcode_of(compose->edit->octets), compose->edit->octets[0]);
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
