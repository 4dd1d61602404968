/*
 * What could complete the line being typed: a list in sight above it, through which Tab goes. Words
 * and their help come from command_complete, so from the tables.
 */
#ifndef CANDIDATES_H
#define CANDIDATES_H

#include <stdbool.h>

#include "draw.h"
#include "input.h"

struct candidates;

/* NULL when memory is out. */
struct candidates *candidates_new(void);
void candidates_free(struct candidates *candidates);
/* Tab: completes the line as far as all that fits agrees, and shows what fits; after that takes the
 * next of them (by 1; the one before: -1) in turn. False when nothing fits. */
bool candidates_step(struct candidates *candidates, struct input *line, int by);
bool candidates_shown(const struct candidates *candidates);
/* The list goes; what it has put into the line stays. */
void candidates_close(struct candidates *candidates);
/* The same, and the line is again what was typed. */
void candidates_undo(struct candidates *candidates, struct input *line);
/* Draws the list at the bottom of the page, and what the one taken means whole in the row
 * `meaning`, which may have height 0. */
void candidates_draw(struct candidates *candidates, const struct rect *page,
		     const struct rect *meaning);

#endif
