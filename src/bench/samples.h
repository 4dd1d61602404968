/* Latencies, and what they come to. */
#ifndef SAMPLES_H
#define SAMPLES_H

#include <stdbool.h>
#include <stddef.h>

#include "clock.h"

struct samples {
	usec *value;
	size_t count, cap;
	bool sorted;
};

bool samples_add(struct samples *samples, usec value); /* false without memory */
/* The value that so many thousandths of them do not exceed (nearest rank); 0: there are none. */
usec samples_at(struct samples *samples, unsigned thousandths);
void samples_free(struct samples *samples);

#endif
