/* What the files of the panel share: view-lab.c (its rows and keys), lab-panel.c (how it looks),
 * lab-server.c (what is known of a server that is no lab). */
#ifndef LAB_PANEL_H
#define LAB_PANEL_H

#include "view.h"

struct writer;

enum { PANEL_FAULTS_MAX = 32, PANEL_KNOWN_ADDRESSES = 4 };

enum panel_kind { PANEL_SCENARIO, PANEL_GATEWAY, PANEL_FAULT, PANEL_BREAK };

struct panel_row {
	enum panel_kind kind;
	size_t fault; /* of FAULT */
};

/* What the answers of a server have told of it. */
struct panel_known {
	uint16_t server;     /* 0: nothing is known yet */
	unsigned versions;   /* bits by version; bit 0: NAT-PMP */
	uint8_t opcode[128]; /* OPCODE_ bits */
	uint8_t option[256];
	uint32_t least, most; /* seconds granted; most 0: nothing was */
	uint8_t external[PANEL_KNOWN_ADDRESSES][PCP_ADDR_LEN];
	size_t nexternal;
};

struct panel {
	struct list list;
	struct panel_row row[PANEL_FAULTS_MAX + 3], at; /* at: under the cursor */
	size_t nrow;
	bool begun;			   /* the cursor is where somebody wants it */
	char before[PANEL_FAULTS_MAX][96]; /* the word of a fault as it was before it went off */
	struct panel_known known;
	struct pcp_node *node; /* to read answers with */
};

static inline struct panel *panel_of(struct ui *ui)
{
	return ui->state[VIEW_LAB];
}

/* ---- lab-rows.c ---- */

/* Which rows there are now: those that are on come first. */
void panel_rows(struct ui *ui);
/* The fault's word as in force; "" when it is off. */
void panel_word(const struct lab *lab, const char *name, char *buf, size_t cap);

/* ---- lab-panel.c ---- */

void panel_draw(struct ui *ui, const struct rect *in, bool focus);
/* All that the gateway knows, for a page. */
void panel_about(struct ui *ui, struct writer *writer);

/* ---- lab-server.c ---- */

void panel_learn(struct ui *ui, const struct pcp_client_event *event);
void panel_draw_server(struct ui *ui, const struct rect *in);

#endif
