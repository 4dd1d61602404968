/*
 * One table of bindings. Dispatch, footer, `?` help, the configuration file and the manual walk its
 * rows; a key that does something stands here or nowhere.
 */
#ifndef KEYS_H
#define KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "edit.h"
#include "key.h"
#include "views.h"

struct ui;

struct binding {
	const char *name;   /* in the configuration file: "renew" */
	unsigned where;	    /* IN_ bits */
	const char *keys;   /* blank between: "r", "Enter", "^L F5" */
	const char *footer; /* a word or two; NULL: not in the footer */
	const char *help;   /* one sentence */
	void (*run)(struct ui *ui);
	/* NULL or returns NULL: works now; otherwise the sentence that says why not. */
	const char *(*why_not)(struct ui *ui);
};

extern const struct binding ui_bindings[];
extern const size_t ui_nbindings;

enum { KEYS_PER_BINDING = 10, KEYS_BINDINGS_MAX = 192 };

/* The keys in force: the table's, or the configuration file's. Indexed as ui_bindings is. */
struct keymap {
	ui_key key[KEYS_BINDINGS_MAX][KEYS_PER_BINDING];
};

void keymap_init(struct keymap *map);
/* Gives the binding of that name these keys instead. False with *why when there is no such binding,
 * a key has no such name, or a key is taken by another binding in the same place. */
bool keymap_bind(struct keymap *map, const char *name, const char *keys, struct pcp_why *why);
/* NULL when the key does nothing there. */
const struct binding *keymap_find(const struct keymap *map, unsigned where, ui_key key);
/* Checks that no key stands for two bindings in one place; names the first that does. */
bool keymap_check(const struct keymap *map, struct pcp_why *why);

/* The names of a binding's keys as in force, at most `most` of them. */
size_t ui_key_names(const struct keymap *map, const struct binding *binding, size_t most, char *buf,
		    size_t cap);

#endif
