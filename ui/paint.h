/* Frames: when one is painted, and what it consists of. Each has a loop's form; `arg` is the struct
 * ui. */
#ifndef PAINT_H
#define PAINT_H

#include "clock.h"

/* Paints what changed, unless a frame was painted just now. */
void paint_frame(void *arg, usec now);
/* The moment at which something that is shown changes by itself; USEC_NEVER: nothing does. */
usec paint_due(void *arg);
/* That moment has come. */
void paint_tick(void *arg, usec now);

#endif
