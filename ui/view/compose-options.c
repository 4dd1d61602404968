/* Compose: options added, removed and moved; values chosen by name. */
#include <stdio.h>

#include "actions.h"
#include "compose-tab.h"

const char *why_not_option(struct ui *ui)
{
	struct ui_compose *compose = compose_of(ui);

	if (compose_is_raw(compose))
		return why_not_form(ui);
	return form_option(&compose->form, form_at(&compose->form)) < 0
		       ? "the cursor is on no option: o adds one"
		       : NULL;
}

void compose_changed(struct ui *ui)
{
	struct ui_compose *compose = compose_of(ui);

	form_load(&compose->form, &compose_tab(compose)->edit, &compose_tab(compose)->list, true);
	compose_fill(ui);
	compose_light(ui);
}

/* A new filter is for one peer, not yet named: prefix length 0 would erase all filters (RFC
 * 6887 13.3). */
static void safe_default(struct pcp_edit *edit, int code, int nth)
{
	static const uint8_t whole[] = { 8 * PCP_ADDR_LEN };
	char path[FORM_PATH];

	if (code != PCP_FILTER)
		return;
	snprintf(path, sizeof path, "options[%d].filter.prefix_length", nth);
	pcp_edit_set_octets(edit, path, whole, sizeof whole);
}

/* A text is typed next, and its letters are no keys. */
static void type_text(struct ui *ui)
{
	struct form *form = &compose_of(ui)->form;
	const struct pcp_node *node = form_field(form, form_at(form));

	if (node && node->field->kind == PCP_TEXT)
		compose_type(ui, form_at(form));
}

static void option_chosen(struct ui *ui, int code)
{
	struct ui_compose *compose = compose_of(ui);
	int nth = pcp_edit_add_option(&compose_tab(compose)->edit, (uint8_t)code, NULL, 0);
	char path[FORM_PATH];

	if (nth < 0) {
		ui_say(ui, STYLE_ERROR,
		       "the option does not fit: a packet has at most %d octets here",
		       PCP_EDIT_MAX);
		return;
	}
	safe_default(&compose_tab(compose)->edit, code, nth);
	compose_changed(ui);
	snprintf(path, sizeof path, "options[%d]", nth);
	if (!form_go(&compose->form, path))
		return;
	compose_move(ui, form_option(&compose->form, form_at(&compose->form) + 1) == nth ? 1 : 0);
	type_text(ui);
}

enum { MENU_MAX = COMPOSE_OPTIONS_MAX };

void act_add_option(struct ui *ui)
{
	struct ui_compose *compose = compose_of(ui);
	const struct pcp_layout *layout[MENU_MAX];
	struct menu_item item[MENU_MAX];
	size_t i, n = form_addable(&compose->form, layout, MENU_MAX);

	for (i = 0; i < n; i++) {
		snprintf(item[i].label, sizeof item[i].label, "%s %u", layout[i]->name,
			 layout[i]->code);
		item[i].help = layout[i]->purpose;
		item[i].value = layout[i]->code;
	}
	if (n)
		ui_menu(ui, "Add an option", item, n, 0, option_chosen);
	else
		ui_say(ui, STYLE_WARNING,
		       "this request takes no further option; RAW (E) takes anything");
}

/* To the option that took the place of one that went, the one before it, or where options are
 * added. */
static void go_near_option(struct form *form, int nth)
{
	char path[FORM_PATH];

	for (; nth >= 0; nth--) {
		snprintf(path, sizeof path, "options[%d]", nth);
		if (form_go(form, path))
			return;
	}
	form_go(form, "+");
}

void act_remove_option(struct ui *ui)
{
	struct ui_compose *compose = compose_of(ui);
	int nth = form_option(&compose->form, form_at(&compose->form));

	pcp_edit_remove_option(&compose_tab(compose)->edit, (size_t)nth);
	form_load(&compose->form, &compose_tab(compose)->edit, &compose_tab(compose)->list, true);
	go_near_option(&compose->form, nth);
	compose_changed(ui);
}

static void move_option(struct ui *ui, int by)
{
	struct ui_compose *compose = compose_of(ui);
	int nth = form_option(&compose->form, form_at(&compose->form));
	char path[FORM_PATH];

	if (nth + by < 0 ||
	    !pcp_edit_move_option(&compose_tab(compose)->edit, (size_t)nth, (size_t)(nth + by)))
		return;
	compose_changed(ui);
	snprintf(path, sizeof path, "options[%d]", nth + by);
	form_go(&compose->form, path);
	compose_light(ui);
}

void act_option_down(struct ui *ui)
{
	move_option(ui, 1);
}

void act_option_up(struct ui *ui)
{
	move_option(ui, -1);
}

static const struct pcp_field *named_field(struct ui *ui)
{
	struct ui_compose *compose = compose_of(ui);
	const struct pcp_node *node = form_field(&compose->form, form_at(&compose->form));

	return node && node->field->names ? node->field : NULL;
}

const char *why_not_choose(struct ui *ui)
{
	if (compose_is_raw(compose_of(ui)))
		return why_not_form(ui);
	return named_field(ui) ? NULL : "this field's values have no names: Enter types one";
}

static void value_chosen(struct ui *ui, int value)
{
	struct ui_compose *compose = compose_of(ui);
	char path[FORM_PATH], text[16];

	form_path(&compose->form, form_at(&compose->form), path, sizeof path);
	snprintf(text, sizeof text, "%d", value);
	form_set(&compose->form, path, text, text);
	compose_fill(ui);
	compose_light(ui);
}

void act_choose(struct ui *ui)
{
	struct ui_compose *compose = compose_of(ui);
	const struct pcp_field *field = named_field(ui);
	uint32_t now = pcp_node_uint(&compose->form.packet, form_at(&compose->form)->node);
	struct menu_item item[MENU_MAX];
	size_t n = 0, cursor = 0;

	for (; n < MENU_MAX && field->names[n].name; n++) {
		snprintf(item[n].label, sizeof item[n].label, "%u %s", field->names[n].code,
			 field->names[n].name);
		item[n].help = field->names[n].help;
		item[n].value = field->names[n].code;
		if (field->names[n].code == now)
			cursor = n;
	}
	ui_menu(ui, field->label, item, n, cursor, value_chosen);
}
