/* All cases, group by group, and choosing among them. */
#include "probe-private.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "suggest.h"
#include "words.h"

const struct probe_group *const probe_groups[] = {
	&probe_group_a,	 &probe_group_a2, &probe_group_b,  &probe_group_c, &probe_group_c4,
	&probe_group_c2, &probe_group_c3, &probe_group_d,  &probe_group_e, &probe_group_f,
	&probe_group_g,	 &probe_group_h,  &probe_group_h2, &probe_group_i, &probe_group_j,
	&probe_group_k,	 &probe_group_k2, &probe_group_k3, &probe_group_l,
};
const size_t probe_ngroups = sizeof probe_groups / sizeof *probe_groups;

size_t probe_ncases(void)
{
	size_t n = 0;

	for (size_t g = 0; g < probe_ngroups; g++)
		n += probe_groups[g]->nrow;
	return n;
}

const struct probe_case *probe_case_at(size_t i)
{
	for (size_t g = 0; g < probe_ngroups; g++) {
		if (i < probe_groups[g]->nrow)
			return &probe_groups[g]->row[i];
		i -= probe_groups[g]->nrow;
	}
	return NULL;
}

size_t probe_case_index(const struct probe_case *row)
{
	size_t before = 0;

	for (size_t g = 0; g < probe_ngroups; g++) {
		const struct probe_group *group = probe_groups[g];

		if (row >= group->row && row < group->row + group->nrow)
			return before + (size_t)(row - group->row);
		before += group->nrow;
	}
	return before;
}

/* Letters in any case. */
static const struct probe_case *named(const char *id, size_t len)
{
	for (size_t i = 0; i < probe_ncases(); i++) {
		const struct probe_case *row = probe_case_at(i);

		if (strlen(row->id) == len && strncasecmp(row->id, id, len) == 0)
			return row;
	}
	return NULL;
}

const struct probe_case *probe_case_named(const char *id)
{
	return named(id, strlen(id));
}

/* ---- needs ---- */

/* Everything that speaks PCP needs a gateway that does, and says so nowhere else. */
static const char *needs_of(const struct probe_case *row)
{
	return row->needs ? row->needs : strcmp(row->id, "A01") == 0 ? "" : "A01";
}

const struct probe_case *probe_needed(const struct probe_case *row, size_t i)
{
	const char *needs = needs_of(row);

	while (*needs) {
		size_t len = strcspn(needs, " ");

		if (i-- == 0)
			return named(needs, len);
		needs += len + (needs[len] == ' ');
	}
	return NULL;
}

static void want(struct probe_config *config, const struct probe_case *row)
{
	const struct probe_case *needed;
	size_t at = probe_case_index(row);

	if (config->wanted[at])
		return;
	config->wanted[at] = true;
	for (size_t i = 0; (needed = probe_needed(row, i)); i++)
		want(config, needed);
}

void probe_want_needed(struct probe_config *config)
{
	bool asked[PROBE_CASES_MAX];

	memcpy(asked, config->wanted, sizeof asked);
	memset(config->wanted, 0, sizeof config->wanted);
	for (size_t i = 0; i < probe_ncases(); i++)
		if (asked[i])
			want(config, probe_case_at(i));
}

/* ---- choosing ---- */

static bool waits_for_a_flag(const struct probe_config *config, const struct probe_case *row)
{
	return (row->flags & PROBE_ASKED & ~config->granted) != 0;
}

static bool is_natpmp(const struct probe_case *row)
{
	return strchr("JL", row->id[0]) || strcmp(row->id, "A11") == 0;
}

static void choose_some(struct probe_config *config, char letter)
{
	for (size_t i = 0; i < probe_ncases(); i++) {
		const struct probe_case *row = probe_case_at(i);

		if ((!letter || row->id[0] == letter) && !waits_for_a_flag(config, row) &&
		    (!config->natpmp_only || is_natpmp(row)))
			config->wanted[i] = true;
	}
}

void probe_choose_default(struct probe_config *config)
{
	choose_some(config, 0);
}

void probe_choose_quick(struct probe_config *config)
{
	for (size_t i = 0; i < probe_ncases(); i++) {
		const struct probe_case *row = probe_case_at(i);

		if ((row->flags & PROBE_QUICK) && !waits_for_a_flag(config, row) &&
		    (!config->natpmp_only || is_natpmp(row)))
			config->wanted[i] = true;
	}
}

const char *probe_flag_word(unsigned flags)
{
	static const struct {
		unsigned flag;
		const char *word;
	} words[] = {
		{ PROBE_INTRUSIVE, "-intrusive" }, { PROBE_LONG, "-long" },
		{ PROBE_REBOOT, "-reboot" },	   { PROBE_IPV6, "-v6" },
		{ PROBE_NEIGHBOUR, "-neighbour" }, { PROBE_OUTSIDE, "-outside" },
		{ PROBE_FUZZ, "-fuzz" },	   { PROBE_BEACON, "-reach ADDRESS:PORT#KEY" },
		{ PROBE_REACH, "-reach" },
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (flags & words[i].flag)
			return words[i].word;
	return NULL;
}

static bool refuse(const char *word, struct pcp_why *why)
{
	struct suggest suggest;
	char groups[32] = "";

	suggest_begin(&suggest, word, strlen(word));
	for (size_t i = 0; i < probe_ncases(); i++)
		suggest_offer(&suggest, probe_case_at(i)->id);
	snprintf(groups, sizeof groups, "%c to %c", probe_groups[0]->letter,
		 probe_groups[probe_ngroups - 1]->letter);
	return pcp_refuse(why, 0, "'%s' is no case and no group (%s; -list shows them)%s",
			  pcp_quoted(word).text, groups, suggest_text(&suggest, ""));
}

bool probe_choose(struct probe_config *config, const char *word, struct pcp_why *why)
{
	const struct probe_case *row = probe_case_named(word);

	if (row && waits_for_a_flag(config, row))
		return pcp_refuse(why, 0, "%s is only run with %s", row->id,
				  probe_flag_word(row->flags & ~config->granted));
	if (row) {
		config->wanted[probe_case_index(row)] = true;
		return true;
	}
	for (size_t g = 0; g < probe_ngroups; g++)
		if (word[0] && !word[1] &&
		    toupper((unsigned char)word[0]) == probe_groups[g]->letter) {
			choose_some(config, probe_groups[g]->letter);
			return true;
		}
	return refuse(word, why);
}
