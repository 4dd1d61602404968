/* Compose: the form as drawn: fields with what is automatic dim at their right, options, and the
 * row that sends. */
#include <string.h>

#include "actions.h"
#include "compose-tab.h"
#include "line.h"
#include "text.h"

enum { VALUES_MIN = 20, VALUES_NARROW = 18, FIELD_INDENT = 2, OPTION_INDENT = 4 };

static int indent_of(const struct form *form, const struct form_row *row)
{
	return form_option(form, row) >= 0 ? OPTION_INDENT : FIELD_INDENT;
}

/* As far right as the longest label asks, and half the width at most. */
static int values_column(const struct form *form, int width)
{
	int column = VALUES_MIN, end;

	if (width < LAYOUT_SPINE)
		return VALUES_NARROW;

	for (size_t i = 0; i < form->nrow; i++) {
		if (form->row[i].kind != FORM_FIELD)
			continue;
		end = indent_of(form, &form->row[i]) + 1 +
		      draw_width(form->node[form->row[i].node].field->label);
		column = end > column ? end : column;
	}
	return column > VALUES_MIN && column > width / 2 ? width / 2 : column;
}

static const char *filled_in(const struct tab *now, const struct pcp_node *node)
{
	if (node->layout == &pcp_layout_request && node->field == &pcp_request_fields[REQ_CLIENT])
		return now->own_address ? NULL : "automatic";
	if (node->layout->kind == PCP_CLASS_BODY && strcmp(node->field->key, "nonce") == 0)
		return now->own_nonce ? NULL : "automatic";
	return NULL;
}

/* What stands dim at the right of a value: "automatic"; of an address that is none, "any"; of
 * seconds, hours, which are cut off the value. */
static const char *note_beside(const char *note, const struct pcp_node *node,
			       const struct pcp_packet *packet, char *text)
{
	char *hours = strstr(text, " s = ");

	if (note)
		return note;
	if (hours) {
		*hours = '\0';
		return hours + strlen(" s = ");
	}
	return node->field->kind == PCP_ADDR && pcp_addr_is_any(packet->octets + node->off) ? "any"
											    : NULL;
}

static void draw_value(struct ui *ui, const struct rect *in, int at, const struct form_row *row)
{
	struct ui_compose *compose = compose_of(ui);
	const struct pcp_node *node = &compose->form.node[row->node];
	char path[FORM_PATH], text[512];
	const struct form_refused *refused;
	const char *note = filled_in(compose_tab(compose), node);
	bool automatic = note != NULL;
	const struct pcp_finding *finding = findings_on(&compose->findings, node);
	int indent = indent_of(&compose->form, row), col = compose->values, room = in->width - col;

	finding_mark(in, at, 1, finding);
	form_label(node, col - indent - 1, text, sizeof text);
	draw_cell(in, at, indent, col - indent - 1, STYLE_NORMAL, text);
	form_path(&compose->form, row, path, sizeof path);
	if (ui->input == &compose->input && strcmp(path, compose->editing) == 0) {
		input_draw(&compose->input, in, at, col, room, STYLE_EDIT);
		return;
	}
	refused = form_refusal(&compose->form, path);
	if (refused) {
		col = draw_text(in, at, col, STYLE_ERROR, draw_glyph(GLYPH_REFUSED));
		draw_cell(in, at, col + 1, in->width - col - 1, STYLE_ERROR, refused->text);
		return;
	}
	pcp_node_text(&compose->form.packet, row->node, text, sizeof text);
	note = note_beside(note, node, &compose->form.packet, text);
	if (note && draw_width(text) + 3 + draw_width(note) <= room)
		draw_text(in, at, in->width - 1 - draw_width(note), STYLE_DIM, note);
	draw_cell(in, at, col, note && draw_width(text) < room ? draw_width(text) : room,
		  automatic && !finding ? STYLE_DIM : finding_style(finding), text);
}

/* "s send   60 octets   no rule broken"; what a rule objects to in octets stands above it. */
void compose_draw_send(struct ui *ui, const struct rect *in, int at)
{
	struct ui_compose *compose = compose_of(ui);
	struct line line = { .count = 0 };
	size_t len = compose_tab(compose)->edit.len;
	char key[32];

	ui_key_of(ui, compose_is_raw(compose) && compose->typing_hex ? "send-typed" : "send", key,
		  sizeof key);
	line_add(&line, 0, 0, STYLE_BUTTON, " %s send ", key);
	line_add(&line, 2, 2, STYLE_DIM, "%zu octet%s", len, pcp_s(len));
	if (compose_is_raw(compose))
		line_add(&line, 3, 0, STYLE_DIM, ", as they are: legal or not");
	else if (compose->form.nrefused)
		line_add(&line, 1, 2, STYLE_ERROR, "%s not finished", draw_glyph(GLYPH_FINDING));
	else if (compose->findings.n)
		findings_line(&compose->findings, 2, &line);
	else {
		line_add(&line, 1, 2, STYLE_OK, "%s", draw_glyph(GLYPH_OK));
		line_add(&line, 1, 1, STYLE_DIM, "no rule broken");
	}
	line_fit(&line, in->width - FIELD_INDENT);
	line_draw(&line, in, at, FIELD_INDENT);
}

/* The options most wanted, in words that fit beside their names. */
static const struct {
	uint8_t code;
	const char *words;
} hints[] = {
	{ PCP_PREFER_FAILURE, "that port only" }, { PCP_FILTER, "only these peers" },
	{ PCP_DESCRIPTION, "a name for it" },	  { PCP_THIRD_PARTY, "for another host" },
	{ PCP_NEXT, "lists what matches" },
};

/* The next of them that the request takes, from *i on, which goes behind it; NULL: no other. */
static const struct pcp_layout *next_hint(const struct form *form, size_t *i)
{
	const struct pcp_layout *layout[COMPOSE_OPTIONS_MAX];
	size_t n = form_addable(form, layout, COMPOSE_OPTIONS_MAX);

	for (; *i < sizeof hints / sizeof *hints; ++*i)
		for (size_t k = 0; k < n; k++)
			if (layout[k]->code == hints[*i].code) {
				++*i;
				return layout[k];
			}
	return NULL;
}

static void draw_add(struct ui *ui, const struct rect *in, int at)
{
	const struct form *form = &compose_of(ui)->form;
	bool none = form->nrow == form->noptionless + 2;
	const struct pcp_layout *hint;
	char key[32];
	size_t i = 0;
	int col;

	ui_key_of(ui, "add-option", key, sizeof key);
	col = draw_text(in, at, FIELD_INDENT, STYLE_MARK, "+");
	col = draw_text(in, at, col + 1, STYLE_NORMAL, "option");
	col = draw_text(in, at, col + 2, STYLE_KEY, key) + 1;
	while (none && in->width > 40 && (hint = next_hint(form, &i)) &&
	       col + draw_width(hint->name) + 4 < in->width)
		col = draw_text(in, at, col, STYLE_FAINT, hint->name) + 2;
	if (i)
		draw_text(in, at, col, STYLE_FAINT, draw_glyph(GLYPH_ELLIPSIS));
}

static void draw_row(struct ui *ui, const struct rect *in, int at, const struct form_row *row)
{
	struct ui_compose *compose = compose_of(ui);
	const struct pcp_node *node = &compose->form.node[row->node];

	switch (row->kind) {
	case FORM_FIELD:
		draw_value(ui, in, at, row);
		break;
	case FORM_OPTION:
		draw_format(in, at, FIELD_INDENT, STYLE_OPTION_1 + node->nth % 3, "%s %s",
			    draw_glyph(GLYPH_OPEN), node->layout->name);
		if (draw_width(node->layout->purpose) < in->width - compose->values)
			draw_text(in, at, compose->values, STYLE_DIM, node->layout->purpose);
		break;
	case FORM_ADD:
		draw_add(ui, in, at);
		break;
	case FORM_SEND:
		compose_draw_send(ui, in, at);
		break;
	}
}

/* Rows from..to of the form, scrolled so that the cursor is in sight. */
static void draw_rows(struct ui *ui, const struct rect *in, size_t from, size_t to, bool focus)
{
	struct ui_compose *compose = compose_of(ui);
	struct list *list = &compose_tab(compose)->list, part = { .cursor = 0 };
	int row;

	if (list->cursor >= from && list->cursor < to)
		part.cursor = list->cursor - from;
	list_fit(&part, to - from, in->height);
	compose->values = values_column(&compose->form, in->width);
	for (row = 0; row < in->height && part.top + (size_t)row < part.count; row++) {
		size_t i = from + part.top + (size_t)row;

		draw_row(ui, in, row, &compose->form.row[i]);
		if (i == list->cursor && ui->input != &compose->input)
			draw_focus(in, row, focus);
	}
	compose->top[from > 0] = from + part.top;
}

/* What they are for, where there is none yet. */
static void draw_hints(const struct form *form, const struct rect *in)
{
	const struct pcp_layout *hint;
	int row = 3;

	for (size_t i = 0; (hint = next_hint(form, &i)); row++)
		draw_format(in, row, FIELD_INDENT, STYLE_DIM, "%s  %s", hint->name,
			    hints[i - 1].words);
}

void compose_draw_form(struct ui *ui, const struct rect *in, bool beside, bool focus)
{
	struct ui_compose *compose = compose_of(ui);
	struct rect left = *in, right = *in;
	struct form *form = &compose->form;
	int row;

	findings_of_composed(&compose->findings, ui->session, &compose_tab(compose)->edit,
			     compose->judge);
	list_fit(&compose_tab(compose)->list, form->nrow, in->height);
	compose->beside = beside;
	if (!compose->beside) {
		draw_rows(ui, in, 0, form->nrow, focus);
		return;
	}
	left.width = LAYOUT_SPINE;
	right.x += LAYOUT_SPINE + 1;
	right.width -= LAYOUT_SPINE + 1;
	for (row = 0; row < in->height && !ui->config->plain; row++)
		draw_text(in, row, LAYOUT_SPINE, STYLE_FAINT, draw_glyph(GLYPH_RAIL));
	draw_rows(ui, &left, 0, form->noptionless, focus);
	draw_rows(ui, &right, form->noptionless, form->nrow, focus);
	if (form->nrow == form->noptionless + 2)
		draw_hints(form, &right);
}
