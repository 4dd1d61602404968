/*
 * Reports in files: JUnit XML for machines that build, one HTML file for people, and an earlier
 * report to compare with.
 */
#ifndef PROBE_FILE_H
#define PROBE_FILE_H

#include <stdio.h>

#include "log.h"
#include "probe.h"

/* What a report in a file says beside the probe's lines. */
struct probe_report {
	const struct probe *probe;
	const struct log *log; /* the packets of the exchanges, as far as it still has them */
	const char *server;    /* "192.168.1.1:5351" */
	const char *when;      /* "2026-01-31 12:04" */
	usec now;	       /* for what is left on the gateway */
};

/* False when the file could not be written. */
bool probe_write_junit(FILE *file, const struct probe_report *report);
bool probe_write_html(FILE *file, const struct probe_report *report);

/* ---- an earlier report ---- */

struct probe_baseline {
	bool known[PROBE_CASES_MAX]; /* by probe_case_at */
	enum probe_verdict verdict[PROBE_CASES_MAX];
};

/* Reads the lines that probe --json wrote. False with *why when it is no such report. */
bool probe_read_baseline(const char *name, struct probe_baseline *baseline, struct pcp_why *why);
/* How the i-th case changed, "C12 was pass, is fail"; false when it did not, or is not in both. */
bool probe_change(const struct probe *probe, const struct probe_baseline *baseline, size_t i,
		  char *buf, size_t cap);

#endif
