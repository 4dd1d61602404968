/*
 * What is asked for with a probe, and what becomes of its results, whichever face runs it: which
 * cases, reports in files, an earlier report to compare with.
 */
#ifndef PROBE_WISH_H
#define PROBE_WISH_H

#include "args.h"
#include "probe-file.h"

struct probe_wish {
	struct probe_config config;
	struct whole *html, *junit; /* to be written when it is over; NULL: not wanted */
	bool compares;
	struct probe_baseline baseline;
};

/* What the words of the command ask for; files are opened last. False with *why, and nothing to
 * drop: all that can be wrong is found before the first request. */
bool probe_wish_take(struct probe_wish *wish, struct session *session, const struct args *args,
		     struct pcp_why *why);
/* What the command asks for without a word. */
void probe_wish_default(struct probe_wish *wish, struct session *session);

/* The same once more, of the server that the session has now; files are not written again. */
void probe_wish_again(struct probe_wish *wish, struct session *session);

/* Notes what differs from the earlier report, if there is one. */
void probe_wish_compare(const struct probe_wish *wish, const struct probe *probe,
			struct writer *out);

/* A report with the texts that it points into. */
struct probe_report_text {
	struct probe_report report;
	char server[ENDPOINT_TEXT], when[32];
};

/* Of now, from what the session's log has. */
void probe_report_of(struct probe_report_text *text, const struct probe *probe,
		     struct session *session, const struct pcp_endpoint *server);
/* Writes and closes its files. False with *why: not all could be written, and those are as they
 * were. */
bool probe_wish_write(struct probe_wish *wish, const struct probe_report *report,
		      struct pcp_why *why);
/* It comes to nothing: its files stay as they were. */
void probe_wish_drop(struct probe_wish *wish);

#endif
