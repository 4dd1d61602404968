/* The binding table: one meaning a key and place, names that read back, words
 * for people everywhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "keys.h"

static void no_key_has_two_meanings(void **state)
{
	struct keymap map;
	struct pcp_why why = { .at = 0 };

	(void)state;
	keymap_init(&map);
	if (!keymap_check(&map, &why))
		fail_msg("%s", why.text);
}

static void every_binding_is_found_by_its_keys(void **state)
{
	struct keymap map;
	size_t i, k;
	unsigned bit;

	(void)state;
	keymap_init(&map);
	for (i = 0; i < ui_nbindings; i++) {
		assert_int_not_equal(map.key[i][0], UI_KEY_NONE);
		for (k = 0; k < KEYS_PER_BINDING && map.key[i][k]; k++)
			for (bit = 1; bit <= IN_QUESTION; bit <<= 1)
				if (ui_bindings[i].where & bit)
					assert_ptr_equal(keymap_find(&map, bit, map.key[i][k]),
							 &ui_bindings[i]);
	}
}

/* While a line of text is typed, a letter is a letter. */
static void text_takes_every_character(void **state)
{
	struct keymap map;
	ui_key key;

	(void)state;
	keymap_init(&map);
	for (key = ' '; key < 0x7f; key++)
		assert_null(keymap_find(&map, IN_TEXT, key));
}

static void octets_take_every_digit(void **state)
{
	struct keymap map;
	const char *digit;

	(void)state;
	keymap_init(&map);
	for (digit = "0123456789abcdefABCDEF"; *digit; digit++)
		assert_null(keymap_find(&map, IN_HEX, (ui_key)*digit));
}

/* F8, but not f. */
static bool is_function_key(const char *name)
{
	return name[0] == 'F' && name[1] >= '1' && name[1] <= '9';
}

/* What the footer names is on every keyboard; a function key may stand there that has another. */
static void no_binding_needs_a_rare_key(void **state)
{
	struct keymap map;
	size_t i;

	(void)state;
	keymap_init(&map);
	for (i = 0; i < ui_nbindings; i++) {
		char first[32], two[64];

		ui_key_names(&map, &ui_bindings[i], 1, first, sizeof first);
		ui_key_names(&map, &ui_bindings[i], 2, two, sizeof two);
		assert_string_not_equal(first, "Home");
		if (is_function_key(first)) {
			assert_non_null(strchr(two, ' '));
			assert_false(is_function_key(strchr(two, ' ') + 1));
		}
		if (ui_bindings[i].where != IN_HEX)
			assert_string_not_equal(first, "End");
	}
}

static void names_read_back(void **state)
{
	static const char *const names[] = { "q",     "?",     "^L",	    "Enter", "Esc", "Tab",
					     "S-Tab", "Space", "Backspace", "Del",   "Ins", "Up",
					     "PgDn",  "Home",  "End",	    "F1",    "F12", "G",
					     "/",     "M-1",   "M-9" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof names / sizeof *names; i++) {
		char back[32];
		ui_key key = ui_key_parse(names[i], strlen(names[i]));

		assert_int_not_equal(key, UI_KEY_NONE);
		ui_key_name(key, back, sizeof back);
		assert_string_equal(back, names[i]);
	}
	assert_int_equal(ui_key_parse("F13", 3), UI_KEY_NONE);
	assert_int_equal(ui_key_parse("Hyper-q", 7), UI_KEY_NONE);
	assert_int_equal(ui_key_parse("M-q", 3), UI_KEY_NONE);
}

static void two_codes_one_key(void **state)
{
	struct keymap map;

	(void)state;
	keymap_init(&map);
	assert_ptr_equal(keymap_find(&map, IN_TEXT, '\n'), keymap_find(&map, IN_TEXT, '\r'));
	assert_non_null(keymap_find(&map, IN_TEXT, 0x7f));
}

static void bindings_can_be_changed(void **state)
{
	struct keymap map;
	struct pcp_why why;

	(void)state;
	keymap_init(&map);
	assert_true(keymap_bind(&map, "renew", "n F11", &why));
	assert_null(keymap_find(&map, IN_MAPPINGS, 'r'));
	assert_string_equal(keymap_find(&map, IN_MAPPINGS, 'n')->name, "renew");
	assert_true(keymap_check(&map, &why));
}

static void bad_settings_are_explained(void **state)
{
	struct keymap map;
	struct pcp_why why;

	(void)state;
	keymap_init(&map);
	assert_false(keymap_bind(&map, "renwe", "r", &why));
	assert_non_null(strstr(why.text, "renwe"));
	assert_false(keymap_bind(&map, "renew", "r Meta-r", &why));
	assert_non_null(strstr(why.text, "Meta-r"));
	assert_int_equal(why.at, 2);
	assert_true(keymap_bind(&map, "renew", "d", &why));
	assert_false(keymap_check(&map, &why));
	assert_non_null(strstr(why.text, "delete"));
}

static void every_binding_has_words(void **state)
{
	size_t i, k;

	(void)state;
	for (i = 0; i < ui_nbindings; i++) {
		assert_true(strlen(ui_bindings[i].help) > 5);
		assert_true(ui_bindings[i].where != 0);
		assert_non_null(ui_bindings[i].run);
		for (k = 0; k < i; k++)
			assert_string_not_equal(ui_bindings[i].name, ui_bindings[k].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_key_has_two_meanings),
		cmocka_unit_test(every_binding_is_found_by_its_keys),
		cmocka_unit_test(text_takes_every_character),
		cmocka_unit_test(octets_take_every_digit),
		cmocka_unit_test(no_binding_needs_a_rare_key),
		cmocka_unit_test(names_read_back),
		cmocka_unit_test(two_codes_one_key),
		cmocka_unit_test(bindings_can_be_changed),
		cmocka_unit_test(bad_settings_are_explained),
		cmocka_unit_test(every_binding_has_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
