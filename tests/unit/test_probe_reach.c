/* The probe's cases of a port seen from outside, with a beacon that sees what the test says: open,
 * filtered and double NAT are told apart, and nothing is left on the gateway. */
#include "../probe_rig.h"

enum { WHILE_TRYING = 7 * 1000 * 1000 }; /* microseconds */

/* The one try of a test at a time. */
static struct {
	struct timer timer;
	struct probe_trial trial;
	struct inquiry_result result; /* what it will see */
	size_t begun, dropped, mapped;
	bool differs; /* the beacon sees another address than the gateway gave */
} outside;

static void seen(struct timer *timer, void *arg, usec now)
{
	struct rig *rig = arg;

	(void)timer;
	memcpy(outside.result.source.addr, outside.trial.external, PCP_ADDR_LEN);
	outside.result.source.addr[15] ^= outside.differs;
	probe_tried(rig->probe, now, &outside.result);
}

static bool try_ports(void *arg, const struct probe_trial *trial)
{
	struct rig *rig = arg;

	outside.trial = *trial;
	outside.begun++;
	outside.mapped = rig_maps(rig);
	outside.timer = (struct timer){ .fire = seen, .arg = rig };
	return timer_arm(&rig->flights, &outside.timer, rig->now + WHILE_TRYING);
}

static void drop_try(void *arg)
{
	timer_stop(&((struct rig *)arg)->flights, &outside.timer);
	outside.dropped++;
}

static void open_rig(struct rig *rig, const char *words, unsigned granted)
{
	memset(&outside, 0, sizeof outside);
	rig_open(rig, 1, false, words);
	rig->try = try_ports;
	rig->drop_try = drop_try;
	rig->config.granted = granted;
}

static void sees(unsigned answered, enum beacon_saw udp, enum beacon_saw tcp)
{
	outside.result.asked = 5;
	outside.result.answered = answered;
	outside.result.saw[BEACON_UDP][udp] = outside.result.saw[BEACON_TCP][tcp] = answered;
}

static const struct probe_line *line_of(const struct rig *rig, const char *id)
{
	for (size_t i = 0; i < probe_nlines(rig->probe); i++)
		if (!strcmp(probe_line_at(rig->probe, i)->row->id, id))
			return probe_line_at(rig->probe, i);
	fail_msg("%s was not run", id);
	return NULL;
}

static bool says(const struct rig *rig, const char *words)
{
	char sentence[PROBE_SENTENCE];

	for (size_t i = 0; probe_sentence(rig->probe, i, sentence, sizeof sentence); i++)
		if (strstr(sentence, words))
			return true;
	return false;
}

/* Runs L02, and the quick cases for the profile's sentences; the public address is the lab's. */
static void run_by_beacon(struct rig *rig, const char *words)
{
	rig_words(rig, words);
	probe_choose_quick(&rig->config);
	rig_run(rig, false);
	assert_int_equal(rig_maps(rig), 0);
	assert_null(probe_stopped(rig->probe));
}

#define PUBLIC "wan=51.0.0.1"

static void open_is_open(void **state)
{
	struct rig rig;

	(void)state;
	open_rig(&rig, "", PROBE_REACH | PROBE_BEACON);
	sees(5, BEACON_OPEN, BEACON_OPEN);
	run_by_beacon(&rig, PUBLIC);
	assert_int_equal(outside.begun, 2);
	assert_int_equal(outside.mapped, 2);
	assert_true(outside.trial.port[BEACON_UDP] && outside.trial.port[BEACON_TCP]);
	assert_int_equal(line_of(&rig, "L02")->verdict, PROBE_INFO);
	assert_string_equal(line_of(&rig, "L02")->why, "open: UDP 5 of 5, TCP 5 of 5");
	assert_non_null(strstr(line_of(&rig, "L01")->why, "proves nothing about outside"));
	assert_true(says(&rig, "the mapped port is open: UDP 5 of 5, TCP 5 of 5"));
	assert_true(says(&rig, "lets others in"));
	rig_close(&rig);
}

static void filtered_is_closed(void **state)
{
	struct rig rig;

	(void)state;
	open_rig(&rig, "", PROBE_REACH | PROBE_BEACON);
	sees(5, BEACON_SILENT, BEACON_REFUSED);
	run_by_beacon(&rig, PUBLIC);
	assert_non_null(strstr(line_of(&rig, "L02")->why, "nothing comes in"));
	assert_true(says(&rig, "UDP 0 of 5 (silent 5), TCP 0 of 5 (refused 5)"));
	assert_true(says(&rig, "a filter"));
	assert_true(says(&rig, "look for a firewall"));
	assert_false(says(&rig, "lets others in"));
	rig_close(&rig);
}

static void double_nat_is_another_address(void **state)
{
	struct rig rig;

	(void)state;
	open_rig(&rig, "", PROBE_REACH | PROBE_BEACON);
	sees(5, BEACON_SILENT, BEACON_STRANGER);
	outside.differs = true;
	run_by_beacon(&rig, PUBLIC);
	assert_non_null(
		strstr(line_of(&rig, "L02")->why,
		       "another NAT: the gateway gives 51.0.0.1, the beacon sees 51.0.0.0"));
	assert_true(says(&rig, "Another NAT stands outside"));
	assert_true(says(&rig, "end at this gateway"));
	assert_false(says(&rig, "lets others in"));
	rig_close(&rig);
}

/* The outer NAT sends on what comes: so others do come in. */
static void a_forwarding_carrier_helps(void **state)
{
	struct rig rig;

	(void)state;
	open_rig(&rig, "", PROBE_REACH | PROBE_BEACON);
	sees(5, BEACON_OPEN, BEACON_OPEN);
	outside.differs = true;
	run_by_beacon(&rig, "wan=192.168.1.2");
	assert_true(says(&rig, "Another NAT stands outside"));
	assert_true(says(&rig, "UDP 5 of 5, TCP 5 of 5"));
	assert_true(says(&rig, "lets others in"));
	rig_close(&rig);
}

static void half_open_is_said(void **state)
{
	struct rig rig;

	(void)state;
	open_rig(&rig, "", PROBE_REACH | PROBE_BEACON);
	sees(5, BEACON_OPEN, BEACON_SILENT);
	run_by_beacon(&rig, PUBLIC);
	assert_true(says(&rig, "open in part: UDP 5 of 5, TCP 0 of 5 (silent 5)"));
	rig_close(&rig);
}

static void silence_of_the_beacon_is_open(void **state)
{
	struct rig rig;

	(void)state;
	open_rig(&rig, "", PROBE_REACH | PROBE_BEACON);
	sees(0, BEACON_UNTRIED, BEACON_UNTRIED);
	run_by_beacon(&rig, PUBLIC);
	assert_int_equal(line_of(&rig, "L02")->verdict, PROBE_OPEN);
	assert_true(says(&rig, "The beacon answered nothing"));
	assert_true(says(&rig, "only somebody outside can see"));
	rig_close(&rig);
}

static void a_beacon_that_cannot_try_is_open(void **state)
{
	struct rig rig;

	(void)state;
	open_rig(&rig, "", PROBE_REACH | PROBE_BEACON);
	sees(5, BEACON_UNABLE, BEACON_UNABLE);
	run_by_beacon(&rig, PUBLIC);
	assert_int_equal(line_of(&rig, "L02")->verdict, PROBE_OPEN);
	assert_true(says(&rig, "let it try nothing"));
	rig_close(&rig);
}

static void without_a_beacon_hairpin_alone(void **state)
{
	struct rig rig;

	(void)state;
	open_rig(&rig, "", PROBE_REACH);
	sees(5, BEACON_OPEN, BEACON_OPEN);
	run_by_beacon(&rig, PUBLIC);
	assert_int_equal(outside.begun, 1);
	assert_false(outside.trial.by_beacon);
	assert_int_equal(rig_verdict(&rig, "L02"), PROBE_NVERDICTS);
	assert_true(says(&rig, "proves nothing about outside, which only a second machine"));
	assert_true(says(&rig, "only somebody outside can see"));
	rig_close(&rig);
}

static void natpmp_is_tried_too(void **state)
{
	struct rig rig;

	(void)state;
	for (int only = 0; only < 2; only++) {
		open_rig(&rig, "versions=0", PROBE_REACH | PROBE_BEACON);
		rig.config.natpmp_only = only;
		sees(5, BEACON_OPEN, BEACON_OPEN);
		run_by_beacon(&rig, PUBLIC);
		assert_int_equal(outside.mapped, 2);
		assert_string_equal(line_of(&rig, "L02")->why, "open: UDP 5 of 5, TCP 5 of 5");
		rig_close(&rig);
	}
}

/* Without a mapping, an address or a host that can listen there is nothing to see. */
static void nothing_to_try_is_told(void **state)
{
	struct rig rig;

	(void)state;
	open_rig(&rig, "without=MAP", PROBE_REACH | PROBE_BEACON);
	run_by_beacon(&rig, "");
	assert_int_equal(outside.begun, 0);
	assert_int_equal(line_of(&rig, "L02")->verdict, PROBE_SKIP);
	rig_close(&rig);
	open_rig(&rig, "wan=127.0.0.1", PROBE_REACH | PROBE_BEACON);
	run_by_beacon(&rig, "");
	assert_int_equal(outside.begun, 0);
	assert_int_equal(line_of(&rig, "L02")->verdict, PROBE_SKIP);
	rig_close(&rig);
	open_rig(&rig, "", PROBE_REACH | PROBE_BEACON);
	rig.try = NULL;
	run_by_beacon(&rig, "");
	assert_int_equal(line_of(&rig, "L02")->verdict, PROBE_OPEN);
	rig_close(&rig);
}

/* A signal comes while the beacon tries. */
static void stopped_it_gives_back(void **state)
{
	struct rig rig;

	(void)state;
	open_rig(&rig, PUBLIC, PROBE_REACH | PROBE_BEACON);
	sees(5, BEACON_OPEN, BEACON_OPEN);
	assert_true(probe_choose(&rig.config, "L02", NULL));
	rig_start(&rig, false);
	while (!outside.begun)
		rig_step(&rig);
	assert_int_equal(rig_maps(&rig), 2);
	probe_stop(rig.probe, rig.now, "by a signal");
	while (!probe_over(rig.probe))
		rig_step(&rig);
	assert_int_equal(outside.dropped, 1);
	assert_int_equal(rig_maps(&rig), 0);
	assert_int_equal(line_of(&rig, "L02")->verdict, PROBE_OPEN);
	rig_close(&rig);
}

static void only_with_the_option(void **state)
{
	struct probe_config config = { .granted = 0 };
	struct pcp_why why;

	(void)state;
	assert_false(probe_choose(&config, "L01", &why));
	assert_non_null(strstr(why.text, "-reach"));
	config.granted = PROBE_REACH;
	assert_true(probe_choose(&config, "L01", &why));
	assert_false(probe_choose(&config, "L02", &why));
	assert_non_null(strstr(why.text, "-reach ADDRESS:PORT#KEY"));
	probe_choose_default(&config);
	assert_false(config.wanted[probe_case_index(probe_case_named("L02"))]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(open_is_open),
		cmocka_unit_test(filtered_is_closed),
		cmocka_unit_test(double_nat_is_another_address),
		cmocka_unit_test(a_forwarding_carrier_helps),
		cmocka_unit_test(half_open_is_said),
		cmocka_unit_test(silence_of_the_beacon_is_open),
		cmocka_unit_test(a_beacon_that_cannot_try_is_open),
		cmocka_unit_test(without_a_beacon_hairpin_alone),
		cmocka_unit_test(natpmp_is_tried_too),
		cmocka_unit_test(nothing_to_try_is_told),
		cmocka_unit_test(stopped_it_gives_back),
		cmocka_unit_test(only_with_the_option),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
