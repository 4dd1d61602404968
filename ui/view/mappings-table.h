/* What the files of Mappings share: view-mappings.c (its rows), mappings-draw.c (how they look),
 * mappings-keys.c (what keys do with them). */
#ifndef MAPPINGS_TABLE_H
#define MAPPINGS_TABLE_H

#include "ipv6-net.h"
#include "view.h"

enum mappings_order {
	MAPPINGS_BY_COMING,
	MAPPINGS_BY_STATE,
	MAPPINGS_BY_PROTOCOL,
	MAPPINGS_BY_INTERNAL,
	MAPPINGS_BY_EXTERNAL,
	MAPPINGS_BY_LEFT,
	MAPPINGS_ORDERS
};

/* The mapping under the cursor; NULL in an empty table. */
const struct pcp_mapping *mappings_current(struct ui *ui);
/* Rows from the cursor down to that mapping: negative where it is above, 0 where it is not shown.
 */
long mappings_rows_to(struct ui *ui, uint32_t id);
/* Puts the rows in an order; the one that they have already is turned around. */
void mappings_sort(struct ui *ui, enum mappings_order order);
enum mappings_order mappings_order(struct ui *ui);
extern const char *const mappings_order_names[MAPPINGS_ORDERS];

/* ---- mappings-draw.c ---- */

/* Where the columns are; 0: this one has no room. Texts start at their column, or end before their
 * _end. */
struct mapping_columns {
	int internal, external, remote, name, options, nonce, bar, by;
	int internal_width, external_width, remote_width, name_width, options_width, bar_width;
	int left_end, next_end;
	/* The widest seen. */
	int internal_wanted, external_wanted, remote_wanted, name_wanted, options_wanted;
	int sorted_at;
	bool reverse;
	struct ipv6_net internal_net, external_net; /* of all rows seen */
};

/* Takes note of the networks that a mapping's addresses are of; then of how much room they want. */
void mappings_take_nets(struct mapping_columns *c, const struct pcp_mapping *m);
void mappings_measure(struct mapping_columns *c, const struct pcp_mapping *m);
void mappings_arrange(struct mapping_columns *c, int width);
void mappings_draw_headings(const struct rect *in, struct mapping_columns *c,
			    enum mappings_order order);
void mappings_draw_row(struct ui *ui, const struct rect *in, int at,
		       const struct mapping_columns *c, const struct pcp_mapping *m);
/* Of no mapping: what one is, and what to do for the first. */
void mappings_draw_nothing(struct ui *ui, const struct rect *in);

#endif
