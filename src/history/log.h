/*
 * The exchanges: every datagram as it was on the wire, tied into request, retransmissions and
 * answers. The screen, JSON output and captures are views of it.
 */
#ifndef LOG_H
#define LOG_H

#include "client.h"

enum message_kind {
	MESSAGE_REQUEST,
	MESSAGE_RESENT,
	MESSAGE_RESPONSE,
	MESSAGE_UNSOLICITED,
	MESSAGE_IGNORED
};

struct message {
	uint32_t id;	   /* from 1, in order of time */
	uint32_t exchange; /* 0: none (unsolicited, ignored) */
	uint32_t next;	   /* the exchange's next message; 0: last */
	uint32_t asked;	   /* an answer's: the request that it is held against; 0: not known */
	uint32_t before;   /* an answer's: the server's one before with the same clock; 0: none */
	uint32_t earlier; /* a plain grant's: one before that may be of the same mapping; 0: none */
	enum message_kind kind : 8;
	uint32_t tries : 24;
	uint32_t datagram; /* a capture's: its number there, from 1; 0: live */
	uint32_t len;	   /* octets kept: all of them, but where a capture had cut some off: */
	uint32_t whole;	   /* octets on the wire */
	usec at, wall;
	usec rtt; /* responses; -1: unknown */
	const struct pcp_endpoint *from, *to;
	const char *reason; /* why ignored, or what the client did upon an answer; "" otherwise */
	uint8_t octets[];
};

/* Whether it went out to a server; what did not came from there. It is read by its R bit all the
 * same. */
bool message_sent(const struct message *message);
/* What stands before its reason: "ignored: " where it was dropped, "" where it counted. */
const char *message_lead(const struct message *message);

/* Whether the answer is one to just that request: between the same two, of its version and opcode,
 * and about the mapping that it names. Its result and its other octets do not count. */
bool message_answers(const struct message *answer, const struct message *request);

/* An answer without options that grants a mapping: one with options may be about another host, or
 * several ports. */
bool message_is_plain_grant(const struct message *answer);
/* A hash of the mapping that a plain grant is about: its two ends and what names it there. */
uint32_t message_about(const struct message *grant);

/* A server's time since it lost its state, in PCP (RFC 6887 8.5) and in NAT-PMP (RFC 6886 3.6): two
 * clocks, which need not agree. */
enum clock { PCP_CLOCK, NATPMP_CLOCK, CLOCKS, NO_CLOCK = CLOCKS };
/* Which one the answer shows, and its seconds; NO_CLOCK, and *epoch left, where it shows none. */
enum clock message_clock(const uint8_t *octets, size_t len, uint32_t *epoch);

struct log;
/* Whether the answer shows less than its server's answer before: the server has lost its state (RFC
 * 6887 8.5). *expected, seconds: what the clock would show had it run on. */
bool message_shows_restart(const struct log *log, const struct message *message,
			   uint32_t *expected);

enum exchange_state {
	EXCHANGE_WAITING,
	EXCHANGE_ANSWERED,
	EXCHANGE_TIMED_OUT,
	EXCHANGE_UNREACHABLE,
	EXCHANGE_CANCELLED
};

struct exchange {
	uint32_t id;
	uint32_t mapping; /* 0: none */
	uint16_t server;
	uint8_t result; /* of the last answer */
	enum exchange_state state;
	uint32_t first, last; /* messages */
	uint32_t sends, answers;
	uint32_t unsent;       /* of the sends: the system did not take them */
	uint32_t ignored;      /* datagrams that came for it and were not taken, */
	uint32_t ignored_last; /* and the last of them, a message */
	uint32_t replaced_by;  /* cancelled: the exchange that took its place; 0: none */
	usec next_at;	       /* next retransmission while waiting; USEC_NEVER */
	char *what;	       /* unreachable: what ICMP said; cancelled: why; NULL: nothing */
};

#define LOG_DEFAULT ((size_t)256 << 20)
/* Where nobody looks back in it: enough to hold late answers against their requests. */
#define LOG_SHORT ((size_t)16 << 20)

/* Keeps at most max_octets, of datagrams and what is noted about them (0: LOG_DEFAULT); beyond it
 * the oldest messages go first, an exchange with the last of its own, and log_dropped counts them.
 */
struct log *log_new(size_t max_octets);
/* The same from now on; and of a datagram that is ignored no more than ignored_octets, which come
 * from anybody (SIZE_MAX: all of them). */
void log_bound(struct log *log, size_t max_octets, size_t ignored_octets);
void log_free(struct log *log);
/* Feeds one event of the client; wall: the wall clock at event->now. False when memory is out. */
bool log_event(struct log *log, const struct pcp_client_event *event, usec wall);
/* An ignored datagram that is not kept: the exchange that it came for counts it, and no more. */
void log_left_out(struct log *log, const struct pcp_client_event *event);
/* The message that came last is that datagram of a capture. */
void log_came_as(struct log *log, uint32_t datagram);
/* The place of the first message that is that datagram or a later one: how many come before. */
size_t log_before(const struct log *log, uint64_t datagram);
/* Of the message that came last so many octets were on the wire. */
void log_was_cut(struct log *log, size_t whole);
size_t log_nmessages(const struct log *log);
size_t log_nexchanges(const struct log *log);
/* i-th still held, oldest first; NULL beyond. Constant time. */
const struct message *log_message_at(const struct log *log, size_t i);
const struct exchange *log_exchange_at(const struct log *log, size_t i);
const struct message *log_message(const struct log *log, uint32_t id); /* NULL when dropped */
const struct exchange *log_exchange(const struct log *log, uint32_t id);
/* The exchange's last answer that counted; NULL when there is none, or it is no longer kept. */
const struct message *log_answer(const struct log *log, const struct exchange *exchange);
uint64_t log_dropped(const struct log *log);

#endif
