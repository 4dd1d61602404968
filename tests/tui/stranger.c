#include "stranger.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROW(name, octets, broken)                                                                  \
	{                                                                                          \
		name, octets, sizeof(octets) - 1, broken                                           \
	}
#define T(name, octets)	     ROW(name, octets, false)
#define BROKEN(name, octets) ROW(name, octets, true)

const struct stranger_text stranger_texts[] = {
	T("CSI", "\033[2J\033[7;7H\033[31;45;5mred\033[?1049l\033c\033[8;1;1t"),
	T("OSC: title, clipboard, link",
	  "\033]0;owned\007\033]52;c;b3duZWQ=\007\033]8;;http://owned\033\\"),
	T("DCS, APC, PM, SOS", "\033P$q\"p\033\\\033_Gowned\033\\\033^pm\033\\\033Xsos\033\\"),
	BROKEN("C1 as single octets", "\x9b"
				      "2J\x9d"
				      "0;owned\x9c\x90q\x9c\x85\x84\x8d"),
	T("C1 in UTF-8", "\xc2\x9b"
			 "2J\xc2\x9d"
			 "0;owned\xc2\x9c\xc2\x85"),
	T("controls", "a\r\n\t\a\b\b\b\b\v\f\016\017\177\005\023\030\032z"),
	BROKEN("NUL in the middle", "before\0after\0\0"),
	T("bidirectional marks",
	  "a\u202eb\u2066c\u2067d\u2068e\u2069f\u202dg\u202ch\u200ei\u200fj\u061ck"),
	T("zalgo", "Z\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309\u030a\u030b\u0317"
		   "\u0334\u0489\u20dd\u20e3o\u0336\u0337"),
	T("combining marks on what stands before", "\u0301\u0308\u20ddabc"),
	T("double width", "漢字仮名交じり文한국어ｗｉｄｅ"),
	T("double width, off by one", "x漢字仮名交じり文"),
	T("joined emoji",
	  "👩\u200d👩\u200d👧\u200d👦 🏳\ufe0f\u200d🌈 🇩🇪 1\ufe0f\u20e3 "
	  "👍🏽"),
	T("invisible", "a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg\u034fh\u180ei\u115fj\u3164k"),
	T("line separators", "a\u2028b\u2029c\ufff9e\ufffaf\ufffbg\U000e0001\U000e0041h"),
	BROKEN("broken UTF-8", "\xff\xfe\xc3(\xa0\xa1\xe2\x28\xa1\xf0\x28\x8c\xbc\xe2\x82"),
	BROKEN("overlong UTF-8",
	       "\xc0\xaf\xc0\x80\xe0\x80\xaf\xf0\x80\x80\xaf\xc0\x9b[2J\xe0\x80\x9b"),
	BROKEN("surrogates and beyond",
	       "\xed\xa0\x80\xed\xbf\xbf\xf4\x90\x80\x80\xf8\x88\x80\x80\x80"),
	T("not assigned, private", "a\u0378b\ufdd0c\uffffd\ue000e\U0010fffff"),
	T("borders", "│─┌┐└┘├┤│─┌┐└┘├┤"),
	T("what formats and escapes look like", "%n%s%99999d \\x1b[2J \\ \\x \\\\x07 `\"'"),
	T("nothing but blanks", "      "),
};
const size_t stranger_ntexts = sizeof stranger_texts / sizeof *stranger_texts;

enum { MARK = 2 };

/* Between its marks: the octets once, or again and again as long as all of them fit. */
size_t stranger_text(size_t i, size_t most, uint8_t text[STRANGER_MAX])
{
	const struct stranger_text *row = &stranger_texts[i % stranger_ntexts];
	size_t len = MARK;

	memcpy(text, "<<", MARK);
	do {
		memcpy(text + len, row->octets, row->len);
		len += row->len;
	} while (i >= stranger_ntexts && len + row->len + MARK <= most);
	while (i >= stranger_ntexts && len + MARK < most)
		text[len++] = '.';
	memcpy(text + len, ">>", MARK);
	return len + MARK;
}

size_t stranger_harmless(size_t i, size_t most, uint8_t text[STRANGER_MAX])
{
	size_t len = stranger_text(i, most, text);

	memset(text + MARK, 'x', len - 2 * MARK);
	if (stranger_texts[i % stranger_ntexts].broken)
		text[MARK] = 0xff;
	return len;
}

/* ---- messages: RFC 6887 7, 11; RFC 7220; draft-boucadair-pcp-failure-06 B ---- */

enum {
	HEADER = 24,
	MAP_BODY = 36,
	GET_BODY = 40,
	NEXT_FIXED = 56,
	OPTION = 4,
	MESSAGE_MAX = 1100,
	NEXT_TEXT_MAX = MESSAGE_MAX - HEADER - GET_BODY - OPTION - NEXT_FIXED - OPTION,
	FIRST_PORT = 1000,
	EXTERNAL_PORT = 20000
};

static void put16(uint8_t *at, size_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static size_t get16(const uint8_t *at)
{
	return (size_t)at[0] << 8 | at[1];
}

static void put_v4(uint8_t *at, const char *address)
{
	memset(at, 0, 10);
	memset(at + 10, 0xff, 2);
	inet_pton(AF_INET, address, at + 12);
}

/* A DESCRIPTION at `at`, padded; its octets. */
static size_t put_description(uint8_t *at, const uint8_t *text, size_t len)
{
	memset(at, 0, OPTION + len + 3);
	at[0] = 128;
	put16(at + 2, len);
	memcpy(at + OPTION, text, len);
	return OPTION + (len + 3) / 4 * 4;
}

static size_t put_request(uint8_t *octets, size_t i, const uint8_t *text, size_t len)
{
	uint8_t *body = octets + HEADER;

	memset(octets, 0, HEADER + MAP_BODY);
	octets[0] = 2;
	octets[1] = 1;
	put16(octets + 6, 3600);
	put_v4(octets + 8, "127.0.0.1");
	put16(body, 0xbeef);
	put16(body + 10, i);
	body[12] = 6;
	put16(body + 16, FIRST_PORT + i);
	put_v4(body + 20, "0.0.0.0");
	return HEADER + MAP_BODY + put_description(body + MAP_BODY, text, len);
}

/* Makes an answer's header out of a request's. */
static void turn_around(uint8_t *octets, size_t lifetime)
{
	memset(octets + 2, 0, HEADER - 2);
	octets[1] |= 0x80;
	put16(octets + 6, lifetime);
	put16(octets + 10, 77);
}

/* Makes the answer to a MAP request. */
static size_t answer_map(uint8_t *octets, const uint8_t *text, size_t len)
{
	uint8_t *body = octets + HEADER;

	turn_around(octets, 3600);
	put16(body + 18, EXTERNAL_PORT + get16(body + 16) - FIRST_PORT);
	put_v4(body + 20, "203.0.113.9");
	return HEADER + MAP_BODY + put_description(body + MAP_BODY, text, len);
}

/* Makes the answer to GET with NEXT: one entry, the one behind that which the request names. */
static size_t answer_get(uint8_t *octets)
{
	uint8_t *option = octets + HEADER + GET_BODY, *next = option + OPTION, text[STRANGER_MAX];
	size_t port = get16(next + 52), i = port ? port - FIRST_PORT + 1 : 0, len;
	size_t last = 2 * stranger_ntexts - 1;

	i = i > last ? last : i;
	turn_around(octets, 0);
	memset(next, 0, NEXT_FIXED);
	next[0] = (uint8_t)(i + 1); /* the nonce */
	next[12] = 6;
	next[15] = i == last; /* END */
	put_v4(next + 16, "127.0.0.1");
	put_v4(next + 32, "203.0.113.9");
	put16(next + 50, 3600);
	put16(next + 52, FIRST_PORT + i);
	put16(next + 54, EXTERNAL_PORT + i);
	len = NEXT_FIXED +
	      put_description(next + NEXT_FIXED, text, stranger_text(i, NEXT_TEXT_MAX, text));
	option[0] = 131;
	option[1] = 0;
	put16(option + 2, len);
	return HEADER + GET_BODY + OPTION + len;
}

/* ---- the server ---- */

static void serve(int fd)
{
	uint8_t octets[2048], text[STRANGER_MAX];
	struct sockaddr_in from;

	for (;;) {
		socklen_t from_len = sizeof from;
		ssize_t got =
			recvfrom(fd, octets, sizeof octets, 0, (struct sockaddr *)&from, &from_len);
		size_t len = 0;

		if (got >= HEADER + MAP_BODY && octets[1] == 1) {
			size_t i = get16(octets + HEADER + 16) - FIRST_PORT;

			len = answer_map(octets, text, stranger_text(i, STRANGER_MAX, text));
		} else if (got >= HEADER + GET_BODY + OPTION + NEXT_FIXED && octets[1] == 98) {
			len = answer_get(octets);
		}
		if (len)
			sendto(fd, octets, len, 0, (struct sockaddr *)&from, from_len);
	}
}

bool stranger_start(struct stranger *stranger)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof at;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) != 0 ||
	    getsockname(fd, (struct sockaddr *)&at, &len) != 0)
		return false;
	stranger->port = ntohs(at.sin_port);
	stranger->pid = fork();
	if (stranger->pid == 0) {
		/* A test that fails does not come to stop it. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve(fd);
	}
	close(fd);
	return stranger->pid > 0;
}

void stranger_stop(struct stranger *stranger)
{
	kill(stranger->pid, SIGKILL);
	waitpid(stranger->pid, NULL, 0);
}

/* ---- the capture: pcap, raw IP ---- */

enum { IP = 20, UDP = 8, CLIENT_PORT = 40000, SERVER_PORT = 5351 };

static void write_datagram(FILE *file, uint32_t msec, bool back, const uint8_t *octets, size_t len)
{
	uint32_t record[4] = { 1767614400 + msec / 1000, msec % 1000 * 1000,
			       (uint32_t)(IP + UDP + len), (uint32_t)(IP + UDP + len) };
	uint8_t header[IP + UDP] = { 0x45 };

	put16(header + 2, IP + UDP + len);
	header[8] = 64;
	header[9] = 17;
	inet_pton(AF_INET, "127.0.0.1", header + 12);
	inet_pton(AF_INET, "127.0.0.1", header + 16);
	put16(header + 20, back ? SERVER_PORT : CLIENT_PORT);
	put16(header + 22, back ? CLIENT_PORT : SERVER_PORT);
	put16(header + 24, UDP + len);
	fwrite(record, sizeof record, 1, file);
	fwrite(header, sizeof header, 1, file);
	fwrite(octets, len, 1, file);
}

bool stranger_capture(const char *path, bool harmless)
{
	static const uint32_t start[6] = { 0xa1b2c3d4, 4 << 16 | 2, 0, 0, 65535, 101 };
	uint8_t octets[2048], text[STRANGER_MAX];
	FILE *file = fopen(path, "w");
	size_t i, len;

	if (!file)
		return false;
	fwrite(start, sizeof start, 1, file);
	for (i = 0; i < 2 * stranger_ntexts; i++) {
		len = (harmless ? stranger_harmless : stranger_text)(i, STRANGER_MAX, text);
		write_datagram(file, (uint32_t)i * 2, false, octets,
			       put_request(octets, i, text, len));
		write_datagram(file, (uint32_t)i * 2 + 1, true, octets,
			       answer_map(octets, text, len));
	}
	return fclose(file) == 0;
}
