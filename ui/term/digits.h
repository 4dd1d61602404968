/*
 * Countdowns cheaply. curses moves down by an absolute address, six octets, because a line feed may
 * become a return on its way; a vertical tab is one octet that no driver touches, and terminals of
 * the VT100's kin take it for a line feed. A column of twenty countdowns so costs half.
 */
#ifndef DIGITS_H
#define DIGITS_H

#include <stdbool.h>

/* Finds out whether this terminal is of that kind. */
void digits_init(void);
/* After wnoutrefresh(), in place of doupdate(): when only a few plain characters differ, writes
 * them. False: nothing was written, doupdate() is to do it. */
bool digits_write(void);

#endif
