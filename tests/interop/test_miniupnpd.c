/*
 * The dashboard against a real gateway: Debian's miniupnpd on nftables, between a client and the
 * internet, each in a network namespace of its own. tests/suites/miniupnpd lays the hosts out and
 * names them in $RIG.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tui/term.h"

#define OUTSIDE "51.0.0.1"

/* ---- the hosts ---- */

/* Runs "rig NAME ..." and returns its first line of output without the newline. */
static const char *rig(const char *what)
{
	static char line[512];
	char command[512];

	snprintf(command, sizeof command, "tests/interop/rig %s %s", getenv("RIG"), what);
	FILE *out = popen(command, "r");

	assert_non_null(out);
	line[0] = '\0';
	if (fgets(line, sizeof line, out))
		line[strcspn(line, "\n")] = '\0';
	while (fgetc(out) != EOF)
		;
	pclose(out);
	return line;
}

/* A listener on the client that sends `word`; the hosts' end ends it. */
static void listener(int port, const char *word)
{
	char command[256], line[32] = "";

	snprintf(command, sizeof command,
		 "tests/interop/rig %s client tests/interop/tcp listen %d %s", getenv("RIG"), port,
		 word);
	FILE *out = popen(command, "r");

	assert_non_null(out);
	assert_non_null(fgets(line, sizeof line, out));
	assert_string_equal(line, "ready\n");
}

/* What someone on the internet gets who connects to the external address. */
static const char *from_internet(int port)
{
	char what[128];

	snprintf(what, sizeof what, "internet tests/interop/tcp connect " OUTSIDE " %d", port);
	return rig(what);
}

/* As after a power cut: the server comes back without its mappings. */
static void stop_server(void)
{
	rig("stop");
	rig("gateway nft flush chain inet filter prerouting_miniupnpd");
	rig("gateway nft flush chain inet filter miniupnpd");
}

static void restart_server(void)
{
	stop_server();
	rig("start");
}

static int fresh_server(void **state)
{
	(void)state;
	restart_server();
	return 0;
}

/* ---- the dashboard on the client ---- */

static struct term *dashboard(const char *option, const char *value)
{
	const char *argv[] = { "tests/interop/rig", getenv("RIG"), "client", "./pcpscope",
			       "--no-save",	    option,	   value,    NULL };
	struct term *term =
		term_open(&(struct term_config){ .rows = 40, .cols = 120, .argv = argv });

	term_expect(term, "q quit");
	return term;
}

static void command(struct term *term, const char *line)
{
	term_send(term, ":");
	term_type(term, line, "\r");
}

static void quit(struct term *term)
{
	term_send(term, "q");
	/* It asks where a mapping goes on, which then lapses with its server. */
	if (!term_ended(term)) {
		term_expect(term, "End? ");
		term_send(term, "y");
	}
	term_expect_exit(term, 0);
	term_close(term);
}

/* ---- what must be seen ---- */

static void a_map_lets_connections_in_and_its_delete_ends_that(void **state)
{
	struct term *term = dashboard(NULL, NULL);

	(void)state;
	/* Nobody named the server: it is the default gateway, and the source what the route picks.
	 */
	term_expect(term, "192.168.77.1:5351");
	term_expect(term, "192.168.77.2 ");
	listener(8080, "reached");
	assert_string_equal(from_internet(8080), "nothing");
	term_send(term, "s");
	term_expect(term, OUTSIDE ":8080");
	assert_string_equal(from_internet(8080), "reached");
	term_send(term, "\0332d");
	term_expect(term, "Nothing is mapped yet");
	assert_string_equal(from_internet(8080), "nothing");
	quit(term);
}

static void a_peer_shows_its_remote_end(void **state)
{
	struct term *term = dashboard(NULL, NULL);

	(void)state;
	command(term, "peer 40000 0 tcp 443 51.0.0.2");
	term_expect(term, "✓ #1  " OUTSIDE);
	term_expect(term, "PEER tcp  192.168.77.2:40000");
	quit(term);
}

/* miniupnpd repeats FILTER in its answer as if it honoured it, and lets everyone in. */
static void a_filter_is_answered_and_not_enforced(void **state)
{
	struct term *term = dashboard(NULL, NULL);

	(void)state;
	listener(8081, "reached");
	command(term, "map 8081 8081 tcp -lt 120 -f 51.0.0.3/32/0");
	term_expect(term, OUTSIDE ":8081");
	term_expect(term, "Decode  answer to");
	term_expect(term, "FILTER");
	assert_string_equal(from_internet(8081), "reached");
	quit(term);
}

static void a_get_is_refused_and_the_refusal_explained(void **state)
{
	struct term *term = dashboard(NULL, NULL);

	(void)state;
	term_send(term, "ll"); /* the GET tab */
	term_expect(term, "Internal address");
	term_send(term, "s");
	term_expect(term, "✗ UNSUPP_OPCODE");
	term_send(term, "\0334jjjjj");
	term_expect(term, "GET is a draft, not known there");
	quit(term);
}

/* ---- restart ---- */

/* RFC 6887 8.5 forgives a difference of a second or so: to be missed, a server must be older. */
static void grow_old(struct term *term)
{
	static const char *const passed[] = { "0:59:59", "0:59:58", "0:59:57", "0:59:56" };

	term_expect(term, "0:59:");
	for (size_t i = 0; i < sizeof passed / sizeof *passed; i++)
		term_expect_gone(term, passed[i]); /* a busy machine may skip some */
}

static void a_restart_is_noticed_by_its_announcement(void **state)
{
	struct term *term = dashboard(NULL, NULL);

	(void)state;
	term_send(term, "s");
	term_expect(term, OUTSIDE ":8080");
	grow_old(term);
	restart_server();
	term_expect(term, "The gateway restarted");
	term_expect(term, "lost");
	quit(term);
}

/* With the multicast kept away, the epoch of the next answer tells. */
static void a_restart_is_noticed_by_its_epoch(void **state)
{
	struct term *term = dashboard(NULL, NULL);

	(void)state;
	rig("client nft add table ip deaf");
	rig("client nft add chain ip deaf in '{ type filter hook input priority 0; }'");
	rig("client nft add rule ip deaf in ip daddr 224.0.0.0/4 counter drop");
	term_send(term, "s");
	term_expect(term, OUTSIDE ":8080");
	grow_old(term);
	restart_server();
	assert_false(term_shows(term, "The gateway restarted"));
	command(term, "announce");
	term_expect(term, "The gateway restarted");
	term_expect(term, "lost");
	assert_non_null(strstr(rig("client nft list chain ip deaf in | grep counter"), "counter"));
	rig("client nft delete table ip deaf");
	quit(term);
}

static void with_renewal_the_mapping_works_again_without_a_key(void **state)
{
	struct term *term = dashboard("--renew", NULL);

	(void)state;
	listener(8082, "reached");
	command(term, "map 8082 8082 tcp -lt 3600");
	term_expect(term, OUTSIDE ":8082");
	assert_string_equal(from_internet(8082), "reached");
	grow_old(term);
	stop_server();
	assert_string_equal(from_internet(8082), "nothing");
	rig("start");
	term_expect(term, "The gateway restarted");
	term_expect(term, "● MAP"); /* granted once more, after five seconds at most */
	term_settle(term, 200);
	term_expect(term, OUTSIDE ":8082");
	assert_string_equal(from_internet(8082), "reached");
	quit(term);
}

/* ---- NAT-PMP ---- */

static const char *public_address(void)
{
	return rig("client natpmpc -g 192.168.77.1 | grep 'Public IP'");
}

static void natpmp_maps_renews_and_deletes(void **state)
{
	struct term *term = dashboard("--nat-pmp", NULL);

	(void)state;
	listener(8083, "reached");
	command(term, "map 8083 8083 tcp -lt 600");
	term_expect(term, "✓ #1  ");
	command(term, "map 8084 8084 udp -lt 600");
	term_expect(term, "✓ #3  "); /* #2 asked for the external address */
	term_expect(term, OUTSIDE ":8083");
	term_expect(term, OUTSIDE ":8084");
	assert_string_equal(from_internet(8083), "reached");
	assert_string_equal(public_address(), "Public IP address : " OUTSIDE);
	term_send(term, "\0332r");
	term_expect(term, "✓ #4  ");
	term_expect(term, "Exchanges 4");
	term_send(term, "d");
	term_expect(term, "Mappings 1"); /* the row stays a moment, as deleted */
	term_send(term, "d");
	term_expect(term, "Nothing is mapped yet");
	assert_string_equal(from_internet(8083), "nothing");
	assert_string_equal(rig("gateway nft list ruleset | grep 'dnat ip'"), "");
	quit(term);
}

/* ---- IPv6, against our own server on a link-local address ---- */

static void a_link_local_server_is_asked_with_its_scope(void **state)
{
	const char *serve[] = {
		"tests/interop/rig",   getenv("RIG"), "gateway", "./pcpscope", "serve",
		"[fe80::1%lan0]:6351", NULL
	};
	struct term *server = term_open(&(struct term_config){ .argv = serve });

	(void)state;
	term_expect(server, "serving on [fe80::1");
	struct term *term = dashboard("-s", "[fe80::1%lan0]:6351");

	term_expect(term, "fe80::1");
	term_send(term, "s");
	term_expect(term, "✓ #1  ");
	term_expect(term, "[fe80::2");
	term_send(term, "\0332d");
	term_expect(term, "Nothing is mapped yet");
	quit(term);
	term_close(server);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_map_lets_connections_in_and_its_delete_ends_that,
				       fresh_server),
		cmocka_unit_test_setup(a_peer_shows_its_remote_end, fresh_server),
		cmocka_unit_test_setup(a_filter_is_answered_and_not_enforced, fresh_server),
		cmocka_unit_test_setup(a_get_is_refused_and_the_refusal_explained, fresh_server),
		cmocka_unit_test_setup(a_restart_is_noticed_by_its_announcement, fresh_server),
		cmocka_unit_test_setup(a_restart_is_noticed_by_its_epoch, fresh_server),
		cmocka_unit_test_setup(with_renewal_the_mapping_works_again_without_a_key,
				       fresh_server),
		cmocka_unit_test_setup(natpmp_maps_renews_and_deletes, fresh_server),
		cmocka_unit_test(a_link_local_server_is_asked_with_its_scope),
	};

	if (!getenv("RIG")) {
		fputs("tests/suites/miniupnpd runs this: it needs its hosts, named in $RIG\n",
		      stderr);
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
