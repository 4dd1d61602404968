/* Captures: what is written is read again; every link type; files that lie or break off. */
#include "capture_rig.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

static struct pcp_why distrust; /* what of the directory is not believed */

enum { RAW = 101, ETHERNET = 1, SLL = 113, SLL2 = 276, BSD_NULL = 0, LOOP = 108, WIFI = 105 };

/* ---- crafted files ---- */

static void put(FILE *file, const void *octets, size_t len)
{
	assert_int_equal(fwrite(octets, 1, len, file), len);
}

static FILE *craft(uint32_t linktype)
{
	const uint32_t magic = 0xa1b2c3d4, rest[] = { 0, 0, 65535, linktype };
	const uint16_t version[] = { 2, 4 };
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	put(file, &magic, sizeof magic);
	put(file, version, sizeof version);
	put(file, rest, sizeof rest);
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
		struct pcp_endpoint to = at("192.0.2.2:5351");

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
		assert_true(pcp_endpoint_same(&datagram.to, &to));
		assert_int_equal(datagram.len, 2);
		assert_true(datagram.sent);
		assert_true(datagram.whole == datagram.len);
		assert_true(datagram.wall == 1000 * USEC_PER_SEC + 5);
		enum capture_result result;

		while ((result = capture_next(capture, &datagram)) != CAPTURE_END)
			assert_int_not_equal(result, CAPTURE_BROKEN);
		assert_int_equal(capture_counts(capture)->packets, c->len + sizeof v4 + 1);
		/* In IP, in UDP, in the two octets behind, and in what stands before. */
		assert_in_range(capture_counts(capture)->cut, sizeof v4 - 1, c->len + sizeof v4);
		assert_int_equal(capture_counts(capture)->malformed, 0);
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
	assert_non_null(
		strstr(capture_broken(capture), "ends in the middle of packet 2, at octet 70: "));
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
	assert_int_equal(truncate(path, 0), 0);
	assert_null(capture_open(path, NULL, 0, &why));
	assert_non_null(strstr(why.text, "it is empty"));
	file = fopen(path, "w");
	fputs("Dear diary, today I captured nothing.\n", file);
	fclose(file);
	assert_null(capture_open(path, NULL, 0, &why));
	assert_non_null(strstr(why.text, "it is no capture"));
	assert_int_equal(truncate(path, 3), 0);
	assert_null(capture_open(path, NULL, 0, &why));
	assert_non_null(strstr(why.text, "it is no capture"));
}

/* ---- what other programs write ---- */

/* As the machine at hand has numbers, or the other way round. */
static void put32(FILE *file, uint32_t value, bool swapped)
{
	value = swapped ? __builtin_bswap32(value) : value;
	put(file, &value, sizeof value);
}

static void put16(FILE *file, uint16_t value, bool swapped)
{
	value = swapped ? __builtin_bswap16(value) : value;
	put(file, &value, sizeof value);
}

struct pcap_case {
	const char *name;
	uint32_t magic, part; /* of a second */
	bool swapped;
};

static const struct pcap_case pcap_cases[] = {
	{ "microseconds", 0xa1b2c3d4, 654321, false },
	{ "microseconds, the other order", 0xa1b2c3d4, 654321, true },
	{ "nanoseconds", 0xa1b23c4d, 654321987, false },
	{ "nanoseconds, the other order", 0xa1b23c4d, 654321987, true },
};

/* Three packets of which the capture has not all octets. */
static void craft_kind(const struct pcap_case *c)
{
	FILE *file = fopen(path, "wb");

	put32(file, c->magic, c->swapped);
	put16(file, 2, c->swapped);
	put16(file, 4, c->swapped);
	put32(file, 0, c->swapped);
	put32(file, 0, c->swapped);
	put32(file, 96, c->swapped); /* octets of a packet at most */
	put32(file, RAW, c->swapped);
	for (uint32_t n = 0; n < 3; n++) {
		put32(file, 1700000000 + n, c->swapped);
		put32(file, c->part, c->swapped);
		put32(file, sizeof v4, c->swapped);
		put32(file, sizeof v4 + 500, c->swapped);
		put(file, v4, sizeof v4);
	}
	fclose(file);
}

static void every_kind_of_pcap(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof pcap_cases / sizeof *pcap_cases; i++) {
		struct capture_datagram datagram;
		usec wall = 1700000000 * USEC_PER_SEC + 654321;

		craft_kind(&pcap_cases[i]);
		struct capture *capture = open_it();

		for (int n = 0; n < 3; n++) {
			assert_int_equal(capture_next(capture, &datagram), CAPTURE_DATAGRAM);
			assert_true(datagram.wall == wall + n * USEC_PER_SEC);
			assert_int_equal(capture_counts(capture)->offset, 24 + (n + 1) * 46);
		}
		assert_int_equal(capture_next(capture, &datagram), CAPTURE_END);
		assert_true(capture_return(capture, 1, 24 + 46));
		assert_int_equal(capture_next(capture, &datagram), CAPTURE_DATAGRAM);
		assert_true(datagram.wall == wall + USEC_PER_SEC);
		assert_int_equal(datagram.packet, 2);
		capture_close(capture);
	}
}

enum { LONG = 6000, ODD = 1250 };

/* Longer than what is read ahead, and in it a record that is larger than the file says any is, and
 * one just as large: of the first the rest is passed over, and the next ones are where they are. */
static void an_odd_record_in_a_long_file(void **state)
{
	struct capture_datagram datagram;
	struct capture *capture;
	uint8_t large[200] = { 0 };
	FILE *file;

	(void)state;
	craft_kind(&(struct pcap_case){ "", 0xa1b2c3d4, 0, false });
	file = fopen(path, "ab");
	memcpy(large, v4, sizeof v4);
	for (unsigned n = 0; n < LONG; n++)
		packet(file, n / 2 == ODD ? large : v4,
		       n == 2 * ODD	  ? sizeof large
		       : n == 2 * ODD + 1 ? 96
					  : sizeof v4,
		       sizeof large);
	fclose(file);
	capture = open_it();
	for (unsigned n = 1; n <= 3 + LONG; n++) {
		assert_int_equal(capture_next(capture, &datagram), CAPTURE_DATAGRAM);
		assert_int_equal(datagram.packet, n);
		assert_int_equal(datagram.len, 2);
	}
	assert_int_equal(capture_next(capture, &datagram), CAPTURE_END);
	assert_int_equal(capture_counts(capture)->offset, capture_counts(capture)->size);
	capture_close(capture);
}

/* A block of pcapng: its type, its length, what is in it, its length once more. */
static void block(FILE *file, uint32_t type, const void *octets, uint32_t len)
{
	uint32_t padded = (len + 3) / 4 * 4;

	put32(file, type, false);
	put32(file, padded + 12, false);
	put(file, octets, len);
	put(file, "\0\0", padded - len);
	put32(file, padded + 12, false);
}

static void section(FILE *file)
{
	const struct {
		uint32_t order;
		uint16_t version[2];
		uint64_t len;
	} octets = { 0x1a2b3c4d, { 1, 0 }, UINT64_MAX };

	block(file, 0x0a0d0d0a, &octets, sizeof octets);
}

/* nanoseconds: option 9, if_tsresol */
static void interface(FILE *file, uint16_t linktype, bool nanoseconds)
{
	const struct {
		uint16_t linktype, reserved;
		uint32_t snapshot;
		uint16_t option, len;
		uint8_t exponent[8]; /* and the end of the options */
	} octets = { linktype, 0, 65535, 9, 1, { 9 } };

	block(file, 1, &octets, nanoseconds ? sizeof octets : 8);
}

/* A packet on Ethernet. */
static void enhanced(FILE *file, uint32_t interface_, uint64_t time)
{
	enum { LEN = 14 + sizeof v4 };
	uint32_t octets[5 + (LEN + 3) / 4] = { interface_, (uint32_t)(time >> 32), (uint32_t)time,
					       LEN, LEN };
	uint8_t *frame = (uint8_t *)(octets + 5);

	frame[12] = 8;
	memcpy(frame + 14, v4, sizeof v4);
	block(file, 6, octets, 20 + LEN);
}

static void several_interfaces(void **state)
{
	struct capture_datagram datagram;
	FILE *file = fopen(path, "wb");
	uint64_t wall = UINT64_C(1700000000123456);
	static const int later[] = { 0, 5, 9 };

	(void)state;
	section(file);
	interface(file, ETHERNET, false);
	interface(file, ETHERNET, true);
	enhanced(file, 0, wall);
	enhanced(file, 1, (wall + 5) * 1000 + 999);
	enhanced(file, 0, wall + 9);
	fclose(file);
	struct capture *capture = open_it();

	assert_false(capture_return(capture, 0, 24)); /* not in this kind of file */
	for (int i = 0; i < 3; i++) {
		assert_int_equal(capture_next(capture, &datagram), CAPTURE_DATAGRAM);
		assert_int_equal(datagram.wall - (usec)wall, later[i]);
		assert_int_equal(datagram.to.port, PCP_SERVER_PORT);
	}
	assert_int_equal(capture_next(capture, &datagram), CAPTURE_END);
	capture_close(capture);
}

/* libpcap takes one link type a file: what comes before is shown, and why no more. */
static void several_link_types(void **state)
{
	struct capture_datagram datagram;
	FILE *file = fopen(path, "wb");

	(void)state;
	section(file);
	interface(file, ETHERNET, false);
	enhanced(file, 0, 1);
	interface(file, SLL, false);
	enhanced(file, 1, 2);
	fclose(file);
	struct capture *capture = open_it();

	assert_int_equal(capture_next(capture, &datagram), CAPTURE_DATAGRAM);
	assert_int_equal(capture_next(capture, &datagram), CAPTURE_BROKEN);
	assert_non_null(strstr(capture_broken(capture), "can be read up to octet "));
	assert_non_null(strstr(capture_broken(capture), "different from the type of the first"));
	capture_close(capture);
}

/* Another process is writing: what is there is read, a record that is half there is said. */
static void a_capture_in_the_making(void **state)
{
	struct pcp_endpoint a = at("192.0.2.1:1"), b = at("192.0.2.2:5351");
	struct capture_datagram datagram;
	struct pcp_why why;
	struct capture_writer *writer = capture_write_file(path, &why);

	(void)state;
	assert_null(capture_write_file(path, &why));
	assert_non_null(strstr(why.text, "another pcpscope is writing it"));
	for (usec n = 1; n <= 2; n++) {
		assert_true(capture_write(writer, n, &a, &b, v4, 2));
		struct capture *capture = open_it();

		for (usec k = 1; k <= n; k++) {
			assert_int_equal(capture_next(capture, &datagram), CAPTURE_DATAGRAM);
			assert_true(datagram.wall == k);
		}
		assert_int_equal(capture_next(capture, &datagram), CAPTURE_END);
		capture_close(capture);
	}
	assert_int_equal(truncate(path, 24 + 46 + 30), 0);
	struct capture *capture = open_it();

	assert_int_equal(capture_next(capture, &datagram), CAPTURE_DATAGRAM);
	assert_int_equal(capture_next(capture, &datagram), CAPTURE_BROKEN);
	assert_non_null(strstr(capture_broken(capture), "or is still being written"));
	capture_close(capture);
	capture_writer_free(writer);
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
		struct capture_writer *writer;

		if (again) /* nonces are keys: whatever others may do with the file ends */
			assert_int_equal(chmod(path, 0666), 0);
		writer = capture_write_file(path, &why);
		assert_non_null(writer);
		for (int family = 0; family < 2; family++)
			for (size_t len = 0; len <= sizeof octets; len += 367) {
				struct pcp_endpoint from = at(ends[family][0]),
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
	struct pcp_endpoint a = at("192.0.2.1:1"), b = at("192.0.2.2:5351");
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
	struct pcp_endpoint a = at("192.0.2.1:1"), b = at("192.0.2.2:5351");
	struct pcp_why why;
	struct capture_writer *writer;

	(void)state;
	assert_null(capture_write_file("/dev/full", &why));
	assert_non_null(strstr(why.text, "No space left"));
	writer = capture_write_session("/dev/null/nowhere", false, NULL, NULL);
	assert_false(capture_write(writer, 1, &a, &b, v4, 2));
	assert_non_null(strstr(capture_trouble(writer), "1 datagram is missing"));
	assert_false(capture_write(writer, 1, &a, &b, v4, 2));
	assert_non_null(strstr(capture_trouble(writer), "2 datagrams are missing"));
	capture_writer_free(writer);
}

/* The disk takes half of a record: that half does not stay, and what was there is whole. */
static void a_disk_that_fills_up(void **state)
{
	struct pcp_endpoint a = at("192.0.2.1:1"), b = at("192.0.2.2:5351");
	struct rlimit before, tight;
	struct capture_datagram datagram;
	struct pcp_why why;
	struct capture_writer *writer = capture_write_file(path, &why);
	void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);

	(void)state;
	assert_non_null(writer);
	assert_true(capture_write(writer, 1, &a, &b, v4, 2));
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	tight = before;
	tight.rlim_cur = 24 + 46 + 20;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
	bool written = capture_write(writer, 2, &a, &b, v4, 2);

	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	signal(SIGXFSZ, handler);
	assert_false(written);
	assert_non_null(strstr(capture_trouble(writer), "1 datagram is missing"));
	struct stat stat_;

	assert_int_equal(stat(path, &stat_), 0);
	assert_int_equal(stat_.st_size, 24 + 46);
	assert_true(capture_write(writer, 3, &a, &b, v4, 2));
	assert_string_equal(capture_trouble(writer), "");
	capture_writer_free(writer);
	struct capture *capture = open_it();

	assert_int_equal(capture_next(capture, &datagram), CAPTURE_DATAGRAM);
	assert_int_equal(capture_next(capture, &datagram), CAPTURE_DATAGRAM);
	assert_true(datagram.wall == 3);
	assert_int_equal(capture_next(capture, &datagram), CAPTURE_END);
	capture_close(capture);
}

/* ---- where sessions are saved ---- */

struct place {
	const char *state_home, *home, *want; /* NULL: not set; want NULL: the home in passwd */
};

static const struct place places[] = {
	{ "/s", "/h", "/s/pcpscope" },
	{ NULL, "/h", "/h/.local/state/pcpscope" },
	{ "", "/h", "/h/.local/state/pcpscope" },
	{ "relative", "/h", "/h/.local/state/pcpscope" }, /* the XDG specification: ignored */
	{ "../x", "/h", "/h/.local/state/pcpscope" },
	{ NULL, NULL, NULL },
	{ NULL, "", NULL },
	{ NULL, "relative", NULL },
};

static void set(const char *name, const char *value)
{
	assert_int_equal(value ? setenv(name, value, 1) : unsetenv(name), 0);
}

static char *kept(const char *name)
{
	const char *value = getenv(name);

	return value ? strdup(value) : NULL;
}

static void state_directory(void **state)
{
	char got[CAPTURE_PATH_MAX], *state_home = kept("XDG_STATE_HOME"), *home = kept("HOME");
	char longest[CAPTURE_PATH_MAX + 1];
	struct pcp_why why;

	(void)state;
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		set("XDG_STATE_HOME", places[i].state_home);
		set("HOME", places[i].home);
		assert_true(capture_state_dir(got, sizeof got, &why));
		if (places[i].want)
			assert_string_equal(got, places[i].want);
		else
			assert_non_null(strstr(got, "/.local/state/pcpscope"));
		assert_int_equal(*got, '/');
	}
	memset(longest, 'x', sizeof longest);
	longest[0] = '/';
	longest[sizeof longest - 1] = '\0';
	set("XDG_STATE_HOME", longest);
	assert_false(capture_state_dir(got, sizeof got, &why));
	assert_non_null(strstr(why.text, "the session is not saved"));
	set("XDG_STATE_HOME", state_home);
	set("HOME", home);
	free(state_home);
	free(home);
}

static uint64_t saved_octets(size_t *files)
{
	struct capture_file *file = capture_files(dir, files, &distrust);
	uint64_t octets = 0;

	for (size_t i = 0; i < *files; i++)
		octets += file[i].octets;
	free(file);
	return octets;
}

static void sessions_are_bounded(void **state)
{
	const struct capture_limits limits = { .segment = 2000, .total = 10000, .files = 6 };
	struct pcp_endpoint a = at("192.0.2.1:1"), b = at("192.0.2.2:5351");
	uint8_t octets[200] = { 0 };
	size_t files;

	(void)state;
	for (int s = 0; s < 8; s++) {
		struct capture_writer *writer = capture_write_session(dir, false, &limits, NULL);

		for (int i = 0; i < 100; i++) {
			assert_true(capture_write(writer, (1000 + s) * USEC_PER_SEC, &a, &b, octets,
						  sizeof octets));
			capture_turn(writer);
		}
		capture_writer_free(writer);
		assert_in_range(saved_octets(&files), 2000, 10000 + 300);
		assert_in_range(files, 1, 6);
	}
	struct capture_file *file = capture_files(dir, &files, &distrust);

	assert_true(file[files - 1].from == 1007 * USEC_PER_SEC); /* the newest stays */
	free(file);
}

/* A session that runs is left alone, however old, and however many come after it. */
static void a_running_session_stays(void **state)
{
	const struct capture_limits limits = { .segment = 2000, .total = 3000, .files = 2 };
	struct pcp_endpoint a = at("192.0.2.1:1"), b = at("192.0.2.2:5351");
	struct capture_writer *running = capture_write_session(dir, false, &limits, NULL);
	size_t files;

	(void)state;
	assert_true(capture_write(running, USEC_PER_SEC, &a, &b, v4, 2));
	for (int s = 2; s < 8; s++) {
		struct capture_writer *writer = capture_write_session(dir, s % 2, &limits, NULL);

		assert_true(capture_write(writer, s * USEC_PER_SEC, &a, &b, v4, 2));
		capture_writer_free(writer);
		assert_int_equal(access(capture_path(running), F_OK), 0);
	}
	struct capture_file *file = capture_files(dir, &files, &distrust);

	assert_true(files <= 2 && file[0].from == USEC_PER_SEC && file[0].live);
	assert_true(!file[1].live && file[1].lab);
	free(file);
	capture_writer_free(running);
	file = capture_files(dir, &files, &distrust);
	assert_false(file[0].live);
	free(file);
}

/* Whatever the umask, nonces are for the owner's eyes. */
static void sessions_are_private(void **state)
{
	struct pcp_endpoint a = at("192.0.2.1:1"), b = at("192.0.2.2:5351");
	char below[96];
	mode_t before = umask(0);
	struct stat stat_;

	(void)state;
	snprintf(below, sizeof below, "%s/new/pcpscope", dir);
	struct capture_writer *writer = capture_write_session(below, false, NULL, NULL);

	assert_true(capture_write(writer, USEC_PER_SEC, &a, &b, v4, 2));
	umask(before);
	assert_int_equal(stat(capture_path(writer), &stat_), 0);
	assert_int_equal(stat_.st_mode & 07777, 0600);
	assert_int_equal(stat(below, &stat_), 0);
	assert_int_equal(stat_.st_mode & 07777, 0700);
	capture_writer_free(writer);
}

/* What others may write to could hold nonces of theirs: it is not written to, and not read. */
static void what_others_may_write_is_refused(void **state)
{
	struct pcp_endpoint a = at("192.0.2.1:1"), b = at("192.0.2.2:5351");
	struct capture_writer *writer = capture_write_session(dir, false, NULL, NULL);
	size_t files;

	(void)state;
	static const mode_t modes[] = { 0720, 0702, 0777, 01777 };

	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		assert_int_equal(chmod(dir, modes[i]), 0);
		assert_false(capture_write(writer, USEC_PER_SEC, &a, &b, v4, 2));
		assert_non_null(strstr(capture_trouble(writer), "others have permission"));
	}
	assert_int_equal(chmod(dir, 0755), 0);
	assert_true(capture_write(writer, USEC_PER_SEC, &a, &b, v4, 2));
	free(capture_files(dir, &files, &distrust));
	assert_int_equal(files, 1);
	assert_string_equal(distrust.text, "");
	assert_int_equal(chmod(dir, 0775), 0);
	assert_null(capture_files(dir, &files, &distrust));
	assert_non_null(strstr(distrust.text, "is not believed: others have permission"));
	assert_int_equal(chmod(dir, 0700), 0);
	assert_int_equal(chmod(capture_path(writer), 0620), 0);
	assert_null(capture_files(dir, &files, &distrust));
	assert_non_null(strstr(distrust.text, "/session-"));
	capture_writer_free(writer);
}

/* Files that only have a session's name are not ours to remove, however little room there is. */
static void only_our_captures_make_room(void **state)
{
	const struct capture_limits limits = { .segment = 2000, .total = 3000, .files = 2 };
	struct pcp_endpoint a = at("192.0.2.1:1"), b = at("192.0.2.2:5351");
	const char *const contents[] = { "", "a letter",
					 "\xd4\xc3\xb2\xa1 of somebody else, and long" };
	char name[160];
	size_t files;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		snprintf(name, sizeof name, "%s/session-20200101T00000%zuZ-1.pcap", dir, i);
		FILE *file = fopen(name, "w");

		assert_non_null(file);
		fputs(contents[i], file);
		fclose(file);
	}
	for (int s = 1; s < 6; s++) {
		struct capture_writer *writer = capture_write_session(dir, false, &limits, NULL);

		assert_true(capture_write(writer, s * USEC_PER_SEC, &a, &b, v4, 2));
		capture_writer_free(writer);
	}
	free(capture_files(dir, &files, &distrust));
	assert_int_equal(files, 2);
	for (size_t i = 0; i < 3; i++) {
		snprintf(name, sizeof name, "%s/session-20200101T00000%zuZ-1.pcap", dir, i);
		assert_int_equal(access(name, F_OK), 0);
	}
}

/* Kept up to some octet, a datagram still says how long it was. */
static void a_datagram_may_be_cut(void **state)
{
	static const uint8_t octets[60000] = { 2, 1 };
	const char *const from[] = { "192.0.2.1:1", "[2001:db8::1]:1" };
	const char *const to[] = { "192.0.2.2:5351", "[2001:db8::2]:5351" };
	struct capture_datagram datagram;
	struct pcp_why why;

	(void)state;
	struct capture_writer *writer = capture_write_file(path, &why);

	assert_non_null(writer);
	for (size_t i = 0; i < 2; i++) {
		struct pcp_endpoint a = at(from[i]), b = at(to[i]);

		assert_true(capture_write_cut(writer, 1, &a, &b, octets, 1100, sizeof octets));
	}
	capture_writer_free(writer);
	struct capture *capture = capture_open(path, NULL, 0, &why);

	assert_non_null(capture);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(capture_next(capture, &datagram), CAPTURE_DATAGRAM);
		assert_int_equal(datagram.len, 1100);
		assert_int_equal(datagram.whole, sizeof octets);
	}
	assert_int_equal(capture_next(capture, &datagram), CAPTURE_END);
	capture_close(capture);
}

/* A stream that is silent at first, and then comes at once with damage behind: what is whole of it
 * is read all the same. */
static void a_stream_that_breaks_off_at_once(void **state)
{
	const uint32_t damage[] = { 1000, 5, 0xffff0000, 30 };
	struct capture_datagram datagram;
	uint8_t octets[256];
	struct pcp_why why;
	FILE *file = craft(RAW);
	int ends[2];

	(void)state;
	packet(file, v4, sizeof v4, sizeof v4);
	put(file, damage, sizeof damage);
	fclose(file);
	file = fopen(path, "rb");
	assert_non_null(file);
	size_t len = fread(octets, 1, sizeof octets, file);

	fclose(file);
	assert_int_equal(pipe(ends), 0);
	struct capture *capture = capture_follow(ends[0], "a pipe", NULL, 0, &why);

	assert_non_null(capture);
	assert_int_equal(capture_next(capture, &datagram), CAPTURE_WAITS);
	assert_int_equal(write(ends[1], octets, len), len);
	close(ends[1]);
	assert_int_equal(capture_next(capture, &datagram), CAPTURE_PASSED);
	assert_int_equal(capture_next(capture, &datagram), CAPTURE_DATAGRAM);
	assert_int_equal(capture_next(capture, &datagram), CAPTURE_BROKEN);
	assert_string_equal(capture_broken(capture),
			    "a pipe: a record has a length that cannot be");
	capture_close(capture);
}

/* Where libpcap takes the two lengths of a record the other way round, so does what waits for whole
 * records. */
static void a_stream_of_an_old_version(void **state)
{
	const uint32_t record[] = { 1000, 5, sizeof v4 + 9, sizeof v4 }; /* on the wire, captured */
	struct capture_datagram datagram;
	struct pcp_why why;
	int ends[2];

	(void)state;
	for (uint16_t minor = 2; minor <= 3; minor++) {
		const struct {
			uint32_t magic;
			uint16_t version[2];
			uint32_t rest[4];
		} header = { 0xa1b2c3d4, { 2, minor }, { 0, 0, 65535, RAW } };

		assert_int_equal(pipe(ends), 0);
		assert_int_equal(write(ends[1], &header, sizeof header), sizeof header);
		for (int i = 0; i < 2; i++) {
			assert_int_equal(write(ends[1], record, sizeof record), sizeof record);
			assert_int_equal(write(ends[1], v4, sizeof v4), sizeof v4);
		}
		close(ends[1]);
		struct capture *capture = capture_follow(ends[0], "a pipe", NULL, 0, &why);

		assert_non_null(capture);
		for (int i = 0; i < 2; i++)
			assert_int_equal(capture_next(capture, &datagram), CAPTURE_DATAGRAM);
		assert_int_equal(capture_next(capture, &datagram), CAPTURE_END);
		capture_close(capture);
	}
}

/* Somebody guessed the name of the session and put a link there, to a file or to nowhere. */
static void links_are_not_followed(void **state)
{
	struct pcp_endpoint a = at("192.0.2.1:1"), b = at("192.0.2.2:5351");
	struct capture_writer *writer = capture_write_session(dir, false, NULL, NULL);
	char name[64], link[160], victim[96];
	size_t files;

	(void)state;
	capture_file_name(USEC_PER_SEC, false, name, sizeof name);
	snprintf(link, sizeof link, "%s/%s", dir, name);
	snprintf(victim, sizeof victim, "%s/victim", dir);
	assert_int_equal(symlink(victim, link), 0);
	for (int there = 0; there < 2; there++) {
		assert_false(capture_write(writer, USEC_PER_SEC, &a, &b, v4, 2));
		assert_non_null(strstr(capture_trouble(writer), "left as it is"));
		assert_int_equal(access(victim, F_OK), there ? 0 : -1);
		fclose(fopen(victim, "w"));
	}
	struct stat stat_;

	assert_int_equal(stat(victim, &stat_), 0);
	assert_int_equal(stat_.st_size, 0);
	assert_null(capture_files(dir, &files, &distrust));		     /* nor is it read */
	assert_true(capture_write(writer, 2 * USEC_PER_SEC, &a, &b, v4, 2)); /* its own name */
	assert_string_equal(capture_trouble(writer), "");
	capture_writer_free(writer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(reads_every_link_type),
		T(fragments_are_counted_not_guessed),
		T(damage_is_located),
		T(other_files_are_refused_in_words),
		T(every_kind_of_pcap),
		T(an_odd_record_in_a_long_file),
		T(several_interfaces),
		T(several_link_types),
		T(a_capture_in_the_making),
		T(hostile_files),
		T(written_is_read_again),
		T(what_is_there_is_left_alone),
		T(a_record_cut_off_is_mended),
		T(a_full_disk_is_told),
		T(a_disk_that_fills_up),
		T(state_directory),
		T(sessions_are_bounded),
		T(a_running_session_stays),
		T(what_others_may_write_is_refused),
		T(only_our_captures_make_room),
		T(a_datagram_may_be_cut),
		T(a_stream_that_breaks_off_at_once),
		T(a_stream_of_an_old_version),
		T(sessions_are_private),
		T(links_are_not_followed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
