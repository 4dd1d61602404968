/* Ports that are tried over this host's own loopback: whoever listens there is told apart. Nothing
 * waits for time to pass but the try of a port that is silent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "asker.h"
#include "beacon-host.h"
#include "hold.h"
#include "sock.h"
#include "target.h"
#include "trial.h"

static const uint8_t key[BEACON_KEY_LEN] = { 1, 2, 3 }, other_key[BEACON_KEY_LEN] = { 3, 2, 1 };

struct place {
	struct loop *loop;
	struct pcp_rng rng;
	struct pcp_endpoint here;
	struct hold hold;
	uint16_t port; /* held */
	int fd[BEACON_WAYS];
	struct target target;
	unsigned came[BEACON_WAYS];
	struct beacon_message ask;
	enum beacon_saw saw[BEACON_WAYS];
	struct inquiry_result result;
};

static int set_up_at(void **state, const char *address)
{
	static struct place place;

	place = (struct place){ .loop = loop_new(), .ask = { .type = BEACON_ASK, .nonce = { 9 } } };
	pcp_rng_system(&place.rng);
	assert_true(pcp_endpoint_parse(address, 0, &place.here, NULL));
	hold_init(&place.hold, (uint16_t)(50000 + pcp_rng_below(&place.rng, 10000)));
	place.port = hold_ports(&place.hold, &place.here, 1);
	place.ask.port[BEACON_UDP] = place.ask.port[BEACON_TCP] = place.port;
	*state = &place;
	return place.loop && place.port ? 0 : -1;
}

static int set_up(void **state)
{
	return set_up_at(state, "127.0.0.1");
}

static int set_up_six(void **state)
{
	return set_up_at(state, "::1");
}

static int tear_down(void **state)
{
	struct place *place = *state;

	hold_free(&place->hold);
	loop_free(place->loop);
	return 0;
}

static void came(void *arg, enum beacon_way way)
{
	((struct place *)arg)->came[way]++;
}

static void listen_with(struct place *place, const uint8_t with[BEACON_KEY_LEN])
{
	assert_true(hold_listen(&place->hold, place->port, &place->fd[BEACON_UDP],
				&place->fd[BEACON_TCP]));
	assert_true(target_begin(&place->target, place->loop, place->fd, with, came, place));
	target_expect(&place->target, &place->ask);
}

static void done(void *arg, const enum beacon_saw saw[BEACON_WAYS])
{
	struct place *place = arg;

	memcpy(place->saw, saw, sizeof place->saw);
	loop_stop(place->loop);
}

/* What a try of the ask's ports sees. */
static void try_them(struct place *place)
{
	struct trial trial;

	assert_true(trial_init(&trial, place->loop, key, done, place));
	trial_begin(&trial, &place->here, &place->here, &place->ask);
	loop_run(place->loop, USEC_NEVER);
	trial_free(&trial);
}

static void who_asked_is_found(void **state)
{
	struct place *place = *state;

	listen_with(place, key);
	try_them(place);
	assert_int_equal(place->saw[BEACON_UDP], BEACON_OPEN);
	assert_int_equal(place->saw[BEACON_TCP], BEACON_OPEN);
	assert_int_equal(place->came[BEACON_UDP], 1);
	assert_int_equal(place->came[BEACON_TCP], 1);
	target_end(&place->target);
}

/* Who has not the key says nothing, and what listens is somebody else. */
static void another_key_answers_nothing(void **state)
{
	struct place *place = *state;

	listen_with(place, other_key);
	try_them(place);
	assert_int_equal(place->saw[BEACON_UDP], BEACON_SILENT);
	assert_int_equal(place->saw[BEACON_TCP], BEACON_STRANGER);
	assert_int_equal(place->came[BEACON_UDP] + place->came[BEACON_TCP], 0);
	target_end(&place->target);
}

/* An earlier ask's try says nothing of this one's port. */
static void another_ask_is_not_expected(void **state)
{
	struct place *place = *state;

	listen_with(place, key);
	place->ask.nonce[0]++;
	try_them(place);
	assert_int_equal(place->saw[BEACON_UDP], BEACON_SILENT);
	assert_int_equal(place->saw[BEACON_TCP], BEACON_STRANGER);
	target_end(&place->target);
}

static void a_closed_port_refuses(void **state)
{
	struct place *place = *state;

	hold_release(&place->hold, place->port, 1);
	try_them(place);
	assert_int_equal(place->saw[BEACON_UDP], BEACON_REFUSED);
	assert_int_equal(place->saw[BEACON_TCP], BEACON_REFUSED);
}

static void one_way_alone_is_tried(void **state)
{
	struct place *place = *state;

	place->ask.port[BEACON_UDP] = 0;
	listen_with(place, key);
	try_them(place);
	assert_int_equal(place->saw[BEACON_UDP], BEACON_UNTRIED);
	assert_int_equal(place->saw[BEACON_TCP], BEACON_OPEN);
	target_end(&place->target);
}

/* ---- somebody else, who answers ---- */

static void babble_datagram(void *arg, int fd, usec now)
{
	struct pcp_endpoint from, to;
	uint8_t octets[200];
	ssize_t len = pcp_sock_receive(fd, octets, sizeof octets, &from, &to);

	(void)arg;
	(void)now;
	if (len >= 0)
		pcp_sock_send(fd, &to, &from, octets, (size_t)len); /* as an echo server does */
}

static void babble_stream(void *arg, int fd, usec now)
{
	int guest = accept(fd, NULL, NULL);

	(void)arg;
	(void)now;
	if (guest < 0)
		return;
	assert_true(send(guest, "220 mail.example ESMTP ready when you are, so say HELO\r\n", 56,
			 MSG_NOSIGNAL) > 0);
	close(guest);
}

static void a_stranger_is_told_apart(void **state)
{
	struct place *place = *state;

	assert_true(hold_listen(&place->hold, place->port, &place->fd[BEACON_UDP],
				&place->fd[BEACON_TCP]));
	loop_watch(place->loop, place->fd[BEACON_UDP], babble_datagram, place);
	loop_watch(place->loop, place->fd[BEACON_TCP], babble_stream, place);
	try_them(place);
	assert_int_equal(place->saw[BEACON_UDP], BEACON_STRANGER);
	assert_int_equal(place->saw[BEACON_TCP], BEACON_STRANGER);
}

/* More guests than there are places: the oldest goes, and who has the key is still answered. */
static void guests_do_not_keep_others_out(void **state)
{
	struct place *place = *state;
	struct pcp_endpoint to = place->here;
	int fd[2 * TARGET_GUESTS];
	struct pcp_why why;

	listen_with(place, key);
	to.port = place->port;
	for (size_t i = 0; i < 2 * TARGET_GUESTS; i++) {
		fd[i] = pcp_sock_connect(&place->here, &to, &why);
		assert_true(fd[i] >= 0);
		loop_run(place->loop, pcp_clock_monotonic() + 1000); /* it is let in */
	}
	try_them(place);
	assert_int_equal(place->saw[BEACON_TCP], BEACON_OPEN);
	for (size_t i = 0; i < 2 * TARGET_GUESTS; i++)
		close(fd[i]);
	target_end(&place->target);
}

/* ---- an asker, a beacon and the port between them ---- */

static void answered(void *arg, usec now, const struct inquiry_result *result)
{
	struct place *place = arg;

	(void)now;
	place->result = *result;
	loop_stop(place->loop);
}

static void told(void *arg, const struct beacon_message *answer)
{
	assert_int_equal(answer->type, BEACON_ANSWER);
	done(arg, answer->saw);
}

static struct asker *ask(struct place *place, const struct beacon_line *line)
{
	struct asker *asker = asker_new(place->loop, &place->rng, answered, place);
	struct asker_question question = { .beacon = line, .from = place->here };

	assert_non_null(asker);
	assert_true(hold_listen(&place->hold, place->port, &question.fd[BEACON_UDP],
				&question.fd[BEACON_TCP]));
	memcpy(question.external, place->here.addr, sizeof question.external);
	memcpy(question.port, place->ask.port, sizeof question.port);
	assert_true(asker_begin(asker, &question));
	return asker;
}

/* Its first ask is enough here: the rest would wait for seconds. */
static void a_beacon_sees_an_open_port(void **state)
{
	struct place *place = *state;
	struct beacon_listener listener = { .arg = place, .tried = told };
	struct beacon_line line = { .key = { 1, 2, 3 } };
	struct beacon_host *host;
	struct asker *asker;
	struct pcp_why why;

	host = beacon_host_start(place->loop, &place->here, key, &listener, &why);
	assert_non_null(host);
	assert_true(beacon_host_at(host, 0, &line.at));
	assert_false(beacon_host_at(host, 1, &line.at));
	asker = ask(place, &line);
	loop_run(place->loop, USEC_NEVER);
	assert_int_equal(place->saw[BEACON_UDP], BEACON_OPEN);
	assert_int_equal(place->saw[BEACON_TCP], BEACON_OPEN);
	assert_int_equal(beacon_host_counts(host).heeded, 1);
	asker_free(asker);
	beacon_host_free(host);
}

static void hairpin_needs_nobody(void **state)
{
	struct place *place = *state;
	struct asker *asker = ask(place, NULL);

	loop_run(place->loop, USEC_NEVER);
	assert_int_equal(place->result.answered, INQUIRY_TRIES);
	assert_true(inquiry_all_open(&place->result));
	assert_int_equal(place->result.came[BEACON_UDP], INQUIRY_TRIES);
	assert_int_equal(place->result.came[BEACON_TCP], INQUIRY_TRIES);
	asker_free(asker);
}

/* An echo to a port that has closed meanwhile: ICMP says so, once. */
static void who_tried_and_went_wakes_nobody(void **state)
{
	struct place *place = *state;
	struct pcp_endpoint to = place->here, from = place->here;
	struct beacon_message try = place->ask;
	uint8_t octets[BEACON_ASK_LEN];
	struct pcp_why why;
	struct timeval none = { 0, 0 };
	int fd = pcp_sock_open(&from, NULL, &why);
	fd_set set;

	listen_with(place, key);
	try.type = BEACON_TRY;
	to.port = place->port;
	assert_true(pcp_sock_send(fd, NULL, &to, octets, beacon_pack(&try, key, octets)));
	close(fd);
	for (int turns = 0; turns < 10; turns++)
		loop_run(place->loop, pcp_clock_monotonic() + 1000);
	assert_int_equal(place->came[BEACON_UDP], 1);
	FD_ZERO(&set);
	FD_SET(place->fd[BEACON_UDP], &set);
	assert_int_equal(select(place->fd[BEACON_UDP] + 1, &set, NULL, NULL, &none), 0);
	target_end(&place->target);
}

int main(void)
{
#define PLACE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
#define SIX(test)   cmocka_unit_test_setup_teardown(test, set_up_six, tear_down)
	const struct CMUnitTest tests[] = {
		PLACE(who_asked_is_found),
		PLACE(who_tried_and_went_wakes_nobody),
		PLACE(another_key_answers_nothing),
		PLACE(another_ask_is_not_expected),
		PLACE(a_closed_port_refuses),
		PLACE(one_way_alone_is_tried),
		PLACE(a_stranger_is_told_apart),
		PLACE(guests_do_not_keep_others_out),
		PLACE(a_beacon_sees_an_open_port),
		PLACE(hairpin_needs_nobody),
		SIX(who_asked_is_found),
		SIX(who_tried_and_went_wakes_nobody),
		SIX(a_closed_port_refuses),
		SIX(a_beacon_sees_an_open_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
