/*
 * Every sentence of RFC 6887, 6886, 7220, 7225, 7753 and 7843 with MUST or SHOULD: the cases that
 * try it, or why a gateway cannot show from here whether it heeds it.
 */
#ifndef DEMAND_H
#define DEMAND_H

#include "probe.h"

struct probe_demand {
	const char *section; /* "8.2" */
	/* As the document has it, and so much of it that it is known by. */
	const char *text;
	const char *cases; /* that try it: "A21 I10"; NULL: none */
	const char *rule;  /* of the linter, which every answer is held to; NULL: none */
	const char *why;   /* none tries it, or not all of it: why not; NULL where the cases do */
};

/* A large document stands in several parts, each with its name. */
struct probe_document {
	const char *name; /* "RFC 6887" */
	const struct probe_demand *row;
	size_t nrow;
};
extern const struct probe_document *const probe_documents[];
extern const size_t probe_ndocuments;

/* "MUST", "MUST NOT", "SHOULD" or "SHOULD NOT": what stands first in its text. */
const char *probe_demand_level(const struct probe_demand *demand);
/* The document of a reference, "RFC 6887" for "RFC 6887 8.2": its first part; NULL: another. */
const struct probe_document *probe_document_of(const char *ref);
/* Whether the case, by its id, tries it. */
bool probe_demand_names(const struct probe_demand *demand, const char *id);
/* Whether any of them is tried by the case. Those of the documents above that are not test what is
 * said there in plain words: their own row has the sentence. */
bool probe_demanded(const char *id);

struct probe_demand_counts {
	size_t all, tried;	 /* by cases or the linter, at least in part */
	size_t client, not_here; /* of the others: those that bind no server, and the rest */
};
/* Of the document with this name; NULL: of all. */
struct probe_demand_counts probe_demand_counts(const char *name);

#endif
