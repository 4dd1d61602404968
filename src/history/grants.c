/* A hash table that grows, and then leaves out what has gone from the log. */
#include "grants.h"

#include <stdlib.h>

enum { FIRST = 64 };

/* Where it stands, or would. */
static struct grant *place(const struct grants *grants, uint32_t about)
{
	size_t i = about & (grants->cap - 1);

	while (grants->slot[i].id && grants->slot[i].about != about)
		i = (i + 1) & (grants->cap - 1);
	return &grants->slot[i];
}

uint32_t grants_last(const struct grants *grants, uint32_t about)
{
	return grants->cap ? place(grants, about)->id : 0;
}

static void grow(struct grants *grants, uint32_t oldest)
{
	struct grants grown = { .cap = grants->cap ? 2 * grants->cap : FIRST };

	grown.slot = calloc(grown.cap, sizeof *grown.slot);
	if (!grown.slot)
		return;
	for (size_t i = 0; i < grants->cap; i++) {
		if (grants->slot[i].id < oldest || !grants->slot[i].id)
			continue;
		*place(&grown, grants->slot[i].about) = grants->slot[i];
		grown.count++;
	}
	free(grants->slot);
	*grants = grown;
}

void grants_note(struct grants *grants, uint32_t about, uint32_t id, uint32_t oldest)
{
	struct grant *grant;

	if (grants->count >= grants->cap / 2)
		grow(grants, oldest);
	if (grants->count + 1 >= grants->cap)
		return; /* one slot stays empty, or no search would end */
	grant = place(grants, about);
	grants->count += !grant->id;
	*grant = (struct grant){ about, id };
}

void grants_free(struct grants *grants)
{
	free(grants->slot);
	*grants = (struct grants){ 0 };
}
