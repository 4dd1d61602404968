/* The probe against servers with manners of their own, as deployed ones have them: what no document
 * forbids is not called a fault, and what is sure is not waited for twice. */
#include "../probe_rig.h"

static void run(struct rig *rig, bool quick, const char *words,
		bool (*own_way)(const uint8_t *q, size_t n, uint8_t *a, size_t *len))
{
	rig_open(rig, 1, false, words);
	rig->own_way = own_way;
	if (quick)
		probe_choose_quick(&rig->config);
	else
		probe_choose_default(&rig->config);
	rig_run(rig, false);
}

/* The request comes back as its answer. */
static void echo(const uint8_t *q, size_t n, uint8_t *a, size_t *len, uint8_t result)
{
	memcpy(a, q, n);
	a[1] |= PCP_R;
	a[2] = 0;
	a[3] = result;
	memset(a + 8, 0, 16);
	*len = n;
}

/* ---- lifetimes of errors: RECOMMENDED, no more ---- */

static bool lasts_no_time(const uint8_t *q, size_t n, uint8_t *a, size_t *len)
{
	if (n < PCP_HEADER_LEN || q[0] < 3 || q[1] & PCP_R)
		return false;
	echo(q, n, a, len, PCP_UNSUPP_VERSION);
	a[0] = PCP_VERSION_2;
	return true;
}

static void an_error_without_lifetime_is_weak(void **state)
{
	struct rig rig;

	(void)state;
	run(&rig, false, "", lasts_no_time);
	assert_int_equal(rig_verdict(&rig, "A07"), PROBE_WEAK);
	assert_int_equal(rig_verdict(&rig, "A08"), PROBE_WEAK);
	rig_close(&rig);
}

/* ---- version 1 ---- */

/* It speaks the drafts' version, and finds nothing to delete. */
static bool speaks_version_1(const uint8_t *q, size_t n, uint8_t *a, size_t *len)
{
	if (n < PCP_HEADER_LEN || q[0] != PCP_VERSION_1)
		return false;
	/* Not everything: one port of one protocol. */
	assert_true(q[1] == PCP_MAP && q[24] == 17 && (q[28] || q[29]));
	echo(q, n, a, len, PCP_NO_RESOURCES);
	return true;
}

static void an_error_in_version_1_is_version_1(void **state)
{
	struct rig rig;

	(void)state;
	run(&rig, true, "", speaks_version_1);
	assert_int_equal(rig_verdict(&rig, "A10"), PROBE_INFO);
	assert_true(rig_says(&rig, "also the drafts' version 1"));
	rig_close(&rig);
}

/* ---- GET ---- */

static bool returns_get(const uint8_t *q, size_t n, uint8_t *a, size_t *len)
{
	if (n < PCP_HEADER_LEN || q[0] != PCP_VERSION_2 || q[1] != PCP_GET)
		return false;
	echo(q, n, a, len, PCP_SUCCESS);
	return true;
}

static void a_request_that_comes_back_is_no_list(void **state)
{
	struct rig rig;

	(void)state;
	run(&rig, false, "", returns_get);
	assert_int_equal(rig_verdict(&rig, "H14"), PROBE_SKIP);
	assert_int_equal(rig_verdict(&rig, "H15"), PROBE_SKIP);
	assert_false(rig_says(&rig, "GET"));
	rig_close(&rig);
}

/* ---- nonces that nobody looks at ---- */

/* What a server takes is its fault whether or not it checks nonces; what only they show is open. */
static void filters_are_judged_without_nonces(void **state)
{
	struct rig rig;

	(void)state;
	run(&rig, false, "nonce-check=off break=E02", NULL);
	assert_int_equal(rig_verdict(&rig, "C05"), PROBE_FAIL);
	assert_int_equal(rig_verdict(&rig, "E02"), PROBE_FAIL);
	assert_int_equal(rig_verdict(&rig, "E03"), PROBE_OPEN);
	rig_close(&rig);
}

/* It refuses the delete with a FILTER, and deletes: who comes next has the port. */
static bool deletes_what_it_refuses(const uint8_t *q, size_t n, uint8_t *a, size_t *len)
{
	static bool gone, taken;
	static uint8_t owner[PCP_NONCE_LEN];

	if (n < 60 || q[0] != PCP_VERSION_2 || q[1] != PCP_MAP)
		return false;
	if (n > 60 && !(q[4] | q[5] | q[6] | q[7])) {
		gone = true;
		taken = false;
		echo(q, n, a, len, PCP_MALFORMED_OPTION);
		return true;
	}
	if (!gone || !(q[6] | q[7]))
		return false;
	if (!taken)
		memcpy(owner, q + PCP_HEADER_LEN, sizeof owner);
	taken = true;
	echo(q, n, a, len,
	     memcmp(owner, q + PCP_HEADER_LEN, sizeof owner) ? PCP_NOT_AUTHORIZED : PCP_SUCCESS);
	gone = a[3] == PCP_SUCCESS;
	a[42] = 200; /* an external port */
	return true;
}

static void a_refused_delete_that_deletes_fails(void **state)
{
	struct rig rig;

	(void)state;
	rig_open(&rig, 1, false, "");
	rig.own_way = deletes_what_it_refuses;
	assert_true(probe_choose(&rig.config, "E03", NULL));
	rig_run(&rig, false);
	assert_int_equal(rig_verdict(&rig, "E03"), PROBE_FAIL);
	rig_close(&rig);
}

/* ---- silence ---- */

static bool is_deaf_to_natpmp(const uint8_t *q, size_t n, uint8_t *a, size_t *len)
{
	(void)a;
	*len = 0;
	return n > 0 && q[0] == PCP_VERSION_NATPMP;
}

/* Many that speak PCP only do not answer NAT-PMP: -quick stays under its 5 s there. */
static void silence_to_natpmp_costs_little(void **state)
{
	struct rig rig;

	(void)state;
	run(&rig, true, "", is_deaf_to_natpmp);
	assert_int_equal(rig_verdict(&rig, "A11"), PROBE_OPEN);
	assert_true(rig.now - rig.began < 5 * USEC_PER_SEC);
	rig_close(&rig);
}

static bool is_deaf_to_two_octets(const uint8_t *q, size_t n, uint8_t *a, size_t *len)
{
	(void)a;
	*len = 0;
	return n == 2 && q[0] == 3;
}

static void sure_silence_is_not_tried_again(void **state)
{
	struct rig rig;
	usec whole;

	(void)state;
	run(&rig, false, "", NULL);
	whole = rig.now - rig.began;
	rig_close(&rig);
	run(&rig, false, "", is_deaf_to_two_octets);
	assert_int_equal(rig_verdict(&rig, "A09"), PROBE_WEAK);
	assert_true(rig.now - rig.began < whole + 20 * USEC_PER_SEC);
	rig_close(&rig);
}

/* ---- what the profile says ---- */

/* It grants everything, and names nothing. */
static bool names_nothing(const uint8_t *q, size_t n, uint8_t *a, size_t *len)
{
	if (n < 60 || q[0] != PCP_VERSION_2 || q[1] != PCP_MAP)
		return false;
	echo(q, n, a, len, PCP_SUCCESS);
	memset(a + 42, 0, 18);
	return true;
}

static void a_mapping_without_an_outside_is_no_help(void **state)
{
	struct rig rig;

	(void)state;
	run(&rig, true, "", names_nothing);
	assert_true(rig_says(&rig, "not to which address and port outside"));
	assert_true(rig_says(&rig, "nothing outside can be told where"));
	assert_false(rig_says(&rig, "ends at this gateway") || rig_says(&rig, "lets others in"));
	rig_close(&rig);
}

static bool refuses_natpmp_maps(const uint8_t *q, size_t n, uint8_t *a, size_t *len)
{
	static const uint8_t refusal[16] = { 0, PCP_R | 1, 0, 2 };

	if (n != 12 || q[0] != PCP_VERSION_NATPMP || q[1] != 1)
		return false;
	memcpy(a, refusal, sizeof refusal);
	memcpy(a + 8, q + 4, 2);
	*len = sizeof refusal;
	return true;
}

/* Where NAT-PMP is all there is, -quick says whether that maps. */
static void natpmp_alone_has_a_profile(void **state)
{
	struct rig rig;

	(void)state;
	run(&rig, true, "versions=0", NULL);
	assert_true(rig_says(&rig, "NAT-PMP only") &&
		    rig_says(&rig, "It maps ports for this host"));
	assert_true(rig_says(&rig, "lets others in") || rig_says(&rig, "ends at this gateway") ||
		    rig_says(&rig, "end at this gateway"));
	rig_close(&rig);
	run(&rig, true, "versions=0", refuses_natpmp_maps);
	assert_true(rig_says(&rig, "It maps no port for this host") && rig_says(&rig, "(2)"));
	rig_close(&rig);
}

/* RFC 6886 has "should", and nothing of port 5351. */
static bool follows_suggestions(const uint8_t *q, size_t n, uint8_t *a, size_t *len)
{
	uint8_t grant[16] = { 0, PCP_R | 1 };

	if (n != 12 || q[0] != PCP_VERSION_NATPMP || q[1] != 1)
		return false;
	memcpy(grant + 8, q + 4, 4);
	memcpy(grant + 12, q + 8, 4);
	if (!(grant[10] | grant[11]) && (q[8] | q[9] | q[10] | q[11]))
		memcpy(grant + 10, q + 4, 2);
	memcpy(a, grant, sizeof grant);
	*len = sizeof grant;
	return true;
}

static void natpmp_is_held_to_its_own_document(void **state)
{
	struct rig rig;

	(void)state;
	run(&rig, false, "versions=0", follows_suggestions);
	assert_int_equal(rig_verdict(&rig, "J06"), PROBE_WEAK);
	assert_int_equal(rig_verdict(&rig, "J12"), PROBE_INFO);
	rig_close(&rig);
	run(&rig, false, "", follows_suggestions);
	assert_int_equal(rig_verdict(&rig, "J12"), PROBE_FAIL);
	rig_close(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_error_without_lifetime_is_weak),
		cmocka_unit_test(an_error_in_version_1_is_version_1),
		cmocka_unit_test(a_request_that_comes_back_is_no_list),
		cmocka_unit_test(filters_are_judged_without_nonces),
		cmocka_unit_test(a_refused_delete_that_deletes_fails),
		cmocka_unit_test(silence_to_natpmp_costs_little),
		cmocka_unit_test(sure_silence_is_not_tried_again),
		cmocka_unit_test(a_mapping_without_an_outside_is_no_help),
		cmocka_unit_test(natpmp_alone_has_a_profile),
		cmocka_unit_test(natpmp_is_held_to_its_own_document),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
