/* Lab: the embedded gateway seen from inside, with its faults. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions.h"
#include "prompt.h"
#include "text.h"
#include "view.h"

static struct list *list(struct ui *ui)
{
	return ui->state[VIEW_LAB];
}

static bool open_lab(struct ui *ui)
{
	ui->state[VIEW_LAB] = calloc(1, sizeof(struct list));
	return ui->state[VIEW_LAB] != NULL;
}

static void close_lab(struct ui *ui)
{
	free(ui->state[VIEW_LAB]);
}

static void title(struct ui *ui, char *buf, size_t cap)
{
	const struct lab *lab = ui->session->lab;
	char epoch[48];

	if (!lab)
		return;
	pcp_seconds_text(lab_epoch(lab, ui->now), epoch, sizeof epoch);
	snprintf(buf, cap, "what the gateway knows: %zu mapping%s, epoch %s", lab_nmappings(lab),
		 lab_nmappings(lab) == 1 ? "" : "s", epoch);
}

static void draw_mapping(struct ui *ui, const struct rect *in, int at,
			 const struct lab_mapping *mapping)
{
	char internal[PCP_ADDR_TEXT], external[PCP_ADDR_TEXT], remote[PCP_ADDR_TEXT],
		left[48] = "static";
	const char *protocol = pcp_name(pcp_protocol_names, mapping->protocol);
	usec rest = mapping->expires_at - ui->now;
	char text[400];
	size_t n;

	pcp_addr_text(mapping->internal, internal, sizeof internal);
	pcp_addr_text(mapping->external, external, sizeof external);
	pcp_addr_text(mapping->remote, remote, sizeof remote);
	if (!mapping->fixed && rest > 0) {
		pcp_seconds_text((uint32_t)(rest / USEC_PER_SEC), left, sizeof left);
		ui_counts_down(ui);
	}
	n = (size_t)snprintf(text, sizeof text, "%-4s %-5s %s %u %s %s %u",
			     mapping->opcode == PCP_PEER ? "PEER" : "MAP",
			     protocol ? protocol : "?", internal, mapping->internal_port,
			     draw_glyph(GLYPH_REQUEST), external, mapping->external_port);
	if (mapping->opcode == PCP_PEER)
		n += (size_t)snprintf(text + n, sizeof text - n, "  remote %s %u", remote,
				      mapping->remote_port);
	if (mapping->nfilters)
		n += (size_t)snprintf(text + n, sizeof text - n, "  %zu filter%s",
				      mapping->nfilters, mapping->nfilters == 1 ? "" : "s");
	if (*mapping->description) {
		n += (size_t)snprintf(text + n, sizeof text - n, "  ");
		pcp_safe_text((const uint8_t *)mapping->description, strlen(mapping->description),
			      text + n, sizeof text - n);
	}
	draw_cell(in, at, 0, in->width - 14, STYLE_NORMAL, text);
	draw_text(in, at, in->width - draw_width(left), STYLE_NORMAL, left);
}

static void draw(struct ui *ui, const struct rect *in, bool focus)
{
	const struct lab *lab = ui->session->lab;
	struct lab_mapping mapping;
	struct list *rows = list(ui);
	int at;

	(void)focus;
	if (!lab || lab_nmappings(lab) == 0) {
		draw_wrap(in, 0, 1, STYLE_DIM,
			  lab ? "The gateway has no mapping. r restarts it, f types a fault or "
				"setting "
				"such as drop=0.3 or quota=10."
			      : "No lab is running: start pcpscope with --lab.");
		return;
	}
	list_fit(rows, lab_nmappings(lab), in->height);
	for (at = 0; at < in->height; at++) {
		size_t i = rows->top + (size_t)at;

		if (!lab_mapping_at(lab, i, &mapping))
			break;
		draw_mapping(ui, in, at, &mapping);
		if (i == rows->cursor) {
			draw_restyle(in, at, 0, in->width, STYLE_CURSOR);
			draw_cursor(in, at, 0);
		}
	}
}

static void meaning(struct ui *ui, char *buf, size_t cap)
{
	(void)ui;
	snprintf(buf, cap,
		 "r restarts the gateway without its mappings, b with them; f sets a fault "
		 "(drop=0.3, delay=...) or a limit (quota=10)");
}

static void restart(struct ui *ui, bool keep)
{
	if (!ui->session->lab)
		return;
	lab_restart(ui->session->lab, loop_now(ui->session->loop), keep);
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

static void fault(struct ui *ui, const char *text)
{
	struct pcp_why why;

	if (!*text || !ui->session->lab)
		return;
	if (lab_set(ui->session->lab, loop_now(ui->session->loop), text, &why))
		ui_say(ui, STYLE_NORMAL, "the gateway now has %s", text);
	else
		ui_say(ui, STYLE_ERROR, "%s", why.text);
}

void act_lab_fault(struct ui *ui)
{
	prompt_ask_new(ui, "fault or setting: ", "", fault);
}

const struct view view_lab = {
	.name = "Lab",
	.open = open_lab,
	.close = close_lab,
	.title = title,
	.draw = draw,
	.meaning = meaning,
	.list = list,
};
