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
	for (i = 0; i < STYLE_COUNT; i++) {
		assert_int_equal(mono->colour[i].basic, -1);
		assert_int_equal(mono->colour[i].rich, -1);
	}
}

static void dark_themes_avoid_unreadable_colours(void **state)
{
	static const char *const names[] = { "dark", "colour-blind" };
	size_t i, k;

	(void)state;
	for (k = 0; k < 2; k++)
		for (i = 0; i < STYLE_COUNT; i++) {
			assert_int_not_equal(theme_find(names[k])->colour[i].basic, DARK_BLUE);
			assert_int_not_equal(theme_find(names[k])->colour[i].basic, BLACK);
		}
}

/* What must be told apart is so without colour too. */
static void styles_differ_by_attribute(void **state)
{
	(void)state;
	assert_true(theme_looks[STYLE_CURSOR].reverse && !theme_looks[STYLE_CURSOR].bold);
	assert_true(theme_looks[STYLE_LIT].reverse && theme_looks[STYLE_LIT].bold);
	assert_true(theme_looks[STYLE_BORDER].bold);
	assert_true(theme_looks[STYLE_BANNER].reverse);
	assert_true(theme_looks[STYLE_EDIT].underline);
	assert_true(theme_looks[STYLE_ERROR].bold);
	assert_true(theme_looks[STYLE_DIFFERS].underline);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_color_is_respected),
		cmocka_unit_test(names_are_found),
		cmocka_unit_test(mono_has_no_colour),
		cmocka_unit_test(dark_themes_avoid_unreadable_colours),
		cmocka_unit_test(styles_differ_by_attribute),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
