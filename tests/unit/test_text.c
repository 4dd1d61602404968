#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "text.h"
#include "words.h"
#include "tiling.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static void assert_hex_is(const uint8_t *octets, size_t len, const char *want, const char *what)
{
	char got[512];

	pcp_hex_text(octets, len, got, sizeof got);
	if (strcmp(got, want) != 0)
		fail_msg("%s: %s, not %s", what, got, want);
}

/* ---- addresses ---- */

/* What is typed, its octets and how it is shown; RFC 5952 4. */
static const struct {
	const char *typed, *octets, *shown;
} addresses[] = {
	{ "192.0.2.1", "00000000000000000000ffffc0000201", "192.0.2.1" },
	{ " 192.0.2.1\n", "00000000000000000000ffffc0000201", "192.0.2.1" },
	{ "0.0.0.0", "00000000000000000000ffff00000000", "0.0.0.0" },
	{ "any", "00000000000000000000ffff00000000", "0.0.0.0" },
	{ "ANY4", "00000000000000000000ffff00000000", "0.0.0.0" },
	{ "any6", "00000000000000000000000000000000", "::" },
	{ "::", "00000000000000000000000000000000", "::" },
	{ "::1", "00000000000000000000000000000001", "::1" },
	{ "::ffff:192.0.2.1", "00000000000000000000ffffc0000201", "192.0.2.1" },
	{ "::fffe:192.0.2.1", "00000000000000000000fffec0000201", "::fffe:c000:201" },
	{ "1::ffff:192.0.2.1", "00010000000000000000ffffc0000201", "1::ffff:c000:201" },
	{ "::192.0.2.1", "000000000000000000000000c0000201", "::c000:201" },
	{ "2001:DB8::1", "20010db8000000000000000000000001", "2001:db8::1" },
	{ "2001:db8:0:0:1:0:0:1", "20010db8000000000001000000000001", "2001:db8::1:0:0:1" },
	{ "2001:0:0:1:0:0:0:1", "20010000000000010000000000000001", "2001:0:0:1::1" },
	{ "2001:db8:0:1:1:1:1:1", "20010db8000000010001000100010001", "2001:db8:0:1:1:1:1:1" },
	{ "fe80::", "fe800000000000000000000000000000", "fe80::" },
	{ "1:2:3:4:5:6:7:8", "00010002000300040005000600070008", "1:2:3:4:5:6:7:8" },
	{ "64:ff9b::c000:201", "0064ff9b0000000000000000c0000201", "64:ff9b::c000:201" },
};

static void addresses_both_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(addresses); i++) {
		uint8_t addr[PCP_ADDR_LEN], again[PCP_ADDR_LEN];
		struct pcp_why why;
		char text[PCP_ADDR_TEXT];

		if (!pcp_addr_parse(addresses[i].typed, addr, &why))
			fail_msg("%s: %s", addresses[i].typed, why.text);
		assert_hex_is(addr, sizeof addr, addresses[i].octets, addresses[i].typed);
		assert_int_equal(pcp_addr_text(addr, text, sizeof text),
				 strlen(addresses[i].shown));
		assert_string_equal(text, addresses[i].shown);
		assert_true(pcp_addr_parse(text, again, NULL));
		assert_memory_equal(addr, again, sizeof addr);
	}
}

static void not_addresses(void **state)
{
	static const char *const typed[] = {
		"",
		" ",
		"1.2.3",
		"1.2.3.4.5",
		"256.0.0.1",
		"1.2.3.4/24",
		"::1::",
		"2001:db8::/32",
		"example.org",
		":",
		"any5",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	};
	uint8_t addr[PCP_ADDR_LEN];

	(void)state;
	for (size_t i = 0; i < COUNT(typed); i++) {
		struct pcp_why why = { .text = "" };

		assert_false(pcp_addr_parse(typed[i], addr, &why));
		assert_non_null(strstr(why.text, "allowed: IPv4 as 192.0.2.1"));
		assert_false(pcp_addr_parse(typed[i], addr, NULL));
	}
}

static void families(void **state)
{
	uint8_t addr[PCP_ADDR_LEN];

	(void)state;
	pcp_addr_any(addr, true);
	assert_true(pcp_addr_is_v4(addr) && pcp_addr_is_any(addr));
	for (size_t bit = 0; bit < 96; bit++) { /* all 96 bits are compared: RFC 6887 5 */
		addr[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
		assert_false(pcp_addr_is_v4(addr));
		assert_false(pcp_addr_is_any(addr));
		addr[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
	}
	addr[15] = 1;
	assert_true(pcp_addr_is_v4(addr));
	assert_false(pcp_addr_is_any(addr));
	pcp_addr_any(addr, false);
	assert_true(!pcp_addr_is_v4(addr) && pcp_addr_is_any(addr));
}

/* ---- durations ---- */

static const struct {
	const char *typed;
	bool ok;
	uint32_t seconds;
} durations[] = {
	{ "0", true, 0 },
	{ "90", true, 90 },
	{ "90s", true, 90 },
	{ "2h", true, 7200 },
	{ "2H", true, 7200 },
	{ "45m", true, 2700 },
	{ "1d12h", true, 129600 },
	{ "1w", true, 604800 },
	{ "1h30m5s", true, 5405 },
	{ "0xe10", true, 3600 },
	{ " 60 ", true, 60 },
	{ "infinite", true, UINT32_MAX },
	{ "4294967295", true, UINT32_MAX },
	{ "49710d6h28m15s", true, UINT32_MAX },
	{ "4294967296", false, 0 },
	{ "49710d6h28m16s", false, 0 },
	{ "99999999999999999999d", false, 0 },
	{ "99999999999999999999", false, 0 },
	{ "", false, 0 },
	{ "h", false, 0 },
	{ "1h30", false, 0 },
	{ "1.5h", false, 0 },
	{ "-1", false, 0 },
	{ "2 h", false, 0 },
	{ "2y", false, 0 },
	{ "forever", false, 0 },
};

static void durations_typed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(durations); i++) {
		struct pcp_why why = { .text = "" };
		uint32_t seconds = 0;
		bool ok = pcp_seconds_parse(durations[i].typed, &seconds, &why);

		if (ok != durations[i].ok)
			fail_msg("\"%s\": %s", durations[i].typed, why.text);
		if (ok)
			assert_int_equal(seconds, durations[i].seconds);
		else
			assert_non_null(strstr(why.text, "allowed: seconds as 3600"));
		assert_true(why.at <= strlen(durations[i].typed));
	}
}

static const struct {
	uint32_t seconds;
	const char *text;
} clocks[] = {
	{ 0, "0:00:00" },
	{ 59, "0:00:59" },
	{ 3725, "1:02:05" },
	{ 86399, "23:59:59" },
	{ 86400, "1d 0:00:00" },
	{ 2 * 86400 + 3725, "2d 1:02:05" },
	{ UINT32_MAX, "49710d 6:28:15" },
};

static void durations_shown(void **state)
{
	char text[32];

	(void)state;
	for (size_t i = 0; i < COUNT(clocks); i++) {
		assert_int_equal(pcp_seconds_text(clocks[i].seconds, text, sizeof text),
				 strlen(clocks[i].text));
		assert_string_equal(text, clocks[i].text);
	}
}

/* ---- hexadecimal as people paste it ---- */

static const struct {
	const char *typed, *octets;
} pastes[] = {
	{ "", "" },
	{ "  \n\t ", "" },
	{ "0281", "0281" },
	{ "02 81 00", "028100" },
	{ "0281:00", "028100" },
	{ "02:81:00", "028100" },
	{ "02-81-00", "028100" },
	{ "02,81, 00", "028100" },
	{ "0x0281", "0281" },
	{ "0X0281", "0281" },
	{ "0x281", "0281" },
	{ "0x2, 0x81, 0x00", "028100" },
	{ "{ 0x02, 0x81 };", "0281" },
	{ "\"\\x02\\x81\"", "0281" },
	{ "AbCdEf", "abcdef" },
	{ "0281\n0000\n", "02810000" },
	{ "02\r\n81\r\n", "0281" },
	/* hexdump -C */
	{ "00000000  02 81 00 00 00 00 0e 10  00 00 00 78 00 00 00 00  |...........x....|\n"
	  "00000010  00 00 61 62                                       |..ab|\n"
	  "00000014\n",
	  "0281000000000e10000000780000000000006162" },
	/* xxd */
	{ "00000000: 0281 0000 0000 0e10 0000 0078 0000 0000  ...........x....\n"
	  "00000010: 0000 6162                                ..ab\n",
	  "0281000000000e10000000780000000000006162" },
	/* Wireshark */
	{ "0000   02 81 00 00 00 00 0e 10 00 00 00 78 00 00 00 00   ...........x....\n"
	  "0010   00 00 61 62                                       ..ab\n",
	  "0281000000000e10000000780000000000006162" },
	/* tcpdump -X */
	{ "\t0x0000:  0281 0000 0000 0e10 0000 0078 0000 0000  ...........x....\n"
	  "\t0x0010:  0000 6162                                ..ab\n",
	  "0281000000000e10000000780000000000006162" },
	/* eight a line */
	{ "0000  02 81 00 00 00 00 0e 10  ab cdefg\n"
	  "0008  00 00 00 78\n",
	  "0281000000000e1000000078" },
	/* what looks like an offset but is not at the right place */
	{ "00000004 01020304", "0000000401020304" },
	{ "0281 0000", "02810000" },
	{ "0000 0000", "00000000" },
	{ "02810000\n00000004\n", "0281000000000004" },
};

static void hex_pasted(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(pastes); i++) {
		struct pcp_why why;
		uint8_t octets[64];
		size_t len;

		if (!pcp_hex_parse(pastes[i].typed, octets, sizeof octets, &len, &why))
			fail_msg("%s: %s", pastes[i].typed, why.text);
		assert_hex_is(octets, len, pastes[i].octets, pastes[i].typed);
	}
}

static const struct {
	const char *typed;
	size_t at;
	const char *says;
} misprints[] = {
	{ "0", 0, "odd number of digits" },
	{ "02 8", 3, "\"8\" has an odd number" },
	{ "02 8g", 3, "odd number" },
	{ "02 g1", 3, "\"g\" is not a hexadecimal digit" },
	{ "02 zz", 3, "not a hexadecimal digit" },
	{ "0x", 2, "not a hexadecimal digit" },
	{ "02 \x1b[2J", 3, "\"\\x1b\" is not" },
	{ "0102030405060708090a0b0c0d0e0f1011", 32, "too many octets; at most 16 fit" },
};

static void hex_misprinted(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(misprints); i++) {
		struct pcp_why why = { .text = "" };
		uint8_t octets[16];
		size_t len;

		assert_false(pcp_hex_parse(misprints[i].typed, octets, sizeof octets, &len, &why));
		if (!strstr(why.text, misprints[i].says))
			fail_msg("%s: %s", misprints[i].typed, why.text);
		assert_int_equal(why.at, misprints[i].at);
		assert_null(text_fault(why.text));
	}
}

/* ---- text from the network ---- */

static const struct {
	const char *octets;
	size_t len;
	const char *shown;
} strings[] = {
	{ "", 0, "" },
	{ "web server", 10, "web server" },
	{ "Cam\xc3\xa9ra", 7, "Cam\xc3\xa9ra" },
	{ "\xe6\x97\xa5\xe6\x9c\xac", 6, "\xe6\x97\xa5\xe6\x9c\xac" },
	{ "\xf0\x9f\x98\x80", 4, "\xf0\x9f\x98\x80" },
	{ "a\0b", 3, "a\\x00b" },
	{ "\x1b[31mred", 8, "\\x1b[31mred" },
	{ "\t\r\n\x7f", 4, "\\x09\\x0d\\x0a\\x7f" },
	{ "\xc2\x9b", 2, "\\xc2\\x9b" },	  /* C1: CSI */
	{ "\xe2\x80\xae", 3, "\\xe2\\x80\\xae" }, /* right-to-left override */
	{ "\xe2\x80\x8e\xe2\x80\x8f", 6, "\\xe2\\x80\\x8e\\xe2\\x80\\x8f" },
	{ "\xe2\x81\xa6\xd8\x9c", 5, "\\xe2\\x81\\xa6\\xd8\\x9c" },
	{ "\xe2\x80\x8b", 3, "\\xe2\\x80\\x8b" },	   /* zero width space */
	{ "\xe2\x80\x8d", 3, "\\xe2\\x80\\x8d" },	   /* zero width joiner */
	{ "\xc2\xad", 2, "\\xc2\\xad" },		   /* soft hyphen */
	{ "\xef\xbb\xbf", 3, "\\xef\\xbb\\xbf" },	   /* byte order mark */
	{ "\xef\xb8\x8f", 3, "\\xef\\xb8\\x8f" },	   /* variation selector */
	{ "\xe3\x85\xa4", 3, "\\xe3\\x85\\xa4" },	   /* Hangul filler */
	{ "\xe2\x80\xa8", 3, "\\xe2\\x80\\xa8" },	   /* line separator */
	{ "\xee\x80\x80", 3, "\\xee\\x80\\x80" },	   /* private use */
	{ "\xef\xbf\xbf", 3, "\\xef\\xbf\\xbf" },	   /* noncharacter */
	{ "\xcd\xb8", 2, "\\xcd\\xb8" },		   /* unassigned */
	{ "\xf3\xa0\x81\x81", 4, "\\xf3\\xa0\\x81\\x81" }, /* tag */
	{ "\xed\xa0\x80", 3, "\\xed\\xa0\\x80" },	   /* surrogate */
	{ "\xc0\xaf", 2, "\\xc0\\xaf" },		   /* overlong */
	{ "\xe0\x80\xaf", 3, "\\xe0\\x80\\xaf" },
	{ "\xf0\x80\x80\xaf", 4, "\\xf0\\x80\\x80\\xaf" },
	{ "\xf4\x90\x80\x80", 4, "\\xf4\\x90\\x80\\x80" }, /* beyond U+10FFFF */
	{ "\xf8\x88\x80\x80\x80", 5, "\\xf8\\x88\\x80\\x80\\x80" },
	{ "\xc3", 1, "\\xc3" }, /* cut */
	{ "\xe6\x97", 2, "\\xe6\\x97" },
	{ "\x80\xbf", 2, "\\x80\\xbf" },
	{ "\xc3(", 2, "\\xc3(" },
	{ "\\n C:\\x", 6, "\\n C:\\" }, /* five octets and the start of an escape */
	{ "\\x41", 4, "\\x5cx41" },
	{ "e\xcc\x81", 3, "e\xcc\x81" },   /* a combining mark with a base */
	{ "\xcc\x81z", 3, "\\xcc\\x81z" }, /* and without */
	{ "\x01\xcc\x81", 3, "\\x01\\xcc\\x81" },
	{ "\\\\x", 3, "\\\\x5cx" },
};

static void strings_are_made_safe(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(strings); i++) {
		char text[128];
		size_t n = pcp_safe_text((const uint8_t *)strings[i].octets, strings[i].len, text,
					 sizeof text);

		assert_string_equal(text, strings[i].shown);
		assert_int_equal(n, strlen(text));
		assert_null(text_fault(text));
	}
}

/* A long text shows its beginning where there is no room for all of it. */
static void what_fits_is_written(void **state)
{
	char text[8];

	(void)state;
	assert_int_equal(pcp_safe_text((const uint8_t *)"abcde\x01", 6, text, sizeof text), 5);
	assert_string_equal(text, "abcde");
}

/* Every code point by itself, encoded by hand: shown as it is, or as escapes, and read back the
 * same. */
static void every_code_point(void **state)
{
	static const struct pcp_field text_field = { .key = "text", .kind = PCP_TEXT };
	size_t kept = 0;

	(void)state;
	for (uint32_t c = 0; c < 0x110000; c++) {
		uint8_t octets[4], again[8];
		char text[32];
		size_t n = 0, len;

		if (c < 0x80) {
			octets[n++] = (uint8_t)c;
		} else if (c < 0x800) {
			octets[n++] = (uint8_t)(0xc0 | c >> 6);
		} else if (c < 0x10000) {
			octets[n++] = (uint8_t)(0xe0 | c >> 12);
			octets[n++] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
		} else {
			octets[n++] = (uint8_t)(0xf0 | c >> 18);
			octets[n++] = (uint8_t)(0x80 | (c >> 12 & 0x3f));
			octets[n++] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
		}
		if (c >= 0x80)
			octets[n++] = (uint8_t)(0x80 | (c & 0x3f));
		pcp_safe_text(octets, n, text, sizeof text);
		kept += strlen(text) == n && memcmp(text, octets, n) == 0;
		assert_null(text_fault(text));
		assert_true(
			pcp_parse_value(&text_field, text, false, again, sizeof again, &len, NULL));
		assert_int_equal(len, n);
		assert_memory_equal(again, octets, n);
	}
	assert_in_range(kept, 140000, 160000); /* Unicode 14 has some 144,000 characters */
}

static void strings_are_never_cut_inside(void **state)
{
	static const uint8_t octets[] = "a\xc3\xa9\x1b\xf0\x9f\x98\x80z";
	static const char *const want[] = { "",
					    "a",
					    "a",
					    "a\xc3\xa9",
					    "a\xc3\xa9",
					    "a\xc3\xa9",
					    "a\xc3\xa9",
					    "a\xc3\xa9\\x1b",
					    "a\xc3\xa9\\x1b",
					    "a\xc3\xa9\\x1b",
					    "a\xc3\xa9\\x1b",
					    "a\xc3\xa9\\x1b\xf0\x9f\x98\x80",
					    "a\xc3\xa9\\x1b\xf0\x9f\x98\x80z" };

	(void)state;
	for (size_t cap = 1; cap <= COUNT(want); cap++) {
		char text[32];

		memset(text, '#', sizeof text);
		assert_int_equal(pcp_safe_text(octets, sizeof octets - 1, text, cap),
				 strlen(want[cap - 1]));
		assert_string_equal(text, want[cap - 1]);
		assert_int_equal(text[cap], '#');
	}
}

static void utf8(void **state)
{
	(void)state;
	assert_true(pcp_utf8_valid((const uint8_t *)"", 0));
	assert_true(pcp_utf8_valid((const uint8_t *)"a\0\xc3\xa9", 4));
	assert_true(pcp_utf8_valid((const uint8_t *)"\xf4\x8f\xbf\xbf", 4));
	assert_false(pcp_utf8_valid((const uint8_t *)"\xc3", 1));
	assert_false(pcp_utf8_valid((const uint8_t *)"\xc0\x80", 2));
	assert_false(pcp_utf8_valid((const uint8_t *)"\xed\xbf\xbf", 3));
	assert_false(pcp_utf8_valid((const uint8_t *)"ok\xff", 3));
}

/* ---- typed values ---- */

static const struct pcp_field port = { .key = "port", .kind = PCP_UINT, .len = 2 };
static const struct pcp_field bit = { .key = "bit", .kind = PCP_UINT, .len = 1, .mask = 0x80 };
static const struct pcp_field protocol = {
	.key = "p", .kind = PCP_NAMED, .len = 1, .names = pcp_protocol_names
};
static const struct pcp_field seconds = { .key = "s", .kind = PCP_SECONDS, .len = 4 };
static const struct pcp_field address = { .key = "a", .kind = PCP_ADDR, .len = 16 };
static const struct pcp_field address4 = { .key = "a", .kind = PCP_ADDR4, .len = 4 };
static const struct pcp_field prefix = { .key = "l", .kind = PCP_PREFIX, .len = 1 };
static const struct pcp_field prefix6 = { .key = "l", .kind = PCP_PREFIX6 };
static const struct pcp_field nonce = { .key = "n", .kind = PCP_OCTETS, .len = 12 };
static const struct pcp_field octets_tail = { .key = "o", .kind = PCP_OCTETS };
static const struct pcp_field text_tail = { .key = "t", .kind = PCP_TEXT };
static const struct pcp_field text_fixed = { .key = "t", .kind = PCP_TEXT, .len = 4 };
static const struct pcp_field codes = { .key = "c", .kind = PCP_CODES };
static const struct pcp_field reserved3 = { .key = "r", .kind = PCP_RESERVED, .len = 3 };
static const struct pcp_field reserved12 = { .key = "r", .kind = PCP_RESERVED, .len = 12 };

/* octets NULL: refused, and `says` is in the reason. */
static const struct {
	const struct pcp_field *field;
	const char *typed;
	bool v4;
	const char *octets, *says;
} typed_values[] = {
	{ &port, "8080", false, "1f90", NULL },
	{ &port, " 0x1F90 ", false, "1f90", NULL },
	{ &port, "65536", false, NULL, "\"65536\" is too large; allowed: 0 to 65535" },
	{ &port, "0x", false, NULL, "not a number" },
	{ &port, "80a", false, NULL, "\"80a\" is not a number" },
	{ &bit, "1", false, "80", NULL },
	{ &bit, "2", false, NULL, "allowed: 0 to 1" },
	{ &protocol, "tcp", false, "06", NULL },
	{ &protocol, "UDP", false, "11", NULL },
	{ &protocol, "all", false, "00", NULL },
	{ &protocol, "200", false, "c8", NULL },
	{ &protocol, "tpc", false, NULL, "\"tpc\" is not known; allowed: 0 to 255, all, icmp" },
	{ &seconds, "2h", false, "00001c20", NULL },
	{ &seconds, "infinite", false, "ffffffff", NULL },
	{ &seconds, "soon", false, NULL, "not a duration" },
	{ &address, "any", true, "00000000000000000000ffff00000000", NULL },
	{ &address, "any", false, "00000000000000000000000000000000", NULL },
	{ &address, "any4", false, "00000000000000000000ffff00000000", NULL },
	{ &address, "10.0.0.1", false, "00000000000000000000ffff0a000001", NULL },
	{ &address4, "10.0.0.1", false, "0a000001", NULL },
	{ &address4, "any", false, "00000000", NULL },
	{ &address4, "::1", false, NULL, "not an IPv4 address" },
	{ &prefix, "24", true, "78", NULL },
	{ &prefix, "/24", true, "78", NULL },
	{ &prefix, "0", true, "60", NULL },
	{ &prefix, "32", true, "80", NULL },
	{ &prefix, "33", true, NULL, "allowed: 0 to 32 for IPv4, erase" },
	{ &prefix, "erase", true, "00", NULL },
	{ &prefix, "0x18", true, "18", NULL },
	{ &prefix, "0xff", false, "ff", NULL },
	{ &prefix, "64", false, "40", NULL },
	{ &prefix, "128", false, "80", NULL },
	{ &prefix, "129", false, NULL, "allowed: 0 to 128 for IPv6" },
	{ &prefix6, "64:ff9b::/96", false, "0064ff9b0000000000000000", NULL },
	{ &prefix6, "2001:db8::/32", false, "20010db8", NULL },
	{ &prefix6, "20010db8", false, "20010db8", NULL },
	{ &prefix6, "::/0", false, "", NULL },
	{ &prefix6, "2001:db8::/33", false, NULL, "whole octets" },
	{ &prefix6, "2001:db8::/", false, NULL, "whole octets" },
	{ &prefix6, "10.0.0.0/8", false, NULL, "not an IPv6 prefix" },
	{ &nonce, "000102030405060708090a0b", false, "000102030405060708090a0b", NULL },
	{ &nonce, "0xabc", false, "000000000000000000000abc", NULL },
	{ &nonce, "0", false, "000000000000000000000000", NULL },
	{ &nonce, "0102", false, NULL, "2 octets given; this field takes exactly 12" },
	{ &nonce, "000102030405060708090a0b0c", false, NULL, "13 octets given" },
	{ &octets_tail, "", false, "", NULL },
	{ &octets_tail, "01 02", false, "0102", NULL },
	{ &text_tail, "caf\xc3\xa9 ", false, "636166c3a920", NULL },
	{ &text_tail, "\\x00\\xFF\\n", false, "00ff5c6e", NULL },
	{ &text_tail, "\\x0", false, "5c7830", NULL },
	{ &text_fixed, "ab", false, "61620000", NULL },
	{ &text_fixed, "abcde", false, NULL, "too long; at most 4 octets fit" },
	{ &codes, "3/128", false, "0380", NULL },
	{ &codes, "FILTER, description", false, "0380", NULL },
	{ &codes, "", false, "", NULL },
	{ &codes, "3/nothing", false, NULL, "\"nothing\" is not an option" },
	{ &codes, "256", false, NULL, "is not an option; allowed: codes 0 to 255 or names" },
	{ &reserved3, "1", false, "000001", NULL },
	{ &reserved12, "0", false, "000000000000000000000000", NULL },
	{ &reserved12, "1", false, NULL, "odd number" },
};

static void values_typed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(typed_values); i++) {
		struct pcp_why why = { .text = "" };
		uint8_t octets[64];
		size_t len;
		bool ok = pcp_parse_value(typed_values[i].field, typed_values[i].typed,
					  typed_values[i].v4, octets, sizeof octets, &len, &why);

		if (ok != (typed_values[i].octets != NULL))
			fail_msg("\"%s\": %s", typed_values[i].typed, ok ? "taken" : why.text);
		if (ok)
			assert_hex_is(octets, len, typed_values[i].octets, typed_values[i].typed);
		else if (!strstr(why.text, typed_values[i].says))
			fail_msg("\"%s\": %s", typed_values[i].typed, why.text);
		assert_null(text_fault(why.text));
		assert_true(why.at <= strlen(typed_values[i].typed));
	}
}

/* Reasons fit their buffer whatever is typed, and repeat nothing that acts on a terminal. */
static void reasons_are_safe(void **state)
{
	static const struct pcp_field *const fields[] = { &port,     &protocol, &seconds, &address,
							  &address4, &prefix,	&prefix6, &nonce,
							  &codes,    &reserved3 };
	char typed[1000];
	uint8_t octets[64];
	size_t len;

	(void)state;
	for (size_t i = 0; i < COUNT(fields); i++)
		for (int c = 1; c < 256; c++) {
			struct pcp_why why = { .text = "" };

			memset(typed, c, sizeof typed - 1);
			typed[sizeof typed - 1] = '\0';
			if (pcp_parse_value(fields[i], typed, true, octets, sizeof octets, &len,
					    &why))
				continue;
			assert_in_range(strlen(why.text), 10, sizeof why.text - 1);
			assert_null(text_fault(why.text));
		}
}

/* All 256 prefix lengths, of either family, come back from what they are typed as. */
static void prefix_lengths_come_back(void **state)
{
	static struct pcp_node nodes[PCP_NODES_MAX];
	uint8_t octets[84] = { 2, PCP_MAP, [60] = PCP_FILTER, 0, 0, 20 };
	struct pcp_packet packet;
	char typed[32];

	(void)state;
	for (int v4 = 0; v4 < 2; v4++)
		for (unsigned wire = 0; wire < 256; wire++) {
			uint8_t again[1];
			size_t len, node;

			pcp_addr_any(octets + 68, v4);
			octets[65] = (uint8_t)wire;
			pcp_decode(&packet, octets, sizeof octets, PCP_REQUEST, 0, nodes,
				   PCP_NODES_MAX);
			node = pcp_node_find(&packet, "options[0].filter.prefix_length");
			assert_int_equal(pcp_node_v4(&packet, node), v4);
			pcp_node_typed(&packet, node, typed, sizeof typed);
			assert_true(pcp_parse_value(nodes[node].field, typed, v4, again, 1, &len,
						    NULL));
			assert_int_equal(again[0], wire);
		}
}

/* As programs print octets; what is no octet, and what has no end, is refused. */
static void literals(void **state)
{
	static const char *const same[] = {
		"[]byte{0x2, 0x1, 0x0, 0xff}",
		"[]uint8{2, 1, 0, 255}",
		"[2 1 0 255]",
		"[2, 1, 0, 255]",
		"[02 01 00 ff]",
		"&[2, 1, 0, 255]",
		"vec![0x02, 0x01, 0x00, 0xff]",
		"Uint8Array(4) [ 2, 1, 0, 255 ]",
		"Uint8Array(4) [\n  2,\n  1,\n  0,\n  255\n]",
		"<Buffer 02 01 00 ff>",
		"bytes([2, 1, 0, 255])",
		"b'\\x02\\x01\\x00\\xff'",
		"bytearray(b\"\\x02\\x01\\0\\xff\")",
	};
	static const char *const none[] = { "[2, 256]", "[2, 1",  "<Buffer 02 01 ... 9 more bytes>",
					    "b'\\x02",	"b'\\q'", "[-1]" };
	static const uint8_t octets[] = { 2, 1, 0, 255 };
	uint8_t out[16];
	struct pcp_why why;
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
		if (!pcp_hex_parse(same[i], out, sizeof out, &len, &why))
			fail_msg("%s: %s", same[i], why.text);
		assert_int_equal(len, sizeof octets);
		assert_memory_equal(out, octets, sizeof octets);
	}
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		if (pcp_hex_parse(none[i], out, sizeof out, &len, &why))
			fail_msg("%s was taken", none[i]);
	assert_true(pcp_hex_parse("b'\\x02ABC\\n'", out, sizeof out, &len, &why) && len == 5);
	assert_memory_equal(out,
			    "\x02"
			    "ABC\n",
			    5);
	assert_false(pcp_hex_parse("[1, 2, 3]", out, 2, &len, &why));
}

/* A line with names in it is made safe once, however often it passes. */
static void lines_are_safe(void **state)
{
	static const struct {
		const char *line, *safe;
	} rows[] = {
		{ "a plain line", "a plain line" },
		{ "col\tumns\nand lines", "col\tumns\nand lines" },
		{ "x\033]0;T\007", "x\\x1b]0;T\\x07" },
		{ "x\\x1b]0;T\\x07", "x\\x1b]0;T\\x07" },
		{ "C:\\dir", "C:\\dir" },
		{ "gr\u00fcn \xc3", "gr\u00fcn \\xc3" },
		{ "\u202e\xc2\x9b", "\\xe2\\x80\\xae\\xc2\\x9b" },
	};
	char buf[64];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(pcp_safe_line(rows[i].line, buf, sizeof buf),
				 strlen(rows[i].safe));
		assert_string_equal(buf, rows[i].safe);
		assert_int_equal(pcp_safe_line(rows[i].line, NULL, 0), strlen(rows[i].safe));
	}
}

static void sentences_end_with_a_whole_character(void **state)
{
	struct pcp_why why;
	char text[] = "gr\u00fcn \xe2\x82";

	(void)state;
	pcp_end_whole(text);
	assert_string_equal(text, "gr\u00fcn ");
	pcp_end_whole(text);
	assert_string_equal(text, "gr\u00fcn ");
	for (int before = 180; before < 200; before++) {
		pcp_refuse(&why, 0, "%*s\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac", before, "");
		assert_true(pcp_utf8_valid((const uint8_t *)why.text, strlen(why.text)));
	}
}

/* Every kind of piece; what does not fit is left out whole, and all behind it, but counts. */
static void pieces_are_written_whole_or_not(void **state)
{
	static const size_t ends[] = { 1, 4, 24, 28, 32, 35, 38, 41 };
	static const char all[] = "7"
				  "042"
				  "18446744073709551615"
				  "00ff"
				  "  ab"
				  "ab "
				  "abc"
				  " x ";
	char buf[64];

	(void)state;
	for (size_t cap = 1; cap <= sizeof all; cap++) {
		struct pcp_out out;
		size_t fits = 0;

		pcp_out_begin(&out, buf, cap);
		pcp_out_uint(&out, 7);
		pcp_out_digits(&out, 42, 3);
		pcp_out_uint(&out, UINT64_MAX);
		pcp_out_hex_uint(&out, 255, 4);
		pcp_out_format(&out, "%4s", "ab");
		pcp_out_cell(&out, "ab", 3);
		pcp_out_text(&out, "abc");
		pcp_out_format(&out, " %s ", "x");
		assert_int_equal(out.len, strlen(all));
		for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
			fits = ends[i] < cap ? ends[i] : fits;
		assert_int_equal(strlen(buf), fits);
		assert_memory_equal(buf, all, fits);
	}
}

static void columns_have_a_blank_behind_them(void **state)
{
	char buf[64];
	struct pcp_out out;
	size_t from;

	(void)state;
	pcp_out_begin(&out, buf, sizeof buf);
	pcp_out_cell(&out, "ab", 4);
	pcp_out_cell(&out, "abcd", 4);
	from = out.len;
	pcp_out_text(&out, "a");
	pcp_out_column(&out, from, 4);
	from = out.len;
	pcp_out_text(&out, "abcde");
	pcp_out_column(&out, from, 4);
	pcp_out_blanks(&out, 2);
	assert_string_equal(buf, "ab  abcd a   abcde   ");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_safe),
		cmocka_unit_test(sentences_end_with_a_whole_character),
		cmocka_unit_test(addresses_both_ways),
		cmocka_unit_test(not_addresses),
		cmocka_unit_test(families),
		cmocka_unit_test(durations_typed),
		cmocka_unit_test(durations_shown),
		cmocka_unit_test(hex_pasted),
		cmocka_unit_test(hex_misprinted),
		cmocka_unit_test(strings_are_made_safe),
		cmocka_unit_test(what_fits_is_written),
		cmocka_unit_test(pieces_are_written_whole_or_not),
		cmocka_unit_test(columns_have_a_blank_behind_them),
		cmocka_unit_test(every_code_point),
		cmocka_unit_test(strings_are_never_cut_inside),
		cmocka_unit_test(utf8),
		cmocka_unit_test(values_typed),
		cmocka_unit_test(reasons_are_safe),
		cmocka_unit_test(prefix_lengths_come_back),
		cmocka_unit_test(literals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
