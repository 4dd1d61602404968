/* Did you mean: which word is near enough, and that every list of names is asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "args.h"
#include "cmd.h"
#include "fields.h"
#include "keys.h"
#include "suggest.h"

static const struct row {
	const char *typed, *meant; /* NULL: none */
} commands_typed[] = {
	{ "mpa", "map" },	   /* swapped */
	{ "announc", "announce" }, /* missing */
	{ "pperr", NULL },	   /* two letters off are too far for so short a word */
	{ "wlak", "walk" },
	{ "mp", "map" },
	{ "ANOUNCE", "announce" }, /* letters' case does not count */
	{ "recoveer", "recover" },
	{ "x", NULL },
	{ "", NULL },
	{ "frobnicate", NULL },
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL },
};

static void test_command(void **state)
{
	const struct row *row = *state;
	struct suggest suggest;
	char expected[80] = "nothing";

	if (row->meant)
		snprintf(expected, sizeof expected, "; did you mean '%s'?", row->meant);
	assert_string_equal(command_suggest(&suggest, row->typed, COMMAND_ANYWHERE, "nothing"),
			    expected);
}

/* What does not work there is not what was meant there. */
static void test_where(void **state)
{
	struct suggest suggest;

	(void)state;
	assert_string_equal(command_suggest(&suggest, "srve", COMMAND_PROMPT, ""), "");
	assert_string_equal(command_suggest(&suggest, "srve", COMMAND_LINE, ""),
			    "; did you mean 'serve'?");
}

static const struct row options_typed[] = {
	{ "--lifetme", "--lifetime" },
	{ "-lifetme=3", "--lifetime" },
	{ "--prefer_failur", "--prefer_failure" },
	{ "--portset", "--port_set" },
	{ "-dryrun", "-dry-run" },
	{ "-q", NULL },
	{ "--jsno", "--json" },
	{ "--frobnicate", NULL },
};

static void test_option(void **state)
{
	const struct row *row = *state;
	char *argv[] = { "map", "80", "80", "tcp", (char *)(uintptr_t)row->typed };
	struct pcp_why why;
	struct args args;

	assert_false(args_parse(&cmd_map, 5, argv, &args, &why));
	assert_non_null(strstr(why.text, "there is no option"));
	if (!row->meant) {
		assert_null(strstr(why.text, "did you mean"));
		return;
	}
	assert_non_null(strstr(why.text, "did you mean '"));
	assert_memory_equal(strstr(why.text, "did you mean '") + 14, row->meant,
			    strlen(row->meant));
}

static void test_other_lists(void **state)
{
	struct keymap map;
	struct pcp_why why;

	(void)state;
	assert_false(fields_write(NULL, "USER_EX_QOUTA", &why));
	assert_non_null(strstr(why.text, "did you mean 'USER_EX_QUOTA'?"));
	keymap_init(&map);
	assert_false(keymap_bind(&map, "renwe", "r", &why));
	assert_non_null(strstr(why.text, "did you mean 'renew'?"));
}

#define ROWS(rows, function)                                                                       \
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows)[0]; i++)                                \
		tests[n++] = (struct CMUnitTest)                                                   \
		{                                                                                  \
			(rows)[i].typed, function, NULL, NULL, (void *)(uintptr_t) & (rows)[i]     \
		}

int main(void)
{
	struct CMUnitTest tests[40] = { cmocka_unit_test(test_where),
					cmocka_unit_test(test_other_lists) };
	size_t n = 2;

	ROWS(commands_typed, test_command);
	ROWS(options_typed, test_option);
	return _cmocka_run_group_tests("suggest", tests, n, NULL, NULL);
}
