/* The words behind --lab=. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "lab.h"
#include "labspec.h"

static const struct row {
	const char *spec, *words; /* joined by |, addresses marked by @ */
} rows[] = {
	{ "", "" },
	{ ",", "" },
	{ "127.0.0.1", "@127.0.0.1" },
	{ "127.0.0.1:5352", "@127.0.0.1:5352" },
	{ "[::1]:0", "@[::1]:0" },
	{ "::1", "@::1" },
	{ "drop=0.3", "drop=0.3" },
	{ "127.0.0.1,drop=0.3,quota=10", "@127.0.0.1|drop=0.3|quota=10" },
	{ "drop=0.3,127.0.0.1:0", "drop=0.3|@127.0.0.1:0" },
	{ "versions=2,0", "versions=2,0" },
	{ "versions=2,0,quota=1", "versions=2,0|quota=1" },
	{ "without=GET,PEER,127.0.0.1", "without=GET,PEER|@127.0.0.1" },
	{ "prefix64=64:ff9b::/96,2001:db8::/96,drop=1",
	  "prefix64=64:ff9b::/96,2001:db8::/96|drop=1" },
	{ "silence", "silence" },
	{ "lossy", "scenario=lossy" },
	{ "127.0.0.1,lossy,quota=3", "@127.0.0.1|scenario=lossy|quota=3" },
	{ "restart", "restart" }, /* a word before it is a scenario */
	{ "delay=300ms,drop-reply=0.1/MAP", "delay=300ms|drop-reply=0.1/MAP" },
	{ "nonsense", "nonsense" },
	{ "quota=1,", "quota=1" },
};

static void test_words(void **state)
{
	const struct row *row = *state;
	const char *spec = row->spec;
	char word[LABSPEC_WORD_MAX], joined[1024] = "";
	bool is_address;

	while (labspec_next(&spec, word, &is_address)) {
		strcat(joined, *joined ? "|" : "");
		strcat(strcat(joined, is_address ? "@" : ""), word);
	}
	assert_string_equal(joined, row->words);
}

static void test_every_scenario(void **state)
{
	(void)state;
	for (size_t i = 0; i < lab_nscenarios; i++) {
		const char *spec = lab_scenarios[i].name;
		char word[LABSPEC_WORD_MAX];
		bool is_address;

		assert_true(labspec_next(&spec, word, &is_address));
		assert_false(is_address);
		assert_non_null(strstr(word, lab_scenarios[i].name));
		assert_int_equal(*spec, 0);
	}
}

static const struct address_row {
	const char *word;
	int port; /* -1: refused */
	bool fixed;
} addresses[] = {
	{ "127.0.0.1", 5351, false }, { "127.0.0.1:5352", 5352, true }, { "127.0.0.1:0", 0, true },
	{ "[::1]", 5351, false },     { "[::1]:0", 0, true },		{ "::1", 5351, false },
	{ "::0", 5351, false },	      { "127.0.0.1:70000", -1, false }, { "127.0.0", -1, false },
	{ "[::1", -1, false },
};

static void test_address(void **state)
{
	const struct address_row *row = *state;
	struct pcp_why why = { .text = "" };
	struct pcp_endpoint at;
	bool fixed;

	if (row->port < 0) {
		assert_false(labspec_address(row->word, &at, &fixed, &why));
		assert_true(strlen(why.text) > 0);
		return;
	}
	assert_true(labspec_address(row->word, &at, &fixed, &why));
	assert_int_equal(at.port, row->port);
	assert_int_equal(fixed, row->fixed);
}

int main(void)
{
	enum {
		ROWS = sizeof rows / sizeof rows[0],
		ADDRESSES = sizeof addresses / sizeof addresses[0]
	};
	struct CMUnitTest tests[ROWS + ADDRESSES + 1];
	size_t n = 0;

	for (size_t i = 0; i < ROWS; i++)
		tests[n++] = (struct CMUnitTest){ rows[i].spec, test_words, NULL, NULL,
						  (void *)(uintptr_t)&rows[i] };
	for (size_t i = 0; i < ADDRESSES; i++)
		tests[n++] = (struct CMUnitTest){ addresses[i].word, test_address, NULL, NULL,
						  (void *)(uintptr_t)&addresses[i] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_every_scenario);
	return _cmocka_run_group_tests("labspec", tests, n, NULL, NULL);
}
