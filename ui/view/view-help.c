/* Help: every binding, from the table, with the reason where one does not work now. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions.h"
#include "prompt.h"
#include "view.h"
#include "wrap.h"

enum { ROWS_MAX = 4 * KEYS_BINDINGS_MAX, KEYS_WIDTH = 18, HELP_TEXT = 512 };

struct help {
	struct list list;
	char filter[128];
	struct help_row {
		const struct binding *binding; /* NULL: a heading */
		const char *heading;
		size_t from, len; /* octets of what is said of the binding: as much as fits a row */
	} row[ROWS_MAX];
	size_t nrow;
};

static struct help *state(struct ui *ui)
{
	return ui->state[VIEW_HELP];
}

static bool open_help(struct ui *ui)
{
	ui->state[VIEW_HELP] = calloc(1, sizeof(struct help));
	return ui->state[VIEW_HELP] != NULL;
}

static void close_help(struct ui *ui)
{
	free(state(ui));
}

/* The sections, in order; a binding stands in the first that has a place of its own for it. */
static const struct {
	const char *heading;
	unsigned where;
	bool only; /* bindings that work nowhere else */
} sections[] = {
	{ "Compose", IN_COMPOSE, true },
	{ "Mappings", IN_MAPPINGS, true },
	{ "Exchanges", IN_EXCHANGES | IN_MAPPINGS, true },
	{ "Decode", IN_DECODE, true },
	{ "Compose, Decode, Lab and Probe", IN_COMPOSE | IN_DECODE | IN_LAB | IN_PROBE, true },
	{ "Capture and Decode", IN_CAPTURE | IN_DECODE, true },
	{ "Everywhere", IN_ANYWHERE, false },
	{ "An open capture", IN_REPLAY, true },
	{ "Capture: what is in it", IN_CAPTURE, true },
	{ "In the tour", IN_TOUR, true },
	{ "Ladder", IN_LADDER, true },
	{ "Probe", IN_PROBE, true },
	{ "In panes that a page opened", IN_VISIT, true },
	{ "Lab", IN_LAB, true },
	{ "Help", IN_HELP, true },
	{ "While typing text", IN_TEXT, true },
	{ "In a menu", IN_MENU, true },
	{ "At a question", IN_QUESTION, true },
	{ "While typing octets in RAW", IN_HEX, true },
};

enum { SECTIONS = sizeof sections / sizeof *sections };

static size_t section_of(const struct binding *binding)
{
	size_t i, everywhere = 0;

	for (i = 0; i < SECTIONS; i++) {
		if (!sections[i].only)
			everywhere = i;
		else if ((binding->where & ~sections[i].where) == 0)
			return i;
	}
	return everywhere;
}

static bool wanted(struct ui *ui, const struct binding *binding)
{
	char keys[96], text[400];

	ui_key_names(&ui->keys, binding, KEYS_PER_BINDING, keys, sizeof keys);
	snprintf(text, sizeof text, "%s %s %s", keys, binding->name, binding->help);
	return ui_contains(text, state(ui)->filter);
}

/* Whether an open capture has the key before the panes that the binding is of. */
static bool is_taken(struct ui *ui, const struct binding *binding, ui_key key)
{
	unsigned where = binding->where & IN_PANES & ~(unsigned)IN_COMPOSE;

	return session_replay(ui->session) && where && !(binding->where & IN_REPLAY) &&
	       keymap_find(&ui->keys, where | IN_REPLAY, key) != binding;
}

/* The keys that reach the binding now; where none does, all of them. Returns whether one does. */
static bool keys_now(struct ui *ui, const struct binding *binding, char *buf, size_t cap)
{
	const ui_key *key = ui->keys.key[binding - ui_bindings];
	size_t n = 0;

	*buf = '\0';
	for (size_t i = 0; i < KEYS_PER_BINDING && key[i] && n + 16 < cap; i++)
		if (!is_taken(ui, binding, key[i])) {
			n += (size_t)snprintf(buf + n, cap - n, "%s", n ? " " : "");
			n += ui_key_name(key[i], buf + n, cap - n);
		}
	if (n == 0)
		ui_key_names(&ui->keys, binding, KEYS_PER_BINDING, buf, cap);
	return n > 0 || !key[0];
}

/* Why the key does nothing now. Of a pane that is not in sight, what is in it now is not known. */
static bool reason(struct ui *ui, const struct binding *binding, char *buf, size_t cap)
{
	ui_key first = ui->keys.key[binding - ui_bindings][0];
	unsigned in_sight = ~(unsigned)IN_PANES;
	const char *why = NULL;
	char keys[96];

	for (int pane = 0; pane < PANE_COUNT; pane++)
		if (ui->layout.pane[pane].height > 0)
			in_sight |= 1u << pane;
	if (binding->why_not && binding->where & in_sight)
		why = binding->why_not(ui);
	if (!keys_now(ui, binding, keys, sizeof keys))
		snprintf(buf, cap, "in an open capture %s %s", keys,
			 keymap_find(&ui->keys, IN_REPLAY, first)->help);
	else
		snprintf(buf, cap, "%s", why ? why : "");
	return *buf != '\0';
}

/* What its rows say: what it does, and from `*from` on why it does not now. */
static void say(struct ui *ui, const struct binding *binding, char text[HELP_TEXT], size_t *from)
{
	char why[HELP_TEXT / 2];

	*from = strlen(binding->help);
	if (reason(ui, binding, why, sizeof why))
		snprintf(text, HELP_TEXT, "%s (not now: %s)", binding->help, why);
	else
		snprintf(text, HELP_TEXT, "%s", binding->help);
}

/* As many rows as what is said of it takes. */
static void add_binding(struct ui *ui, const struct binding *binding)
{
	struct help *help = state(ui);
	int width = ui->place.width - KEYS_WIDTH - 1;
	char text[HELP_TEXT];
	const char *at = text;
	size_t from;

	say(ui, binding, text, &from);
	while (*at && help->nrow < ROWS_MAX) {
		const char *start = at;
		size_t len = pcp_wrap(start, width > 1 ? (size_t)width : 1, NULL, &at);

		help->row[help->nrow++] = (struct help_row){ .binding = binding,
							     .from = (size_t)(start - text),
							     .len = len };
	}
}

static void make_rows(struct ui *ui)
{
	struct help *help = state(ui);
	size_t section, i;

	help->nrow = 0;
	for (section = 0; section < SECTIONS && help->nrow < ROWS_MAX; section++) {
		size_t heading = help->nrow++;

		help->row[heading] = (struct help_row){ .heading = sections[section].heading };
		for (i = 0; i < ui_nbindings; i++)
			if (section_of(&ui_bindings[i]) == section && wanted(ui, &ui_bindings[i]))
				add_binding(ui, &ui_bindings[i]);
		if (help->nrow == heading + 1)
			help->nrow = heading; /* nothing under it */
	}
}

static void title(struct ui *ui, char *buf, size_t cap);

static void bar(struct ui *ui, struct line *left, struct line *right)
{
	char text[200] = "";

	(void)right;
	title(ui, text, sizeof text);
	line_add(left, 1, 2, STYLE_DIM, "%s", text);
}

static void title(struct ui *ui, char *buf, size_t cap)
{
	if (*state(ui)->filter)
		snprintf(buf, cap, "lines with '%s'", state(ui)->filter);
	else
		snprintf(buf, cap, "every key; / searches, q goes back");
}

/* One of its rows; the first has the keys. */
static void draw_binding(struct ui *ui, const struct rect *in, int at, const struct help_row *row)
{
	char keys[96], text[HELP_TEXT];
	size_t why, first;
	bool not_now;
	int col;

	say(ui, row->binding, text, &why);
	not_now = text[why] != '\0';
	keys_now(ui, row->binding, keys, sizeof keys);
	if (row->from == 0)
		draw_cell(in, at, 2, KEYS_WIDTH - 3, not_now ? STYLE_DIM : STYLE_KEY, keys);
	if (row->from + row->len > sizeof text)
		return; /* it was longer when it was counted */
	text[row->from + row->len] = '\0';
	first = row->from < why ? why - row->from : 0; /* octets that say what it does */
	first = first < row->len ? first : row->len;
	col = draw_format(in, at, KEYS_WIDTH, not_now ? STYLE_DIM : STYLE_NORMAL, "%.*s",
			  (int)first, text + row->from);
	draw_text(in, at, col, STYLE_WARNING, text + row->from + first);
}

static void draw(struct ui *ui, const struct rect *in, bool focus)
{
	struct help *help = state(ui);
	int at;

	(void)focus;
	make_rows(ui);
	list_fit(&help->list, help->nrow, in->height);
	if (help->nrow == 0)
		draw_wrap(in, 0, 1, STYLE_DIM, "No key's help contains this.");
	for (at = 0; at < in->height && help->list.top + (size_t)at < help->nrow; at++) {
		size_t i = help->list.top + (size_t)at;

		if (help->row[i].binding)
			draw_binding(ui, in, at, &help->row[i]);
		else
			draw_text(in, at, 1, STYLE_HEADING, help->row[i].heading);
		if (i == help->list.cursor)
			draw_focus(in, at, true);
	}
}

static void meaning(struct ui *ui, char *buf, size_t cap)
{
	struct help *help = state(ui);
	const struct binding *binding =
		help->list.cursor < help->nrow ? help->row[help->list.cursor].binding : NULL;
	char why[HELP_TEXT / 2];

	if (binding && reason(ui, binding, why, sizeof why))
		snprintf(buf, cap, "not now: %s", why);
	else if (binding)
		snprintf(buf, cap, "`key %s = ...` in the configuration file gives it other keys",
			 binding->name);
}

static void filter(struct ui *ui, const char *text)
{
	snprintf(state(ui)->filter, sizeof state(ui)->filter, "%s", text);
	state(ui)->list.cursor = 0;
}

void act_help_search(struct ui *ui)
{
	prompt_ask(ui, "help with: ", state(ui)->filter, filter, filter);
}

/* Opens at the section of the pane one comes from. */
static void shown(struct ui *ui)
{
	struct help *help = state(ui);
	size_t i;

	help->filter[0] = '\0';
	make_rows(ui);
	help->list.cursor = help->list.top = 0;
	for (i = 0; i < help->nrow; i++)
		if (!help->row[i].binding &&
		    strcmp(help->row[i].heading, ui_view_names[ui->place.focus]) == 0)
			help->list.top = help->list.cursor = i;
}

static struct list *list(struct ui *ui)
{
	return &state(ui)->list;
}

const struct view view_help = {
	.open = open_help,
	.close = close_help,
	.bar = bar,
	.draw = draw,
	.meaning = meaning,
	.list = list,
	.shown = shown,
};
