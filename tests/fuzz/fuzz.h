/* What every fuzzer needs. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the run, and so keeps the input, when what must hold does not. */
static inline void expect(bool holds, const char *what)
{
	if (!holds) {
		fprintf(stderr, "%s\n", what);
		abort();
	}
}

/* An input read as a script: octet by octet, and zeros once it has ended. */
struct feed {
	const uint8_t *octets;
	size_t left;
};

static inline uint8_t feed_octet(struct feed *feed)
{
	if (feed->left == 0)
		return 0;
	feed->left--;
	return *feed->octets++;
}

static inline uint16_t feed_two(struct feed *feed)
{
	uint16_t high = feed_octet(feed);

	return (uint16_t)(high << 8 | feed_octet(feed));
}

/* The next octets, as many as are wanted and there. */
static inline const uint8_t *feed_octets(struct feed *feed, size_t wanted, size_t *len)
{
	const uint8_t *octets = feed->octets;

	*len = wanted < feed->left ? wanted : feed->left;
	feed->octets += *len;
	feed->left -= *len;
	return octets;
}

#endif
