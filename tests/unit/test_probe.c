/* The probe against the lab: what is right passes, and each case fails under its own mutant. */
#include "../probe_rig.h"

enum { SEEDS = 100, MUTATIONS = 200, PATIENT = 10 };

/* Somebody who does what he is asked to. */
static const char *obedient(const char *plea)
{
	return strstr(plea, "restart") ? "restart" : "wan=198.51.100.99";
}

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

/* The longest of the runs. */
static usec run_lossy(const char *words)
{
	usec longest = 0, sum = 0;

	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct rig rig;
		char word[32];

		rig_open(&rig, seed, false, words);
		snprintf(word, sizeof word, "seed=%llu", (unsigned long long)seed);
		rig_words(&rig, word);
		probe_choose_default(&rig.config);
		rig_run(&rig, true);
		assert_int_equal(complaints(&rig, PROBE_WEAK, words, seed), 0);
		longest = rig.now - rig.began > longest ? rig.now - rig.began : longest;
		sum += rig.now - rig.began;
		rig_close(&rig);
	}
	printf("%s: %lld s, at most %lld s\n", words, (long long)(sum / SEEDS / USEC_PER_SEC),
	       (long long)(longest / USEC_PER_SEC));
	return longest;
}

static void loss_is_no_fault(void **state)
{
	(void)state;
	assert_true(run_lossy("drop=0.2") < 240 * USEC_PER_SEC);
	run_lossy("scenario=lossy"); /* and late, doubled, out of order */
}

/* A gateway that is slow, but loses nothing, is sent hardly anything twice. */
static void slow_is_not_lossy(void **state)
{
	struct rig rig;

	(void)state;
	rig_open(&rig, 0, false, "delay=900ms");
	probe_choose_default(&rig.config);
	rig_run(&rig, false);
	assert_int_equal(complaints(&rig, PROBE_WEAK, "slow", 0), 0);
	assert_true(rig.sent < probe_nrequests(rig.probe) + PATIENT);
	rig_close(&rig);
}

/* ---- mutants ---- */

/* What a mutant breaks beside its own case, and the verdict of that where it is not fail. */
static const struct {
	const char *id, *others;
	enum probe_verdict verdict;
	bool natpmp; /* seen by a gateway that speaks nothing else */
} mutants[] = {
	{ .id = "C02", .others = "C04 C31 F10" }, /* MAP gives port 5350 whatever is asked */
	{ .id = "A09", .verdict = PROBE_WEAK },	  { .id = "A23", .verdict = PROBE_WEAK },
	{ .id = "A24", .verdict = PROBE_WEAK },	  { .id = "C18", .verdict = PROBE_WEAK },
	{ .id = "C24", .verdict = PROBE_WEAK },	  { .id = "C25", .verdict = PROBE_WEAK },
	{ .id = "C30", .verdict = PROBE_WEAK },	  { .id = "C31", .verdict = PROBE_WEAK },
	{ .id = "C32", .verdict = PROBE_WEAK },	  { .id = "C35", .verdict = PROBE_WEAK },
	{ .id = "F07", .verdict = PROBE_WEAK },	  { .id = "F10", .verdict = PROBE_WEAK },
	{ .id = "H01", .verdict = PROBE_WEAK },	  { .id = "H17", .verdict = PROBE_WEAK },
	{ .id = "J06", .verdict = PROBE_WEAK },	  { .id = "J07", .verdict = PROBE_WEAK },
	{ .id = "J02", .natpmp = true },	  { .id = "K04", .verdict = PROBE_WEAK },
	{ .id = "K08", .verdict = PROBE_WEAK },
};

static size_t mutant_row(const char *id)
{
	size_t i = 0;

	while (i < sizeof mutants / sizeof *mutants && strcmp(mutants[i].id, id) != 0)
		i++;
	return i;
}

/* All that is run by default; of a case that is not, its group: what others map beside it could be
 * in its way. */
static void choose_for(struct probe_config *config, const char *id)
{
	unsigned asked = probe_case_named(id)->flags & PROBE_ASKED;
	char group[2] = { id[0], '\0' };

	config->granted |= asked;
	config->mutations = MUTATIONS;
	if (asked)
		assert_true(probe_choose(config, group, NULL));
	else
		probe_choose_default(config);
}

/* How many cases have another verdict than they should under the mutant. */
static size_t wrong_under(const char *id, uint64_t seed)
{
	size_t at = mutant_row(id), n = 0, wrong = 0;
	bool known = at < sizeof mutants / sizeof *mutants;
	enum probe_verdict expected =
		known && mutants[at].verdict ? mutants[at].verdict : PROBE_FAIL;
	const char *others = known && mutants[at].others ? mutants[at].others : "";
	unsigned asked = probe_case_named(id)->flags & PROBE_ASKED;
	char words[64];
	struct rig rig;

	snprintf(words, sizeof words, "%s%sbreak=%s",
		 known && mutants[at].natpmp ? "versions=0 " : "", asked ? "quota=10 " : "", id);
	rig_open(&rig, seed, false, words);
	rig.words_for = obedient;
	choose_for(&rig.config, id);
	rig_run(&rig, seed > 0);
	for (; n < probe_nlines(rig.probe); n++) {
		const struct probe_line *line = probe_line_at(rig.probe, n);
		bool own = strcmp(line->row->id, id) == 0;

		if (line->rule ||
		    (own ? line->verdict == expected
			 : line->verdict < PROBE_WEAK || strstr(others, line->row->id)))
			continue;
		printf("break=%s: %s %s: %s\n", id, probe_verdict_name(line->verdict),
		       line->row->id, line->why);
		wrong++;
	}
	if (rig_verdict(&rig, id) == PROBE_NVERDICTS) {
		printf("break=%s: its case was not run\n", id);
		wrong++;
	}
	rig_close(&rig);
	return wrong;
}

static void each_mutant_fails_its_case(void **state)
{
	size_t wrong = 0;
	const char *id;

	(void)state;
	for (size_t i = 0; (id = lab_mutant_at(i)); i++)
		wrong += wrong_under(id, 0);
	assert_int_equal(wrong, 0);
}

/* ---- with leave ---- */

/* The flags that the rows of group K wait for, but -outside, which leaves room for nothing else. */
#define LEAVE (PROBE_INTRUSIVE | PROBE_REBOOT | PROBE_FUZZ)

static void run_leave(struct rig *rig, uint64_t seed, unsigned granted, const char *words)
{
	rig_open(rig, seed, seed % 2, words);
	rig->words_for = obedient;
	rig->config.granted = granted;
	rig->config.mutations = MUTATIONS;
	assert_true(probe_choose(&rig->config, "K", NULL));
	rig_run(rig, seed > 0);
	assert_int_equal(rig_maps(rig), 0);
	assert_null(probe_stopped(rig->probe));
}

/* A whole lab keeps every rule under restarts, other addresses and requests made by chance; each is
 * asked of people once. */
static void clean_with_leave(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct rig rig;

		run_leave(&rig, seed, LEAVE, "quota=10 announce=both");
		assert_int_equal(complaints(&rig, PROBE_OPEN, "with leave", seed), 0);
		assert_int_equal(rig.pleas, seed % 2 ? 1 : 2); /* a firewall has no address */
		rig_close(&rig);
	}
}

static void clean_from_outside(void **state)
{
	struct rig rig;

	(void)state;
	run_leave(&rig, 1, PROBE_OUTSIDE, "");
	assert_int_equal(rig_verdict(&rig, "K11"), PROBE_PASS);
	assert_int_equal(rig.sent, 9);
	assert_false(probe_met_nobody(rig.probe)); /* it answers nothing, and shall not */
	rig_close(&rig);
}

static const char *idle(const char *plea)
{
	(void)plea;
	return "";
}

static const char *forgetful(const char *plea)
{
	(void)plea;
	return "forget"; /* all mappings, and the clock begins anew: nobody is told */
}

/* Where nobody does what was asked, nothing is known; and the end of it is not waited for for ever.
 */
static void nothing_done_is_open(void **state)
{
	struct rig rig;

	(void)state;
	run_leave(&rig, 2, PROBE_REBOOT, "");
	rig_close(&rig);
	rig_open(&rig, 2, false, "");
	rig.words_for = idle;
	rig.config.granted = PROBE_REBOOT;
	assert_true(probe_choose(&rig.config, "K", NULL));
	rig_run(&rig, false);
	assert_int_equal(rig_verdict(&rig, "K07"), PROBE_OPEN);
	assert_int_equal(rig_verdict(&rig, "K08"), PROBE_OPEN);
	assert_int_equal(rig_verdict(&rig, "K09"), PROBE_OPEN);
	assert_true(rig.now - rig.began < 12 * 60 * USEC_PER_SEC);
	assert_int_equal(rig_maps(&rig), 0);
	rig_close(&rig);
}

/* A restart that only its clock shows is told from none. */
static void silent_restart_fails(void **state)
{
	struct rig rig;

	(void)state;
	rig_open(&rig, 3, false, "");
	rig.words_for = forgetful;
	rig.config.granted = PROBE_REBOOT;
	assert_true(probe_choose(&rig.config, "K07", NULL));
	rig_run(&rig, false);
	assert_int_equal(rig_verdict(&rig, "K07"), PROBE_FAIL);
	rig_close(&rig);
}

/* Stopped while it waits for somebody's hand. */
static void stopped_while_waiting(void **state)
{
	struct rig rig;

	(void)state;
	rig_open(&rig, 4, false, "");
	rig.words_for = idle;
	rig.config.granted = PROBE_REBOOT;
	assert_true(probe_choose(&rig.config, "K", NULL));
	rig_start(&rig, false);
	while (!rig.pleas || rig.now < rig.began + 30 * USEC_PER_SEC)
		rig_step(&rig);
	assert_int_equal(rig_maps(&rig), 2);
	probe_stop(rig.probe, rig.now, "by a signal");
	while (!probe_over(rig.probe))
		rig_step(&rig);
	assert_int_equal(rig_maps(&rig), 0);
	assert_int_equal(rig_verdict(&rig, "K07"), PROBE_OPEN);
	rig_close(&rig);
}

/* Every MAP that stands is of a port that is held: from 49152 on all that were asked for. */
static void assert_held(const struct rig *rig)
{
	struct lab_mapping mapping;

	for (size_t i = 0; lab_mapping_at(rig->lab, i, &mapping); i++)
		if (mapping.opcode == PCP_MAP && mapping.internal_port)
			assert_in_range(mapping.internal_port, 49152, rig->next_port - 1);
}

/* Where there is no limit K04 maps as many as it may, each of them a port of its own. */
static void what_exhausts_is_held(void **state)
{
	(void)state;
	for (unsigned most = 0; most <= PROBE_MAPPINGS_MAX; most += PROBE_MAPPINGS_MAX) {
		struct rig rig;

		rig_open(&rig, 1, false, "quota=1000");
		rig.config.granted = PROBE_INTRUSIVE;
		rig.config.most = most;
		assert_true(probe_choose(&rig.config, "K04", NULL));
		rig_start(&rig, false);
		while (!probe_over(rig.probe)) {
			rig_step(&rig);
			assert_held(&rig);
		}
		assert_int_equal(rig_verdict(&rig, "K04"), PROBE_WEAK);
		assert_int_equal(rig.most, most ? most : PROBE_MAPPINGS);
		assert_int_equal(rig_maps(&rig), 0);
		rig_close(&rig);
	}
}

/* All that chance makes asks for nothing that reaches beyond the ports that are held. */
static void chance_maps_nothing_else(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct rig rig;
		struct lab_mapping mapping;

		rig_open(&rig, seed, seed % 2, "");
		rig.config.granted = PROBE_FUZZ;
		rig.config.mutations = MUTATIONS;
		assert_true(probe_choose(&rig.config, "K10", NULL));
		rig_start(&rig, false);
		while (!probe_over(rig.probe)) {
			rig_step(&rig);
			for (size_t i = 0; lab_mapping_at(rig.lab, i, &mapping); i++) {
				assert_in_range(mapping.internal_port, 49152, rig.next_port - 1);
				assert_true(mapping.protocol == PCP_UDP ||
					    mapping.protocol == PCP_TCP);
				assert_memory_equal(mapping.internal, rig.self[PROBE_MAIN].addr,
						    PCP_ADDR_LEN);
			}
		}
		assert_true(rig.most <= 4);
		rig_close(&rig);
	}
}

static void run_quick(struct rig *rig, const char *words)
{
	rig_open(rig, 1, false, words);
	probe_choose_quick(&rig->config);
	rig_run(rig, false);
}

/* Of who returns what he cannot know it is not told that he honours it. */
static void an_echo_is_no_option(void **state)
{
	struct rig rig;

	(void)state;
	run_quick(&rig, "break=B02");
	assert_true(rig_says(&rig, "returns any option") && !rig_says(&rig, "PREFER_FAILURE"));
	rig_close(&rig);
	run_quick(&rig, "");
	assert_true(!rig_says(&rig, "returns any option") && rig_says(&rig, "PREFER_FAILURE"));
	rig_close(&rig);
}

/* Every case that runs by default, or with leave, and can be broken is broken by a mutant of its
 * own. */
static void each_case_has_its_mutant(void **state)
{
	(void)state;
	for (size_t i = 0; i < probe_ncases(); i++) {
		const struct probe_case *row = probe_case_at(i);
		const char *id;
		size_t n = 0;

		if (((row->flags & PROBE_ASKED) && row->id[0] != 'K') ||
		    strcmp(row->id, "C33") == 0 ||
		    strcmp(row->id, "C34") == 0) /* these two only tell */
			continue;
		while ((id = lab_mutant_at(n)) && strcmp(id, row->id) != 0)
			n++;
		if (!id)
			fail_msg("no mutant breaks %s", row->id);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clean_ipv4),
		cmocka_unit_test(clean_ipv6),
		cmocka_unit_test(clean_natpmp),
		cmocka_unit_test(loss_is_no_fault),
		cmocka_unit_test(slow_is_not_lossy),
		cmocka_unit_test(each_mutant_fails_its_case),
		cmocka_unit_test(clean_with_leave),
		cmocka_unit_test(clean_from_outside),
		cmocka_unit_test(nothing_done_is_open),
		cmocka_unit_test(silent_restart_fails),
		cmocka_unit_test(stopped_while_waiting),
		cmocka_unit_test(what_exhausts_is_held),
		cmocka_unit_test(chance_maps_nothing_else),
		cmocka_unit_test(each_case_has_its_mutant),
		cmocka_unit_test(an_echo_is_no_option),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
