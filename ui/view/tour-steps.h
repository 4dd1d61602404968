/* What the files of the tour share: tour.c (its life and how it looks), tour-text.c (what it says),
 * tour-type.c (typing it for somebody), tour-steps.c (the lesson), tour-path.c (whether somebody is
 * on the path, and what leads back). */
#ifndef TOUR_STEPS_H
#define TOUR_STEPS_H

#include "tour.h"
#include "view.h"

/* What has to be so before a step's own keys do what they shall; in the order in which it is
 * looked at. */
enum {
	NEED_LIVE = 1 << 0,	 /* no capture is open */
	NEED_WELL = 1 << 1,	 /* the lab has no faults */
	NEED_OURS = 1 << 2,	 /* the lesson's mapping stands */
	NEED_SOMETHING = 1 << 3, /* something stands */
	NEED_LOSS = 1 << 4,	 /* something is lost */
	NEED_DEAF = 1 << 5,	 /* the lab drops every request */
	NEED_PANES = 1 << 6,	 /* no page is in front */
	NEED_MAPPINGS = 1 << 7,	 /* the pane that has the focus */
	NEED_DECODE = 1 << 8,	 /* the same */
	NEED_MESSAGE = 1 << 9,	 /* Decode shows a message, not a draft */
	NEED_ROW = 1 << 10,	 /* the cursor is on the lesson's mapping */
	NEED_OCTETS = 1 << 11,	 /* octets are being typed */
	NEED_BELOW = 1 << 12,	 /* Decode has a row below its cursor */
	NEED_ASKING = 1 << 13,	 /* Compose holds a MAP, and the last one was not refused */
};

/*
 * Texts hold keys and places. `...` is typed as it stands, or, as `<name>`, the key of that binding
 * pressed: what a person reads is what F8 types, and there is no second list. {name} is a value of
 * the session: tour_value().
 */
struct tour_step {
	const char *title;
	unsigned needs;
	const char *why; /* what it is about, before what is to be done */
	const char *act;
	const char *wait; /* instead, while what was sent has no answer; NULL: `act` stays */
	/* Either ends the step: */
	bool (*heard)(struct ui *ui, const struct pcp_client_event *event);
	bool (*seen)(struct ui *ui);
	/* Or an answer with `refusal`. One to such a request counts from before the step, too: the
	 * engine does not repeat it (RFC 6887 8.3). */
	uint8_t refusal; /* 0: none */
	bool (*asked)(const struct message *request);
	const char *saw; /* what was seen then */
};

extern const struct tour_step tour_steps[];
extern const size_t tour_nsteps;

/* The lesson's mapping; NULL where it has left the table. */
const struct pcp_mapping *tour_mapping(const struct ui *ui);
bool tour_any_lost(const struct ui *ui);
bool tour_any_stands(const struct ui *ui);
const struct exchange *tour_last(const struct ui *ui); /* request; NULL: nothing was sent */
/* The same while it waits. */
const struct exchange *tour_waiting(const struct ui *ui);

/* The newest exchange that has done the step already; 0: none has, or it can be done again. */
uint32_t tour_done_before(const struct ui *ui, const struct tour_step *step);

/* What a step's place {name} stands for. */
void tour_value(struct ui *ui, const char *name, size_t len, char *buf, size_t cap);
/* The first thing that is not as the step needs it: what leads back; NULL: all is. */
const char *tour_way_back(struct ui *ui, const struct tour_step *step);

/* ---- tour-text.c ---- */

/* What it says now. Where there is little room (narrow), what to do comes first. */
void tour_text(struct ui *ui, bool narrow, char *buf, size_t cap);

/* One piece of that text: plain, or what is to be typed. */
struct tour_piece {
	bool key;
	char text[200]; /* as it is shown */
	ui_key press;	/* UI_KEY_NONE: the text as it stands */
};

/* Takes the next piece off; false at the end. */
bool tour_piece(struct ui *ui, const char **from, struct tour_piece *piece);

#endif
