/*
 * Steps of changes to memory, and the way back. Whoever is about to change something says so first,
 * and what it held is kept; a step back puts it there again, the last change first. What a step
 * would free stays until no step back can need it. The oldest steps go when there are too many.
 *
 * Without a journal (NULL) each function does what would be done anyway, so that one code serves
 * both.
 */
#ifndef UNDO_H
#define UNDO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct undo;

/* max_octets: what all steps may take. NULL when memory is out. */
struct undo *undo_new(size_t max_octets);
/* Frees the journal, and what its steps were to free. */
void undo_free(struct undo *undo);

/* Ends the step that is open and begins one, with `len` octets that undo_back gives back. */
void undo_begin(struct undo *undo, const void *mark, size_t len);
/* How many steps back there are, the open one included. */
size_t undo_steps(const struct undo *undo);
/* Undoes the open step, and opens the one before. mark: room for `len` octets, as many as it began
 * with. False: no step is known, and nothing has been done. */
bool undo_back(struct undo *undo, void *mark, size_t len);

/* ---- what changes; without a journal that costs a look at the pointer ---- */

struct undo_act {
	void (*back)(void *list, void *item, uint32_t id);
	void *list, *item;
	uint32_t id;
};

/* What the functions below do with a journal. */
void undo_note_kept(struct undo *undo, void *at, size_t len);
bool undo_note_touched(struct undo *undo, uint64_t *touched);
void undo_note_made(struct undo *undo, void *memory);
void undo_note_act(struct undo *undo, struct undo_act act);

/* `len` octets are about to be changed. */
static inline void undo_keep(struct undo *undo, void *at, size_t len)
{
	if (undo)
		undo_note_kept(undo, at, len);
}

/* Whether `touched`, which the caller keeps beside an object, says that the open step has the
 * object already; from now on it does. True without a journal. */
static inline bool undo_has(struct undo *undo, uint64_t *touched)
{
	return !undo || undo_note_touched(undo, touched);
}

/* Has come from malloc() just now: a step back frees it. */
static inline void undo_made(struct undo *undo, void *memory)
{
	if (undo)
		undo_note_made(undo, memory);
}

/* A step back calls back(list, item, id), for what is not kept octet by octet. */
static inline void undo_act(struct undo *undo, void (*back)(void *list, void *item, uint32_t id),
			    void *list, void *item, uint32_t id)
{
	if (undo)
		undo_note_act(undo, (struct undo_act){ back, list, item, id });
}

/* free(), when no step back needs it any more. */
void undo_release(struct undo *undo, void *memory);

#endif
