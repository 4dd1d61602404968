/* Prints what a session does, as it happens: the face of the command line and the shell. */
#ifndef REPORT_H
#define REPORT_H

#include "session-task.h"
#include "writer.h"

enum report_level {
	REPORT_QUIET,	 /* answers only, a line each */
	REPORT_MESSAGES, /* every request and answer in full, and what went wrong */
	REPORT_EVENTS,	 /* mappings and servers as they change, too */
};

struct report {
	struct session *session;
	struct writer *out;
	enum report_level level;
	uint32_t seen;	 /* the message of the log that came last */
	uint32_t told;	 /* the exchange whose outcome was written last */
	bool muted;	 /* no requests and answers for now; what goes wrong is told still */
	uint64_t missed; /* of session_missed(): told */
	struct session_observer observer;
};

/* The report must stay where it is until report_stop. */
void report_start(struct report *report, struct session *session, struct writer *out,
		  enum report_level level);
void report_stop(struct report *report);
/* What came of it, in a sentence; once. over: it is waited for no longer. */
void report_outcome(struct report *report, uint32_t exchange, bool over);

#endif
