/* What is typed behind --lab= and serve: "ADDRESS[:PORT],WORD,WORD...", in any order. */
#ifndef LABSPEC_H
#define LABSPEC_H

#include "endpoint.h"

enum { LABSPEC_WORD_MAX = 512 };

/* Takes the next word off *spec; false at the end. A piece that is no address, word or scenario of
 * the lab belongs to the word before it ("versions=2,0"). A scenario's name becomes
 * "scenario=NAME". *is_address: the word says where to listen. A word that is too long is cut, and
 * refused by whoever reads it. */
bool labspec_next(const char **spec, char word[LABSPEC_WORD_MAX], bool *is_address);

/* ADDRESS or ADDRESS:PORT; port 0 means any that is free. *fixed: a port was typed, otherwise it is
 * 5351. False with *why. */
bool labspec_address(const char *word, struct pcp_endpoint *at, bool *fixed, struct pcp_why *why);

/* What could stand at the end of such words: calls `found` with all of what was typed and a word,
 * or a value of a setting, a fault or an action, behind its last comma. A value that has no names
 * is shown by what it may be. */
void labspec_complete(const char *typed,
		      void (*found)(void *arg, const char *words, const char *help), void *arg);

#endif
