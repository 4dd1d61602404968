/* A journal of what memory held before it was changed, in steps that can be undone. */
#include "undo.h"

#include <stdlib.h>
#include <string.h>

enum kind { MARK, KEPT, MADE, RELEASED, ACT };

/* Stands behind what an entry keeps, as entries are read from the last one on. */
struct entry {
	void *at;
	uint32_t len; /* octets kept */
	enum kind kind;
};

struct step {
	struct step *older, *newer;
	size_t len;
	uint8_t octets[];
};

struct undo {
	struct step *oldest, *newest;
	size_t steps, octets, max_octets;
	uint8_t *open; /* the step that is open */
	size_t len, cap;
	uint64_t number; /* of steps that were ever open: each has its own */
	bool is_open;	 /* false: before the first one, or it could not be kept whole */
	bool undoing;	 /* what is done now is no change */
};

struct undo *undo_new(size_t max_octets)
{
	struct undo *undo = calloc(1, sizeof *undo);

	if (undo)
		undo->max_octets = max_octets;
	return undo;
}

/* The last entry of a step, which then ends before it. */
static struct entry take(const uint8_t *octets, size_t *len)
{
	struct entry entry;

	*len -= sizeof entry;
	memcpy(&entry, octets + *len, sizeof entry);
	*len -= entry.len;
	return entry;
}

/* ---- steps that are not needed any more ---- */

static void let_go(const uint8_t *octets, size_t len)
{
	while (len > 0) {
		struct entry entry = take(octets, &len);

		if (entry.kind == RELEASED)
			free(entry.at);
	}
}

static void unlink_step(struct undo *undo, struct step *step)
{
	*(step->older ? &step->older->newer : &undo->oldest) = step->newer;
	*(step->newer ? &step->newer->older : &undo->newest) = step->older;
	undo->octets -= sizeof *step + step->len;
	undo->steps--;
}

static void drop_oldest(struct undo *undo)
{
	struct step *step = undo->oldest;

	let_go(step->octets, step->len);
	unlink_step(undo, step);
	free(step);
}

/* Something cannot be kept: there is no way back from here. */
static void forget(struct undo *undo)
{
	while (undo->oldest)
		drop_oldest(undo);
	let_go(undo->open, undo->len);
	undo->len = 0;
	undo->is_open = false;
}

void undo_free(struct undo *undo)
{
	if (!undo)
		return;
	forget(undo);
	free(undo->open);
	free(undo);
}

/* ---- entries ---- */

static bool grow(struct undo *undo, size_t more)
{
	size_t cap = undo->cap ? undo->cap : 4096;
	uint8_t *open;

	if (more > undo->max_octets - undo->len)
		return false;
	while (cap - undo->len < more)
		cap *= 2;
	open = realloc(undo->open, cap);
	if (!open)
		return false;
	undo->open = open;
	undo->cap = cap;
	return true;
}

static inline bool have_room(struct undo *undo, size_t more)
{
	return undo->cap - undo->len >= more || grow(undo, more);
}

/* False: it is not kept. */
static bool note(struct undo *undo, enum kind kind, void *at, const void *octets, size_t len)
{
	struct entry entry = { .at = at, .len = (uint32_t)len, .kind = kind };

	if (!undo->is_open || undo->undoing)
		return false;
	if (!have_room(undo, len + sizeof entry)) {
		forget(undo);
		return false;
	}
	if (len)
		memcpy(undo->open + undo->len, octets, len);
	memcpy(undo->open + undo->len + len, &entry, sizeof entry);
	undo->len += len + sizeof entry;
	return true;
}

void undo_note_kept(struct undo *undo, void *at, size_t len)
{
	(void)note(undo, KEPT, at, at, len);
}

bool undo_note_touched(struct undo *undo, uint64_t *touched)
{
	bool has = *touched == undo->number;

	*touched = undo->number;
	return has;
}

void undo_note_made(struct undo *undo, void *memory)
{
	(void)note(undo, MADE, memory, NULL, 0);
}

void undo_note_act(struct undo *undo, struct undo_act act)
{
	(void)note(undo, ACT, NULL, &act, sizeof act);
}

void undo_release(struct undo *undo, void *memory)
{
	if (!undo || !memory || !note(undo, RELEASED, memory, NULL, 0))
		free(memory);
}

/* ---- steps ---- */

static void end_step(struct undo *undo)
{
	struct step *step = malloc(sizeof *step + undo->len);

	if (!step) {
		forget(undo);
		return;
	}
	*step = (struct step){ .older = undo->newest, .len = undo->len };
	memcpy(step->octets, undo->open, undo->len);
	*(step->older ? &step->older->newer : &undo->oldest) = step;
	undo->newest = step;
	undo->octets += sizeof *step + step->len;
	undo->steps++;
	while (undo->octets > undo->max_octets)
		drop_oldest(undo);
}

void undo_begin(struct undo *undo, const void *mark, size_t len)
{
	if (!undo)
		return;
	if (undo->is_open)
		end_step(undo);
	undo->is_open = true;
	undo->len = 0;
	undo->number++;
	(void)note(undo, MARK, NULL, mark, len);
}

size_t undo_steps(const struct undo *undo)
{
	return undo ? undo->steps + undo->is_open : 0;
}

/* The step before is open again. Without room for it there is none. */
static void reopen(struct undo *undo)
{
	struct step *step = undo->newest;

	undo->len = 0;
	undo->number++; /* what is changed now is noted anew: twice is no harm */
	if (!step || !have_room(undo, step->len)) {
		forget(undo);
		return;
	}
	unlink_step(undo, step);
	memcpy(undo->open, step->octets, step->len);
	undo->len = step->len;
	free(step);
}

bool undo_back(struct undo *undo, void *mark, size_t len)
{
	if (!undo || !undo->is_open)
		return false;
	undo->undoing = true;
	while (undo->len > 0) {
		struct entry entry = take(undo->open, &undo->len);
		const uint8_t *octets = undo->open + undo->len;
		struct undo_act act;

		if (entry.kind == MARK) {
			memcpy(mark, octets, len < entry.len ? len : entry.len);
		} else if (entry.kind == KEPT) {
			memcpy(entry.at, octets, entry.len);
		} else if (entry.kind == MADE) {
			free(entry.at);
		} else if (entry.kind == ACT) {
			memcpy(&act, octets, sizeof act);
			act.back(act.list, act.item, act.id);
		}
	}
	undo->undoing = false;
	reopen(undo);
	return true;
}
