/* The rows of the lab's panel, those that are on first, and which of them the cursor is on. */
#include <string.h>

#include "lab-panel.h"

enum { HEADS = 2 }; /* rows before those of the faults */

static bool same_row(const struct panel_row *a, const struct panel_row *b)
{
	return a->kind == b->kind && a->fault == b->fault;
}

static void add_row(struct panel *panel, enum panel_kind kind, size_t fault)
{
	if (panel->nrow < sizeof panel->row / sizeof *panel->row)
		panel->row[panel->nrow++] = (struct panel_row){ kind, fault };
}

static void add_faults(struct panel *panel, const struct lab *lab, usec now, bool on)
{
	struct lab_switch row;
	char word[96];

	for (size_t i = 0; lab_switch_at(lab, now, i, &row); i++)
		if (row.on == on)
			add_row(panel, PANEL_FAULT, i);
	panel_word(lab, "break", word, sizeof word);
	if ((*word != '\0') == on)
		add_row(panel, PANEL_BREAK, 0);
}

void panel_rows(struct ui *ui)
{
	const struct lab *lab = session_lab(ui->session);
	struct panel *panel = panel_of(ui);

	panel->nrow = 0;
	if (!lab)
		return;
	add_row(panel, PANEL_SCENARIO, 0);
	add_row(panel, PANEL_GATEWAY, 0);
	add_faults(panel, lab, ui->now, true);
	add_faults(panel, lab, ui->now, false);
	panel->list.count = panel->nrow;
	if (!panel->begun)
		panel->at = panel->row[HEADS];
	panel->begun = true;
	for (size_t i = 0; i < panel->nrow; i++)
		if (same_row(&panel->row[i], &panel->at))
			panel->list.cursor = i;
}

void panel_word(const struct lab *lab, const char *name, char *buf, size_t cap)
{
	struct lab_word word;

	*buf = '\0';
	for (size_t i = 0; lab_word_at(i, &word); i++)
		if (strcmp(word.name, name) == 0) {
			lab_word_text(lab, i, buf, cap);
			return;
		}
}
