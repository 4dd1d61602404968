/* The `:` prompt: a command as on the command line, run on the dashboard's session. */
#include <stdio.h>
#include <string.h>

#include "actions.h"
#include "command.h"
#include "output.h"
#include "probing.h"
#include "prompt.h"

static void run(struct ui *ui, char *line)
{
	char *words[COMMAND_WORDS_MAX];
	struct pcp_why why;
	uint32_t exchange = 0;
	struct session_observer observer = { .event = ui_notes_sent, .arg = &exchange };
	struct writer writer;
	const struct command_face face = { .arg = ui, .probe = probing_begin };
	struct command_context context = { .session = ui->session, .out = &writer, .face = &face };
	int count = command_split(line, words, &why);

	if (count < 0) {
		ui_say(ui, STYLE_ERROR, "%s", why.text);
		return;
	}
	if (count == 0)
		return;
	output_begin(ui, &writer);
	session_observe(ui->session, &observer);
	command_run(&context, count, words);
	session_unobserve(ui->session, &observer);
	if (exchange)
		ui_began(ui, exchange);
	output_end(ui);
}

/* Commands that are about the dashboard itself: the shell ends at the same word, here it is the
 * dashboard that ends. */
static const struct {
	const char *name;
	void (*run)(struct ui *ui);			   /* alone, or */
	void (*run_with)(struct ui *ui, const char *rest); /* with what stands behind it */
} own[] = { { "quit", act_quit, NULL }, { "tour", NULL, tour_go }, { "set", NULL, act_set } };

static bool is_own(struct ui *ui, const char *text)
{
	const struct command *command;
	char word[32];
	size_t i, len;

	text += strspn(text, " ");
	len = strcspn(text, " ");
	snprintf(word, sizeof word, "%.*s", (int)len, text);
	command = command_find(word);
	text += len + strspn(text + len, " ");
	for (i = 0; command && i < sizeof own / sizeof *own; i++) {
		if (strcmp(command->name, own[i].name) != 0 || (own[i].run && *text))
			continue;
		if (own[i].run)
			own[i].run(ui);
		else
			own[i].run_with(ui, text);
		return true;
	}
	return false;
}

static void done(struct ui *ui, const char *text)
{
	char line[COMMAND_LINE_MAX];

	if (is_own(ui, text) || !text[strspn(text, " ")])
		return;
	prompt_remember(ui, text);
	snprintf(line, sizeof line, "%s", text);
	run(ui, line);
}

void act_prompt_with(struct ui *ui, const char *text)
{
	prompt_ask_command(ui, ":", text, done);
}

void act_prompt(struct ui *ui)
{
	act_prompt_with(ui, "");
}
