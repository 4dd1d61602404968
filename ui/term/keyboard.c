/* What the terminal sends, read as keys, pasted text and clicks. */
#include "keyboard.h"

#include <stdio.h>
#include <ncurses.h>
#include <term.h>

/* Keys of our own, behind those of curses. */
enum { KEY_PASTE = KEY_MAX + 1, KEY_PASTE_END };

/*
 * What xterm, rxvt, the Linux console, screen and tmux send: ECMA-48, DEC and their habits. A
 * terminal's description that gives a sequence another meaning is believed; many, vt100's above
 * all, know only the arrows.
 */
static const struct {
	const char *sequence;
	int key;
} common[] = {
	{ "\033[A", KEY_UP },	  { "\033OA", KEY_UP },	      { "\033[B", KEY_DOWN },
	{ "\033OB", KEY_DOWN },	  { "\033[C", KEY_RIGHT },    { "\033OC", KEY_RIGHT },
	{ "\033[D", KEY_LEFT },	  { "\033OD", KEY_LEFT },     { "\033[H", KEY_HOME },
	{ "\033OH", KEY_HOME },	  { "\033[1~", KEY_HOME },    { "\033[7~", KEY_HOME },
	{ "\033[F", KEY_END },	  { "\033OF", KEY_END },      { "\033[4~", KEY_END },
	{ "\033[8~", KEY_END },	  { "\033[2~", KEY_IC },      { "\033[3~", KEY_DC },
	{ "\033[5~", KEY_PPAGE }, { "\033[6~", KEY_NPAGE },   { "\033[Z", KEY_BTAB },
	{ "\033OM", KEY_ENTER },  { "\033OP", KEY_F(1) },     { "\033OQ", KEY_F(2) },
	{ "\033OR", KEY_F(3) },	  { "\033OS", KEY_F(4) },     { "\033[11~", KEY_F(1) },
	{ "\033[12~", KEY_F(2) }, { "\033[13~", KEY_F(3) },   { "\033[14~", KEY_F(4) },
	{ "\033[[A", KEY_F(1) },  { "\033[[B", KEY_F(2) },    { "\033[[C", KEY_F(3) },
	{ "\033[[D", KEY_F(4) },  { "\033[[E", KEY_F(5) },    { "\033[15~", KEY_F(5) },
	{ "\033[17~", KEY_F(6) }, { "\033[200~", KEY_PASTE }, { "\033[201~", KEY_PASTE_END },
};

static bool marks, pasting;

/* What came behind an Esc and is a key of its own. */
static struct {
	int kind; /* of get_wch(); ERR: nothing is kept */
	wint_t c;
} kept = { .kind = ERR };

static int next(wint_t *c)
{
	int kind = kept.kind;

	if (kind == ERR)
		return get_wch(c);
	*c = kept.c;
	kept.kind = ERR;
	return kind;
}

bool keyboard_open(void)
{
	bool done = true;
	const char *mark = tigetstr("BE");
	size_t i;

	for (i = 0; i < sizeof common / sizeof *common; i++)
		if (key_defined(common[i].sequence) == 0)
			done = define_key(common[i].sequence, common[i].key) == OK && done;
	marks = mark && mark != (const char *)-1;
	pasting = false;
	keyboard_mark_pastes(true);
	return done;
}

void keyboard_mark_pastes(bool mark)
{
	if (!marks)
		return;
	putp(tigetstr(mark ? "BE" : "BD"));
	fflush(stdout);
}

/* Passes over the rest of a control sequence (ECMA-48 5.4) behind "ESC [", or of one character
 * behind "ESC O". */
static void pass_over(wint_t introducer)
{
	wint_t c = 0;

	if (introducer == 'O') {
		get_wch(&c);
		return;
	}
	while (get_wch(&c) == OK && c >= 0x20 && c < 0x40)
		;
}

/* An Esc that something follows at once begins a sequence that no key stands for, or is how a
 * terminal tells that Alt is held with a digit. Anything else behind it is a key of its own: a
 * person may be quick. */
static enum keyboard_event escape(ui_key *key)
{
	wint_t c;
	int kind = get_wch(&c);

	*key = UI_KEY_ESC;
	if (kind == OK && (c == '[' || c == 'O')) {
		pass_over(c);
		return KEYBOARD_OTHER;
	}
	if (kind == OK && c >= '0' && c <= '9') {
		*key = UI_KEY_ALT | (ui_key)c;
		return KEYBOARD_KEY;
	}
	kept.kind = kind;
	kept.c = c;
	return KEYBOARD_KEY;
}

static enum keyboard_event function_key(wint_t c, ui_key *key)
{
	switch (c) {
	case KEY_RESIZE:
		return KEYBOARD_RESIZED;
	case KEY_MOUSE:
		return KEYBOARD_MOUSE;
	case KEY_PASTE:
	case KEY_PASTE_END:
		pasting = c == KEY_PASTE;
		return KEYBOARD_OTHER;
	default:
		*key = UI_KEY_CURSES | (ui_key)c;
		return pasting ? KEYBOARD_OTHER : KEYBOARD_KEY; /* pasted text presses no key */
	}
}

enum keyboard_event keyboard_read(ui_key *key)
{
	wint_t c;
	int kind = next(&c);

	if (kind == ERR)
		return KEYBOARD_NOTHING;
	if (kind == KEY_CODE_YES)
		return function_key(c, key);
	*key = (ui_key)c;
	if (pasting)
		return KEYBOARD_PASTED;
	return c == UI_KEY_ESC ? escape(key) : KEYBOARD_KEY;
}

size_t keyboard_clicks(struct keyboard_click click[KEYBOARD_CLICKS])
{
	MEVENT event;
	size_t n = 0;

	for (; n < KEYBOARD_CLICKS && getmouse(&event) == OK; n++)
		click[n] = (struct keyboard_click){ .y = event.y,
						    .x = event.x,
						    .wheel = event.bstate & BUTTON4_PRESSED   ? -1
							     : event.bstate & BUTTON5_PRESSED ? 1
											      : 0 };
	return n;
}
