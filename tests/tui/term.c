/* A program on a pseudo-terminal, read by libvterm, and what can be waited for. */
#define _GNU_SOURCE
#include "term.h"

#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum {
	WAIT_MS = 60000,
	SETTLE_MAX_MS = 60000,
	LOOK_MS = 2, /* how often a silent program is looked at */
	SETTLED_MS = 10,
	HEARD_MS = 500, /* within which one that reads its keys wakes up for them */
	CHUNK = 65536,
	/* libvterm's own screen holds the largest that a test asks for and never changes its size,
	 * which it does not survive at any moment; the program is told the real one, and only that
	 * is read. */
	VT_ROWS = 120,
	VT_COLS = 300
};

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000L + now.tv_nsec / 1000000L;
}

/* ---- libvterm's callbacks ---- */

static int on_movecursor(VTermPos pos, VTermPos old, int visible, void *user)
{
	struct term *term = user;

	(void)old, (void)visible;
	term->cursor = pos;
	return 1;
}

static int on_prop(VTermProp prop, VTermValue *value, void *user)
{
	struct term *term = user;

	switch (prop) {
	case VTERM_PROP_ALTSCREEN:
		term->altscreen = value->boolean;
		break;
	case VTERM_PROP_CURSORVISIBLE:
		term->cursor_visible = value->boolean;
		break;
	default:
		break;
	}
	return 1;
}

static const VTermScreenCallbacks callbacks = { .movecursor = on_movecursor,
						.settermprop = on_prop };

/* ---- what the program does while it is silent ---- */

/* Silence means nothing on a busy machine: a program that has no processor is silent, too. Whether
 * it sleeps does: with its output taken in, it has then done all that it was told to. */
struct activity {
	bool at_work; /* runs, would run if it could, or waits for the disk */
	long sleeps;  /* how often it has gone to sleep so far */
};

/* The letter of proc(5), '\0' when it is gone, and how often it has gone to sleep. */
static char read_status(pid_t pid, long *sleeps)
{
	char path[64], line[256], state = '\0';

	snprintf(path, sizeof path, "/proc/%ld/status", (long)pid);
	FILE *status = fopen(path, "r");

	*sleeps = 0;
	while (status && fgets(line, sizeof line, status)) {
		sscanf(line, "State: %c", &state);
		sscanf(line, "voluntary_ctxt_switches: %ld", sleeps);
	}
	if (status)
		fclose(status);
	return state;
}

/* Of the program and its children. */
static struct activity activity_of(pid_t pid)
{
	struct activity all = { 0 };
	char path[64], state = read_status(pid, &all.sleeps);
	int child;

	all.at_work = state == 'R' || state == 'D';
	snprintf(path, sizeof path, "/proc/%ld/task/%ld/children", (long)pid, (long)pid);
	FILE *children = fopen(path, "r");

	while (children && fscanf(children, "%d", &child) == 1) {
		struct activity one = activity_of(child);

		all.at_work |= one.at_work;
		all.sleeps += one.sleeps;
	}
	if (children)
		fclose(children);
	return all;
}

/* Keys, or a new size, are on their way: it has not seen them before it has slept once more. */
static void told(struct term *term)
{
	term->told_at = now_ms();
	term->sleeps = activity_of(term->pid).sleeps;
}

static bool is_busy(const struct term *term)
{
	struct activity now = activity_of(term->pid);

	return now.at_work || (now.sleeps == term->sleeps && now_ms() - term->told_at < HEARD_MS);
}

/* ---- starting and ending ---- */

/* Half past twelve, whenever it is: a countdown from 0:59:59 could be read in the time of day. */
static void set_local_time(void)
{
	long noon = 12 * 3600 + 30 * 60, off = time(NULL) % 86400 - noon;
	char zone[32];

	snprintf(zone, sizeof zone, "NOON%c%02ld:%02ld:%02ld", off < 0 ? '-' : '+',
		 labs(off) / 3600, labs(off) / 60 % 60, labs(off) % 60);
	setenv("TZ", zone, 1);
}

static void in_child(const struct term_config *config)
{
	set_local_time();
	setenv("TERM", config->term ? config->term : "xterm-256color", 1);
	setenv("LC_ALL", config->locale ? config->locale : "C.UTF-8", 1);
	unsetenv("NO_COLOR");
	unsetenv("COLUMNS");
	unsetenv("LINES");
	unsetenv("TMUX");
	for (const char *const *e = config->env; e && *e; e++)
		putenv(strdup(*e));
	execvp(config->argv[0], (char *const *)(uintptr_t)config->argv);
	perror(config->argv[0]);
	_exit(127);
}

struct term *term_open(const struct term_config *config)
{
	struct term *term = calloc(1, sizeof *term);

	assert_non_null(term);
	term->rows = config->rows ? config->rows : 24;
	term->cols = config->cols ? config->cols : 80;
	term->status = -1;
	assert_true(term->rows <= VT_ROWS && term->cols <= VT_COLS);
	term->cursor_visible = true;
	struct winsize size = { .ws_row = (unsigned short)term->rows,
				.ws_col = (unsigned short)term->cols };

	term->pid = forkpty(&term->fd, NULL, NULL, &size);
	if (term->pid == 0)
		in_child(config);
	assert_true(term->pid > 0);
	term->vt = vterm_new(VT_ROWS, VT_COLS);
	vterm_set_utf8(term->vt, 1);
	term->screen = vterm_obtain_screen(term->vt);
	vterm_screen_set_callbacks(term->screen, &callbacks, term);
	vterm_screen_enable_altscreen(term->screen, 1);
	vterm_screen_reset(term->screen, 1);
	return term;
}

static void reap(struct term *term, int flags)
{
	int status;

	if (term->status == -1 && waitpid(term->pid, &status, flags) == term->pid)
		term->status = status;
}

void term_close(struct term *term)
{
	if (!term)
		return;
	reap(term, WNOHANG);
	if (term->status == -1) {
		kill(term->pid, SIGKILL);
		reap(term, 0);
	}
	if (term->fd >= 0)
		close(term->fd);
	vterm_free(term->vt);
	free(term->raw);
	free(term);
}

/* ---- octets in and out ---- */

/* What libvterm answers to the program's questions (cursor position, device attributes). */
static void answer(struct term *term)
{
	char octets[256];
	size_t len = vterm_output_read(term->vt, octets, sizeof octets);

	if (len && write(term->fd, octets, len) < 0)
		term->eof = true;
}

static void keep_raw(struct term *term, const char *octets, size_t len)
{
	if (term->octets + len + 1 > term->raw_cap) {
		term->raw_cap = (term->octets + len + 1) * 2;
		term->raw = realloc(term->raw, term->raw_cap);
		assert_non_null(term->raw);
	}
	memcpy(term->raw + term->octets, octets, len);
	term->octets += len;
	term->raw[term->octets] = '\0';
}

/* Octets up to a character in UTF-8 of which the end is still to come: libvterm loses it. */
static size_t whole(const char *octets, size_t len)
{
	size_t n = 0, most = len < 3 ? len : 3;

	while (n < most && ((unsigned char)octets[len - 1 - n] & 0xc0) == 0x80)
		n++;
	if (n == len)
		return len;
	unsigned char first = (unsigned char)octets[len - 1 - n];
	size_t needs = first < 0xc0 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;

	return n < needs ? len - 1 - n : len;
}

static void show(struct term *term)
{
	size_t n = whole(term->raw + term->shown, term->octets - term->shown);

	vterm_input_write(term->vt, term->raw + term->shown, n);
	term->shown += n;
}

/* One read, waiting at most `ms`; false when nothing came. */
static bool pump(struct term *term, int ms)
{
	static char octets[CHUNK];
	struct pollfd fd = { .fd = term->fd, .events = POLLIN };

	if (term->eof || term->fd < 0)
		return false;
	if (poll(&fd, 1, ms < 0 ? 0 : ms) <= 0)
		return false;
	ssize_t len = read(term->fd, octets, sizeof octets);

	if (len <= 0) {
		term->eof = true; /* EIO: nobody has the other end open any more */
		return false;
	}
	keep_raw(term, octets, (size_t)len);
	show(term);
	answer(term);
	return true;
}

void term_send(struct term *term, const char *keys)
{
	size_t len = strlen(keys);

	told(term);
	assert_int_equal(write(term->fd, keys, len), len);
}

void term_type(struct term *term, const char *text, const char *key)
{
	term_send(term, text);
	if (key)
		term_send(term, key);
}

void term_resize(struct term *term, int rows, int cols)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };

	term->rows = rows;
	term->cols = cols;
	told(term);
	assert_int_equal(ioctl(term->fd, TIOCSWINSZ, &size), 0);
}

void term_hangup(struct term *term)
{
	close(term->fd);
	term->fd = -1;
	term->eof = true;
}

void term_settle(struct term *term, int quiet_ms)
{
	long now = now_ms(), end = now + SETTLE_MAX_MS, since = now;
	bool heard;

	do {
		long left = since + quiet_ms - now;

		heard = pump(term, (int)(left < LOOK_MS ? left : LOOK_MS));
		now = now_ms();
		if (heard || (quiet_ms && is_busy(term)))
			since = now;
	} while (!term->eof && now < end && (heard || now - since < quiet_ms));
}

bool term_wait_that(struct term *term, term_test *test, void *arg, int ms)
{
	long end = now_ms() + ms;

	for (;;) {
		while (pump(term, 0))
			;
		if (test(term, arg))
			return true;
		if (term->eof || now_ms() >= end)
			return false;
		pump(term, (int)(end - now_ms()));
	}
}

struct wanted {
	const char *text;
	bool there;
};

static bool stands_as_wanted(struct term *term, void *arg)
{
	const struct wanted *wanted = arg;

	return term_shows(term, wanted->text) == wanted->there;
}

static bool wait_for(struct term *term, const char *text, bool there, int ms)
{
	return term_wait_that(term, stands_as_wanted, &(struct wanted){ text, there }, ms);
}

bool term_wait(struct term *term, const char *text, int ms)
{
	return wait_for(term, text, true, ms);
}

bool term_wait_gone(struct term *term, const char *text, int ms)
{
	return wait_for(term, text, false, ms);
}

int term_wait_exit(struct term *term, int ms)
{
	long end = now_ms() + ms;

	for (reap(term, WNOHANG); term->status == -1 && now_ms() < end; reap(term, WNOHANG))
		if (!pump(term, 5) && term->eof)
			poll(NULL, 0, 1);
	while (pump(term, 0))
		;
	if (term->status == -1)
		return -1;
	return WIFEXITED(term->status) ? WEXITSTATUS(term->status) : 128 + WTERMSIG(term->status);
}

bool term_ended(struct term *term)
{
	term_settle(term, SETTLED_MS);
	return term_wait_exit(term, term->eof ? WAIT_MS : 0) != -1;
}

/* ---- looking ---- */

static size_t utf8(uint32_t c, char *out)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

VTermScreenCell term_cell(struct term *term, int row, int col)
{
	VTermScreenCell cell = { 0 };

	vterm_screen_get_cell(term->screen, (VTermPos){ .row = row, .col = col }, &cell);
	return cell;
}

bool term_mouse(const struct term *term)
{
	bool on = false;

	for (const char *at = term->raw; at && (at = strstr(at, "\033[?")); at++) {
		size_t len = strspn(at + 3, "0123456789;");
		const char *mode = memmem(at + 3, len, "1000", 4);

		if (mode)
			on = at[3 + len] == 'h';
	}
	return on;
}

char *term_row(struct term *term, int row)
{
	char *text = malloc((size_t)term->cols * VTERM_MAX_CHARS_PER_CELL * 4 + 1);
	size_t len = 0;

	assert_non_null(text);
	for (int col = 0; col < term->cols; col++) {
		VTermScreenCell cell = term_cell(term, row, col);

		if (cell.chars[0] == (uint32_t)-1)
			continue; /* the right half of a wide character */
		if (!cell.chars[0])
			text[len++] = ' ';
		for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
			len += utf8(cell.chars[i], text + len);
	}
	while (len && text[len - 1] == ' ')
		len--;
	text[len] = '\0';
	return text;
}

char *term_text(struct term *term)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	for (int row = 0; row < term->rows; row++) {
		char *line = term_row(term, row);

		fprintf(out, "%s\n", line);
		free(line);
	}
	fclose(out);
	return text;
}

bool term_find(struct term *term, const char *text, int *row, int *col)
{
	for (int r = 0; r < term->rows; r++) {
		char *line = term_row(term, r), *found = strstr(line, text);
		int cells = 0;

		for (char *c = line; found && c < found; c++)
			cells += ((unsigned char)*c & 0xc0) != 0x80;
		free(line);
		if (!found)
			continue;
		if (row)
			*row = r;
		if (col)
			*col = cells;
		return true;
	}
	return false;
}

/* Past either edge of a row there is nothing. */
static bool has_character(struct term *term, int row, int col)
{
	uint32_t c = col < 0 || col >= term->cols ? 0 : term_cell(term, row, col).chars[0];

	return c != 0 && c != ' ';
}

int term_carries(struct term *term)
{
	int carry = 0;

	for (int row = 0; row < term->rows; row++)
		for (int col = 0; col < term->cols; col++)
			carry += has_character(term, row, col) ||
				 (has_character(term, row, col - 1) &&
				  has_character(term, row, col + 1));
	return 1000 * carry / (term->rows * term->cols);
}

bool term_shows(struct term *term, const char *text)
{
	return term_find(term, text, NULL, NULL);
}

static void print_screen(struct term *term)
{
	char *text = term_text(term);

	/* Not print_error, which cuts at a kilobyte. */
	fprintf(stderr, "---- the screen, %d x %d, cursor in row %d ----\n%s----\n", term->cols,
		term->rows, term->cursor.row, text);
	free(text);
}

void term_expect_at(struct term *term, const char *text, bool there, const char *file, int line)
{
	if (wait_for(term, text, there, WAIT_MS))
		return;
	print_screen(term);
	print_error("%s \"%s\"%s\n", there ? "never came:" : "never went:", text,
		    term->eof ? " (the program has ended)" : "");
	_fail(file, line);
}

void term_expect_that_at(struct term *term, const char *what, term_test *test, void *arg,
			 const char *file, int line)
{
	if (term_wait_that(term, test, arg, WAIT_MS))
		return;
	print_screen(term);
	print_error("never came: %s%s\n", what, term->eof ? " (the program has ended)" : "");
	_fail(file, line);
}

void term_expect_exit_at(struct term *term, int status, const char *file, int line)
{
	int got = term_wait_exit(term, WAIT_MS);

	if (got == status)
		return;
	print_screen(term);
	print_error("exit status %d instead of %d\n", got, status);
	_fail(file, line);
}
