/*
 * What the terminal sends, as keys: sequences that its description does not know are read as what
 * most terminals mean by them, or passed over whole, and text that is pasted is told from text that
 * is typed.
 */
#ifndef KEYBOARD_H
#define KEYBOARD_H

#include <stdbool.h>

#include "key.h"

/* A press of the mouse's first button, or a turn of its wheel: -1 up, 1 down. */
struct keyboard_click {
	int y, x, wheel;
};
enum { KEYBOARD_CLICKS = 8 }; /* as many as curses keeps */

enum keyboard_event {
	KEYBOARD_NOTHING, /* until the terminal sends more */
	KEYBOARD_KEY,
	KEYBOARD_PASTED, /* a character that was pasted */
	KEYBOARD_MOUSE,	 /* keyboard_clicks() has it */
	KEYBOARD_RESIZED,
	KEYBOARD_OTHER, /* that no key stands for */
};

/* After newterm(). False without memory. */
bool keyboard_open(void);
/* Writes what makes the terminal mark pasted text, or no longer. */
void keyboard_mark_pastes(bool mark);
/* Takes one thing that came; *key for KEYBOARD_KEY and KEYBOARD_PASTED. Never waits longer than
 * ESCDELAY. */
enum keyboard_event keyboard_read(ui_key *key);
/* Takes the clicks that came, of which KEYBOARD_MOUSE tells once: the newest first. Returns how
 * many. */
size_t keyboard_clicks(struct keyboard_click click[KEYBOARD_CLICKS]);

#endif
