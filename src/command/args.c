/* The words of a command line, sorted as pypcpc's argparse does. */
#include "args.h"
#include "suggest.h"
#include "out.h"
#include "words.h"

#include <stdio.h>
#include <string.h>

/* Where the parser looks a word up: the tables in turn; PCP options by name where allowed. */
enum { GRAMMAR_OWN, GRAMMAR_REQUEST, GRAMMAR_COMMON, GRAMMAR_TABLES };
struct grammar {
	const struct command_option *table[GRAMMAR_TABLES];
	bool layouts;
};

static const struct command_option *grammar_row(const struct grammar *grammar, size_t i)
{
	const struct command_option *row = NULL;

	for (size_t t = 0; !row && t < GRAMMAR_TABLES; t++)
		row = command_option_row(grammar->table[t], &i);
	return row;
}

static bool is_name(const struct command_option *row, const char *word, size_t len)
{
	return (strlen(row->name) == len && !strncmp(row->name, word, len)) ||
	       (row->alias && strlen(row->alias) == len && !strncmp(row->alias, word, len));
}

static const struct command_option *exact(const struct grammar *grammar, const char *word,
					  size_t len)
{
	const struct command_option *row;

	for (size_t i = 0; (row = grammar_row(grammar, i)); i++)
		if (is_name(row, word, len))
			return row;
	return NULL;
}

/* The row that the word abbreviates; *many when it could be several. */
static const struct command_option *abbreviated(const struct grammar *grammar, const char *word,
						size_t len, bool *many)
{
	const struct command_option *row, *found = NULL;

	*many = false;
	for (size_t i = 0; (row = grammar_row(grammar, i)); i++) {
		if (row->whole)
			continue;
		if (!strncmp(row->name, word, len) ||
		    (row->alias && !strncmp(row->alias, word, len))) {
			*many = *many || found;
			found = row;
		}
	}
	return found;
}

/* "-f10.0.0.0/8/80": a value glued to an option of one letter. */
static const struct command_option *glued(const struct grammar *grammar, const char *word)
{
	const struct command_option *row = word[1] == '-' ? NULL : exact(grammar, word, 2);

	return row && row->value ? row : NULL;
}

static const struct pcp_layout *layout_named(const char *word, size_t len)
{
	char name[64];
	size_t dashes = word[1] == '-' ? 2 : 1;

	if (len <= dashes || len - dashes >= sizeof name)
		return NULL;
	memcpy(name, word + dashes, len - dashes);
	name[len - dashes] = '\0';
	return pcp_layout_named(PCP_CLASS_OPTION, name);
}

/* What the word that is no option was likely meant to be. */
static bool no_option(const struct grammar *grammar, const char *word, struct pcp_why *why)
{
	const struct command_option *row;
	struct suggest suggest;
	char name[64];

	suggest_begin(&suggest, word, strcspn(word, "="));
	for (size_t i = 0; (row = grammar_row(grammar, i)); i++) {
		suggest_offer(&suggest, row->name);
		suggest_offer(&suggest, row->alias);
	}
	for (size_t i = 0; grammar->layouts && i < pcp_nlayouts; i++) {
		snprintf(name, sizeof name, "--%s", pcp_layouts[i]->key);
		if (pcp_layouts[i]->kind == PCP_CLASS_OPTION)
			suggest_offer(&suggest, name);
	}
	return pcp_refuse(why, 0, "there is no option '%s'%s", pcp_quoted(word).text,
			  suggest_text(&suggest, ""));
}

/* Finds what the option word means; *value points behind its "=", or is NULL. */
static bool look_up(const struct grammar *grammar, const char *word, struct args_option *option,
		    const char **value, struct pcp_why *why)
{
	size_t len = strcspn(word, "=");
	bool many = false;

	*option = (struct args_option){ .typed = word, .value = "" };
	*value = word[len] ? word + len + 1 : NULL;
	option->row = exact(grammar, word, len);
	if (!option->row && grammar->layouts)
		option->layout = layout_named(word, len);
	if (option->row || option->layout)
		return true;
	option->row = abbreviated(grammar, word, len, &many);
	if (many)
		return pcp_refuse(why, 0, "'%s' could mean several options", pcp_quoted(word).text);
	if (!option->row && (option->row = glued(grammar, word)))
		*value = word + 2;
	return option->row || no_option(grammar, word, why);
}

/* As argparse has it: a lone "-", negative numbers and anything with a blank are no options. */
static bool looks_like_option(const char *word)
{
	return word[0] == '-' && word[1] && !strchr(word, ' ') && !strchr("0123456789.", word[1]);
}

static bool wants_value(const struct args_option *option)
{
	if (option->row)
		return option->row->value && !option->row->maybe;
	return option->layout->nfield > 0;
}

static bool takes_value(const struct args_option *option)
{
	return wants_value(option) || (option->row && option->row->maybe);
}

/* Whether the word behind an option that may have a value is one. */
static bool fits(const struct args_option *option, const char *word)
{
	return option->row && option->row->fits && option->row->fits(word);
}

static bool keep(struct args *args, const struct args_option *option, struct pcp_why *why)
{
	if (args->noption == COMMAND_WORDS_MAX)
		return pcp_refuse(why, 0, "more than %d options", COMMAND_WORDS_MAX);
	args->option[args->noption++] = *option;
	return true;
}

/* The further words of an option like -f; they contain a slash, so ports may follow them. */
static bool take_many(struct args *args, struct args_option option, int argc, char **argv, int *i,
		      struct pcp_why *why)
{
	while (*i + 1 < argc && strchr(argv[*i + 1], '/') && !looks_like_option(argv[*i + 1])) {
		option.value = argv[++*i];
		if (!keep(args, &option, why))
			return false;
	}
	return true;
}

static bool take_option(struct args *args, struct grammar *grammar, int argc, char **argv, int *i,
			struct pcp_why *why)
{
	struct args_option option;
	const char *value;

	if (!look_up(grammar, argv[*i], &option, &value, why))
		return false;
	if (value && !takes_value(&option))
		return pcp_refuse(why, 0, "'%s' takes no value", pcp_quoted(argv[*i]).text);
	if (!value && wants_value(&option)) {
		const char *name = option.row ? option.row->value : "VALUE";
		bool next = *i + 1 < argc && !exact(grammar, argv[*i + 1], strlen(argv[*i + 1]));

		if (!next)
			return pcp_refuse(why, 0, "'%s' needs %s after it",
					  pcp_quoted(argv[*i]).text, name);
		value = argv[++*i];
	}
	if (!value && *i + 1 < argc && fits(&option, argv[*i + 1]))
		value = argv[++*i];
	option.value = value ? value : "";
	if (!keep(args, &option, why))
		return false;
	if (option.row && option.row->rest)
		grammar->table[GRAMMAR_OWN] = option.row->rest;
	return !option.row || !option.row->many || take_many(args, option, argc, argv, i, why);
}

static bool is_help(const char *word)
{
	return !strcmp(word, "-h") || !strcmp(word, "--help");
}

static bool take_word(struct args *args, const char *word, struct pcp_why *why)
{
	if (args->nword == COMMAND_WORDS_MAX)
		return pcp_refuse(why, 0, "more than %d words", COMMAND_WORDS_MAX);
	args->word[args->nword++] = word;
	return true;
}

/* Names all that is missing, at once. */
static bool is_missing(const struct command_arg *arg, struct pcp_why *why)
{
	char names[128];
	struct pcp_out out;
	size_t n = 0;

	pcp_out_begin(&out, names, sizeof names);
	for (; arg->name && !arg->optional; arg++)
		pcp_out_format(&out, "%s%s", n++ ? ", " : "", arg->name);
	return pcp_refuse(why, 0, "%s %s missing", names, n == 1 ? "is" : "are");
}

static bool count_words(struct args *args, struct pcp_why *why)
{
	const struct command_arg *arg = args->command->arg;
	size_t n = 0;

	args->miscounted = true;
	for (; arg && arg->name; arg++, n++) {
		if (n >= args->nword && !arg->optional)
			return is_missing(arg, why);
		if (n >= args->nword || arg->many) {
			args->miscounted = false;
			return true;
		}
	}
	if (args->nword > n)
		return pcp_refuse(why, 0, "'%s' is one word too many",
				  pcp_quoted(args->word[n]).text);
	args->miscounted = false;
	return true;
}

/* Whether the command takes what is no option of it as a word ("--drop=0.3" of serve). */
static bool is_dashed_word(const struct args *args, const struct grammar *grammar, const char *word)
{
	const struct command_arg *arg = args->command->arg;

	return arg && arg->dashed && word[1] == '-' && !exact(grammar, word, strcspn(word, "="));
}

static struct grammar grammar_of(const struct command *command)
{
	return (struct grammar){ { command->options,
				   command->begin ? command_request_options : NULL,
				   command_common_options },
				 command->begin != NULL };
}

bool args_parse(const struct command *command, int argc, char **argv, struct args *args,
		struct pcp_why *why)
{
	struct grammar grammar = grammar_of(command);
	bool words_only = false;

	*args = (struct args){ .command = command };
	for (int i = 1; i < argc; i++) {
		bool option = !words_only && looks_like_option(argv[i]);

		if (option && !strcmp(argv[i], "--"))
			words_only = true;
		else if (option && is_help(argv[i]))
			return args->help = true;
		else if (option && is_dashed_word(args, &grammar, argv[i])) {
			if (!take_word(args, argv[i] + 2, why))
				return false;
		} else if (!(option ? take_option(args, &grammar, argc, argv, &i, why)
				    : take_word(args, argv[i], why)))
			return false;
	}
	return count_words(args, why);
}

/* Whether the command takes the word as an option of its own, or may have meant to. */
static bool is_own(const struct command *command, const struct grammar *grammar, const char *word)
{
	size_t len = strcspn(word, "=");
	bool many, dashed = command->arg && command->arg->dashed && word[1] == '-';

	return dashed || exact(grammar, word, len) || layout_named(word, len) ||
	       abbreviated(grammar, word, len, &many);
}

int args_take_global(const struct command_option *options, const struct command *command, int argc,
		     char **argv, struct args *args, struct pcp_why *why)
{
	struct grammar own = grammar_of(command), global = { { options }, false };
	struct args ignored = { .command = command };
	struct pcp_why none;
	int left = argc > 0;

	for (int i = 1; i < argc; i++) {
		bool option = looks_like_option(argv[i]) && strcmp(argv[i], "--") != 0;
		int first = i;

		if (option && !is_help(argv[i]) && !is_own(command, &own, argv[i]) &&
		    exact(&global, argv[i], strcspn(argv[i], "="))) {
			if (!take_option(args, &global, argc, argv, &i, why))
				return -1;
			continue;
		}
		if (option && is_own(command, &own, argv[i]))
			take_option(&ignored, &own, argc, argv, &i, &none); /* with its value */
		for (; first <= i; first++)
			argv[left++] = argv[first];
	}
	return left;
}

int args_parse_global(const struct command_option *options, int argc, char **argv,
		      struct args *args, struct pcp_why *why)
{
	struct grammar grammar = { { options }, false };
	int i;

	*args = (struct args){ .command = NULL };
	for (i = 1; i < argc && looks_like_option(argv[i]); i++) {
		if (!strcmp(argv[i], "--"))
			return i + 1;
		if (!take_option(args, &grammar, argc, argv, &i, why))
			return -1;
	}
	return i;
}
