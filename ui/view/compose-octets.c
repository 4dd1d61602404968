/* Compose: RAW, a request as octets, legal or not. */
#include "actions.h"
#include "compose-tab.h"

/* ---- octets ---- */

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
