/* Lab: the embedded gateway as a panel of switches beside what they bring about; of another server,
 * what is known of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions.h"
#include "lab-panel.h"

static bool open_lab(struct ui *ui)
{
	struct panel *panel = calloc(1, sizeof *panel);

	ui->state[VIEW_LAB] = panel;
	if (!panel)
		return false;
	panel->node = malloc(PCP_NODES_MAX * sizeof *panel->node);
	return panel->node != NULL;
}

static void close_lab(struct ui *ui)
{
	free(panel_of(ui)->node);
	free(panel_of(ui));
}

static void moved(struct ui *ui)
{
	struct panel *panel = panel_of(ui);

	if (panel->list.cursor < panel->nrow)
		panel->at = panel->row[panel->list.cursor];
}

static struct list *list(struct ui *ui)
{
	panel_rows(ui);
	return &panel_of(ui)->list;
}

static void draw(struct ui *ui, const struct rect *in, bool focus)
{
	if (session_lab(ui->session))
		panel_draw(ui, in, focus);
	else
		panel_draw_server(ui, in);
}

/* What is on, in a word or two. */
static void add_on(struct ui *ui, const struct lab *lab, struct line *left)
{
	const struct lab_scenario *scenario = lab_scenario_on(lab);
	struct lab_switch row;
	unsigned n = 0;

	if (scenario) {
		line_add(left, 2, 2, STYLE_DIM, "%s", scenario->name);
		return;
	}
	for (size_t i = 0; lab_switch_at(lab, ui->now, i, &row); i++)
		if (row.on && n++ < 2)
			line_add(left, 3 + (int)n, n == 1 ? 2 : 1, STYLE_DIM, "%s %s", row.name,
				 row.value);
}

static void bar(struct ui *ui, struct line *left, struct line *right)
{
	const struct lab *lab = session_lab(ui->session);
	struct panel *panel = panel_of(ui);
	char key[32], off[32];

	ui_key_of(ui, "lab", key, sizeof key);
	line_add(left, 0, 1, STYLE_TITLE, "%s", key);
	line_add(left, 0, 1, STYLE_NORMAL, "%s", lab ? "Lab" : "Server");
	if (!lab)
		return;
	add_on(ui, lab, left);
	ui_key_of(ui, "all-off", off, sizeof off);
	if (ui_front(ui) == VIEW_LAB) {
		line_add(right, 2, 1, STYLE_KEY, "%s", off);
		line_add(right, 2, 1, STYLE_NORMAL, "all off");
	}
	line_add_hidden(right, panel->list.top, list_below(&panel->list));
}

static void meaning(struct ui *ui, char *buf, size_t cap)
{
	const struct lab *lab = session_lab(ui->session);
	const struct panel_row *at = &panel_of(ui)->at;
	const struct lab_scenario *scenario = lab ? lab_scenario_on(lab) : NULL;
	struct lab_switch row;

	if (!lab)
		snprintf(buf, cap, "what the server's answers have told of it so far");
	else if (at->kind == PANEL_FAULT && lab_switch_at(lab, ui->now, at->fault, &row))
		snprintf(buf, cap, "%s: %s; Left and Right change it, Enter types it", row.name,
			 row.help);
	else if (at->kind == PANEL_BREAK)
		snprintf(buf, cap,
			 "break: breaks the rule that one of probe's cases tests; Enter "
			 "types which, Tab completes it");
	else if (at->kind == PANEL_SCENARIO && scenario)
		snprintf(buf, cap, "%s: %s; i says what to look for", scenario->name,
			 scenario->brief);
	else if (at->kind == PANEL_SCENARIO)
		snprintf(buf, cap,
			 "Enter chooses a scenario: words that are set together, and "
			 "what to look for");
	else
		snprintf(buf, cap,
			 "what the gateway gives out; i says all that it knows, f sets any of it");
}

static void click(struct ui *ui, int row, int col)
{
	struct panel *panel = panel_of(ui);
	size_t i = panel->list.top + (size_t)row;
	bool again = i == panel->list.cursor;

	(void)col;
	if (row < 0 || (size_t)row >= panel->list.height || i >= panel->nrow)
		return;
	panel->list.cursor = i;
	moved(ui);
	if (again)
		act_lab_type(ui);
}

/* ---- keys ---- */

const char *why_not_in_lab(struct ui *ui)
{
	return session_lab(ui->session)
		       ? NULL
		       : "this server is no lab: what it does is not ours to change";
}

const char *why_not_fault(struct ui *ui)
{
	return why_not_in_lab(ui);
}

static bool set(struct ui *ui, const char *word)
{
	struct pcp_why why;

	if (lab_set(session_lab(ui->session), loop_now(session_loop(ui->session)), word, &why))
		return true;
	ui_say(ui, STYLE_ERROR, "%s", why.text);
	return false;
}

void act_lab_type(struct ui *ui)
{
	const struct panel_row *at = &panel_of(ui)->at;
	struct lab_switch row;
	char text[64];

	if (at->kind == PANEL_SCENARIO) {
		act_lab_scenario(ui);
		return;
	}
	if (at->kind == PANEL_FAULT &&
	    lab_switch_at(session_lab(ui->session), ui->now, at->fault, &row))
		snprintf(text, sizeof text, "lab %s=", row.name);
	else
		snprintf(text, sizeof text, "lab %s", at->kind == PANEL_BREAK ? "break=" : "");
	act_prompt_with(ui, text);
}

/* Switched on again it is as it was. */
static void remember(struct ui *ui, size_t i, const char *name)
{
	char now[sizeof *panel_of(ui)->before];

	panel_word(session_lab(ui->session), name, now, sizeof now);
	if (*now)
		snprintf(panel_of(ui)->before[i], sizeof now, "%s", now);
}

static void switch_fault(struct ui *ui, size_t i, const struct lab_switch *row)
{
	char word[sizeof *panel_of(ui)->before];

	lab_switch_word(session_lab(ui->session), i, word, sizeof word);
	if (!row->on && *panel_of(ui)->before[i])
		snprintf(word, sizeof word, "%s", panel_of(ui)->before[i]);
	remember(ui, i, row->name);
	set(ui, word);
}

void act_lab_switch(struct ui *ui)
{
	const struct lab *lab = session_lab(ui->session);
	const struct panel_row *at = &panel_of(ui)->at;
	struct lab_switch row;
	char word[96];

	if (at->kind == PANEL_FAULT && lab_switch_at(lab, ui->now, at->fault, &row)) {
		switch_fault(ui, at->fault, &row);
		return;
	}
	panel_word(lab, "break", word, sizeof word);
	if (at->kind == PANEL_BREAK && *word)
		set(ui, "break=off");
	else
		act_lab_type(ui);
}

static void step(struct ui *ui, int by)
{
	const struct panel_row *at = &panel_of(ui)->at;
	struct lab_switch row;
	char word[96];

	if (at->kind != PANEL_FAULT) {
		act_lab_type(ui);
		return;
	}
	if (!lab_switch_at(session_lab(ui->session), ui->now, at->fault, &row))
		return;
	if (by < 0 && !row.on) {
		ui_say(ui, STYLE_NORMAL, "%s is off", row.name);
		return;
	}
	remember(ui, at->fault, row.name);
	lab_switch_step(session_lab(ui->session), loop_now(session_loop(ui->session)), at->fault,
			by, word, sizeof word);
	set(ui, word);
}

void act_lab_more(struct ui *ui)
{
	step(ui, 1);
}

void act_lab_less(struct ui *ui)
{
	step(ui, -1);
}

void act_lab_all_off(struct ui *ui)
{
	if (set(ui, "faults=off"))
		ui_say(ui, STYLE_NORMAL, "all faults are off");
}

/* ---- scenarios ---- */

static void scenario_chosen(struct ui *ui, int value)
{
	const struct lab_scenario *scenario = value < 0 ? NULL : &lab_scenarios[value];
	char word[64];

	snprintf(word, sizeof word, "scenario=%s", scenario ? scenario->name : "none");
	if (!set(ui, word))
		return;
	if (scenario)
		ui_say(ui, STYLE_NORMAL, "%s: %s", scenario->name, scenario->look);
	else
		ui_say(ui, STYLE_NORMAL,
		       "no scenario: settings and faults are what they were at "
		       "the start");
}

enum { SCENARIOS_MAX = 64 };

void act_lab_scenario(struct ui *ui)
{
	const struct lab_scenario *on = lab_scenario_on(session_lab(ui->session));
	struct menu_item item[SCENARIOS_MAX] = { { "none", "what it is without a word", -1 } };
	size_t n = 1, cursor = 0;

	for (size_t i = 0; i < lab_nscenarios && n < SCENARIOS_MAX; i++, n++) {
		snprintf(item[n].label, sizeof item[n].label, "%s", lab_scenarios[i].name);
		item[n].help = lab_scenarios[i].brief;
		item[n].value = (int)i;
		if (on == &lab_scenarios[i])
			cursor = n;
	}
	ui_menu(ui, "Scenario", item, n, cursor, scenario_chosen);
}

/* ---- restarts ---- */

static void restart(struct ui *ui, bool keep)
{
	lab_restart(session_lab(ui->session), loop_now(session_loop(ui->session)), keep);
	ui_say(ui, STYLE_NORMAL,
	       keep ? "the gateway restarted with its mappings"
		    : "the gateway restarted and knows no mapping any more");
}

void act_lab_restart(struct ui *ui)
{
	restart(ui, false);
}

void act_lab_reboot(struct ui *ui)
{
	restart(ui, true);
}

void act_lab_fault(struct ui *ui)
{
	act_prompt_with(ui, "lab ");
}

const struct view view_lab = {
	.open = open_lab,
	.close = close_lab,
	.bar = bar,
	.draw = draw,
	.meaning = meaning,
	.about = panel_about,
	.list = list,
	.moved = moved,
	.event = panel_learn,
	.click = click,
};
