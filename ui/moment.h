/*
 * The moment of an open capture that everything shows: the one cursor, which moves the time line,
 * Mappings, Exchanges and Decode together.
 */
#ifndef MOMENT_H
#define MOMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "clock.h"

struct ui;
struct message;
struct replay;

struct moment {
	const struct replay *of; /* that was looked at last, */
	uint32_t number;	 /* and how many before it */
	uint32_t message;	 /* the one that came then */
	bool begun;		 /* it has been read, and is shown from its first message on */
	bool followed;		 /* it grows, and has come into view */
	bool playing;
	usec next_at; /* when the next datagram is due, while it plays */
	bool live;    /* Compose stands where the capture's contents do: s sends, and closes it */
};

/* Before a frame: opens on the first message, and plays. */
void moment_frame(struct ui *ui, usec now);
/* To a message that was chosen where it was shown; nothing where no capture is open. */
void moment_to(struct ui *ui, const struct message *message);
/* The same, and Decode shows it. */
void moment_choose(struct ui *ui, const struct message *message);
/* Whether it lies behind the moment shown. */
bool moment_is_later(const struct ui *ui, const struct message *message);
/* Compose takes its place, and says what that means; and back from there, false where it was not.
 */
void moment_live(struct ui *ui);
bool moment_back_from_live(struct ui *ui);

#endif
