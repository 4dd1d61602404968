/* Any line: split, composed, turned back from the packet, completed, run where nothing is sent.
 * What was composed composes again from its own command line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool holds, const char *what)
{
	if (!holds) {
		fprintf(stderr, "%s\n", what);
		abort();
	}
}

static void count(void *arg, const char *word, const char *help)
{
	expect(word && *word && help, "a completion without word or help");
	++*(size_t *)arg;
}

static bool compose(char *line, struct pcp_edit *edit, struct pcp_client_request *request)
{
	char *words[COMMAND_WORDS_MAX];
	struct pcp_why why = { .text = "" };
	int n = command_split(line, words, &why);

	if (n < 0) {
		expect(*why.text, "a line refused without a reason");
		return false;
	}
	/* A file to read from is no business of a fuzzer's. */
	for (int i = 0; i < n; i++)
		if (strstr(words[i], "json"))
			return false;
	if (command_compose(n, words, NULL, edit, request, &why))
		return true;
	expect(*why.text, "words refused without a reason");
	return false;
}

/* The packet's own command line composes the same packet, its client address apart. */
static void there_and_back(const struct pcp_edit *edit)
{
	static struct pcp_node node[PCP_NODES_MAX];
	static char line[2 * PCP_EDIT_MAX + COMMAND_LINE_MAX];
	static struct pcp_edit again;
	struct pcp_client_request request;
	struct pcp_packet packet;

	pcp_decode(&packet, edit->octets, edit->len, PCP_DIRECTION_GUESS, 0, node, PCP_NODES_MAX);
	expect(command_of_packet(&packet, line, sizeof line) < sizeof line,
	       "a line beyond its bound");
	if (edit->len == 0 || strlen(line) > COMMAND_LINE_MAX)
		return;
	expect(compose(line, &again, &request), "a packet's own line is refused");
	expect(again.len == edit->len, "another length");
	if (!request.raw)
		memcpy(again.octets + 8, edit->octets + 8, PCP_ADDR_LEN);
	expect(!memcmp(again.octets, edit->octets, edit->len), "other octets");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char line[COMMAND_LINE_MAX + 1];
	static struct pcp_edit edit;
	struct pcp_client_request request;
	size_t found = 0;

	if (size > COMMAND_LINE_MAX)
		return 0;
	memcpy(line, data, size);
	line[size] = '\0';
	command_complete(line, COMMAND_ANYWHERE, count, &found);
	if (compose(line, &edit, &request))
		there_and_back(&edit);
	return 0;
}
