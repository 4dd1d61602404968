/* Lab: how the switches look, and what the gateway knows beside them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab-panel.h"
#include "text.h"
#include "words.h"
#include "writer.h"

/* Columns: a switch, its name, where its value ends, its bar. */
enum { SWITCH = 2, NAME = 4, VALUE_END = 23, BAR = 24, WIDE = 44, HEAD = 12 };

/* ---- one row ---- */

static void draw_level(const struct rect *in, int at, int cells, unsigned level)
{
	int full = (int)((level * (unsigned)cells + 50) / 100);

	if (draw_plain())
		return;
	draw_repeat(in, at, BAR, full, STYLE_MARK, GLYPH_BAR_LEFT);
	draw_repeat(in, at, BAR + full, cells - full, STYLE_FAINT, GLYPH_BAR_USED);
}

static void draw_struck(const struct rect *in, int at, bool on, uint64_t struck)
{
	char text[40];

	if (!on && !struck)
		return;
	snprintf(text, sizeof text, in->width >= WIDE ? "struck %llu" : "%llu",
		 (unsigned long long)struck);
	draw_text(in, at, in->width - 1 - draw_width(text),
		  on && struck ? STYLE_WARNING : STYLE_DIM, text);
}

static void draw_switch(const struct rect *in, int at, const struct lab_switch *row)
{
	enum style style = row->on ? STYLE_NORMAL : STYLE_DIM;
	int col;

	draw_text(in, at, SWITCH, row->on ? STYLE_WAITING : STYLE_DIM,
		  draw_glyph(row->on ? GLYPH_ON : GLYPH_OFF));
	col = draw_format(in, at, NAME, style, "%s%s", row->name, row->only);
	if (col + 1 + draw_width(row->value) <= VALUE_END) {
		draw_text(in, at, VALUE_END - draw_width(row->value), style, row->value);
		if (row->on)
			draw_level(in, at, in->width >= WIDE ? 10 : 8, row->level);
	} else {
		draw_cell(in, at, col + 1, in->width - 13 - col, style, row->value);
	}
	draw_struck(in, at, row->on, row->struck);
}

static void draw_scenario(const struct lab *lab, const struct rect *in, int at)
{
	const struct lab_scenario *scenario = lab_scenario_on(lab);
	int col;

	draw_text(in, at, 2, STYLE_DIM, "scenario");
	if (!scenario) {
		draw_text(in, at, HEAD, STYLE_DIM, "none");
		return;
	}
	col = draw_text(in, at, HEAD, STYLE_NORMAL, scenario->name) + 2;
	draw_cell(in, at, col, in->width - 1 - col, STYLE_DIM, scenario->brief);
}

/* "203.0.113.9  tcp 1 udp 1 of 64512 ports"; before the first mapping the address alone. */
static void draw_gateway(const struct lab *lab, const struct rect *in, int at)
{
	struct line line = { .count = 0 };
	char word[96], *address = word;
	struct lab_pool pool;

	draw_text(in, at, 2, STYLE_DIM, "gateway");
	panel_word(lab, "wan", word, sizeof word);
	address += strcspn(word, "=") + (strchr(word, '=') != NULL);
	address[strcspn(address, "/")] = '\0';
	if (strcmp(address, "down") == 0)
		line_add(&line, 0, 0, STYLE_DIM, "no external address");
	else
		line_add(&line, 0, 0, STYLE_NORMAL, "%s", address);
	for (size_t i = 0; lab_pool_at(lab, i, &pool); i++)
		if (pool.taken)
			line_add(&line, 2 + (int)i, line.count > 1 ? 1 : 2, STYLE_DIM, "%s %u",
				 pcp_protocol_text(pool.protocol).text, (unsigned)pool.taken);
	if (lab_pool_at(lab, 0, &pool)) {
		line_add(&line, 20, line.count > 1 ? 1 : 2, STYLE_DIM, "of %u",
			 (unsigned)pool.size);
		line_add(&line, 21, 1, STYLE_DIM, "ports");
	}
	line_fit(&line, in->width - 1 - HEAD);
	line_draw(&line, in, at, HEAD);
}

static void draw_row(struct ui *ui, const struct rect *in, int at, const struct panel_row *row)
{
	const struct lab *lab = session_lab(ui->session);
	struct lab_switch fault = { .name = "break" };
	char word[96];

	switch (row->kind) {
	case PANEL_SCENARIO:
		draw_scenario(lab, in, at);
		return;
	case PANEL_GATEWAY:
		draw_gateway(lab, in, at);
		return;
	case PANEL_FAULT:
		lab_switch_at(lab, ui->now, row->fault, &fault);
		break;
	case PANEL_BREAK:
		panel_word(lab, "break", word, sizeof word);
		fault.on = *word != '\0';
		snprintf(fault.value, sizeof fault.value, "%s",
			 fault.on ? word + strcspn(word, "=") + 1 : "off");
		fault.level = 100;
		break;
	}
	draw_switch(in, at, &fault);
	if (fault.on && strcmp(fault.name, "silence") == 0 && strcmp(fault.value, "on") != 0)
		ui_counts_down(ui);
}

/* ---- below the switches ---- */

static uint32_t setting(const struct lab *lab, const char *name)
{
	char word[96];

	panel_word(lab, name, word, sizeof word);
	return (uint32_t)strtoul(word + strcspn(word, "=") + (strchr(word, '=') != NULL), NULL, 10);
}

static void draw_limits(const struct lab *lab, const struct rect *in, int at)
{
	struct line line = { .count = 0 };
	char least[48], most[48];

	pcp_seconds_text(setting(lab, "min-lifetime"), least, sizeof least);
	pcp_seconds_text(setting(lab, "max-lifetime"), most, sizeof most);
	line_add(&line, 0, 0, STYLE_DIM, "quota");
	line_add(&line, 0, 1, STYLE_NORMAL, "%u", (unsigned)setting(lab, "quota"));
	line_add(&line, 1, 2, STYLE_DIM, "min");
	line_add(&line, 1, 1, STYLE_NORMAL, "%s", least);
	line_add(&line, 2, 2, STYLE_DIM, "max");
	line_add(&line, 2, 1, STYLE_NORMAL, "%s", most);
	line_fit(&line, in->width - 3);
	line_draw(&line, in, at, 2);
}

/* Over at most two rows: the reason is what one looks for. */
static void draw_refusal(const struct lab *lab, const struct rect *in, int at)
{
	struct rect rest = { in->y + at, in->x, 2, in->width - 1 };
	struct lab_refusal refusal;
	int col = draw_text(in, at, 2, STYLE_DIM, "last refusal") + 1;

	if (lab_refusal_at(lab, 0, &refusal))
		draw_wrap(&rest, 0, col, STYLE_NORMAL, refusal.why);
	else
		draw_text(in, at, col, STYLE_DIM, "none so far");
}

static void draw_counts(const struct lab *lab, const struct rect *in, int at)
{
	struct lab_counters counters;
	struct line line = { .count = 0 };

	lab_count(lab, &counters);
	line_add(&line, 0, 0, STYLE_DIM, "asked %llu", (unsigned long long)counters.received);
	line_add(&line, 0, 2, STYLE_DIM, "silent to %llu", (unsigned long long)counters.unanswered);
	line_add(&line, 1, 2, STYLE_DIM, "sent %llu", (unsigned long long)counters.sent);
	line_add(&line, 2, 2, STYLE_DIM, "unasked %llu",
		 (unsigned long long)(counters.announced + counters.updated));
	line_fit(&line, in->width - 3);
	line_draw(&line, in, at, 2);
}

enum { BELOW = 5, WITH_BELOW = 12 };

static void draw_below(struct ui *ui, const struct rect *in, int at)
{
	const struct lab *lab = session_lab(ui->session);
	char restart[32], reboot[32];

	ui_key_of(ui, "restart", restart, sizeof restart);
	ui_key_of(ui, "reboot", reboot, sizeof reboot);
	draw_limits(lab, in, at);
	draw_refusal(lab, in, at + 1);
	draw_counts(lab, in, at + 3);
	draw_format(in, at + 4, 2, STYLE_DIM,
		    in->width >= WIDE ? "%s restarts without mappings, %s with them"
				      : "%s restarts it, %s with its mappings",
		    restart, reboot);
}

void panel_draw(struct ui *ui, const struct rect *in, bool focus)
{
	struct panel *panel = panel_of(ui);
	struct rect rows = *in;

	panel_rows(ui);
	if (in->height >= WITH_BELOW)
		rows.height -= BELOW;
	list_fit(&panel->list, panel->nrow, rows.height);
	for (int at = 0; at < rows.height; at++) {
		size_t i = panel->list.top + (size_t)at;

		if (i >= panel->nrow)
			break;
		draw_row(ui, &rows, at, &panel->row[i]);
		if (i == panel->list.cursor)
			draw_focus(&rows, at, focus);
	}
	if (in->height >= WITH_BELOW)
		draw_below(ui, in, rows.height);
}

/* ---- all of it, for a page ---- */

enum { HOSTS_SHOWN = 16, REFUSALS_SHOWN = 16 };

static void tell_counters(const struct lab *lab, struct writer *writer)
{
	struct lab_counters counters;

	lab_count(lab, &counters);
	write_note(writer,
		   "%llu requests, %llu of them met with silence; %llu datagrams sent, %llu "
		   "unasked; faults struck %llu times",
		   (unsigned long long)counters.received, (unsigned long long)counters.unanswered,
		   (unsigned long long)counters.sent,
		   (unsigned long long)(counters.announced + counters.updated),
		   (unsigned long long)counters.faulted);
}

/* What somebody has changed. */
static void tell_words(const struct lab *lab, struct writer *writer)
{
	struct lab_word word;
	char text[300];

	for (size_t i = 0; lab_word_at(i, &word); i++) {
		if (!lab_word_changed(lab, i))
			continue;
		lab_word_text(lab, i, text, sizeof text);
		write_note(writer, "%s %s: %s", word.group == LAB_FAULT ? "fault" : "set", text,
			   word.help);
	}
}

static void tell_places(const struct lab *lab, struct writer *writer)
{
	char address[PCP_ADDR_TEXT];
	struct lab_pool pool;
	struct lab_host host;

	for (size_t i = 0; lab_pool_at(lab, i, &pool); i++) {
		pcp_addr_text(pool.address, address, sizeof address);
		write_note(writer, "pool %s %s: %u of %u ports taken", address,
			   pcp_protocol_text(pool.protocol).text, (unsigned)pool.taken,
			   (unsigned)pool.size);
	}
	for (size_t i = 0; i < HOSTS_SHOWN && lab_host_at(lab, i, &host); i++) {
		pcp_addr_text(host.address, address, sizeof address);
		write_note(writer, "host %s: %u of its quota of %u ports", address,
			   (unsigned)host.ports, (unsigned)host.quota);
	}
}

static void tell_refusals(const struct lab *lab, struct writer *writer)
{
	struct lab_refusal refusal;
	char text[400];

	for (size_t i = 0; i < REFUSALS_SHOWN && lab_refusal_at(lab, i, &refusal); i++) {
		lab_refusal_text(&refusal, text, sizeof text);
		write_note(writer, "refused %s", text);
	}
}

static void tell_mapping(const struct lab_mapping *m, usec now, struct writer *writer)
{
	char internal[PCP_ADDR_TEXT], external[PCP_ADDR_TEXT], remote[PCP_ADDR_TEXT],
		left[48] = "static", peer[PCP_ADDR_TEXT + 24] = "", filters[32] = "";
	usec rest = m->expires_at - now;

	pcp_addr_text(m->internal, internal, sizeof internal);
	pcp_addr_text(m->external, external, sizeof external);
	pcp_addr_text(m->remote, remote, sizeof remote);
	if (!m->fixed)
		pcp_seconds_text(rest > 0 ? (uint32_t)(rest / USEC_PER_SEC) : 0, left, sizeof left);
	if (m->opcode == PCP_PEER)
		snprintf(peer, sizeof peer, "  remote %s %u", remote, m->remote_port);
	if (m->nfilters)
		snprintf(filters, sizeof filters, "  %zu filter%s", m->nfilters,
			 pcp_s(m->nfilters));
	write_note(writer, "%-4s %-5s %s %u %s %s %u%s%s  %s left  %s",
		   m->opcode == PCP_PEER ? "PEER" : "MAP", pcp_protocol_text(m->protocol).text,
		   internal, m->internal_port, draw_glyph(GLYPH_REQUEST), external,
		   m->external_port, peer, filters, left, m->description);
}

void panel_about(struct ui *ui, struct writer *writer)
{
	const struct lab *lab = session_lab(ui->session);
	struct lab_mapping mapping;

	if (!lab)
		return;
	if (lab_scenario_on(lab))
		write_note(writer, "scenario %s: %s", lab_scenario_on(lab)->name,
			   lab_scenario_on(lab)->look);
	tell_counters(lab, writer);
	tell_words(lab, writer);
	tell_places(lab, writer);
	tell_refusals(lab, writer);
	for (size_t i = 0; lab_mapping_at(lab, i, &mapping); i++)
		tell_mapping(&mapping, ui->now, writer);
}
