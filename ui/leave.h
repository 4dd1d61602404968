/* The end: what it costs is said before, what stays at the server after. */
#ifndef LEAVE_H
#define LEAVE_H

#include "desk.h"

/* After every event: ends what "delete them, then yes" began when nothing is left to wait for. */
void leave_heard(struct ui *ui);
/* The screen is given back: ends what goes on, and waits, unless a signal comes, for what has to be
 * undone first. */
void leave_finish(struct ui *ui);
/* To standard output, once the terminal is given back: what goes on, until when, and how to take it
 * over. Nothing when nothing does. */
void leave_tell(const struct session *session);

#endif
