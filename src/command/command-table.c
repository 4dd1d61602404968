/* The table of commands, and how one is found by what was typed. */
#include "cmd.h"
#include "suggest.h"

#include <string.h>

const struct command *const commands[] = {
	&cmd_map,     &cmd_peer,     &cmd_announce, &cmd_get,	 &cmd_walk,   &cmd_send,
	&cmd_raw,     &cmd_mappings, &cmd_renew,    &cmd_delete, &cmd_auto,   &cmd_forget,
	&cmd_adopt,   &cmd_recover,  &cmd_resume,   &cmd_open,	 &cmd_moment, &cmd_close,
	&cmd_servers, &cmd_use,	     &cmd_lab,	    &cmd_decode, &cmd_encode, &cmd_serve,
	&cmd_watch,   &cmd_keep,     &cmd_probe,    &cmd_beacon, &cmd_bench,  &cmd_shell,
	&cmd_wait,    &cmd_sleep,    &cmd_set,	    &cmd_fields, &cmd_help,   &cmd_complete,
	&cmd_tour,    &cmd_quit,     NULL,
};
const size_t ncommands = sizeof commands / sizeof commands[0] - 1;

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
