/* RFC 6887 8.5 and 14: when a restart is noticed, and what is done about it. */
#include "client_rig.h"

static struct rig rig;

struct row {
	const char *name;
	uint32_t elapsed, epoch; /* after 1000, this many seconds later */
	bool valid;
};

static const struct row rows[] = {
	{ "dc 0, 998", 0, 998, false },	      { "dc 0, 999", 0, 999, true },
	{ "dc 0, 1000", 0, 1000, true },      { "dc 0, 1002", 0, 1002, true },
	{ "dc 0, 1003", 0, 1003, false },     { "dc 2, 999", 2, 999, false },
	{ "dc 2, 1000", 2, 1000, true },      { "dc 10, 1007", 10, 1007, false },
	{ "dc 10, 1008", 10, 1008, true },    { "dc 10, 1012", 10, 1012, true },
	{ "dc 10, 1013", 10, 1013, false },   { "dc 160, 1147", 160, 1147, false },
	{ "dc 160, 1148", 160, 1148, true },  { "dc 160, 1172", 160, 1172, true },
	{ "dc 160, 1173", 160, 1173, false }, { "dc 100000, 0", 100000, 0, false },
};

static void answer_with_epoch(uint32_t epoch)
{
	uint8_t octets[PCP_EDIT_MAX];
	size_t len;

	rig_announce(&rig);
	len = rig_response(&rig, rig_last(&rig), PCP_SUCCESS, 0, octets);
	pcp_put(&pcp_response_fields[HDR_EPOCH], octets, epoch);
	rig_receive(&rig, octets, len);
}

static void table(void **state)
{
	const struct row *row = *state;

	rig_start(&rig, &(struct pcp_client_config){ 0 }, 1);
	answer_with_epoch(1000);
	assert_true(pcp_client_server(rig.client, 1)->epoch_valid);
	rig_wait(&rig, row->elapsed * SECOND);
	answer_with_epoch(row->epoch);
	assert_int_equal(pcp_client_server(rig.client, 1)->epoch_valid, row->valid);
	assert_int_equal(rig_count(&rig, CLIENT_RESTARTED), !row->valid);
	/* Always afterwards the new values count. */
	answer_with_epoch(row->epoch);
	assert_true(pcp_client_server(rig.client, 1)->epoch_valid);
	rig_stop(&rig);
}

static void grant_rows(unsigned n, bool renew)
{
	for (uint16_t i = 0; i < n; i++) {
		rig_map(&rig, (uint16_t)(100 + i), 3600);
		rig_answer(&rig, PCP_SUCCESS, 3600);
		pcp_client_auto_renew(rig.client, rig.now, rig_row(&rig, i)->id, renew);
	}
}

/* However it is noticed: lost, a wait of 0 to 5 s, asked for again with the former values. */
static void recovers(bool multicast)
{
	double least = 5, most = 0;

	for (uint64_t seed = 1; seed <= 200; seed++) {
		usec noticed, waited;
		rig_start(&rig, &(struct pcp_client_config){ 0 }, seed);
		grant_rows(3, true);
		rig_wait(&rig, 300 * SECOND);
		rig.boot = (uint32_t)(rig.now / SECOND);
		noticed = rig.now;
		rig.nsent = 0;
		rig_announced(&rig, multicast);
		assert_int_equal(rig_count(&rig, CLIENT_RESTARTED), 1);
		assert_true(pcp_client_server(rig.client, 1)->lost);
		assert_int_equal(pcp_client_server(rig.client, 1)->restarts, 1);
		for (size_t i = 0; i < 3; i++)
			assert_int_equal(rig_row(&rig, i)->state, MAPPING_LOST);
		/* The copies of the announcement change nothing. */
		rig_announced(&rig, multicast);
		assert_int_equal(pcp_client_server(rig.client, 1)->restarts, 1);
		rig_run(&rig, pcp_client_next(rig.client));
		waited = rig.now - noticed;
		assert_in_range(waited, 0, 5 * SECOND);
		least = (double)waited / 1e6 < least ? (double)waited / 1e6 : least;
		most = (double)waited / 1e6 > most ? (double)waited / 1e6 : most;
		assert_int_equal(rig.nsent, 3);
		for (size_t i = 0; i < 3; i++) {
			uint8_t answer[PCP_EDIT_MAX];
			size_t len = rig_response(&rig, &rig.sent[i], PCP_SUCCESS, 3600, answer);
			assert_int_equal(rig_row(&rig, i)->state, MAPPING_RECOVERING);
			assert_int_equal(pcp_get(&pcp_map_fields[MAP_EXTERNAL_PORT],
						 rig.sent[i].octets + 24),
					 100 + i);
			assert_memory_equal(rig.sent[i].octets + 44, rig_row(&rig, i)->external,
					    16);
			assert_memory_equal(rig.sent[i].octets + 24, rig_row(&rig, i)->nonce, 12);
			rig_receive(&rig, answer, len);
			assert_int_equal(rig_row(&rig, i)->state, MAPPING_GRANTED);
		}
		assert_false(pcp_client_server(rig.client, 1)->lost);
		rig_stop(&rig);
	}
	assert_true(least < 0.3 && most > 4.7); /* the wait is spread over all of it */
}

static void recovers_by_multicast(void **state)
{
	(void)state;
	recovers(true);
}

static void recovers_by_unicast(void **state)
{
	(void)state;
	recovers(false);
}

static void recovers_by_an_answer(void **state)
{
	(void)state;
	rig_start(&rig, &(struct pcp_client_config){ 0 }, 3);
	grant_rows(2, true);
	rig_wait(&rig, 300 * SECOND);
	rig.boot = (uint32_t)(rig.now / SECOND);
	rig_map(&rig, 500, 3600);
	rig_answer(&rig, PCP_SUCCESS, 3600);
	/* The mapping that was just made stands; the others are lost. */
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_LOST);
	assert_int_equal(rig_row(&rig, 2)->state, MAPPING_GRANTED);
	rig_wait(&rig, 6 * SECOND);
	assert_int_equal(rig_row(&rig, 1)->state, MAPPING_RECOVERING);
	rig_stop(&rig);
}

static void without_renewal_a_key_recovers(void **state)
{
	(void)state;
	rig_start(&rig, &(struct pcp_client_config){ 0 }, 4);
	grant_rows(3, false);
	rig.boot = (uint32_t)(rig.now / SECOND);
	rig_wait(&rig, 60 * SECOND);
	rig.nsent = 0;
	rig_announced(&rig, true);
	rig_wait(&rig, 60 * SECOND);
	assert_int_equal(rig.nsent, 0);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_LOST);
	assert_int_equal(pcp_client_server(rig.client, 1)->mappings, 0);
	assert_int_equal(pcp_client_recover(rig.client, rig.now, 1), 3);
	assert_int_equal(rig.nsent, 3);
	assert_int_equal(pcp_client_recover(rig.client, rig.now, 9), 0);
	rig_stop(&rig);
}

/* One by a key, too; and left alone, what was lost ends when it would have. */
static void lost_rows_end(void **state)
{
	(void)state;
	rig_start(&rig, &(struct pcp_client_config){ 0 }, 4);
	grant_rows(2, false);
	rig_wait(&rig, 60 * SECOND);
	rig.boot = (uint32_t)(rig.now / SECOND);
	rig_announced(&rig, true);
	assert_int_not_equal(pcp_client_renew(rig.client, rig.now, 1, NULL), 0);
	rig_answer(&rig, PCP_SUCCESS, 7200);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_GRANTED);
	rig_wait(&rig, 3600 * SECOND);
	assert_int_equal(pcp_client_nmappings(rig.client), 1);
	assert_false(pcp_client_server(rig.client, 1)->lost);
	rig_stop(&rig);
}

/* What was lost did not run out: it is called lost as long as it is in sight. */
static void lost_stays_the_word(void **state)
{
	usec end;

	(void)state;
	rig_start(&rig, &(struct pcp_client_config){ 0 }, 4);
	grant_rows(1, false);
	end = rig_row(&rig, 0)->expires_at;
	rig.boot = (uint32_t)(rig.now / SECOND);
	rig_wait(&rig, 60 * SECOND);
	rig_announced(&rig, true);
	rig_run(&rig, end + 4 * SECOND);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_LOST);
	assert_non_null(strstr(rig_told(&rig, CLIENT_MAPPING)->reason, "lost before"));
	/* Recovery is still for the asking, and the row then stays. */
	assert_int_equal(pcp_client_recover(rig.client, rig.now, 1), 1);
	rig_answer(&rig, PCP_SUCCESS, 600);
	rig_wait(&rig, 60 * SECOND);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_GRANTED);
	rig.boot = (uint32_t)(rig.now / SECOND);
	rig_announced(&rig, true);
	rig_run(&rig, rig_row(&rig, 0)->expires_at + 6 * SECOND);
	assert_int_equal(pcp_client_nmappings(rig.client), 0);
	assert_false(pcp_client_server(rig.client, 1)->lost);
	rig_stop(&rig);
}

/* What a walk listed is lost to its owner, and not ours to recover: it shows that and leaves. */
static void listed_rows_are_lost_too(void **state)
{
	struct pcp_mapping listed = { .server = 1,
				      .protocol = 6,
				      .internal_port = 7,
				      .lifetime = 3600,
				      .granted_at = USEC_NEVER };
	uint32_t id;

	(void)state;
	rig_start(&rig, &(struct pcp_client_config){ .renew = true }, 4);
	grant_rows(1, true);
	listed.expires_at = rig.now + 3600 * SECOND;
	id = pcp_client_adopt(rig.client, rig.now, &listed, false);
	rig.boot = (uint32_t)(rig.now / SECOND);
	rig_wait(&rig, 60 * SECOND);
	rig.nsent = 0;
	rig_announced(&rig, true);
	assert_int_equal(pcp_client_mapping(rig.client, id)->state, MAPPING_LOST);
	assert_int_equal(pcp_client_recover(rig.client, rig.now, 1), 1); /* ours */
	/* A walk may find it again. */
	assert_int_equal(pcp_client_adopt(rig.client, rig.now, &listed, false), id);
	rig_wait(&rig, 10 * SECOND);
	assert_int_equal(pcp_client_mapping(rig.client, id)->state, MAPPING_GRANTED);
	rig.boot = (uint32_t)(rig.now / SECOND);
	rig_announced(&rig, true);
	rig_wait(&rig, 6 * SECOND);
	assert_null(pcp_client_mapping(rig.client, id));
	assert_int_equal(pcp_client_nmappings(rig.client), 1);
	rig_stop(&rig);
}

/* Many do not leave in one burst. */
static void many_recover_in_batches(void **state)
{
	usec first;

	(void)state;
	rig_start(&rig, &(struct pcp_client_config){ 0 }, 5);
	grant_rows(1000, true);
	rig_wait(&rig, 60 * SECOND);
	rig.boot = (uint32_t)(rig.now / SECOND);
	rig.nsent = 0;
	rig_announced(&rig, true);
	rig_run(&rig, pcp_client_next(rig.client));
	first = rig.now;
	assert_in_range(rig.nsent, 1, 64);
	rig_wait(&rig, SECOND);
	assert_int_equal(rig.nsent, 1000);
	assert_true(rig.sent[999].at - first <= 100000);
	rig_stop(&rig);
}

/* 14.2: an update is believed, told and kept. */
static void mapping_update(void **state)
{
	uint8_t octets[PCP_EDIT_MAX];
	size_t len;

	(void)state;
	rig_start(&rig, &(struct pcp_client_config){ 0 }, 6);
	grant_rows(1, false);
	rig_wait(&rig, 60 * SECOND);
	len = rig_response(&rig, &rig.sent[0], PCP_SUCCESS, 1800, octets);
	octets[24 + 35] = 77; /* external address */
	octets[24 + 19] = 99; /* external port */
	rig_receive(&rig, octets, len);
	assert_int_equal(rig_count(&rig, CLIENT_UNSOLICITED), 1);
	assert_int_equal(rig_row(&rig, 0)->external[15], 77);
	assert_int_equal(rig_row(&rig, 0)->external_port & 0xff, 99);
	assert_true(rig_row(&rig, 0)->expires_at == rig.now + 1800 * SECOND);
	assert_non_null(strstr(rig_told(&rig, CLIENT_SERVER)->reason, "203.0.113.77"));
	/* Its two copies say nothing new. */
	rig_wait(&rig, 250000);
	rig_receive(&rig, octets, len);
	assert_int_equal(rig_count(&rig, CLIENT_UNSOLICITED), 1);
	assert_true(rig_row(&rig, 0)->expires_at < rig.now + 1800 * SECOND);
	/* CANNOT_PROVIDE_EXTERNAL: the mapping is gone. */
	rig_wait(&rig, 60 * SECOND);
	len = rig_response(&rig, &rig.sent[0], PCP_CANNOT_PROVIDE_EXTERNAL, 100, octets);
	rig_receive(&rig, octets, len);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_HOLDING);
	assert_int_equal(rig_row(&rig, 0)->result, PCP_CANNOT_PROVIDE_EXTERNAL);
	rig_stop(&rig);
}

int main(void)
{
	enum { N = sizeof(rows) / sizeof(rows[0]) };
	const struct CMUnitTest rest[] = {
		cmocka_unit_test(recovers_by_multicast),
		cmocka_unit_test(recovers_by_unicast),
		cmocka_unit_test(recovers_by_an_answer),
		cmocka_unit_test(without_renewal_a_key_recovers),
		cmocka_unit_test(lost_rows_end),
		cmocka_unit_test(lost_stays_the_word),
		cmocka_unit_test(listed_rows_are_lost_too),
		cmocka_unit_test(many_recover_in_batches),
		cmocka_unit_test(mapping_update),
	};
	struct CMUnitTest tests[N + sizeof(rest) / sizeof(rest[0])];

	for (size_t i = 0; i < N; i++)
		tests[i] = (struct CMUnitTest){ rows[i].name, table, NULL, NULL, (void *)&rows[i] };
	memcpy(tests + N, rest, sizeof(rest));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
