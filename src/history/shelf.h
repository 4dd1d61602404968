/* Memory that is given back in the order in which it was taken, for what the oldest of goes first:
 * no bookkeeping around each piece, and no gaps. */
#ifndef SHELF_H
#define SHELF_H

#include <stdbool.h>
#include <stddef.h>

struct shelf {
	struct board *first, *last;
};

/* So many octets, aligned for pointers and numbers of 64 bits, with what they had before in them;
 * NULL without memory. */
void *shelf_take(struct shelf *shelf, size_t octets);
/* Whether they would lie on the board with the piece that was taken last, so that each of the two
 * may point to the other: a board goes as a whole. */
bool shelf_beside(const struct shelf *shelf, size_t octets);
/* Gives back the oldest piece. */
void shelf_drop(struct shelf *shelf);
void shelf_free(struct shelf *shelf); /* all of them; the shelf can be used again */

#endif
