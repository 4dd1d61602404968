/*
 * The one selection that panes share: which packet is in Decode and which of its octets are lit.
 * The field tree, the hex pane and Compose read it; none of them calls another.
 */
#ifndef SELECT_H
#define SELECT_H

#include <stdbool.h>
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
	bool follow;	 /* the newest message is looked at, and shall be the newest still */
};

static inline void select_preview(struct selection *selection)
{
	if (selection->kind != SELECT_PREVIEW)
		*selection =
			(struct selection){ .kind = SELECT_PREVIEW, .follow = selection->follow };
}

static inline void select_packet(struct selection *selection, enum select_kind kind, uint32_t id)
{
	if (selection->kind != kind || selection->id != id)
		*selection =
			(struct selection){ .kind = kind, .id = id, .follow = selection->follow };
}

/* A message that a person chose; newest: and the ones that come after it. */
static inline void select_message(struct selection *selection, uint32_t id, bool newest)
{
	select_packet(selection, SELECT_MESSAGE, id);
	selection->follow = newest;
}

/* Whether Decode shows a message that was chosen, not merely the newest. */
static inline bool select_by_hand(const struct selection *selection)
{
	return selection->kind != SELECT_PREVIEW && !selection->follow;
}

static inline void select_octets(struct selection *selection, size_t off, size_t len)
{
	selection->off = off;
	selection->len = len;
}

#endif
