/*
 * The one selection that panes share: which packet is in Decode and which of its octets are lit.
 * The field tree, the hex pane and Compose read it; none of them calls another.
 */
#ifndef SELECT_H
#define SELECT_H

#include <stddef.h>
#include <stdint.h>

#include "decode.h"

enum select_kind {
	SELECT_PREVIEW, /* what Compose would send */
	SELECT_MESSAGE, /* a message of the log */
	SELECT_LATEST,	/* the newest message of an exchange: follows it while it is under way */
};

struct selection {
	enum select_kind kind;
	uint32_t id;	 /* message or exchange */
	size_t off, len; /* octets lit; len 0: none */
};

static inline void select_preview(struct selection *selection)
{
	if (selection->kind != SELECT_PREVIEW)
		*selection = (struct selection){ .kind = SELECT_PREVIEW };
}

static inline void select_packet(struct selection *selection, enum select_kind kind, uint32_t id)
{
	if (selection->kind != kind || selection->id != id)
		*selection = (struct selection){ .kind = kind, .id = id };
}

static inline void select_octets(struct selection *selection, size_t off, size_t len)
{
	selection->off = off;
	selection->len = len;
}

#endif
