/* The last message of a kind, by what it is about: for log.c. */
#ifndef GRANTS_H
#define GRANTS_H

#include <stddef.h>
#include <stdint.h>

struct grants {
	struct grant {
		uint32_t about, id; /* id 0: none */
	} * slot;
	size_t count, cap; /* cap: a power of two */
};

/* The last one about that, if the table has it; 0: none. `about` is a hash: two things may share
 * it. */
uint32_t grants_last(const struct grants *grants, uint32_t about);
/* From now on it is that one. Those before `oldest` need not be kept. Without memory it is
 * forgotten. */
void grants_note(struct grants *grants, uint32_t about, uint32_t id, uint32_t oldest);
void grants_free(struct grants *grants);

#endif
