/* The table of what the documents demand: each case and rule that it names exists, each case is in
 * it, and its sentences are those that the cases quote. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "demand.h"
#include "lint.h"

/* The documents have so many such sentences, counted in their texts. */
static const struct {
	const char *name;
	size_t sentences;
} documents[] = {
	{ "RFC 6887", 153 }, { "RFC 6886", 73 }, { "RFC 7220", 8 },
	{ "RFC 7225", 12 },  { "RFC 7753", 18 }, { "RFC 7843", 9 },
};

/* How many things are wrong, printed; each calls it for every sentence. */
typedef size_t check_fn(const char *document, const struct probe_demand *demand);

static void each_demand(check_fn *check)
{
	size_t wrong = 0, n = 0;

	for (size_t d = 0; d < probe_ndocuments; d++)
		for (size_t i = 0; i < probe_documents[d]->nrow; i++, n++)
			wrong += check(probe_documents[d]->name, &probe_documents[d]->row[i]);
	assert_true(n > 200);
	assert_int_equal(wrong, 0);
}

static size_t complain(const char *document, const struct probe_demand *demand, const char *what)
{
	printf("%s %s \"%.60s\": %s\n", document, demand->section, demand->text, what);
	return 1;
}

static size_t tells_something(const char *document, const struct probe_demand *demand)
{
	size_t wrong = 0;

	if (!probe_demand_level(demand))
		wrong += complain(document, demand, "has neither MUST nor SHOULD");
	if (!demand->cases && !demand->rule && !demand->why)
		wrong += complain(document, demand, "neither a case nor why there is none");
	return wrong;
}

static void each_has_cases_or_a_reason(void **state)
{
	(void)state;
	each_demand(tells_something);
}

static size_t names_cases(const char *document, const struct probe_demand *demand)
{
	char id[8];
	size_t wrong = 0, len;

	for (const char *at = demand->cases; at && *at; at += len, at += *at == ' ') {
		len = strcspn(at, " ");
		snprintf(id, sizeof id, "%.*s", (int)len, at);
		if (!probe_case_named(id))
			wrong += complain(document, demand, id);
	}
	return wrong;
}

static void each_case_it_names_exists(void **state)
{
	(void)state;
	each_demand(names_cases);
}

/* One that makes a line of its own under the case: an error. */
static bool is_rule(const char *name)
{
	for (size_t i = 0; i < pcp_nrules(); i++)
		if (strcmp(pcp_rule_at(i)->name, name) == 0)
			return pcp_rule_at(i)->severity == PCP_ERROR;
	return false;
}

static size_t names_rule(const char *document, const struct probe_demand *demand)
{
	if (demand->rule && !is_rule(demand->rule))
		return complain(document, demand, demand->rule);
	return 0;
}

static void each_rule_it_names_exists(void **state)
{
	(void)state;
	each_demand(names_rule);
}

static bool has_word(const char *text)
{
	return strstr(text, "MUST") || strstr(text, "SHOULD");
}

static bool alike(const char *one, const char *other)
{
	return strstr(one, other) || strstr(other, one);
}

/* Whether the sentence that the case quotes stands in the table and has the case beside it. */
static bool quoted(const struct probe_case *row)
{
	for (size_t d = 0; d < probe_ndocuments; d++)
		for (size_t i = 0; i < probe_documents[d]->nrow; i++)
			if (probe_demand_names(&probe_documents[d]->row[i], row->id) &&
			    alike(probe_documents[d]->row[i].text, row->demand))
				return true;
	return false;
}

/* A case is in the table, or what it tests is said in plain words, which its own row has. */
static void each_case_is_in_it(void **state)
{
	size_t wrong = 0, quotes = 0;

	(void)state;
	for (size_t i = 0; i < probe_ncases(); i++) {
		const struct probe_case *row = probe_case_at(i);

		if (!probe_document_of(row->ref) || !row->demand || !has_word(row->demand))
			continue;
		quotes++;
		if (!quoted(row)) {
			printf("%s: its sentence is not in the table, or without it\n", row->id);
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
	assert_true(quotes > 80);
}

static void none_is_left_out(void **state)
{
	size_t all = 0;

	(void)state;
	for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
		struct probe_demand_counts counts = probe_demand_counts(documents[i].name);

		assert_int_equal(counts.all, documents[i].sentences);
		assert_int_equal(counts.tried + counts.client + counts.not_here, counts.all);
		all += counts.all;
	}
	assert_int_equal(probe_demand_counts(NULL).all, all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_has_cases_or_a_reason),
		cmocka_unit_test(each_case_it_names_exists),
		cmocka_unit_test(each_rule_it_names_exists),
		cmocka_unit_test(each_case_is_in_it),
		cmocka_unit_test(none_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
