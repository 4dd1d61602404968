/* The layout is a pure function: every size, nothing outside the screen, nothing on top of another.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "layout.h"

static struct layout at(int width, int height, enum ui_pane focus, bool zoom)
{
	struct layout_state state = {
		.width = width, .height = height, .focus = focus, .zoom = zoom
	};
	struct layout layout;

	layout_compute(&state, &layout);
	return layout;
}

static struct layout with_rows(int width, int height, int rows)
{
	struct layout_state state = { .width = width, .height = height, .rows = rows };
	struct layout layout;

	layout_compute(&state, &layout);
	return layout;
}

static unsigned in_sight(const struct layout *layout)
{
	unsigned panes = 0;
	int i;

	for (i = 0; i < PANE_COUNT; i++)
		panes |= (unsigned)(layout->pane[i].height > 0) << i;
	return panes;
}

enum { ALL = (1 << PANE_COUNT) - 1 };

static void wide_shows_all(void **state)
{
	struct layout layout = at(120, 40, PANE_COMPOSE, false);

	(void)state;
	assert_int_equal(layout.kind, LAYOUT_WIDE);
	assert_int_equal(in_sight(&layout), ALL);
}

/* Rows above the answer line are Decode's; all else stays where it was. */
static void decode_gives_up_rows(void **state)
{
	static const struct {
		int width, height;
	} sizes[] = { { 80, 24 }, { 100, 30 }, { 120, 36 }, { 120, 40 }, { 160, 50 } };

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct layout_state with = { .width = sizes[i].width,
					     .height = sizes[i].height,
					     .above_answer = 4 };
		struct layout before = at(with.width, with.height, PANE_COMPOSE, false), layout;

		layout_compute(&with, &layout);
		assert_int_equal(layout.pane[PANE_DECODE].height,
				 before.pane[PANE_DECODE].height - 4);
		before.pane[PANE_DECODE] = layout.pane[PANE_DECODE];
		assert_memory_equal(layout.pane, before.pane, sizeof layout.pane);
		assert_int_equal(layout.above_answer.height, 4);
		assert_int_equal(layout.above_answer.y + 4, layout.answer.y);
		assert_int_equal(layout.page.y + layout.page.height, layout.above_answer.y);
	}
}

static void standard_size_keeps_the_octets(void **state)
{
	int focus;

	(void)state;
	for (focus = 0; focus < PANE_COUNT; focus++) {
		struct layout layout = at(80, 24, (enum ui_pane)focus, false);

		assert_int_equal(layout.kind, LAYOUT_STACK);
		assert_true(layout.pane[focus].height > 0);
		assert_true(layout.pane[PANE_DECODE].height > 0);
		assert_int_equal(layout.pane[PANE_DECODE].width, 80);
	}
}

static void tabs_remember_what_was_in_front(void **state)
{
	struct layout_state stacked = {
		.width = 80, .height = 24, .focus = PANE_DECODE, .upper = PANE_EXCHANGES
	};
	struct layout layout;

	(void)state;
	layout_compute(&stacked, &layout);
	assert_int_equal(in_sight(&layout), 1u << PANE_EXCHANGES | 1u << PANE_DECODE);
	assert_int_equal(layout.tabs[PANE_EXCHANGES],
			 1u << PANE_COMPOSE | 1u << PANE_MAPPINGS | 1u << PANE_EXCHANGES);
}

static void zoom_gives_one_pane_everything(void **state)
{
	struct layout layout = at(120, 40, PANE_DECODE, true);

	(void)state;
	assert_int_equal(in_sight(&layout), 1u << PANE_DECODE);
	assert_int_equal(layout.bar[PANE_DECODE].y, layout.page.y);
	assert_int_equal(layout.pane[PANE_DECODE].height, layout.page.height - 1);
	assert_int_equal(layout.pane[PANE_DECODE].width, layout.page.width);
}

static void too_small_draws_nothing(void **state)
{
	struct layout narrow = at(LAYOUT_MIN_WIDTH - 1, 50, PANE_COMPOSE, false);
	struct layout low = at(100, LAYOUT_MIN_HEIGHT - 1, PANE_COMPOSE, false);

	(void)state;
	assert_int_equal(narrow.kind, LAYOUT_TOO_SMALL);
	assert_int_equal(low.kind, LAYOUT_TOO_SMALL);
	assert_int_equal(in_sight(&narrow) | in_sight(&low), 0);
}

/* The spine is the same column at every size that has it. */
static void the_bands_are_the_design_s(void **state)
{
	struct layout layout = with_rows(120, 40, 1);

	(void)state;
	assert_int_equal(layout.pane[PANE_MAPPINGS].height, 1 + 3);
	assert_int_equal(layout.pane[PANE_COMPOSE].width, 46);
	assert_int_equal(layout.pane[PANE_EXCHANGES].x, 47);
	assert_int_equal(layout.pane[PANE_EXCHANGES].width, 73);
	assert_int_equal(layout.pane[PANE_EXCHANGES].height, 9);
	assert_int_equal(layout.pane[PANE_DECODE].height, 20);
	layout = with_rows(160, 50, 1);
	assert_int_equal(layout.pane[PANE_EXCHANGES].width, 73);
	assert_int_equal(layout.dock.width, 39);
	assert_int_equal(layout.explained.width, 39);
	layout = with_rows(220, 50, 1);
	assert_int_equal(layout.pane[PANE_EXCHANGES].width, 93);
	layout = with_rows(80, 24, 1);
	assert_int_equal(layout.pane[PANE_COMPOSE].height, 9);
	assert_int_equal(layout.pane[PANE_DECODE].height, 9);
}

/* A third of the height at most, whatever there is to show. */
static void mappings_grow_with_their_rows(void **state)
{
	(void)state;
	assert_int_equal(with_rows(120, 40, 9).pane[PANE_MAPPINGS].height, 1 + 9);
	assert_int_equal(with_rows(120, 40, 999).pane[PANE_MAPPINGS].height, 1 + 11);
	assert_int_equal(with_rows(120, 36, 0).pane[PANE_MAPPINGS].height, 1 + 3);
}

/* A form at the least, half of what Mappings leaves at the most; Decode has the rest. */
static void the_middle_grows_with_its_rows(void **state)
{
	static const struct {
		int wanted, given;
	} cases[] = { { 0, 9 },	  { 9, 9 },   { 10, 10 }, { 11, 11 },
		      { 12, 12 }, { 13, 13 }, { 14, 13 }, { 999, 13 } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct layout_state with = { .width = 120,
					     .height = 40,
					     .middle = cases[i].wanted };
		struct layout layout;

		layout_compute(&with, &layout);
		assert_int_equal(layout.pane[PANE_EXCHANGES].height, cases[i].given);
		assert_int_equal(layout.pane[PANE_COMPOSE].height, cases[i].given);
		assert_int_equal(layout.pane[PANE_DECODE].height, 29 - cases[i].given);
	}
}

static void the_answer_and_the_keys_stay_to_the_last(void **state)
{
	struct layout low = at(80, 12, PANE_COMPOSE, false);

	(void)state;
	assert_int_equal(low.answer.height, 1);
	assert_int_equal(low.keys.height, 1);
	assert_int_equal(low.meaning.height, 0);
	assert_int_equal(low.kind, LAYOUT_SINGLE);
}

static void claim(unsigned char *cells, int width, int height, const struct rect *rect)
{
	int y, x;

	if (rect->height == 0)
		return;
	assert_true(rect->y >= 0 && rect->x >= 0 && rect->width > 0 && rect->height > 0);
	assert_true(rect->y + rect->height <= height && rect->x + rect->width <= width);
	for (y = rect->y; y < rect->y + rect->height; y++)
		for (x = rect->x; x < rect->x + rect->width; x++) {
			assert_int_equal(cells[y * width + x], 0);
			cells[y * width + x] = 1;
		}
}

/* Whatever the size and what is in front: the parts tile the screen, each cell once. */
static void tiles(int width, int height, enum ui_pane focus, bool zoom, bool dock)
{
	static unsigned char cells[260 * 90];
	struct layout_state state = {
		.width = width, .height = height, .focus = focus, .zoom = zoom, .dock = dock
	};
	struct layout layout;
	int i;

	layout_compute(&state, &layout);

	memset(cells, 0, sizeof cells);
	if (layout.kind == LAYOUT_TOO_SMALL)
		return;
	claim(cells, width, height, &layout.status);
	claim(cells, width, height, &layout.meaning);
	claim(cells, width, height, &layout.answer);
	claim(cells, width, height, &layout.keys);
	claim(cells, width, height, &layout.dock_bar);
	claim(cells, width, height, &layout.dock);
	claim(cells, width, height, &layout.explained);
	for (i = 0; i < 3; i++)
		claim(cells, width, height, &layout.spine[i]);
	for (i = 0; i < PANE_COUNT; i++) {
		claim(cells, width, height, &layout.bar[i]);
		claim(cells, width, height, &layout.pane[i]);
		assert_true(layout.pane[i].height == 0 || layout.pane[i].height >= 2);
	}
	assert_null(memchr(cells, 0, (size_t)(width * height)));
	if (dock && focus == PANE_COMPOSE) {
		assert_true(layout.dock.height > 0);
		return;
	}
	assert_true(layout.pane[focus].height > 0);
	assert_true(layout.tabs[focus] & 1u << focus);
}

static void every_size_tiles(void **state)
{
	int width, height, focus;

	(void)state;
	for (width = 1; width <= 250; width++)
		for (height = 1; height <= 80; height++)
			for (focus = 0; focus < PANE_COUNT; focus++) {
				tiles(width, height, (enum ui_pane)focus, false, false);
				tiles(width, height, (enum ui_pane)focus, false, true);
				tiles(width, height, (enum ui_pane)focus, true, false);
				tiles(width, height, (enum ui_pane)focus, true, true);
			}
}

/* The panel stands where Compose is, with Exchanges beside it; in a column of its own where there
 * is one. */
static void the_panel_stands_beside_exchanges(void **state)
{
	struct layout_state with = { .width = 120, .height = 40, .dock = true };
	struct layout layout;

	(void)state;
	layout_compute(&with, &layout);
	assert_int_equal(layout.dock.width, 46);
	assert_int_equal(layout.dock.height, layout.pane[PANE_EXCHANGES].height);
	assert_int_equal(layout.pane[PANE_COMPOSE].height, 0);
	with.width = 80, with.height = 24;
	layout_compute(&with, &layout);
	assert_int_equal(layout.dock.width, 46);
	assert_int_equal(layout.pane[PANE_EXCHANGES].x, 47);
	assert_int_equal(layout.pane[PANE_EXCHANGES].width, 33);
	with.focus = PANE_MAPPINGS;
	layout_compute(&with, &layout);
	assert_int_equal(layout.dock.height, 0);
	assert_int_equal(layout.pane[PANE_MAPPINGS].width, 80);
	with = (struct layout_state){ .width = 160, .height = 50 };
	layout_compute(&with, &layout);
	assert_int_equal(layout.dock.width, 39);
	assert_true(layout.pane[PANE_COMPOSE].height > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wide_shows_all),
		cmocka_unit_test(decode_gives_up_rows),
		cmocka_unit_test(standard_size_keeps_the_octets),
		cmocka_unit_test(tabs_remember_what_was_in_front),
		cmocka_unit_test(zoom_gives_one_pane_everything),
		cmocka_unit_test(too_small_draws_nothing),
		cmocka_unit_test(the_bands_are_the_design_s),
		cmocka_unit_test(mappings_grow_with_their_rows),
		cmocka_unit_test(the_middle_grows_with_its_rows),
		cmocka_unit_test(the_answer_and_the_keys_stay_to_the_last),
		cmocka_unit_test(every_size_tiles),
		cmocka_unit_test(the_panel_stands_beside_exchanges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
