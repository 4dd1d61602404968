/*
 * Memory that curses lacks. Of what it cannot do for want of it curses tells no more than errno; in
 * places it ends the program by itself, with a status that means something else here, and in others
 * it uses what it did not get.
 */
#ifndef SHORTAGE_H
#define SHORTAGE_H

#include <stdbool.h>

/* Until shortage_end(): where curses ends the program, give_back() is called first, the reason is
 * told, and `status` is the program's. */
void shortage_begin(int status, void (*give_back)(void));
void shortage_end(void);
/* Around what curses does: whether memory was out meanwhile. */
void shortage_look(void);
bool shortage_seen(void);
/* For the handler of a crash: one between the two, and behind an allocation that failed, ends the
 * program as if curses had ended it. */
void shortage_crashed(void);

#endif
