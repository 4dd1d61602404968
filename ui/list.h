/* A cursor in a list of any length, of which a window is in sight. */
#ifndef LIST_H
#define LIST_H

#include <stddef.h>

struct list {
	size_t count, cursor, top;
	size_t height; /* rows in sight, as last drawn */
};

enum { LIST_CONTEXT = 2 }; /* rows in sight above and below the cursor, where there are any */

/* The list has `count` rows now and `height` of them fit: keeps cursor and window within. */
static inline void list_fit(struct list *list, size_t count, int height)
{
	size_t context = LIST_CONTEXT;

	list->count = count;
	list->height = height > 0 ? (size_t)height : 0;
	if (list->cursor >= count)
		list->cursor = count ? count - 1 : 0;
	if (list->height == 0)
		return;
	if (context > (list->height - 1) / 2)
		context = (list->height - 1) / 2;
	if (list->cursor < list->top + context)
		list->top = list->cursor > context ? list->cursor - context : 0;
	if (list->cursor + context >= list->top + list->height)
		list->top = list->cursor + context + 1 - list->height;
	if (list->top + list->height > count)
		list->top = count > list->height ? count - list->height : 0;
}

/* Rows below those in sight. */
static inline size_t list_below(const struct list *list)
{
	return list->count > list->top + list->height ? list->count - list->top - list->height : 0;
}

/* Moves the cursor by so many rows, as far as there are any. */
static inline void list_move(struct list *list, long by)
{
	size_t up = by < 0 ? (size_t)-by : 0, down = by > 0 ? (size_t)by : 0;
	size_t last = list->count ? list->count - 1 : 0;

	list->cursor = up > list->cursor ? 0 : list->cursor - up;
	list->cursor = down > last - list->cursor ? last : list->cursor + down;
}

#endif
