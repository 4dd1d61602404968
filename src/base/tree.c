/* A treap: rotations keep the random priorities a heap and so the tree shallow. */
#include "tree.h"

static size_t size_of(const struct tree_node *node)
{
	return node ? node->size : 0;
}

static void measure(struct tree_node *node)
{
	node->size = (uint32_t)(1 + size_of(node->left) + size_of(node->right));
}

/* A strict order: records with equal keys are told apart by where they are. */
static int strict(const struct tree *tree, const struct tree_node *a, const struct tree_node *b)
{
	int order = tree->compare(a, b);

	if (order != 0 || a == b)
		return order;
	return (uintptr_t)a < (uintptr_t)b ? -1 : 1;
}

static void split(const struct tree *tree, struct tree_node *root, const struct tree_node *key,
		  struct tree_node **less, struct tree_node **more)
{
	if (!root) {
		*less = *more = NULL;
	} else if (strict(tree, root, key) < 0) {
		split(tree, root->right, key, &root->right, more);
		measure(root);
		*less = root;
	} else {
		split(tree, root->left, key, less, &root->left);
		measure(root);
		*more = root;
	}
}

static struct tree_node *merge(struct tree_node *less, struct tree_node *more)
{
	if (!less || !more)
		return less ? less : more;
	if (less->priority > more->priority) {
		less->right = merge(less->right, more);
		measure(less);
		return less;
	}
	more->left = merge(less, more->left);
	measure(more);
	return more;
}

void tree_init(struct tree *tree,
	       int (*compare)(const struct tree_node *, const struct tree_node *))
{
	*tree = (struct tree){ .compare = compare, .seed = 2463534242 };
}

/* Marsaglia's xorshift: priorities need no secrecy, only to be unlike the order of arrival. */
static uint32_t next_priority(struct tree *tree)
{
	tree->seed ^= tree->seed << 13;
	tree->seed ^= tree->seed >> 17;
	tree->seed ^= tree->seed << 5;
	return tree->seed;
}

void tree_insert(struct tree *tree, struct tree_node *node)
{
	struct tree_node **at = &tree->root;

	node->priority = next_priority(tree);
	while (*at && (*at)->priority >= node->priority) {
		(*at)->size++;
		at = strict(tree, node, *at) < 0 ? &(*at)->left : &(*at)->right;
	}
	split(tree, *at, node, &node->left, &node->right);
	measure(node);
	*at = node;
}

void tree_remove(struct tree *tree, struct tree_node *node)
{
	struct tree_node **at = &tree->root;

	while (*at != node) {
		(*at)->size--;
		at = strict(tree, node, *at) < 0 ? &(*at)->left : &(*at)->right;
	}
	*at = merge(node->left, node->right);
}

struct tree_node *tree_at_least(const struct tree *tree, const struct tree_node *key)
{
	struct tree_node *best = NULL;

	for (struct tree_node *at = tree->root; at;) {
		if (tree->compare(at, key) >= 0) {
			best = at;
			at = at->left;
		} else {
			at = at->right;
		}
	}
	return best;
}

struct tree_node *tree_at_most(const struct tree *tree, const struct tree_node *key)
{
	struct tree_node *best = NULL;

	for (struct tree_node *at = tree->root; at;) {
		if (tree->compare(at, key) <= 0) {
			best = at;
			at = at->right;
		} else {
			at = at->left;
		}
	}
	return best;
}

struct tree_node *tree_after(const struct tree *tree, const struct tree_node *node)
{
	struct tree_node *best = NULL;

	for (struct tree_node *at = tree->root; at;) {
		if (strict(tree, at, node) > 0) {
			best = at;
			at = at->left;
		} else {
			at = at->right;
		}
	}
	return best;
}

struct tree_node *tree_nth(const struct tree *tree, size_t i)
{
	struct tree_node *at = tree->root;

	while (at && i != size_of(at->left)) {
		if (i < size_of(at->left)) {
			at = at->left;
		} else {
			i -= size_of(at->left) + 1;
			at = at->right;
		}
	}
	return at;
}
