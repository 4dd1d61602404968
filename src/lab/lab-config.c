/* The settings of the lab: their bounds, their present values, and how they start. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab-word-private.h"

enum lab_setting_kind { NUMBER, TIME, SWITCH, CHOICE, SPECIAL };

struct lab_setting {
	const char *name, *normal, *values, *help; /* normal: the value it starts with */
	enum lab_setting_kind kind;
	size_t offset; /* of the member in struct lab_settings */
	uint32_t min, max;
	lab_setter *set; /* SPECIAL */
	lab_shower *text;
};

#define PLAIN(kind, member, name, normal, values, help, min, max)                                  \
	{ name, normal, values, help, kind, offsetof(struct lab_settings, member),                 \
	  min,	max,	NULL,	NULL },
#define OWN(stem, name, normal, values, help)                                                      \
	{ name, normal, values, help, SPECIAL, 0, 0, 0, lab_set_##stem, lab_text_##stem },

static const struct lab_setting settings[] = { LAB_SETTINGS(PLAIN, OWN) };

enum { NSETTINGS = sizeof(settings) / sizeof(*settings) };

static void *member(const struct lab *lab, const struct lab_setting *setting)
{
	return (char *)&lab->set + setting->offset;
}

static bool take(uint32_t *at, const struct lab_setting *setting, unsigned long long value,
		 const char *typed, struct pcp_why *why)
{
	if (value < setting->min || value > setting->max)
		return pcp_refuse(why, 0, "%s is %llu to %llu%s, not '%s'", setting->name,
				  (unsigned long long)setting->min,
				  (unsigned long long)setting->max,
				  setting->kind == TIME ? " seconds" : "", typed);
	*at = (uint32_t)value;
	return true;
}

static bool set_number(uint32_t *at, const struct lab_setting *setting, const char *value,
		       struct pcp_why *why)
{
	char *end;
	unsigned long long number = strtoull(value, &end, 10);

	if (!isdigit((unsigned char)*value) || *end)
		number = UINT64_MAX;
	return take(at, setting, number, value, why);
}

static bool set_time(uint32_t *at, const struct lab_setting *setting, const char *value,
		     struct pcp_why *why)
{
	uint32_t seconds;

	return pcp_seconds_parse(value, &seconds, why) && take(at, setting, seconds, value, why);
}

static bool set_switch(bool *at, const struct lab_setting *setting, const char *value,
		       struct pcp_why *why)
{
	bool on = strcmp(value, "on") == 0;

	if (!on && strcmp(value, "off") != 0)
		return pcp_refuse(why, 0, "%s is on or off, not '%s'", setting->name, value);
	*at = on;
	return true;
}

/* The i-th of the words that a CHOICE may be; false beyond the last. */
static bool choice(const struct lab_setting *setting, uint32_t i, char word[LAB_PART_MAX])
{
	const char *values = setting->values;

	while (lab_next_part(&values, "|", word, LAB_PART_MAX))
		if (i-- == 0)
			return true;
	return false;
}

static bool set_choice(uint32_t *at, const struct lab_setting *setting, const char *value,
		       struct pcp_why *why)
{
	char word[LAB_PART_MAX];

	for (uint32_t i = 0; choice(setting, i, word); i++) {
		if (strcmp(word, value) == 0) {
			*at = i;
			return true;
		}
	}
	return pcp_refuse(why, 0, "%s is %s, not '%s'", setting->name, setting->values, value);
}

bool lab_setting_set(struct lab *lab, usec now, size_t i, const char *value, struct pcp_why *why)
{
	const struct lab_setting *setting = &settings[i];
	void *at = member(lab, setting);

	switch (setting->kind) {
	case NUMBER:
		return set_number(at, setting, value, why);
	case TIME:
		return set_time(at, setting, value, why);
	case SWITCH:
		return set_switch(at, setting, value, why);
	case CHOICE:
		return set_choice(at, setting, value, why);
	case SPECIAL:
		return setting->set(lab, now, value, why);
	}
	return false;
}

static size_t value_text(const struct lab *lab, const struct lab_setting *setting, char *buf,
			 size_t cap)
{
	const void *at = member(lab, setting);
	char word[LAB_PART_MAX] = "";

	switch (setting->kind) {
	case NUMBER:
	case TIME:
		return (size_t)snprintf(buf, cap, "%u", (unsigned)*(const uint32_t *)at);
	case SWITCH:
		return lab_put_text(buf, cap, 0, *(const bool *)at ? "on" : "off");
	case CHOICE:
		choice(setting, *(const uint32_t *)at, word);
		return lab_put_text(buf, cap, 0, word);
	case SPECIAL:
		return setting->text(lab, buf, cap);
	}
	return 0;
}

bool lab_setting_word(size_t i, struct lab_word *word)
{
	if (i >= NSETTINGS)
		return false;
	*word = (struct lab_word){ LAB_SETTING, settings[i].name, settings[i].values,
				   settings[i].help };
	return true;
}

size_t lab_setting_text(const struct lab *lab, size_t i, char *buf, size_t cap)
{
	size_t len = lab_put_text(buf, cap, lab_put_text(buf, cap, 0, settings[i].name), "=");

	return len < cap ? len + value_text(lab, &settings[i], buf + len, cap - len) : len;
}

bool lab_setting_changed(const struct lab *lab, size_t i)
{
	char text[LAB_WORD_MAX];

	value_text(lab, &settings[i], text, sizeof(text));
	return strcmp(text, settings[i].normal) != 0;
}

void lab_settings_start(struct lab *lab, usec now)
{
	for (size_t i = 0; i < NSETTINGS; i++)
		lab_setting_set(lab, now, i, settings[i].normal, NULL);
}
