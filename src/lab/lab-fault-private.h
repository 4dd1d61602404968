/* What is done to datagrams on their way to the lab and from it. */
#ifndef LAB_FAULT_PRIVATE_H
#define LAB_FAULT_PRIVATE_H

#include "lab-private.h"

/* ---- lab-faults.c: a row each ---- */

/* What follows a fault's name. RATE: "=0.3"; the others: "=VALUE", with "@RATE" behind. */
enum lab_fault_value { RATE, DURATION, SECONDS, RESULT };

struct lab_arrival { /* a request on its way in */
	struct lab *lab;
	usec now;
	const struct pcp_endpoint *from, *to;
	int *result; /* to force upon it */
};

struct lab_parcel { /* a datagram on its way out */
	struct lab *lab;
	struct pcp_endpoint from, to;
	uint8_t octets[LAB_DATAGRAM_MAX];
	size_t len;
	usec delay;
	unsigned copies;
};

struct lab_fault_kind {
	const char *name, *help;
	const char *told; /* what became of a request that it struck */
	enum lab_fault_value value;
	uint64_t normal; /* value when none is typed */
	/* One of these. True: the request is swallowed. */
	bool (*arrive)(const struct lab_arrival *arrival, const struct lab_fault *fault);
	void (*leave)(struct lab_parcel *parcel, const struct lab_fault *fault);
};
extern const struct lab_fault_kind lab_fault_kinds[];
extern const size_t lab_nfaults;

/* ---- lab-chance.c: when they strike ---- */

enum { LAB_NATPMP = 256 }; /* as a fault's opcode */
/* Whether a request never gets to the server: then *why says so. Its answer may be forced: then
 * *result is a code. */
bool lab_fault_arrival(const struct lab_arrival *arrival, const uint8_t *octets, char why[LAB_WHY]);
/* Every datagram leaves through here. */
void lab_fault_send(struct lab *lab, usec now, const struct pcp_endpoint *from,
		    const struct pcp_endpoint *to, const uint8_t *octets, size_t len);
void lab_fault_close(struct lab *lab);
void lab_fault_clear(struct lab *lab); /* no faults from here on */
/* The i-th fault as a word; false beyond the last. */
bool lab_fault_word(size_t i, struct lab_word *word);
/* Sets the i-th fault from what follows its name ("", "=0.3/map"). */
bool lab_fault_set(struct lab *lab, usec now, size_t i, const char *value, struct pcp_why *why);
size_t lab_fault_text(const struct lab *lab, size_t i, char *buf, size_t cap);

bool lab_fault_on(const struct lab *lab, size_t i);
/* The i-th fault as it is on now; NULL: it is off. */
const struct lab_fault *lab_fault_active(const struct lab *lab, size_t i);
/* The word that would set it. */
size_t lab_fault_word_of(const struct lab_fault *fault, char *buf, size_t cap);
/* "/map", "" for all opcodes. */
void lab_fault_only(const struct lab_fault *fault, char *buf, size_t cap);

/* ---- lab-mutant.c: one broken rule ---- */

/* The request as the gateway shall see it. */
const uint8_t *lab_mutant_hears(struct lab *lab, const struct pcp_endpoint *from,
				const uint8_t *octets, size_t *len);
/* Its answer, on its way out; false: none leaves. */
bool lab_mutant_answers(struct lab *lab, struct pcp_endpoint *from, uint8_t *octets, size_t *len);
/* Whether somebody outside is answered. */
bool lab_mutant_lets_in(const struct lab *lab);
bool lab_mutant_word(size_t i, struct lab_word *word);
bool lab_mutant_set(struct lab *lab, usec now, size_t i, const char *value, struct pcp_why *why);
size_t lab_mutant_text(const struct lab *lab, size_t i, char *buf, size_t cap);
bool lab_mutant_on(const struct lab *lab, size_t i);

#endif
