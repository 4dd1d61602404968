/*
 * The rows of a long table, filtered and sorted a slice at a time: whatever the table's size, a
 * frame pays for one slice and for the rows in sight. What was shown stays until the new order is
 * ready.
 */
#ifndef ROWS_H
#define ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ui;

struct rows_entry {
	uint64_t key; /* to sort by */
	uint32_t id;
};

struct rows_array {
	struct rows_entry *entry;
	size_t count, cap;
	size_t next; /* rows of the source that are in */
};

struct rows_source {
	size_t (*count)(struct ui *ui);
	/* Row i of the source; false: not to be shown. */
	bool (*row)(struct ui *ui, size_t i, struct rows_entry *entry);
	/* Rows that take a few milliseconds at most, as things are. */
	size_t (*slice)(struct ui *ui);
};

struct rows {
	struct rows_array shown, coming;
	bool building, stale;
	bool sorted, reverse;
};

void rows_free(struct rows *rows);
/* The order, the filter or rows in the midst changed: begin anew. Rows at the end need no word. */
static inline void rows_stale(struct rows *rows)
{
	rows->stale = true;
}
/* Works for one slice. False: there is more to do, or there was no memory for it now. */
bool rows_update(struct rows *rows, const struct rows_source *source, struct ui *ui);
/* Of the work under way, in percent. */
unsigned rows_progress(const struct rows *rows, const struct rows_source *source, struct ui *ui);
static inline size_t rows_count(const struct rows *rows)
{
	return rows->shown.count;
}
/* The id of row i as shown; 0 beyond the end. */
uint32_t rows_id(const struct rows *rows, size_t i);
/* The row with that id, looked for from `near` on both ways; `near` when there is none. */
size_t rows_find(const struct rows *rows, uint32_t id, size_t near);

#endif
