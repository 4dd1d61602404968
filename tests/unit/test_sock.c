/* Sockets over loopback: addresses in and out, and ICMP's word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "burst.h"
#include "doorway.h"
#include "sock.h"

static struct pcp_endpoint at(const char *typed)
{
	struct pcp_endpoint endpoint;
	struct pcp_why why;

	assert_true(pcp_endpoint_parse(typed, 0, &endpoint, &why));
	return endpoint;
}

static int bound(const char *typed, struct pcp_endpoint *local)
{
	struct pcp_endpoint wanted = at(typed);
	struct pcp_why why;
	int fd = pcp_sock_open(&wanted, NULL, &why);

	assert_true(fd >= 0);
	assert_true(pcp_sock_local(fd, local));
	assert_int_not_equal(local->port, 0);
	return fd;
}

/* Loopback delivers at once; the bound only keeps a broken test from hanging. */
static void readable(int fd)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(fd, &set);
	assert_int_equal(select(fd + 1, &set, NULL, NULL, &(struct timeval){ 60, 0 }), 1);
}

static void round_trip(const char *listen, const char *reach)
{
	struct pcp_endpoint a, b, from, to;
	int fd_a = bound(reach, &a), fd_b = bound(listen, &b);
	struct pcp_endpoint target = at(reach);
	uint8_t octets[64];

	target.port = b.port;
	assert_true(pcp_sock_send(fd_a, NULL, &target, (const uint8_t *)"ping", 4));
	readable(fd_b);
	assert_int_equal(pcp_sock_receive(fd_b, octets, sizeof octets, &from, &to), 4);
	assert_memory_equal(octets, "ping", 4);
	assert_true(pcp_endpoint_same(&from, &a));
	assert_true(pcp_endpoint_same(&to, &target)); /* the address asked, not the wildcard */
	assert_true(pcp_sock_send(fd_b, &to, &from, (const uint8_t *)"pong!", 5));
	readable(fd_a);
	assert_int_equal(pcp_sock_receive(fd_a, octets, sizeof octets, &from, &to), 5);
	assert_true(pcp_endpoint_same(&from, &target));
	assert_int_equal(pcp_sock_receive(fd_a, octets, sizeof octets, &from, &to), -1);
	close(fd_a);
	close(fd_b);
}

static void v4(void **state)
{
	(void)state;
	round_trip("127.0.0.1", "127.0.0.1");
}

static void v4_wildcard(void **state)
{
	(void)state;
	round_trip("0.0.0.0", "127.0.0.2");
}

static void v6(void **state)
{
	(void)state;
	round_trip("::1", "::1");
}

static void port_unreachable(void **state)
{
	struct pcp_endpoint local, gone, to;
	int fd_gone = bound("127.0.0.1", &gone), fd = bound("127.0.0.1", &local);
	const char *what;

	(void)state;
	close(fd_gone);
	assert_true(pcp_sock_send(fd, NULL, &gone, (const uint8_t *)"x", 1));
	readable(fd);
	assert_true(pcp_sock_error(fd, &to, &what));
	assert_string_equal(what, "port unreachable");
	assert_true(pcp_endpoint_same(&to, &gone));
	assert_false(pcp_sock_error(fd, &to, &what));
	/* and the error does not cost the next datagram */
	fd_gone = bound("127.0.0.1", &gone);
	assert_true(pcp_sock_send(fd, NULL, &gone, (const uint8_t *)"y", 1));
	readable(fd_gone);
	close(fd_gone);
	close(fd);
}

static void port_taken(void **state)
{
	struct pcp_endpoint local;
	struct pcp_why why;
	bool in_use;
	int fd = bound("127.0.0.1", &local);

	(void)state;
	assert_int_equal(pcp_sock_open(&local, &in_use, &why), -1);
	assert_true(in_use);
	assert_non_null(strstr(why.text, "127.0.0.1"));
	close(fd);
}

static void source_of_loopback(void **state)
{
	struct pcp_endpoint to = at("127.0.0.1:5351"), source;
	struct pcp_why why;
	char text[ENDPOINT_TEXT];

	(void)state;
	assert_true(pcp_sock_source(&to, &source, &why));
	assert_int_equal(source.port, 0);
	pcp_addr_text(source.addr, text, sizeof text);
	assert_string_equal(text, "127.0.0.1");
}

/* A flood is taken in bursts, and nothing of it is lost by that. */
static void a_burst_ends(void **state)
{
	struct pcp_endpoint a, b;
	int from = bound("127.0.0.1", &a), to = bound("127.0.0.1", &b);
	uint8_t octet = 0;

	(void)state;
	for (octet = 0; octet < BURST + 3; octet++)
		assert_true(pcp_sock_send(from, NULL, &b, &octet, 1));
	readable(to);
	for (uint8_t next = 0, end = BURST; end <= BURST + 3; end += 3) {
		struct burst burst = { .fd = to };
		const char *what;

		assert_false(burst_error(&burst, &what));
		for (; next < end; next++) {
			assert_int_equal(burst_receive(&burst, &octet, 1), 1);
			assert_int_equal(octet, next);
			assert_true(pcp_endpoint_same(&burst.from, &a));
			assert_true(pcp_endpoint_same(&burst.to, &b));
		}
		assert_int_equal(burst_receive(&burst, &octet, 1), -1);
	}
	close(from);
	close(to);
}

struct host {
	struct loop *loop;
	int guest, turns;
};

static void came(void *arg, int guest, usec now)
{
	struct host *host = arg;

	(void)now;
	host->guest = guest;
	loop_stop(host->loop);
}

static void turn(void *arg, usec now)
{
	(void)now;
	((struct host *)arg)->turns++;
}

/* Who knocks while descriptors are out is let in later, and meanwhile the loop does not spin. */
static void a_guest_waits_for_a_descriptor(void **state)
{
	struct pcp_endpoint local = at("127.0.0.1");
	struct host host = { .loop = loop_new(), .guest = -1 };
	struct rlimit limit, few;
	struct doorway doorway;
	struct pcp_why why;
	int fd = pcp_sock_listen(&local, &why), knocking, next;

	(void)state;
	assert_true(fd >= 0 && pcp_sock_local(fd, &local));
	assert_true(doorway_begin(&doorway, host.loop, fd, came, &host));
	loop_idle(host.loop, turn, &host);
	knocking = pcp_sock_connect(&local, &local, &why);
	assert_true(knocking >= 0);
	readable(fd);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	few = limit;
	few.rlim_cur = (rlim_t)knocking + 1;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	loop_run(host.loop, loop_now(host.loop) + USEC_PER_SEC / 10);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_int_equal(host.guest, -1);
	assert_in_range(host.turns, 1, 3);
	/* valgrind keeps to the limit by itself: it takes the first guest and lets it go. */
	next = pcp_sock_connect(&local, &local, &why);
	loop_run(host.loop, USEC_NEVER);
	assert_true(host.guest >= 0);
	doorway_end(&doorway);
	doorway_end(&doorway);
	loop_free(host.loop);
	close(host.guest);
	close(knocking);
	close(next);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(v4),		cmocka_unit_test(v4_wildcard),
		cmocka_unit_test(v6),		cmocka_unit_test(port_unreachable),
		cmocka_unit_test(port_taken),	cmocka_unit_test(source_of_loopback),
		cmocka_unit_test(a_burst_ends), cmocka_unit_test(a_guest_waits_for_a_descriptor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
