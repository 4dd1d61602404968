/* Text in XML: every character of XML's is escaped, and no other character gets in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xml.h"

/* The caller frees it. */
static char *written(const char *text)
{
	char *octets = NULL;
	size_t len;
	FILE *file = open_memstream(&octets, &len);

	assert_non_null(file);
	xml_text(file, text);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(strlen(octets), len);
	return octets;
}

static void assert_written(const char *text, const char *expected)
{
	char *octets = written(text);

	assert_string_equal(octets, expected);
	free(octets);
}

static void markup_is_text(void **state)
{
	(void)state;
	assert_written("<a b=\"c\">&amp; 'd'", "&lt;a b=&quot;c&quot;&gt;&amp;amp; &apos;d&apos;");
	assert_written("", "");
}

/* XML has no character for them, escaped or not: a parser would refuse the whole file. */
static void controls_and_broken_utf8_are_escaped(void **state)
{
	(void)state;
	assert_written("a\033[2Jb\001\177", "a\\x1b[2Jb\\x01\\x7f");
	assert_written("\xc3\xbc \xff\xc3(", "\xc3\xbc \\xff\\xc3(");
}

/* What is safe already stays as it is. */
static void nothing_is_escaped_twice(void **state)
{
	(void)state;
	assert_written("a\\x1b\tb\nc", "a\\x1b\tb\nc");
}

static void a_long_text_ends_with_a_whole_character(void **state)
{
	static char text[2 * XML_TEXT];
	char *octets;

	(void)state;
	memset(text, 1, sizeof text - 1);
	octets = written(text);
	assert_in_range(strlen(octets), XML_TEXT - 4, XML_TEXT - 1);
	assert_int_equal(strlen(octets) % 4, 0);
	free(octets);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(markup_is_text),
		cmocka_unit_test(controls_and_broken_utf8_are_escaped),
		cmocka_unit_test(nothing_is_escaped_twice),
		cmocka_unit_test(a_long_text_ends_with_a_whole_character),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
