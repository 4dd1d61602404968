/* What is being waited for, in words that count down. */
#ifndef WAITING_H
#define WAITING_H

#include "desk.h"

/* The moment that a frame shows: all countdowns of it change together, with one wake-up a second.
 * Cut to full seconds, it adds less than one to what is left, which is cut again: never more is
 * shown than was granted. */
static inline usec shown_moment(usec now)
{
	return now - now % USEC_PER_SEC;
}

/* The time left until a moment of the client's clock, "0:00:05"; in whole minutes where every
 * change would be read aloud. */
void left_text(struct ui *ui, usec until, char *buf, size_t cap);
/* The same where seconds are all there is: "3 s", "2:05". */
void seconds_left_text(struct ui *ui, usec until, char *buf, size_t cap);
/* "3rd try in 0:00:05" of what went out `sends` times; "waiting" when no other try is planned. */
void next_try_text(struct ui *ui, uint32_t sends, usec next_at, char *buf, size_t cap);
/* What is being waited for, or what became of the request; "" when it was answered. */
enum style outcome_text(struct ui *ui, const struct exchange *exchange, char *buf, size_t cap);

#endif
