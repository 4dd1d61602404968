/* Changes of a frame in the words of the VT100's kin (ECMA-48), gathered and sent as one piece. */
#include "pen.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <ncurses.h>
#include <term.h>

#include "out.h"
#include "spool.h"
#include "theme.h"

enum {
	FIRST_ROOM = 4096, /* octets of a frame's changes */
	A_PIECE = 64,	   /* octets of the longest piece of them */
	TURNS = 64,
};

/* From one look to another: what to write. */
struct turn {
	attr_t from, to;
	bool known;
	uint8_t len; /* octets */
	char octets[A_PIECE];
};

static struct {
	bool able, erases, erases_coloured;
	struct pcp_out out;
	bool lost;   /* for want of memory, or since the terminal has gone */
	int y, x;    /* y -1: not known */
	attr_t look; /* what the terminal writes with now */
	struct turn turn[TURNS];
} pen;

/* ---- which terminals ---- */

static bool has(const char *capability, const char *sequence)
{
	const char *value = tigetstr(capability);

	return value && value != (const char *)-1 && strcmp(value, sequence) == 0;
}

static const struct {
	attr_t bit;
	const char *capability, *sequence;
} lights[] = {
	{ A_BOLD, "bold", "\033[1m" },
	{ A_UNDERLINE, "smul", "\033[4m" },
	{ A_REVERSE, "rev", "\033[7m" },
};

/* It has the attributes, each beside any colour, and where it has colours, they end as ECMA-48
 * 8.3.117 says. */
static bool looks_as_others(void)
{
	for (size_t i = 0; i < sizeof lights / sizeof *lights; i++)
		if (!has(lights[i].capability, lights[i].sequence))
			return false;
	return !has_colors() || (has("op", "\033[39;49m") && tigetnum("ncv") <= 0);
}

/* It addresses the cursor, goes down and left as the VT100 does, and stays in a row whose last
 * column was written to. */
static bool moves_as_others(void)
{
	return has("cup", "\033[%i%p1%d;%p2%dH") && has("cuf", "\033[%p1%dC") &&
	       has("cud1", "\n") && has("cub1", "\b") && has("cr", "\r") && tigetflag("xenl") > 0;
}

void pen_forget(void)
{
	memset(pen.turn, 0, sizeof pen.turn);
}

void pen_init(void)
{
	pen_forget();
	pen.able = moves_as_others() && looks_as_others();
	pen.erases = has("el", "\033[K") && has("ech", "\033[%p1%dX");
	pen.erases_coloured = tigetflag("bce") > 0;
}

bool pen_able(void)
{
	return pen.able;
}

void pen_close(void)
{
	free(pen.out.buf);
	pen.out = (struct pcp_out){ 0 };
	pen.able = false;
}

/* ---- pieces ---- */

/* Room for one more piece. */
static bool has_room(void)
{
	size_t cap = pen.out.cap ? 2 * pen.out.cap : FIRST_ROOM;
	char *more;

	if (pen.out.len + A_PIECE < pen.out.cap)
		return true;
	more = pen.lost ? NULL : realloc(pen.out.buf, cap);
	pen.lost = !more;
	if (more) {
		pen.out.buf = more;
		pen.out.cap = cap;
	}
	return more != NULL;
}

static void put(const char *octets, size_t len)
{
	if (has_room())
		pcp_out_octets(&pen.out, octets, len);
}

/* "\033[12C" */
static void put_control(int n, char final)
{
	put("\033[", 2);
	if (n != 1)
		pcp_out_uint(&pen.out, (uint64_t)n);
	put(&final, 1);
}

static void repeat(char c, int n)
{
	while (n-- > 0)
		put(&c, 1);
}

/* ---- looks ---- */

static void say(struct turn *turn, const char *sequence)
{
	size_t len = sequence ? strlen(sequence) : 0;

	if (turn->len + len > sizeof turn->octets)
		return;
	if (len)
		memcpy(turn->octets + turn->len, sequence, len);
	turn->len = (uint8_t)(turn->len + len);
}

static void say_colour(struct turn *turn, short from, short to, const char *set, const char *own)
{
	if (from != to)
		say(turn, to < 0 ? own : tiparm(tigetstr(set), (int)to));
}

/* Attributes go all at once, and with them the colours; then come those that there shall be. */
static void find_turn(struct turn *turn)
{
	attr_t had = turn->from & ~(attr_t)A_COLOR, has = turn->to & ~(attr_t)A_COLOR;
	struct theme_colours from = theme_colours(turn->from), to = theme_colours(turn->to);

	if (had & ~has) {
		say(turn, "\033[m");
		had = A_NORMAL;
		from = theme_colours(A_NORMAL);
	}
	say_colour(turn, from.fore, to.fore, "setaf", "\033[39m");
	say_colour(turn, from.back, to.back, "setab", "\033[49m");
	for (size_t i = 0; i < sizeof lights / sizeof *lights; i++)
		if (has & ~had & lights[i].bit)
			say(turn, lights[i].sequence);
}

/* Found once for each that is used again and again. */
static const struct turn *turn_to(attr_t look)
{
	struct turn *turn =
		&pen.turn[(pen.look * 31 + look + (look >> 8) + (pen.look >> 7)) % TURNS];

	if (turn->known && turn->from == pen.look && turn->to == look)
		return turn;
	*turn = (struct turn){ .from = pen.look, .to = look, .known = true };
	find_turn(turn);
	return turn;
}

static void take_look(attr_t look)
{
	const struct turn *turn;

	if (look == pen.look)
		return;
	turn = turn_to(look);
	put(turn->octets, turn->len);
	pen.look = look;
}

bool pen_has(unsigned long attributes)
{
	return (attr_t)attributes == pen.look;
}

/* ---- places ---- */

void pen_begin(void)
{
	pcp_out_begin(&pen.out, pen.out.buf, pen.out.cap);
	pen.lost = false;
	pen.y = -1;
	pen.look = A_NORMAL;
}

int pen_columns_to(int y, int x)
{
	return y == pen.y && x >= pen.x ? x - pen.x : -1;
}

static void address(int y, int x)
{
	put("\033[", 2);
	pcp_out_uint(&pen.out, (uint64_t)y + 1);
	put(";", 1);
	pcp_out_uint(&pen.out, (uint64_t)x + 1);
	put("H", 1);
}

/* In a row, from one column to another. */
static void shift(int from, int to)
{
	if (from - to > 4) {
		put("\r", 1);
		from = 0;
	}
	if (to > from)
		put_control(to - from, 'C');
	else
		repeat('\b', from - to);
}

/* Down by line feeds, which do no more here: a column of twenty countdowns so costs half. */
void pen_go(int y, int x)
{
	int down = y - pen.y;

	if (pen.y < 0 || pen.x >= COLS || down < 0 || down > 3) {
		address(y, x);
	} else {
		repeat('\n', down);
		if (x != pen.x)
			shift(pen.x, x);
	}
	pen.y = y;
	pen.x = x;
}

/* ---- characters ---- */

static void put_character(wchar_t character)
{
	uint32_t c = (uint32_t)character;

	if (c < 0x80)
		put(&(char){ (char)c }, 1);
	else if (c < 0x800)
		put((const char[]){ (char)(0xc0 | c >> 6), (char)(0x80 | (c & 63)) }, 2);
	else if (c < 0x10000)
		put((const char[]){ (char)(0xe0 | c >> 12), (char)(0x80 | (c >> 6 & 63)),
				    (char)(0x80 | (c & 63)) },
		    3);
	else
		put((const char[]){ (char)(0xf0 | c >> 18), (char)(0x80 | (c >> 12 & 63)),
				    (char)(0x80 | (c >> 6 & 63)), (char)(0x80 | (c & 63)) },
		    4);
}

void pen_put(const wchar_t *text, int most, int wide, unsigned long attributes)
{
	take_look((attr_t)attributes);
	for (int i = 0; i < most && text[i]; i++)
		put_character(text[i]);
	pen.x += wide;
}

void pen_blank(int wide, bool last, unsigned long attributes)
{
	bool erases = pen.erases && theme_blank_erases(attributes, pen.erases_coloured);

	if (!theme_same_blank(pen.look, attributes))
		take_look((attr_t)attributes);
	if (erases && last && wide > 3) {
		put("\033[K", 3);
	} else if (erases && wide > 9) {
		put_control(wide, 'X');
	} else {
		repeat(' ', wide);
		pen.x += wide;
	}
}

bool pen_end(int y, int x)
{
	take_look(A_NORMAL);
	pen_go(y, x);
	return !pen.lost && spool_put(pen.out.buf, pen.out.len);
}
