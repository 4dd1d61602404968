/*
 * Composing: a buffer of octets and operations on it that know the layouts. The form, the command
 * line and JSON input all go through these, so they cannot build different packets.
 */
#ifndef PCPSCOPE_EDIT_H
#define PCPSCOPE_EDIT_H

#include "decode.h"

#pragma GCC visibility push(default) /* the library exports what follows */
#ifdef __cplusplus
extern "C" {
#endif

struct pcp_edit {
	uint8_t octets[PCP_EDIT_MAX];
	size_t len;
	unsigned dialects;
	enum pcp_direction direction; /* how to read it; GUESS, which is 0: by the R bit */
	bool exact; /* keep Length fields and padding exactly as typed; otherwise they are repaired
		     */
};

enum pcp_why_code { PCP_WHY_TYPED, PCP_WHY_MEMORY }; /* what was typed is at fault, or is not */

/* Why something typed was refused: a sentence that says what was wrong and what is allowed. */
struct pcp_why {
	char text[192];
	size_t at; /* offset of the wrong character in what was typed */
	enum pcp_why_code code;
};

/* A fresh request: header and body of the opcode, all fields zero but version and opcode. Version 0
 * starts a NAT-PMP request. An opcode without a row gets an empty body. Of what *edit held, which
 * must be set (zeros will do), only the dialects stay. */
void pcp_edit_begin(struct pcp_edit *edit, uint8_t version, uint8_t opcode);
/* The same with the client's address, the lifetime in seconds, and in every other address the
 * family's "any" (RFC 6887 5). NAT-PMP takes only the lifetime, where the opcode has one. */
void pcp_edit_request(struct pcp_edit *edit, uint8_t version, uint8_t opcode,
		      const uint8_t client[PCP_ADDR_LEN], uint32_t lifetime);
/* Starts from any octets, leaving the other members alone. False when they exceed PCP_EDIT_MAX. */
bool pcp_edit_load(struct pcp_edit *edit, const uint8_t *octets, size_t len);
/* len zero octets to be filled exactly: setting each leaf of another packet of that length and
 * direction in its order, by path, makes the same packet, however malformed (numbers by
 * pcp_edit_set_uint, the rest by pcp_edit_set from pcp_node_typed). False when len exceeds
 * PCP_EDIT_MAX. */
bool pcp_edit_blank(struct pcp_edit *edit, size_t len);
/* Decodes the buffer. The packet points into the buffer. */
void pcp_edit_decode(const struct pcp_edit *edit, struct pcp_packet *packet, struct pcp_node *node,
		     size_t cap);

/* Sets the leaf `path` from what a person types (see pcp_parse_value). Variable tails grow and
 * shrink; unless edit->exact, Length and padding follow, and a Length or count that is typed makes
 * the data so long. On failure nothing has changed and *why, unless it is NULL, says so. */
bool pcp_edit_set(struct pcp_edit *edit, const char *path, const char *typed, struct pcp_why *why);
/* The same from a number or octets as they go on the wire. */
bool pcp_edit_set_uint(struct pcp_edit *edit, const char *path, uint32_t value);
bool pcp_edit_set_octets(struct pcp_edit *edit, const char *path, const uint8_t *octets,
			 size_t len);

/* Appends an option with data as given. NULL makes a fresh one: the layout's least octets, zero but
 * for addresses, which get the packet's family, and PREFIX64's length. A code without a row gets no
 * data. Unless edit->exact, what stands before is repaired. Returns its index, or -1 with nothing
 * changed when it does not fit or the packet is one without options. */
int pcp_edit_add_option(struct pcp_edit *edit, uint8_t code, const uint8_t *data, size_t len);
/* The same inside the option `path` ("options[0]"), which must be the NEXT of a response. */
int pcp_edit_add_nested(struct pcp_edit *edit, const char *path, uint8_t code, const uint8_t *data,
			size_t len);
bool pcp_edit_remove_option(struct pcp_edit *edit, size_t nth);
/* The option `from` becomes the option `to`; those between make room. False when there is no such
 * option. */
bool pcp_edit_move_option(struct pcp_edit *edit, size_t from, size_t to);
/* Rewrites every Length and padding to fit (what `exact` leaves alone), makes a short header or
 * body whole with zeros and leftover octets an option, and fills SADSCP's name. Stops where
 * PCP_EDIT_MAX is reached. */
void pcp_edit_repair(struct pcp_edit *edit);

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop

#endif
