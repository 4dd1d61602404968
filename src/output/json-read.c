/*
 * Where Jansson runs out of memory it may call what it reads broken, or write behind what it has.
 * So it never hears of that: its reading ends there, and what it had is freed.
 */
#include "json-read.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "words.h"

/* What Jansson has, each block behind its header. */
struct block {
	struct block *next, **link;
	alignas(max_align_t) char octets[];
};

static struct block *blocks;
static jmp_buf no_memory;

static void *take(size_t size)
{
	struct block *block = malloc(sizeof *block + size);

	if (!block)
		longjmp(no_memory, 1);
	block->link = &blocks;
	block->next = blocks;
	if (blocks)
		blocks->link = &block->next;
	blocks = block;
	return block->octets;
}

static void give_back(void *octets)
{
	struct block *block;

	if (!octets)
		return;
	block = (struct block *)(void *)((char *)octets - offsetof(struct block, octets));
	*block->link = block->next;
	if (block->next)
		block->next->link = block->link;
	free(block);
}

json_t *json_read(const char *text, struct pcp_why *why)
{
	json_error_t error;
	json_t *json;

	json_set_alloc_funcs(take, give_back);
	if (setjmp(no_memory)) {
		while (blocks)
			give_back(blocks->octets);
		json_set_alloc_funcs(malloc, free);
		pcp_no_memory(why);
		return NULL;
	}
	json = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	if (!json)
		pcp_refuse(why, 0, "this is no JSON: line %d, column %d: %s", error.line,
			   error.column, pcp_quote(error.text, strlen(error.text)).text);
	return json;
}

void json_read_end(json_t *json)
{
	json_decref(json);
	json_set_alloc_funcs(malloc, free);
}
