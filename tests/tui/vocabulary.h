/*
 * What a program may say to its terminal: printable text, and the control sequences of the
 * terminal's description. Apart from term.h, since curses has structs of the same names.
 */
#ifndef VOCABULARY_H
#define VOCABULARY_H

#include <stdbool.h>

/* Reads terminfo's capabilities, and curses' own additions: marks of pasted text, mouse. */
bool vocabulary_learn(const char *terminal);
/* The first octet that is neither a known sequence nor harmless text in UTF-8 (ascii: in US-ASCII);
 * NULL: there is none. */
const char *vocabulary_stray(const char *octets, bool ascii);
/* What the terminal sends for a key of this name ("Up", "PgDn", "F5", "^L", "q"); NULL: no such
 * key.
 */
const char *vocabulary_key(const char *name);

#endif
