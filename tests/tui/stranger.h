/*
 * What a stranger on the network could send: DESCRIPTIONs made to break a screen, in a capture, and
 * from a server that gives them to whoever asks.
 */
#ifndef STRANGER_H
#define STRANGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { STRANGER_MAX = 1016 }; /* octets of text that fit the longest PCP message: RFC 7220 3 */

struct stranger_text {
	const char *name, *octets; /* octets: a string literal, which may hold NULs */
	size_t len;
	bool broken; /* no UTF-8, which the rules object to */
};
extern const struct stranger_text stranger_texts[];
extern const size_t stranger_ntexts;

/* Text i between << and >>; those from stranger_ntexts on are the same ones again, repeated up to
 * `most` octets. Returns the length. */
size_t stranger_text(size_t i, size_t most, uint8_t text[STRANGER_MAX]);
/* As long and with as many findings, and harmless. */
size_t stranger_harmless(size_t i, size_t most, uint8_t text[STRANGER_MAX]);

/* Writes a capture of 2 * stranger_ntexts MAP requests and answers to it, one for each text;
 * internal ports count from 1000. */
bool stranger_capture(const char *path, bool harmless);

struct stranger {
	pid_t pid;
	uint16_t port; /* of 127.0.0.1 */
};

/* A server in a process of its own. MAP gets the text of its internal port (1000: the first), GET
 * one entry an answer, until all texts were told. */
bool stranger_start(struct stranger *stranger);
void stranger_stop(struct stranger *stranger);

#endif
