/* Compose: a form for each kind of request, and RAW for everything else. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions.h"
#include "form.h"
#include "hexedit.h"
#include "text.h"
#include "view.h"

/* What a tab starts with: values that a first Send makes sense with. */
struct start {
	const char *path, *typed;
};

struct tab_kind {
	const char *name;
	uint8_t opcode, option; /* option 0: none */
	bool raw;
	struct start start[8];
};

enum { TAB_MAP, TAB_PEER, TAB_GET, TAB_NEXT, TAB_ANNOUNCE, TAB_RAW, TAB_COUNT };

static const struct tab_kind kinds[TAB_COUNT] = {
	[TAB_MAP] = { "MAP",
		      PCP_MAP,
		      0,
		      false,
		      { { "map.protocol", "tcp" },
			{ "map.internal_port", "8080" },
			{ "map.suggested_external_port", "8080" },
			{ "header.lifetime", "3600" } } },
	[TAB_PEER] = { "PEER",
		       PCP_PEER,
		       0,
		       false,
		       { { "peer.protocol", "tcp" },
			 { "peer.internal_port", "40000" },
			 { "peer.remote_port", "443" },
			 { "header.lifetime", "3600" } } },
	[TAB_GET] = { "GET", PCP_GET, 0, false, { { NULL, NULL } } },
	[TAB_NEXT] = { "NEXT",
		       PCP_GET,
		       PCP_NEXT,
		       false,
		       { { "options[0].next.wanted", "FILTER/DESCRIPTION" } } },
	[TAB_ANNOUNCE] = { "ANNOUNCE", PCP_ANNOUNCE, 0, false, { { NULL, NULL } } },
	[TAB_RAW] = { "RAW", PCP_ANNOUNCE, 0, true, { { NULL, NULL } } },
};

struct tab {
	struct pcp_edit edit;
	struct list list;
	bool own_nonce, own_address; /* typed by hand: not filled in any more */
	bool have_nonce;	     /* a random one that no mapping has used yet */
	bool begun;
};

struct compose {
	struct tab tab[TAB_COUNT];
	unsigned at;
	struct form form;
	struct hexedit hex;
	bool typing_hex;
	bool stale; /* mappings came or went: the nonce may be another */
	struct input input;
	char editing[FORM_PATH];		      /* path of the field being typed */
	char before[sizeof((struct input *)0)->text]; /* its text before */
};

static struct compose *state(struct ui *ui)
{
	return ui->state[VIEW_COMPOSE];
}

static struct tab *tab(struct compose *compose)
{
	return &compose->tab[compose->at];
}

static bool is_raw(const struct compose *compose)
{
	return kinds[compose->at].raw;
}

/* ---- what is filled in: addresses, nonce ---- */

static void source(const struct ui *ui, uint8_t addr[PCP_ADDR_LEN])
{
	const struct client_server *server =
		client_server(ui->session->client, ui->session->server);

	if (server)
		memcpy(addr, server->config.source.addr, PCP_ADDR_LEN);
	else
		pcp_addr_any(addr, true);
}

static bool body_path(const struct pcp_packet *packet, const char *key, char *buf, size_t cap)
{
	size_t i;

	for (i = 0; i < packet->nnode; i++) {
		const struct pcp_node *node = &packet->node[i];

		if (node->field && node->layout->class == PCP_CLASS_BODY &&
		    strcmp(node->field->key, key) == 0) {
			pcp_node_path(packet, i, buf, cap);
			return true;
		}
	}
	return false;
}

/* The nonce of the mapping that the request names, so that it renews instead of being refused. */
static const struct mapping *same_mapping(const struct ui *ui, const struct pcp_packet *packet)
{
	const struct client *client = ui->session->client;
	const uint8_t *body = packet->octets + PCP_HEADER_LEN;
	size_t i;

	if (packet->opcode != PCP_MAP && packet->opcode != PCP_PEER)
		return NULL;
	if (packet->version != PCP_VERSION_2 ||
	    packet->len < PCP_HEADER_LEN + pcp_body_len(packet->opcode, packet->version))
		return NULL;
	for (i = 0; i < client_nmappings(client); i++) {
		const struct mapping *m = client_mapping_at(client, i);

		if (m->server != ui->session->server || m->opcode != packet->opcode ||
		    m->third_party || m->version != packet->version ||
		    m->protocol != pcp_get(&pcp_map_fields[MAP_PROTOCOL], body) ||
		    m->internal_port != pcp_get(&pcp_map_fields[MAP_INTERNAL_PORT], body))
			continue;
		if (packet->opcode == PCP_PEER &&
		    (m->remote_port != pcp_get(&pcp_peer_fields[PEER_REMOTE_PORT], body) ||
		     memcmp(m->remote, pcp_at(&pcp_peer_fields[PEER_REMOTE_ADDRESS], body),
			    PCP_ADDR_LEN) != 0))
			continue;
		return m;
	}
	return NULL;
}

static void fill_nonce(struct ui *ui, struct compose *compose)
{
	const struct pcp_packet *packet = &compose->form.packet;
	const struct mapping *mapping;
	char path[FORM_PATH];
	uint8_t nonce[PCP_NONCE_LEN];
	size_t node;

	if (tab(compose)->own_nonce || !body_path(packet, "nonce", path, sizeof path))
		return;
	mapping = same_mapping(ui, packet);
	node = pcp_node_find(packet, path);
	if (!mapping && tab(compose)->have_nonce)
		return; /* keeps standing while one types */
	if (mapping)
		memcpy(nonce, mapping->nonce, sizeof nonce);
	else
		ui->session->rng.fill(&ui->session->rng, nonce, sizeof nonce);
	tab(compose)->have_nonce = !mapping;
	if (node != PCP_NO_NODE)
		pcp_edit_set_octets(&tab(compose)->edit, path, nonce, sizeof nonce);
}

/* Fills in what Send would have to: the packet shown is the packet sent. */
static void fill(struct ui *ui)
{
	struct compose *compose = state(ui);
	uint8_t addr[PCP_ADDR_LEN];

	compose->stale = false;
	if (is_raw(compose))
		return;
	source(ui, addr);
	if (!tab(compose)->own_address)
		pcp_edit_set_octets(&tab(compose)->edit, "header.client_address", addr,
				    sizeof addr);
	fill_nonce(ui, compose);
	form_load(&compose->form, &tab(compose)->edit, &tab(compose)->list, false);
}

static void refresh(struct ui *ui)
{
	struct compose *compose = state(ui);

	if (compose->stale && ui->input != &compose->input)
		fill(ui);
}

/* Addresses that mean "any" are of the family in use (RFC 6887 5). */
static void set_family(struct compose *compose, bool v4)
{
	struct pcp_packet *packet = &compose->form.packet;
	struct pcp_edit *edit = &tab(compose)->edit;
	char path[FORM_PATH];
	uint8_t any[PCP_ADDR_LEN];
	size_t i;

	pcp_addr_any(any, v4);
	for (i = 0; i < packet->nnode; i++)
		if (packet->node[i].field && packet->node[i].field->kind == PCP_ADDR) {
			pcp_node_path(packet, i, path, sizeof path);
			pcp_edit_set_octets(edit, path, any, sizeof any);
		}
}

static void begin_tab(struct ui *ui)
{
	struct compose *compose = state(ui);
	const struct tab_kind *kind = &kinds[compose->at];
	struct tab *now = tab(compose);
	struct pcp_why why;
	uint8_t addr[PCP_ADDR_LEN];
	size_t i;

	memset(now, 0, sizeof *now);
	source(ui, addr);
	pcp_edit_begin(&now->edit, PCP_VERSION_2, kind->opcode);
	now->edit.dialects = ui->session->dialects;
	if (kind->option)
		pcp_edit_add_option(&now->edit, kind->option, NULL, 0);
	form_load(&compose->form, &now->edit, &now->list, true);
	set_family(compose, pcp_addr_is_v4(addr));
	for (i = 0; i < sizeof kind->start / sizeof *kind->start && kind->start[i].path; i++)
		pcp_edit_set(&now->edit, kind->start[i].path, kind->start[i].typed, &why);
	if (kind->opcode == PCP_PEER)
		pcp_edit_set(&now->edit, "peer.remote_address",
			     pcp_addr_is_v4(addr) ? "198.51.100.7" : "2001:db8::7", &why);
	fill(ui);
	if (kind->raw)
		form_load(&compose->form, &now->edit, &now->list, true);
	now->begun = true;
}

/* The cursor starts where typing is useful: on the protocol, where there is one. */
static void first_row(struct compose *compose)
{
	char path[FORM_PATH];

	if (body_path(&compose->form.packet, "protocol", path, sizeof path))
		form_go(&compose->form, path);
}

static void open_tab(struct ui *ui, unsigned at)
{
	struct compose *compose = state(ui);

	compose->at = at;
	compose->form.nrefused = 0;
	if (!tab(compose)->begun) {
		begin_tab(ui);
		first_row(compose);
	}
	compose->hex.edit = &tab(compose)->edit;
	form_load(&compose->form, &tab(compose)->edit, &tab(compose)->list, true);
	fill(ui);
	select_preview(&ui->selection);
	ui_dirty(ui);
}

/* ---- the selection ---- */

static void light(struct ui *ui)
{
	struct compose *compose = state(ui);
	const struct form_row *row = form_at(&compose->form);

	select_preview(&ui->selection);
	if (is_raw(compose))
		select_octets(&ui->selection, compose->hex.nibble / 2, 1);
	else if (row && (row->kind == FORM_FIELD || row->kind == FORM_OPTION))
		select_octets(&ui->selection, compose->form.node[row->node].off,
			      compose->form.node[row->node].len);
	else
		select_octets(&ui->selection, 0, 0);
}

/* ---- life ---- */

static bool open_compose(struct ui *ui)
{
	struct compose *compose = calloc(1, sizeof *compose);

	ui->state[VIEW_COMPOSE] = compose;
	if (!compose || !form_open(&compose->form))
		return false;
	open_tab(ui, TAB_MAP);
	light(ui);
	return true;
}

static void close_compose(struct ui *ui)
{
	struct compose *compose = state(ui);

	form_close(&compose->form);
	hexedit_close(&compose->hex);
	free(compose);
}

/* ---- drawing ---- */

static void title(struct ui *ui, char *buf, size_t cap)
{
	size_t i, n = 0;

	for (i = 0; i < TAB_COUNT && n < cap; i++)
		n += (size_t)snprintf(buf + n, cap - n, i == state(ui)->at ? "%s[%s]" : "%s%s",
				      i ? " " : "", kinds[i].name);
}

enum { LABEL_WIDTH = 20 };

static const char *filled_in(const struct tab *now, const struct pcp_node *node)
{
	if (node->layout == &pcp_layout_request && node->field == &pcp_request_fields[REQ_CLIENT])
		return now->own_address ? NULL : "automatic";
	if (node->layout->class == PCP_CLASS_BODY && strcmp(node->field->key, "nonce") == 0)
		return now->own_nonce ? NULL : "automatic";
	return NULL;
}

static void draw_value(struct ui *ui, const struct rect *in, int at, const struct form_row *row,
		       int indent)
{
	struct compose *compose = state(ui);
	const struct pcp_node *node = &compose->form.node[row->node];
	char path[FORM_PATH], text[512];
	const struct form_refused *refused;
	const char *note = filled_in(tab(compose), node);
	int col = LABEL_WIDTH + 1, room = in->width - col;

	draw_cell(in, at, indent, LABEL_WIDTH - indent, STYLE_NORMAL, node->field->label);
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
	if (note && draw_width(text) + 2 + draw_width(note) <= room)
		draw_text(in, at, in->width - draw_width(note), STYLE_DIM, note);
	else if (note)
		note = NULL;
	draw_cell(in, at, col, note ? draw_width(text) : room, note ? STYLE_DIM : STYLE_NORMAL,
		  text);
}

static void draw_row(struct ui *ui, const struct rect *in, int at, const struct form_row *row)
{
	struct compose *compose = state(ui);
	const struct pcp_node *node = &compose->form.node[row->node];

	switch (row->kind) {
	case FORM_FIELD:
		draw_value(ui, in, at, row, form_option(&compose->form, row) >= 0 ? 2 : 0);
		break;
	case FORM_OPTION:
		draw_format(in, at, 0, STYLE_HEADING, "%s %s", draw_glyph(GLYPH_OPEN),
			    node->layout->name);
		if (draw_width(node->layout->purpose) < in->width - LABEL_WIDTH - 1)
			draw_text(in, at, LABEL_WIDTH + 1, STYLE_DIM, node->layout->purpose);
		break;
	case FORM_ADD:
		draw_text(in, at, 0, STYLE_KEY, "+ add an option");
		break;
	case FORM_SEND:
		draw_text(in, at, 0, STYLE_KEY, "= send this request");
		break;
	}
}

static void draw_form(struct ui *ui, const struct rect *in, bool focus)
{
	struct compose *compose = state(ui);
	struct list *list = &tab(compose)->list;
	int row;

	list_fit(list, compose->form.nrow, in->height);
	for (row = 0; row < in->height && list->top + (size_t)row < list->count; row++) {
		draw_row(ui, in, row, &compose->form.row[list->top + (size_t)row]);
		if (list->top + (size_t)row != list->cursor || ui->input == &compose->input)
			continue;
		if (focus) {
			draw_focus(in, row);
		}
	}
	if (list->top > 0)
		draw_text(in, 0, in->width - 1, STYLE_DIM, draw_glyph(GLYPH_MORE_ABOVE));
	if (list->top + list->height < list->count)
		draw_text(in, in->height - 1, in->width - 1, STYLE_DIM,
			  draw_glyph(GLYPH_MORE_BELOW));
}

static void draw(struct ui *ui, const struct rect *in, bool focus)
{
	struct compose *compose = state(ui);

	refresh(ui);
	if (!is_raw(compose)) {
		draw_form(ui, in, focus);
		return;
	}
	hexedit_draw(&compose->hex, in, focus, ui->selection.off,
		     ui->selection.kind == SELECT_PREVIEW ? ui->selection.len : 0);
}

static void meaning(struct ui *ui, char *buf, size_t cap)
{
	struct compose *compose = state(ui);
	const struct form_row *row = form_at(&compose->form);
	const struct form_refused *refused;
	const struct pcp_node *node;
	char path[FORM_PATH];

	if (is_raw(compose)) {
		snprintf(buf, cap,
			 compose->typing_hex
				 ? "hex digits overwrite; i inserts, x deletes, t truncates, p "
				   "lengthens"
				 : "octets as you typed them, legal or not: Enter edits, s sends");
		return;
	}
	if (!row || row->kind == FORM_SEND || row->kind == FORM_ADD) {
		snprintf(buf, cap,
			 row && row->kind == FORM_ADD
				 ? "Enter lists the options that this request may carry"
				 : "Enter or s sends exactly the octets that Decode shows");
		return;
	}
	node = &compose->form.node[row->node];
	form_path(&compose->form, row, path, sizeof path);
	refused = form_refusal(&compose->form, path);
	if (refused)
		snprintf(buf, cap, "%s: %s", node->field->label, refused->why);
	else if (node->field)
		snprintf(buf, cap, "%s (%s): %s", node->field->label, node->layout->ref,
			 node->field->help);
	else
		snprintf(buf, cap, "%s (%s): %s", node->layout->name, node->layout->ref,
			 node->layout->rules ? node->layout->rules : node->layout->purpose);
}

/* ---- typing ---- */

static void typed(struct ui *ui)
{
	struct compose *compose = state(ui);
	const struct form_refused *refused;

	form_set(&compose->form, compose->editing, compose->input.text, compose->before);
	refused = form_refusal(&compose->form, compose->editing);
	ui->message[0] = '\0';
	if (refused)
		ui_say(ui, STYLE_ERROR, "%s", refused->why);
	else
		fill(ui);
	light(ui);
}

static void mark_own(struct compose *compose)
{
	const struct form_row *row = form_at(&compose->form);
	const struct pcp_node *node = form_field(&compose->form, row);

	if (!node || strcmp(compose->input.text, compose->before) == 0)
		return;
	if (node->layout == &pcp_layout_request && node->field == &pcp_request_fields[REQ_CLIENT])
		tab(compose)->own_address = true;
	if (node->layout->class == PCP_CLASS_BODY && strcmp(node->field->key, "nonce") == 0)
		tab(compose)->own_nonce = true;
}

static void edited(struct ui *ui)
{
	mark_own(state(ui));
	typed(ui);
}

static void stop_typing(struct ui *ui)
{
	ui_edit(ui, NULL);
	light(ui);
}

static void move(struct ui *ui, int by)
{
	list_move(&tab(state(ui))->list, by);
	light(ui);
}

static void accept(struct ui *ui)
{
	struct compose *compose = state(ui);
	const struct form_refused *refused = form_refusal(&compose->form, compose->editing);

	stop_typing(ui);
	if (refused)
		ui_say(ui, STYLE_ERROR, "%s", refused->why);
	else
		move(ui, 1);
}

static void cancel(struct ui *ui)
{
	struct compose *compose = state(ui);

	form_set(&compose->form, compose->editing, compose->before, compose->before);
	stop_typing(ui);
	fill(ui);
}

static void edit_next(struct ui *ui, int by)
{
	struct compose *compose = state(ui);

	stop_typing(ui);
	move(ui, by);
	if (form_field(&compose->form, form_at(&compose->form)))
		act_edit(ui);
}

static void complete(struct ui *ui)
{
	edit_next(ui, 1);
}

static const struct input_ops ops = { .changed = edited,
				      .accept = accept,
				      .cancel = cancel,
				      .step = edit_next,
				      .complete = complete };

static void edit_field(struct ui *ui, const struct form_row *row)
{
	struct compose *compose = state(ui);
	char text[INPUT_MAX];
	const struct form_refused *refused;

	form_path(&compose->form, row, compose->editing, sizeof compose->editing);
	pcp_node_typed(&compose->form.packet, row->node, compose->before, sizeof compose->before);
	form_typed(&compose->form, row, text, sizeof text);
	compose->input.ops = &ops;
	input_set(&compose->input, text);
	compose->input.fresh = true;
	refused = form_refusal(&compose->form, compose->editing);
	if (refused)
		ui_say(ui, STYLE_ERROR, "%s", refused->why);
	ui_edit(ui, &compose->input);
	light(ui);
}

/* ---- actions ---- */

void act_edit(struct ui *ui)
{
	struct compose *compose = state(ui);
	const struct form_row *row = form_at(&compose->form);

	if (is_raw(compose)) {
		compose->typing_hex = true;
		light(ui);
	} else if (!row || row->kind == FORM_SEND) {
		const char *why = why_not_send(ui);

		if (why)
			ui_say(ui, STYLE_WARNING, "%s", why);
		else
			act_send(ui);
	} else if (row->kind == FORM_ADD) {
		act_add_option(ui);
	} else if (row->kind == FORM_FIELD) {
		edit_field(ui, row);
	} else {
		ui_say(ui, STYLE_NORMAL, "the rows below are its fields; x removes the option");
	}
}

const char *why_not_send(struct ui *ui)
{
	struct compose *compose = state(ui);

	if (ui->session->server == 0 || ui->session->replay)
		return ui->session->replay ? "a capture is open: nothing is sent"
					   : "there is no server: start with --lab, or -s ADDRESS";
	if (compose->form.nrefused)
		return "not sent: a field is refused; mend what is marked, or press Esc in it";
	if (tab(compose)->edit.len == 0)
		return "there are no octets to send: Enter types some";
	return NULL;
}

void act_send(struct ui *ui)
{
	struct compose *compose = state(ui);
	struct tab *now = tab(compose);

	refresh(ui);
	const struct client_request request = {
		.server = ui->session->server,
		.octets = now->edit.octets,
		.len = now->edit.len,
		.raw = is_raw(compose),
		.keep_nonce = true,
		.keep_address = now->own_address,
	};

	ui_send(ui, &request);
}

const char *why_not_form(struct ui *ui)
{
	return is_raw(state(ui)) ? "RAW has octets and no form: the tabs to its left have" : NULL;
}

const char *why_not_option(struct ui *ui)
{
	struct compose *compose = state(ui);

	if (is_raw(compose))
		return why_not_form(ui);
	return form_option(&compose->form, form_at(&compose->form)) < 0
		       ? "the cursor is on no option: o adds one"
		       : NULL;
}

static void changed(struct ui *ui)
{
	struct compose *compose = state(ui);

	form_load(&compose->form, &tab(compose)->edit, &tab(compose)->list, true);
	fill(ui);
	light(ui);
}

static void option_chosen(struct ui *ui, int code)
{
	struct compose *compose = state(ui);
	int nth = pcp_edit_add_option(&tab(compose)->edit, (uint8_t)code, NULL, 0);
	char path[FORM_PATH];

	if (nth < 0) {
		ui_say(ui, STYLE_ERROR,
		       "the option does not fit: a packet has at most %d octets here",
		       PCP_EDIT_MAX);
		return;
	}
	changed(ui);
	snprintf(path, sizeof path, "options[%d]", nth);
	if (form_go(&compose->form, path))
		move(ui, form_option(&compose->form, form_at(&compose->form) + 1) == nth ? 1 : 0);
}

enum { MENU_MAX = 64 };

void act_add_option(struct ui *ui)
{
	struct compose *compose = state(ui);
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

void act_remove_option(struct ui *ui)
{
	struct compose *compose = state(ui);
	int nth = form_option(&compose->form, form_at(&compose->form));

	pcp_edit_remove_option(&tab(compose)->edit, (size_t)nth);
	changed(ui);
}

static void move_option(struct ui *ui, int by)
{
	struct compose *compose = state(ui);
	int nth = form_option(&compose->form, form_at(&compose->form));
	char path[FORM_PATH];

	if (nth + by < 0 ||
	    !pcp_edit_move_option(&tab(compose)->edit, (size_t)nth, (size_t)(nth + by)))
		return;
	changed(ui);
	snprintf(path, sizeof path, "options[%d]", nth + by);
	form_go(&compose->form, path);
	light(ui);
}

void act_option_down(struct ui *ui)
{
	move_option(ui, 1);
}

void act_option_up(struct ui *ui)
{
	move_option(ui, -1);
}

void act_all_fields(struct ui *ui)
{
	struct compose *compose = state(ui);
	char path[FORM_PATH];

	form_path(&compose->form, form_at(&compose->form), path, sizeof path);
	compose->form.all = !compose->form.all;
	form_load(&compose->form, &tab(compose)->edit, &tab(compose)->list, false);
	form_go(&compose->form, path);
	light(ui);
}

static const struct pcp_field *named_field(struct ui *ui)
{
	struct compose *compose = state(ui);
	const struct pcp_node *node = form_field(&compose->form, form_at(&compose->form));

	return node && node->field->names ? node->field : NULL;
}

const char *why_not_choose(struct ui *ui)
{
	if (is_raw(state(ui)))
		return why_not_form(ui);
	return named_field(ui) ? NULL : "this field's values have no names: Enter types one";
}

static void value_chosen(struct ui *ui, int value)
{
	struct compose *compose = state(ui);
	char path[FORM_PATH], text[16];

	form_path(&compose->form, form_at(&compose->form), path, sizeof path);
	snprintf(text, sizeof text, "%d", value);
	form_set(&compose->form, path, text, text);
	fill(ui);
	light(ui);
}

void act_choose(struct ui *ui)
{
	struct compose *compose = state(ui);
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

void act_next_tab(struct ui *ui)
{
	open_tab(ui, (state(ui)->at + 1) % TAB_COUNT);
	light(ui);
}

void act_previous_tab(struct ui *ui)
{
	open_tab(ui, (state(ui)->at + TAB_COUNT - 1) % TAB_COUNT);
	light(ui);
}

void act_reset(struct ui *ui)
{
	begin_tab(ui);
	first_row(state(ui));
	light(ui);
}

void compose_raw(struct ui *ui, const uint8_t *octets, size_t len)
{
	struct compose *compose = state(ui);
	struct pcp_edit edit = { .len = 0 };

	if (!pcp_edit_load(&edit, octets, len)) {
		ui_say(ui, STYLE_ERROR, "%zu octets are more than RAW takes: %d", len,
		       PCP_EDIT_MAX);
		return;
	}
	edit.exact = true;
	edit.dialects = ui->session->dialects;
	compose->tab[TAB_RAW].edit = edit;
	compose->tab[TAB_RAW].begun = true;
	compose->hex.nibble = compose->hex.nundo = 0;
	open_tab(ui, TAB_RAW);
	ui_focus(ui, PANE_COMPOSE);
	light(ui);
}

void act_raw(struct ui *ui)
{
	struct pcp_edit copy = tab(state(ui))->edit;

	compose_raw(ui, copy.octets, copy.len);
}

void compose_load(struct ui *ui, const uint8_t *octets, size_t len)
{
	struct compose *compose = state(ui);
	unsigned at;
	bool request = len > 1 && !(octets[1] & PCP_R) && octets[0] == PCP_VERSION_2;

	for (at = 0; at < TAB_RAW; at++)
		if (request && kinds[at].opcode == octets[1] && kinds[at].option == 0)
			break;
	if (at == TAB_RAW || !pcp_edit_load(&compose->tab[at].edit, octets, len)) {
		compose_raw(ui, octets, len);
		return;
	}
	compose->tab[at].begun = true;
	compose->tab[at].own_nonce = compose->tab[at].own_address = false;
	open_tab(ui, at);
	ui_focus(ui, PANE_COMPOSE);
	light(ui);
}

const struct pcp_edit *compose_preview(struct ui *ui)
{
	refresh(ui);
	return &tab(state(ui))->edit;
}

/* ---- octets ---- */

static unsigned where(struct ui *ui)
{
	return is_raw(state(ui)) && state(ui)->typing_hex ? IN_HEX : 0;
}

static void hex_changed(struct ui *ui, bool done, const char *why_not)
{
	struct compose *compose = state(ui);

	if (!done)
		ui_say(ui, STYLE_WARNING, "%s", why_not);
	form_load(&compose->form, &tab(compose)->edit, &tab(compose)->list, true);
	light(ui);
}

static void type(struct ui *ui, ui_key key)
{
	if (where(ui) != IN_HEX)
		return;
	hex_changed(ui, hexedit_type(&state(ui)->hex, key),
		    "only 0-9 and a-f are hex digits; Enter ends typing octets");
}

void act_hex_done(struct ui *ui)
{
	state(ui)->typing_hex = false;
}

static void hex_move(struct ui *ui, long nibbles)
{
	hexedit_move(&state(ui)->hex, nibbles);
	light(ui);
}

static long hex_row(struct ui *ui)
{
	return 2 * (long)state(ui)->hex.columns;
}

void act_hex_left(struct ui *ui)
{
	hex_move(ui, -1);
}

void act_hex_right(struct ui *ui)
{
	hex_move(ui, 1);
}

void act_hex_up(struct ui *ui)
{
	hex_move(ui, -hex_row(ui));
}

void act_hex_down(struct ui *ui)
{
	hex_move(ui, hex_row(ui));
}

void act_hex_start(struct ui *ui)
{
	hex_move(ui, -2L * PCP_EDIT_MAX);
}

void act_hex_end(struct ui *ui)
{
	hex_move(ui, 2L * PCP_EDIT_MAX);
}

void act_hex_insert(struct ui *ui)
{
	hex_changed(ui, hexedit_insert(&state(ui)->hex), "no room for another octet");
}

void act_hex_delete(struct ui *ui)
{
	hex_changed(ui, hexedit_delete(&state(ui)->hex), "there is no octet under the cursor");
}

void act_hex_truncate(struct ui *ui)
{
	hex_changed(ui, hexedit_truncate(&state(ui)->hex), "there is nothing behind the cursor");
}

void act_hex_lengthen(struct ui *ui)
{
	hex_changed(ui, hexedit_lengthen(&state(ui)->hex, 4), "no room for four more octets");
}

void act_hex_undo(struct ui *ui)
{
	hex_changed(ui, hexedit_undo(&state(ui)->hex), "nothing to undo");
}

/* ---- the view ---- */

static struct list *list(struct ui *ui)
{
	return is_raw(state(ui)) ? NULL : &tab(state(ui))->list;
}

/* Looking for the mapping that the request names costs time: it is done when someone looks. */
static void event(struct ui *ui, const struct client_event *event)
{
	struct compose *compose = state(ui);

	if (event->kind == CLIENT_MAPPING_GONE)
		tab(compose)->have_nonce = false; /* it may be the one that went */
	if (event->kind == CLIENT_MAPPING || event->kind == CLIENT_MAPPING_GONE)
		compose->stale = true;
}

static void click(struct ui *ui, int row, int col)
{
	struct list *rows = list(ui);

	(void)col;
	if (!rows || row < 0 || rows->top + (size_t)row >= rows->count)
		return;
	rows->cursor = rows->top + (size_t)row;
	light(ui);
}

static void shown(struct ui *ui)
{
	if (ui->selection.kind == SELECT_PREVIEW)
		light(ui);
}

const struct view view_compose = {
	.name = "Compose",
	.open = open_compose,
	.close = close_compose,
	.title = title,
	.draw = draw,
	.meaning = meaning,
	.list = list,
	.moved = light,
	.shown = shown,
	.event = event,
	.click = click,
	.where = where,
	.type = type,
};
