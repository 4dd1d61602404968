/* set: how the shell goes about its work. The dashboard has settings of its own, and runs it
 * itself. */
#include "cmd.h"
#include "report.h"
#include "words.h"

#include <string.h>

static const struct command_arg args[] = {
	{ .name = "NAME",
	  .optional = true,
	  .help = "In a shell errors, output or timeout; in the dashboard theme, or key BINDING." },
	{ .name = "VALUE",
	  .optional = true,
	  .help = "errors: stop or go; output: quiet, messages or events; timeout: seconds; theme: "
		  "a theme's name; key BINDING: its keys." },
	{ .name = NULL },
};

static bool set_errors(struct command_context *context, const char *value, struct pcp_why *why)
{
	context->script->stop = !strcmp(value, "stop");
	return context->script->stop || !strcmp(value, "go") ||
	       pcp_refuse(why, 0, "errors: '%s' is neither stop nor go", pcp_quoted(value).text);
}

static bool set_output(struct command_context *context, const char *value, struct pcp_why *why)
{
	static const char *const levels[] = {
		[REPORT_QUIET] = "quiet",
		[REPORT_MESSAGES] = "messages",
		[REPORT_EVENTS] = "events",
	};

	for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++)
		if (!strcmp(levels[i], value)) {
			context->script->report->level = (enum report_level)i;
			return true;
		}
	return pcp_refuse(why, 0, "output: '%s' is none of quiet, messages, events",
			  pcp_quoted(value).text);
}

static bool set_timeout(struct command_context *context, const char *value, struct pcp_why *why)
{
	return args_timeout(value, &context->timeout, why);
}

/* Those without a function are the dashboard's. */
static const struct {
	const char *name, *help;
	bool (*set)(struct command_context *, const char *, struct pcp_why *);
} settings[] = {
	{ "errors", "in a shell: stop or go", set_errors },
	{ "output", "in a shell: quiet, messages or events", set_output },
	{ "timeout", "in a shell: seconds", set_timeout },
	{ "theme", "in the dashboard: its colours", NULL },
	{ "key", "in the dashboard: the keys of a binding", NULL },
};

enum { SETTINGS = sizeof settings / sizeof settings[0] };

static void complete(const char *typed,
		     void (*found)(void *arg, const char *word, const char *help), void *arg)
{
	for (size_t i = 0; i < SETTINGS; i++)
		if (!strncmp(settings[i].name, typed, strlen(typed)))
			found(arg, settings[i].name, settings[i].help);
}

static bool set(struct command_context *context, const struct args *args_, struct pcp_why *why)
{
	size_t i = 0;

	if (args_->nword < 2)
		return pcp_refuse(why, 0, "NAME and VALUE are needed: errors, output or timeout");
	while (i < SETTINGS && strcmp(settings[i].name, args_->word[0]))
		i++;
	if (i == SETTINGS)
		return pcp_refuse(why, 0, "'%s' is none of errors, output, timeout",
				  pcp_quoted(args_->word[0]).text);
	if (!settings[i].set || !context->script)
		return pcp_refuse(why, 0, "%s is %s", settings[i].name, settings[i].help);
	return settings[i].set(context, args_->word[1], why);
}

static enum exit_status run(struct command_context *context, const struct args *args_)
{
	struct pcp_why why;

	return set(context, args_, &why) ? EXIT_ANSWERED : cmd_usage(context, args_, &why);
}

const struct command cmd_set = {
	.name = "set",
	.summary = "Say how a script goes on, or how the dashboard looks.",
	.help = "set errors stop ends the script at the first command that fails; go (the default) "
		"goes on. set output quiet prints a line an answer. set timeout 3 gives up after 3 "
		"s. In the dashboard set theme = light and set key renew = r F12 are lines of its "
		"configuration file, until it ends; set alone shows what is set.",
	.complete = complete,
	.where = COMMAND_SHELL | COMMAND_PROMPT,
	.arg = args,
	.run = run,
};

static enum exit_status quit(struct command_context *context, const struct args *args_)
{
	(void)args_;
	if (context->script)
		context->script->quit = true;
	return EXIT_ANSWERED;
}

const struct command cmd_quit = {
	.name = "quit",
	.summary = "End the shell, or the dashboard.",
	.where = COMMAND_SHELL | COMMAND_PROMPT,
	.run = quit,
};
