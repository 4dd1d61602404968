/* Compose: a form for each kind of request, and RAW for everything else. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions.h"
#include "compose-tab.h"
#include "line.h"
#include "session-capture.h"
#include "text.h"
#include "view-compose.h"

static void open_tab(struct ui *ui, unsigned at)
{
	struct ui_compose *compose = compose_of(ui);

	compose->at = at;
	compose->form.nrefused = 0;
	if (!compose_tab(compose)->begun)
		compose_start(ui);
	compose->hex.edit = &compose_tab(compose)->edit;
	form_load(&compose->form, &compose_tab(compose)->edit, &compose_tab(compose)->list, true);
	compose_fill(ui);
	select_preview(&ui->selection);
	ui_dirty(ui);
}

/* ---- life ---- */

static bool open_compose(struct ui *ui)
{
	struct ui_compose *compose = calloc(1, sizeof *compose);

	ui->state[VIEW_COMPOSE] = compose;
	if (!compose || !form_open(&compose->form) ||
	    !(compose->judge = calloc(1, sizeof *compose->judge)))
		return false;
	open_tab(ui, TAB_MAP);
	compose_light(ui);
	return true;
}

static void close_compose(struct ui *ui)
{
	struct ui_compose *compose = compose_of(ui);

	form_close(&compose->form);
	hexedit_close(&compose->hex);
	free(compose->judge);
	free(compose);
}

/* ---- drawing ---- */

/* The kinds of request: in the bar where it is wide, else in a row of their own. */
static void add_kinds(struct ui *ui, struct line *line)
{
	bool marks = !theme_has_grounds();
	size_t i;

	for (i = 0; i < TAB_COUNT; i++)
		if (i == compose_of(ui)->at)
			line_add(line, 0, 1, STYLE_BADGE, marks ? "[%s]" : " %s ",
				 compose_kinds[i].name);
		else
			line_add(line, 0, 1, STYLE_NORMAL, "%s", compose_kinds[i].name);
}

static bool kinds_in_bar(const struct ui *ui)
{
	unsigned tabs = ui->layout.tabs[PANE_COMPOSE];

	return (tabs & (tabs - 1)) == 0;
}

static void bar(struct ui *ui, struct line *left, struct line *right)
{
	(void)right;
	if (!kinds_in_bar(ui))
		return;
	line_add(left, 0, 1, STYLE_NORMAL, "%s", "");
	add_kinds(ui, left);
}

/* A form is seen whole; octets may become more at any time. */
static int wants(struct ui *ui)
{
	struct ui_compose *compose = compose_of(ui);

	return compose_is_raw(compose) ? ui->place.height : (int)compose->form.nrow;
}

static void draw(struct ui *ui, const struct rect *in, bool focus)
{
	struct ui_compose *compose = compose_of(ui);
	struct rect body = *in;

	compose_refresh(ui);
	if (!kinds_in_bar(ui)) {
		struct line kinds = { .count = 0 };

		add_kinds(ui, &kinds);
		line_draw(&kinds, in, 0, 0);
		body.y++;
		body.height--;
	}
	if (!compose_is_raw(compose)) {
		/* In a place that is wide but low, options stand right of the spine. */
		compose_draw_form(ui, &body, !kinds_in_bar(ui) && in->width >= 80, focus);
		return;
	}
	compose_draw_octets(ui, &body, focus);
}

static unsigned where(struct ui *ui)
{
	struct ui_compose *compose = compose_of(ui);
	const struct form_row *row = form_at(&compose->form);

	if (compose_is_raw(compose))
		return compose_octets_where(ui);
	return row && row->kind == FORM_FIELD ? IN_FIELD : 0;
}

static void meaning(struct ui *ui, char *buf, size_t cap)
{
	struct ui_compose *compose = compose_of(ui);
	const struct form_row *row = form_at(&compose->form);
	const struct form_refused *refused;
	const struct pcp_finding *finding;
	const struct pcp_node *node;
	char path[FORM_PATH];

	if (compose_is_raw(compose)) {
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
	if (compose->digit && ui->input == &compose->input && compose->input.len == 1)
		compose_digit_meaning(ui, buf, cap);
	else if (refused)
		snprintf(buf, cap, "%s: %s", node->field->label, refused->why);
	else if (node->field && (finding = findings_on(&compose->findings, node)))
		finding_meaning(finding, buf, cap);
	else if (node->field)
		snprintf(buf, cap, "%s (%s): %s", node->field->label, node->layout->ref,
			 node->field->help);
	else
		snprintf(buf, cap, "%s (%s): %s", node->layout->name, node->layout->ref,
			 node->layout->rules ? node->layout->rules : node->layout->purpose);
}

static void about(struct ui *ui, struct writer *writer)
{
	struct ui_compose *compose = compose_of(ui);
	const struct form_row *row = compose_is_raw(compose) ? NULL : form_at(&compose->form);

	if (row && (row->kind == FORM_FIELD || row->kind == FORM_OPTION))
		findings_about(&compose->findings, &compose->form.packet, row->node, writer);
}

/* ---- actions ---- */

void act_edit(struct ui *ui)
{
	struct ui_compose *compose = compose_of(ui);
	const struct form_row *row = form_at(&compose->form);

	if (compose_is_raw(compose)) {
		compose->typing_hex = true;
		compose_light(ui);
	} else if (!row || row->kind == FORM_SEND) {
		const char *why = why_not_send(ui);

		if (why)
			ui_say(ui, STYLE_WARNING, "%s", why);
		else
			act_send(ui);
	} else if (row->kind == FORM_ADD) {
		act_add_option(ui);
	} else if (row->kind == FORM_FIELD) {
		compose_type(ui, row);
	} else {
		ui_say(ui, STYLE_NORMAL, "the rows below are its fields; x removes the option");
	}
}

const char *why_not_send(struct ui *ui)
{
	struct ui_compose *compose = compose_of(ui);

	if (session_server(ui->session) == 0 || (session_replay(ui->session) && !ui->moment.live))
		return !session_replay(ui->session)
			       ? "there is no server: start with --lab, or -s ADDRESS"
		       : session_server(ui->session)
			       ? "nothing is sent from a capture: c opens a request in Compose, "
				 "from where s sends it"
			       : "who looks with -r sends nothing: start with --lab or -s ADDRESS, "
				 "then :open the capture";
	if (compose->form.nrefused)
		return "not sent: a field is refused; mend what is marked, or press Esc in it";
	if (compose_tab(compose)->edit.len == 0)
		return "there are no octets to send: Enter types some";
	return NULL;
}

void act_send(struct ui *ui)
{
	struct ui_compose *compose = compose_of(ui);
	struct tab *now = compose_tab(compose);

	compose_refresh(ui);
	session_close(ui->session); /* the capture, if one is open */
	const struct pcp_client_request request = {
		.server = session_server(ui->session),
		.octets = now->edit.octets,
		.len = now->edit.len,
		.raw = compose_is_raw(compose),
		.keep_nonce = true,
		.keep_address = now->own_address,
	};

	ui_send(ui, &request);
}

/* A prompt is a line of its own: what it would do and the request are two things. */
const char *why_not_send_typed(struct ui *ui)
{
	if (ui->input && ui->input != &compose_of(ui)->input)
		return "this line is no part of a request: Enter or Esc ends it first";
	return why_not_send(ui);
}

void act_send_typed(struct ui *ui)
{
	if (ui->input)
		ui->input->ops->leave(ui);
	act_send(ui);
}

static const struct message *last_request(struct ui *ui)
{
	const struct log *log = session_log(ui->session);
	size_t i;

	for (i = log_nmessages(log); i > 0; i--)
		if (log_message_at(log, i - 1)->kind == MESSAGE_REQUEST)
			return log_message_at(log, i - 1);
	return NULL;
}

const char *why_not_again(struct ui *ui)
{
	if (session_server(ui->session) == 0 || session_replay(ui->session))
		return session_replay(ui->session) ? "a capture is open: nothing was sent from it"
						   : why_not_send(ui);
	return last_request(ui) ? NULL : "nothing was sent yet";
}

/* The same octets once more. */
void act_again(struct ui *ui)
{
	const struct message *message = last_request(ui);
	const struct pcp_client_request request = {
		.server = session_server(ui->session),
		.octets = message->octets,
		.len = message->len,
		.raw = message->octets[0] != PCP_VERSION_2,
		.keep_nonce = true,
		.keep_address = true,
	};

	ui_send(ui, &request);
}

void act_all_fields(struct ui *ui)
{
	struct ui_compose *compose = compose_of(ui);
	char path[FORM_PATH];

	form_path(&compose->form, form_at(&compose->form), path, sizeof path);
	compose->form.all = !compose->form.all;
	form_load(&compose->form, &compose_tab(compose)->edit, &compose_tab(compose)->list, false);
	form_go(&compose->form, path);
	compose_light(ui);
}

void act_next_tab(struct ui *ui)
{
	open_tab(ui, (compose_of(ui)->at + 1) % TAB_COUNT);
	compose_light(ui);
}

void act_previous_tab(struct ui *ui)
{
	open_tab(ui, (compose_of(ui)->at + TAB_COUNT - 1) % TAB_COUNT);
	compose_light(ui);
}

void act_reset(struct ui *ui)
{
	compose_start(ui);
	compose_light(ui);
	ui_say(ui, STYLE_NORMAL, "%s starts afresh: what it held is gone",
	       compose_kinds[compose_of(ui)->at].name);
}

void compose_raw(struct ui *ui, const uint8_t *octets, size_t len)
{
	struct ui_compose *compose = compose_of(ui);
	struct pcp_edit edit = { .len = 0 };

	if (!pcp_edit_load(&edit, octets, len)) {
		ui_say(ui, STYLE_ERROR, "%zu octets are more than RAW takes: %d", len,
		       PCP_EDIT_MAX);
		return;
	}
	edit.exact = true;
	edit.dialects = session_dialects(ui->session);
	compose->tab[TAB_RAW].edit = edit;
	compose->tab[TAB_RAW].begun = true;
	compose->hex.nibble = compose->hex.nundo = 0;
	open_tab(ui, TAB_RAW);
	moment_live(ui);
	ui_focus(ui, PANE_COMPOSE);
	compose_light(ui);
}

void act_raw(struct ui *ui)
{
	struct pcp_edit copy = compose_tab(compose_of(ui))->edit;

	compose_raw(ui, copy.octets, copy.len);
}

void compose_load(struct ui *ui, const uint8_t *octets, size_t len)
{
	struct ui_compose *compose = compose_of(ui);
	unsigned at;
	bool request = len > 1 && !pcp_is_response(octets) && octets[0] == PCP_VERSION_2;

	for (at = 0; at < TAB_RAW; at++)
		if (request && compose_kinds[at].opcode == octets[1] &&
		    compose_kinds[at].option == 0)
			break;
	if (at == TAB_RAW || !pcp_edit_load(&compose->tab[at].edit, octets, len)) {
		compose_raw(ui, octets, len);
		return;
	}
	compose->tab[at].begun = true;
	compose->tab[at].own_nonce = compose->tab[at].own_address = false;
	open_tab(ui, at);
	moment_live(ui);
	ui_focus(ui, PANE_COMPOSE);
	compose_light(ui);
}

const struct pcp_edit *compose_preview(struct ui *ui)
{
	compose_refresh(ui);
	return &compose_tab(compose_of(ui))->edit;
}

/* ---- the view ---- */

static struct list *list(struct ui *ui)
{
	return compose_is_raw(compose_of(ui)) ? NULL : &compose_tab(compose_of(ui))->list;
}

/* Looking for the mapping that the request names costs time: it is done when someone looks. */
static void event(struct ui *ui, const struct pcp_client_event *event)
{
	struct ui_compose *compose = compose_of(ui);

	if (event->kind == CLIENT_MAPPING_GONE)
		compose_tab(compose)->have_nonce = false; /* it may be the one that went */
	if (event->kind == CLIENT_MAPPING || event->kind == CLIENT_MAPPING_GONE)
		compose->stale = true;
}

static void click(struct ui *ui, int row, int col)
{
	struct ui_compose *compose = compose_of(ui);
	bool right = compose->beside && col > LAYOUT_SPINE;
	size_t end = compose->beside && !right ? compose->form.noptionless : compose->form.nrow;
	struct list *rows = list(ui);

	row -= !kinds_in_bar(ui);
	if (!rows || row < 0 || compose->top[right] + (size_t)row >= end)
		return;
	rows->cursor = compose->top[right] + (size_t)row;
	compose_light(ui);
}

static void shown(struct ui *ui)
{
	if (ui->selection.kind == SELECT_PREVIEW)
		compose_light(ui);
}

const struct view view_compose = {
	.open = open_compose,
	.close = close_compose,
	.bar = bar,
	.wants = wants,
	.draw = draw,
	.meaning = meaning,
	.about = about,
	.list = list,
	.moved = compose_light,
	.shown = shown,
	.event = event,
	.click = click,
	.where = where,
	.type = compose_octets_type,
};
