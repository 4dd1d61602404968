/* Compose: RAW, a request as octets, legal or not. */
#include "actions.h"
#include "compose-tab.h"
#include "tints.h"

#include <stdio.h>

#include "wrap.h"

/* ---- octets ---- */

enum { WORST = 2 }; /* findings under the octets */

/* What a rule objects to is marked while one types, and what Decode has under its cursor; else the
 * octets have their part's tint, and zeros are faint. */
static enum style style_of(void *arg, size_t octet, bool *begins)
{
	struct ui *ui = arg;
	const struct ui_compose *compose = compose_of(ui);
	const struct selection *lit = &ui->selection;
	enum style tint = tints_at(&compose->judge->packet, compose->tint, octet, begins);

	if (findings_objects(&compose->findings, octet))
		return STYLE_OBJECTION;
	if (lit->kind == SELECT_PREVIEW && octet >= lit->off && octet < lit->off + lit->len)
		return STYLE_LIT;
	return compose->hex.edit->octets[octet] == 0 ? STYLE_FAINT : tint;
}

/* As many rows as it takes, of those from `row` on; the row behind it. */
static int draw_finding(const struct pcp_finding *finding, const struct rect *in, int row)
{
	char text[PCP_FINDING_TEXT + 16], line[PCP_FINDING_TEXT + 16];
	const char *at = text;

	snprintf(text, sizeof text, "%04x  %s", finding->off, finding->text);
	finding_mark(in, row, 0, finding);
	while (*at && row < in->height && in->width > 2) {
		const char *start = at;
		size_t len = pcp_wrap(start, (size_t)in->width - 2, NULL, &at);

		snprintf(line, sizeof line, "%.*s", (int)len, start);
		draw_text(in, row++, 2, finding_style(finding), line);
	}
	return row;
}

/* The row behind them. */
static int draw_worst(const struct findings *findings, const struct rect *in)
{
	const struct pcp_finding *finding;
	int row = 0;

	for (size_t i = 0; i < WORST && row < in->height; i++)
		if ((finding = findings_worst(findings, i)))
			row = draw_finding(finding, in, row);
	return row;
}

/* Rows under the octets: what the rules object to, and the one that sends. */
static int rows_below(const struct ui_compose *compose, const struct rect *in)
{
	bool any = compose->hex.edit->len && findings_worst(&compose->findings, 0);
	int rows = 1 + (!any ? 0 : in->width < 80 ? 2 * WORST : WORST);

	return rows < in->height ? rows : in->height - 1;
}

void compose_draw_octets(struct ui *ui, const struct rect *in, bool focus)
{
	struct ui_compose *compose = compose_of(ui);
	const struct hexedit_looks looks = { style_of, ui };
	struct rect octets = *in, below = *in, findings;
	int rows = (int)(compose->hex.edit->len / hexedit_columns(in->width)) + 1;

	findings_of_composed(&compose->findings, ui->session, compose->hex.edit, compose->judge);
	tints_give(&compose->judge->packet, compose->tint);
	if (in->height < 1)
		return;
	below.height = rows_below(compose, in);
	octets.height -= below.height;
	if (rows < octets.height)
		octets.height = rows;
	hexedit_draw(&compose->hex, &octets, focus, &looks);
	below.y += octets.height;
	findings = below;
	findings.height--;
	compose_draw_send(ui, &below, draw_worst(&compose->findings, &findings));
}

unsigned compose_octets_where(struct ui *ui)
{
	return compose_is_raw(compose_of(ui)) && compose_of(ui)->typing_hex ? IN_HEX : 0;
}

static void hex_changed(struct ui *ui, bool done, const char *why_not)
{
	if (!done)
		ui_say(ui, STYLE_WARNING, "%s", why_not);
	compose_changed(ui);
}

void compose_octets_type(struct ui *ui, ui_key key)
{
	if (compose_octets_where(ui) != IN_HEX)
		return;
	hex_changed(ui, hexedit_type(&compose_of(ui)->hex, key),
		    "only 0-9 and a-f are hex digits; Enter ends typing octets");
}

void act_hex_done(struct ui *ui)
{
	compose_of(ui)->typing_hex = false;
}

static void hex_move(struct ui *ui, long nibbles)
{
	hexedit_move(&compose_of(ui)->hex, nibbles);
	compose_light(ui);
}

static long hex_row(struct ui *ui)
{
	return 2 * (long)compose_of(ui)->hex.columns;
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
	hex_changed(ui, hexedit_insert(&compose_of(ui)->hex), "no room for another octet");
}

void act_hex_delete(struct ui *ui)
{
	hex_changed(ui, hexedit_delete(&compose_of(ui)->hex), "there is no octet under the cursor");
}

void act_hex_truncate(struct ui *ui)
{
	hex_changed(ui, hexedit_truncate(&compose_of(ui)->hex),
		    "there is nothing behind the cursor");
}

void act_hex_lengthen(struct ui *ui)
{
	hex_changed(ui, hexedit_lengthen(&compose_of(ui)->hex, 4), "no room for four more octets");
}

void act_hex_undo(struct ui *ui)
{
	hex_changed(ui, hexedit_undo(&compose_of(ui)->hex), "nothing to undo");
}
