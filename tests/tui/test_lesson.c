/* README's lesson, done literally: what it says is typed is typed, and what it says shows has to
 * show. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dash.h"
#include "literal.h"

static struct dash wide = { .rows = 40, .cols = 120 }, small = { .rows = 24, .cols = 80 };

/* README from the lesson's heading to the next one. The caller frees it. */
static char *read_lesson(void)
{
	FILE *file = fopen("README.md", "r");
	char *text = calloc(1, 100000), *lesson, *end;

	assert_non_null(file);
	assert_non_null(text);
	assert_true(fread(text, 1, 99999, file) > 0);
	fclose(file);
	lesson = strstr(text, "\n## Learn PCP in ten minutes\n");
	assert_non_null(lesson);
	end = strstr(lesson + 1, "\n## ");
	assert_non_null(end);
	*end = '\0';
	memmove(text, lesson, strlen(lesson) + 1);
	return text;
}

/* What stands between two marks, from `mark` on; a line's end within it is a blank. Returns behind
 * the second. */
static const char *between(const char *at, const char *mark, char *what, size_t cap)
{
	const char *start = at + strlen(mark), *end = strstr(start, mark);
	size_t n = 0;

	assert_non_null(end);
	for (const char *c = start; c < end; c++) {
		if (*c == ' ' && n && what[n - 1] == ' ')
			continue;
		assert_true(n + 1 < cap);
		what[n++] = *c == '\n' ? ' ' : *c;
	}
	what[n] = '\0';
	return end + strlen(mark);
}

/* One step, from behind its title to the next: how much was typed and expected. */
static const char *do_step(struct term *term, const char *at, size_t *typed, size_t *expected)
{
	char what[200];

	while (*at &&
	       !(at[0] == '\n' && strspn(at + 1, "0123456789") && strstr(at, ". **") &&
		 strstr(at, ". **") < at + 5) &&
	       strncmp(at, "\n\n", 2) != 0)
		if (*at == '`') {
			at = between(at, "`", what, sizeof what);
			literal_type(term, what);
			++*typed;
		} else if (!strncmp(at, "**", 2)) {
			at = between(at, "**", what, sizeof what);
			term_expect(term, what);
			++*expected;
		} else {
			at++;
		}
	return at;
}

static void as_it_is_written(void **state)
{
	struct term *term = dash_open(*state);
	char *lesson = read_lesson(), title[100];
	const char *at = strstr(lesson, "\n1. **");
	int steps = 0;

	assert_non_null(at);
	while (!strncmp(at, "\n", 1) && strspn(at + 1, "0123456789")) {
		size_t typed = 0, expected = 0;

		at = between(strstr(at, "**"), "**", title, sizeof title);
		at = do_step(term, at, &typed, &expected);
		if (!typed || !expected)
			fail_msg("'%s' types %zu and shows %zu", title, typed, expected);
		steps++;
	}
	assert_int_equal(steps, 13);
	free(lesson);
	dash_quit(term);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "as it is written at 120x40", as_it_is_written, NULL, NULL, &wide },
		{ "as it is written at 80x24", as_it_is_written, NULL, NULL, &small },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
