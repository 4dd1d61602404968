/* The rows of a long table, filtered and sorted a slice at a time. */
#include "rows.h"

#include <stdlib.h>
#include <string.h>

void rows_free(struct rows *rows)
{
	free(rows->shown.entry);
	free(rows->coming.entry);
}

static bool push(struct rows_array *array, const struct rows_entry *entry)
{
	if (array->count == array->cap) {
		size_t cap = array->cap ? array->cap * 2 : 256;
		struct rows_entry *grown = realloc(array->entry, cap * sizeof *grown);

		if (!grown)
			return false;
		array->entry = grown;
		array->cap = cap;
	}
	array->entry[array->count++] = *entry;
	return true;
}

/* Takes rows of the source until it ends or the slice is used up; true: it ended. */
static bool take(struct rows_array *array, const struct rows_source *source, struct ui *ui)
{
	size_t count = source->count(ui), budget = source->slice(ui);
	struct rows_entry entry;

	for (; array->next < count && budget; array->next++, budget--)
		if (source->row(ui, array->next, &entry) && !push(array, &entry))
			return false; /* tried again in the next frame */
	return array->next >= count;
}

/* By key, octet for octet; octets that are the same in all keys cost nothing. Equal keys keep their
 * order. */
static bool radix_sort(struct rows_array *array)
{
	struct rows_entry *from = array->entry, *to;
	unsigned shift;
	size_t i;

	if (array->count < 2)
		return true;
	to = malloc(array->cap * sizeof *to);
	if (!to)
		return false;
	for (shift = 0; shift < 64; shift += 8) {
		size_t start[257] = { 0 };
		struct rows_entry *other = from;

		for (i = 0; i < array->count; i++)
			start[(from[i].key >> shift & 0xff) + 1]++;
		if (start[(from[0].key >> shift & 0xff) + 1] == array->count)
			continue;
		for (i = 0; i < 256; i++)
			start[i + 1] += start[i];
		for (i = 0; i < array->count; i++)
			to[start[from[i].key >> shift & 0xff]++] = from[i];
		from = to;
		to = other;
	}
	array->entry = from;
	free(to);
	return true;
}

static void turn_around(struct rows_array *array)
{
	size_t i;

	for (i = 0; i < array->count / 2; i++) {
		struct rows_entry entry = array->entry[i];

		array->entry[i] = array->entry[array->count - 1 - i];
		array->entry[array->count - 1 - i] = entry;
	}
}

/* False without memory: the old order stays until there is some. */
static bool finish(struct rows *rows)
{
	struct rows_array old = rows->shown;

	if (rows->sorted && !radix_sort(&rows->coming))
		return false;
	if (rows->reverse)
		turn_around(&rows->coming);
	rows->shown = rows->coming;
	rows->coming = old;
	rows->building = false;
	return true;
}

bool rows_update(struct rows *rows, const struct rows_source *source, struct ui *ui)
{
	bool in_order = !rows->sorted && !rows->reverse;

	if (!rows->building && !in_order && rows->shown.next != source->count(ui))
		rows->stale = true;
	if (!rows->building && rows->stale) {
		rows->coming.count = rows->coming.next = 0;
		rows->building = true;
		rows->stale = false;
	}
	if (!rows->building)
		return take(&rows->shown, source, ui);
	return take(&rows->coming, source, ui) && finish(rows) && !rows->stale;
}

unsigned rows_progress(const struct rows *rows, const struct rows_source *source, struct ui *ui)
{
	size_t count = source->count(ui);
	size_t next = rows->building ? rows->coming.next : rows->shown.next;

	return count ? (unsigned)(100 * next / count) : 100;
}

uint32_t rows_id(const struct rows *rows, size_t i)
{
	return i < rows->shown.count ? rows->shown.entry[i].id : 0;
}

size_t rows_find(const struct rows *rows, uint32_t id, size_t near)
{
	size_t up = near < rows->shown.count ? near + 1 : rows->shown.count, down = up;

	while (up > 0 || down < rows->shown.count) {
		if (up > 0 && rows->shown.entry[--up].id == id)
			return up;
		if (down < rows->shown.count && rows->shown.entry[down++].id == id)
			return down - 1;
	}
	return near;
}
