/* The word `break`: how a mutant strikes requests as they arrive and answers as they leave. */
#include <stdio.h>
#include <string.h>

#include "lab-mutant.h"
#include "lab-fault-private.h"
#include "words.h"

/* ---- all of them ---- */

static const struct lab_mutants *const all[] = { &lab_mutants_header, &lab_mutants_map,
						 &lab_mutants_peer, &lab_mutants_natpmp,
						 &lab_mutants_leave };

static const struct lab_mutant *mutant_at(size_t i)
{
	for (size_t m = 0; m < sizeof all / sizeof *all; m++) {
		if (i < all[m]->nrow)
			return &all[m]->row[i];
		i -= all[m]->nrow;
	}
	return NULL;
}

const char *lab_mutant_at(size_t i)
{
	const struct lab_mutant *mutant = mutant_at(i);

	return mutant ? mutant->id : NULL;
}

/* ---- in the gateway ---- */

const uint8_t *lab_mutant_hears(struct lab *lab, const struct pcp_endpoint *from,
				const uint8_t *octets, size_t *len)
{
	struct lab_mutation *m = &lab->mutation;
	struct lab_hit hit = { .lab = lab, .memory = m, .q = m->asked, .n = *len };

	if (!m->mutant || *len > sizeof m->asked || *len == 0)
		return octets;
	memcpy(m->asked, octets, *len);
	m->asked_len = *len;
	lab_mutant_note(m, &hit, from);
	if (!m->mutant->heard || !m->mutant->when(&hit))
		return octets;
	memcpy(m->heard, octets, *len);
	m->mutant->heard(&hit, m->heard, len);
	return m->heard;
}

bool lab_mutant_answers(struct lab *lab, struct pcp_endpoint *from, uint8_t *octets, size_t *len)
{
	struct lab_mutation *m = &lab->mutation;
	struct lab_hit hit = {
		.lab = lab, .memory = m, .q = m->asked, .n = m->asked_len, .a = octets, .len = len
	};
	static const uint8_t nothing[PCP_EDIT_MAX];
	bool leaves = true, asked = lab->asking.client != NULL;

	if (!m->mutant || *len < 4 || (asked && m->asked_len == 0))
		return true;
	if (!asked) {
		hit.q = nothing;
		hit.n = 0;
	}
	if (m->mutant->heard || !m->mutant->when(&hit))
		;
	else if (m->mutant->answers)
		leaves = m->mutant->answers(&hit, m->mutant->value);
	else
		from->port++;
	if (!asked)
		return leaves;
	m->before_len = m->asked_len < sizeof m->before ? m->asked_len : 0;
	memcpy(m->before, m->asked, m->before_len);
	m->result_before = octets[3];
	m->asked_len = 0;
	return leaves;
}

bool lab_mutant_lets_in(const struct lab *lab)
{
	return lab->mutation.mutant && lab->mutation.mutant->heard == spoil_let_in;
}

/* ---- its word ---- */

bool lab_mutant_word(size_t i, struct lab_word *word)
{
	*word = (struct lab_word){ LAB_FAULT, "break", "CASE|off",
				   "breaks the rule that probe's case tests: break=C12" };
	return i == 0;
}

bool lab_mutant_set(struct lab *lab, usec now, size_t i, const char *value, struct pcp_why *why)
{
	const struct lab_mutant *mutant;

	(void)now;
	(void)i;
	memset(&lab->mutation, 0, sizeof lab->mutation);
	if (strcmp(value, "off") == 0)
		return true;
	for (size_t n = 0; (mutant = mutant_at(n)); n++)
		if (pcp_name_equal(mutant->id, value)) {
			lab->mutation.mutant = mutant;
			return true;
		}
	return pcp_refuse(why, 0, "'%s' is no case that a mutant breaks; probe -list shows them",
			  pcp_quoted(value).text);
}

size_t lab_mutant_text(const struct lab *lab, size_t i, char *buf, size_t cap)
{
	const struct lab_mutant *mutant = lab->mutation.mutant;

	(void)i;
	return (size_t)snprintf(buf, cap, "%s%s", mutant ? "break=" : "", mutant ? mutant->id : "");
}

bool lab_mutant_on(const struct lab *lab, size_t i)
{
	(void)i;
	return lab->mutation.mutant != NULL;
}
