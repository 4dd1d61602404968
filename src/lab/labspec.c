/* Reads what is typed behind --lab= and serve, and completes it. */
#include "labspec.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "lab.h"
#include "schema.h"

static bool is_lab_word(const char *piece, size_t len)
{
	size_t name = strcspn(piece, ",=@/");
	struct lab_word word;

	if (name > len)
		name = len;
	for (size_t i = 0; lab_word_at(i, &word); i++)
		if (strlen(word.name) == name && !strncmp(word.name, piece, name))
			return true;
	return false;
}

static bool is_scenario(const char *piece, size_t len)
{
	for (size_t i = 0; i < lab_nscenarios; i++)
		if (strlen(lab_scenarios[i].name) == len &&
		    !strncmp(lab_scenarios[i].name, piece, len))
			return true;
	return false;
}

/* A prefix has a slash, a setting an equals sign; an address has neither. */
static bool is_listening(const char *piece, size_t len)
{
	size_t dots = strcspn(piece, ",.:"), other = strcspn(piece, ",=/@");

	return dots < len && other >= len;
}

static bool starts_word(const char *piece, size_t len)
{
	return is_listening(piece, len) || is_lab_word(piece, len) || is_scenario(piece, len);
}

bool labspec_next(const char **spec, char word[LABSPEC_WORD_MAX], bool *is_address)
{
	const char *start = *spec + strspn(*spec, ",");
	size_t len = strcspn(start, ",");
	bool scenario = !is_lab_word(start, len) && is_scenario(start, len);

	*is_address = is_listening(start, len);
	for (const char *next; !*is_address && !scenario && start[len];
	     len += 1 + strcspn(next, ",")) {
		next = start + len + 1;
		if (!*next || starts_word(next, strcspn(next, ",")))
			break;
	}
	*spec = start + len;
	snprintf(word, LABSPEC_WORD_MAX, "%s%.*s", scenario ? "scenario=" : "", (int)len, start);
	return len > 0;
}

bool labspec_address(const char *word, struct pcp_endpoint *at, bool *fixed, struct pcp_why *why)
{
	char bare[LABSPEC_WORD_MAX];
	size_t len = strlen(word);
	/* No server's address has port 0, so the parser refuses it. "::0" is an address. */
	bool any = len > 2 && !strcmp(word + len - 2, ":0") &&
		   (word[len - 3] == ']' || strchr(word, ':') == word + len - 2);

	snprintf(bare, sizeof bare, "%.*s", (int)(any ? len - 2 : len), word);
	if (!pcp_endpoint_parse(bare, 0, at, why))
		return false;
	*fixed = any || at->port;
	if (!*fixed)
		at->port = PCP_SERVER_PORT;
	return true;
}

/* ---- completion ---- */

struct lab_completing {
	const char *typed;
	size_t keep; /* octets of it that stay in front of what is offered */
	size_t count;
	void (*found)(void *arg, const char *words, const char *help);
	void *arg;
};

static void offer(struct lab_completing *completing, const char *name, const char *help)
{
	char words[2 * LABSPEC_WORD_MAX];

	snprintf(words, sizeof words, "%.*s%s", (int)completing->keep, completing->typed, name);
	if (strncmp(words, completing->typed, strlen(completing->typed)) != 0)
		return;
	completing->found(completing->arg, words, help);
	completing->count++;
}

static void offer_names(struct lab_completing *completing, const struct pcp_name *names,
			const char *otherwise)
{
	for (; names->name; names++)
		offer(completing, names->name, names->help ? names->help : otherwise);
}

static void offer_scenarios(struct lab_completing *completing)
{
	for (size_t i = 0; i < lab_nscenarios; i++)
		offer(completing, lab_scenarios[i].name, lab_scenarios[i].look);
}

/* A value as the table describes it: words in small letters stand for themselves, those in capitals
 * for one of a list, or for what has no names. */
static void offer_value(struct lab_completing *completing, const char *value, size_t len,
			const char *help)
{
	static const struct {
		const char *name;
		const struct pcp_name *names;
	} lists[] = {
		{ "PROTOCOL", pcp_protocol_names },
		{ "OPCODE", pcp_opcode_names },
		{ "OPTION", pcp_option_names },
		{ "RESULT", pcp_result_names },
	};
	char name[LABSPEC_WORD_MAX];

	snprintf(name, sizeof name, "%.*s", (int)len, value);
	if (islower((unsigned char)*name))
		offer(completing, name, help);
	else if (strcmp(name, "SCENARIO") == 0)
		offer_scenarios(completing);
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		if (strcmp(lists[i].name, name) == 0)
			offer_names(completing, lists[i].names, help);
}

/* "[keep|lose]", "OPCODE+OPTION...|none", "RATE[/OPCODE]": what may stand where the last part of
 * the typed value begins. */
static void offer_values(struct lab_completing *completing, const struct lab_word *row, char before)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	const char *at = row->values;

	if (before == '/')
		at = strstr(at, "/OPCODE") ? "OPCODE" : "";
	else if (before == '@')
		return;
	for (size_t len; *at; at += len + strcspn(at + len, "|+"), at += *at != '\0') {
		at += *at == '[';
		len = strspn(at, letters);
		offer_value(completing, at, len, row->help);
	}
}

static bool needs_value(const struct lab_word *row)
{
	return *row->values && *row->values != '[';
}

static void offer_words(struct lab_completing *completing)
{
	struct lab_word row;
	char word[LABSPEC_WORD_MAX];

	for (size_t i = 0; lab_word_at(i, &row); i++) {
		snprintf(word, sizeof word, "%s%s", row.name, needs_value(&row) ? "=" : "");
		offer(completing, word, row.help);
	}
	for (size_t i = 0; i < lab_nscenarios; i++)
		if (!is_lab_word(lab_scenarios[i].name, strlen(lab_scenarios[i].name)))
			offer(completing, lab_scenarios[i].name, lab_scenarios[i].look);
}

static bool find_row(const char *name, size_t len, struct lab_word *row)
{
	for (size_t i = 0; lab_word_at(i, row); i++)
		if (strlen(row->name) == len && strncmp(row->name, name, len) == 0)
			return true;
	return false;
}

/* What a value may be, where it has no names to choose from. */
static void describe(struct lab_completing *completing, const struct lab_word *row)
{
	char help[300];

	snprintf(help, sizeof help, "%s: %s", row->values, row->help);
	completing->keep = strlen(completing->typed);
	offer(completing, "", help);
}

void labspec_complete(const char *typed,
		      void (*found)(void *arg, const char *words, const char *help), void *arg)
{
	struct lab_completing completing = { .typed = typed, .found = found, .arg = arg };
	const char *comma = strrchr(typed, ','), *piece = comma ? comma + 1 : typed;
	size_t name = strcspn(piece, "=@/"), end = strlen(piece), part = end;
	struct lab_word row;

	completing.keep = (size_t)(piece - typed);
	if (!piece[name]) {
		offer_words(&completing);
		return;
	}
	if (!find_row(piece, name, &row))
		return;
	while (part > name + 1 && !strchr("+/@", piece[part - 1]))
		part--;
	completing.keep += part;
	offer_values(&completing, &row, piece[part - 1]);
	if (completing.count == 0 && part == end)
		describe(&completing, &row);
}
