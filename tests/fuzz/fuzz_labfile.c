/*
 * Any text as the lab's configuration file, and as the words behind --lab=: taken, or refused with
 * the line and a reason and that line without effect. A lab that was set up by it can be set up the
 * same by the words that it shows, and lives on under them: requests and an hour of time.
 */
#include <string.h>

#include "fuzz.h"
#include "lab.h"
#include "labspec.h"
#include "tiling.h"

enum { TEXT_MAX = 2100, VALUES_MAX = 8192, WORDS_MAX = 6, TICKS_MAX = 200000 };
#define NOON (1000 * USEC_PER_SEC)
#define HOUR (3600 * USEC_PER_SEC)

static struct pcp_node node[PCP_NODES_MAX];

static void sent(void *arg, const struct pcp_endpoint *from, const struct pcp_endpoint *to,
		 const uint8_t *octets, size_t len)
{
	struct pcp_packet packet;

	(void)arg, (void)from, (void)to;
	expect(len <= 1500, "an answer longer than a frame");
	pcp_decode(&packet, octets, len, PCP_DIRECTION_GUESS, 0, node, PCP_NODES_MAX);
}

static void noted(void *arg, usec now, const char *line)
{
	(void)arg, (void)now;
	expect(!text_fault(line), "a line of the lab that must not reach a terminal");
}

static struct lab *a_lab(struct pcp_rng *rng)
{
	struct lab *lab;

	pcp_rng_seeded(rng, 7);
	lab = lab_new(NOON, rng, (struct lab_io){ .send = sent, .note = noted });
	expect(lab != NULL, "no memory");
	return lab;
}

/* All that words have set, a line each. */
static void values(const struct lab *lab, char text[VALUES_MAX])
{
	struct lab_word row;
	size_t used = 0;

	for (size_t i = 0; lab_word_at(i, &row); i++) {
		size_t len = lab_word_text(lab, i, text + used, VALUES_MAX - used - 1);

		expect(len < VALUES_MAX - used - 1, "values beyond their bound");
		used += len;
		if (len)
			text[used++] = '\n';
		text[used] = '\0';
	}
}

/* Word by word: what is refused has a reason and has changed nothing. */
static void one_by_one(struct lab *lab, const char *text)
{
	static char before[VALUES_MAX], after[VALUES_MAX];
	char word[LABSPEC_WORD_MAX];
	struct pcp_endpoint at;
	struct pcp_why why;
	bool is_address, fixed;

	values(lab, before);
	for (int i = 0; i < WORDS_MAX && labspec_next(&text, word, &is_address); i++) {
		why.text[0] = '\0';
		if (is_address ? labspec_address(word, &at, &fixed, &why)
			       : lab_set(lab, NOON, word, &why)) {
			values(lab, before);
			continue;
		}
		values(lab, after);
		expect(*why.text, "a word refused without a reason");
		expect(!strcmp(before, after), "a word refused, yet something changed");
	}
}

/* What the lab shows of its words sets another one up the same. */
static void shown_again(const struct lab *lab)
{
	static char shown[VALUES_MAX], again[VALUES_MAX];
	struct pcp_why why = { .text = "" };
	struct pcp_rng rng;
	struct lab *other = a_lab(&rng);

	values(lab, shown);
	if (!lab_load(other, NOON, shown, &why)) {
		fprintf(stderr, "%s\n%s", why.text, shown);
		abort();
	}
	values(other, again);
	if (strcmp(shown, again)) {
		fprintf(stderr, "%s--- set again:\n%s", shown, again);
		abort();
	}
	lab_free(other);
}

/* Each switch of the panel can be pressed and turned. */
static void switched(struct lab *lab)
{
	struct lab_switch row;
	struct pcp_why why;
	char word[256];

	for (size_t i = 0; lab_switch_at(lab, NOON, i, &row); i++) {
		expect(row.level <= 100 && !text_fault(row.value), "a switch that cannot be shown");
		lab_switch_step(lab, NOON, i, 1, word, sizeof word);
		expect(lab_set(lab, NOON, word, &why), "a step up that is refused");
		lab_switch_step(lab, NOON, i, -1, word, sizeof word);
		expect(lab_set(lab, NOON, word, &why), "a step down that is refused");
	}
}

/* A client that asks for a mapping now and then, for an hour. */
static void lived_in(struct lab *lab)
{
	static const uint8_t map[60] = {
		2,   PCP_MAP, [6] = 0x0e, 0x10,	    [18] = 0xff, 0xff,	      192,
		168, 5,	      100,	  [24] = 1, [36] = 6,	 [40] = 0x1f, 0x90
	};
	struct pcp_endpoint from, to;
	int ticks = 0;

	pcp_endpoint_parse("192.168.5.100:4000", 0, &from, NULL);
	pcp_endpoint_parse("192.168.5.1:5351", 0, &to, NULL);
	for (usec now = NOON; now < NOON + HOUR; now += HOUR / 8) {
		lab_receive(lab, now, &from, &to, map, sizeof map);
		for (usec due; (due = lab_next(lab)) < now + HOUR / 8; ticks++) {
			expect(ticks < TICKS_MAX, "a lab that does nothing but tick");
			lab_tick(lab, due > now ? due : now);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[TEXT_MAX + 1];
	struct pcp_why why = { .text = "" };
	struct pcp_rng rng;
	struct lab *lab;

	if (size > TEXT_MAX)
		return 0;
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	lab = a_lab(&rng);
	if (!lab_load(lab, NOON, text, &why))
		expect(!strncmp(why.text, "line ", 5), "a file refused without its line");
	one_by_one(lab, text);
	shown_again(lab);
	switched(lab);
	lived_in(lab);
	lab_free(lab);
	return 0;
}
