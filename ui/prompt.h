/* Single lines at the bottom: commands, filters, searches, file names. */
#ifndef PROMPT_H
#define PROMPT_H

#include "desk.h"

bool prompt_open(struct ui *ui);
void prompt_close(struct ui *ui);
/* Asks for one line at the bottom; `done` gets it when Enter ends it, `changed` (or NULL) at each
 * keystroke; Esc gives `done` what stood there before. */
void prompt_ask(struct ui *ui, const char *label, const char *text,
		void (*changed)(struct ui *ui, const char *text),
		void (*done)(struct ui *ui, const char *text));
/* The same for something new: Esc drops it, `done` is not called. */
void prompt_ask_new(struct ui *ui, const char *label, const char *text,
		    void (*done)(struct ui *ui, const char *text));
/* The same for a command: Up and Down walk those that were remembered, Tab completes. */
void prompt_ask_command(struct ui *ui, const char *label, const char *text,
			void (*done)(struct ui *ui, const char *text));
void prompt_remember(struct ui *ui, const char *line);
/* Whether a line of its own is being typed, not the field of a form. */
bool prompt_asks(const struct ui *ui);
/* False when nothing is being asked. */
bool prompt_draw(struct ui *ui, const struct rect *in);

#endif
