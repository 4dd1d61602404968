/* The probe against the lab: what is right passes, and each case fails under its own mutant. */
#include "../probe_rig.h"

enum { SEEDS = 100 };

/* One run; the number of lines that are worse than a choice, printed. */
static size_t complaints(const struct rig *rig, enum probe_verdict from, const char *what,
			 uint64_t seed)
{
	size_t n = 0;

	for (size_t i = 0; i < probe_nlines(rig->probe); i++) {
		const struct probe_line *line = probe_line_at(rig->probe, i);

		if (line->verdict < from)
			continue;
		printf("%s, seed %llu: %s %s %s: %s\n", what, (unsigned long long)seed,
		       probe_verdict_name(line->verdict), line->row->id,
		       line->rule ? line->rule : "", line->why);
		n++;
	}
	return n;
}

static void run_clean(uint64_t seed, bool v6, const char *words)
{
	struct rig rig;

	rig_open(&rig, seed, v6, words);
	probe_choose_default(&rig.config);
	rig_run(&rig, seed > 0);
	if (getenv("PROBE_SHOW")) {
		rig_print(&rig);
		printf("%zu requests, %zu datagrams, %.1f s, %zu mappings at most, grade %c\n",
		       probe_nrequests(rig.probe), rig.sent,
		       (double)(rig.now - rig.began) / USEC_PER_SEC, rig.most,
		       probe_grade(rig.probe));
	}
	assert_int_equal(complaints(&rig, PROBE_OPEN, v6 ? "IPv6" : words, seed), 0);
	assert_null(probe_stopped(rig.probe));
	assert_int_equal(probe_grade(rig.probe), 'A');
	assert_true(rig.closest >= USEC_PER_SEC / 10);
	assert_true(rig.most <= 4);
	assert_true(probe_nrequests(rig.probe) <= 400);
	assert_int_equal(rig_maps(&rig), 0);
	rig_close(&rig);
}

static void clean_ipv4(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < SEEDS; seed++)
		run_clean(seed, false, "");
}

static void clean_ipv6(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < SEEDS; seed++)
		run_clean(seed, true, "");
}

static void clean_natpmp(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < SEEDS; seed++)
		run_clean(seed, false, "versions=0");
}

static void loss_is_no_fault(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct rig rig;
		char word[32];

		rig_open(&rig, seed, false, "drop=0.2");
		snprintf(word, sizeof word, "seed=%llu", (unsigned long long)seed);
		rig_words(&rig, word);
		probe_choose_default(&rig.config);
		rig_run(&rig, true);
		assert_int_equal(complaints(&rig, PROBE_WEAK, "drop=0.2", seed), 0);
		rig_close(&rig);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clean_ipv4),
		cmocka_unit_test(clean_ipv6),
		cmocka_unit_test(clean_natpmp),
		cmocka_unit_test(loss_is_no_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
