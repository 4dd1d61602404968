/* The tour's table, and that README's lesson is its short form: the same steps in the same order,
 * the same commands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tour-steps.h"

static char readme[100000];

static int read_readme(void **state)
{
	FILE *file = fopen("README.md", "r");

	(void)state;
	assert_non_null(file);
	assert_true(fread(readme, 1, sizeof readme - 1, file) > 0);
	fclose(file);
	return 0;
}

static void the_lesson_has_its_steps(void **state)
{
	char step[100];
	const char *at = strstr(readme, "## Learn PCP in ten minutes");

	(void)state;
	for (size_t i = 0; i < tour_nsteps; i++) {
		snprintf(step, sizeof step, "\n%zu. **%s.**", i + 1, tour_steps[i].title);
		at = at ? strstr(at, step) : NULL;
		if (!at)
			fail_msg("README's lesson has no step \"%s\" there", step + 1);
	}
	snprintf(step, sizeof step, "\n%zu. **", tour_nsteps + 1);
	assert_null(strstr(at, step));
}

/* Whose words need no value of the session. */
static void the_lesson_types_its_commands(void **state)
{
	(void)state;
	for (size_t i = 0; i < tour_nsteps; i++) {
		const char *typed = strstr(tour_steps[i].act, "`:"), *end;
		char command[100];

		end = typed ? strchr(typed + 1, '`') : NULL;
		if (!end || memchr(typed, '{', (size_t)(end - typed)))
			continue;
		snprintf(command, sizeof command, "%.*s`", (int)(end - typed), typed);
		if (!strstr(readme, command))
			fail_msg("README's lesson does not type %s", command);
	}
}

/* A name of a binding, or text as it stands; marks that are closed; one end for each step. */
static void the_table_is_well_made(void **state)
{
	(void)state;
	for (size_t i = 0; i < tour_nsteps; i++) {
		const struct tour_step *step = &tour_steps[i];

		assert_int_equal(
			(step->heard != NULL) + (step->seen != NULL) + (step->refusal != 0), 1);
		assert_true(step->refusal || !step->asked);
		assert_non_null(step->saw);
		for (const char *at = strchr(step->act, '<'); at; at = strchr(at + 1, '<')) {
			size_t len = strcspn(at + 1, ">"), k = 0;

			while (k < ui_nbindings && !(strlen(ui_bindings[k].name) == len &&
						     !strncmp(ui_bindings[k].name, at + 1, len)))
				k++;
			if (k == ui_nbindings)
				fail_msg("%s: no binding is called %.*s", step->title, (int)len,
					 at + 1);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_lesson_has_its_steps),
		cmocka_unit_test(the_lesson_types_its_commands),
		cmocka_unit_test(the_table_is_well_made),
	};

	return cmocka_run_group_tests(tests, read_readme, NULL);
}
