/* What a person types for a field, by the field's kind. */
#include "words.h"

#include <arpa/inet.h>
#include <string.h>

/* Where a field's octets go, and what is said when they do not fit. */
struct value {
	const struct pcp_field *field;
	const char *typed;
	bool v4;
	uint8_t *octets;
	size_t cap, len;
	struct pcp_why *why;
};

static struct pcp_quote quoted(const struct value *value)
{
	return pcp_quote(value->typed, strlen(value->typed));
}

static bool value_number(struct value *value, uint32_t number)
{
	memset(value->octets, 0, value->field->len);
	pcp_put_at(value->field, value->octets, value->field->len, number);
	value->len = value->field->len;
	return true;
}

static bool parse_uint(struct value *value)
{
	uint32_t number;

	return pcp_uint_parse(value->typed, pcp_field_max(value->field), &number, value->why) &&
	       value_number(value, number);
}

static bool parse_seconds(struct value *value)
{
	uint32_t number;

	return pcp_seconds_parse(value->typed, &number, value->why) && value_number(value, number);
}

static bool parse_named(struct value *value)
{
	uint32_t max = pcp_field_max(value->field), number;
	const struct pcp_name *names = value->field->names;
	struct pcp_out out;
	struct pcp_word word;
	size_t at;
	long code = -1;

	if (pcp_word_of(value->typed, &word, &at)) {
		if (pcp_number_parse(word.text, max, &number) == PCP_NUMBER_OK)
			return value_number(value, number);
		code = pcp_code(names, word.text);
	}
	if (code >= 0)
		return value_number(value, (uint32_t)code);
	if (!value->why)
		return false;
	value->why->at = at;
	value->why->code = PCP_WHY_TYPED;
	pcp_out_begin(&out, value->why->text, sizeof value->why->text);
	pcp_out_format(&out, "\"%s\" is not known; allowed: 0 to %u", quoted(value).text, max);
	for (; names->name; names++)
		pcp_out_format(&out, ", %s", names->name);
	return false;
}

static bool parse_prefix(struct value *value)
{
	uint32_t max = value->v4 ? 32 : 128, number;
	struct pcp_word word;
	size_t at;

	if (pcp_word_of(value->typed, &word, &at)) {
		bool wire = word.text[0] == '0' && (word.text[1] == 'x' || word.text[1] == 'X');
		const char *digits = word.text[0] == '/' ? word.text + 1 : word.text;

		if (pcp_name_equal(word.text, "erase"))
			return value_number(value, 0);
		if (pcp_number_parse(digits, wire ? 255 : max, &number) == PCP_NUMBER_OK)
			return value_number(value,
					    value->v4 && !wire ? PCP_V4_BITS + number : number);
	}
	return pcp_refuse(
		value->why, at,
		"\"%s\" is not a prefix length; allowed: 0 to %u for IPv%c, erase, or 0x and the "
		"octet to send",
		quoted(value).text, max, value->v4 ? '4' : '6');
}

static bool parse_addr(struct value *value)
{
	struct pcp_word word;
	size_t at;

	value->len = PCP_ADDR_LEN;
	if (pcp_word_of(value->typed, &word, &at) && pcp_name_equal(word.text, "any")) {
		pcp_addr_any(value->octets, value->v4);
		return true;
	}
	return pcp_addr_parse(value->typed, value->octets, value->why);
}

static bool parse_addr4(struct value *value)
{
	value->len = 4;
	return pcp_addr4_parse(value->typed, value->octets, value->why);
}

/* Fixed octets are given in full; 0x and fewer digits stand for a number, zeros in front. */
static bool fit_octets(struct value *value, size_t want)
{
	const char *start = value->typed + strspn(value->typed, " \t");

	if (value->len == want)
		return true;
	if (value->len < want && start[0] == '0' && (start[1] == 'x' || start[1] == 'X')) {
		memmove(value->octets + want - value->len, value->octets, value->len);
		memset(value->octets, 0, want - value->len);
		value->len = want;
		return true;
	}
	return pcp_refuse(value->why, 0, "%zu octets given; this field takes exactly %zu",
			  value->len, want);
}

static bool parse_octets(struct value *value)
{
	struct pcp_word word;
	size_t at;

	if (value->field->len > 0 && pcp_word_of(value->typed, &word, &at) &&
	    !strcmp(word.text, "0")) {
		memset(value->octets, 0, value->field->len);
		value->len = value->field->len;
		return true;
	}
	if (!pcp_hex_parse(value->typed, value->octets, value->cap, &value->len, value->why))
		return false;
	return value->field->len == 0 || fit_octets(value, value->field->len);
}

/* "64:ff9b::/96", the length a multiple of 8; or the octets in hexadecimal. */
static bool parse_prefix6(struct value *value)
{
	uint8_t addr[PCP_ADDR_LEN];
	struct pcp_word word;
	uint32_t bits;
	size_t at;
	char *slash;

	if (!pcp_word_of(value->typed, &word, &at) || !(slash = strchr(word.text, '/')))
		return parse_octets(value);
	*slash = '\0';
	if (inet_pton(AF_INET6, word.text, addr) != 1)
		return pcp_refuse(value->why, at,
				  "\"%s\" is not an IPv6 prefix; allowed: as 64:ff9b::/96, or "
				  "hexadecimal octets",
				  quoted(value).text);
	if (pcp_number_parse(slash + 1, 128, &bits) != PCP_NUMBER_OK || bits % 8 ||
	    bits / 8 > value->cap)
		return pcp_refuse(
			value->why, at + (size_t)(slash + 1 - word.text),
			"\"%s\" is not a prefix length here; allowed: whole octets, such as 32, "
			"40, 48, 56, 64 or 96",
			pcp_quote(slash + 1, strlen(slash + 1)).text);
	value->len = bits / 8;
	memcpy(value->octets, addr, value->len);
	return true;
}

static bool parse_reserved(struct value *value)
{
	return pcp_field_is_number(value->field) ? parse_uint(value) : parse_octets(value);
}

/* As it stands, but \xNN is the octet NN. Fixed fields are filled with zeros. */
static bool parse_text(struct value *value)
{
	size_t max = value->field->len && value->field->len < value->cap ? value->field->len
									 : value->cap;

	value->len = 0;
	for (const char *p = value->typed; *p;) {
		bool escape = p[0] == '\\' && p[1] == 'x' && pcp_is_hex(p[2]) && pcp_is_hex(p[3]);

		if (value->len == max)
			return pcp_refuse(value->why, (size_t)(p - value->typed),
					  "too long; at most %zu octets fit", max);
		value->octets[value->len++] = escape ? pcp_hex_octet(p + 2, 2) : (uint8_t)*p;
		p += escape ? 4 : 1;
	}
	if (value->field->len > 0) {
		memset(value->octets + value->len, 0, value->field->len - value->len);
		value->len = value->field->len;
	}
	return true;
}

static bool parse_codes(struct value *value)
{
	const char *p = value->typed;

	value->len = 0;
	for (p += strspn(p, " \t/,"); *p; p += strspn(p, " \t/,")) {
		size_t n = strcspn(p, " \t/,");
		struct pcp_word word = { { 0 } };
		uint32_t code;
		long named;

		if (n < sizeof word.text)
			memcpy(word.text, p, n);
		if (pcp_number_parse(word.text, 255, &code) != PCP_NUMBER_OK) {
			named = pcp_code(pcp_option_names, word.text);
			if (named < 0)
				return pcp_refuse(
					value->why, (size_t)(p - value->typed),
					"\"%s\" is not an option; allowed: codes 0 to 255 or "
					"names, with / or comma between them",
					pcp_quote(p, n).text);
			code = (uint32_t)named;
		}
		if (value->len == value->cap)
			return pcp_refuse(value->why, (size_t)(p - value->typed),
					  "too many options; at most %zu fit", value->cap);
		value->octets[value->len++] = (uint8_t)code;
		p += n;
	}
	return true;
}

bool pcp_parse_value(const struct pcp_field *field, const char *typed, bool v4, uint8_t *octets,
		     size_t cap, size_t *len, struct pcp_why *why)
{
	static bool (*const parse[])(struct value *) = {
		[PCP_UINT] = parse_uint,       [PCP_NAMED] = parse_named,
		[PCP_SECONDS] = parse_seconds, [PCP_ADDR] = parse_addr,
		[PCP_ADDR4] = parse_addr4,     [PCP_PREFIX] = parse_prefix,
		[PCP_PREFIX6] = parse_prefix6, [PCP_OCTETS] = parse_octets,
		[PCP_TEXT] = parse_text,       [PCP_CODES] = parse_codes,
		[PCP_OPTIONS] = parse_octets,  [PCP_RESERVED] = parse_reserved,
		[PCP_PADDING] = parse_octets,  [PCP_RAW] = parse_octets,
	};
	struct value value = { field, typed, v4, octets, cap, 0, why };

	if (field->len > cap)
		return pcp_refuse(why, 0, "no room; the field takes %u octets", field->len);
	if (!parse[field->kind](&value))
		return false;
	*len = value.len;
	return true;
}
