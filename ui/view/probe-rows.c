/* Probe: what is listed: the profile, the groups, the cases of those that are unfolded, and
 * whatever is wrong. */
#include "probe-page.h"

#include <string.h>

const char *probe_group_name(char letter)
{
	for (size_t g = 0; g < probe_ngroups; g++)
		if (probe_groups[g]->letter == letter)
			return probe_groups[g]->name;
	return NULL;
}

/* ---- what is known of a row ---- */

const struct probe_line *probe_row_line(const struct probe_page *page, const struct probe_row *row)
{
	if (!page->probe || row->kind < PROBE_ROW_CASE)
		return NULL;
	if (row->kind == PROBE_ROW_RULE)
		return probe_line_at(page->probe, row->at);
	return page->line[row->at] ? probe_line_at(page->probe, page->line[row->at] - 1) : NULL;
}

const struct probe_case *probe_row_case(const struct probe_page *page, const struct probe_row *row)
{
	const struct probe_line *line = probe_row_line(page, row);

	if (row->kind < PROBE_ROW_CASE)
		return NULL;
	return line ? line->row : probe_case_at(row->at);
}

bool probe_row_is_fault(const struct probe_page *page, const struct probe_row *row)
{
	const struct probe_line *line = probe_row_line(page, row);

	return line && line->verdict >= PROBE_WEAK;
}

size_t probe_next_fault(const struct probe_page *page, int by)
{
	size_t i = page->list.cursor + (size_t)by; /* below 0 it is beyond the end */

	for (; i < page->nrow; i += (size_t)by)
		if (probe_row_is_fault(page, &page->row[i]))
			return i;
	return page->nrow;
}

static void count_case(const struct probe_page *page, size_t i, struct probe_tally *tally)
{
	const struct probe_case *row = probe_case_at(i);
	const struct probe_line *line =
		page->line[i] ? probe_line_at(page->probe, page->line[i] - 1) : NULL;

	if (line)
		tally->verdict[line->verdict]++;
	else if (probe_stage(page->probe, row) == PROBE_UNASKED)
		tally->unasked++;
	else
		tally->to_come++;
	if (probe_stage(page->probe, row) == PROBE_UNASKED)
		tally->flags |= row->flags;
	/* The one that asks, rather than one that waits for its time. */
	if (probe_stage(page->probe, row) == PROBE_RUNNING &&
	    (!tally->running || row == page->asks))
		tally->running = row;
}

struct probe_tally probe_tally(const struct probe_page *page, char letter)
{
	struct probe_tally tally = { .to_come = 0 };

	for (size_t i = 0; i < probe_ncases(); i++)
		if (!letter || probe_case_at(i)->id[0] == letter)
			count_case(page, i, &tally);
	for (size_t i = 0; i < probe_nlines(page->probe); i++) {
		const struct probe_line *line = probe_line_at(page->probe, i);

		tally.faults += line->rule && (!letter || line->row->id[0] == letter);
	}
	return tally;
}

/* ---- the rows ---- */

static void add(struct probe_page *page, enum probe_row_kind kind, size_t at)
{
	if (page->nrow < PROBE_ROWS_MAX)
		page->row[page->nrow++] = (struct probe_row){ kind, at };
}

static void add_rules(struct probe_page *page, const struct probe_case *row)
{
	for (size_t i = 0; i < probe_nlines(page->probe); i++)
		if (probe_line_at(page->probe, i)->rule &&
		    probe_line_at(page->probe, i)->row == row)
			add(page, PROBE_ROW_RULE, i);
}

static void add_group(struct probe_page *page, char letter)
{
	add(page, PROBE_ROW_GROUP, (size_t)letter);
	for (size_t i = 0; i < probe_ncases(); i++) {
		const struct probe_row row = { PROBE_ROW_CASE, i };

		if (probe_case_at(i)->id[0] != letter)
			continue;
		if (page->open[letter - 'A'] || probe_row_is_fault(page, &row))
			add(page, PROBE_ROW_CASE, i);
		add_rules(page, probe_case_at(i));
	}
}

/* Where each case's verdict stands; a rule's line tells of something else. */
static void place_lines(struct probe_page *page)
{
	memset(page->line, 0, sizeof page->line);
	for (size_t i = 0; i < probe_nlines(page->probe); i++) {
		const struct probe_line *line = probe_line_at(page->probe, i);

		if (!line->rule)
			page->line[probe_case_index(line->row)] = i + 1;
	}
}

static bool is_in_group(const struct probe_page *page, const struct probe_row *row, size_t letter)
{
	const struct probe_case *case_ = probe_row_case(page, row);

	return case_ && (size_t)case_->id[0] == letter;
}

/* What the cursor was on; folded away, its group. */
static void keep_cursor(struct probe_page *page)
{
	for (size_t i = 0; i < page->nrow; i++) {
		const struct probe_row *row = &page->row[i];

		if ((row->kind == page->at.kind && row->at == page->at.at) ||
		    (row->kind == PROBE_ROW_GROUP && is_in_group(page, &page->at, row->at)))
			page->list.cursor = i;
	}
	if (page->list.cursor < page->nrow)
		page->at = page->row[page->list.cursor];
}

void probe_rows(struct probe_page *page)
{
	page->nrow = 0;
	if (!page->probe)
		return;
	place_lines(page);
	probe_progress(page->probe, &page->done, &page->all, &page->asks);
	add(page, PROBE_ROW_PROFILE, 0);
	for (char letter = 'A'; letter <= 'Z'; letter++)
		if (probe_group_name(letter))
			add_group(page, letter);
	keep_cursor(page);
	page->list.count = page->nrow;
}
