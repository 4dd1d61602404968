/*
 * What an open capture contains: counts, times, findings and marks of its datagrams, gathered in
 * slices once it has been read, so that a frame pays for one slice however large the capture is.
 */
#ifndef SURVEY_H
#define SURVEY_H

#include "findings.h"
#include "view.h"

/* What a datagram is on the time line; where several share a place, the last named shows. */
enum survey_mark {
	MARK_NONE,
	MARK_PLAIN,
	MARK_TRY,
	MARK_IGNORED,
	MARK_REFUSED,
	MARK_RESTART,
	MARK_COUNT
};

enum {
	SURVEY_PLACES = 480, /* of the time line, at whatever width it is drawn */
	SURVEY_TRIES = 14,
	SURVEY_FINDINGS = 64,
	SURVEY_TIMES = 640
};

struct survey_finding {
	const struct pcp_rule *rule;
	uint32_t message, exchange; /* the first that it was found in */
	uint32_t count;
};

struct survey {
	bool complete;
	bool live; /* of a capture that grows: no exchanges, no line of time, and never complete */
	uint64_t dropped;	    /* of the log, so far */
	size_t messages, exchanges; /* looked at so far */
	usec first, last;	    /* wall clock */
	uint32_t requests[256], natpmp, retries;
	size_t fine, refused, ignored, unasked, silent;
	uint32_t tries[SURVEY_TRIES]; /* the most in each part of the exchanges, in order */
	uint32_t times[SURVEY_TIMES]; /* how many answers took so long; survey_median */
	uint32_t ntimes;
	usec worst;
	uint32_t restarts;
	usec restart_at; /* wall clock of the first */
	uint8_t version; /* of the last answer */
	uint8_t place[SURVEY_PLACES];
	uint32_t most_tries[SURVEY_PLACES];		/* there */
	struct survey_finding finding[SURVEY_FINDINGS]; /* the gravest first, in order of coming */
	size_t nfinding;
	uint32_t by_severity[3];
	uint8_t *grave; /* of each message: 0, or 1 + its gravest finding's severity */
	size_t grave_cap;
	struct judge *judge;
	struct findings findings;
};

bool survey_open(struct survey *survey); /* false when memory is out */
void survey_close(struct survey *survey);
/* Another capture is open. */
void survey_reset(struct survey *survey);
/* A slice further; nothing while the capture is being read, unless it grows. */
void survey_go_on(struct survey *survey, struct ui *ui);
usec survey_median(const struct survey *survey);
/* The next message from place `from` of the log on (by: 1 or -1) that something worse than a remark
 * was found in; a remark, where there is nothing worse anywhere. -1: there is none. */
long survey_next_finding(const struct survey *survey, long from, int by);

#endif
