/* A form over the octets of a request. */
#include "form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw.h"
#include "text.h"

bool form_open(struct form *form)
{
	memset(form, 0, sizeof *form);
	form->node = malloc(PCP_NODES_MAX * sizeof *form->node);
	form->row = malloc((PCP_NODES_MAX + 2) * sizeof *form->row);
	return form->node && form->row;
}

void form_close(struct form *form)
{
	free(form->node);
	free(form->row);
}

/* What the tab and the editor see to by themselves: shown only on demand. */
static bool seldom(const struct pcp_node *node)
{
	const struct pcp_field *field = node->field;

	if (field->kind == PCP_RESERVED || field->kind == PCP_PADDING)
		return true;
	if (node->layout->kind == PCP_CLASS_TLV)
		return true;
	return node->layout == &pcp_layout_request && field != &pcp_request_fields[REQ_LIFETIME] &&
	       field != &pcp_request_fields[REQ_CLIENT];
}

static void add_row(struct form *form, enum form_row_kind kind, size_t node)
{
	form->row[form->nrow++] = (struct form_row){ .kind = kind, .node = (uint16_t)node };
}

/* The order in which people think: what, which ports and addresses, how long; then what is filled
 * in by itself, then what is shown on demand. The packet's order is Decode's business. */
static int rank(const struct pcp_node *node)
{
	if (node->layout->kind == PCP_CLASS_BODY)
		return strcmp(node->field->key, "nonce") == 0 ? 2 : 0;
	if (node->layout != &pcp_layout_request)
		return 4;
	return node->field == &pcp_request_fields[REQ_LIFETIME] ? 1
	       : node->field == &pcp_request_fields[REQ_CLIENT] ? 3
								: 4;
}

static bool begins_option(const struct pcp_node *node)
{
	return !node->field && node->layout->kind == PCP_CLASS_OPTION;
}

static void add_field(struct form *form, size_t i)
{
	if (form->node[i].field && (form->all || !seldom(&form->node[i])))
		add_row(form, FORM_FIELD, i);
}

static void make_rows(struct form *form)
{
	size_t i, options = 0;
	int at;

	form->nrow = 0;
	while (options < form->packet.nnode && !begins_option(&form->node[options]))
		options++;
	for (at = 0; at <= 4; at++)
		for (i = 0; i < options; i++)
			if (form->node[i].field && rank(&form->node[i]) == at)
				add_field(form, i);
	form->noptionless = form->nrow;
	for (i = options; i < form->packet.nnode; i++) {
		if (begins_option(&form->node[i]))
			add_row(form, FORM_OPTION, i);
		add_field(form, i);
	}
	add_row(form, FORM_ADD, 0);
	add_row(form, FORM_SEND, 0);
}

void form_load(struct form *form, struct pcp_edit *edit, struct list *list, bool fresh)
{
	form->edit = edit;
	form->list = list;
	if (fresh)
		form->nrefused = 0;
	pcp_edit_decode(edit, &form->packet, form->node, PCP_NODES_MAX);
	make_rows(form);
	list->count = form->nrow;
	if (list->cursor >= form->nrow)
		list->cursor = form->nrow - 1;
}

const struct form_row *form_at(const struct form *form)
{
	return form->list->cursor < form->nrow ? &form->row[form->list->cursor] : NULL;
}

const struct pcp_node *form_field(const struct form *form, const struct form_row *row)
{
	return row && row->kind == FORM_FIELD ? &form->node[row->node] : NULL;
}

size_t form_path(const struct form *form, const struct form_row *row, char *buf, size_t cap)
{
	if (row->kind == FORM_ADD || row->kind == FORM_SEND)
		return (size_t)snprintf(buf, cap, "%s", row->kind == FORM_ADD ? "+" : "!");
	return pcp_node_path(&form->packet, row->node, buf, cap);
}

void form_label(const struct pcp_node *node, int width, char *buf, size_t cap)
{
	char *address;

	snprintf(buf, cap, "%s", node->field->label);
	address = strstr(buf, " address");
	if (draw_width(buf) > width && address)
		memmove(address + 5, address + 8, strlen(address + 8) + 1);
}

const struct form_refused *form_refusal(const struct form *form, const char *path)
{
	size_t i;

	for (i = 0; i < form->nrefused; i++)
		if (strcmp(form->refused[i].path, path) == 0)
			return &form->refused[i];
	return NULL;
}

void form_typed(const struct form *form, const struct form_row *row, char *buf, size_t cap)
{
	char path[FORM_PATH];
	const struct form_refused *refused;

	form_path(form, row, path, sizeof path);
	refused = form_refusal(form, path);
	if (refused)
		snprintf(buf, cap, "%s", refused->text);
	else
		pcp_node_typed(&form->packet, row->node, buf, cap);
}

static void forget_refusal(struct form *form, const char *path)
{
	const struct form_refused *refused = form_refusal(form, path);
	size_t i;

	if (!refused)
		return;
	i = (size_t)(refused - form->refused);
	memmove(&form->refused[i], &form->refused[i + 1],
		(form->nrefused - i - 1) * sizeof *form->refused);
	form->nrefused--;
}

static void refuse(struct form *form, const char *path, const char *typed, const char *why)
{
	struct form_refused *refused;

	forget_refusal(form, path);
	if (form->nrefused == FORM_REFUSED_MAX)
		forget_refusal(form, form->refused[0].path);
	refused = &form->refused[form->nrefused++];
	snprintf(refused->path, sizeof refused->path, "%s", path);
	snprintf(refused->text, sizeof refused->text, "%s", typed);
	snprintf(refused->why, sizeof refused->why, "%s", why);
}

bool form_set(struct form *form, const char *path, const char *typed, const char *before)
{
	struct pcp_why why;

	if (!pcp_edit_set(form->edit, path, typed, &why)) {
		pcp_edit_set(form->edit, path, before, NULL);
		form_load(form, form->edit, form->list, false);
		refuse(form, path, typed, why.text);
		return false;
	}
	forget_refusal(form, path);
	form_load(form, form->edit, form->list, false);
	return true;
}

bool form_go(struct form *form, const char *path)
{
	char at[FORM_PATH];
	size_t i;

	for (i = 0; i < form->nrow; i++) {
		form_path(form, &form->row[i], at, sizeof at);
		if (strcmp(at, path) == 0) {
			form->list->cursor = i;
			return true;
		}
	}
	return false;
}

int form_option(const struct form *form, const struct form_row *row)
{
	size_t node;

	if (!row || row->kind == FORM_ADD || row->kind == FORM_SEND)
		return -1;
	for (node = row->node; form->node[node].parent != PCP_NO_NODE;)
		node = form->node[node].parent;
	if (form->node[node].field || form->node[node].layout->kind != PCP_CLASS_OPTION)
		return -1;
	return form->node[node].nth;
}

static size_t occurrences(const struct form *form, const struct pcp_layout *layout)
{
	size_t i, n = 0;

	for (i = 0; i < form->packet.nnode; i++)
		n += !form->node[i].field && form->node[i].depth == 0 &&
		     form->node[i].layout == layout;
	return n;
}

size_t form_addable(const struct form *form, const struct pcp_layout **layout, size_t cap)
{
	size_t i, n = 0;

	for (i = 0; i < pcp_nlayouts && n < cap; i++) {
		const struct pcp_layout *row = pcp_layouts[i];

		if (row->kind != PCP_CLASS_OPTION)
			continue;
		if (pcp_layout_option(row->code, form->packet.where, form->edit->dialects) != row)
			continue;
		if (!pcp_layout_fits(row, form->packet.where))
			continue;
		if (row->max_count && occurrences(form, row) >= row->max_count)
			continue;
		layout[n++] = row;
	}
	return n;
}
