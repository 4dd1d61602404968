/* Metrics for whoever asks by HTTP: one page, whatever the path. */
#ifndef ANSWERER_H
#define ANSWERER_H

#include <stdio.h>

#include "endpoint.h"
#include "loop.h"

struct answerer;

/* Listens there, and has `print` write the page for each question. NULL with *why. */
struct answerer *answerer_new(struct loop *loop, const struct pcp_endpoint *local,
			      void (*print)(void *arg, FILE *file), void *arg, struct pcp_why *why);
void answerer_free(struct answerer *answerer);

#endif
