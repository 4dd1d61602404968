/* The five asks of a port, and what they amount to, under a fake clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "inquiry.h"

struct asking {
	struct inquiry inquiry;
	struct pcp_rng rng;
	usec now, last;
	size_t asked;
};

static void asks(void *arg, const struct beacon_message *ask)
{
	struct asking *asking = arg;

	assert_int_equal(ask->type, BEACON_ASK);
	assert_true(!asking->asked || asking->now - asking->last >= INQUIRY_PACE);
	asking->asked++;
	asking->last = asking->now;
}

static void begin_asking(struct asking *asking)
{
	static const uint16_t port[BEACON_WAYS] = { 50000, 0 };

	*asking = (struct asking){ .now = 5 * USEC_PER_SEC };
	pcp_rng_seeded(&asking->rng, 3);
	inquiry_begin(&asking->inquiry, port, INQUIRY_PACE, &asking->rng,
		      (struct inquiry_io){ asking, asks }, asking->now);
}

static void go_on(struct asking *asking)
{
	asking->now = inquiry_next(&asking->inquiry);
	inquiry_tick(&asking->inquiry, asking->now);
}

static void answer(struct asking *asking, enum beacon_saw udp)
{
	struct beacon_message message = asking->inquiry.ask;

	message.type = BEACON_ANSWER;
	message.saw[BEACON_UDP] = udp;
	inquiry_answer(&asking->inquiry, asking->now, &message);
}

static void it_asks_five_times(void **state)
{
	struct asking asking;
	char text[INQUIRY_WAY_TEXT];

	(void)state;
	begin_asking(&asking);
	while (!asking.inquiry.over) {
		go_on(&asking);
		asking.now += USEC_PER_SEC / 20;
		inquiry_came(&asking.inquiry, BEACON_UDP);
		inquiry_came(&asking.inquiry, BEACON_UDP); /* twice is once */
		answer(&asking, asking.asked == 2 ? BEACON_SILENT : BEACON_OPEN);
		answer(&asking, BEACON_OPEN); /* doubled on its way */
	}
	assert_int_equal(asking.inquiry.result.answered, INQUIRY_TRIES);
	assert_int_equal(asking.asked, INQUIRY_TRIES);
	assert_int_equal(asking.inquiry.result.came[BEACON_UDP], INQUIRY_TRIES);
	inquiry_way_text(&asking.inquiry.result, BEACON_UDP, text, sizeof text);
	assert_string_equal(text, "UDP 4 of 5 (silent 1, 5 came in here)");
	inquiry_way_text(&asking.inquiry.result, BEACON_TCP, text, sizeof text);
	assert_string_equal(text, "TCP not tried");
	assert_false(inquiry_all_open(&asking.inquiry.result));
	assert_false(inquiry_none_open(&asking.inquiry.result));
	assert_int_equal(inquiry_next(&asking.inquiry), USEC_NEVER);
}

static void a_beacon_that_is_not_there_is_left(void **state)
{
	struct asking asking;
	usec began;

	(void)state;
	begin_asking(&asking);
	began = asking.now;
	while (!asking.inquiry.over)
		go_on(&asking);
	assert_int_equal(asking.asked, INQUIRY_SILENCES);
	assert_int_equal(asking.inquiry.result.answered, 0);
	assert_true(asking.now - began <= 10 * USEC_PER_SEC);
	assert_false(inquiry_all_open(&asking.inquiry.result));
	assert_false(inquiry_none_open(&asking.inquiry.result)); /* nobody has seen that */
}

static void what_is_lost_is_asked_again(void **state)
{
	struct asking asking;

	(void)state;
	begin_asking(&asking);
	while (!asking.inquiry.over) {
		struct beacon_message late = asking.inquiry.ask;

		go_on(&asking);
		late.type = BEACON_ANSWER; /* of the ask before: too late */
		inquiry_answer(&asking.inquiry, asking.now, &late);
		if (asking.asked % 2 == 0)
			answer(&asking, BEACON_REFUSED);
	}
	assert_int_equal(asking.asked, INQUIRY_SENDINGS);
	assert_int_equal(asking.inquiry.result.answered, INQUIRY_SENDINGS / 2);
	assert_true(inquiry_none_open(&asking.inquiry.result));
}

static void a_beacon_that_cannot_try_says_nothing(void **state)
{
	struct asking asking;

	(void)state;
	begin_asking(&asking);
	while (!asking.inquiry.over) {
		go_on(&asking);
		answer(&asking, BEACON_UNABLE);
	}
	assert_true(inquiry_untried(&asking.inquiry.result));
	assert_false(inquiry_none_open(&asking.inquiry.result));
	assert_false(inquiry_all_open(&asking.inquiry.result));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_asks_five_times),
		cmocka_unit_test(a_beacon_that_is_not_there_is_left),
		cmocka_unit_test(what_is_lost_is_asked_again),
		cmocka_unit_test(a_beacon_that_cannot_try_says_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
