/*
 * A gateway that breaks one rule: for each case of `probe` a mutant that fails it, and as little
 * else as can be. A row says which request it strikes, and what becomes of its answer. The rows
 * stand in lab-mutants-*.c by what they break; lab-mutant.c lets them strike.
 */
#ifndef LAB_MUTANT_H
#define LAB_MUTANT_H

#include "lab-private.h"

/* A request under way, as it came, and its answer. */
struct lab_hit {
	struct lab *lab;
	struct lab_mutation *memory;
	const uint8_t *q; /* the request */
	size_t n;	  /* 0: nobody asked for what is told */
	uint8_t *a;	  /* the answer; NULL while there is none */
	size_t *len;
};

struct lab_mutant {
	const char *id;
	bool (*when)(const struct lab_hit *hit);
	/* One of these. heard: changes the request that the gateway sees, in `q` of *len octets. */
	void (*heard)(const struct lab_hit *hit, uint8_t *q, size_t *len);
	bool (*answers)(struct lab_hit *hit, int value); /* false: no answer leaves */
	int value;
};

struct lab_mutants {
	const struct lab_mutant *row;
	size_t nrow;
};
extern const struct lab_mutants lab_mutants_header, lab_mutants_map, lab_mutants_peer,
	lab_mutants_natpmp, lab_mutants_leave;

/* ---- lab-hit.c: what is looked at ---- */

/* Where MAP's and PEER's fields stand in a packet. */
enum {
	LIFETIME = 4,
	CLIENT = 8,
	NONCE = 24,
	PROTOCOL = 36,
	RESERVED = 37,
	INTERNAL = 40,
	EXTERNAL = 42,
	ADDRESS = 44,
	OPTIONS = 60,
	PEER_OPTIONS = 80
};

uint32_t hit_get(const uint8_t *at, size_t octets);
void hit_put(uint8_t *at, size_t octets, uint32_t value);
bool hit_is(const struct lab_hit *h, uint8_t opcode); /* of version 2 */
bool hit_announce(const struct lab_hit *h);
bool hit_map(const struct lab_hit *h);
bool hit_makes(const struct lab_hit *h);
bool hit_deletes(const struct lab_hit *h);
bool hit_result(const struct lab_hit *h, uint8_t code); /* of an answer that is there */
bool hit_made(const struct lab_hit *h);
bool hit_plain(const struct lab_hit *h); /* MAP without options */
uint32_t hit_suggested(const struct lab_hit *h);
/* The nth option is of that code. */
bool hit_option(const struct lab_hit *h, size_t nth, uint8_t code, struct pcp_tlv *tlv);
size_t hit_options(const struct lab_hit *h);
bool hit_has(const struct lab_hit *h, uint8_t code); /* as its first option */
bool hit_option_of(const struct lab_hit *h, uint8_t code, size_t len);
bool hit_filtered(const struct lab_hit *h);
bool hit_repeats(const struct lab_hit *h); /* the request before */
uint8_t hit_opcode_before(const struct lab_hit *h);
bool hit_same_internal_before(const struct lab_hit *h);
bool hit_natpmp(const struct lab_hit *h, uint8_t opcode);
bool hit_asks_address(const struct lab_hit *h);

/* Takes note of a request for what later ones have to be told apart by. */
void lab_mutant_note(struct lab_mutation *m, const struct lab_hit *h,
		     const struct pcp_endpoint *from);

/* ---- lab-spoil.c: what becomes of it ---- */

/* `value` is what the row has. */
bool spoil_give(struct lab_hit *h, int value); /* the result */
bool spoil_succeed(struct lab_hit *h, int value);
bool spoil_keep_silent(struct lab_hit *h, int value);
bool spoil_set_octet(struct lab_hit *h, int at);
bool spoil_turn_octet(struct lab_hit *h, int at);
bool spoil_tell_lifetime(struct lab_hit *h, int seconds);
bool spoil_stop_clock(struct lab_hit *h, int at);
bool spoil_tell_port(struct lab_hit *h, int port);
bool spoil_move(struct lab_hit *h, int by); /* the external port */
bool spoil_cut(struct lab_hit *h, int len);
bool spoil_reflect(struct lab_hit *h, int at);
bool spoil_echo_body(struct lab_hit *h, int value);
/* Changes nothing, but whoever asks from outside is heard. */
void spoil_let_in(const struct lab_hit *h, uint8_t *q, size_t *len);
void spoil_drop_r(const struct lab_hit *h, uint8_t *q, size_t *len);

#endif
