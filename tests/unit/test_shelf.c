/* Memory of the log: pieces that go in the order in which they came, and pieces that go in any. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pool.h"
#include "random.h"
#include "shelf.h"

enum { PIECES = 20000, STANDING = 700 };

/* Each piece keeps what was written into it for as long as it stands, however many come and go. */
static void pieces_stand(void **state)
{
	struct shelf shelf = { 0 };
	struct pcp_rng rng;
	uint8_t *piece[STANDING] = { 0 };
	size_t len[STANDING] = { 0 };

	(void)state;
	pcp_rng_seeded(&rng, 3);
	for (size_t i = 0; i < PIECES; i++) {
		size_t at = i % STANDING;

		for (size_t k = 0; piece[at] && k < len[at]; k++)
			assert_int_equal(piece[at][k], (uint8_t)(i - STANDING));
		if (piece[at])
			shelf_drop(&shelf); /* the oldest: just that one */
		len[at] = 1 + (size_t)pcp_rng_below(&rng, i % 97 ? 400 : 400000);
		piece[at] = shelf_take(&shelf, len[at]);
		assert_non_null(piece[at]);
		assert_int_equal((uintptr_t)piece[at] % sizeof(void *), 0);
		memset(piece[at], (uint8_t)i, len[at]);
	}
	for (size_t i = 0; i < STANDING; i++)
		shelf_drop(&shelf);
	shelf_free(&shelf);
}

static void neighbours_share_a_board(void **state)
{
	struct shelf shelf = { 0 };
	char *one, *two;

	(void)state;
	assert_false(shelf_beside(&shelf, 1)); /* beside what? */
	one = shelf_take(&shelf, 100);
	assert_true(shelf_beside(&shelf, 100));
	two = shelf_take(&shelf, 100);
	assert_ptr_equal(two, one + 104);
	assert_false(shelf_beside(&shelf, SIZE_MAX));
	assert_false(shelf_beside(&shelf, 10000000));
	assert_non_null(shelf_take(&shelf, 10000000));
	assert_false(shelf_beside(&shelf, 1)); /* that board is full */
	shelf_free(&shelf);
}

static void what_has_gone_is_used_again(void **state)
{
	struct pool pool = { 0 };
	uint64_t *piece[1000];

	(void)state;
	for (size_t i = 0; i < 1000; i++) {
		piece[i] = pool_take(&pool, 24);
		assert_non_null(piece[i]);
		piece[i][0] = piece[i][1] = piece[i][2] = i;
	}
	for (size_t i = 0; i < 1000; i++)
		assert_true(piece[i][0] == i && piece[i][1] == i && piece[i][2] == i);
	pool_give(&pool, piece[500]);
	pool_give(&pool, piece[3]);
	assert_ptr_equal(pool_take(&pool, 24), piece[3]);
	assert_ptr_equal(pool_take(&pool, 24), piece[500]);
	pool_free(&pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_stand),
		cmocka_unit_test(neighbours_share_a_board),
		cmocka_unit_test(what_has_gone_is_used_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
