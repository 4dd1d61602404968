/* A sentence of pieces, of which those worth least give way where there is no room. */
#include "answer-private.h"

#include <stdarg.h>
#include <stdio.h>

void pieces_add(struct pieces *pieces, enum piece_rank rank, const char *format, ...)
{
	va_list list;

	if (pieces->n == PIECES_MAX)
		return;
	pieces->piece[pieces->n].rank = rank;
	va_start(list, format);
	vsnprintf(pieces->piece[pieces->n++].text, PIECE_TEXT, format, list);
	va_end(list);
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
		if (pieces->piece[i].rank <= rank)
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
		if (pieces->piece[i].rank <= rank)
			len += (size_t)snprintf(cap ? buf + at : NULL, cap - at, "%s",
						pieces->piece[i].text);
	}
	return len;
}
