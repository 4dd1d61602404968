/* The whole request that the sorted words of a command mean. */
#include "compose-private.h"
#include "words.h"

#include <stdio.h>
#include <string.h>

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
	compose_source(compose->session, compose->request->server, source);
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

	pcp_refuse(why, 0, "%s: %s", pcp_quoted(name).text, inner.text);
	return false;
}

static bool apply_words(struct compose *compose, const struct args *args, struct pcp_why *why)
{
	const struct command_arg *arg = args->command->arg;

	for (size_t i = 0; arg && arg->name && i < args->nword; arg++, i++)
		if (!(arg->apply  ? arg->apply(compose, args->word[i], why)
		      : arg->path ? compose_put(compose, arg->path, args->word[i], why)
				  : true))
			return named(why, arg->name);
	return true;
}

static bool apply_option(struct compose *compose, const struct args_option *option,
			 struct pcp_why *why)
{
	const struct command_option *row = option->row;

	if (!row)
		return compose_layout_option(compose, option->layout, option->value, why);
	if (row->option && !row->repeat)
		compose_drop_options(compose, row->option);
	if (row->apply)
		return row->apply(compose, option->value, why);
	if (row->option) {
		const struct pcp_layout *layout = compose_option_layout(compose, row->option);

		return layout && layout->nfield && row->value
			       ? compose_layout_option(compose, layout, option->value, why)
			       : compose_add_option(compose, row->option, NULL, 0, why);
	}
	return !row->path || compose_put(compose, row->path, option->value, why);
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
	compose_put(compose, "body.suggested_external_address",
		    pcp_addr_is_v4(addr) ? "any4" : "any6", &ignored);
}

/* The wish that a port alone implies is none in a delete: RFC 6887 15.1. */
static void drop_implied_wish(struct compose *compose, const struct args *args)
{
	struct pcp_why ignored;

	if (args->command->opcode == PCP_MAP && args->nword == 1 &&
	    pcp_get(&pcp_request_fields[REQ_LIFETIME], compose->edit->octets) == 0)
		compose_put(compose, "body.suggested_external_port", "0", &ignored);
}

/* The first host that the mapping is for, as typed; NULL: any. */
static const char *remote_host(const struct args *args)
{
	const struct command_arg *arg = args->command->arg;

	for (size_t i = 0; arg && arg->name && i < args->nword; arg++, i++)
		if (arg->path && strstr(arg->path, "remote_address"))
			return args->word[i];
	for (size_t i = 0; i < args->noption; i++)
		if (args->option[i].row && args->option[i].row->option == PCP_FILTER)
			return args->option[i].value;
	return NULL;
}

/* Remote hosts have the family of the mapping (RFC 6887 10), and so tell which router is asked. */
static bool choose_router(struct compose *compose, const struct args *args, struct pcp_why *why)
{
	const char *typed = remote_host(args);
	char host[PCP_ADDR_TEXT];
	uint8_t addr[PCP_ADDR_LEN];
	struct pcp_why ignored;

	if (!typed)
		return true;
	snprintf(host, sizeof host, "%.*s", (int)strcspn(typed, "/"), typed); /* ADDRESS/LENGTH */
	if (!pcp_addr_parse(host, addr, &ignored))
		return true;
	compose->request->server = session_server_for(compose->session, pcp_addr_is_v4(addr));
	if (compose->request->server || !session_server(compose->session))
		return true;
	return pcp_refuse(why, 0,
			  "%s is an %s host, and no default router of that family was found: name "
			  "the server with -s (RFC 6887 8.1)",
			  host, pcp_addr_is_v4(addr) ? "IPv4" : "IPv6");
}

bool compose_args(const struct args *args, const struct session *session, struct pcp_edit *edit,
		  struct pcp_client_request *request, struct pcp_why *why)
{
	struct compose compose = { edit, request, session, -1 };
	const char *to = args_value(args, "-to");

	memset(edit, 0, sizeof *edit);
	edit->dialects = session ? session_dialects(session) : 0;
	*request = (struct pcp_client_request){ .server = session ? session_server(session) : 0 };
	if (!to && session && !choose_router(&compose, args, why))
		return false;
	if (to && !compose_to(&compose, to, why))
		return false;
	if (!args->command->begin(&compose, args, why) || !apply_words(&compose, args, why) ||
	    !apply_options(&compose, args, why))
		return false;
	follow_third_party(&compose, args);
	drop_implied_wish(&compose, args);
	put_version(edit, args_value(args, "-version"));
	request->octets = edit->octets;
	request->len = edit->len;
	return true;
}
