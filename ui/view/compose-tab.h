/* What the files of Compose share: view-compose.c (typing, sending), compose-form.c (the form as
 * drawn), compose-tabs.c (what a request starts with and what is filled in), compose-options.c
 * (options and named values), compose-octets.c (RAW). */
#ifndef COMPOSE_TAB_H
#define COMPOSE_TAB_H

#include "findings.h"
#include "form.h"
#include "hexedit.h"
#include "view.h"

/* What a tab starts with: values that a first Send makes sense with. */
struct start {
	const char *path, *typed;
};

struct tab_kind {
	const char *name;
	uint8_t opcode, option; /* option 0: none */
	bool raw;
	struct start start[8];
};

enum { TAB_MAP, TAB_PEER, TAB_GET, TAB_NEXT, TAB_ANNOUNCE, TAB_RAW, TAB_COUNT };

enum { COMPOSE_OPTIONS_MAX = 64 }; /* that a request takes */

extern const struct tab_kind compose_kinds[TAB_COUNT];

struct tab {
	struct pcp_edit edit;
	struct list list;
	bool own_nonce, own_address; /* typed by hand: not filled in any more */
	bool have_nonce;	     /* a random one that no mapping has used yet */
	bool begun;
};

struct ui_compose {
	struct tab tab[TAB_COUNT];
	unsigned at;
	struct form form;
	struct findings findings; /* on what the form shows */
	struct judge *judge;
	uint8_t tint[PCP_NODES_MAX]; /* of the parts of RAW's octets */
	int values;		     /* column where they start */
	bool beside;		     /* options stand right of the spine */
	size_t top[2];		     /* first rows in sight, left of it and right of it */
	struct hexedit hex;
	bool typing_hex;
	bool stale; /* mappings came or went: the nonce may be another */
	struct input input;
	char editing[FORM_PATH];		      /* path of the field being typed */
	char before[sizeof((struct input *)0)->text]; /* its text before */
	ui_key digit; /* that typing began with, on the field itself; 0: with Enter */
};

struct ui_compose *compose_of(struct ui *ui);
struct tab *compose_tab(struct ui_compose *compose); /* the one that is open */
bool compose_is_raw(const struct ui_compose *compose);

/* ---- compose-tabs.c ---- */

/* Starts the open tab's request afresh. */
void compose_start(struct ui *ui);
/* Fills in what Send would have to, addresses and nonce: the packet shown is the packet sent. */
void compose_fill(struct ui *ui);
/* The same if mappings came or went meanwhile, unless a field is being typed. */
void compose_refresh(struct ui *ui);

/* ---- compose-typing.c ---- */

/* Edits the field of the row. */
void compose_type(struct ui *ui, const struct form_row *row);
/* That a digit typed on the field was taken for its value, and how it can be meant otherwise. */
void compose_digit_meaning(struct ui *ui, char *buf, size_t cap);

/* Selects the octets of the field under the cursor. */
void compose_light(struct ui *ui);
void compose_move(struct ui *ui, int by);

/* ---- compose-form.c ---- */

/* The form; `beside`: with its options right of the spine. */
void compose_draw_form(struct ui *ui, const struct rect *in, bool beside, bool focus);
/* The row that sends. */
void compose_draw_send(struct ui *ui, const struct rect *in, int at);

/* ---- compose-options.c ---- */

/* After the octets were changed other than through the form. */
void compose_changed(struct ui *ui);

/* ---- compose-octets.c ---- */

/* RAW: the octets, under them the two gravest things that the rules object to, and the row that
 * sends. */
void compose_draw_octets(struct ui *ui, const struct rect *in, bool focus);

unsigned compose_octets_where(struct ui *ui); /* IN_HEX while octets are typed, or 0 */
void compose_octets_type(struct ui *ui, ui_key key);

#endif
