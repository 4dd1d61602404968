/* Following GET and NEXT, without a network: the test is the server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "walk.h"

enum { LIST_MAX = 64 };

/* A server with `n` mappings, of which it tells `page` at a time, locator included. */
struct server {
	size_t n, page;
	uint8_t version;
	bool circles, never_ends;
};

static void set16(uint8_t *at, size_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/* The fixed part of the i-th mapping's NEXT, counted from 1; its length. */
static size_t put_mapping(const struct server *server, size_t i, uint8_t *data)
{
	size_t skip = server->version == 1 ? PCP_NONCE_LEN : 0;

	memset(data, 0, 56);
	if (!skip)
		memset(data, (int)i, PCP_NONCE_LEN);
	data[12 - skip] = 6;
	memcpy(data + 16 - skip + 10, "\xff\xff\x0a\x00\x00\x01", 6);
	memcpy(data + 32 - skip + 10, "\xff\xff\xcb\x00\x71\x05", 6);
	set16(data + 50 - skip, 100 + i);
	set16(data + 52 - skip, 8000 + i);
	set16(data + 54 - skip, 9000 + i);
	return 56 - skip;
}

/* Which mapping the request's locator names; 0: none, start from the beginning. */
static size_t located(const struct server *server, const struct walk *walk)
{
	size_t skip = server->version == 1 ? PCP_NONCE_LEN : 0;
	const uint8_t *port = walk->request.octets + walk->next + 52 - skip;
	size_t at = (size_t)(port[0] << 8 | port[1]);

	return at ? at - 8000 : 0;
}

static size_t serve(const struct server *server, const struct walk *walk, uint8_t *answer)
{
	size_t first = located(server, walk), len = 64, last;

	memcpy(answer, walk->request.octets, len);
	answer[1] = PCP_GET | PCP_R;
	answer[3] = server->n ? PCP_SUCCESS : PCP_NONEXIST_MAP;
	first = first ? first : 1;
	for (size_t i = first; server->n && i < first + server->page; i++) {
		size_t which = server->circles ? (i - 1) % server->n + 1 : i, data;

		if (which > server->n)
			break;
		memcpy(answer + len, "\x83\0\0", 4);
		data = put_mapping(server, which, answer + len + 4);
		set16(answer + len + 2, data);
		last = len + 4 + 15 - (server->version == 1 ? PCP_NONCE_LEN : 0);
		answer[last] = which == server->n && !server->circles && !server->never_ends;
		len += 4 + data;
	}
	return len;
}

struct seen {
	size_t n;
	uint16_t port[4 * LIST_MAX];
	uint8_t nonce[4 * LIST_MAX];
	uint32_t lifetime;
};

static void see(void *arg, const struct walk_entry *entry)
{
	struct seen *seen = arg;

	assert_true(seen->n < 4 * LIST_MAX);
	assert_int_equal(entry->protocol, 6);
	assert_int_equal(entry->external_port, entry->internal_port + 1000);
	assert_int_equal(entry->external[12], 0xcb);
	seen->nonce[seen->n] = entry->nonce[11];
	seen->lifetime = entry->lifetime;
	seen->port[seen->n++] = entry->internal_port;
}

static void begin(struct walk *walk, uint8_t version)
{
	static const uint8_t me[PCP_ADDR_LEN] = { [10] = 0xff, [11] = 0xff, [12] = 10, [15] = 1 };
	struct pcp_edit edit = { .len = 0 };

	pcp_edit_request(&edit, version, PCP_GET, me, 0);
	assert_true(walk_begin(walk, &edit));
}

static struct seen walk_to_end(const struct server *server, struct walk *walk)
{
	struct seen seen = { .n = 0 };
	uint8_t answer[8192];

	begin(walk, server->version);
	for (size_t i = 0; walk->state == WALK_GOING; i++) {
		assert_true(i < 1000);
		walk_answer(walk, answer, serve(server, walk, answer), see, &seen);
	}
	return seen;
}

static const struct row {
	const char *name;
	struct server server;
	enum walk_state end;
	size_t entries, requests;
} rows[] = {
	{ "nothing", { 0, 17, 2, false, false }, WALK_DONE, 0, 1 },
	{ "one", { 1, 17, 2, false, false }, WALK_DONE, 1, 1 },
	{ "one answer", { 17, 17, 2, false, false }, WALK_DONE, 17, 1 },
	{ "two answers", { 18, 17, 2, false, false }, WALK_DONE, 18, 2 },
	{ "many answers", { 60, 5, 2, false, false }, WALK_DONE, 60, 15 },
	{ "two at a time", { 9, 2, 2, false, false }, WALK_DONE, 9, 8 },
	{ "version 1", { 40, 7, 1, false, false }, WALK_DONE, 40, 7 },
	{ "one at a time stalls", { 9, 1, 2, false, false }, WALK_STALLED, 1, 2 },
	{ "no END stalls", { 9, 5, 2, false, true }, WALK_STALLED, 9, 3 },
	{ "a circle is noticed", { 9, 5, 2, true, false }, WALK_CIRCLES, 24, 6 },
	{ "a circle of two", { 2, 2, 2, true, false }, WALK_CIRCLES, 3, 3 },
};

static void test_walk(void **state)
{
	const struct row *row = *state;
	struct walk walk;
	struct seen seen = walk_to_end(&row->server, &walk);

	assert_int_equal(walk.state, row->end);
	assert_true(strlen(walk_sentence(&walk)) > 0);
	assert_int_equal(walk.entries, seen.n);
	assert_int_equal(seen.n, row->entries);
	assert_int_equal(walk.requests, row->requests);
	for (size_t i = 0; i < seen.n; i++) {
		size_t which = i % row->server.n + 1;

		assert_int_equal(seen.port[i], 8000 + which);
		assert_int_equal(seen.nonce[i], row->server.version == 1 ? 0 : which);
	}
	if (seen.n)
		assert_int_equal(seen.lifetime, 100 + (seen.n - 1) % row->server.n + 1);
}

/* A table that goes on for ever is followed so far, and that is what is said. */
static void test_without_end(void **state)
{
	const struct server server = { 60000, 100, 2, false, true };
	uint8_t answer[8192];
	struct walk walk;

	(void)state;
	begin(&walk, 2);
	for (size_t i = 0; walk.state == WALK_GOING; i++) {
		assert_true(i < WALK_ENTRIES_MAX);
		walk_answer(&walk, answer, serve(&server, &walk, answer), NULL, NULL);
	}
	assert_int_equal(walk.state, WALK_LONG);
	assert_int_equal(walk.entries, WALK_ENTRIES_MAX);
	assert_non_null(strstr(walk_sentence(&walk), "longer than 16384 entries"));
}

/* ---- answers that are none ---- */

static void test_refused(void **state)
{
	const struct server server = { 3, 5, 2, false, false };
	struct walk walk;
	uint8_t answer[8192];
	size_t len;

	(void)state;
	begin(&walk, 2);
	len = serve(&server, &walk, answer);
	answer[3] = PCP_UNSUPP_OPCODE;
	assert_int_equal(walk_answer(&walk, answer, len, NULL, NULL), WALK_REFUSED);
	assert_int_equal(walk.result, PCP_UNSUPP_OPCODE);
}

static void test_other_version(void **state)
{
	uint8_t answer[64] = { 0, PCP_GET | PCP_R };
	struct walk walk;

	(void)state;
	begin(&walk, 2);
	assert_int_equal(walk_answer(&walk, answer, sizeof answer, NULL, NULL), WALK_BROKEN);
}

/* Cut anywhere, it is read as far as it goes and never beyond. */
static void test_cut(void **state)
{
	const struct server server = { 3, 5, 2, false, false };
	struct walk walk;
	uint8_t answer[8192];
	size_t len;

	(void)state;
	begin(&walk, 2);
	len = serve(&server, &walk, answer);
	for (size_t cut = 0; cut < len; cut++) {
		struct seen seen = { .n = 0 };
		uint8_t part[8192];

		begin(&walk, 2);
		memcpy(part + sizeof part - cut, answer, cut);
		walk_answer(&walk, part + sizeof part - cut, cut, see, &seen);
		assert_int_equal(seen.n, cut < 64 ? 0 : (cut - 64) / 60);
		assert_int_not_equal(walk.state, WALK_DONE);
	}
}

/* The request names what it wants; the codes stay in every request that follows. */
static void test_wanted_stays(void **state)
{
	static const uint8_t me[PCP_ADDR_LEN] = { [10] = 0xff, [11] = 0xff, [12] = 10, [15] = 1 };
	const struct server server = { 9, 5, 2, false, false };
	struct pcp_edit edit = { .len = 0 };
	struct walk walk;
	uint8_t answer[8192];

	(void)state;
	pcp_edit_request(&edit, 2, PCP_GET, me, 0);
	pcp_edit_add_option(&edit, PCP_NEXT, NULL, 0);
	assert_true(pcp_edit_set(&edit, "options[0].next.wanted", "3/128", NULL));
	assert_true(pcp_edit_set(&edit, "options[0].next.end", "1", NULL));
	assert_true(walk_begin(&walk, &edit));
	assert_int_equal(walk.request.octets[walk.next + 15], 0);
	walk_answer(&walk, answer, serve(&server, &walk, answer), NULL, NULL);
	assert_int_equal(walk.state, WALK_GOING);
	assert_int_equal(located(&server, &walk), 5);
	assert_memory_equal(walk.request.octets + walk.next + 56, "\x03\x80\0\0", 4);
	assert_memory_equal(walk.request.octets + walk.next + 48, "\0\0\0\0", 4);
}

int main(void)
{
	struct CMUnitTest tests[sizeof rows / sizeof rows[0] + 5];
	size_t n = 0;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		tests[n++] = (struct CMUnitTest){ rows[i].name, test_walk, NULL, NULL,
						  (void *)(uintptr_t)&rows[i] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_without_end);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_refused);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_other_version);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_cut);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_wanted_stays);
	return _cmocka_run_group_tests("walk", tests, n, NULL, NULL);
}
