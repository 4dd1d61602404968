/* A capture that grows, as a file that libpcap can read: between capture-read.c and
 * capture-gate.c. */
#ifndef CAPTURE_GATE_H
#define CAPTURE_GATE_H

#include <stdbool.h>
#include <stdio.h>

struct gate;

/* Takes fd over, also when it fails: NULL without memory, or where the system has no such files. */
struct gate *gate_new(int fd);
void gate_free(struct gate *gate);
/* Reads what there is, and waits for nothing. Whether records that are whole have come. */
bool gate_fill(struct gate *gate);
/* What stands before the first packet is there. */
bool gate_begun(const struct gate *gate);
/* Nothing more comes: a stream was closed. */
bool gate_over(const struct gate *gate);
/* Why, where it ended in the middle of a record, or cannot be a capture; NULL: it is whole. */
const char *gate_broken(const struct gate *gate);
/* Whether select() tells when there is more; a file must be looked at. */
bool gate_tells(const struct gate *gate);
int gate_fd(const struct gate *gate);
/* Its whole records. At the end of those it is at its end, until clearerr() and more of them. The
 * caller closes it, before gate_free. */
FILE *gate_open(struct gate *gate);

#endif
