/*
 * Schedules under a fake clock, over 1,000 seeds: retransmission in the bounds of RFC 6887 8.1.1,
 * renewal in the windows of 11.2.1, NAT-PMP's own in RFC 6886 3.1. Prints what it saw.
 */
#include <limits.h>

#include "client_rig.h"

enum { SEEDS = 1000, SENDS = 14 };

static struct rig rig;

static double seconds(usec duration)
{
	return (double)duration / (double)SECOND;
}

static void widen(usec range[2], usec value)
{
	range[0] = range[0] == 0 || value < range[0] ? value : range[0];
	range[1] = value > range[1] ? value : range[1];
}

static void retransmission(void **state)
{
	static usec gap[SENDS][2];

	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		usec previous = 0;
		rig_start(&rig, &(struct pcp_client_config){ 0 }, seed);
		rig_map(&rig, 80, 600);
		while (rig.nsent < SENDS)
			rig_wait(&rig, SECOND);
		for (size_t i = 1; i < SENDS; i++) {
			usec rt = rig.sent[i].at - rig.sent[i - 1].at;
			usec nominal = i == 1 ? 3 * SECOND : 2 * previous;
			if (nominal > 1024 * SECOND)
				nominal = 1024 * SECOND;
			assert_in_range(rt, nominal * 9 / 10 - 1, nominal * 11 / 10 + 1);
			assert_memory_equal(rig.sent[i].octets, rig.sent[0].octets,
					    rig.sent[0].len);
			widen(gap[i], rt);
			previous = rt;
		}
		rig_stop(&rig);
	}
	print_message("retransmission, %d seeds (8.1.1: IRT 3 s, MRT 1024 s, jitter 10%%)\n",
		      SEEDS);
	for (size_t i = 1; i < SENDS; i++) {
		print_message("  gap %2zu: %9.3f to %9.3f s\n", i, seconds(gap[i][0]),
			      seconds(gap[i][1]));
		if (i == 1) /* the jitter reaches both ends, and is fresh each time */
			assert_true(gap[i][0] < 2705000 && gap[i][1] > 3295000);
	}
	assert_in_range(gap[SENDS - 1][1], 1100 * SECOND, 1127 * SECOND);
}

/* Each datagram tells when the next goes out, and the last that none does. */
static void planned_is_sent(void)
{
	usec planned = rig.sent[0].at;
	size_t n = 0;

	for (size_t i = 0; i < rig.nevent; i++) {
		const struct rig_event *event = &rig.event[i];

		if (event->kind != CLIENT_SENT && event->kind != CLIENT_RESENT)
			continue;
		assert_int_equal(rig.sent[n++].at, planned);
		planned = event->next_at;
	}
	assert_true(planned == USEC_NEVER);
}

static void limits(void **state)
{
	static const struct {
		uint32_t mrc;
		usec mrd;
		size_t sends, most;
		double lo, hi; /* seconds to the end */
	} rows[] = {
		{ .mrc = 1, .sends = 1, .lo = 2.7, .hi = 3.3 },
		{ .mrc = 4, .sends = 4, .lo = 33, .hi = 61 },
		{ .mrd = 10 * SECOND, .sends = 2, .most = 3, .lo = 10, .hi = 10 },
		{ .mrc = 2, .mrd = 100 * SECOND, .sends = 2, .lo = 7, .hi = 11 },
		{ .mrc = 9, .mrd = 4 * SECOND, .sends = 2, .lo = 4, .hi = 4 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (uint64_t seed = 1; seed <= 50; seed++) {
			usec began;
			rig_start(&rig,
				  &(struct pcp_client_config){ .mrc = rows[i].mrc,
							       .mrd = rows[i].mrd },
				  seed);
			began = rig.now;
			rig_map(&rig, 80, 600);
			rig_wait(&rig, 300 * SECOND);
			assert_in_range(rig.nsent, rows[i].sends,
					rows[i].most ? rows[i].most : rows[i].sends);
			assert_int_equal(pcp_client_nexchanges(rig.client), 0);
			planned_is_sent();
			assert_true(seconds(rig_told(&rig, CLIENT_TIMED_OUT)->now - began) >=
				    rows[i].lo);
			assert_true(seconds(rig_told(&rig, CLIENT_TIMED_OUT)->now - began) <=
				    rows[i].hi);
			assert_int_equal(rig_row(&rig, 0)->state, MAPPING_FAILED);
			rig_stop(&rig);
		}
}

/* The window of 11.2.1 that a moment lies in; 0: in none. */
static unsigned window_of(double part)
{
	double width = 0.5;

	for (unsigned k = 1; k < 40; k++, width /= 2)
		if (part >= 1 - width - 1e-6 && part <= 1 - width + width / 4 + 1e-6)
			return k;
	return 0;
}

static void renewals_for(uint32_t lifetime, bool print)
{
	usec range[40][2] = { { 0 } };
	unsigned most = 0;

	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		usec granted;
		unsigned last = 0;
		rig_start(&rig, &(struct pcp_client_config){ .renew = true }, seed);
		rig_map(&rig, 80, lifetime);
		rig_answer(&rig, PCP_SUCCESS, lifetime);
		granted = rig.now;
		rig_run(&rig, granted + lifetime * SECOND - 1);
		for (size_t i = 1; i < rig.nsent; i++) {
			double part = seconds(rig.sent[i].at - granted) / lifetime;
			unsigned k = window_of(part);
			assert_true(k > last); /* at most one attempt a window, none outside */
			if (i > 1)
				assert_true(rig.sent[i].at - rig.sent[i - 1].at >= 4 * SECOND);
			assert_int_equal(rig_row(&rig, 0)->state, MAPPING_RENEWING);
			widen(range[k], rig.sent[i].at - granted);
			last = k;
			most = i > most ? (unsigned)i : most;
		}
		rig_stop(&rig);
	}
	assert_true(most >= (lifetime >= 120 ? 3 : lifetime >= 16 ? 1 : 0));
	for (unsigned k = 1; print && k < 40; k++)
		if (range[k][1])
			print_message("  window %2u: %8.2f to %8.2f s = %.5f to %.5f of it\n", k,
				      seconds(range[k][0]), seconds(range[k][1]),
				      seconds(range[k][0]) / lifetime,
				      seconds(range[k][1]) / lifetime);
}

static void renewal(void **state)
{
	(void)state;
	print_message("renewals of 3600 s, unanswered, %d seeds (11.2.1)\n", SEEDS);
	renewals_for(3600, true);
	renewals_for(120, false);
	renewals_for(20, false);
	renewals_for(5, false);
	renewals_for(1, false);
	renewals_for(86400, false);
}

/* Granted more, it renews by what was granted; refused, it waits the error out. */
static void renewal_follows_the_answer(void **state)
{
	usec granted;

	(void)state;
	rig_start(&rig, &(struct pcp_client_config){ .renew = true }, 5);
	rig_map(&rig, 80, 600);
	rig_answer(&rig, PCP_SUCCESS, 6000);
	granted = rig.now;
	while (rig.nsent == 1)
		rig_wait(&rig, SECOND);
	assert_in_range(rig.sent[1].at - granted, 3000 * SECOND, 3750 * SECOND);
	assert_int_equal(pcp_get(&pcp_request_fields[REQ_LIFETIME], rig.sent[1].octets), 600);
	rig_answer(&rig, PCP_NO_RESOURCES, 1000);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_GRANTED); /* what was granted stands */
	assert_int_equal(rig_row(&rig, 0)->result, PCP_NO_RESOURCES);
	rig_run(&rig, rig_row(&rig, 0)->hold_until - 1);
	assert_int_equal(rig.nsent, 2);
	while (rig.nsent == 2)
		rig_wait(&rig, SECOND);
	assert_int_not_equal(window_of(seconds(rig.sent[2].at - granted) / 6000), 0);
	rig_answer(&rig, PCP_SUCCESS, 6000);
	assert_int_equal(rig_row(&rig, 0)->renewals, 0);
	rig_stop(&rig);
}

static bool last_by_itself(const struct rig *r, enum pcp_client_event_kind kind)
{
	return rig_told(r, kind)->by_itself;
}

/* The timer's renewal is told as such, from its first datagram to its answer; one by hand is not,
 * nor what made the mapping. */
static void a_renewal_tells_whose_it_is(void **state)
{
	(void)state;
	rig_start(&rig, &(struct pcp_client_config){ .renew = true }, 5);
	rig_map(&rig, 80, 120);
	rig_answer(&rig, PCP_SUCCESS, 120);
	assert_false(last_by_itself(&rig, CLIENT_SENT));
	assert_false(last_by_itself(&rig, CLIENT_ANSWERED));
	rig_wait(&rig, 110 * SECOND); /* into the second window, or the third */
	assert_true(last_by_itself(&rig, CLIENT_SENT));
	assert_true(last_by_itself(&rig, CLIENT_RESENT));
	rig_answer(&rig, PCP_SUCCESS, 120);
	assert_true(last_by_itself(&rig, CLIENT_ANSWERED));
	assert_int_not_equal(pcp_client_renew(rig.client, rig.now, 1, NULL), 0);
	rig_wait(&rig, 5 * SECOND);
	assert_false(last_by_itself(&rig, CLIENT_SENT));
	rig_answer(&rig, PCP_SUCCESS, 120);
	assert_false(last_by_itself(&rig, CLIENT_ANSWERED));
	rig_stop(&rig);
}

/* Nobody answers: it runs out, is shown so, and is then asked for as a new mapping. */
static void expiry_with_renewal_asks_anew(void **state)
{
	bool expired = false;

	(void)state;
	rig_start(&rig, &(struct pcp_client_config){ .renew = true }, 6);
	rig_map(&rig, 80, 120);
	rig_answer(&rig, PCP_SUCCESS, 120);
	rig_wait(&rig, 130 * SECOND);
	for (size_t i = 0; i < rig.nevent; i++)
		expired = expired || rig.event[i].state == MAPPING_EXPIRED;
	assert_true(expired);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_ASKING);
	rig_wait(&rig, 3600 * SECOND);
	assert_int_equal(pcp_client_nmappings(rig.client), 1);
	rig_answer(&rig, PCP_SUCCESS, 120);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_GRANTED);
	rig_stop(&rig);
}

static void by_hand_not_closer_than_four_seconds(void **state)
{
	(void)state;
	rig_start(&rig, &(struct pcp_client_config){ 0 }, 7);
	rig_map(&rig, 80, 600);
	rig_answer(&rig, PCP_SUCCESS, 600);
	for (unsigned i = 0; i < 5; i++) {
		assert_int_not_equal(pcp_client_renew(rig.client, rig.now, 1, NULL), 0);
		rig_wait(&rig, SECOND);
	}
	rig_wait(&rig, 30 * SECOND);
	assert_true(rig.nsent >= 3);
	for (size_t i = 1; i < rig.nsent; i++)
		assert_true(rig.sent[i].at - rig.sent[i - 1].at >= 4 * SECOND);
	/* It suggests what was assigned. */
	assert_int_equal(pcp_get(&pcp_map_fields[MAP_EXTERNAL_PORT], rig_last(&rig)->octets + 24),
			 80);
	assert_memory_equal(rig_last(&rig)->octets + 44, rig_row(&rig, 0)->external, 16);
	rig_stop(&rig);
}

/* A laptop sleeps: windows that have passed are not made up for. */
static void late_tick(void **state)
{
	(void)state;
	rig_start(&rig, &(struct pcp_client_config){ .renew = true }, 8);
	rig_map(&rig, 80, 1000);
	rig_answer(&rig, PCP_SUCCESS, 1000);
	rig.now += 900 * SECOND;
	pcp_client_tick(rig.client, rig.now);
	assert_int_equal(rig.nsent, 2);
	rig_wait(&rig, 99 * SECOND);
	assert_in_range(rig.nsent, 3, 9);
	rig.now += 100000 * SECOND;
	pcp_client_tick(rig.client, rig.now);
	assert_true(rig.nsent < 12);
	rig_stop(&rig);
}

static void switching_renewal_on_and_off(void **state)
{
	(void)state;
	rig_start(&rig, &(struct pcp_client_config){ 0 }, 9);
	rig_map(&rig, 80, 1000);
	rig_answer(&rig, PCP_SUCCESS, 1000);
	assert_true(rig_row(&rig, 0)->next_at == USEC_NEVER);
	rig_wait(&rig, 700 * SECOND);
	assert_int_equal(rig.nsent, 1);
	assert_true(pcp_client_auto_renew(rig.client, rig.now, 1, true));
	assert_in_range(rig_row(&rig, 0)->next_at, rig.now + 50 * SECOND, rig.now + 113 * SECOND);
	assert_true(pcp_client_auto_renew(rig.client, rig.now, 1, false));
	assert_true(rig_row(&rig, 0)->next_at == USEC_NEVER);
	assert_false(pcp_client_auto_renew(rig.client, rig.now, 99, true));
	rig_wait(&rig, 310 * SECOND);
	assert_int_equal(pcp_client_nmappings(rig.client), 0);
	assert_int_equal(rig.nsent, 1);
	rig_stop(&rig);
}

/* 11.2.1 MUST NOT: not even where the server grants so little that the first half is over sooner.
 */
static void renewals_of_short_lifetimes_are_four_seconds_apart(void **state)
{
	(void)state;
	for (uint32_t lifetime = 1; lifetime <= 12; lifetime++) {
		usec last = -100 * SECOND;

		rig_start(&rig, &(struct pcp_client_config){ .renew = true }, lifetime);
		rig_map(&rig, 80, lifetime);
		rig_answer(&rig, PCP_SUCCESS, lifetime);
		for (size_t seen = rig.nsent, renewals = 0; renewals < 4 && seen < 60;) {
			if (rig.nsent == seen) {
				rig_wait(&rig, SECOND / 20);
				continue;
			}
			if (rig_row(&rig, 0)->state == MAPPING_RENEWING) {
				assert_true(rig.now - last >= 4 * SECOND - SECOND / 20);
				last = rig.now;
				renewals++;
			}
			rig_answer(&rig, PCP_SUCCESS, lifetime);
			seen = rig.nsent;
		}
		rig_stop(&rig);
	}
}

/* What poll() is told: never a busy loop short of the moment, never late by a rounding. */
static void waiting_in_milliseconds(void **state)
{
	usec due;

	(void)state;
	rig_start(&rig, &(struct pcp_client_config){ 0 }, 1);
	assert_int_equal(pcp_client_wait(rig.client, rig.now), -1);
	rig_map(&rig, 80, 600);
	due = pcp_client_next(rig.client);
	assert_int_equal(pcp_client_wait(rig.client, due), 0);
	assert_int_equal(pcp_client_wait(rig.client, due + SECOND), 0);
	assert_int_equal(pcp_client_wait(rig.client, due - 1), 1);
	assert_int_equal(pcp_client_wait(rig.client, due - 1000), 1);
	assert_int_equal(pcp_client_wait(rig.client, due - 1001), 2);
	assert_int_equal(pcp_client_wait(rig.client, due - 86400 * 365 * SECOND), INT_MAX);
	rig_stop(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(retransmission),
		cmocka_unit_test(limits),
		cmocka_unit_test(renewal),
		cmocka_unit_test(renewal_follows_the_answer),
		cmocka_unit_test(a_renewal_tells_whose_it_is),
		cmocka_unit_test(expiry_with_renewal_asks_anew),
		cmocka_unit_test(by_hand_not_closer_than_four_seconds),
		cmocka_unit_test(late_tick),
		cmocka_unit_test(switching_renewal_on_and_off),
		cmocka_unit_test(renewals_of_short_lifetimes_are_four_seconds_apart),
		cmocka_unit_test(waiting_in_milliseconds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
