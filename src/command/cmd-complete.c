/* complete: what could stand next on a command line, for the shells. */
#include "cmd.h"
#include "labspec.h"

#include <string.h>

static const struct command_arg args[] = {
	{ .name = "LINE", .help = "The command line so far, the program's name included." },
	{ .name = NULL },
};

struct completing {
	struct writer *out;
	const char *before; /* of the word that is being typed, this much stands, and */
	const char *word;   /* this is its beginning */
};

static void found(void *arg, const char *word, const char *help)
{
	const struct completing *completing = arg;

	if (!strncmp(word, completing->word, strlen(completing->word)))
		write_note(completing->out, "%s%s\t%s", completing->before, word, help ? help : "");
}

/* The option before the command that the word is, if it is one. */
static const struct command_option *global(const char *word)
{
	const struct command_option *option = command_global_options;

	while (option->name && strcmp(option->name, word) &&
	       (!option->alias || strcmp(option->alias, word)))
		option++;
	return option->name ? option : NULL;
}

static void offer_globals(struct completing *completing)
{
	for (const struct command_option *option = command_global_options; option->name; option++) {
		found(completing, option->name, option->help);
		if (option->alias)
			found(completing, option->alias, option->help);
	}
}

/* An option before the command, or what the lab shall be: that stands in the option's own word. */
static void offer_before(struct completing *completing)
{
	static const char lab[] = "--lab=";

	if (strncmp(completing->word, lab, sizeof lab - 1) != 0) {
		offer_globals(completing);
		return;
	}
	completing->before = lab;
	completing->word += sizeof lab - 1;
	labspec_complete(completing->word, found, completing);
}

static bool is_own_name(const char *word, size_t len)
{
	static const char name[] = "pcpscope";
	size_t own = sizeof name - 1;

	return len >= own && !strncmp(word + len - own, name, own) &&
	       (len == own || word[len - own - 1] == '/');
}

/* Where the program's own words begin in a shell's line: in `cd x; sudo ./pcpscope map` at the
 * program's name, in a line without it at the last command's first word. */
static const char *own_words(const char *line)
{
	const char *own = NULL, *command = line, *word = line;
	char quote = '\0';

	for (const char *at = line; *at; at++) {
		if (quote) {
			if (*at == quote)
				quote = '\0';
		} else if (*at == '\'' || *at == '"') {
			quote = *at;
		} else if (*at == '\\' && at[1]) {
			at++;
		} else if (strchr(";|&(\n", *at)) {
			own = NULL;
			command = word = at + 1;
		} else if (*at == ' ') {
			if (!own && is_own_name(word, (size_t)(at - word)))
				own = word;
			word = at + 1;
		}
	}
	return own ? own : command + strspn(command, " ");
}

static const char *skip_word(const char *at)
{
	at += strcspn(at, " ");
	return at + strspn(at, " ");
}

/* Skips the program's name and the options before the command. True when the word that is being
 * typed is still one of those or its value; *line is then that word. */
static bool before_command(const char **line, bool *value)
{
	const char *at = skip_word(*line);
	char word[64];

	*value = false;
	while (*at == '-' || *value) {
		size_t len = strcspn(at, " ");

		*line = at;
		if (!at[len])
			return true;
		snprintf(word, sizeof word, "%.*s", (int)len, at);
		const struct command_option *option = *value ? NULL : global(word);

		*value = option && option->value && !option->maybe;
		at = skip_word(at);
	}
	*line = at;
	return *value;
}

static enum exit_status run(struct command_context *context, const struct args *args_)
{
	struct completing completing = { context->out, "", "" };
	const char *line = own_words(args_->word[0]);
	bool value;

	if (before_command(&line, &value)) {
		completing.word = line;
		if (!value)
			offer_before(&completing);
	} else {
		command_complete(line, COMMAND_LINE, found, &completing);
	}
	return EXIT_ANSWERED;
}

const struct command cmd_complete = {
	.name = "complete",
	.summary = "Say what could stand next on a command line: for the shells.",
	.help = "A word a line, with a tab and what it means. The completions for bash, zsh and "
		"fish "
		"ask this.",
	.where = COMMAND_LINE,
	.arg = args,
	.run = run,
};
