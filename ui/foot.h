/*
 * The lines below the panes, which never move: the last answer, or what was just said or asked;
 * what the thing under the cursor means; the keys of the place.
 */
#ifndef FOOT_H
#define FOOT_H

#include "desk.h"

void foot_draw(struct ui *ui);

#endif
