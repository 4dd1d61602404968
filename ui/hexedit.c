/* Octets typed as hex digits. */
#include "hexedit.h"

#include <stdlib.h>
#include <string.h>

void hexedit_close(struct hexedit *hex)
{
	free(hex->undo);
}

size_t hexedit_columns(int width)
{
	int fit = (width - 6) / 3; /* "0000  " and "xx " each */

	return fit >= 32 ? 32 : fit >= 16 ? 16 : fit >= 8 ? 8 : 4;
}

/* Remembers the octets before a change; without memory the change is made all the same. */
static void keep(struct hexedit *hex)
{
	if (!hex->undo)
		hex->undo = malloc(HEXEDIT_UNDO_MAX * sizeof *hex->undo);
	if (!hex->undo)
		return;
	if (hex->nundo == HEXEDIT_UNDO_MAX)
		memmove(hex->undo, hex->undo + 1, --hex->nundo * sizeof *hex->undo);
	hex->undo[hex->nundo++] = (struct hexedit_state){ *hex->edit, hex->nibble };
}

bool hexedit_undo(struct hexedit *hex)
{
	if (hex->nundo == 0)
		return false;
	*hex->edit = hex->undo[--hex->nundo].edit;
	hex->nibble = hex->undo[hex->nundo].nibble;
	return true;
}

static int digit(unsigned long c)
{
	if (c >= '0' && c <= '9')
		return (int)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (int)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (int)(c - 'A') + 10;
	return -1;
}

bool hexedit_type(struct hexedit *hex, unsigned long character)
{
	struct pcp_edit *edit = hex->edit;
	int value = digit(character);
	size_t octet = hex->nibble / 2;

	if (value < 0 || octet >= PCP_EDIT_MAX)
		return false;
	keep(hex);
	if (octet == edit->len)
		edit->octets[edit->len++] = 0;
	if (hex->nibble % 2)
		edit->octets[octet] = (uint8_t)((edit->octets[octet] & 0xf0) | value);
	else
		edit->octets[octet] = (uint8_t)((edit->octets[octet] & 0x0f) | value << 4);
	hex->nibble++;
	return true;
}

void hexedit_move(struct hexedit *hex, long nibbles)
{
	long to = (long)hex->nibble + nibbles, end = 2 * (long)hex->edit->len;

	hex->nibble = (size_t)(to < 0 ? 0 : to > end ? end : to);
}

bool hexedit_insert(struct hexedit *hex)
{
	struct pcp_edit *edit = hex->edit;
	size_t octet = hex->nibble / 2;

	if (edit->len == PCP_EDIT_MAX)
		return false;
	keep(hex);
	memmove(edit->octets + octet + 1, edit->octets + octet, edit->len - octet);
	edit->octets[octet] = 0;
	edit->len++;
	hex->nibble = 2 * octet;
	return true;
}

bool hexedit_delete(struct hexedit *hex)
{
	struct pcp_edit *edit = hex->edit;
	size_t octet = hex->nibble / 2;

	if (octet >= edit->len)
		return false;
	keep(hex);
	memmove(edit->octets + octet, edit->octets + octet + 1, edit->len - octet - 1);
	edit->len--;
	hex->nibble = 2 * octet;
	return true;
}

bool hexedit_truncate(struct hexedit *hex)
{
	if (hex->nibble / 2 >= hex->edit->len)
		return false;
	keep(hex);
	hex->edit->len = hex->nibble / 2;
	hex->nibble = 2 * hex->edit->len;
	return true;
}

bool hexedit_lengthen(struct hexedit *hex, size_t octets)
{
	struct pcp_edit *edit = hex->edit;

	if (edit->len + octets > PCP_EDIT_MAX)
		return false;
	keep(hex);
	memset(edit->octets + edit->len, 0, octets);
	edit->len += octets;
	return true;
}

/* In groups of eight where a row has sixteen. */
static int column_of(const struct hexedit *hex, size_t i)
{
	return 6 + 3 * (int)i + (hex->columns == 16 && i >= 8);
}

static void draw_octet(const struct hexedit *hex, const struct rect *in, int row, int col,
		       size_t octet, const struct hexedit_looks *looks)
{
	bool begins = false;
	enum style style = looks->style(looks->arg, octet, &begins);

	if (begins && octet % hex->columns)
		draw_text(in, row, col - 1, STYLE_DIM, draw_glyph(GLYPH_PART));
	draw_format(in, row, col, style, "%02x", hex->edit->octets[octet]);
}

static void draw_row(const struct hexedit *hex, const struct rect *in, int row, size_t first,
		     bool focus, const struct hexedit_looks *looks)
{
	const struct pcp_edit *edit = hex->edit;
	int text = column_of(hex, hex->columns) + 1; /* where the characters stand */
	bool room = text + (int)hex->columns <= in->width;
	size_t i;

	draw_format(in, row, 0, STYLE_DIM, "%04zx", first);
	for (i = first; i < first + hex->columns && i <= edit->len; i++) {
		int col = column_of(hex, i - first);

		if (i < edit->len) {
			uint8_t octet = edit->octets[i];

			draw_octet(hex, in, row, col, i, looks);
			if (room)
				draw_format(in, row, text + (int)(i - first), STYLE_DIM, "%c",
					    octet > ' ' && octet < 0x7f ? octet : '.');
		}
		if (focus && i == hex->nibble / 2) {
			draw_restyle(in, row, col + (int)(hex->nibble % 2), 1, STYLE_CURSOR);
			draw_cursor(in, row, col + (int)(hex->nibble % 2));
		}
	}
}

void hexedit_draw(struct hexedit *hex, const struct rect *in, bool focus,
		  const struct hexedit_looks *looks)
{
	size_t height = in->height > 0 ? (size_t)in->height : 1, cursor;
	int row;

	hex->columns = hexedit_columns(in->width);
	cursor = hex->nibble / 2 / hex->columns;
	if (hex->top > cursor)
		hex->top = cursor;
	if (cursor >= hex->top + height)
		hex->top = cursor - height + 1;
	for (row = 0; row < in->height; row++) {
		size_t first = (hex->top + (size_t)row) * hex->columns;

		if (first <= hex->edit->len)
			draw_row(hex, in, row, first, focus, looks);
	}
}
