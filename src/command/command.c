/* The table of commands, and what works on its rows: finding, running, usage, completion. */
#include "cmd.h"
#include "compose.h"
#include "out.h"
#include "suggest.h"

#include <stdarg.h>
#include <string.h>

const struct command *const commands[] = {
	&cmd_map,     &cmd_peer,     &cmd_announce, &cmd_get,	 &cmd_walk,   &cmd_send,
	&cmd_raw,     &cmd_mappings, &cmd_renew,    &cmd_delete, &cmd_auto,   &cmd_forget,
	&cmd_adopt,   &cmd_recover,  &cmd_resume,   &cmd_open,	 &cmd_moment, &cmd_close,
	&cmd_servers, &cmd_use,	     &cmd_lab,	    &cmd_decode, &cmd_encode, &cmd_serve,
	&cmd_watch,   &cmd_shell,    &cmd_wait,	    &cmd_sleep,	 &cmd_set,    &cmd_fields,
	&cmd_help,    &cmd_complete, &cmd_quit,	    NULL,
};
const size_t ncommands = sizeof commands / sizeof commands[0] - 1;

const struct command_option command_request_options[] = {
	{ .name = "-opt",
	  .alias = "--option",
	  .value = "CODE:HEX",
	  .repeat = true,
	  .whole = true,
	  .apply = compose_any_option,
	  .help = "Any PCP option: CODE:HEX or NAME:HEX as it stands, NAME=VALUE or "
		  "NAME=KEY=VALUE,KEY=VALUE by its fields; --NAME=VALUE does the same." },
	{ .name = "-set",
	  .value = "PATH=VALUE",
	  .repeat = true,
	  .whole = true,
	  .apply = compose_set,
	  .help = "Any field by its path, as decode --json names it: -set header.reserved=1." },
	{ .name = "-exact",
	  .whole = true,
	  .apply = compose_exact,
	  .help = "From here on -set leaves Length fields and padding as they are." },
	{ .name = "-version",
	  .value = "N",
	  .whole = true,
	  .help = "PCP version of the request: 2, 1 for the drafts' bodies without nonces, or "
		  "another to see UNSUPP_VERSION." },
	{ .name = "-client",
	  .value = "ADDRESS",
	  .whole = true,
	  .apply = compose_client,
	  .help = "Client address in the header; default: the address that the request leaves "
		  "from." },
	{ .name = "-to",
	  .value = "SERVER",
	  .whole = true,
	  .apply = compose_to,
	  .help = "Which server, by number, address or name; default: the one in use." },
	{ .name = "-tries",
	  .value = "N",
	  .whole = true,
	  .apply = compose_tries,
	  .help = "Send it at most N times (MRC of RFC 6887 8.1.1); default: until the timeout." },
	{ .name = "-renew",
	  .whole = true,
	  .apply = compose_renew,
	  .help = "Keep the mapping alive until it is deleted." },
	{ .name = "-norenew",
	  .whole = true,
	  .apply = compose_no_renew,
	  .help = "Let the mapping run out." },
	{ .name = "-b",
	  .alias = "--background",
	  .whole = true,
	  .help = "Do not wait for the answer; wait does." },
	{ .name = "-dry-run",
	  .alias = "--dry-run",
	  .whole = true,
	  .help = "Show the request and send nothing." },
	{ .name = NULL },
};

const struct command_option command_common_options[] = {
	{ .name = "--json",
	  .whole = true,
	  .help = "One JSON object a line instead of text, as --json before the command." },
	{ .name = NULL },
};

const struct command *command_find(const char *name)
{
	const struct command *found = NULL;
	size_t len = strlen(name), n = 0;

	if (!strcmp(name, "?"))
		return &cmd_help;
	for (size_t i = 0; i < ncommands; i++) {
		if (!strcmp(commands[i]->name, name))
			return commands[i];
		if (len && !strncmp(commands[i]->name, name, len)) {
			found = commands[i];
			n++;
		}
	}
	return n == 1 ? found : NULL;
}

const char *command_places(const struct command *command)
{
	static const char *const places[COMMAND_ANYWHERE + 1] = {
		[COMMAND_LINE] = "on the command line",
		[COMMAND_SHELL] = "in the shell",
		[COMMAND_PROMPT] = "in the dashboard",
		[COMMAND_LINE | COMMAND_SHELL] = "on the command line and in the shell",
		[COMMAND_LINE | COMMAND_PROMPT] = "on the command line and in the dashboard",
		[COMMAND_SHELL | COMMAND_PROMPT] = "in the shell and the dashboard",
	};

	return places[command->where];
}

const char *command_suggest(struct suggest *suggest, const char *typed, unsigned where,
			    const char *otherwise)
{
	suggest_begin(suggest, typed, strlen(typed));
	for (size_t i = 0; i < ncommands; i++)
		if (commands[i]->where & where)
			suggest_offer(suggest, commands[i]->name);
	return suggest_text(suggest, otherwise);
}

/* A command that does not exist, or not `where`. */
static void no_such_command(struct command_context *context, const char *name,
			    const struct command *command, unsigned where)
{
	struct suggest suggest;

	if (command)
		cmd_error(context, "'%s' works %s only", command->name, command_places(command));
	else
		cmd_error(context, "there is no command '%.60s'%s", name,
			  command_suggest(&suggest, name, where, ": 'help' lists them"));
}

/* ---- usage ---- */

static void put_option(struct pcp_out *out, const struct command_option *option)
{
	pcp_out_format(out, " [%s", option->name);
	if (option->value)
		pcp_out_format(out, "%s%s%s%s", option->maybe ? "[=" : " ", option->value,
			       option->maybe ? "]" : "", option->many ? " ..." : "");
	for (const struct command_option *rest = option->rest; rest && rest->name; rest++)
		put_option(out, rest);
	pcp_out_text(out, "]");
}

static void put_arg(struct pcp_out *out, const struct command_arg *arg)
{
	pcp_out_format(out, arg->optional ? " [%s%s]" : " %s%s", arg->name,
		       arg->many ? " ..." : "");
}

size_t command_usage(const struct command *command, char *buf, size_t cap)
{
	struct pcp_out out;

	pcp_out_begin(&out, buf, cap);
	pcp_out_text(&out, command->name);
	for (const struct command_arg *arg = command->arg; arg && arg->name; arg++)
		put_arg(&out, arg);
	for (const struct command_option *o = command->options; o && o->name; o++)
		put_option(&out, o);
	if (command->begin)
		pcp_out_text(&out, " [OPTIONS OF REQUESTS]");
	return out.len;
}

/* ---- running ---- */

void cmd_error(struct command_context *context, const char *format, ...)
{
	size_t line = context->script ? context->script->line : 0;
	char sentence[1024];
	va_list ap;

	va_start(ap, format);
	vsnprintf(sentence, sizeof sentence, format, ap);
	va_end(ap);
	if (line)
		write_error(context->out, "line %zu: %s", line, sentence);
	else
		write_error(context->out, "%s", sentence);
}

enum exit_status cmd_usage(struct command_context *context, const struct args *args,
			   const struct pcp_why *why)
{
	cmd_error(context, "%s: %s", args->command->name, why->text);
	return EXIT_USAGE;
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
	if (!args_parse(command, argc, argv, &args, &why))
		return cmd_usage(context, &args, &why);
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
	json = context->out->json;
	context->out->json = json || args_value(&args, "--json");
	status = command->run(context, &args);
	context->out->json = json;
	return status;
}

bool command_compose(int argc, char **argv, const struct session *session, struct pcp_edit *edit,
		     struct pcp_client_request *request, struct pcp_why *why)
{
	const struct command *command = argc ? command_find(argv[0]) : NULL;
	struct args args;

	if (!command || !command->begin)
		return pcp_refuse(why, 0, "'%.60s' is no command that sends a request",
				  argc ? argv[0] : "");
	if (!args_parse(command, argc, argv, &args, why))
		return false;
	if (args.help)
		return pcp_refuse(why, 0, "%s", command->summary);
	return compose_args(&args, session, edit, request, why);
}

/* ---- completion ---- */

struct completion {
	const char *word; /* the beginning that stands there */
	size_t len;
	unsigned where;
	void (*found)(void *arg, const char *word, const char *help);
	void *arg;
};

static void offer(const struct completion *completion, const char *word, const char *help)
{
	if (word && !strncmp(word, completion->word, completion->len))
		completion->found(completion->arg, word, help);
}

static void offer_commands(const struct completion *completion)
{
	for (size_t i = 0; i < ncommands; i++)
		if (commands[i]->where & completion->where)
			offer(completion, commands[i]->name, commands[i]->summary);
}

static void offer_options(const struct completion *completion, const struct command *command,
			  const struct command_option *rest)
{
	const struct command_option *option;
	char name[64];

	for (option = rest; option && option->name; option++)
		offer(completion, option->name, option->help);
	for (size_t i = 0; !rest && (option = command_option_at(command, i)); i++) {
		offer(completion, option->name, option->help);
		if (completion->len > 1 && completion->word[1] == '-')
			offer(completion, option->alias, option->help);
	}
	for (size_t i = 0; command->begin && i < pcp_nlayouts; i++) {
		if (pcp_layouts[i]->class != PCP_CLASS_OPTION)
			continue;
		snprintf(name, sizeof name, "--%s%s", pcp_layouts[i]->key,
			 pcp_layouts[i]->nfield ? "=" : "");
		if (completion->len > 1 && completion->word[1] == '-')
			offer(completion, name, pcp_layouts[i]->purpose);
	}
}

/* The option whose value stands at the end, if one does; *rest: the options that apply there. */
static const struct command_option *open_option(const struct command *command, int n, char **words,
						const struct command_option **rest)
{
	const struct command_option *option, *open = NULL;

	for (int i = 1; i < n; i++) {
		open = NULL;
		for (size_t k = 0; (option = command_option_at(command, k)); k++)
			if (!strcmp(option->name, words[i]) ||
			    (option->alias && !strcmp(option->alias, words[i])))
				open = option;
		for (option = *rest; option && option->name; option++)
			if (!strcmp(option->name, words[i]))
				open = option;
		if (open && open->rest)
			*rest = open->rest;
	}
	return open && open->value ? open : NULL;
}

/* Names that a field's value can have ("tcp"), when the word at hand sets such a field. */
static void offer_names(const struct completion *completion, const char *path)
{
	static const char protocol[] = "protocol";
	size_t len = path ? strlen(path) : 0;

	if (len < sizeof protocol - 1 || strcmp(path + len - (sizeof protocol - 1), protocol))
		return;
	for (const struct pcp_name *name = pcp_protocol_names; name->name; name++)
		offer(completion, name->name, name->help);
}

/* The choices that an argument's or option's own description lists: "on|off". */
static void offer_choices(const struct completion *completion, const char *choices)
{
	char word[32];
	size_t len;

	for (const char *at = strchr(choices, '|') ? choices : ""; *at;
	     at += len + (at[len] == '|')) {
		len = strcspn(at, "|");
		snprintf(word, sizeof word, "%.*s", (int)len, at);
		offer(completion, word, "");
	}
}

static void offer_word(void *arg, const char *word, const char *help)
{
	const struct completion *completion = arg;

	offer(completion, word, help);
}

static void offer_arguments(struct completion *completion, const struct command *command, int n,
			    char **words)
{
	const struct command_option *rest = NULL;
	const struct command_option *open = open_option(command, n, words, &rest);
	const struct command_arg *arg = command->arg;

	if (open) {
		offer_names(completion, open->path);
		offer_choices(completion, open->value);
		return;
	}
	if (completion->word[0] == '-') {
		offer_options(completion, command, rest);
		return;
	}
	if (command->complete) {
		command->complete(completion->word, offer_word, completion);
		return;
	}
	for (int i = 1; arg && arg->name && i < n; i++)
		arg += words[i][0] != '-';
	if (arg && arg->name) {
		offer_names(completion, arg->path);
		offer_choices(completion, arg->name);
	}
}

void command_complete(const char *line, unsigned where,
		      void (*found)(void *arg, const char *word, const char *help), void *arg)
{
	char copy[COMMAND_LINE_MAX], *words[COMMAND_WORDS_MAX];
	struct completion completion = { "", 0, where, found, arg };
	const struct command *command;
	size_t len = strlen(line);
	struct pcp_why why;
	int n;

	if (len >= sizeof copy)
		return;
	strcpy(copy, line);
	n = command_split(copy, words, &why);
	if (n < 0)
		return;
	if (n > 0 && line[len - 1] != ' ') {
		completion.word = words[--n];
		completion.len = strlen(completion.word);
	}
	if (n == 0) {
		offer_commands(&completion);
		return;
	}
	command = command_find(words[0]);
	if (command && command->where & where)
		offer_arguments(&completion, command, n, words);
}
