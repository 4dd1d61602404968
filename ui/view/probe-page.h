/* What the files of Probe share: view-probe.c (the page and its keys), probe-run.c (the run, and
 * what is written of it), probe-rows.c (what is listed), probe-case.c (what is said of one row),
 * probe-draw.c (how it looks). */
#ifndef PROBE_PAGE_H
#define PROBE_PAGE_H

#include "probe-wish.h"
#include "prober.h"
#include "view.h"

enum { PROBE_GROUPS = 26, PROBE_ROWS_MAX = 1 + PROBE_GROUPS + 2 * PROBE_CASES_MAX };

/* The profile first; then each group, its cases when it is unfolded, and what is wrong always. */
enum probe_row_kind { PROBE_ROW_PROFILE, PROBE_ROW_GROUP, PROBE_ROW_CASE, PROBE_ROW_RULE };

struct probe_row {
	enum probe_row_kind kind;
	size_t at; /* GROUP: its letter; CASE: see probe_case_at(); RULE: see probe_line_at() */
};

struct probe_page {
	struct probe_wish wish;
	struct prober *prober; /* NULL: none runs */
	struct probe *probe;   /* the prober's, or what came of the last one; NULL: none was */
	char server[ENDPOINT_TEXT];
	struct pcp_endpoint endpoint;
	usec began, ended; /* of the loop's clock */
	bool profiled;
	struct list list;
	struct probe_row row[PROBE_ROWS_MAX], at; /* at: under the cursor */
	size_t nrow;
	size_t packet; /* which of the case's exchanges is chosen */
	size_t report; /* which kind of report is being written */
	bool open[PROBE_GROUPS];
	size_t line[PROBE_CASES_MAX];  /* the verdict's, and one; 0: there is none yet */
	size_t done, all;	       /* cases */
	const struct probe_case *asks; /* the case that does now; NULL: none */
};

static inline struct probe_page *probe_page(const struct ui *ui)
{
	return ui->state[VIEW_PROBE];
}

/* How many cases of a group, or of all, are how. */
struct probe_tally {
	size_t verdict[PROBE_NVERDICTS];
	size_t to_come, unasked, faults; /* faults: lines of the linter, beside the cases */
	const struct probe_case *running;
	unsigned flags; /* that what is not asked waits for */
};

/* ---- probe-run.c ---- */

/* Runs what is asked for; *wish is the page's from then on. False with *why. */
bool probe_run(struct ui *ui, const struct probe_wish *wish, struct pcp_why *why);
/* What is left of the last one goes. One that runs is left where it is. */
void probe_forget(struct probe_page *page);
/* Asks for a kind of report and a file's name, and writes it. */
void probe_ask_report(struct ui *ui);

/* ---- probe-rows.c ---- */

/* Which rows there are now; the cursor stays on what it is on. */
void probe_rows(struct probe_page *page);
struct probe_tally probe_tally(const struct probe_page *page, char letter); /* 0: all */
/* The name of the group; NULL: there is none of that letter. */
const char *probe_group_name(char letter);
/* The line that a row is about; NULL: none, or none yet. */
const struct probe_line *probe_row_line(const struct probe_page *page, const struct probe_row *row);
const struct probe_case *probe_row_case(const struct probe_page *page, const struct probe_row *row);
/* Whether it is wrong: weak, failed, or a broken rule. */
bool probe_row_is_fault(const struct probe_page *page, const struct probe_row *row);
/* The next such row from the cursor on (by: 1 or -1); list.count: there is none. */
size_t probe_next_fault(const struct probe_page *page, int by);

/* ---- probe-case.c ---- */

/* The verdict's sign and colour; of what is not decided yet, its stage's. */
const char *probe_sign(const struct probe_page *page, const struct probe_row *row,
		       enum style *style);
const char *probe_verdict_sign(enum probe_verdict verdict, enum style *style);
/* How it ended: what stopped it, or the last line of the report. */
void probe_end_text(const struct probe_page *page, char *buf, size_t cap);
/* All that there is to say of the row, piece by piece: false beyond the last. */
struct probe_piece {
	const char *label; /* "Sent" */
	enum style style;
	char text[1200];
};
bool probe_piece(struct probe_page *page, const struct probe_row *row, usec now, size_t i,
		 struct probe_piece *piece);

/* ---- probe-draw.c ---- */

/* Of a page with a probe. */
void probe_draw(struct ui *ui, const struct rect *in, bool focus);

#endif
