/* Forms: rows from the schema, refused text kept, octets as typed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "form.h"
#include "text.h"

struct fixture {
	struct pcp_edit edit;
	struct list list;
	struct form form;
};

static int set_up(void **state)
{
	static struct fixture fixture;

	memset(&fixture, 0, sizeof fixture);
	assert_true(form_open(&fixture.form));
	pcp_edit_begin(&fixture.edit, PCP_VERSION_2, PCP_MAP);
	form_load(&fixture.form, &fixture.edit, &fixture.list, true);
	*state = &fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	form_close(&fixture->form);
	return 0;
}

static bool has_row(const struct form *form, const char *path)
{
	char at[FORM_PATH];
	size_t i;

	for (i = 0; i < form->nrow; i++) {
		form_path(form, &form->row[i], at, sizeof at);
		if (strcmp(at, path) == 0)
			return true;
	}
	return false;
}

static void rows_come_from_the_octets(void **state)
{
	struct form *form = &((struct fixture *)*state)->form;

	assert_true(has_row(form, "header.lifetime"));
	assert_true(has_row(form, "map.internal_port"));
	assert_false(has_row(form, "map.reserved"));
	form->all = true;
	form_load(form, form->edit, form->list, false);
	assert_true(has_row(form, "map.reserved"));
	assert_true(has_row(form, "header.version"));
}

static void every_leaf_has_a_row_on_demand(void **state)
{
	struct form *form = &((struct fixture *)*state)->form;
	size_t i, leaves = 0, fields = 0;

	pcp_edit_add_option(form->edit, PCP_FILTER, NULL, 0);
	form->all = true;
	form_load(form, form->edit, form->list, false);
	for (i = 0; i < form->packet.nnode; i++)
		leaves += form->node[i].field != NULL;
	for (i = 0; i < form->nrow; i++)
		fields += form->row[i].kind == FORM_FIELD;
	assert_int_equal(fields, leaves);
}

static void typing_changes_the_octets(void **state)
{
	struct form *form = &((struct fixture *)*state)->form;

	assert_true(form_set(form, "map.internal_port", "8080", "0"));
	assert_int_equal(form->edit->octets[40], 0x1f);
	assert_int_equal(form->edit->octets[41], 0x90);
	assert_int_equal(form->nrefused, 0);
}

static void refused_text_stays_with_its_sentence(void **state)
{
	struct form *form = &((struct fixture *)*state)->form;
	struct pcp_edit before;
	char text[64];

	assert_true(form_set(form, "map.internal_port", "8080", "0"));
	before = *form->edit;
	/* typed key by key: what was right of it on the way is not left behind */
	assert_true(form_set(form, "map.internal_port", "7000", "8080"));
	assert_false(form_set(form, "map.internal_port", "70000", "8080"));
	assert_memory_equal(form->edit->octets, before.octets, before.len);
	assert_string_equal(form_refusal(form, "map.internal_port")->text, "70000");
	assert_true(strlen(form_refusal(form, "map.internal_port")->why) > 10);
	assert_true(form_go(form, "map.internal_port"));
	form_typed(form, form_at(form), text, sizeof text);
	assert_string_equal(text, "70000");
	assert_true(form_set(form, "map.internal_port", "7000", "8080"));
	assert_null(form_refusal(form, "map.internal_port"));
}

static void more_refusals_than_room_keep_the_newest(void **state)
{
	static const char *const paths[] = { "header.lifetime",
					     "header.client_address",
					     "map.nonce",
					     "map.protocol",
					     "map.internal_port",
					     "map.suggested_external_port",
					     "map.suggested_external_address",
					     "header.version",
					     "header.opcode" };
	struct form *form = &((struct fixture *)*state)->form;
	size_t i;

	for (i = 0; i < sizeof paths / sizeof *paths; i++)
		assert_false(form_set(form, paths[i], "nonsense!", "0"));
	assert_int_equal(form->nrefused, FORM_REFUSED_MAX);
	assert_null(form_refusal(form, paths[0]));
	assert_non_null(form_refusal(form, paths[8]));
}

static size_t count_addable(const struct form *form, uint8_t code)
{
	const struct pcp_layout *layout[64];
	size_t i, n = form_addable(form, layout, 64), found = 0;

	for (i = 0; i < n; i++)
		found += layout[i]->code == code;
	return found;
}

static void options_fit_the_opcode_and_their_count(void **state)
{
	struct form *form = &((struct fixture *)*state)->form;

	assert_int_equal(count_addable(form, PCP_PREFER_FAILURE), 1);
	assert_int_equal(count_addable(form, PCP_NEXT), 0);
	pcp_edit_add_option(form->edit, PCP_PREFER_FAILURE, NULL, 0);
	pcp_edit_add_option(form->edit, PCP_FILTER, NULL, 0);
	form_load(form, form->edit, form->list, false);
	assert_int_equal(count_addable(form, PCP_PREFER_FAILURE), 0);
	assert_int_equal(count_addable(form, PCP_FILTER), 1);
}

static void rows_know_their_option(void **state)
{
	struct form *form = &((struct fixture *)*state)->form;

	pcp_edit_add_option(form->edit, PCP_PREFER_FAILURE, NULL, 0);
	pcp_edit_add_option(form->edit, PCP_FILTER, NULL, 0);
	form_load(form, form->edit, form->list, false);
	assert_true(form_go(form, "options[1].filter.remote_port"));
	assert_int_equal(form_option(form, form_at(form)), 1);
	assert_true(form_go(form, "map.internal_port"));
	assert_int_equal(form_option(form, form_at(form)), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(rows_come_from_the_octets, set_up, tear_down),
		cmocka_unit_test_setup_teardown(every_leaf_has_a_row_on_demand, set_up, tear_down),
		cmocka_unit_test_setup_teardown(typing_changes_the_octets, set_up, tear_down),
		cmocka_unit_test_setup_teardown(refused_text_stays_with_its_sentence, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(more_refusals_than_room_keep_the_newest, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(options_fit_the_opcode_and_their_count, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(rows_know_their_option, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
