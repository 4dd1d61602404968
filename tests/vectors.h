/*
 * The sample packets of tests/vectors/vectors.txt: one a line, tab-separated name, direction (c2s,
 * s2c), octets in hexadecimal, meaning. Tests run from the project's root.
 */
#ifndef VECTORS_H
#define VECTORS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

enum { VECTORS_MAX = 256 };

struct vector {
	char name[64];
	enum pcp_direction direction;
	uint8_t octets[PCP_EDIT_MAX];
	size_t len;
	char meaning[256];
};

/* Exits when the file is missing or a line is not as it should be: nothing could be tested then. */
static inline size_t vectors_load(struct vector vector[VECTORS_MAX])
{
	static const char path[] = "tests/vectors/vectors.txt";
	static char line[3 * PCP_EDIT_MAX];
	FILE *file = fopen(path, "r");
	struct pcp_why why;
	size_t n = 0;

	while (file && fgets(line, sizeof line, file)) {
		char *name = strtok(line, "\t"), *direction = strtok(NULL, "\t");
		char *hex = strtok(NULL, "\t"), *meaning = strtok(NULL, "\n");

		if (!meaning || n == VECTORS_MAX ||
		    !pcp_hex_parse(hex, vector[n].octets, PCP_EDIT_MAX, &vector[n].len, &why)) {
			fprintf(stderr, "%s: line %zu is not a packet\n", path, n + 1);
			exit(1);
		}
		snprintf(vector[n].name, sizeof vector[n].name, "%s", name);
		snprintf(vector[n].meaning, sizeof vector[n].meaning, "%s", meaning);
		vector[n].direction = strcmp(direction, "c2s") == 0 ? PCP_REQUEST : PCP_RESPONSE;
		n++;
	}
	if (n == 0) {
		fprintf(stderr, "%s: no packets\n", path);
		exit(1);
	}
	fclose(file);
	return n;
}

#endif
