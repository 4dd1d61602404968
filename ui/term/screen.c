/* The terminal: taken, painted, resized, suspended and given back. */
#include "screen.h"

#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <ncurses.h>
#include <term.h>
#include <wchar.h>

#include "canvas.h"
#include "draw.h"
#include "keyboard.h"
#include "pen.h"
#include "shortage.h"
#include "spool.h"

/* What a signal handler needs to give the terminal back: no allocation, no stdio, no curses. */
static struct {
	struct termios before, ours;
	char bytes[256];
	size_t len;
	SCREEN *screen;
	int cursor; /* shown now: -1 not known */
} term;

/* Milliseconds, at the end, for a terminal that takes something: where a signal ends the program,
 * and where whoever sits there does. */
enum { PATIENCE_IN_A_HURRY = 15, PATIENCE = 2000 };

static const int crashes[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGQUIT };

static void give_back_at_once(void)
{
	spool_cry(term.bytes, term.len);
	tcsetattr(STDIN_FILENO, TCSANOW, &term.before);
}

static void crashed(int signo)
{
	shortage_crashed();
	give_back_at_once();
	signal(signo, SIG_DFL);
	raise(signo);
}

static void remember(const char *capability)
{
	char *value = tigetstr(capability);
	size_t len;

	if (!value || value == (char *)-1)
		return;
	len = strlen(value);
	if (term.len + len > sizeof term.bytes)
		return;
	memcpy(term.bytes + term.len, value, len);
	term.len += len;
}

static void guard_against_crashes(void)
{
	struct sigaction action = { .sa_handler = crashed };
	size_t i;

	term.len = 0;
	sigemptyset(&action.sa_mask);
	action.sa_flags = (int)SA_RESETHAND;
	for (i = 0; i < sizeof crashes / sizeof *crashes; i++)
		sigaction(crashes[i], &action, NULL);
}

static void unguard(void)
{
	for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++)
		signal(crashes[i], SIG_DFL);
}

static void remember_the_way_back(void)
{
	static const char mouse_off[] = "\033[?1006l\033[?1000l";

	remember("sgr0");
	remember("rmkx");
	remember("BD");
	remember("rmcup");
	remember("cnorm"); /* last: see screen_close */
	if (tigetstr("kmous") && tigetstr("kmous") != (char *)-1) {
		memcpy(term.bytes + term.len, mouse_off, sizeof mouse_off - 1);
		term.len += sizeof mouse_off - 1;
	}
}

/* False without memory. */
static bool set_modes(bool mouse)
{
	bool done;

	raw(); /* ^Z, ^C and ^S are keys like others */
	noecho();
	nonl(); /* a line feed moves down and does no more: curses finds shorter ways */
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	intrflush(stdscr, FALSE);
	if (!getenv("ESCDELAY"))
		set_escdelay(20);
	done = keyboard_open();
	if (has_colors())
		done = start_color() == OK && done;
	if (has_colors()) {
		use_default_colors();
		theme_reserve();
	}
	if (mouse) {
		/* Who asks for clicks gets no press that was released before it was read. */
		mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
		mouseinterval(0);
	}
	return done;
}

/* Curses tells no more than that it cannot: what it knows of is drawn on, but in some sizes. */
static void say_why_not(char *why, unsigned cap)
{
	const char *name = getenv("TERM"), *wide = getenv("COLUMNS"), *high = getenv("LINES");
	int known;

	if (setupterm(NULL, STDOUT_FILENO, &known) != OK)
		snprintf(why, cap,
			 "the terminal type '%s' is not known here; try TERM=xterm or TERM=vt100",
			 name ? name : "");
	else
		snprintf(why, cap,
			 "the terminal cannot be drawn on in its size: COLUMNS is %s and LINES is "
			 "%s in the environment; without them the terminal itself is asked",
			 wide ? wide : "not set", high ? high : "not set");
}

/* The C library has a table for the characters of this locale only once one is written. */
static bool can_write_characters(bool utf8)
{
	char octets[MB_LEN_MAX];
	mbstate_t none = { 0 };

	return !utf8 || wcrtomb(octets, L'\u00e9', &none) != (size_t)-1;
}

/* The terminal is ours. False: out of memory, or, without a term.screen, curses cannot. */
static bool take(const struct screen_config *config)
{
	bool done;

	term.cursor = -1;
	if (term.screen)
		delscreen(term.screen); /* see screen_close */
	shortage_look();
	term.screen = newterm(NULL, stdout, stdin);
	if (!term.screen) /* of memory for what it looked up nothing tells: it is asked twice */
		term.screen = newterm(NULL, stdout, stdin);
	done = term.screen && !shortage_seen();
	shortage_look();
	done = done && set_modes(config->mouse);
	if (done)
		remember_the_way_back();
	done = !shortage_seen() && done;
	tcgetattr(STDIN_FILENO, &term.ours);
	return done && spool_open();
}

static bool open_terminal(const struct screen_config *config, bool utf8, char *why, unsigned cap)
{
	bool can_write = can_write_characters(utf8);

	if (can_write && take(config))
		return true;
	if (can_write && !term.screen)
		say_why_not(why, cap);
	else
		snprintf(why, cap, "out of memory");
	if (term.screen)
		endwin();
	return false;
}

bool screen_open(const struct screen_config *config, char *why, unsigned cap)
{
	bool utf8;

	setlocale(LC_CTYPE, "");
	utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		snprintf(why, cap,
			 "the dashboard needs a terminal on standard input and output; "
			 "`pcpscope help` lists the commands that do not");
		return false;
	}
	tcgetattr(STDIN_FILENO, &term.before);
	shortage_begin(config->no_memory, give_back_at_once);
	guard_against_crashes();
	if (!open_terminal(config, utf8, why, cap)) {
		unguard();
		shortage_end();
		return false;
	}
	pen_init();
	draw_init(config->ascii || !utf8, config->plain);
	return true;
}

/* Curses shows the cursor before it leaves the other screen. Some terminals bring back with the
 * first screen what they saved of the cursor last, and that may be a hidden one: curses saves it
 * where it scrolls. */
static void show_cursor(void)
{
	const char *visible = tigetstr("cnorm");

	if (visible && visible != (const char *)-1) {
		putp(visible);
		fflush(stdout);
	}
}

/* The shell's screen and modes. Curses would wait until the terminal has taken all; where standard
 * output leads elsewhere it cannot set modes, and they are set here. */
static bool leave(int patience)
{
	bool given;

	spool_begin();
	keyboard_mark_pastes(false);
	endwin();
	show_cursor();
	(void)spool_end();
	given = spool_drain(patience);
	tcsetattr(STDIN_FILENO, TCSANOW, &term.before);
	return given;
}

bool screen_close(bool hurry)
{
	bool given = leave(hurry ? PATIENCE_IN_A_HURRY : PATIENCE);

	unguard();
	/* What curses has goes when it is taken again: where memory is out, delscreen() crashes. */
	shortage_end();
	canvas_forget();
	pen_close();
	spool_close();
	return given;
}

bool screen_waits(void)
{
	return spool_waits();
}

bool screen_room(void)
{
	spool_flush();
	return !spool_waits();
}

int screen_fd(void)
{
	return spool_fd();
}

bool screen_addresses(void)
{
	const char *address = tigetstr("cup");

	return address && address != (const char *)-1;
}

void screen_size(int *width, int *height)
{
	*width = COLS;
	*height = LINES;
}

void screen_resize(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col)
		resize_term(size.ws_row, size.ws_col);
	canvas_forget();
	untouchwin(stdscr); /* or reading a key would draw it, and wait for the terminal */
	clearok(curscr, TRUE);
}

bool screen_suspend(void)
{
	struct sigaction before, plain = { .sa_handler = SIG_DFL };
	sigset_t stop, mask;
	bool stopped;

	sigemptyset(&plain.sa_mask);
	sigemptyset(&stop);
	sigaddset(&stop, SIGTSTP);
	(void)leave(PATIENCE);
	sigaction(SIGTSTP, &plain, &before);
	stopped = kill(0, SIGTSTP) == 0;
	sigprocmask(SIG_UNBLOCK, &stop, &mask); /* the loop holds signals back: here it stops */
	sigprocmask(SIG_SETMASK, &mask, NULL);
	sigaction(SIGTSTP, &before, NULL);
	tcsetattr(STDIN_FILENO, TCSANOW, &term.ours);
	reset_prog_mode();
	spool_begin();
	keyboard_mark_pastes(true);
	(void)spool_end();
	screen_resize();
	return stopped;
}

void screen_redraw(void)
{
	clearok(curscr, TRUE);
}

bool screen_begin(void)
{
	const attr_t own = (attr_t)theme_attributes(STYLE_NORMAL);
	cchar_t blank;

	setcchar(&blank, L" ", own & ~A_COLOR, (short)PAIR_NUMBER(own), NULL);
	bkgrndset(&blank);
	attr_set(own & ~A_COLOR, (short)PAIR_NUMBER(own), NULL);
	return canvas_begin(own);
}

/* What the terminal shows is not known where something was not sent, or not done: the next frame is
 * drawn whole. */
static bool check(bool enough, bool sent)
{
	if (!enough || !sent)
		clearok(curscr, TRUE);
	return enough;
}

/* What curses wrote. False without memory for it. */
static bool end_spool(void)
{
	bool enough = !shortage_seen(), sent;

	shortage_look();
	sent = spool_end();
	return check(!shortage_seen() && enough, sent);
}

static bool set_cursor(bool shown)
{
	if (term.cursor == (shown ? 1 : 0))
		return true;
	term.cursor = shown ? 1 : 0;
	spool_begin();
	shortage_look();
	curs_set(term.cursor);
	return end_spool();
}

static bool have_pen_write(int y, int x)
{
	bool sent;

	shortage_look();
	pen_begin();
	canvas_write();
	sent = pen_end(y, x);
	return check(!shortage_seen(), sent);
}

static bool have_curses_draw(int y, int x)
{
	spool_begin();
	shortage_look();
	if (pen_able()) {
		canvas_show_all();
		pen_forget();
	} else {
		canvas_show();
	}
	move(y, x);
	wnoutrefresh(stdscr);
	doupdate();
	return end_spool();
}

bool screen_end(bool cursor)
{
	bool whole = is_cleared(curscr) || is_cleared(newscr), enough;
	int y, x;

	draw_cursor_place(&y, &x);
	enough = set_cursor(cursor);
	return (pen_able() && !whole ? have_pen_write(y, x) : have_curses_draw(y, x)) && enough;
}

bool screen_hung_up(void)
{
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };
	int waiting = 0;

	if (poll(&fd, 1, 0) <= 0)
		return false;
	if (fd.revents & (POLLHUP | POLLERR | POLLNVAL))
		return true;
	return ioctl(STDIN_FILENO, FIONREAD, &waiting) != 0 || waiting == 0;
}

static void base64(const char *text, size_t len, FILE *out)
{
	static const char digit[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t i;

	for (i = 0; i < len; i += 3) {
		unsigned long three = (unsigned long)(unsigned char)text[i] << 16;

		three |= i + 1 < len ? (unsigned long)(unsigned char)text[i + 1] << 8 : 0;
		three |= i + 2 < len ? (unsigned long)(unsigned char)text[i + 2] : 0;
		putc(digit[three >> 18 & 63], out);
		putc(digit[three >> 12 & 63], out);
		putc(i + 1 < len ? digit[three >> 6 & 63] : '=', out);
		putc(i + 2 < len ? digit[three & 63] : '=', out);
	}
}

bool screen_copy(const char *text)
{
	enum {
		TERMINALS_TAKE = 74994
	}; /* octets that xterm, tmux and others accept before base64 */
	size_t len = strlen(text);

	if (len > TERMINALS_TAKE || spool_waits())
		return false;
	spool_begin();
	fputs("\033]52;c;", stdout);
	base64(text, len, stdout);
	fputs("\a", stdout);
	return spool_end();
}
