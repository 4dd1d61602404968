/* What the files of edit.h share: moving octets, and what follows in the options around them. */
#ifndef EDIT_PRIVATE_H
#define EDIT_PRIVATE_H

#include "reading.h"

/* False, with that reason. */
bool edit_no_room(struct pcp_why *why);
/* Replaces old octets at off by len others (NULL: zeros). False, with nothing changed, when they do
 * not fit. The new octets must not stand in the buffer. */
bool edit_splice(struct pcp_edit *edit, size_t off, size_t old, const uint8_t *octets, size_t len);
bool edit_grow_to(struct pcp_edit *edit, size_t len);

static inline bool edit_is_option(const struct reading *reading, size_t node)
{
	return pcp_is_option(&reading->packet.node[node]);
}

/* Whether the layout's data ends in nested options. */
bool edit_nests(const struct pcp_layout *layout);
/* Octets of its own padding: an option nested in it may end in padding as well. */
size_t edit_option_padding(const struct reading *reading, size_t option);
size_t edit_option_data(const struct reading *reading, size_t option);

/* After the data of an option changed by delta octets: its Length and padding follow, and so do
 * those of the options that it stands in. The reading is of before the change. */
bool edit_follow(struct pcp_edit *edit, const struct reading *reading, size_t option,
		 ptrdiff_t delta, struct pcp_why *why);
/* Puts other octets in the place of some that belong to a branch; unless edit->exact, the options
 * around follow. */
bool edit_replace(struct pcp_edit *edit, const struct reading *reading, size_t branch, size_t off,
		  size_t old, const uint8_t *octets, size_t len, struct pcp_why *why);
/* On failure nothing has changed. */
bool edit_set_leaf(struct pcp_edit *edit, const struct reading *reading, size_t node,
		   const uint8_t *octets, size_t len, struct pcp_why *why);

#endif
