/* Memory of the log: pieces that go in the order in which they came, pieces that go in any, and the
 * last answer about each mapping. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "grants.h"
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
		assert_int_equal((uintptr_t)piece[at] % sizeof(uint64_t), 0);
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

/* However many there are, each has its last one; what is older than the log's oldest may be
 * forgotten. */
static void the_last_of_each_is_found(void **state)
{
	struct grants grants = { 0 };

	(void)state;
	assert_int_equal(grants_last(&grants, 7), 0);
	for (uint32_t id = 1; id <= 30000; id++) {
		uint32_t about = id % 1000 * 64; /* which all lie in the same places at first */

		assert_int_equal(grants_last(&grants, about), id > 1000 ? id - 1000 : 0);
		grants_note(&grants, about, id, 1);
	}
	assert_in_range(grants.cap, 1000, 4096);
	for (uint32_t id = 30001; id <= 60000; id++)
		grants_note(&grants, id, id, id - 100);
	assert_in_range(grants.cap, 100, 65536);
	for (uint32_t id = 59901; id <= 60000; id++)
		assert_int_equal(grants_last(&grants, id), id);
	grants_free(&grants);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_stand),
		cmocka_unit_test(neighbours_share_a_board),
		cmocka_unit_test(what_has_gone_is_used_again),
		cmocka_unit_test(the_last_of_each_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
