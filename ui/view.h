/*
 * What the screen is made of. A view is one const struct of operations and one file; its state is
 * its own. Views share `struct ui` and never call each other: what one wants shown by another goes
 * through the selection, a message or a function of ui.c.
 */
#ifndef VIEW_H
#define VIEW_H

#include "draw.h"
#include "input.h"
#include "keys.h"
#include "layout.h"
#include "list.h"
#include "select.h"
#include "session.h"
#include "ui.h"

/* Bit n of a binding's `where` is view n. The first PANE_COUNT are panes, the others pages. */
enum ui_view {
	VIEW_COMPOSE = PANE_COMPOSE,
	VIEW_MAPPINGS = PANE_MAPPINGS,
	VIEW_EXCHANGES = PANE_EXCHANGES,
	VIEW_DECODE = PANE_DECODE,
	VIEW_LADDER,
	VIEW_COMPARE,
	VIEW_LAB,
	VIEW_OUTPUT,
	VIEW_HELP,
	VIEW_COUNT
};

struct writer;

/* Any operation but name and draw may be NULL. */
struct view {
	const char *name;
	/* Makes ui->state[]; false when memory is out. */
	bool (*open)(struct ui *ui);
	void (*close)(struct ui *ui);
	/* What stands in the border after the name; `in` is the space inside the border. */
	void (*title)(struct ui *ui, char *buf, size_t cap);
	void (*draw)(struct ui *ui, const struct rect *in, bool focus);
	/* One line: what the thing under the cursor means. */
	void (*meaning)(struct ui *ui, char *buf, size_t cap);
	/* What there is to say of it beyond that line. */
	void (*about)(struct ui *ui, struct writer *writer);
	/* The list that movement keys act on, and what happens after they did. */
	struct list *(*list)(struct ui *ui);
	void (*moved)(struct ui *ui);
	/* Moves otherwise than in the list; false: the list does it. */
	bool (*step)(struct ui *ui, long by);
	void (*shown)(struct ui *ui); /* it came to the front */
	void (*event)(struct ui *ui, const struct pcp_client_event *event);
	void (*click)(struct ui *ui, int row, int col); /* inside the border */
	/* More IN_ bits than the view's own: IN_HEX while octets are typed. */
	unsigned (*where)(struct ui *ui);
	/* A key that no binding has, in that state. */
	void (*type)(struct ui *ui, ui_key key);
};

extern const struct view view_compose, view_mappings, view_exchanges, view_decode, view_ladder,
	view_compare, view_lab, view_output, view_help;
extern const struct view *const ui_views[VIEW_COUNT];

/* A short list to choose from, over everything else. */
struct menu_item {
	char label[64];
	const char *help; /* NULL: none */
	int value;
};
struct menu {
	const char *title;
	struct menu_item *item; /* the menu's own copy; NULL: no menu is open */
	size_t nitem;
	struct list list;
	struct rect inside; /* its border, as last drawn */
	void (*chosen)(struct ui *ui, int value);
};

struct prompt;

struct ui {
	struct session *session;
	const struct ui_config *config;
	struct keymap keys;
	const struct theme *theme;
	struct layout_state place;
	struct layout layout;
	enum ui_view page; /* a page over the panes; VIEW_COUNT: none */
	struct selection selection;
	struct input *input; /* the line being typed; NULL: none */
	struct menu menu;
	struct prompt *prompt;
	char question[256]; /* to be answered yes or no, before all else; "": none */
	void (*yes)(struct ui *ui);
	void *state[VIEW_COUNT];
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
	char message[512]; /* until the next key; "" : the view's meaning instead */
	enum style message_style;
	struct {
		uint16_t server; /* that restarted; 0: no banner */
		usec wall;
		char reason[160];
	} restart;	  /* until dismissed */
	uint32_t awaited; /* exchange whose end is told at the bottom; 0: none */
};

/* ---- ui.c: for views ---- */

enum ui_view ui_front(const struct ui *ui); /* the page in front, or the focused pane */
unsigned ui_where(struct ui *ui);	    /* the IN_ bits that keys are looked up with now */
void ui_focus(struct ui *ui, enum ui_pane pane);
void ui_page(struct ui *ui, enum ui_view page); /* VIEW_COUNT: back to the panes */
/* A line at the bottom until the next key. */
void ui_say(struct ui *ui, enum style style, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Asks at the bottom; `yes` runs if that is the answer. */
void ui_ask(struct ui *ui, void (*yes)(struct ui *ui), const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void ui_dirty(struct ui *ui);
/* Called while drawing: something on the screen counts seconds. */
void ui_counts_down(struct ui *ui);
/* There is more to do than fits a frame: paint again at once, after what else is waiting. */
void ui_again(struct ui *ui);
/* Sends a request and shows its exchange in Decode as it goes on; says so, or why not. */
uint32_t ui_send(struct ui *ui, const struct pcp_client_request *request);
/* After pcp_client_renew and the like: what it returned, and its sentence when that was 0. */
void ui_sent(struct ui *ui, uint32_t exchange, const char *what, const struct pcp_why *why);
/* For an observer: keeps the exchange of the last request that went out in *(uint32_t *)arg. */
void ui_notes_sent(void *arg, const struct pcp_client_event *event);
/* The same for what a command or key began that may have sent anything: Decode stays where it was
 * put by hand. */
void ui_began(struct ui *ui, uint32_t exchange, const char *what);
void ui_edit(struct ui *ui, struct input *input); /* NULL: done typing */
/* The name of the first key in force of the binding that runs this. */
void ui_key_of(const struct ui *ui, void (*run)(struct ui *ui), char *buf, size_t cap);
/* Opens a menu with copies of the items; `chosen` gets the value of the chosen one. */
void ui_menu(struct ui *ui, const char *title, const struct menu_item *item, size_t nitem,
	     size_t cursor, void (*chosen)(struct ui *ui, int value));
/* Wall clock "12:04:31.112" of a moment in usec since 1970; digits of the second's fraction: 0
 * or 3. */
size_t ui_clock(usec wall, int digits, char *buf, size_t cap);

/* ---- view-compose.c ---- */

/* The octets that Send would send, and how. Valid until the next change. */
const struct pcp_edit *compose_preview(struct ui *ui);
/* Opens octets in RAW; the packet they come from is left as it is. */
void compose_raw(struct ui *ui, const uint8_t *octets, size_t len);
/* Opens a request in the tab it belongs to, RAW where none fits. */
void compose_load(struct ui *ui, const uint8_t *octets, size_t len);

/* ---- view-mappings.c, view-exchanges.c ---- */

void mappings_filter(struct ui *ui);
void exchanges_filter(struct ui *ui);
/* The cursor goes to the newest message, and stays there. */
void exchanges_follow(struct ui *ui);
/* Whether Decode shows a message that was chosen, not merely the newest. */
bool exchanges_by_hand(const struct ui *ui);
/* The two marked messages; false when there are not two. */
bool exchanges_marks(struct ui *ui, const struct message *message[2]);
/* Whether `text` contains `wanted`, in any case. */
bool ui_contains(const char *text, const char *wanted);

/* ---- view-decode.c ---- */

/* The packet in Decode now; NULL when there is none. Valid until the next event or key. */
const struct pcp_packet *decode_packet(struct ui *ui);
/* The message behind it; NULL for the preview. */
const struct message *decode_message(struct ui *ui);

#endif
