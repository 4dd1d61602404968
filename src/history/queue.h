/* Pointers in order of coming; taken from the front, now and then from the middle. */
#ifndef QUEUE_H
#define QUEUE_H

#include <stdbool.h>
#include <stddef.h>

struct queue {
	void **item;
	size_t start, count, cap;
};

/* Makes sure of a place for one more. False when memory is out. */
bool queue_room(struct queue *queue);
bool queue_insert(struct queue *queue, size_t i, void *item); /* the same */
void queue_remove(struct queue *queue, size_t i);
void queue_free(struct queue *queue); /* the queue, not the items */

/* NULL beyond. */
static inline void *queue_at(const struct queue *queue, size_t i)
{
	return i < queue->count ? queue->item[queue->start + i] : NULL;
}

#endif
