/* The dashboard with its own lab on a terminal: what every screen test starts with. */
#ifndef DASH_H
#define DASH_H

#include <termios.h>

#include "term.h"

struct dash {
	int rows, cols;		/* 0: 24, 80 */
	const char *term;	/* $TERM; NULL: xterm-256color */
	const char *locale;	/* NULL: C.UTF-8 */
	const char *const *env; /* as in struct term_config */
	const char *words;	/* for the lab, after its address: "min-lifetime=1s"; may be NULL */
	const char *option[4];	/* further ones */
};

/* $PCPSCOPE, ./pcpscope when it is not set. */
const char *dash_program(void);
/* Starts it and waits until it shows its keys. Whatever it writes goes to a directory of the test's
 * own. */
struct term *dash_open(const struct dash *dash);
/* Starts it and waits for nothing. */
struct term *dash_start(const struct dash *dash);
/* As dash_open, with a shell that holds the terminal, so that its modes outlive the program;
 * *before: what they were. Once the program has ended, "status N" shows. */
struct term *dash_under_a_shell(const struct dash *dash, struct termios *before);
/* Fails the test unless the shell's user would have the main screen, a cursor, no mouse, and the
 * line discipline as it was. */
void dash_given_back(struct term *term, const struct termios *before);
/* A line after `:`. */
void dash_command(struct term *term, const char *line);
/* q, and yes to the question where mappings stand; until the program has ended, or, behind a shell,
 * that says its last words. */
void dash_leave(struct term *term, const char *last);
/* The same, status 0, gone. */
void dash_quit(struct term *term);

#endif
