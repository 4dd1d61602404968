/*
 * Output to what can be slow, full or gone: a pipe, a terminal, a socket. What is written never
 * waits for the reader; what the reader has no room for is kept up to a bound, and beyond it pieces
 * are dropped whole and counted. A program with a loop watches outlet_fd() for room while
 * outlet_waits().
 */
#ifndef OUTLET_H
#define OUTLET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct outlet {
	int fd;	       /* -1: closed */
	bool borrowed; /* fd is the caller's: it is not closed here */
	size_t cap;    /* octets that are kept for a slow reader */
	uint8_t *kept;
	size_t len;
	uint32_t *
		piece; /* octets of each piece that is kept, the first as far as it has not gone; */
	size_t npiece, room; /* and how many of them there is room for */
	uint64_t dropped;    /* pieces */
	int error;	     /* errno when the reader was gone; 0: it is there */
};

/* Writes to what fd stands for, through a description of its own where the system gives one, so
 * that nobody who shares fd (a shell shares the terminal) is made not to wait. Keeps up to `cap`
 * octets. False when memory is out. */
bool outlet_begin(struct outlet *outlet, int fd, size_t cap);
/* Opens a file for writing without waiting: of a pipe that nobody reads, ENXIO. False with errno.
 */
bool outlet_open(struct outlet *outlet, const char *path, size_t cap);
/* Takes the piece whole, or drops it whole: false, counted, with errno (EAGAIN: no room for now;
 * ENOMEM).
 */
bool outlet_put(struct outlet *outlet, const void *octets, size_t len);
/* Writes what is kept, as far as there is room. False, with outlet->error, when nobody reads. */
bool outlet_flush(struct outlet *outlet);
/* The same at the end, when nothing else is left to do: waits for a reader that goes on reading, up
 * to `patience` milliseconds for each piece that it takes. False when something is still kept. */
bool outlet_drain(struct outlet *outlet, int patience);
/* Pieces that are kept, of which none has gone whole. */
size_t outlet_pieces(const struct outlet *outlet);
/* Whether something is kept until there is room. */
bool outlet_waits(const struct outlet *outlet);
int outlet_fd(const struct outlet *outlet);
/* What is still kept is lost. */
void outlet_end(struct outlet *outlet);

#endif
