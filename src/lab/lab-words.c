/* The words that set the lab up and change it while it runs: settings, faults, actions, scenarios.
 */
#include <string.h>

#include "lab-fault-private.h"
#include "lab-word-private.h"
#include "suggest.h"

/* ---- scenarios ---- */

static const struct lab_scenario *find_scenario(const char *name)
{
	for (size_t i = 0; i < lab_nscenarios; i++)
		if (strcmp(lab_scenarios[i].name, name) == 0)
			return &lab_scenarios[i];
	return NULL;
}

static bool no_scenario(const char *name, struct pcp_why *why)
{
	struct suggest suggest;

	suggest_begin(&suggest, name, strlen(name));
	for (size_t i = 0; i < lab_nscenarios; i++)
		suggest_offer(&suggest, lab_scenarios[i].name);
	return pcp_refuse(why, 0, "there is no scenario '%s'%s", name, suggest_text(&suggest, ""));
}

static bool scenario(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	const struct lab_scenario *found = find_scenario(value);
	const char *words;
	char word[LAB_WORD_MAX];

	if (!found && strcmp(value, "off") != 0 && strcmp(value, "none") != 0)
		return no_scenario(value, why);
	lab_settings_start(lab, now);
	for (size_t i = 0; i < lab->ndefaults; i++)
		lab_set(lab, now, lab->defaults[i], why);
	lab_faults_off(lab);
	lab->scenario = found;
	if (!found)
		return true;
	words = found->words;
	while (lab_next_part(&words, " ", word, sizeof(word)))
		if (!lab_set(lab, now, word, why))
			return false;
	lab_note(lab, now, "scenario %s: %s", found->name, found->look);
	return true;
}

const struct lab_scenario *lab_scenario_on(const struct lab *lab)
{
	return lab->scenario;
}

/* `reset` is how people who want no scenario any more ask for it. */
static const struct lab_word scenario_words[] = {
	{ LAB_ACTION, "scenario", "SCENARIO|off",
	  "sets the words of a scenario after the defaults; off: these alone" },
	{ LAB_ACTION, "reset", "", "everything as it was at the start, but mappings and epoch" },
};

static bool scenario_word(size_t i, struct lab_word *word)
{
	if (i >= sizeof(scenario_words) / sizeof(*scenario_words))
		return false;
	*word = scenario_words[i];
	return true;
}

static bool scenario_set(struct lab *lab, usec now, size_t i, const char *value,
			 struct pcp_why *why)
{
	if (i == 0)
		return scenario(lab, now, value, why);
	return *value ? pcp_refuse(why, 0, "reset takes no value")
		      : scenario(lab, now, "none", why);
}

/* ---- words ---- */

/* Kinds of words, in the order in which they are told. text and changed are NULL where a word has
 * no value that lasts. */
static const struct lab_word_kind {
	bool (*word)(size_t i, struct lab_word *word);
	bool (*set)(struct lab *lab, usec now, size_t i, const char *value, struct pcp_why *why);
	size_t (*text)(const struct lab *lab, size_t i, char *buf, size_t cap);
	bool (*changed)(const struct lab *lab, size_t i);
} kinds[] = {
	{ lab_setting_word, lab_setting_set, lab_setting_text, lab_setting_changed },
	{ lab_fault_word, lab_fault_set, lab_fault_text, lab_fault_on },
	{ lab_mutant_word, lab_mutant_set, lab_mutant_text, lab_mutant_on },
	{ lab_action_word, lab_action_do, NULL, NULL },
	{ scenario_word, scenario_set, NULL, NULL },
};

/* The kind of word *i, which becomes its place among that kind; NULL beyond the last. */
static const struct lab_word_kind *kind_of(size_t *i, struct lab_word *word)
{
	for (size_t k = 0; k < sizeof(kinds) / sizeof(*kinds); k++) {
		if (kinds[k].word(*i, word))
			return &kinds[k];
		for (size_t n = 0; kinds[k].word(n, word); n++)
			(*i)--;
	}
	return NULL;
}

bool lab_word_at(size_t i, struct lab_word *word)
{
	return kind_of(&i, word) != NULL;
}

size_t lab_word_text(const struct lab *lab, size_t i, char *buf, size_t cap)
{
	struct lab_word word;
	const struct lab_word_kind *kind = kind_of(&i, &word);

	return kind && kind->text ? kind->text(lab, i, buf, cap) : lab_put_text(buf, cap, 0, "");
}

bool lab_word_changed(const struct lab *lab, size_t i)
{
	struct lab_word word;
	const struct lab_word_kind *kind = kind_of(&i, &word);

	return kind && kind->changed && kind->changed(lab, i);
}

/* A scenario's name may stand alone where a person types (labspec.h), so it may be meant. */
static bool no_word(const char *typed, size_t len, struct pcp_why *why)
{
	struct suggest suggest;
	struct lab_word row;

	suggest_begin(&suggest, typed, len);
	for (size_t i = 0; lab_word_at(i, &row); i++)
		suggest_offer(&suggest, row.name);
	for (size_t i = 0; !typed[len] && i < lab_nscenarios; i++)
		suggest_offer(&suggest, lab_scenarios[i].name);
	return pcp_refuse(why, 0, "'%.*s' is no setting, fault or action of the lab%s",
			  (int)(len < 60 ? len : 60), typed, suggest_text(&suggest, ""));
}

/* "drop=" is half a word: what it would mean without the = is not meant. */
static bool no_value(const struct lab_word *row, size_t at, struct pcp_why *why)
{
	if (!*row->values)
		return pcp_refuse(why, at, "%s takes no value", row->name);
	return pcp_refuse(why, at, "nothing stands behind the = of %s: it is %s=%s", row->name,
			  row->name, row->values);
}

bool lab_set(struct lab *lab, usec now, const char *word, struct pcp_why *why)
{
	const struct lab_word_kind *kind;
	struct lab_word row;
	size_t len = strcspn(word, "=@/"), at = len + (word[len] == '='); /* "corrupt@0.1" */

	for (size_t i = 0; lab_word_at(i, &row); i++) {
		if (strlen(row.name) != len || strncmp(row.name, word, len) != 0)
			continue;
		if (word[len] == '=' && !word[at])
			return no_value(&row, at, why);
		kind = kind_of(&i, &row);
		if (kind->set(lab, now, i, word + at, why))
			return true;
		if (why)
			why->at += at;
		return false;
	}
	return no_word(word, len, why);
}

bool lab_default(struct lab *lab, usec now, const char *word, struct pcp_why *why)
{
	if (lab->ndefaults == LAB_DEFAULTS_MAX || strlen(word) >= LAB_WORD_MAX)
		return pcp_refuse(why, 0, "no room for another default");
	if (!lab_set(lab, now, word, why))
		return false;
	strcpy(lab->defaults[lab->ndefaults++], word);
	return true;
}

/* Without blanks at its ends and what follows a #. */
static void strip(char *line)
{
	size_t len, blanks = strspn(line, " \t\r");

	line[strcspn(line, "#")] = '\0';
	len = strlen(line);
	if (blanks > len)
		blanks = len;
	memmove(line, line + blanks, len - blanks + 1);
	for (len = strlen(line); len > 0 && strchr(" \t\r", line[len - 1]);)
		line[--len] = '\0';
}

bool lab_load(struct lab *lab, usec now, const char *text, struct pcp_why *why)
{
	char line[LAB_WORD_MAX];
	struct pcp_why inner;

	for (unsigned number = 1; *text; number++) {
		size_t len = strcspn(text, "\n");

		if (len >= sizeof(line))
			return pcp_refuse(why, 0, "line %u is too long", number);
		memcpy(line, text, len);
		line[len] = '\0';
		text += len + (text[len] == '\n');
		strip(line);
		if (*line && !lab_set(lab, now, line, &inner))
			return pcp_refuse(why, inner.at, "line %u: %s", number, inner.text);
	}
	return true;
}
