/* Reads what earlier sessions saved, file by file, and keeps the mappings that still live. */
#include "recover.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger.h"
#include "replay.h"

enum { NONCES_FIRST = 64 };
/* RFC 6887 15: no lifetime is believed beyond a day, so what is older cannot live. */
#define TOO_OLD (25 * 3600 * USEC_PER_SEC)

/* A saved session that is being read. */
struct source {
	struct capture *capture;
	struct capture_datagram next; /* valid while capture is open */
	bool lab, live;
	struct source *after;
};

struct recover {
	const char *dir;
	usec now;
	struct capture_file *file;
	size_t nfile, opened;
	struct source *sources; /* open ones */
	struct fold *fold;
	uint8_t (*held)[PCP_NONCE_LEN]; /* nonces that running sessions use */
	size_t nheld, cap;
	struct recovered *found;
	size_t nfound;
	bool over;	    /* all is read */
	struct pcp_why why; /* something is not believed */
};

/* ---- reading the sessions side by side, in order of time ---- */

static void close_source(struct recover *recover, struct source *source)
{
	struct source **link = &recover->sources;

	while (*link != source)
		link = &(*link)->after;
	*link = source->after;
	capture_close(source->capture);
	free(source);
}

/* The next datagram that counts; false at the end, and where the file is damaged. What comes from
 * the future was saved before the clock was set back: it is taken for what happened last, so that
 * it neither ends the lifetimes of others nor has more than its own. */
static bool refill(const struct recover *recover, struct source *source)
{
	for (;;) {
		switch (capture_next(source->capture, &source->next)) {
		case CAPTURE_DATAGRAM:
			if (source->lab && pcp_addr_is_loopback(source->next.from.addr))
				continue; /* that lab is gone, and what it granted too */
			if (source->next.wall > recover->now)
				source->next.wall = recover->now;
			return true;
		case CAPTURE_PASSED:
			continue;
		case CAPTURE_WAITS: /* for what is followed alone */
		case CAPTURE_END:
		case CAPTURE_BROKEN:
			return false;
		}
	}
}

static void open_source(struct recover *recover, const struct capture_file *file)
{
	char path[CAPTURE_PATH_MAX + sizeof file->name];
	struct source *source;
	struct pcp_why why;

	if (file->changed + TOO_OLD < recover->now || !(source = calloc(1, sizeof *source)))
		return;
	snprintf(path, sizeof path, "%s/%s", recover->dir, file->name);
	source->capture = capture_open(path, NULL, 0, &why);
	source->lab = file->lab;
	source->live = file->live;
	source->after = recover->sources;
	recover->sources = source;
	if (!source->capture || !refill(recover, source))
		close_source(recover, source);
}

/* Of several at the same time the one that was opened first. */
static struct source *earliest(const struct recover *recover)
{
	struct source *first = recover->sources;

	for (struct source *s = first; s; s = s->after)
		if (s->next.wall <= first->next.wall)
			first = s;
	return first;
}

/* The session that has the next datagram of all. Files are opened when their time comes, so that no
 * more are open than there were sessions at the same time. */
static struct source *next_source(struct recover *recover)
{
	struct source *first = earliest(recover);

	while (recover->opened < recover->nfile &&
	       (!first || recover->file[recover->opened].from <= first->next.wall)) {
		open_source(recover, &recover->file[recover->opened++]);
		first = earliest(recover);
	}
	return first;
}

/* ---- what running sessions hold ---- */

static void hold(struct recover *recover, const struct capture_datagram *datagram)
{
	const uint8_t *nonce = datagram->octets + PCP_HEADER_LEN;
	uint8_t(*grown)[PCP_NONCE_LEN];

	if (!datagram->sent || datagram->len < PCP_HEADER_LEN + PCP_NONCE_LEN)
		return;
	if (recover->nheld == recover->cap) {
		size_t cap = recover->cap ? 2 * recover->cap : NONCES_FIRST;

		grown = realloc(recover->held, cap * sizeof *grown);
		if (!grown)
			return;
		recover->held = grown;
		recover->cap = cap;
	}
	memcpy(recover->held[recover->nheld++], nonce, PCP_NONCE_LEN);
}

static int by_octets(const void *a, const void *b)
{
	return memcmp(a, b, PCP_NONCE_LEN);
}

static bool is_held(const struct recover *recover, const struct pcp_mapping *mapping)
{
	return recover->nheld && bsearch(mapping->nonce, recover->held, recover->nheld,
					 sizeof *recover->held, by_octets);
}

/* ---- what is left ---- */

static bool same_record(const struct capture_datagram *a, const struct capture_datagram *b)
{
	return a->wall == b->wall && a->len == b->len && pcp_endpoint_same(&a->from, &b->from) &&
	       pcp_endpoint_same(&a->to, &b->to) && memcmp(a->octets, b->octets, a->len) == 0;
}

/* A segment begins with what is needed of the one before, in the same order: who reads both meets
 * it twice, and takes it once. */
static void pass_carried(struct recover *recover, const struct source *source)
{
	for (struct source *s = recover->sources, *after; s; s = after) {
		after = s->after;
		if (s != source && same_record(&s->next, &source->next) && !refill(recover, s))
			close_source(recover, s);
	}
}

static void fold_one(struct recover *recover, struct source *source)
{
	pass_carried(recover, source);
	if (source->live)
		hold(recover, &source->next);
	fold_take(recover->fold, &source->next);
	if (!refill(recover, source))
		close_source(recover, source);
}

static void collect(struct recover *recover)
{
	const struct pcp_client *client = fold_client(recover->fold);
	size_t n = pcp_client_nmappings(client);

	recover->found = n ? calloc(n, sizeof *recover->found) : NULL;
	for (size_t i = 0; recover->found && i < n; i++) {
		const struct pcp_mapping *mapping = pcp_client_mapping_at(client, i);
		const struct pcp_client_server *server = pcp_client_server(client, mapping->server);

		if (!server || !ledger_may_live(mapping, recover->now) || is_held(recover, mapping))
			continue;
		recover->found[recover->nfound++] =
			(struct recovered){ .mapping = *mapping,
					    .server = server->config.endpoint[0],
					    .source = server->config.source,
					    .version = server->version };
	}
}

struct recover *recover_begin(const char *dir, usec now)
{
	struct recover *recover = calloc(1, sizeof *recover);

	if (!recover || !(recover->fold = fold_new(NULL, false))) {
		recover_free(recover);
		return NULL;
	}
	recover->dir = dir;
	recover->now = now;
	recover->file = capture_files(dir, &recover->nfile, &recover->why);
	return recover;
}

const char *recover_distrusted(const struct recover *recover)
{
	return recover->why.text;
}

bool recover_read(struct recover *recover, size_t most)
{
	struct source *source;

	for (; most; most--) {
		source = next_source(recover);
		if (!source)
			break;
		fold_one(recover, source);
	}
	if (most && !recover->over) {
		recover->over = true;
		if (recover->nheld)
			qsort(recover->held, recover->nheld, sizeof *recover->held, by_octets);
		fold_advance(recover->fold, recover->now);
		collect(recover);
	}
	return !recover->over;
}

void recover_free(struct recover *recover)
{
	if (!recover)
		return;
	while (recover->sources)
		close_source(recover, recover->sources);
	fold_free(recover->fold);
	free(recover->file);
	free(recover->held);
	free(recover->found);
	free(recover);
}

size_t recover_count(const struct recover *recover)
{
	return recover->nfound;
}

bool recover_held(const struct recover *recover)
{
	return recover->nheld > 0;
}

const struct recovered *recover_at(const struct recover *recover, size_t i)
{
	return &recover->found[i];
}
