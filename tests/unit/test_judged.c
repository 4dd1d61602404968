/*
 * Whole packets, held against their requests: whom the rules accuse, and whom not. A line of
 * tests/vectors/judged.txt is a test.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lint.h"
#include "text.h"

enum { ROWS_MAX = 256 };

struct row {
	char name[64], right[64];
	uint8_t packet[PCP_MAX_LEN], request[PCP_MAX_LEN];
	size_t len, asked; /* octets; asked: 0 without a request */
};

static struct row rows[ROWS_MAX];
static size_t nrows;

static bool take(char *line, struct row *row)
{
	char *name = strtok(line, "\t"), *right = strtok(NULL, "\t");
	char *packet = strtok(NULL, "\t"), *request = strtok(NULL, "\t");
	struct pcp_why why;

	if (!request || !strtok(NULL, "\n"))
		return false;
	snprintf(row->name, sizeof row->name, "%s", name);
	snprintf(row->right, sizeof row->right, "%s", right);
	return pcp_hex_parse(packet, row->packet, sizeof row->packet, &row->len, &why) &&
	       (strcmp(request, "-") == 0 ||
		pcp_hex_parse(request, row->request, sizeof row->request, &row->asked, &why));
}

static void load(void)
{
	static char line[6 * PCP_MAX_LEN];
	FILE *file = fopen("tests/vectors/judged.txt", "r");

	while (file && fgets(line, sizeof line, file)) {
		if (*line == '#')
			continue;
		if (nrows == ROWS_MAX || !take(line, &rows[nrows])) {
			fprintf(stderr, "judged.txt: row %zu is not as it should be\n", nrows + 1);
			exit(1);
		}
		nrows++;
	}
	if (!nrows)
		exit(1);
	fclose(file);
}

static bool is_right(const char *right, const size_t found[3], const char *weighty)
{
	if (strcmp(right, "clean") == 0)
		return !found[PCP_ERROR] && !found[PCP_WARNING];
	if (strcmp(right, "no-error") == 0)
		return !found[PCP_ERROR];
	if (strcmp(right, "accused") == 0)
		return found[PCP_ERROR] || found[PCP_WARNING];
	if (strcmp(right, "error") == 0)
		return found[PCP_ERROR];
	if (strcmp(right, "told") == 0)
		return found[PCP_ERROR] || found[PCP_WARNING] || found[PCP_NOTE];
	return strcmp(right, weighty) == 0;
}

static void check_row(void **state)
{
	static struct pcp_node ours[PCP_NODES_MAX], theirs[PCP_NODES_MAX];
	const struct row *row = *state;
	struct pcp_finding finding[PCP_FINDINGS_MAX];
	struct pcp_packet packet, request;
	struct pcp_lint_context context = { 0 };
	size_t found[3] = { 0 };
	char weighty[512] = "";

	pcp_decode(&packet, row->packet, row->len, PCP_DIRECTION_GUESS, 0, theirs, PCP_NODES_MAX);
	if (row->asked) {
		pcp_decode(&request, row->request, row->asked, PCP_REQUEST, 0, ours, PCP_NODES_MAX);
		context.request = &request;
	}
	size_t n = pcp_lint(&packet, &context, finding, PCP_FINDINGS_MAX);

	for (size_t i = 0; i < n; i++) {
		const struct pcp_rule *rule = finding[i].rule;

		found[rule->severity]++;
		if (rule->severity != PCP_NOTE)
			snprintf(weighty + strlen(weighty), sizeof weighty - strlen(weighty),
				 "%s%s", *weighty ? " " : "", rule->name);
	}
	if (!is_right(row->right, found, weighty))
		fail_msg("%s: should be %s; %zu notes, and \"%s\"", row->name, row->right,
			 found[PCP_NOTE], weighty);
}

int main(void)
{
	static struct CMUnitTest tests[ROWS_MAX];

	load();
	for (size_t i = 0; i < nrows; i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
						.test_func = check_row,
						.initial_state = &rows[i] };
	return _cmocka_run_group_tests("judged", tests, nrows, NULL, NULL);
}
