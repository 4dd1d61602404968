/* Endpoints as typed and shown. One test a row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "endpoint.h"

struct row {
	const char *typed;
	const char *shown; /* NULL: refused */
	size_t at;	   /* where, when refused */
	const char *says;  /* part of the sentence, when refused */
};

static const struct row rows[] = {
	{ .typed = "192.0.2.1", .shown = "192.0.2.1:5351" },
	{ .typed = "192.0.2.1:9", .shown = "192.0.2.1:9" },
	{ .typed = "2001:db8::1", .shown = "[2001:db8::1]:5351" },
	{ .typed = "::1", .shown = "[::1]:5351" },
	{ .typed = "[2001:db8::1]", .shown = "[2001:db8::1]:5351" },
	{ .typed = "[2001:db8::1]:65535", .shown = "[2001:db8::1]:65535" },
	{ .typed = "[192.0.2.1]:77", .shown = "192.0.2.1:77" },
	{ .typed = "fe80::1%lo", .shown = "[fe80::1%lo]:5351" },
	{ .typed = "[fe80::1%lo]:53", .shown = "[fe80::1%lo]:53" },
	{ .typed = "[fe80::1%4000000]:53", .shown = "[fe80::1%4000000]:53" },
	{ .typed = "[2001:db8::1", .at = 0, .says = "bracket" },
	{ .typed = "[2001:db8::1]5351", .at = 13, .says = ":PORT" },
	{ .typed = "192.0.2.1:", .at = 10, .says = "1 to 65535" },
	{ .typed = "192.0.2.1:0", .at = 10, .says = "1 to 65535" },
	{ .typed = "192.0.2.1:65536", .at = 10, .says = "1 to 65535" },
	{ .typed = "192.0.2.1:99999999999999999999", .at = 10, .says = "1 to 65535" },
	{ .typed = "192.0.2.1:5x", .at = 10, .says = "1 to 65535" },
	{ .typed = "", .at = 0, .says = "missing" },
	{ .typed = "[]:5", .at = 1, .says = "missing" },
	{ .typed = "fe80::1%nosuchiface", .at = 8, .says = "interface" },
	{ .typed = "fe80::1%0", .at = 8, .says = "interface" },
	{ .typed = "192.0.2.999", .says = "" },
	{ .typed = "gateway.example", .says = "" },
};

static void parses(void **state)
{
	const struct row *row = *state;
	struct pcp_endpoint endpoint = { .port = 1 };
	struct pcp_why why = { .text = "" };
	char text[ENDPOINT_TEXT];

	if (row->shown) {
		assert_true(pcp_endpoint_parse(row->typed, 5351, &endpoint, &why));
		assert_int_equal(pcp_endpoint_text(&endpoint, text, sizeof(text)),
				 strlen(row->shown));
		assert_string_equal(text, row->shown);
		return;
	}
	assert_false(pcp_endpoint_parse(row->typed, 5351, &endpoint, &why));
	assert_int_equal(endpoint.port, 1); /* nothing changed */
	assert_non_null(strstr(why.text, row->says));
	assert_true(why.text[0] != '\0');
	if (row->says[0])
		assert_int_equal(why.at, row->at);
}

static void compares(void **state)
{
	struct pcp_endpoint a, b;

	(void)state;
	assert_true(pcp_endpoint_parse("[fe80::1%3]:9", 0, &a, NULL));
	assert_true(pcp_endpoint_parse("[fe80::1%3]:9", 0, &b, NULL));
	assert_true(pcp_endpoint_same(&a, &b));
	b.scope = 4;
	assert_false(pcp_endpoint_same(&a, &b));
	b.scope = 0; /* not said: any */
	assert_true(pcp_endpoint_same(&a, &b));
	b.port = 8;
	assert_false(pcp_endpoint_same(&a, &b));
	assert_true(pcp_endpoint_same_addr(&a, &b));
	b.addr[15] ^= 1;
	assert_false(pcp_endpoint_same_addr(&a, &b));
}

int main(void)
{
	enum { N = sizeof(rows) / sizeof(rows[0]) };
	struct CMUnitTest tests[N + 1];

	for (size_t i = 0; i < N; i++)
		tests[i] =
			(struct CMUnitTest){ rows[i].typed, parses, NULL, NULL, (void *)&rows[i] };
	tests[N] = (struct CMUnitTest)cmocka_unit_test(compares);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
