/* Where everything stands, computed from the size and what is in front. */
#include "layout.h"

#include <string.h>

struct rect layout_bar(struct rect *box)
{
	struct rect bar = { box->y, box->x, box->height > 0, box->width };

	box->y += bar.height;
	box->height -= bar.height;
	return bar;
}

/* Status above; below, the last answer, what the thing under the cursor means and the keys that act
 * on it. */
static void frame(const struct layout_state *state, struct layout *layout)
{
	int width = state->width, height = state->height;
	int meaning = height >= LAYOUT_MEANING_HEIGHT;

	layout->status = (struct rect){ 0, 0, 1, width };
	layout->answer = (struct rect){ height - 2 - meaning, 0, 1, width };
	layout->meaning = (struct rect){ height - 2, 0, meaning, width };
	layout->keys = (struct rect){ height - 1, 0, 1, width };
	layout->below_status = (struct rect){ 1, 0, state->below_status, width };
	layout->page =
		(struct rect){ 1 + state->below_status, 0,
			       layout->answer.y - 1 - state->below_status - state->above_answer,
			       width };
	layout->above_answer = (struct rect){ layout->answer.y - state->above_answer, 0,
					      state->above_answer, width };
}

static void place(struct layout *layout, enum ui_pane pane, struct rect box)
{
	layout->bar[pane] = layout_bar(&box);
	layout->pane[pane] = box;
	layout->tabs[pane] = 1u << pane;
}

static void dock(struct layout *layout, struct rect box)
{
	layout->dock_bar = layout_bar(&box);
	layout->dock = box;
}

static void single(const struct layout_state *state, struct layout *layout)
{
	layout->kind = LAYOUT_SINGLE;
	if (state->dock && state->focus == PANE_COMPOSE) {
		dock(layout, layout->page);
		return;
	}
	place(layout, state->focus, layout->page);
	layout->tabs[state->focus] = (1u << PANE_COUNT) - 1;
}

/* The panel left of the spine, and right of it what it brings about. */
static void dock_beside(struct layout *layout, struct rect box)
{
	struct rect right = box;

	box.width = LAYOUT_SPINE;
	right.x += LAYOUT_SPINE + 1;
	right.width -= LAYOUT_SPINE + 1;
	dock(layout, box);
	layout->dock_bar.width++;
	place(layout, PANE_EXCHANGES, right);
	layout->spine[0] = (struct rect){ box.y + 1, LAYOUT_SPINE, box.height - 1, 1 };
}

/* Compose, mappings and exchanges take turns above; the octets stay in sight below. */
static void stack(const struct layout_state *state, struct layout *layout)
{
	struct rect page = layout->page;
	enum ui_pane front = state->focus == PANE_DECODE ? state->upper : state->focus;
	int above = (page.height + state->above_answer) / 2;

	layout->kind = LAYOUT_STACK;
	if (state->dock && front != PANE_MAPPINGS && page.width >= LAYOUT_DOCK_WIDTH) {
		dock_beside(layout, (struct rect){ page.y, 0, above, page.width });
	} else if (state->dock && front == PANE_COMPOSE) {
		dock(layout, (struct rect){ page.y, 0, above, page.width });
	} else {
		place(layout, front, (struct rect){ page.y, 0, above, page.width });
		layout->tabs[front] =
			1u << PANE_COMPOSE | 1u << PANE_MAPPINGS | 1u << PANE_EXCHANGES;
	}
	place(layout, PANE_DECODE,
	      (struct rect){ page.y + above, 0, page.height - above, page.width });
}

static int within(int least, int wanted, int most)
{
	return wanted > most ? most : wanted > least ? wanted : least;
}

/* Three rows of mappings, and up to a third of the height where there are more. */
static int mapping_rows(const struct layout_state *state)
{
	return within(3, state->rows - state->below_status, state->height / 3 - 2);
}

/* A form of Compose at the least, and half of what Mappings leaves at the most. */
static int middle_rows(const struct layout_state *state, int rest)
{
	return 1 + within(9, state->middle, (rest + state->above_answer) / 2 - 2);
}

/* The third column grows with the width up to 200, then Exchanges does. */
static void third_column(struct layout *layout, struct rect *middle, struct rect *lower)
{
	int right = 73 + (middle->width > 200 ? middle->width - 200 : 0);
	int x = LAYOUT_SPINE + 1 + right;

	dock(layout, (struct rect){ middle->y, x + 1, middle->height, middle->width - x - 1 });
	layout->spine[1] = (struct rect){ middle->y + 1, x, middle->height - 1, 1 };
	layout->spine[2] = (struct rect){ lower->y + 1, x, lower->height - 1, 1 };
	layout->explained =
		(struct rect){ lower->y + 1, x + 1, lower->height - 1, lower->width - x - 1 };
	middle->width = x;
}

/* Bands: mappings, being the live part; what I ask beside what came of it; the packet. */
static void wide(const struct layout_state *state, struct layout *layout)
{
	struct rect page = layout->page, middle = page, lower = page;
	int mappings = 2 + mapping_rows(state), rest = page.height - mappings;

	layout->kind = LAYOUT_WIDE;
	middle.y += mappings;
	middle.height = middle_rows(state, rest);
	lower.y = middle.y + middle.height;
	lower.height = rest - middle.height;
	place(layout, PANE_MAPPINGS, (struct rect){ page.y, 0, mappings, page.width });
	place(layout, PANE_DECODE, lower);
	if (state->width >= LAYOUT_THIRD_WIDTH && state->height >= LAYOUT_THIRD_HEIGHT)
		third_column(layout, &middle, &lower);
	if (layout->explained.width)
		layout->pane[PANE_DECODE].width = layout->explained.x - 1;
	if (state->dock && layout->dock.height == 0) {
		dock(layout, (struct rect){ middle.y, 0, middle.height, LAYOUT_SPINE });
		layout->dock_bar.width++; /* over the spine, too */
	} else {
		place(layout, PANE_COMPOSE,
		      (struct rect){ middle.y, 0, middle.height, LAYOUT_SPINE });
		layout->bar[PANE_COMPOSE].width++;
	}
	place(layout, PANE_EXCHANGES,
	      (struct rect){ middle.y, LAYOUT_SPINE + 1, middle.height,
			     middle.width - LAYOUT_SPINE - 1 });
	layout->bar[PANE_EXCHANGES].width += layout->explained.width > 0;
	layout->spine[0] = (struct rect){ middle.y + 1, LAYOUT_SPINE, middle.height - 1, 1 };
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
		wide(state, layout);
	else
		stack(state, layout);
}

bool layout_within(const struct rect *box, int y, int x)
{
	return y >= box->y && y < box->y + box->height && x >= box->x && x < box->x + box->width;
}
