/* A list of pointers with room at both ends. */
#include "queue.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST = 64 };

bool queue_room(struct queue *queue)
{
	if (queue->start + queue->count < queue->cap)
		return true;
	if (queue->start >= queue->cap / 2 && queue->start) {
		memmove(queue->item, queue->item + queue->start,
			queue->count * sizeof *queue->item);
		queue->start = 0;
		return true;
	}
	size_t cap = queue->cap ? queue->cap * 2 : FIRST;
	void **item = realloc(queue->item, cap * sizeof *item);

	if (!item)
		return false;
	queue->item = item;
	queue->cap = cap;
	return true;
}

bool queue_insert(struct queue *queue, size_t i, void *item)
{
	if (!queue_room(queue))
		return false;
	void **place = queue->item + queue->start + i;

	memmove(place + 1, place, (queue->count - i) * sizeof *place);
	*place = item;
	queue->count++;
	return true;
}

void queue_remove(struct queue *queue, size_t i)
{
	void **place = queue->item + queue->start + i;

	queue->count--;
	if (i == 0)
		queue->start++;
	else
		memmove(place, place + 1, (queue->count - i) * sizeof *place);
}

void queue_free(struct queue *queue)
{
	free(queue->item);
	*queue = (struct queue){ 0 };
}
