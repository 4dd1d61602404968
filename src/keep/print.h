/* What is held, in words: a line for people, members of JSON, Prometheus' text, and what a command
 * is told. */
#ifndef PRINT_H
#define PRINT_H

#include <stdio.h>

#include "json.h"
#include "keep.h"
#include "session.h"

/* "mapped tcp+udp 203.0.113.9:8080 -> 10.0.0.2:8080, 1:00:00: granted". Length as snprintf. */
size_t print_hold(const struct session *session, const struct keep_hold *hold, char *buf,
		  size_t cap);
/* Members of the object that is open. */
void print_hold_json(const struct session *session, const struct keep_hold *hold,
		     struct json *json);
/* The same for a command, each as a variable of its environment. */
void print_hold_names(const struct session *session, const struct keep_hold *hold,
		      void (*add)(void *to, const char *name, const char *value), void *to);

/* What the program counts beside the holds. */
struct print_counts {
	uint64_t runs, failures;
};

/* All of them: a line each, one JSON object, or Prometheus' exposition format 0.0.4. */
void print_state(const struct session *session, const struct keep *keep, bool json, FILE *file);
void print_metrics(const struct session *session, const struct keep *keep,
		   const struct print_counts *counts, FILE *file);

#endif
