/* One line of text being typed: form fields, the prompt, filters and searches. */
#ifndef INPUT_H
#define INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "layout.h"
#include "theme.h"

struct ui;

enum { INPUT_MAX = 4096 };

/* What the line's owner does; any may be NULL. */
struct input_ops {
	void (*changed)(struct ui *ui);	     /* after each keystroke that changed the text */
	void (*accept)(struct ui *ui);	     /* Enter */
	void (*cancel)(struct ui *ui);	     /* Esc */
	void (*leave)(struct ui *ui);	     /* for a pane: what was typed stays; NULL: as Esc */
	void (*step)(struct ui *ui, int by); /* Up and Down: history, or the next field */
	void (*complete)(struct ui *ui, int by); /* Tab; by -1: S-Tab */
};

struct input {
	const struct input_ops *ops;
	char text[INPUT_MAX]; /* UTF-8 */
	size_t len, cursor;   /* octets */
	size_t scroll;	      /* first octet in sight */
	bool fresh;	      /* the first character typed replaces the text */
};

/* The text to start with; the cursor stands behind it. */
void input_set(struct input *input, const char *text);
/* Types one character; false when it does not fit. */
bool input_type(struct input *input, unsigned long character);
void input_left(struct input *input);
void input_right(struct input *input);
void input_start(struct input *input);
void input_end(struct input *input);
bool input_backspace(struct input *input); /* false: nothing there */
bool input_delete(struct input *input);
bool input_erase(struct input *input);	    /* the whole line */
bool input_erase_word(struct input *input); /* before the cursor */
bool input_cut(struct input *input);	    /* from the cursor on */
/* Draws as much as fits, scrolled so that the cursor is in sight, and puts the terminal's there. */
void input_draw(struct input *input, const struct rect *in, int row, int col, int width,
		enum style style);

#endif
