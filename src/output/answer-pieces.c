/* A sentence of pieces, of which those worth least give way where there is no room. */
#include "answer-private.h"

#include <stdarg.h>
#include <stdio.h>

static void add(struct pieces *pieces, enum piece_rank rank, enum piece_rank below,
		const char *format, va_list list)
{
	if (pieces->n == PIECES_MAX)
		return;
	pieces->piece[pieces->n].rank = rank;
	pieces->piece[pieces->n].below = below;
	vsnprintf(pieces->piece[pieces->n++].text, PIECE_TEXT, format, list);
}

void pieces_add(struct pieces *pieces, enum piece_rank rank, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	add(pieces, rank, PIECE_RANKS, format, list);
	va_end(list);
}

void pieces_add_for(struct pieces *pieces, enum piece_rank rank, enum piece_rank below,
		    const char *format, ...)
{
	va_list list;

	va_start(list, format);
	add(pieces, rank, below, format, list);
	va_end(list);
}

static bool stands(const struct pieces *pieces, size_t i, enum piece_rank greatest)
{
	return pieces->piece[i].rank <= greatest && greatest < pieces->piece[i].below;
}

static size_t columns(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += (*text & 0xc0) != 0x80;
	return n;
}

static size_t width_up_to(const struct pieces *pieces, enum piece_rank rank)
{
	size_t n = 0;

	for (size_t i = 0; i < pieces->n; i++)
		if (stands(pieces, i, rank))
			n += columns(pieces->piece[i].text);
	return n;
}

size_t pieces_join(const struct pieces *pieces, unsigned width, char *buf, size_t cap)
{
	size_t len = 0;
	enum piece_rank rank = PIECE_RANKS - 1;

	while (width && rank > PIECE_KEEP && width_up_to(pieces, rank) > width)
		rank--;
	if (cap)
		*buf = '\0';
	for (size_t i = 0; i < pieces->n; i++) {
		size_t at = len < cap ? len : cap;
		if (stands(pieces, i, rank))
			len += (size_t)snprintf(cap ? buf + at : NULL, cap - at, "%s",
						pieces->piece[i].text);
	}
	return len;
}
