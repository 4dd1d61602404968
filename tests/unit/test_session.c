/* A session on loopback with its lab: wiring, observers, walks, what keeps it from starting. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "answer.h"
#include "cmd.h"
#include "session-private.h"
#include "walker.h"

static struct session *start(const char *lab)
{
	struct session_config config = { .lab = true, .lab_spec = lab, .no_save = true, .seed = 7 };
	struct pcp_why why = { .text = "" };
	struct session *session = session_new(&config, &why);

	if (!session)
		fail_msg("%s", why.text);
	return session;
}

static uint32_t send_line(struct session *session, const char *text)
{
	char line[256], *words[COMMAND_WORDS_MAX];
	struct pcp_client_request request;
	struct pcp_edit edit;
	struct pcp_why why = { .text = "" };
	uint32_t exchange;
	int n;

	strcpy(line, text);
	n = command_split(line, words, &why);
	if (!command_compose(n, words, session, &edit, &request, &why))
		fail_msg("%s", why.text);
	exchange = session_send(session, &request, &why);
	if (!exchange)
		fail_msg("%s", why.text);
	return exchange;
}

struct seen {
	size_t sent, answered, other, ended;
};

static void see(void *arg, const struct pcp_client_event *event)
{
	struct seen *seen = arg;

	seen->sent += event->kind == CLIENT_SENT;
	seen->answered += event->kind == CLIENT_ANSWERED;
	seen->other += event->kind == CLIENT_MAPPING;
}

static void ended(void *arg)
{
	((struct seen *)arg)->ended++;
}

static void test_map(void **state)
{
	struct session *session = start(*state);
	struct seen seen = { .sent = 0 };
	struct session_observer observer = { .event = see, .arg = &seen, .ended = ended };
	uint32_t exchange;

	session_observe(session, &observer);
	exchange = send_line(session, "map 8080 8080 tcp -lt 600");
	assert_true(session_wait(session, exchange, 60 * USEC_PER_SEC));
	assert_int_equal(cmd_outcome(session, exchange), EXIT_ANSWERED);
	assert_int_equal(seen.sent, 1);
	assert_int_equal(seen.answered, 1);
	assert_true(seen.other > 0);
	assert_int_equal(log_nmessages(session_log(session)), 2);
	assert_int_equal(pcp_client_nmappings(session_client(session)), 1);
	assert_int_equal(lab_nmappings(session_lab(session)), 1);
	assert_int_equal(pcp_client_mapping_at(session_client(session), 0)->external_port, 8080);
	session_free(session);
	assert_int_equal(seen.ended, 1);
}

/* What was done with a line, in a sentence. */
static void sentence(struct session *session, uint32_t exchange, char text[ANSWER_TEXT])
{
	struct answer answer = { .log = session_log(session),
				 .client = session_client(session),
				 .exchange = exchange,
				 .now = session_now(session),
				 .ascii = true,
				 .lab_why = session_lab_why(session, exchange),
				 .over = true };

	answer_sentence(&answer, 0, text, ANSWER_TEXT);
}

/* The lab's reason, also beside an answer that is not the last, or that never came. */
static void test_lab_says_why(void **state)
{
	struct session *session = start(*state);
	uint32_t refused = send_line(session, "map 8080 8080 tcp -opt 63:01020304");
	uint32_t granted = send_line(session, "announce"), lost;
	char text[ANSWER_TEXT];

	assert_true(session_wait(session, refused, 60 * USEC_PER_SEC));
	assert_true(session_wait(session, granted, 60 * USEC_PER_SEC));
	assert_string_equal(session_lab_why(session, refused),
			    "option 63 is mandatory and not known here");
	assert_null(session_lab_why(session, granted));
	assert_null(session_lab_why(session, granted + 1));
	sentence(session, refused, text);
	assert_string_equal(text, "UNSUPP_OPTION (lab: option 63 is mandatory and not known here)"
				  "; ask again in 0:30:00");
	lab_set(session_lab(session), session_now(session), "drop", &(struct pcp_why){ .at = 0 });
	lost = send_line(session, "map 8081 8081 tcp");
	session_wait(session, lost, USEC_PER_SEC / 10);
	sentence(session, lost, text);
	assert_non_null(strstr(text, " (lab: fault drop: a request is not heard)"));
	session_free(session);
}

static void count_notice(void *arg, const char *text)
{
	*(unsigned *)arg += strstr(text, "at most 100 a second are listed") != NULL;
}

static void hear_junk(struct session *session, usec now, size_t n)
{
	const struct pcp_endpoint stranger = { .addr = { [10] = 0xff, 0xff, 127, 0, 0, 66 },
					       .port = 4000 };
	const struct pcp_client_server *server = pcp_client_server(session_client(session), 1);
	static const uint8_t junk[24] = { 0x77 };

	while (n-- > 0)
		pcp_client_receive(session_client(session), now, &stranger, &server->config.source,
				   junk, sizeof junk);
}

/* What anybody may send is listed up to a bound, so that it fills no memory; the rest is counted.
 */
static void test_flood(void **state)
{
	struct session *session = start(*state);
	usec now = session_now(session) / USEC_PER_SEC * USEC_PER_SEC;
	unsigned notices = 0;

	session_on_notice(session, count_notice, &notices);
	hear_junk(session, now, 100);
	assert_int_equal(log_nmessages(session_log(session)), 100);
	assert_int_equal(notices, 0);
	hear_junk(session, now + USEC_PER_SEC - 1, 900);
	assert_int_equal(log_nmessages(session_log(session)), 100);
	assert_int_equal(session->ignored.unlisted, 900);
	hear_junk(session, now + USEC_PER_SEC, 50);
	assert_int_equal(log_nmessages(session_log(session)), 150);
	assert_int_equal(notices, 1);
	session_free(session);
}

static void test_unobserved(void **state)
{
	struct session *session = start(*state);
	struct seen seen = { .sent = 0 };
	struct session_observer observer = { .event = see, .arg = &seen, .ended = ended };
	uint32_t exchange;

	session_observe(session, &observer);
	session_unobserve(session, &observer);
	exchange = send_line(session, "announce");
	assert_true(session_wait(session, exchange, 60 * USEC_PER_SEC));
	session_free(session);
	assert_int_equal(seen.sent + seen.ended, 0);
}

static void test_refused(void **state)
{
	struct session *session = start(*state);
	uint32_t exchange = send_line(session, "map 80 0 77");

	assert_true(session_wait(session, exchange, 60 * USEC_PER_SEC));
	assert_int_equal(cmd_outcome(session, exchange), EXIT_REFUSED);
	session_free(session);
}

static void test_silence(void **state)
{
	struct session *session = start("127.0.0.1:0,silence");
	uint32_t exchange = send_line(session, "announce");

	(void)state;
	assert_false(session_wait(session, exchange, USEC_PER_SEC / 20));
	assert_int_equal(cmd_outcome(session, exchange), EXIT_NO_ANSWER);
	session_free(session);
}

static void test_several_in_flight(void **state)
{
	struct session *session = start(*state);
	uint32_t exchange[20];

	for (size_t i = 0; i < 20; i++) {
		char line[64];

		snprintf(line, sizeof line, "map %zu %zu udp", 2000 + i, 3000 + i);
		exchange[i] = send_line(session, line);
	}
	for (size_t i = 20; i-- > 0;)
		assert_true(session_wait(session, exchange[i], 60 * USEC_PER_SEC));
	assert_int_equal(lab_nmappings(session_lab(session)), 20);
	session_free(session);
}

/* ---- walks ---- */

struct walked {
	struct session *session;
	size_t found;
	enum walk_state state;
};

static void found(void *arg, const struct pcp_mapping *mapping)
{
	assert_non_null(mapping);
	((struct walked *)arg)->found++;
}

static void done(void *arg, const struct walk *walk, uint32_t exchange)
{
	struct walked *walked = arg;

	(void)exchange;
	walked->state = walk->state;
	loop_stop(session_loop(walked->session));
}

static void test_walk(void **state)
{
	struct session *session = start(*state);
	struct walked walked = { .session = session };
	struct walk_listener listener = { found, done, &walked };
	char line[] = "get", *words[] = { line };
	struct pcp_client_request get;
	struct pcp_edit edit;
	struct pcp_why why;

	for (size_t i = 0; i < 40; i++) {
		char text[64];

		/* Some are PEER, which the list does not tell: they are known all the same. */
		snprintf(text, sizeof text,
			 i % 3 ? "map %zu 0 udp" : "peer %zu 0 udp 443 198.51.100.7", 2000 + i);
		assert_true(session_wait(session, send_line(session, text), 60 * USEC_PER_SEC));
	}
	assert_true(command_compose(1, words, session, &edit, &get, &why));
	assert_non_null(walk_start(session, &get, false, &listener, &why));
	loop_run(session_loop(session), loop_now(session_loop(session)) + 60 * USEC_PER_SEC);
	assert_int_equal(walked.state, WALK_DONE);
	assert_int_equal(walked.found, 40);
	assert_int_equal(pcp_client_nmappings(session_client(session)), 40);
	session_free(session);
}

/* What takes long says how far it is, and ends when it is told to; its request with it. */
static void test_walk_cancelled(void **state)
{
	struct session *session = start(*state);
	struct walked walked = { .session = session };
	struct walk_listener listener = { found, done, &walked };
	char line[] = "get", *words[] = { line }, progress[128];
	const struct session_task *task;
	struct pcp_client_request get;
	struct pcp_edit edit;
	struct pcp_why why;

	assert_null(session_task(session));
	assert_false(session_cancel(session));
	assert_true(command_compose(1, words, session, &edit, &get, &why));
	assert_non_null(walk_start(session, &get, false, &listener, &why));
	task = session_task(session);
	assert_non_null(task);
	task->progress(task->arg, progress, sizeof progress);
	assert_string_equal(progress, "walk: 0 mappings, 0 requests");
	assert_int_equal(pcp_client_nexchanges(session_client(session)), 1);
	assert_true(session_cancel(session));
	assert_int_equal(walked.state, WALK_STOPPED);
	assert_int_equal(pcp_client_nexchanges(session_client(session)), 0);
	assert_null(session_task(session));
	session_free(session);
}

/* A capture of 5,000 datagrams; the caller removes it. */
static void write_capture(char *path)
{
	struct pcp_endpoint client = { .port = 4000 }, server = { .port = PCP_SERVER_PORT };
	const uint8_t announce[PCP_HEADER_LEN] = { PCP_VERSION_2 };
	struct capture_writer *writer;
	struct pcp_why why;

	close(mkstemp(path));
	unlink(path);
	assert_true(pcp_addr_parse("192.0.2.1", client.addr, &why));
	assert_true(pcp_addr_parse("192.0.2.2", server.addr, &why));
	writer = capture_write_file(path, &why);
	assert_non_null(writer);
	for (usec i = 0; i < 5000; i++)
		assert_true(capture_write(writer, i * USEC_PER_SEC, &client, &server, announce,
					  sizeof announce));
	capture_writer_free(writer);
}

static void test_reading_cancelled(void **state)
{
	char path[] = "/tmp/pcpscope-XXXXXX", progress[128];
	struct session *session = start(*state);
	const struct session_task *task;
	struct pcp_why why;

	write_capture(path);
	assert_true(session_open(session, path, &why));
	loop_run(session_loop(session), loop_now(session_loop(session))); /* one turn */
	task = session_task(session);
	assert_non_null(task);
	task->progress(task->arg, progress, sizeof progress);
	assert_memory_equal(progress, "reading ", 8);
	assert_true(session_busy(session));
	assert_true(session_cancel(session));
	assert_false(session_busy(session));
	assert_null(session_task(session));
	assert_in_range(replay_count(session_replay(session)), 1, 4999);
	assert_int_equal(log_nmessages(session_log(session)),
			 replay_count(session_replay(session)));
	/* Opened anew and read to its end, there is nothing to cancel. */
	assert_true(session_open(session, path, &why));
	session_read(session);
	assert_int_equal(replay_count(session_replay(session)), 5000);
	assert_null(session_task(session));
	session_free(session);
	unlink(path);
}

/* A session that ends in the middle of a walk takes it along: the sanitizer would see the leak. */
static void test_walk_cut_short(void **state)
{
	struct session *session = start(*state);
	struct walked walked = { .session = session };
	struct walk_listener listener = { found, done, &walked };
	char line[] = "get", *words[] = { line };
	struct pcp_client_request get;
	struct pcp_edit edit;
	struct pcp_why why;

	assert_true(command_compose(1, words, session, &edit, &get, &why));
	assert_non_null(walk_start(session, &get, false, &listener, &why));
	session_free(session);
	assert_int_equal(walked.state, WALK_GOING);
}

/* ---- what keeps it from starting ---- */

static const struct fault_row {
	const char *name, *server, *source, *lab;
	enum session_fault fault;
} faults[] = {
	{ "server in brackets", "[::1", NULL, NULL, SESSION_USAGE },
	{ "server without octets", "1.2.3", NULL, NULL, SESSION_USAGE },
	{ "empty server", "", NULL, NULL, SESSION_USAGE },
	{ "source", "127.0.0.1", "1.2.3", NULL, SESSION_USAGE },
	{ "families", "127.0.0.1", "::1", NULL, SESSION_USAGE },
	{ "word of the lab", NULL, NULL, "127.0.0.1:0,quota=many", SESSION_USAGE },
	{ "address of the lab", NULL, NULL, "127.0.0.300", SESSION_USAGE },
	{ "an address of another host", NULL, NULL, "203.0.113.7:0", SESSION_FAILED },
};

/* Two default routers, 127.0.0.2 and ::1, as a host with both families has them. */
static struct session *start_with_routers(void)
{
	struct session_config config = {
		.no_save = true, .seed = 7, .server = { "127.0.0.2", "[::1]" }, .nserver = 2
	};
	struct pcp_why why = { .text = "" };
	struct session *session = session_new(&config, &why);

	if (!session)
		fail_msg("%s", why.text);
	session->routers[1] = 1;
	session->routers[0] = 2;
	return session;
}

static uint16_t asked_by(struct session *session, const char *text, struct pcp_why *why)
{
	char line[256], *words[COMMAND_WORDS_MAX];
	struct pcp_client_request request;
	struct pcp_edit edit;
	int n;

	strcpy(line, text);
	n = command_split(line, words, why);
	return command_compose(n, words, session, &edit, &request, why) ? request.server : 0;
}

/* RFC 6887 8.1 step 2, 10: the router of the remote host's family. */
static const struct {
	const char *line;
	uint16_t server;
} routed[] = {
	{ "map 80 80 tcp", 1 },
	{ "map 80 80 tcp -f 198.51.100.0/24/0", 1 },
	{ "map 80 80 tcp -f 2001:db8::/32/0", 2 },
	{ "map 80 80 tcp -f 2001:db8::7", 2 },
	{ "map 80 80 tcp -f erase", 1 },
	{ "peer 80 80 tcp 443 198.51.100.7", 1 },
	{ "peer 80 80 tcp 443 2001:db8::7", 2 },
	{ "announce", 1 },
};

static void test_router_of_the_family(void **state)
{
	struct session *session = start_with_routers();
	struct pcp_why why = { .text = "" };

	(void)state;
	for (size_t i = 0; i < sizeof routed / sizeof *routed; i++)
		if (asked_by(session, routed[i].line, &why) != routed[i].server)
			fail_msg("%s asks another router: %s", routed[i].line, why.text);
	session->routers[0] = 0; /* there is none of IPv6 */
	assert_int_equal(asked_by(session, "peer 80 80 tcp 443 2001:db8::7", &why), 0);
	assert_non_null(strstr(why.text, "2001:db8::7 is an IPv6 host"));
	assert_int_equal(asked_by(session, "map 80 80 tcp -f 2001:db8::/32/0", &why), 0);
	assert_non_null(strstr(why.text, "-s"));
	session->routers[1] = 0; /* a server that was named is asked whatever the family */
	assert_int_equal(asked_by(session, "peer 80 80 tcp 443 2001:db8::7", &why), 1);
	session_free(session);
}

static void test_fault(void **state)
{
	const struct fault_row *row = *state;
	enum session_fault fault = SESSION_FAILED;
	struct session_config config = { .source = row->source,
					 .lab = row->lab != NULL,
					 .lab_spec = row->lab,
					 .no_save = true,
					 .fault = &fault };
	struct pcp_why why = { .text = "" };

	if (row->server)
		config.server[config.nserver++] = row->server;
	assert_null(session_new(&config, &why));
	assert_int_equal(fault, row->fault);
	assert_true(strlen(why.text) > 0);
}

/* Wall times follow the wall clock when it is set, and do not tremble with the reading of two
 * clocks. */
static void test_wall_clock_is_set(void **state)
{
	usec hour = 3600 * USEC_PER_SEC, began = 1700000000 * USEC_PER_SEC;

	(void)state;
	assert_true(session_wall_offset(began, began + 5000, 4990) == began);
	assert_true(session_wall_offset(began, began + hour + 5000, 5000) == began + hour);
	assert_true(session_wall_offset(began, began - hour + 5000, 5000) == began - hour);
}

int main(void)
{
	enum { FAULTS = sizeof faults / sizeof faults[0] };
	static char v4[] = "127.0.0.1:0", v6[] = "[::1]:0";
	struct CMUnitTest tests[FAULTS + 16];
	size_t n = 0;

	tests[n++] = (struct CMUnitTest){ "MAP over IPv4", test_map, NULL, NULL, v4 };
	tests[n++] = (struct CMUnitTest){ "MAP over IPv6", test_map, NULL, NULL, v6 };
	tests[n++] = (struct CMUnitTest){ "flood", test_flood, NULL, NULL, v4 };
	tests[n++] = (struct CMUnitTest){ "unobserved", test_unobserved, NULL, NULL, v4 };
	tests[n++] = (struct CMUnitTest){ "refused", test_refused, NULL, NULL, v4 };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_silence);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_wall_clock_is_set);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_router_of_the_family);
	tests[n++] = (struct CMUnitTest){ "lab says why", test_lab_says_why, NULL, NULL, v4 };
	tests[n++] = (struct CMUnitTest){ "in flight", test_several_in_flight, NULL, NULL, v4 };
	tests[n++] = (struct CMUnitTest){ "walk", test_walk, NULL, NULL, v4 };
	tests[n++] = (struct CMUnitTest){ "walk cut short", test_walk_cut_short, NULL, NULL, v4 };
	tests[n++] = (struct CMUnitTest){ "walk cancelled", test_walk_cancelled, NULL, NULL, v4 };
	tests[n++] =
		(struct CMUnitTest){ "reading cancelled", test_reading_cancelled, NULL, NULL, v4 };
	for (size_t i = 0; i < FAULTS; i++)
		tests[n++] = (struct CMUnitTest){ faults[i].name, test_fault, NULL, NULL,
						  (void *)(uintptr_t)&faults[i] };
	return _cmocka_run_group_tests("session", tests, n, NULL, NULL);
}
