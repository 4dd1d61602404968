/*
 * The desk: what the screen consists of now, and what views ask of it. A view wants another to show
 * something through the selection, and a person to read something through a message or a question.
 */
#ifndef DESK_H
#define DESK_H

#include "answer.h"
#include "draw.h"
#include "input.h"
#include "keys.h"
#include "layout.h"
#include "list.h"
#include "menu.h"
#include "moment.h"
#include "select.h"
#include "session-task.h"
#include "tour.h"
#include "ui.h"

struct prompt;

/* How many mappings are how. */
struct ui_counted {
	size_t stands, waiting, refused, lost;
	usec at;
	bool stale;
};

/* To be answered before all else; any other key leaves things as they are. */
struct question {
	char text[256]; /* "": nothing is asked */
	char more[512]; /* what is to be known for the answer */
	void (*yes)(struct ui *ui);
	void (*also)(struct ui *ui); /* the third answer; NULL: there is none */
};

struct ui {
	struct session *session;
	const struct ui_config *config;
	struct keymap keys;
	const struct theme *theme;
	struct layout_state place;
	struct layout layout;
	enum ui_view page; /* the page over the panes; VIEW_COUNT: none */
	/* What it was opened from, the lowest first: pages, and VIEW_COUNT where the panes were
	 * opened from a page. Each page stands there once. */
	enum ui_view under[2 * VIEW_COUNT];
	size_t nunder;
	enum ui_pane dock_from; /* what had the focus when the panel was called */
	struct selection selection;
	struct input *input; /* the line being typed; NULL: none */
	struct menu menu;
	struct prompt *prompt;
	struct question question;
	struct tour tour;
	ui_key pressed;		 /* the key that a binding runs for */
	struct moment moment;	 /* of an open capture */
	bool leaving;		 /* the end comes when what can be deleted is */
	void *state[VIEW_COUNT]; /* of each view */
	struct session_observer observer;
	usec now;     /* the moment this frame shows: cut to full seconds while countdowns show */
	usec tick_at; /* when the next digit changes; USEC_NEVER: nothing counts down */
	usec last_at; /* the last event, for the status line; 0: none yet */
	bool dirty;   /* something changed since the last frame */
	bool painting;
	bool urgent; /* a person waits for it */
	usec painted_at;
	uint64_t frame; /* counts them: what is computed once a frame */
	bool cursor;	/* a text cursor is wanted this frame */
	bool hung_up;
	bool hurry;	   /* a signal ends the program */
	bool closed;	   /* the screen is given back */
	char message[512]; /* what was said last; "": it is no news any more */
	enum style message_style;
	struct {
		usec at, until; /* until 0: until the next key */
		bool unasked;	/* of nothing that was asked for: an answer does not replace it, */
		bool below;	/* but takes the line above it */
	} said;
	/* What was asked last: the answer line tells what came of it, until the next. */
	struct {
		uint32_t exchange; /* 0: nothing yet */
		char text[ANSWER_TEXT], badge[24];
	} told;
	struct ui_counted counted;
	char hello[160]; /* what s would do, until the first answer */
	struct {
		char label[96]; /* "": no field of a form is being typed */
		const char *help;
	} editing;
	struct {
		uint8_t external[PCP_ADDR_LEN]; /* that is given usually; all zero: not known yet */
		bool known;
		int rtt[8]; /* of the last answers, in usec, the newest last */
		size_t nrtt;
	} server;
	struct {
		uint16_t server; /* that restarted; 0: no banner */
		usec wall;
		char reason[160], text[400];
	} restart;	  /* until dismissed */
	uint32_t awaited; /* exchange whose end is to be told; 0: none */
};

/* What stands in a pane's place: an open capture has its own in Compose's. */
enum ui_view ui_in_pane(const struct ui *ui, enum ui_pane pane);
enum ui_view ui_front(const struct ui *ui); /* the page in front, or the focused pane */
unsigned ui_where(struct ui *ui);	    /* the IN_ bits that keys are looked up with now */
void ui_focus(struct ui *ui, enum ui_pane pane);
/* Puts the page over what is in front. One that is open already comes to the front again, and what
 * was opened from it goes. */
void ui_page(struct ui *ui, enum ui_view page);
/* Calls the panel that stands in Compose's place, and sends it away again. */
void ui_dock(struct ui *ui);
void ui_back(struct ui *ui); /* to what the page was opened from, as it was; the panel goes */
/* Opens the panes from the page in front, with the focus on that one: ui_back() leads to the page.
 */
void ui_visit(struct ui *ui, enum ui_pane pane);
bool ui_visits(const struct ui *ui); /* the panes were opened so, and are in front */
/* A line at the bottom until the next key. */
void ui_say(struct ui *ui, enum style style, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* An answer takes its place; what nobody asked for and would not be heard of again moves to the
 * line below. */
void ui_unsay(struct ui *ui);
/* Asks at the bottom. */
void ui_ask(struct ui *ui, const struct question *question);
void ui_dirty(struct ui *ui);
/* Called while drawing: something on the screen counts seconds. */
void ui_counts_down(struct ui *ui);
/* There is more to do than fits a frame: paint again at once, after what else is waiting. */
void ui_again(struct ui *ui);
/* Sends a request and shows its exchange in Decode as it goes on; says so, or why not. */
uint32_t ui_send(struct ui *ui, const struct pcp_client_request *request);
/* After pcp_client_renew and the like: what it returned, and its sentence when that was 0. */
void ui_sent(struct ui *ui, uint32_t exchange, const struct pcp_why *why);
/* For an observer: keeps the exchange of the last request that went out in *(uint32_t *)arg. */
void ui_notes_sent(void *arg, const struct pcp_client_event *event);
/* The same for what a command or key began that may have sent anything: Decode stays where it was
 * put by hand. */
void ui_began(struct ui *ui, uint32_t exchange);
void ui_edit(struct ui *ui, struct input *input); /* NULL: done typing */
/* The name of the first key in force of the binding of that name. */
void ui_key_of(const struct ui *ui, const char *name, char *buf, size_t cap);
/* Wall clock "12:04:31.112" of a moment in usec since 1970; digits of the second's fraction: 0
 * or 3. */
size_t ui_clock(usec wall, int digits, char *buf, size_t cap);
/* Whether `text` contains `wanted`, in any case. */
bool ui_contains(const char *text, const char *wanted);

#endif
