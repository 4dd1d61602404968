/* renew, delete, auto, forget, adopt: one mapping of the table, by its number. */
#include "answer.h"
#include "cmd.h"
#include "words.h"

#include <string.h>

static const struct command_arg id_args[] = {
	{ .name = "ID", .help = "The mapping's number, as mappings lists it." },
	{ .name = NULL },
};

/* The mapping that the typed number names; NULL with a message. */
static const struct pcp_mapping *mapping_typed(struct command_context *context, const char *typed)
{
	const struct pcp_mapping *mapping = NULL;
	unsigned long id;
	struct pcp_why why;

	if (args_number(typed, 1, UINT32_MAX, &id, &why))
		mapping = pcp_client_mapping(session_client(context->session), (uint32_t)id);
	if (!mapping)
		cmd_error(context, "'%s' is no mapping of this session; %s", pcp_quoted(typed).text,
			  context->where == COMMAND_LINE
				  ? "--resume takes over what earlier sessions left, and "
				    "'--resume mappings' lists it"
				  : "mappings lists them");
	return mapping;
}

/* Who waits for an answer is told why nothing is sent yet; the dashboard's foot says so itself. */
static void say_held(struct command_context *context, uint32_t exchange)
{
	struct answer answer = { .log = session_log(context->session),
				 .client = session_client(context->session),
				 .exchange = exchange,
				 .now = session_now(context->session) };
	char text[ANSWER_TEXT];

	if (context->face || answer_verdict(&answer) != ANSWER_HELD)
		return;
	answer_sentence(&answer, 0, text, sizeof text);
	write_note(context->out, "#%u  %s", exchange, text);
}

typedef uint32_t (*operation)(struct pcp_client *, usec, uint32_t, struct pcp_why *);

static enum exit_status ask(struct command_context *context, const struct args *args,
			    operation ask_)
{
	const struct pcp_mapping *mapping = mapping_typed(context, args->word[0]);
	struct pcp_why why;
	uint32_t exchange;

	if (!mapping)
		return EXIT_USAGE;
	exchange = ask_(session_client(context->session), loop_now(session_loop(context->session)),
			mapping->id, &why);
	if (exchange)
		say_held(context, exchange);
	if (exchange)
		return cmd_await(context, exchange);
	cmd_error(context, "%s: %s", args->command->name, why.text);
	return EXIT_FAILED;
}

static enum exit_status renew(struct command_context *context, const struct args *args)
{
	return ask(context, args, pcp_client_renew);
}

static enum exit_status delete_now(struct command_context *context, const struct args *args)
{
	return ask(context, args, pcp_client_delete);
}

const struct command cmd_renew = {
	.name = "renew",
	.summary = "Renew a mapping now.",
	.help = "Sends the request that made it again, with its nonce. On the command line "
		"--resume takes over the mappings of earlier sessions, and theirs.",
	.where = COMMAND_ANYWHERE,
	.needs_session = true,
	.no_server = true,
	.arg = id_args,
	.run = renew,
};

const struct command cmd_delete = {
	.name = "delete",
	.summary = "Delete a mapping on its server.",
	.help = "Sends its request with lifetime 0 and the nonce that made it. On the command line "
		"--resume takes over the mappings of earlier sessions, and theirs.",
	.where = COMMAND_ANYWHERE,
	.needs_session = true,
	.no_server = true,
	.arg = id_args,
	.run = delete_now,
};

static const struct command_arg auto_args[] = {
	{ .name = "ID", .help = "The mapping's number, as mappings lists it." },
	{ .name = "on|off", .help = "Whether it is renewed by itself." },
	{ .name = NULL },
};

static enum exit_status set_auto(struct command_context *context, const struct args *args)
{
	const struct pcp_mapping *mapping = mapping_typed(context, args->word[0]);
	bool on = !strcmp(args->word[1], "on");

	if (!mapping)
		return EXIT_USAGE;
	if (!on && strcmp(args->word[1], "off")) {
		cmd_error(context, "auto: '%s' is neither on nor off",
			  pcp_quoted(args->word[1]).text);
		return EXIT_USAGE;
	}
	pcp_client_auto_renew(session_client(context->session),
			      loop_now(session_loop(context->session)), mapping->id, on);
	return EXIT_ANSWERED;
}

const struct command cmd_auto = {
	.name = "auto",
	.summary = "Turn a mapping's renewal by itself on or off.",
	.help = "Renewal starts after half of the lifetime (RFC 6887 11.2.1).",
	.where = COMMAND_SHELL | COMMAND_PROMPT,
	.needs_session = true,
	.arg = auto_args,
	.run = set_auto,
};

static enum exit_status forget(struct command_context *context, const struct args *args)
{
	const struct pcp_mapping *mapping = mapping_typed(context, args->word[0]);

	if (!mapping)
		return EXIT_USAGE;
	pcp_client_forget(session_client(context->session),
			  loop_now(session_loop(context->session)), mapping->id);
	return EXIT_ANSWERED;
}

const struct command cmd_forget = {
	.name = "forget",
	.summary = "Take a mapping out of the table without a word to the server.",
	.help = "It stays on the server until its lifetime is over. Its nonce is forgotten, too.",
	.where = COMMAND_SHELL | COMMAND_PROMPT,
	.needs_session = true,
	.no_server = true,
	.arg = id_args,
	.run = forget,
};

static enum exit_status adopt(struct command_context *context, const struct args *args)
{
	const struct pcp_mapping *mapping = mapping_typed(context, args->word[0]);
	struct pcp_mapping found;

	if (!mapping)
		return EXIT_USAGE;
	found = *mapping; /* adopting changes the table that the pointer points into */
	if (pcp_client_adopt(session_client(context->session),
			     loop_now(session_loop(context->session)), &found, true))
		return EXIT_ANSWERED;
	cmd_error(context, "adopt: another mapping of ours has its protocol, address and port; "
			   "forget ID drops that one, or the table is full");
	return EXIT_FAILED;
}

const struct command cmd_adopt = {
	.name = "adopt",
	.summary = "Make a mapping that walk found one's own.",
	.help = "Its nonce is known from the walk: it can be renewed and deleted from then on.",
	.where = COMMAND_SHELL | COMMAND_PROMPT,
	.needs_session = true,
	.no_server = true,
	.arg = id_args,
	.run = adopt,
};
