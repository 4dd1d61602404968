/*
 * A form over the octets of a request. Its rows are the leaves that decoding them gives: label,
 * help and kind come from the schema's row, the value from the octets. What is typed goes through
 * pcp_edit_set at each keystroke; a refused text stays in its field, with the sentence, and the
 * octets are what they were before.
 */
#ifndef FORM_H
#define FORM_H

#include <stdbool.h>

#include "edit.h"
#include "list.h"

enum form_row_kind { FORM_FIELD, FORM_OPTION, FORM_ADD, FORM_SEND };

struct form_row {
	enum form_row_kind kind;
	uint16_t node; /* of FIELD and OPTION */
};

enum { FORM_PATH = 96, FORM_TYPED = 2 * PCP_EDIT_MAX + 1, FORM_REFUSED_MAX = 8 };

struct form_refused {
	char path[FORM_PATH];
	char text[256];
	char why[192];
};

struct form {
	struct pcp_edit *edit; /* the octets; not the form's */
	struct pcp_packet packet;
	struct pcp_node *node;
	struct form_row *row;
	size_t nrow;
	size_t noptionless; /* rows before those of options */
	struct list *list;
	bool all; /* rows for reserved, padding, version, opcode and Length too */
	struct form_refused refused[FORM_REFUSED_MAX];
	size_t nrefused;
};

/* False when memory is out. */
bool form_open(struct form *form);
void form_close(struct form *form);
/* Points the form at octets and makes its rows; texts refused before are forgotten if `fresh`. */
void form_load(struct form *form, struct pcp_edit *edit, struct list *list, bool fresh);
/* The row under the cursor; NULL in an empty form. */
const struct form_row *form_at(const struct form *form);
/* The field's node, NULL for other rows. */
const struct pcp_node *form_field(const struct form *form, const struct form_row *row);
size_t form_path(const struct form *form, const struct form_row *row, char *buf, size_t cap);
/* The field's label; "Suggested address" is "Suggested addr" where that saves it from being cut to
 * so many columns. */
void form_label(const struct pcp_node *node, int width, char *buf, size_t cap);
/* What a person would type for the row's value; the refused text where there is one. */
void form_typed(const struct form *form, const struct form_row *row, char *buf, size_t cap);
/* The refused text of a path; NULL when its value stands. */
const struct form_refused *form_refusal(const struct form *form, const char *path);
/* Sets a field from what was typed. False: refused and kept, see form_refusal; the octets get
 * `before` again, what stood there when typing began, and not the part of the text that was still
 * right. */
bool form_set(struct form *form, const char *path, const char *typed, const char *before);
/* Puts the cursor on the row with that path; false when there is none. */
bool form_go(struct form *form, const char *path);
/* Which option the row belongs to; -1: none. */
int form_option(const struct form *form, const struct form_row *row);
/* The options that may be added to the request now; returns how many, at most cap. */
size_t form_addable(const struct form *form, const struct pcp_layout **layout, size_t cap);

#endif
