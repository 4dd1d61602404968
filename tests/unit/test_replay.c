/* Captures as if they were live: any moment of them, and what earlier sessions left behind. */
#include "capture_rig.h"

#include <errno.h>
#include <fcntl.h>

#include "judge.h"
#include "recover.h"
#include "replay.h"

#define START (1700000000 * USEC_PER_SEC)

/* ---- what the captures hold ---- */

static void put16(uint8_t *at_, unsigned value)
{
	at_[0] = (uint8_t)(value >> 8);
	at_[1] = (uint8_t)value;
}

/* A request of 192.0.2.1 to 192.0.2.2 for its mapping of that number, or the answer to it. */
static void message(struct capture_writer *writer, usec wall, bool request, uint16_t number,
		    uint16_t lifetime)
{
	struct pcp_endpoint client = at("192.0.2.1:4000"), server = at("192.0.2.2:5351");
	uint8_t octets[60] = { 2, request ? 1 : 0x81 };

	put16(octets + 6, lifetime);
	if (request)
		memcpy(octets + 8, client.addr, 16);
	else
		octets[11] = 100;   /* epoch */
	put16(octets + 24, number); /* nonce */
	octets[36] = 6;
	put16(octets + 40, number);
	put16(octets + 42, number);
	pcp_addr_any(octets + 44, true);
	if (!request)
		memcpy(octets + 56, (uint8_t[]){ 203, 0, 113, 9 }, 4);
	assert_true(capture_write(writer, wall, request ? &client : &server,
				  request ? &server : &client, octets, sizeof octets));
}

static struct capture_writer *write_it(void)
{
	struct pcp_why why;
	struct capture_writer *writer = capture_write_file(path, &why);

	if (!writer)
		fail_msg("%s", why.text);
	return writer;
}

static struct replay *read_it(struct log *log)
{
	struct pcp_why why;
	struct replay *replay = replay_open(path, NULL, 0, log, &why);

	if (!replay)
		fail_msg("%s", why.text);
	replay_steps(replay);
	while (replay_read(replay, 700))
		;
	return replay;
}

static void seek(struct replay *replay, uint64_t to)
{
	while (!replay_seek(replay, to, 100))
		;
	assert_string_equal(replay_trouble(replay), "");
	assert_int_equal(replay_at(replay), to);
}

/* ---- moments ---- */

static void moments_can_be_had_again(void **state)
{
	struct log *log = log_new(0);
	struct capture_writer *writer = write_it();

	(void)state;
	for (uint16_t n = 1; n <= 20; n++) {
		message(writer, START + n * USEC_PER_SEC, true, n, 600);
		message(writer, START + n * USEC_PER_SEC + 1500, false, n, 600);
	}
	capture_writer_free(writer);
	struct replay *replay = read_it(log);

	assert_int_equal(replay_count(replay), 40);
	assert_int_equal(log_nmessages(log), 40);
	assert_int_equal(log_nexchanges(log), 20);
	assert_true(log_message_at(log, 1)->rtt == 1500);
	for (uint64_t k = 40; k-- > 0;) {
		seek(replay, k);
		assert_int_equal(pcp_client_nmappings(replay_client(replay)), (k + 1) / 2);
	}
	assert_int_equal(log_nmessages(log), 40); /* it heard nothing twice */
	replay_free(replay);
	log_free(log);
}

enum { MANY = 15000 };

/* Datagrams from a random life: mappings made, renewed, deleted, left unanswered, and ANNOUNCEs. */
static void write_a_life(void)
{
	static const uint8_t announce[24] = { 2 };
	struct pcp_endpoint client = at("192.0.2.1:4000"), server = at("192.0.2.2:5351");
	struct capture_writer *writer = write_it();
	usec wall = START;
	struct pcp_rng rng;

	pcp_rng_seeded(&rng, 7);
	for (int i = 0; i < MANY; wall += (usec)pcp_rng_below(&rng, 2 * USEC_PER_SEC)) {
		uint16_t number = (uint16_t)pcp_rng_below(&rng, 400);
		uint16_t lifetime =
			(uint16_t)(pcp_rng_below(&rng, 5) ? 60 + pcp_rng_below(&rng, 600) : 0);

		if (pcp_rng_below(&rng, 20) == 0)
			i++, capture_write(writer, wall, &client, &server, announce, 24);
		i++, message(writer, wall, true, number, lifetime);
		if (pcp_rng_below(&rng, 4))
			i++, message(writer, wall + 900, false, number, lifetime);
	}
	capture_writer_free(writer);
}

static void same_findings(struct judge *first, struct judge *second, const struct log *log,
			  const struct message *message)
{
	static struct pcp_finding a[PCP_FINDINGS_MAX], b[PCP_FINDINGS_MAX];
	size_t n = judge_message(first, log, message, 0, a, PCP_FINDINGS_MAX);

	assert_int_equal(judge_message(second, log, message, 0, b, PCP_FINDINGS_MAX), n);
	for (size_t i = 0; i < n; i++) {
		assert_ptr_equal(a[i].rule, b[i].rule);
		assert_string_equal(a[i].text, b[i].text);
	}
}

/* What a judge remembers of the packet before must change nothing. */
static void judged_alike_by_who_saw_others_before(void **state)
{
	struct judge *first = calloc(1, sizeof *first), *second = calloc(1, sizeof *second);
	struct log *log = log_new(0);
	size_t n;

	(void)state;
	write_a_life();
	struct replay *replay = read_it(log);

	n = log_nmessages(log) < 1000 ? log_nmessages(log) : 1000;
	assert_true(n == 1000);
	for (size_t i = 0; i < n; i++) { /* the one reads on, the other from the end */
		memset(second, 0, sizeof *second);
		same_findings(first, second, log, log_message_at(log, i));
	}
	for (size_t i = n; i-- > 0;) {
		memset(second, 0, sizeof *second);
		same_findings(first, second, log, log_message_at(log, i));
	}
	free(first);
	free(second);
	replay_free(replay);
	log_free(log);
}

/* The moment as one pass from the start makes it. */
static struct fold *straight_to(uint64_t to)
{
	struct fold *fold = fold_new(NULL, false);
	struct capture_datagram datagram;
	struct pcp_why why;
	struct capture *capture = capture_open(path, NULL, 0, &why);

	assert_non_null(capture);
	while (to-- > 0) {
		assert_int_equal(capture_next(capture, &datagram), CAPTURE_DATAGRAM);
		fold_take(fold, &datagram);
	}
	capture_close(capture);
	return fold;
}

static void assert_same_mapping(const struct pcp_mapping *a, const struct pcp_mapping *b)
{
	struct pcp_mapping one = *a, other = *b;

	assert_int_equal(one.request_len, other.request_len);
	assert_memory_equal(one.request, other.request, one.request_len);
	one.request = other.request = NULL;
	assert_memory_equal(&one, &other, sizeof one);
}

static void assert_same_moment(const struct pcp_client *a, const struct pcp_client *b)
{
	struct pcp_client *one = (struct pcp_client *)a, *other = (struct pcp_client *)b;

	assert_int_equal(pcp_client_nmappings(one), pcp_client_nmappings(other));
	assert_int_equal(pcp_client_nexchanges(one), pcp_client_nexchanges(other));
	assert_true(pcp_client_next(one) == pcp_client_next(other));
	assert_int_equal(pcp_client_nservers(one), pcp_client_nservers(other));
	for (size_t i = 0; i < pcp_client_nmappings(one); i++)
		assert_same_mapping(pcp_client_mapping_at(one, i), pcp_client_mapping_at(other, i));
}

static void check_moment(struct replay *replay, uint64_t to)
{
	struct fold *fold = straight_to(to);

	seek(replay, to);
	assert_true(fold_now(fold) == replay_now(replay));
	assert_same_moment(fold_client(fold), replay_client(replay));
	fold_free(fold);
}

/* Back, on and far away: each moment is what one pass from the start makes of it. */
static void every_way_leads_to_the_same_moment(void **state)
{
	struct pcp_rng rng;

	(void)state;
	write_a_life();
	struct replay *replay = read_it(NULL);
	uint64_t count = replay_count(replay);

	assert_in_range(count, MANY, MANY + 2);
	for (uint64_t back = 1; back <= 600; back += 33) /* past what is left behind on the way */
		check_moment(replay, count - back);
	pcp_rng_seeded(&rng, 1);
	for (int i = 0; i < 8; i++) {
		uint64_t to = pcp_rng_below(&rng, (uint32_t)count + 1);

		check_moment(replay, to);
		check_moment(replay, to ? to - 1 : 0);
		check_moment(replay, to);
	}
	check_moment(replay, 0);
	check_moment(replay, count);
	replay_free(replay);
}

static void put32(FILE *file, uint32_t value)
{
	assert_int_equal(fwrite(&value, sizeof value, 1, file), 1);
}

/* Two numbers of 16 bits, as this machine orders their octets. */
static uint32_t halves(uint16_t first, uint16_t second)
{
	const uint16_t both[] = { first, second };
	uint32_t value;

	memcpy(&value, both, sizeof value);
	return value;
}

/* The same capture as pcapng: a section, one interface, a block for each packet. */
static void make_pcapng(void)
{
	uint8_t octets[256];
	uint32_t record[4];
	char name[sizeof path + 8];
	FILE *from = fopen(path, "rb"), *to;

	snprintf(name, sizeof name, "%s.ng", path);
	to = fopen(name, "wb");
	fseek(from, 24, SEEK_SET);
	for (size_t i = 0; i < 12; i++)
		put32(to,
		      (const uint32_t[]){ 0x0a0d0d0a, 28, 0x1a2b3c4d, halves(1, 0), UINT32_MAX,
					  UINT32_MAX, 28, 1, 20, halves(101, 0), 65535, 20 }[i]);
	while (fread(record, sizeof record, 1, from) == 1) {
		uint32_t len = record[2], padded = (len + 3) / 4 * 4;
		uint64_t wall = record[0] * UINT64_C(1000000) + record[1];

		assert_int_equal(fread(octets, 1, len, from), len);
		for (size_t i = 0; i < 7; i++)
			put32(to, (const uint32_t[]){ 6, 32 + padded, 0, (uint32_t)(wall >> 32),
						      (uint32_t)wall, len, len }[i]);
		assert_int_equal(fwrite(octets, 1, padded, to), padded);
		put32(to, 32 + padded);
	}
	fclose(from);
	fclose(to);
	assert_int_equal(rename(name, path), 0);
}

/* There libpcap cannot be set back: what comes before a moment is passed over. */
static void pcapng_leads_there_too(void **state)
{
	struct pcp_rng rng;

	(void)state;
	write_a_life();
	make_pcapng();
	struct replay *replay = read_it(NULL);
	uint64_t count = replay_count(replay);

	assert_in_range(count, MANY, MANY + 2);
	pcp_rng_seeded(&rng, 2);
	for (int i = 0; i < 6; i++)
		check_moment(replay, pcp_rng_below(&rng, (uint32_t)count + 1));
	check_moment(replay, count - 1);
	check_moment(replay, count - 2);
	check_moment(replay, count);
	replay_free(replay);
}

/* What a step back reads of the file is bounded: it begins near, not at the start. */
static void a_step_back_is_short(void **state)
{
	(void)state;
	write_a_life();
	struct replay *replay = read_it(NULL);
	uint64_t count = replay_count(replay);

	assert_true(replay_seek(replay, count - 1, 5000));
	for (uint64_t back = 2; back < 200; back++)
		assert_true(replay_seek(replay, count - back, 256));
	replay_free(replay);
}

/* What is remembered of the last steps needs no file; going on from there does. */
static void the_last_steps_are_undone(void **state)
{
	struct log *log = log_new(0);

	(void)state;
	write_a_life();
	struct replay *replay = read_it(log);
	uint64_t count = replay_count(replay);
	char elsewhere[sizeof path + 8];

	for (uint64_t back = 1; back <= 300; back += 7) {
		check_moment(replay, count - back);
		check_moment(replay, back > 3 ? count - back + 3 : count - back);
	}
	assert_int_equal(log_nmessages(log), count); /* it hears nothing twice */
	snprintf(elsewhere, sizeof elsewhere, "%s.gone", path);
	assert_int_equal(rename(path, elsewhere), 0);
	for (uint64_t back = 301; back <= 1000; back++)
		assert_true(replay_seek(replay, count - back, 300));
	assert_int_equal(replay_at(replay), count - 1000);
	assert_string_equal(replay_trouble(replay), "");
	assert_int_equal(rename(elsewhere, path), 0);
	check_moment(replay, count - 1000);
	check_moment(replay, count - 999);
	replay_free(replay);
	log_free(log);
}

enum { STANDING = 60000 };

/* Nor does it where so many mappings stand that no other moment is remembered. */
static void a_step_back_is_short_among_many(void **state)
{
	struct capture_writer *writer = write_it();
	struct replay *replay;

	(void)state;
	for (unsigned n = 0; n < STANDING; n++)
		message(writer, START + n, true, (uint16_t)n, 3600);
	capture_writer_free(writer);
	replay = read_it(NULL);
	assert_int_equal(pcp_client_nmappings(replay_client(replay)), STANDING);
	seek(replay, STANDING - 1);
	for (uint64_t back = 2; back < 5; back++) {
		assert_true(replay_seek(replay, STANDING - back, STANDING / 4));
		assert_int_equal(pcp_client_nmappings(replay_client(replay)), STANDING - back);
	}
	replay_free(replay);
}

static void reading_can_be_stopped(void **state)
{
	struct log *log = log_new(0);
	struct pcp_why why;

	(void)state;
	write_a_life();
	struct replay *replay = replay_open(path, NULL, 0, log, &why);

	assert_non_null(replay);
	assert_true(replay_read(replay, 1000));
	replay_stop(replay);
	assert_false(replay_read(replay, 1000));
	assert_int_equal(replay_count(replay), 1000);
	assert_int_equal(log_nmessages(log), 1000);
	check_moment(replay, 990);
	seek(replay, 1000);
	assert_true(replay_seek(replay, 2000, 5000)); /* there is no more */
	assert_int_equal(replay_at(replay), 1000);
	replay_free(replay);
	log_free(log);
}

static void a_file_that_has_gone_is_told(void **state)
{
	(void)state;
	write_a_life();
	struct pcp_why why;
	struct replay *replay = replay_open(path, NULL, 0, NULL, &why);

	assert_non_null(replay);
	while (replay_read(replay, 700))
		;
	uint64_t count = replay_count(replay);

	assert_int_equal(unlink(path), 0);
	assert_true(replay_seek(replay, 5, 1000));
	assert_non_null(strstr(replay_trouble(replay), "No such file"));
	assert_int_equal(replay_at(replay), count); /* where it was */
	replay_free(replay);
}

/* Whoever goes back and forth has it open, wherever its name has gone. */
static void a_file_that_has_gone_is_kept_for_steps(void **state)
{
	(void)state;
	write_a_life();
	struct replay *replay = read_it(NULL);
	uint64_t count = replay_count(replay);

	assert_int_equal(unlink(path), 0);
	seek(replay, 5);
	seek(replay, count);
	seek(replay, 1);
	seek(replay, 2);
	replay_free(replay);
}

/* ---- silence ---- */

/* A capture that asks and asks and shows no answer fills no memory. */
static void silence_is_bounded(void **state)
{
	struct pcp_endpoint client = at("192.0.2.1:4000"), server = at("192.0.2.2:5351");
	struct capture_writer *writer = write_it();

	(void)state;
	for (unsigned i = 0; i < 3000; i++) {
		uint8_t announce[24] = { 2 };

		put16(announce + 2, i);
		assert_true(capture_write(writer, START + i, &client, &server, announce, 24));
	}
	capture_writer_free(writer);
	struct log *log = log_new(0);
	struct replay *replay = read_it(log);

	assert_int_equal(pcp_client_nexchanges(replay_client(replay)), 1024);
	assert_int_equal(log_exchange_at(log, 0)->state, EXCHANGE_CANCELLED);
	assert_int_equal(log_exchange_at(log, 2999)->state, EXCHANGE_WAITING);
	replay_free(replay);
	log_free(log);
}

/* RFC 6887 8.1.1: nobody waits longer than MRT and its jitter before asking again. */
static void who_asks_no_more_has_given_up(void **state)
{
	struct log *log = log_new(0);
	struct fold *fold = fold_new(log, false);
	struct capture_writer *writer = write_it();
	struct capture_datagram datagram;
	struct pcp_why why;

	(void)state;
	message(writer, START, true, 1, 600);
	message(writer, START + 1100 * USEC_PER_SEC, true, 1, 600); /* again */
	capture_writer_free(writer);
	struct capture *capture = capture_open(path, NULL, 0, &why);

	while (capture_next(capture, &datagram) == CAPTURE_DATAGRAM)
		fold_take(fold, &datagram);
	fold_advance(fold, START + 2200 * USEC_PER_SEC);
	assert_int_equal(log_nexchanges(log), 1);
	assert_int_equal(log_exchange_at(log, 0)->sends, 2);
	assert_int_equal(log_exchange_at(log, 0)->state, EXCHANGE_WAITING);
	fold_advance(fold, START + 2301 * USEC_PER_SEC);
	assert_int_equal(log_exchange_at(log, 0)->state, EXCHANGE_TIMED_OUT);
	assert_int_equal(pcp_client_mapping_at(fold_client(fold), 0)->state, MAPPING_FAILED);
	assert_int_equal(pcp_client_nexchanges(fold_client(fold)), 0);
	capture_close(capture);
	fold_free(fold);
	log_free(log);
}

/* ---- what earlier sessions left ---- */

/* In small turns, as the loop reads it. */
static struct recover *all_left(const char *in, usec now)
{
	struct recover *recover = recover_begin(in, now);

	assert_non_null(recover);
	while (recover_read(recover, 3))
		assert_int_equal(recover_count(recover), 0);
	return recover;
}

static void earlier_sessions_leave_what_lives(void **state)
{
	usec start = START, now = start + 300 * USEC_PER_SEC;
	struct capture_writer *first = capture_write_session(dir, false, NULL, NULL), *second;

	(void)state;
	for (uint16_t n = 1; n <= 4; n++) {
		message(first, start + n, true, n, n == 1 ? 200 : 600);
		message(first, start + n + 500, false, n, n == 1 ? 200 : 600); /* 1 runs out */
	}
	message(first, start + 5000, true, 9, 600); /* no answer */
	struct recover *recover = all_left(dir, now);

	assert_int_equal(recover_count(recover), 0); /* its session still runs */
	recover_free(recover);
	capture_writer_free(first);
	second = capture_write_session(dir, false, NULL, NULL);
	message(second, start + 10 * USEC_PER_SEC, true, 2, 0); /* deletes 2 */
	message(second, start + 10 * USEC_PER_SEC + 500, false, 2, 0);
	capture_writer_free(second);
	recover = all_left(dir, now);
	assert_int_equal(recover_count(recover), 2);
	for (size_t i = 0; i < 2; i++) {
		const struct recovered *left = recover_at(recover, i);

		assert_int_equal(left->mapping.nonce[1], 3 + i);
		assert_int_equal(left->server.port, 5351);
		assert_int_equal(left->mapping.request_len, 60);
		assert_in_range(left->mapping.expires_at - start, 600 * USEC_PER_SEC,
				601 * USEC_PER_SEC);
	}
	recover_free(recover);
	recover = all_left(dir, start + 86400 * USEC_PER_SEC);
	assert_int_equal(recover_count(recover), 0);
	recover_free(recover);
}

/* A session of one mapping. */
static void save_session(usec wall, uint16_t number, uint16_t lifetime)
{
	struct capture_writer *writer = capture_write_session(dir, false, NULL, NULL);

	message(writer, wall, true, number, lifetime);
	message(writer, wall + 500, false, number, lifetime);
	capture_writer_free(writer);
}

static const struct recovered *left_over(const struct recover *recover, uint16_t number)
{
	for (size_t i = 0; i < recover_count(recover); i++)
		if (recover_at(recover, i)->mapping.internal_port == number)
			return recover_at(recover, i);
	fail_msg("mapping %u is not offered", number);
	return NULL;
}

/* The first session ran while the clock was an hour fast. */
static void a_clock_set_back_hides_nothing(void **state)
{
	usec now = START + 120 * USEC_PER_SEC;
	const struct pcp_mapping *fast, *right;

	(void)state;
	save_session(START + 3600 * USEC_PER_SEC, 1, 600);
	save_session(START + 60 * USEC_PER_SEC, 2, 600);
	struct recover *recover = all_left(dir, now);

	assert_int_equal(recover_count(recover), 2);
	fast = &left_over(recover, 1)->mapping;
	right = &left_over(recover, 2)->mapping;
	assert_true(fast->created_at <= now && fast->granted_at <= now);
	assert_true(fast->expires_at == now + 600 * USEC_PER_SEC); /* at most; not an hour more */
	assert_true(right->expires_at == START + 660 * USEC_PER_SEC + 500);
	recover_free(recover);
}

/* The order of two sessions is lost then. To offer what is deleted already does no harm. */
static void a_deletion_before_its_grant_is_no_harm(void **state)
{
	(void)state;
	save_session(START + 3600 * USEC_PER_SEC, 1, 600);
	save_session(START + 60 * USEC_PER_SEC, 1, 0);
	struct recover *recover = all_left(dir, START + 120 * USEC_PER_SEC);

	assert_int_equal(recover_count(recover), 1);
	recover_free(recover);
}

static void a_clock_set_forward_ends_lifetimes(void **state)
{
	(void)state;
	save_session(START, 1, 600);
	save_session(START + 3590 * USEC_PER_SEC, 2, 600);
	struct recover *recover = all_left(dir, START + 3600 * USEC_PER_SEC);

	assert_int_equal(recover_count(recover), 1);
	assert_true(left_over(recover, 2)->mapping.expires_at == START + 4190 * USEC_PER_SEC + 500);
	recover_free(recover);
}

/* Whoever hands a descriptor over has it no more, whatever comes of it. */
static void what_is_no_capture_is_closed(void **state)
{
	/* pcap's, of a version that never was */
	static const uint8_t header[24] = { 0xd4, 0xc3, 0xb2, 0xa1, 99, 0, 99, 0 };
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	struct pcp_why why;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, header, sizeof header), sizeof header);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_null(replay_follow(fd, path, NULL, 0, NULL, &why));
	assert_int_equal(fcntl(fd, F_GETFD), -1);
	assert_int_equal(errno, EBADF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(moments_can_be_had_again),
		T(judged_alike_by_who_saw_others_before),
		T(every_way_leads_to_the_same_moment),
		T(pcapng_leads_there_too),
		T(a_step_back_is_short),
		T(the_last_steps_are_undone),
		T(a_step_back_is_short_among_many),
		T(reading_can_be_stopped),
		T(a_file_that_has_gone_is_told),
		T(a_file_that_has_gone_is_kept_for_steps),
		T(what_is_no_capture_is_closed),
		T(silence_is_bounded),
		T(who_asks_no_more_has_given_up),
		T(earlier_sessions_leave_what_lives),
		T(a_clock_set_back_hides_nothing),
		T(a_deletion_before_its_grant_is_no_harm),
		T(a_clock_set_forward_ends_lifetimes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
