/*
 * Composing: a buffer of octets and operations on it that know the layouts. The form, the command
 * line and JSON input all go through these, so they cannot build different packets.
 */
#ifndef PCP_EDIT_H
#define PCP_EDIT_H

#include "decode.h"

struct pcp_edit {
	uint8_t octets[PCP_EDIT_MAX];
	size_t len;
	unsigned dialects;
	bool exact; /* keep Length fields and padding exactly as typed; otherwise they are repaired */
};

/* Why something typed was refused: a sentence that says what was wrong and what is allowed. */
struct pcp_why {
	char text[192];
	size_t at; /* offset of the wrong character in what was typed */
};

/* A fresh request: header and body of the opcode, all fields zero but version and opcode. Version 0
 * starts a NAT-PMP request. An opcode without a row gets an empty body. */
void pcp_edit_begin(struct pcp_edit *edit, uint8_t version, uint8_t opcode);
/* Starts from any octets. False when they exceed PCP_EDIT_MAX. */
bool pcp_edit_load(struct pcp_edit *edit, const uint8_t *octets, size_t len);
/* Decodes the buffer (direction by the R bit). The packet points into the buffer. */
void pcp_edit_decode(const struct pcp_edit *edit, struct pcp_packet *packet, struct pcp_node *node, size_t cap);

/* Sets the leaf `path` from what a person types (see pcp_parse_value). Variable tails grow and shrink;
 * unless edit->exact, Length and padding follow. On failure nothing has changed and *why says so. */
bool pcp_edit_set(struct pcp_edit *edit, const char *path, const char *typed, struct pcp_why *why);
bool pcp_edit_set_uint(struct pcp_edit *edit, const char *path, uint32_t value);
bool pcp_edit_set_octets(struct pcp_edit *edit, const char *path, const uint8_t *octets, size_t len);

/* Appends an option with data as given (NULL: the layout's minimum, zeroed; addresses get the packet's
 * family). `layout` may be NULL for a code without a row. Returns its index, or -1 when it does not fit. */
int pcp_edit_add_option(struct pcp_edit *edit, uint8_t code, const uint8_t *data, size_t len);
bool pcp_edit_remove_option(struct pcp_edit *edit, size_t nth);
bool pcp_edit_move_option(struct pcp_edit *edit, size_t from, size_t to);
/* Rewrites every Length and padding to fit (what `exact` leaves alone). */
void pcp_edit_repair(struct pcp_edit *edit);

#endif
