/*
 * No key that is pressed twice, or three times, ends the program while mappings stand: every key
 * of the table of bindings and every character, in every place; and behind the question that `q`
 * asks, every one but those that say yes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "actions.h"
#include "places.h"
#include "vocabulary.h"

enum { KEYS_MAX = 512, TIMES = 3 };

static struct {
	char octets[8], name[16];
	bool yes; /* an answer to the question that ends it */
} keys[KEYS_MAX];
static size_t nkeys;

/* ^Z is the shell's: it stops the program, and fg goes on. */
static void add_key(const char *octets, const char *name, bool yes)
{
	size_t i = 0;

	while (i < nkeys && strcmp(keys[i].octets, octets) != 0)
		i++;
	if (i == nkeys && nkeys < KEYS_MAX && strcmp(octets, "\032") != 0) {
		snprintf(keys[i].octets, sizeof keys[i].octets, "%s", octets);
		snprintf(keys[i].name, sizeof keys[i].name, "%s", name);
		nkeys++;
	}
	if (i < nkeys)
		keys[i].yes |= yes;
}

static void add_binding(const struct keymap *map, const struct binding *binding)
{
	const ui_key *key = map->key[binding - ui_bindings];
	bool yes = binding->run == act_yes || binding->run == act_also;
	char name[16];

	for (size_t i = 0; i < KEYS_PER_BINDING && key[i]; i++) {
		ui_key_name(key[i], name, sizeof name);
		add_key(vocabulary_key(name), name, yes);
	}
}

/* Those of the table, every character of a keyboard, and what comes with Ctrl or Alt. */
static void list_keys(void)
{
	static struct keymap map;
	char octets[3] = "", name[16];

	keymap_init(&map);
	for (size_t i = 0; i < ui_nbindings; i++)
		add_binding(&map, &ui_bindings[i]);
	for (int c = 1; c < 0x80; c++) {
		octets[0] = (char)c;
		snprintf(name, sizeof name, c < ' ' ? "^%c" : "%c", c < ' ' ? c + '@' : c);
		add_key(octets, name, c == '\n'); /* which is Enter, too */
	}
	for (int n = 1; n <= 12; n++) {
		snprintf(name, sizeof name, "F%d", n);
		add_key(vocabulary_key(name), name, false);
	}
	octets[0] = '\033';
	for (int c = 'a'; c <= 'z'; c++) {
		octets[1] = (char)c;
		snprintf(name, sizeof name, "M-%c", c);
		add_key(octets, name, false);
	}
}

/* With mappings that stand: a key before may have deleted or lost them, or left a place from which
 * there is no way here. */
static void stand_there(struct term **term, const struct place *place)
{
	term_send(*term, place->again);
	term_settle(*term, 5);
	if (term_shows(*term, place->shows) && term_shows(*term, "● "))
		return;
	term_close(*term);
	*term = place_open(place);
	term_send(*term, place->again);
	term_expect(*term, place->shows);
	assert_true(term_shows(*term, "● "));
}

/* Whichever of the times ends it. */
static void press(struct term *term, const struct place *place, const char *before, size_t key)
{
	for (int times = 0; times < TIMES; times++)
		term_send(term, keys[key].octets);
	if (term_ended(term))
		fail_msg("%s%s, pressed up to %d times, ends it in %s", before, keys[key].name,
			 TIMES, place->name);
}

static void no_key_ends_it(void **state)
{
	const struct place *place = *state;
	struct term *term = place_open(place);
	bool asked = strcmp(place->shows, "End?") == 0;

	for (size_t i = 0; i < nkeys; i++) {
		if (asked && keys[i].yes)
			continue;
		stand_there(&term, place);
		press(term, place, "", i);
	}
	term_close(term);
}

/* The key that asks, and then another. */
static void nor_behind_the_question(void **state)
{
	const struct place *place = *state;
	struct term *term = place_open(place);

	for (size_t i = 0; i < nkeys; i++) {
		if (keys[i].yes)
			continue;
		stand_there(&term, place);
		term_send(term, "q");
		press(term, place, "q and ", i);
	}
	term_close(term);
}

/* While one mapping is being deleted, and when it is, the others are asked about. */
static void nor_what_is_deleted_meanwhile(void **state)
{
	struct term *term = dash_open(&(struct dash){ .words = "delay=200ms" });

	(void)state;
	dash_command(term, "map 80 80 tcp");
	dash_command(term, "map 81 81 tcp");
	dash_command(term, "map 82 82 tcp");
	term_expect(term, "● 3");
	term_send(term, "\033ORgddqqq"); /* asks, stays, asks */
	term_expect(term, "End?");
	assert_false(term_ended(term));
	term_send(term, "\033");
	term_expect_gone(term, "End?");
	term_expect(term, "● 2");
	term_send(term, "qqqq");
	assert_false(term_ended(term));
	term_expect_gone(term, "End?");
	/* The last ones go while the question stands: the second q still says no. */
	dash_command(term, "forget 2");
	term_expect_gone(term, "127.0.0.1:81 ");
	term_send(term, "Gdq"); /* what was deleted stays in sight a while */
	term_expect(term, "End?");
	term_expect_gone(term, "● ");
	term_expect_gone(term, "◌ ");
	assert_false(term_ended(term));
	term_send(term, "q");
	term_expect_gone(term, "End?");
	assert_false(term_ended(term));
	term_send(term, "q"); /* nothing stands, and nothing is asked */
	term_expect_exit(term, 0);
	term_close(term);
}

static bool is_pane(const struct place *place)
{
	return (place->where & IN_PANES) != 0 && !(place->where & IN_CAPTURE);
}

int main(void)
{
	static char names[2 * PLACES_MAX][64];
	struct CMUnitTest tests[2 * PLACES_MAX + 1];
	size_t n = 0;

	if (!vocabulary_learn("xterm-256color"))
		return 1;
	list_keys();
	for (size_t i = 0; i < place_count; i++) {
		snprintf(names[n], sizeof names[n], "no key ends it in %s", places[i].name);
		tests[n] = (struct CMUnitTest){ names[n], no_key_ends_it, NULL, NULL,
						(void *)(uintptr_t)&places[i] };
		n++;
		if (!is_pane(&places[i]))
			continue;
		snprintf(names[n], sizeof names[n], "nor behind the question in %s",
			 places[i].name);
		tests[n] = (struct CMUnitTest){ names[n], nor_behind_the_question, NULL, NULL,
						(void *)(uintptr_t)&places[i] };
		n++;
	}
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(nor_what_is_deleted_meanwhile);
	return _cmocka_run_group_tests("every key", tests, n, places_start, places_stop);
}
