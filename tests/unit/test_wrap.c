/* Where lines end: between words, in a word that no line has room for, and never a letter a line.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "wrap.h"

/* The lines of `text` with "|" between them. */
static void lines_are(const char *text, size_t width, const char *lines)
{
	char got[256] = "";
	size_t len = 0;

	while (*text) {
		const char *line = text;
		size_t n = pcp_wrap(line, width, NULL, &text);

		len += (size_t)snprintf(got + len, sizeof got - len, "%s%.*s", len ? "|" : "",
					(int)n, line);
		assert_true(text > line);
	}
	assert_string_equal(got, lines);
}

static void between_words(void **state)
{
	(void)state;
	lines_are("", 5, "");
	lines_are("one", 5, "one");
	lines_are("one two", 7, "one two");
	lines_are("one two", 6, "one|two");
	lines_are("one two", 3, "one|two");
	lines_are("one  two   three", 9, "one  two|three");
	lines_are("a\nb\n", 9, "a|b");
	lines_are("a\n\nb", 9, "a||b");
}

/* The scenario that was printed a letter a line: no blank in all of its words. */
static void long_words(void **state)
{
	(void)state;
	lines_are("abcdefghij", 4, "abcd|efgh|ij");
	lines_are("x abcdefghij", 4, "x ab|cdef|ghij");
	lines_are("loss=1+dup=2+late=3", 8, "loss=1+|dup=2+|late=3");
	lines_are("abcdefgh,i,j", 9, "abcdefgh,|i,j");
	lines_are("a,bcdefghijk", 9, "a,bcdefgh|ijk");
	lines_are("to 2001:db8::1234:5678", 20, "to|2001:db8::1234:5678");
}

/* A character is a column, however many octets it has; none is cut. */
static void characters(void **state)
{
	(void)state;
	lines_are("\u00e4\u00f6\u00fc\u00df", 2, "\u00e4\u00f6|\u00fc\u00df");
	lines_are("\u4f60\u597d", 1, "\u4f60|\u597d");
}

static int two_columns(const char **text)
{
	(*text)++;
	return 2;
}

static void too_narrow(void **state)
{
	const char *text = "ab", *rest;

	(void)state;
	assert_int_equal(pcp_wrap(text, 1, two_columns, &rest), 1);
	assert_ptr_equal(rest, text + 1);
	assert_int_equal(pcp_wrap(text, 0, NULL, &rest), 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(between_words),
		cmocka_unit_test(long_words),
		cmocka_unit_test(characters),
		cmocka_unit_test(too_narrow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
