/*
 * How many keys common jobs take, values included. The keys are the data: what they are said to do
 * shows after them, and more of them than a job may take fail it. Each count is printed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dash.h"

#define DOWN  "\033[B"
#define RIGHT "\033[C"
#define F3    "\033OR"
#define F4    "\033OS"

enum { STEPS = 14 };

struct step {
	const char *keys, *shows; /* and before the next keys: "!text" is gone */
};

struct job {
	const char *name;
	struct step before[3]; /* commands, which are not counted */
	struct step step[STEPS];
	unsigned most;
};

static const struct job jobs[] = {
	{ "MAP with PREFER_FAILURE, two FILTERs and a DESCRIPTION",
	  { { NULL, NULL } },
	  { { "4443\r4443\r", "Suggested port    4443" },
	    { "op\r", "PREFER_FAILURE" },
	    { "of\r", "Prefix length" },
	    { "24\r" DOWN "198.51.100.0\r", "198.51.100.0" },
	    { "of\r", "!Add an option" },
	    { DOWN DOWN "192.0.2.7\r", "192.0.2.7" },
	    { "od\r", "!Add an option" },
	    { "web\r", "DESCRIPTION" },
	    { "s", "✓ #1  203.0.113.9:4443 → 127.0.0.1:4443" } },
	  56 },
	{ "PEER with THIRD_PARTY",
	  { { NULL, NULL } },
	  { { RIGHT "5060\r", "Internal port     5060" },
	    { DOWN DOWN "5061\r", "Remote port       5061" },
	    { "203.0.113.50\r", "Remote address    203.0.113.50" },
	    { "ot\r", "!Add an option" },
	    { "10.9.8.7\r", "10.9.8.7" },
	    { "s", "✓ #1  203.0.113.9:5060 → 10.9.8.7:5060 tcp for 1:00:00" } },
	  39 },
	{ "the same as a command",
	  { { NULL, NULL } },
	  { { ":peer 5060 0 tcp 5061 203.0.113.50 -tp 10.9.8.7\r",
	      "✓ #1  203.0.113.9:5060 → 10.9.8.7:5060 tcp for 1:00:00" } },
	  48 },
	{ "a malformed RAW: a reserved octet that is not zero",
	  { { NULL, NULL } },
	  { { "E\r", "hex digits overwrite" },
	    { RIGHT RIGHT RIGHT RIGHT "ff", "Reserved octets of REQUEST are not zero" },
	    { "\rs", "3 Exchanges 1" } },
	  10 },
	{ "why was it refused",
	  { { "map 8080 5351 udp -pf", "✗ #1  " } },
	  { { "", "✗ #1  CANNOT_PROVIDE_EXTERNAL: udp 5351 is not to be had" } },
	  0 },
	{ "a fault of the lab on", { { NULL, NULL } }, { { "L ", "■ drop" } }, 2 },
	{ "and off, and the panel away",
	  { { "lab drop=1", "In force" } },
	  { { "L", "■ drop" }, { " ", "□ drop" }, { "L", "!L Lab" } },
	  3 },
	{ "mappings sorted by the time that is left",
	  { { "map 8080 8080 tcp -des web", "✓ #1  " }, { "map 5000 5000 udp -lt 600", "✓ #2  " } },
	  { { F3 "oti\r", "by time left" } },
	  5 },
	{ "those that contain a word",
	  { { "map 8080 8080 tcp -des web", "✓ #1  " }, { "map 5000 5000 udp -lt 600", "✓ #2  " } },
	  { { F3 "/web\r", "1 with 'web'" } },
	  6 },
	{ "the last two answers compared",
	  { { "map 8080 8080 tcp -des web", "✓ #1  " }, { "map 5000 5000 udp -lt 600", "✓ #2  " } },
	  { { F4 "mkm=", "Compare  message 4 and message 2" } },
	  5 },
};
enum { JOBS = sizeof jobs / sizeof *jobs };

/* A key is a character or a sequence of one: Esc, `[` or `O`, and a letter. */
static size_t key_len(const char *keys)
{
	return keys[0] == '\033' && keys[1] ? 3 : 1;
}

static unsigned press(struct term *term, const char *keys)
{
	unsigned n = 0;
	char key[4];

	for (; *keys; n++, keys += strlen(key)) {
		snprintf(key, sizeof key, "%.*s", (int)key_len(keys), keys);
		term_send(term, key);
	}
	return n;
}

static void expect(struct term *term, const char *shows)
{
	if (*shows == '!')
		term_expect_gone(term, shows + 1);
	else
		term_expect(term, shows);
}

static void a_job_takes_few_keys(void **state)
{
	const struct job *job = *state;
	struct term *term = dash_open(&(struct dash){ .words = NULL });
	unsigned n = 0;

	for (size_t i = 0; i < sizeof job->before / sizeof *job->before && job->before[i].keys;
	     i++) {
		dash_command(term, job->before[i].keys);
		expect(term, job->before[i].shows);
	}
	for (size_t i = 0; i < STEPS && job->step[i].keys; i++) {
		n += press(term, job->step[i].keys);
		expect(term, job->step[i].shows);
	}
	print_message("%3u keys: %s\n", n, job->name);
	assert_true(n <= job->most);
	term_close(term);
}

/* What the server has of the first job's MAP. */
static void the_map_arrived_whole(void **state)
{
	struct term *term = dash_open(&(struct dash){ .rows = 40, .cols = 120 });

	(void)state;
	for (size_t i = 0; i < STEPS && jobs[0].step[i].keys; i++) {
		press(term, jobs[0].step[i].keys);
		term_settle(term, 50);
	}
	term_expect(term, "MAP tcp 4443 PF \"web\" F2");
	dash_command(term, "get -next -mo 3/128");
	term_expect(term, "web");
	term_expect(term, "the list is whole");
	dash_quit(term);
}

int main(void)
{
	struct CMUnitTest tests[JOBS + 1];

	for (size_t i = 0; i < JOBS; i++)
		tests[i] = (struct CMUnitTest){ jobs[i].name, a_job_takes_few_keys, NULL, NULL,
						(void *)(uintptr_t)&jobs[i] };
	tests[JOBS] = (struct CMUnitTest)cmocka_unit_test(the_map_arrived_whole);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
