/* What must hold for the tree of any octets: leaves that claim each bit once and in order, branches
 * that nest, and text that a terminal can be given. For unit tests and fuzzers alike. */
#ifndef TILING_H
#define TILING_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

/* NULL when text is UTF-8 without controls, bidirectional marks and other things that act on a
 * terminal; written apart from the program's own table. */
static inline const char *text_fault(const char *text)
{
	static const char *const forbidden[] = {
		"\xe2\x80\x8b", "\xe2\x80\x8e", "\xe2\x80\x8f", "\xe2\x80\xa8",	    "\xe2\x80\xa9",
		"\xe2\x80\xaa", "\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x81\xa9",	    "\xd8\x9c",
		"\xef\xbb\xbf", "\xef\xbf\xbe", "\xee\x80\x80", "\xf3\xa0\x81\x81",
	};

	if (!pcp_utf8_valid((const uint8_t *)text, strlen(text)))
		return "not UTF-8";
	for (const unsigned char *p = (const unsigned char *)text; *p; p++)
		if (*p < 0x20 || *p == 0x7f || (*p == 0xc2 && p[1] < 0xa0))
			return "a control character";
	for (size_t i = 0; i < sizeof forbidden / sizeof forbidden[0]; i++)
		if (strstr(text, forbidden[i]))
			return "a character that must not reach a terminal";
	return NULL;
}

static inline const char *claim_bits(const struct pcp_packet *packet, const struct pcp_node *leaf,
				     uint8_t *claimed)
{
	uint32_t mask = leaf->field->mask;

	for (uint32_t i = 0; i < leaf->len; i++) {
		unsigned shift = 8 * (leaf->len - 1 - i);
		uint8_t bits = (uint8_t)(mask ? mask >> shift : 0xff);

		if (leaf->off + i >= packet->len)
			return "a leaf beyond the end";
		if (claimed[leaf->off + i] & bits)
			return "a bit claimed twice";
		claimed[leaf->off + i] |= bits;
	}
	return NULL;
}

static inline const char *node_fault(const struct pcp_packet *packet, size_t i)
{
	const struct pcp_node *node = &packet->node[i], *parent;

	if (node->end <= i || node->end > packet->nnode)
		return "a node that ends outside the tree";
	if (node->field && node->end != i + 1)
		return "a leaf with descendants";
	if (!node->layout || (size_t)node->off + node->len > packet->len)
		return "a node without layout or beyond the end";
	if (node->parent == PCP_NO_NODE)
		return node->depth == 0 ? NULL : "depth at the top";
	if (node->parent >= i)
		return "a parent that comes later";
	parent = &packet->node[node->parent];
	if (parent->field || node->depth != parent->depth + 1 || node->end > parent->end)
		return "a parent that does not hold its child";
	if (node->off < parent->off || node->off + node->len > parent->off + parent->len)
		return "octets outside the parent's";
	return NULL;
}

static inline const char *node_text_fault(const struct pcp_packet *packet, size_t i)
{
	static size_t (*const write[])(const struct pcp_packet *, size_t, char *,
				       size_t) = { pcp_node_path, pcp_node_text, pcp_node_typed };
	char text[512];

	for (size_t k = 0; k < sizeof write / sizeof write[0]; k++) {
		size_t len = write[k](packet, i, text, sizeof text);
		const char *fault = text_fault(text);

		if (fault)
			return fault;
		if (len < sizeof text && strlen(text) != len)
			return "a length that is not the text's";
	}
	return NULL;
}

/* NULL when the tree is sound, otherwise what is wrong. */
static inline const char *tiling_fault(const struct pcp_packet *packet)
{
	static uint8_t claimed[1 << 16];
	uint32_t at = 0;
	const char *fault;

	memset(claimed, 0, packet->len);
	for (size_t i = 0; i < packet->nnode; i++) {
		const struct pcp_node *node = &packet->node[i];

		if ((fault = node_fault(packet, i)) || (fault = node_text_fault(packet, i)))
			return fault;
		if (!node->field)
			continue;
		if (node->off < at)
			return "leaves out of order";
		at = node->off;
		if ((fault = claim_bits(packet, node, claimed)))
			return fault;
	}
	for (size_t i = 0; i < packet->len; i++)
		if (claimed[i] != 0xff)
			return "a bit that no leaf claims";
	return NULL;
}

#endif
