/*
 * The tour: a lesson inside the program. A step says what to do and names the keys; what happens in
 * the session shows that it was done, and then it is explained. Where somebody has left the path,
 * the step's text names the key that leads back.
 */
#ifndef TOUR_H
#define TOUR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "layout.h"

struct ui;
struct pcp_client_event;

enum { TOUR_TEXT = 480 };

struct tour {
	bool on;	/* in sight; put away, it keeps its step */
	bool explained; /* the step is done: Enter goes on */
	size_t step;
	bool begun;	   /* some step was in sight */
	uint32_t mapping;  /* that the lesson is about; 0: none yet */
	uint32_t exchange; /* the session's last one before the step began */
	bool asked;	   /* leaving was asked about, in this step */
	size_t octet;	   /* lit when Decode came to the front in this step, */
	bool lit;	   /* if it did */
	uint32_t before;   /* the exchange, before the step, that had done it; 0: none */
	struct {	   /* by F8, in this step */
		char text[TOUR_TEXT];
		size_t front, cursor; /* where that led */
		unsigned times;	      /* that it was this, and led there */
	} typed;
};

/* Says in the answer line that there is a tour, where there is a gateway to practise on. */
void tour_offer(struct ui *ui);
/* Rows that it wants above the answer line; 0: it is not in sight. */
int tour_rows(struct ui *ui, int width, int height);
void tour_draw(struct ui *ui);
/* An event of the session, and what the screen shows after a key: either may end a step. */
void tour_heard(struct ui *ui, const struct pcp_client_event *event);
void tour_look(struct ui *ui);
void tour_pause(struct ui *ui);
/* After `:tour`: "next", a step's number, or nothing; says so where it is neither. */
void tour_go(struct ui *ui, const char *typed);

#endif
