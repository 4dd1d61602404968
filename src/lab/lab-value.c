/* How a value is typed and shown: durations, lists, codes and prefixes. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab-word-private.h"
#include "words.h"

bool lab_duration_parse(const char *typed, usec *duration, struct pcp_why *why)
{
	uint32_t seconds;
	char *end;
	unsigned long long ms = strtoull(typed, &end, 10);

	if (isdigit((unsigned char)*typed) && strcmp(end, "ms") == 0 && ms <= 86400000) {
		*duration = (usec)ms * 1000;
		return true;
	}
	if (!pcp_seconds_parse(typed, &seconds, why))
		return false;
	if (seconds > 86400)
		return pcp_refuse(why, 0, "at most a day");
	*duration = (usec)seconds * USEC_PER_SEC;
	return true;
}

/* ---- lists: parts of a value between separators ---- */

/* Of lists. --lab=WORD,WORD leaves only the first of them; both work elsewhere. */
static const char separators[] = "+,";

/* Copies the part before a separator and moves on behind it; false when there is none left or it is
 * too long. */
bool lab_next_part(const char **value, const char *between, char *part, size_t cap)
{
	size_t len = strcspn(*value, between);

	if (!**value || len >= cap)
		return false;
	memcpy(part, *value, len);
	part[len] = '\0';
	*value += len + ((*value)[len] != '\0');
	return true;
}

size_t lab_put_text(char *buf, size_t cap, size_t len, const char *text)
{
	int n = snprintf(len < cap ? buf + len : NULL, len < cap ? cap - len : 0, "%s", text);

	return len + (size_t)n;
}

/* Hands each part of a list to `take`; "none" has no parts. */
bool lab_each_part(const char *value,
		   bool (*take)(void *into, const char *part, struct pcp_why *why), void *into,
		   struct pcp_why *why)
{
	char part[LAB_PART_MAX];

	if (strcmp(value, "none") == 0)
		return true;
	while (lab_next_part(&value, separators, part, sizeof(part)))
		if (!take(into, part, why))
			return false;
	return !*value || pcp_refuse(why, 0, "'%s' is too long", pcp_quoted(value).text);
}

size_t lab_put_item(char *buf, size_t cap, size_t len, const char *item)
{
	return lab_put_text(buf, cap, len ? lab_put_text(buf, cap, len, "+") : len, item);
}

size_t lab_put_code(char *buf, size_t cap, size_t len, const struct pcp_name *names, unsigned code)
{
	const char *name = pcp_name(names, code);
	char number[12];

	snprintf(number, sizeof(number), "%u", code);
	return lab_put_item(buf, cap, len, name ? name : number);
}

long lab_code_of(const struct pcp_name *names, const char *typed, long max)
{
	long code = pcp_code(names, typed);
	char *end;

	if (code < 0 && isdigit((unsigned char)*typed)) {
		code = strtol(typed, &end, 0);
		if (*end)
			code = -1;
	}
	return code <= max ? code : -1;
}

bool lab_prefix_parse(const char *typed, struct lab_prefix *prefix, struct pcp_why *why)
{
	char addr[PCP_ADDR_TEXT];
	const char *rest = typed;
	char *end;
	long bits;

	if (strcmp(typed, "any") == 0) {
		*prefix = (struct lab_prefix){ .bits = 0 };
		return true;
	}
	if (!lab_next_part(&rest, "/", addr, sizeof(addr)) ||
	    !pcp_addr_parse(addr, prefix->addr, why))
		return pcp_refuse(why, 0, "'%s' is no address or prefix", typed);
	bits = pcp_addr_is_v4(prefix->addr) ? 32 : 128;
	if (*rest) {
		long typed_bits = strtol(rest, &end, 10);
		if (*end || typed_bits < 0 || typed_bits > bits)
			return pcp_refuse(why, 0, "a prefix length is 0 to %ld, not '%s'", bits,
					  rest);
		bits = typed_bits;
	}
	prefix->bits = (uint8_t)(bits + (pcp_addr_is_v4(prefix->addr) ? 96 : 0));
	return true;
}

size_t lab_prefix_text(const struct lab_prefix *prefix, char *buf, size_t cap)
{
	char addr[PCP_ADDR_TEXT];
	int n;

	if (prefix->bits == 0)
		return lab_put_text(buf, cap, 0, "any");
	pcp_addr_text(prefix->addr, addr, sizeof(addr));
	n = snprintf(buf, cap, "%s/%d", addr,
		     prefix->bits - (pcp_addr_is_v4(prefix->addr) ? 96 : 0));
	return (size_t)n;
}
