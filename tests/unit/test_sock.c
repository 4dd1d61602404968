/* Sockets over loopback: addresses in and out, and ICMP's word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>

#include <cmocka.h>

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(v4),	      cmocka_unit_test(v4_wildcard),
		cmocka_unit_test(v6),	      cmocka_unit_test(port_unreachable),
		cmocka_unit_test(port_taken), cmocka_unit_test(source_of_loopback),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
