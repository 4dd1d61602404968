/*
 * The cells of a frame. A frame is drawn whole, into memory, which costs little; of its cells those
 * alone that differ from the frame before go on to the terminal, by the pen or by curses.
 */
#ifndef CANVAS_H
#define CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

/* Begins a frame of curses' size: every cell a blank with these attributes, as theme_attributes
 * has them. False without memory: the frame has no cells. */
bool canvas_begin(unsigned long own);
/* A character of `width` columns (wcwidth), which lie on the canvas; of none: it joins the one in
 * the cell before. Attributes and colours that it lacks are the frame's own. */
void canvas_put(int y, int x, wchar_t character, int width, unsigned long attributes);
/* Characters of US-ASCII, as far as the text begins with them and `width` reaches; returns how
 * many.
 */
int canvas_put_ascii(int y, int x, const char *text, int width, unsigned long attributes);
/* Blanks, as many of them as lie on the canvas. */
void canvas_blank(int y, int x, int width, unsigned long attributes);
/* Attributes of a cell that lies on the canvas; whether it is a blank. */
unsigned long canvas_attributes(int y, int x);
bool canvas_is_blank(int y, int x);
/* Gives cells that lie on the canvas other attributes. */
void canvas_restyle(int y, int x, int width, unsigned long attributes);
/* Tells curses what differs from the frame before, or has the pen write it; or tells curses all,
 * which knows nothing of what the pen wrote. */
void canvas_show(void);
void canvas_write(void);
void canvas_show_all(void);
/* What curses has is not known any more, and of no use: the next frame is told whole. */
void canvas_forget(void);

#endif
