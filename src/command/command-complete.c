/* What could stand next on a command line. */
#include "command.h"

#include <stdio.h>
#include <string.h>

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
		if (pcp_layouts[i]->kind != PCP_CLASS_OPTION)
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
