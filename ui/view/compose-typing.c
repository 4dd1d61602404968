/* Compose: typing a field's value, and what it does to the packet with each key. */
#include <stdio.h>
#include <string.h>

#include "actions.h"
#include "compose-tab.h"
#include "layout-rows.h"

static void typed(struct ui *ui)
{
	struct ui_compose *compose = compose_of(ui);
	const struct form_refused *refused;

	form_set(&compose->form, compose->editing, compose->input.text, compose->before);
	refused = form_refusal(&compose->form, compose->editing);
	ui->message[0] = '\0';
	if (refused)
		ui_say(ui, STYLE_ERROR, "%s", refused->why);
	else
		compose_fill(ui);
	compose_light(ui);
}

static void mark_own(struct ui_compose *compose)
{
	const struct form_row *row = form_at(&compose->form);
	const struct pcp_node *node = form_field(&compose->form, row);

	if (!node || strcmp(compose->input.text, compose->before) == 0)
		return;
	if (node->layout == &pcp_layout_request && node->field == &pcp_request_fields[REQ_CLIENT])
		compose_tab(compose)->own_address = true;
	if (node->layout->kind == PCP_CLASS_BODY && strcmp(node->field->key, "nonce") == 0)
		compose_tab(compose)->own_nonce = true;
}

static void edited(struct ui *ui)
{
	mark_own(compose_of(ui));
	typed(ui);
}

static void stop_typing(struct ui *ui)
{
	ui_edit(ui, NULL);
	compose_light(ui);
}

static void accept(struct ui *ui)
{
	struct ui_compose *compose = compose_of(ui);
	const struct form_refused *refused = form_refusal(&compose->form, compose->editing);

	stop_typing(ui);
	if (refused)
		ui_say(ui, STYLE_ERROR, "%s", refused->why);
	else
		compose_move(ui, 1);
}

static void cancel(struct ui *ui)
{
	struct ui_compose *compose = compose_of(ui);

	form_set(&compose->form, compose->editing, compose->before, compose->before);
	stop_typing(ui);
	compose_fill(ui);
}

static void edit_next(struct ui *ui, int by)
{
	struct ui_compose *compose = compose_of(ui);

	stop_typing(ui);
	compose_move(ui, by);
	if (form_field(&compose->form, form_at(&compose->form)))
		compose_type(ui, form_at(&compose->form));
}

static const struct input_ops ops = { .changed = edited,
				      .accept = accept,
				      .cancel = cancel,
				      .leave = stop_typing,
				      .step = edit_next,
				      .complete = edit_next };

void compose_type(struct ui *ui, const struct form_row *row)
{
	struct ui_compose *compose = compose_of(ui);
	char text[INPUT_MAX];
	const struct form_refused *refused;

	form_path(&compose->form, row, compose->editing, sizeof compose->editing);
	pcp_node_typed(&compose->form.packet, row->node, compose->before, sizeof compose->before);
	form_typed(&compose->form, row, text, sizeof text);
	compose->input.ops = &ops;
	input_set(&compose->input, text);
	compose->input.fresh = true;
	compose->digit = 0;
	refused = form_refusal(&compose->form, compose->editing);
	if (refused)
		ui_say(ui, STYLE_ERROR, "%s", refused->why);
	ui_edit(ui, &compose->input);
	compose_light(ui);
}

void act_type_digit(struct ui *ui)
{
	struct ui_compose *compose = compose_of(ui);
	const struct form_row *row = form_at(&compose->form);

	if (!row || row->kind != FORM_FIELD)
		return;
	compose_type(ui, row);
	compose->digit = ui->pressed;
	if (input_type(&compose->input, ui->pressed))
		edited(ui);
}

/* The first of the binding's keys that does not type into a field. */
static ui_key otherwise(const struct keymap *map, const struct binding *binding)
{
	const ui_key *key = map->key[binding - ui_bindings];
	size_t i = 0;

	while (i < KEYS_PER_BINDING && key[i] && keymap_find(map, IN_FIELD, key[i]))
		i++;
	return i < KEYS_PER_BINDING ? key[i] : UI_KEY_NONE;
}

void compose_digit_meaning(struct ui *ui, char *buf, size_t cap)
{
	struct ui_compose *compose = compose_of(ui);
	const struct pcp_node *node = form_field(&compose->form, form_at(&compose->form));
	const struct binding *meant = keymap_find(&ui->keys, IN_DESK, compose->digit);
	ui_key key = meant ? otherwise(&ui->keys, meant) : UI_KEY_NONE;
	char name[16];

	if (!node)
		return;
	ui_key_name(key, name, sizeof name);
	if (key)
		snprintf(buf, cap, "types into %s; Esc leaves it, %s %s", node->field->label, name,
			 meant->help);
	else
		snprintf(buf, cap, "types into %s; Esc leaves it", node->field->label);
}
