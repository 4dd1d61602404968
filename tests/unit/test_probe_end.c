/* How a probe ends: what it tells when a gateway falls silent or somebody stops it, and what it
 * says of its mappings when the answers say nothing. */
#include "../probe_rig.h"

static struct {
	size_t lines, unknown, profiles, lines_then, asked, deleted;
} told;

static void told_line(void *arg, const struct probe_line *line)
{
	const struct rig *rig = arg;
	size_t i = 0;

	while (probe_line_at(rig->probe, i) && probe_line_at(rig->probe, i) != line)
		i++;
	told.unknown += !probe_line_at(rig->probe, i);
	told.lines++;
}

static void told_profile(void *arg, const struct probe_profile *profile)
{
	(void)profile;
	told.profiles++;
	told.lines_then = probe_nlines(((const struct rig *)arg)->probe);
}

static void open_rig(struct rig *rig,
		     bool (*own_way)(const uint8_t *q, size_t n, uint8_t *a, size_t *len))
{
	memset(&told, 0, sizeof told);
	rig_open(rig, 1, false, "");
	rig->own_way = own_way;
	rig->line = told_line;
	rig->profile = told_profile;
}

static void choose(struct rig *rig, const char *id)
{
	assert_true(probe_choose(&rig->config, id, NULL));
}

/* ---- silence ---- */

/* It answers one ANNOUNCE, and nothing more. */
static bool falls_silent(const uint8_t *q, size_t n, uint8_t *a, size_t *len)
{
	(void)q;
	(void)n;
	(void)a;
	*len = 0;
	return told.asked++ > 0;
}

/* The case before the silence is told as passed or open, and again as what it is; all of it are
 * lines that there are. */
static void the_case_before_the_silence_is_accused(void **state)
{
	struct rig rig;

	(void)state;
	open_rig(&rig, falls_silent);
	choose(&rig, "A10");
	choose(&rig, "B02");
	choose(&rig, "C01");
	rig_run(&rig, false);
	assert_int_equal(rig_verdict(&rig, "A01"), PROBE_PASS);
	assert_int_equal(rig_verdict(&rig, "A10"), PROBE_FAIL);
	assert_string_equal(probe_stopped(rig.probe), "the gateway stopped answering at case A10");
	assert_int_equal(probe_nlines(rig.probe), 4);
	assert_int_equal(told.lines, 5);
	assert_int_equal(told.unknown, 0);
	assert_int_equal(told.profiles, 1);
	assert_true(rig_says(&rig, "It speaks PCP"));
	rig_close(&rig);
}

/* ---- stopped ---- */

static void stop(struct rig *rig)
{
	probe_stop(rig->probe, rig->now, "by a signal");
	while (!probe_over(rig->probe))
		rig_step(rig);
}

static void stopped_before_its_profile_it_tells_both(void **state)
{
	struct rig rig;

	(void)state;
	open_rig(&rig, NULL);
	probe_choose_quick(&rig.config);
	rig_start(&rig, false);
	while (probe_nlines(rig.probe) < 2)
		rig_step(&rig);
	assert_int_equal(told.profiles, 0);
	stop(&rig);
	assert_int_equal(told.profiles, 1);
	assert_int_equal(told.lines_then, probe_nlines(rig.probe));
	assert_true(rig_says(&rig, "It speaks PCP"));
	assert_int_equal(rig_maps(&rig), 0);
	rig_close(&rig);
}

/* What was not waited for is not called absent. */
static void stopped_at_once_it_knows_nothing(void **state)
{
	struct rig rig;

	(void)state;
	open_rig(&rig, NULL);
	probe_choose_quick(&rig.config);
	rig_start(&rig, false);
	stop(&rig);
	assert_int_equal(told.profiles, 1);
	assert_false(probe_met_nobody(rig.probe));
	assert_true(rig_says(&rig, "not known"));
	assert_false(rig_says(&rig, "Neither PCP nor NAT-PMP"));
	rig_close(&rig);
}

/* ---- answers that say nothing ---- */

static bool maps(const uint8_t *q, size_t n, bool deletes)
{
	return n >= 60 && q[0] == PCP_VERSION_2 && q[1] == PCP_MAP &&
	       deletes == !(q[4] | q[5] | q[6] | q[7]);
}

/* Five octets, all that would be read of it a success with lifetime 0. */
static void cut(uint8_t *a, size_t *len)
{
	static const uint8_t octets[] = { PCP_VERSION_2, PCP_R | PCP_MAP, 0, 0, 0 };

	memcpy(a, octets, sizeof octets);
	*len = sizeof octets;
}

static bool cuts_deletions(const uint8_t *q, size_t n, uint8_t *a, size_t *len)
{
	if (!maps(q, n, true))
		return false;
	cut(a, len);
	return true;
}

static bool cuts_grants(const uint8_t *q, size_t n, uint8_t *a, size_t *len)
{
	told.deleted += maps(q, n, true);
	if (!maps(q, n, false))
		return false;
	cut(a, len);
	return true;
}

static void what_is_not_known_to_be_deleted_is_left(void **state)
{
	char left[128];
	struct rig rig;

	(void)state;
	open_rig(&rig, cuts_deletions);
	choose(&rig, "C01");
	rig_run(&rig, false);
	assert_int_equal(rig_maps(&rig), 1);
	assert_non_null(probe_left_at(rig.probe, 0, rig.now, left, sizeof left));
	assert_non_null(strstr(left, "MAP udp "));
	rig_close(&rig);
	open_rig(&rig, NULL);
	choose(&rig, "C01");
	rig_run(&rig, false);
	assert_null(probe_left_at(rig.probe, 0, rig.now, left, sizeof left));
	rig_close(&rig);
}

static void what_may_have_been_made_is_deleted(void **state)
{
	struct rig rig;

	(void)state;
	open_rig(&rig, cuts_grants);
	choose(&rig, "C01");
	rig_run(&rig, false);
	assert_true(told.deleted > 0);
	rig_close(&rig);
}

/* ---- seen twice ---- */

/* Of the requests that are too short these are refused with another result. */
static unsigned wrong[2];

static bool misnames_some(const uint8_t *q, size_t n, uint8_t *a, size_t *len)
{
	if (n >= 60 || n < PCP_HEADER_LEN || q[0] != PCP_VERSION_2 || q[1] != PCP_MAP)
		return false;
	told.asked++;
	if (told.asked != wrong[0] && told.asked != wrong[1])
		return false;
	memcpy(a, q, n);
	memset(a + n, 0, 4);
	a[1] |= PCP_R;
	a[3] = PCP_UNSUPP_OPCODE;
	memset(a + 8, 0, 16);
	*len = (n + 3) / 4 * 4;
	return true;
}

/* C27 asks three such, and looks at each with the same eyes. */
static void the_same_fault_is_one_at_the_same_place(void **state)
{
	struct rig rig;

	(void)state;
	wrong[0] = 1;
	wrong[1] = 2; /* the first one of the second attempt */
	open_rig(&rig, misnames_some);
	choose(&rig, "C27");
	rig_run(&rig, false);
	assert_int_equal(rig_verdict(&rig, "C27"), PROBE_FAIL);
	rig_close(&rig);
	wrong[1] = 3;
	open_rig(&rig, misnames_some);
	choose(&rig, "C27");
	rig_run(&rig, false);
	assert_int_equal(rig_verdict(&rig, "C27"), PROBE_OPEN);
	rig_close(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_case_before_the_silence_is_accused),
		cmocka_unit_test(stopped_before_its_profile_it_tells_both),
		cmocka_unit_test(stopped_at_once_it_knows_nothing),
		cmocka_unit_test(what_is_not_known_to_be_deleted_is_left),
		cmocka_unit_test(what_may_have_been_made_is_deleted),
		cmocka_unit_test(the_same_fault_is_one_at_the_same_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
