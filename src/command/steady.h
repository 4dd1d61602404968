/* The lines of a command that runs on, whoever reads them and however slowly. */
#ifndef STEADY_H
#define STEADY_H

#include "command.h"
#include "outlet.h"

struct steady {
	struct writer *out;
	struct writer_to before; /* where its lines went */
	struct loop *loop;
	struct steady_stream {
		struct steady *steady;
		struct outlet outlet;
		uint64_t told; /* of the dropped lines */
		char *line;    /* the line that is being put, with its newline */
		size_t room;   /* octets */
	} lines, errors;
	int gone; /* errno: nobody reads the lines any more */
};

/* From here to steady_end the writer never waits: what a slow reader of standard output has no room
 * for is kept, up to a bound, and then dropped by whole lines, which are counted and told. When
 * nobody reads any more the loop is stopped. The steady must stay where it is. False without
 * memory; a line that there is none for later is dropped, too, and the writer has failed. */
bool steady_begin(struct steady *steady, struct writer *out, struct loop *loop);
/* Whether all that was said so far is on its way: whoever waits for a beginning that could not be
 * said would wait for ever. */
bool steady_was_said(const struct steady *steady);
/* EXIT_ANSWERED, or EXIT_FAILED with a sentence when nobody read. */
enum exit_status steady_end(struct steady *steady);

#endif
