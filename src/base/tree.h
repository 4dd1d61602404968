/*
 * An ordered tree of records that embed its nodes (a treap: search tree by key, heap by random
 * priority). Every operation costs a logarithm; nothing is allocated.
 */
#ifndef TREE_H
#define TREE_H

#include <stddef.h>
#include <stdint.h>

struct tree_node {
	struct tree_node *left, *right;
	uint32_t size, priority; /* size: nodes of this subtree */
};

struct tree {
	struct tree_node *root;
	/* Order of two records; 0 for equal keys. Equal ones stand side by side. */
	int (*compare)(const struct tree_node *a, const struct tree_node *b);
	uint32_t seed;
};

#define tree_record(node, type, member) ((type *)(void *)((char *)(node)-offsetof(type, member)))

void tree_init(struct tree *tree,
	       int (*compare)(const struct tree_node *, const struct tree_node *));
static inline size_t tree_size(const struct tree *tree)
{
	return tree->root ? tree->root->size : 0;
}
void tree_insert(struct tree *tree, struct tree_node *node);
void tree_remove(struct tree *tree, struct tree_node *node); /* which is in the tree */
/* First record that is not less than key; last one that is not greater; NULL without one. */
struct tree_node *tree_at_least(const struct tree *tree, const struct tree_node *key);
struct tree_node *tree_at_most(const struct tree *tree, const struct tree_node *key);
/* The record after one that is, or was, in the tree. */
struct tree_node *tree_after(const struct tree *tree, const struct tree_node *node);
/* The i-th in order, from 0. */
struct tree_node *tree_nth(const struct tree *tree, size_t i);

#endif
