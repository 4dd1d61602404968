/* help: from the tables. */
#include "cmd.h"
#include "suggest.h"
#include "wrap.h"
#include "words.h"

#include <string.h>

static const struct command_arg args[] = {
	{ .name = "TOPIC", .optional = true, .help = "A command, options, or scenarios." },
	{ .name = NULL },
};

enum { USAGE_MAX = 1024, WIDTH = 79 };

static void say(struct command_context *context, int indent, const char *text)
{
	while (*text) {
		const char *line = text;
		size_t len = pcp_wrap(line, (size_t)(WIDTH - indent), NULL, &text);

		write_note(context->out, "%*s%.*s", indent, "", (int)len, line);
	}
}

static void option_line(struct command_context *context, const struct command_option *option,
			int indent)
{
	write_note(context->out, "%*s%s%s%s%s%s%s", indent, "", option->name,
		   option->alias ? ", " : "", option->alias ? option->alias : "",
		   command_option_joint(option), option->value ? option->value : "",
		   option->maybe ? "]" : "");
	say(context, indent + 8, option->help);
	for (const struct command_option *rest = option->rest; rest && rest->name; rest++)
		option_line(context, rest, indent + 4);
}

static void option_lines(struct command_context *context, const char *title,
			 const struct command_option *options)
{
	if (!options || !options->name)
		return;
	write_note(context->out, "%s", title);
	for (; options->name; options++)
		option_line(context, options, 2);
}

static void one_command(struct command_context *context, const struct command *command)
{
	char usage[USAGE_MAX];

	command_usage(command, usage, sizeof usage);
	say(context, 0, usage);
	say(context, 0, command->summary);
	if (command->help)
		say(context, 0, command->help);
	for (const struct command_arg *arg = command->arg; arg && arg->name; arg++) {
		write_note(context->out, "  %s", arg->name);
		say(context, 10, arg->help);
	}
	option_lines(context, "Options:", command->options);
	option_lines(context, "Options of every command:", command_common_options);
	if (command->begin) {
		option_lines(context, "Options of requests:", command_request_options);
		write_note(context->out, "  --NAME=VALUE");
		write_note(context->out,
			   "          Any PCP option by its RFC name; 'fields' lists them.");
	}
}

/* A name, and beside it the text in as many lines as it takes. */
static void beside(struct command_context *context, const char *name, const char *text)
{
	enum { INDENT = 2 + 10 + 1 };

	for (; *text; name = "") {
		const char *line = text;
		size_t len = pcp_wrap(line, WIDTH - INDENT, NULL, &text);

		write_note(context->out, "  %-10s %.*s", name, (int)len, line);
	}
}

static void all_commands(struct command_context *context)
{
	unsigned where = context->where ? context->where : COMMAND_PROMPT;

	for (size_t i = 0; i < ncommands; i++)
		if (commands[i]->where & where)
			beside(context, commands[i]->name, commands[i]->summary);
	write_note(context->out,
		   "help COMMAND says more; help options: what stands before the command.");
}

/* What --lab=, serve and lab take: limits, faults, actions, and scenarios made of them. */
static void lab_words(struct command_context *context)
{
	struct lab_word word;

	for (size_t i = 0; lab_word_at(i, &word); i++) {
		write_note(context->out, "  %s%s%s", word.name,
			   *word.values && *word.values != '[' ? "=" : "", word.values);
		say(context, 10, word.help);
	}
}

static void scenarios(struct command_context *context)
{
	write_note(context->out, "Scenarios, by name behind --lab=, serve and lab:");
	for (size_t i = 0; i < lab_nscenarios; i++) {
		write_note(context->out, "  %s", lab_scenarios[i].name);
		say(context, 10, lab_scenarios[i].look);
		say(context, 10, lab_scenarios[i].words);
	}
	write_note(context->out, "Words that they are made of. RATE is how often, from 0 to 1;");
	write_note(context->out, "where a value has a rate behind @, either may be left out:");
	lab_words(context);
}

static void global_options(struct command_context *context)
{
	option_lines(context, "Options before the command:", command_global_options);
}

/* What there is to say beside the commands. */
static const struct {
	const char *name, *help;
	void (*tell)(struct command_context *context);
} topics[] = {
	{ "options", "What stands before the command.", global_options },
	{ "scenarios", "What the lab can do: scenarios, limits, faults, actions.", scenarios },
};
enum { NTOPICS = sizeof topics / sizeof topics[0] };

static void no_such_topic(struct command_context *context, const char *typed)
{
	struct suggest suggest;

	command_suggest(&suggest, typed, COMMAND_ANYWHERE, "");
	for (size_t i = 0; i < NTOPICS; i++)
		suggest_offer(&suggest, topics[i].name);
	cmd_error(context, "help: there is no command '%s'%s", pcp_quoted(typed).text,
		  suggest_text(&suggest, "; help alone lists them"));
}

static void complete(const char *typed,
		     void (*found)(void *arg, const char *word, const char *help), void *arg)
{
	(void)typed;
	for (size_t i = 0; i < ncommands; i++)
		found(arg, commands[i]->name, commands[i]->summary);
	for (size_t i = 0; i < NTOPICS; i++)
		found(arg, topics[i].name, topics[i].help);
}

static enum exit_status run(struct command_context *context, const struct args *args_)
{
	const char *topic = args_->nword ? args_->word[0] : NULL;
	const struct command *command = topic ? command_find(topic) : NULL;

	if (!topic) {
		all_commands(context);
		return EXIT_ANSWERED;
	}
	for (size_t i = 0; i < NTOPICS; i++)
		if (!strcmp(topic, topics[i].name)) {
			topics[i].tell(context);
			return EXIT_ANSWERED;
		}
	if (command) {
		one_command(context, command);
		return EXIT_ANSWERED;
	}
	no_such_topic(context, topic);
	return EXIT_USAGE;
}

const struct command cmd_help = {
	.name = "help",
	.summary = "List the commands, or say more about one.",
	.where = COMMAND_ANYWHERE,
	.arg = args,
	.complete = complete,
	.run = run,
};
