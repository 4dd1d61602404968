/*
 * A program on a pseudo-terminal, its screen read by libvterm: what a person would see, cell by
 * cell. Nothing sleeps for a fixed time: each wait ends as soon as what it waits for is there, and
 * fails the test with the screen printed when it never comes. Silence is waited for while the
 * program sleeps: one that a busy machine keeps waiting is not silent.
 */
#ifndef TERM_H
#define TERM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <vterm.h>

struct term_config {
	int rows, cols;		/* 0: 24, 80 */
	const char *term;	/* $TERM; NULL: xterm-256color */
	const char *locale;	/* $LC_ALL; NULL: C.UTF-8 */
	const char *const *env; /* further NAME=VALUE, ends with NULL; may be NULL */
	const char *const *argv;
};

struct term {
	pid_t pid;
	int fd;
	int rows, cols;
	VTerm *vt;
	VTermScreen *screen;
	size_t octets; /* written by the program so far, */
	size_t shown;  /* and so many of them read by libvterm */
	char *raw;     /* all of them */
	size_t raw_cap;
	bool eof, altscreen, cursor_visible;
	VTermPos cursor;
	int status;	      /* wait status once it has ended; -1 before */
	long told_at, sleeps; /* when keys were sent, and how often it had gone to sleep by then */
};

/* Starts the program; fails the test when it cannot. term_close ends it by force if it still runs.
 */
struct term *term_open(const struct term_config *config);
void term_close(struct term *term);

/* Octets as typed; "\033" is Esc. */
void term_send(struct term *term, const char *keys);
/* Sends each character of `text` and the key after it ("\r"). */
void term_type(struct term *term, const char *text, const char *key);
void term_resize(struct term *term, int rows, int cols);
/* The terminal goes away, as when its window is closed. */
void term_hangup(struct term *term);

/* Takes in what the program writes until it has seen all keys, and slept in silence for `quiet_ms`
 * (at most a minute in all). 0: only what it has written so far. */
void term_settle(struct term *term, int quiet_ms);
/* Until the text stands somewhere on the screen; false after `ms`. */
bool term_wait(struct term *term, const char *text, int ms);
bool term_wait_gone(struct term *term, const char *text, int ms);
/* The same for what one text cannot say. */
typedef bool term_test(struct term *term, void *arg);
bool term_wait_that(struct term *term, term_test *test, void *arg, int ms);
/* Until the program has ended; its exit status, -1 when it still runs after `ms`, 128+N for signal
 * N. */
int term_wait_exit(struct term *term, int ms);
/* Whether the keys that it got have ended it: one that is about to end is waited for. */
bool term_ended(struct term *term);

/* The screen as text, rows ended by newlines, trailing blanks removed. The caller frees it. */
char *term_text(struct term *term);
/* One row; the same. */
char *term_row(struct term *term, int row);
/* Where the text stands first (row by row); false when nowhere. */
bool term_find(struct term *term, const char *text, int *row, int *col);
bool term_shows(struct term *term, const char *text);
/* How much of the screen carries something, in tenths of a per cent of its cells: those with a
 * character, and a blank between two characters of a row. */
int term_carries(struct term *term);
VTermScreenCell term_cell(struct term *term, int row, int col);
/* Whether the program has asked for clicks and not taken that back. libvterm reads one mode a
 * sequence only. */
bool term_mouse(const struct term *term);

/* For assertions: fails the test, printing the screen, unless the text comes (or goes) within a
 * minute.
 */
#define term_expect(term, text)	     term_expect_at(term, text, true, __FILE__, __LINE__)
#define term_expect_gone(term, text) term_expect_at(term, text, false, __FILE__, __LINE__)
void term_expect_at(struct term *term, const char *text, bool there, const char *file, int line);
/* The same for what one text cannot say; `what` is printed. */
#define term_expect_that(term, what, test, arg)                                                    \
	term_expect_that_at(term, what, test, arg, __FILE__, __LINE__)
void term_expect_that_at(struct term *term, const char *what, term_test *test, void *arg,
			 const char *file, int line);
#define term_expect_exit(term, status) term_expect_exit_at(term, status, __FILE__, __LINE__)
void term_expect_exit_at(struct term *term, int status, const char *file, int line);

#endif
