/* The exchange log: what belongs together, and what goes first when room is short. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "log.h"
#include "text.h"

static const struct pcp_client_server server = { .id = 3 };

static void feed(struct log *log, enum pcp_client_event_kind kind, uint32_t exchange,
		 const char *octets, usec now)
{
	struct pcp_client_event event = { .kind = kind,
					  .now = now,
					  .exchange = exchange,
					  .server = &server,
					  .octets = (const uint8_t *)octets,
					  .len = strlen(octets),
					  .tries = 1,
					  .rtt = 250,
					  .next_at = now + 3 * USEC_PER_SEC,
					  .result = 0 };

	assert_true(log_event(log, &event, now + 1000));
}

static void ties_messages_together(void **state)
{
	struct log *log = log_new(0);

	(void)state;
	feed(log, CLIENT_SENT, 1, "a", 10);
	feed(log, CLIENT_SENT, 2, "b", 20);
	feed(log, CLIENT_RESENT, 1, "a", 30);
	feed(log, CLIENT_UNSOLICITED, 0, "news", 35);
	feed(log, CLIENT_ANSWERED, 1, "A", 40);

	const struct exchange *exchange = log_exchange(log, 1);

	assert_int_equal(log_nexchanges(log), 2);
	assert_int_equal(log_nmessages(log), 5);
	assert_int_equal(exchange->server, 3);
	assert_int_equal(exchange->sends, 2);
	assert_int_equal(exchange->answers, 1);
	assert_int_equal(exchange->state, EXCHANGE_ANSWERED);
	assert_true(exchange->next_at == USEC_NEVER);

	const struct message *m = log_message(log, exchange->first);

	assert_int_equal(m->kind, MESSAGE_REQUEST);
	assert_int_equal(m->wall, 1010);
	m = log_message(log, m->next);
	assert_int_equal(m->kind, MESSAGE_RESENT);
	m = log_message(log, m->next);
	assert_int_equal(m->kind, MESSAGE_RESPONSE);
	assert_int_equal(m->rtt, 250);
	assert_memory_equal(m->octets, "A", 1);
	assert_int_equal(m->next, 0);
	assert_int_equal(log_exchange(log, 2)->state, EXCHANGE_WAITING);
	assert_int_equal(log_message_at(log, 3)->exchange, 0);
	log_free(log);
}

static void feed_for(struct log *log, enum pcp_client_event_kind kind, uint32_t exchange,
		     uint32_t mapping, bool replaced)
{
	const struct pcp_mapping row = { .id = mapping };
	struct pcp_client_event event = { .kind = kind,
					  .exchange = exchange,
					  .server = &server,
					  .mapping = &row,
					  .octets = (const uint8_t *)"x",
					  .len = kind == CLIENT_SENT,
					  .next_at = USEC_NEVER,
					  .replaced = replaced,
					  .reason = "gone" };

	assert_true(log_event(log, &event, 0));
}

/* ---- which request an answer is held against ---- */

struct datagram {
	enum pcp_client_event_kind kind;
	uint32_t exchange;
	const char *hex;
};

static void feed_hex(struct log *log, const struct datagram *datagram, usec now)
{
	static const struct pcp_endpoint us = { .addr = { 1 }, .port = 40000 };
	static const struct pcp_endpoint it = { .addr = { 2 }, .port = 5351 };
	bool sent = datagram->kind == CLIENT_SENT;
	uint8_t octets[PCP_MAX_LEN];
	struct pcp_client_event event = { .kind = datagram->kind,
					  .now = now,
					  .exchange = datagram->exchange,
					  .server = &server,
					  .from = sent ? us : it,
					  .to = sent ? it : us,
					  .octets = octets,
					  .reason = datagram->kind == CLIENT_IGNORED ? "x" : NULL };
	struct pcp_why why;

	assert_true(pcp_hex_parse(datagram->hex, octets, sizeof octets, &event.len, &why));
	assert_true(log_event(log, &event, now));
}

#define NONCE "010203040506070809101112"
#define PCP_MAP_OF(nonce, port)                                                                    \
	"0201000000000e1000000000000000000000ffff0a000002" nonce "06000000" port port              \
	"00000000000000000000ffff00000000"
#define PCP_GRANT_OF(nonce, port)                                                                  \
	"0281000000000e10000000010000000000000000000000"                                           \
	"00" nonce "06000000" port port "00000000000000000000ffffcb007109"
#define NATPMP_MAP_OF(port)   "00020000" port port "00000e10"
#define NATPMP_GRANT_OF(port) "0082000000000001" port port "00000e10"

/* The third is sent before the last comes, and waits alone. `asked`: which of them the last one is
 * held against; 0: none. */
static const struct {
	const char *what;
	struct datagram datagram[4];
	uint32_t asked;
} pairs[] = {
	{ "a late copy in NAT-PMP under an address request",
	  { { CLIENT_SENT, 1, NATPMP_MAP_OF("1f90") },
	    { CLIENT_ANSWERED, 1, NATPMP_GRANT_OF("1f90") },
	    { CLIENT_SENT, 2, "0000" },
	    { CLIENT_IGNORED, 0, NATPMP_GRANT_OF("1f90") } },
	  0 },
	{ "a late copy in NAT-PMP under another mapping",
	  { { CLIENT_SENT, 1, NATPMP_MAP_OF("1f90") },
	    { CLIENT_ANSWERED, 1, NATPMP_GRANT_OF("1f90") },
	    { CLIENT_SENT, 2, NATPMP_MAP_OF("1f91") },
	    { CLIENT_IGNORED, 0, NATPMP_GRANT_OF("1f90") } },
	  0 },
	{ "another port than asked for, in NAT-PMP",
	  { { CLIENT_SENT, 1, NATPMP_MAP_OF("1f90") },
	    { CLIENT_ANSWERED, 1, NATPMP_GRANT_OF("1f90") },
	    { CLIENT_SENT, 2, NATPMP_MAP_OF("1f91") },
	    { CLIENT_IGNORED, 0, NATPMP_GRANT_OF("1f92") } },
	  3 },
	{ "a late copy in PCP under another mapping",
	  { { CLIENT_SENT, 1, PCP_MAP_OF(NONCE, "1f90") },
	    { CLIENT_ANSWERED, 1, PCP_GRANT_OF(NONCE, "1f90") },
	    { CLIENT_SENT, 2, PCP_MAP_OF(NONCE, "1f91") },
	    { CLIENT_IGNORED, 0, PCP_GRANT_OF(NONCE, "1f90") } },
	  0 },
	{ "a late copy in PCP under ANNOUNCE",
	  { { CLIENT_SENT, 1, PCP_MAP_OF(NONCE, "1f90") },
	    { CLIENT_ANSWERED, 1, PCP_GRANT_OF(NONCE, "1f90") },
	    { CLIENT_SENT, 2, "020000000000000000000000000000000000ffff0a000002" },
	    { CLIENT_IGNORED, 0, PCP_GRANT_OF(NONCE, "1f90") } },
	  0 },
	{ "another nonce than was ever sent",
	  { { CLIENT_SENT, 1, PCP_MAP_OF(NONCE, "1f90") },
	    { CLIENT_ANSWERED, 1, PCP_GRANT_OF(NONCE, "1f90") },
	    { CLIENT_SENT, 2, PCP_MAP_OF(NONCE, "1f91") },
	    { CLIENT_IGNORED, 0, PCP_GRANT_OF("beefbeefbeefbeefbeefbeef", "1f91") } },
	  3 },
};

static void late_answers_are_no_ones(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		struct log *log = log_new(0);

		for (size_t d = 0; d < 4; d++)
			feed_hex(log, &pairs[i].datagram[d], (usec)d * 1000);
		if (log_message(log, 4)->asked != pairs[i].asked)
			fail_msg("%s: held against %u", pairs[i].what, log_message(log, 4)->asked);
		log_free(log);
	}
}

/* Of what anybody can send only so much is kept, and how long it was is known; where nobody looks
 * back, less of all. */
static void what_is_ignored_is_cut(void **state)
{
	static char large[5000];
	struct log *log = log_new(0);
	struct pcp_client_event event = { .kind = CLIENT_IGNORED,
					  .octets = (const uint8_t *)large,
					  .len = sizeof large,
					  .reason = "no request of ours is under way" };

	(void)state;
	log_bound(log, LOG_DEFAULT, 1100);
	assert_true(log_event(log, &event, 0));
	assert_int_equal(log_message(log, 1)->len, 1100);
	assert_int_equal(log_message(log, 1)->whole, sizeof large);
	assert_string_equal(log_message(log, 1)->reason, event.reason);
	event.kind = CLIENT_UNSOLICITED;
	assert_true(log_event(log, &event, 0));
	assert_int_equal(log_message(log, 2)->len, sizeof large);
	for (int i = 0; i < 100; i++)
		assert_true(log_event(log, &event, 0));
	assert_int_equal(log_dropped(log), 0);
	log_bound(log, 20000, 1100);
	assert_in_range(log_nmessages(log), 2, 4);
	assert_true(log_dropped(log) > 90);
	log_free(log);
}

/* An exchange that another took the place of knows which: the next one of its mapping. */
static void successors_are_named(void **state)
{
	struct log *log = log_new(0);

	(void)state;
	feed_for(log, CLIENT_SENT, 1, 7, false);
	feed_for(log, CLIENT_CANCELLED, 1, 7, true);
	feed_for(log, CLIENT_SENT, 2, 8, false);
	feed_for(log, CLIENT_SENT, 3, 7, false);
	feed_for(log, CLIENT_CANCELLED, 3, 7, false); /* by hand: nothing took its place */
	feed_for(log, CLIENT_SENT, 4, 7, false);
	assert_int_equal(log_exchange(log, 1)->replaced_by, 3);
	assert_int_equal(log_exchange(log, 2)->replaced_by, 0);
	assert_int_equal(log_exchange(log, 3)->replaced_by, 0);
	assert_string_equal(log_exchange(log, 3)->what, "gone");
	log_free(log);
}

static void ends_are_told(void **state)
{
	struct log *log = log_new(0);
	struct pcp_client_event event = { .kind = CLIENT_UNREACHABLE,
					  .exchange = 2,
					  .reason = "port unreachable",
					  .next_at = USEC_NEVER };

	(void)state;
	feed(log, CLIENT_SENT, 1, "a", 10);
	feed(log, CLIENT_SENT, 2, "b", 10);
	feed(log, CLIENT_TIMED_OUT, 1, "", 99);
	assert_true(log_event(log, &event, 0));
	assert_int_equal(log_exchange(log, 1)->state, EXCHANGE_TIMED_OUT);
	assert_int_equal(log_exchange(log, 2)->state, EXCHANGE_UNREACHABLE);
	assert_string_equal(log_exchange(log, 2)->what, "port unreachable");
	assert_null(log_exchange(log, 3));
	log_free(log);
}

/* Each exchange is one request and, far later, one answer, so that the halves interleave. */
static void forgets_the_oldest(void **state)
{
	enum { N = 1000, KEPT = 100 };
	size_t pair = 2 * (sizeof(struct message) + 4) + sizeof(struct exchange);
	struct log *log = log_new(pair * KEPT);

	(void)state;
	for (uint32_t i = 1; i <= N + 10; i++) {
		if (i <= N)
			feed(log, CLIENT_SENT, i, "ping", i);
		if (i > 10)
			feed(log, CLIENT_ANSWERED, i - 10, "pong", i);
	}
	assert_true(log_dropped(log) > 0);
	assert_int_equal(log_dropped(log) + log_nmessages(log), 2 * N);
	assert_true(log_nexchanges(log) <= KEPT + 10);
	assert_null(log_message(log, 1));
	assert_null(log_exchange(log, 1));
	for (size_t i = 0; i < log_nmessages(log); i++) {
		const struct message *m = log_message_at(log, i);

		assert_ptr_equal(log_message(log, m->id), m);
		assert_non_null(log_exchange(log, m->exchange));
	}
	for (size_t i = 0; i < log_nexchanges(log); i++) {
		const struct exchange *e = log_exchange_at(log, i);

		assert_ptr_equal(log_exchange(log, e->id), e);
		assert_non_null(log_message(log, e->first));
		assert_non_null(log_message(log, e->last));
	}
	log_free(log);
}

static void one_large_message_stays(void **state)
{
	struct log *log = log_new(1);

	(void)state;
	feed(log, CLIENT_SENT, 1, "first", 1);
	feed(log, CLIENT_SENT, 2, "second", 2);
	assert_int_equal(log_nmessages(log), 1);
	assert_memory_equal(log_message_at(log, 0)->octets, "second", 6);
	/* an answer to what was forgotten is still kept */
	feed(log, CLIENT_ANSWERED, 1, "late", 3);
	assert_int_equal(log_exchange(log, 1)->answers, 1);
	log_free(log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ties_messages_together),
		cmocka_unit_test(late_answers_are_no_ones),
		cmocka_unit_test(what_is_ignored_is_cut),
		cmocka_unit_test(successors_are_named),
		cmocka_unit_test(ends_are_told),
		cmocka_unit_test(forgets_the_oldest),
		cmocka_unit_test(one_large_message_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
