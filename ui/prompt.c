/* Single lines at the bottom: commands, filters, searches, file names. */
#include "prompt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates.h"

enum { HISTORY_MAX = 200 };

struct prompt {
	struct input line;
	struct candidates *candidates;
	char label[80];
	char before[INPUT_MAX]; /* what Esc gives back */
	void (*changed)(struct ui *ui, const char *text);
	void (*done)(struct ui *ui, const char *text);
	char *history[HISTORY_MAX];
	size_t nhistory, at;
	bool gives_back; /* Esc hands `before` to `done` */
	bool recalls;	 /* Up and Down walk the history, Tab completes: the `:` prompt alone */
};

bool prompt_open(struct ui *ui)
{
	ui->prompt = calloc(1, sizeof *ui->prompt);
	if (ui->prompt)
		ui->prompt->candidates = candidates_new();
	return ui->prompt && ui->prompt->candidates;
}

void prompt_close(struct ui *ui)
{
	size_t i;

	if (!ui->prompt)
		return;
	for (i = 0; i < ui->prompt->nhistory; i++)
		free(ui->prompt->history[i]);
	candidates_free(ui->prompt->candidates);
	free(ui->prompt);
	ui->prompt = NULL;
}

static void finish(struct ui *ui, const char *text)
{
	struct prompt *prompt = ui->prompt;
	char typed[INPUT_MAX];

	snprintf(typed, sizeof typed, "%s", text);
	candidates_close(prompt->candidates);
	ui_edit(ui, NULL);
	prompt->done(ui, typed);
}

static void accept(struct ui *ui)
{
	finish(ui, ui->prompt->line.text);
}

static void cancel(struct ui *ui)
{
	struct prompt *prompt = ui->prompt;

	if (candidates_shown(prompt->candidates))
		candidates_undo(prompt->candidates, &prompt->line);
	else if (ui->prompt->gives_back)
		finish(ui, ui->prompt->before);
	else
		ui_edit(ui, NULL);
}

static void changed(struct ui *ui)
{
	candidates_close(ui->prompt->candidates);
	if (ui->prompt->changed)
		ui->prompt->changed(ui, ui->prompt->line.text);
}

/* Among the candidates while they are shown, else the history. at == nhistory: the line being
 * typed, which is empty when one comes back to it. */
static void step(struct ui *ui, int by)
{
	struct prompt *prompt = ui->prompt;

	if (candidates_shown(prompt->candidates)) {
		candidates_step(prompt->candidates, &prompt->line, by);
		return;
	}
	if (!prompt->recalls || (by < 0 && prompt->at == 0) ||
	    (by > 0 && prompt->at == prompt->nhistory))
		return;
	prompt->at = by < 0 ? prompt->at - 1 : prompt->at + 1;
	input_set(&prompt->line, prompt->at < prompt->nhistory ? prompt->history[prompt->at] : "");
}

static void complete(struct ui *ui, int by)
{
	struct prompt *prompt = ui->prompt;

	if (prompt->recalls && !candidates_step(prompt->candidates, &prompt->line, by))
		ui_say(ui, STYLE_WARNING, "nothing completes this; :help lists the commands");
}

static const struct input_ops ops = {
	.changed = changed, .accept = accept, .cancel = cancel, .step = step, .complete = complete
};

void prompt_ask(struct ui *ui, const char *label, const char *text,
		void (*on_change)(struct ui *ui, const char *text),
		void (*on_done)(struct ui *ui, const char *text))
{
	struct prompt *prompt = ui->prompt;

	snprintf(prompt->label, sizeof prompt->label, "%s", label);
	snprintf(prompt->before, sizeof prompt->before, "%s", text);
	prompt->line.ops = &ops;
	input_set(&prompt->line, text);
	prompt->changed = on_change;
	prompt->done = on_done;
	prompt->recalls = false;
	prompt->gives_back = true;
	ui_edit(ui, &prompt->line);
}

void prompt_ask_new(struct ui *ui, const char *label, const char *text,
		    void (*on_done)(struct ui *ui, const char *text))
{
	prompt_ask(ui, label, text, NULL, on_done);
	ui->prompt->gives_back = false;
}

void prompt_ask_command(struct ui *ui, const char *label, const char *text,
			void (*on_done)(struct ui *ui, const char *text))
{
	prompt_ask_new(ui, label, text, on_done);
	ui->prompt->recalls = true;
	ui->prompt->at = ui->prompt->nhistory;
}

bool prompt_asks(const struct ui *ui)
{
	return ui->input == &ui->prompt->line;
}

bool prompt_draw(struct ui *ui, const struct rect *in)
{
	struct prompt *prompt = ui->prompt;
	int col, hint;

	if (!prompt_asks(ui))
		return false;
	if (in->height > 1)
		draw_cell(in, 1, 0, in->width, ui->message_style, ui->message);
	hint = in->height > 1 ? 0 : draw_width(ui->message);
	if (hint > in->width / 2)
		hint = in->width / 2;
	if (hint)
		draw_cell(in, 0, in->width - hint, hint, ui->message_style, ui->message);
	candidates_draw(prompt->candidates, &ui->layout.page,
			&(struct rect){ in->y + 1, in->x, in->height - 1, in->width });
	col = draw_text(in, 0, 0, STYLE_KEY, prompt->label);
	input_draw(&prompt->line, in, 0, col, in->width - col - (hint ? hint + 1 : 0),
		   STYLE_NORMAL);
	return true;
}

void prompt_remember(struct ui *ui, const char *line)
{
	struct prompt *prompt = ui->prompt;
	char *copy;

	if (prompt->nhistory && strcmp(prompt->history[prompt->nhistory - 1], line) == 0)
		return;
	copy = strdup(line);
	if (!copy)
		return;
	if (prompt->nhistory == HISTORY_MAX) {
		free(prompt->history[0]);
		memmove(prompt->history, prompt->history + 1,
			(HISTORY_MAX - 1) * sizeof *prompt->history);
		prompt->nhistory--;
	}
	prompt->history[prompt->nhistory++] = copy;
}
