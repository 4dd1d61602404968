/* A list of latencies that is sorted when it is asked. */
#include "samples.h"

#include <stdlib.h>

bool samples_add(struct samples *samples, usec value)
{
	if (samples->count == samples->cap) {
		size_t cap = samples->cap ? 2 * samples->cap : 256;
		usec *more = realloc(samples->value, cap * sizeof *more);

		if (!more)
			return false;
		samples->value = more;
		samples->cap = cap;
	}
	samples->value[samples->count++] = value;
	samples->sorted = false;
	return true;
}

static int by_value(const void *a, const void *b)
{
	const usec *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

usec samples_at(struct samples *samples, unsigned thousandths)
{
	size_t rank = (samples->count * thousandths + 999) / 1000;

	if (!samples->count)
		return 0;
	if (!samples->sorted)
		qsort(samples->value, samples->count, sizeof *samples->value, by_value);
	samples->sorted = true;
	return samples->value[rank ? rank - 1 : 0];
}

void samples_free(struct samples *samples)
{
	free(samples->value);
	*samples = (struct samples){ 0 };
}
