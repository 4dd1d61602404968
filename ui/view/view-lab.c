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
	const struct lab *lab = session_lab(ui->session);
	char epoch[48];

	if (!lab)
		return;
	pcp_seconds_text(lab_epoch(lab, ui->now), epoch, sizeof epoch);
	snprintf(buf, cap, "what the gateway knows: %zu mapping%s, epoch %s", lab_nmappings(lab),
		 pcp_s(lab_nmappings(lab)), epoch);
}

static void draw_mapping(struct ui *ui, const struct rect *in, int at,
			 const struct lab_mapping *mapping)
{
	char internal[PCP_ADDR_TEXT], external[PCP_ADDR_TEXT], remote[PCP_ADDR_TEXT],
		left[48] = "static";
	usec rest = mapping->expires_at - ui->now;
	char text[1024];
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
			     pcp_protocol_text(mapping->protocol).text, internal,
			     mapping->internal_port, draw_glyph(GLYPH_REQUEST), external,
			     mapping->external_port);
	if (mapping->opcode == PCP_PEER)
		n += (size_t)snprintf(text + n, sizeof text - n, "  remote %s %u", remote,
				      mapping->remote_port);
	if (mapping->nfilters)
		n += (size_t)snprintf(text + n, sizeof text - n, "  %zu filter%s",
				      mapping->nfilters, pcp_s(mapping->nfilters));
	if (*mapping->description) {
		n += (size_t)snprintf(text + n, sizeof text - n, "  ");
		snprintf(text + n, sizeof text - n, "%s", mapping->description);
	}
	draw_cell(in, at, 1, in->width - 15, STYLE_NORMAL, text);
	draw_text(in, at, in->width - draw_width(left), STYLE_NORMAL, left);
}

/* ---- what it knows beside its mappings: a line each, in front of them ---- */

enum { HOSTS_SHOWN = 8, REFUSALS_SHOWN = 4, LINE_MAX_LEN = 512 };

static bool counters_line(const struct lab *lab, char *buf, size_t cap)
{
	struct lab_counters counters;

	lab_count(lab, &counters);
	snprintf(buf, cap,
		 "%llu requests, %llu of them met with silence; %llu datagrams sent, %llu unasked; "
		 "faults struck %llu times",
		 (unsigned long long)counters.received, (unsigned long long)counters.unanswered,
		 (unsigned long long)counters.sent,
		 (unsigned long long)(counters.announced + counters.updated),
		 (unsigned long long)counters.faulted);
	return true;
}

/* The i-th setting or fault that somebody has changed. */
static bool word_line(const struct lab *lab, size_t i, char *buf, size_t cap)
{
	char text[LINE_MAX_LEN / 2];
	struct lab_word word;

	for (size_t at = 0; lab_word_at(at, &word); at++) {
		if (!lab_word_changed(lab, at) || i-- > 0)
			continue;
		lab_word_text(lab, at, text, sizeof text);
		snprintf(buf, cap, "%s %s: %s", word.group == LAB_FAULT ? "fault" : "set", text,
			 word.help);
		return true;
	}
	return false;
}

static bool pool_line(const struct lab *lab, size_t i, char *buf, size_t cap)
{
	char address[PCP_ADDR_TEXT];
	struct lab_pool pool;

	if (!lab_pool_at(lab, i, &pool))
		return false;
	pcp_addr_text(pool.address, address, sizeof address);
	snprintf(buf, cap, "pool %s %s: %u of %u ports taken", address,
		 pcp_protocol_text(pool.protocol).text, (unsigned)pool.taken, (unsigned)pool.size);
	return true;
}

static bool host_line(const struct lab *lab, size_t i, char *buf, size_t cap)
{
	char address[PCP_ADDR_TEXT];
	struct lab_host host;

	if (i >= HOSTS_SHOWN || !lab_host_at(lab, i, &host))
		return false;
	pcp_addr_text(host.address, address, sizeof address);
	snprintf(buf, cap, "host %s: %u of its quota of %u ports", address, (unsigned)host.ports,
		 (unsigned)host.quota);
	return true;
}

static bool refusal_line(const struct lab *lab, size_t i, char *buf, size_t cap)
{
	struct lab_refusal refusal;
	size_t len;

	if (i >= REFUSALS_SHOWN || !lab_refusal_at(lab, i, &refusal))
		return false;
	len = (size_t)snprintf(buf, cap, "refused ");
	lab_refusal_text(&refusal, buf + len, cap - len);
	return true;
}

/* The i-th line of all these; false beyond the last. */
static bool state_line(const struct lab *lab, size_t i, char *buf, size_t cap)
{
	static bool (*const sections[])(const struct lab *, size_t, char *, size_t) = {
		word_line,
		pool_line,
		host_line,
		refusal_line,
	};

	if (i-- == 0)
		return counters_line(lab, buf, cap);
	for (size_t section = 0; section < sizeof sections / sizeof *sections; section++) {
		size_t n = 0;

		while (sections[section](lab, n, buf, cap))
			if (n++ == i)
				return true;
		i -= n;
	}
	return false;
}

static void draw(struct ui *ui, const struct rect *in, bool focus)
{
	const struct lab *lab = session_lab(ui->session);
	struct list *rows = list(ui);
	struct lab_mapping mapping;
	char line[LINE_MAX_LEN];
	size_t lines = 0;

	(void)focus;
	if (!lab) {
		draw_wrap(in, 0, 1, STYLE_DIM, "No lab is running: start pcpscope with --lab.");
		return;
	}
	while (state_line(lab, lines, line, sizeof line))
		lines++;
	list_fit(rows, lines + lab_nmappings(lab), in->height);
	for (int at = 0; at < in->height; at++) {
		size_t i = rows->top + (size_t)at;

		if (i < lines && state_line(lab, i, line, sizeof line))
			draw_cell(in, at, 1, in->width - 1, STYLE_DIM, line);
		else if (i >= lines && lab_mapping_at(lab, i - lines, &mapping))
			draw_mapping(ui, in, at, &mapping);
		else
			break;
		if (i == rows->cursor)
			draw_focus(in, at, true);
	}
}

static void meaning(struct ui *ui, char *buf, size_t cap)
{
	(void)ui;
	snprintf(buf, cap,
		 "r restarts the gateway without its mappings, b with them; f sets a limit "
		 "(quota=10), a "
		 "fault (drop=0.3) or a scenario (scenario=lossy); :help scenarios lists them all");
}

static void restart(struct ui *ui, bool keep)
{
	if (!session_lab(ui->session))
		return;
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

static void fault(struct ui *ui, const char *text)
{
	struct pcp_why why;

	if (!*text || !session_lab(ui->session))
		return;
	if (lab_set(session_lab(ui->session), loop_now(session_loop(ui->session)), text, &why))
		ui_say(ui, STYLE_NORMAL, "the gateway now has %s", text);
	else
		ui_say(ui, STYLE_ERROR, "%s", why.text);
}

void act_lab_fault(struct ui *ui)
{
	prompt_ask_new(ui, "fault or setting: ", "", fault);
}

const struct view view_lab = {
	.open = open_lab,
	.close = close_lab,
	.bar = bar,
	.draw = draw,
	.meaning = meaning,
	.list = list,
};
