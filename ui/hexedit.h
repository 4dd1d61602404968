/* Octets typed as hex digits: overwrite, insert, delete, truncate, lengthen, undo. */
#ifndef HEXEDIT_H
#define HEXEDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "draw.h"
#include "edit.h"

enum { HEXEDIT_UNDO_MAX = 32 };

struct hexedit_state {
	struct pcp_edit edit;
	size_t nibble;
};

struct hexedit {
	struct pcp_edit *edit; /* the octets; not the editor's */
	size_t nibble;	       /* cursor: two a octet; 2 * len is behind the last */
	size_t top;	       /* first row in sight */
	size_t columns;	       /* octets a row, as last drawn */
	struct hexedit_state *undo;
	size_t nundo;
};

void hexedit_close(struct hexedit *hex);
/* Octets that fit a row of that width beside the offset: a multiple of 4. */
size_t hexedit_columns(int width);
/* One hex digit at the cursor, which moves on; appends at the end. False when it is none, or full.
 */
bool hexedit_type(struct hexedit *hex, unsigned long character);
void hexedit_move(struct hexedit *hex, long nibbles);
bool hexedit_insert(struct hexedit *hex);
bool hexedit_delete(struct hexedit *hex);
bool hexedit_truncate(struct hexedit *hex);
bool hexedit_lengthen(struct hexedit *hex, size_t octets);
bool hexedit_undo(struct hexedit *hex);
/* How the octets are drawn. */
struct hexedit_looks {
	/* *begins: a part begins with it. */
	enum style (*style)(void *arg, size_t octet, bool *begins);
	void *arg;
};
/* With the characters that they are beside them where there is room. */
void hexedit_draw(struct hexedit *hex, const struct rect *in, bool focus,
		  const struct hexedit_looks *looks);

#endif
