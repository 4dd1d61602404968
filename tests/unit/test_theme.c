/* Themes: each style told apart without colour; NO_COLOR means none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "theme.h"

enum { DARK_BLUE = 4, BLACK = 0 };

static void no_color_is_respected(void **state)
{
	(void)state;
	assert_string_equal(theme_default("1")->name, "mono");
	assert_string_equal(theme_default("")->name, "dark");
	assert_string_equal(theme_default(NULL)->name, "dark");
}

static void names_are_found(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ui_nthemes; i++)
		assert_ptr_equal(theme_find(ui_themes[i].name), &ui_themes[i]);
	assert_null(theme_find("solarised"));
}

static void mono_has_no_colour(void **state)
{
	const struct theme *mono = theme_find("mono");
	size_t i;

	(void)state;
	for (i = 0; i < 2 * STYLE_COUNT; i++) {
		const struct theme_paint *paint = theme_paint(mono, i % 2, (enum style)(i / 2));

		assert_int_equal(paint->fore, -1);
		assert_int_equal(paint->back, -1);
	}
}

/* Where the background is the terminal's, it may be black. */
static void dark_themes_avoid_unreadable_colours(void **state)
{
	static const char *const names[] = { "dark", "colour-blind" };
	size_t i, k;

	(void)state;
	for (k = 0; k < 2; k++)
		for (i = 0; i < STYLE_COUNT; i++) {
			const struct theme_paint *paint =
				theme_paint(theme_find(names[k]), false, (enum style)i);

			if (paint->back != -1)
				continue;
			assert_int_not_equal(paint->fore, DARK_BLUE);
			assert_int_not_equal(paint->fore, BLACK);
		}
}

static const struct theme_paint *mono(enum style style)
{
	return theme_paint(theme_find("mono"), false, style);
}

/* What must be told apart is so without colour too. */
static void styles_differ_by_attribute(void **state)
{
	(void)state;
	assert_true(mono(STYLE_CURSOR)->attributes & THEME_REVERSE &&
		    !(mono(STYLE_CURSOR)->attributes & THEME_BOLD));
	assert_true(mono(STYLE_LIT)->attributes & THEME_REVERSE &&
		    mono(STYLE_LIT)->attributes & THEME_BOLD);
	assert_true(mono(STYLE_BAR_FOCUS)->attributes & THEME_REVERSE &&
		    !(mono(STYLE_BAR)->attributes & THEME_REVERSE));
	assert_true(mono(STYLE_BANNER)->attributes & THEME_REVERSE);
	assert_true(mono(STYLE_EDIT)->attributes & THEME_UNDERLINE);
	assert_true(mono(STYLE_ERROR)->attributes & THEME_BOLD);
	assert_true(mono(STYLE_DIFFERS)->attributes & THEME_UNDERLINE);
	assert_true(mono(STYLE_BADGE_OK)->attributes & THEME_REVERSE);
}

static const struct theme_paint *blind(bool rich, enum style style)
{
	return theme_paint(theme_find("colour-blind"), rich, style);
}

/* Neither of red and green is in it; what it does not change is as in the dark theme. */
static void the_colour_blind_theme_changes_what_it_must(void **state)
{
	enum { RED = 1, GREEN = 2 };

	(void)state;
	for (int rich = 0; rich < 2; rich++) {
		assert_int_not_equal(blind(rich, STYLE_OK)->fore,
				     theme_paint(theme_find("dark"), rich, STYLE_OK)->fore);
		assert_int_equal(blind(rich, STYLE_BODY)->fore,
				 theme_paint(theme_find("dark"), rich, STYLE_BODY)->fore);
	}
	assert_int_not_equal(blind(false, STYLE_OK)->fore, GREEN);
	assert_int_not_equal(blind(false, STYLE_ERROR)->fore, RED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_color_is_respected),
		cmocka_unit_test(names_are_found),
		cmocka_unit_test(mono_has_no_colour),
		cmocka_unit_test(dark_themes_avoid_unreadable_colours),
		cmocka_unit_test(styles_differ_by_attribute),
		cmocka_unit_test(the_colour_blind_theme_changes_what_it_must),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
