/* Numbers that nobody can guess: each system's own, one file a way. */
#ifndef RANDOM_PRIVATE_H
#define RANDOM_PRIVATE_H

#include <stddef.h>

/* Fills buf. Ends the program where the system has none: a guessable nonce would be worse than no
 * program (RFC 6887 11.2). */
void random_system(void *buf, size_t len);

#endif
