/* Keys, clicks and pasted text: what came from the terminal, and who gets it. */
#ifndef PRESS_H
#define PRESS_H

#include "clock.h"
#include "key.h"

struct ui;

/* A loop's watcher of standard input; `arg` is the struct ui. */
void press_readable(void *arg, int fd, usec now);
/* As if it had been pressed. */
void press_key(struct ui *ui, ui_key key);
/* The terminal has gone: the program ends without another word to it. */
void press_hang_up(struct ui *ui);

#endif
