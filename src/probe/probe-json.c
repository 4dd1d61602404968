/* The probe's report as JSON: a line a case, the profile, and a summary at the end. */
#include "probe-text.h"

#include <string.h>

#include "json.h"
#include "text.h"

void probe_json_line(struct writer *out, const struct probe_line *line)
{
	const struct probe_case *row = line->row;
	struct json json = json_line(out);

	while (json_pass(&json)) {
		json_text(&json, "case", row->id);
		json_text(&json, "section", row->ref);
		json_text(&json, "level", row->level);
		json_text(&json, "title", row->title);
		json_text(&json, "verdict", probe_verdict_name(line->verdict));
		if (line->rule)
			json_text(&json, "rule", line->rule);
		if (line->why[0])
			json_text(&json, "why", line->why);
		json_bool(&json, "endangers", row->flags & PROBE_ENDANGERS);
		json_begin_array(&json, "exchanges");
		for (size_t i = 0; i < line->nexchange; i++)
			json_uint(&json, NULL, line->exchange[i]);
		json_end(&json);
		json_thousandths(&json, "seconds", (uint64_t)(line->took / 1000));
	}
}

static void unless_zero(struct json *json, const char *key, uint32_t value)
{
	if (value)
		json_uint(json, key, value);
}

static void put_way(struct json *json, const struct inquiry_result *result, enum beacon_way way,
		    const char *key)
{
	json_begin_object(json, key);
	for (unsigned saw = 0; saw < BEACON_NSAW; saw++)
		json_uint(json, beacon_saw_name((enum beacon_saw)saw), result->saw[way][saw]);
	json_uint(json, "came", result->came[way]);
	json_end(json);
}

static void put_igd(struct json *json, const struct igd_answer *igd)
{
	char addr[PCP_ADDR_TEXT];

	if (igd->state == IGD_UNKNOWN)
		return;
	json_bool(json, "igd", igd->state == IGD_SPEAKS);
	pcp_addr_text(igd->external, addr, sizeof addr);
	if (!pcp_addr_is_any(igd->external))
		json_text(json, "igd_external", addr);
}

/* Tries of a mapped port, where there were any; `source`: the beacon saw one. */
static void put_reach(struct json *json, const char *key, const struct inquiry_result *result,
		      bool source)
{
	char addr[PCP_ADDR_TEXT];

	if (!result->asked)
		return;
	pcp_addr_text(result->source.addr, addr, sizeof addr);
	json_begin_object(json, key);
	json_uint(json, "asked", result->asked);
	json_uint(json, "answered", result->answered);
	if (source && result->answered)
		json_text(json, "source", addr);
	put_way(json, result, BEACON_UDP, "udp");
	put_way(json, result, BEACON_TCP, "tcp");
	json_end(json);
}

void probe_json_profile(struct writer *out, const struct probe *probe)
{
	const struct probe_profile *p = probe_profile(probe);
	char external[PCP_ADDR_TEXT], sentence[PROBE_SENTENCE];
	struct json json = json_line(out);

	pcp_addr_text(p->external, external, sizeof external);
	while (json_pass(&json)) {
		json_begin_object(&json, "profile");
		json_bool(&json, "pcp", p->pcp);
		json_bool(&json, "version1", p->version1);
		json_bool(&json, "natpmp", p->natpmp);
		json_bool(&json, "map", p->map);
		json_bool(&json, "peer", p->peer);
		json_bool(&json, "get", p->get);
		json_bool(&json, "prefer_failure", p->prefer_failure);
		json_bool(&json, "filter", p->filter);
		json_bool(&json, "third_party", p->third_party);
		json_bool(&json, "description", p->description);
		unless_zero(&json, "port_set", p->ports_in_set);
		json_bool(&json, "echoes", p->echoes);
		if (!pcp_addr_is_any(p->external))
			json_text(&json, "external", external);
		unless_zero(&json, "min_lifetime", p->min_lifetime);
		unless_zero(&json, "max_lifetime", p->max_lifetime);
		json_uint(&json, "epoch", p->epoch);
		put_reach(&json, "hairpin", &p->hairpin, false);
		put_reach(&json, "outside", &p->outside, true);
		put_igd(&json, &p->igd);
		json_begin_array(&json, "sentences");
		for (size_t i = 0; probe_sentence(probe, i, sentence, sizeof sentence); i++)
			json_text(&json, NULL, sentence);
		json_end(&json);
		json_end(&json);
	}
}

void probe_json_summary(struct writer *out, const struct probe *probe, usec now)
{
	struct probe_counts counts = probe_counts(probe);
	char grade[2] = { probe_grade(probe) }, left[128];
	struct json json = json_line(out);

	while (json_pass(&json)) {
		json_begin_object(&json, "summary");
		for (size_t v = 0; v < PROBE_NVERDICTS; v++)
			json_uint(&json, probe_verdict_name((enum probe_verdict)v),
				  counts.verdict[v]);
		json_uint(&json, "rules", counts.faults);
		json_uint(&json, "requests", probe_nrequests(probe));
		if (grade[0])
			json_text(&json, "grade", grade);
		if (probe_stopped(probe))
			json_text(&json, "stopped", probe_stopped(probe));
		json_begin_array(&json, "left");
		for (size_t i = 0; probe_left_at(probe, i, now, left, sizeof left); i++)
			json_text(&json, NULL, left);
		json_end(&json);
		json_end(&json);
	}
}

static void unless_none(struct json *json, const char *key, const char *text)
{
	if (text)
		json_text(json, key, text);
}

void probe_json_row(struct writer *out, const struct probe_case *row)
{
	struct json json = json_line(out);

	while (json_pass(&json)) {
		json_text(&json, "case", row->id);
		json_text(&json, "section", row->ref);
		json_text(&json, "level", row->level);
		json_text(&json, "title", row->title);
		unless_none(&json, "demand", row->demand);
		json_text(&json, "sends", row->sends);
		json_text(&json, "passes", row->passes);
		json_text(&json, "fails", row->fails);
		unless_none(&json, "effect", row->effect);
		unless_none(&json, "needs", row->needs);
		unless_none(&json, "option", probe_flag_word(row->flags));
		json_bool(&json, "endangers", row->flags & PROBE_ENDANGERS);
	}
}

static void words_of(struct json *json, const char *key, const char *words)
{
	json_begin_array(json, key);
	for (size_t len; words && (len = strcspn(words, " ")) > 0;
	     words += len, words += *words == ' ') {
		char word[8];

		snprintf(word, sizeof word, "%.*s", (int)len, words);
		json_text(json, NULL, word);
	}
	json_end(json);
}

void probe_json_demand(struct writer *out, const char *document, const struct probe_demand *demand)
{
	struct json json = json_line(out);
	char section[32];

	snprintf(section, sizeof section, "%s %s", document, demand->section);
	while (json_pass(&json)) {
		json_text(&json, "demand", demand->text);
		json_text(&json, "section", section);
		json_text(&json, "level", probe_demand_level(demand));
		words_of(&json, "cases", demand->cases);
		unless_none(&json, "rule", demand->rule);
		unless_none(&json, "why", demand->why);
	}
}
