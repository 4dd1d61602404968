#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "schema.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

/* Codes 0-26, 130 and 131, each once, with something to say. */
static void results_are_complete(void **state)
{
	(void)state;
	assert_int_equal(pcp_nresults, 29);
	for (unsigned code = 0; code < 256; code++) {
		bool known = code <= 26 || code == 130 || code == 131;
		const struct pcp_result *result = pcp_result((uint8_t)code);

		assert_int_equal(result != NULL, known);
		if (!result)
			continue;
		assert_int_equal(result->code, code);
		assert_true(*result->name && *result->client_does && *result->ref);
		assert_int_equal(result->meaning[strlen(result->meaning) - 1], '.');
		assert_string_equal(pcp_name(pcp_result_names, code), result->name);
		assert_int_equal(pcp_code(pcp_result_names, result->name), code);
	}
}

/* RFC 6887 7.4 and RFC 7843 4.1. */
static void result_classes(void **state)
{
	static const uint8_t long_lived[] = { 1, 2, 3, 4, 5, 6, 9, 12, 13, 24, 25, 26 };
	static const uint8_t short_lived[] = { 7, 8, 10 };
	static const uint8_t good[] = { 0, 17 };

	(void)state;
	for (size_t i = 0; i < COUNT(long_lived); i++)
		assert_int_equal(pcp_result(long_lived[i])->kind, PCP_RESULT_LONG);
	for (size_t i = 0; i < COUNT(short_lived); i++)
		assert_int_equal(pcp_result(short_lived[i])->kind, PCP_RESULT_SHORT);
	for (size_t i = 0; i < COUNT(good); i++)
		assert_int_equal(pcp_result(good[i])->kind, PCP_RESULT_OK);
}

static const struct {
	const struct pcp_name *names;
	const char *what;
	bool help; /* opcodes and options have theirs in the layout */
} tables[] = {
	{ pcp_opcode_names, "opcodes", false },
	{ pcp_option_names, "options", false },
	{ pcp_protocol_names, "protocols", true },
	{ pcp_result_names, "results", true },
	{ pcp_natpmp_result_names, "NAT-PMP results", true },
	{ pcp_natpmp_opcode_names, "NAT-PMP opcodes", false },
	{ pcp_direction_names, "directions", true },
	{ pcp_dialect_names, "dialects", true },
};

static void names_are_unique_both_ways(void **state)
{
	(void)state;
	for (size_t t = 0; t < COUNT(tables); t++)
		for (const struct pcp_name *n = tables[t].names; n->name; n++) {
			assert_string_equal(pcp_name(tables[t].names, n->code), n->name);
			assert_int_equal(pcp_code(tables[t].names, n->name), n->code);
			if (tables[t].help)
				assert_true(n->help && *n->help);
		}
}

static void unknown_names(void **state)
{
	(void)state;
	assert_null(pcp_name(pcp_protocol_names, 77));
	assert_null(pcp_name(NULL, 0));
	assert_int_equal(pcp_code(pcp_protocol_names, "tc"), -1);
	assert_int_equal(pcp_code(pcp_protocol_names, "tcpp"), -1);
	assert_int_equal(pcp_code(pcp_protocol_names, ""), -1);
	assert_int_equal(pcp_code(pcp_protocol_names, "TCP"), 6);
	assert_int_equal(pcp_code(pcp_option_names, "prefer-failure"), 2);
}

static bool table_has(const struct pcp_name *names, uint8_t code, const char *name)
{
	for (; names->name; names++)
		if (names->code == code && strcmp(names->name, name) == 0)
			return true;
	return false;
}

/* JSON writes them as they stand. */
static void check_word(const char *word)
{
	for (; *word; word++)
		assert_true(*word >= ' ' && *word < 0x7f && *word != '"' && *word != '\\');
}

static void words_of_ours_need_no_escape(void **state)
{
	(void)state;
	for (size_t t = 0; t < COUNT(tables); t++)
		for (const struct pcp_name *n = tables[t].names; n->name; n++)
			check_word(n->name);
	for (size_t i = 0; i < pcp_nlayouts; i++) {
		const struct pcp_layout *l = pcp_layouts[i];

		check_word(l->name);
		check_word(l->key);
		for (size_t f = 0; f < l->nfield; f++) {
			check_word(l->field[f].key);
			for (const struct pcp_name *n = l->field[f].names; n && n->name; n++)
				check_word(n->name);
		}
	}
}

/* The lists of names are the layouts' codes and names, neither more nor less. */
static void names_are_the_layouts(void **state)
{
	(void)state;
	for (size_t i = 0; i < pcp_nlayouts; i++) {
		const struct pcp_layout *l = pcp_layouts[i];
		bool first = (l->kind == PCP_CLASS_BODY || l->kind == PCP_CLASS_OPTION) &&
			     (l->dialect == PCP_STANDARD ||
			      (l->code != PCP_NONCE && l->code != PCP_AUTHENTICATION));

		if (first)
			assert_true(table_has(l->kind == PCP_CLASS_BODY ? pcp_opcode_names
									: pcp_option_names,
					      l->code, l->name));
	}
	for (const struct pcp_name *n = pcp_option_names; n->name; n++) {
		const struct pcp_layout *l = pcp_layout_option((uint8_t)n->code, 0, PCP_STANDARD);

		assert_non_null(l);
		assert_string_equal(l->name, n->name);
	}
	for (const struct pcp_name *n = pcp_opcode_names; n->name; n++)
		assert_string_equal(pcp_layout_body((uint8_t)n->code, 0, PCP_STANDARD)->name,
				    n->name);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(results_are_complete),
		cmocka_unit_test(result_classes),
		cmocka_unit_test(names_are_unique_both_ways),
		cmocka_unit_test(unknown_names),
		cmocka_unit_test(names_are_the_layouts),
		cmocka_unit_test(words_of_ours_need_no_escape),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
