/* What counts down: never more than was granted, one second a second. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "session-private.h"
#include "waiting.h"

static struct session session;
static struct ui_config config;

/* What a frame at `now` shows of the time until `until`. */
static const char *shown(usec now, usec until)
{
	static char text[48];
	struct ui ui = { .session = &session,
			 .config = &config,
			 .now = shown_moment(now),
			 .tick_at = USEC_NEVER };

	left_text(&ui, until, text, sizeof text);
	return text;
}

/* Granted at any part of a second and drawn at once, an hour is an hour. */
static void no_more_than_granted(void **state)
{
	(void)state;
	for (usec part = 0; part < USEC_PER_SEC; part += 12347) {
		usec granted = 7000 * USEC_PER_SEC + part;
		usec until = granted + 3600 * USEC_PER_SEC;

		assert_string_equal(shown(granted, until), "1:00:00");
		assert_string_equal(shown(granted + USEC_PER_SEC - 1 - part, until), "1:00:00");
		assert_string_equal(shown(granted + USEC_PER_SEC - part, until), "0:59:59");
		assert_string_equal(shown(until, until), "0:00:00");
		assert_string_equal(shown(until + 99, until), "0:00:00");
	}
	assert_string_equal(shown(5, USEC_NEVER), "0:00:00");
}

static void coarse_where_it_is_read_aloud(void **state)
{
	(void)state;
	config.plain = true;
	assert_string_equal(shown(10 * USEC_PER_SEC, 3610 * USEC_PER_SEC), "60 min");
	assert_string_equal(shown(11 * USEC_PER_SEC, 3610 * USEC_PER_SEC), "60 min");
	assert_string_equal(shown(70 * USEC_PER_SEC, 3610 * USEC_PER_SEC), "59 min");
	assert_string_equal(shown(3609 * USEC_PER_SEC, 3610 * USEC_PER_SEC), "1 min");
	config.plain = false;
}

static void tries_are_numbered(void **state)
{
	static const struct {
		uint32_t sends;
		const char *text;
	} rows[] = { { 0, "1st try in 0:00:03" },    { 1, "2nd try in 0:00:03" },
		     { 2, "3rd try in 0:00:03" },    { 3, "4th try in 0:00:03" },
		     { 10, "11th try in 0:00:03" },  { 20, "21st try in 0:00:03" },
		     { 111, "112th try in 0:00:03" } };
	struct ui ui = { .session = &session, .config = &config, .tick_at = USEC_NEVER };
	char text[64];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		next_try_text(&ui, rows[i].sends, 3 * USEC_PER_SEC, text, sizeof text);
		assert_string_equal(text, rows[i].text);
	}
	assert_int_equal(ui.tick_at, USEC_PER_SEC); /* it wants to be drawn again then */
	next_try_text(&ui, 4, USEC_NEVER, text, sizeof text);
	assert_string_equal(text, "waiting");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_more_than_granted),
		cmocka_unit_test(coarse_where_it_is_read_aloud),
		cmocka_unit_test(tries_are_numbered),
	};

	return cmocka_run_group_tests_name("waiting", tests, NULL, NULL);
}
