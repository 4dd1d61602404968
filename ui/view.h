/*
 * A view: one const struct of operations and one file; its state is its own. What it asks of the
 * desk stands in desk.h, what others ask of it in its own header, and which views there are in
 * views.h.
 */
#ifndef VIEW_H
#define VIEW_H

#include "desk.h"
#include "line.h"

struct writer;

struct view_answer {
	char text[ANSWER_TEXT], badge[24];
};

/* Any operation but draw may be NULL. */
struct view {
	/* Makes ui->state[]; false when memory is out. */
	bool (*open)(struct ui *ui);
	void (*close)(struct ui *ui);
	/* How many rows it lists, for its tab; *worst, STYLE_NORMAL before: the colour of the
	 * worst. */
	size_t (*count)(struct ui *ui, enum style *worst);
	/* Rows that it has a use for; of a view without this: all that there are. */
	int (*wants)(struct ui *ui);
	/* Of a page, the least layout in which it leaves Decode in sight below it; 0: none. */
	enum layout_kind above_decode;
	/* What stands in its bar after the name, and at the right edge. It was drawn just now. */
	void (*bar)(struct ui *ui, struct line *left, struct line *right);
	void (*draw)(struct ui *ui, const struct rect *in, bool focus);
	/* What the answer line tells in place of the last answer, and its badge, in the style that
	 * is returned; STYLE_COUNT: the last answer. */
	enum style (*answer)(struct ui *ui, struct view_answer *answer);
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
	void (*click)(struct ui *ui, int row, int col); /* below the bar */
	void (*filter)(struct ui *ui);			/* asks what its rows shall contain */
	bool (*unfilter)(struct ui *ui); /* shows all rows again; false: it does already */
	/* More IN_ bits than the view's own: IN_HEX, alone, while octets are typed; IN_FIELD. */
	unsigned (*where)(struct ui *ui);
	/* A key that no binding has, in that state. */
	void (*type)(struct ui *ui, ui_key key);
};

#define VIEWS_DECLARE(number, struct_, name, kind) extern const struct view view_##struct_;
UI_VIEWS(VIEWS_DECLARE)
extern const struct view *const ui_views[VIEW_COUNT];
extern const char *const ui_view_names[VIEW_COUNT];

#endif
