/* What the files of Decode share: view-decode.c (loading it, the selection), decode-packet.c (its
 * parts),
 * decode-tree.c (its fields), decode-octets.c (its octets, and what stands below them),
 * decode-keys.c (what keys do). */
#ifndef DECODE_PACKET_H
#define DECODE_PACKET_H

#include "findings.h"
#include "judge.h"
#include "view.h"

/* Of a part, header, body or option: as it is by itself, or as a person had it. */
enum decode_fold { FOLD_BY_ITSELF, FOLD_SHUT, FOLD_OPEN };

struct decode {
	struct judge *judge; /* it holds the packet */
	struct findings findings;
	uint16_t row[PCP_NODES_MAX]; /* nodes in sight of the fold */
	size_t nrow;
	uint8_t fold[PCP_NODES_MAX]; /* enum decode_fold */
	bool shut[PCP_NODES_MAX];    /* as it is now */
	uint8_t tint[PCP_NODES_MAX]; /* enum style of the part that the node belongs to */
	enum select_kind kind;	     /* what is loaded */
	uint32_t id;
	bool loaded;
	uint64_t frame; /* that it was loaded for */
	struct list list;
	bool in_hex; /* the cursor is among the octets */
	size_t octet, hex_top, columns;
	int hex_x;	/* where the octets start, from the left edge */
	int hex_height; /* rows of them */
};

static inline struct decode *decode_of(struct ui *ui)
{
	return ui->state[VIEW_DECODE];
}
/* Decodes what the selection names, once a frame; false when there is nothing any more. */
bool decode_load(struct ui *ui);
/* After folds changed. */
void decode_make_rows(struct ui *ui);
/* The row that shows the node, or the part that it is folded into. */
size_t decode_row_of(const struct decode *decode, size_t node);
/* The node under the cursor; NULL when there is none. */
const struct pcp_node *decode_at(const struct decode *decode);
/* Lights the octets of the row under the cursor; or the field of the octet under it. */
void decode_light_row(struct ui *ui);
void decode_light_octet(struct ui *ui);
/* What is said of a row: of its field, of all that is folded into it, of the first what is missing.
 */
const struct pcp_finding *decode_finding(const struct decode *decode, size_t node);

/* ---- decode-tree.c ---- */

void decode_draw_tree(struct ui *ui, const struct rect *in, bool focus);

/* ---- decode-octets.c ---- */

/* Octets that fit a row of that width: 16, 8 or none; *text: ASCII fits, too. */
size_t decode_columns(int width, bool *text);
void decode_draw_octets(struct ui *ui, const struct rect *in, bool focus);
/* The field under the cursor: name, octets, value in three notations, its sentence; of an answer,
 * what was asked. */
void decode_draw_explained(struct ui *ui, const struct rect *in);

#endif
