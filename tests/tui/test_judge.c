/* One judge: of a packet with a wrong client address Compose, Decode, Exchanges, text, JSON and the
 * capture say the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "dash.h"

#define REQUEST "map 8080 8080 tcp -client 10.9.9.9 -no 0x0102030405060708090a0b0c"
/* All that there is to say of it, in order of offset. */
#define FINDING "client-address-mismatch"

static char path[64];

static int begin(void **state)
{
	int fd;

	(void)state;
	strcpy(path, "/tmp/pcpscope-XXXXXX");
	fd = mkstemp(path);
	return fd < 0 ? -1 : close(fd);
}

static int end(void **state)
{
	(void)state;
	return unlink(path);
}

/* What the program prints of a packet, the first one, for each finding: its rule. */
static void rules_of_first(const char *command, bool json, char *rules, size_t cap)
{
	FILE *out = popen(command, "r");
	char line[16384];
	size_t n = 0, packets = 0;

	assert_non_null(out);
	*rules = '\0';
	while (fgets(line, sizeof line, out)) {
		const char *key = json ? "\"rule\":\"" : " at 0", *at = line;

		packets += *line != ' ';
		while (packets == 1 && (at = strstr(at, key))) {
			const char *rule = json ? at + strlen(key) : strrchr(line, '[') + 1;

			n += (size_t)snprintf(rules + n, cap - n, "%s%.*s", n ? " " : "",
					      (int)strcspn(rule, "\","), rule);
			at += strlen(key);
		}
	}
	assert_int_equal(pclose(out) & 0xff, 0);
	assert_true(packets > 0);
}

static void expect_rules(const char *words)
{
	char command[512], rules[1024];

	for (int json = 0; json < 2; json++) {
		snprintf(command, sizeof command, "%s %s %s 2>&1", dash_program(),
			 json ? "--json" : "", words);
		rules_of_first(command, json, rules, sizeof rules);
		assert_string_equal(rules, FINDING);
	}
}

static void in_the_dashboard(void **state)
{
	struct term *term =
		dash_open(&(struct dash){ .rows = 50, .cols = 160, .option = { "-w", path } });

	(void)state;
	dash_command(term, REQUEST);
	term_expect(term, "ADDRESS_MISMATCH");
	/* Exchanges: a mark in its line, and the name below the request itself. */
	term_send(term, "\033OSg"); /* F4 */
	term_expect(term, "MAP tcp 8080 ▲1");
	term_send(term, " ");
	term_expect(term, "MAP tcp 8080 3600 s");
	term_send(term, "gj");
	term_expect(term, "request #1, ▲ 1 rule broken: " FINDING);
	/* Decode */
	term_send(term, "\0334gn");
	term_expect(term, FINDING " (RFC 6887 8.1)");
	/* Compose, of a request that was not sent yet */
	term_send(term, "\0331gjjjjjj"); /* the automatic ones come last */
	term_expect_gone(term, FINDING);
	term_send(term, "\r\02510.9.9.9\rk");
	term_expect(term, FINDING " (RFC 6887 8.1)");
	dash_quit(term);
}

static void of_the_capture(void **state)
{
	char words[128];

	(void)state;
	snprintf(words, sizeof words, "decode -r %s", path);
	expect_rules(words);
}

static void on_the_command_line(void **state)
{
	(void)state;
	expect_rules("--lab=127.0.0.1:0 --no-save " REQUEST);
	expect_rules("--lab=127.0.0.1:0 --no-save " REQUEST " -dry-run");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_the_dashboard),
		cmocka_unit_test(of_the_capture),
		cmocka_unit_test(on_the_command_line),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
