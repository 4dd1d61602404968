/*
 * What goes to the terminal, without waiting for it: curses writes where standard output leads, so
 * that leads into a file in memory while it writes, and from there as much goes on as the terminal
 * takes. What it does not take yet is kept, and nothing more should be written until it has gone.
 */
#ifndef SPOOL_H
#define SPOOL_H

#include <stdbool.h>
#include <stddef.h>

/* For the terminal on standard output. False when memory is out. */
bool spool_open(void);
void spool_close(void);
/* Around all that writes to standard output. */
void spool_begin(void);
/* False: something of it is lost, so that nobody knows what the terminal shows. */
bool spool_end(void);
/* Sends what was not written to standard output; the same. */
bool spool_put(const char *octets, size_t len);
/* Whether something is kept for the terminal; then its descriptor is to be watched for room. */
bool spool_waits(void);
int spool_fd(void);
/* Sends what is kept, as far as there is room. */
void spool_flush(void);
/* The same at the end: waits up to `patience` milliseconds for each piece that is taken. False: the
 * terminal takes no more. */
bool spool_drain(int patience);
/* For a signal handler: straight to the terminal, as far as it takes it at once. */
void spool_cry(const char *octets, size_t len);

#endif
