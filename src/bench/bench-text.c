/* What came of a bench, for people and as JSON lines. */
#include "bencher.h"

#include <langinfo.h>
#include <string.h>

#include "json.h"
#include "text.h"
#include "words.h"

static int by_mappings(const struct load_point *a, const struct load_point *b)
{
	return (a->mappings > b->mappings) - (a->mappings < b->mappings);
}

size_t bench_steps(const struct load_result *table, struct load_point step[BENCH_STEPS])
{
	size_t n = table->npoint < BENCH_STEPS ? table->npoint : BENCH_STEPS;
	size_t made = 0;

	for (size_t i = 0; i < n; i++) {
		size_t first = i * table->npoint / n, end = (i + 1) * table->npoint / n;
		struct samples took = { 0 };

		for (size_t k = first; k < end; k++)
			(void)samples_add(&took, table->point[k].took);
		step[made] = (struct load_point){ table->point[end - 1].mappings,
						  samples_at(&took, 500) };
		if (!made || by_mappings(&step[made - 1], &step[made]) < 0)
			made++;
		samples_free(&took);
	}
	return made;
}

/* ---- for people ---- */

struct ms {
	char text[32];
};

/* "0.45 ms", "57 ms". */
static struct ms ms(usec took)
{
	struct ms ms;

	if (took < 10000)
		snprintf(ms.text, sizeof ms.text, "%lld.%02lld ms", (long long)took / 1000,
			 (long long)took % 1000 / 10);
	else
		snprintf(ms.text, sizeof ms.text, "%lld ms", (long long)(took + 500) / 1000);
	return ms;
}

static const char *result_of(uint8_t code)
{
	const struct pcp_result *result = pcp_result(code);

	return result ? result->name : "a result code that no document assigns";
}

static void write_kind(struct writer *out, const char *name, struct samples *took)
{
	if (took->count)
		write_note(out, "  %-7s %8zu   p50 %-8s p90 %-8s p99 %-8s p99.9 %-8s most %s", name,
			   took->count, ms(samples_at(took, 500)).text,
			   ms(samples_at(took, 900)).text, ms(samples_at(took, 990)).text,
			   ms(samples_at(took, 999)).text, ms(samples_at(took, 1000)).text);
}

static void write_refusals(struct writer *out, const struct load_result *result)
{
	for (unsigned code = 1; code < 256; code++)
		if (result->result[code])
			write_note(out, "  refused  %7llu   %s",
				   (unsigned long long)result->result[code],
				   result_of((uint8_t)code));
}

static void write_load(struct writer *out, const struct bench_report *report)
{
	const struct bench_config *config = report->config;
	struct load_result *load = report->load;

	if (config->rate)
		write_note(out, "load: %u request%s a second, latencies from when each was due",
			   config->rate, pcp_s(config->rate));
	else
		write_note(out, "load: %u request%s under way at once", config->window,
			   pcp_s(config->window));
	write_note(out, "  %llu sent, %llu answered, %llu lost", (unsigned long long)load->sent,
		   (unsigned long long)load->answered, (unsigned long long)load->lost);
	for (size_t kind = 0; kind < LOAD_KINDS; kind++)
		write_kind(out, load_kind_names[kind], &load->took[kind]);
	write_kind(out, "all", &load->all);
	write_refusals(out, load);
}

/* A bar for each step, as high as its latency; of a terminal without UTF-8, in ASCII. */
static void sparkline(const struct load_point *step, size_t n, char buf[BENCH_STEPS * 3 + 1])
{
	static const char *const fine[] = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
	static const char *const plain[] = { "_", ".", ":", "-", "=", "+", "*", "#" };
	const char *const *bar = strcmp(nl_langinfo(CODESET), "UTF-8") ? plain : fine;
	usec most = 1;

	*buf = '\0';
	for (size_t i = 0; i < n; i++)
		most = step[i].took > most ? step[i].took : most;
	for (size_t i = 0; i < n; i++)
		strcat(buf,
		       bar[(step[i].took * 8 - 1) / most < 0 ? 0 : (step[i].took * 8 - 1) / most]);
}

static void write_table(struct writer *out, const struct bench_report *report)
{
	struct load_point step[BENCH_STEPS];
	size_t n = bench_steps(report->table, step);
	char line[BENCH_STEPS * 3 + 1];

	if (n) {
		sparkline(step, n, line);
		write_note(out, "table: %s  a MAP takes %s among %u mapping%s, %s among %u", line,
			   ms(step[0].took).text, step[0].mappings, pcp_s(step[0].mappings),
			   ms(step[n - 1].took).text, step[n - 1].mappings);
	}
	if (report->full)
		write_note(out, "  %u mapping%s stood when it answered %s", report->largest,
			   pcp_s(report->largest), result_of(report->full));
	else if (report->table->lost)
		write_note(out, "  %u mapping%s stood; %llu request%s lost", report->largest,
			   pcp_s(report->largest), (unsigned long long)report->table->lost,
			   report->table->lost == 1 ? " was" : "s were");
	else
		write_note(out, "  %u mapping%s stood, and it would have taken more",
			   report->largest, pcp_s(report->largest));
}

static void write_restart(struct writer *out, const struct bench_report *report)
{
	if (report->restart->restarted)
		write_note(out, "restart: nothing was answered for %s",
			   ms(report->restart->outage).text);
	else
		write_note(out, "restart: none was seen in %llu s",
			   (unsigned long long)(report->config->restart / USEC_PER_SEC));
}

static void write_end(struct writer *out, const struct bench_report *report)
{
	if (report->left)
		write_note(out,
			   "deleted: %llu; %u more may stand for up to half an hour: their "
			   "deletion was refused, or not answered",
			   (unsigned long long)report->deleted, report->left);
	else
		write_note(out, "deleted: all %llu", (unsigned long long)report->deleted);
}

/* ---- as JSON ---- */

static void json_ms(struct json *json, const char *key, usec took)
{
	json_thousandths(json, key, (uint64_t)took);
}

static void json_percentiles(struct json *json, const char *key, struct samples *took)
{
	json_begin_object(json, key);
	json_uint(json, "count", took->count);
	json_ms(json, "p50", samples_at(took, 500));
	json_ms(json, "p90", samples_at(took, 900));
	json_ms(json, "p99", samples_at(took, 990));
	json_ms(json, "p999", samples_at(took, 999));
	json_ms(json, "most", samples_at(took, 1000));
	json_end(json);
}

static void json_load(struct json *json, const struct bench_report *report)
{
	struct load_result *load = report->load;

	json_begin_object(json, "load");
	json_uint(json, report->config->rate ? "rate" : "window",
		  report->config->rate ? report->config->rate : report->config->window);
	json_uint(json, "sent", load->sent);
	json_uint(json, "answered", load->answered);
	json_uint(json, "lost", load->lost);
	json_uint(json, "refused", load->refused);
	for (size_t kind = 0; kind < LOAD_KINDS; kind++)
		json_percentiles(json, load_kind_names[kind], &load->took[kind]);
	json_percentiles(json, "all", &load->all);
	json_end(json);
}

static void json_table(struct json *json, const struct bench_report *report)
{
	struct load_point step[BENCH_STEPS];
	size_t n = bench_steps(report->table, step);

	json_begin_object(json, "table");
	json_uint(json, "largest", report->largest);
	if (report->full)
		json_uint(json, "full", report->full);
	else
		json_none(json, "full");
	json_begin_array(json, "steps");
	for (size_t i = 0; i < n; i++) {
		json_begin_object(json, NULL);
		json_uint(json, "mappings", step[i].mappings);
		json_ms(json, "ms", step[i].took);
		json_end(json);
	}
	json_end(json);
	json_end(json);
}

static void json_report(struct writer *out, const struct bench_report *report)
{
	struct json json = json_line(out);

	while (json_pass(&json)) {
		json_begin_object(&json, "bench");
		if (report->load)
			json_load(&json, report);
		if (report->table)
			json_table(&json, report);
		if (report->restart && report->restart->restarted)
			json_ms(&json, "outage", report->restart->outage);
		else if (report->restart)
			json_none(&json, "outage");
		json_uint(&json, "deleted", report->deleted);
		json_uint(&json, "left", report->left);
		json_end(&json);
	}
}

void bench_write(struct writer *out, const struct bench_report *report)
{
	if (out->json) {
		json_report(out, report);
		return;
	}
	if (report->load)
		write_load(out, report);
	if (report->table)
		write_table(out, report);
	if (report->restart)
		write_restart(out, report);
	write_end(out, report);
}
