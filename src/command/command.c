/* Runs the command that a line names, or composes its request. */
#include "cmd.h"
#include "compose.h"
#include "slurp.h"
#include "suggest.h"
#include "words.h"

#include <string.h>

/* A command that does not exist, or not `where`. */
static void no_such_command(struct command_context *context, const char *name,
			    const struct command *command, unsigned where)
{
	struct suggest suggest;

	if (command)
		cmd_error(context, "'%s' works %s only", command->name, command_places(command));
	else
		cmd_error(context, "there is no command '%s'%s", pcp_quoted(name).text,
			  command_suggest(&suggest, name, where, ": 'help' lists them"));
}

static enum exit_status run_help(struct command_context *context, const struct command *command)
{
	struct args args = { .command = &cmd_help, .nword = 1, .word = { command->name } };

	return cmd_help.run(context, &args);
}

/* A server is needed unless the request is only to be shown. */
static bool lacks_session(const struct command_context *context, const struct args *args)
{
	return args->command->needs_session && !context->session && !args_value(args, "-dry-run");
}

static bool lacks_server(const struct command_context *context, const struct args *args)
{
	return args->command->needs_session && !args->command->no_server && context->session &&
	       !session_server(context->session) && !args_value(args, "-dry-run");
}

static bool is_file(const char *name, const char *value)
{
	return name && !strcmp(name, "FILE") && slurp_may_wait(value);
}

/* The word or value that names what somebody would have to be waited for; NULL: there is none. */
static const char *waits_for(const struct args *args)
{
	const struct command_arg *arg = args->command->arg;

	for (size_t i = 0; i < args->noption; i++)
		if (args->option[i].row &&
		    is_file(args->option[i].row->value, args->option[i].value))
			return args->option[i].value;
	for (size_t i = 0; arg && arg->name && i < args->nword; arg++, i++)
		if (is_file(arg->name, args->word[i]))
			return args->word[i];
	return NULL;
}

enum exit_status command_run(struct command_context *context, int argc, char **argv)
{
	unsigned where = context->where ? context->where : COMMAND_PROMPT;
	const struct command *command;
	enum exit_status status;
	struct pcp_why why;
	struct args args;
	bool json;

	if (argc < 1)
		return EXIT_ANSWERED;
	command = command_find(argv[0]);
	if (!command || !(command->where & where)) {
		no_such_command(context, argv[0], command, where);
		return EXIT_USAGE;
	}
	if (!args_parse(command, argc, argv, &args, &why)) {
		/* A typo that begins another command's name is not meant as that. */
		if (args.miscounted && strcmp(argv[0], command->name) != 0) {
			no_such_command(context, argv[0], NULL, where);
			return EXIT_USAGE;
		}
		return cmd_usage(context, &args, &why);
	}
	if (args.help)
		return run_help(context, command);
	if (lacks_session(context, &args)) {
		cmd_error(context, "%s: there is no session to do that in", command->name);
		return EXIT_FAILED;
	}
	if (lacks_server(context, &args)) {
		cmd_error(context,
			  "%s: no PCP server: there is no default gateway; name one with -s, or "
			  "use --lab",
			  command->name);
		return EXIT_NO_ANSWER;
	}
	if (where == COMMAND_PROMPT && waits_for(&args)) {
		cmd_error(context, "%s: '%s' is no file, and waiting for it would stop the screen",
			  command->name, pcp_quoted(waits_for(&args)).text);
		return EXIT_FAILED;
	}
	json = context->out->json;
	context->out->failed = false;
	context->out->json = json || args_value(&args, "--json");
	status = command->run(context, &args);
	context->out->json = json;
	return context->out->failed ? EXIT_FAILED : status;
}

bool command_compose(int argc, char **argv, const struct session *session, struct pcp_edit *edit,
		     struct pcp_client_request *request, struct pcp_why *why)
{
	const struct command *command = argc ? command_find(argv[0]) : NULL;
	struct args args;

	if (!command || !command->begin)
		return pcp_refuse(why, 0, "'%s' is no command that sends a request",
				  pcp_quoted(argc ? argv[0] : "").text);
	if (!args_parse(command, argc, argv, &args, why))
		return false;
	if (args.help)
		return pcp_refuse(why, 0, "%s", command->summary);
	return compose_args(&args, session, edit, request, why);
}
