/* A FILE whose octets come from a function: each system's own way, one file a way. */
#ifndef STREAM_H
#define STREAM_H

#include <stdio.h>

struct stream {
	/* Puts up to `cap` octets into buf: how many; 0: there are none now, which reads as the end
	 * of the file until clearerr(). */
	size_t (*take)(struct stream *stream, char *buf, size_t cap);
};

/* A FILE to read. The stream stays the caller's and must outlive it. NULL with errno. */
FILE *stream_open(struct stream *stream);

#endif
