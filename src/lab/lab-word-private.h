/* The words that set the lab: how their values are read and written, and whose they are. */
#ifndef LAB_WORD_PRIVATE_H
#define LAB_WORD_PRIVATE_H

#include "lab-private.h"

/* ---- lab-value.c ---- */

/* "1500ms", "90s", "2h": up to a day. */
bool lab_duration_parse(const char *typed, usec *duration, struct pcp_why *why);
/* Copies the part before a separator and moves on behind it; false when there is none left or it is
 * too long. */
bool lab_next_part(const char **value, const char *between, char *part, size_t cap);
/* Hands each part of a list to `take`; "none" has no parts. */
bool lab_each_part(const char *value,
		   bool (*take)(void *into, const char *part, struct pcp_why *why), void *into,
		   struct pcp_why *why);
/* A code by its name among `names`, or as a number up to `max`; -1 otherwise. */
long lab_code_of(const struct pcp_name *names, const char *typed, long max);
bool lab_prefix_parse(const char *typed, struct lab_prefix *prefix, struct pcp_why *why);
/* These write behind the `len` octets that a text has already, and return its whole length as
 * snprintf does; an item of a list has a separator in front. */
size_t lab_put_text(char *buf, size_t cap, size_t len, const char *text);
size_t lab_put_item(char *buf, size_t cap, size_t len, const char *item);
size_t lab_put_code(char *buf, size_t cap, size_t len, const struct pcp_name *names, unsigned code);
size_t lab_prefix_text(const struct lab_prefix *prefix, char *buf, size_t cap);

/* ---- lab-special.c: an OWN setting each ---- */

typedef bool lab_setter(struct lab *lab, usec now, const char *value, struct pcp_why *why);
typedef size_t lab_shower(const struct lab *lab, char *buf, size_t cap);
#define LAB_OWN(stem, ...)                                                                         \
	lab_setter lab_set_##stem;                                                                 \
	lab_shower lab_text_##stem;
LAB_SETTINGS(LAB_NOTHING, LAB_OWN)
#undef LAB_OWN

/* ---- lab-config.c, lab-action.c: the i-th setting or action; false beyond the last ---- */

void lab_settings_start(struct lab *lab, usec now);
bool lab_setting_word(size_t i, struct lab_word *word);
bool lab_setting_set(struct lab *lab, usec now, size_t i, const char *value, struct pcp_why *why);
size_t lab_setting_text(const struct lab *lab, size_t i, char *buf, size_t cap);
bool lab_setting_changed(const struct lab *lab, size_t i);
bool lab_action_word(size_t i, struct lab_word *word);
bool lab_action_do(struct lab *lab, usec now, size_t i, const char *value, struct pcp_why *why);
void lab_faults_off(struct lab *lab);

#endif
