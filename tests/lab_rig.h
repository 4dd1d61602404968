/*
 * A lab under a fake clock and a seed, fed with packets written as hex, and what it sent. Requests
 * and answers stand in the tests octet by octet, so that they do not come from the code they test.
 *
 * In the hex: {N:HEX} repeats, <epoch> is the lab's epoch (4 octets).
 */
#ifndef TESTS_LAB_RIG_H
#define TESTS_LAB_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lab.h"

enum { RIG_KEPT = 256, RIG_OCTETS = 4096 };

struct rig_sent {
	struct pcp_endpoint from, to;
	uint8_t octets[1600];
	size_t len;
	usec at;
};

struct rig {
	struct lab *lab;
	struct pcp_rng rng;
	usec now;
	struct rig_sent sent[RIG_KEPT]; /* the first ones since rig_clear */
	size_t nsent;
	char notes[4096];  /* lines since rig_clear */
	char strikes[256]; /* "drop lost": faults, a line each */
};

static void rig_send(void *arg, const struct pcp_endpoint *from, const struct pcp_endpoint *to,
		     const uint8_t *octets, size_t len)
{
	struct rig *rig = arg;
	struct rig_sent *sent = &rig->sent[rig->nsent % RIG_KEPT];

	assert_true(len <= sizeof(sent->octets));
	rig->nsent++;
	if (rig->nsent > RIG_KEPT)
		return;
	sent->from = *from;
	sent->to = *to;
	sent->len = len;
	sent->at = rig->now;
	memcpy(sent->octets, octets, len);
}

static void rig_note(void *arg, usec now, const char *line)
{
	struct rig *rig = arg;
	size_t used = strlen(rig->notes);

	(void)now;
	snprintf(rig->notes + used, sizeof(rig->notes) - used, "%s\n", line);
}

static void rig_struck(void *arg, usec now, const struct lab_strike *strike)
{
	struct rig *rig = arg;
	size_t used = strlen(rig->strikes);

	assert_int_equal(now, rig->now);
	assert_non_null(strike->told);
	snprintf(rig->strikes + used, sizeof(rig->strikes) - used, "%s%s\n", strike->fault,
		 strike->lost ? " lost" : "");
}

static inline void rig_clear(struct rig *rig)
{
	rig->nsent = 0;
	rig->notes[0] = '\0';
}

static inline void rig_open(struct rig *rig, uint64_t seed)
{
	memset(rig, 0, sizeof(*rig));
	pcp_rng_seeded(&rig->rng, seed);
	rig->lab = lab_new(
		0, &rig->rng,
		(struct lab_io){
			.arg = rig, .send = rig_send, .note = rig_note, .struck = rig_struck });
	assert_non_null(rig->lab);
	rig_clear(rig);
}

static inline void rig_close(struct rig *rig)
{
	lab_free(rig->lab);
}

/* To a moment, with every timer on the way. */
static inline void rig_until(struct rig *rig, usec at)
{
	while (lab_next(rig->lab) <= at) {
		usec due = lab_next(rig->lab);
		rig->now = due > rig->now ? due : rig->now;
		lab_tick(rig->lab, rig->now);
	}
	rig->now = at;
}

/* Words separated by blanks. */
static inline void rig_set(struct rig *rig, const char *words)
{
	char word[256];
	struct pcp_why why;

	while (*words) {
		size_t len = strcspn(words, " ");
		assert_true(len < sizeof(word));
		memcpy(word, words, len);
		word[len] = '\0';
		if (len && !lab_set(rig->lab, rig->now, word, &why))
			fail_msg("%s: %s", word, why.text);
		words += len + (words[len] == ' ');
	}
}

static inline int rig_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Hex up to `stop`; returns where it stopped. */
static inline const char *rig_hex(const char *hex, char stop, uint32_t epoch, uint8_t *octets,
				  size_t *len)
{
	while (*hex && *hex != stop) {
		if (*hex == '{') {
			char *rest;
			unsigned long times = strtoul(hex + 1, &rest, 10);
			assert_int_equal(*rest, ':');
			for (hex = rest; times > 0; times--)
				hex = rig_hex(rest + 1, '}', epoch, octets, len);
			hex++;
		} else if (strncmp(hex, "<epoch>", 7) == 0) {
			for (int shift = 24; shift >= 0; shift -= 8)
				octets[(*len)++] = (uint8_t)(epoch >> shift);
			hex += 7;
		} else {
			assert_true(rig_digit(hex[0]) >= 0 && rig_digit(hex[1]) >= 0);
			assert_true(*len < RIG_OCTETS);
			octets[(*len)++] = (uint8_t)(rig_digit(hex[0]) * 16 + rig_digit(hex[1]));
			hex += 2;
		}
	}
	return hex;
}

/* A, B: IPv4 clients; a: A from another port; C: an IPv6 client. Anything else: an endpoint. */
static inline struct pcp_endpoint rig_endpoint(const char *name)
{
	static const char *const names[][2] = {
		{ "A", "192.168.5.100:40000" }, { "B", "192.168.5.101:40000" },
		{ "a", "192.168.5.100:41000" }, { "C", "[2001:db8:1::10]:40000" },
		{ "S", "192.168.5.1:5351" },	{ "S6", "[2001:db8:1::1]:5351" },
		{ "WAN", "203.0.113.9:5351" },
	};
	struct pcp_endpoint endpoint;
	struct pcp_why why;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(names[i][0], name) == 0)
			name = names[i][1];
	if (!pcp_endpoint_parse(name, 0, &endpoint, &why))
		fail_msg("%s: %s", name, why.text);
	return endpoint;
}

static inline void rig_ask(struct rig *rig, const char *from, const char *hex)
{
	struct pcp_endpoint client = rig_endpoint(from);
	struct pcp_endpoint server = rig_endpoint(pcp_addr_is_v4(client.addr) ? "S" : "S6");
	uint8_t octets[RIG_OCTETS];
	size_t len = 0;

	rig_hex(hex, '\0', 0, octets, &len);
	lab_receive(rig->lab, rig->now, &client, &server, octets, len);
}

/* Fails with both as hex unless datagram i is what `hex` says. */
static inline void rig_check(struct rig *rig, size_t i, const char *hex)
{
	uint8_t expected[RIG_OCTETS];
	size_t len = 0;
	char text[2][3500];

	rig_hex(hex, '\0', lab_epoch(rig->lab, rig->now), expected, &len);
	if (i >= rig->nsent)
		fail_msg("no answer %zu; notes: %s", i, rig->notes);
	if (len == rig->sent[i].len && memcmp(expected, rig->sent[i].octets, len) == 0)
		return;
	pcp_hex_text(expected, len, text[0], sizeof(text[0]));
	pcp_hex_text(rig->sent[i].octets, rig->sent[i].len, text[1], sizeof(text[1]));
	fail_msg("expected\n%s\ngot\n%s\nnotes: %s", text[0], text[1], rig->notes);
}

/* ---- packets in hex: RFC 6887 7, 11, 12; draft-boucadair-pcp-failure-06 B ---- */

#define V4(a)	 "00000000000000000000ffff" a
#define A4	 V4("c0a80564")
#define B4	 V4("c0a80565")
#define C6	 "20010db8000100000000000000000010"
#define ANY4	 V4("00000000")
#define ANY6	 "00000000000000000000000000000000"
#define WAN	 V4("cb007109")
#define PEER4	 V4("c6336407")
#define NONCE1	 "a0a1a2a3a4a5a6a7a8a9aaab"
#define NONCE2	 "b0b1b2b3b4b5b6b7b8b9babb"
#define NO_NONCE "000000000000000000000000"
#define TCP	 "06"
#define UDP	 "11"
#define HOUR	 "00000e10"
#define MINUTES2 "00000078"
#define LONG	 "00000708"
#define SHORT	 "0000001e"
#define FOREVER	 "ffffffff"
#define NEVER	 "00000000"

#define ASK(opcode, lifetime, who)	   "02" opcode "0000" lifetime who
#define REPLY(opcode, result, lifetime)	   "02" opcode "00" result lifetime "<epoch>" NO_NONCE
#define MAP(lifetime, who)		   ASK("01", lifetime, who)
#define PEER(lifetime, who)		   ASK("02", lifetime, who)
#define ANNOUNCE(who)			   ASK("00", NEVER, who)
#define GET(who)			   ASK("62", NEVER, who)
#define MAPPED(lifetime)		   REPLY("81", "00", lifetime)
#define NOT_MAPPED(result, lifetime)	   REPLY("81", result, lifetime)
#define PEERED(lifetime)		   REPLY("82", "00", lifetime)
#define NOT_PEERED(result, lifetime)	   REPLY("82", result, lifetime)
#define GOT				   REPLY("e2", "00", NEVER)
#define NOT_GOT(result, lifetime)	   REPLY("e2", result, lifetime)
#define BODY(nonce, proto, in, out, ext)   nonce proto "000000" in out ext
#define REMOTE(port, addr)		   port "0000" addr
#define FILTER(prefix, port, addr)	   "03000014" prefix port addr
#define THIRD_PARTY(addr)		   "01000010" addr
#define PREFER_FAILURE			   "02000000"
#define PORT_SET(size, first, flags)	   "82000005" size first flags "000000"
#define RESERVATION			   "84000000"
#define FIND(proto, in, out, iport, eport) proto "000000" in out iport eport
#define LOCATOR(nonce, proto, end, in, out, left, iport, eport)                                    \
	nonce proto "0000" end in out left iport eport
#define NEXT_PLAIN(locator) "83000038" locator
#define UNDEFINED4(end)	    LOCATOR(NO_NONCE, "00", end, ANY4, ANY4, NEVER, "0000", "0000")

#endif
