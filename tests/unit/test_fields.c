/* The reference names everything that the tables have, in text and in JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <cmocka.h>

#include "fields.h"

struct page {
	char *text;
	size_t len, lines;
};

static void keep(void *arg, const char *line)
{
	struct page *page = arg;
	size_t add = strlen(line);

	assert_true(pcp_utf8_valid((const uint8_t *)line, add));
	page->text = realloc(page->text, page->len + add + 2);
	assert_non_null(page->text);
	memcpy(page->text + page->len, line, add);
	page->len += add;
	memcpy(page->text + page->len++, "\n", 2);
	page->lines++;
}

static struct page page_of(const char *name, bool json)
{
	struct page page = { 0 };
	struct writer writer = { .json = json, .to = { .arg = &page, .line = keep } };
	struct pcp_why why;

	if (!fields_write(&writer, name, &why))
		fail_msg("%s", why.text);
	assert_true(page.lines > 0);
	return page;
}

static void check_name(void *arg, const char *name, const char *help)
{
	struct page page = page_of(name, false);

	(void)arg;
	assert_true(strlen(help) > 5);
	free(page.text);
	page = page_of(name, true);
	for (char *line = strtok(page.text, "\n"); line; line = strtok(NULL, "\n")) {
		json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, NULL);

		if (!object)
			fail_msg("not JSON: %s", line);
		json_decref(object);
	}
	free(page.text);
}

static void every_name_has_a_page(void **state)
{
	(void)state;
	fields_names(check_name, NULL);
}

static void layouts_tell_every_field(void **state)
{
	struct page page = page_of("layouts", false);

	(void)state;
	for (size_t i = 0; i < pcp_nlayouts; i++) {
		assert_non_null(strstr(page.text, pcp_layouts[i]->name));
		assert_non_null(strstr(page.text, pcp_layouts[i]->ref));
		for (size_t f = 0; f < pcp_layouts[i]->nfield; f++)
			assert_non_null(strstr(page.text, pcp_layouts[i]->field[f].label));
	}
	for (char *line = strtok(page.text, "\n"); line; line = strtok(NULL, "\n"))
		if (strlen(line) > 110)
			fail_msg("too long: %s", line);
	free(page.text);
}

static void offsets_and_bits_are_the_rfcs(void **state)
{
	struct page page = page_of("port-set", false);

	(void)state;
	assert_non_null(strstr(page.text, "PORT_SET (option 130)"));
	assert_non_null(strstr(page.text, "4 bits 0-6"));
	assert_non_null(strstr(page.text, "4 bit 7 "));
	free(page.text);
	page = page_of("NO_RESOURCES", false);
	assert_non_null(strstr(page.text, "8 NO_RESOURCES"));
	free(page.text);
	page = page_of("131", true);
	assert_non_null(strstr(page.text, "AMBIGUOUS"));
	free(page.text);
}

static void unknown_names_are_told(void **state)
{
	struct page page = { 0 };
	struct writer writer = { .to = { .arg = &page, .line = keep } };
	struct pcp_why why;

	(void)state;
	assert_false(fields_write(&writer, "no\033such", &why));
	assert_int_equal(page.lines, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_name_has_a_page),
		cmocka_unit_test(layouts_tell_every_field),
		cmocka_unit_test(offsets_and_bits_are_the_rfcs),
		cmocka_unit_test(unknown_names_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
