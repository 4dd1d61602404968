/* Captures: what is written is read again; every link type; files that lie or break off. */
#include "capture_rig.h"

#include <sys/resource.h>
#include <sys/stat.h>

enum { RAW = 101, ETHERNET = 1, SLL = 113, SLL2 = 276, BSD_NULL = 0, LOOP = 108, WIFI = 105 };

/* ---- crafted files ---- */

static void put(FILE *file, const void *octets, size_t len)
{
	assert_int_equal(fwrite(octets, 1, len, file), len);
}

static FILE *craft(uint32_t linktype)
{
	const uint32_t header[] = { 0xa1b2c3d4, 2 | 4 << 16, 0, 0, 65535, linktype };
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	put(file, header, sizeof header);
	return file;
}

static void packet(FILE *file, const void *octets, size_t len, size_t wire)
{
	const uint32_t record[] = { 1000, 5, (uint32_t)len, (uint32_t)wire };

	put(file, record, sizeof record);
	put(file, octets, len);
}

/* 192.0.2.1:4000 -> 192.0.2.2:5351, a NAT-PMP question */
static const uint8_t v4[] = { 0x45, 0,	 0, 30, 0, 0,	 0,    0,    64,   17, 0,  0, 192, 0, 2,
			      1,    192, 0, 2,	2, 0x0f, 0xa0, 0x14, 0xe7, 0,  10, 0, 0,   0, 0 };

struct link_case {
	const char *name;
	uint32_t linktype;
	size_t len;
	uint8_t header[32];
};

static const struct link_case link_cases[] = {
	{ "raw", RAW, 0, { 0 } },
	{ "ethernet", ETHERNET, 14, { [12] = 8, [13] = 0 } },
	{ "vlan", ETHERNET, 18, { [12] = 0x81, [13] = 0, [16] = 8 } },
	{ "qinq", ETHERNET, 22, { [12] = 0x88, [13] = 0xa8, [16] = 0x81, [20] = 8 } },
	{ "cooked", SLL, 16, { [14] = 8 } },
	{ "cooked v2", SLL2, 20, { [0] = 8 } },
	{ "null", BSD_NULL, 4, { 2 } },
	{ "loop", LOOP, 4, { [3] = 2 } },
};

static struct capture *open_it(void)
{
	struct pcp_why why;
	struct capture *capture = capture_open(path, NULL, 0, &why);

	if (!capture)
		fail_msg("%s", why.text);
	return capture;
}

static void reads_every_link_type(void **state)
{
	for (size_t i = 0; i < sizeof link_cases / sizeof *link_cases; i++) {
		const struct link_case *c = &link_cases[i];
		struct capture_datagram datagram;
		uint8_t octets[128] = { 0 };
		FILE *file = craft(c->linktype);
		struct endpoint to = at("192.0.2.2:5351");

		(void)state;
		memcpy(octets, c->header, c->len);
		memcpy(octets + c->len, v4, sizeof v4);
		packet(file, octets, c->len + sizeof v4 + 7, c->len + sizeof v4 + 7); /* padded */
		/* Cut anywhere, it is never read beyond its end. */
		for (size_t cut = 0; cut < c->len + sizeof v4; cut++)
			packet(file, octets, cut, c->len + sizeof v4);
		fclose(file);
		struct capture *capture = open_it();

		assert_int_equal(capture_next(capture, &datagram), CAPTURE_DATAGRAM);
		assert_true(endpoint_same(&datagram.to, &to));
		assert_int_equal(datagram.len, 2);
		assert_true(datagram.sent);
		assert_false(datagram.cut);
		assert_true(datagram.wall == 1000 * USEC_PER_SEC + 5);
		enum capture_result result;

		while ((result = capture_next(capture, &datagram)) != CAPTURE_END)
			assert_int_not_equal(result, CAPTURE_BROKEN);
		assert_int_equal(capture_counts(capture)->packets, c->len + sizeof v4 + 1);
		assert_int_equal(capture_counts(capture)->cut, 2);
		capture_close(capture);
	}
}

static void fragments_are_counted_not_guessed(void **state)
{
	struct capture_datagram datagram;
	uint8_t first[sizeof v4], later[sizeof v4];
	uint8_t six[40 + 8 + 10] = { 0x60, 0, 0, 0, 0, 18, 44, 64, [40] = 17, [43] = 1 };
	uint8_t atomic[sizeof six];
	FILE *file = craft(RAW);
	char remarks[CAPTURE_TEXT];

	(void)state;
	memcpy(first, v4, sizeof v4);
	first[6] = 0x20;
	memcpy(later, v4, sizeof v4);
	later[7] = 4;
	memcpy(atomic, six, sizeof six);
	atomic[43] = 0;
	memcpy(atomic + 48, v4 + 20, 10);
	packet(file, first, sizeof first, sizeof first);
	packet(file, later, sizeof later, sizeof later);
	packet(file, six, sizeof six, sizeof six);
	packet(file, atomic, sizeof atomic, sizeof atomic);
	fclose(file);
	struct capture *capture = open_it();

	for (int i = 0; i < 3; i++)
		assert_int_equal(capture_next(capture, &datagram), CAPTURE_PASSED);
	assert_int_equal(capture_next(capture, &datagram), CAPTURE_DATAGRAM);
	assert_int_equal(capture_counts(capture)->fragments, 3);
	capture_remarks(capture, remarks, sizeof remarks);
	assert_non_null(strstr(remarks, "3 fragments of UDP datagrams, from packet 1 on"));
	capture_close(capture);
}

static void damage_is_located(void **state)
{
	struct capture_datagram datagram;
	FILE *file = craft(RAW);
	const uint32_t record[] = { 1, 1, 40, 40 };

	(void)state;
	packet(file, v4, sizeof v4, sizeof v4);
	put(file, record, sizeof record);
	put(file, v4, 5);
	fclose(file);
	struct capture *capture = open_it();

	assert_int_equal(capture_next(capture, &datagram), CAPTURE_DATAGRAM);
	for (int i = 0; i < 2; i++)
		assert_int_equal(capture_next(capture, &datagram), CAPTURE_BROKEN);
	assert_non_null(strstr(capture_broken(capture), "packet 2, at octet 70 of the file"));
	capture_close(capture);
}

static void other_files_are_refused_in_words(void **state)
{
	struct pcp_why why;
	FILE *file = craft(WIFI);

	(void)state;
	fclose(file);
	assert_null(capture_open(path, NULL, 0, &why));
	assert_non_null(strstr(why.text, "IEEE802_11"));
	assert_null(capture_open(dir, NULL, 0, &why));
	assert_non_null(strstr(why.text, "directory"));
	assert_null(capture_open("/nowhere/x", NULL, 0, &why));
	assert_non_null(strstr(why.text, "No such file"));
}

/* Every octet of a small file flipped: no crash, no read beyond it (under the sanitizers). */
static void hostile_files(void **state)
{
	uint8_t file_octets[24 + 16 + sizeof v4];
	struct capture_datagram datagram;
	struct pcp_why why;
	FILE *file = craft(RAW);
	size_t opened = 0;

	(void)state;
	packet(file, v4, sizeof v4, sizeof v4);
	fclose(file);
	file = fopen(path, "rb");
	assert_int_equal(fread(file_octets, 1, sizeof file_octets, file), sizeof file_octets);
	fclose(file);
	for (size_t i = 0; i < sizeof file_octets * 8; i++) {
		file_octets[i / 8] ^= (uint8_t)(1 << i % 8);
		file = fopen(path, "wb");
		put(file, file_octets, sizeof file_octets);
		fclose(file);
		file_octets[i / 8] ^= (uint8_t)(1 << i % 8);
		struct capture *capture = capture_open(path, NULL, 0, &why);

		while (capture && capture_next(capture, &datagram) < CAPTURE_END)
			assert_in_range(datagram.len, 0, sizeof v4);
		opened += capture != NULL;
		capture_close(capture);
	}
	assert_in_range(opened, sizeof v4 * 8, sizeof file_octets * 8);
}

/* ---- writing ---- */

static uint32_t sum(const uint8_t *octets, size_t len)
{
	uint32_t total = 0;

	for (size_t i = 0; i + 1 < len; i += 2)
		total += (uint32_t)(octets[i] << 8 | octets[i + 1]);
	total += len % 2 ? (uint32_t)octets[len - 1] << 8 : 0;
	return total;
}

static uint32_t folded(uint32_t total)
{
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return total;
}

static void written_is_read_again(void **state)
{
	static const char *const ends[][2] = { { "192.0.2.1:4000", "192.0.2.2:15351" },
					       { "[2001:db8::1]:4000", "[2001:db8::2]:15351" } };
	uint8_t octets[1101] = { 2, 1 };
	struct capture_datagram datagram;
	struct pcp_why why;
	struct stat stat_;

	(void)state;
	for (int again = 0; again < 2; again++) { /* the second time the file is continued */
		struct capture_writer *writer = capture_write_file(path, &why);

		assert_non_null(writer);
		for (int family = 0; family < 2; family++)
			for (size_t len = 0; len <= sizeof octets; len += 367) {
				struct endpoint from = at(ends[family][0]),
						to = at(ends[family][1]);

				assert_true(capture_write(writer, 1234567890123456, &from, &to,
							  octets, len));
			}
		capture_writer_free(writer);
	}
	assert_int_equal(stat(path, &stat_), 0);
	assert_int_equal(stat_.st_mode & 0777, 0600);
	struct capture *capture = open_it();

	for (int i = 0; i < 16; i++) {
		size_t len = (size_t)(i % 4) * 367;
		bool v4_ = i % 8 < 4;

		assert_int_equal(capture_next(capture, &datagram), CAPTURE_DATAGRAM);
		assert_int_equal(datagram.len, len);
		assert_memory_equal(datagram.octets, octets, len);
		assert_true(datagram.wall == 1234567890123456);
		assert_int_equal(datagram.to.port, 15351);
		/* RFC 1071: with the checksum in it, the sum is all ones. */
		const uint8_t *udp = datagram.octets - 8;
		size_t addresses = v4_ ? 8 : 32;

		assert_int_equal(folded(sum(udp - addresses, addresses) + 17 + 8 + (uint32_t)len +
					sum(udp, 8 + len)),
				 0xffff);
		if (v4_)
			assert_int_equal(folded(sum(udp - 20, 20)), 0xffff);
	}
	assert_int_equal(capture_next(capture, &datagram), CAPTURE_END);
	capture_close(capture);
}

static void what_is_there_is_left_alone(void **state)
{
	struct pcp_why why;
	FILE *file = fopen(path, "w");
	char back[16] = "";

	(void)state;
	fputs("my diary", file);
	fclose(file);
	assert_null(capture_write_file(path, &why));
	assert_non_null(strstr(why.text, "left as it is"));
	file = fopen(path, "r");
	assert_non_null(fgets(back, sizeof back, file));
	fclose(file);
	assert_string_equal(back, "my diary");
}

static void a_record_cut_off_is_mended(void **state)
{
	struct endpoint a = at("192.0.2.1:1"), b = at("192.0.2.2:5351");
	struct capture_datagram datagram;
	struct pcp_why why;

	(void)state;
	struct capture_writer *writer = capture_write_file(path, &why);

	assert_true(capture_write(writer, 1, &a, &b, v4, 2));
	assert_true(capture_write(writer, 2, &a, &b, v4, 2));
	capture_writer_free(writer);
	assert_int_equal(truncate(path, 24 + 46 + 20), 0);
	writer = capture_write_file(path, &why);
	assert_non_null(writer);
	assert_true(capture_write(writer, 3, &a, &b, v4, 2));
	capture_writer_free(writer);
	struct capture *capture = open_it();

	assert_int_equal(capture_next(capture, &datagram), CAPTURE_DATAGRAM);
	assert_int_equal(capture_next(capture, &datagram), CAPTURE_DATAGRAM);
	assert_true(datagram.wall == 3);
	assert_int_equal(capture_next(capture, &datagram), CAPTURE_END);
	capture_close(capture);
}

static void a_full_disk_is_told(void **state)
{
	struct endpoint a = at("192.0.2.1:1"), b = at("192.0.2.2:5351");
	struct pcp_why why;
	struct capture_writer *writer;

	(void)state;
	assert_null(capture_write_file("/dev/full", &why));
	assert_non_null(strstr(why.text, "No space left"));
	writer = capture_write_session("/dev/null/nowhere", false, NULL);
	assert_false(capture_write(writer, 1, &a, &b, v4, 2));
	assert_non_null(strstr(capture_trouble(writer), "1 datagram is missing"));
	assert_false(capture_write(writer, 1, &a, &b, v4, 2));
	assert_non_null(strstr(capture_trouble(writer), "2 datagrams are missing"));
	capture_writer_free(writer);
}

static uint64_t saved_octets(size_t *files)
{
	struct capture_file *file = capture_files(dir, files);
	uint64_t octets = 0;

	for (size_t i = 0; i < *files; i++)
		octets += file[i].octets;
	free(file);
	return octets;
}

static void sessions_are_bounded(void **state)
{
	const struct capture_limits limits = { .segment = 2000, .total = 10000, .files = 6 };
	struct endpoint a = at("192.0.2.1:1"), b = at("192.0.2.2:5351");
	uint8_t octets[200] = { 0 };
	size_t files;

	(void)state;
	for (int s = 0; s < 8; s++) {
		struct capture_writer *writer = capture_write_session(dir, false, &limits);

		for (int i = 0; i < 100; i++)
			assert_true(capture_write(writer, (1000 + s) * USEC_PER_SEC, &a, &b, octets,
						  sizeof octets));
		capture_writer_free(writer);
		assert_in_range(saved_octets(&files), 2000, 10000 + 300);
		assert_in_range(files, 1, 6);
	}
	struct capture_file *file = capture_files(dir, &files);

	assert_true(file[files - 1].from == 1007 * USEC_PER_SEC); /* the newest stays */
	free(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(reads_every_link_type),
		T(fragments_are_counted_not_guessed),
		T(damage_is_located),
		T(other_files_are_refused_in_words),
		T(hostile_files),
		T(written_is_read_again),
		T(what_is_there_is_left_alone),
		T(a_record_cut_off_is_mended),
		T(a_full_disk_is_told),
		T(sessions_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
