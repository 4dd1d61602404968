#include "labspec.h"

#include <stdio.h>
#include <string.h>

#include "lab.h"

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

bool labspec_address(const char *word, struct endpoint *at, bool *fixed, struct pcp_why *why)
{
	char bare[LABSPEC_WORD_MAX];
	size_t len = strlen(word);
	/* No server's address has port 0, so the parser refuses it. "::0" is an address. */
	bool any = len > 2 && !strcmp(word + len - 2, ":0") &&
		   (word[len - 3] == ']' || strchr(word, ':') == word + len - 2);

	snprintf(bare, sizeof bare, "%.*s", (int)(any ? len - 2 : len), word);
	if (!endpoint_parse(bare, 0, at, why))
		return false;
	*fixed = any || at->port;
	if (!*fixed)
		at->port = PCP_SERVER_PORT;
	return true;
}
