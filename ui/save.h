/* Files that the dashboard writes. */
#ifndef SAVE_H
#define SAVE_H

#include <stdio.h>

#include "desk.h"

/* Writes a file of that name, or of the next one that is free (ladder-2.txt): what is there stays
 * as it is. Tells the name that was written, or why none was; "" writes nothing. `write` is false
 * when it could not write all; what the file itself says of that need not be asked. */
void save_as(struct ui *ui, const char *name,
	     bool (*write)(struct ui *ui, FILE *file, const void *arg), const void *arg);

#endif
