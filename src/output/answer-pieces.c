/* A sentence of pieces, of which those worth least give way where there is no room. */
#include "answer-private.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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

void pieces_add_prose(struct pieces *pieces, enum piece_rank rank, const char *format, ...)
{
	size_t at = pieces->n;
	va_list list;

	va_start(list, format);
	add(pieces, rank, PIECE_RANKS, format, list);
	va_end(list);
	if (at < pieces->n)
		pieces->piece[at].prose = true;
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

/* Fewer columns say nothing. */
enum { PROSE_LEAST = 24 };

/* The prose that would come back first, if some of its words have room; else pieces->n. */
static size_t prose_to_cut(const struct pieces *pieces, enum piece_rank rank, size_t room)
{
	size_t first = pieces->n;

	if (room < PROSE_LEAST)
		return first;
	for (size_t i = 0; i < pieces->n; i++)
		if (pieces->piece[i].prose && pieces->piece[i].rank > rank &&
		    (first == pieces->n || pieces->piece[i].rank < pieces->piece[first].rank))
			first = i;
	return first;
}

/* Octets of the words that take fewer columns than `room`, in front of the sign that they end
 * early; a comma or the like at their end goes, too. */
static size_t words_within(const char *text, size_t room)
{
	size_t column = 0, end = 0;

	for (size_t i = 0; text[i] && column < room; i++) {
		if (text[i] == ' ')
			end = i;
		column += (text[i] & 0xc0) != 0x80;
	}
	while (end && strchr(" ,:;(", text[end - 1]))
		end--;
	return end;
}

static enum piece_rank greatest_that_fits(const struct pieces *pieces, unsigned width)
{
	enum piece_rank rank = PIECE_RANKS - 1;

	while (width && rank > PIECE_KEEP && width_up_to(pieces, rank) > width)
		rank--;
	return rank;
}

size_t pieces_join(const struct pieces *pieces, unsigned width, char *buf, size_t cap)
{
	enum piece_rank rank = greatest_that_fits(pieces, width);
	size_t taken = width_up_to(pieces, rank), len = 0;
	const char *more = pieces->ascii ? "..." : "…";
	size_t room = width > taken + 3 ? width - taken - columns(more) : 0;
	size_t prose = prose_to_cut(pieces, rank, room);

	if (cap)
		*buf = '\0';
	for (size_t i = 0; i < pieces->n; i++) {
		const char *text = pieces->piece[i].text;
		size_t at = len < cap ? len : cap;
		int words = i == prose ? (int)words_within(text, room) : (int)strlen(text);

		if (stands(pieces, i, rank) || i == prose)
			len += (size_t)snprintf(cap ? buf + at : NULL, cap - at, "%.*s%s", words,
						text, i == prose && words ? more : "");
	}
	return len;
}
