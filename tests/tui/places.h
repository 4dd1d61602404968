/* The places that keys work in, and how to get to each, with something to do there. */
#ifndef PLACES_H
#define PLACES_H

#include "dash.h"

/* How to get to a place where there is something to do: once, and again before each key. Each Esc
 * leaves something that the key before may have opened. What does nothing there has to do something
 * in the `other` state of the place: zoomed, or at octets. */
struct place {
	unsigned where;
	const char *name, *once, *again, *other, *shows;
	char unbound; /* does nothing there; 0: every key does */
};

enum { PLACES_MAX = 32 };

extern const struct place places[];
extern const size_t place_count;

/* Each Esc leaves something. */
#define OUT "\033\033\033"
/* To the panes, also from a field, into which a digit types. */
#define F2 "\033OQ"
#define F3 "\033OR"
#define F4 "\033OS"
#define F5 "\033[15~"

/* A group's setup and teardown: another server than the lab, and a capture. */
int places_start(void **state);
int places_stop(void **state);
/* The dashboard with mappings, on the way to that place: `again` leads there. */
struct term *place_open(const struct place *place);
/* The same in another size than 40x120, and with one further option, NULL: none. */
struct term *place_open_as(const struct place *place, int rows, int cols, const char *option);

#endif
