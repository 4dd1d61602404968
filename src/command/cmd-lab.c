/* lab: configuration and faults of the embedded gateway, while it runs. */
#include "cmd.h"
#include "labspec.h"
#include "out.h"
#include "words.h"

#include <string.h>

static const struct command_arg args[] = {
	{ .name = "WORD",
	  .optional = true,
	  .many = true,
	  .help = "drop=0.3, quota=10, restart, a scenario...; none shows what is in force and "
		  "what "
		  "there is." },
	{ .name = NULL },
};

enum { IN_FORCE = 1000, REFUSALS_SHOWN = 8 };

/* Every word that somebody has set, as it would be typed. */
static const char *in_force(const struct lab *lab, char buf[IN_FORCE])
{
	struct lab_word word;
	struct pcp_out out;
	char text[300];

	pcp_out_begin(&out, buf, IN_FORCE);
	for (size_t i = 0; lab_word_at(i, &word); i++) {
		if (!lab_word_changed(lab, i))
			continue;
		lab_word_text(lab, i, text, sizeof text);
		pcp_out_format(&out, "%s%s", out.len ? " " : "", text);
	}
	return out.len ? buf : "nothing but the defaults";
}

/* A setting with its value now, the others with what they may be. */
static void show_word(struct command_context *context, size_t i, const struct lab_word *word)
{
	const struct lab *lab = session_lab(context->session);
	char text[300];

	if (word->group == LAB_SETTING || lab_word_changed(lab, i))
		lab_word_text(lab, i, text, sizeof text);
	else
		snprintf(text, sizeof text, "%s%s", word->name,
			 *word->values && *word->values != '[' ? "=" : "");
	write_note(context->out, "%c %-22s %s%s%s", lab_word_changed(lab, i) ? '*' : ' ', text,
		   word->values, *word->values ? ": " : "", word->help);
}

/* The last ones first. */
static void show_refusals(struct command_context *context)
{
	const struct session *session = context->session;
	struct lab_refusal refusal;
	char text[300];

	for (size_t i = 0; i < REFUSALS_SHOWN && lab_refusal_at(session_lab(session), i, &refusal);
	     i++) {
		if (i == 0)
			write_note(context->out, "Refused or not answered, the last ones first:");
		lab_refusal_text(&refusal, text, sizeof text);
		write_note(context->out, "  %s", text);
	}
}

static enum exit_status show(struct command_context *context)
{
	static const char *const titles[] = {
		[LAB_SETTING] = "Settings:", [LAB_FAULT] = "Faults:", [LAB_ACTION] = "Actions:"
	};
	char buf[IN_FORCE];
	struct lab_word word;
	int group = -1;

	write_note(context->out, "In force: %s", in_force(session_lab(context->session), buf));
	for (size_t i = 0; lab_word_at(i, &word); i++) {
		if ((int)word.group != group)
			write_note(context->out, "%s", titles[word.group]);
		group = (int)word.group;
		show_word(context, i, &word);
	}
	show_refusals(context);
	write_note(context->out, "Scenarios, which set several at once:");
	for (size_t i = 0; i < lab_nscenarios; i++)
		write_note(context->out, "  scenario=%-13s %s", lab_scenarios[i].name,
			   lab_scenarios[i].look);
	return EXIT_ANSWERED;
}

static const struct lab_scenario *scenario_of(const char *word)
{
	static const char name[] = "scenario=";

	for (size_t i = 0; i < lab_nscenarios; i++)
		if (strncmp(word, name, sizeof name - 1) == 0 &&
		    strcmp(word + sizeof name - 1, lab_scenarios[i].name) == 0)
			return &lab_scenarios[i];
	return NULL;
}

static bool is_action(const char *typed)
{
	size_t len = strcspn(typed, "=");
	struct lab_word word;

	for (size_t i = 0; lab_word_at(i, &word); i++)
		if (strlen(word.name) == len && strncmp(word.name, typed, len) == 0)
			return word.group == LAB_ACTION;
	return false;
}

/* Sets one word; what is to be said of it, beyond that it is in force, goes to `said`. */
static bool set(struct command_context *context, const char *typed, char said[LABSPEC_WORD_MAX],
		struct pcp_why *why)
{
	struct session *session = context->session;
	const struct lab_scenario *scenario;
	char word[LABSPEC_WORD_MAX];
	const char *spec = typed;
	bool is_address;

	/* For the scenarios' names; a word of its own is whole, commas and all. */
	labspec_next(&spec, word, &is_address);
	if (*spec)
		snprintf(word, sizeof word, "%s", typed);
	if (!lab_set(session_lab(session), loop_now(session_loop(session)), word, why))
		return false;
	scenario = scenario_of(word);
	if (scenario)
		snprintf(said, LABSPEC_WORD_MAX, "%s: %s ", scenario->name, scenario->look);
	else if (is_action(word))
		snprintf(said, LABSPEC_WORD_MAX, "%s is done. ", pcp_quoted(word).text);
	return true;
}

static enum exit_status run(struct command_context *context, const struct args *args_)
{
	struct session *session = context->session;
	char said[LABSPEC_WORD_MAX] = "", buf[IN_FORCE];
	struct pcp_why why;

	if (!session_lab(session)) {
		cmd_error(context, "lab: this session has no lab; start it with --lab");
		return EXIT_FAILED;
	}
	if (args_->nword == 0)
		return show(context);
	for (size_t i = 0; i < args_->nword; i++)
		if (!set(context, args_->word[i], said, &why)) {
			cmd_error(context, "lab: %s", why.text);
			return EXIT_USAGE;
		}
	write_note(context->out, "%sIn force: %s", said, in_force(session_lab(session), buf));
	return EXIT_ANSWERED;
}

const struct command cmd_lab = {
	.name = "lab",
	.summary = "Change what the embedded gateway does: its limits, its faults, a restart.",
	.help = "The same words go into --lab=WORD,WORD and serve WORD. Without a word: what is in "
		"force "
		"and what there is.",
	.where = COMMAND_SHELL | COMMAND_PROMPT,
	.needs_session = true,
	.no_server = true,
	.arg = args,
	.complete = labspec_complete,
	.run = run,
};
