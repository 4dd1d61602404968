/*
 * What differs between two frames, written in a terminal's own words. curses finds the fewest
 * octets by trying each way, and needs ten times the instructions of drawing the frame for it;
 * terminals of the VT100's kin (ECMA-48) all have the same few ways. For any other terminal, and
 * for a whole frame, there is curses.
 */
#ifndef PEN_H
#define PEN_H

#include <stdbool.h>
#include <wchar.h>

/* Finds out whether the terminal that curses has open is of that kind. */
void pen_init(void);
bool pen_able(void);
/* With another theme, what it knows of the one before. */
void pen_forget(void);
void pen_close(void);

/* Begins a frame's changes: attributes are normal, as curses leaves them, and where the terminal's
 * cursor is, nobody knows. */
void pen_begin(void);
/* How many columns right of the pen the cell is; -1: left of it or in another row. */
int pen_columns_to(int y, int x);
void pen_go(int y, int x);
/* A character of so many columns, with what joins it, up to `most` wide characters; attributes as
 * theme_attributes() has them. */
void pen_put(const wchar_t *text, int most, int wide, unsigned long attributes);
/* So many blanks from the pen on; `last`: the row ends with them. */
void pen_blank(int wide, bool last, unsigned long attributes);
/* Whether a character with these attributes is written without a change to others. */
bool pen_has(unsigned long attributes);
/* Ends them with the cursor there, and sends them all. False: they are lost, or a part of them. */
bool pen_end(int y, int x);

#endif
