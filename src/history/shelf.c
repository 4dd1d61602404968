/* Boards of pieces, side by side; a board goes with its last piece. */
#include "shelf.h"

#include <stdint.h>
#include <stdlib.h>

/* What pieces are made of. */
union word {
	void *pointer;
	uint64_t number;
};

enum { BOARD = 256 << 10, ALIGN = sizeof(union word) };

struct board {
	struct board *next;
	size_t used, cap; /* octets */
	size_t pieces;	  /* that were not given back */
	union word octets[];
};

static size_t aligned(size_t octets)
{
	return (octets + ALIGN - 1) / ALIGN * ALIGN;
}

bool shelf_beside(const struct shelf *shelf, size_t octets)
{
	const struct board *last = shelf->last;

	return last && octets < BOARD && aligned(octets) <= last->cap - last->used;
}

static bool new_board(struct shelf *shelf, size_t octets)
{
	size_t cap = octets > BOARD ? octets : BOARD;
	struct board *board = malloc(sizeof *board + cap);

	if (!board)
		return false;
	*board = (struct board){ .cap = cap };
	if (shelf->last)
		shelf->last->next = board;
	else
		shelf->first = board;
	shelf->last = board;
	return true;
}

void *shelf_take(struct shelf *shelf, size_t octets)
{
	struct board *board;
	void *piece;

	octets = aligned(octets);
	if (!shelf_beside(shelf, octets) && !new_board(shelf, octets))
		return NULL;
	board = shelf->last;
	piece = (char *)board->octets + board->used;
	board->used += octets;
	board->pieces++;
	return piece;
}

void shelf_drop(struct shelf *shelf)
{
	struct board *first = shelf->first;

	if (--first->pieces > 0)
		return;
	if (first == shelf->last) {
		first->used = 0;
		return;
	}
	shelf->first = first->next;
	free(first);
}

void shelf_free(struct shelf *shelf)
{
	for (struct board *board = shelf->first, *next; board; board = next) {
		next = board->next;
		free(board);
	}
	*shelf = (struct shelf){ 0 };
}
