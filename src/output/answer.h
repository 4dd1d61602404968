/*
 * What came of a request, in one sentence that a person can act on: the line above the foot of the
 * dashboard, Exchanges' row, and the last line of a command. The badge and the number before it are
 * the reader's to draw.
 */
#ifndef ANSWER_H
#define ANSWER_H

#include "client.h"
#include "log.h"

/* How it went: the badge. */
enum answer_verdict {
	ANSWER_GRANTED,	  /* yes, and as asked */
	ANSWER_OTHERWISE, /* not what PREFER_FAILURE asked for, exactly that or an error */
	ANSWER_REFUSED,
	ANSWER_WAITING, /* nothing has come yet */
	ANSWER_IGNORED, /* what came was not taken; it may wait still */
	ANSWER_SILENT,	/* given up, and nothing had come */
	ANSWER_UNREACHABLE,
	ANSWER_CANCELLED,
	ANSWER_HELD,	/* not sent yet */
	ANSWER_UNKNOWN, /* no such exchange, or the log dropped it */
};

struct answer {
	const struct log *log;
	const struct pcp_client *client;
	uint32_t exchange;
	usec now;     /* the client's clock */
	bool ascii;   /* "->" and "!=" instead of the signs for them */
	bool example; /* an external address of documentation is no remark: our own lab gives it */
	const char *lab_why; /* our own lab's reason, exactly (session_lab_why); NULL: none */
	bool over;	     /* nobody waits for it any longer, though the engine may */
};

enum { ANSWER_TEXT = 768 };

enum answer_verdict answer_verdict(const struct answer *answer);
/* "granted", "refused": for programs. */
const char *answer_verdict_name(enum answer_verdict verdict);
/* Whether the server answered at all. */
bool answer_came(const struct answer *answer);
/* At most `width` columns (0: as many as it takes), UTF-8 unless `ascii`. What is worth least gives
 * way first: the time taken, "as asked", what it means and what to do, the inside, what was asked
 * instead; never the outside address with its port, that nobody gets in, or a result's name, though
 * these alone may be wider. Length as snprintf. */
size_t answer_sentence(const struct answer *answer, unsigned width, char *buf, size_t cap);
/* The sentence of ANSWER_SILENT, of whatever was asked. */
size_t answer_silence(const struct pcp_endpoint *server, bool natpmp_only, unsigned width,
		      char *buf, size_t cap);

#endif
