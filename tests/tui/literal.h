/*
 * Somebody who does literally what a text says: a key is pressed by the name that it is called by,
 * a command is typed as it stands.
 */
#ifndef LITERAL_H
#define LITERAL_H

#include "term.h"

/* "Enter", "F5", "^E", "s", ":walk". Fails the test where that is neither a key's name nor a
 * command. */
void literal_type(struct term *term, const char *what);

#endif
