/*
 * Any octets as a whole capture file: read, folded into a log and a mapping table, each message
 * decoded and judged; then the same file moment by moment, and once more through a pipe as a
 * capture that grows. The table of a moment is the same however it was reached.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "judge.h"
#include "replay.h"
#include "tiling.h"

enum { A_TURN = 7, PIPE_HOLDS = 65536 };

static struct judge judge;

static void fit(const char *text)
{
	const char *fault = text_fault(text);

	expect(!fault, fault);
}

/* A file in memory; its name in path. */
static int file_of(const uint8_t *data, size_t size, char *path, size_t cap)
{
	int fd = memfd_create("capture", MFD_CLOEXEC);

	expect(fd >= 0 && write(fd, data, size) == (ssize_t)size, "no file");
	snprintf(path, cap, "/proc/self/fd/%d", fd);
	return fd;
}

/* ---- what was read ---- */

static void check_message(const struct log *log, size_t i)
{
	struct pcp_finding finding[PCP_FINDINGS_MAX];
	const struct message *message = log_message_at(log, i);
	size_t n = judge_message(&judge, log, message, 0, finding, PCP_FINDINGS_MAX);
	const char *fault = tiling_fault(&judge.packet);

	expect(!fault, fault);
	expect(message->len <= message->whole, "more octets than were on the wire");
	fit(message->reason);
	for (size_t k = 0; k < n && k < PCP_FINDINGS_MAX; k++) {
		expect(finding[k].off + finding[k].len <= judge.packet.len,
		       "a finding beyond the end");
		fit(finding[k].text);
	}
}

static void check_counts(const struct replay *replay, const struct log *log)
{
	const struct capture_counts *counts = capture_counts(replay_capture(replay));
	char remarks[4096];

	expect(counts->datagrams + counts->errors <= counts->packets, "datagrams miscounted");
	expect(replay_count(replay) <= counts->packets, "more datagrams than packets");
	expect(log_nmessages(log) + log_dropped(log) <= counts->datagrams,
	       "more messages than datagrams");
	capture_remarks(replay_capture(replay), remarks, sizeof remarks);
	fit(remarks);
	fit(capture_broken(replay_capture(replay)));
}

/* The table as one number. */
static uint64_t table(struct pcp_client *client)
{
	uint64_t sum = 14695981039346656037u;

	for (size_t i = 0; i < pcp_client_nmappings(client); i++) {
		const struct pcp_mapping *row = pcp_client_mapping_at(client, i);
		uint64_t what[] = { row->id,
				    row->state,
				    row->internal_port,
				    row->external_port,
				    row->lifetime,
				    (uint64_t)row->expires_at,
				    row->result,
				    row->external[15],
				    row->nonce[11] };

		fit(row->description);
		for (size_t k = 0; k < sizeof what / sizeof *what; k++)
			sum = (sum ^ what[k]) * 1099511628211u;
	}
	return sum;
}

/* ---- three ways through it ---- */

/* Goes to a moment; false: the file does not let us. */
static bool went(struct replay *replay, uint64_t at)
{
	for (int turns = 0; !replay_seek(replay, at, A_TURN); turns++)
		expect(turns < 10000, "a moment that never comes");
	return !*replay_trouble(replay);
}

static void check_moments(struct replay *replay)
{
	uint64_t end = replay_count(replay), half = end / 2, last, middle;

	if (!went(replay, end))
		return;
	last = table(replay_client(replay));
	if (!went(replay, half))
		return;
	middle = table(replay_client(replay));
	if (went(replay, 0))
		expect(pcp_client_nmappings(replay_client(replay)) == 0, "rows before the start");
	if (went(replay, half))
		expect(table(replay_client(replay)) == middle, "another table in the middle");
	if (went(replay, end))
		expect(table(replay_client(replay)) == last, "another table at the end");
}

static bool as_file(const char *path, uint64_t *count, uint64_t *sum)
{
	struct log *log = log_new(0);
	struct pcp_why why = { .text = "" };
	struct replay *replay = replay_open(path, NULL, 0, log, &why);

	expect(replay || *why.text, "a file refused without a reason");
	if (replay) {
		while (replay_read(replay, A_TURN))
			;
		expect(!replay_reading(replay), "it reads on, and says that it does not");
		for (size_t i = 0; i < log_nmessages(log); i++)
			check_message(log, i);
		check_counts(replay, log);
		*count = replay_count(replay);
		*sum = table(replay_client(replay));
		check_moments(replay);
	}
	replay_free(replay);
	log_free(log);
	return replay != NULL;
}

/* The writer's pieces end in the middle of records. */
static void as_pipe(const uint8_t *data, size_t size, bool known, uint64_t count, uint64_t sum)
{
	struct log *log = log_new(0);
	struct pcp_why why = { .text = "" };
	size_t piece = size ? 1 + data[size - 1] * 4u : 1;
	struct replay *replay;
	int fd[2];

	expect(pipe2(fd, O_CLOEXEC | O_NONBLOCK) == 0, "no pipe");
	replay = replay_follow(fd[0], "pipe", NULL, 0, log, &why);
	expect(replay != NULL, why.text);
	for (size_t at = 0; at < size; at += piece) {
		size_t len = size - at < piece ? size - at : piece;

		expect(write(fd[1], data + at, len) >= 0 || !replay_reading(replay),
		       "the pipe is not read");
		while (replay_read(replay, A_TURN))
			;
	}
	close(fd[1]);
	for (int turns = 0; replay_reading(replay); turns++) {
		expect(turns < 100, "the end of a pipe that is not seen");
		while (replay_read(replay, A_TURN))
			;
	}
	/* One with other record headers, which libpcap knows, is told to be none as a stream. */
	if (known && !strstr(capture_broken(replay_capture(replay)), "it is no capture")) {
		expect(replay_count(replay) == count, "a pipe holds another number of datagrams");
		expect(table(replay_client(replay)) == sum, "a pipe makes another table");
	}
	replay_free(replay);
	log_free(log);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t count = 0, sum = 0;
	char path[64];
	bool known;
	int fd;

	if (size > PIPE_HOLDS)
		return 0;
	fd = file_of(data, size, path, sizeof path);
	known = as_file(path, &count, &sum);
	as_pipe(data, size, known, count, sum);
	close(fd);
	return 0;
}
