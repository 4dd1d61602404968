/* Between lab-mutants.c, which has the rows, and lab-mutant.c, which lets them strike. */
#ifndef LAB_MUTANT_H
#define LAB_MUTANT_H

#include "lab-private.h"

/* A request under way, as it came, and its answer. */
struct lab_hit {
	struct lab *lab;
	struct lab_mutation *memory;
	const uint8_t *q; /* the request */
	size_t n;
	uint8_t *a; /* the answer; NULL while there is none */
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

extern const struct lab_mutant lab_mutants[];
extern const size_t lab_nmutants;

/* Takes note of a request for what later ones have to be told apart by. */
void lab_mutant_note(struct lab_mutation *m, const struct lab_hit *h,
		     const struct pcp_endpoint *from);

#endif
