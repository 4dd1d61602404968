/* Looks up what the documents demand. */
#include "demand-private.h"

#include <string.h>

const struct probe_document *const probe_documents[] = {
	&probe_document_6887, &probe_document_6887_2, &probe_document_6886, &probe_document_7220,
	&probe_document_7225, &probe_document_7753,   &probe_document_7843,
};
const size_t probe_ndocuments = sizeof probe_documents / sizeof *probe_documents;

const char *probe_demand_level(const struct probe_demand *demand)
{
	static const char *const levels[] = { "MUST NOT", "MUST", "SHOULD NOT", "SHOULD" };
	const char *first = NULL, *level = NULL;

	for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
		const char *at = strstr(demand->text, levels[i]);

		if (at && (!first || at < first)) {
			first = at;
			level = levels[i];
		}
	}
	return level;
}

const struct probe_document *probe_document_of(const char *ref)
{
	for (size_t i = 0; i < probe_ndocuments; i++)
		if (strncmp(ref, probe_documents[i]->name, strlen(probe_documents[i]->name)) == 0)
			return probe_documents[i];
	return NULL;
}

bool probe_demand_names(const struct probe_demand *demand, const char *id)
{
	size_t len;

	for (const char *at = demand->cases; at && *at; at += len, at += *at == ' ') {
		len = strcspn(at, " ");
		if (len == strlen(id) && strncmp(at, id, len) == 0)
			return true;
	}
	return false;
}

bool probe_demanded(const char *id)
{
	for (size_t d = 0; d < probe_ndocuments; d++)
		for (size_t i = 0; i < probe_documents[d]->nrow; i++)
			if (probe_demand_names(&probe_documents[d]->row[i], id))
				return true;
	return false;
}

static void count(struct probe_demand_counts *counts, const struct probe_demand *demand)
{
	counts->all++;
	if (demand->cases || demand->rule)
		counts->tried++;
	else if (strcmp(demand->why, CLIENT) == 0)
		counts->client++;
	else
		counts->not_here++;
}

struct probe_demand_counts probe_demand_counts(const char *name)
{
	struct probe_demand_counts counts = { 0 };

	for (size_t d = 0; d < probe_ndocuments; d++)
		for (size_t i = 0; i < probe_documents[d]->nrow; i++)
			if (!name || strcmp(name, probe_documents[d]->name) == 0)
				count(&counts, &probe_documents[d]->row[i]);
	return counts;
}
