/* Addresses and durations as people type and read them: see text.h. */
#include "words.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

/* ---- addresses ---- */

static const uint8_t v4_mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

bool pcp_addr_is_v4(const uint8_t addr[PCP_ADDR_LEN])
{
	return memcmp(addr, v4_mapped, sizeof v4_mapped) == 0;
}

void pcp_addr_any(uint8_t addr[PCP_ADDR_LEN], bool v4)
{
	memset(addr, 0, PCP_ADDR_LEN);
	if (v4)
		memcpy(addr, v4_mapped, sizeof v4_mapped);
}

bool pcp_addr_is_link_local(const uint8_t addr[PCP_ADDR_LEN])
{
	return addr[0] == 0xfe && (addr[1] & 0xc0) == 0x80;
}

bool pcp_addr_is_any(const uint8_t addr[PCP_ADDR_LEN])
{
	uint8_t any[PCP_ADDR_LEN];

	pcp_addr_any(any, pcp_addr_is_v4(addr));
	return memcmp(addr, any, PCP_ADDR_LEN) == 0;
}

bool pcp_addr_is_loopback(const uint8_t addr[PCP_ADDR_LEN])
{
	static const uint8_t one[PCP_ADDR_LEN] = { [PCP_ADDR_LEN - 1] = 1 };

	return pcp_addr_is_v4(addr) ? addr[12] == 127 : memcmp(addr, one, sizeof one) == 0;
}

/* One of the four, and a point. */
static char *put_octet(char *at, unsigned octet)
{
	if (octet >= 100)
		*at++ = (char)('0' + octet / 100);
	if (octet >= 10)
		*at++ = pcp_tens[2 * (octet % 100)];
	*at++ = pcp_tens[2 * (octet % 100) + 1];
	*at++ = '.';
	return at;
}

void pcp_out_addr4(struct pcp_out *out, const uint8_t addr[4])
{
	char text[sizeof "255.255.255.255."], *end = text;

	for (size_t i = 0; i < 4; i++)
		end = put_octet(end, addr[i]);
	pcp_out_octets(out, text, (size_t)(end - text) - 1); /* all but the last point */
}

static unsigned addr_word(const uint8_t *addr, size_t i)
{
	return (unsigned)addr[2 * i] << 8 | addr[2 * i + 1];
}

/* The longest run of two zero words or more, the first of equals: RFC 5952 4.2. */
static size_t zero_run(const uint8_t *addr, size_t *start)
{
	size_t best = 1;

	*start = 8;
	for (size_t i = 0; i < 8; i++) {
		size_t n = 0;

		while (i + n < 8 && addr_word(addr, i + n) == 0)
			n++;
		if (n > best) {
			best = n;
			*start = i;
		}
	}
	return best;
}

void pcp_out_addr6(struct pcp_out *out, const uint8_t addr[PCP_ADDR_LEN])
{
	size_t start, run = zero_run(addr, &start);

	for (size_t i = 0; i < 8; i++) {
		if (i == start) {
			pcp_out_text(out, "::");
			i += run - 1;
			continue;
		}
		if (i > 0 && i != start + run)
			pcp_out_text(out, ":");
		pcp_out_hex_uint(out, addr_word(addr, i), 1);
	}
}

void pcp_out_addr(struct pcp_out *out, const uint8_t addr[PCP_ADDR_LEN])
{
	if (pcp_addr_is_v4(addr))
		pcp_out_addr4(out, addr + 12);
	else
		pcp_out_addr6(out, addr);
}

size_t pcp_addr_text(const uint8_t addr[PCP_ADDR_LEN], char *buf, size_t cap)
{
	struct pcp_out out;

	pcp_out_begin(&out, buf, cap);
	pcp_out_addr(&out, addr);
	return out.len;
}

bool pcp_addr_parse(const char *typed, uint8_t addr[PCP_ADDR_LEN], struct pcp_why *why)
{
	struct pcp_word word;
	size_t at;

	if (pcp_word_of(typed, &word, &at)) {
		bool any4 = pcp_name_equal(word.text, "any") || pcp_name_equal(word.text, "any4");
		uint8_t v4[4];

		if (any4 || pcp_name_equal(word.text, "any6")) {
			pcp_addr_any(addr, any4);
			return true;
		}
		if (inet_pton(AF_INET, word.text, v4) == 1) {
			pcp_addr_any(addr, true);
			memcpy(addr + 12, v4, sizeof v4);
			return true;
		}
		if (inet_pton(AF_INET6, word.text, addr) == 1)
			return true;
	}
	return pcp_refuse(
		why, at,
		"\"%s\" is not an address; allowed: IPv4 as 192.0.2.1, IPv6 as 2001:db8::1, any4, "
		"any6",
		pcp_quote(typed, strlen(typed)).text);
}

bool pcp_addr4_parse(const char *typed, uint8_t addr[4], struct pcp_why *why)
{
	struct pcp_word word;
	size_t at;

	if (pcp_word_of(typed, &word, &at)) {
		if (pcp_name_equal(word.text, "any") || pcp_name_equal(word.text, "any4")) {
			memset(addr, 0, 4);
			return true;
		}
		if (inet_pton(AF_INET, word.text, addr) == 1)
			return true;
	}
	return pcp_refuse(why, at,
			  "\"%s\" is not an IPv4 address; allowed: four numbers as 192.0.2.1, any",
			  pcp_quote(typed, strlen(typed)).text);
}

/* ---- durations ---- */

static uint32_t unit_seconds(char unit)
{
	switch (tolower((unsigned char)unit)) {
	case 's':
		return 1;
	case 'm':
		return 60;
	case 'h':
		return 3600;
	case 'd':
		return 86400;
	case 'w':
		return 7 * 86400;
	default:
		return 0;
	}
}

/* Numbers with units to the end of the word: "1d12h". *p is left where it stops making sense. */
static enum pcp_number duration_parse(const char **p, uint32_t *seconds)
{
	uint64_t sum = 0;

	do {
		const char *digits = *p;
		uint64_t n = 0;

		for (; isdigit((unsigned char)**p) && n <= UINT32_MAX; (*p)++)
			n = n * 10 + (uint64_t)(**p - '0');
		sum += n * unit_seconds(**p);
		if (n > UINT32_MAX || sum > UINT32_MAX)
			return PCP_NUMBER_TOO_LARGE;
		if (*p == digits || unit_seconds(**p) == 0)
			return PCP_NUMBER_NONE;
		(*p)++;
	} while (**p);
	*seconds = (uint32_t)sum;
	return PCP_NUMBER_OK;
}

bool pcp_seconds_parse(const char *typed, uint32_t *seconds, struct pcp_why *why)
{
	enum pcp_number got = PCP_NUMBER_NONE;
	struct pcp_word word;
	const char *p = word.text;
	size_t at;

	if (pcp_word_of(typed, &word, &at)) {
		if (pcp_name_equal(word.text, "infinite")) {
			*seconds = UINT32_MAX;
			return true;
		}
		got = pcp_number_parse(word.text, UINT32_MAX, seconds);
		if (got == PCP_NUMBER_NONE)
			got = duration_parse(&p, seconds);
	}
	if (got == PCP_NUMBER_OK)
		return true;
	return pcp_refuse(why, at + (size_t)(p - word.text),
			  "\"%s\" is %s; allowed: seconds as 3600, durations as 90s, 45m, 2h, "
			  "1d12h, or infinite",
			  pcp_quote(typed, strlen(typed)).text,
			  got == PCP_NUMBER_TOO_LARGE ? "more than 4294967295 seconds"
						      : "not a duration");
}

void pcp_out_seconds(struct pcp_out *out, uint32_t seconds)
{
	uint32_t days = seconds / 86400, rest = seconds % 86400;

	if (days > 0) {
		pcp_out_uint(out, days);
		pcp_out_text(out, "d ");
	}
	pcp_out_uint(out, rest / 3600);
	pcp_out_text(out, ":");
	pcp_out_octets(out, &pcp_tens[2 * (rest / 60 % 60)], 2);
	pcp_out_text(out, ":");
	pcp_out_octets(out, &pcp_tens[2 * (rest % 60)], 2);
}

size_t pcp_seconds_text(uint32_t seconds, char *buf, size_t cap)
{
	struct pcp_out out;

	pcp_out_begin(&out, buf, cap);
	pcp_out_seconds(&out, seconds);
	return out.len;
}
