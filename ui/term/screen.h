/*
 * The terminal: taken, painted, resized, suspended and given back. On any end, a crash included, it
 * is restored; when it goes away nothing is written any more.
 */
#ifndef SCREEN_H
#define SCREEN_H

#include <stdbool.h>

struct screen_config {
	bool ascii, plain, mouse;
	int no_memory; /* status of the program where curses ends it for want of memory */
};

/* False with a sentence in `why` when this terminal cannot be used. */
bool screen_open(const struct screen_config *config, char *why, unsigned cap);
/* Gives the terminal back, as far as it is there and takes something. False: it does not, so that
 * nothing should be written to it any more. In a hurry it never waits longer than some
 * milliseconds; else for up to two seconds for each piece that a slow terminal takes. */
bool screen_close(bool hurry);
/* Whether the terminal has not yet taken all of the last frame: no other is drawn before
 * screen_room says that it has. screen_fd is the descriptor on which there will be room. */
bool screen_waits(void);
bool screen_room(void);
int screen_fd(void);
/* Whether it can place its cursor; one that cannot shows the last row alone, from its start. */
bool screen_addresses(void);
/* Its size as last taken over: columns and rows. */
void screen_size(int *width, int *height);
/* Takes over the terminal's present size. */
void screen_resize(void);
/* Gives the terminal back, stops the process as ^Z does, and takes it again when continued. False:
 * this system stops none. */
bool screen_suspend(void);
/* Draws everything anew, whatever the terminal shows. */
void screen_redraw(void);
/* Begins a frame: all blank, attributes reset. False without memory: what is drawn is lost. */
bool screen_begin(void);
/* Sends what differs from the last frame; the cursor rests at (y, x) and is shown if `cursor`.
 * False without memory: something of it is lost, and the next frame is sent whole. */
bool screen_end(bool cursor);
/* True when reading standard input found its end: the terminal has gone. */
bool screen_hung_up(void);
/* Puts text into the terminal's clipboard (OSC 52). False when it is too long for that, or the
 * terminal takes nothing now. */
bool screen_copy(const char *text);

#endif
