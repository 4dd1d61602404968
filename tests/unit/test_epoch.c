/* When an epoch tells of a loss: every second of the tables of RFC 6887 8.5 and RFC 6886 3.6, at
 * both edges, and the smallest and largest numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "epoch.h"

struct row {
	uint32_t then;
	int64_t elapsed;
	uint32_t first, last; /* epochs that may follow */
};

static const struct row pcp[] = {
	{ 1000, 0, 999, 1002 },	  { 1000, 2, 1000, 1004 },
	{ 1000, 10, 1008, 1012 }, { 1000, 160, 1148, 1172 },
	{ 0, 0, 0, 2 },		  { 100, 9, 107, 111 },
	{ 1, 100, 93, 109 },	  { UINT32_MAX, 0, UINT32_MAX - 1, UINT32_MAX },
};

static const struct row natpmp[] = {
	{ 100, 9, 106, UINT32_MAX }, { 100, 8, 105, UINT32_MAX },  { 100, 10, 107, UINT32_MAX },
	{ 0, 0, 0, UINT32_MAX },     { 1000, 0, 998, UINT32_MAX }, { 1000, 3600, 4148, UINT32_MAX },
};

static void edges(const struct row *row, bool (*goes_on)(uint32_t, uint32_t, int64_t))
{
	assert_true(goes_on(row->then, row->first, row->elapsed));
	assert_true(goes_on(row->then, row->last, row->elapsed));
	if (row->first > 0)
		assert_false(goes_on(row->then, row->first - 1, row->elapsed));
	if (row->last < UINT32_MAX)
		assert_false(goes_on(row->then, row->last + 1, row->elapsed));
}

static void keeps_pace(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof pcp / sizeof *pcp; i++)
		edges(&pcp[i], pcp_epoch_goes_on);
}

static void seven_eighths(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof natpmp / sizeof *natpmp; i++)
		edges(&natpmp[i], pcp_epoch_goes_on_natpmp);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_pace),
		cmocka_unit_test(seven_eighths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
