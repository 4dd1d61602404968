/* Where everything stands, computed from the size and what is in front. */
#include "layout.h"

#include <string.h>

/* Status above; below, what the thing under the cursor means and the keys that act on it. */
static void frame(const struct layout_state *state, struct layout *layout)
{
	int width = state->width, height = state->height;
	int meaning = height >= LAYOUT_TWO_LINES_HEIGHT ? 2 : 1;

	layout->status = (struct rect){ 0, 0, 1, width };
	layout->meaning = (struct rect){ height - 1 - meaning, 0, meaning, width };
	layout->footer = (struct rect){ height - 1, 0, 1, width };
	layout->page = (struct rect){ 1, 0, height - 2 - meaning, width };
}

static void single(const struct layout_state *state, struct layout *layout)
{
	layout->kind = LAYOUT_SINGLE;
	layout->pane[state->focus] = layout->page;
	layout->tabs[state->focus] = (1u << PANE_COUNT) - 1;
}

/* Compose, mappings and exchanges take turns above; the octets stay in sight below. */
static void stack(const struct layout_state *state, struct layout *layout)
{
	struct rect page = layout->page;
	enum ui_pane front = state->focus == PANE_DECODE ? state->upper : state->focus;
	int above = (page.height + 1) / 2;

	layout->kind = LAYOUT_STACK;
	layout->pane[front] = (struct rect){ page.y, 0, above, page.width };
	layout->tabs[front] = 1u << PANE_COMPOSE | 1u << PANE_MAPPINGS | 1u << PANE_EXCHANGES;
	layout->pane[PANE_DECODE] =
		(struct rect){ page.y + above, 0, page.height - above, page.width };
	layout->tabs[PANE_DECODE] = 1u << PANE_DECODE;
	layout->edges[front] = LAYOUT_NO_BOTTOM;
	layout->edges[PANE_DECODE] = LAYOUT_JOINED_TOP;
}

/* Two columns: what I ask on the left, what came of it on the right. */
static void wide(struct layout *layout)
{
	struct rect page = layout->page;
	int left = page.width * 2 / 5 < 46 ? 46 : page.width * 2 / 5, right = page.width - left;
	int above = page.height / 2;
	int mappings = page.height * 2 / 5;
	int pane;

	layout->kind = LAYOUT_WIDE;
	layout->pane[PANE_COMPOSE] = (struct rect){ page.y, 0, above, left };
	layout->pane[PANE_EXCHANGES] =
		(struct rect){ page.y + above, 0, page.height - above, left };
	layout->pane[PANE_MAPPINGS] = (struct rect){ page.y, left, mappings, right };
	layout->pane[PANE_DECODE] =
		(struct rect){ page.y + mappings, left, page.height - mappings, right };
	for (pane = 0; pane < PANE_COUNT; pane++)
		layout->tabs[pane] = 1u << pane;
	layout->edges[PANE_COMPOSE] = layout->edges[PANE_MAPPINGS] = LAYOUT_NO_BOTTOM;
	layout->edges[PANE_EXCHANGES] = layout->edges[PANE_DECODE] = LAYOUT_JOINED_TOP;
}

void layout_compute(const struct layout_state *state, struct layout *layout)
{
	memset(layout, 0, sizeof *layout); /* too small, nothing in sight */
	if (state->width < LAYOUT_MIN_WIDTH || state->height < LAYOUT_MIN_HEIGHT)
		return;
	frame(state, layout);
	if (state->zoom || state->height < LAYOUT_STACK_HEIGHT)
		single(state, layout);
	else if (state->width >= LAYOUT_WIDE_WIDTH && state->height >= LAYOUT_WIDE_HEIGHT)
		wide(layout);
	else
		stack(state, layout);
}

bool layout_within(const struct rect *box, int y, int x)
{
	return y >= box->y && y < box->y + box->height && x >= box->x && x < box->x + box->width;
}
