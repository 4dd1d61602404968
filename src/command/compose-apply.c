/* What the options of a command do to its request where path and code cannot say it. */
#include "compose-private.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "suggest.h"
#include "words.h"
#include "reading.h"

bool compose_internal_port(struct compose *compose, const char *typed, struct pcp_why *why)
{
	char port[COMPOSE_TYPED_MAX];
	size_t len = strcspn(typed, "/");

	if (len >= sizeof port)
		return pcp_refuse(why, 0, "'%s' is not PORT or PORT/PROTOCOL",
				  pcp_quoted(typed).text);
	snprintf(port, sizeof port, "%.*s", (int)len, typed);
	return compose_put(compose, "body.internal_port", port, why) &&
	       compose_put(compose, "body.suggested_external_port", port, why) &&
	       compose_put(compose, "body.protocol", typed[len] ? typed + len + 1 : "tcp", why);
}

bool compose_remote(struct compose *compose, const char *typed, struct pcp_why *why)
{
	char addr[PCP_ADDR_TEXT], port[8];
	struct pcp_endpoint remote;

	if (!strchr(typed, ':'))
		return compose_put(compose, "body.remote_port", typed, why);
	if (!pcp_endpoint_parse(typed, 0, &remote, why))
		return false;
	if (!remote.port)
		return pcp_refuse(why, 0, "'%s' has no port: ADDRESS:PORT or [ADDRESS]:PORT",
				  pcp_quoted(typed).text);
	pcp_addr_text(remote.addr, addr, sizeof addr);
	snprintf(port, sizeof port, "%u", remote.port);
	return compose_put(compose, "body.remote_port", port, why) &&
	       compose_put(compose, "body.remote_address", addr, why);
}

struct filter_words {
	char address[COMPOSE_TYPED_MAX], length[COMPOSE_TYPED_MAX], port[COMPOSE_TYPED_MAX];
};

/* ADDRESS[/LENGTH[/PORT]]: without a port all of them. */
static bool split_filter(const char *value, struct filter_words *words, struct pcp_why *why)
{
	size_t one = strcspn(value, "/");
	const char *length = value[one] ? value + one + 1 : "";
	size_t two = strcspn(length, "/");
	const char *port = length[two] ? length + two + 1 : "0";

	if (one >= COMPOSE_TYPED_MAX || two >= COMPOSE_TYPED_MAX ||
	    strlen(port) >= COMPOSE_TYPED_MAX)
		return pcp_refuse(why, 0, "'%s' is not ADDRESS/LENGTH/PORT",
				  pcp_quoted(value).text);
	snprintf(words->address, COMPOSE_TYPED_MAX, "%.*s", (int)one, value);
	snprintf(words->length, COMPOSE_TYPED_MAX, "%.*s", (int)two, length);
	snprintf(words->port, COMPOSE_TYPED_MAX, "%s", port);
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
		snprintf(words->length, COMPOSE_TYPED_MAX, "0x%lx", number);
}

bool compose_filter(struct compose *compose, const char *value, struct pcp_why *why)
{
	struct filter_words words;

	if (!split_filter(value, &words, why) ||
	    !compose_add_option(compose, PCP_FILTER, NULL, 0, why))
		return false;
	if (!strcasecmp(value, "erase"))
		return compose_put(compose, ".prefix_length", "erase", why);
	filter_length(&words);
	return compose_put(compose, ".remote_address", words.address, why) &&
	       compose_put(compose, ".prefix_length", words.length, why) &&
	       compose_put(compose, ".remote_port", words.port, why);
}

/* Of a MAP or PEER, where its version has it. */
static uint32_t internal_port(const struct pcp_edit *edit)
{
	return pcp_get(&pcp_map_fields[MAP_INTERNAL_PORT],
		       edit->octets + PCP_HEADER_LEN - pcp_nonce_skipped(edit->octets[0]));
}

/* -ps SIZE[/FIRST][p] (RFC 7753 4); FIRST is the internal port unless typed. */
bool compose_port_set(struct compose *compose, const char *value, struct pcp_why *why)
{
	char size[COMPOSE_TYPED_MAX], *first;
	size_t len = strlen(value);
	bool parity = len && (value[len - 1] == 'p' || value[len - 1] == 'P');

	if (len >= sizeof size)
		return pcp_refuse(why, 0, "'%s' is not SIZE[/FIRST][p]", pcp_quoted(value).text);
	snprintf(size, sizeof size, "%.*s", (int)(len - parity), value);
	first = strchr(size, '/');
	if (first)
		*first++ = '\0';
	if (!compose_add_option(compose, PCP_PORT_SET, NULL, 0, why) ||
	    !compose_put(compose, ".size", size, why))
		return false;
	if (parity && !compose_put(compose, ".parity", "1", why))
		return false;
	if (first)
		return compose_put(compose, ".first_internal_port", first, why);
	pcp_put(&pcp_port_set_fields[PORT_SET_FIRST_PORT],
		compose->edit->octets + compose->edit->len - 8, internal_port(compose->edit));
	return true;
}

static bool code_of(const char *typed, size_t len, uint8_t *code, const struct pcp_layout **layout,
		    struct pcp_why *why)
{
	char name[COMPOSE_TYPED_MAX];
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
				  "'%s' is no option: a code from 0 to 255 or a name that "
				  "'fields' lists",
				  pcp_quoted(name).text);
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
		layout = compose_option_layout(compose, code);
	if (value[name] == '=' && layout)
		return compose_layout_option(compose, layout, value + name + 1, why);
	if (value[name] && value[name + 1] &&
	    !pcp_hex_parse(value + name + 1, data, sizeof data, &len, why))
		return false;
	return compose_add_option(compose, code, data, len, why);
}

/* ---- other options ---- */

/* -no of MAP and PEER: the engine keeps it instead of choosing one. */
bool compose_nonce(struct compose *compose, const char *value, struct pcp_why *why)
{
	compose->request->keep_nonce = true;
	return compose_put(compose, "body.nonce", value, why);
}

bool compose_client(struct compose *compose, const char *value, struct pcp_why *why)
{
	compose->request->keep_address = true;
	return compose_put(compose, "header.client_address", value, why);
}

/* Adds to what was wrong with a path that the packet has not the one that was likely meant. */
static bool suggest_path(const struct compose *compose, const char *path, struct pcp_why *why)
{
	char full[COMPOSE_PATH_MAX], known[COMPOSE_PATH_MAX];
	size_t said = strlen(why->text);
	struct suggest suggest;
	struct reading reading;

	compose_path(compose, path, full);
	reading_open_edit(&reading, compose->edit);
	suggest_begin(&suggest, full, strlen(full));
	for (size_t i = 0; i < reading.packet.nnode; i++)
		if (reading.packet.node[i].field &&
		    pcp_node_path(&reading.packet, i, known, sizeof known) < sizeof known)
			suggest_offer(&suggest, known);
	if (pcp_node_find(&reading.packet, full) == PCP_NO_NODE)
		snprintf(why->text + said, sizeof why->text - said, "%s",
			 suggest_text(&suggest, ""));
	reading_close(&reading);
	return false;
}

/* -set PATH=VALUE, on the packet as composed so far. */
bool compose_set(struct compose *compose, const char *value, struct pcp_why *why)
{
	char path[COMPOSE_PATH_MAX];
	size_t len = strcspn(value, "=");

	if (!value[len] || len >= sizeof path)
		return pcp_refuse(why, 0, "'%s' is not PATH=VALUE", pcp_quoted(value).text);
	snprintf(path, sizeof path, "%.*s", (int)len, value);
	if (strstr(path, "client_address"))
		compose->request->keep_address = true;
	if (strstr(path, ".nonce"))
		compose->request->keep_nonce = true;
	return compose_put(compose, path, value + len + 1, why) || suggest_path(compose, path, why);
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
